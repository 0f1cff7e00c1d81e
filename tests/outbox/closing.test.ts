/** Messages whose matter is settled are shown as done: at the pace at which a platform lets them be changed. */
import { expect, test } from 'vitest';
import type { Sent } from '../../src/bot/ports.ts';
import { CHANGE_LIMITS } from '../../src/outbox/platform-limits.ts';
import { settle } from '../harness/ticks.ts';
import { born, card, scene } from './scene.ts';

const asked = (title: string) => card(title, { buttons: [{ label: '同意', command: '/同意' }] });
const begin = (answer: (nth: number) => Sent) => {
  const s = scene({ changes: { box: CHANGE_LIMITS['feishu']! } });
  const changed: { id: string; at: number; title: string }[] = [];
  s.box.update = async (id, { title }) => {
    changed.push({ id, at: s.ticks.now(), title });
    return answer(changed.length);
  };
  return { s, changed };
};
const done = (): Sent => ({ result: 'sent', providerId: '' });
/** The most in any stretch of so many milliseconds. */
const most = (times: readonly number[], ms: number) => Math.max(...times.map(t => times.filter(u => u >= t && u < t + ms).length));

test('all that a word settles is shown, and never more at once than the platform takes', async () => {
  const { s, changed } = begin(done);
  s.say(...Array.from({ length: 300 }, (_, i) => born(`k${i}`, { conversation: `c${i}`, topic: 'storm', card: asked(`事${i}`) })));
  await s.ticks.advance(60_000);
  s.relay.close(['storm']);
  await s.ticks.advance(60_000);
  expect(new Set(changed.map(c => c.id)).size).toBe(300);
  expect(changed[0]!.title).toMatch(/^已办：/);
  const times = changed.map(c => c.at);
  expect(most(times, 1_000)).toBeLessThanOrEqual(50);
});

test('one message is not changed more often than it may be, however often its matter is settled', async () => {
  const { s, changed } = begin(done);
  s.say(born('k', { topic: 'leave', card: asked('请假') }));
  await s.ticks.advance(1_000);
  for (let i = 0; i < 12; i++) s.relay.close(['leave']);
  await s.ticks.advance(20_000);
  expect(changed).toHaveLength(12);
  expect(
    most(
      changed.map(c => c.at),
      1_000,
    ),
  ).toBeLessThanOrEqual(5);
});

test('what is refused for a while is shown later, and in the end left as it is; what never goes is not tried again', async () => {
  const later = begin(nth => (nth < 3 ? { result: 'later', after: 1_000, why: '' } : done()));
  later.s.say(born('k', { topic: 't', card: asked('请假') }));
  await later.s.ticks.advance(1_000);
  later.s.relay.close(['t']);
  await later.s.ticks.advance(60_000);
  expect(later.changed).toHaveLength(3);
  for (const [result, tries] of [
    ['later', 5],
    ['never', 1],
  ] as const) {
    const { s, changed } = begin(() => ({ result, after: 0, why: '' }));
    s.say(born('k', { topic: 't', card: asked('请假') }));
    await s.ticks.advance(1_000);
    s.relay.close(['t']);
    await s.ticks.advance(600_000);
    await settle();
    expect(changed).toHaveLength(tries);
  }
});
