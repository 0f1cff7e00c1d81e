/** What is done at night by the real clock: a copy of the database, and what may no longer be kept is cleared. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { schedule } from 'node-cron';
import type { Clock, Store } from './bot/ports.ts';
import { dayAt } from './core/day.ts';
import type { KeptFiles } from './forms/files.ts';

/** Copies that are kept. */
const KEEP = 14;
const NAME = /^nightly-\d{4}-\d{2}-\d{2}\.(db|dump)$/;

export interface NightlyDeps {
  store(): Store;
  files: Pick<KeptFiles, 'clear'>;
  /** Folder of the copies. */
  folder: string;
  /** Real time names the copy; the clock of the records says what is old. */
  real: Clock;
  clock: Clock;
  log: { info(what: object, message: string): void; error(what: object, message: string): void };
}

/** One night's work; what fails is logged and does not stop the rest. */
export const night = async ({ store, files, folder, real, clock, log }: NightlyDeps): Promise<void> => {
  try {
    await store().sweep(clock.now());
    // Files know the real time only.
    await files.clear(real.now());
  } catch (err) {
    log.error({ err }, 'sweep failed');
  }
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, `nightly-${dayAt(real.now())}.${store().dialect === 'sqlite' ? 'db' : 'dump'}`);
    rmSync(file, { force: true });
    await store().backup(file);
    for (const old of readdirSync(folder)
      .filter(n => NAME.test(n))
      .sort()
      .slice(0, -KEEP))
      rmSync(join(folder, old));
    log.info({ file }, 'backed up');
  } catch (err) {
    log.error({ err }, 'backup failed');
  }
};

/** At 02:30 in China. Returns how to end it. */
export const startNightly = (deps: NightlyDeps): (() => Promise<void>) => {
  const task = schedule('30 2 * * *', () => night(deps), { timezone: 'Asia/Shanghai', noOverlap: true, name: 'nightly' });
  return async () => {
    await task.destroy();
  };
};
