/** Several instances on one PostgreSQL: of two relays one sends into a conversation. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Post } from '../../src/bot/ports.ts';
import { createRelay, type Relay } from '../../src/outbox/relay.ts';
import { DIALECTS, event, makePlace, type Place, type TestStore } from '../db/stores.ts';
import { VirtualTicks } from '../harness/ticks.ts';
import { born, type FakePlatform, fakePlatform, NOW, post } from './scene.ts';

interface Instance {
  store: TestStore;
  relay: Relay;
  ticks: VirtualTicks;
  box: FakePlatform;
  say(...posts: Post[]): Promise<void>;
}

describe.runIf(DIALECTS.includes('postgres'))('two instances on one PostgreSQL', () => {
  let place: Place;
  let all: Instance[];
  let now: number;
  let events = 0;
  const said: { key: string; to: string }[] = [];
  const start = async (): Promise<Instance> => {
    const ticks = new VirtualTicks();
    const box = fakePlatform('box', true, ticks);
    box.answer = m => {
      said.push({ key: m.key, to: m.to });
      return new Promise(resolve => setTimeout(() => resolve({ result: 'sent', providerId: m.key }), 3));
    };
    const store = await place.open({ now: () => now });
    const relay = createRelay({
      outbox: store.outbox,
      platforms: new Map([[box.id, box]]),
      clock: { now: () => now },
      ticks,
      mentions: async () => [],
      speakAt: i => i,
      log: { warn: () => undefined, error: () => undefined },
    });
    const say = async (...posts: Post[]) => {
      const { posts: rows } = await store.turn(event(`e${events++}`), async tx => {
        await tx.post(posts, now);
        return 'ok';
      });
      relay.kick(rows);
    };
    const made = { store, relay, ticks, box, say };
    all.push(made);
    return made;
  };
  beforeEach(async () => {
    now = NOW;
    said.length = 0;
    all = [];
    place = await makePlace('postgres');
  });
  afterEach(async () => {
    for (const { relay, store, ticks } of all) {
      const stopped = relay.stop();
      // What never answers is not waited for.
      await ticks.advance(5_000);
      await stopped;
      await store.close();
    }
    await place.remove();
  });
  const state = async (i: Instance, key: string) => (await i.store.outbox.byKey(key))?.state;

  test('each message is sent once, and in order in its conversation', async () => {
    const [a, b] = [await start(), await start()];
    const keys: string[] = [];
    for (let n = 0; n < 40; n++) {
      const key = `k${String(n).padStart(2, '0')}`;
      keys.push(key);
      const conversation = `g${n % 5}`;
      await (n % 3 ? a : b).say(n % 2 ? born(key, { conversation }) : post(key, { conversation }));
      // Each looks into the outbox and finds what the other wrote.
      if (n % 7 === 0) void Promise.all([a.relay.drain(), b.relay.drain()]);
    }
    for (let n = 0; n < 60 && said.length < keys.length; n++) {
      await Promise.all([a.relay.drain(), b.relay.drain()]);
      await Promise.all([a.ticks.advance(1_000), b.ticks.advance(1_000)]);
    }
    await Promise.all([a.relay.drain(), b.relay.drain()]);
    expect(said.map(m => m.key).sort()).toEqual(keys);
    for (let g = 0; g < 5; g++) {
      const there = said.filter(m => m.to === `g${g}`).map(m => m.key);
      expect(there).toEqual([...there].sort());
    }
    expect(a.box.said.length).toBeGreaterThan(0);
    expect(b.box.said.length).toBeGreaterThan(0);
  });

  test('what a dead instance was sending is taken over when its time is over, not before', async () => {
    const [dead, b] = [await start(), await start()];
    dead.box.answer = () => new Promise(() => undefined);
    await dead.say(born('a'));
    await b.say(born('b'), born('elsewhere', { conversation: 'g2' }));
    const look = async () => {
      await b.store.outbox.recover(now, () => 3_600_000);
      await b.relay.drain();
      await b.ticks.advance(1_500);
      await b.relay.drain();
    };
    await look();
    expect(said.map(m => m.key)).toEqual(['elsewhere']);
    expect(await Promise.all(['a', 'b'].map(k => state(b, k)))).toEqual(['sending', 'pending']);
    now += 59_000;
    await look();
    expect(said.map(m => m.key)).toEqual(['elsewhere']);
    now += 2_000;
    await look();
    expect(said.map(m => m.key)).toEqual(['elsewhere', 'a', 'b']);
    expect(await Promise.all(['a', 'b'].map(k => state(b, k)))).toEqual(['sent', 'sent']);
  });

  test('an instance that ends lets go of its conversations', async () => {
    const [a, b] = [await start(), await start()];
    a.box.answer = () => new Promise(() => undefined);
    await a.say(born('a'));
    await a.store.close();
    all.splice(0, 1);
    await b.store.outbox.recover(now, () => 3_600_000);
    await b.relay.drain();
    expect(said.map(m => m.key)).toEqual(['a']);
  });
});
