/** Whether a message is for the bot, and what was said: a command, an answer to what it asked, or something near. */

import type { Card } from '../core/card.ts';
import { isPaper } from '../core/check-in-paper.ts';
import type { Instant } from '../core/day.ts';
import type { Question } from '../core/records.ts';
import { clean } from '../core/words/clean.ts';
import { type CommandLine, type Near, readCommandLine, spokenTo } from '../core/words/command-line.ts';
import { accountAwaitsPaper } from './check-in-paper.ts';
import { choiceOf, moreOf, NO_MORE, numberTyped, type Undecided } from './choice.ts';
import type { AnyCommand } from './command.ts';
import { pressedInWords, stillAsked } from './last-word.ts';
import type { Content, Inbound, Read } from './ports.ts';

/** A question waits this long for its answer. */
const PATIENCE = 10 * 60_000;

/** Behind the button that ends a question. */
export const CANCEL = '取消';
/** The same, typed. */
export const CANCELS = /^\/?(取消|算了|不用了)$/;

export interface SaidCommand {
  kind: 'command';
  name: string;
  rest: string;
  /** The rest stands on the next line. */
  below?: boolean;
  /** Of a form. */
  values?: Record<string, string>;
}
/** What was said, once it is known to be for the bot. */
export type Said =
  | SaidCommand
  /** `near`: what else it may be: it begins with the name of a command that it runs on into, or says what belongs behind one. */
  | { kind: 'answer'; text: string; near?: Near }
  | Near
  | { kind: 'unknown'; typed: string }
  | { kind: 'picture' }
  | { kind: 'unread'; what: string }
  /** A number that chooses nothing by itself. */
  | { kind: 'choice'; choice: Undecided }
  /** 更多 where a message was cut: what did not fit. */
  | { kind: 'more'; card: Card }
  /** 好的 to what still waits for a button. */
  | { kind: 'assent'; card: Card }
  | { kind: 'chatter' };

export interface Hearing {
  /** undefined: not for the bot; nothing is stored of what is not. `typesChoices`: a bare number stands for a button. */
  hear(raw: Inbound, typesChoices: boolean): Promise<{ inbound: Inbound; said: Said } | undefined>;
  /** The answer put behind what it answers. `before`: the line that was asked about. */
  answered(before: string, typed: string): SaidCommand | { kind: 'unknown'; typed: string };
  /** Every name and alias, in lower case → command. */
  names: ReadonlyMap<string, string>;
  /** What a part of a message would say by itself. */
  part(text: string): CommandLine;
}

const SLASH = /^\s*[/／、]/;

const questionId = (i: Inbound): string => `${i.platform}/${i.app}/${i.conversation.id}/${i.account}`;

/** What somebody was asked in this chat, whether or not it still waits. */
export const questionOf = (read: Read, inbound: Inbound): Promise<Question | undefined> => read.get('questions', questionId(inbound));

/** The question under which an answer will be understood. `text`: the line so far. */
export const questionFor = (inbound: Inbound, text: string, day: Question['day'], now: Instant): Question => ({
  id: questionId(inbound),
  conversation: inbound.conversation.id,
  account: inbound.account,
  text,
  day,
  expires: now + PATIENCE,
});

