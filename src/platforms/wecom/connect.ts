/** WeCom's 智能机器人 joined to the bot: one long connection, by the SDK; another process that takes it over is no enemy, but an alarm. */
import { readFileSync } from 'node:fs';
import type { Files } from '../../bot/ports.ts';
import { type Instant, sayInstant } from '../../core/day.ts';
import { type IntakeDeps, type Log, type Messenger, makeIntake } from '../intake.ts';
import { heardCallback } from './receive.ts';
import { wecomPlatform } from './send.ts';

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
}

export interface WecomDeps {
  bot: IntakeDeps['bot'];
  files: Files;
  readRows: IntakeDeps['readRows'];
  now(): Instant;
  log: Log;
  pace?: { reconnect?: number; heartbeat?: number } | undefined;
}

const LARGEST = 20 * 1024 * 1024;

export const openWecom = async (settings: WecomSettings, deps: WecomDeps): Promise<Messenger> => {
  const { WSClient } = await import('@wecom/aibot-node-sdk');
  const { log } = deps;
  // The SDK's lines may hold whole frames: only that there was one is told.
  const told = (level: 'warn' | 'error') => () => log.warn({ platform: 'wecom', level }, 'wecom: the connection had trouble');
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
  const platform = wecomPlatform({
    client,
    app: settings.botId,
    files: deps.files,
    webhooks: settings.webhooks,
    webhookUrl: settings.webhookUrl,
  });
  const intake = makeIntake({
    ...deps,
    platform: 'wecom',
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
  let taken = false;
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
    taken = true;
    down('另一个程序用同一个机器人连上了，本程序已停收；只留一个，再重启');
    log.error({ platform: 'wecom' }, 'wecom: another process has taken over the robot');
  });
  const hear = (frame: { body?: unknown }) => {
    // WeCom does not send it again: what cannot be stored is told to the log, and to whoever waits in vain.
    intake
      .take(frame.body, (raw, now) => heardCallback(raw, settings.botId, now))
      .catch((e: unknown) => log.error({ platform: 'wecom', error: (e as Error).name }, 'a message was not stored'));
  };
  client.on('message', hear);
  client.on('event', hear);

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
