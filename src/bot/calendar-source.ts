/** The State Council's calendars as the chinese-days package has them, with the bureau's own days over them. */
// Its CommonJS names are invisible to Node's own import; only bundlers see them.
import chineseDays from 'chinese-days';
import type { Calendar } from '../core/calendar.ts';
import { addDays, type Day, day, dayOfMonth, daysIn, weekday, yearOf } from '../core/day.ts';
import type { CalendarDay } from '../core/records.ts';
import type { CalendarSource, Read } from './ports.ts';

const { getDayDetail, getLunarDate } = chineseDays;

/** Days off and made-up workdays. */
type Exceptions = ReadonlyMap<Day, { work: boolean; name: string }>;

// The package reads the day of a text in the process's zone, so that west of Greenwich each day has the kind of the one before; noon of the zone is of that day in every zone.
const detail = (d: Day) => getDayDetail(new Date(yearOf(d), Number(d.slice(5, 7)) - 1, dayOfMonth(d), 12));

/** The package names three feasts without the 节 of the official notices, each as `English,中文,days`. */
const sayHoliday = (name: string): string => {
  const chinese = name.split(',')[1] ?? name;
  return /^(清明|端午|中秋)$/.test(chinese) ? `${chinese}节` : chinese;
};

const shipped = new Map<number, Exceptions | undefined>();
/** The exceptions of a year, or undefined where the package has none: it calls every day of such a year an ordinary one. */
const exceptionsOf = (year: number): Exceptions | undefined => {
  if (!shipped.has(year)) {
    const all = daysIn({ from: day(`${year}-01-01`), to: day(`${year}-12-31`) }).map(d => ({ d, ...detail(d) }));
    // An ordinary day is named Monday or Sunday, without a comma.
    const found = all.filter(({ name }) => name.includes(',')).map(({ d, work, name }) => [d, { work, name: sayHoliday(name) }] as const);
    shipped.set(year, found.length ? new Map(found) : undefined);
  }
  return shipped.get(year);
};

// A text here, never a Date: the package counts lunar days from an instant of Greenwich.
const lunarDay = (d: Day): number => (yearOf(d) > 1900 && yearOf(d) < 2100 ? getLunarDate(d).lunarDay : 0);

const lunarFeasts = new Map<number, Day[]>();
/** 春节, 端午 and 中秋 of a year. */
const lunarFeastsOf = (year: number): Day[] => {
  let feasts = lunarFeasts.get(year);
  if (!feasts) {
    feasts = [];
    for (let d = day(`${year}-01-01`); yearOf(d) === year; d = addDays(d, 1)) {
      const { lunarMon, lunarDay: n, isLeap } = getLunarDate(d);
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
  const days = new Map(own.map(d => [d.id, d]));
  const enteredYears = new Set([...new Set(own.map(d => yearOf(d.id)))].filter(y => entered(days, y)));
  const knows = (year: number): boolean => exceptionsOf(year) !== undefined || enteredYears.has(year);
  return {
    knows,
    kind: d => {
      const set = days.get(d);
      if (set) return set.work ? 'work' : 'rest';
      if (!knows(yearOf(d))) return 'unknown';
      return (exceptionsOf(yearOf(d))?.get(d)?.work ?? weekday(d) <= 5) ? 'work' : 'rest';
    },
    holiday: d => {
      const off = days.get(d) ?? exceptionsOf(yearOf(d))?.get(d);
      return off && !off.work ? off.name : undefined;
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
