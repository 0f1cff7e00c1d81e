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
  /** Never more than `count` in any `seconds`; several hold together. */
  takes: readonly { count: number; seconds: number }[];
  /** What is kept stands under it. */
  name: string;
  notes: Notes;
  now(): Instant;
}): Promise<Pace> => {
  const { takes, notes, now } = deps;
  const longest = Math.max(...takes.map(t => t.seconds));
  const most = Math.min(...takes.map(t => t.count));
  const places = new Map<string, Instant[]>();
  const young = (times: readonly Instant[], seconds = longest) =>
    times.map(t => Math.min(t, now())).filter(t => now() - t < seconds * 1000);
  for (const [key, value] of await notes.all(`${deps.name}/`)) {
    const times = young(value.split(' ').map(Number));
    if (times.length) places.set(key.slice(deps.name.length + 1), times);
    else notes.keep(key, null);
  }
  return {
    take(place, messages) {
      const times = young(places.get(place) ?? []);
      // More than ever may go at once is as much as may go at once.
      const wanted = Math.min(messages, most);
      const waits = takes.map(({ count, seconds }) => {
        const counted = young(times, seconds);
        const over = counted.length + wanted - count;
        return over > 0 ? counted[over - 1]! + seconds * 1000 - now() : 0;
      });
      const wait = Math.max(...waits);
      // Kept as they are counted now: the clock may have been set back.
      if (wait > 0) places.set(place, times);
      if (wait > 0) return wait;
      times.push(...Array.from({ length: wanted }, () => now()));
      places.delete(place);
      places.set(place, times);
      if (places.size > MOST_PLACES) places.delete(places.keys().next().value!);
      notes.keep(`${deps.name}/${place}`, times.join(' '));
      return 0;
    },
  };
};
