/** /导入 — a roster (annex 2), a list of contacts, or earlier months' doctor-days (annex 1), from a file or pasted: shown first, done by a button, all or nothing. */
import { z } from 'zod';
import { type Asked, type Decision, defineCommand, refuse } from '../src/bot/command.ts';
import { inPages } from '../src/bot/pages.ts';
import { ROLE_NAMES } from '../src/bot/permissions.ts';
import type { Read } from '../src/bot/ports.ts';
import type { MergeKnown, MergeRead } from '../src/core/annex-merge.ts';
import type { Card } from '../src/core/card.ts';
import { type ContactRow, looksLikeContacts, readContacts } from '../src/core/contacts.ts';
import { type Month, monthOf, sayMonth } from '../src/core/day.ts';
import { contactChanges, type ImportKnown, planContacts, planRoster, type RosterPlan, rosterChanges } from '../src/core/import.ts';
import {
  looksLikePaperTotals,
  type PaperKnown,
  type PaperRow,
  paperChanges,
  planPaperTotals,
  readPaperTotals,
  saySums,
} from '../src/core/paper-totals.ts';
import type { Draft, LeansOn } from '../src/core/records.ts';
import { keptRows, packed, type RowProblem, readRoster, unpacked } from '../src/core/roster.ts';
import type { Steps } from '../src/core/steps.ts';
import { parseTable } from '../src/core/table-text.ts';
import { cite } from '../src/programmes/schema.ts';
import { confirmMerge, mergeFacts, previewMerge } from './import-lines.ts';

const args = z.object({
  since: z
    .string()
    .transform(m => m as Month)
    .optional(),
  text: z.string().optional(),
});
type Args = z.infer<typeof args>;

interface Facts {
  known: ImportKnown | undefined;
  draft: Draft | undefined;
  /** Rows of the draft, unsealed. */
  kept: unknown;
  /** What paper totals are weighed against; only where some are meant. */
  paper: PaperKnown | undefined;
  /** A unit's filled form, and what is stored beside it. */
  merge: { read: MergeRead; known: MergeKnown } | undefined;
}

/** The table that a file or a text carries. */
const tableOf = ({ content, args }: Asked<Args>): string[][] =>
  content.kind === 'file' ? (content.rows ?? []) : parseTable((args.text ?? '').replace(/^\s*(联络员|安排表|名单|附件[123一二三])\s*/, ''));

const paperFor = async (
  read: Read,
  known: ImportKnown | undefined,
  asked: Asked<Args>,
  draft: Draft | undefined,
): Promise<PaperKnown | undefined> => {
  const { programme, today } = asked;
  if (!known || !programme || !(draft ? draft.kind === 'paper-totals' : looksLikePaperTotals(tableOf(asked)))) return undefined;
  const where = { programme: programme.id, county: known.county.id };
  const visits = await read.all('visits', { ...where, state: 'on', day: { to: today } });
  return {
    county: known.county,
    orgs: known.orgs,
    programme,
    existing: await read.all('paperTotals', where),
    visited: new Set(visits.filter(v => v.presence !== 'not-there').map(v => `${v.clinic} ${monthOf(v.day)}`)),
    today,
  };
};

/** With the rows, where they are many. */
const BUTTON = /^(确认|保留|放弃)\s+(\S+?)(?:\s+共(\d+)行)?$/;
type How = '确认' | '保留' | '放弃';
/** A table of more rows is read and weighed beside the turns. */
const LONG = 500;
/** What a draft is called with, by its buttons. */
const called = (draft: Draft, rows: number): string => (rows > LONG ? `${draft.id} 共${rows}行` : draft.id);

/** Problems and notices that fit a card; the count says how many there are. */
const MOST = 5;

const knownFor = async (read: Read, { actor, programme, today }: Asked<Args>): Promise<ImportKnown | undefined> => {
  const countyId = actor.grants.find(g => g.county !== null)?.county;
  const county = countyId ? await read.get('orgs', countyId) : undefined;
  if (!county || !programme) return undefined;
  return {
    county,
    orgs: await read.all('orgs', {}),
    people: await inPages(read, 'people', {}),
    grants: await inPages(read, 'grants', {}),
    postings: (await inPages(read, 'postings', { programme: programme.id, county: county.id })).filter(
      p => p.until === null || p.until >= monthOf(today),
    ),
    acceptances: new Set((await read.all('acceptances', {})).map(a => a.id)),
    programme: programme.id,
    arranged: new Set(programme.duty?.exempt.map(e => e.clinic) ?? []),
  };
};

