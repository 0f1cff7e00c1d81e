/** Whether what was said answers what the bot has asked. What does not is asked again: a bare 好的 is no reason, and a day is asked for until one is named. */
import type { Card } from '../core/card.ts';
import type { Day } from '../core/day.ts';
import { onlySmallWords, saysNothing, withoutSmallWords } from '../core/words/answers.ts';
import { isThanks } from '../core/words/command-line.ts';
import type { Lexicon } from '../core/words/lexicon.ts';
import { place } from '../core/words/place.ts';
import type { AnyCommand } from './command.ts';
import { CANCEL, type Hearing } from './hearing.ts';

/** What an answer makes of the line that was asked about; `unanswered`: it is none, and `said` is the line that asks once more. */
export interface Answered {
  said: ReturnType<Hearing['answered']>;
  unanswered: string | undefined;
}

/** `before`: the line that was asked about. `typed`: no file and no place, which are an answer as they are. */
export const answering = (
  hearing: Hearing,
  commands: ReadonlyMap<string, AnyCommand>,
  { before, text, typed }: { before: string; text: string; typed: boolean },
  lexicon: Lexicon,
  today: Day,
): Answered => {
  const asking = hearing.answered(before, '');
  const command = asking.kind === 'command' ? commands.get(asking.name) : undefined;
  const got =
    typed && asking.kind === 'command' && command ? weigh({ before, rest: asking.rest, text }, command, lexicon, today) : { text };
  return 'asks' in got
    ? { said: hearing.answered(got.asks, ''), unanswered: text }
    : { said: hearing.answered(got.behind ?? before, got.text), unanswered: undefined };
};

/** The question once more, with what was said to it and a way out. */
export const askedAgain = (card: Card, said: string): Card => ({
  ...card,
  lines: [`“${said.slice(0, 20)}”没有当作回答，还没有办`, ...card.lines.filter(l => !l.startsWith('发 取消'))],
  buttons: [...(card.buttons ?? []), { label: CANCEL, command: CANCEL }],
});

/** `text`: the answer, without the small words around a day; `behind`: the line that it stands behind, where that is not the one that asked. `asks`: the line that asks once more. */
type Weighed = { text: string; behind?: string } | { asks: string };

/** 原因：and 原因 are one label. */
const bare = (label: string): string => label.replace(/[:：\s]$/, '');

/** `rest`: what of the line stands behind the command. */
const weigh = (
  { before, rest, text }: { before: string; rest: string; text: string },
  { slots }: Pick<AnyCommand, 'slots'>,
  lexicon: Lexicon,
  today: Day,
): Weighed => {
  const all = Object.entries(slots);
  const label = before.split(' ').at(-1)!;
  const open = all.find(([, s]) => s.kind === 'labelled' && s.labels.some(l => bare(l) === bare(label)));
  const asks = open ? before.slice(0, -label.length).trim() : before;
  if (isThanks(text) || saysNothing(text)) return { asks };
  const free = all.find(([, s]) => s.kind === 'rest')?.[0];
  const read = (line: string) => {
    const { values, problems, left } = place(line, slots, lexicon, today);
    const { [free ?? '']: words = left, ...named } = values;
    return { named, problem: problems.length > 0, words: typeof words === 'string' ? words : '' };
  };
  const known = read(open ? rest.slice(0, -label.length) : rest);
  if (open?.[1].kind === 'labelled') {
    if (open[1].of.kind !== 'dates') return { text };
    // 下午的改到22号上午 says which half goes and has the label in it: it is the rest of the line by itself.
    const inside = open[1].labels.some(l => text.indexOf(bare(l)) > 0) ? read(text) : undefined;
    if (inside && !inside.problem && inside.named[open[0]] !== undefined && !inside.words) return { text, behind: asks };
    const day = text.startsWith(label) ? text : withoutSmallWords(text);
    const own = read(day.startsWith(label) ? day : `${label} ${day}`);
    if (own.problem) return { text: day };
    if (!Object.keys(own.named).length) return { asks };
    if (!own.words || !known.words) return { text: day };
    return onlySmallWords(own.words)
      ? {
          text: own.words
            .split(' ')
            .reduce((t, w) => t.replace(w, ' '), day)
            .trim(),
        }
      : { asks };
  }
  const own = read(text);
  const dayMissing = all.some(([n, s]) => s.kind === 'dates' && known.named[n] === undefined);
  // 明天再看看 names no day that is meant.
  if (dayMissing && saysNothing(own.words)) return { asks };
  if (own.problem || Object.keys(own.named).some(n => known.named[n] === undefined)) return { text };
  return own.words && !(known.words && dayMissing) ? { text } : { asks };
};
