/** The bot as it really runs, on the demo's units and people, joined to fake messengers. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../db/open.ts';
import { makeCalendar } from '../../src/bot/calendar-source.ts';
import type { Post } from '../../src/bot/ports.ts';
import type { Card } from '../../src/core/card.ts';
import { at, day } from '../../src/core/day.ts';
import type { Change } from '../../src/core/records.ts';
import { type LiveOptions, type Messengers, type OpenLive, openLive } from '../../src/open-live.ts';
import { cast, demoChanges, readDemo } from '../../src/platforms/sandbox/demo.ts';
import { loadProgrammes } from '../../src/programmes/load.ts';
import { packageRoot } from '../../src/root.ts';
import { openFakeDingtalk } from '../fakes/dingtalk.ts';
import { type FakeFeishu, openFakeFeishu } from '../fakes/feishu.ts';
import { type FakeWechat, openFakeWechat } from '../fakes/wechat.ts';
import { openFakeWecom } from '../fakes/wecom.ts';
import { VirtualTicks } from './ticks.ts';

export interface World<F> {
  fake: F;
  live: OpenLive;
  folder: string;
  /** Everything that was logged, as lines. */
  logged: string[];
  /** What the terminal shows. */
  shown: string[];
  /** The messenger's id of a person or a group of the demo. */
  who(name: string): string;
  chat(part: string): string;
  /** Moves the civil clock and runs what it brings. */
  to(time: string): Promise<void>;
  /** Puts a card into the outbox, as a command or a job would. */
  tell(conversation: string, card: Partial<Card> & { title: string }, more?: Partial<Post>): Promise<void>;
  /** Lets time pass on both clocks, in steps, and the line carry what it brings. Only with `virtual`. */
  pass(ms: number, step?: number): Promise<void>;
  /** The civil clock now. */
  now(): number;
  /** Ends the bot and starts it again on the same folder. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

interface Fake {
  connected(): Promise<void>;
  addPerson(id: string, name: string): void;
  addChat(id: string, name: string): void;
  setClock(now: () => number): void;
  /** What is counted by the second is counted on this clock. */
  countBy?(now: () => number): void;
  close(): Promise<void>;
}
interface Kind {
  /** Platform and app, as accounts and groups name them. */
  id: string;
  app: string;
  person(account: string): string;
  /** The account under which a person is bound. */
  account(person: string): string;
  group(id: string): string;
  messengers: Partial<Messengers>;
  pace: LiveOptions['pace'];
  /** Rates, retries and time-outs of the outbox on virtual time. */
  virtual?: boolean;
  limits?: LiveOptions['limits'];
  /** By its own connection, else by callbacks. */
  connects: boolean;
}

