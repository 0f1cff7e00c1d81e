/** Outcomes on their way into the store; what cannot be stored is kept and tried again, for it is true already. */
import type { Mark, OutboxStore, Ticks } from '../bot/ports.ts';

/** Milliseconds between tries while the store takes nothing. */
const AGAIN = 5_000;

export interface Marks {
  /** Stores what has happened. Resolves after the first try; never rejects. `stored` is called once they are in. */
  keep(marks: readonly Mark[]): Promise<void>;
  /** Announces what is about to happen. @throws when it could not be stored: then it must not happen. */
  before(marks: readonly Mark[]): Promise<void>;
  /** A mark of the row is not stored yet. */
  waits(seq: number): boolean;
  /** One more try of what could not be stored. */
  flush(): Promise<void>;
}

export const createMarks = (deps: {
  outbox: OutboxStore;
  ticks: Ticks;
  stored(seqs: readonly number[]): void;
  trouble(error: unknown, seqs: readonly number[]): void;
}): Marks => {
  const { outbox, ticks } = deps;
  /** The newest mark of each row that is not in. */
  const newest = new Map<number, Mark>();
  let off: (() => void) | undefined;

  const store = async (marks: readonly Mark[]): Promise<void> => {
    try {
      await outbox.mark(marks);
    } catch (error) {
      deps.trouble(
        error,
        marks.map(m => m.seq),
      );
      off ??= ticks.after(AGAIN, () => {
        off = undefined;
        void flush();
      });
      return;
    }
    const done = marks.filter(m => newest.get(m.seq) === m).map(m => m.seq);
    for (const seq of done) newest.delete(seq);
    deps.stored(done);
  };
  const flush = async () => {
    off?.();
    off = undefined;
    if (newest.size) await store([...newest.values()]);
  };
  return {
    keep(marks) {
      for (const m of marks) newest.set(m.seq, m);
      return store(marks);
    },
    async before(marks) {
      await outbox.mark(marks);
      for (const m of marks) newest.delete(m.seq);
    },
    waits: seq => newest.has(seq),
    flush,
  };
};
