/** A card → plain text with numbered choices: ordinary WeChat has neither cards nor buttons. Pure. */
import { textRoom } from '../../bot/messengers.ts';
import { type Card, choiceWords } from '../../core/card.ts';
import { pageOf } from '../../core/paging.ts';
import { WECHAT } from './receive.ts';

/** What an ordinary message is sure to hold, in bytes. */
export const MOST_BYTES = textRoom(WECHAT);

/** What is to be typed stands last and is never cut off. */
export const render = (card: Card, names: readonly string[] = []): string => {
  const called = names.map(n => `@${n}`).join(' ');
  return [called, pageOf(card, MOST_BYTES).words, choiceWords(card).join('\n')].filter(Boolean).join('\n');
};
