/** One day (or span) named at one place of a text. Lists, ranges and half days are put together in dates.ts. */
import {
  addDays,
  addMonths,
  type Day,
  daysBetween,
  firstOf,
  lastOf,
  type Month,
  monthOf,
  type Span,
  weekday,
  weekSpan,
  yearOf,
  ymd,
} from '../day.ts';
import { parseNumeral } from './numerals.ts';

/** Where an unsaid year, month or week is looked for: around today, rather behind, rather ahead; for what is counted and reported, in this year, whose December still speaks of its January. */
export type Prefer = 'near' | 'past' | 'future' | 'year';

/** One or two digits, or a Chinese numeral below 100. */
export const NUMBER = '(?:\\d{1,2}(?!\\d)|[二三四五六七八九]?[十廿卅][一二三四五六七八九]?|[一二两三四五六七八九])';
export const WEEK = '(?:周|星期|礼拜)';
export const WEEKDAY = '[一二三四五六日天1-7]';
/** Ends a day's number; not 12号楼, not 12日内. */
export const SUFFIX = '(?:日(?![内游间均常夜])|号(?![楼线院门店床桌机房文公仓码令井桥路车台]))';
/** 上上 −2 … 下下 2. 个 is read by whoever uses it. */
const SHIFT = '上上|上|本|这|当|下下|下';

/** Days from window's ends to today in which an unsaid year is looked for. A day just behind stays this year's, whoever asks. */
const WINDOW: Readonly<Record<Prefer, readonly [number, number]>> = {
  near: [-180, 185],
  past: [-330, 35],
  future: [-35, 330],
  year: [-365, 185],
};

export interface Named {
  span: Span;
  end: number;
  /** What a following bare number belongs to (5月12日、15日), or a following weekday (下周一到周三). */
  month?: Month;
  week?: Day;
  /** No 日 behind the number, so that a following number needs none. */
  open?: boolean;
  /** Only figures: 5.12 may be something else. */
  figures?: boolean;
  /** Its year was said. */
  year?: boolean;
  /** A number alone, of the month that was named before it. */
  bare?: boolean;
}
export type NoSuchDay = { none: string; end: number };
export type DayWord = Named | NoSuchDay;

/** What an incomplete date is completed by. */
export interface Around {
  today: Day;
  prefer: Prefer;
  /** Monday of the week that was named before. */
  week?: Day;
  terms?: Terms | undefined;
}

export const numberOf = (text: string): number => parseNumeral(text)!;
export const weekdayOf = (c: string): number => (c === '日' || c === '天' ? 7 : numberOf(c));
export const shiftOf = (word: string | undefined): number =>
  word?.startsWith('下下') ? 2 : word?.startsWith('下') ? 1 : word?.startsWith('上上') ? -2 : word?.startsWith('上') ? -1 : 0;
export const sticky = (source: string): RegExp => new RegExp(source, 'y');
export const matchAt = (re: RegExp, text: string, i: number): RegExpExecArray | null => {
  re.lastIndex = i;
  return re.exec(text);
};

/** When programmes run: what lies in none of them is rarely meant. */
export interface Terms {
  /** Of the one in force, or where there is none of the last. */
  now: Span;
  known: readonly Span[];
}
type Looking = Pick<Around, 'today' | 'prefer' | 'terms'>;

/** So many days behind today the last year is still meant, though the programme in force has the same day or month. What is looked for ahead stays in its window. */
const BEHIND: Readonly<Record<Exclude<Prefer, 'future'>, number>> = { near: 35, year: 92, past: 366 };

/**
 * The one rule for a year that is not said: the nearest in the window; but where that lies in no programme, or is long over, the one within
 * the programme in force. `reaches`: whether a span has it.
 */
