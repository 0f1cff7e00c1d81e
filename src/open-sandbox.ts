/** The rehearsal stage as a whole: its store, its messenger, its clock, its bot; and how all of it begins anew. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands } from '../commands/index.ts';
import { jobs } from '../cron/index.ts';
import { eraseStore } from '../db/erase.ts';
import { openStore } from '../db/open.ts';
import { type Assembled, assemble, type Parts } from './assemble.ts';
import type { Rehearsal } from './bot/bot.ts';
import { calendarSource, makeCalendar } from './bot/calendar-source.ts';
import { newClaimCode } from './bot/claim-code.ts';
import type { Service } from './bot/command.ts';
import type { Desk } from './bot/desk.ts';
import { tellInterrupted } from './bot/large.ts';
import type { Looks } from './bot/looks.ts';
import type { Platform, Store, Ticks } from './bot/ports.ts';
import { realTicks } from './bot/real-time.ts';
import { makeRehearsal, type RehearsalClock } from './bot/rehearsal.ts';
import type { Sandbox } from './bot/stage.ts';
import { at, dayAt, type Instant } from './core/day.ts';
import { type KeptFiles, openFiles } from './forms/files.ts';
import { renderCard } from './forms/render.ts';
import { rowsReader } from './forms/rows.ts';
import { makeLooks } from './platforms/paper.ts';
import { connectSandbox } from './platforms/sandbox/connect.ts';
import { cast, type Demo, loadDemo, readDemo, triesOf } from './platforms/sandbox/demo.ts';
import { APP, PLATFORM } from './platforms/sandbox/receive.ts';
import { sandboxPlatform } from './platforms/sandbox/send.ts';
import { BOT_NAME, openStage } from './platforms/sandbox/stage.ts';
import { makeDesk } from './platforms/web/desk.ts';
import type { LoadedProgramme } from './programmes/load.ts';
import { packageRoot } from './root.ts';

export interface SandboxOptions {
  /** The sandbox's own folder. */
  folder: string;
  url?: string;
  keyFile?: string;
  programmes: readonly LoadedProgramme[];
  log: Parts['log'];
  ticks?: Ticks;
  /** Address of the pages. */
  webUrl?(): string | null;
  /** Told of the first admin's one-time code whenever an empty installation begins. */
  onClaimCode?(code: string): void;
}

export interface OpenSandbox {
  sandbox: Sandbox;
  /** How the messengers would get what the stage shows. */
  looks: Looks;
  /** The page behind a one-time link. */
  desk: Desk;
  files: KeptFiles;
  store(): Store;
  assembled(): Assembled;
  /** The code for the first admin, of an empty installation only. */
  claimCode(): string | null;
  close(): Promise<void>;
}

interface Kept {
  now: Instant;
  programme: string;
  demo: boolean;
}

