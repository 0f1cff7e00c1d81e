/** Whether what was said answers what the bot has asked. What does not is asked again: a bare 好的 is no reason, and a day is asked for until one is named. */
import type { Day } from '../core/day.ts';
import { onlySmallWords, saysNothing, withoutSmallWords } from '../core/words/answers.ts';
import type { Lexicon } from '../core/words/lexicon.ts';
import { place } from '../core/words/place.ts';
import type { AnyCommand } from './command.ts';

/** `text`: the answer, without the small words around a day. `asks`: the line that asks once more. */
export type Answering = { text: string } | { asks: string };

/** `before`: the line that was asked about; `rest`: what of it stands behind the command. */
export const answering = (
  { before, rest, text }: { before: string; rest: string; text: string },
  { slots }: Pick<AnyCommand, 'slots'>,
  lexicon: Lexicon,
  today: Day,
): Answering => {
  const all = Object.entries(slots);
  const label = before.split(' ').at(-1)!;
  const open = all.find(([, s]) => s.kind === 'labelled' && s.labels.includes(label.replace(/[:：]$/, '')));
  const asks = open ? before.slice(0, -label.length).trim() : before;
  if (saysNothing(text)) return { asks };
  const free = all.find(([, s]) => s.kind === 'rest')?.[0];
  const read = (line: string) => {
    const { values, problems, left } = place(line, slots, lexicon, today);
    const { [free ?? '']: words = left, ...named } = values;
    return { named, problem: problems.length > 0, words: typeof words === 'string' ? words : '' };
  };
  const known = read(open ? rest.slice(0, -label.length) : rest);
  if (open?.[1].kind === 'labelled') {
    if (open[1].of.kind !== 'dates') return { text };
    const day = text.startsWith(label) ? text : withoutSmallWords(text);
    const own = read(day.startsWith(label) ? day : `${label} ${day}`);
    if (own.problem) return { text: day };
    if (!Object.keys(own.named).length) return { asks };
    if (!own.words || !known.words) return { text: day };
    return onlySmallWords(own.words) ? { text: own.words.split(' ').reduce((t, w) => t.replace(w, ' '), day).trim() } : { asks };
  }
  const own = read(text);
  const dayMissing = all.some(([n, s]) => s.kind === 'dates' && known.named[n] === undefined);
  // 明天再看看 names no day that is meant.
  if (dayMissing && saysNothing(own.words)) return { asks };
  if (own.problem || Object.keys(own.named).some(n => known.named[n] === undefined)) return { text };
  return own.words && !(known.words && dayMissing) ? { text } : { asks };
};
