/** A long piece of work, of which each `yield` is a place where others may have their turn (src/decisions/0013-large-turns.md). */
export type Steps<T> = Generator<undefined, T, undefined>;

/** All of it at once. */
export const whole = <T>(steps: Steps<T>): T => {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
};
