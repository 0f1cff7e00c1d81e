/** /重来, typed on the stage: the rehearsal begins anew. The stage's own word, like its button, and no command of the bot: beside a real platform nobody listens for it. */
import type { Message, Said } from '../../bot/stage.ts';
import type { Card } from '../../core/card.ts';
import { readCommandLine } from '../../core/words/command-line.ts';
import { BOT_NAME, type Stage } from './stage.ts';

const NAMES = new Map(['重来', 'chonglai', 'reset'].map(word => [word, '重来']));
const SURELY = '确定';

/** `ask`: whether it is meant is asked first. `surely`: it was. undefined: something else was said. */
export const againSaid = (stage: Stage, { content, conversation }: Said): 'ask' | 'surely' | undefined => {
  const direct = stage.group(conversation) === undefined;
  const said =
    content.kind === 'text'
      ? content.text
      : content.kind === 'button'
        ? (pressed(stage.message(content.message), content.index) ?? '')
        : '';
  const line = readCommandLine(said, { direct, mentioned: false, botNames: [BOT_NAME], names: NAMES });
  if (line.kind !== 'command') return undefined;
  return line.rest === '' ? 'ask' : line.rest === SURELY ? 'surely' : undefined;
};
const pressed = (message: Message | undefined, index: number): string | undefined =>
  message?.from === 'bot' ? message.card.buttons?.[index]?.command : undefined;

export const askAgain: Card = {
  code: 'sandbox.again',
  title: '演练从头再来？',
  tone: 'ask',
  lines: ['现在的消息和数据都会清掉', '回到演示的第一天，不要就不用管'],
  buttons: [{ label: '确定重来', command: `/重来 ${SURELY}`, style: 'danger' }],
};
export const begunAgain: Card = { code: 'sandbox.again-done', title: '演练已从头开始', tone: 'ok', lines: ['发 帮助 看能做什么'] };

/** Under which the stage knows the answer to an event: said again, it is not done again. */
export const againKey = (event: string): string => `again/${event}`;
