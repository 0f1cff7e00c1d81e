/** The bot as it really runs, on the demo's units and people, joined to the fake Feishu. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../db/open.ts';
import { makeCalendar } from '../../src/bot/calendar-source.ts';
import { at, day } from '../../src/core/day.ts';
import type { Change } from '../../src/core/records.ts';
import { type OpenLive, openLive } from '../../src/open-live.ts';
import type { FeishuDeps } from '../../src/platforms/feishu/connect.ts';
import { cast, demoChanges, readDemo } from '../../src/platforms/sandbox/demo.ts';
import { loadProgrammes } from '../../src/programmes/load.ts';
import { packageRoot } from '../../src/root.ts';
import { type FakeFeishu, openFakeFeishu } from '../fakes/feishu.ts';

export interface FeishuWorld {
  fake: FakeFeishu;
  live: OpenLive;
  folder: string;
  /** Everything that was logged, as lines. */
  logged: string[];
  /** Feishu's id of a person or a group of the demo. */
  who(name: string): string;
  chat(part: string): string;
  /** Moves the civil clock and runs what it brings. */
  to(time: string): Promise<void>;
  /** Ends the bot and starts it again on the same folder. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export const feishuWorld = async (
  options: { webhook?: boolean; pace?: FeishuDeps['pace']; pingInterval?: number; empty?: boolean; wait?: boolean } = {},
): Promise<FeishuWorld> => {
  const folder = mkdtempSync(join(tmpdir(), 'feishu-'));
  const fake = await openFakeFeishu(options.pingInterval ? { pingInterval: options.pingInterval } : {});
  const programmes = loadProgrammes([join(packageRoot, 'src/programmes')]);
  const demos = join(packageRoot, 'src/programmes/demo');
  const demo = programmes.map(p => readDemo(demos, p.programme.id)).find(d => d.first)!;
  const { accounts, groups } = cast(demo, false);
  let now = demo.start;
  fake.setClock(() => now);
  for (const a of accounts) fake.addPerson(`ou_${a.id}`);
  for (const g of groups) fake.addChat(`oc_${g.id}`, g.name);

  if (!options.empty) {
    const store = await openStore({ dataDir: folder });
    const translated = demoChanges(demo, makeCalendar([]), { id: 'feishu', app: fake.settings.appId }).map(onFeishu);
    await store.turn(
      { platform: 'feishu', app: fake.settings.appId, eventId: 'demo', conversation: '', account: '', sentAt: now, receivedAt: now },
      async tx => {
        await tx.apply(translated, { actor: null, command: '演示数据', sentAt: now, now });
        return 'demo';
      },
    );
    await store.close();
  }
  const logged: string[] = [];
  const note = (level: string) => (what: object, message: string) =>
    void logged.push(`${level} ${message} ${JSON.stringify(what, (_k, v: unknown) => (v instanceof Error ? (v.stack ?? v.message) : v))}`);
  const open = () =>
    openLive({
      folder,
      programmes,
      feishu: { ...fake.settings, webhook: options.webhook ? fake.webhook : null },
      webUrl: () => 'http://127.0.0.1:8080',
      log: { info: note('info'), warn: note('warn'), error: note('error') },
      clock: { now: () => now },
      ...(options.pace ? { feishuPace: options.pace } : {}),
    });
  const begin = async () => {
    const joined = options.webhook || options.wait === false ? Promise.resolve() : fake.connected();
    const opened = await open();
    await joined;
    return opened;
  };
  let live = await begin();
  return {
    fake,
    get live() {
      return live;
    },
    folder,
    logged,
    who: name => `ou_${accounts.find(a => a.name === name)?.id ?? `nobody called ${name}`}`,
    chat: part => `oc_${groups.find(g => g.name.includes(part))?.id ?? `no group like ${part}`}`,
    async to(time) {
      now = at(day(time.slice(0, 10)), time.slice(11, 16));
      await live.minute();
      await live.assembled.relay.drain();
    },
    async restart() {
      await live.close();
      live = await begin();
    },
    async close() {
      await live.close();
      await fake.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const onFeishu = (change: Change): Change => {
  if (change.table === 'accounts' && change.to) return { ...change, to: { ...change.to, account: `ou_${change.to.account}` } };
  if (change.table === 'groups' && change.to) return { ...change, to: { ...change.to, conversation: `oc_${change.to.conversation}` } };
  return change;
};
