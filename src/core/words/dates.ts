/** Days as people type them. Only what is surely a date is taken; 2月30日 is a problem by name, never another day. */
import {
  addDays,
  addMonths,
  type Day,
  dayOfMonth,
  daysBetween,
  firstOf,
  lastOf,
  type Month,
  monthOf,
  monthSpan,
  quarterSpan,
  type Span,
  month as toMonth,
  weekday,
  weekSpan,
  yearOf,
  ymd,
} from '../day.ts';
import { parseNumeral as numeral } from './numerals.ts';

/** One or two digits, or a Chinese numeral up to 99. */
export const NUMBER = '(?:\\d{1,2}|[一二三四五六七八九]?[十廿卅][一二三四五六七八九]?|[一二两三四五六七八九])';

export type Prefer = 'near' | 'past' | 'future';
export type HalfWord = 'am' | 'pm' | 'day';
export interface DateItem {
  from: Day;
  to: Day;
  half?: HalfWord;
}
export interface DateFind {
  items: DateItem[];
  /** What is left, in its order. */
  rest: string;
  /** A day that does not exist, as it was said. */
  noSuchDay?: string;
}

const HALVES: readonly [RegExp, HalfWord][] = [
  [/^(?:上午|早上|上半天|早晨|am)/i, 'am'],
  [/^(?:下午|下半天|午后|傍晚|pm)/i, 'pm'],
  [/^(?:全天|整天|一整天|一天)/, 'day'],
];
const WEEK = '(?:周|星期|礼拜)';
const WEEKDAY = '[一二三四五六日天1-7]';
const THIS = '(?:本|这个?|当)';
const NEXT = '下个?';
const LAST = '上个?';

const weekdayOf = (c: string): number => (c === '日' || c === '天' ? 7 : numeral(c)!);
const shift = (word: string): number =>
  /^下下/.test(word) ? 2 : /^下/.test(word) ? 1 : /^上上/.test(word) ? -2 : /^上/.test(word) ? -1 : 0;

type Found =
  | { day: Day; end: number /** Has its own month, so that a following bare number inherits it. */; month: Month }
  | { none: string; end: number };

/** The year that is not said: the nearest, leaning to the side that the command looks to. */
const yearFor = (m: number, d: number, today: Day, prefer: Prefer): Day | undefined => {
  const [low, high] = prefer === 'future' ? [-90, 275] : prefer === 'past' ? [-275, 90] : [-182, 183];
  const candidates = [-1, 0, 1].map(k => ymd(yearOf(today) + k, m, d)).filter(x => x !== undefined);
  return (
    candidates.find(c => daysBetween(today, c) > low && daysBetween(today, c) <= high) ??
    candidates.sort((a, b) => Math.abs(daysBetween(today, a)) - Math.abs(daysBetween(today, b)))[0]
  );
};

const inMonth = (m: Month, d: number): Day | undefined => ymd(yearOf(m), Number(m.slice(5)), d);

/** The nth weekday of a month; 0 is the last. */
export const nthWeekdayOf = (m: Month, n: number, wd: number): Day | undefined => {
  const all: Day[] = [];
  for (let d = firstOf(m); d <= lastOf(m); d = addDays(d, 1)) if (weekday(d) === wd) all.push(d);
  return n === 0 ? all.at(-1) : all[n - 1];
};

const sticky = (source: string) => new RegExp(source, 'y');
const R = {
  relative: sticky('大后天|大前天|今天|今日|今晚|今早|明天|明日|明早|后天|昨天|昨日|前天'),
  full: sticky(`(\\d{4})(?:[-/.]|年 ?)(${NUMBER})(?:[-/.]|月 ?)(${NUMBER})[日号]?(?![\\d])`),
  eight: sticky('(20\\d{2})(\\d{2})(\\d{2})(?!\\d)'),
  nthWeekday: sticky(`(?:(${THIS}|${NEXT}|${LAST})月|(${NUMBER})月份?)?的?(?:第([一二三四五1-5])|(最后一?))个?${WEEK}(${WEEKDAY})`),
  monthWord: sticky(`(?:(${THIS}|${NEXT}|${LAST})月)的?(${NUMBER})[日号]`),
  monthEnd: sticky(`(${THIS}|${NEXT}|${LAST})?月(底|末|初)`),
  monthDay: sticky(`(${NUMBER})月(?:份)?的? ?(${NUMBER})(?:[日号]|(?![\\d人次个家名天年]))`),
  week: sticky(`(下下|上上|${NEXT}|${LAST}|${THIS})?${WEEK}(${WEEKDAY})(?![0-9])`),
  after: sticky(`(${NUMBER})天(后|之后|以后|前|之前|以前)`),
  short: sticky('(\\d{1,2})([./-])(\\d{1,2})(?![\\d./:-]|[元块人次个家名%年月小时分米公])'),
  bare: sticky(`(${NUMBER})[日号]`),
  bareList: sticky(`(${NUMBER})(?= ?(?:[-~至到—–、,，和及] ?${NUMBER})+ ?[日号])`),
};
const RANGE = sticky(' ?(?:-|~|至|到|—+|–|－) ?');
const LIST = sticky(' ?(?:、|,|，|和|及|与) ?');

