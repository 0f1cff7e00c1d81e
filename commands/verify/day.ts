/** One day of a clinic as /核实 shows it. */

import { z } from 'zod';
import { type Asked, type Decision, refuse } from '../../src/bot/command.ts';
import { mayVerifyFor } from '../../src/bot/scope.ts';
import { oldAndNew } from '../../src/bot/unverified.ts';
import { sayFinding } from '../../src/core/absence.ts';
import type { Card } from '../../src/core/card.ts';
import { fileOfPaper } from '../../src/core/check-in-paper.ts';
import { type Day, parseDay, sayDay, sayDays, timeOf } from '../../src/core/day.ts';
import { sayFigures } from '../../src/core/figure-words.ts';
import type { LeaveFile } from '../../src/core/leave-cards.ts';
import { shownOrg } from '../../src/core/org-names.ts';
import type { Case, CheckIn, Move, Org, Person, Report, Visit, Workload } from '../../src/core/records.ts';
import { verifyButtons } from '../../src/core/verify-buttons.ts';
import { sameCheckIn, sayHalves, VISIT_TYPE_NAMES } from '../../src/core/visit.ts';
import { halfHint } from './halves.ts';

const day = z.string().transform(d => parseDay(d)!);
export const args = z.object({
  days: z.array(z.object({ from: day, to: day })).optional(),
  half: z.enum(['am', 'pm', 'day']).optional(),
  clinic: z.string().optional(),
  visit: z.string().optional(),
  person: z.string().optional(),
  all: z.literal('all').optional(),
  verdict: z.enum(['present', 'not-there', 'moved', 'on-the-way']).optional(),
  look: z.literal('paper').optional(),
  correct: z.literal('correct').optional(),
  reason: z.string().max(200).optional(),
});
export type Args = z.infer<typeof args>;

export interface Facts {
  /** Visits concerned: of the named record, or of the clinic's day; where a half day was named, those of that half. */
  visits: Visit[];
  /** Every visit of the same people on the days concerned, for the doctor-day flag and for clashes. */
  around: Visit[];
  people: Map<string, Person>;
  orgs: Map<string, Org>;
  clinic: Org | undefined;
  /** Where no clinic is meant: those of the asker's that still wait on the day, and for how many. */
  elsewhere: { org: Org; people: number }[];
  /** The asker's hospital sends physicians to the clinic, also where the day has no visit. */
  sends: boolean;
  /** Check-ins of the day that somebody entered for another with paper beside. */
  papers: CheckIn[];
  /** Cases of these people on the day. */
  cases: Case[];
  /** Leaves of the day that nobody has answered yet. */
  openLeaves: LeaveFile[];
  /** Moves of these visits that were asked for and wait for an answer. */
  moves: Move[];
  /** Of which visits it was reported already, and corrected or taken back since, that nobody came. */
  reportedBefore: ReadonlySet<string>;
  /** Reports that these people's days at this clinic stand in as they were filed last, and that were accepted or locked. */
  reports: Report[];
  /** What was reported of their day at this clinic. */
  workloads: Workload[];
  /** Days before that wait for the clinic's word, where the asker named no day and today has no visit. */
  earlier: Day[];
  day: Day;
  newDay: Day | undefined;
  /** Where a range or a list of days was named: the facts of each. */
  each: Facts[];
}

/** What is known of a visit; a case that was weighed says more than the report it came from. */
export const evidence = ({ programme }: Asked<Args>, { cases, around }: Facts, v: Visit): string => {
  if (v.presence === 'present') return v.verifiedAs === 'stand-in' ? '已核实在岗（代核）' : '已核实在岗';
  if (v.presence === 'not-there') {
    const found = cases.filter(c => c.person === v.person).flatMap(c => sayFinding(programme?.absence, c) ?? []);
    return `受援单位反映未到，${found[0] ?? '待核实'}`;
  }
  const first = v.checkedIn === null ? sameCheckIn(around, v) : undefined;
  if (first) return `${sayHalves(first)}${timeOf(first.checkedIn!)}签到`;
  if (v.checkedIn === null && v.onTheWay !== null) return '在路上';
  return v.checkedIn === null ? '没有签到记录' : `${timeOf(v.checkedIn)}签到`;
};

