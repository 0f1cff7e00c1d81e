/** What a command may be told, and how a word of each type is found at a place of the text. */
import type { FigureData } from '../../programmes/schema.ts';
import type { Day } from '../day.ts';
import { datesAt, halfAt, type Prefer, type Terms } from './dates.ts';
import { type Lexicon, type LexiconIndex, namesFor, type Option } from './lexicon.ts';
import { NUMERAL, parseNumeral } from './numerals.ts';
import { patternAt } from './patterns.ts';
import { monthAt, noSuchPeriodAt, periodAt, sinceAt } from './periods.ts';
import { titleLength } from './titles.ts';

/**
 * A word's type. Values: dates → DateItem[]; half → am, pm or day; period → {from, to, label}; month → YYYY-MM; since → Since; person, org → id
 * (ids when many); visit-type, choice → its value; pattern → Pattern; number → number; figures → FigureReading; ref, code → text; rest → text.
 */
export type Slot =
  /** `single`: one day, so that a range or a list is said to be too much instead of being cut to its first. */
  /** `notBehind`: words behind which a number is none of its days. */
  | { kind: 'dates'; many?: boolean; single?: boolean; prefer?: Prefer; notBehind?: RegExp }
  | { kind: 'half' }
  | { kind: 'period' }
  | { kind: 'month'; prefer?: Prefer }
  /** From when on: 自5月起, 5月起. */
  | { kind: 'since' }
  | { kind: 'person'; many?: boolean }
  /** `regions`: a bureau also by its place, 上杭县; not where a clinic is meant and free text may name a place. `toward`: 去, 到 or 在 may stand before it. */
  | { kind: 'org'; many?: boolean; regions?: boolean; toward?: boolean }
  | { kind: 'visit-type' }
  | { kind: 'pattern' }
  | { kind: 'number' }
  /** A record's number: 57, 57-2, #57, 编号57. `plain`: never with a dash, so that 4-17 is a day. */
  | { kind: 'ref'; plain?: boolean }
  /** A one-time code, of letters and figures that cannot be mistaken for each other. */
  | { kind: 'code' }
  | { kind: 'choice'; words: Readonly<Record<string, string>> }
  /** Figures by the programme's own words for them: 诊疗30 讨论5. */
  | { kind: 'figures'; of: FigureSection }
  /** A word behind a label: 改到 6月19日; or before one, `behind`: 24日补. */
  | { kind: 'labelled'; labels: readonly string[]; behind?: readonly string[]; of: Slot }
  /** What is left. `personal`: it is said of one person, why somebody is away, and is not repeated where others read along. */
  | { kind: 'rest'; personal?: true };

/** Before the day that something is moved to. */
export const MOVED_TO = [
  '改到',
  '改期到',
  '改期',
  '改为',
  '改成',
  '改在',
  '换成',
  '换到',
  '挪到',
  '调到',
  '延到',
  '延期到',
  '推到',
  '推迟到',
  '提前到',
] as const;

/** Where a programme names figures. */
export type FigureSection = 'workload' | 'publicity' | 'cost';
/** What a programme says of its figures; a whole programme is one. */
export type FigureSections = { readonly [S in FigureSection]?: { readonly figures: readonly FigureData[] } | undefined };
/** By what a line is read beside its words: whose figures, and when programmes run. */
export type ReadBy = FigureSections & { readonly terms?: Terms | undefined };

export type Problem =
  | { kind: 'no-such-day' | 'no-such-period' | 'backwards' | 'other-weekday'; slot: string; said: string }
  | NameProblem
  | LeftProblem;
/** A word too many where one is asked for, or one that means nothing to the command: `what` it is elsewhere. */
export type LeftProblem =
  | { kind: 'one-only'; slot: string; said: string; what: Slot['kind'] }
  | { kind: 'not-understood'; slot: string; said: string; what: 'person' | 'org' | null };
/** A name that fits several, or is nobody's; `from` and `end` are its place in the line. */
export interface NameProblem {
  kind: 'ambiguous' | 'unknown-name';
  slot: string;
  said: string;
  from: number;
  end: number;
  options: Option[];
}

/** A slot's word found at a place of the text. */
export interface Match {
  slot: string;
  kind: Slot['kind'];
  end: number;
  value?: unknown;
  problem?: Problem;
  /** May stand before other text without a space. */
  glues: boolean;
}

/** Where words are looked for. */
export interface Sought {
  /** Simplified and in lower case. */
  plain: string;
  index: LexiconIndex;
  lexicon: Lexicon;
  today: Day;
  terms?: Terms | undefined;
}

