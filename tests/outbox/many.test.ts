/** Thousands that fall due at one moment are sent in their order, and others are heard meanwhile. */
import { expect, test } from 'vitest';
import { PLATFORM_LIMITS } from '../../src/outbox/platform-limits.ts';
import { post, scene } from './scene.ts';

test.each([
  ['without limits', {}],
  ['with the limits of a messenger', { limits: { box: PLATFORM_LIMITS['feishu']! } }],
])('%s', async (_name, rest) => {
  const s = scene(rest);
  // As a job leaves them: read by the relay and not handed to it.
  s.outbox.post(
    Array.from({ length: 3_000 }, (_, i) => post(`k${i}`, { conversation: `c${i}`, class: 'news' })),
    s.clock.now(),
  );
  let most = 0;
  let before = 0;
  let going = true;
  const heard = () => {
    most = Math.max(most, s.box.said.length - before);
    before = s.box.said.length;
    if (going) setImmediate(heard);
  };
  setImmediate(heard);
  s.relay.kick();
  for (let i = 0; i < 400 && s.box.said.length < 3_000; i++) await s.ticks.advance(1_000);
  going = false;
  expect(s.titles()).toEqual(Array.from({ length: 3_000 }, (_, i) => `k${i}`));
  expect(most).toBeLessThanOrEqual(60);
});
