/** Words to their places: each by its type, in any order; what is left is free text, as it was typed. */
import type { Day } from '../day.ts';
import type { DateItem } from './dates.ts';
import { type FigureReading, figuresFromFields, readFigures } from './figures.ts';
import { anchorLabelled, placeLabelled } from './labelled.ts';
import { leftOf } from './leftovers.ts';
import { indexLexicon, type Lexicon, namesFor } from './lexicon.ts';
import { addValue, atBreak, free, type Line, starts, take, unfilled, wordFrom } from './line.ts';
import { type FigureSections, type Match, matchAt, type Problem, type ReadBy, type Slot } from './slots.ts';
import { soundsAlike } from './surnames.ts';
import { simplify } from './traditional.ts';

export { leftProblem, nearestWord } from './leftovers.ts';
export { indexLexicon, type Lexicon, type Option } from './lexicon.ts';
export { type LeftProblem, MOVED_TO, type NameProblem, type Problem, type Slot } from './slots.ts';

export interface Placed {
  values: Record<string, unknown>;
  problems: Problem[];
  /** What found no place where no slot takes the rest. */
  left?: string;
}

const AND = /[、,，和及与跟]/;
const LOOKS_LIKE_UNIT = /^[一-龥]{2,20}(?:卫生院|医院|卫生服务中心|服务站|保健院)$/;
/** In a sentence, not in a unit's name: 送孩子去医院. */
const SENTENCE = /[去到在送往来从因被是的给陪带住把]/;

const BARE_REF = /^\d{1,12}(?:-\d{1,5})?$/;

/** Places the words of one line. Cleaned text is expected. */
export const place = (
  text: string,
  slots: Readonly<Record<string, Slot>>,
  lexicon: Lexicon,
  today: Day,
  programme: ReadBy = {},
): Placed => {
  const line: Line = {
    plain: simplify(text).replace(/[A-Z]/g, c => c.toLowerCase()),
    slots: Object.entries(slots),
    index: indexLexicon(lexicon),
    lexicon,
    today,
    terms: programme.terms,
    values: {},
    problems: [],
    taken: new Uint8Array(text.length),
    filled: new Set(),
    ends: new Map(),
  };
  const labelled = placeLabelled(line);
  placeFigures(line, text, programme);
  const unlabelled = line.slots.some(([, s]) => s.kind !== 'labelled' && s.kind !== 'rest' && s.kind !== 'figures');
  if (unlabelled) {
    placeWhole(line);
    placeGlued(line);
    placeTrailingDates(line);
    reportStrangers(line);
    reportSeconds(line, text);
  }
  anchorLabelled(line, labelled);
  spreadHalf(line);
  const left = leftOf(text, line.taken);
  const rest = line.slots.find(([, s]) => s.kind === 'rest')?.[0];
  if (rest !== undefined && left !== '') line.values[rest] = left;
  return { values: line.values, problems: line.problems, ...(rest === undefined && left !== '' ? { left } : {}) };
};

/** A form's values: fixed words of its command are placed, fields that are figures are read by the programme, the others go as they are. */
export const placeForm = (
  fixed: string,
  values: Readonly<Record<string, string>>,
  slots: Readonly<Record<string, Slot>>,
  lexicon: Lexicon,
  today: Day,
  programme: ReadBy = {},
): Placed => {
  const placed = place(fixed, slots, lexicon, today, programme);
  const rest = { ...values };
  for (const [name, slot] of Object.entries(slots)) {
    const figures = slot.kind === 'figures' ? (programme[slot.of]?.figures ?? []) : [];
    const own = figures.flatMap(f => (rest[f.id] === undefined ? [] : [f.id]));
    if (!own.length) continue;
    placed.values[name] = figuresFromFields(figures, rest);
    for (const id of own) delete rest[id];
  }
  return { ...placed, values: { ...placed.values, ...rest } };
};

