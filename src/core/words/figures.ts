/**
 * A day's or a month's figures as people type them: 诊疗30 讨论5, 诊疗：三十, 30人次诊疗, 讨论、查房各2, 其余0.
 * Words and kinds come from the programme. Nothing is guessed: what is not surely a figure is a problem by name.
 */
import type { FigureData } from '../../programmes/schema.ts';
import { type Counted, figureNumberAt } from './figure-numbers.ts';
import { joinUnknown, pairsOf, spreadEach } from './figure-pairs.ts';
import { type FigureLine, isKey, isNumber, NO, NONE, tokensOf, YES } from './figure-tokens.ts';
import { plainWord, vocabularyOf } from './figure-vocabulary.ts';

export type FigureProblem =
  /** A word without its number. */
  | { kind: 'missing'; figure: string; said: string }
  /** Two different values for one figure; never summed. */
  | { kind: 'repeated'; figure: string; said: string; values: (number | string)[] }
  /** Two values for two halves of the day: `value` is their sum, which is offered. */
  | { kind: 'parts'; figure: string; said: string; values: number[]; value: number }
  /** What was counted is not what the figure counts: people of a lecture. */
  | { kind: 'other-unit'; figure: string; said: string }
  | { kind: 'negative' | 'fraction' | 'enormous' | 'inexact' | 'not-yes-no'; figure: string; said: string; value: number | null }
  /** A word that the programme does not know, with its number; `near`: figures it may mean; `whole`: both as they were said, where they may be work of another kind. */
  | { kind: 'unknown'; said: string; value: number | null; near: string[]; whole?: string }
  /** More than anybody says of a day: not read at all. */
  | { kind: 'long' }
  /** Words that are no figure. */
  | { kind: 'stray'; said: string }
  /** Numbers without a word. */
  | { kind: 'bare'; said: string; values: number[] }
  /** A word between two numbers, or a number between two words: it may belong to either. */
  | { kind: 'unclear'; said: string };

export interface FigureReading {
  /** By figure id; money in fen, yes and no as 1 and 0. Absent: not said. */
  figures: Record<string, number>;
  words: Record<string, string>;
  problems: FigureProblem[];
  /** Those of `figures` that 其余0 made zero: of what was not reported yet. */
  others?: string[];
}

/** A line of all figures with a remark is a tenth of it. */
const LONGEST = 2000;
/** More than any unit can mean. */
const MOST = 99_999_999;

/** Units that count something else. */
const OTHER_THAN: Readonly<Record<Counted, RegExp>> = { people: /^(?:次|场|期)$/, occasions: /^人/ };

/** What a number means for a figure, or why it cannot be. */
const valueFor = (
  figure: FigureData,
  { value, inexact, counted }: { value: number | null; inexact: boolean; counted?: Counted | undefined },
  said: string,
): number | FigureProblem => {
  const wrong = (kind: 'negative' | 'fraction' | 'enormous' | 'inexact' | 'not-yes-no', near: number | null): FigureProblem => ({
    kind,
    figure: figure.id,
    said,
    value: near,
  });
  if (value === null || inexact) return wrong('inexact', null);
  if (counted && OTHER_THAN[counted].test(figure.unit)) return { kind: 'other-unit', figure: figure.id, said };
  if (value < 0) return wrong('negative', Number.isInteger(value) ? -value : null);
  if (value > MOST) return wrong('enormous', null);
  if (figure.kind === 'money') {
    const fen = Math.round(value * 100);
    return Math.abs(fen - value * 100) > 1e-6 ? wrong('fraction', null) : fen;
  }
  if (!Number.isInteger(value)) return wrong('fraction', null);
  if (figure.kind === 'yes-no' && value > 1) return wrong('not-yes-no', null);
  return value;
};

const isNothing = (said: string): boolean => NONE.exec(said)?.[0] === said;

