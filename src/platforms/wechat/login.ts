/** The login of a WeChat account by a puppet of wechaty: scanned, told of, watched, started anew when it does not come back. */
import { performance } from 'node:perf_hooks';
import type { LoginView } from '../../bot/desk.ts';
import { type Instant, sayInstant } from '../../core/day.ts';
import { type Log, within } from '../intake.ts';
import { type Contacts, type ContactsDeps, makeContacts } from './contacts.ts';
import { makeErrorTeller, makeSafely, plain } from './errors.ts';
import { type Bot, openPuppet, type Puppet, type PuppetSettings } from './puppet.ts';
import { qrPath, qrText } from './qr.ts';
import { keepPrivate } from './session.ts';
import { catchStrays } from './strays.ts';

export interface LoginDeps {
  now(): Instant;
  log: Log;
  /** Where the login is kept. */
  folder: string;
  loggedIn: ContactsDeps['loggedIn'];
  /** Somebody has to act: told to the admins, by whatever still reaches them. */
  alarm(why: string): void;
  /** For whoever stands at the terminal. */
  show(text: string): void;
  /** Listens to every bot that is made; `on` keeps back what one says that was given up. */
  hear(bot: Bot, on: Bot['on']): void;
  pace?: LoginPace | undefined;
}

export interface LoginPace {
  /** In place of the package that is named: a puppet that is already made, in tests. */
  puppet?: () => Puppet;
  /** Milliseconds after a login until contacts are looked through; without a heartbeat until it is an alarm; logged out until it is started anew; between two looks. */
  survey?: number;
  silence?: number;
  restart?: number;
  watch?: number;
}

export interface Login {
  bot(): Bot;
  contacts: Contacts;
  isIn(): boolean;
  view(): LoginView;
  /** null when well, else in words. */
  trouble(): string | null;
  start(): void;
  /** Hears nothing more; the connection ends when what is under way is `finished`. */
  stop(finished: () => Promise<void>): Promise<void>;
}

const PACE = { survey: 20_000, silence: 180_000, restart: 60_000, watch: 15_000 };
const LONGEST_RESTART = 600_000;
const STOP_WAIT = 4_000;

const ended = (b: Bot): Promise<unknown> =>
  within(
    STOP_WAIT,
    b.stop().catch(() => undefined),
    undefined,
  );

/** @throws where the puppet's package is not installed */
export const openLogin = async (settings: PuppetSettings, deps: LoginDeps): Promise<Login> => {
  const { log, now } = deps;
  const pace = { ...PACE, ...deps.pace };
  const { make, ScanStatus } = await openPuppet(settings, deps.folder, pace.puppet);
  const safely = makeSafely(log);

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
  const contacts = makeContacts({
    puppet: () => (login.state === 'in' && !stopping ? bot.puppet : undefined),
    loggedIn: deps.loggedIn,
    log,
    show: deps.show,
    survey: pace.survey,
  });

  // ── What the puppet says of it ──────────────────────────────────────────────

  const tellError = makeErrorTeller(log);
  const showCode = safely('the code to scan could not be shown', async (link: string) =>
    deps.show(`请用机器人的微信扫码登录：\n${await qrText(link)}`),
  );
  const keepSession = safely('the session file could not be kept private', () => keepPrivate(deps.folder));
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
      if (fresh) showCode(link);
    });
    on('login', user => {
      beat = null;
      restarts = 0;
      become('in', { link: null, who: user.name() });
      log.info({ platform: 'wechat' }, 'wechat: logged in');
      keepSession();
      contacts.begin();
    });
    on('ready', () => contacts.look(true));
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
    deps.hear(b, on);
  };

  // ── Keeping it alive ────────────────────────────────────────────────────────

  const start = async (b: Bot): Promise<void> => {
    try {
      await b.start();
    } catch (e) {
      become('error', { why: plain(e) });
      log.error({ platform: 'wechat', error: plain(e) }, 'wechat: the puppet did not start');
    }
  };
  /** A puppet that cannot reach WeChat may try again thousands of times: it is ended, and started anew later. */
  const calm = (b: Bot, e: unknown): void => {
    become('error', { why: plain(e) });
    downAt = performance.now();
    restarting = true;
    void ended(b).finally(() => {
      restarting = false;
    });
  };
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

  // ── What is told of it ──────────────────────────────────────────────────────

  const silent = (): boolean => login.state === 'in' && beat !== null && performance.now() - beat > pace.silence;
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
    bot: () => bot,
    contacts,
    isIn: () => login.state === 'in',
    view: () => ({
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
    start() {
      endStrays = catchStrays(e => log.error({ platform: 'wechat', error: plain(e) }, 'wechat: a stray error was caught'));
      listen(bot);
      watching = setInterval(watch, pace.watch);
      watching.unref();
      // A puppet may take its time, or never come: the others do not wait for it.
      void start(bot);
    },
    async stop(finished) {
      stopping = true;
      clearInterval(watching);
      await finished();
      await ended(bot);
      endStrays?.();
    },
  };
};
