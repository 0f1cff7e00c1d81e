/** Months and stretches of time to look at: 本月, 5月, 第二季度, 上半年, 2024年, 5月-7月, 本周, 近7天. */
import {
  addDays,
  addMonths,
  type Day,
  daysBetween,
  firstOf,
  lastOf,
  type Month,
  monthOf,
  monthSpan,
  quarterSpan,
  type Span,
  sayDay,
  weekSpan,
  within,
  yearOf,
  ymd,
} from '../day.ts';
import { type DateProblem, datesAt } from './dates.ts';
import { matchAt, NUMBER, nearestMonth, numberOf, type Prefer, shiftOf, sticky, type Terms, WEEK, WEEKDAY } from './day-words.ts';
import { simplify } from './traditional.ts';

/** A span, and what it is called. */
export interface Period extends Span {
  label: string;
}
export interface PeriodAt {
  period: Period;
  end: number;
  problem?: DateProblem;
}

const YEAR = '(\\d{4}|2\\d(?=年)|[〇零一二三四五六七八九]{4}|今|本|去|明|前|上|下)(?:年度?|一年)';
const RE = {
  month: sticky(`(?:${YEAR}的?)?(${NUMBER})月(?:份)?(?![底末初上中下]|\\d{1,2}(?!\\d)|[一二三四五六七八九十廿卅](?![个家人次名]))`),
  monthWord: sticky('(上上|上|本|这|当|下下|下)个?月(?:份)?(?![底末初\\d]|[一二三四五六七八九十廿卅]+[日号]|的?(?:第|最后))'),
  monthIso: sticky('(\\d{4})[-./](\\d{1,2})(?![-./]?\\d)'),
  through: sticky(' ?(?:-{1,2}|~|—{1,2}|–|至|到) ?'),
  bareMonths: sticky(`(?:${YEAR}的?)?(${NUMBER})(?: ?(?:-{1,2}|~|—{1,2}|–|至|到) ?)(${NUMBER})月(?:份)?(?![底末初\\d])`),
  quarter: sticky(`(?:${YEAR}的?)?(?:第?([一二三四1-4])季度?|[qQ]([1-4])(?!\\d))`),
  quarterWord: sticky('(上|本|这|当|下)(?:一?个)?季度?'),
  halfYear: sticky(`(?:${YEAR}的?)?(上|下)半年`),
  year: sticky(`${YEAR}(?:全年)?(?![\\d一二三四五六七八九十底])`),
  fullYear: sticky('全年度?|年度(?!总结|报告|考核|计划|评)'),
  ownYear: sticky('(\\d{4}|今|本|全)?年度(?!总结|报告|考核|计划|评)'),
  bareYear: sticky('(20\\d{2})(?![\\d.\\-/年月])'),
  week: sticky(`(上上|上|本|这|当|下下|下)(?:一?个)?${WEEK}(?!${WEEKDAY}|末)`),
  recent: sticky(`(?:最近|近|过去)(${NUMBER}|\\d{2,3})(天|日|周|个?星期|个月|年)`),
};

const yearOfWord = (word: string | undefined, today: Day): number | undefined => {
  if (word === undefined) return undefined;
  const shift: Record<string, number> = { 今: 0, 本: 0, 去: -1, 上: -1, 明: 1, 下: 1, 前: -2 };
  return word in shift ? yearOf(today) + shift[word]! : /^\d\d$/.test(word) ? 2000 + Number(word) : numberOf(word);
};
const monthIn = (year: number, m: number): Month | undefined => {
  const day = ymd(year, m, 1);
  return day && monthOf(day);
};

/** The month named at a place of a text: 5月, 五月份, 本月, 上个月, 2024年5月, 2024-05. */
export const monthAt = (
  text: string,
  i: number,
  today: Day,
  prefer: Prefer = 'near',
  terms?: Terms,
): { month: Month; end: number; year: boolean } | undefined => {
  let m = matchAt(RE.monthWord, text, i);
  if (m) return { month: addMonths(monthOf(today), shiftOf(m[1])), end: i + m[0].length, year: true };
  m = matchAt(RE.month, text, i);
  if (m) {
    const year = yearOfWord(m[1], today);
    const n = numberOf(m[2]!);
    const month = year === undefined ? nearestMonth(n, { today, prefer, terms }) : monthIn(year, n);
    return month && { month, end: i + m[0].length, year: year !== undefined };
  }
  m = matchAt(RE.monthIso, text, i);
  const month = m ? monthIn(Number(m[1]), Number(m[2])) : undefined;
  return m && month ? { month, end: i + m[0].length, year: true } : undefined;
};

