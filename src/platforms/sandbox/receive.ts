/** What somebody does on the stage → the bot's canonical message. A button or form is taken from the stored card, so that nobody can press what was not offered. */
import type { Content, Inbound, RowsRead } from '../../bot/ports.ts';
import type { Message, Place, Problem, Said, StageAccount } from '../../bot/stage.ts';
import type { Card, FileRef } from '../../core/card.ts';
import { type Instant, iso } from '../../core/day.ts';
import type { Stage } from './stage.ts';

export const PLATFORM = 'sandbox';
export const APP = 'stage';

const problem = (status: 400 | 404, code: string, message: string, path: string): Problem => ({ problem: { status, code, message, path } });

/** A file that came in, with what was read from it before the turn. */
export interface TakenFile extends RowsRead {
  file: FileRef;
}

/** Who speaks, and where. */
export const whoAndWhere = (stage: Stage, said: Said): { place: Place; account: StageAccount } | Problem => {
  const account = stage.account(said.speaker);
  if (!account) return problem(404, 'speaker.unknown', `没有这个人：${said.speaker}`, 'speaker');
  const place = stage.placeFor(said.conversation, said.speaker);
  if (!place) {
    return stage.group(said.conversation)
      ? problem(404, 'conversation.not-member', `${account.name}不在这个群里`, 'conversation')
      : problem(404, 'conversation.unknown', `没有这个会话：${said.conversation}`, 'conversation');
  }
  return { place, account };
};

type Shown = Pick<Message, 'card' | 'text' | 'replyTo'>;
const line = (text: string): Card => ({ code: 'said', title: '', tone: 'info', lines: text.split(/\r?\n/) });
const shown = (text: string, more: Partial<Card> = {}): Shown => {
  const { code: _, ...card } = { ...line(text), ...more };
  return { card, text };
};

/** The card's message that a button or form stands on, seen from where it is used. */
const offered = (stage: Stage, id: string, place: Place, path: string): Message | Problem => {
  const message = stage.message(id);
  if (!message || message.conversation.id !== place.id || message.from !== 'bot')
    return problem(404, 'message.unknown', `这个会话里没有消息 ${id}`, path);
  return message;
};

/** What was done, as the bot hears it and as the others see it. */
export const decode = (
  stage: Stage,
  said: Said,
  place: Place,
  file: TakenFile | undefined,
): { content: Content; shown: Shown } | Problem => {
  const { content } = said;
  switch (content.kind) {
    case 'text':
      return { content, shown: shown(content.text) };
    case 'location':
      return { content, shown: shown(`位置：${content.name || '未命名的地点'}`) };
    case 'file':
      return file
        ? {
            content: { kind: 'file', ...file, ...(content.text === undefined ? {} : { text: content.text }) },
            shown: shown([content.text, `文件：${file.file.name}`].filter(Boolean).join('\n'), {
              lines: content.text ? content.text.split(/\r?\n/) : [],
              file: file.file,
            }),
          }
        : problem(400, 'file.missing', '没有收到文件', 'file');
    case 'button': {
      const message = offered(stage, content.message, place, 'button.message');
      if ('problem' in message) return message;
      const button = message.card.buttons?.[content.index];
      if (!button) return problem(400, 'button.unknown', `这条消息没有第 ${content.index} 个按钮（从 0 数起）`, 'button.index');
      return {
        content: { kind: 'button', command: button.command, message: content.message },
        shown: { ...shown(button.label), text: button.command, replyTo: message.id },
      };
    }
    case 'form': {
      const message = offered(stage, content.message, place, 'form.message');
      if ('problem' in message) return message;
      const { form } = message.card;
      if (!form) return problem(400, 'form.unknown', '这条消息没有表单', 'form.message');
      const strange = Object.keys(content.values).find(name => !form.fields.some(f => f.name === name));
      if (strange !== undefined) return problem(400, 'form.field', `表单里没有“${strange}”这一项`, `form.values.${strange}`);
      const filled = form.fields.flatMap(f => {
        const value = content.values[f.name];
        if (value === undefined || value === '') return [];
        return [{ label: f.label, value: f.options?.find(o => o.value === value)?.label ?? value }];
      });
      return {
        content: { kind: 'form', command: form.command, values: content.values },
        shown: {
          ...shown(`${form.submit}`, { fields: filled }),
          text: [form.command, ...filled.map(f => f.value)].join(' '),
          replyTo: message.id,
        },
      };
    }
  }
};

export const inboundOf = (place: Place, account: StageAccount, eventId: string, now: Instant, content: Content): Inbound => ({
  platform: PLATFORM,
  app: APP,
  eventId,
  conversation: { id: place.id, kind: place.kind, name: place.name },
  account: account.id,
  accountName: account.name,
  sentAt: now,
  receivedAt: now,
  content,
});

export const saidMessage = (place: Place, account: StageAccount, now: Instant, what: Shown): Omit<Message, 'id'> => ({
  at: iso(now),
  conversation: place,
  from: account.id,
  ...(what.replyTo === undefined ? {} : { replyTo: what.replyTo }),
  code: 'said',
  card: what.card,
  text: what.text,
});
