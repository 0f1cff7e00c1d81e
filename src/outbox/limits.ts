/** Rates of a platform's destinations and of a whole app, as data. */
import type { ConversationKey } from '../core/card.ts';

/** In any stretch of t seconds no more than `count · t / seconds + burst` messages. A platform that counts by fixed windows wants a small burst. */
export interface Limit {
  /** What shares it: each destination by itself, or all of an app. */
  per: 'destination' | 'app';
  count: number;
  seconds: number;
  burst: number;
  /** Why a message waits for it, as people read it. */
  says?: string;
}
/** Limits by platform id, several hold together; a platform that is not named has none. */
export type Limits = Readonly<Record<string, readonly Limit[]>>;

/** Most messages of a group on one civil day, counted in the outbox, so that a restart does not begin anew. */
export interface DayCap {
  /** Of any kind; what is over is not sent. */
  all: number;
  /** Unasked ones; what is over waits for the next morning. */
  unasked: number;
  says: string;
}
/** By platform id. */
export type DayCaps = Readonly<Record<string, DayCap>>;

/** Taken, or how many milliseconds the destination or the whole app has to wait. */
export type Taken = { ok: true } | { ok: false; wait: number; whose: Limit['per']; says: string };

export interface Limiter {
  limits(platform: string): boolean;
  /** Takes from every limit at once, or from none. `now` is in ticks. */
  take(to: ConversationKey, now: number): Taken;
  /** What was taken and not used. */
  giveBack(to: ConversationKey): void;
}

const LIMITED = '平台限速';

/** More buckets than this are looked through for full ones. */
const MANY = 4_096;
/** Sums of fractions come out a hair short. */
const HAIR = 1e-6;

/** Token buckets, each kept as the moment at which it would be full again. */
export const createLimiter = (limits: Limits): Limiter => {
  const fullAt = new Map<string, number>();
  let sweepAt = MANY;
  const bucketsOf = (to: ConversationKey) =>
    (limits[to.platform] ?? []).map((l, i) => ({
      limit: l,
      each: (l.seconds * 1000) / l.count,
      key: `${to.platform}\n${to.app}\n${i}${l.per === 'app' ? '' : `\n${to.conversation}`}`,
    }));
  return {
    limits: platform => (limits[platform] ?? []).length > 0,
    take(to, now) {
      const buckets = bucketsOf(to);
      let longest: Extract<Taken, { ok: false }> | undefined;
      for (const { key, each, limit } of buckets) {
        const wait = (fullAt.get(key) ?? now) - (limit.burst - 1) * each - now;
        // An app's limit is named before a destination's: it holds up everybody.
        if (wait > HAIR && (!longest || (limit.per === longest.whose ? wait > longest.wait : limit.per === 'app')))
          longest = { ok: false, wait: Math.ceil(wait), whose: limit.per, says: limit.says ?? LIMITED };
      }
      if (longest) return longest;
      for (const { key, each } of buckets) fullAt.set(key, Math.max(now, fullAt.get(key) ?? now) + each);
      if (fullAt.size > sweepAt) {
        for (const [key, t] of fullAt) if (t <= now) fullAt.delete(key);
        sweepAt = Math.max(MANY, 2 * fullAt.size);
      }
      return { ok: true };
    },
    giveBack(to) {
      for (const { key, each } of bucketsOf(to)) fullAt.set(key, (fullAt.get(key) ?? 0) - each);
    },
  };
};