/** Opens it as it was left; the first time, or after a reset, with the demo. @throws Error with one sentence when it cannot be opened */
export const openSandbox = async (options: SandboxOptions): Promise<OpenSandbox> => {
  const { folder, log } = options;
  const programmes = options.programmes.map(p => p.programme);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const clockFile = join(folder, 'clock.json');
  const demos = join(packageRoot, 'src/programmes/demo');
  const shipped = programmes.filter(p => hasDemo(demos, p.id));
  const first = () => (shipped.find(p => readDemo(demos, p.id).first) ?? shipped[0])?.id ?? '';
  /** What a programme is rehearsed with; one without a demo, with the people of the first, from its own first day. */
  const stageOf = (id: string): Demo => {
    const own = shipped.some(p => p.id === id) ? undefined : programmes.find(p => p.id === id);
    return own ? { ...readDemo(demos, first()), programme: id, start: at(own.term.from, '08:00') } : readDemo(demos, id);
  };
  /** Of those with a demo only the one that is rehearsed holds: the others' counties are not there, and one may run at the same time. */
  const played = () => programmes.filter(p => p.id === programme || !shipped.some(s => s.id === p.id));
  const platformId = { id: PLATFORM, app: APP };

  const kept = readKept(clockFile);
  let now: Instant = kept?.now ?? 0;
  let programme = kept?.programme ?? first();
  let demo = kept?.demo ?? true;
  const keep = () => {
    writeFileSync(`${clockFile}.new`, JSON.stringify({ now, programme, demo } satisfies Kept));
    renameSync(`${clockFile}.new`, clockFile);
  };
  const clock: RehearsalClock = {
    now: () => now,
    set(at) {
      now = at;
      keep();
    },
  };

  const stage = openStage(folder);
  const files = openFiles(join(folder, 'files'), () => store.vault);
  const platform: Platform = sandboxPlatform({ stage, now: () => now, demo: () => demo });
  const readRows = rowsReader(files);
  const service: Service = { troubles: () => parts.service.troubles(), held: () => parts.service.held() };
  const web = makeDesk({ store: () => store, bot: () => parts.bot, now: () => now, files, readRows, demo: () => demo, service });
  const platforms = new Map([platform, web.platform].map(p => [p.id, p]));

  let store: Store;
  let parts: Assembled;
  let rehearsal: Rehearsal;
  let claimCode: string | null = null;

  const begin = async (fresh: Demo | undefined, from: Instant | undefined, empty: boolean) => {
    store = await openStore({
      alone: true,
      dataDir: folder,
      ...(options.url ? { url: options.url } : {}),
      ...(options.keyFile ? { keyFile: options.keyFile } : {}),
    });
    if (fresh) {
      now = from ?? fresh.start;
      programme = fresh.programme;
      demo = !empty;
      if (!empty)
        await loadDemo(
          store,
          fresh,
          makeCalendar([]),
          platformId,
          now,
          programmes.find(p => p.id === fresh.programme),
        );
      stage.load(cast(fresh, empty));
      keep();
    }
    for (const p of options.programmes) await store.keepProgramme(p.programme.id, p.text, now);
    claimCode = demo ? null : await newClaimCode(store, now);
    if (claimCode !== null) options.onClaimCode?.(claimCode);
    parts = assemble({
      store,
      platforms,
      programmes: played(),
      commands,
      jobs,
      calendars: calendarSource(),
      clock,
      ticks: options.ticks ?? realTicks,
      demo,
      ...(options.webUrl ? { webUrl: options.webUrl } : {}),
      botNames: [BOT_NAME],
      render: card => renderCard(card, files, { store: () => store, programmes, now: () => now, demo: () => demo }),
      log,
    });
    rehearsal = makeRehearsal({ clock, wake: parts.wake, outbox: store.outbox, drain: () => parts.relay.drain() });
    await store.outbox.recover(now, () => Number.POSITIVE_INFINITY);
    await tellInterrupted(store, now);
    await parts.relay.drain();
  };
  const end = async () => {
    await parts.relay.stop();
    await store.close();
  };

  const opened = kept && !stage.empty;
  await begin(opened ? undefined : stageOf(programme), undefined, false);

  const sandbox = connectSandbox({
    stage,
    bot: () => parts.bot,
    read: () => store.read,
    now: () => now,
    programme: async () => programmes.find(p => p.id === programme && p.term.from <= dayAt(now) && dayAt(now) <= p.term.until)?.id ?? null,
    rehearsal: () => rehearsal,
    demo: () => demo,
    claimCode: () => claimCode,
    tries: () => (demo ? triesOf(readDemo(demos, programme)) : []),
    files,
    readRows,
    async reset({ programme: wanted, again, at: from, empty = false }) {
      const next = wanted ?? (again ? programme : first());
      const demoless = !shipped.some(p => p.id === next);
      // Without invented people it is played from nothing, and 重来 begins so again.
      if (demoless && !((empty || again) && programmes.some(p => p.id === next)))
        return { problem: { status: 404, code: 'programme.unknown', message: `没有这个方案的演练：${next}`, path: 'programme' } };
      await end();
      await eraseStore({ dataDir: folder, url: options.url });
      await begin(stageOf(next), from, empty || demoless);
      return undefined;
    },
  });

  const looks = makeLooks(id => stage.account(id)?.name ?? id);
  return { sandbox, looks, desk: web.desk, files, store: () => store, assembled: () => parts, claimCode: () => claimCode, close: end };
};

const hasDemo = (folder: string, id: string): boolean => {
  try {
    readFileSync(join(folder, `${id}.yaml`));
    return true;
  } catch {
    return false;
  }
};

const readKept = (file: string): Kept | undefined => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Kept;
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`演练时钟文件已损坏：${file}，请移走它再启动`);
  }
};
