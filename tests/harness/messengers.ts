/** The messengers as a rehearsal meets them: their strict fakes, the raw payloads of what people do there, and their own `receive` and `send`. */
import { WSClient } from '@wecom/aibot-node-sdk';
import type { Files, Platform } from '../../src/bot/ports.ts';
import { realTicks } from '../../src/bot/real-time.ts';
import type { Said } from '../../src/bot/stage.ts';
import { makeApi as dingtalkApi } from '../../src/platforms/dingtalk/api.ts';
import { heardMessage as heardAtDingtalk, RobotMessage, type Session, sessionOf } from '../../src/platforms/dingtalk/receive.ts';
import { dingtalkPlatform } from '../../src/platforms/dingtalk/send.ts';
import { makeApi as feishuApi } from '../../src/platforms/feishu/api.ts';
import { heardMessage as heardAtFeishu, heardClick, heardJoined } from '../../src/platforms/feishu/receive.ts';
import { feishuPlatform } from '../../src/platforms/feishu/send.ts';
import type { Heard } from '../../src/platforms/intake.ts';
import { heardMessage as heardAtWechat, heardJoin as heardAtWechatJoin, type Raw } from '../../src/platforms/wechat/receive.ts';
import { type Voice, wechatPlatform } from '../../src/platforms/wechat/send.ts';
import { heardCallback } from '../../src/platforms/wecom/receive.ts';
import { wecomPlatform } from '../../src/platforms/wecom/send.ts';
import { openFakeDingtalk, type SentMessage as SentAtDingtalk } from '../fakes/dingtalk.ts';
import { openFakeFeishu, type SentMessage as SentAtFeishu } from '../fakes/feishu.ts';
import { openFakeWecom, type SentMessage as SentAtWecom } from '../fakes/wecom.ts';
import { dingtalkNames, feishuNames, type Names, wecomNames } from './live-world.ts';
import { dingtalkWords, feishuWords, wecomWords } from './payload-words.ts';

type Json = Record<string, unknown>;
/** What was sent: the fake's own record of it. */
export type Sent = { to: string };

/** `who` and `where` by the messenger's own ids; `where` null: in direct chat. */
export interface Messenger {
  names: Names;
  platform: Platform;
  /** Everything that arrived there, in order. */
  sent: readonly Sent[];
  refusals: readonly string[];
  addPerson(id: string, name: string): void;
  addChat(id: string, name: string): void;
  /** The raw payload of what somebody does; undefined: there it does not reach a robot. */
  says(who: string, where: string | null, content: Exclude<Said['content'], { kind: 'button' | 'form' }>): Json | undefined;
  /** Of a button on one of these messages. */
  presses(who: string, where: string | null, on: readonly Sent[], label: string, command: string): Json;
  /** Of the robot's being added to a group. */
  joins?(who: string, where: string): Json;
  read(raw: unknown, now: number): Heard | undefined;
  fetch(ref: Record<string, string>): Promise<Uint8Array>;
  /** As a person would read it there. */
  words(sent: Sent): string;
  close(): Promise<void>;
}
export interface MessengerDeps {
  files: Files;
  now(): number;
}

/** Rates are proved elsewhere. */
const UNHURRIED = { take: () => 0 };
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const ROBOT = '@下基层助手';
/** Where a robot hears only what is said to it, people write its name. */
const addressed = (text: string) => /^\s*\//.test(text) || text.includes(ROBOT);
const nowhere = (what: string): never => {
  throw new Error(`${what} cannot be sent to a robot there`);
};

const feishu = async ({ files, now }: MessengerDeps): Promise<Messenger> => {
  const fake = await openFakeFeishu({ limits: false });
  fake.setClock(now);
  const app = fake.settings.appId;
  const api = await feishuApi(fake.settings, quiet, () => Date.now());
  const self = { appId: app, openId: 'ou_bot' };
  let file = 0;
  return {
    names: feishuNames(app),
    platform: feishuPlatform({ api, app, files }),
    sent: fake.sent,
    refusals: fake.refusals,
    addPerson: fake.addPerson,
    addChat: fake.addChat,
    says: (who, where, content) => {
      if (content.kind === 'text') return fake.text(who, where, content.text);
      if (content.kind === 'location')
        return fake.message(who, where, 'location', {
          name: content.name,
          longitude: String(content.lng),
          latitude: String(content.lat),
        });
      const key = `file_${++file}`;
      fake.resources.set(key, Buffer.from(content.bytes));
      return fake.message(who, where, 'file', { file_key: key, file_name: content.name });
    },
    presses: (who, _where, on, label) => fake.click(who, on.find(m => (m as SentAtFeishu).type === 'interactive') as SentAtFeishu, label),
    joins: (who, where) => fake.envelope('im.chat.member.bot.added_v1', { chat_id: where, operator_id: { open_id: who }, name: '机器人' }),
    read: (raw, at) => {
      // As the SDK hands it over.
      const { header, event } = raw as { header: { event_type: string }; event: Json };
      const flat = { ...header, ...event };
      if (header.event_type === 'card.action.trigger') return heardClick(flat, self, at);
      return header.event_type === 'im.message.receive_v1' ? heardAtFeishu(flat, self, at) : heardJoined(flat, self, at);
    },
    fetch: ref => api.download(ref['message'] ?? '', ref['key'] ?? '', ref['type'] === 'image' ? 'image' : 'file'),
    words: m => feishuWords(m as SentAtFeishu),
    close: fake.close,
  };
};