/** 车费500 住宿费300 where there is one figure only: their sum is offered. */
const sumOfUnknown = (figure: FigureData, problems: readonly FigureProblem[]): FigureProblem | undefined => {
  const values = problems.flatMap(p =>
    p.kind === 'unknown' && p.value !== null && p.value >= 0 ? [{ value: p.value, said: p.whole ?? '' }] : [],
  );
  if (values.length < 2 || values.length !== problems.length) return undefined;
  return {
    kind: 'parts',
    figure: figure.id,
    said: values.map(v => v.said).join('、'),
    values: values.map(v => v.value),
    value: values.reduce((a, b) => a + b.value, 0),
  };
};

const sameValue = (a: number | string, b: number | string): boolean => a === b;

/** Reads the figures of a line. `take` is called for what belongs to them, so that other slots leave it alone. */
export const readFigures = (figures: readonly FigureData[], line: FigureLine, take: (from: number, end: number) => void): FigureReading => {
  if (line.text.length > LONGEST) {
    take(0, line.text.length);
    return { figures: {}, words: {}, problems: [{ kind: 'long' }] };
  }
  const vocabulary = vocabularyOf(figures);
  const { tokens: all, words, blank, noise, parts } = tokensOf(line, vocabulary);
  const spread = spreadEach(joinUnknown(all));
  const { pairs, left } = pairsOf(spread.tokens);
  const said = (...parts: { from: number; end: number }[]): string => {
    const from = Math.min(...parts.map(p => p.from));
    return line.text.slice(from, Math.max(...parts.map(p => p.end))).trim();
  };
  const found = new Map<string, { value: number | string; said: string }[]>();
  const problems: FigureProblem[] = [];
  const add = (id: string, value: number | string, words: string) => {
    const there = found.get(id) ?? [];
    if (parts || !there.some(v => sameValue(v.value, value))) there.push({ value, said: words });
    found.set(id, there);
  };
  let othersAreNone = false;
  for (const { key, number } of [...spread.pairs, ...pairs].sort((a, b) => a.key.from - b.key.from)) {
    take(key.from, key.end);
    take(number.from, number.end);
    if (key.is === 'unknown') {
      problems.push({
        kind: 'unknown',
        said: said(key),
        value: number.value,
        ...(key.near ? { near: key.near } : { near: vocabulary.near(line.plain.slice(key.from, key.end)), whole: said(key, number) }),
      });
    } else if (key.figure === 'others') {
      if (number.value === 0) othersAreNone = true;
      else problems.push({ kind: 'unclear', said: said(key, number) });
    } else {
      const value = valueFor(key.figure, number, said(number));
      if (typeof value === 'number') add(key.figure.id, value, said(key, number));
      else problems.push(value);
    }
  }
  for (const w of words) {
    take(w.from, w.end);
    add(w.figure.id, w.text, w.said);
  }
  const only = figures.filter(f => f.kind !== 'text');
  const numbers = left.filter(isNumber);
  for (const t of left) take(t.from, t.end);
  if (words.length || pairs.length || spread.pairs.length || left.length || blank.size) for (const [from, end] of noise) take(from, end);
  const [lone] = left;
  // 经费 1000, or 1000 alone where there is nothing else to mean.
  if (only.length === 1 && numbers.length === 1 && left.length === 1 && !found.size && !problems.length) {
    const value = valueFor(only[0]!, numbers[0]!, said(numbers[0]!));
    if (typeof value === 'number') add(only[0]!.id, value, said(numbers[0]!));
    else problems.push(value);
  } else if (only.length === 1 && left.length === 1 && lone?.is === 'unknown' && isNothing(line.plain.slice(lone.from, lone.end))) {
    add(only[0]!.id, 0, said(lone));
    left.length = 0;
  } else if (numbers.length) {
    const keys = left.filter(isKey);
    if (keys.length) problems.push({ kind: 'unclear', said: said(...keys, ...numbers) });
    else problems.push({ kind: 'bare', said: numbers.map(n => said(n)).join(' '), values: numbers.map(n => n.value ?? Number.NaN) });
  } else
    for (const t of left.filter(isKey))
      if (t.figure !== 'others' && !blank.has(t.figure.id)) problems.push({ kind: 'missing', figure: t.figure.id, said: said(t) });
  problems.push(...left.filter(t => t.is === 'unknown').map(t => ({ kind: 'stray' as const, said: said(t) })));
  const sum = only.length === 1 && !found.size ? sumOfUnknown(only[0]!, problems) : undefined;
  if (sum) problems.splice(0, problems.length, sum);
  const reading: FigureReading = { figures: {}, words: {}, problems };
  for (const f of figures) {
    const there = found.get(f.id) ?? [];
    const numbers = there.flatMap(v => (typeof v.value === 'number' ? [v.value] : []));
    if (parts && numbers.length > 1)
      problems.push({
        kind: 'parts',
        figure: f.id,
        said: there.map(v => v.said).join('、'),
        values: numbers,
        value: numbers.reduce((a, b) => a + b, 0),
      });
    else if (there.length > 1)
      problems.push({ kind: 'repeated', figure: f.id, said: there.map(v => v.said).join('、'), values: there.map(v => v.value) });
    const [first] = there;
    if (!first) {
      if (othersAreNone && f.kind === 'count' && !f.optional && !problems.some(p => 'figure' in p && p.figure === f.id))
        reading.figures[f.id] = 0;
      if (reading.figures[f.id] === 0) (reading.others ??= []).push(f.id);
      continue;
    }
    if (typeof first.value === 'number') reading.figures[f.id] = first.value;
    else reading.words[f.id] = first.value;
  }
  return reading;
};

