/** Feishu's events, as the SDK hands them over (header and event in one object) → the bot's canonical message. Pure. */
import { z } from 'zod';
import type { Content } from '../../bot/ports.ts';
import { PICTURE } from '../../core/check-in-paper.ts';
import type { Instant } from '../../core/day.ts';
import type { Heard, Resource } from '../intake.ts';

export const FEISHU = 'feishu';

/** Who the bot itself is. */
export interface Self {
  appId: string;
  openId: string;
}

const Id = z.object({ open_id: z.string().min(1) });
const Mention = z.object({ key: z.string(), id: z.object({ open_id: z.string().optional() }).optional(), name: z.string().default('') });
const MessageEvent = z.object({
  sender: z.object({ sender_id: Id, sender_type: z.string() }),
  message: z.object({
    message_id: z.string().min(1),
    create_time: z.coerce.number().optional(),
    chat_id: z.string().min(1),
    chat_type: z.string(),
    message_type: z.string(),
    content: z.string(),
    mentions: z.array(Mention).nullish(),
  }),
});
const Click = z.object({
  event_id: z.string().min(1),
  create_time: z.coerce.number().optional(),
  operator: Id,
  action: z.object({
    value: z.unknown(),
    form_value: z.record(z.string(), z.unknown()).nullish(),
  }),
  context: z.object({ open_message_id: z.string(), open_chat_id: z.string() }),
});
/** What stands in a button of ours: the command, and whether the chat is a direct one. */
const ButtonValue = z.object({ command: z.string().min(1), direct: z.boolean().default(false), form: z.boolean().default(false) });
const Joined = z.object({ event_id: z.string().min(1), create_time: z.coerce.number().optional(), chat_id: z.string(), operator_id: Id });

/** Seconds, milliseconds and microseconds all occur. */
const instantOf = (time: number | undefined, otherwise: Instant): Instant => {
  if (time === undefined || !Number.isFinite(time) || time <= 0) return otherwise;
  return Math.floor(time > 1e14 ? time / 1000 : time < 1e11 ? time * 1000 : time);
};

const parsed = (json: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};
const words = (v: unknown): string => (typeof v === 'string' ? v : '');

/** The words of a rich text, a line for each paragraph. */
const postText = (content: Record<string, unknown>): string => {
  const paragraphs = Array.isArray(content['content']) ? (content['content'] as unknown[]) : [];
  const line = (p: unknown) =>
    (Array.isArray(p) ? p : []).map((e: Record<string, unknown>) => (e['tag'] === 'at' ? words(e['user_id']) : words(e['text']))).join('');
  return [words(content['title']), ...paragraphs.map(line)].filter(Boolean).join('\n');
};

/** The first picture among the words of a rich text. */
const postPicture = (content: Record<string, unknown>): string => {
  const elements = (Array.isArray(content['content']) ? (content['content'] as unknown[]) : []).flat() as Record<string, unknown>[];
  return words(elements.find(e => e['tag'] === 'img')?.['image_key']);
};

/** Placeholders of mentions: the bot's own is taken out, a person's becomes the name. */
const plain = (text: string, mentions: readonly z.infer<typeof Mention>[], self: Self): { text: string; mentioned: boolean } => {
  let mentioned = false;
  const byKey = new Map(mentions.map(m => [m.key, m]));
  const said = text.replace(/@_user_\d+|@_all/g, key => {
    const who = byKey.get(key);
    if (who?.id?.open_id === self.openId) {
      mentioned = true;
      return ' ';
    }
    return who ? ` ${who.name} ` : ' ';
  });
  return { text: said.trim(), mentioned };
};

const picture = (message: string, key: string): Resource => ({ kind: 'resource', ref: { message, key, type: 'image' }, name: PICTURE });

