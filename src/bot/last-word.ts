/** In direct chat a word may stand for a button: the label of one on the bot's last card, or 是的 where that card asks for one thing. Of an older card nothing is pressed; 好的 to one that still asks presses nothing either, and is told so. */
import type { Button, Card } from '../core/card.ts';
import { clean } from '../core/words/clean.ts';
import { isThanks } from '../core/words/command-line.ts';
import type { Inbound, OutboxRow, Read } from './ports.ts';

/** What was asked longer ago is not answered by a word. */
const LASTS = 10 * 60_000;
/** Among so many of the newest messages the last word is looked for: where more was said since, it is not found and nothing is pressed. */
const NEWEST = 100;
const LONGEST_LABEL = 20;
/** Says that it was read, not that it may be done. */
const READ_ONLY = /收到|知道|明白|了解|清楚|辛苦/;
const ASSENT = /好|行|可以|嗯|没问题|ok/i;
const YES = /^(?:是|是的|对|对的|没错|确认|确认无误|确定|无误|没问题)[吧的啊呀了]*[。.!！~]*$/;

export interface Pressed {
  command: string;
  message: string;
}

/** `row`: the last that was said there. `sure`: only what is written on a button. */
export const pressedBy = (typed: string, row: OutboxRow | undefined, sure: boolean): Pressed | undefined => {
  const said = clean(typed).trim();
  const buttons = row?.card.buttons ?? [];
  const press = (b: Button | undefined) => b && row && { command: b.command, message: row.key };
  const labelled = buttons.filter(b => b.label === said);
  if (labelled.length === 1) return press(labelled[0]);
  const main = buttons.filter(b => b.style === 'primary');
  const [only] = main;
  const asks = row?.card.tone === 'ask' && main.length === 1 && (buttons.length === 1 || /^[确是]/.test(only!.label));
  return !sure && asks && YES.test(said) ? press(only) : undefined;
};

/** The last that was said in a direct chat, while a word may still be meant for it. */
const lastWord = async (read: Read, { content, conversation, platform, app, sentAt }: Inbound): Promise<OutboxRow | undefined> => {
  if (content.kind !== 'text' || conversation.kind !== 'direct' || content.text.length > LONGEST_LABEL) return undefined;
  const at = (r: OutboxRow) => r.settledAt ?? r.createdAt;
  const to = { platform, app, conversation: conversation.id };
  const [last] = (await read.outbox({ states: ['sent', 'sending'], to, limit: NEWEST })).sort((a, b) => at(b) - at(a) || b.seq - a.seq);
  return last && at(last) >= sentAt - LASTS ? last : undefined;
};

/** `sure`: a question waits for words, so that only what is written on a button presses it. */
export const pressedInWords = async (read: Read, inbound: Inbound, sure: boolean): Promise<Pressed | undefined> => {
  const last = await lastWord(read, inbound);
  return last && inbound.content.kind === 'text' ? pressedBy(inbound.content.text, last, sure) : undefined;
};

/** 好的 to a card that still asks: whoever says it may think it done. Its buttons once more; undefined where nothing is asked. */
export const stillAsked = async (read: Read, inbound: Inbound): Promise<Card | undefined> => {
  const said = inbound.content.kind === 'text' ? clean(inbound.content.text).trim() : '';
  if (!isThanks(said) || !ASSENT.test(said) || READ_ONLY.test(said)) return undefined;
  const card = (await lastWord(read, inbound))?.card;
  if (!card?.buttons?.length || (card.tone !== 'ask' && card.tone !== 'urgent' && card.code !== 'command.near')) return undefined;
  return {
    code: 'offer.open',
    title: card.buttons.length > 1 ? '还没有办，请点一个' : '还没有办，请点一下',
    tone: 'ask',
    lines: card.code === 'offer.open' ? card.lines : [card.title],
    buttons: card.buttons,
  };
};