const meantOf = <T extends Day | Month>(
  nearest: T | undefined,
  years: readonly (T | undefined)[],
  { today, prefer, terms }: Looking,
  reaches: (span: Span, x: T) => boolean,
): T | undefined => {
  const own = terms && prefer !== 'future' ? years.find(x => x !== undefined && reaches(terms.now, x)) : undefined;
  if (own === undefined || !terms || prefer === 'future') return nearest;
  const first = (x: T): Day => (x.length === 7 ? firstOf(x as Month) : (x as Day));
  const behind = nearest === undefined ? Number.POSITIVE_INFINITY : daysBetween(first(nearest), today);
  // A day some weeks ahead is meant, also where the programme ends before it: better told so than taken for last year's.
  if (nearest?.length === 10 && behind < 0 && behind >= -SOON) return nearest;
  return nearest !== undefined && behind <= BEHIND[prefer] && terms.known.some(t => reaches(t, nearest)) ? nearest : own;
};

const SOON = 62;

const nearestOf = (m: number, d: number, { today, prefer }: Looking): Day | undefined => {
  const [low, high] = WINDOW[prefer];
  let best: Day | undefined;
  for (const k of prefer === 'year' ? [0, -1] : [0, -1, 1]) {
    const day = ymd(yearOf(today) + k, m, d);
    if (!day || (prefer === 'year' && best)) continue;
    const away = daysBetween(today, day);
    if (away >= low && away <= high && (!best || Math.abs(away) < Math.abs(daysBetween(today, best)))) best = day;
  }
  return best;
};

/** The day whose year is not said. Undefined: no such day there (2月30日). */
export const nearestDay = (m: number, d: number, looking: Looking): Day | undefined =>
  meantOf(
    nearestOf(m, d, looking),
    [0, -1, 1].map(k => ymd(yearOf(looking.today) + k, m, d)),
    looking,
    (span, x) => span.from <= x && x <= span.to,
  );

/** The month whose year is not said. */
export const nearestMonth = (m: number, looking: Looking): Month | undefined => {
  if (m < 1 || m > 12) return undefined;
  const today = firstOf(monthOf(looking.today));
  const day = nearestOf(m, 1, { ...looking, today });
  return meantOf(
    day && monthOf(day),
    [0, -1, 1].map(k => monthOf(ymd(yearOf(today) + k, m, 1)!)),
    { ...looking, today },
    (span, x) => monthOf(span.from) <= x && x <= monthOf(span.to),
  );
};

const inMonth = (m: Month, d: number): Day | undefined => ymd(yearOf(m), Number(m.slice(5)), d);

/** The nth weekday of a month; −1 is the last. */
export const nthWeekdayOf = (m: Month, nth: number, wd: number): Day | undefined => {
  if (nth === -1) return addDays(lastOf(m), -((weekday(lastOf(m)) - wd + 7) % 7));
  const day = addDays(firstOf(m), ((wd - weekday(firstOf(m)) + 7) % 7) + 7 * (nth - 1));
  return monthOf(day) === m ? day : undefined;
};

const RELATIVE: Readonly<Record<string, number>> = {
  大后天: 3,
  大前天: -3,
  今天: 0,
  今日: 0,
  明天: 1,
  明日: 1,
  后天: 2,
  昨天: -1,
  昨日: -1,
  前天: -2,
  // The time of day behind them is read as a half day.
  今: 0,
  明: 1,
  昨: -1,
};
const HOLIDAYS: Readonly<Record<string, readonly [number, number]>> = {
  元旦: [1, 1],
  妇女节: [3, 8],
  劳动节: [5, 1],
  护士节: [5, 12],
  建党节: [7, 1],
  建军节: [8, 1],
  医师节: [8, 19],
  教师节: [9, 10],
  国庆: [10, 1],
  五一: [5, 1],
  十一: [10, 1],
};
/** Behind a number it is an amount, a version or a place, not a day. */
const AMOUNT = '[元块角人次个名家天岁年月点时分秒周楼室床里米厘毫公千克斤升度倍台件份页条例万%％℃:：a-zA-Z\\d]';
/** 周, 个月 behind 三 and before 后: three weeks from now. */
const UNIT_DAYS: Readonly<Record<string, number>> = { 天: 1, 日: 1, 周: 7, 星期: 7, 礼拜: 7 };

