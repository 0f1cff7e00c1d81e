/** A second thing in one message is offered with the answer to the first, never done by itself and never lost. */
import type { Button, Card } from '../core/card.ts';
import type { Day } from '../core/day.ts';
import { looksLikePhone } from '../core/names.ts';
import { mayHoldMore, type Things, thingsIn } from '../core/words/two-things.ts';
import type { Programme } from '../programmes/schema.ts';
import { type Actor, type AnyCommand, no } from './command.ts';
import type { SaidCommand } from './hearing.ts';
import { may, PERMISSIONS } from './permissions.ts';
import type { Inbound, Read } from './ports.ts';
import { MOST_BEHIND } from './problem-card.ts';
import type { Replies } from './replies.ts';
import { standingOf } from './standing.ts';

const MOST = 3;
/** Characters of a line on a button. */
const FACE = 20;

export const thingsSaid = async (
  read: Read,
  bot: { commands: ReadonlyMap<string, AnyCommand>; names: ReadonlyMap<string, string>; programmes: readonly Programme[] },
  { conversation }: Inbound,
  said: SaidCommand,
  actor: Actor,
  today: Day,
): Promise<Things> => {
  if (said.values || !mayHoldMore(said.rest, bot.names)) return { own: said.rest, more: [] };
  const { spoken, terms } = await standingOf(read, bot.programmes, actor, today);
  const roles = actor.grants.map(g => g.role);
  return thingsIn(said, {
    ...bot,
    lexicon: await read.lexicon(),
    today,
    by: { ...spoken, terms },
    may: name => may(name, roles, actor.person !== null, conversation.kind) === 'yes',
  });
};

interface Offered {
  button?: Button;
  /** How the thing is told. */
  told: string;
}
const offered = ({ name, line }: Things['more'][number]): Offered => {
  // What is kept nowhere is not kept behind a button either.
  if (PERMISSIONS[name]?.recall || looksLikePhone(line).length) return { told: `${name} …（含号码，请另发一条）` };
  if (line.length > MOST_BEHIND) return { told: `${name} …（太长，请另发一条）` };
  const face = line.length > FACE ? `${line.slice(0, FACE - 1)}…` : line;
  return { told: face, button: { label: face, command: `/${line}` } };
};

/** The answer to the first thing, and the others behind buttons. */
export const withOthers = (card: Card, more: Things['more']): Card => {
  if (!more.length) return card;
  const offers = more.map(offered);
  const buttons = offers.slice(0, MOST).flatMap(o => (o.button ? [o.button] : []));
  return {
    ...card,
    lines: [...card.lines, `还没办：${offers.map(o => o.told).join('；')}`],
    ...(buttons.length ? { buttons: [...(card.buttons ?? []), ...buttons] } : {}),
  };
};

/** Answers in which the first card, that of what was asked, offers the rest. */
export const repliesWithOthers = (replies: Replies, more: Things['more']): Replies => {
  let open = more;
  const once = (card: Card): Card => {
    const made = withOthers(card, open);
    open = [];
    return made;
  };
  return {
    here: replies.here,
    reply: (card, nth) => replies.reply(once(card), nth),
    alone: (card, nth) => replies.alone(once(card), nth),
    answer: (card, inDirect) => replies.answer(once(card), inDirect),
  };
};

/** What may be one thing or several, and does not read as one. */
export const whichThings = (name: string, { own, more }: Things): Card => ({
  ...no('args.two-things', '像是几件事，一件也没办', '点一下办一件'),
  tone: 'ask',
  buttons: [{ name, line: `${name} ${own}`.trim() }, ...more].flatMap(t => offered(t).button ?? []).slice(0, MOST),
});
