/** Civil days and instants. The civil day is that of China (+08:00) whatever the process's zone; no daylight saving since 1991. */

declare const dayBrand: unique symbol;
declare const monthBrand: unique symbol;
/** A civil date `YYYY-MM-DD`. Days compare as text. */
export type Day = string & { readonly [dayBrand]: true };
/** A civil month `YYYY-MM`. */
export type Month = string & { readonly [monthBrand]: true };
/** Epoch milliseconds. */
export type Instant = number;
/** Both ends counted. */
export interface Span {
  from: Day;
  to: Day;
}
/** Half of a working day. */
export type Half = 'am' | 'pm';

const MS_A_DAY = 86_400_000;
const CHINA = 8 * 3_600_000;

/** What was worked out before; a programme has few days and everybody asks for the same ones. */
const remembered = <K, V>(work: (key: K) => V): ((key: K) => V) => {
  const known = new Map<K, V>();
  return key => {
    let value = known.get(key);
    if (value === undefined) {
      if (known.size >= 10_000) known.clear();
      known.set(key, (value = work(key)));
    }
    return value;
  };
};
const utc = remembered((d: Day): number => Date.parse(`${d}T00:00:00Z`));
const dayOfNumber = remembered((n: number): Day => new Date(n * MS_A_DAY).toISOString().slice(0, 10) as Day);
const fromUtc = (ms: number): Day => dayOfNumber(Math.floor(ms / MS_A_DAY));

/** The day a text names, or undefined when there is no such day (2024-02-30). */
export const parseDay = (text: string): Day | undefined =>
  /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) && fromUtc(Date.parse(`${text}T00:00:00Z`)) === text
    ? (text as Day)
    : undefined;

/** As parseDay, for texts that are known to be days. @throws RangeError */
export const day = (text: string): Day => {
  const d = parseDay(text);
  if (!d) throw new RangeError(`not a day: ${text}`);
  return d;
};

/** The day of year, month (1–12) and day of month, or undefined when there is none. */
export const ymd = (y: number, m: number, d: number): Day | undefined =>
  parseDay(`${String(y).padStart(4, '0')}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`);

export const dayAt = (at: Instant): Day => fromUtc(at + CHINA);
export const addDays = (d: Day, n: number): Day => fromUtc(utc(d) + n * MS_A_DAY);
/** Days from a to b; negative when b is earlier. */
export const daysBetween = (a: Day, b: Day): number => Math.round((utc(b) - utc(a)) / MS_A_DAY);
/** 1 = Monday … 7 = Sunday. */
export const weekday = (d: Day): number => new Date(utc(d)).getUTCDay() || 7;
export const yearOf = (d: Day | Month): number => Number(d.slice(0, 4));
export const dayOfMonth = (d: Day): number => Number(d.slice(8, 10));
export const monthOf = (d: Day): Month => d.slice(0, 7) as Month;
export const month = (text: string): Month => {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) throw new RangeError(`not a month: ${text}`);
  return text as Month;
};
export const addMonths = (m: Month, n: number): Month => {
  const i = yearOf(m) * 12 + Number(m.slice(5)) - 1 + n;
  return `${String(Math.floor(i / 12)).padStart(4, '0')}-${String((i % 12) + 1).padStart(2, '0')}` as Month;
};
export const firstOf = (m: Month): Day => `${m}-01` as Day;
export const lastOf = (m: Month): Day => addDays(firstOf(addMonths(m, 1)), -1);
export const monthSpan = (m: Month): Span => ({ from: firstOf(m), to: lastOf(m) });
export const within = (d: Day, s: Span): boolean => s.from <= d && d <= s.to;
export const daysIn = ({ from, to }: Span): Day[] => {
  const days: Day[] = [];
  for (let d = from; d <= to; d = addDays(d, 1)) days.push(d);
  return days;
};
/** Days in their order as the stretches without a gap that they make. */
export const spansOf = (days: readonly Day[]): Span[] => {
  const spans: Span[] = [];
  for (const d of days) {
    const last = spans.at(-1);
    if (last && addDays(last.to, 1) === d) last.to = d;
    else spans.push({ from: d, to: d });
  }
  return spans;
};
/** First and last day of the quarter a day is in. */
export const quarterSpan = (d: Day): Span => {
  const first = addMonths(`${d.slice(0, 4)}-01` as Month, Math.floor((Number(d.slice(5, 7)) - 1) / 3) * 3);
  return { from: firstOf(first), to: lastOf(addMonths(first, 2)) };
};
/** First and last day of the month, quarter or year a day is in. */
export const spanAround = (per: 'month' | 'quarter' | 'year', d: Day): Span => {
  if (per === 'month') return monthSpan(monthOf(d));
  return per === 'quarter' ? quarterSpan(d) : { from: `${yearOf(d)}-01-01` as Day, to: `${yearOf(d)}-12-31` as Day };
};
/** Monday to Sunday of the week a day is in. */
export const weekSpan = (d: Day): Span => ({ from: addDays(d, 1 - weekday(d)), to: addDays(d, 7 - weekday(d)) });

