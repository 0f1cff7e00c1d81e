/** The button under a table that was shown: all of it is done, or nothing. */

import { type Asked, type Decision, refuse } from '../../src/bot/command.ts';
import type { Card } from '../../src/core/card.ts';
import type { ContactRow } from '../../src/core/contacts.ts';
import { sayMonth } from '../../src/core/day.ts';
import { planRoster, rosterChanges } from '../../src/core/import.ts';
import { contactChanges, planContacts } from '../../src/core/import-contacts.ts';
import { endedVisits, offWith } from '../../src/core/import-ended.ts';
import { type ImportKnown, phonesTold, withoutContact } from '../../src/core/import-known.ts';
import { shownOrg } from '../../src/core/org-names.ts';
import { type PaperRow, paperChanges, planPaperTotals, saySums } from '../../src/core/paper-totals.ts';
import type { Draft, LeansOn } from '../../src/core/records.ts';
import { unpacked } from '../../src/core/roster.ts';
import type { Steps } from '../../src/core/steps.ts';
import { cite } from '../../src/programmes/schema.ts';
import { type Args, type Facts, type How, mayImportContacts } from './asked.ts';
import { confirmMerge } from './lines.ts';
import { problemsCard } from './preview.ts';

/** What a plan is made from: of people, those of the names in the table, and what the importer may. */
const leansOn = (known: ImportKnown, by: string, names: Iterable<string>): LeansOn => {
  const named = new Set(names);
  const people = new Set(known.people.flatMap(p => (named.has(p.name) ? [p.id] : [])));
  return {
    orgs: 'all',
    people: p => named.has(p.name),
    grants: g => people.has(g.person) || g.person === by,
    postings: p => p.programme === known.programme && p.county === known.county.id,
    acceptances: 'all',
    rosters: r => r.programme === known.programme && r.county === known.county.id,
  };
};

export const running = (what: string, rows: number): Card => ({
  code: 'import.running',
  title: `正在导入${what} ${rows} 行`,
  tone: 'info',
  lines: ['全部写好才生效，好了再告诉您', '这期间其他命令照常用'],
});

/** Who is asked to verify, to agree and to report must be known before anything is planned for them. */
const nextStep = ({ actor }: Asked<Args>, lacking: number): string =>
  lacking
    ? `下一步：${mayImportContacts(actor) ? '' : '请卫健局 '}/导入 联络员，还有${lacking}家单位没有`
    : '下一步：/排班 姓名 每月第二个周三';

export function* confirm(asked: Asked<Args>, facts: Facts, known: ImportKnown, how: How): Steps<Decision> {
  const { actor, turn, now, today, programme, calendar } = asked;
  const { draft, kept, paper } = facts;
  if (!draft || draft.state !== 'waiting' || kept === undefined)
    return {
      reply: {
        code: 'import.settled',
        title: draft?.state === 'done' ? '这次已经导入过' : '这次导入已经放弃',
        tone: 'info',
        lines: ['要再导入，请重新发表'],
      },
    };
  if (draft.by !== actor.person!.id) return { ...refuse('import.not-yours', '由发表的人确认'), private: true };
  // The rows are emptied: what they made stands in the records.
  const settled = (state: Draft['state']) => ({
    table: 'drafts' as const,
    id: draft.id,
    to: { ...draft, state, rows: null },
    was: { state: 'waiting' as const },
  });
  if (how === '放弃')
    return { changes: [settled('dropped')], reply: { code: 'import.dropped', title: '已放弃，没有改动', tone: 'info', lines: [] } };
  if (draft.kind === 'lines') return confirmMerge(asked, facts, settled('done'));
  if (draft.kind === 'contacts') {
    const rows = kept as ContactRow[];
    const plan = planContacts(known, rows);
    if (plan.problems.length) return { reply: problemsCard(plan.problems, rows.length) };
    const changes = contactChanges(known, rows, plan.units, { turn, today });
    return {
      changes: [settled('done'), ...changes],
      tell: phonesTold(known, plan.phones, { turn, name: actor.person!.name }),
      meanwhile: running('联络员', rows.length),
      leansOn: leansOn(
        known,
        actor.person!.id,
        rows.map(r => r.name),
      ),
      reply: { code: 'import.done', title: `已导入联络员 ${rows.length} 人`, tone: 'ok', lines: ['请他们私聊我发：绑定 姓名 手机后四位'] },
    };
  }
  if (draft.kind === 'paper-totals') {
    const rows = kept as PaperRow[];
    const plan = planPaperTotals(paper!, rows);
    if (plan.problems.length) return { reply: problemsCard(plan.problems, rows.length) };
    return {
      changes: [settled('done'), ...paperChanges(paper!, plan.entries, { turn, person: actor.person!.id, at: now })],
      reply: { code: 'import.done', title: `已录入纸质报表人次 ${rows.length} 家`, tone: 'ok', lines: [saySums(plan.entries)] },
    };
  }
  const rows = yield* unpacked(kept);
  const from = draft.from!;
  const plan = yield* planRoster(known, rows, from);
  if (plan.problems.length) return { reply: problemsCard(plan.problems, rows.length) };
  const changes = yield* rosterChanges(known, plan, {
    turn,
    now,
    today,
    by: actor.person!.id,
    from,
    gone: how === '保留' ? 'keep' : 'end',
  });
  const gone = how === '保留' ? [] : plan.diff.gone;
  const off = offWith(gone, facts.ahead.visits);
  const people = new Map(known.people.map(p => [p.id, p.name]));
  const units = new Map(known.orgs.map(o => [o.id, shownOrg(o)]));
  const ended = endedVisits(off, facts.ahead, {
    turn,
    now,
    today,
    calendar,
    from,
    own: new Set(actor.grants.map(g => g.org)),
    person: id => people.get(id) ?? '',
    org: id => units.get(id) ?? '',
  });
  const rule = programme!.roster?.change;
  const moved = plan.diff.added.length + plan.diff.changed.length + gone.length;
  return {
    changes: [settled('done'), ...changes, ...ended.changes],
    settles: ended.settles,
    tell: [...phonesTold(known, plan.phones, { turn, name: actor.person!.name }), ...ended.tell],
    meanwhile: running('安排表', rows.length),
    leansOn: {
      ...leansOn(
        known,
        actor.person!.id,
        rows.map(r => r.person),
      ),
      visits: v => offWith(gone, [v]).length > 0,
    },
    reply: {
      code: 'import.done',
      title: `已导入安排表 ${rows.length} 行`,
      tone: 'ok',
      lines: [
        `新增 ${plan.diff.added.length}，变动 ${plan.diff.changed.length}，${how === '保留' ? '保留' : '结束'}未列 ${plan.diff.gone.length}，从${sayMonth(from)}起`,
        ...(off.length ? [`取消他们已排的${off.length}班`] : []),
        ...(known.postings.length && moved && rule ? ['安排表有变动，请重新报送', cite(programme!, rule)] : []),
        nextStep(asked, withoutContact(known, changes)),
      ],
    },
  };
}