const world = async <F extends Fake>(fake: F, kind: Kind): Promise<World<F>> => {
  const folder = mkdtempSync(join(tmpdir(), 'live-'));
  const programmes = loadProgrammes([join(packageRoot, 'src/programmes')]);
  const demos = join(packageRoot, 'src/programmes/demo');
  const demo = programmes
    .filter(p => existsSync(join(demos, `${p.programme.id}.yaml`)))
    .map(p => readDemo(demos, p.programme.id))
    .find(d => d.first)!;
  const { accounts, groups } = cast(demo, false);
  let now = demo.start;
  fake.setClock(() => now);
  for (const a of accounts) fake.addPerson(kind.person(a.id), a.name);
  for (const g of groups) fake.addChat(kind.group(g.id), g.name);
  const translated = (change: Change): Change => {
    if (change.table === 'accounts' && change.to)
      return { ...change, to: { ...change.to, account: kind.account(kind.person(change.to.account)) } };
    if (change.table === 'groups' && change.to)
      return { ...change, to: { ...change.to, conversation: kind.group(change.to.conversation) } };
    return change;
  };
  const store = await openStore({ dataDir: folder });
  await store.turn(
    { platform: kind.id, app: kind.app, eventId: 'demo', conversation: '', account: '', sentAt: now, receivedAt: now },
    async tx => {
      const changes = demoChanges(demo, makeCalendar([]), { id: kind.id, app: kind.app }).map(translated);
      await tx.apply(changes, { actor: null, command: '演示数据', sentAt: now, now });
      return 'demo';
    },
  );
  await store.close();

  const ticks = kind.virtual ? new VirtualTicks() : undefined;
  if (ticks) fake.countBy?.(() => now);
  const logged: string[] = [];
  const shown: string[] = [];
  const note = (level: string) => (what: object, message: string) =>
    void logged.push(`${level} ${message} ${JSON.stringify(what, (_k, v: unknown) => (v instanceof Error ? (v.stack ?? v.message) : v))}`);
  const begin = async () => {
    const joined = kind.connects ? fake.connected() : Promise.resolve();
    const opened = await openLive({
      folder,
      programmes,
      messengers: { feishu: null, dingtalk: null, wecom: null, wechat: null, ...kind.messengers },
      webUrl: () => 'http://127.0.0.1:8080',
      log: { info: note('info'), warn: note('warn'), error: note('error') },
      clock: { now: () => now },
      ...(ticks ? { ticks } : {}),
      ...(kind.pace ? { pace: kind.pace } : {}),
      ...(kind.limits ? { limits: kind.limits } : {}),
      show: text => shown.push(text),
    });
    await joined;
    return opened;
  };
  let live = await begin();
  /** A stop waits for what is under way, on its own clock. */
  const end = async () => {
    let over = false;
    const ending = live.close().finally(() => {
      over = true;
    });
    while (ticks && !over) {
      await ticks.advance(500);
      await new Promise(resolve => setTimeout(resolve, 3));
    }
    await ending;
  };
  return {
    fake,
    get live() {
      return live;
    },
    folder,
    logged,
    shown,
    who: name => kind.person(accounts.find(a => a.name === name)?.id ?? `nobody called ${name}`),
    chat: part => kind.group(groups.find(g => g.name.includes(part))?.id ?? `no group like ${part}`),
    async to(time) {
      now = at(day(time.slice(0, 10)), time.slice(11, 16));
      await live.minute();
      const { relay } = live.assembled;
      // What a limit of the messenger holds up comes a moment later.
      for (await relay.drain(); relay.waiting().length; await relay.drain()) {
        await ticks?.advance(1_000);
        await new Promise(resolve => setTimeout(resolve, ticks ? 3 : 50));
      }
    },
    async pass(ms, step = 1_000) {
      for (let left = ms; left > 0; left -= step) {
        now += Math.min(step, left);
        await ticks!.advance(Math.min(step, left));
        await new Promise(resolve => setTimeout(resolve, 3));
      }
    },
    now: () => now,
    async tell(conversation, card, more = {}) {
      const key = `test/${card.title}`;
      const event = { platform: 'test', app: '', eventId: key, conversation: '', account: '', sentAt: now, receivedAt: now };
      const { posts } = await live.store.turn(event, async tx => {
        await tx.post(
          [
            {
              key,
              topic: null,
              to: { platform: kind.id, app: kind.app, conversation },
              place: 'own-group',
              class: 'news',
              card: { code: 'test', tone: 'info', lines: [], ...card },
              notBefore: null,
              expires: null,
              replyTo: null,
              born: 'pending',
              ...more,
            },
          ],
          now,
        );
        return 'test';
      });
      live.assembled.relay.kick(posts);
    },
    async restart() {
      await end();
      live = await begin();
    },
    async close() {
      await end();
      await fake.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

type Pace = NonNullable<LiveOptions['pace']>;

export const feishuWorld = async (
  options: {
    webhook?: boolean;
    unsignedClicks?: boolean;
    pace?: Pace['feishu'];
    pingInterval?: number;
    virtual?: boolean;
    before?: (fake: FakeFeishu) => void;
  } = {},
) => {
  const fake = await openFakeFeishu(options.pingInterval ? { pingInterval: options.pingInterval } : {});
  options.before?.(fake);
  return world(fake, {
    id: 'feishu',
    app: fake.settings.appId,
    person: a => `ou_${a}`,
    account: p => p,
    group: g => `oc_${g}`,
    messengers: {
      feishu: { ...fake.settings, webhook: options.webhook ? { ...fake.webhook, unsignedClicks: options.unsignedClicks ?? false } : null },
    },
    pace: { feishu: options.pace },
    virtual: options.virtual ?? false,
    connects: !options.webhook,
  });
};
export type FeishuWorld = Awaited<ReturnType<typeof feishuWorld>>;

export const dingtalkWorld = async (
  options: { http?: boolean; virtual?: boolean; pace?: Pace['dingtalk']; settings?: Partial<NonNullable<Messengers['dingtalk']>> } = {},
) => {
  const fake = await openFakeDingtalk();
  return world(fake, {
    id: 'dingtalk',
    app: fake.settings.clientId,
    person: a => `staff-${a}`,
    account: p => `${fake.corp}/${p}`,
    group: g => `cid${g}==`,
    messengers: { dingtalk: { ...fake.settings, transport: options.http ? 'http' : 'stream', ...options.settings } },
    pace: { dingtalk: { gathers: 20, ...options.pace } },
    virtual: options.virtual ?? false,
    connects: !options.http,
  });
};
export type DingtalkWorld = Awaited<ReturnType<typeof dingtalkWorld>>;

export const wecomWorld = async (
  options: {
    webhooks?: Record<string, string>;
    virtual?: boolean;
    pace?: Pace['wecom'];
    settings?: Partial<NonNullable<Messengers['wecom']>>;
  } = {},
) => {
  const fake = await openFakeWecom();
  return world(fake, {
    id: 'wecom',
    app: fake.settings.botId,
    person: a => a,
    account: p => p,
    group: g => `wr${g}`,
    messengers: { wecom: { ...fake.settings, webhooks: options.webhooks ?? {}, ...options.settings } },
    pace: { wecom: { reconnect: 50, ...options.pace } },
    virtual: options.virtual ?? false,
    connects: true,
  });
};
/** The relay's own distance of two seconds is kept only where a test looks at it. */
export const wechatWorld = async (
  options: { pace?: Pace['wechat']; slow?: boolean; scan?: boolean; before?: (fake: FakeWechat) => void } = {},
) => {
  const fake = await openFakeWechat();
  fake.keepSession(!options.scan);
  fake.gap(options.slow ? 2_000 : 10);
  options.before?.(fake);
  return world(fake, {
    id: 'wechat',
    app: 'wechat',
    person: a => `wx_${a}`,
    account: p => p,
    group: g => `${g}@chatroom`,
    messengers: { wechat: fake.settings },
    pace: { wechat: { puppet: fake.puppet, gap: options.slow ? 2_000 : 10, survey: 60, ...options.pace } },
    ...(options.slow ? {} : { limits: { wechat: [{ per: 'app', count: 50, seconds: 1, burst: 1 }] } }),
    connects: !options.scan,
  });
};
export type WechatWorld = Awaited<ReturnType<typeof wechatWorld>>;

export type WecomWorld = Awaited<ReturnType<typeof wecomWorld>>;
