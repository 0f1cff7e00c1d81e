/** The sandbox's civil clock: it stands still until moved, only forward, and every job and message has its own moment on the way. */
import type { Instant } from '../core/day.ts';
import type { Rehearsal } from './bot.ts';
import type { Clock, OutboxStore } from './ports.ts';
import type { Wake } from './wake.ts';

export interface RehearsalClock extends Clock {
  set(at: Instant): void;
}

/** Jobs look back no further than a longer stop would matter, so a long way is gone in steps. */
const STEP = 28 * 86_400_000;

export const makeRehearsal = (deps: { clock: RehearsalClock; wake: Wake; outbox: OutboxStore; drain(): Promise<void> }): Rehearsal => {
  const { clock, wake, outbox, drain } = deps;
  /** The next moment after now, up to `to`, at which a job runs or a waiting message becomes due or expires. */
  const nextMoment = async (moments: readonly Instant[], to: Instant): Promise<Instant | undefined> => {
    const now = clock.now();
    const waiting = (await outbox.nextMoments(now, 1)).map(m => m.at);
    return [...moments, ...waiting].filter(m => m > now && m <= to).sort((a, b) => a - b)[0];
  };
  const step = async (to: Instant): Promise<void> => {
    const moments = await wake.moments(clock.now(), to);
    for (let at = await nextMoment(moments, to); at !== undefined; at = await nextMoment(moments, to)) {
      const from = clock.now();
      clock.set(at);
      await wake.run(from, at, at);
      await drain();
    }
    clock.set(to);
    await drain();
  };
  return {
    now: () => clock.now(),
    async moveTo(to) {
      if (to < clock.now()) throw new RangeError('时间只能往前走');
      do await step(Math.min(to, clock.now() + STEP));
      while (clock.now() < to);
    },
  };
};