const dingtalk = async ({ files, now }: MessengerDeps): Promise<Messenger> => {
  const fake = await openFakeDingtalk({ limits: false });
  fake.setClock(now);
  const app = fake.settings.clientId;
  const api = dingtalkApi(fake.settings, quiet);
  const sessions = new Map<string, Session>();
  const nicks = new Map<string, string>();
  const message = (who: string, where: string | null, text: string, more: Json = {}) =>
    fake.message(who, where, text, { senderNick: nicks.get(who), ...more });
  let file = 0;
  return {
    names: dingtalkNames(app, fake.corp),
    platform: dingtalkPlatform({
      api,
      app,
      files,
      now,
      session: c => sessions.get(c),
      forget: c => void sessions.delete(c),
      pace: UNHURRIED,
      cards: null,
      buttons: 'dtmd',
      gathers: 0,
    }),
    sent: fake.sent,
    refusals: fake.refusals,
    addPerson: (id, name) => {
      fake.addPerson(id);
      nicks.set(id, name);
    },
    addChat: fake.addChat,
    says: (who, where, content) => {
      if (content.kind === 'text')
        return where === null || addressed(content.text) ? message(who, where, content.text.replace(ROBOT, '')) : undefined;
      if (content.kind === 'location' || where !== null) return nowhere(content.kind);
      const code = `code-${++file}`;
      fake.downloads.set(code, Buffer.from(content.bytes));
      return message(who, where, '', { msgtype: 'file', text: undefined, content: { downloadCode: code, fileName: content.name } });
    },
    // Pressed, the client says the command.
    presses: (who, where, on, label) => message(who, where, fake.pressed(on.at(-1) as SentAtDingtalk, label)),
    read: (raw, at) => {
      const message = RobotMessage.parse(raw);
      const session = sessionOf(message, [new URL(fake.settings.apiUrl).origin]);
      if (session) sessions.set(session.conversation, session);
      return heardAtDingtalk(message, app, at);
    },
    fetch: ref => api.download(ref['code'] ?? ''),
    words: m => dingtalkWords(m as SentAtDingtalk),
    close: fake.close,
  };
};

const wecom = async ({ files, now }: MessengerDeps): Promise<Messenger> => {
  const fake = await openFakeWecom({ limits: false });
  fake.setClock(now);
  const { botId, secret, wsUrl, webhookUrl } = fake.settings;
  const nothing = { debug: () => undefined, ...quiet };
  const client = new WSClient({ botId, secret, wsUrl, logger: nothing });
  const joined = fake.connected();
  client.connect();
  await joined;
  return {
    names: wecomNames(botId),
    platform: wecomPlatform({
      client,
      app: botId,
      files,
      webhooks: {},
      webhookUrl,
      pace: UNHURRIED,
      hookPace: UNHURRIED,
      uploadPace: UNHURRIED,
      now,
      cards: 'full',
      mentions: 'names',
      chatType: 'send',
      reaches: () => true,
      arrived: () => undefined,
    }),
    sent: fake.sent,
    refusals: fake.refusals,
    // Everybody has spoken to the robot once, as the guide asks: before that it may not write to them.
    addPerson: id => {
      fake.addPerson(id);
      fake.open.add(id);
    },
    addChat: (id, name) => {
      fake.addChat(id, name);
      fake.open.add(id);
    },
    says: (who, where, content) => {
      if (content.kind === 'text')
        return where === null || addressed(content.text)
          ? fake.message(who, where, content.text.replace(ROBOT, '').trimStart())
          : undefined;
      if (content.kind === 'location' || where !== null) return nowhere(content.kind);
      const file = fake.file(content.name, Buffer.from(content.bytes));
      return fake.message(who, where, '', { msgtype: 'file', text: undefined, file });
    },
    presses: (who, where, on, label, command) => {
      const card = on.find(m => (m as SentAtWecom).card) as SentAtWecom | undefined;
      // Of more buttons than a card has, the words say what to send.
      return card ? fake.press(who, where, card, label) : fake.message(who, where, command);
    },
    read: (raw, at) => heardCallback(raw, botId, at),
    fetch: async ({ url = '', key }) => new Uint8Array((await client.downloadFile(url, key || undefined)).buffer),
    words: m => wecomWords(m as SentAtWecom),
    async close() {
      client.disconnect();
      await fake.close();
    },
  };
};

