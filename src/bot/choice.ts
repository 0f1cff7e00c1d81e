/** Where there are no buttons, a bare number chooses among what was offered: for ten minutes, in that chat, by whom it was offered to. Nothing is guessed: where two cards could be meant, it is asked which. */
import { type Button, type Card, choicesOf } from '../core/card.ts';
import type { Instant } from '../core/day.ts';
import { asksForMore, pageOf } from '../core/paging.ts';
import { clean } from '../core/words/clean.ts';
import { textRoom } from './messengers.ts';
import type { Content, Inbound, OutboxRow, Read } from './ports.ts';

/** A choice is understood for so long. */
const CHOICE_LASTS = 10 * 60_000;
/** For so long it is told that it came too late. */
const CHOICE_TOLD = 12 * 3_600_000;
/** A messenger that counts in seconds says a moment less than it was. */
const SECOND = 1_000;

/** The number that was typed: 1, 回复1, 选 1. undefined: no choice. */
export const numberTyped = (content: Content): number | undefined => {
  const said = content.kind === 'text' && /^(?:回复|选择|选|第)? ?(\d{1,2}) ?[.。、)）!！项个]?$/.exec(clean(content.text).trim());
  return said ? Number(said[1]) : undefined;
};

export interface Offer {
  row: OutboxRow;
  /** The account whose message it answers. */
  account: string | null;
}
export interface Chooser {
  account: string;
  person: string | null;
  direct: boolean;
}

/** One platform message once, newest first. */
const oncePerMessage = (offers: readonly Offer[]): Offer[] => {
  const seen = new Map<string, Offer>();
  for (const o of offers) {
    const key = o.row.providerId ?? o.row.key;
    const known = seen.get(key);
    // Rows that went together: one of them keeps the card as it was sent.
    if (!known || o.row.card.code === 'joined' || (known.row.card.code !== 'joined' && o.row.seq < known.row.seq)) seen.set(key, o);
  }
  return [...seen.values()];
};

/** Cards with choices that were put before somebody, newest first. */
const offeredTo = (offers: readonly Offer[], who: Chooser): Offer[] => {
  const mine = ({ row, account }: Offer) =>
    who.direct || account === who.account || (who.person !== null && (row.card.mention ?? []).includes(who.person));
  return oncePerMessage(offers).filter(o => choicesOf(o.row.card).length > 0 && mine(o));
};

export type Chosen =
  | { kind: 'press'; command: string; message: string }
  /** Several cards could be meant: each of their buttons of that number. */
  | { kind: 'which'; buttons: Button[] }
  | { kind: 'none'; most: number }
  | { kind: 'late'; button: Button }
  /** Nothing was offered to this person here. */
  | { kind: 'nothing' };

/** What a number stands for. `offers`: all that was sent there within CHOICE_TOLD before it, newest first. */
export const chosen = (offers: readonly Offer[], number: number, who: Chooser, at: Instant): Chosen => {
  const mine = offeredTo(offers, who);
  const live = mine.filter(o => (o.row.settledAt ?? 0) >= at - CHOICE_LASTS);
  // An answer to the person's own words stands over what was there before; what came unasked does not.
  const answered = live.findIndex(o => o.row.class === 'reply');
  const open = answered < 0 ? live : live.slice(0, answered + 1);
  const fitting = open.flatMap(o => {
    const button = choicesOf(o.row.card)[number - 1];
    return button ? [{ row: o.row, button }] : [];
  });
  const [first, ...others] = fitting;
  if (first && others.every(o => o.button.command === first.button.command))
    return { kind: 'press', command: first.button.command, message: first.row.key };
  if (first) return { kind: 'which', buttons: fitting.map(({ row, button }) => ({ ...button, label: which(row.card, button) })) };
  const [newest] = open;
  if (newest) return { kind: 'none', most: choicesOf(newest.row.card).length };
  const late = mine[0] && choicesOf(mine[0].row.card)[number - 1];
  return late ? { kind: 'late', button: late } : { kind: 'nothing' };
};

/** 更多: the next of what did not fit into a message here; null: that was all. undefined: nothing was cut, and in a group nothing is meant. */
export const moreOf = async (read: Read, inbound: Inbound): Promise<Card | null | undefined> => {
  const { platform, app, account, conversation, content, sentAt } = inbound;
  if (content.kind !== 'text' || !asksForMore(clean(content.text).trim())) return undefined;
  const direct = conversation.kind === 'direct';
  const since = sentAt - (direct ? CHOICE_TOLD : CHOICE_LASTS);
  const sent = await read.offered({ platform, app, conversation: conversation.id }, since, sentAt + SECOND);
  for (const { row, account: answered } of oncePerMessage(sent)) {
    // In a group the answer to another is theirs to read on.
    if (!direct && row.class === 'reply' && answered !== account) continue;
    const { rest } = pageOf(row.card, textRoom(platform));
    if (rest || row.card.code === 'choice.more') return rest;
  }
  return undefined;
};

/** A number that presses nothing by itself. */
export type Undecided = Exclude<Chosen, { kind: 'press' | 'nothing' }>;

/** What a number said to the bot stands for; undefined: nothing, and in a group not said to it. `askedAt`: since when the bot waits for an answer of this person here. */
export const choiceOf = async (
  read: Read,
  { platform, app, account, conversation, sentAt }: Inbound,
  number: number,
  askedAt: Instant | undefined,
): Promise<Exclude<Chosen, { kind: 'nothing' }> | undefined> => {
  const person = (await read.first('accounts', { platform, app, account, state: 'bound' }))?.person ?? null;
  const direct = conversation.kind === 'direct';
  // A number may answer a question: only what was offered with it or since stands above it.
  const from = askedAt ?? sentAt - CHOICE_TOLD;
  const offers = await read.offered({ platform, app, conversation: conversation.id }, from, sentAt + SECOND);
  const choice = chosen(offers, number, { account, person, direct }, sentAt);
  if (choice.kind === 'nothing') return undefined;
  const means = choice.kind === 'press' || choice.kind === 'which';
  return means || (direct && askedAt === undefined) ? choice : undefined;
};

/** Nothing is left of what was asked for more of. */
export const NO_MORE: Card = { code: 'choice.no-more', title: '后面没有了', tone: 'info', lines: [] };

export const choiceCard = (choice: Undecided): Card => {
  switch (choice.kind) {
    case 'which':
      return { code: 'choice.which', title: '您选的是哪一个', tone: 'ask', lines: [], buttons: choice.buttons };
    case 'none':
      return { code: 'choice.none', title: `没有这一项，只有 1 到 ${choice.most}`, tone: 'no', lines: ['请再回复一个数字'] };
    case 'late':
      return {
        code: 'choice.late',
        title: '过了十分钟，数字不算数了',
        tone: 'no',
        lines: [`要“${choice.button.label}”，请发：${choice.button.command}`],
      };
  }
};

const which = (card: Card, button: Button): string => `${button.label}（${card.title}）`;
