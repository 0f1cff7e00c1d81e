/** Feishu joined to the bot: long connection or callbacks, both through the SDK's dispatcher, and whether it lives. */
import type { Bot } from '../../bot/bot.ts';
import type { Files } from '../../bot/ports.ts';
import type { Card } from '../../core/card.ts';
import { type Instant, sayInstant } from '../../core/day.ts';
import { type Heard, type IntakeDeps, type Log, type Messenger, makeIntake, within } from '../intake.ts';
import { makeApi, quiet } from './api.ts';
import { heardClick, heardJoined, heardMessage, type Self } from './receive.ts';
import { feishuPlatform } from './send.ts';
import { openCallback, type WebhookSecrets } from './webhook.ts';

export interface FeishuSettings {
  appId: string;
  appSecret: string;
  baseUrl: string;
  /** null: long connection. */
  webhook: WebhookSecrets | null;
}

export interface FeishuDeps {
  bot(): Bot;
  files: Files;
  readRows: IntakeDeps['readRows'];
  now(): Instant;
  log: Log;
  /** Milliseconds, in tests shorter: an answer's time, the supervisor's looks, the time a silent socket is given. */
  pace?: Partial<typeof PACE> | undefined;
}

/** Feishu waits three seconds for an answer. A pong must come before the next ping, or its absence is never noticed. */
export const PACE = { answer: 2_400, look: 10_000, stuck: 45_000, pong: 20, name: 1_200 };

/** Events that are ours; the others of the same subscription are taken and left alone. */
const IGNORED = [
  'im.message.message_read_v1',
  'im.message.recalled_v1',
  'im.chat.member.bot.deleted_v1',
  'im.chat.access_event.bot_p2p_chat_entered_v1',
];
const TOASTS = { ok: 'success', info: 'info', ask: 'info', no: 'warning', urgent: 'error' } as const;

type Answered = { toast: { type: string; content: string } } | Record<string, never>;
const toast = (type: string, content: string): Answered => ({ toast: { type, content: content.slice(0, 120) } });