/** Figures from a form's fields, by figure id: the same numbers, each in its own field. An empty field was not reported. */
export const figuresFromFields = (figures: readonly FigureData[], values: Readonly<Record<string, string>>): FigureReading => {
  const reading: FigureReading = { figures: {}, words: {}, problems: [] };
  for (const f of figures) {
    const typed = values[f.id]?.trim() ?? '';
    if (typed === '') continue;
    if (f.kind === 'text') {
      reading.words[f.id] = typed.replace(/\s*\n\s*/g, '；');
      continue;
    }
    const plain = plainWord(typed);
    const number = figureNumberAt(plain, 0, () => false);
    const yes = f.kind === 'yes-no' ? (NO.test(plain) ? 0 : YES.test(plain) ? 1 : undefined) : NONE.test(plain) ? 0 : undefined;
    const value =
      yes ??
      (number?.end === plain.length ? valueFor(f, number, typed) : ({ kind: 'inexact', figure: f.id, said: typed, value: null } as const));
    if (typeof value === 'number') reading.figures[f.id] = value;
    else reading.problems.push(value);
  }
  return reading;
};

/** A number as it is typed and shown: fen as yuan, yes and no in words. */
export const sayFigure = (figure: FigureData, value: number): string =>
  figure.kind === 'money'
    ? value % 100 === 0
      ? `${value / 100}`
      : (value / 100).toFixed(2)
    : figure.kind === 'yes-no'
      ? value
        ? '有'
        : '无'
      : `${value}`;

/** The line that says these figures, in the programme's order; reading it gives the same. */
export const figureLine = (
  figures: readonly FigureData[],
  {
    figures: values,
    words,
    others = [],
  }: { figures: Readonly<Record<string, number>>; words: Readonly<Record<string, string>>; others?: readonly string[] | undefined },
): string =>
  [
    ...figures.flatMap(f => (values[f.id] === undefined || others.includes(f.id) ? [] : [`${f.name}${sayFigure(f, values[f.id]!)}`])),
    ...(others.length ? ['其余0'] : []),
    ...figures.flatMap(f => (words[f.id] === undefined ? [] : [`${f.name}:「${words[f.id]!.replaceAll('」', '')}」`])),
  ].join(' ');
