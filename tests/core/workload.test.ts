import { describe, expect, it } from 'vitest';
import { day } from '../../src/core/day.ts';
import type { Report, Visit, Workload } from '../../src/core/records.ts';
import { newVisit, withTally } from '../../src/core/visit.ts';
import { closedReport, doctorDays, homeHalfDays, linesFrom, sparing, sumOf, unusualOf } from '../../src/core/workload.ts';
import type { FigureData } from '../../src/programmes/schema.ts';

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

it('a month takes figures until its report is accepted, and again to the end of the day that it is open until', () => {
  const report = (state: Report['state'], openUntil: string | null = null) => ({ state, openUntil: openUntil && day(openUntil) }) as Report;
  const closed = (r: Report) => closedReport([r], day('2024-05-08')) !== undefined;
  expect((['draft', 'filed', 'returned', 'accepted', 'locked'] as const).map(s => closed(report(s)))).toEqual([
    false,
    false,
    false,
    true,
    true,
  ]);
  expect(['2024-05-07', '2024-05-08', '2024-05-09'].map(d => closed(report('locked', d)))).toEqual([true, false, false]);
});

it('其余0 spares what was reported as more than nothing', () => {
  const given = { figures: { a: 0, b: 0, c: 0 }, words: {}, others: ['a', 'b', 'c'] };
  expect(sparing({ figures: { a: 3, b: 0 }, words: {} }, given)).toMatchObject({ given: { figures: { b: 0, c: 0 } }, spared: ['a'] });
});

it('unusual is what is above the figure’s measure, money in yuan', () => {
  const of = (value: number, more: object) =>
    unusualOf([{ id: 'n', unusual: 100, ...more } as FigureData], { figures: { n: value }, words: {} }).length;
  expect([of(100, {}), of(101, {}), of(10_000, { kind: 'money' }), of(10_001, { kind: 'money' })]).toEqual([0, 1, 0, 1]);
});

describe('half days of home visits', () => {
  const meets = [{ id: 'home', meets: 'home-visit' }, { id: 'n' }] as FigureData[];
  it.each<[string, Visit[], Workload[], number]>([
    ['of a visit of that kind: its halves', [visit('1', 'a', { type: 'home' })], [], 2],
    ['of a half one', [visit('1', 'a', { type: 'home', pm: false })], [], 1],
    ['of figures on another visit: one', [visit('1', 'a')], [figures('a', { home: 4 })], 1],
    ['not twice, where both say so', [visit('1', 'a', { type: 'home', pm: false })], [figures('a', { home: 4 })], 1],
    ['not of figures that are nought, or of another kind', [visit('1', 'a')], [figures('a', { home: 0, n: 4 })], 0],
    ['not of figures where no visit is', [visit('1', 'b')], [figures('a', { home: 4 })], 0],
  ])('%s', (_what, visits, workloads, halves) => expect(homeHalfDays(visits, workloads, meets).get('z') ?? 0).toBe(halves));
});
