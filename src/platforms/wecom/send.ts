/** One message to WeCom over its long connection, or by a group's webhook where people are to be called; the answer classified. */
import type { WSClient } from '@wecom/aibot-node-sdk';
import type { Files, Platform, Sent } from '../../bot/ports.ts';
import type { Instant } from '../../core/day.ts';
import type { Pace } from '../pace.ts';
import { isRefused } from '../refused.ts';
import { chatOf, directOf, WECOM } from './receive.ts';
import { type Cards, type Message, render, webhookBody } from './render.ts';

export type WecomClient = Pick<WSClient, 'sendMessage' | 'uploadMedia'>;

const WHY: Record<number, string> = {
  93001: '机器人不能在这个群里发言',
  93006: '还没有人在这个会话里和机器人说过话，企业微信不许先开口',
  93008: '机器人不在这个群里',
};
/** It says that it is busy, and has done nothing. */
const BUSY = -1;
const LIMITED = 45009;
const LIMIT_WAIT = 60_000;
/** The message never left. */
const NOT_SENT = /not connected/i;

/** What became of it. The SDK rejects with the answering frame, or with an error when there was none. Pure. */
export const classify = (failure: unknown): Exclude<Sent, { result: 'sent' }> => {
  const { errcode, errmsg, message } = failure as { errcode?: number; errmsg?: string; message?: string };
  if (errcode === undefined)
    return NOT_SENT.test(message ?? '')
      ? { result: 'later', after: 2_000, why: '企业微信没有连上' }
      : { result: 'unknown', why: '企业微信没有回应，是否送达不明' };
  if (errcode === BUSY) return { result: 'later', after: 5_000, why: '企业微信忙' };
  if (errcode === LIMITED) return { result: 'later', after: LIMIT_WAIT, why: '企业微信限流' };
  return { result: 'never', why: WHY[errcode] ?? `企业微信不收：${errcode} ${(errmsg ?? '').slice(0, 80)}` };
};

export interface SendDeps {
  client: WecomClient;
  app: string;
  files: Files;
  /** Webhook key of a group. */
  webhooks: Readonly<Record<string, string>>;
  webhookUrl: string;
  pace: Pace;
  /** Of a group's webhook, by its key. */
  hookPace: Pace;
  now(): Instant;
  cards: Cards;
  /** How people are named where they cannot be called: by name, or by their id in the hope that it calls them. */
  mentions: 'names' | 'ids';
  /** Whether the kind of chat goes along. */
  chatType: 'send' | 'omit';
  /** Can the robot speak first there? */
  reaches(conversation: string): boolean;
  /** It was taken there. */
  arrived(conversation: string): void;
}

/** To a group by its webhook, the one way that really calls people. */
export const byWebhook = async (url: string, body: unknown): Promise<Sent> => {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
      redirect: 'error',
    });
    if (response.status === 429) return { result: 'later', after: LIMIT_WAIT, why: '企业微信限流' };
    const told = (await response.json().catch(() => ({}))) as { errcode?: number; errmsg?: string };
    if (told.errcode === 0) return { result: 'sent', providerId: '' };
    return classify(told.errcode === undefined ? { message: 'none' } : told);
  } catch (e) {
    return isRefused(e)
      ? { result: 'later', after: 0, why: '连不上企业微信' }
      : { result: 'unknown', why: '企业微信没有回应，是否送达不明' };
  }
};

export const wecomPlatform = (deps: SendDeps): Platform => {
  const { client, app, files, webhooks, webhookUrl } = deps;
  /** A task is known once: what is sent again by hand is another. */
  let nth = 0;
  const push = async (conversation: string, message: Message | Record<string, unknown>): Promise<Sent> => {
    const { chatid, chat_type } = chatOf(conversation);
    try {
      // The SDK's type leaves the kind of chat out; it passes it on, and without it a group is looked for first.
      await client.sendMessage(chatid, { ...message, ...(deps.chatType === 'send' ? { chat_type } : {}) } as never);
      return { result: 'sent', providerId: '' };
    } catch (e) {
      return classify(e);
    }
  };
  const media = async (id: string, name: string, type: 'image' | 'file'): Promise<string | null> => {
    const bytes = await files.open(id);
    if (!bytes?.length) return null;
    try {
      return (await client.uploadMedia(Buffer.from(bytes), { type, filename: name } as never)).media_id;
    } catch {
      return null;
    }
  };

  const send: Platform['send'] = async ({ key, to, card, mention }) => {
    const { conversation } = to;
    const hook = webhooks[conversation];
    const accounts = mention.flatMap(m => (m.account === null ? [] : [m.account]));
    if (hook !== undefined && accounts.length && !card.file) {
      const hooked = deps.hookPace.take(hook, 1);
      if (hooked > 0) return { result: 'later', after: hooked, why: '企业微信群消息推送每分钟 20 条' };
      return byWebhook(`${webhookUrl}?key=${encodeURIComponent(hook)}`, webhookBody(card, accounts));
    }
    const wait = deps.pace.take(conversation, 1 + (card.picture ? 1 : 0) + (card.file ? 1 : 0) + (card.buttons || card.form ? 1 : 0));
    if (wait > 0) return { result: 'later', after: wait, why: '企业微信每个会话每分钟 30 条' };
    // Without a real call the names stand in the words.
    const called = mention.length && conversation !== directOf(mention[0]!.account ?? '') ? mention : [];
    const byId = deps.mentions === 'ids' && called.some(m => m.account !== null);
    const named = called.length && !byId ? [called.map(m => `@${m.name}`).join(' ')] : [];
    const messages: (Message | Record<string, unknown>)[] = render({ ...card, lines: [...named, ...card.lines] }, key, {
      cards: deps.cards,
      mark: `${deps.now().toString(36)}-${(nth++).toString(36)}`,
      ...(byId ? { calls: called.map(m => (m.account === null ? `@${m.name}` : `<@${m.account}>`)).join(' ') } : {}),
    });
    if (card.picture) {
      const id = await media(card.picture.id, card.picture.name, 'image');
      if (id !== null) messages.push({ msgtype: 'image', image: { media_id: id } });
    }
    if (card.file) {
      const id = await media(card.file.id, card.file.name, 'file');
      messages.push(
        id === null
          ? { msgtype: 'markdown', markdown: { content: `文件 ${card.file.name} 没有发成，请用 /网页 取` } }
          : { msgtype: 'file', file: { media_id: id } },
      );
    }
    for (const [i, message] of messages.entries()) {
      const sent = await push(conversation, message);
      if (sent.result !== 'sent') return i === 0 ? sent : { result: 'unknown', why: `前 ${i} 条已发，后面没有发成：${sent.why}` };
    }
    deps.arrived(conversation);
    return { result: 'sent', providerId: '' };
  };

  return { id: WECOM, app, idempotent: false, direct: directOf, reaches: deps.reaches, send };
};
