/** What a puppet of ordinary WeChat heard → the bot's canonical message. Pure. */
import { z } from 'zod';
import type { Content } from '../../bot/ports.ts';
import { PICTURE } from '../../core/check-in-paper.ts';
import type { Instant } from '../../core/day.ts';
import type { Heard, Resource } from '../intake.ts';

export const WECHAT = 'wechat';
/** One account of WeChat is one bot, whichever puppet holds it. */
export const APP = 'wechat';

/** A direct chat is named by the person, so that it cannot be taken for a group. */
export const directOf = (account: string): string => `user:${account}`;
export type Place = { room: string } | { contact: string };
export const placeOf = (conversation: string): Place =>
  conversation.startsWith('user:') ? { contact: conversation.slice(5) } : { room: conversation };

const Raw = z.object({
  id: z.string().min(1),
  kind: z.enum(['text', 'file', 'picture', 'video', 'voice', 'location']),
  talker: z.object({ id: z.string().min(1), name: z.string() }),
  room: z.object({ id: z.string().min(1), name: z.string() }).nullable(),
  text: z.string(),
  at: z.number(),
  mentioned: z.boolean(),
  /** Names under which the bot may be called here. */
  names: z.array(z.string()),
  /** Name of a file. */
  file: z.string().nullable(),
  place: z.object({ lat: z.number(), lng: z.number(), name: z.string() }).nullable(),
});
/** A message as the puppet's objects tell of it, plain. */
export type Raw = z.infer<typeof Raw>;

/** Behind a name stands a space of WeChat's own. */
const SPACE = '[\\s\\u2005\\u00a0]*';
const escaped = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The words without the bot's own name, and whether it was called. */
const spoken = ({ text, mentioned, names }: Raw): { text: string; mentioned: boolean } => {
  let rest = text;
  for (const name of names.filter(Boolean).sort((a, b) => b.length - a.length))
    rest = rest.replace(new RegExp(`@${escaped(name)}(?=[\\s\\u2005\\u00a0/／]|$)${SPACE}`, 'gu'), ' ');
  const called = rest !== text;
  // Called by a name that is not known here: the first one that is called is the bot.
  if (mentioned && !called) rest = rest.replace(new RegExp(`@[^\\s\\u2005]+${SPACE}`, 'u'), ' ');
  return { text: rest.trim(), mentioned: mentioned || called };
};

/** In a group people share files of all kinds with each other. */
const TABLE = /\.(?:xlsx?|et|ods|csv|tsv)$/i;

const contentOf = (m: Raw): Content | Resource | undefined => {
  const direct = m.room === null;
  const unread = (what: string): Content | undefined => (direct ? { kind: 'unread', what } : undefined);
  switch (m.kind) {
    case 'text': {
      const { text, mentioned } = spoken(m);
      return { kind: 'text', text, ...(mentioned && !direct ? { mentioned } : {}) };
    }
    case 'file':
      return direct || TABLE.test(m.file ?? '') ? { kind: 'resource', ref: { message: m.id }, name: m.file ?? '文件' } : undefined;
    case 'location':
      return m.place ? { kind: 'location', ...m.place } : unread('这个位置');
    case 'picture':
      return { kind: 'resource', ref: { message: m.id }, name: PICTURE };
    case 'video':
      return unread('视频');
    case 'voice':
      return unread('语音');
  }
};

/** undefined: nothing for the bot. @throws ZodError when it is not what it should be */
export const heardMessage = (raw: unknown, now: Instant): Heard | undefined => {
  const m = Raw.parse(raw);
  const content = contentOf(m);
  if (!content) return undefined;
  return {
    platform: WECHAT,
    app: APP,
    eventId: m.id,
    conversation: m.room ? { id: m.room.id, kind: 'group', name: m.room.name } : { id: directOf(m.talker.id), kind: 'direct', name: '' },
    account: m.talker.id,
    accountName: m.talker.name,
    sentAt: Math.min(m.at || now, now),
    content,
  };
};

const Join = z.object({ room: z.object({ id: z.string().min(1), name: z.string() }), inviter: z.string().min(1), at: z.number() });
/** The bot was added to a group. */
export type Join = z.infer<typeof Join>;

export const heardJoin = (raw: unknown, now: Instant): Heard => {
  const { room, inviter, at } = Join.parse(raw);
  return {
    platform: WECHAT,
    app: APP,
    eventId: `join/${room.id}/${at}`,
    conversation: { id: room.id, kind: 'group', name: room.name },
    account: inviter,
    accountName: '',
    sentAt: Math.min(at || now, now),
    content: { kind: 'joined' },
  };
};
