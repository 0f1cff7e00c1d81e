/** A line of words as it is being placed: what is taken, where words begin and end, and what the slots have. */
import { BREAK } from './leftovers.ts';
import type { Match, Problem, Slot, Sought } from './slots.ts';

/** A line while its words find their places. */
export interface Line extends Sought {
  slots: readonly (readonly [string, Slot])[];
  values: Record<string, unknown>;
  problems: Problem[];
  /** Characters that have their place. */
  taken: Uint8Array;
  /** Slots that have their word. */
  filled: Set<string>;
  /** Where the last word of a slot ends. */
  ends: Map<string, number>;
}

/** A slot has its word, or what is wrong with it. */
export const addValue = (line: Line, m: Match, slot: Slot): void => {
  line.filled.add(m.slot);
  line.ends.set(m.slot, m.end);
  if (m.problem) line.problems.push(m.problem);
  if (m.value === undefined) return;
  const many = 'many' in slot && slot.many;
  line.values[m.slot] = many
    ? [...((line.values[m.slot] as unknown[] | undefined) ?? []), ...(Array.isArray(m.value) ? m.value : [m.value])]
    : m.value;
};

/** These characters have their place. */
export const take = (line: Line, from: number, to: number): void => {
  line.taken.fill(1, from, to);
};
/** Nothing has its place there yet. */
export const free = (line: Line, i: number): boolean => i < line.plain.length && line.taken[i] === 0;
/** A word ends there. */
export const atBreak = (line: Line, i: number): boolean => i >= line.plain.length || line.taken[i] === 1 || BREAK.test(line.plain[i]!);

/** Places where a word begins. */
export const starts = function* (line: Line): Generator<number> {
  for (let i = 0; i < line.plain.length; i++) {
    if (free(line, i) && !BREAK.test(line.plain[i]!) && (i === 0 || line.taken[i - 1] === 1 || BREAK.test(line.plain[i - 1]!))) yield i;
  }
};

/** A slot of this kind still waits for its word. */
export const unfilled = (line: Line, kind: Slot['kind']): boolean => line.slots.some(([n, s]) => s.kind === kind && !line.filled.has(n));
/** What stands from there to the next break. */
export const wordFrom = (line: Line, start: number): string => {
  let end = start;
  while (!atBreak(line, end)) end++;
  return line.plain.slice(start, end);
};