/** Figures have their words from the programme; days, names and choices between them are left to their own slots. */
const placeFigures = (line: Line, text: string, programme: FigureSections): void => {
  const others = line.slots.filter(([, s]) => FOREIGN.has(s.kind));
  for (const [name, slot] of line.slots) {
    if (slot.kind !== 'figures') continue;
    const taken: [number, number][] = [];
    const reading: FigureReading = readFigures(
      programme[slot.of]?.figures ?? [],
      {
        plain: line.plain,
        text,
        taken: i => line.taken[i] === 1,
        otherAt: i => {
          const ends = others.flatMap(([n, s]) => {
            const end = matchAt(line, i, n, s)?.end;
            // 1000.5 is an amount and no month.
            return end === undefined || (s.kind === 'month' && /^(?!20\d\d)\d+\.\d+$/.test(line.plain.slice(i, end))) ? [] : [end];
          });
          return ends.length ? Math.max(...ends) : undefined;
        },
      },
      (from, end) => taken.push([from, end]),
    );
    reportMistypedNames(line, text, reading);
    for (const [from, end] of taken) take(line, from, end);
    if (taken.length) {
      line.values[name] = reading;
      line.filled.add(name);
    }
  }
};
/** 江燃安 诊疗30: what is nearly somebody's name is no remark beside the figures. */
const reportMistypedNames = (line: Line, text: string, reading: FigureReading): void => {
  const slot = line.slots.find(([n, s]) => s.kind === 'person' && !line.filled.has(n))?.[0];
  if (slot === undefined) return;
  for (const p of reading.problems) {
    if (p.kind !== 'stray' || !/^[一-龥]{3,4}$/.test(p.said)) continue;
    const options = line.index.people.near(p.said).filter(o => o.name[0] === p.said[0]);
    const from = text.indexOf(p.said);
    if (options.length && from >= 0)
      line.problems.push({ kind: 'unknown-name', slot, said: p.said, from, end: from + p.said.length, options });
  }
};

const FOREIGN: ReadonlySet<Slot['kind']> = new Set(['dates', 'half', 'period', 'month', 'person', 'org', 'choice']);

const wants = (line: Line, name: string, slot: Slot, chain: readonly Match[]): boolean =>
  slot.kind !== 'rest' &&
  slot.kind !== 'labelled' &&
  (('many' in slot && slot.many === true) || !(line.filled.has(name) || chain.some(m => m.slot === name)));

/** The longest word at a place of the text that some slot still wants. */
const bestAt = (line: Line, i: number, chain: readonly Match[]): Match | undefined => {
  let best: Match | undefined;
  for (const [name, slot] of line.slots) {
    if (!wants(line, name, slot, chain)) continue;
    const found = matchAt(line, i, name, slot);
    if (found && (!best || found.end > best.end)) best = found;
  }
  return best;
};

/** Words and chains of words (张三5月12日上午) that fill the room between two breaks. */
const placeWhole = (line: Line): void => {
  const later: number[] = [];
  for (const start of starts(line)) {
    // 12-2 in a command that takes numbers of records is one, unless somebody is named with it: decided when all else has its place.
    if (
      /\d/.test(line.plain[start]!) &&
      /^\d{1,2}-\d{1,2}$/.test(wordFrom(line, start)) &&
      line.slots.some(([n, s]) => s.kind === 'ref' && !s.plain && !line.filled.has(n)) &&
      unfilled(line, 'dates')
    )
      later.push(start);
    else placeChain(line, start);
  }
  for (const start of later) {
    if (!free(line, start)) continue;
    const named = line.slots.some(([name, s]) => (s.kind === 'person' || s.kind === 'org') && line.filled.has(name));
    const [name, slot] = line.slots.find(([n, s]) => s.kind === (named ? 'dates' : 'ref') && !line.filled.has(n)) ?? [];
    const m = name !== undefined && slot ? matchAt(line, start, name, slot) : undefined;
    if (m && slot && atBreak(line, m.end)) {
      addValue(line, m, slot);
      take(line, start, m.end);
    } else placeChain(line, start);
  }
};
const chainFrom = (line: Line, start: number): { chain: Match[]; end: number } => {
  const chain: Match[] = [];
  let i = start;
  for (;;) {
    const m = bestAt(line, i, chain);
    if (!m || (m.kind === 'ref' && chain.length > 0 && BARE_REF.test(line.plain.slice(i, m.end)))) return { chain, end: i };
    chain.push(m);
    i = m.end;
    if (atBreak(line, i)) return { chain, end: i };
    // 古竹和城郊
    if ((m.kind === 'org' || m.kind === 'person') && AND.test(line.plain[i]!) && bestAt(line, i + 1, chain)?.kind === m.kind) i++;
  }
};
const commit = (line: Line, start: number, chain: readonly Match[]): void => {
  for (const m of chain) addValue(line, m, line.slots.find(([n]) => n === m.slot)![1]);
  const end = chain.at(-1)?.end;
  if (end !== undefined) take(line, start, end);
};
const placeChain = (line: Line, start: number): void => {
  if (!free(line, start)) return;
  const { chain, end } = chainFrom(line, start);
  if (chain.length && atBreak(line, end)) commit(line, start, chain);
};

