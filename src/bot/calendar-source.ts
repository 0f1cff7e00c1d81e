/** The State Council's calendars as the chinese-days package has them, with the bureau's own days over them. */
import { getDayDetail, getLunarDate } from 'chinese-days';
import type { Calendar } from '../core/calendar.ts';
import type { Day } from '../core/day.ts';
import { yearOf } from '../core/day.ts';
import type { CalendarDay } from '../core/records.ts';
import type { CalendarSource, Read } from './ports.ts';

/** chinese-days calls a day of an unknown year an ordinary weekday; a known year has its 1 October as a holiday with a name of three parts. */
const ships = (year: number): boolean => getDayDetail(`${year}-10-01`).name.includes(',');

const LUNAR_FROM = 1900;
const LUNAR_UNTIL = 2100;

/** A calendar of the package's years and these days. */
export const makeCalendar = (own: readonly CalendarDay[]): Calendar => {
  const days = new Map<Day, CalendarDay>(own.map(d => [d.id, d]));
  const years = new Map<number, boolean>();
  const kinds = new Map<Day, 'work' | 'rest' | 'unknown'>();
  const knows = (year: number): boolean => {
    let known = years.get(year);
    if (known === undefined) {
      // A year is known to the bureau when its national day was entered.
      known = ships(year) || days.has(`${year}-10-01` as Day);
      years.set(year, known);
    }
    return known;
  };
  const kind = (d: Day) => {
    let k = kinds.get(d);
    if (k === undefined) {
      const set = days.get(d);
      k = set ? (set.work ? 'work' : 'rest') : !knows(yearOf(d)) ? 'unknown' : getDayDetail(d).work ? 'work' : 'rest';
      kinds.set(d, k);
    }
    return k;
  };
  return {
    knows,
    kind,
    holiday: d => days.get(d)?.name ?? (getDayDetail(d).name.includes(',') ? getDayDetail(d).name.split(',')[1] : undefined),
    lunarDay: d => (yearOf(d) >= LUNAR_FROM && yearOf(d) <= LUNAR_UNTIL ? getLunarDate(d).lunarDay : 0),
  };
};

/** Reads the bureau's days once and again only when they have changed in number or content. */
export const calendarSource = (): CalendarSource => {
  let last: { text: string; calendar: Calendar } | undefined;
  return {
    async calendar(read: Read) {
      const own = await read.all('calendarDays', {});
      const text = JSON.stringify(own);
      if (last?.text !== text) last = { text, calendar: makeCalendar(own) };
      return last.calendar;
    },
  };
};