const at = (re: RegExp, text: string, i: number): RegExpExecArray | null => {
  re.lastIndex = i;
  return re.exec(text);
};

/** One day that begins at a place in the text. `month`: of the day before it in a list or range. */
const dayFrom = (
  text: string,
  i: number,
  today: Day,
  prefer: Prefer,
  inherited: Month | undefined,
  inheritedWeek: Day | undefined,
): Found | undefined => {
  const found = (day: Day | undefined, m: RegExpExecArray): Found =>
    day ? { day, end: i + m[0].length, month: monthOf(day) } : { none: m[0].trim(), end: i + m[0].length };
  const digitBefore = i > 0 && /[\d.A-Za-z]/.test(text[i - 1]!);
  let m = at(R.relative, text, i);
  if (m) {
    const offsets: Record<string, number> = {
      大后天: 3,
      大前天: -3,
      今天: 0,
      今日: 0,
      今晚: 0,
      今早: 0,
      明天: 1,
      明日: 1,
      明早: 1,
      后天: 2,
      昨天: -1,
      昨日: -1,
      前天: -2,
    };
    return found(addDays(today, offsets[m[0]]!), m);
  }
  if (digitBefore) return undefined;
  m = at(R.full, text, i);
  if (m) return found(ymd(Number(m[1]), numeral(m[2]!)!, numeral(m[3]!)!), m);
  m = at(R.eight, text, i);
  if (m) return found(ymd(Number(m[1]), Number(m[2]), Number(m[3])), m);
  m = at(R.nthWeekday, text, i);
  if (m) {
    const base = m[2] ? monthNear(numeral(m[2])!, today, prefer) : addMonths(monthOf(today), shift(m[1] ?? ''));
    if (base) return found(nthWeekdayOf(base, m[4] ? 0 : numeral(m[3]!)!, weekdayOf(m[5]!)), m);
  }
  m = at(R.monthWord, text, i);
  if (m) return found(inMonth(addMonths(monthOf(today), shift(m[1]!)), numeral(m[2]!)!), m);
  m = at(R.monthEnd, text, i);
  if (m && (m[2] !== '初' || m[1])) {
    const base = addMonths(monthOf(today), shift(m[1] ?? ''));
    return found(m[2] === '初' ? firstOf(base) : lastOf(base), m);
  }
  m = at(R.monthDay, text, i);
  if (m) {
    const [mm, dd] = [numeral(m[1]!)!, numeral(m[2]!)!];
    if (mm >= 1 && mm <= 12 && dd >= 1 && (dd <= 31 || /[日号]/.test(m[0]))) return found(yearFor(mm, dd, today, prefer), m);
  }
  m = at(R.week, text, i);
  if (m) {
    const wd = weekdayOf(m[2]!);
    const monday =
      inheritedWeek && m[1] === undefined ? weekSpan(inheritedWeek).from : weekSpan(addDays(today, 7 * shift(m[1] ?? ''))).from;
    let d = addDays(monday, wd - 1);
    if (m[1] === undefined && !inheritedWeek) {
      if (prefer === 'future' && d < today) d = addDays(d, 7);
      if (prefer === 'past' && d > today) d = addDays(d, -7);
    }
    return found(d, m);
  }
  m = at(R.after, text, i);
  if (m) return found(addDays(today, numeral(m[1]!)! * (m[2]!.includes('前') ? -1 : 1)), m);
  m = at(R.short, text, i);
  if (m) {
    const [a, b] = [Number(m[1]), Number(m[3])];
    // 12-14日 is a range of days, not the 14th of December.
    const range = m[2] === '-' && /^ ?[日号]/.test(text.slice(i + m[0].length));
    if (!range && a >= 1 && a <= 12 && b >= 1 && b <= 31) {
      const day = yearFor(a, b, today, prefer);
      // 2.30 may be a decimal; only a real day is taken, and 2/30 or 2-30 is no day.
      if (day || m[2] === '/') return found(day, m);
    }
  }
  m = at(R.bare, text, i) ?? at(R.bareList, text, i);
  if (m) {
    const dd = numeral(m[1]!)!;
    if (dd >= 1 && dd <= 31) {
      if (inherited) return found(inMonth(inherited, dd), m);
      const here = inMonth(monthOf(today), dd);
      if (prefer === 'future' && (!here || here < today)) return found(inMonth(addMonths(monthOf(today), 1), dd), m);
      if (prefer === 'past' && (!here || here > today)) return found(inMonth(addMonths(monthOf(today), -1), dd), m);
      return found(here, m);
    }
  }
  return undefined;
};

