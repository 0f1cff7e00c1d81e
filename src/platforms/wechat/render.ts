/** A card → plain text with numbered choices: ordinary WeChat has neither cards nor buttons. Pure. */
import { textRoom } from '../../bot/messengers.ts';
import { type Card, choiceWords, wordsOf } from '../../core/card.ts';
import { cut } from '../cut.ts';
import { WECHAT } from './receive.ts';

/** What an ordinary message is sure to hold, in bytes. */
export const MOST_BYTES = textRoom(WECHAT);

const NOTE = '\n（太长，后面没有显示，请用 /网页 看全）';

/** What is to be typed stands last and is never cut off. */
export const render = (card: Card, names: readonly string[] = []): string => {
  const { buttons: _, ...told } = card;
  const words = [...(names.length ? [names.map(n => `@${n}`).join(' ')] : []), wordsOf(told)].join('\n');
  const choices = choiceWords(card).join('\n');
  const room = MOST_BYTES - (choices ? Buffer.byteLength(choices) + 1 : 0);
  return [cut(words, Math.max(room, MOST_BYTES / 4), NOTE), choices].filter(Boolean).join('\n');
};
