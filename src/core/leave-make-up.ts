/** Which visits leave is asked from, and when they are made up. */
import { type Day, type Half, type Span, within } from './day.ts';
import type { Leave, LeaveVisit, Visit } from './records.ts';
import { byDay, clash } from './visit.ts';

export interface HalfDay {
  day: Day;
  half: Half | 'day' | undefined;
}

export interface Taken {
  visit: Visit;
  am: boolean;
  pm: boolean;
}

const ofHalf = (half: HalfDay['half']): { am: boolean; pm: boolean } => ({ am: half !== 'pm', pm: half !== 'am' });

/** The visits that leave is asked from: those that are on in the span, of a half day only that half. */
export const takenBy = (visits: readonly Visit[], days: readonly HalfDay[]): Taken[] =>
  visits
    .filter(v => v.state === 'on')
    .flatMap(visit => {
      const asked = days.find(d => d.day === visit.day);
      if (!asked) return [];
      const { am, pm } = ofHalf(asked.half);
      const taken = { visit, am: visit.am && am, pm: visit.pm && pm };
      return taken.am || taken.pm ? [taken] : [];
    })
    .sort((a, b) => byDay({ day: a.visit.day, am: a.am }, { day: b.visit.day, am: b.am }));

export interface MakeUp {
  day: Day;
  am: boolean;
  pm: boolean;
}

/**
 * A make-up for each visit, in order: as many as there are visits, or one day for visits of one day.
 * A half that was not said is the visit's own. Undefined: they do not fit.
 */
export const makeUpsFor = (taken: readonly Taken[], said: readonly HalfDay[]): MakeUp[] | undefined => {
  // 全天 of a day whose morning and afternoon are two visits is what each of them is.
  const several = (t: Taken) => taken.filter(x => x.visit.day === t.visit.day).length > 1;
  const own = (t: Taken, d: HalfDay): MakeUp => ({
    day: d.day,
    ...(d.half === undefined || (d.half === 'day' && several(t)) ? { am: t.am, pm: t.pm } : ofHalf(d.half)),
  });
  if (said.length === taken.length) return taken.map((t, i) => own(t, said[i]!));
  const days = [...new Set(taken.map(t => t.visit.day))];
  if (said.length === days.length) return taken.map(t => own(t, said[days.indexOf(t.visit.day)]!));
  return undefined;
};

export type MakeUpProblem =
  | { code: 'past'; day: Day }
  | { code: 'outside'; day: Day }
  | { code: 'own-leave'; day: Day }
  | { code: 'other-leave'; day: Day; leave: string }
  | { code: 'taken'; day: Day; visit: Visit }
  | { code: 'twice'; day: Day }
  | { code: 'shorter'; day: Day };

export interface MakeUpFacts {
  /** Visits of the physician on the make-up days. */
  theirs: readonly Visit[];
  /** Other leaves of the physician that are open or approved, with their visits. */
  leaves: readonly { leave: Leave; visits: readonly LeaveVisit[] }[];
}

/** What stands in the way of a make-up; the first thing found. */
export const makeUpProblem = (
  taken: readonly Taken[],
  makeUps: readonly MakeUp[],
  facts: MakeUpFacts,
  { today, term, days }: { today: Day; term: Span; days: readonly HalfDay[] },
): MakeUpProblem | undefined => {
  for (const [i, m] of makeUps.entries()) {
    const t = taken[i]!;
    if (m.day < today) return { code: 'past', day: m.day };
    if (!within(m.day, term)) return { code: 'outside', day: m.day };
    const same = days.find(d => d.day === m.day);
    if (same && ((m.am && ofHalf(same.half).am) || (m.pm && ofHalf(same.half).pm))) return { code: 'own-leave', day: m.day };
    if (Number(m.am) + Number(m.pm) < Number(t.am) + Number(t.pm)) return { code: 'shorter', day: m.day };
    for (const { leave, visits } of facts.leaves) {
      const on = visits.some(v => v.state === 'on' && v.day === m.day && ((v.am && m.am) || (v.pm && m.pm)));
      const awaited =
        leave.state === 'open' && visits.some(v => v.state === 'on' && v.toDay === m.day && ((v.toAm && m.am) || (v.toPm && m.pm)));
      if (on || awaited || (leave.workdays !== null && within(m.day, leave))) return { code: 'other-leave', day: m.day, leave: leave.id };
    }
    const visit = clash(
      facts.theirs.filter(v => v.day === m.day && !taken.some(x => x.visit.id === v.id)),
      m,
    );
    if (visit) return { code: 'taken', day: m.day, visit };
    if (makeUps.some((o, j) => j < i && o.day === m.day && ((o.am && m.am) || (o.pm && m.pm)))) return { code: 'twice', day: m.day };
  }
  return undefined;
};
