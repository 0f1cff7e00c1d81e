/** How often a place may be written to, counted message by message over every stretch of time, also over a restart. The outbox keeps well below it; what it cannot know is that one message may go in parts. */
import type { Instant } from '../core/day.ts';
import type { Notes } from './intake.ts';

export interface Pace {
  /** Milliseconds until so many messages may go to a place; 0: they may go now, and are counted. */
  take(place: string, messages: number): number;
}

/** Places whose last messages are remembered. */
const MOST_PLACES = 5_000;

export const openPace = async (deps: {
  /** Never more than `count` in any `seconds`. */
  count: number;
  seconds: number;
  /** What is kept stands under it. */
  name: string;
  notes: Notes;
  now(): Instant;
}): Promise<Pace> => {
  const { count, notes, now } = deps;
  const span = deps.seconds * 1000;
  const places = new Map<string, Instant[]>();
  const young = (times: readonly Instant[]) => times.map(t => Math.min(t, now())).filter(t => now() - t < span);
  for (const [key, value] of await notes.all(`${deps.name}/`)) {
    const times = young(value.split(' ').map(Number));
    if (times.length) places.set(key.slice(deps.name.length + 1), times);
    else notes.keep(key, null);
  }
  return {
    take(place, messages) {
      const times = young(places.get(place) ?? []);
      // More than ever may go at once is as much as may go at once.
      const wanted = Math.min(messages, count);
      const over = times.length + wanted - count;
      // Kept as they are counted now: the clock may have been set back.
      if (over > 0) places.set(place, times);
      if (over > 0) return times[over - 1]! + span - now();
      times.push(...Array.from({ length: wanted }, () => now()));
      places.delete(place);
      places.set(place, times);
      if (places.size > MOST_PLACES) places.delete(places.keys().next().value!);
      notes.keep(`${deps.name}/${place}`, times.join(' '));
      return 0;
    },
  };
};
