/**
 * A day's or a month's figures as people type them: 诊疗30 讨论5, 诊疗：三十, 30人次诊疗, 讨论、查房各2, 其余0.
 * Words and kinds come from the programme. Nothing is guessed: what is not surely a figure is a problem by name.
 */
import type { FigureData } from '../../programmes/schema.ts';
import { figureNumberAt } from './figure-numbers.ts';
import { editDistance } from './near.ts';
import { simplify } from './traditional.ts';

export type FigureProblem =
  /** A word without its number. */
  | { kind: 'missing'; figure: string; said: string }
  /** Two different values for one figure; never summed. */
  | { kind: 'repeated'; figure: string; said: string; values: (number | string)[] }
  | { kind: 'negative' | 'fraction' | 'enormous' | 'inexact' | 'not-yes-no'; figure: string; said: string; value: number | null }
  /** A word that the programme does not know, with its number; `near`: figures it may mean. */
  | { kind: 'unknown'; said: string; value: number | null; near: string[] }
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
}

/** More than any unit can mean. */
const MOST = 99_999_999;

type Token = { from: number; end: number } & (
  | { is: 'key'; figure: FigureData | 'others' }
  | { is: 'number'; value: number | null; inexact: boolean; none?: boolean }
  | { is: 'unknown' }
  | { is: 'each' }
  /** A line, a comma, or a word of another slot: nothing belongs together across it unless it stands alone on both sides. */
  | { is: 'break' }
  | { is: 'space' }
);
type Of<T extends Token['is']> = Extract<Token, { is: T }>;

const SPACE = /[ \t]/;
const BREAK = /[,，、;；。.!！\n|/+&]/;
/** Between a word and its number, and nothing of its own. */
const LINK = /^(?:[:：=—–(（)）[\]【】]|是|为)/;
/** Says nothing of its own beside a figure. */
const FILLER =
  /^(?:(?:本次|这次|本日|当日|当天|今日|全天|一天)|开展|组织|进行|完成|参加|举办|举行|参与|做了|看了|讲了|做|共计|一共|总共|合计|总计|累计|共|计|另外|另有|另|以及|还有|其中|还|并|和|及|与|有|了|的|病人|患者|群众|村民|村医|医务人员|基层医务人员|学员|人员|人次数|人次|人数|次数|数量|场次|人|次|份|个|数|活动|服务|情况)+$/;
const NONE = /^(?:没有开展|没有|未开展|没开展|暂无|无)/;
const YES = /^(?:已经?设(?:置|立)?了?|已建(?:立|成)?|设了|建了|有|是|√|✓|✔|y(?:es)?(?![a-z]))/;
const NO = /^(?:没有|没设(?:置)?|未设(?:置|立)?|未建|没建|无|否|不是|没|×|✗|✘|n(?:o)?(?![a-z]))/;
const OTHERS =
  /^(?:其余|剩下|其他(?=(?:各项|项目?|都|均|全)(?:都|均|全部?)?(?:是|为)?(?:0|零|无|没有)))(?:的|各项|项目|项|几项)?(?:都|均|全部|全)?/;
const EACH = /^(?:各|分别(?:是|为)?|都是?|均为?)/;
const ABOUT = /^(?:大约|大概|约|将近|近|超过|不到|不足|至少|最多)(?=\d|[一二两三四五六七八九十百千万])/;

const plainWord = (w: string): string => simplify(w.normalize('NFKC')).toLowerCase();

interface Vocabulary {
  /** Words, longest first, by first character. */
  at(text: string, i: number): { figure: FigureData; end: number } | undefined;
  near(said: string): string[];
}
const vocabularies = new WeakMap<readonly FigureData[], Vocabulary>();
const vocabularyOf = (figures: readonly FigureData[]): Vocabulary => {
  const made = vocabularies.get(figures);
  if (made) return made;
  const words = figures
    .flatMap(figure => [figure.name, ...figure.words].map(w => ({ word: plainWord(w), figure })))
    .sort((a, b) => b.word.length - a.word.length);
  const vocabulary: Vocabulary = {
    at(text, i) {
      const found = words.find(w => text.startsWith(w.word, i));
      return found && { figure: found.figure, end: i + found.word.length };
    },
    near(said) {
      const scored = words.flatMap(({ word, figure }) => {
        const distance = said.includes(word) || (said.length > 1 && word.includes(said)) ? 0.5 : editDistance(said, word);
        const shares = [...said].some(c => word.includes(c));
        return distance < Math.max(said.length, 2) && distance <= 1 && shares ? [{ id: figure.id, distance }] : [];
      });
      scored.sort((a, b) => a.distance - b.distance);
      return [...new Set(scored.map(s => s.id))].slice(0, 3);
    },
  };
  vocabularies.set(figures, vocabulary);
  return vocabulary;
};

