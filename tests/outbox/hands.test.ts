import { expect, test } from 'vitest';
import type { Mark } from '../../src/bot/ports.ts';
import { createHands } from '../../src/outbox/hands.ts';
import { memoryOutbox } from '../harness/memory-outbox.ts';
import { settle, VirtualTicks } from '../harness/ticks.ts';
import { NOW, post } from './scene.ts';

const sceneOf = () => {
  const outbox = memoryOutbox();
  const ticks = new VirtualTicks();
  const troubles: (readonly number[])[] = [];
  outbox.post([post('a'), post('b')], NOW);
  const hands = createHands({ outbox, ticks, trouble: (_, seqs) => troubles.push(seqs) });
  return { outbox, ticks, troubles, hands };
};
const mark = (seq: number, state: Mark['state']): Mark => ({ seq, state, at: NOW });

test('an older outcome that is stored does not stand for a newer one', async () => {
  const { outbox, hands } = sceneOf();
  hands.take(1);
  const first = hands.note([mark(1, 'pending')]);
  outbox.gate = settle();
  const second = hands.settle([mark(1, 'sent')]);
  await first;
  expect([hands.waits(1), hands.has(1)]).toEqual([true, true]);
  await second;
  expect([hands.waits(1), hands.has(1)]).toEqual([false, false]);
});

test('what could not be stored is stored when it can be, the newest of each row, and told once', async () => {
  const { outbox, ticks, troubles, hands } = sceneOf();
  outbox.broken = true;
  await hands.note([mark(1, 'pending'), mark(2, 'pending')]);
  await hands.settle([mark(1, 'sent')]);
  await ticks.advance(60_000);
  expect(troubles).toEqual([[1, 2]]);
  outbox.broken = false;
  await ticks.advance(5_000);
  expect(outbox.rows.map(r => r.state)).toEqual(['sent', 'pending']);
  expect(hands.has(1)).toBe(false);
  expect(ticks.set).toBe(0);
});

test('what cannot be announced is not announced later', async () => {
  const { outbox, ticks, hands } = sceneOf();
  outbox.broken = true;
  await expect(hands.claim(outbox.rows[0]!.to, [mark(1, 'sending')])).rejects.toThrow('disk full');
  outbox.broken = false;
  await ticks.advance(60_000);
  expect(outbox.rows[0]?.state).toBe('pending');
});

test('what is announced is not made to wait again by an older outcome that could not be stored', async () => {
  const { outbox, ticks, hands } = sceneOf();
  hands.take(1);
  outbox.broken = true;
  await hands.note([mark(1, 'pending')]);
  outbox.broken = false;
  await hands.claim(outbox.rows[0]!.to, [mark(1, 'sending')]);
  await ticks.advance(60_000);
  expect(outbox.rows[0]?.state).toBe('sending');
});

test('what was sent while the outbox was being read is not taken in again as it stood there', async () => {
  const { outbox, hands } = sceneOf();
  hands.take(1);
  let go: () => void = () => undefined;
  outbox.readGate = new Promise(resolve => (go = resolve));
  const known: [number, boolean][] = [];
  const reading = hands.during(
    () => outbox.due(NOW, 9),
    found => known.push(...found.map((r): [number, boolean] => [r.seq, hands.has(r.seq)])),
  );
  await hands.settle([mark(1, 'sent')]);
  go();
  await reading;
  expect(known).toEqual([
    [1, true],
    [2, false],
  ]);
  expect(hands.has(1)).toBe(false);
});
