/** One message to WeCom over its long connection, or by a group's webhook where people are to be called; the answer classified. */
import type { WSClient } from '@wecom/aibot-node-sdk';
import type { Files, Platform, Sent } from '../../bot/ports.ts';
import type { FileRef } from '../../core/card.ts';
import type { Instant } from '../../core/day.ts';
import type { Pace } from '../pace.ts';
import { isRefused } from '../refused.ts';
import { chatOf, directOf, WECOM } from './receive.ts';
import { type Cards, type Message, render, WEBHOOK_IMAGE, webhookBody, webhookImage } from './render.ts';

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
const UPLOADS_LIMITED = '企业微信每分钟只收 30 个文件';
/** WeCom keeps what went up for three days; some of it is left for the sending itself. */
const MEDIA_KEPT = 2 * 86_400_000;
const MOST_UPLOADS = 1_000;
/** The message never left. */
const NOT_SENT = /not connected/i;

type Later = Extract<Sent, { result: 'later' }>;

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
  /** Of all that goes up, in one place. */
  uploadPace: Pace;
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
  /** What went up, by kind and content: the same file goes up once while WeCom keeps it. */
  const uploads = new Map<string, { media: string; at: Instant }>();
  /** A file's media id, null where it cannot be had, or why it goes later. */
  const media = async (file: FileRef, type: 'image' | 'file'): Promise<string | null | Later> => {
    const key = `${type} ${file.id}`;
    const known = uploads.get(key);
    if (known && deps.now() - known.at < MEDIA_KEPT) return known.media;
    const bytes = await files.open(file.id);
    if (!bytes?.length) return null;
    const wait = deps.uploadPace.take(app, 1);
    if (wait > 0) return { result: 'later', after: wait, why: UPLOADS_LIMITED };
    try {
      const { media_id } = await client.uploadMedia(Buffer.from(bytes), { type, filename: file.name } as never);
      uploads.delete(key);
      uploads.set(key, { media: media_id, at: deps.now() });
      if (uploads.size > MOST_UPLOADS) uploads.delete(uploads.keys().next().value!);
      return media_id;
    } catch (e) {
      const failed = classify(e);
      return failed.result === 'later' ? failed : null;
    }
  };

  const send: Platform['send'] = async ({ key, to, card, mention }) => {
    const { conversation } = to;
    const hook = webhooks[conversation];
    const accounts = mention.flatMap(m => (m.account === null ? [] : [m.account]));
    if (hook !== undefined && accounts.length && !card.file) {
      const drawn = card.picture && (await files.open(card.picture.id));
      const image = drawn?.length && drawn.length <= WEBHOOK_IMAGE ? webhookImage(drawn) : undefined;
      const hooked = deps.hookPace.take(hook, image ? 2 : 1);
      if (hooked > 0) return { result: 'later', after: hooked, why: '企业微信群消息推送每分钟 20 条' };
      const url = `${webhookUrl}?key=${encodeURIComponent(hook)}`;
      const sent = await byWebhook(url, webhookBody(card, accounts));
      if (sent.result !== 'sent' || !image) return sent;
      const shown = await byWebhook(url, image);
      return shown.result === 'sent' ? sent : { result: 'unknown', why: `文字已发，图没有发成：${shown.why}` };
    }
    // Before anything is said: what cannot go up now goes later as a whole.
    const picture = card.picture ? await media(card.picture, 'image') : null;
    const file = card.file ? await media(card.file, 'file') : null;
    for (const up of [picture, file]) if (up !== null && typeof up === 'object') return up;
    const wait = deps.pace.take(conversation, 1 + (card.picture ? 1 : 0) + (card.file ? 1 : 0) + (card.buttons || card.form ? 1 : 0));
    if (wait > 0) return { result: 'later', after: wait, why: '企业微信每个会话每分钟 30 条、每小时 1000 条' };
    // Without a real call the names stand in the words.
    const called = mention.length && conversation !== directOf(mention[0]!.account ?? '') ? mention : [];
    const byId = deps.mentions === 'ids' && called.some(m => m.account !== null);
    const named = called.length && !byId ? [called.map(m => `@${m.name}`).join(' ')] : [];
    const messages: (Message | Record<string, unknown>)[] = render({ ...card, lines: [...named, ...card.lines] }, key, {
      cards: deps.cards,
      mark: `${deps.now().toString(36)}-${(nth++).toString(36)}`,
      ...(byId ? { calls: called.map(m => (m.account === null ? `@${m.name}` : `<@${m.account}>`)).join(' ') } : {}),
    });
    if (picture !== null) messages.push({ msgtype: 'image', image: { media_id: picture } });
    if (card.file)
      messages.push(
        file === null
          ? { msgtype: 'markdown', markdown: { content: `文件 ${card.file.name} 没有发成，请用 /网页 取` } }
          : { msgtype: 'file', file: { media_id: file } },
      );
    for (const [i, message] of messages.entries()) {
      const sent = await push(conversation, message);
      if (sent.result !== 'sent') return i === 0 ? sent : { result: 'unknown', why: `前 ${i} 条已发，后面没有发成：${sent.why}` };
    }
    deps.arrived(conversation);
    return { result: 'sent', providerId: '' };
  };

  return { id: WECOM, app, idempotent: false, direct: directOf, reaches: deps.reaches, send };
};
