/** What becomes of figures once it is clear whose and of which visit they are: written, corrected, proposed, confirmed. */

import { type Decision, type Refusal, refuse } from '../../src/bot/command.ts';
import { mayVerifyFor } from '../../src/bot/scope.ts';
import { type Outgoing, pointer } from '../../src/core/card.ts';
import { monthOf, sayDay, sayInstant, sayMonth } from '../../src/core/day.ts';
import {
  guidanceLine,
  notReported,
  proposalCard,
  sayDifferences,
  sayFigures,
  sparedLine,
  unusualCard,
} from '../../src/core/figure-words.ts';
import { nextSpeakingTime, sayTold } from '../../src/core/hours.ts';
import { shownOrg } from '../../src/core/org-names.ts';
import type { Change, Visit, Workload } from '../../src/core/records.ts';
import { figureLine } from '../../src/core/words/figures.ts';
import { afterFiling, closedReport, differences, merged, saysNothingNew, sparing, type Values } from '../../src/core/workload.ts';
import { cite, type FigureData } from '../../src/programmes/schema.ts';
import type { Filing } from './asked.ts';

/** What is said of one row of figures, withdrawn together. */
export const figuresTopic = (workload: string): string => `workload/${workload}`;

interface Writing {
  visit: Visit;
  as: Workload['as'];
  before: Workload | undefined;
  given: Values & { others?: readonly string[] };
  /** Changes that make the visit, where it was unplanned. */
  made: Change[];
}

const names = (asked: Filing) => ({
  clinic: (id: string) => shownOrg(asked.facts.orgs.get(id)),
  person: (id: string) => asked.facts.people.get(id)?.name ?? '',
});
const figuresOf = (asked: Filing): readonly FigureData[] => asked.programme!.workload!.figures;

/** A physician hears once of figures that a unit typed: one tap, and silence blocks nothing. */
const askPhysician = (asked: Filing, row: Workload): Outgoing => {
  const figures = figuresOf(asked);
  const name = names(asked).person(row.person);
  return {
    key: `workload/${row.id}/${asked.turn}`,
    topic: figuresTopic(row.id),
    to: { person: row.person },
    class: 'nudge',
    about: 'person',
    card: {
      code: 'figures.confirm',
      title: `${row.as === 'clinic' ? names(asked).clinic(row.clinic) : '支援单位'}替您填了工作量`,
      tone: 'ask',
      lines: [`${names(asked).clinic(row.clinic)} ${sayDay(row.day, asked.today)}`, sayFigures(figures, row), '不点也不影响上报'],
      buttons: [
        { label: '数字无误', command: `/填报 编号${row.id} 数字无误 ${figureLine(figures, row)}`, style: 'primary' },
        {
          label: '不对，我来改',
          command: `/填报 班次${asked.facts.visits.find(v => v.clinic === row.clinic && v.state === 'on')?.id ?? row.id}`,
        },
      ],
    },
    inGroup: pointer(name),
  };
};

