/** Workdays by the State Council's calendars. A year without a calendar is a visible state, never a silent Monday to Friday. */
import { addDays, type Day, daysIn, type Span, weekday, weekSpan } from './day.ts';

export type DayKind = 'work' | 'rest' | 'unknown';

export interface Calendar {
  /** The year's holiday arrangement is known as a whole. */
  knows(year: number): boolean;
  /** `unknown`: of a year without a calendar, weekends too, since they may be made-up workdays. */
  kind(d: Day): DayKind;
  /** What a rest day is off for: 春节, 国庆节; undefined on plain weekends and on workdays. */
  holiday(d: Day): string | undefined;
  /** Day of the lunar month, 1–30; 0 where no table reaches (before 1901, after 2099). */
  lunarDay(d: Day): number;
}

/** A calendar that answers for every day, because it guesses Monday to Friday where nothing is known. */
export interface AssumedCalendar extends Calendar {
  kind(d: Day): 'work' | 'rest';
}

/** `undefined` is a possible answer of a calendar that may not know, and of no other. */
export type Unsure<C extends Calendar> = C extends AssumedCalendar ? never : undefined;

export const workday = (c: Calendar, d: Day): DayKind => c.kind(d);

/** For the times of nudges only: where the calendar is unknown, Monday to Friday is assumed; the state is shown elsewhere. */
export const assumedWorkday = (c: Calendar, d: Day): boolean => {
  const kind = c.kind(d);
  return kind === 'unknown' ? weekday(d) <= 5 : kind === 'work';
};

/** The same calendar with Monday to Friday for what it does not know: for the times of nudges, never for what is counted or decided. */
export const assumeWeekdays = (c: Calendar): AssumedCalendar => ({
  knows: y => c.knows(y),
  kind: d => (assumedWorkday(c, d) ? 'work' : 'rest'),
  holiday: d => c.holiday(d),
  lunarDay: d => c.lunarDay(d),
});

/** The nth workday after a day, or before it where n is negative; n = 0 is the day itself. Undefined when an unknown day lies on the way. */
export const addWorkdays = <C extends Calendar>(c: C, d: Day, n: number): Day | Unsure<C> => {
  const step = Math.sign(n);
  let on = d;
  for (let left = Math.abs(n); left > 0; ) {
    on = addDays(on, step);
    const kind = c.kind(on);
    if (kind === 'unknown') return undefined as Unsure<C>;
    if (kind === 'work') left--;
  }
  return on;
};

/** The nth workday before a day. */
export const workdaysBack = <C extends Calendar>(c: C, d: Day, n: number): Day | Unsure<C> => addWorkdays(c, d, -n);
/** The last workday before a day. */
export const previousWorkday = <C extends Calendar>(c: C, d: Day): Day | Unsure<C> => addWorkdays(c, d, -1);
/** The first workday after a day. */
export const nextWorkday = <C extends Calendar>(c: C, d: Day): Day | Unsure<C> => addWorkdays(c, d, 1);
/** The day itself, or the last workday before it. */
export const lastWorkdayOnOrBefore = <C extends Calendar>(c: C, d: Day): Day | Unsure<C> => previousWorkday(c, addDays(d, 1));
/** The day itself, or the first workday after it. */
export const firstWorkdayOnOrAfter = <C extends Calendar>(c: C, d: Day): Day | Unsure<C> => nextWorkday(c, addDays(d, -1));

/** Workdays of a span, both ends counted; undefined when a day of it is unknown. */
export const workdaysIn = <C extends Calendar>(c: C, span: Span): number | Unsure<C> => {
  const kinds = daysIn(span).map(d => c.kind(d));
  return kinds.includes('unknown') ? (undefined as Unsure<C>) : kinds.filter(k => k === 'work').length;
};

/** The last workday, Monday to Sunday, of the week a day is in; null in a week without one (春节), undefined when a day of it is unknown. */
export const lastWorkdayOfWeek = <C extends Calendar>(c: C, d: Day): Day | null | Unsure<C> => {
  const week = daysIn(weekSpan(d));
  if (week.some(x => c.kind(x) === 'unknown')) return undefined as Unsure<C>;
  return week.findLast(x => c.kind(x) === 'work') ?? null;
};
