/** WeCom's callbacks of an 智能机器人 → the bot's canonical message. Pure. */
import { z } from 'zod';
import type { Content } from '../../bot/ports.ts';
import { PICTURE } from '../../core/check-in-paper.ts';
import type { Instant } from '../../core/day.ts';
import type { Heard, Resource } from '../intake.ts';

export const WECOM = 'wecom';

/** What the key of a card's submit button begins with, and the choice that is none. */
export const FORM = 'form:';
export const NONE = '-';

/** A direct chat is named by the person, so that it cannot be taken for a group. */
export const directOf = (account: string): string => `user:${account}`;
/** WeCom's own id of a chat, and its kind: 1 direct, 2 group. */
export const chatOf = (conversation: string): { chatid: string; chat_type: 1 | 2 } =>
  conversation.startsWith('user:') ? { chatid: conversation.slice(5), chat_type: 1 } : { chatid: conversation, chat_type: 2 };

const Selected = z.object({
  selected_item: z
    .array(z.object({ question_key: z.string(), option_ids: z.object({ option_id: z.array(z.string()).default([]) }).nullish() }))
    .default([]),
});
const Words = z.object({ content: z.string().default('') });
const Media = z.object({ url: z.string(), aeskey: z.string().nullish(), name: z.string().nullish(), filename: z.string().nullish() });
type Media = z.infer<typeof Media>;
const Callback = z.object({
  msgid: z.string().min(1),
  chatid: z.string().nullish(),
  chattype: z.string().nullish(),
  from: z.object({ userid: z.string().min(1) }),
  create_time: z.coerce.number().nullish(),
  msgtype: z.string(),
  text: Words.nullish(),
  voice: Words.nullish(),
  mixed: z.object({ msg_item: z.array(z.object({ msgtype: z.string(), text: Words.nullish(), image: Media.nullish() })) }).nullish(),
  image: Media.nullish(),
  file: Media.nullish(),
  event: z
    .object({
      eventtype: z.string(),
      event_key: z.string().nullish(),
      task_id: z.string().nullish(),
      template_card_event: z
        .object({ event_key: z.string().nullish(), task_id: z.string().nullish(), selected_items: Selected.nullish() })
        .nullish(),
    })
    .nullish(),
});
type Callback = z.infer<typeof Callback>;

/** The card that was pressed, by the task it was sent with. */
export const taskOf = (raw: unknown): string | undefined => {
  const parsed = Callback.safeParse(raw);
  const event = parsed.success ? parsed.data.event : undefined;
  return event?.template_card_event?.task_id ?? event?.task_id ?? undefined;
};

/** In a group the words begin with the robot's own name; whoever takes its space away has still called it. */
const withoutName = (text: string): string => text.trim().replace(/^@[^\s/／]+[\s\u2005]*/u, '');

const resource = ({ url, aeskey }: Media, name: string): Resource => ({ kind: 'resource', ref: { url, key: aeskey ?? '' }, name });

const contentOf = (m: Callback, direct: boolean): Content | Resource | undefined => {
  const said = (text: string): Content => ({
    kind: 'text',
    text: direct ? text.trim() : withoutName(text),
    // Whatever reaches a robot in a group was said to it.
    ...(direct ? {} : { mentioned: true }),
  });
  const unread = (what: string): Content | undefined => (direct ? { kind: 'unread', what } : undefined);
  switch (m.msgtype) {
    case 'text':
      return said(m.text?.content ?? '');
    case 'mixed': {
      const items = m.mixed?.msg_item ?? [];
      const line = said(items.map(i => (i.msgtype === 'text' ? (i.text?.content ?? '') : '')).join(''));
      const image = items.find(i => i.image)?.image;
      if (!image || line.kind !== 'text') return line;
      const { kind: _, ...beside } = line;
      return { ...resource(image, PICTURE), ...(line.text ? beside : {}) };
    }
    case 'image':
      return m.image ? resource(m.image, PICTURE) : undefined;
    case 'voice':
      return m.voice?.content ? said(m.voice.content) : unread('语音');
    case 'file':
      return m.file ? resource(m.file, m.file.name ?? m.file.filename ?? '文件.xlsx') : undefined;
    case 'event': {
      if (m.event?.eventtype !== 'template_card_event') return undefined;
      // The document and what arrives disagree where the key stands.
      const key = m.event.template_card_event?.event_key ?? m.event.event_key;
      if (!key) return undefined;
      if (!key.startsWith(FORM)) return { kind: 'button', command: key };
      const chosen = (m.event.template_card_event?.selected_items?.selected_item ?? []).flatMap(i => {
        const ids = (i.option_ids?.option_id ?? []).filter(id => id !== NONE);
        return ids.length ? [[i.question_key, ids.join(' ')] as const] : [];
      });
      return { kind: 'form', command: key.slice(FORM.length), values: Object.fromEntries(chosen) };
    }
    default:
      return unread(m.msgtype === 'video' ? '视频' : '这种消息');
  }
};

/** undefined: nothing for the bot. @throws ZodError when it is not what WeCom sends */
export const heardCallback = (raw: unknown, app: string, now: Instant): Heard | undefined => {
  const m = Callback.parse(raw);
  const account = m.from.userid;
  const direct = m.chattype ? m.chattype !== 'group' : !m.chatid;
  const content = contentOf(m, direct);
  if (!content || (!direct && !m.chatid)) return undefined;
  return {
    platform: WECOM,
    app,
    eventId: m.msgid,
    conversation: { id: direct ? directOf(account) : (m.chatid ?? ''), kind: direct ? 'direct' : 'group', name: '' },
    account,
    accountName: '',
    // Seconds.
    sentAt: m.create_time ? (m.create_time < 1e11 ? m.create_time * 1000 : m.create_time) : now,
    content,
  };
};