export default defineCommand<Args, Facts>({
  name: '导入',
  aliases: ['上传', 'dr', 'daoru', 'import'],
  summary: '导入安排表、联络员或单位的月报表',
  usage: '/导入 [自5月起]，后面贴表或直接发文件；联络员表要有“角色”列',
  examples: ['/导入', '/导入 自5月起', '/导入 联络员', '/导入 附件1'],
  slots: {
    since: { kind: 'labelled', labels: ['自', '从'], of: { kind: 'month', prefer: 'future' } },
    text: { kind: 'rest' },
  },
  args,
  needsProgramme: true,
  takesTable: true,

  async long(read, { args, actor, content }) {
    if (content.kind === 'file') return (content.rows?.length ?? 0) > LONG ? checking(content.rows!.length) : undefined;
    const [, how, id, said] = BUTTON.exec(args.text ?? '') ?? [];
    if (how === undefined) {
      const lines = (args.text ?? '').split('\n').length;
      return lines > LONG ? checking(lines) : undefined;
    }
    if (how === '放弃') return undefined;
    const draft = await read.get('drafts', id!);
    const whats: Partial<Record<Draft['kind'], string>> = { roster: '安排表', contacts: '联络员' };
    const what = draft?.state === 'waiting' && draft.by === actor.person?.id ? whats[draft.kind] : undefined;
    if (what === undefined) return undefined;
    // 待办 does not know how many there are.
    const kept = said === undefined ? await read.unseal('drafts', id!, 'rows') : null;
    const rows = kept === null ? Number(said) : keptRows(JSON.parse(kept));
    return rows > LONG ? running(what, rows) : undefined;
  },

  async facts(read, asked) {
    const button = BUTTON.exec(asked.args.text ?? '');
    const draft = button ? await read.get('drafts', button[2]!) : undefined;
    const kept = draft ? await read.unseal('drafts', draft.id, 'rows') : null;
    const known = await knownFor(read, asked);
    const rows: unknown = kept === null ? undefined : JSON.parse(kept);
    return {
      known,
      draft,
      kept: rows,
      paper: await paperFor(read, known, asked, draft),
      merge: await mergeFacts(read, asked, draft, rows),
    };
  },

  *decide(asked) {
    const { args, facts, content, conversation } = asked;
    const { known } = facts;
    if (!known) return refuse('import.no-county', '还没有本县的单位', '请先由卫健局认领');
    const button = BUTTON.exec(args.text ?? '');
    if (button) return yield* confirm(asked, facts, known, button[1] as How);
    if (content.kind === 'file' && content.rows === null)
      return refuse('import.unreadable', content.problem ?? '这个文件读不了', '请发 xlsx 或 csv，或直接贴表');
    const table = tableOf(asked);
    if (!table.length) {
      return {
        reply: {
          code: 'import.how',
          title: '请发文件，或把表贴在 /导入 后面',
          tone: 'info',
          lines: [
            '安排表：附件2的13列',
            '联络员表：单位、姓名、角色、电话',
            '以前月份的人次：附件1',
            conversation.kind === 'group' ? '带手机号的表请私聊我发' : '先给您看，点确认才生效',
          ],
        },
      };
    }
    const notices = content.kind === 'file' ? content.notices : [];
    if (facts.paper) return previewPaper(asked, facts.paper, table, notices);
    if (facts.merge) return previewMerge(asked, facts.merge, notices);
    return looksLikeContacts(table) || /^\s*联络员/.test(args.text ?? '')
      ? previewContacts(asked, known, table, notices)
      : yield* previewRoster(asked, known, table, notices);
  },
});

const problemsCard = (problems: readonly RowProblem[], rows: number): Card => ({
  code: 'import.problems',
  title: `有${problems.length}处要改，没有导入`,
  tone: 'no',
  lines: [
    ...problems.slice(0, MOST).map(p => `第${p.row}行 ${p.column}：${p.reason}`),
    ...(problems.length > MOST ? [`另有${problems.length - MOST}处`] : []),
    rows ? '改好后整张再发一次' : '请对照附件2的表头',
  ],
});