export interface FigureLine {
  /** Simplified, in lower case; as long as what was typed. */
  plain: string;
  /** As it was typed, for texts. */
  text: string;
  /** Characters that have their place already. */
  taken: (i: number) => boolean;
  /** Where another slot's word ends that begins here: a day, a name. */
  otherAt: (i: number) => number | undefined;
}

const isYesNo = (t: Token | undefined): boolean => t?.is === 'key' && t.figure !== 'others' && t.figure.kind === 'yes-no';
const isKey = (t: Token | undefined): t is Of<'key'> => t?.is === 'key';
const isNumber = (t: Token | undefined): t is Of<'number'> => t?.is === 'number';
/** The next token that is no space. */
const nextOf = (tokens: readonly Token[], i: number): Token | undefined => tokens.slice(i).find(t => t.is !== 'space');

/** Does a whole figure begin here: its word, its number, and then an end or the next? */
const pairAt = (line: FigureLine, vocabulary: Vocabulary, from: number): boolean => {
  const key = vocabulary.at(line.plain, from);
  if (!key || key.figure.kind === 'text') return key !== undefined && /[:：]/.test(line.plain[key.end] ?? '');
  let i = key.end;
  for (let m = LINK.exec(line.plain.slice(i, i + 2)) ?? /^ /.exec(line.plain.slice(i, i + 1)); m; ) {
    i += m[0].length;
    m = LINK.exec(line.plain.slice(i, i + 2)) ?? /^ /.exec(line.plain.slice(i, i + 1));
  }
  const isWord = (j: number) => vocabulary.at(line.plain, j) !== undefined;
  const end =
    key.figure.kind === 'yes-no'
      ? i + ((YES.exec(line.plain.slice(i, i + 5)) ?? NO.exec(line.plain.slice(i, i + 5)))?.[0].length ?? -i - 1)
      : figureNumberAt(line.plain, i, isWord)?.end;
  return (
    end !== undefined &&
    end >= 0 &&
    (end >= line.plain.length || SPACE.test(line.plain[end]!) || BREAK.test(line.plain[end]!) || isWord(end))
  );
};

/** A text runs to the end of its line, or to where a whole figure begins again behind a break. */
const textAt = (line: FigureLine, vocabulary: Vocabulary, from: number): { text: string; end: number } => {
  let i = from;
  while (i < line.plain.length && /[ :：=是为]/.test(line.plain[i]!) && (i === from || !/[是为]/.test(line.plain[i]!))) i++;
  const quote = { '「': '」', '“': '”', '"': '"' }[line.plain[i] ?? ''];
  const closed = quote ? line.plain.indexOf(quote, i + 1) : -1;
  if (closed > i) return { text: line.text.slice(i + 1, closed), end: closed + 1 };
  let end = i;
  while (end < line.plain.length && line.plain[end] !== '\n' && !line.taken(end)) {
    const c = line.plain[end]!;
    if ((end === i || SPACE.test(c) || BREAK.test(c)) && pairAt(line, vocabulary, end === i ? end : end + 1)) break;
    end++;
  }
  return { text: line.text.slice(i, end).replace(/^[\s,，、;；。]+|[\s,，、;；。]+$/g, ''), end };
};

interface Tokens {
  tokens: Token[];
  words: { figure: FigureData; text: string; said: string; from: number; end: number }[];
  /** Words with a colon and nothing behind: lines of a form that were left as they are. */
  blank: Set<string>;
  /** What says nothing of its own: colons, 共, 次. */
  noise: [from: number, end: number][];
}

