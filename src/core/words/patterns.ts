/** Relatively fixed times: 每月第二个周三, 每月5日15日, 每周三, 每月下旬, market days 逢三、八. */
import { type Day, dayOfMonth, daysIn, lastOf, type Month, monthSpan, weekday } from '../day.ts';
import { NUMBER, nthWeekdayOf } from './dates.ts';
import { parseNumeral as numeral } from './numerals.ts';

export type Pattern =
  | { kind: 'nth-weekday'; nth: number; weekday: number }
  | { kind: 'month-days'; days: number[] }
  | { kind: 'weekdays'; weekdays: number[] }
  /** 上旬 1, 中旬 2, 下旬 3: every day of it that is Monday to Friday. */
  | { kind: 'third'; third: 1 | 2 | 3 }
  /** Days of the month whose last figure is one of these, by the solar or lunar calendar. */
  | { kind: 'market'; figures: number[]; lunar: boolean };

const wd = (c: string): number => (c === '日' || c === '天' ? 7 : numeral(c)!);
const cut = (text: string, m: RegExpExecArray): string =>
  `${text.slice(0, m.index)} ${text.slice(m.index + m[0].length)}`.replace(/ +/g, ' ').trim();
const numbers = (text: string): number[] => [...text.matchAll(new RegExp(NUMBER, 'g'))].map(n => numeral(n[0])!);

/** The first pattern in a text and what is left. */
export const takePattern = (text: string): { pattern: Pattern; rest: string } | undefined => {
  let m = /每个?月的?(?:第([一二三四五1-5])|最后一?)个?(?:周|星期|礼拜)([一二三四五六日天1-7])/.exec(text);
  if (m) return { pattern: { kind: 'nth-weekday', nth: m[1] ? numeral(m[1])! : 0, weekday: wd(m[2]!) }, rest: cut(text, m) };
  m = /每个?(?:周|星期|礼拜)((?:[一二三四五六日天1-7][、,，和及]? ?)+)/.exec(text);
  if (m)
    return {
      pattern: {
        kind: 'weekdays',
        weekdays: [...new Set([...m[1]!.matchAll(/[一二三四五六日天1-7]/g)].map(c => wd(c[0])))].sort((a, b) => a - b),
      },
      rest: cut(text, m),
    };
  m = /每个?月的?(上|中|下)旬/.exec(text);
  if (m) return { pattern: { kind: 'third', third: m[1] === '上' ? 1 : m[1] === '中' ? 2 : 3 }, rest: cut(text, m) };
  m = new RegExp(`每个?月的?((?:${NUMBER}[日号]?[、,，和及 ]*)+)(?:[日号])?`).exec(text);
  if (m && /[日号]/.test(m[0])) {
    const days = [...new Set(numbers(m[1]!))].filter(n => n >= 1 && n <= 31);
    if (days.length) return { pattern: { kind: 'month-days', days }, rest: cut(text, m) };
  }
  m = /(?:(农历|阴历|公历|阳历|每月)的?)?逢((?:[一二三四五六七八九十〇零0-9][、,，和及]? ?)+)(?:[日号]|赶集|圩日|赶圩|墟日)?/.exec(text);
  if (m) {
    const figures = [...new Set([...m[2]!.matchAll(/[一二三四五六七八九十〇零0-9]/g)].map(c => (c[0] === '十' ? 0 : numeral(c[0])!)))];
    return { pattern: { kind: 'market', figures, lunar: m[1] === '农历' || m[1] === '阴历' }, rest: cut(text, m) };
  }
  return undefined;
};

/** The days of a month that fit a pattern. A day that the month does not have (31 in June) is left out. */
export const expand = (pattern: Pattern, month: Month, lunarDay: (d: Day) => number): Day[] => {
  const days = daysIn(monthSpan(month));
  switch (pattern.kind) {
    case 'nth-weekday': {
      const d = nthWeekdayOf(month, pattern.nth, pattern.weekday);
      return d ? [d] : [];
    }
    case 'month-days':
      return days.filter(d => pattern.days.includes(dayOfMonth(d)));
    case 'weekdays':
      return days.filter(d => pattern.weekdays.includes(weekday(d)));
    case 'third': {
      const [from, to] = pattern.third === 1 ? [1, 10] : pattern.third === 2 ? [11, 20] : [21, dayOfMonth(lastOf(month))];
      return days.filter(d => dayOfMonth(d) >= from && dayOfMonth(d) <= to && weekday(d) <= 5);
    }
    case 'market':
      return days.filter(d => pattern.figures.includes((pattern.lunar ? lunarDay(d) : dayOfMonth(d)) % 10));
  }
};
