/** How many unasked messages a place gets in a day; what is over joins the next 17:00 or 08:00 message. */
import type { Post } from '../bot/ports.ts';
import { addDays, at, dayAt, type Instant } from '../core/day.ts';
import { JOINED } from '../core/hours.ts';

export interface Budget {
  /** Unasked platform messages a civil day, by kind of place. */
  perDay: Readonly<Record<Post['place'], number>>;
  /** The moments at which what did not fit is said together. */
  evening: string;
  morning: string;
}

/** The product's promise to its readers, which no bureau sets; a unit's own group has no limit. */
export const BUDGET: Budget = {
  perDay: { direct: 4, 'shared-group': 3, 'own-group': Number.POSITIVE_INFINITY },
  ...JOINED,
};

/** When something unasked may be said, and why not now. */
export interface Allowed {
  at: Instant;
  /** In people's words; '' when it may go now. */
  why: string;
}

/** The day's last message is kept for the evening's. `speakAt` gives the first moment, from an instant on, outside of quiet hours and rest days. */
export const unaskedAt = (
  now: Instant,
  place: Post['place'],
  sentToday: number,
  speakAt: (at: Instant) => Instant,
  budget: Budget = BUDGET,
): Allowed => {
  const awake = speakAt(now);
  if (awake > now) return { at: awake, why: '夜间和休息日不打扰' };
  const perDay = budget.perDay[place];
  const left = perDay - sentToday;
  const today = dayAt(now);
  if (left <= 0)
    return { at: morningFrom(at(addDays(today, 1), budget.morning), speakAt, budget), why: `今天已主动发${perDay}条，并入下一个早上` };
  const evening = at(today, budget.evening);
  if (left === 1 && now < evening) return { at: speakAt(evening), why: `今天只剩1条，并入${budget.evening}` };
  return { at: now, why: '' };
};

/**
 * When something unasked may be said in a place, and whom of those it calls by name it may call: being called counts as being written to.
 * Who has had the day's share is not called; where nobody is left to call, it waits. `called`: how many each has had today.
 */
export const weighed = (
  asked: { now: Instant; place: Post['place']; sentToday: number; called: ReadonlyMap<string, number> },
  speakAt: (at: Instant) => Instant,
  budget: Budget = BUDGET,
): { allowed: Allowed; reached: string[] } => {
  const { now, place, called } = asked;
  const people = [...called.keys()];
  const sentToday = place === 'direct' ? Math.max(asked.sentToday, ...called.values()) : asked.sentToday;
  const allowed = unaskedAt(now, place, sentToday, speakAt, budget);
  if (place === 'direct' || allowed.at > now || !people.length) return { allowed, reached: people };
  const each = people.map(person => ({ person, may: unaskedAt(now, 'direct', called.get(person)!, speakAt, budget) }));
  const reached = each.filter(e => e.may.at <= now).map(e => e.person);
  return reached.length ? { allowed, reached } : { allowed: each.map(e => e.may).reduce((a, b) => (b.at < a.at ? b : a)), reached };
};

/** People to whom something unasked is on its way from any conversation: not counted in the store yet, and counted here. */
export const peopleUnderWay = () => {
  const open = new Map<string, number>();
  const change = (people: readonly string[], by: number) => {
    for (const p of people) {
      const n = (open.get(p) ?? 0) + by;
      if (n > 0) open.set(p, n);
      else open.delete(p);
    }
  };
  return {
    with: (counted: ReadonlyMap<string, number>) => new Map([...counted].map(([p, n]) => [p, n + (open.get(p) ?? 0)])),
    enter: (people: readonly string[]) => change(people, 1),
    leave: (people: readonly string[]) => change(people, -1),
  };
};

/** A workday begins to speak before the morning's message is due. */
const morningFrom = (from: Instant, speakAt: (at: Instant) => Instant, budget: Budget): Instant => {
  const awake = speakAt(from);
  return Math.max(awake, at(dayAt(awake), budget.morning));
};
