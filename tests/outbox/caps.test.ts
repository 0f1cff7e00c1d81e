/** Most messages of a group on one day: counted in the outbox, so that a restart does not begin anew; what is over says why. */
import { expect, test } from 'vitest';
import { at, day } from '../../src/core/day.ts';
import { card, NOW, nudge, post, scene } from './scene.ts';

const caps = { box: { all: 4, unasked: 2, says: '一天最多四条' } };
const inGroup = (key: string, more: Parameters<typeof nudge>[1] = {}) => nudge(key, { place: 'own-group', ...more });

test('what is unasked beyond its share waits for the morning, answers go on to the whole, then fail with the reason', async () => {
  const s = scene({ caps });
  for (const key of ['n1', 'n2', 'n3']) {
    s.say(inGroup(key));
    await s.ticks.advance(1_000);
  }
  expect(s.titles()).toEqual(['n1', 'n2']);
  expect(s.outbox.row('n3')).toMatchObject({ state: 'pending', error: '一天最多四条', notBefore: at(day('2024-06-13'), '08:00') });
  await s.restart({ caps });
  for (const key of ['r1', 'r2', 'r3']) {
    s.say(post(key));
    await s.ticks.advance(1_000);
  }
  expect(s.titles()).toEqual(['n1', 'n2', 'r1', 'r2']);
  expect(s.outbox.row('r3')).toMatchObject({ state: 'failed', error: '一天最多四条' });
  expect(s.troubles).toContainEqual({ kind: 'failed', rows: [s.outbox.row('r3').seq], why: '一天最多四条' });
  // Another group, a direct chat and the next day have their own.
  s.say(post('other', { conversation: 'g2' }), post('direct', { place: 'direct' }));
  await s.ticks.advance(1_000);
  expect(s.titles()).toEqual(expect.arrayContaining(['other', 'direct']));
  s.clock.at = NOW + 24 * 3_600_000;
  s.say(post('tomorrow'));
  await s.ticks.advance(1_000);
  expect(s.titles()).toContain('tomorrow');
});

test('what would have expired by the morning has expired', async () => {
  const s = scene({ caps });
  for (const key of ['n1', 'n2']) {
    s.say(inGroup(key));
    await s.ticks.advance(1_000);
  }
  s.say(inGroup('n3', { expires: NOW + 3_600_000 }));
  await s.ticks.advance(1_000);
  expect(s.outbox.row('n3')).toMatchObject({ state: 'expired', error: '一天最多四条，那时已过期' });
});

test('what is said once is not kept after it was sent, also where it went along with others', async () => {
  const s = scene({ limits: { box: [{ per: 'destination', count: 1, seconds: 5, burst: 1 }] } });
  const secret = { ...card('绑定好了'), lines: ['重绑码 K7PQ2M'], once: true as const };
  s.say(post('a', { card: secret }));
  await s.ticks.advance(1_000);
  s.say(post('b', { card: { ...card('别的'), lines: ['一'] } }), post('c', { card: { ...secret, title: '又一次' } }));
  await s.ticks.advance(10_000);
  expect(
    s.box.said
      .map(m => m.text)
      .join('\n')
      .match(/K7PQ2M/g),
  ).toHaveLength(2);
  expect(JSON.stringify(s.outbox.rows)).not.toContain('K7PQ2M');
  expect(s.outbox.row('a').card.title).toBe('绑定好了');
});
