/** Days as people type them, alone, in lists and in ranges. Only what is surely a date is taken; 2月30日 is refused by name, never another day. */
import { addDays, addMonths, type Day, daysBetween, monthOf, weekday } from '../day.ts';
import {
  type Around,
  type DayWord,
  dayAt,
  matchAt,
  type Named,
  numberIn,
  type Prefer,
  sticky,
  type Terms,
  WEEK,
  weekdayOf,
} from './day-words.ts';
import { simplify } from './traditional.ts';

export type { Prefer, Terms } from './day-words.ts';
export type HalfWord = 'am' | 'pm' | 'day';
/** A day, or a range with both ends counted, perhaps only its mornings or afternoons. */
export interface DateItem {
  from: Day;
  to: Day;
  half?: HalfWord;
}
/** `no-such-day`: 2月30日. `backwards`: the range ends before it begins. `other-weekday`: 5月12日周三 is a Tuesday. */
export interface DateProblem {
  kind: 'no-such-day' | 'backwards' | 'other-weekday';
  said: string;
}
export interface DateAt {
  items: DateItem[];
  /** Where it ends in the text. */
  end: number;
  problem?: DateProblem;
  /** Only figures (5.12), which may mean something else. */
  ambiguous: boolean;
}
export interface DateFind extends DateAt {
  start: number;
  /** What is left, in its order. */
  rest: string;
}
export interface DateOptions {
  prefer?: Prefer;
  /** It is known that a word begins there, so that 张三5月12日 is no 三五月. */
  free?: boolean;
  terms?: Terms | undefined;
}

/** 下午的改到 and 下午的班 are the half day that is moved; 下午的讲座 is a lecture. */
const HALF = sticky(
  ' ?的?(?:(上午|早上|早晨|上半天|早(?![\\u4e00-\\u9fa5])|am(?![a-z]))|(下午|午后|下半天|傍晚|晚上|晚(?![\\u4e00-\\u9fa5])|pm(?![a-z]))|(全天|一整天|整天|一天))(?:的(?:那?个?半?[班天])?(?=[改换推调挪\\s,，。]|$))?',
);
const RANGE = sticky(' ?(?:-{1,2}|~|—{1,2}|–|―|至|到) ?');
const LIST = sticky(' ?(?:、|,|，|和|及|与|跟|/|&|\\+) ?');
const ANNOTATION = sticky(` ?[(（]?${WEEK}([一二三四五六日天])[)）]?`);
/** The further days of 周一三五. */
const MORE_WEEKDAYS = sticky('[一二三四五六日天]+(?![\\u4e00-\\u9fa5])');
const UP_TO_WEEKDAY = sticky('[一二三四五六日天](?![\\u4e00-\\u9fa5])');

/** The half day named at a place of a text. */
export const halfAt = (text: string, i: number): { half: HalfWord; end: number } | undefined => {
  const m = matchAt(HALF, text, i);
  return m ? { half: m[1] ? 'am' : m[2] ? 'pm' : 'day', end: i + m[0].length } : undefined;
};

const begins = /[\d一二两三四五六七八九十廿卅]/;

