/** The State Council's calendars as the chinese-days package has them, with the bureau's own days over them. */
import { createRequire } from 'node:module';
import type { Calendar } from '../core/calendar.ts';
import { addDays, type Day, day, weekday, yearOf } from '../core/day.ts';
import type { CalendarDay } from '../core/records.ts';
import type { CalendarSource, Read } from './ports.ts';

/** Days off and made-up workdays, each as `English,中文,days`. */
interface Shipped {
  holidays: Record<Day, string>;
  workdays: Record<Day, string>;
}
interface Exceptions {
  years: ReadonlySet<number>;
  rest: ReadonlyMap<Day, string>;
  work: ReadonlySet<Day>;
}

const require = createRequire(import.meta.url);
/** Keeps the first answer. */
const once = <T>(make: () => T): (() => T) => {
  let kept: { value: T } | undefined;
  return () => (kept ??= { value: make() }).value;
};

/** The package names three feasts without the 节 of the official notices. */
const sayHoliday = (name: string): string => {
  const chinese = name.split(',')[1] ?? name;
  return /^(清明|端午|中秋)$/.test(chinese) ? `${chinese}节` : chinese;
};

// Its data is read, not its functions asked: they call a day of an unknown year an ordinary one, and in zones west of Greenwich their whole table is a day off.
// It is required, since Node's own import does not see the names of this CommonJS package, and warns of JSON.
const exceptions = once((): Exceptions => {
  const data = require('chinese-days/dist/chinese-days.json') as Shipped;
  const rest = Object.entries(data.holidays) as [Day, string][];
  return {
    years: new Set(rest.map(([d]) => yearOf(d))),
    rest: new Map(rest.map(([d, name]) => [d, sayHoliday(name)])),
    work: new Set(Object.keys(data.workdays) as Day[]),
  };
});

// Loaded when first asked for. Lunar days are right in every zone as long as the day is given as text.
const lunar = once(() => (require('chinese-days') as typeof import('chinese-days')).getLunarDate);
const lunarDay = (d: Day): number => (yearOf(d) > 1900 && yearOf(d) < 2100 ? lunar()(d).lunarDay : 0);

const lunarFeasts = new Map<number, Day[]>();
/** 春节, 端午 and 中秋 of a year. */
const lunarFeastsOf = (year: number): Day[] => {
  let feasts = lunarFeasts.get(year);
  if (!feasts) {
    feasts = [];
    for (let d = day(`${year}-01-01`); yearOf(d) === year; d = addDays(d, 1)) {
      const { lunarMon, lunarDay: n, isLeap } = lunar()(d);
      if (!isLeap && ((lunarMon === 1 && n === 1) || (lunarMon === 5 && n === 5) || (lunarMon === 8 && n === 15))) feasts.push(d);
    }
    lunarFeasts.set(year, feasts);
  }
  return feasts;
};

/** A notice is entered as a whole when all of the year's statutory feasts are days off: one forgotten would be a silent workday. */
const entered = (own: ReadonlyMap<Day, CalendarDay>, year: number): boolean => {
  const off = (d: string) => own.get(d as Day)?.work === false;
  if (!['01-01', '05-01', '10-01'].every(d => off(`${year}-${d}`)) || year < 1901 || year > 2099) return false;
  // 清明 falls on the 4th or the 5th.
  return ['04-04', '04-05'].some(d => off(`${year}-${d}`)) && lunarFeastsOf(year).every(off);
};

/** A calendar of the package's years and these days, which win. */
export const makeCalendar = (own: readonly CalendarDay[]): Calendar => {
  const { years, rest, work } = exceptions();
  const days = new Map(own.map(d => [d.id, d]));
  const enteredYears = new Set([...new Set(own.map(d => yearOf(d.id)))].filter(y => entered(days, y)));
  const knows = (year: number): boolean => years.has(year) || enteredYears.has(year);
  return {
    knows,
    kind: d => {
      const set = days.get(d);
      if (set) return set.work ? 'work' : 'rest';
      if (!knows(yearOf(d))) return 'unknown';
      return work.has(d) || (weekday(d) <= 5 && !rest.has(d)) ? 'work' : 'rest';
    },
    holiday: d => {
      const set = days.get(d);
      return set ? (set.work ? undefined : set.name) : rest.get(d);
    },
    lunarDay,
  };
};

/** Reads the bureau's days, a handful of rows, each time; builds a calendar only when they have changed. */
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
