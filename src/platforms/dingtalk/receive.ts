/** DingTalk's robot messages → the bot's canonical message. Pure. */
import { z } from 'zod';
import type { Content } from '../../bot/ports.ts';
import { PICTURE } from '../../core/check-in-paper.ts';
import type { Instant } from '../../core/day.ts';
import type { Heard, Resource } from '../intake.ts';

export const DINGTALK = 'dingtalk';

const Rich = z.object({
  text: z.string().optional(),
  type: z.string().optional(),
  atName: z.string().optional(),
  downloadCode: z.string().optional(),
});
export const RobotMessage = z.object({
  msgId: z.string().min(1),
  msgtype: z.string(),
  conversationType: z.enum(['1', '2']),
  conversationId: z.string().min(1),
  conversationTitle: z.string().nullish(),
  senderStaffId: z.string().nullish(),
  senderCorpId: z.string().nullish(),
  senderNick: z.string().nullish(),
  chatbotCorpId: z.string().nullish(),
  isInAtList: z.boolean().nullish(),
  sessionWebhook: z.string().nullish(),
  sessionWebhookExpiredTime: z.coerce.number().nullish(),
  createAt: z.coerce.number().nullish(),
  text: z.object({ content: z.string() }).nullish(),
  content: z.union([z.object({ richText: z.array(Rich).nullish() }).catchall(z.unknown()), z.string()]).nullish(),
});
export type RobotMessage = z.infer<typeof RobotMessage>;

/** How a conversation can be answered without a quota, until when. */
export interface Session {
  conversation: string;
  url: string;
  until: Instant;
}

/** People are told apart by their number within their organisation. null: not of the organisation, or the app is not published. */
export const accountOf = (m: Pick<RobotMessage, 'senderStaffId' | 'senderCorpId' | 'chatbotCorpId'>): string | null => {
  // The same number in another organisation is another person, and ours would be written to.
  if (m.senderCorpId && m.chatbotCorpId && m.senderCorpId !== m.chatbotCorpId) return null;
  return m.senderStaffId ? `${m.senderCorpId ?? m.chatbotCorpId ?? ''}/${m.senderStaffId}` : null;
};
/** The number by which a person is written to. */
export const staffOf = (account: string): string => account.slice(account.indexOf('/') + 1);
/** Group ids are `cid…`; a direct chat is named by the person. */
export const isPerson = (conversation: string): boolean => conversation.includes('/') && !conversation.startsWith('cid');

const words = (v: unknown): string => (typeof v === 'string' ? v : '');

const picture = (code: string): Resource => ({ kind: 'resource', ref: { code }, name: PICTURE });

const contentOf = (m: RobotMessage, direct: boolean): Content | Resource | undefined => {
  const content = typeof m.content === 'object' && m.content !== null ? (m.content as Record<string, unknown>) : {};
  // Whatever reaches a robot in a group was said to it.
  const said = (text: string): Content => ({ kind: 'text', text: text.trim(), ...(direct ? {} : { mentioned: true }) });
  const unread = (what: string): Content | undefined => (direct ? { kind: 'unread', what } : undefined);
  switch (m.msgtype) {
    case 'text':
      return said(m.text?.content ?? '');
    case 'richText': {
      const parts = Array.isArray(content['richText']) ? (content['richText'] as z.infer<typeof Rich>[]) : [];
      const line = said(parts.map(p => (p.type === 'at' ? `@${p.atName ?? ''} ` : (p.text ?? ''))).join(''));
      // A picture comes to a robot in a group only so, beside its name.
      const code = parts.find(p => p.type === 'picture')?.downloadCode;
      if (!code || line.kind !== 'text') return line;
      return line.text ? { ...picture(code), text: line.text, ...(direct ? {} : { mentioned: true }) } : picture(code);
    }
    case 'picture':
      return words(content['downloadCode']) ? picture(words(content['downloadCode'])) : undefined;
    case 'audio':
      // DingTalk has written down what was said.
      return words(content['recognition']) ? said(words(content['recognition'])) : unread('语音');
    case 'file':
      return words(content['downloadCode'])
        ? { kind: 'resource', ref: { code: words(content['downloadCode']) }, name: words(content['fileName']) || '文件' }
        : undefined;
    default:
      return unread(m.msgtype === 'video' ? '视频' : '这种消息');
  }
};

/** undefined: nothing for the bot. */
export const heardMessage = (m: RobotMessage, app: string, now: Instant): Heard | undefined => {
  const account = accountOf(m);
  const direct = m.conversationType === '1';
  const content = contentOf(m, direct);
  if (account === null || !content) return undefined;
  return {
    platform: DINGTALK,
    app,
    eventId: m.msgId,
    conversation: {
      id: direct ? account : m.conversationId,
      kind: direct ? 'direct' : 'group',
      name: direct ? '' : (m.conversationTitle ?? ''),
    },
    account,
    accountName: m.senderNick ?? '',
    sentAt: m.createAt ?? now,
    content,
  };
};

/** Only DingTalk's own hosts are ever written to; `allowed` names others, for a private deployment. */
export const sessionOf = (m: RobotMessage, allowed: readonly string[]): Session | undefined => {
  if (!m.sessionWebhook || !m.sessionWebhookExpiredTime) return undefined;
  let url: URL;
  try {
    url = new URL(m.sessionWebhook);
  } catch {
    return undefined;
  }
  const own = url.protocol === 'https:' && /(^|\.)dingtalk\.com$/.test(url.hostname);
  if (!own && !allowed.includes(url.origin)) return undefined;
  // Somebody from outside has no name to write to, but may be answered.
  const conversation = m.conversationType === '1' ? (accountOf(m) ?? m.conversationId) : m.conversationId;
  return conversation ? { conversation, url: url.href, until: m.sessionWebhookExpiredTime } : undefined;
};