/** The days named at a place of a text: one, a list or a range, with their half days. */
export const datesAt = (text: string, start: number, today: Day, options: DateOptions = {}): DateAt | undefined => {
  const around: Around = { today, prefer: options.prefer ?? 'near', terms: options.terms };
  const first = dayAt(text, start, around, options.free);
  if (!first) return undefined;
  const found: DateAt = { items: [], end: first.end, ambiguous: 'span' in first && first.figures === true };
  if ('none' in first) return { ...found, problem: { kind: 'no-such-day', said: first.none } };
  let item: DateItem = { ...first.span };
  let last: Named = first;
  found.items.push(item);
  const wrong = (kind: DateProblem['kind'], said: string): void => {
    found.problem ??= { kind, said };
  };
  const trimmings = (from: number): void => {
    const note = last.week ? null : matchAt(ANNOTATION, text, found.end);
    if (note) {
      found.end += note[0].length;
      if (weekday(item.to) !== weekdayOf(note[1]!)) wrong('other-weekday', text.slice(from, found.end).trim());
    }
    const half = halfAt(text, found.end);
    if (half) {
      item.half = half.half;
      found.end = half.end;
    }
  };
  trimmings(start);
  for (;;) {
    if (last.week) {
      const more = matchAt(MORE_WEEKDAYS, text, found.end);
      if (more) {
        for (const c of more[0]) found.items.push((item = single(addDays(last.week, weekdayOf(c) - 1))));
        found.end += more[0].length;
        trimmings(found.end);
        continue;
      }
    }
    const range = matchAt(RANGE, text, found.end);
    const link = range ?? matchAt(LIST, text, found.end);
    const at = found.end + (link?.[0].length ?? 0);
    const next = following(text, at, last, around, link !== null);
    if (!next) break;
    found.end = next.end;
    if ('none' in next) {
      wrong('no-such-day', next.none);
      break;
    }
    if (range) {
      const to = overTheEdge(item.from, next);
      if (to < item.from) wrong('backwards', text.slice(start, next.end).trim());
      else item.to = to;
    } else found.items.push((item = { ...next.span }));
    last = next;
    trimmings(at);
  }
  // 12、13号上午 are both mornings.
  const half = item.half;
  if (half && found.items.every(x => x === item || x.half === undefined)) for (const x of found.items) x.half = half;
  return found;
};

const single = (day: Day): DateItem => ({ from: day, to: day });

/** The day behind a connector, completed by the one before it. */
const following = (text: string, i: number, last: Named, around: Around, linked: boolean): DayWord | undefined => {
  // 5日15日 needs no connector; everything else does.
  if (!linked) return last.month && !last.open && begins.test(text[i] ?? '') ? closedNumber(text, i, last) : undefined;
  const number = numberIn(text, i, last);
  if (number) return number;
  if (last.week) {
    const m = matchAt(UP_TO_WEEKDAY, text, i);
    if (m) {
      const day = addDays(last.week, weekdayOf(m[0]) - 1);
      return { span: { from: day, to: day }, end: i + 1, week: last.week };
    }
  }
  const near: Around =
    last.month && begins.test(text[i] ?? '')
      ? { today: last.span.from, prefer: last.year ? 'near' : 'future' }
      : { ...around, ...(last.week ? { week: last.week } : {}) };
  return dayAt(text, i, near, true);
};
const closedNumber = (text: string, i: number, last: Named): DayWord | undefined => {
  const next = numberIn(text, i, { ...last, open: false });
  return next && 'span' in next && next.open ? undefined : next;
};

/** A range's end that has no month of its own may lie in the next one: 28号到2号. */
const overTheEdge = (from: Day, next: Named): Day => {
  const to = next.span.to;
  if (to >= from || !next.bare || next.year) return to;
  const later = `${addMonths(monthOf(to), 1)}${to.slice(7)}` as Day;
  return daysBetween(from, later) <= 10 ? later : to;
};

const left = (text: string, from: number, to: number): string => `${text.slice(0, from).trimEnd()} ${text.slice(to).trimStart()}`.trim();

/** The first days named in a text: one, a list or a range. Undefined when there are none. */
export const findDates = (text: string, today: Day, options: DateOptions = {}): DateFind | undefined => {
  const plain = simplify(text);
  for (let start = 0; start < plain.length; start++) {
    const found = datesAt(plain, start, today, options);
    if (found) return { ...found, start, rest: left(text, start, found.end) };
  }
  return undefined;
};

/** The first days named in a text, and the text without them. */
export const takeDates = (text: string, today: Day, options: DateOptions = {}): { value: DateItem[]; rest: string } | undefined => {
  const found = findDates(text, today, options);
  return found && !found.problem ? { value: found.items, rest: found.rest } : undefined;
};
