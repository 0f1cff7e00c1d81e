/** Monotonic time: one that passes only when told to, and one that gives a busy machine time to answer. */
import type { Ticks } from '../../src/bot/ports.ts';
import { realTicks } from '../../src/bot/real-time.ts';

/** From here on a wait is for an answer that may be given up. */
const GIVES_UP = 15_000;
/** Where a test is not about giving up: a busy machine is slow, not wrong. */
export const patient: Ticks = { now: realTicks.now, after: (ms, call) => realTicks.after(ms < GIVES_UP ? ms : 10 * ms, call) };

/** Lets everything that can go on without time go on. */
export const settle = async (): Promise<void> => {
  for (let i = 0; i < 4; i++) await new Promise(setImmediate);
};

/** Node lets a timer that is set for longer go off at once. */
const LONGEST = 2 ** 31 - 1;

export class VirtualTicks implements Ticks {
  #now = 0;
  #timers = new Set<{ at: number; call: () => void }>();

  now(): number {
    return this.#now;
  }
  after(ms: number, call: () => void): () => void {
    if (ms > LONGEST) throw new RangeError(`a timer of ${ms} ms would go off at once`);
    const timer = { at: this.#now + ms, call };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }
  /** Timers that are set. */
  get set(): number {
    return this.#timers.size;
  }
  /** The moment of the next timer. */
  get next(): number | undefined {
    const at = Math.min(...[...this.#timers].map(t => t.at));
    return Number.isFinite(at) ? at : undefined;
  }
  /** Every timer fires at its own moment, in order. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (;;) {
      const [due] = [...this.#timers].filter(t => t.at <= end).sort((a, b) => a.at - b.at);
      if (!due) break;
      this.#timers.delete(due);
      this.#now = Math.max(this.#now, due.at);
      due.call();
      await settle();
    }
    this.#now = end;
    await settle();
  }
}