export const writeFigures = (asked: Filing, { visit, as, before, given: said, made }: Writing): Decision => {
  const { given, spared } = sparing(before, said);
  const { args, facts, actor, now, today, turn, programme } = asked;
  const figures = figuresOf(asked);
  const own = as === 'self';
  const who = own ? '' : `${names(asked).person(visit.person)}：`;
  const where = `${names(asked).clinic(visit.clinic)} ${sayDay(visit.day, today)}`;
  const typed = figureLine(figures, given);
  const named = made.length
    ? [own ? '' : names(asked).person(visit.person), visit.day, facts.orgs.get(visit.clinic)?.name ?? '', '临时下乡']
        .filter(Boolean)
        .join(' ')
    : `班次${visit.id}`;

  if (before && saysNothingNew(before, given))
    return {
      reply: { code: 'figures.same', title: `${who}已经填过，没有变化`, tone: 'info', lines: [where, sayFigures(figures, before)] },
    };
  if (args.does !== 'sure') {
    const because = args.reason ? ` 原因：${args.reason}` : '';
    const card = unusualCard(figures, given, `/填报 ${named} 确认无误 ${typed}${because}`);
    if (card && !(args.does === 'correct' && args.reason)) return { reply: card };
  }

  const changed = differences(before, given);
  const mine = before?.by === actor.person!.id;
  const verified = before !== undefined && before.verifiedAt !== null;
  // Somebody else's word, or what the clinic has verified, is changed with a reason only.
  if (before && args.reason === undefined && ((changed.length && !mine) || verified))
    return {
      reply: {
        code: verified ? 'figures.verified' : 'figures.differs',
        title: verified ? '已核实过，改报请写原因' : `${names(asked).person(before.by)} ${sayInstant(before.at, today)} 已填，数不一样`,
        tone: 'ask',
        lines: [
          where,
          changed.length ? `要改：${sayDifferences(figures, changed)}` : `要加：${typed}`,
          '还没有改；直接回复原因，如：记错了',
          '发 取消 不改',
        ],
      },
      waitFor: `/填报 ${named} 改报 ${typed} 原因：`,
    };
  if (before && verified && as !== 'clinic') return propose(asked, before, given);

  const late = visit.day < today;
  const values = merged(before, given);
  const bySelf = own || (before?.as === 'self' && !changed.length && saysNothingNew(before, given));
  const seen = as === 'clinic' && visit.presence === 'present';
  const row: Workload = {
    id: before?.id ?? `${turn}`,
    programme: visit.programme,
    county: visit.county,
    person: visit.person,
    clinic: visit.clinic,
    hospital: visit.hospital,
    day: visit.day,
    ...values,
    by: actor.person!.id,
    at: now,
    as,
    late: before?.late ?? late,
    confirmed: bySelf ? now : null,
    verifiedBy: seen ? actor.person!.id : null,
    verifiedAt: seen ? now : null,
    reason: args.reason ?? null,
    proposal: null,
  };
  const lacking = notReported(figures, row);
  return {
    changes: [
      ...made,
      { table: 'workloads', id: row.id, to: row, ...(before ? { was: { at: before.at, verifiedAt: before.verifiedAt } } : {}) },
    ],
    settles: before ? [figuresTopic(row.id)] : [],
    tell: !own && facts.bound ? [askPhysician(asked, row)] : [],
    reply: {
      code: before ? 'figures.corrected' : 'figures.filed',
      title: `${who}${before ? '已更正' : '已填报'} ${where}`,
      tone: 'ok',
      lines: [
        changed.length ? `${sayDifferences(figures, changed)}；现为 ${sayFigures(figures, row)}` : sayFigures(figures, row),
        ...sparedLine(figures, before, spared),
        ...(lacking.length ? [`没报：${lacking.join('、')}（没有请写0）`] : []),
        ...[
          [
            ...(made.length ? ['按临时下乡登记'] : []),
            ...(row.late ? ['补填，已标明'] : []),
            ...(own
              ? []
              : [facts.bound ? `代填，${sayTold('请本人核对', now, nextSpeakingTime(now, asked.calendar))}` : '代填，本人没有账号']),
            ...(seen ? [] : ['等受援单位核实']),
          ].join('，'),
        ].filter(Boolean),
        ...[afterFiling(reportsOf(asked, row)) ?? []].flat(),
        ...guidanceLine(programme!, row),
      ].slice(0, 5),
    },
  };
};

/** 改报: verified figures stand until the clinic says yes. */
const propose = (asked: Filing, before: Workload, given: Values): Decision => {
  const { args, actor, now, today } = asked;
  const figures = figuresOf(asked);
  const values = merged(before, given);
  const row: Workload = { ...before, proposal: { ...values, by: actor.person!.id, at: now, reason: args.reason! } };
  const what = sayDifferences(figures, differences(before, given)) || `加 ${figureLine(figures, given)}`;
  const where = `${names(asked).clinic(before.clinic)} ${sayDay(before.day, today)}`;
  return {
    changes: [{ table: 'workloads', id: row.id, to: row, was: { at: before.at, verifiedAt: before.verifiedAt } }],
    settles: [figuresTopic(row.id)],
    tell: [
      {
        key: `workload/${row.id}/${asked.turn}`,
        topic: figuresTopic(row.id),
        to: { org: before.clinic, role: 'clinic' },
        class: 'nudge',
        about: 'person',
        card: proposalCard(figures, row, names(asked).person(before.person), where),
        inGroup: pointer(names(asked).person(before.person)),
      },
    ],
    reply: {
      code: 'figures.proposed',
      title: sayTold('请受援单位同意改报', now, nextSpeakingTime(now, asked.calendar)),
      tone: 'ok',
      lines: [where, what, '同意前仍按已核实的数'],
    },
  };
};

