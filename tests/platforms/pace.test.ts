/** How often a place is written to: never more in any stretch of time, over restarts and clocks that are set. */
import { describe, expect, it } from 'vitest';
import { openPace } from '../../src/platforms/pace.ts';
import { memoryNotes } from '../harness/notes.ts';

const scene = async () => {
  const notes = memoryNotes();
  const clock = { now: 1_000_000 };
  const open = () => openPace({ takes: [{ count: 3, seconds: 60 }], name: 'box/minute', notes, now: () => clock.now });
  return { notes, clock, open, pace: await open() };
};

describe('a place', () => {
  it('gets so many and then none, until the first of them is a whole stretch old', async () => {
    const { clock, pace } = await scene();
    for (const _ of [1, 2, 3]) {
      expect(pace.take('a', 1)).toBe(0);
      clock.now += 1_000;
    }
    expect(pace.take('a', 1)).toBe(57_000);
    expect(pace.take('a', 2)).toBe(58_000);
    expect(pace.take('b', 3)).toBe(0);
    clock.now += 56_999;
    expect(pace.take('a', 1)).toBe(1);
    clock.now += 1;
    expect(pace.take('a', 1)).toBe(0);
    expect(pace.take('a', 1)).toBe(1_000);
  });

  it('takes a message of several parts whole or not at all, and one of more parts than ever fit when nothing else is there', async () => {
    const { clock, pace } = await scene();
    expect(pace.take('a', 2)).toBe(0);
    expect(pace.take('a', 2)).toBe(60_000);
    expect(pace.take('a', 1)).toBe(0);
    expect(pace.take('b', 9)).toBe(0);
    expect(pace.take('b', 1)).toBe(60_000);
    clock.now += 60_000;
    expect(pace.take('b', 9)).toBe(0);
  });

  it('is remembered over a restart, and what is over is forgotten', async () => {
    const { clock, notes, open, pace } = await scene();
    pace.take('a', 3);
    clock.now += 59_999;
    expect((await open()).take('a', 1)).toBe(1);
    clock.now += 1;
    expect((await open()).take('a', 3)).toBe(0);
    clock.now += 60_000;
    await open();
    expect(notes.kept.size).toBe(0);
  });

  it('is written to within every one of several stretches, and what one of them refuses counts in none', async () => {
    const clock = { now: 1_000_000 };
    const takes = [
      { count: 3, seconds: 60 },
      { count: 5, seconds: 3_600 },
    ];
    const notes = memoryNotes();
    const open = () => openPace({ takes, name: 'n', notes, now: () => clock.now });
    let pace = await open();
    expect(pace.take('a', 3)).toBe(0);
    expect(pace.take('a', 1)).toBe(60_000);
    clock.now += 60_000;
    expect(pace.take('a', 3)).toBe(3_600_000 - 60_000);
    expect(pace.take('a', 2)).toBe(0);
    clock.now += 60_000;
    pace = await open();
    expect(pace.take('a', 1)).toBe(3_600_000 - 120_000);
    clock.now += 3_600_000 - 120_000;
    expect(pace.take('a', 3)).toBe(0);
  });

  it('is still counted after thousands of others, if it was written to lately', async () => {
    const { pace } = await scene();
    pace.take('a', 2);
    for (let i = 0; i < 4_999; i++) pace.take(`other ${i}`, 1);
    pace.take('a', 1);
    pace.take('one more', 1);
    expect(pace.take('a', 1)).toBe(60_000);
  });

  it('waits for one stretch where the clock was set back, and not until the old time is reached again', async () => {
    const { clock, open, pace } = await scene();
    pace.take('a', 3);
    clock.now -= 3_600_000;
    expect(pace.take('a', 1)).toBe(60_000);
    expect((await open()).take('a', 1)).toBe(60_000);
    clock.now += 30_000;
    expect(pace.take('a', 1)).toBe(30_000);
    clock.now += 30_000;
    expect(pace.take('a', 1)).toBe(0);
  });
});
