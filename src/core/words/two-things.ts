/** Several things said in one message: 签到 填报 诊疗5. Which words are the first command's, and where another begins. */
import type { Day } from '../day.ts';
import { type CommandAt, commandAt } from './command-line.ts';
import type { FigureReading } from './figures.ts';
import type { Lexicon } from './lexicon.ts';
import { leftProblem, place } from './place.ts';
import type { ReadBy, Slot } from './slots.ts';

/** What is looked at of a command. */
export interface Sayable {
  slots: Readonly<Record<string, Slot>>;
  /** Its free text is a remark that may as well be missing. */
  remarks?: boolean;
  /** Other commands are named behind it: 帮助 签到, 撤销 签到. */
  namesCommands?: boolean;
  /** A table may stand behind it, whatever its rows begin with. */
  takesTable?: boolean;
}

export interface Things {
  /** What stands behind the first command. */
  own: string;
  /** Each further one as it was typed, with its command. */
  more: readonly { name: string; line: string }[];
  /** It may be one thing after all, which does not read: neither is to be done. */
  doubtful?: boolean;
}

export interface Around {
  names: ReadonlyMap<string, string>;
  commands: ReadonlyMap<string, Sayable>;
  lexicon: Lexicon;
  today: Day;
  by: ReadBy;
  /** May the speaker use it? */
  may: (name: string) => boolean;
}

const SEPARATED = /[\s,，;；。!！]/;
const TRIMMED = /^[\s,，;；。!！]+|[\s,，;；。!！]+$/g;

/** How the words behind a command read: `said` something of its own kinds, `wholly` and without free text. */
const readingOf = ({ slots }: Sayable, rest: string, { lexicon, today, by }: Around): { said: boolean; wholly: boolean } => {
  const { values, problems, left } = place(rest, slots, lexicon, today, by);
  const free = (name: string) => slots[name]?.kind === 'rest';
  const readings = Object.keys(values).flatMap(name => (slots[name]?.kind === 'figures' ? [values[name] as FigureReading] : []));
  const empty = readings.filter(r => !Object.keys(r.figures).length && !r.problems.some(p => p.kind === 'bare'));
  return {
    said: problems.length > 0 || Object.keys(values).filter(name => !free(name)).length > empty.length,
    wholly:
      !problems.length &&
      !Object.keys(values).some(free) &&
      readings.every(r => !r.problems.length) &&
      (left === undefined || leftProblem(left, rest, slots, lexicon, today) === undefined),
  };
};

/** A place of a line where another command may begin. */
interface Begins extends CommandAt {
  at: number;
  slash: boolean;
}

const begins = function* (rest: string, names: ReadonlyMap<string, string>): Generator<Begins> {
  for (let at = 0; at < rest.length; at++) {
    if (at > 0 && !SEPARATED.test(rest[at - 1]!)) continue;
    const slash = rest[at] === '/';
    const head = commandAt(rest.slice(slash ? at + 1 : at), { names });
    if (head && (head.whole || slash)) yield { ...head, at, slash };
  }
};

/** Is there a word that may begin another thing? Most lines have none. */
export const mayHoldMore = (rest: string, names: ReadonlyMap<string, string>): boolean => !begins(rest, names).next().done;

/** Does the first thing end where another may begin? `below`: on a line of its own. */
const endsAt = (first: Sayable, whole: string, own: string, next: Begins, below: boolean, around: Around): 'yes' | 'no' | 'maybe' => {
  const { name, word, rest, slash } = next;
  const second = around.commands.get(name)!;
  if (first.namesCommands && !below) return 'no';
  if (slash || (below && rest === '')) return 'yes';
  if (below) return readingOf(second, rest.split('\n', 1)[0]!, around).said ? 'yes' : 'no';
  const { said, wholly } = readingOf(second, rest, around);
  // In the middle of a line nothing but the whole of its words tells a command from a word of the first one's text.
  if (word !== name || !around.may(name) || (rest === '' ? own !== '' && first.remarks : !said || !wholly)) return 'no';
  if (first.remarks) return 'yes';
  if (Object.values(first.slots).some(s => s.kind === 'rest')) return 'no';
  return !readingOf(first, whole, around).wholly && readingOf(first, own, around).wholly ? 'maybe' : 'no';
};

/** What a line says beside its first command. `below`: what stands behind the command stands on the next line. */
export const thingsIn = (line: { name: string; rest: string; below?: boolean }, around: Around): Things => {
  const { rest } = line;
  const first = around.commands.get(line.name);
  if (!first || first.takesTable) return { own: rest, more: [] };
  for (const next of begins(rest, around.names)) {
    const before = rest.slice(0, next.at);
    const own = before.replace(TRIMMED, '');
    const below = next.at === 0 ? line.below === true : before.includes('\n', own.length);
    const ends = endsAt(first, rest, own, next, below, around);
    if (ends === 'no') continue;
    const { own: its, more, doubtful } = thingsIn(next, around);
    return {
      own,
      more: [{ name: next.name, line: `${next.word} ${its}`.trim() }, ...more],
      ...(ends === 'maybe' || doubtful ? { doubtful: true } : {}),
    };
  }
  return { own: rest, more: [] };
};