/** Words before other text without a space: dates anywhere (昨天手机没电), names only where the text begins (古竹卫生院下午去村里). */
const placeGlued = (line: Line): void => {
  let beginning = true;
  for (const start of starts(line)) {
    const { chain } = chainFrom(line, start);
    const names = beginning;
    beginning = false;
    const kept: Match[] = [];
    for (const m of chain) {
      if (!names && (m.kind === 'person' || m.kind === 'org')) break;
      kept.push(m);
    }
    while (kept.length && !kept.at(-1)!.glues) kept.pop();
    commit(line, start, kept);
  }
};

/** 家中有事6月12日: a date with figures that ends a word. */
const placeTrailingDates = (line: Line): void => {
  const [name, slot] = line.slots.find(([n, s]) => s.kind === 'dates' && !line.filled.has(n)) ?? [];
  if (name === undefined || !slot) return;
  for (const start of starts(line)) {
    const word = wordFrom(line, start);
    for (let i = start + 1; i < start + word.length; i++) {
      if (!/\d/.test(line.plain[i]!) || /[\d./:#a-z第逢每-]/.test(line.plain[i - 1]!)) continue;
      const m = matchAt(line, i, name, slot);
      if (!m || !atBreak(line, m.end)) continue;
      addValue(line, m, slot);
      take(line, i, m.end);
      return;
    }
  }
};

/** What looks like a unit or a person and is none: said, with the nearest names, instead of becoming free text unseen. */
const reportStrangers = (line: Line): void => {
  for (const [name, slot] of line.slots) {
    if ((slot.kind !== 'org' && slot.kind !== 'person') || (line.filled.has(name) && !slot.many)) continue;
    const names = namesFor(line.index, slot);
    for (const start of starts(line)) {
      const said = wordFrom(line, start);
      const stranger = slot.kind === 'org' ? LOOKS_LIKE_UNIT.test(said) && !SENTENCE.test(said) : /^[一-龥]{3,4}$/.test(said);
      if (!stranger) continue;
      const options = names.near(said);
      if (slot.kind === 'person' && !options.some(o => soundsAlike(o.name[0]!, said[0]!))) continue;
      const end = start + said.length;
      line.problems.push({ kind: 'unknown-name', slot: name, said, from: start, end, options });
      take(line, start, end);
      break;
    }
  }
};

/** 张晓岚 戴泽宇 where one is asked for: the second is not taken for a remark. */
const reportSeconds = (line: Line, text: string): void => {
  for (const [name, slot] of line.slots) {
    const end = line.ends.get(name);
    if (end === undefined || (slot.kind !== 'person' && slot.kind !== 'org') || slot.many) continue;
    const start = end + (SEPARATORS.exec(line.plain.slice(end))?.[0].length ?? 0);
    if (start === end || !free(line, start)) continue;
    const second = namesFor(line.index, slot).at(line.plain, start);
    if (!second || !atBreak(line, second.end) || second.options.some(o => o.id === line.values[name])) continue;
    line.problems.push({ kind: 'one-only', slot: name, said: text.slice(start, second.end), what: slot.kind });
  }
};
const SEPARATORS = /^[\s,，、;；和及与跟]+/;

/** 5月12日上午 says the half day as well, where a slot asks for it. */
const spreadHalf = (line: Line): void => {
  const half = line.slots.find(([, s]) => s.kind === 'half')?.[0];
  const days = line.slots.find(([n, s]) => s.kind === 'dates' && line.values[n] !== undefined)?.[0];
  if (half === undefined || days === undefined || line.values[half] !== undefined) return;
  const halves = new Set((line.values[days] as DateItem[]).map(d => d.half));
  const [only] = halves;
  if (halves.size === 1 && only !== undefined) line.values[half] = only;
};
