/** Workdays by the State Council's calendars. A year without a calendar is a visible state, never a silent Monday to Friday. */
import { addDays, type Day, daysIn, type Span, weekday, weekSpan, yearOf } from './day.ts';

export interface Calendar {
  /** The year's holiday arrangement is known. */
  knows(year: number): boolean;
  /** `unknown`: of a year without a calendar. */
  kind(d: Day): 'work' | 'rest' | 'unknown';
  /** 春节, 国庆节; undefined on ordinary days. */
  holiday(d: Day): string | undefined;
  /** Day of the lunar month, 1–30. */
  lunarDay(d: Day): number;
}

export const workday = (c: Calendar, d: Day): 'work' | 'rest' | 'unknown' => c.kind(d);

/** For the times of nudges only: where the calendar is unknown, Monday to Friday is assumed; the state is shown elsewhere. */
export const assumedWorkday = (c: Calendar, d: Day): boolean => {
  const kind = c.kind(d);
  return kind === 'unknown' ? weekday(d) <= 5 : kind === 'work';
};

/** The last workday before a day. */
export const previousWorkday = (c: Calendar, d: Day): Day => workdaysBack(c, d, 1);
/** The first workday after a day. */
export const nextWorkday = (c: Calendar, d: Day): Day => {
  let next = addDays(d, 1);
  while (!assumedWorkday(c, next)) next = addDays(next, 1);
  return next;
};
export const workdayOnOrBefore = (c: Calendar, d: Day): Day => (assumedWorkday(c, d) ? d : previousWorkday(c, d));
/** The nth workday before a day. */
export const workdaysBack = (c: Calendar, d: Day, n: number): Day => {
  let back = d;
  for (let left = n; left > 0; ) {
    back = addDays(back, -1);
    if (assumedWorkday(c, back)) left--;
  }
  return back;
};

/** Workdays of a span, both ends counted; undefined when a year in it has no calendar. */
export const workdaysIn = (c: Calendar, span: Span): number | undefined => {
  for (let y = yearOf(span.from); y <= yearOf(span.to); y++) if (!c.knows(y)) return undefined;
  return daysIn(span).filter(d => c.kind(d) === 'work').length;
};

/** The last workday of the week a day is in; undefined in a week without one. */
export const lastWorkdayOfWeek = (c: Calendar, d: Day): Day | undefined => daysIn(weekSpan(d)).findLast(x => assumedWorkday(c, x));
