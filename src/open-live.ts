/** The bot at its real work: the store, the messengers that are configured, the real clock. Nothing invented is loaded here. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { schedule } from 'node-cron';
import { commands } from '../commands/index.ts';
import { jobs } from '../cron/index.ts';
import { openStore } from '../db/open.ts';
import { type Assembled, assemble, type Parts } from './assemble.ts';
import { calendarSource } from './bot/calendar-source.ts';
import { newClaimCode } from './bot/claim-code.ts';
import type { Service } from './bot/command.ts';
import type { Desk, LoginView } from './bot/desk.ts';
import { tellInterrupted } from './bot/large.ts';
import type { Clock, Platform, Store, Ticks } from './bot/ports.ts';
import { realTicks, wallClock } from './bot/real-time.ts';
import type { Instant } from './core/day.ts';
import { type KeptFiles, openFiles } from './forms/files.ts';
import { renderCard } from './forms/render.ts';
import { rowsReader } from './forms/rows.ts';
import { takeCode } from './left-code.ts';
import type { Limits } from './outbox/limits.ts';
import { CHANGE_LIMITS, DAY_CAPS, PLATFORM_LIMITS } from './outbox/platform-limits.ts';
import type { DingtalkDeps, DingtalkSettings } from './platforms/dingtalk/connect.ts';
import type { FeishuDeps, FeishuSettings } from './platforms/feishu/connect.ts';
import type { Messenger, Notes } from './platforms/intake.ts';
import { makeDesk } from './platforms/web/desk.ts';
import type { WechatDeps } from './platforms/wechat/connect.ts';
import type { PuppetSettings } from './platforms/wechat/puppet.ts';
import type { WecomDeps, WecomSettings } from './platforms/wecom/connect.ts';
import type { LoadedProgramme } from './programmes/load.ts';

/** The messengers that are configured. Several may be on at once. */
export interface Messengers {
  feishu: FeishuSettings | null;
  dingtalk: DingtalkSettings | null;
  wecom: WecomSettings | null;
  wechat: PuppetSettings | null;
}

export interface LiveOptions {
  folder: string;
  url?: string;
  keyFile?: string;
  programmes: readonly LoadedProgramme[];
  messengers: Messengers;
  webUrl(): string | null;
  log: Parts['log'];
  /** For whoever stands at the terminal: a code to scan. */
  show?(text: string): void;
  /** In tests. */
  clock?: Clock;
  ticks?: Ticks;
  limits?: Limits;
  pace?: { feishu?: FeishuDeps['pace']; dingtalk?: DingtalkDeps['pace']; wecom?: WecomDeps['pace']; wechat?: WechatDeps['pace'] };
}

export interface OpenLive {
  store: Store;
  files: KeptFiles;
  assembled: Assembled;
  desk: Desk;
  /** The code for the first admin while there is none. */
  claimCode: string | null;
  /** Callbacks of messengers, by path. */
  callbacks: Record<string, (request: Request) => Promise<Response>>;
  /** Each messenger: null when well, else in words. */
  troubles(): Record<string, string | null>;
  /** Messengers that are logged in by scanning, and how they stand. */
  logins(): LoginView[];
  /** Runs what the clock has brought since it last ran. */
  minute(): Promise<void>;
  close(): Promise<void>;
}

