/** The real clocks. */
import type { Clock, Ticks } from './ports.ts';

export const wallClock: Clock = { now: () => Date.now() };

export const realTicks: Ticks = {
  now: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