/** The day's visits with a button for each answer. */
export const listCard = (asked: Asked<Args>, facts: Facts): Card => {
  const { visits, people, clinic, day, earlier, papers, workloads } = facts;
  const open = visits.filter(v => v.presence === null);
  const before = oldAndNew(earlier, asked.today);
  const shows = (v: Visit) => papers.some(c => c.visit === v.id) && mayVerifyFor(asked.actor, v) !== 'no';
  const figures = asked.programme?.workload?.figures ?? [];
  // Figures that came after the clinic's word on presence wait for it too.
  const unseen = visits.filter(v => v.presence === 'present' && workloads.some(w => w.person === v.person && w.verifiedAt === null));
  const buttons = [
    ...verifyButtons(open, day, clinic?.name ?? '', p => people.get(p)?.name ?? ''),
    ...[...new Map(unseen.map(v => [v.person, v])).values()].map(v => ({
      label: `${people.get(v.person)?.name ?? ''} 数字无误`,
      command: `/核实 ${v.id} 在岗`,
    })),
    ...before.near.slice(0, 4).map(d => ({ label: `核实${sayDay(d)}`, command: `/核实 ${d} ${clinic?.name ?? ''}` })),
    ...(before.span
      ? [{ label: `核实以前的${before.old.length}天`, command: `/核实 ${before.span.from}至${before.span.to} ${clinic?.name ?? ''}` }]
      : []),
    ...visits.filter(shows).map(v => ({ label: `看${people.get(v.person)?.name ?? ''}签到单`, command: `/核实 ${v.id} 看签到单` })),
  ];
  /** A day's figures stand beside the first of its visits. */
  const reported = (v: Visit): string => {
    const w = workloads.find(x => x.person === v.person);
    if (!w || visits.find(x => x.person === v.person) !== v) return '';
    return `；${sayFigures(figures, w)}${w.verifiedAt === null && v.presence === 'present' ? '（待核实）' : ''}`;
  };
  return {
    code: open.length ? 'verify.list' : visits.length ? 'verify.all-done' : 'verify.none',
    title: visits.length ? `${shownOrg(clinic)} ${sayDay(day, asked.today)}` : `${shownOrg(clinic)} ${sayDay(day, asked.today)}没有班次`,
    tone: open.length || earlier.length ? 'ask' : 'info',
    lines: visits
      .map(
        v =>
          `${people.get(v.person)?.name} ${sayHalves(v)}${VISIT_TYPE_NAMES[v.type]}${v.planned ? '' : '（临时）'}：${evidence(asked, facts, v)}${papers.some(c => c.visit === v.id) ? '（代签，有签到单）' : ''}${reported(v)}`,
      )
      .concat(before.near.length ? [`以前还没核实：${sayDays(before.near, asked.today)}`] : [])
      .concat(
        before.span
          ? [`${before.near.length ? '更早的' : '以前'}还有${before.old.length}天没核实：${sayDay(before.span.from, asked.today)}起`]
          : [],
      )
      .concat(halfHint(open, people))
      .concat(workloads.length ? ['数字不对发：/改报 姓名 诊疗28 原因：…'] : []),
    ...(buttons.length ? { buttons } : {}),
  };
};

/** The paper behind a check-in: to those who verify it and to the physician, in direct chat. */
export const paperCard = ({ actor, today }: Asked<Args>, { visits, papers, people }: Facts): Decision => {
  const visit = visits[0];
  const paper = papers.find(c => c.visit === visit?.id)?.paper;
  if (!visit || !paper) return refuse('verify.no-paper', '这一班没有附签到单', '发 /核实 看当天的');
  if (mayVerifyFor(actor, visit) === 'no')
    return { ...refuse('verify.not-yours', '看不了这张签到单', '只有本人、受援单位、其支援单位、总医院或卫健局能看'), private: true };
  const who = people.get(visit.person)?.name ?? '';
  return {
    reply: {
      code: 'verify.paper',
      title: `${who} ${sayDay(visit.day, today)}的签到单`,
      tone: 'info',
      lines: ['代签时附上的'],
      file: fileOfPaper(paper, `签到单-${who}-${visit.day}`),
    },
    replyIn: 'direct',
  };
};