export const makeHearing = (commands: readonly AnyCommand[], botNames: readonly string[], read: Read): Hearing => {
  const names = new Map<string, string>();
  for (const c of commands) for (const n of [c.name, ...c.aliases]) names.set(n.toLowerCase(), c.name);
  const sayings = new Map(commands.flatMap(c => (c.sayings ? [[c.name, [c.sayings].flat() as RegExp[]] as const] : [])));
  const words = new Map(commands.flatMap(c => Object.entries(c.aliasWords ?? {})));
  const atOnce = new Set(commands.filter(c => c.atOnce).map(c => c.name));
  const takesFile = new Set(commands.filter(c => c.takesFile).map(c => c.name));

  const commandLine = (text: string, direct: boolean, mentioned: boolean): CommandLine =>
    readCommandLine(text, { direct, mentioned, botNames: [...botNames], names, sayings, words });

  const elseIn = (line: CommandLine, text: string): { near?: Near } =>
    line.kind === 'near' &&
    (line.sentence?.behind || [...names].some(([word, name]) => line.suggestions.includes(name) && text.toLowerCase().startsWith(word)))
      ? { near: line }
      : {};

  const waiting = async (inbound: Inbound): Promise<Question | undefined> => {
    const q = await questionOf(read, inbound);
    return q !== undefined && q.expires >= inbound.sentAt ? q : undefined;
  };
  const waitsForFile = async (inbound: Inbound): Promise<boolean> => {
    if (!(await waiting(inbound))) return false;
    const line = commandLine((await read.unseal('questions', questionId(inbound), 'text')) ?? '', true, true);
    return line.kind === 'command' && takesFile.has(line.name);
  };

  const saidIn = async (inbound: Inbound): Promise<Said | undefined> => {
    const direct = inbound.conversation.kind === 'direct';
    const { content } = inbound;
    switch (content.kind) {
      case 'joined':
        return { kind: 'command', name: '绑定群', rest: '' };
      case 'location':
        return (await waiting(inbound))
          ? { kind: 'answer', text: `${content.lat},${content.lng}` }
          : { kind: 'command', name: '签到', rest: '' };
      case 'unread':
        return direct ? content : undefined;
      case 'file':
        return (await waitsForFile(inbound)) ? { kind: 'answer', text: '' } : saidByFile(inbound, content, direct);
      case 'button':
      case 'form': {
        // 取消 is no command: it ends what was asked.
        if (content.command === CANCEL) return { kind: 'answer', text: CANCEL };
        const line = commandLine(content.command, true, true);
        if (line.kind !== 'command') return { kind: 'unknown', typed: content.command };
        return { ...line, ...(content.kind === 'form' ? { values: content.values } : {}) };
      }
      case 'text': {
        const line = commandLine(content.text, direct, content.mentioned ?? false);
        if (line.kind === 'command') return line;
        if (await waiting(inbound)) return { kind: 'answer', text: clean(content.text), ...elseIn(line, clean(content.text)) };
        if (line.kind === 'near' || line.kind === 'unknown') return line;
        // It was not said for an answer.
        return line.kind === 'chatter' ? line : undefined;
      }
    }
  };

  /** A command beside it takes the file along; a picture after a stand-in's check-in is its paper; else a table is to be imported. */
  const saidByFile = async (inbound: Inbound, content: Extract<Content, { kind: 'file' }>, direct: boolean): Promise<Said | undefined> => {
    const line = content.text === undefined ? undefined : commandLine(content.text, direct, content.mentioned ?? false);
    if (line?.kind === 'command') return line;
    if (isPaper(content.file.name) && (await accountAwaitsPaper(read, inbound, inbound.receivedAt)))
      return { kind: 'command', name: '签到', rest: '' };
    if (isPaper(content.file.name)) return direct ? { kind: 'picture' } : undefined;
    return direct || content.rows ? { kind: 'command', name: '导入', rest: '' } : undefined;
  };

  /** The bot's name is no part of what is said to it. */
  const withoutName = (inbound: Inbound): Inbound => {
    const { content } = inbound;
    if (content.kind !== 'text' || !/[@＠]/.test(content.text)) return inbound;
    const { text, called } = spokenTo(content.text.replaceAll('＠', '@'), { mentioned: content.mentioned ?? false, botNames });
    return called ? { ...inbound, content: { ...content, text, mentioned: true } } : inbound;
  };

  return {
    names,
    part: text => commandLine(text, true, false),
    async hear(told, typesChoices) {
      const raw = withoutName(told);
      const number = typesChoices ? numberTyped(raw.content) : undefined;
      if (number !== undefined) {
        const asked = await waiting(raw);
        const choice = await choiceOf(read, raw, number, asked && asked.expires - PATIENCE);
        if (choice?.kind === 'press') {
          const inbound: Inbound = { ...raw, content: { kind: 'button', command: choice.command, message: choice.message } };
          const said = await saidIn(inbound);
          return said && { inbound, said };
        }
        if (choice) return { inbound: raw, said: { kind: 'choice', choice } };
      }
      const more = typesChoices ? await moreOf(read, raw) : undefined;
      if (more !== undefined) return { inbound: raw, said: { kind: 'more', card: more ?? NO_MORE } };
      const said = await saidIn(raw);
      const worded = said?.kind === 'answer' || said?.kind === 'near' || said?.kind === 'unknown' || said?.kind === 'chatter';
      // 在岗 and 同意 are commands as well; right below a card that has them on a button they are its answer. 签到 and 撤回 do something of their own.
      const labelled =
        said?.kind === 'command' &&
        said.rest === '' &&
        raw.content.kind === 'text' &&
        !SLASH.test(raw.content.text) &&
        !atOnce.has(said.name);
      const press = worded || labelled ? await pressedInWords(read, raw, said.kind === 'answer' || labelled) : undefined;
      if (press) {
        const inbound: Inbound = { ...raw, content: { kind: 'button', ...press } };
        const pressed = await saidIn(inbound);
        return pressed && { inbound, said: pressed };
      }
      if (said) return { inbound: raw, said };
      const card = await stillAsked(read, raw);
      return card && { inbound: raw, said: { kind: 'assent', card } };
    },
    answered(before, typed) {
      // A label that was put there already may be typed again: 改到 … 改到 4月19日.
      const label = before.split(' ').at(-1) ?? '';
      const line = commandLine(`${before} ${typed.startsWith(label) ? typed.slice(label.length) : typed}`, true, true);
      return line.kind === 'command' ? line : { kind: 'unknown', typed };
    },
  };
};
