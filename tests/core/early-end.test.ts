/** When a posting that ended early is over, and what of its quarter counts. */
import { describe, expect, test } from 'vitest';
import { makeCalendar } from '../../src/bot/calendar-source.ts';
import { day } from '../../src/core/day.ts';
import { endPosting, hasEnded, madeAfter, servedInQuarter } from '../../src/core/early-end.ts';
import type { Leave, Posting, RosterVersion, Visit } from '../../src/core/records.ts';

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
    const [month] = servedInQuarter(0.9, day('2026-01-31'), january(n), { calendar, today: day('2026-02-01') });
    expect([month!.days, month!.workdays, month!.needed, month!.days >= month!.needed]).toEqual([n, 21, 19, counts]);
  });
  test('a day counts once, what is not verified stands apart, what is after the last day or of another quarter is left out', () => {
    const visits = [
      visit('2025-12-31'),
      visit('2026-02-02'),
      visit('2026-02-02'),
      visit('2026-02-03', { presence: null, checkedIn: 1 }),
      visit('2026-02-04', { presence: null }),
      visit('2026-02-09', { presence: null }),
      visit('2026-02-05', { presence: 'not-there' }),
      visit('2026-02-06', { state: 'cancelled' }),
      visit('2026-02-10'),
    ];
    expect(servedInQuarter(0.9, day('2026-02-09'), visits, { calendar, today: day('2026-02-06') })).toEqual([
      { month: '2026-01', days: 0, waiting: 0, workdays: 21, needed: 19 },
      { month: '2026-02', days: 1, waiting: 2, workdays: 16, needed: 15 },
    ]);
  });
  test('a month without a calendar is said, not guessed', () =>
    expect(servedInQuarter(0.9, day('2031-01-31'), [], { calendar, today: day('2031-01-31') })).toEqual([null]));
});

describe('what ends with a posting', () => {
  const visit = (id: string, on: string, more: Partial<Visit> = {}) =>
    ({ id, day: day(on), state: 'on', presence: null, checkedIn: null, ...more }) as Visit;
  const held = (id: string, from: string) => ({ id, person: 'p', from, until: null }) as Posting;
  const roster = { id: '9' } as RosterVersion;

  test('visits after the last day are off; a posting of later months is none, others last to its month', () => {
    const visits = [visit('1', '2026-02-09'), visit('2', '2026-02-10'), visit('3', '2026-02-11', { state: 'moved' })];
    const postings = [held('a', '2026-01'), held('b', '2026-02'), held('c', '2026-03')];
    const { changes, off } = endPosting(end('2026-02-10'), { postings, visits, leaves: [] }, roster);
    expect(off.map(v => v.id)).toEqual(['2']);
    expect(changes.map(c => [c.table, c.id, c.table === 'postings' ? (c.to?.until ?? null) : c.table])).toEqual([
      ['postings', 'a', '2026-02'],
      ['postings', 'b', '2026-02'],
      ['postings', 'c', null],
      ['visits', '2', 'visits'],
      ['rosters', '9', 'rosters'],
    ]);
  });
  test.each<[what: string, on: string, more: Partial<Visit>, made: boolean]>([
    ['checked in after it', '2026-02-10', { checkedIn: 1 }, true],
    ['verified after it', '2026-02-10', { presence: 'present' }, true],
    ['made on the last day', '2026-02-09', { checkedIn: 1, presence: 'present' }, false],
    ['only planned after it', '2026-02-10', {}, false],
    ['checked in and moved', '2026-02-10', { checkedIn: 1, state: 'moved' }, false],
  ])('%s', (_what, on, more, made) => expect(madeAfter([visit('1', on, more)], day('2026-02-09')) !== undefined).toBe(made));
});
