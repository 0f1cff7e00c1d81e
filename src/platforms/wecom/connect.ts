/** WeCom's 智能机器人 joined to the bot: one long connection, by the SDK; another process that takes it over is no enemy, but an alarm. */
import { readFileSync } from 'node:fs';
import type { Files, OutboxRow } from '../../bot/ports.ts';
import { type Instant, sayInstant } from '../../core/day.ts';
import { type IntakeDeps, type Log, type Messenger, makeIntake, type Notes, within } from '../intake.ts';
import { openPace } from '../pace.ts';
import { heardCallback, taskOf, WECOM } from './receive.ts';
import { afterPress, changed, keyOf } from './render.ts';
import { type SendDeps, wecomPlatform } from './send.ts';

export interface WecomSettings {
  botId: string;
  secret: string;
  /** null: WeCom's own. */
  wsUrl: string | null;
  /** Certificate of a private deployment's authority. */
  caFile: string | null;
  /** Webhook keys by chat id. */
  webhooks: Readonly<Record<string, string>>;
  webhookUrl: string;
  cards: SendDeps['cards'];
  mentions: SendDeps['mentions'];
  chatType: SendDeps['chatType'];
}

export interface WecomDeps {
  bot: IntakeDeps['bot'];
  files: Files;
  notes: Notes;
  /** A message that was sent, by its key. */
  sent(key: string): Promise<OutboxRow | undefined>;
  /** Somebody has to act, and is told so by another way. */
  alarm(why: string): void;
  readRows: IntakeDeps['readRows'];
  now(): Instant;
  log: Log;
  pace?: { reconnect?: number; heartbeat?: number } | undefined;
}

const LARGEST = 20 * 1024 * 1024;
/** Answers and pushes together, to a conversation. */
const CHAT_TAKES = [
  { count: 30, seconds: 60 },
  { count: 1_000, seconds: 3_600 },
];
/** Uploads, of the whole bot. */
const UPLOADS_TAKEN = CHAT_TAKES;
const WEBHOOK_TAKES = [{ count: 20, seconds: 60 }];
/** A card may be changed for five seconds after it was pressed. */
const CHANGES_WITHIN = 4_500;
const TAKEN_OVER = '另一个程序用同一个机器人连上了，本程序已停收；只留一个，再重启';

