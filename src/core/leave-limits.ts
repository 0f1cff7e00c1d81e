/** Where a leave stands against the programme's limits, and what of a month still counts. */
import type { LeaveLimit } from '../programmes/schema.ts';
import { type Calendar, workdaysIn } from './calendar.ts';
import { type Day, daysIn, type Month, monthSpan, type Span, spanAround, within } from './day.ts';
import type { Leave } from './records.ts';

/** Leaves count while they are open or approved; once, in the month they begin in. */
const counts = (l: Leave) => l.kind !== 'end' && (l.state === 'open' || l.state === 'approved' || l.state === 'ended');

export interface Counted {
  limit: LeaveLimit;
  /** With this leave counted in. */
  n: number;
  over: boolean;
}

/** Where this leave stands against each limit. */
export const countLimits = (limits: readonly LeaveLimit[], asked: { from: Day; workdays: number }, earlier: readonly Leave[]): Counted[] =>
  limits.map(limit => {
    const { per } = limit;
    const others = per === 'leave' ? [] : earlier.filter(l => counts(l) && within(l.from, spanAround(per, asked.from)));
    const n = limit.times !== undefined ? others.length + 1 : others.reduce((sum, l) => sum + (l.workdays ?? 0), asked.workdays);
    return { limit, n, over: n > (limit.times ?? limit.workdays!) };
  });

/** Said aloud in the reply: 本月第2次（每月不超过1次）. */
export const sayCounted = ({ limit, n }: Counted): string => {
  const per = { leave: '这次', month: '本月', quarter: '本季度', year: '今年' }[limit.per];
  return limit.times !== undefined ? `${per}第${n}次（${limit.says}）` : `${per}${n}个工作日（${limit.says}）`;
};

export interface CreditNote {
  month: Month;
  workdays: number;
  /** Workdays left when all leave of the month is taken off. */
  left: number;
  needed: number;
}

/** Days that a share of so many workdays is. A product of fractions may come out a hair above a whole number. */
export const daysOfShare = (share: number, workdays: number): number => Math.ceil(share * workdays - 1e-9);

/** Months that leave brings below the share of workdays that counts; null for a month whose calendar is not known. */
export const creditNotes = (share: number, leaves: readonly Span[], calendar: Calendar, months: readonly Month[]): (CreditNote | null)[] =>
  months.flatMap((month): (CreditNote | null)[] => {
    const span = monthSpan(month);
    const workdays = workdaysIn(calendar, span);
    if (workdays === undefined) return [null];
    const away = new Set(leaves.flatMap(l => daysIn(l).filter(d => within(d, span) && calendar.kind(d) === 'work'))).size;
    const needed = daysOfShare(share, workdays);
    return workdays - away < needed ? [{ month, workdays, left: workdays - away, needed }] : [];
  });