const tokensOf = (line: FigureLine, vocabulary: Vocabulary): Tokens => {
  const { plain } = line;
  const out: Tokens = { tokens: [], words: [], blank: new Set(), noise: [] };
  const { tokens } = out;
  const isWord = (j: number) => vocabulary.at(plain, j) !== undefined || line.otherAt(j) !== undefined;
  const put = (t: Token) => void tokens.push(t);
  const last = (): Token | undefined => tokens.findLast(t => t.is !== 'space');
  let about = false;
  for (let i = 0; i < plain.length; ) {
    const here = plain.slice(i, i + 12);
    const c = plain[i]!;
    if (line.taken(i)) {
      let end = i + 1;
      while (end < plain.length && line.taken(end)) end++;
      put({ is: 'break', from: i, end });
      i = end;
      continue;
    }
    if (SPACE.test(c)) {
      put({ is: 'space', from: i, end: i + 1 });
      i++;
      continue;
    }
    // 5.12 behind a word is its number, elsewhere a day.
    const before = last();
    const other = isKey(before) && /[\d-]/.test(c) ? undefined : line.otherAt(i);
    const key = vocabulary.at(plain, i);
    const others = OTHERS.exec(plain.slice(i, i + 14));
    if (others) {
      put({ is: 'key', figure: 'others', from: i, end: i + others[0].length });
      i += others[0].length;
      continue;
    }
    if (other !== undefined && other > (key?.end ?? i)) {
      put({ is: 'break', from: i, end: other });
      i = other;
      continue;
    }
    if (key?.figure.kind === 'text') {
      const { text, end } = textAt(line, vocabulary, key.end);
      if (text !== '') out.words.push({ figure: key.figure, text, said: line.text.slice(i, end), from: i, end });
      else out.noise.push([i, end]);
      put({ is: 'break', from: i, end });
      i = end;
      continue;
    }
    if (key) {
      put({ is: 'key', figure: key.figure, from: i, end: key.end });
      i = key.end;
      const rest = /^ ?[:：=] ?/.exec(plain.slice(i, i + 3));
      // A line of the template that nobody filled in.
      if (rest && (i + rest[0].length >= plain.length || /[\n,，;；]/.test(plain[i + rest[0].length]!) || isWord(i + rest[0].length)))
        out.blank.add(key.figure.id);
      continue;
    }
    const yesNo = isYesNo(before) ? (NO.exec(here) ?? YES.exec(here)) : undefined;
    const ahead =
      !yesNo && [NO, YES].map(re => re.exec(here)).find(m => m && vocabulary.at(plain, i + m[0].length)?.figure.kind === 'yes-no');
    const said = yesNo ?? ahead;
    if (said) {
      put({ is: 'number', value: NO.test(here) ? 0 : 1, inexact: false, from: i, end: i + said[0].length });
      i += said[0].length;
      continue;
    }
    const none = NONE.exec(here);
    if (none && (isKey(before) || before?.is === 'each' || isWord(i + none[0].length))) {
      put({ is: 'number', value: 0, inexact: false, none: true, from: i, end: i + none[0].length });
      i += none[0].length;
      continue;
    }
    const each = EACH.exec(here);
    if (each && isKey(before)) {
      put({ is: 'each', from: i, end: i + each[0].length });
      out.noise.push([i, i + each[0].length]);
      i += each[0].length;
      continue;
    }
    const approximately = ABOUT.exec(here);
    if (approximately) {
      about = true;
      out.noise.push([i, i + approximately[0].length]);
      i += approximately[0].length;
      continue;
    }
    const number = figureNumberAt(plain, i, isWord);
    if (number) {
      put({ is: 'number', value: about ? null : number.value, inexact: about || number.inexact, from: i, end: number.end });
      about = false;
      i = number.end;
      continue;
    }
    if (BREAK.test(c)) {
      put({ is: 'break', from: i, end: i + 1 });
      out.noise.push([i, i + 1]);
      i++;
      continue;
    }
    const link = LINK.exec(here);
    if (link) {
      out.noise.push([i, i + link[0].length]);
      i += link[0].length;
      continue;
    }
    // Other words, up to what is known again.
    let end = i + 1;
    while (
      end < plain.length &&
      !SPACE.test(plain[end]!) &&
      !BREAK.test(plain[end]!) &&
      !line.taken(end) &&
      !isWord(end) &&
      line.otherAt(end) === undefined &&
      !/[\d:：=(（)）]/.test(plain[end]!) &&
      !EACH.test(plain.slice(end, end + 2)) &&
      !(figureNumberAt(plain, end, isWord)?.end ?? 0) &&
      !(NONE.test(plain.slice(end, end + 4)) && isKey(before))
    )
      end++;
    if (FILLER.test(plain.slice(i, end))) out.noise.push([i, end]);
    else put({ is: 'unknown', from: i, end });
    i = end;
  }
  return out;
};