/** More is refused. */
const WECHAT_BYTES = 2_048;
interface SentAtWechat extends Sent {
  text: string;
  at: number;
}
/** Ordinary WeChat without its puppet, which `tests/platforms/wechat.test.ts` proves: what is said there is words and files. */
const wechat = async ({ files, now }: MessengerDeps): Promise<Messenger> => {
  const names: Names = { id: 'wechat', app: 'wechat', person: a => a, account: p => p, group: g => `${g}@chatroom` };
  const people = new Map<string, string>();
  const rooms = new Map<string, string>();
  const resources = new Map<string, Uint8Array>();
  const sent: SentAtWechat[] = [];
  const refusals: string[] = [];
  const voice: Voice = {
    mute: () => null,
    reaches: async to => ('room' in to ? rooms.has(to.room) : people.has(to.contact)),
    say: async (to, what, accounts) => {
      const called = accounts.map(a => `@${people.get(a) ?? refusals.push(`nobody has the id ${a}`)}`).join(' ');
      const text = typeof what === 'string' ? [called, what].filter(Boolean).join('\n') : `（文件 ${what.name}）`;
      if (Buffer.byteLength(text) > WECHAT_BYTES) refusals.push('the text is too long');
      sent.push({ to: 'room' in to ? to.room : to.contact, text, at: now() });
    },
  };
  let last = 0;
  const message = (who: string, where: string | null, more: Partial<Raw>): Raw => ({
    id: `m${++last}`,
    kind: 'text',
    talker: { id: who, name: people.get(who) ?? '' },
    room: where === null ? null : { id: where, name: rooms.get(where) ?? '' },
    text: '',
    at: now(),
    mentioned: false,
    names: [ROBOT.slice(1)],
    file: null,
    place: null,
    ...more,
  });
  const typed = (who: string, where: string | null, text: string) =>
    message(who, where, { text, mentioned: where !== null && text.includes(ROBOT) });
  return {
    names,
    // Codes to bind again are of chance, and proved with the login that asks for them.
    platform: { ...wechatPlatform({ voice, files, gap: 0, ticks: realTicks }), passing: false },
    sent,
    refusals,
    addPerson: (id, name) => void people.set(id, name),
    addChat: (id, name) => void rooms.set(id, name),
    says: (who, where, content) => {
      if (content.kind === 'text') return typed(who, where, content.text);
      if (content.kind === 'location')
        return message(who, where, { kind: 'location', place: { lat: content.lat, lng: content.lng, name: content.name } });
      const raw = message(who, where, { kind: 'file', file: content.name });
      resources.set(raw.id, content.bytes);
      return raw;
    },
    // The number, where nothing else was offered meanwhile; else what the button would have said.
    presses: (who, where, on, label, command) => {
      const card = on[0] as SentAtWechat | undefined;
      const number = /^回复 (\d+) /m.exec(card?.text.split('\n').find(l => l.replace(/^回复 \d+ /, '') === label) ?? '')?.[1];
      const recent = sent.filter(m => m.to === who && m.at > now() - 600_000 && m.text.includes('回复 1 '));
      const alone = where === null && recent.length === 1 && recent[0] === card;
      return typed(who, where, alone && number !== undefined ? number : command);
    },
    joins: (who, where) => ({ room: { id: where, name: rooms.get(where) ?? '' }, inviter: who, at: now() }),
    read: (raw, at) => ('inviter' in (raw as object) ? heardAtWechatJoin(raw, at) : heardAtWechat(raw, at)),
    fetch: async ref => resources.get(ref['message'] ?? '') ?? nowhere('a file that is gone'),
    words: m => (m as SentAtWechat).text,
    close: async () => undefined,
  };
};

/** By name. One more is one line more. */
export const MESSENGERS = { feishu, dingtalk, wecom, wechat } as const;
export type MessengerName = keyof typeof MESSENGERS;