export const openWecom = async (settings: WecomSettings, deps: WecomDeps): Promise<Messenger> => {
  const { WSClient } = await import('@wecom/aibot-node-sdk');
  const { log } = deps;
  // The SDK's lines may hold whole frames: only that there was one is told.
  const told = (level: 'warn' | 'error') => () => log.warn({ platform: WECOM, level }, 'wecom: the connection had trouble');
  const client = new WSClient({
    botId: settings.botId,
    secret: settings.secret,
    maxReconnectAttempts: -1,
    maxAuthFailureAttempts: -1,
    ...(deps.pace?.reconnect ? { reconnectInterval: deps.pace.reconnect } : {}),
    ...(deps.pace?.heartbeat ? { heartbeatInterval: deps.pace.heartbeat } : {}),
    ...(settings.wsUrl ? { wsUrl: settings.wsUrl } : {}),
    ...(settings.caFile ? { wsOptions: { ca: readFileSync(settings.caFile) } } : {}),
    logger: { debug: () => undefined, info: () => undefined, warn: told('warn'), error: told('error') },
  });
  let taken = false;
  // Nobody may be written to before they have spoken: chats are remembered from their first word on.
  const OPEN = `${WECOM}/chat/${settings.botId}/`;
  const open = new Map([...(await deps.notes.all(OPEN))].map(([k, v]) => [k.slice(OPEN.length), v]));
  const opened = (conversation: string) => {
    if (open.has(conversation)) return;
    open.set(conversation, String(deps.now()));
    deps.notes.keep(OPEN + conversation, String(deps.now()));
  };
  const paced = { notes: deps.notes, now: deps.now };
  const platform = wecomPlatform({
    client,
    app: settings.botId,
    files: deps.files,
    webhooks: settings.webhooks,
    webhookUrl: settings.webhookUrl,
    pace: await openPace({ ...paced, takes: CHAT_TAKES, name: `${WECOM}/minute` }),
    hookPace: await openPace({ ...paced, takes: WEBHOOK_TAKES, name: `${WECOM}/webhook-minute` }),
    uploadPace: await openPace({ ...paced, takes: UPLOADS_TAKEN, name: `${WECOM}/upload` }),
    now: deps.now,
    cards: settings.cards,
    mentions: settings.mentions,
    chatType: settings.chatType,
    reaches: conversation => !taken && open.has(conversation),
    // A chat that spoke before this was remembered.
    arrived: opened,
  });
  const intake = makeIntake({
    ...deps,
    platform: WECOM,
    async fetch({ url = '', key }) {
      const { buffer } = await client.downloadFile(url, key || undefined).catch(() => {
        throw new Error('文件没有取到，请再发一次');
      });
      if (buffer.length > LARGEST) throw new Error('文件太大，最多 20 MB');
      return new Uint8Array(buffer);
    },
  });

  let trouble: string | null = '正在连接';
  let downSince: Instant | null = deps.now();
  const down = (why: string) => {
    downSince ??= deps.now();
    trouble = why;
  };
  client.on('authenticated', () => {
    trouble = null;
    downSince = null;
  });
  // The reason comes before the disconnection, and is the better word.
  client.on('error', e => taken || down(/auth/i.test(e.message) ? 'WECOM_BOT_ID 或 WECOM_BOT_SECRET 不对，或长连接没有开' : '连不上'));
  client.on('disconnected', () => taken || down(downSince === null ? '断开，正在重连' : (trouble ?? '正在重连')));
  client.on('event.disconnected_event', () => {
    if (taken) return;
    taken = true;
    down(TAKEN_OVER);
    deps.alarm(`企业微信：${TAKEN_OVER}`);
    log.error({ platform: WECOM }, 'wecom: another process has taken over the robot');
  });
  type Frame = { headers: { req_id: string }; body?: unknown };
  const heard = (raw: unknown, now: Instant) => {
    const found = heardCallback(raw, settings.botId, now);
    if (found) opened(found.conversation.id);
    return found;
  };
  const hear = async (frame: Frame): Promise<void> => {
    const task = settings.cards === 'full' ? taskOf(frame.body) : undefined;
    let command = '';
    const work = intake.take(frame.body, (raw, now) => {
      const found = heard(raw, now);
      if (found?.content.kind === 'button') command = found.content.command;
      return found;
    });
    if (task === undefined) return void (await work);
    const until = Date.now() + CHANGES_WITHIN;
    const received = await within(CHANGES_WITHIN, work, undefined);
    const reply = received?.posts.find(p => p.class === 'reply')?.card;
    const key = keyOf(task);
    if (received && reply && command && key !== undefined) {
      const row = await deps.sent(key);
      const now = row && afterPress(row, command, { card: reply, settled: received.settled });
      // What cannot be changed is no loss: a late press is told so.
      if (now && Date.now() < until)
        await client
          .updateTemplateCard(frame as never, changed(now, task) as never)
          .catch(() => log.warn({ platform: WECOM }, 'wecom: a card could not be changed'));
    }
    await work;
  };
  // WeCom does not send it again: what cannot be stored is told to the log, and to whoever waits in vain.
  const listen = (frame: Frame) =>
    void hear(frame).catch((e: unknown) => log.error({ platform: WECOM, error: (e as Error).name }, 'a message was not stored'));
  client.on('message', listen as never);
  client.on('event', listen as never);

  return {
    platform,
    async start() {
      client.connect();
    },
    callback: async () => new Response(null, { status: 404 }),
    trouble: () => (trouble === null ? null : `企业微信连接不通，从 ${sayInstant(downSince ?? deps.now())} 起：${trouble}`),
    async stop() {
      await intake.stop();
      client.disconnect();
    },
  };
};
