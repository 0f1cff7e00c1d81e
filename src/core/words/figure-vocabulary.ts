/** The words of a programme's figures, and what is said around a number: 看…病人, 讲…课. */
import type { FigureData } from '../../programmes/schema.ts';
import { figureNumberAt } from './figure-numbers.ts';
import { editDistance } from './near.ts';
import { simplify } from './traditional.ts';

/** One form of a word for comparing: simplified, in lower case. */
export const plainWord = (w: string): string => simplify(w.normalize('NFKC')).toLowerCase();

/** What was said around a number, or half of it. */
export interface Said {
  figure: FigureData;
  /** The number as it stands; null: not exactly said. */
  value: number | null;
  inexact: boolean;
  /** Where the number begins. */
  number: number;
  end: number;
  /** 看了30个, 30个病人: one side of it is missing, so that it is asked. `word` is the side that is there. */
  half: { from: number; end: number } | null;
}

export interface Vocabulary {
  /** The longest word of a figure at a place of a text. */
  at(text: string, i: number): { figure: FigureData; end: number } | undefined;
  /** 看了30个病人: a number between two words that belong together. `isWord`: whether something known begins somewhere. */
  saidAt(text: string, i: number, isWord: (i: number) => boolean): Said | undefined;
  /** Figures that a word may mean, the nearest first. */
  near(said: string): string[];
}

/** Between the first half of a saying and its number. */
const AFTER_HEAD = /^(?:了|过)?(?:一共|总共|共)?/;
const ABOUT = /^(?:大约|大概|差不多|约|将近|近|超过|不到|不足|至少|最多)/;
/** People who may stand between a number and the second half: 给10个村医培训. */
const PEOPLE = /^(?:基层|村医|乡医|医务人员|学员|护士|医生)*/;
const NOTHING = /^(?:没有看?|没看?|无)/;
const BETWEEN = /^[ :：]?(?=[\d一二两三四五六七八九十])/;
/** 18个号 are so many registrations; 18号 may be a day. */
const OF_DAY = '号';
const maySayDay = (tail: string, { said, value }: { said: string; value: number | null }): boolean =>
  tail === OF_DAY && !said.endsWith('个') && value !== null && value >= 1 && value <= 31;
const EDGE = /^(?:$|[\s,，、;；。.!！|/+&)）])/;

interface Saying {
  head: string;
  tail: string;
  figure: FigureData;
}

/** Where the second half ends behind a number; 人 may have been read as the number's unit already. */
const tailEnd = (text: string, { said, end }: { said: string; end: number }, tail: string): number | undefined => {
  if (said.endsWith(tail) || said.endsWith(`${tail}次`)) return end;
  const from = end + PEOPLE.exec(text.slice(end, end + 12))![0].length;
  return text.startsWith(tail, from) ? from + tail.length : undefined;
};

const saidAt = (sayings: readonly Saying[], text: string, i: number, isWord: (i: number) => boolean): Said | undefined => {
  const about = ABOUT.exec(text.slice(i, i + 4))?.[0].length ?? 0;
  // Most places begin no saying at all.
  const bare = about ? undefined : figureNumberAt(text, i, isWord);
  const nothing = bare ? undefined : NOTHING.exec(text.slice(i, i + 4))?.[0].length;
  let half: Said | undefined;
  for (const { head, tail, figure } of sayings) {
    const begins = text.startsWith(head, i + about);
    if (!begins && nothing !== undefined && tail.length > 1 && text.startsWith(tail, i + nothing))
      return { figure, value: 0, inexact: false, number: i, end: i + nothing + tail.length, half: null };
    // 病人30: the second half before its number.
    const before =
      !begins && !bare && tail.length > 1 && text.startsWith(tail, i) ? BETWEEN.exec(text.slice(i + tail.length))?.[0].length : undefined;
    if (before !== undefined) {
      const number = i + tail.length + before;
      const n = figureNumberAt(text, number, isWord);
      if (n && EDGE.test(text.slice(n.end)))
        half ??= {
          figure,
          value: n.inexact ? null : n.value,
          inexact: n.inexact,
          number,
          end: n.end,
          half: { from: i, end: i + tail.length },
        };
    }
    if (!begins && !bare) continue;
    let from = begins ? i + about + head.length : i;
    if (begins) from += AFTER_HEAD.exec(text.slice(from, from + 4))![0].length;
    const more = begins ? (ABOUT.exec(text.slice(from, from + 4))?.[0].length ?? 0) : 0;
    const n = begins ? figureNumberAt(text, from + more, isWord) : bare;
    if (!n) continue;
    const vague = n.inexact || about + more > 0;
    const said = { figure, value: vague ? null : n.value, inexact: vague, number: from + more };
    const end = tailEnd(text, n, tail);
    const day = begins && end !== undefined && maySayDay(tail, n);
    if (begins && end !== undefined && !day) return { ...said, end, half: null };
    if (day) {
      half ??= { ...said, end: end!, half: { from: i + about, end: from } };
      continue;
    }
    if (begins && EDGE.test(text.slice(n.end))) half ??= { ...said, end: n.end, half: { from: i + about, end: from } };
    else if (!begins && (tail.length > 1 || (tail === OF_DAY && n.said.endsWith('个')))) {
      // 30个病人, 30 个病人.
      const from = n.end + (/^ 个?(?=\p{L})/u.exec(text.slice(n.end, n.end + 3))?.[0].length ?? 0);
      if (!isWord(from) && text.startsWith(tail, from) && EDGE.test(text.slice(from + tail.length)))
        half ??= { ...said, end: from + tail.length, half: { from, end: from + tail.length } };
    }
  }
  return half;
};

const make = (figures: readonly FigureData[]): Vocabulary => {
  const words = figures
    .flatMap(figure => [figure.name, ...figure.words].map(w => ({ word: plainWord(w), figure })))
    .sort((a, b) => b.word.length - a.word.length);
  const sayings: Saying[] = figures
    .flatMap(figure =>
      figure.sayings.map(s => {
        const [head = '', tail = ''] = s.split('…').map(plainWord);
        return { head, tail, figure };
      }),
    )
    .sort((a, b) => b.tail.length - a.tail.length);
  return {
    at(text, i) {
      const found = words.find(w => text.startsWith(w.word, i));
      return found && { figure: found.figure, end: i + found.word.length };
    },
    saidAt: (text, i, isWord) => saidAt(sayings, text, i, isWord),
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
};

const made = new WeakMap<readonly FigureData[], Vocabulary>();
/** Made once for each programme's figures. */
export const vocabularyOf = (figures: readonly FigureData[]): Vocabulary => {
  const there = made.get(figures);
  if (there) return there;
  const vocabulary = make(figures);
  made.set(figures, vocabulary);
  return vocabulary;
};
