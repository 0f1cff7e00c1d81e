/** Ordinary WeChat joined to the bot by a puppet of wechaty: an account that somebody logs in by scanning. Unofficial: the account may be banned. */
import { performance } from 'node:perf_hooks';
import type { LoginView } from '../../bot/desk.ts';
import type { Frozen, Seen } from '../../bot/new-login.ts';
import type { Files, Platform } from '../../bot/ports.ts';
import { realTicks } from '../../bot/real-time.ts';
import { type Instant, sayInstant } from '../../core/day.ts';
import { type IntakeDeps, type Log, type Messenger, makeIntake, within } from '../intake.ts';
import { makeErrorTeller, plain } from './errors.ts';
import { qrPath, qrText } from './qr.ts';
import { heardJoin, heardMessage, type Join, type Raw } from './receive.ts';
import { type Voice, wechatPlatform } from './send.ts';
import { keepPrivate } from './session.ts';
import { catchStrays } from './strays.ts';

type Wechaty = typeof import('wechaty');
type Bot = ReturnType<Wechaty['WechatyBuilder']['build']>;
type BotOptions = NonNullable<Parameters<Wechaty['WechatyBuilder']['build']>[0]>;
/** A puppet that is already made, in tests. */
export type Puppet = Bot['puppet'];

export interface WechatSettings {
  /** Name of the puppet's package. */
  puppet: string;
  token: string | null;
  endpoint: string | null;
}

export interface WechatDeps {
  bot: IntakeDeps['bot'];
  files: Files;
  readRows: IntakeDeps['readRows'];
  now(): Instant;
  log: Log;
  /** Where the login is kept. */
  folder: string;
  /** Tells of a login; what it has frozen. */
  loggedIn(platform: Pick<Platform, 'id' | 'app'>, seen: Seen): Promise<Frozen | null>;
  /** Somebody has to act: told to the admins, by whatever still reaches them. */
  alarm(why: string): void;
  /** For whoever stands at the terminal. */
  show(text: string): void;
  pace?:
    | {
        /** In place of the package that is named. */
        puppet?: () => Puppet;
        /** Milliseconds between two messages; after a login until contacts are looked through; without a heartbeat until it is an alarm; logged out until it is started anew; between two looks. */
        gap?: number;
        survey?: number;
        silence?: number;
        restart?: number;
        watch?: number;
      }
    | undefined;
}

const PACE = { gap: 2_000, survey: 20_000, silence: 180_000, restart: 60_000, watch: 15_000 };
const LONGEST_RESTART = 600_000;
const LARGEST = 20 * 1024 * 1024;
const FILE_WAIT = 60_000;
const STOP_WAIT = 4_000;
/** Accounts of WeChat itself, which talk to everybody. */
const NOBODY = /^(?:weixin|filehelper|newsapp|fmessage|medianote|floatbottle|qmessage|gh_\w+)$/;