const RE = {
  relative: sticky('大后天|大前天|今天|今日|明天|明日|后天|昨天|昨日|前天|[今明昨](?=[早晚])'),
  chineseYear: sticky(
    `(\\d{4}|[〇零一二三四五六七八九]{4}|\\d{2}|今|明|去|前) ?年(?:的| )?(${NUMBER}) ?月(?:份| )?(${NUMBER})(?: ?${SUFFIX}|(?!${AMOUNT}|[〇零一二三四五六七八九十日号]))`,
  ),
  iso: sticky('(\\d{4})([-/.])(\\d{1,2})\\2(\\d{1,2})(?:日|号)?(?!\\d)'),
  eight: sticky('((?:19|20)\\d{2})(\\d{2})(\\d{2})(?!\\d)'),
  nth: sticky(`(?:(?:(\\d{4})年)?(?:(${SHIFT})个?月|(${NUMBER})月份?)的?)?(?:第([一二三四五1-5])|最后一?)个${WEEK}(${WEEKDAY})(?!\\d)`),
  monthEnd: sticky(`(?:(${SHIFT})个?|(${NUMBER}))?(?<![一-龥]月)月(底|末|初)(?![步级期次])`),
  yearEnd: sticky('(今|明|去|本)?年底'),
  monthWord: sticky(`(${SHIFT})个?月(?:份|的)?(${NUMBER})${SUFFIX}`),
  monthDay: sticky(`(${NUMBER}) ?月(?:份)? ?(${NUMBER})(?:( ?${SUFFIX})|(?!${AMOUNT}|[〇零一二三四五六七八九十日号]))`),
  week: sticky(`(?:(${SHIFT})(?:一?个)?)?${WEEK}(${WEEKDAY}|末)(?![\\d常])`),
  after: sticky(`(${NUMBER}|\\d{3})(天|日|周|个?星期|个?礼拜|个月)(?:(之后|以后|后)|(?:之前|以前|前))(?!续)`),
  daysOpen: sticky(`(${NUMBER})(?= ?(?:(?:-{1,2}|[~—–至到、,，和及与]) ?${NUMBER} ?){1,31}${SUFFIX})`),
  figures: sticky(`(\\d{1,2})([./-])(\\d{1,2})(?:${SUFFIX}|(?!${AMOUNT}|[日号]|[./]\\d))`),
  bare: sticky(`(${NUMBER})${SUFFIX}(?!后|前|以|之)`),
  // 0417 is no number of a record, and 0830 may be half past eight.
  fourFigures: sticky('(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])(?=$|[\\s,，、;；。~至到补上下起—-])'),
  holidayByDate: sticky('(?:(五一)(?:节|假期|当天)?|(十一)(?:节|假期|当天))(?=$|[\\s,，、;；。~至到补上下起—-])'),
  holiday: sticky('(元旦|妇女节|劳动节|护士节|建党节|建军节|医师节|教师节|国庆)(?:节)?(?:当天)?'),
};
// Nothing else begins a day; most places of a text are passed by this look alone.
const BEGINS = /[\d〇零一二两三四五六七八九十廿卅上本这当下周星礼今明昨后前大去年月第最元妇劳护建医教国]/;
const CLOCK = /^(?:0[7-9]|1[0-2])30$/;

