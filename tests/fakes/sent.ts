/** What a fake messenger was sent, and whoever waits for some of it. */

export interface SentBox<M> {
  sent: M[];
  /** It was sent: whoever waits for it has it. */
  keep(message: M): void;
  /** The next message that fits, also when it has been sent already. `within`: a busy machine is slow, not wrong. */
  next(fits: (message: M) => boolean, within?: number): Promise<M>;
}

/** `says`: a message as a failure shows it, beside what was refused. */
export const makeSentBox = <M>(says: (message: M) => string, refusals: readonly string[]): SentBox<M> => {
  const sent: M[] = [];
  const waiting = new Set<(message: M) => void>();
  return {
    sent,
    keep(message) {
      sent.push(message);
      for (const hears of waiting) hears(message);
    },
    next: (fits, within = 20_000) =>
      new Promise((done, fail) => {
        const found = sent.find(fits);
        if (found) return done(found);
        const hears = (message: M) => {
          if (!fits(message)) return;
          waiting.delete(hears);
          clearTimeout(late);
          done(message);
        };
        waiting.add(hears);
        const late = setTimeout(() => {
          waiting.delete(hears);
          fail(new Error(`no such message; sent:\n${sent.map(m => says(m).slice(0, 160)).join('\n')}\nrefused: ${refusals.join('\n')}`));
        }, within);
      }),
  };
};
