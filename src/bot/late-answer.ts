/** What answers a question when it waits no longer: by then it may be said of something else, so the whole line is offered behind a button. */
import type { Card } from '../core/card.ts';
import type { Day } from '../core/day.ts';
import type { Question } from '../core/records.ts';
import { clean } from '../core/words/clean.ts';
import { place } from '../core/words/place.ts';
import { asks } from '../core/words/questions.ts';
import { answering } from './answering.ts';
import { CANCELS, type Said } from './hearing.ts';
import { datedLine, offer } from './near-miss.ts';
import { type Ears, otherMatter } from './other-matter.ts';
import type { Inbound, Read } from './ports.ts';
import { phoneSaid } from './refusals.ts';

/** A number by itself chose something that is gone. */
const NUMBER = /^\d{1,2}$/;

/** undefined: it is no answer to that, or of another matter or day. `before`: the line that was asked about. */
export const lateAnswer = async (
  read: Read,
  ears: Ears,
  inbound: Inbound,
  said: Said,
  { before, question, today }: { before: string; question: Question; today: Day },
): Promise<Card | undefined> => {
  if (
    today !== question.day ||
    inbound.content.kind !== 'text' ||
    !['near', 'unknown', 'chatter'].includes(said.kind) ||
    phoneSaid(inbound)
  )
    return undefined;
  const text = clean(inbound.content.text);
  if (CANCELS.test(text)) return { code: 'question.cancelled', title: '好的，没有办', tone: 'info', lines: [] };
  if (asks(text) || NUMBER.test(text)) return undefined;
  const near = said.kind === 'near' ? { near: said } : {};
  if (await otherMatter(read, ears, inbound, { text, ...near }, before, today)) return undefined;
  const lexicon = await read.lexicon();
  const { said: line, unanswered } = answering(ears.hearing, ears.byName, { before, text, typed: true }, lexicon, question.day);
  const command = line.kind === 'command' ? ears.byName.get(line.name) : undefined;
  if (line.kind !== 'command' || !command || unanswered !== undefined || command.takesFile || command.takesPlace) return undefined;
  if (said.kind === 'near' && !said.suggestions.includes(line.name)) return undefined;
  const { problems, values } = place(line.rest, command.slots, lexicon, question.day, {});
  if (problems.length || !command.args.safeParse(values).success) return undefined;
  return {
    code: 'question.late',
    title: '刚才问的已过 10 分钟，没有办',
    tone: 'ask',
    lines: ['还要办就点一下'],
    buttons: [offer(line.name, datedLine(line.rest, command, question.day))],
  };
};
