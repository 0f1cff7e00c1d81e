/** The messengers' own `send` on interfaces that write down in place of sending: exactly what would go out, with nothing configured. */
import type { Look, Looks, Payload } from '../bot/looks.ts';
import type { Files, Platform, Ticks } from '../bot/ports.ts';
import type { Message } from '../bot/stage.ts';
import { type Card, choicesOf, plainText } from '../core/card.ts';
import type { Session } from './dingtalk/receive.ts';
import { dingtalkPlatform } from './dingtalk/send.ts';
import type { Answer, FeishuApi } from './feishu/api.ts';
import { feishuPlatform } from './feishu/send.ts';
import { DEMO_MARK } from './sandbox/render.ts';
import { wechatPlatform } from './wechat/send.ts';
import { type WecomClient, wecomPlatform } from './wecom/send.ts';

export interface Written extends Payload {
  /** The messenger's id of the chat or person. */
  to: string;
  /** Id of the message it stands below, or of the one that it replaces. */
  below?: string;
}
/** Where it is written down. @throws Error when it is not to go out */
export type Write = (written: Written) => void;

/** On paper a file's bytes are its id, and what is uploaded is named by them. */
const named: Files = { keep: () => Promise.reject(new Error('nothing is kept on paper')), open: async id => Buffer.from(id) };
const idOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

/** Nothing is counted on paper. */
const PAPER_PACE = { pace: { take: () => 0 } };
const UNHURRIED: Ticks = {
  now: () => 0,
  after(_, call) {
    call();
    return () => undefined;
  },
};
/** As it is without settings of its own; everybody has spoken to the robot before. */
const WECOM_DEFAULTS = {
  ...PAPER_PACE,
  hookPace: PAPER_PACE.pace,
  uploadPace: PAPER_PACE.pace,
  now: () => 0,
  cards: 'full',
  mentions: 'names',
  chatType: 'send',
  reaches: () => true,
  arrived: () => undefined,
} as const;

/** `app`: as the app is called there. */
export const feishuOnPaper = (write: Write, app = 'paper'): Platform => {
  let last = 0;
  const done = (data: Answer['data']): Answer => ({ http: 200, code: 0, msg: '', data, wait: null });
  const api: Pick<FeishuApi, 'call' | 'upload'> = {
    async call(method, path, what) {
      const { receive_id, msg_type, content } = what?.data ?? {};
      const below = /messages\/([^/]+)/.exec(path)?.[1];
      write({
        to: String(receive_id ?? ''),
        type: method === 'PATCH' ? 'update' : String(msg_type),
        content: JSON.parse(String(content)) as Payload['content'],
        ...(below === undefined ? {} : { below }),
      });
      return done({ message_id: `om_${app}_${++last}` });
    },
    upload: async (_path, { image_type }, { bytes }) => done(image_type ? { image_key: `img_${idOf(bytes)}` } : { file_key: idOf(bytes) }),
  };
  return feishuPlatform({ api: api as FeishuApi, app, files: named });
};

/** `session`: the conversation was spoken in within the last ninety minutes. */
export const dingtalkOnPaper = (write: Write, session: (conversation: string) => boolean, app = 'paper'): Platform => {
  const done = { http: 200, code: '0', msg: '', body: {} };
  const open = (conversation: string): Session | undefined =>
    session(conversation) ? { conversation, url: conversation, until: Number.POSITIVE_INFINITY } : undefined;
  return dingtalkPlatform({
    api: {
      async session(to, body) {
        write({ to, type: String(body['msgtype']), content: body });
        return done;
      },
      async call(_method, _path, { msgKey, msgParam, openConversationId, userIds }) {
        const to = String(openConversationId ?? (userIds as string[])[0]);
        write({ to, type: String(msgKey), content: JSON.parse(String(msgParam)) as Payload['content'] });
        return done;
      },
      upload: async (_type, _name, bytes) => idOf(bytes),
      download: () => Promise.reject(new Error('nothing is fetched on paper')),
    },
    app,
    files: named,
    now: () => 0,
    session: open,
    forget: () => undefined,
    ...PAPER_PACE,
    cards: null,
    buttons: 'dtmd',
    gathers: 0,
  });
};

export const wecomOnPaper = (write: Write, app = 'paper'): Platform => {
  const client = {
    async sendMessage(to: string, body: { msgtype: string } & Record<string, unknown>) {
      write({ to, type: body.msgtype, content: body[body.msgtype] as Payload['content'] });
    },
    uploadMedia: async (bytes: Uint8Array) => ({ media_id: idOf(bytes) }),
  };
  return wecomPlatform({ client: client as unknown as WecomClient, app, files: named, webhooks: {}, webhookUrl: '', ...WECOM_DEFAULTS });
};

export const wechatOnPaper = (write: Write): Platform =>
  wechatPlatform({
    voice: {
      mute: () => null,
      reaches: async () => true,
      async say(place, what, accounts) {
        const to = 'room' in place ? place.room : place.contact;
        if (typeof what === 'string') write({ to, type: 'text', content: { text: what, accounts } });
        else write({ to, type: /\.(png|jpe?g)$/i.test(what.name) ? 'image' : 'file', content: { file: idOf(what.bytes) } });
      },
    },
    files: named,
    gap: 0,
    ticks: UNHURRIED,
  });

/** Chats and people are called by the stage's own ids, in the form by which each messenger's `send` tells a direct chat from a group. */
const placed = (look: Look, direct: boolean, id: string): string =>
  direct ? { feishu: `ou_${id}`, dingtalk: `/${id}`, wecom: `user:${id}`, wechat: `user:${id}` }[look] : id;

export const makeLooks = (nameOf: (account: string) => string): Looks => ({
  async payloads(look, message) {
    const { conversation, replyTo } = message;
    const { mention = [], title, ...shown } = message.card;
    // The mark is the stage's own; it stands beside the message, no messenger ever gets it.
    const card: Card = { ...shown, title: title.replace(DEMO_MARK, ''), code: message.code };
    const written: Written[] = [];
    const write: Write = w => void written.push(w);
    const platform = {
      feishu: () => feishuOnPaper(write),
      // What answers somebody is said in the session that the question opened.
      dingtalk: () => dingtalkOnPaper(write, () => replyTo !== undefined),
      wecom: () => wecomOnPaper(write),
      wechat: () => wechatOnPaper(write),
    }[look]();
    await platform.send({
      key: message.id,
      to: { platform: platform.id, app: platform.app, conversation: placed(look, conversation.kind === 'direct', personOf(message)) },
      card,
      text: plainText(card),
      replyTo: null,
      mention: mention.map(m => ({ person: m, account: look === 'feishu' ? `ou_${m}` : m, name: nameOf(m) })),
    });
    return written.map(({ type, content }, i) => ({
      type,
      // What a bare number stands for there.
      content: look === 'wechat' && i === 0 ? { ...content, choices: choicesOf(card).map(b => b.command) } : content,
    }));
  },
});

/** The stage calls a direct chat `direct:` and the account. */
const personOf = ({ conversation: { id } }: Message): string => id.replace(/^direct:/, '');
