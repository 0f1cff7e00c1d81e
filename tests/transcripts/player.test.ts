/**
 * A player who says sensible and half sensible things at random: whatever was said, the records of the daily flow agree with each other.
 * `PLAY_SEED=7 PLAY_STEPS=2000` plays another, longer one.
 */
import { afterEach, expect, test } from 'vitest';
import { type Chat, chat } from '../harness/chat.ts';
import { play } from '../harness/player.ts';

let room: Chat;
afterEach(() => room.close());

test('after days of random sayings no record contradicts another', { timeout: 900_000 }, async () => {
  room = await chat();
  const { seed, faults, transcript } = await play(room, Number(process.env['PLAY_SEED'] ?? 1), Number(process.env['PLAY_STEPS'] ?? 120));
  expect(faults, `seed ${seed}\n${transcript.join('\n')}`).toEqual([]);
  expect((await room.open.store().verifyJournal()).brokenAt).toBeNull();
});
