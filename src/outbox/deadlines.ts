/** Many time-outs of one length on one timer: a message costs none of its own. */
import type { Ticks } from '../bot/ports.ts';

export interface Deadlines {
  /** The work's outcome; what `late` gives when it is not there in time; what `thrown` gives when it fails. */
  within<T>(work: () => Promise<T>, late: () => T, thrown: (error: unknown) => T): Promise<T>;
}

export const createDeadlines = (ticks: Ticks, length: number): Deadlines => {
  // In order of their end, since all have one length.
  const open = new Map<number, { end: number; late: () => void }>();
  let nth = 0;
  let armed = false;
  const arm = () => {
    const [first] = open.values();
    if (armed || !first) return;
    armed = true;
    ticks.after(Math.max(0, first.end - ticks.now()), fire);
  };
  const fire = () => {
    armed = false;
    for (const [id, { end, late }] of open) {
      if (end > ticks.now()) break;
      open.delete(id);
      late();
    }
    arm();
  };
  return {
    within: (work, late, thrown) =>
      new Promise(resolve => {
        const id = nth++;
        open.set(id, { end: ticks.now() + length, late: () => resolve(late()) });
        arm();
        const done = <T>(give: () => T) => {
          open.delete(id);
          return give();
        };
        try {
          work().then(
            value => done(() => resolve(value)),
            (error: unknown) => done(() => resolve(thrown(error))),
          );
        } catch (error) {
          done(() => resolve(thrown(error)));
        }
      }),
  };
};
