/** Token buckets: rates of a platform's destinations and of the whole app, as data. */

export interface Limit {
  /** What shares it: each destination, or the app. */
  per: 'destination' | 'app';
  /** So many in so many milliseconds. */
  count: number;
  within: number;
}
/** Limits by platform id; a platform that is not named has none. */
export type Limits = Readonly<Record<string, readonly Limit[]>>;

interface Bucket {
  tokens: number;
  at: number;
}

/** Never more than `count` at once and `count / within` in the long run. Time is that of `ticks`. */
export const makeLimiter = (limits: Limits) => {
  const buckets = new Map<string, Bucket>();
  const bucketOf = (platform: string, destination: string, i: number, l: Limit, now: number): Bucket => {
    const key = `${platform}/${i}/${l.per === 'app' ? '' : destination}`;
    const b = buckets.get(key) ?? { tokens: l.count, at: now };
    b.tokens = Math.min(l.count, b.tokens + ((now - b.at) * l.count) / l.within);
    b.at = now;
    buckets.set(key, b);
    return b;
  };
  return {
    /** Milliseconds to wait; 0: taken, go. Nothing is taken when one of the limits says wait. */
    take(platform: string, destination: string, now: number): number {
      const own = limits[platform];
      if (!own) return 0;
      const all = own.map((l, i) => ({ l, b: bucketOf(platform, destination, i, l, now) }));
      const wait = Math.max(0, ...all.map(({ l, b }) => (b.tokens >= 1 ? 0 : Math.ceil(((1 - b.tokens) * l.within) / l.count))));
      if (wait === 0) for (const { b } of all) b.tokens -= 1;
      return wait;
    },
  };
};