/** Where a day cannot begin: inside another number, behind 第, 每 or 逢, in an address or a version. */
const inside = (text: string, i: number): boolean => {
  const before = text[i - 1];
  if (before === undefined) return false;
  if (/[\d〇零一二三四五六七八九十廿卅两]/.test(text[i]!))
    return (
      /[\d.〇零一二三四五六七八九十廿卅两百千万第周期拜逢#a-zA-Z/]/.test(before) ||
      ((before === '-' || before === ':') && /\d/.test(text[i - 2] ?? ''))
    );
  return /[每隔逢个单双]/.test(before) || (text[i] === '月' && !/\s/.test(before));
};

/** The day named at a place of the text; `free`: something before it says that a day comes. */
export const dayAt = (text: string, i: number, around: Around, free = false): DayWord | undefined => {
  const c = text[i];
  if (c === undefined || !BEGINS.test(c) || (!free && inside(text, i))) return undefined;
  const { today, prefer } = around;
  const thisMonth = monthOf(today);
  const one = (day: Day | undefined, m: RegExpExecArray, more: Partial<Named> = {}, said = m[0]): DayWord =>
    day ? { span: { from: day, to: day }, end: i + m[0].length, ...more } : { none: said.trim(), end: i + m[0].length };
  const dated = (day: Day | undefined, m: RegExpExecArray, more: Partial<Named>, said: string): DayWord =>
    one(day, m, day ? { month: monthOf(day), ...more } : {}, said);

  let m = matchAt(RE.relative, text, i);
  if (m) return one(addDays(today, RELATIVE[m[0]]!), m);

  m = matchAt(RE.chineseYear, text, i);
  if (m) {
    const said = m[1]!;
    const word = { 今: 0, 明: 1, 去: -1, 前: -2 }[said];
    const year = word !== undefined ? yearOf(today) + word : said.length === 2 ? 2000 + Number(said) : numberOf(said);
    const [mm, dd] = [numberOf(m[2]!), numberOf(m[3]!)];
    return dated(ymd(year, mm, dd), m, { year: true, open: !/[日号]$/.test(m[0]) }, `${year}年${mm}月${dd}日`);
  }
  m = matchAt(RE.iso, text, i) ?? matchAt(RE.eight, text, i);
  if (m) {
    const [year, mm, dd] = m.length === 5 ? [Number(m[1]), Number(m[3]), Number(m[4])] : [Number(m[1]), Number(m[2]), Number(m[3])];
    const day = ymd(year, mm, dd);
    // Eight figures that are no day may be any number.
    if (day || m.length === 5) return dated(day, m, { year: true, open: true }, `${year}年${mm}月${dd}日`);
    return undefined;
  }
  m = matchAt(RE.nth, text, i);
  if (m) {
    const month = m[3]
      ? m[1]
        ? monthOf(ymd(Number(m[1]), Math.min(Math.max(numberOf(m[3]), 1), 12), 1)!)
        : nearestMonth(numberOf(m[3]), around)
      : addMonths(thisMonth, shiftOf(m[2]));
    return one(month && nthWeekdayOf(month, m[4] ? numberOf(m[4]) : -1, weekdayOf(m[5]!)), m);
  }
  m = matchAt(RE.monthEnd, text, i);
  if (m) {
    const month = m[2] ? nearestMonth(numberOf(m[2]), around) : addMonths(thisMonth, shiftOf(m[1]));
    return one(month && (m[3] === '初' ? firstOf(month) : lastOf(month)), m);
  }
  m = matchAt(RE.yearEnd, text, i);
  if (m) return one(ymd(yearOf(today) + (m[1] === '明' ? 1 : m[1] === '去' ? -1 : 0), 12, 31), m);
  m = matchAt(RE.monthWord, text, i);
  if (m) {
    const month = addMonths(thisMonth, shiftOf(m[1]));
    return dated(inMonth(month, numberOf(m[2]!)), m, {}, `${Number(month.slice(5))}月${numberOf(m[2]!)}日`);
  }
  m = matchAt(RE.monthDay, text, i);
  if (m) {
    const [mm, dd] = [numberOf(m[1]!), numberOf(m[2]!)];
    return dated(nearestDay(mm, dd, around), m, { open: m[3] === undefined }, `${mm}月${dd}日`);
  }
  m = matchAt(RE.week, text, i);
  if (m) {
    const said = m[1] !== undefined;
    const monday = !said && around.week ? around.week : weekSpan(addDays(today, 7 * shiftOf(m[1]))).from;
    if (m[2] === '末') return { span: { from: addDays(monday, 5), to: addDays(monday, 6) }, end: i + m[0].length, week: monday };
    let day = addDays(monday, weekdayOf(m[2]!) - 1);
    if (!said && !around.week) {
      if (prefer === 'future' && day < today) day = addDays(day, 7);
      if (prefer === 'past' && day > today) day = addDays(day, -7);
    }
    return one(day, m, { week: weekSpan(day).from });
  }
  m = matchAt(RE.after, text, i);
  if (m) {
    const n = numberOf(m[1]!) * (m[3] ? 1 : -1);
    const unit = m[2]!.replace('个', '');
    if (unit !== '月') return one(addDays(today, n * UNIT_DAYS[unit]!), m);
    const month = addMonths(thisMonth, n);
    const day = inMonth(month, Number(today.slice(8)));
    return one(day ?? lastOf(month), m);
  }
  m = matchAt(RE.daysOpen, text, i);
  if (m) return dayOfMonth(m, numberOf(m[1]!), around, one, true);
  m = matchAt(RE.figures, text, i);
  if (m) {
    const [mm, dd] = [Number(m[1]), Number(m[3])];
    // 2.30 may be a number; it is nobody's day. 2/29 is a day of some years.
    if (mm >= 1 && mm <= 12 && ymd(2024, mm, dd))
      return dated(nearestDay(mm, dd, around), m, { open: true, figures: true }, `${mm}月${dd}日`);
    if (m[2] !== '.' && mm >= 1 && mm <= 12 && dd >= 28 && dd <= 31) return { none: `${mm}月${dd}日`, end: i + m[0].length };
    return undefined;
  }
  m = matchAt(RE.bare, text, i);
  if (m) return dayOfMonth(m, numberOf(m[1]!), around, one, false);
  m = text[i] === '0' ? matchAt(RE.fourFigures, text, i) : null;
  if (m && !CLOCK.test(m[0]) && (i === 0 || /[\s,，、;；。到至为成在自从~—-]/.test(text[i - 1]!)))
    return dated(nearestDay(Number(m[1]), Number(m[2]), around), m, { open: true, figures: true }, `${Number(m[1])}月${Number(m[2])}日`);
  m = matchAt(RE.holidayByDate, text, i) ?? matchAt(RE.holiday, text, i);
  if (m) return one(nearestDay(...HOLIDAYS[m[1] ?? m[2]!]!, around), m);
  return undefined;
};

/** 12号: of this month; of the next or the last one where the command looks ahead or behind, or this month's is long over. */
const dayOfMonth = (
  m: RegExpExecArray,
  d: number,
  { today, prefer }: Around,
  one: (day: Day | undefined, m: RegExpExecArray, more: Partial<Named>, said: string) => DayWord,
  open: boolean,
): DayWord => {
  const now = Number(today.slice(8));
  const by = prefer === 'future' ? (d < now ? 1 : 0) : prefer === 'past' ? (d > now ? -1 : 0) : now - d > 20 ? 1 : 0;
  const month = addMonths(monthOf(today), by);
  return one(inMonth(month, d), m, { month, open }, `${Number(month.slice(5))}月${d}日`);
};

/** A number that takes its month from the day before it: the 14 of 5月12-14日. */
export const numberIn = (text: string, i: number, before: Named): DayWord | undefined => {
  if (!before.month) return undefined;
  const m =
    matchAt(TAIL_CLOSED, text, i) ??
    (before.open ? (matchAt(TAIL_LISTED, text, i) ?? matchAt(TAIL_OPEN, text, i)) : matchAt(TAIL_LISTED, text, i));
  if (!m) return undefined;
  const d = numberOf(m[1]!);
  const day = inMonth(before.month, d);
  const end = i + m[0].length;
  const month = before.month;
  return day
    ? { span: { from: day, to: day }, end, month, bare: true, ...(m[2] ? {} : { open: true }), ...(before.year ? { year: true } : {}) }
    : { none: `${before.year ? `${yearOf(month)}年` : ''}${Number(month.slice(5))}月${d}日`, end };
};
const TAIL_CLOSED = sticky(`(${NUMBER})( ?${SUFFIX})`);
const TAIL_LISTED = sticky(`(${NUMBER})(?= ?(?:(?:-{1,2}|[~—–至到、,，和及与]) ?${NUMBER} ?){1,31}${SUFFIX})`);
const TAIL_OPEN = sticky(`(${NUMBER})(?!${AMOUNT}|[./月-]|[〇零一二三四五六七八九十日号])`);
