/**
 * A player who says sensible and half sensible things at random: whatever was said, the records of the daily flow agree with each other.
 * `PLAY_SEED=7 PLAY_STEPS=2000` plays another, longer one.
 */
import { afterEach, expect, test } from 'vitest';
import { addDays, at } from '../../src/core/day.ts';
import type { Case, CheckIn, Workload } from '../../src/core/records.ts';
import { type Chat, chat } from '../harness/chat.ts';
import { faultsOf, goneFaults, rowsOf } from '../harness/consistent.ts';
import { play } from '../harness/player.ts';

let room: Chat;
afterEach(() => room.close());

test('after days of random sayings no record contradicts another', { timeout: 900_000 }, async () => {
  room = await chat();
  const { seed, faults, transcript } = await play(room, Number(process.env['PLAY_SEED'] ?? 1), Number(process.env['PLAY_STEPS'] ?? 120));
  expect(faults, `seed ${seed}\n${transcript.join('\n')}`).toEqual([]);
  expect((await room.open.store().verifyJournal()).brokenAt).toBeNull();
});

test('what contradicts is seen', async () => {
  room = await chat();
  const rows = await rowsOf(room.open.store().read);
  expect(faultsOf(rows)).toEqual([]);
  const [visit] = rows.visits.filter(v => v.day === '2024-04-09');
  const with_ = (changed: Partial<typeof visit>, ...more: typeof rows.visits) =>
    faultsOf({ ...rows, visits: [...rows.visits.map(v => (v === visit ? { ...v, ...changed } : v)), ...more] }).map(
      f => f.says.split(':')[0],
    );
  expect(with_({ state: 'leave' })).toEqual(['on leave without a leave']);
  expect(with_({ state: 'moved', moved: 'x' })).toEqual(['moved to nowhere']);
  expect(with_({ presence: 'not-there' })).toEqual(['reported as not there, and nobody weighs it']);
  expect(with_({ tally: 'verified' })).toEqual(['the doctor-day is not where it belongs']);
  expect(with_({ state: 'moved', moved: visit!.id, presence: 'not-there' })).toContain('there or not there, and not expected');
  expect(with_({}, { ...visit!, id: 'x' })).toEqual(['two visits in one half day']);
  const { person, clinic, day } = visit!;
  const beside = (more: Partial<typeof rows>) => faultsOf({ ...rows, ...more }).map(f => f.says);
  const noticed = { id: 'c', person, day, visit: visit!.id, state: 'closed', at: at(day, '09:00') } as Case;
  expect(beside({ cases: [noticed] })).toEqual([]);
  expect(beside({ cases: [{ ...noticed, at: at(addDays(day, -1), '23:59') }] })).toEqual(['case c is of a day that was still ahead']);
  expect(beside({ cases: [{ ...noticed, visit: 'x' }] })).toEqual(['case c belongs to no visit']);
  expect(beside({ checkIns: [{ id: 's', person, visit: 'x' } as CheckIn] })).toEqual(['check-in s belongs to no visit']);
  const figures = { id: 'w', person, clinic, day } as Workload;
  expect(beside({ workloads: [figures] })).toEqual([]);
  expect(beside({ workloads: [{ ...figures, day: addDays(day, 300) }] })).toEqual(['figures w belong to no visit']);
});

test('what goes from under what was done is seen', async () => {
  room = await chat();
  const rows = await rowsOf(room.open.store().read);
  const [visit] = rows.visits.filter(v => v.day === '2024-04-09');
  const { person, clinic, day } = visit!;
  const gone = (before: Partial<typeof visit>, after: Partial<typeof visit>, workloads: Workload[] = []) =>
    goneFaults({ ...rows, workloads, visits: [{ ...visit!, ...before }] }, { ...rows, workloads, visits: [{ ...visit!, ...after }] }).map(
      f => f.says.split(':')[0],
    );
  const came = { checkedIn: at(day, '08:00') };
  const figures = [{ id: 'w', person, clinic, day } as Workload];
  expect(gone({}, { state: 'moved' })).toEqual([]);
  expect(gone(came, { ...came, state: 'leave' })).toEqual(['gone from under its check-in']);
  expect(gone(came, { state: 'moved' })).toEqual([]);
  expect(gone({ ...came, presence: 'not-there' }, { ...came, state: 'leave' })).toEqual([]);
  expect(gone({}, { state: 'cancelled' }, figures)).toEqual(['gone from under its figures']);
  expect(gone({}, {}, figures)).toEqual([]);
});
