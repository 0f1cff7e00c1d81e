/** The relay on the real store: what matters is that both mean the same. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OutboxRow, Post } from '../../src/bot/ports.ts';
import { at, day } from '../../src/core/day.ts';
import { createRelay, type Relay } from '../../src/outbox/relay.ts';
import { DIALECTS, event, makePlace, type Place, type TestStore } from '../db/stores.ts';
import { VirtualTicks } from '../harness/ticks.ts';
import { born, type FakePlatform, fakePlatform, NOW, nudge, post } from './scene.ts';

describe.each(DIALECTS)('the relay on %s', dialect => {
  let place: Place;
  let store: TestStore;
  let relay: Relay;
  let box: FakePlatform;
  let plain: FakePlatform;
  let now: number;
  const ticks = new VirtualTicks();
  const open = async () => {
    store = await place.open();
    relay = createRelay({
      outbox: store.outbox,
      platforms: new Map([box, plain].map(p => [p.id, p])),
      clock: { now: () => now },
      ticks,
      mentions: async () => [],
      speakAt: i => i,
      log: { warn: () => undefined, error: () => undefined },
    });
  };
  beforeEach(async () => {
    now = NOW;
    box = fakePlatform('box', true, ticks);
    plain = fakePlatform('plain', false, ticks);
    place = await makePlace(dialect);
    await open();
  });
  afterEach(async () => {
    await relay.stop();
    await store.close();
    await place.remove();
  });
  let n = 0;
  const say = async (...posts: Post[]): Promise<OutboxRow[]> => {
    const { posts: rows } = await store.turn(event(`e${n++}`), async tx => {
      await tx.post(posts, now);
      return 'ok';
    });
    relay.kick(rows);
    return rows;
  };
  const state = async (key: string) => (await store.outbox.byKey(key))?.state;

  test('replies, joined nudges, the fourth at 17:00', async () => {
    await say(born('r'), nudge('a'), nudge('b'));
    await relay.drain();
    for (const key of ['c', 'd', 'e']) {
      await say(nudge(key));
      await relay.drain();
    }
    expect(box.said.map(m => m.title)).toEqual(['r', '2件事', 'c', 'd']);
    expect(await store.outbox.byKey('e')).toMatchObject({ state: 'pending', notBefore: at(day('2024-06-12'), '17:00') });
    now = at(day('2024-06-12'), '17:00');
    await relay.drain();
    expect(box.said.at(-1)?.title).toBe('e');
    expect((await store.outbox.byKey('a'))?.providerId).toBe((await store.outbox.byKey('b'))?.providerId);
  });

  test('a stop in the middle of a send: again with the same key and the same rows, or unknown', async () => {
    box.answer = plain.answer = () => new Promise(() => undefined);
    await say(
      born('r'),
      nudge('a', { conversation: 'd' }),
      nudge('b', { conversation: 'd' }),
      post('p', { to: { platform: 'plain', app: 'app', conversation: 'x' } }),
    );
    while (plain.said.length + box.said.length < 3) await new Promise(setImmediate);
    await store.close();
    box.answer = plain.answer = () => undefined;
    await open();
    await store.outbox.recover(now, platform => (platform === 'box' ? Number.POSITIVE_INFINITY : 0));
    await say(nudge('c', { conversation: 'd' }));
    await relay.drain();
    expect(box.said.map(m => [m.key, m.title]).sort(([a = ''], [b = '']) => a.localeCompare(b))).toEqual([
      ['a', '2件事'],
      ['a', '2件事'],
      ['c', 'c'],
      ['r', 'r'],
      ['r', 'r'],
    ]);
    expect(await Promise.all(['r', 'a', 'b', 'c', 'p'].map(state))).toEqual(['sent', 'sent', 'sent', 'sent', 'unknown']);
    expect(plain.said).toHaveLength(1);
  });

  test('a hundred turns with replies cost about a commit each, marks included', async () => {
    const before = store.commits;
    for (let i = 0; i < 100; i++) await say(born(`r${n}`));
    await relay.drain();
    expect(box.said).toHaveLength(100);
    expect(store.commits - before).toBeLessThanOrEqual(110);
  });
});