const draftOf = ({ turn, actor, now, programme }: Asked<Args>, kind: Draft['kind'], rows: unknown, from: Month | null): Draft => ({
  id: `${turn}`,
  kind,
  programme: programme!.id,
  by: actor.person!.id,
  at: now,
  rows: JSON.stringify(rows),
  from,
  state: 'waiting',
});

const noticeLines = (plan: RosterPlan): string[] =>
  plan.notices.length
    ? [
        `提示 ${plan.notices.length} 条（不影响导入）：`,
        ...plan.notices.slice(0, MOST).map(n => `第${n.no}行 ${n.clinic}：需求${n.need}，${n.person}是${n.specialty}`),
      ]
    : [];

function* previewRoster(asked: Asked<Args>, known: ImportKnown, table: string[][], fileNotices: readonly string[]): Steps<Decision> {
  const read = yield* readRoster(table);
  if (read.problems.length) return { reply: problemsCard(read.problems, read.rows.length) };
  const from = asked.args.since ?? monthOf(asked.today);
  if (from < monthOf(asked.today))
    return refuse('import.past-month', `${sayMonth(from)}已经过去`, '以前月份的人员和单位不改，请写本月或以后');
  const plan = yield* planRoster(known, read.rows, from);
  if (plan.problems.length) return { reply: problemsCard(plan.problems, read.rows.length) };
  const { diff } = plan;
  yield;
  const draft = draftOf(asked, 'roster', packed(read.rows), from);
  yield;
  const clinics = known.postings.length ? diff.gone.length : 0;
  const expected = asked.programme!.roster?.clinics;
  const covered = new Set(read.rows.map(r => r.clinic)).size;
  const lines = [
    `新增 ${diff.added.length}，变动 ${diff.changed.length}，不变 ${diff.same.length}，本次未列 ${diff.gone.length}`,
    `从${sayMonth(from)}起，以前月份不变`,
    ...(expected !== undefined && covered !== expected ? [`表里${covered}家，方案是${expected}家`] : []),
    ...(plan.newUnits.length
      ? [`新单位 ${plan.newUnits.length} 家：${plan.newUnits.slice(0, 3).join('、')}${plan.newUnits.length > 3 ? '等' : ''}`]
      : []),
    ...fileNotices,
    ...noticeLines(plan),
  ];
  return {
    changes: [{ table: 'drafts', id: draft.id, to: draft }],
    reply: {
      code: 'import.preview',
      title: `安排表 ${read.rows.length} 行，请核对`,
      tone: 'ask',
      lines,
      table: {
        columns: ['行', '受援单位', '医师', '专业', '职称', '支援单位'],
        rows: read.rows.slice(0, 60).map(r => [`${r.no}`, r.clinic, r.person, r.specialty, r.title, r.hospital]),
      },
      buttons: [
        {
          label: clinics ? `确认，结束未列的${clinics}人` : '确认导入',
          command: `/导入 确认 ${called(draft, read.rows.length)}`,
          style: 'primary',
        },
        ...(clinics ? [{ label: '确认，保留未列的', command: `/导入 保留 ${called(draft, read.rows.length)}` }] : []),
        { label: '放弃', command: `/导入 放弃 ${draft.id}` },
      ],
    },
  };
}

const previewContacts = (asked: Asked<Args>, known: ImportKnown, table: string[][], fileNotices: readonly string[]): Decision => {
  const read = readContacts(table);
  if (read.problems.length) return { reply: problemsCard(read.problems, read.rows.length) };
  const plan = planContacts(known, read.rows);
  if (plan.problems.length) return { reply: problemsCard(plan.problems, read.rows.length) };
  const above = read.rows.filter(r => r.role === 'admin' || r.role === 'auditor');
  if (above.length && !asked.actor.grants.some(g => g.role === 'admin'))
    return { ...refuse('import.not-admin', '系统管理员和审计员只能由系统管理员导入', `表里有${above.length}行`), private: true };
  const draft = draftOf(asked, 'contacts', read.rows, null);
  return {
    changes: [{ table: 'drafts', id: draft.id, to: draft }],
    reply: {
      code: 'import.preview',
      title: `联络员 ${read.rows.length} 人，请核对`,
      tone: 'ask',
      lines: [`${new Set(read.rows.map(r => r.unit)).size}家单位`, ...fileNotices],
      table: { columns: ['单位', '姓名', '角色'], rows: read.rows.slice(0, 60).map(r => [r.unit, r.name, r.office ?? ROLE_NAMES[r.role]]) },
      buttons: [
        { label: '确认导入', command: `/导入 确认 ${called(draft, read.rows.length)}`, style: 'primary' },
        { label: '放弃', command: `/导入 放弃 ${draft.id}` },
      ],
    },
  };
};

