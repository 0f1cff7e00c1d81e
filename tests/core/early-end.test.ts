/** When a posting that ended early is over, and what of its quarter counts. */
import { describe, expect, test } from 'vitest';
import { makeCalendar } from '../../src/bot/calendar-source.ts';
import { day } from '../../src/core/day.ts';
import { hasEnded, servedInQuarter } from '../../src/core/early-end.ts';
import type { Leave, Posting, Visit } from '../../src/core/records.ts';

const posting = (until: string | null) => ({ person: 'p', programme: 'x', from: '2026-01', until }) as Posting;
const end = (from: string, more: Partial<Leave> = {}) =>
  ({ kind: 'end', state: 'approved', person: 'p', programme: 'x', from: day(from), ...more }) as Leave;

test.each<[name: string, until: string | null, leave: Leave, on: string, over: boolean]>([
  ['the last day', '2026-02', end('2026-02-10'), '2026-02-09', false],
  ['the day after', '2026-02', end('2026-02-10'), '2026-02-10', true],
  ['another month’s posting that began anew', '2026-06', end('2026-02-10'), '2026-05-04', false],
  ['a posting that was never closed', null, end('2026-02-10'), '2026-02-10', false],
  ['not agreed to', '2026-02', end('2026-02-10', { state: 'open' }), '2026-02-10', false],
  ['another’s', '2026-02', end('2026-02-10', { person: 'q' }), '2026-02-10', false],
  ['another programme’s', '2026-02', end('2026-02-10', { programme: 'y' }), '2026-02-10', false],
  ['leave', '2026-02', end('2026-02-10', { kind: 'sick' }), '2026-02-10', false],
])('%s', (_name, until, leave, on, over) => expect(hasEnded(posting(until), [leave], day(on))).toBe(over));

describe('service of the quarter', () => {
  const calendar = makeCalendar([]);
  const visit = (on: string, more: Partial<Visit> = {}) =>
    ({ day: day(on), state: 'on', presence: 'present', checkedIn: null, ...more }) as Visit;
  // 2026-01 has 21 workdays, 2026-02 has 16.
  const january = (n: number) => Array.from({ length: n }, (_, i) => visit(`2026-01-${String(i + 1).padStart(2, '0')}`));

  test.each([
    [18, false],
    [19, true],
    [21, true],
  ])('%i verified days of 21 workdays: counts %s', (n, counts) => {
    const [month] = servedInQuarter(0.9, day('2026-01-31'), january(n), calendar);
    expect([month!.days, month!.workdays, month!.needed, month!.days >= month!.needed]).toEqual([n, 21, 19, counts]);
  });
  test('a day counts once, what is not verified stands apart, what is after the last day or of another quarter is left out', () => {
    const visits = [
      visit('2025-12-31'),
      visit('2026-02-02'),
      visit('2026-02-02'),
      visit('2026-02-03', { presence: null, checkedIn: 1 }),
      visit('2026-02-04', { presence: null }),
      visit('2026-02-05', { presence: 'not-there' }),
      visit('2026-02-06', { state: 'cancelled' }),
      visit('2026-02-10'),
    ];
    expect(servedInQuarter(0.9, day('2026-02-09'), visits, calendar)).toEqual([
      { month: '2026-01', days: 0, waiting: 0, workdays: 21, needed: 19 },
      { month: '2026-02', days: 1, waiting: 1, workdays: 16, needed: 15 },
    ]);
  });
  test('a month without a calendar is said, not guessed', () =>
    expect(servedInQuarter(0.9, day('2031-01-31'), [], calendar)).toEqual([null]));
});
