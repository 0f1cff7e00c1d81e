/** A posting that ends before its time is a leave from which nobody comes back: which rules it goes by, what its end changes, and what of the quarter counts. */

import type { LeaveRules, Programme } from '../programmes/schema.ts';
import { type Calendar, workdaysIn } from './calendar.ts';
import { addDays, addMonths, type Day, type Month, monthOf, monthSpan, quarterSpan, within } from './day.ts';
import type { LeaveFile } from './leave-cards.ts';
import { dropVisits } from './leave-granted.ts';
import { daysOfShare } from './leave-limits.ts';
import type { Change, Leave, Posting, RosterVersion, Visit } from './records.ts';
import { overWith } from './visit.ts';

export const isEarlyEnd = (leave: Pick<Leave, 'kind'>): boolean => leave.kind === 'end';

/** The rules that a leave goes by. */
export const rulesFor = (programme: Programme | null, leave: Pick<Leave, 'kind'>): LeaveRules | undefined =>
  isEarlyEnd(leave) ? programme?.['early-end'] : programme?.leave;

/** The last day on duty; the record's `from` is the first day off. */
export const lastDay = (leave: Pick<Leave, 'from'>): Day => addDays(leave.from, -1);

/** Postings are kept by the month: is this one over on a day of its last month? */
export const hasEnded = (posting: Posting, ends: readonly Leave[], day: Day): boolean =>
  ends.some(
    l =>
      isEarlyEnd(l) &&
      l.state === 'approved' &&
      l.person === posting.person &&
      l.programme === posting.programme &&
      day >= l.from &&
      posting.until !== null &&
      posting.until <= monthOf(l.from),
  );

export interface EndFacts {
  /** Postings of the physician under this programme that reach beyond the last day. */
  postings: readonly Posting[];
  /** Visits of the physician in the quarter of the last day and after it. */
  visits: readonly Visit[];
  /** Open leaves from visits after the last day. */
  leaves: readonly LeaveFile[];
}

/** A visit after the last day that has been made: the posting did not end before it. */
export const madeAfter = (visits: readonly Visit[], last: Day): Visit | undefined =>
  visits.find(v => v.day > last && v.state === 'on' && (v.checkedIn !== null || v.presence === 'present'));

/** Postings are closed, visits after the last day are off, the roster has a new version. */
export const endPosting = (
  leave: Leave,
  facts: EndFacts,
  roster: RosterVersion,
): { changes: Change[]; off: Visit[]; topics: string[]; moot: Leave[] } => {
  const last = lastDay(leave);
  const off = facts.visits.filter(v => v.day > last && v.state === 'on');
  const left = dropVisits(facts.leaves, new Set(off.map(v => v.id)));
  const changes: Change[] = [
    ...facts.postings.map(
      (p): Change =>
        p.from > monthOf(last)
          ? { table: 'postings', id: p.id, to: null, was: { person: p.person } }
          : { table: 'postings', id: p.id, to: { ...p, until: monthOf(last) }, was: { until: p.until } },
    ),
    ...off.map(
      (v): Change => ({
        table: 'visits',
        id: v.id,
        to: { ...v, state: 'cancelled' },
        was: { state: 'on', checkedIn: null, presence: v.presence },
      }),
    ),
    { table: 'rosters', id: roster.id, to: roster },
    ...left.changes,
  ];
  return { changes, off, topics: [...off.flatMap(v => overWith(v.id)), ...left.topics], moot: left.moot };
};

export interface Served {
  month: Month;
  /** Verified days. */
  days: number;
  /** Days up to today that wait for the clinic's word, with a check-in or without. */
  waiting: number;
  workdays: number;
  needed: number;
}
/** Service of each month of the quarter up to the last day; null for a month whose calendar is not known. */
export const servedInQuarter = (
  share: number,
  last: Day,
  visits: readonly Visit[],
  { calendar, today }: { calendar: Calendar; today: Day },
): (Served | null)[] => {
  const out: (Served | null)[] = [];
  for (let month = monthOf(quarterSpan(last).from); month <= monthOf(last); month = addMonths(month, 1)) {
    const span = monthSpan(month);
    const workdays = workdaysIn(calendar, span);
    if (workdays === undefined) {
      out.push(null);
      continue;
    }
    const own = visits.filter(v => within(v.day, span) && v.day <= last && v.state === 'on');
    const days = new Set(own.filter(v => v.presence === 'present').map(v => v.day));
    const waiting = new Set(own.filter(v => v.presence === null && v.day <= today && !days.has(v.day)).map(v => v.day));
    out.push({ month, days: days.size, waiting: waiting.size, workdays, needed: daysOfShare(share, workdays) });
  }
  return out;
};