/** 病例大讨论 is another word than 讨论: what is written in one with a known word belongs to it. */
const joinUnknown = (tokens: readonly Token[]): Token[] => {
  const out: Token[] = [];
  for (const t of tokens) {
    const before = out.at(-1);
    const glued = before !== undefined && before.end === t.from;
    if (glued && ((before.is === 'unknown' && (t.is === 'key' || t.is === 'unknown')) || (before.is === 'key' && t.is === 'unknown')))
      out[out.length - 1] = { is: 'unknown', from: before.from, end: t.end };
    // 微信阅读量: two words for one figure.
    else if (glued && isKey(before) && isKey(t) && before.figure === t.figure) out[out.length - 1] = { ...before, end: t.end };
    else out.push(t);
  }
  return out;
};

type Pair = { key: Of<'key'> | Of<'unknown'>; number: Of<'number'> };

/** A stretch in which words and numbers take turns, the same number of each: the first tells which comes first. */
const inTurns = (run: readonly Token[]): Pair[] | undefined => {
  if (run.length === 0 || run.length % 2 !== 0) return undefined;
  const numbersFirst = isNumber(run[0]);
  const pairs: Pair[] = [];
  for (let i = 0; i < run.length; i += 2) {
    const [a, b] = numbersFirst ? [run[i + 1]!, run[i]!] : [run[i]!, run[i + 1]!];
    if (!(isKey(a) || a.is === 'unknown') || !isNumber(b)) return undefined;
    pairs.push({ key: a, number: b });
  }
  return pairs;
};

/** Stretches between breaks; words that are in the way of nothing stand for themselves. */
const pairsOf = (tokens: readonly Token[]): { pairs: Pair[]; left: Token[] } => {
  const pairs: Pair[] = [];
  const left: Token[] = [];
  const stretches: Token[][] = [[]];
  for (const t of tokens) {
    if (t.is === 'break') stretches.push([]);
    else stretches.at(-1)!.push(t);
  }
  for (const stretch of stretches) {
    const run = stretch.filter(t => t.is !== 'space');
    const known = run.every(t => isKey(t) || isNumber(t)) ? inTurns(run) : undefined;
    if (known) {
      pairs.push(...known);
      continue;
    }
    // Word by word, then by turns within what is written in one.
    const chunks: Token[][] = [[]];
    for (const t of stretch) {
      if (t.is === 'space') chunks.push([]);
      else chunks.at(-1)!.push(t);
    }
    for (const chunk of chunks) {
      let part: Token[] = [];
      const close = () => {
        const found = inTurns(part);
        if (found) pairs.push(...found);
        else if (part.length >= 3 && isKey(part[0]) && !isNumber(part.at(-1)!) && part.at(-1)!.is === 'unknown') {
          // 诊疗30很忙
          const head = inTurns(part.slice(0, -1));
          if (head) pairs.push(...head);
          else left.push(...part.slice(0, -1));
          left.push(part.at(-1)!);
        } else left.push(...part);
        part = [];
      };
      for (const t of chunk) {
        const before = part.at(-1);
        if (before && isNumber(before) === isNumber(t)) close();
        part.push(t);
      }
      close();
    }
  }
  // What stood alone on both sides of a break or a space: 诊疗, 30 over two lines.
  const order = new Map<Token, number>(tokens.filter(t => t.is !== 'space' && t.is !== 'break').map((t, i) => [t, i]));
  const rest: Token[] = [];
  for (let i = 0; i < left.length; ) {
    let run = [left[i]!];
    while (
      left[i + run.length] &&
      order.get(left[i + run.length]!) === order.get(run.at(-1)!)! + 1 &&
      isNumber(left[i + run.length]) !== isNumber(run.at(-1))
    )
      run.push(left[i + run.length]!);
    const found = inTurns(run);
    if (found) pairs.push(...found);
    else if (run.length > 2 && run[0]!.is === 'unknown') {
      // 很忙 诊疗 30: the words before are their own.
      rest.push(run[0]!);
      run = [run[0]!];
    } else rest.push(...run);
    i += run.length;
  }
  return { pairs, left: rest };
};