/** The clinic's answer to a proposal, for exactly the figures that its card showed. */
export const answerProposal = (asked: Filing, row: Workload, yes: boolean): Decision => {
  const { args, actor, now, today } = asked;
  const figures = figuresOf(asked);
  const may = mayVerifyFor(actor, row);
  if (may === 'own') return refuse('figures.own', '不能同意自己的改报', '请由副岗或单位负责人办');
  if (may === 'no') return { ...refuse('figures.not-yours', `没有您能办的编号 ${row.id}`, '发 /待办 看等您的事'), private: true };
  const p = row.proposal;
  const where = `${names(asked).clinic(row.clinic)} ${sayDay(row.day, today)}`;
  if (!p) return { reply: { code: 'figures.settled', title: '已经办过', tone: 'info', lines: [where, sayFigures(figures, row)] } };
  if (args.figures && figureLine(figures, args.figures) !== figureLine(figures, p))
    return { reply: { ...proposalCard(figures, row, names(asked).person(row.person), where), title: '改报的数又变了，请再看' } };
  const closed = yes ? refuseClosed(asked, row) : undefined;
  if (closed) return closed;
  const { figures: values, words } = p;
  const to: Workload = yes
    ? {
        ...row,
        figures: values,
        words,
        by: p.by,
        at: now,
        as: p.by === row.person ? 'self' : row.as,
        confirmed: p.by === row.person ? p.at : null,
        verifiedBy: actor.person!.id,
        verifiedAt: now,
        reason: p.reason,
        proposal: null,
      }
    : { ...row, proposal: null };
  return {
    changes: [{ table: 'workloads', id: row.id, to, was: { at: row.at } }],
    settles: [figuresTopic(row.id)],
    tell: [
      {
        key: `workload/${row.id}/${asked.turn}`,
        to: { person: p.by },
        class: 'news',
        about: 'person',
        card: {
          code: yes ? 'figures.agreed' : 'figures.refused',
          title: yes ? '受援单位同意改报' : '受援单位不同意改报',
          tone: yes ? 'ok' : 'info',
          lines: [where, `${yes ? '现为' : '仍为'} ${sayFigures(figures, to)}`],
        },
        inGroup: pointer(names(asked).person(p.by)),
      },
    ],
    reply: {
      code: yes ? 'figures.agreed' : 'figures.refused',
      title: yes ? `已同意改报 ${where}` : `没有同意，仍按原数 ${where}`,
      tone: 'ok',
      lines: [`${names(asked).person(row.person)}：${sayFigures(figures, to)}${may === 'stand-in' ? '（代核）' : ''}`],
    },
  };
};

const reportsOf = ({ facts }: Filing, { clinic, programme }: Pick<Workload, 'clinic' | 'programme'>) =>
  facts.reports.filter(r => r.org === clinic && r.programme === programme);

/** The month of a clinic that takes no figures any more. */
export const refuseClosed = (asked: Filing, of: Pick<Workload, 'clinic' | 'day' | 'programme'>): Refusal | undefined => {
  const closed = closedReport(reportsOf(asked, of), asked.today);
  const clinic = names(asked).clinic(of.clinic);
  return closed
    ? refuse(
        'figures.locked',
        `${clinic}${sayMonth(monthOf(of.day))}月报已${closed.state === 'locked' ? '锁定' : '受理'}，不能再改`,
        `确需更正，请卫健局开锁：/开锁 ${clinic} ${Number(of.day.slice(5, 7))}月 理由`,
        ...(asked.programme?.report ? [cite(asked.programme, asked.programme.report)] : []),
      )
    : undefined;
};

/** The physician's yes to figures that somebody else typed, for exactly those that were shown. */
export const confirmFigures = (asked: Filing, row: Workload): Decision => {
  const { args, actor, now, today } = asked;
  const figures = figuresOf(asked);
  const where = `${names(asked).clinic(row.clinic)} ${sayDay(row.day, today)}`;
  if (row.person !== actor.person?.id)
    return { ...refuse('figures.not-yours', '只有医师本人可以确认', '数字不对可发 /改报'), private: true };
  if (row.confirmed !== null)
    return { reply: { code: 'figures.settled', title: '已经确认过', tone: 'info', lines: [where, sayFigures(figures, row)] } };
  if (args.figures && figureLine(figures, args.figures) !== figureLine(figures, row))
    return {
      reply: {
        code: 'figures.changed',
        title: '数字后来又改了，请再看',
        tone: 'ask',
        lines: [where, sayFigures(figures, row)],
        buttons: [{ label: '数字无误', command: `/填报 编号${row.id} 数字无误 ${figureLine(figures, row)}`, style: 'primary' }],
      },
    };
  return {
    changes: [{ table: 'workloads', id: row.id, to: { ...row, confirmed: now }, was: { at: row.at, confirmed: null } }],
    settles: [figuresTopic(row.id)],
    reply: { code: 'figures.confirmed', title: `已确认 ${where}`, tone: 'ok', lines: [sayFigures(figures, row)] },
  };
};
