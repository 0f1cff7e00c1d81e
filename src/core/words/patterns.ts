/** Relatively fixed times: 每月第二个周三, 每月5日15日, 每周一三五, 每月下旬, market days 逢三、八. */
import { type Day, dayOfMonth, daysIn, lastOf, type Month, monthSpan, weekday } from '../day.ts';
import { matchAt, nthWeekdayOf, numberOf, sticky, WEEK, WEEKDAY, weekdayOf } from './day-words.ts';
import { simplify } from './traditional.ts';

export type Third = 1 | 2 | 3;
export type Pattern =
  /** 每月第二个周三; −1 is the last. */
  | { kind: 'nth-weekday'; nths: number[]; weekday: number }
  /** 每月5日15日; −1 is the last day. */
  | { kind: 'days-of-month'; days: number[] }
  /** 每周一三五. */
  | { kind: 'weekly'; weekdays: number[] }
  /** 隔周三: which weeks is not said, so no day follows from it; whoever typed it is asked. */
  | { kind: 'every-other-week'; weekdays: number[] }
  /** 每月下旬, 每月下旬周三: which day of it is not said, so no day follows from it; whoever typed it is asked. */
  | { kind: 'third-of-month'; third: Third; weekday?: number }
  /** 每月中旬第一个周三; −1 is the last. */
  | { kind: 'weekday-of-third'; third: Third; weekday: number; nth: 1 | -1 }
  /** 逢三、八: days whose last figure is one of these, by the solar or lunar calendar. */
  | { kind: 'market'; figures: number[]; lunar: boolean };

const AND = '[、,，和及与]?';
const EVERY_MONTH = '每个?月(?:的|逢)?';
const DAY_NUMBER =
  '(?:\\d{1,2}(?!\\d)|三十一?|二?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|卅一?|二十[一二三四五六七八九]?|[一二三四五六七八九])';
const FIGURE = '[一二三四五六七八九十〇零0-9]';
const RE = {
  nth: sticky(`${EVERY_MONTH}(?:第([一二三四五1-5](?:${AND}第?[一二三四五1-5])*)|最后一?)个?${WEEK}(${WEEKDAY})`),
  weekly: sticky(`(?:每个?|逢)${WEEK}(${WEEKDAY}(?: ?${AND} ?${WEEK}?${WEEKDAY}(?!\\d))*)(?!\\d)`),
  weekSpan: sticky(`每个?${WEEK}(${WEEKDAY}) ?[-~至到—] ?${WEEK}?(${WEEKDAY})`),
  otherWeek: sticky(`(?:每?隔一?个?|每两个?|每2个?)${WEEK}的?${WEEK}?(${WEEKDAY}(?:${AND}${WEEKDAY})*)`),
  third: sticky(`${EVERY_MONTH}(上|中|下)旬(?: ?的? ?(?:(第一|首|最后一?)个? ?)?${WEEK}(${WEEKDAY}))?`),
  lastDay: sticky(`${EVERY_MONTH}(?:最后一天|月底|末|底)`),
  days: sticky(`${EVERY_MONTH}(${DAY_NUMBER}(?:[日号]? ?${AND} ?${DAY_NUMBER}){0,31})[日号]`),
  market: sticky(
    `(?:每月)?(农历|阴历|旧历|公历|阳历)?(?:每月|的)?(?:赶集日|圩日|墟日|赶圩|赶集)?逢(${FIGURE}(?: ?${AND} ?逢?${FIGURE})*)(?![\\d年月周])(?:[日号])?(?:赶集日?|圩日?|赶圩|墟日?)?`,
  ),
};

const weekdaysOf = (text: string): number[] =>
  [...new Set([...text.matchAll(/[一二三四五六日天1-7]/g)].map(c => weekdayOf(c[0])))].sort((a, b) => a - b);