/** 讨论、查房各2 */
const spreadEach = (tokens: readonly Token[]): { tokens: Token[]; pairs: Pair[] } => {
  const out: Token[] = [];
  const pairs: Pair[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const t = tokens[i]!;
    const number = t.is === 'each' ? nextOf(tokens, i + 1) : undefined;
    if (t.is !== 'each') {
      out.push(t);
      continue;
    }
    if (!isNumber(number)) continue;
    let first = out.length;
    while (first > 0 && (isKey(out[first - 1]) || out[first - 1]!.is === 'space' || out[first - 1]!.is === 'break')) first--;
    const keys = out.splice(first).filter(isKey);
    pairs.push(...keys.map(key => ({ key, number })));
    out.push({ is: 'break', from: t.from, end: number.end });
    i = tokens.indexOf(number as Token);
  }
  return { tokens: out, pairs };
};

/** What a number means for a figure, or why it cannot be. */
const valueFor = (
  figure: FigureData,
  { value, inexact }: { value: number | null; inexact: boolean },
  said: string,
): number | FigureProblem => {
  const wrong = (kind: 'negative' | 'fraction' | 'enormous' | 'inexact' | 'not-yes-no', near: number | null): FigureProblem => ({
    kind,
    figure: figure.id,
    said,
    value: near,
  });
  if (value === null || inexact) return wrong('inexact', null);
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

const sameValue = (a: number | string, b: number | string): boolean => a === b;

/** Reads the figures of a line. `take` is called for what belongs to them, so that other slots leave it alone. */
export const readFigures = (figures: readonly FigureData[], line: FigureLine, take: (from: number, end: number) => void): FigureReading => {
  const vocabulary = vocabularyOf(figures);
  const { tokens: all, words, blank, noise } = tokensOf(line, vocabulary);
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
    if (!there.some(v => sameValue(v.value, value))) there.push({ value, said: words });
    found.set(id, there);
  };
  let othersAreNone = false;
  for (const { key, number } of [...spread.pairs, ...pairs].sort((a, b) => a.key.from - b.key.from)) {
    take(key.from, key.end);
    take(number.from, number.end);
    if (key.is === 'unknown') {
      problems.push({ kind: 'unknown', said: said(key), value: number.value, near: vocabulary.near(line.plain.slice(key.from, key.end)) });
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
  // 经费 1000, or 1000 alone where there is nothing else to mean.
  if (only.length === 1 && numbers.length === 1 && left.length === 1 && !found.size && !problems.length) {
    const value = valueFor(only[0]!, numbers[0]!, said(numbers[0]!));
    if (typeof value === 'number') add(only[0]!.id, value, said(numbers[0]!));
    else problems.push(value);
  } else if (numbers.length) {
    const keys = left.filter(isKey);
    if (keys.length) problems.push({ kind: 'unclear', said: said(...keys, ...numbers) });
    else problems.push({ kind: 'bare', said: numbers.map(n => said(n)).join(' '), values: numbers.map(n => n.value ?? Number.NaN) });
  } else
    for (const t of left.filter(isKey))
      if (t.figure !== 'others' && !blank.has(t.figure.id)) problems.push({ kind: 'missing', figure: t.figure.id, said: said(t) });
  problems.push(...left.filter(t => t.is === 'unknown').map(t => ({ kind: 'stray' as const, said: said(t) })));
  const reading: FigureReading = { figures: {}, words: {}, problems };
  for (const f of figures) {
    const there = found.get(f.id) ?? [];
    if (there.length > 1)
      problems.push({ kind: 'repeated', figure: f.id, said: there.map(v => v.said).join('、'), values: there.map(v => v.value) });
    const [first] = there;
    if (!first) {
      if (othersAreNone && f.kind === 'count' && !f.optional && !problems.some(p => 'figure' in p && p.figure === f.id))
        reading.figures[f.id] = 0;
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
  { figures: values, words }: { figures: Readonly<Record<string, number>>; words: Readonly<Record<string, string>> },
): string =>
  [
    ...figures.flatMap(f => (values[f.id] === undefined ? [] : [`${f.name}${sayFigure(f, values[f.id]!)}`])),
    ...figures.flatMap(f => (words[f.id] === undefined ? [] : [`${f.name}:「${words[f.id]!.replaceAll('」', '')}」`])),
  ].join(' ');
