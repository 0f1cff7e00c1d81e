import { describe, expect, test } from 'vitest';
import { makeCalendar } from '../../src/bot/calendar-source.ts';
import { at, day, type Instant, iso } from '../../src/core/day.ts';
import {
  addWorkingHours,
  DEFAULT_HOURS,
  type Hours,
  halfAt,
  nextSpeakingTime,
  parseHours,
  sayTold,
  sessionsOn,
} from '../../src/core/hours.ts';

const calendar = makeCalendar([]);
const when = (text: string): Instant => at(day(text.slice(0, 10)), text.slice(11));
const say = (i: Instant | undefined): string | undefined => (i === undefined ? undefined : iso(i).slice(0, 16).replace('T', ' '));
const SEASONS: Hours = parseHours('08:00-12:00 14:30-17:30；06-01至09-30 08:00-12:00 15:00-18:00；12-16至01-15 09:00-16:00')!;

describe('speaking', () => {
  test.each([
    ['2024-06-12 07:29', '2024-06-12 07:30'],
    ['2024-06-12 07:30', '2024-06-12 07:30'],
    ['2024-06-12 07:31', '2024-06-12 07:31'],
    ['2024-06-12 00:00', '2024-06-12 07:30'],
    ['2024-06-12 20:59', '2024-06-12 20:59'],
    ['2024-06-12 21:00', '2024-06-13 07:30'],
    ['2024-06-12 23:59', '2024-06-13 07:30'],
    ['2024-06-14 21:00', '2024-06-17 07:30'],
    ['2024-06-15 10:00', '2024-06-17 07:30'],
    ['2024-10-11 21:00', '2024-10-12 07:30'],
    ['2024-10-12 10:00', '2024-10-12 10:00'],
    ['2024-09-30 21:00', '2024-10-08 07:30'],
    ['2024-12-31 21:00', '2025-01-02 07:30'],
    // Nobody knows 2027; the message goes by Monday to Friday.
    ['2026-12-31 21:00', '2027-01-01 07:30'],
    ['2027-01-02 09:00', '2027-01-04 07:30'],
  ])('%s waits until %s', (from, until) => expect(say(nextSpeakingTime(when(from), calendar))).toBe(until));
  test('what is urgent does not wait', () =>
    expect(say(nextSpeakingTime(when('2024-10-01 03:00'), calendar, true))).toBe('2024-10-01 03:00'));
  test('seconds count', () => {
    expect(nextSpeakingTime(when('2024-06-12 21:00') - 1, calendar)).toBe(when('2024-06-12 21:00') - 1);
    expect(nextSpeakingTime(when('2024-06-12 07:30') - 1, calendar)).toBe(when('2024-06-12 07:30'));
  });
});

describe('a reply says when others are told', () => {
  test.each([
    ['2024-06-12 15:00', '2024-06-12 15:00', '已通知医师'],
    ['2024-06-12 22:00', '2024-06-13 07:30', '明早7:30通知医师'],
    ['2024-06-13 00:10', '2024-06-13 07:30', '今早7:30通知医师'],
    ['2024-06-14 22:00', '2024-06-17 07:30', '6月17日 周一 7:30通知医师'],
    ['2024-12-31 22:00', '2025-01-02 07:30', '2025年1月2日 周四 7:30通知医师'],
  ])('at %s of %s', (now, told, says) => expect(sayTold('通知医师', when(now), when(told))).toBe(says));
});

describe('adding working hours', () => {
  test.each<[string, number, string | undefined]>([
    ['2024-06-12 08:00', 0, '2024-06-12 08:00'],
    ['2024-06-12 08:00', 4, '2024-06-12 12:00'],
    ['2024-06-12 08:00', 4.5, '2024-06-12 15:00'],
    ['2024-06-12 08:00', 7, '2024-06-12 17:30'],
    ['2024-06-12 08:00', 8, '2024-06-13 09:00'],
    ['2024-06-12 12:00', 1, '2024-06-12 15:30'],
    ['2024-06-12 13:00', 0, '2024-06-12 14:30'],
    ['2024-06-12 17:30', 1, '2024-06-13 09:00'],
    ['2024-06-14 17:00', 1, '2024-06-17 08:30'],
    ['2024-06-15 09:00', 2, '2024-06-17 10:00'],
    ['2024-09-30 16:30', 2, '2024-10-08 09:00'],
    ['2024-10-11 16:30', 2, '2024-10-12 09:00'],
    ['2026-12-31 16:30', 1, '2026-12-31 17:30'],
    ['2026-12-31 16:30', 2, undefined],
    ['2027-01-04 09:00', 1, undefined],
  ])('%s + %d h = %s', (from, n, expected) => expect(say(addWorkingHours(when(from), n, calendar))).toBe(expected));
  test('over the change of a season', () =>
    expect(say(addWorkingHours(when('2024-05-31 17:00'), 5, calendar, SEASONS))).toBe('2024-06-03 15:30'));
});

describe('hours as a bureau sets them', () => {
  test('the default setting is the default', () => expect(parseHours('08:00-12:00 14:30-17:30')).toEqual(DEFAULT_HOURS));
  test('full-width signs, one season over the year end', () => {
    expect(parseHours('０８：００－１２：００、14:30-17:30;12-16~01-15 09:00-16:00')?.seasons).toEqual([
      { from: '12-16', until: '01-15', sessions: [{ from: '09:00', until: '16:00' }] },
    ]);
    expect(sessionsOn(SEASONS, day('2024-07-01'))[1]).toEqual({ from: '15:00', until: '18:00' });
  });
  test.each([
    '',
    '8-12',
    '08:00-12:00 11:00-17:30',
    '12:00-08:00',
    '08:00-08:00',
    '24:00-25:00',
    '08:60-09:00',
    '08:00-12:00；',
    '08:00-12:00；06-01至09-31 08:00-12:00',
    '08:00-12:00；13-01至02-01 08:00-12:00',
    '08:00-12:00；06-01至09-30',
    '08:00-12:00；06-01至09-30 08:00-12:00；09-30至10-31 09:00-12:00',
    '08:00-12:00；12-16至01-15 08:00-12:00；01-01至01-02 09:00-12:00',
  ])('「%s」 is refused', text => expect(parseHours(text)).toBeUndefined());
});

describe('morning or afternoon', () => {
  test.each([
    ['2024-06-12 11:59', 'am'],
    ['2024-06-12 12:00', 'pm'],
  ] as const)('by default, %s is %s', (now, half) => expect(halfAt(when(now), DEFAULT_HOURS)).toBe(half));
  test.each([
    ['2024-12-20 11:59', 'am'],
    ['2024-12-20 12:00', 'pm'],
  ] as const)('in a season of one session noon parts the day: %s is %s', (now, half) => expect(halfAt(when(now), SEASONS)).toBe(half));
  test('a bureau whose morning ends at 11:30', () => {
    const hours = parseHours('07:30-11:30 14:00-17:30')!;
    expect(['11:29', '11:30', '11:59'].map(t => halfAt(when(`2024-06-12 ${t}`), hours))).toEqual(['am', 'pm', 'pm']);
  });
});
