/** The rows in the relay's hands, and outcomes on their way into the store; what cannot be stored is kept and tried again, for it is true already. */
import type { Mark, OutboxStore, Ticks } from '../bot/ports.ts';
import type { ConversationKey } from '../core/card.ts';

/** Milliseconds between tries while the store takes nothing. */
const AGAIN = 5_000;

export interface Hands {
  /** Rows that wait or are under way here. */
  readonly size: number;
  /** It is here, or left with an outcome that the store does not show yet. */
  has(seq: number): boolean;
  take(seq: number): void;
  /** It is no business of the relay any more. */
  drop(seq: number): void;
  /** Stores what has happened; the row stays here. Resolves after the first try; never rejects. */
  note(marks: readonly Mark[]): Promise<void>;
  /** The same, and the rows leave. */
  settle(marks: readonly Mark[]): Promise<void>;
  /** Announces what is about to happen; gives what may. @throws when it could not be stored: then it must not happen. */
  claim(to: ConversationKey, marks: readonly Mark[]): ReturnType<OutboxStore['claim']>;
  /** What has happened to the row is not stored yet. */
  waits(seq: number): boolean;
  /** Rows that leave during a read may stand in it as they were: they are let go of after `use`. */
  during<T>(read: () => Promise<T>, use: (found: T) => void): Promise<void>;
  /** One more try of what could not be stored. */
  flush(): Promise<void>;
}

export const createHands = (deps: { outbox: OutboxStore; ticks: Ticks; trouble(error: unknown, seqs: readonly number[]): void }): Hands => {
  const { outbox, ticks } = deps;
  const here = new Set<number>();
  const leaving = new Set<number>();
  /** The newest mark of each row that is not in. */
  const newest = new Map<number, Mark>();
  let storedMeanwhile: number[] | undefined;
  let off: (() => void) | undefined;
  /** Said once, not at every try. */
  let ailing = false;

  const store = async (marks: readonly Mark[]): Promise<void> => {
    try {
      await outbox.mark(marks);
    } catch (error) {
      if (!ailing)
        deps.trouble(
          error,
          marks.map(m => m.seq),
        );
      ailing = true;
      off ??= ticks.after(AGAIN, () => void flush());
      return;
    }
    ailing = false;
    for (const m of marks) {
      if (newest.get(m.seq) !== m) continue;
      newest.delete(m.seq);
      if (storedMeanwhile) storedMeanwhile.push(m.seq);
      else leaving.delete(m.seq);
    }
  };
  const note = (marks: readonly Mark[]): Promise<void> => {
    for (const m of marks) newest.set(m.seq, m);
    return store(marks);
  };
  const flush = async () => {
    off?.();
    off = undefined;
    if (newest.size) await store([...newest.values()]);
  };

  return {
    get size() {
      return here.size;
    },
    has: seq => here.has(seq) || leaving.has(seq),
    take: seq => here.add(seq),
    drop: seq => here.delete(seq),
    note,
    settle(marks) {
      for (const { seq } of marks) {
        here.delete(seq);
        leaving.add(seq);
      }
      return note(marks);
    },
    async claim(to, marks) {
      const claimed = await outbox.claim(to, marks);
      if (!claimed.held) for (const m of marks) newest.delete(m.seq);
      return claimed;
    },
    waits: seq => newest.has(seq),
    async during(read, use) {
      storedMeanwhile = [];
      try {
        use(await read());
      } finally {
        const stored = storedMeanwhile;
        storedMeanwhile = undefined;
        for (const seq of stored) leaving.delete(seq);
      }
    },
    flush,
  };
};
