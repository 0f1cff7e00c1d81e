/** How many unasked messages somebody gets in a day; the rest join the next 17:00 or 08:00 message. */
import type { Post } from '../bot/ports.ts';
import { addDays, at, type Day, dayAt, type Instant } from '../core/day.ts';

/** Unasked messages a civil day, by kind of place; a unit's own group has no limit. Bureaus do not set these: they are the product's promise. */
export const BUDGET: Readonly<Record<Post['place'], number>> = { direct: 4, 'shared-group': 3, 'own-group': Number.POSITIVE_INFINITY };
/** The moments at which what did not fit is said together. */
export const EVENING = '17:00';
export const MORNING = '08:00';

/** When an unasked message may go: now, or at the moment it joins. The day's last place is kept for the evening's joined message. */
export const unaskedAt = (now: Instant, place: Post['place'], sentToday: number, speakAt: (at: Instant) => Instant): Instant => {
  const left = BUDGET[place] - sentToday;
  const today: Day = dayAt(now);
  const evening = at(today, EVENING);
  if (left <= 0) return speakAt(at(addDays(today, 1), MORNING));
  return left === 1 && now < evening ? evening : now;
};