/** A bare number behind a connector takes month and year of the day before: 5月12-14日, 12、13号. */
const tailNumber = (text: string, i: number, m: Month): Found | undefined => {
  const bare = at(sticky(`(${NUMBER})(?:[日号]|(?![\\d./月人次个家名:%]))`), text, i);
  if (!bare) return undefined;
  const day = inMonth(m, numeral(bare[1]!)!);
  return day ? { day, end: i + bare[0].length, month: m } : { none: bare[0], end: i + bare[0].length };
};

const halfAt = (text: string, i: number): { half: HalfWord; end: number } | undefined => {
  const rest = text.slice(i).replace(/^[ 的]/, '');
  const skipped = text.length - i - rest.length;
  for (const [re, half] of HALVES) {
    const m = re.exec(rest);
    if (m) return { half, end: i + skipped + m[0].length };
  }
  return undefined;
};

/** Every day named in a text, in order, with what is left of the text. Undefined when there is none. */
export const findDates = (text: string, today: Day, options: { prefer?: Prefer } = {}): DateFind | undefined => {
  const prefer = options.prefer ?? 'near';
  const items: DateItem[] = [];
  let rest = '';
  let noSuchDay: string | undefined;
  let i = 0;
  while (i < text.length) {
    const first = dayFrom(text, i, today, prefer, undefined, undefined);
    if (!first) {
      rest += text[i];
      i++;
      continue;
    }
    let last = first;
    let item: DateItem | undefined = 'day' in first ? { from: first.day, to: first.day } : undefined;
    if ('none' in first) noSuchDay ??= first.none;
    else items.push(item!);
    i = first.end;
    for (;;) {
      const half = item && halfAt(text, i);
      if (half && item) {
        item.half = half.half;
        i = half.end;
      }
      if ('none' in last) break;
      const range = at(RANGE, text, i);
      const list = range ? null : at(LIST, text, i);
      const link = range ?? list;
      if (!link) break;
      const j = i + link[0].length;
      const next: Found | undefined = dayFrom(text, j, today, prefer, last.month, last.day) ?? tailNumber(text, j, last.month);
      if (!next) break;
      if ('none' in next) {
        noSuchDay ??= `${Number(last.month.slice(5))}月${next.none}`;
        i = next.end;
        break;
      }
      if (range && item) {
        // 12月30日-1月2日 goes over the year's end.
        const to =
          next.day < item.from && monthOf(next.day) < monthOf(item.from)
            ? (ymd(yearOf(next.day) + 1, Number(next.day.slice(5, 7)), dayOfMonth(next.day)) ?? next.day)
            : next.day;
        item.to = to;
      } else {
        item = { from: next.day, to: next.day };
        items.push(item);
      }
      last = next;
      i = next.end;
    }
    rest += ' ';
  }
  if (!items.length && noSuchDay === undefined) return undefined;
  return { items, rest: rest.replace(/ +/g, ' ').trim(), ...(noSuchDay === undefined ? {} : { noSuchDay }) };
};

/** The month of this number nearest to today. */
const monthNear = (m: number, today: Day, prefer: Prefer): Month | undefined => {
  if (m < 1 || m > 12) return undefined;
  const d = yearFor(m, 1, today, prefer);
  return d && monthOf(d);
};

/** A half day that stands alone. */
export const takeHalf = (text: string): { half: HalfWord; rest: string } | undefined => {
  const m = /(?:^|\s)(上午|早上|上半天|下午|下半天|午后|全天|整天|一整天)(?=\s|$)/.exec(text);
  if (!m) return undefined;
  const half = HALVES.find(([re]) => re.test(m[1]!))![1];
  return { half, rest: `${text.slice(0, m.index)} ${text.slice(m.index + m[0].length)}`.replace(/ +/g, ' ').trim() };
};

const cut = (text: string, m: RegExpExecArray): string =>
  `${text.slice(0, m.index)} ${text.slice(m.index + m[0].length)}`.replace(/ +/g, ' ').trim();

