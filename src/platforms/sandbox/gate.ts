/** People may speak at the same time, but time stands still while they do: a jump of the clock or a reset goes alone. */
export interface Gate {
  /** Runs together with others that share. */
  share<T>(work: () => Promise<T>): Promise<T>;
  /** Runs alone, in order of asking. */
  hold<T>(work: () => Promise<T>): Promise<T>;
}

export const makeGate = (): Gate => {
  // What must be over before the next shared work, and before the next held one.
  let held: Promise<unknown> = Promise.resolve();
  const sharing = new Set<Promise<unknown>>();
  return {
    share: work => {
      const run = held.then(work);
      const over: Promise<void> = run.then(
        () => void sharing.delete(over),
        () => void sharing.delete(over),
      );
      sharing.add(over);
      return run;
    },
    hold: work => {
      const run = Promise.all([held, ...sharing]).then(work);
      held = run.catch(() => undefined);
      return run;
    },
  };
};
