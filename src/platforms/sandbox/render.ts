/** A card → a message of the stage. The stage shows everything, so nothing is lost; demo data says what it is. */
import type { Message, Place } from '../../bot/stage.ts';
import { type Card, plainText } from '../../core/card.ts';
import { type Instant, iso } from '../../core/day.ts';

/** Stands in the header of every card made of invented data. */
export const DEMO_MARK = '【演示数据】';

export const render = (
  card: Card,
  at: Instant,
  to: { place: Place; replyTo?: string; mention: string[] },
  demo: boolean,
): Omit<Message, 'id'> => {
  const { code, mention: _, paper: __, once: ___, ...rest } = card;
  const marked = demo && !card.title.includes(DEMO_MARK) ? { ...rest, title: `${rest.title}${DEMO_MARK}` } : rest;
  return {
    at: iso(at),
    conversation: to.place,
    from: 'bot',
    ...(to.replyTo === undefined ? {} : { replyTo: to.replyTo }),
    code,
    card: { ...marked, ...(to.mention.length ? { mention: to.mention } : {}) },
    text: plainText({ ...card, title: marked.title }),
  };
};