const contentOf = (m: z.infer<typeof MessageEvent>['message'], self: Self, direct: boolean): Content | Resource | undefined => {
  const content = parsed(m.content);
  switch (m.message_type) {
    case 'text':
    case 'post': {
      const post = m.message_type === 'post';
      const { text, mentioned } = plain(post ? postText(content) : words(content['text']), m.mentions ?? [], self);
      const called = mentioned ? { mentioned } : {};
      const key = post ? postPicture(content) : '';
      const said = { kind: 'text' as const, text, ...called };
      if (!key) return said;
      if (!text) return picture(m.message_id, key);
      // What people show each other in a group was not shown to the bot.
      return direct || mentioned || /^[/／]/.test(text) ? { ...picture(m.message_id, key), text, ...called } : said;
    }
    case 'image':
      return words(content['image_key']) ? picture(m.message_id, words(content['image_key'])) : undefined;
    case 'location': {
      const [lat, lng] = [Number(content['latitude']), Number(content['longitude'])];
      return Number.isFinite(lat) && Number.isFinite(lng) ? { kind: 'location', lat, lng, name: words(content['name']) } : undefined;
    }
    case 'file':
      return words(content['file_key'])
        ? {
            kind: 'resource',
            ref: { message: m.message_id, key: words(content['file_key']) },
            name: words(content['file_name']) || '文件',
          }
        : undefined;
    default:
      // In groups they are not for the bot.
      return direct ? { kind: 'unread', what: m.message_type === 'audio' ? '语音' : '这种消息' } : undefined;
  }
};

/** undefined: nothing for the bot. @throws ZodError when it is not what Feishu sends */
export const heardMessage = (raw: unknown, self: Self, now: Instant): Heard | undefined => {
  const { sender, message } = MessageEvent.parse(raw);
  // What another robot says is no command.
  if (sender.sender_type !== 'user') return undefined;
  const account = sender.sender_id.open_id;
  const direct = message.chat_type === 'p2p';
  const content = contentOf(message, self, direct);
  if (!content) return undefined;
  return {
    platform: FEISHU,
    app: self.appId,
    // Feishu asks to tell repeated messages by their own id, other events by the event's.
    eventId: message.message_id,
    conversation: { id: direct ? account : message.chat_id, kind: direct ? 'direct' : 'group', name: '' },
    account,
    accountName: '',
    sentAt: instantOf(message.create_time, now),
    content,
  };
};

/** `2026-04-01 +0800` → `2026-04-01`; lists and ticks as words. */
const formValue = (v: unknown): string => {
  if (Array.isArray(v)) return v.map(formValue).join(' ');
  if (typeof v === 'boolean') return v ? '是' : '';
  return typeof v === 'string' || typeof v === 'number' ? String(v).replace(/ [+-]\d{4}$/, '') : '';
};

/** A button or a form. undefined: of a card that is not ours. @throws ZodError when it is not what Feishu sends */
export const heardClick = (raw: unknown, self: Self, now: Instant): Heard | undefined => {
  const { event_id, create_time, operator, action, context } = Click.parse(raw);
  const button = ButtonValue.safeParse(action.value);
  if (!button.success) return undefined;
  const { command, direct, form } = button.data;
  const values = Object.entries(action.form_value ?? {}).map(([k, v]) => [k, formValue(v)] as const);
  return {
    platform: FEISHU,
    app: self.appId,
    eventId: event_id,
    conversation: { id: direct ? operator.open_id : context.open_chat_id, kind: direct ? 'direct' : 'group', name: '' },
    account: operator.open_id,
    accountName: '',
    sentAt: instantOf(create_time, now),
    content: form
      ? { kind: 'form', command, values: Object.fromEntries(values.filter(([, v]) => v !== '')) }
      : { kind: 'button', command, message: context.open_message_id },
  };
};

/** The bot was added to a group. @throws ZodError when it is not what Feishu sends */
export const heardJoined = (raw: unknown, self: Self, now: Instant): Heard => {
  const { event_id, create_time, chat_id, operator_id } = Joined.parse(raw);
  return {
    platform: FEISHU,
    app: self.appId,
    eventId: event_id,
    conversation: { id: chat_id, kind: 'group', name: '' },
    account: operator_id.open_id,
    accountName: '',
    sentAt: instantOf(create_time, now),
    content: { kind: 'joined' },
  };
};
