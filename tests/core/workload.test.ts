import { describe, expect, it } from 'vitest';
import { day } from '../../src/core/day.ts';
import type { Visit, Workload } from '../../src/core/records.ts';
import { newVisit, withTally } from '../../src/core/visit.ts';
import { doctorDays, linesFrom, sumOf } from '../../src/core/workload.ts';

const visit = (id: string, clinic: string, more: Partial<Visit> = {}): Visit =>
  newVisit({ id, programme: 'p', county: 'c', person: 'z', clinic, hospital: 'h', posting: null, day: day('2024-05-08'), ...more });
const present = (id: string, clinic: string, more: Partial<Visit> = {}): Visit =>
  visit(id, clinic, { presence: 'present', verifiedAt: Number(id), ...more });
const figures = (clinic: string, values: Record<string, number>): Workload => ({
  id: `w${clinic}`,
  programme: 'p',
  county: 'c',
  person: 'z',
  clinic,
  hospital: 'h',
  day: day('2024-05-08'),
  figures: values,
  words: {},
  by: 'z',
  at: 0,
  as: 'self',
  late: false,
  confirmed: 0,
  verifiedBy: null,
  verifiedAt: null,
  reason: null,
  proposal: null,
});

describe('lines of work', () => {
  it('two halves at one clinic are one line and one doctor-day', () => {
    const lines = linesFrom(withTally([present('1', 'a', { pm: false }), present('2', 'a', { am: false })], true), [
      figures('a', { n: 3 }),
    ]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ clinic: 'a', counted: true, half: false, figures: { n: 3 } });
  });
  it('two clinics on one day are two lines and one doctor-day; the other says where it was counted', () => {
    const lines = linesFrom(withTally([present('1', 'a', { pm: false }), present('2', 'b', { am: false })], true), []);
    expect(lines.map(l => [l.clinic, l.counted, l.countedAt])).toEqual([
      ['a', true, null],
      ['b', false, 'a'],
    ]);
    expect(doctorDays(lines)).toBe(1);
  });
  it('what nobody verified is no line, whatever was reported of it', () => {
    expect(linesFrom([visit('1', 'a')], [figures('a', { n: 9 })])).toEqual([]);
  });
  it('zero is reported, absent is not', () => {
    const lines = linesFrom(withTally([present('1', 'a')], true), [figures('a', { n: 0 })]);
    expect([sumOf(lines, 'n'), sumOf(lines, 'm')]).toEqual([0, null]);
  });
});
