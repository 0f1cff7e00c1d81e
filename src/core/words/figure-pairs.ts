/** Words and numbers of a line put together: which number is whose. */
import { isKey, isNumber, nextOf, type Of, type Token } from './figure-tokens.ts';

/** 病例大讨论 is another word than 讨论: what is written in one with a known word belongs to it. */
export const joinUnknown = (tokens: readonly Token[]): Token[] => {
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

/** A word and its number. */
export type Pair = { key: Of<'key'> | Of<'unknown'>; number: Of<'number'> };

/** A stretch in which words and numbers take turns, the same number of each: the first tells which comes first. */
const inTurns = (run: readonly Token[]): Pair[] | undefined => {
  if (run.length === 0 || run.length % 2 !== 0) return undefined;
  const numbersFirst = isNumber(run[0]);
  const pairs: Pair[] = [];
  for (let i = 0; i < run.length; i += 2) {
    const [a, b] = numbersFirst ? [run[i + 1]!, run[i]!] : [run[i]!, run[i + 1]!];
    if (!(isKey(a) || a.is === 'unknown') || !isNumber(b)) return undefined;
    // 30个病人，培训: those people are nobody else's.
    if (numbersFirst && b.people && a.from !== b.end) return undefined;
    pairs.push({ key: a, number: b });
  }
  return pairs;
};

/** Stretches between breaks; words that are in the way of nothing stand for themselves. */
export const pairsOf = (tokens: readonly Token[]): { pairs: Pair[]; left: Token[] } => {
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
export const spreadEach = (tokens: readonly Token[]): { tokens: Token[]; pairs: Pair[] } => {
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
