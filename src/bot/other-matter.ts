/** What an answer reads as that is no answer to what was asked in free words: the day's figures, another command. It is offered as that. */
import type { Card } from '../core/card.ts';
import type { Day } from '../core/day.ts';
import type { Near } from '../core/words/command-line.ts';
import type { Listener } from './clauses.ts';
import type { Hearing, Said, SaidCommand } from './hearing.ts';
import { nearCard, readsWhole, withRest } from './near-miss.ts';
import { whatItWouldBe } from './overheard.ts';
import type { Inbound, Read } from './ports.ts';

/** What hears and reads a message. */
export interface Ears extends Listener {
  hearing: Hearing;
}
export type Answer = Pick<Extract<Said, { kind: 'answer' }>, 'text' | 'near'>;

/** Whether an answer is all of it the words of the command that it is near. */
const readsAs = async (
  read: Read,
  { byName, hearing }: Ears,
  { suggestions: [name = ''], sentence }: Near,
  said: string,
  today: Day,
): Promise<boolean> => {
  const command = byName.get(name);
  if (!command) return false;
  const { rest } = hearing.answered(sentence ? `/${name} ${sentence.behind}` : withRest(command, said), '') as SaidCommand;
  return readsWhole(command, rest ?? '', await read.lexicon(), today);
};

/** `before`: the line that was asked about. */
export const otherMatter = async (
  read: Read,
  ears: Ears,
  inbound: Inbound,
  { text, near }: Answer,
  before: string,
  today: Day,
): Promise<Card | undefined> => {
  const asking = ears.hearing.answered(before, '');
  if (asking.kind !== 'command' || !ears.byName.get(asking.name)?.asksFreely) return undefined;
  const own = (card: Card) => card.buttons?.some(b => b.command.split(' ')[0] === `/${asking.name}`);
  const card =
    near && (await readsAs(read, ears, near, text.replace(/^\//, ''), today))
      ? await nearCard(read, ears.byName, inbound, near, { numbered: false, today })
      : await whatItWouldBe(read, ears, inbound, today);
  return card && !own(card)
    ? { ...card, lines: [...card.lines.slice(0, 4), `刚才的 /${asking.name} 没有办；要办请连着事由再发一遍`] }
    : undefined;
};