export const openWechat = async (settings: WechatSettings, deps: WechatDeps): Promise<Messenger> => {
  const { log, now } = deps;
  const pace = { ...PACE, ...deps.pace };
  const { WechatyBuilder, ScanStatus, log: theirLog, types } = await import('wechaty');
  const { FileBox } = await import('file-box');
  // Its lines may hold what people wrote.
  theirLog.level('silent');
  if (!deps.pace?.puppet)
    await import(settings.puppet).catch(() => {
      throw new Error(`WECHAT_PUPPET：没有装 ${settings.puppet}，先 npm install ${settings.puppet}`);
    });
  const session = keepPrivate(deps.folder);
  const make = (): Bot =>
    WechatyBuilder.build({
      name: session.replace(/\.memory-card\.json$/, ''),
      puppet: deps.pace?.puppet?.() ?? settings.puppet,
      puppetOptions: {
        ...(settings.token === null ? {} : { token: settings.token }),
        ...(settings.endpoint === null ? {} : { endpoint: settings.endpoint }),
      },
    } as BotOptions);

  // ── The login ───────────────────────────────────────────────────────────────

  let login: { state: LoginView['state']; since: Instant; link: string | null; who: string | null; why: string | null } = {
    state: 'starting',
    since: now(),
    link: null,
    who: null,
    why: null,
  };
  let bot = make();
  let stopping = false;
  let restarting = false;
  const tellError = makeErrorTeller(log);
  let surveyed = false;
  /** Ids that are of this login: who was heard from, whom it shows. */
  let fresh = new Set<string>();
  /** It gave out new ones: what else is known is of an earlier one. */
  let anew = false;
  /** Ticks of the last heartbeat; null: this puppet has none. */
  let beat: number | null = null;
  let downAt = performance.now();
  let restarts = 0;
  const become = (state: LoginView['state'], more: Partial<typeof login> = {}) => {
    if (state !== login.state) {
      login = { ...login, state, since: now(), why: null };
      downAt = performance.now();
    }
    login = { ...login, ...more };
  };
  /** Nothing that a listener does may be lost on the way, or end the process. */
  const safely =
    <A extends unknown[]>(what: string, work: (...args: A) => unknown) =>
    (...args: A): void => {
      void (async () => work(...args))().catch((e: unknown) => log.error({ platform: 'wechat', error: plain(e) }, what));
    };

  let looking = false;
  /** Contacts seen at the last look: a list still growing tells nothing. */
  let seenBefore = 0;
  const look = async (whole: boolean): Promise<void> => {
    if (surveyed || looking || login.state !== 'in') return;
    looking = true;
    try {
      surveyed = await compare(whole);
    } finally {
      looking = false;
      if (!surveyed && login.state === 'in' && !stopping) setTimeout(() => survey(false), pace.survey).unref();
    }
  };
  /** Do the ids that are known still hold? False: that cannot be told yet. */
  const compare = async (whole: boolean): Promise<boolean> => {
    const { puppet } = bot;
    const self = puppet.currentUserId;
    const rooms = await puppet.roomList();
    const groups = await Promise.all(
      rooms.map(async id => ({
        id,
        name: await puppet.roomPayload(id).then(
          p => p.topic,
          () => '',
        ),
      })),
    );
    const members = await Promise.all(rooms.map(id => puppet.roomMemberList(id).catch(() => [] as string[])));
    const accounts = [...new Set([...(await puppet.contactList()), ...members.flat()])].filter(id => id !== self);
    const growing = !whole && accounts.length !== seenBefore;
    seenBefore = accounts.length;
    for (const id of [...accounts, ...rooms]) fresh.add(id);
    if (!accounts.length || growing) return false;
    const frozen = await deps.loggedIn(platform, { accounts, groups });
    anew = frozen !== null;
    if (!frozen) return true;
    log.warn({ platform: 'wechat', people: frozen.people, groups: frozen.groups }, 'wechat gave out new ids: bindings are frozen');
    deps.show(`微信重新登录，编号都变了：${frozen.people} 人、${frozen.groups} 个群的绑定已冻结，要再绑定一次`);
    for (const code of frozen.adminCodes) deps.show(`系统管理员重绑码（只用一次），用自己的微信私聊机器人发：绑定 ${code}`);
    return true;
  };
  const survey = safely('contacts could not be looked through', look);

  const listen = (b: Bot): void => {
    // One that was given up may still speak.
    const on = ((event: never, listener: (...args: unknown[]) => void) =>
      b.on(event, ((...args: unknown[]) => {
        if (b === bot && !stopping && !restarting) listener(...args);
      }) as never)) as Bot['on'];
    on('scan', (link, status) => {
      if (status === ScanStatus.Scanned || status === ScanStatus.Confirmed) return become('scanned');
      const fresh = link !== '' && link !== login.link;
      become('waiting', { link: link || login.link, who: null });
      if (fresh)
        safely('the code to scan could not be shown', async () => deps.show(`请用机器人的微信扫码登录：\n${await qrText(link)}`))();
    });
    on('login', user => {
      surveyed = false;
      fresh = new Set();
      anew = false;
      seenBefore = 0;
      beat = null;
      restarts = 0;
      become('in', { link: null, who: user.name() });
      log.info({ platform: 'wechat' }, 'wechat: logged in');
      safely('the session file could not be kept private', () => keepPrivate(deps.folder))();
      setTimeout(() => survey(false), pace.survey).unref();
    });
    on('ready', () => survey(true));
    on('logout', () => {
      become('out', { link: null, who: null });
      log.warn({ platform: 'wechat' }, 'wechat: logged out');
      deps.alarm('微信今天退出过登录；还没重新扫码的，二维码在终端，或私聊发 网页 后点“微信登录”');
    });
    on('heartbeat', () => {
      beat = performance.now();
    });
    // Without this listener an error of the puppet would end the process.
    on('error', e => {
      const storm = tellError(e, performance.now());
      if (login.state === 'in') return;
      if (storm) return calm(b, e);
      become(login.state === 'waiting' || login.state === 'scanned' ? login.state : 'error', { why: plain(e) });
    });
    on(
      'message',
      safely('a message was not stored', async (message: unknown) => {
        const raw = await told(b, message as HeardMessage);
        if (!raw) return;
        for (const { id } of [raw.talker, ...(raw.room ? [raw.room] : [])]) fresh.add(id);
        await intake.take(raw, heardMessage);
      }) as never,
    );
    on(
      'room-join',
      safely(
        'a group was not greeted',
        async (room: { id: string; topic(): Promise<string> }, who: { id: string }[], by: { id: string }, at: Date) => {
          if (!who.some(c => c.id === b.puppet.currentUserId)) return;
          const joined: Join = { room: { id: room.id, name: await room.topic() }, inviter: by.id, at: at.getTime() };
          fresh.add(room.id);
          await intake.take(joined, heardJoin);
        },
      ) as never,
    );
  };

  // ── What is heard ───────────────────────────────────────────────────────────

  const KINDS = new Map<number, Raw['kind']>([
    [types.Message.Text, 'text'],
    [types.Message.Attachment, 'file'],
    [types.Message.Image, 'picture'],
    [types.Message.Video, 'video'],
    [types.Message.Audio, 'voice'],
    [types.Message.Location, 'location'],
  ]);
  /** The puppet's message in plain words; undefined: nothing that could be said to the bot. */
  const told = async (b: Bot, m: HeardMessage): Promise<Raw | undefined> => {
    const kind = KINDS.get(m.type());
    const talker = m.talker();
    if (!kind || m.self() || NOBODY.test(talker.id) || talker.type() === types.Contact.Official) return undefined;
    const room = m.room();
    const self = b.currentUser;
    // Its own method for a place always throws.
    const place = kind === 'location' ? await b.puppet.messageLocation(m.id).catch(() => null) : null;
    return {
      id: m.id,
      kind,
      talker: { id: talker.id, name: talker.name() },
      room: room ? { id: room.id, name: await room.topic() } : null,
      text: m.text(),
      at: m.date().getTime(),
      mentioned: room ? await m.mentionSelf().catch(() => false) : false,
      names: [self.name(), (room && (await room.alias(self).catch(() => undefined))) ?? ''].filter(Boolean),
      file:
        kind === 'file'
          ? await b.puppet.messageFile(m.id).then(
              f => f.name,
              () => m.text(),
            )
          : null,
      place: place && { lat: place.latitude, lng: place.longitude, name: place.name || place.address },
    };
  };
  const intake = makeIntake({
    ...deps,
    platform: 'wechat',
    async fetch({ message = '' }) {
      const fetched = bot.puppet.messageFile(message).then(f => f.toBuffer());
      fetched.catch(() => undefined);
      const bytes = await within(FILE_WAIT, fetched, null).catch(() => null);
      if (!bytes) throw new Error('文件没有取到，请再发一次');
      if (bytes.length > LARGEST) throw new Error('文件太大，最多 20 MB');
      return new Uint8Array(bytes);
    },
  });

  // ── What is said ────────────────────────────────────────────────────────────

  const voice: Voice = {
    mute: () => (login.state === 'in' ? null : '微信没有登录'),
    async reaches(to) {
      // An id of an earlier login is still found, and leads to nobody or to somebody else.
      if (!fresh.has('contact' in to ? to.contact : to.room)) {
        if (!surveyed) throw new Error('contacts are not there yet');
        if (anew) return false;
      }
      const found = 'contact' in to ? await bot.Contact.find({ id: to.contact }) : await bot.Room.find({ id: to.room });
      if (!found) return false;
      if ('contact' in to) return (found as { friend?(): boolean | undefined }).friend?.() !== false;
      const members = await bot.puppet.roomMemberList(to.room);
      return !members.length || members.includes(bot.puppet.currentUserId);
    },
    async say(to, what, accounts) {
      const something = typeof what === 'string' ? what : FileBox.fromBase64(Buffer.from(what.bytes).toString('base64'), what.name);
      if ('contact' in to) {
        await (await bot.Contact.find({ id: to.contact }))!.say(something);
        return;
      }
      const room = (await bot.Room.find({ id: to.room }))!;
      const called = await Promise.all(accounts.map(id => bot.Contact.find({ id })));
      await (typeof something === 'string' ? room.say(something, ...called.filter(c => c !== undefined)) : room.say(something));
    },
  };
  const platform = wechatPlatform({ voice, files: deps.files, gap: pace.gap, ticks: realTicks });

  // ── Keeping it alive ────────────────────────────────────────────────────────

  const start = async (b: Bot): Promise<void> => {
    try {
      await b.start();
    } catch (e) {
      become('error', { why: plain(e) });
      log.error({ platform: 'wechat', error: plain(e) }, 'wechat: the puppet did not start');
    }
  };
  const silent = (): boolean => login.state === 'in' && beat !== null && performance.now() - beat > pace.silence;
  /** A puppet that cannot reach WeChat may try again thousands of times: it is ended, and started anew later. */
  const calm = (b: Bot, e: unknown): void => {
    become('error', { why: plain(e) });
    downAt = performance.now();
    restarting = true;
    void ended(b).finally(() => {
      restarting = false;
    });
  };
  const ended = (b: Bot): Promise<unknown> =>
    within(
      STOP_WAIT,
      b.stop().catch(() => undefined),
      undefined,
    );
  /** Puppets mostly show a new code by themselves; one that does not is started anew, ever more slowly. */
  const watch = safely('wechat could not be started anew', async () => {
    const dead = login.state === 'out' || login.state === 'error' || login.state === 'starting';
    const waits = Math.min(pace.restart * 2 ** restarts, Math.max(LONGEST_RESTART, pace.restart));
    if (stopping || restarting || !dead || performance.now() - downAt < waits) return;
    restarting = true;
    restarts++;
    await ended(bot);
    if (!stopping) {
      bot = make();
      listen(bot);
      become('starting');
      downAt = performance.now();
      restarting = false;
      await start(bot);
    }
  });
  let watching: NodeJS.Timeout | undefined;
  let endStrays: (() => void) | undefined;

  const says = (): string => {
    switch (login.state) {
      case 'starting':
        return '正在启动';
      case 'waiting':
        return '等扫码：用机器人的微信扫一扫';
      case 'scanned':
        return '已扫码，请在手机上点“登录”';
      case 'in':
        return silent() ? '已登录，但没有心跳' : `已登录：${login.who ?? ''}`;
      case 'out':
        return '已退出登录';
      case 'error':
        return '出错，正在重试';
    }
  };

  return {
    platform,
    async start() {
      endStrays = catchStrays(e => log.error({ platform: 'wechat', error: plain(e) }, 'wechat: a stray error was caught'));
      listen(bot);
      watching = setInterval(watch, pace.watch);
      watching.unref();
      // A puppet may take its time, or never come: the others do not wait for it.
      void start(bot);
    },
    callback: async () => new Response(null, { status: 404 }),
    login: () => ({
      name: '微信',
      state: login.state,
      since: login.since,
      says: login.why === null ? says() : `${says()}（${login.why}）`,
      qr: login.state === 'waiting' && login.link !== null ? qrPath(login.link) : null,
    }),
    trouble: () =>
      login.state === 'in' && !silent()
        ? null
        : `微信从 ${sayInstant(login.since)} 起：${says()}${login.state === 'waiting' ? '；二维码在终端，或管理员私聊发 网页 后点“微信登录”' : ''}`,
    async stop() {
      stopping = true;
      clearInterval(watching);
      await intake.stop();
      await ended(bot);
      endStrays?.();
    },
  };
};

/** What is used of a message. */
interface HeardMessage {
  id: string;
  type(): number;
  self(): boolean;
  talker(): { id: string; name(): string; type(): number };
  room(): { id: string; topic(): Promise<string>; alias(who: unknown): Promise<string | undefined> } | undefined;
  text(): string;
  date(): Date;
  mentionSelf(): Promise<boolean>;
}