/** @throws Error with one sentence when it cannot be opened */
export const openLive = async (options: LiveOptions): Promise<OpenLive> => {
  const { folder, log } = options;
  const clock = options.clock ?? wallClock;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const store = await openStore({
    dataDir: folder,
    ...(options.url ? { url: options.url } : {}),
    ...(options.keyFile ? { keyFile: options.keyFile } : {}),
  });
  for (const p of options.programmes) await store.keepProgramme(p.programme.id, p.text, clock.now());
  const claimCode = await newClaimCode(store, clock.now());
  const files = openFiles(join(folder, 'files'), () => store.vault);
  const readRows = rowsReader(files);

  const platforms = new Map<string, Platform>();
  let assembled: Assembled;
  const bot = () => assembled.bot;
  const service: Service = { troubles: () => assembled.service.troubles(), held: () => assembled.service.held() };
  const web = makeDesk({ store: () => store, bot, now: clock.now, files, readRows, demo: () => false, service });
  platforms.set(web.platform.id, web.platform);
  // Each is loaded only where it is configured.
  const notes: Notes = {
    all: prefix => store.read.notes(prefix),
    // What cannot be stored now is noted anew by the next message.
    keep: (key, value) => void store.note(key, value).catch((e: unknown) => log.warn({ error: (e as Error).name }, 'a note was not kept')),
  };
  const common = { bot, files, notes, readRows, now: clock.now, log };
  const { feishu, dingtalk, wecom, wechat } = options.messengers;
  const messengers: Record<string, Messenger> = {};
  if (feishu) {
    const { openFeishu } = await import('./platforms/feishu/connect.ts');
    messengers['feishu'] = await openFeishu(feishu, { ...common, pace: options.pace?.feishu });
  }
  if (dingtalk) {
    const { openDingtalk } = await import('./platforms/dingtalk/connect.ts');
    messengers['dingtalk'] = await openDingtalk(dingtalk, { ...common, webUrl: options.webUrl, pace: options.pace?.dingtalk });
  }
  if (wecom) {
    const { openWecom } = await import('./platforms/wecom/connect.ts');
    messengers['wecom'] = await openWecom(wecom, {
      ...common,
      sent: key => store.outbox.byKey(key),
      alarm: why => assembled.alarm(why),
      pace: options.pace?.wecom,
    });
  }
  if (wechat) {
    const { openWechat } = await import('./platforms/wechat/connect.ts');
    messengers['wechat'] = await openWechat(wechat, {
      ...common,
      folder,
      alarm: why => assembled.alarm(why),
      loggedIn: (platform, seen) => assembled.loggedIn(platform, seen),
      show: text => options.show?.(text),
      pace: options.pace?.wechat,
    });
  }
  for (const { platform } of Object.values(messengers)) platforms.set(platform.id, platform);

  assembled = assemble({
    store,
    platforms,
    programmes: options.programmes.map(p => p.programme),
    commands,
    jobs,
    calendars: calendarSource(),
    clock,
    ticks: options.ticks ?? realTicks,
    demo: false,
    webUrl: options.webUrl,
    troubles: () => Object.values(messengers).flatMap(m => m.trouble() ?? []),
    render: card =>
      renderCard(card, files, {
        store: () => store,
        programmes: options.programmes.map(p => p.programme),
        now: clock.now,
        demo: () => false,
      }),
    limits: options.limits ?? PLATFORM_LIMITS,
    changes: CHANGE_LIMITS,
    caps: DAY_CAPS,
    log,
  });
  /** What this process left when it stopped; and, of several on one database, what another did. */
  const takeOver = () =>
    store.outbox.recover(clock.now(), id => {
      const platform = platforms.get(id);
      return platform?.idempotent ? (platform.remembers ?? Number.POSITIVE_INFINITY) : 0;
    });
  await takeOver();
  await tellInterrupted(store, clock.now());
  assembled.relay.kick();

  // After a stop the clock goes on from the last slot that ran; what has expired since is recorded so.
  let reached: Instant = (await store.lastSlot()) ?? clock.now();
  let passing: Promise<void> = Promise.resolve();
  const minute = () => {
    passing = passing.then(async () => {
      const now = clock.now();
      try {
        if (store.dialect === 'postgres') {
          await takeOver();
          assembled.relay.kick();
        }
        await assembled.wake.run(reached, now, now);
        reached = now;
      } catch (err) {
        log.error({ err }, 'the clock could not run its jobs, will be tried again');
      }
      await takeCode(folder, assembled.codeLeft, log).catch((err: unknown) =>
        log.error({ err }, 'a claim code could not be taken up, will be tried again'),
      );
    });
    return passing;
  };
  await minute();
  const task = schedule('* * * * *', minute, { noOverlap: true, timezone: 'Asia/Shanghai', name: 'minute' });
  for (const m of Object.values(messengers)) await m.start();

  return {
    store,
    files,
    assembled,
    desk: web.desk,
    claimCode,
    callbacks: Object.fromEntries(Object.entries(messengers).map(([name, m]) => [`/${name}/webhook`, (r: Request) => m.callback(r)])),
    troubles: () => Object.fromEntries(Object.entries(messengers).map(([name, m]) => [name, m.trouble()])),
    logins: () => Object.values(messengers).flatMap(m => m.login?.() ?? []),
    minute,
    async close() {
      await task.destroy();
      await Promise.all(Object.values(messengers).map(m => m.stop()));
      await passing;
      await assembled.relay.stop();
      await store.close();
    },
  };
};