const NO_SUCH = [
  { re: sticky(`(?:${YEAR}的?)?(${NUMBER}|[〇零])月(?:份)?(?![底末初上中下]|\\d{1,2}(?!\\d))`), most: 12 },
  { re: sticky('(20\\d{2})[-./](\\d{1,2})(?![-./]?\\d)'), most: 12 },
  { re: sticky(`(?:${YEAR}的?)?第(${NUMBER}|[〇零])季度?`), most: 4 },
  { re: sticky(`(?:${YEAR}的?)?(${NUMBER}|[〇零])季度`), most: 4 },
  { re: sticky('()[qQ](\\d{1,2})(?!\\d)'), most: 4 },
];
/** What is said like a month or a quarter and is none: 13月, 第五季度. */
export const noSuchPeriodAt = (text: string, i: number): { said: string; end: number } | undefined => {
  for (const { re, most } of NO_SUCH) {
    const m = matchAt(re, text, i);
    const n = m ? numberOf(m[2]!) : 1;
    if (m && (n < 1 || n > most)) return { said: m[0].trim(), end: i + m[0].length };
  }
  return undefined;
};

const sayMonths = (a: Month, b: Month): string =>
  a === b
    ? `${yearOf(a)}年${Number(a.slice(5))}月`
    : `${yearOf(a)}年${Number(a.slice(5))}月至${yearOf(a) === yearOf(b) ? '' : `${yearOf(b)}年`}${Number(b.slice(5))}月`;
const sayDays = ({ from, to }: Span, today: Day): string =>
  from === to ? sayDay(from, today) : `${sayDay(from, today)}至${sayDay(to, yearOf(from) === yearOf(to) ? from : today)}`;
const QUARTERS = '一二三四';

/** The year of months whose year is not said: today's where today lies in them, else that of their last month, read as any month. */
const yearMeant = (from: number, to: number, today: Day, terms: Terms | undefined): number => {
  const now = Number(today.slice(5, 7));
  return from <= now && now <= to ? yearOf(today) : yearOf(nearestMonth(to, { today, prefer: 'year', terms }) ?? today);
};

const SINCE = { before: sticky('(?:自|从|打) ?'), behind: sticky(' ?(?:起|开始|以后|之后|往后)') };
/** From when on, as it was said: a month, or a day. */
export type Since = { month: Month } | { day: Day };

/** From when on, named at a place of a text: 自5月起, 5月起, 从4月17日开始. */
export const sinceAt = (text: string, i: number, today: Day, terms?: Terms): { since: Since; end: number } | undefined => {
  const before = matchAt(SINCE.before, text, i)?.[0].length ?? 0;
  const month = monthAt(text, i + before, today, 'future', terms);
  const dates = month ? undefined : datesAt(text, i + before, today, { prefer: 'future', free: true, terms });
  const [item, ...more] = dates?.problem ? [] : (dates?.items ?? []);
  const end = month?.end ?? dates?.end;
  if (end === undefined || (!month && (!item || more.length || item.from !== item.to))) return undefined;
  const behind = matchAt(SINCE.behind, text, end)?.[0].length ?? 0;
  return before || behind ? { since: month ? { month: month.month } : { day: item!.from }, end: end + behind } : undefined;
};

/** The programme's year where it is not the calendar's: the one in force, after it the last, or one that begins in a year that is said. */
const ownYear = (said: string | undefined, today: Day, terms: Terms | undefined): Span | undefined => {
  const all = terms ? [terms.now, ...terms.known] : [];
  const over = terms && !all.some(t => within(today, t)) && terms.now.to < today && said !== '今' ? terms.now : undefined;
  return all.find(
    t =>
      (t === over || yearOf(t.from) < yearOf(t.to)) &&
      daysBetween(t.from, t.to) <= 366 &&
      (/^\d/.test(said ?? '') ? yearOf(t.from) === Number(said) : t === over || within(today, t)),
  );
};
/** 2023年, and a year that is not the calendar's by its months. */
const sayYear = ({ from, to }: Span): string =>
  from.endsWith('-01-01') && to === `${from.slice(0, 4)}-12-31` ? `${yearOf(from)}年` : sayMonths(monthOf(from), monthOf(to));