/** The pattern named at a place of a text. */
export const patternAt = (text: string, i: number): { pattern: Pattern; end: number } | undefined => {
  if (!/[每逢隔农阴旧公阳赶圩墟]/.test(text[i] ?? '')) return undefined;
  const found = (pattern: Pattern, m: RegExpExecArray) => ({ pattern, end: i + m[0].length });
  let m = matchAt(RE.nth, text, i);
  if (m) {
    const nths = m[1] ? [...new Set([...m[1].matchAll(/[一二三四五1-5]/g)].map(c => numberOf(c[0])))] : [-1];
    return found({ kind: 'nth-weekday', nths, weekday: weekdayOf(m[2]!) }, m);
  }
  m = matchAt(RE.otherWeek, text, i);
  if (m) return found({ kind: 'every-other-week', weekdays: weekdaysOf(m[1]!) }, m);
  m = matchAt(RE.weekSpan, text, i);
  if (m) {
    const [from, to] = [weekdayOf(m[1]!), weekdayOf(m[2]!)];
    if (from <= to) return found({ kind: 'weekly', weekdays: Array.from({ length: to - from + 1 }, (_, k) => from + k) }, m);
  }
  m = matchAt(RE.weekly, text, i);
  if (m) return found({ kind: 'weekly', weekdays: weekdaysOf(m[1]!) }, m);
  m = matchAt(RE.third, text, i);
  if (m) {
    const third: Third = m[1] === '上' ? 1 : m[1] === '中' ? 2 : 3;
    if (!m[3]) return found({ kind: 'third-of-month', third }, m);
    const day = weekdayOf(m[3]);
    return found(
      m[2]
        ? { kind: 'weekday-of-third', third, weekday: day, nth: m[2].startsWith('最') ? -1 : 1 }
        : { kind: 'third-of-month', third, weekday: day },
      m,
    );
  }
  m = matchAt(RE.lastDay, text, i);
  if (m) return found({ kind: 'days-of-month', days: [-1] }, m);
  m = matchAt(RE.days, text, i);
  if (m) {
    const days = [...new Set([...m[1]!.matchAll(new RegExp(DAY_NUMBER, 'g'))].map(n => numberOf(n[0])))];
    if (days.every(n => n >= 1 && n <= 31)) return found({ kind: 'days-of-month', days: days.sort((a, b) => a - b) }, m);
  }
  m = matchAt(RE.market, text, i);
  if (m) {
    const figures = [...new Set([...m[2]!.matchAll(new RegExp(FIGURE, 'g'))].map(c => numberOf(c[0]) % 10))];
    return found({ kind: 'market', figures, lunar: /[农阴旧]/.test(m[1] ?? '') }, m);
  }
  return undefined;
};

/** The first pattern in a text, and the text without it. */
export const takePattern = (text: string): { value: Pattern; rest: string } | undefined => {
  const plain = simplify(text);
  for (let i = 0; i < plain.length; i++) {
    const found = patternAt(plain, i);
    if (found) return { value: found.pattern, rest: `${text.slice(0, i).trimEnd()} ${text.slice(found.end).trimStart()}`.trim() };
  }
  return undefined;
};

/** The Chinese third of a month: 上旬 to the 10th, 中旬 to the 20th, 下旬 to its end. */
export const thirdOf = (month: Month, third: Third): Day[] => {
  const [from, to] = third === 1 ? [1, 10] : third === 2 ? [11, 20] : [21, 31];
  return daysIn(monthSpan(month)).filter(d => dayOfMonth(d) >= from && dayOfMonth(d) <= to);
};

/**
 * The days of a month that fit a pattern, in order. A day that the month does not have (the 31st of June) is left out.
 * `lunarDay`: day of the lunar month, 0 where it is not known.
 */
export const expand = (pattern: Pattern, month: Month, lunarDay: (d: Day) => number): Day[] => {
  const days = daysIn(monthSpan(month));
  switch (pattern.kind) {
    case 'nth-weekday':
      return [...new Set(pattern.nths.map(n => nthWeekdayOf(month, n, pattern.weekday)).filter(d => d !== undefined))].sort();
    case 'days-of-month':
      return days.filter(d => pattern.days.includes(dayOfMonth(d)) || (pattern.days.includes(-1) && d === lastOf(month)));
    case 'weekly':
      return days.filter(d => pattern.weekdays.includes(weekday(d)));
    case 'market':
      return days.filter(d => {
        const n = pattern.lunar ? lunarDay(d) : dayOfMonth(d);
        return n > 0 && pattern.figures.includes(n % 10);
      });
    case 'weekday-of-third':
      return thirdOf(month, pattern.third)
        .filter(d => weekday(d) === pattern.weekday)
        .slice(...(pattern.nth === 1 ? [0, 1] : [-1]));
    case 'every-other-week':
    case 'third-of-month':
      return [];
  }
};
