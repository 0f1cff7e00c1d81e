/** Guessing at digits is stopped, for a while. */
import { expect, test } from 'vitest';
import { isLocked, LOCKED, oneMoreWrong, TRIES } from '../../src/core/binding.ts';

const NOW = 1_000_000;
const after = (tries: number, now = NOW) => {
  let lock: ReturnType<typeof oneMoreWrong> | undefined;
  for (let i = 0; i < tries; i++) lock = oneMoreWrong('a', lock, now);
  return lock;
};

test('the last wrong try locks, the one before does not; until its moment, and not in it', () => {
  expect([isLocked(undefined, NOW), isLocked(after(TRIES - 1), NOW), isLocked(after(TRIES), NOW)]).toEqual([false, false, true]);
  const lock = after(TRIES)!;
  expect([isLocked(lock, NOW + LOCKED - 1), isLocked(lock, NOW + LOCKED)]).toEqual([true, false]);
});

test('who is free again has all tries again, and not before', () => {
  const lock = after(TRIES)!;
  expect(oneMoreWrong('a', lock, NOW + LOCKED)).toEqual({ id: 'a', wrong: 1, until: null });
  expect(oneMoreWrong('a', lock, NOW + LOCKED - 1).until).not.toBeNull();
});