/** The period named at a place of a text. A year that is not said is this one's, or for what lies more than half a year ahead the last one's. */
export const periodAt = (text: string, i: number, today: Day, terms?: Terms): PeriodAt | undefined => {
  const found = (span: Span, label: string, m: RegExpExecArray): PeriodAt => ({ period: { ...span, label }, end: i + m[0].length });
  let m = matchAt(RE.quarter, text, i);
  if (m) {
    const q = numberOf(m[2] ?? m[3]!);
    const year = yearOfWord(m[1], today) ?? yearMeant(q * 3 - 2, q * 3, today, terms);
    return found(quarterSpan(ymd(year, q * 3, 1)!), `${year}年第${QUARTERS[q - 1]}季度`, m);
  }
  m = matchAt(RE.quarterWord, text, i);
  if (m) {
    const span = quarterSpan(firstOf(addMonths(monthOf(today), 3 * shiftOf(m[1]))));
    return found(span, `${yearOf(span.from)}年第${QUARTERS[Math.floor((Number(span.from.slice(5, 7)) - 1) / 3)]}季度`, m);
  }
  m = matchAt(RE.halfYear, text, i);
  if (m) {
    const first = m[2] === '上';
    const year = yearOfWord(m[1], today) ?? yearMeant(first ? 1 : 7, first ? 6 : 12, today, terms);
    return found({ from: ymd(year, first ? 1 : 7, 1)!, to: ymd(year, first ? 6 : 12, first ? 30 : 31)! }, `${year}年${m[2]}半年`, m);
  }
  m = matchAt(RE.bareMonths, text, i);
  if (m) {
    const year = yearOfWord(m[1], today) ?? yearMeant(numberOf(m[2]!), numberOf(m[3]!), today, terms);
    const [a, b] = [monthIn(year, numberOf(m[2]!)), monthIn(year, numberOf(m[3]!))];
    if (a && b && a <= b) return found({ from: firstOf(a), to: lastOf(b) }, sayMonths(a, b), m);
  }
  m = matchAt(RE.week, text, i);
  if (m) {
    const span = weekSpan(addDays(today, 7 * shiftOf(m[1])));
    return found(span, sayDays(span, today), m);
  }
  m = matchAt(RE.recent, text, i);
  if (m) {
    const n = numberOf(m[1]!);
    const from =
      m[2] === '年'
        ? addDays(firstOf(addMonths(monthOf(today), -12 * n + 1)), 0)
        : m[2] === '个月'
          ? firstOf(addMonths(monthOf(today), 1 - n))
          : addDays(today, 1 - n * (/周|星期/.test(m[2]!) ? 7 : 1));
    return found({ from, to: today }, sayDays({ from, to: today }, today), m);
  }
  const dates = datesAt(text, i, today, { prefer: 'past', terms });
  if (dates) {
    if (dates.problem)
      return { period: { ...(dates.items[0] ?? { from: today, to: today }), label: '' }, end: dates.end, problem: dates.problem };
    const span = { from: dates.items[0]!.from, to: dates.items.at(-1)!.to };
    // A list is no period.
    if (dates.items.length === 1) return { period: { ...span, label: sayDays(span, today) }, end: dates.end };
  }
  const near = monthAt(text, i, today, 'year', terms);
  const first = near && !near.year && near.month.slice(5) === today.slice(5, 7) ? { ...near, month: monthOf(today) } : near;
  if (first) {
    const link = matchAt(RE.through, text, first.end);
    const second = link ? monthAt(text, first.end + link[0].length, firstOf(first.month), 'future') : undefined;
    if (second && second.month >= first.month) {
      return {
        period: { from: firstOf(first.month), to: lastOf(second.month), label: sayMonths(first.month, second.month) },
        end: second.end,
      };
    }
    return { period: { ...monthSpan(first.month), label: sayMonths(first.month, first.month) }, end: first.end };
  }
  m = matchAt(RE.ownYear, text, i);
  const own = m ? ownYear(m[1], today, terms) : undefined;
  if (m && own) return found(own, sayYear(own), m);
  m = matchAt(RE.year, text, i) ?? matchAt(RE.bareYear, text, i) ?? matchAt(RE.fullYear, text, i);
  if (m) {
    const year = yearOfWord(m[1], today) ?? yearOf(today);
    return found({ from: ymd(year, 1, 1)!, to: ymd(year, 12, 31)! }, `${year}年`, m);
  }
  return undefined;
};

const first = <T extends { end: number }>(
  text: string,
  look: (plain: string, i: number) => T | undefined,
): { found: T; rest: string } | undefined => {
  const plain = simplify(text);
  for (let i = 0; i < plain.length; i++) {
    if (i > 0 && /[\d.\-第]/.test(plain[i - 1]!)) continue;
    const found = look(plain, i);
    if (found) return { found, rest: `${text.slice(0, i).trimEnd()} ${text.slice(found.end).trimStart()}`.trim() };
  }
  return undefined;
};

/** The first month in a text, and the text without it. */
export const takeMonth = (text: string, today: Day, prefer: Prefer = 'near'): { value: Month; rest: string } | undefined => {
  const got = first(text, (plain, i) => monthAt(plain, i, today, prefer));
  return got && { value: got.found.month, rest: got.rest };
};

/** The first period in a text, and the text without it. */
export const takePeriod = (text: string, today: Day): { value: Period; rest: string } | undefined => {
  const got = first(text, (plain, i) => periodAt(plain, i, today));
  return got && !got.found.problem ? { value: got.found.period, rest: got.rest } : undefined;
};
