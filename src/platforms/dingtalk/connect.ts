/** DingTalk joined to the bot: Stream, or callbacks by HTTP that are checked by their sign. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Files } from '../../bot/ports.ts';
import type { Instant } from '../../core/day.ts';
import { type IntakeDeps, type Log, type Messenger, makeIntake } from '../intake.ts';
import { type DingtalkSecrets, makeApi } from './api.ts';
import { accountOf, heardMessage, RobotMessage, type Session, sessionOf } from './receive.ts';
import { dingtalkPlatform } from './send.ts';
import { openStream, type StreamDeps } from './stream.ts';

export interface DingtalkSettings extends DingtalkSecrets {
  transport: 'stream' | 'http';
}

export interface DingtalkDeps {
  bot: IntakeDeps['bot'];
  files: Files;
  readRows: IntakeDeps['readRows'];
  now(): Instant;
  log: Log;
  pace?: StreamDeps['pace'] | undefined;
}

export const MESSAGES = '/v1.0/im/bot/messages/get';
/** A callback may be old by an hour: its body is not signed, and what was heard once is not heard again. */
const WINDOW = 3_600_000;
const MOST_SESSIONS = 5_000;
const OUTSIDE = '您不在本组织的通讯录里，下基层助手只认组织内的人。请联系卫健局管理员。';

export const openDingtalk = async (settings: DingtalkSettings, deps: DingtalkDeps): Promise<Messenger> => {
  const { log } = deps;
  const api = makeApi(settings, log);
  const sessions = new Map<string, Session>();
  const platform = dingtalkPlatform({ api, app: settings.clientId, files: deps.files, now: deps.now, session: c => sessions.get(c) });
  const intake = makeIntake({ ...deps, platform: 'dingtalk', fetch: ref => api.download(ref['code'] ?? '') });
  const allowed = [new URL(settings.apiUrl).origin, new URL(settings.oapiUrl).origin];

  const hear = async (data: unknown): Promise<void> => {
    const parsed = RobotMessage.safeParse(data);
    if (!parsed.success) return log.error({ platform: 'dingtalk', error: 'ZodError' }, 'an event could not be read');
    const message = parsed.data;
    const session = sessionOf(message, allowed);
    if (session) {
      sessions.delete(session.conversation);
      sessions.set(session.conversation, session);
      if (sessions.size > MOST_SESSIONS) sessions.delete(sessions.keys().next().value!);
    }
    if (accountOf(message) === null) {
      // Somebody from outside: there is no lasting name to know them by, so nothing is stored of it.
      const url = sessionOf({ ...message, senderStaffId: 'outside' }, allowed)?.url;
      if (url) await api.session(url, { msgtype: 'text', text: { content: OUTSIDE } });
      return;
    }
    await intake.take(message, (m, now) => heardMessage(m as RobotMessage, settings.clientId, now));
  };

  const stream =
    settings.transport === 'stream'
      ? openStream({
          clientId: settings.clientId,
          clientSecret: settings.clientSecret,
          apiUrl: settings.apiUrl,
          topics: [MESSAGES],
          onEvent: (_topic, data) => hear(JSON.parse(data)),
          log,
          ...(deps.pace ? { pace: deps.pace } : {}),
        })
      : undefined;

  const signed = (request: Request): boolean => {
    const [time, sign] = [request.headers.get('timestamp') ?? '', request.headers.get('sign') ?? ''];
    if (!(Math.abs(deps.now() - Number(time)) <= WINDOW)) return false;
    const wanted = createHmac('sha256', settings.clientSecret).update(`${time}\n${settings.clientSecret}`).digest();
    const given = Buffer.from(sign, 'base64');
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  };

  return {
    platform,
    async start() {
      stream?.start();
    },
    async callback(request) {
      if (stream) return new Response(null, { status: 404 });
      if (!signed(request)) {
        log.warn({ platform: 'dingtalk' }, 'dingtalk: a callback was refused');
        return Response.json({}, { status: 401 });
      }
      try {
        await hear(await request.json().catch(() => undefined));
        return Response.json({});
      } catch {
        return Response.json({}, { status: 503 });
      }
    },
    trouble() {
      const why = stream?.trouble() ?? null;
      return why === null ? null : `钉钉连接不通：${why}`;
    },
    async stop() {
      await intake.stop();
      await new Promise(setImmediate);
      await stream?.stop();
    },
  };
};
