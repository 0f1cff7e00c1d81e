import { describe, expect, test } from 'vitest';
import { makeCalendar } from '../../src/bot/calendar-source.ts';
import { at, day, iso } from '../../src/core/day.ts';
import { nextSpeakingTime } from '../../src/core/hours.ts';
import { BUDGET, unaskedAt } from '../../src/outbox/budget.ts';

const calendar = makeCalendar([]);
const speakAt = (i: number) => nextSpeakingTime(i, calendar);
const moment = (text: string) => at(day(text.slice(0, 10)), text.slice(11));
const allowed = (now: string, place: Parameters<typeof unaskedAt>[1], sent: number) =>
  iso(unaskedAt(moment(now), place, sent, speakAt).at)
    .slice(0, 16)
    .replace('T', ' ');

describe('what is unasked goes', () => {
  // 2024-06-12 is a Wednesday, 06-14 a Friday.
  test.each([
    ['direct', 0, '2024-06-12 09:30', '2024-06-12 09:30', 'now'],
    ['direct', 2, '2024-06-12 09:30', '2024-06-12 09:30', 'now: two are left'],
    ['direct', 3, '2024-06-12 09:30', '2024-06-12 17:00', 'at 17:00: the last one is kept for it'],
    ['direct', 3, '2024-06-12 16:59', '2024-06-12 17:00', 'at 17:00, a minute before'],
    ['direct', 3, '2024-06-12 17:00', '2024-06-12 17:00', 'at 17:00 itself'],
    ['direct', 3, '2024-06-12 18:30', '2024-06-12 18:30', 'after it, the last one'],
    ['direct', 4, '2024-06-12 09:30', '2024-06-13 08:00', 'next morning: none is left'],
    ['direct', 5, '2024-06-12 09:30', '2024-06-13 08:00', 'next morning: more than none is left'],
    ['direct', 4, '2024-06-14 17:30', '2024-06-17 08:00', 'next workday, not 07:30 and not on a Saturday'],
    ['direct', 4, '2024-06-07 17:30', '2024-06-11 08:00', 'after the Dragon Boat holiday'],
    ['shared-group', 1, '2024-06-12 09:30', '2024-06-12 09:30', 'now: two are left in a shared group'],
    ['shared-group', 2, '2024-06-12 09:30', '2024-06-12 17:00', 'at 17:00: the third'],
    ['shared-group', 3, '2024-06-12 17:00', '2024-06-13 08:00', 'next morning: three were said'],
    ['own-group', 99, '2024-06-12 09:30', '2024-06-12 09:30', 'now: an own group has no limit'],
  ] as const)('%s after %i at %s: %s (%s)', (place, sent, now, then, _why) => {
    expect(allowed(now, place, sent)).toBe(then);
  });

  test.each([
    ['2024-06-12 20:59', '2024-06-12 20:59'],
    ['2024-06-12 21:00', '2024-06-13 07:30'],
    ['2024-06-13 07:29', '2024-06-13 07:30'],
    ['2024-06-13 07:30', '2024-06-13 07:30'],
    ['2024-06-15 10:00', '2024-06-17 07:30'],
  ])('keeps quiet: %s → %s, in every place', (now, then) => {
    for (const place of ['direct', 'shared-group', 'own-group'] as const) expect(allowed(now, place, 0)).toBe(then);
  });

  test('says why it waits, and nothing when it does not', () => {
    const why = (now: string, sent: number) => unaskedAt(moment(now), 'direct', sent, speakAt).why;
    expect([why('2024-06-12 09:30', 0), why('2024-06-12 09:30', 3), why('2024-06-12 09:30', 4), why('2024-06-12 22:00', 0)]).toEqual([
      '',
      '今天只剩1条，并入17:00',
      '今天已主动发4条，并入下一个早上',
      '夜间和休息日不打扰',
    ]);
  });

  test('numbers are data', () => {
    const one = { ...BUDGET, perDay: { ...BUDGET.perDay, direct: 1 }, evening: '16:00' };
    expect(unaskedAt(moment('2024-06-12 09:30'), 'direct', 0, speakAt, one).at).toBe(moment('2024-06-12 16:00'));
  });
});