const UNIT_END = /(?:院|中心|服务站|卫生所|社区|局|办)$/;
const REF = /(?:#|编号[:：]?|no\.?) ?(\d{1,12}(?:-\d{1,5})?)|((?!0\d)\d{1,12}(?:-\d{1,5})?)/y;
const matchSticky = (re: RegExp, text: string, i: number): RegExpExecArray | null => {
  re.lastIndex = i;
  const m = re.exec(text);
  if (m) m[1] ??= m[2]!;
  return m;
};
const CODE = /[a-hj-np-z2-9]{6,8}(?![a-z0-9])/y;
const NUMBER = new RegExp(`(\\d+(?:\\.\\d+)?|[${NUMERAL}]+)(?:次|天|个|人次|人|元|分钟|小时|米|条)?`, 'y');
const numberAt = (text: string, i: number): { value: number; end: number } | undefined => {
  NUMBER.lastIndex = i;
  const m = NUMBER.exec(text);
  const value = m ? (/^\d/.test(m[1]!) ? Number(m[1]) : parseNumeral(m[1]!)) : undefined;
  return m && value !== undefined ? { value, end: i + m[0].length } : undefined;
};

const wordAt = (
  text: string,
  i: number,
  words: Readonly<Record<string, string>>,
  found: (end: number, value: unknown, glues: boolean) => Match,
): Match | undefined => {
  let best = '';
  for (const w of Object.keys(words)) if (w.length > best.length && text.startsWith(w.toLowerCase(), i)) best = w;
  return best ? found(i + best.length, words[best], false) : undefined;
};

/** A slot's word at a place of the text, the longest there is. */
export const matchAt = (line: Sought, i: number, name: string, slot: Slot): Match | undefined => {
  const { plain: text, today, terms } = line;
  const found = (end: number, value: unknown, glues: boolean, problem?: Problem): Match => ({
    slot: name,
    kind: slot.kind,
    end,
    value,
    glues,
    ...(problem ? { problem } : {}),
  });
  const none = (): Match | undefined => {
    const n = noSuchPeriodAt(text, i);
    return n && found(n.end, undefined, true, { kind: 'no-such-period', slot: name, said: n.said });
  };
  switch (slot.kind) {
    case 'dates': {
      if (slot.notBehind?.test(text.slice(0, i))) return undefined;
      const d = datesAt(text, i, today, { free: true, terms, ...(slot.prefer ? { prefer: slot.prefer } : {}) });
      if (!d) return undefined;
      if (d.problem) return found(d.end, undefined, true, { ...d.problem, slot: name });
      const several = slot.single && (d.items.length > 1 || d.items[0]?.from !== d.items[0]?.to);
      return several
        ? found(d.end, undefined, true, { kind: 'one-only', slot: name, said: text.slice(i, d.end).trim(), what: 'dates' })
        : found(d.end, d.items, true);
    }
    case 'period': {
      const p = periodAt(text, i, today, terms);
      return p ? found(p.end, p.problem ? undefined : p.period, true, p.problem && { ...p.problem, slot: name }) : none();
    }
    case 'month': {
      const m = monthAt(text, i, today, slot.prefer, terms);
      return m ? found(m.end, m.month, true) : none();
    }
    case 'since': {
      const s = sinceAt(text, i, today, terms);
      return s && found(s.end, s.since, true);
    }
    case 'pattern': {
      const p = patternAt(text, i);
      return p && found(p.end, p.pattern, true);
    }
    case 'half': {
      const h = halfAt(text, i);
      return h && found(h.end, h.half, false);
    }
    case 'person':
    case 'org': {
      const person = slot.kind === 'person';
      const before = person ? '@' : slot.toward ? '去到在' : '';
      const from = before.includes(text[i]!) ? i + 1 : i;
      const n = namesFor(line.index, slot).at(text, from);
      if (!n) return undefined;
      const end = n.end + (person ? titleLength(text, n.end) : 0);
      const glues = person || UNIT_END.test(n.said);
      return n.options.length > 1
        ? found(end, undefined, glues, { kind: 'ambiguous', slot: name, said: n.said, from, end: n.end, options: n.options })
        : found(end, n.options[0]!.id, glues);
    }
    case 'visit-type':
      return wordAt(text, i, line.lexicon.visitTypes, found);
    case 'choice':
      return wordAt(text, i, slot.words, found);
    case 'number': {
      const m = numberAt(text, i);
      return m && found(m.end, m.value, false);
    }
    case 'ref': {
      const m = matchSticky(REF, text, i);
      const id = m?.[1] ?? m?.[2];
      return m && id !== undefined && !(slot.plain && id.includes('-')) ? found(i + m[0].length, id, false) : undefined;
    }
    case 'code': {
      const m = matchSticky(CODE, text, i);
      return m ? found(i + m[0].length, m[0].toUpperCase(), false) : undefined;
    }
    case 'figures':
    case 'labelled':
    case 'rest':
      return undefined;
  }
};