export const openFeishu = async (settings: FeishuSettings, deps: FeishuDeps): Promise<Messenger> => {
  const lark = await import('@larksuiteoapi/node-sdk');
  const pace = { ...PACE, ...deps.pace };
  const { log } = deps;
  const api = await makeApi(settings, log, () => Date.now());
  const platform = feishuPlatform({ api, app: settings.appId, files: deps.files });
  let self: Self = { appId: settings.appId, openId: '' };

  /** Who the bot is, by which a mention of it is known. */
  const learn = async (): Promise<void> => {
    const { code, bot } = (await api.call('GET', '/open-apis/bot/v3/info')) as unknown as { code: number; bot?: { open_id?: string } };
    if (code === 0 && bot?.open_id) self = { ...self, openId: bot.open_id };
  };

  // ── In ──────────────────────────────────────────────────────────────────────

  const names = new Map<string, string>();
  /** A group's name as its people know it; '' when Feishu does not say it in time. */
  const nameOf = async (chat: string): Promise<string> => {
    const known = names.get(chat);
    if (known !== undefined) return known;
    const found = await within(pace.name, api.call('GET', `/open-apis/im/v1/chats/${encodeURIComponent(chat)}`), undefined);
    const name = found?.data['name'];
    if (found?.code !== 0 || typeof name !== 'string') return '';
    if (names.size > 5_000) names.clear();
    names.set(chat, name);
    return name;
  };
  const intake = makeIntake({
    ...deps,
    platform: 'feishu',
    fetch: ref => api.download(ref['message'] ?? '', ref['key'] ?? '', ref['type'] === 'image' ? 'image' : 'file'),
    groupName: nameOf,
  });
  const onEvent = (read: (raw: unknown, self: Self, now: Instant) => Heard | undefined) => async (raw: unknown) => {
    const late = Symbol('late');
    const done = await within(
      pace.answer,
      intake.take(raw, (r, now) => read(r, self, now)),
      late,
    );
    // Feishu sends it again, and by then it is stored.
    if (done === late) throw new Error('not stored in time');
  };
  const onClick = async (raw: unknown): Promise<Answered> => {
    try {
      const late = Symbol('late');
      const received = await within(
        pace.answer,
        intake.take(raw, (r, now) => heardClick(r, self, now)),
        late,
      );
      if (received === late) return toast('info', '收到，正在办');
      if (!received) return toast('warning', '这张卡片已不能用，请重新发命令');
      const card: Card | undefined = received.posts.find(p => p.class === 'reply')?.card;
      if (!card) return {};
      // What is wrong with a form is said where it was filled in, and the form stays as it was.
      return toast(TOASTS[card.tone], card.tone === 'no' ? [card.title, card.lines[0]].filter(Boolean).join('：') : card.title);
    } catch {
      // A click is not sent again.
      return toast('error', '没有办成，请稍后再点');
    }
  };

  const dispatcher = new lark.EventDispatcher({ logger: quiet(log) });
  dispatcher.register<Record<string, (data: never) => unknown>>({
    'im.message.receive_v1': onEvent(heardMessage),
    'im.chat.member.bot.added_v1': onEvent(heardJoined),
    'card.action.trigger': onClick,
    ...Object.fromEntries(IGNORED.map(name => [name, () => undefined])),
  });

  // ── Long connection, and who watches over it ────────────────────────────────

  let downSince: Instant | null = deps.now();
  let failure = '';
  let triedAt = 0;
  const up = () => {
    if (downSince !== null) log.info({ platform: 'feishu' }, 'feishu: connected');
    downSince = null;
    failure = '';
  };
  const down = (why: string) => {
    downSince ??= deps.now();
    failure = why;
  };
  const socket =
    settings.webhook === null
      ? new lark.WSClient({
          appId: settings.appId,
          appSecret: settings.appSecret,
          domain: settings.baseUrl,
          httpInstance: api.http as never,
          logger: quiet(log),
          handshakeTimeoutMs: 10_000,
          wsConfig: { pingTimeout: pace.pong },
          onReady: up,
          onReconnected: up,
          onReconnecting: () => down('断开，正在重连'),
          onError: e => down(e.message),
        })
      : undefined;
  const connect = () => {
    triedAt = Date.now();
    socket?.start({ eventDispatcher: dispatcher }).catch((e: unknown) => down((e as Error).message));
  };
  /** The SDK gives up for good after some refusals, and waits up to two minutes after others. */
  const look = () => {
    const { state } = socket!.getConnectionStatus();
    if (state === 'connected') return up();
    down(failure || '没有连上');
    const patience = state === 'failed' || state === 'idle' ? pace.look : pace.stuck;
    if (Date.now() - triedAt >= patience) connect();
  };
  let watch: NodeJS.Timeout | undefined;

  return {
    platform,
    async start() {
      await learn();
      if (self.openId === '')
        log.warn({ platform: 'feishu' }, 'feishu: the bot does not know its own id yet, mentions of it are not recognised');
      if (socket) connect();
      else downSince = null;
      watch = setInterval(() => {
        if (socket) look();
        if (self.openId === '') void learn();
      }, pace.look);
      watch.unref();
    },
    async callback(request) {
      if (!settings.webhook) return new Response(null, { status: 404 });
      const raw = new Uint8Array(await request.arrayBuffer());
      const opened = openCallback(raw, n => request.headers.get(n), settings.webhook, deps.now() / 1000);
      if ('refused' in opened) {
        log.warn({ platform: 'feishu', why: opened.refused }, 'feishu: a callback was refused');
        return Response.json({}, { status: 401 });
      }
      if ('challenge' in opened) return Response.json(opened);
      try {
        const answer: unknown = await dispatcher.invoke(opened.envelope, { needCheck: false });
        return Response.json(typeof answer === 'object' && answer !== null ? answer : {});
      } catch {
        return Response.json({}, { status: 503 });
      }
    },
    trouble: () => (downSince === null ? null : `飞书长连接不通，从 ${sayInstant(downSince)} 起：${failure || '正在连接'}`),
    async stop() {
      clearInterval(watch);
      // Acknowledgements go out on the socket: it is closed after the last of them.
      await intake.stop();
      await new Promise(setImmediate);
      socket?.close({ force: true });
    },
  };
};
