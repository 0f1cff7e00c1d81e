import { describe, expect, test } from 'vitest';
import { checkInTarget } from '../../src/core/check-in.ts';
import { type Day, day, type Half } from '../../src/core/day.ts';
import type { Posting, Visit } from '../../src/core/records.ts';
import { newVisit } from '../../src/core/visit.ts';

const on = day('2024-04-10');
const visit = (id: string, v: Partial<Visit>): Visit =>
  newVisit({ id, programme: 'p', county: 'k', person: 'a', clinic: 'A', hospital: 'h', posting: null, day: on, ...v });
const am = { pm: false };
const pm = { am: false };

describe('which visit of the day a check-in belongs to', () => {
  test.each<[string, Partial<Visit>[], { half?: Half; clinic?: string }, string]>([
    ['the day’s visit', [{}], { half: 'am' }, 'visit 1'],
    ['a second tap', [{ checkedIn: 1 }], { half: 'pm' }, 'already 1'],
    ['in the morning the morning’s', [am, pm], { half: 'am' }, 'visit 1'],
    ['a second tap in the morning leaves the afternoon’s alone', [{ ...am, checkedIn: 1 }, pm], { half: 'am' }, 'already 1 later 2'],
    ['in the afternoon, or asked so, the afternoon’s', [{ ...am, checkedIn: 1 }, pm], { half: 'pm' }, 'visit 2'],
    ['who comes early to an afternoon is there', [pm], { half: 'am' }, 'visit 1'],
    ['who comes late to a morning is there', [am], { half: 'pm' }, 'visit 1'],
    [
      'a morning that was missed is not what a second tap in the afternoon means',
      [am, { ...pm, checkedIn: 1 }],
      { half: 'pm' },
      'already 2',
    ],
    ['morning here, afternoon there', [am, { ...pm, clinic: 'B' }], { half: 'am' }, 'visit 1'],
    ['the same in the afternoon', [am, { ...pm, clinic: 'B' }], { half: 'pm' }, 'visit 2'],
    [
      'the other clinic named',
      [
        { ...am, checkedIn: 1 },
        { ...pm, clinic: 'B' },
      ],
      { half: 'am', clinic: 'B' },
      'visit 2',
    ],
    ['two clinics all day: which is asked', [{}, { clinic: 'B' }], { half: 'am' }, 'which A B'],
    ['two clinics all day, one named', [{}, { clinic: 'B' }], { half: 'am', clinic: 'B' }, 'visit 2'],
    ['at the one already: whether at the other is asked', [{ checkedIn: 1 }, { clinic: 'B' }], { half: 'am' }, 'which B at 1'],
    ['two clinics, time unknown', [am, { ...pm, clinic: 'B' }], {}, 'which A B'],
  ])('%s', (_name, visits, { half, clinic }, expected) => {
    const target = checkInTarget(
      { day: visits.map((v, n) => visit(`${n + 1}`, v)), month: [], postings: [] },
      { person: 'a', day: on, clinic, half, halves: { am: true, pm: true }, id: '9' },
    );
    const said =
      target.kind === 'which'
        ? `which ${target.clinics.join(' ')}${target.there ? ` at ${target.there.id}` : ''}`
        : target.kind === 'visit'
          ? `visit ${target.visit.id}`
          : target.kind === 'already'
            ? `already ${target.visit.id}${target.later ? ` later ${target.later.id}` : ''}`
            : target.kind;
    expect(said).toBe(expected);
  });
});

describe('an unplanned visit may stand for an open planned one of the month', () => {
  const posting = { id: 'q', programme: 'p', county: 'k', clinic: 'A', hospital: 'h' } as Posting;
  test.each<[string, (Partial<Visit> & { day: Day })[], string | undefined]>([
    ['the first that is open', [{ day: day('2024-04-24') }, { day: day('2024-04-17') }], '2'],
    ['checked in already', [{ day: day('2024-04-03'), checkedIn: 1 }], undefined],
    ['reported as not made', [{ day: day('2024-04-03'), presence: 'not-there' }], undefined],
    ['moved', [{ day: day('2024-04-03'), state: 'moved' }], undefined],
    ['unplanned itself', [{ day: day('2024-04-03'), planned: false }], undefined],
    ['at another clinic', [{ day: day('2024-04-17'), clinic: 'B' }], undefined],
  ])('%s', (_name, planned, expected) => {
    const target = checkInTarget(
      { day: [], month: planned.map((v, n) => visit(`${n + 1}`, v)), postings: [posting] },
      { person: 'a', day: on, clinic: undefined, half: 'am', halves: { am: true, pm: true }, id: '9' },
    );
    expect(target.kind === 'unplanned' ? target.insteadOf?.id : target.kind).toBe(expected);
  });
});