/** The instant of a clock time `HH:MM` in China on a day. */
export const at = (d: Day, time: string): Instant => Date.parse(`${d}T${time}:00+08:00`);
/** `HH:MM` in China. */
export const timeOf = (i: Instant): string => timeOfMinute(Math.floor((i + CHINA) / 60_000) % 1440);
const timeOfMinute = remembered((minute: number): string => new Date(minute * 60_000).toISOString().slice(11, 16));
/** ISO 8601 with +08:00, to the second. */
export const iso = (i: Instant): string => `${new Date(i + CHINA).toISOString().slice(0, 19)}+08:00`;

const WEEKDAYS = '一二三四五六日';
export const weekdayName = (d: Day): string => `周${WEEKDAYS[weekday(d) - 1]}`;
/** `6月12日 周三`; with the year when it is not that of `near`. */
export const sayDay = (d: Day, near?: Day): string =>
  `${near && yearOf(near) !== yearOf(d) ? `${yearOf(d)}年` : ''}${Number(d.slice(5, 7))}月${dayOfMonth(d)}日 ${weekdayName(d)}`;
/** `6月12日 周三`; `6月12日至14日、17日`; of more than four stretches `…等9天`. */
export const sayDays = (days: readonly Day[], near?: Day): string => {
  if (days.length === 1) return sayDay(days[0]!, near);
  let before = near;
  let month = '';
  const short = (d: Day): string => {
    const year = before && yearOf(before) !== yearOf(d) ? `${yearOf(d)}年` : '';
    const said = `${year}${monthOf(d) === month ? '' : `${Number(d.slice(5, 7))}月`}${dayOfMonth(d)}日`;
    [before, month] = [d, monthOf(d)];
    return said;
  };
  const spans = spansOf(days);
  const shown = spans.slice(0, 4).map(s => (s.from === s.to ? short(s.from) : `${short(s.from)}至${short(s.to)}`));
  return `${shown.join('、')}${spans.length > 4 ? `等${days.length}天` : ''}`;
};
/** `2024年12月31日`: where the year is what matters. */
export const sayDate = (d: Day): string => `${yearOf(d)}年${Number(d.slice(5, 7))}月${dayOfMonth(d)}日`;
/** `12月31日`; with the year when it is not that of `near`. */
export const sayMonthDay = (d: Day, near: Day = d): string =>
  yearOf(d) === yearOf(near) ? `${Number(d.slice(5, 7))}月${dayOfMonth(d)}日` : sayDate(d);
export const sayMonth = (m: Month): string => `${yearOf(m)}年${Number(m.slice(5))}月`;
/** `6月12日 周三 09:30`. */
export const sayInstant = (i: Instant, near?: Day): string => `${sayDay(dayAt(i), near)} ${timeOf(i)}`;
/** `2024年6月12日 09:30`, as papers have it. */
export const sayUntil = (i: Instant): string => `${sayDate(dayAt(i))} ${timeOf(i)}`;
