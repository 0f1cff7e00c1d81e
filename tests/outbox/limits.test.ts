import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLimiter, type Limit } from '../../src/outbox/limits.ts';
import { PLATFORM_LIMITS } from '../../src/outbox/platform-limits.ts';

const to = (conversation: string, app = 'app') => ({ platform: 'box', app, conversation });

test('a platform without limits waits for nothing', () => {
  const limiter = createLimiter({});
  expect(limiter.limits('box')).toBe(false);
  for (let i = 0; i < 100; i++) expect(limiter.take(to('g'), 0)).toEqual({ ok: true });
});

test.each([
  [1, [0, 500, 1000, 1500]],
  [3, [0, 0, 0, 500, 1000]],
])('two a second with a burst of %i: %j', (burst, moments) => {
  const limiter = createLimiter({ box: [{ per: 'destination', count: 2, seconds: 1, burst }] });
  let now = 0;
  const went = moments.map(() => {
    for (let t = limiter.take(to('g'), now); !t.ok; t = limiter.take(to('g'), now)) now += t.wait;
    return now;
  });
  expect(went).toEqual(moments);
});

test('destinations do not share, an app does; the app is named when it is what bites', () => {
  const limiter = createLimiter({
    box: [
      { per: 'destination', count: 1, seconds: 1, burst: 1 },
      { per: 'app', count: 2, seconds: 10, burst: 2 },
    ],
  });
  expect(limiter.take(to('a'), 0)).toEqual({ ok: true });
  expect(limiter.take(to('a'), 0)).toMatchObject({ ok: false, wait: 1000, whose: 'destination' });
  expect(limiter.take(to('b'), 0)).toEqual({ ok: true });
  expect(limiter.take(to('c'), 0)).toMatchObject({ ok: false, wait: 5000, whose: 'app' });
  expect(limiter.take(to('a'), 0)).toMatchObject({ whose: 'app' });
  expect(limiter.take(to('c', 'other'), 0)).toEqual({ ok: true });
});

test('what is refused takes nothing, what is given back can be taken again', () => {
  const limiter = createLimiter({
    box: [
      { per: 'destination', count: 1, seconds: 1, burst: 1 },
      { per: 'app', count: 1, seconds: 1, burst: 2 },
    ],
  });
  limiter.take(to('a'), 0);
  for (let i = 0; i < 5; i++) expect(limiter.take(to('a'), 0).ok).toBe(false);
  expect(limiter.take(to('b'), 0).ok).toBe(true);
  limiter.giveBack(to('b'));
  expect(limiter.take(to('b'), 0).ok).toBe(true);
});

test('never more than rate · t + burst in any stretch, for each destination and for the app', () => {
  const limit = (per: Limit['per']) =>
    fc.record({
      per: fc.constant(per),
      count: fc.integer({ min: 1, max: 60 }),
      seconds: fc.integer({ min: 1, max: 60 }),
      burst: fc.integer({ min: 1, max: 20 }),
    });
  fc.assert(
    fc.property(
      fc.array(fc.oneof(limit('destination'), limit('app')), { minLength: 1, maxLength: 3 }),
      fc.array(
        fc.tuple(fc.integer({ min: 0, max: 3 }), fc.oneof(fc.constant(0), fc.double({ min: 0, max: 5000, noNaN: true })), fc.boolean()),
        { minLength: 20, maxLength: 120 },
      ),
      (limits, asks) => {
        const limiter = createLimiter({ box: limits });
        const went: { at: number; who: number }[] = [];
        let now = 0;
        for (const [who, after, unused] of asks) {
          now += after;
          if (!limiter.take(to(`g${who}`), now).ok) continue;
          if (unused) limiter.giveBack(to(`g${who}`));
          else went.push({ at: now, who });
        }
        for (const l of limits)
          for (const who of l.per === 'app' ? [undefined] : [0, 1, 2, 3]) {
            const mine = went.filter(w => who === undefined || w.who === who);
            for (let i = 0; i < mine.length; i++)
              for (let j = i; j < mine.length; j++)
                if (j - i + 1 > (l.count * (mine[j]!.at - mine[i]!.at)) / (l.seconds * 1000) + l.burst + 1e-6) return false;
          }
        return true;
      },
    ),
    { numRuns: 200 },
  );
});

test('whoever waits as told goes then: no limit is stricter than it says', () => {
  const limiter = createLimiter({ box: [{ per: 'app', count: 50, seconds: 1, burst: 5 }] });
  let now = 0;
  for (let i = 0; i < 2000; i++) for (let t = limiter.take(to(`g${i}`), now); !t.ok; t = limiter.take(to(`g${i}`), now)) now += t.wait;
  expect(now).toBeLessThanOrEqual((1995 / 50) * 1000 * 1.01);
});

/** As the messengers' own documents say, by hand: the most in any stretch of so many seconds. */
test.each<[platform: string, per: 'destination' | 'app', most: number, seconds: number, parts: number]>([
  ['feishu', 'destination', 5, 1, 1],
  ['feishu', 'app', 50, 1, 1],
  ['feishu', 'app', 1_000, 60, 1],
  ['dingtalk', 'destination', 20, 60, 1],
  ['dingtalk', 'app', 20, 1, 1],
  ['wecom', 'destination', 30, 60, 1],
  // A message may go as words, a card and a file.
  ['wecom', 'destination', 1_000, 3_600, 3],
  ['wechat', 'app', 2, 2, 1],
])('%s: no %s gets more than %d in %d s', (platform, per, most, seconds, parts) => {
  const limits = PLATFORM_LIMITS[platform]!.filter(l => l.per === per);
  expect(Math.min(...limits.map(l => (l.count * seconds) / l.seconds + l.burst)) * parts).toBeLessThanOrEqual(most);
});
