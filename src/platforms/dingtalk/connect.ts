/** DingTalk joined to the bot: Stream, or callbacks by HTTP that are checked by their sign; messages, and presses on cards. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Files } from '../../bot/ports.ts';
import type { Instant } from '../../core/day.ts';
import { type IntakeDeps, type Log, type Messenger, makeIntake, type Notes, within } from '../intake.ts';
import { openPace } from '../pace.ts';
import { type DingtalkSecrets, makeApi } from './api.ts';
import { type Back, heardPress, OUTSIDER, privately } from './card.ts';
import { type Allowance, openQuota } from './quota.ts';
import { accountOf, DINGTALK, heardMessage, RobotMessage, type Session, sessionOf } from './receive.ts';
import { dingtalkPlatform, type SendDeps } from './send.ts';
import { openStream, type StreamDeps } from './stream.ts';

export interface DingtalkSettings extends DingtalkSecrets {
  transport: 'stream' | 'http';
  /** Template of interactive cards; null: buttons that say their command. */
  cardTemplate: string | null;
  /** Buttons without a template: `dtmd` says the command as whoever presses, `words` has it typed. */
  buttons: SendDeps['buttons'];
  /** What the edition includes in a month. */
  monthly: Allowance;
}

export interface DingtalkDeps {
  bot: IntakeDeps['bot'];
  files: Files;
  notes: Notes;
  readRows: IntakeDeps['readRows'];
  now(): Instant;
  /** Where DingTalk reaches us with presses, without a slash at the end; null: nowhere. */
  webUrl(): string | null;
  log: Log;
  pace?: (StreamDeps['pace'] & { gathers?: number; answer?: number }) | undefined;
}

export const MESSAGES = '/v1.0/im/bot/messages/get';
export const PRESSES = '/v1.0/card/instances/callback';
/** A callback may be old by an hour: its body is not signed, and what was heard once is not heard again. */
const WINDOW = 3_600_000;
const MOST_SESSIONS = 5_000;
const MINUTE_TAKES = 20;
/** How long a press may wait for its answer: nothing is promised, three seconds are usual. */
const ANSWERS_WITHIN = 2_400;
const ROUTE = 'xiajiceng';
const OUTSIDE = '您不在本组织的通讯录里，下基层助手只认组织内的人。请联系卫健局管理员。';

/** undefined: unreadable; sent again it would be no better. */
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

