/** Group commit: what is asked while a commit runs, or in the same tick, shares the next one. Nothing writes outside this queue. */
import { StoreFault } from '../src/bot/ports.ts';
import type { Connection, Engine } from './connection.ts';

/** More than this in one commit would keep the first of them waiting. */
const TOGETHER = 64;
/** A write that may wait rides on the next commit, or on its own after this many milliseconds. */
const RIDE = 50;
/** So many of them share one commit: a thousand at once would keep everybody else waiting. */
const RIDERS = 256;

interface Waiting {
  work: (c: Connection) => Promise<unknown>;
  done: (value: never) => void;
  fail: (error: unknown) => void;
}

export class Commits {
  /** Commits so far. */
  count = 0;
  #engine: Engine;
  #queue: Waiting[] = [];
  #riders: Waiting[] = [];
  #ride: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  /** Something was asked that the running round has not taken. */
  #again = false;
  #closed = false;

  #begun: (c: Connection) => Promise<void>;
  #undone: () => void;

  /** `begun` runs at the beginning of each transaction that holds turns, `undone` when one was taken back. */
  constructor(engine: Engine, { begun, undone }: { begun: (c: Connection) => Promise<void>; undone: () => void }) {
    this.#engine = engine;
    this.#begun = begun;
    this.#undone = undone;
  }

  /** Runs work inside the next transaction; resolves when that is committed. Work that throws is taken back alone; it may be run twice. @throws StoreFault */
  write<T>(work: (c: Connection) => Promise<T>): Promise<T> {
    return this.#wait(this.#queue, work, () => this.#start());
  }

  /** As write, for what may wait a moment to share a commit, and which must not fail. */
  ride<T>(work: (c: Connection) => Promise<T>): Promise<T> {
    return this.#wait(this.#riders, work, () => {
      this.#ride ??= setTimeout(() => this.#start(), RIDE);
    });
  }

  /** Resolves when all that was asked is committed; nothing is taken after it. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#riders.length) this.#start();
    while (this.#running) await this.#running;
  }

  #wait<T>(line: Waiting[], work: (c: Connection) => Promise<T>, start: () => void): Promise<T> {
    if (this.#closed) return Promise.reject(new StoreFault('the store is closed'));
    return new Promise<T>((done, fail) => {
      line.push({ work, done, fail });
      start();
    });
  }

  #start(): void {
    this.#again = true;
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    while (this.#again) {
      // Lets everything of this tick join.
      await new Promise(setImmediate);
      clearTimeout(this.#ride);
      this.#ride = undefined;
      const turns = this.#queue.splice(0, TOGETHER);
      this.#again = this.#queue.length > 0;
      await this.#together(turns, this.#riders.splice(0, RIDERS));
      if (this.#riders.length) this.#again = true;
    }
    this.#running = undefined;
  }

  /** One transaction of turns. Where one throws, all are taken back, and each is done again by itself: it is rare, and the others need no savepoint. */
  async #together(turns: readonly Waiting[], riders: readonly Waiting[]): Promise<void> {
    const settled: (() => void)[] = [];
    try {
      const c = await this.#engine.begin();
      if (turns.length) await this.#begun(c);
      for (const turn of turns) {
        try {
          const value = (await turn.work(c)) as never;
          settled.push(() => turn.done(value));
        } catch (e) {
          if (this.#engine.faulty(e)) throw e;
          await this.#takeBack();
          this.#riders.unshift(...riders);
          if (riders.length) this.#again = true;
          if (turns.length === 1) turn.fail(e);
          else for (const one of turns) await this.#together([one], []);
          return;
        }
      }
      for (const rider of riders) {
        const value = (await rider.work(c)) as never;
        settled.push(() => rider.done(value));
      }
      await this.#engine.commit();
      this.count++;
    } catch (e) {
      await this.#takeBack();
      const fault = e instanceof StoreFault ? e : new StoreFault(`nothing was written: ${(e as Error).message}`, { cause: e });
      for (const w of [...turns, ...riders]) w.fail(fault);
      return;
    }
    for (const settle of settled) settle();
  }

  async #takeBack(): Promise<void> {
    this.#undone();
    await this.#engine.rollback();
  }
}