/** Doctor-days of earlier months from paper. */
const previewPaper = (asked: Asked<Args>, known: PaperKnown, table: string[][], fileNotices: readonly string[]): Decision => {
  const read = readPaperTotals(table);
  if (read.problems.length) return { reply: problemsCard(read.problems, read.rows.length) };
  const plan = planPaperTotals(known, read.rows);
  if (plan.problems.length) return { reply: problemsCard(plan.problems, read.rows.length) };
  if (!plan.entries.length) return refuse('import.empty', '表里没有填人次', '空格不录；没有下基层的月份写0');
  const draft = draftOf(asked, 'paper-totals', read.rows, null);
  const old = plan.entries.filter(e => known.existing.some(x => x.clinic === e.clinic && x.month === e.month)).length;
  const months = [...new Set(plan.entries.map(e => e.month))].sort();
  return {
    changes: [{ table: 'drafts', id: draft.id, to: draft }],
    reply: {
      code: 'import.preview',
      title: `纸质报表人次 ${read.rows.length} 家，请核对`,
      tone: 'ask',
      lines: [
        saySums(plan.entries),
        '附件1里标明据纸质报表录入，不补造班次',
        ...(old ? [`其中${old}格以前录过，会更新`] : []),
        ...fileNotices,
      ],
      table: {
        columns: ['单位', ...months.map(m => `${Number(m.slice(5))}月`)],
        rows: read.rows.slice(0, 60).map(r => [r.clinic, ...months.map(m => `${r.months[Number(m.slice(5))] ?? ''}`)]),
      },
      buttons: [
        { label: '确认导入', command: `/导入 确认 ${draft.id}`, style: 'primary' },
        { label: '放弃', command: `/导入 放弃 ${draft.id}` },
      ],
    },
  };
};

const checking = (rows: number): Card => ({
  code: 'import.checking',
  title: `正在核对，表里${rows}行`,
  tone: 'info',
  lines: ['核对好了给您看，点确认才生效', '这期间其他命令照常用'],
});

/** What a plan is made from: of people, those of the names in the table. */
const leansOn = (known: ImportKnown, names: Iterable<string>): LeansOn => {
  const named = new Set(names);
  const people = new Set(known.people.flatMap(p => (named.has(p.name) ? [p.id] : [])));
  return {
    orgs: 'all',
    people: p => named.has(p.name),
    grants: g => people.has(g.person),
    postings: p => p.programme === known.programme && p.county === known.county.id,
    acceptances: 'all',
    rosters: r => r.programme === known.programme && r.county === known.county.id,
  };
};

const running = (what: string, rows: number): Card => ({
  code: 'import.running',
  title: `正在导入${what} ${rows} 行`,
  tone: 'info',
  lines: ['全部写好才生效，好了再告诉您', '这期间其他命令照常用'],
});

function* confirm(asked: Asked<Args>, facts: Facts, known: ImportKnown, how: How): Steps<Decision> {
  const { actor, turn, now, today, programme } = asked;
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
      meanwhile: running('联络员', rows.length),
      leansOn: leansOn(
        known,
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
  const rule = programme!.roster?.change;
  const moved = plan.diff.added.length + plan.diff.changed.length + (how === '保留' ? 0 : plan.diff.gone.length);
  return {
    changes: [settled('done'), ...changes],
    meanwhile: running('安排表', rows.length),
    leansOn: leansOn(
      known,
      rows.map(r => r.person),
    ),
    reply: {
      code: 'import.done',
      title: `已导入安排表 ${rows.length} 行`,
      tone: 'ok',
      lines: [
        `新增 ${plan.diff.added.length}，变动 ${plan.diff.changed.length}，${how === '保留' ? '保留' : '结束'}未列 ${plan.diff.gone.length}，从${sayMonth(from)}起`,
        ...(known.postings.length && moved && rule ? ['安排表有变动，请重新报送', cite(programme!, rule)] : []),
        '下一步：/排班 姓名 每月第二个周三',
      ],
    },
  };
}
