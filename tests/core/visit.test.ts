import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { day } from '../../src/core/day.ts';
import type { Visit } from '../../src/core/records.ts';
import { clash, compareIds, dayChanges, newVisit, withTally } from '../../src/core/visit.ts';

const on = day('2024-04-10');
const visit = (v: Partial<Visit>): Visit =>
  newVisit({ id: '1', programme: 'p', county: 'k', person: 'a', clinic: 'c1', hospital: 'h', posting: null, day: on, ...v });
const flags = (day: Visit[], halfCounts = true) => withTally(day, halfCounts).map(v => `${v.tally ?? '-'}${v.tallyHalf ? ' half' : ''}`);

describe('the doctor-day', () => {
  test.each<[string, Partial<Visit>[], string[]]>([
    ['nothing known', [{}], ['-']],
    ['checked in, not verified', [{ checkedIn: 1 }], ['waiting']],
    ['verified without check-in', [{ presence: 'present', verifiedAt: 1 }], ['verified']],
    ['reported as not there, though checked in', [{ checkedIn: 1, presence: 'not-there' }], ['-']],
    ['moved away', [{ state: 'moved', checkedIn: 1 }], ['-']],
    ['a half day alone is one', [{ pm: false, presence: 'present', verifiedAt: 1 }], ['verified half']],
    [
      'two halves at one clinic are one whole day',
      [
        { pm: false, presence: 'present', verifiedAt: 1 },
        { id: '2', am: false, presence: 'present', verifiedAt: 2 },
      ],
      ['verified', '-'],
    ],
    [
      'two clinics a day: the first verified counts',
      [
        { pm: false, presence: 'present', verifiedAt: 9 },
        { id: '2', am: false, clinic: 'c2', presence: 'present', verifiedAt: 5 },
      ],
      ['-', 'verified'],
    ],
    [
      'verified beats waiting',
      [
        { pm: false, checkedIn: 1 },
        { id: '2', am: false, presence: 'present', verifiedAt: 5 },
      ],
      ['-', 'verified half'],
    ],
    [
      'a half that waits beside one that was not made is a half',
      [
        { pm: false, checkedIn: 1 },
        { id: '2', am: false, checkedIn: 2, presence: 'not-there' },
      ],
      ['waiting half', '-'],
    ],
    [
      'the first check-in waits',
      [
        { pm: false, checkedIn: 8 },
        { id: '2', am: false, checkedIn: 3 },
      ],
      ['-', 'waiting'],
    ],
  ])('%s', (_name, visits, expected) => {
    expect(flags(visits.map(visit))).toEqual(expected);
  });

  test('a half day alone counts nothing where the bureau has said so', () => {
    expect(flags([visit({ pm: false, presence: 'present', verifiedAt: 1 })], false)).toEqual(['-']);
    expect(flags([visit({ presence: 'present', verifiedAt: 1 })], false)).toEqual(['verified']);
  });

  const anyVisit = fc.record({
    am: fc.boolean(),
    pm: fc.boolean(),
    state: fc.constantFrom('on', 'moved', 'cancelled') as fc.Arbitrary<Visit['state']>,
    checkedIn: fc.option(fc.integer({ min: 1, max: 50 })),
    presence: fc.constantFrom(null, 'present', 'not-there') as fc.Arbitrary<Visit['presence']>,
    verifiedAt: fc.integer({ min: 1, max: 50 }),
  });
  test('at most one visit of a day carries it, and it does when anything was verified', () => {
    fc.assert(
      fc.property(fc.array(anyVisit, { maxLength: 6 }), parts => {
        const marked = withTally(
          parts.map((p, i) => visit({ ...p, id: String(i + 1) })),
          true,
        );
        expect(marked.filter(v => v.tally !== null).length).toBeLessThanOrEqual(1);
        const verified = marked.some(v => v.state === 'on' && v.presence === 'present');
        expect(marked.some(v => v.tally === 'verified')).toBe(verified);
      }),
    );
  });

  test('what did not change is not written', () => {
    const a = visit({});
    expect(dayChanges([a], [a], true)).toEqual([]);
  });
});

test('a half is taken by what is on, not by what was moved', () => {
  const morning = visit({ pm: false });
  expect(clash([morning], { am: true, pm: false })).toBe(morning);
  expect(clash([morning], { am: false, pm: true })).toBeUndefined();
  expect(clash([{ ...morning, state: 'moved' }], { am: true, pm: true })).toBeUndefined();
});

test('ids stand in order of their making', () => {
  expect(['12', '2', '2-10', '2-2'].sort(compareIds)).toEqual(['2', '2-2', '2-10', '12']);
});