/** A month: 5月, 五月份, 本月, 上个月, 2024年5月, 2024-05. */
export const takeMonth = (text: string, today: Day, prefer: Prefer = 'near'): { month: Month; rest: string } | undefined => {
  let m =
    /(?:(\d{4})年|(今年|去年|明年))(\d{1,2}|[一二三四五六七八九十]{1,2})月(?:份)?(?![\d底末初])/.exec(text) ??
    /(?<![\d-])(\d{4})()-(\d{2})(?![-\d])/.exec(text);
  if (m) {
    const year = m[1] ? Number(m[1]) : yearOf(today) + (m[2] === '去年' ? -1 : m[2] === '明年' ? 1 : 0);
    const n = numeral(m[3]!);
    if (n !== undefined && n >= 1 && n <= 12) return { month: toMonth(`${year}-${String(n).padStart(2, '0')}`), rest: cut(text, m) };
  }
  m = /(本|这个?|当|上个?|下个?)月(?:份)?(?![底末初\d])/.exec(text);
  if (m) return { month: addMonths(monthOf(today), shift(m[1]!)), rest: cut(text, m) };
  m = new RegExp(`(?<![\\d一二三四五六七八九十])(${NUMBER})月(?:份)?(?![\\d底末初的第一二三四五六七八九十])`).exec(text);
  if (m) {
    const near = monthNear(numeral(m[1]!)!, today, prefer);
    if (near) return { month: near, rest: cut(text, m) };
  }
  return undefined;
};

const say = (s: Span): string => `${s.from} 至 ${s.to}`;

/** A period to look at: 本月, 5月, 今年, 第二季度, 上半年, 本周, 5月-7月, 5月1日-31日, a day. */
export const takePeriod = (text: string, today: Day): { period: Span & { label: string }; rest: string } | undefined => {
  const found = (span: Span, label: string, m: RegExpExecArray) => ({ period: { ...span, label }, rest: cut(text, m) });
  const year = (word: string | undefined): number =>
    !word || word === '今年' || word === '本年' ? yearOf(today) : word === '去年' ? yearOf(today) - 1 : Number.parseInt(word, 10);
  const Y = '(?:(今年|去年|本年|\\d{4}年?)的?)?';
  let m = new RegExp(`${Y}(?:第?([一二三四1-4])季度?)(?!\\d)`).exec(text);
  if (m) {
    const q = numeral(m[2]!)!;
    const span = quarterSpan(ymd(year(m[1]), q * 3, 1)!);
    return found(span, `${yearOf(span.from)}年第${'一二三四'[q - 1]}季度`, m);
  }
  m = /(本|这个?|上个?|下个?)季度?/.exec(text);
  if (m) {
    const span = quarterSpan(firstOf(addMonths(monthOf(today), 3 * shift(m[1]!))));
    return found(span, `${yearOf(span.from)}年第${'一二三四'[Math.floor((Number(span.from.slice(5, 7)) - 1) / 3)]}季度`, m);
  }
  m = new RegExp(`${Y}(上|下)半年`).exec(text);
  if (m) {
    const y = year(m[1]);
    return found(
      m[2] === '上' ? { from: ymd(y, 1, 1)!, to: ymd(y, 6, 30)! } : { from: ymd(y, 7, 1)!, to: ymd(y, 12, 31)! },
      `${y}年${m[2]}半年`,
      m,
    );
  }
  m = new RegExp(`${Y}(${NUMBER})月?份? ?(?:-|~|至|到|—+) ?(${NUMBER})月份?(?!\\d)`).exec(text);
  if (m) {
    const [a, b] = [numeral(m[2]!)!, numeral(m[3]!)!];
    if (a >= 1 && b <= 12 && a <= b) {
      const y = year(m[1]);
      return found({ from: ymd(y, a, 1)!, to: lastOf(monthOf(ymd(y, b, 1)!)) }, `${y}年${a}月—${b}月`, m);
    }
  }
  m = /(本|这|上上?|下)个?周(?![一二三四五六日天1-7])/.exec(text);
  if (m) {
    const span = weekSpan(addDays(today, 7 * shift(m[1]!)));
    return found(span, say(span), m);
  }
  const dates = findDates(text, today, { prefer: 'past' });
  if (dates?.items[0]) {
    const first = dates.items[0];
    const span = { from: first.from, to: dates.items.at(-1)!.to };
    return { period: { ...span, label: span.from === span.to ? span.from : say(span) }, rest: dates.rest };
  }
  const mm = takeMonth(text, today, 'past');
  if (mm) return { period: { ...monthSpan(mm.month), label: `${yearOf(mm.month)}年${Number(mm.month.slice(5))}月` }, rest: mm.rest };
  m = /今年|本年度?|去年|(?<!\d)20\d{2}年?(?![\d\-/.年月])/.exec(text);
  if (m) {
    const y = year(m[0].replace('本年度', '今年'));
    return found({ from: ymd(y, 1, 1)!, to: ymd(y, 12, 31)! }, `${y}年`, m);
  }
  return undefined;
};