export const openDingtalk = async (settings: DingtalkSettings, deps: DingtalkDeps): Promise<Messenger> => {
  const { log, notes, now } = deps;
  const quota = await openQuota(settings.clientId, settings.monthly, notes, now);
  const pace = await openPace({ takes: [{ count: MINUTE_TAKES, seconds: 60 }], name: `${DINGTALK}/minute`, notes, now });
  const api = makeApi(settings, log, quota.count);
  const sessions = new Map<string, Session>();
  const back: Back = settings.transport === 'stream' ? { callbackType: 'STREAM' } : { callbackType: 'HTTP', callbackRouteKey: ROUTE };
  const platform = dingtalkPlatform({
    api,
    app: settings.clientId,
    files: deps.files,
    pace,
    now,
    session: c => sessions.get(c),
    forget: c => void sessions.delete(c),
    cards: settings.cardTemplate === null ? null : { template: settings.cardTemplate, back: back },
    buttons: settings.buttons,
    gathers: deps.pace?.gathers,
  });
  const intake = makeIntake({ ...deps, platform: DINGTALK, fetch: ref => api.download(ref['code'] ?? '') });
  const allowed = [new URL(settings.apiUrl).origin, new URL(settings.oapiUrl).origin];
  /** The organisation the robot is of, as its messages say. */
  const OWN = `${DINGTALK}/organisation/${settings.clientId}`;
  let own: string | null = (await notes.all(OWN)).get(OWN) ?? null;
  const answeredOutside = new Set<string>();

  /** Somebody from outside: there is no lasting name to know them by, so nothing is stored of it. */
  const turnAway = async (message: RobotMessage, session: Session | undefined): Promise<void> => {
    if (!session || answeredOutside.has(message.msgId)) return;
    answeredOutside.add(message.msgId);
    if (answeredOutside.size > 1_000) answeredOutside.delete(answeredOutside.values().next().value!);
    if (pace.take(session.conversation, 1) === 0) await api.session(session.url, { msgtype: 'text', text: { content: OUTSIDE } });
  };
  const hear = async (data: unknown): Promise<void> => {
    const parsed = RobotMessage.safeParse(data);
    if (!parsed.success) return log.error({ platform: DINGTALK, error: 'ZodError' }, 'an event could not be read');
    const message = parsed.data;
    if (message.chatbotCorpId && message.chatbotCorpId !== own) {
      own = message.chatbotCorpId;
      notes.keep(OWN, own);
    }
    const session = sessionOf(message, allowed);
    if (session) {
      sessions.delete(session.conversation);
      sessions.set(session.conversation, session);
      if (sessions.size > MOST_SESSIONS) sessions.delete(sessions.keys().next().value!);
    }
    if (accountOf(message) === null) return turnAway(message, session);
    await intake.take(message, (m, at) => heardMessage(m as RobotMessage, settings.clientId, at));
  };

  /** A press, and what the card shows to who pressed. It is not known to come again: whatever happens is told. */
  const press = async (data: unknown, id: string): Promise<Record<string, unknown> | undefined> => {
    const late = Symbol('late');
    let outside = false;
    try {
      const received = await within(
        deps.pace?.answer ?? ANSWERS_WITHIN,
        intake.take(data, (raw, at) => {
          const heard = heardPress(raw, id, settings.clientId, own, at);
          outside = heard === OUTSIDER;
          return heard === OUTSIDER ? undefined : heard;
        }),
        late,
      );
      if (received === late) return privately('收到，正在办');
      if (!received) return privately(outside ? OUTSIDE : '这张卡片已不能用，请重新发命令');
      const reply = received.posts.find(p => p.class === 'reply')?.card;
      return reply && privately(reply.title);
    } catch {
      return privately('没有办成，请稍后再点');
    }
  };

  const stream =
    settings.transport === 'stream'
      ? openStream({
          clientId: settings.clientId,
          clientSecret: settings.clientSecret,
          apiUrl: settings.apiUrl,
          topics: settings.cardTemplate === null ? [MESSAGES] : [MESSAGES, PRESSES],
          onEvent: (topic, data, id) => (topic === PRESSES ? press(parsed(data), id) : hear(parsed(data))),
          counts: () => quota.count('pushes'),
          log,
          ...(deps.pace ? { pace: deps.pace } : {}),
        })
      : undefined;

  // How DingTalk signs presses is not written down: their address is one that nobody else can know.
  const pressKey = createHmac('sha256', settings.clientSecret).update('card callback').digest('hex');
  const isPress = (url: URL): boolean => {
    const given = Buffer.from(url.searchParams.get('press') ?? '');
    return given.length === pressKey.length && timingSafeEqual(given, Buffer.from(pressKey));
  };
  /** Until it is done nobody's press arrives. */
  let registered = settings.cardTemplate === null || stream !== undefined;
  let registering: NodeJS.Timeout | undefined;
  const register = async (): Promise<void> => {
    const webUrl = deps.webUrl();
    const callbackUrl = webUrl && `${webUrl}/dingtalk/webhook?press=${pressKey}`;
    const { code } = callbackUrl
      ? await api.call('POST', '/v1.0/card/callbacks/register', { callbackRouteKey: ROUTE, callbackUrl, forceUpdate: true })
      : { code: 'WEB_URL' };
    registered = code === '0';
    if (!registered) log.warn({ platform: DINGTALK, code }, 'dingtalk: the address for presses on cards is not registered');
    if (!registered) {
      registering = setTimeout(() => void register(), 60_000);
      registering.unref();
    }
  };

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
      if (!registered) await register();
    },
    async callback(request) {
      if (stream) return new Response(null, { status: 404 });
      if (settings.cardTemplate !== null && isPress(new URL(request.url))) {
        const raw = await request.text();
        quota.count('pushes');
        const id = createHash('sha256')
          .update(`${request.headers.get('timestamp') ?? ''}\n${raw}`)
          .digest('hex')
          .slice(0, 40);
        const data = parsed(raw);
        if (data === undefined) return Response.json({}, { status: 400 });
        return Response.json((await press(data, id)) ?? {});
      }
      if (!signed(request)) {
        log.warn({ platform: 'dingtalk' }, 'dingtalk: a callback was refused');
        return Response.json({}, { status: 401 });
      }
      quota.count('pushes');
      try {
        await hear(await request.json().catch(() => undefined));
        return Response.json({});
      } catch {
        return Response.json({}, { status: 503 });
      }
    },
    trouble() {
      const why = stream?.trouble() ?? null;
      if (why !== null) return `钉钉连接不通：${why}`;
      return registered ? null : '钉钉卡片的回调地址没有登记上，按钮按了没有反应：看 WEB_URL 和卡片权限';
    },
    async stop() {
      clearTimeout(registering);
      await intake.stop();
      await new Promise(setImmediate);
      await stream?.stop();
    },
  };
};
