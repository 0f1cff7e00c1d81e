/** Windows, due days, nudge days, states and steps of monthly reports: each edge at, one before and one past. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { makeCalendar } from '../../src/bot/calendar-source.ts';
import { assumeWeekdays } from '../../src/core/calendar.ts';
import { addDays, at, day, month } from '../../src/core/day.ts';
import { filingRows, stepProblem } from '../../src/core/filing.ts';
import { postedIn } from '../../src/core/posting.ts';
import { numbered, type Posting, type Report } from '../../src/core/records.ts';
import {
  expectedUnits,
  isLate,
  isOpen,
  isShut,
  linesToFile,
  nudgeDays,
  overdueDays,
  partsOwed,
  periodsOf,
  rateOf,
  sinceFiling,
  stateOf,
} from '../../src/core/report.ts';
import { readProgramme } from '../../src/programmes/load.ts';
import { packageRoot } from '../../src/root.ts';

const programme = (id: string, change = (text: string) => text) =>
  readProgramme(change(readFileSync(join(packageRoot, 'src/programmes', `${id}.yaml`), 'utf8')), `${id}.yaml`).programme;
const county = programme('yongding-2024');
const province = programme('fujian-2022');
const calendar = assumeWeekdays(makeCalendar([]));
const said = (p: ReturnType<typeof periodsOf>[number]) => `${p.month} ${p.kind} ${p.span.from}…${p.span.to} 起${p.opens} 限${p.due}`;

describe('which reports there are', () => {
  test('a county by the 22nd of the same month, from the first one on, and what is left at the year’s end', () => {
    expect(periodsOf(county).map(said)).toEqual([
      '2024-03 first 2024-03-01…2024-03-31 起2024-03-01 限2024-03-31',
      '2024-04 month 2024-04-01…2024-04-30 起2024-04-01 限2024-04-22',
      '2024-05 month 2024-05-01…2024-05-31 起2024-05-01 限2024-05-22',
      '2024-06 month 2024-06-01…2024-06-30 起2024-06-01 限2024-06-22',
      '2024-07 month 2024-07-01…2024-07-31 起2024-07-01 限2024-07-22',
      '2024-08 month 2024-08-01…2024-08-31 起2024-08-01 限2024-08-22',
      '2024-09 month 2024-09-01…2024-09-30 起2024-09-01 限2024-09-22',
      '2024-10 month 2024-10-01…2024-10-31 起2024-10-01 限2024-10-22',
      '2024-11 month 2024-11-01…2024-11-30 起2024-11-01 限2024-11-22',
      '2024-12 month 2024-12-01…2024-12-31 起2024-12-01 限2024-12-22',
      '2024-12 closing 2025-01-01…2024-12-31 起2024-12-01 限2024-12-31',
    ]);
  });
  test('from the 23rd to the 22nd, where the bureau wants it so', () => {
    const periods = periodsOf(county, true).map(said);
    expect(periods[1]).toBe('2024-04 month 2024-03-23…2024-04-22 起2024-03-23 限2024-04-22');
    expect(periods.at(-1)).toBe('2024-12 closing 2024-12-23…2024-12-31 起2024-11-23 限2024-12-31');
  });
  test('a province by the 5th for the month before: the last one is due after the year’s end', () => {
    const periods = periodsOf(province).map(said);
    expect([periods.length, periods[0], periods.at(-1)]).toEqual([
      8,
      '2022-05 first 2022-05-01…2022-05-31 起2022-06-01 限2022-06-05',
      '2022-12 month 2022-12-01…2022-12-31 起2023-01-01 限2023-01-05',
    ]);
    expect(periodsOf(province, true), 'no other months where the whole month before is asked').toEqual(periodsOf(province));
  });
  test('a due day that a month does not have is its last', () => {
    const late = programme('yongding-2024', t => t.replace('due-day: 22', 'due-day: 31'));
    expect(
      periodsOf(late)
        .slice(1, 3)
        .map(p => p.due),
    ).toEqual(['2024-04-30', '2024-05-31']);
  });
  test('a programme without reports has none', () => {
    expect(periodsOf(programme('shanxi-2024'))).toEqual([]);
  });
});

describe('due', () => {
  test.each([
    ['2024-04-22', '23:59', false],
    ['2024-04-23', '00:00', true],
    ['2024-04-21', '10:00', false],
  ])('%s %s is late: %s', (d, time, late) => expect(isLate(day('2024-04-22'), at(day(d), time))).toBe(late));

  // The day, its nudges, the three workdays after it.
  test.each([
    ['an ordinary one', '2024-10-22', '10-17 10-21 10-22', '10-23 10-24 10-25'],
    ['a Saturday: the last nudge on Friday, two are one', '2024-06-22', '06-19 06-21', '06-24 06-25 06-26'],
    ['a Sunday', '2024-12-22', '12-18 12-20', '12-23 12-24 12-25'],
    ['just after 中秋, with a made-up Saturday before', '2024-09-18', '09-12 09-14 09-18', '09-19 09-20 09-23'],
    ['after 春节 with its made-up Sunday', '2024-02-19', '02-08 02-18 02-19', '02-20 02-21 02-22'],
    ['the 22nd after 春节', '2024-02-22', '02-19 02-21 02-22', '02-23 02-26 02-27'],
    ['within 春节', '2024-02-12', '02-07 02-09', '02-18 02-19 02-20'],
    ['within 国庆, a made-up Sunday before', '2024-10-05', '09-27 09-30', '10-08 10-09 10-10'],
    ['the day before 国庆', '2024-09-30', '09-26 09-29 09-30', '10-08 10-09 10-10'],
    ['the first report, a Sunday', '2024-03-31', '03-27 03-29', '04-01 04-02 04-03'],
    ['a month’s end', '2024-04-30', '04-26 04-29 04-30', '05-06 05-07 05-08'],
    ['the year’s end', '2024-12-31', '12-26 12-30 12-31', '01-02 01-03 01-06'],
    ['within 端午', '2022-06-05', '05-31 06-02', '06-06 06-07 06-08'],
    ['after 元旦', '2023-01-05', '12-30 01-04 01-05', '01-06 01-09 01-10'],
  ])('%s: %s', (_, due, nudges, after) => {
    const short = (days: string[]) => days.map(d => d.slice(5)).join(' ');
    expect(short(nudgeDays(day(due), calendar))).toBe(nudges);
    expect(short(overdueDays(day(due), calendar))).toBe(after);
  });
});

describe('what stands in a report', () => {
  const line = (d: string, person = 'z', clinic = 'a') => ({ day: day(d), person, clinic });
  const [first, april, may] = periodsOf(county);
  const closing = periodsOf(county).at(-1)!;
  const filed = (p: typeof april, days: string[], on: string, known: string[] = []) =>
    linesToFile(
      p!,
      days.map(d => line(d)),
      new Set(known.map(d => `${d} z a`)),
      day(on),
    ).map(l => `${l.line.day.slice(5)}${l.supplement ? '补' : ''}`);

  test('visits of the month until it is filed, filed before, on and after the 22nd', () => {
    const days = ['2024-04-01', '2024-04-21', '2024-04-22', '2024-04-23', '2024-04-30', '2024-05-01'];
    expect(filed(april, days, '2024-04-21')).toEqual(['04-01', '04-21']);
    expect(filed(april, days, '2024-04-22')).toEqual(['04-01', '04-21', '04-22']);
    expect(filed(april, days, '2024-04-23')).toEqual(['04-01', '04-21', '04-22', '04-23']);
    expect(filed(april, days, '2024-05-08'), 'May’s are not April’s').toEqual(['04-01', '04-21', '04-22', '04-23', '04-30']);
  });
  test('earlier ones that no report contains stand in it with their own day', () => {
    expect(filed(may, ['2024-04-21', '2024-04-23', '2024-05-08'], '2024-05-20', ['2024-04-21'])).toEqual(['04-23补', '05-08']);
    expect(filed(first, ['2024-01-17', '2024-03-20'], '2024-03-29'), 'the first has what came before it').toEqual(['01-17补', '03-20']);
  });
  test('after December’s, 年终补报 has what is left', () => {
    expect(filed(closing, ['2024-12-19', '2024-12-26', '2024-12-31'], '2024-12-30', ['2024-12-19'])).toEqual(['12-26补']);
    expect(filed(closing, ['2024-12-26', '2024-12-31'], '2025-01-03')).toEqual(['12-26补', '12-31补']);
  });
  test('by the 5th: the whole month before, and nothing of this one', () => {
    const [p] = periodsOf(province);
    expect(filed(p, ['2022-05-31', '2022-06-01'], '2022-06-05')).toEqual(['05-31']);
  });

  test('filed again, it takes the place of what was filed; as late as the first time', () => {
    const draft = (at_: number) => ({
      period: april!,
      programme: county,
      county: 'c',
      org: 'a',
      lines: [],
      zero: '没有',
      parts: {},
      unitMonth: undefined,
      as: 'self' as const,
      by: 'p',
      at: at_,
    });
    const one = filingRows(draft(at(day('2024-04-22'), '23:59')), { report: undefined, filing: undefined }, n => numbered(1, n));
    expect([one.filing.late, one.report.state]).toEqual([false, 'filed']);
    const two = filingRows(
      draft(at(day('2024-04-25'), '09:00')),
      { report: { ...one.report, state: 'returned', why: '错' }, filing: one.filing },
      n => numbered(2, n),
    );
    expect([two.filing.late, two.report.id, two.report.why, two.superseded?.state]).toEqual([false, one.report.id, null, 'superseded']);
    expect(
      filingRows(draft(at(day('2024-04-23'), '00:00')), { report: undefined, filing: undefined }, n => numbered(3, n)).filing.late,
    ).toBe(true);
  });

  test('what changed since is told cell by cell', () => {
    const l = (d: string, figures: Record<string, number>, counted = true) => ({ ...line(d), figures, words: {}, counted });
    const since = sinceFiling(
      [l('2024-04-08', { n: 30 }), l('2024-04-10', {})],
      [l('2024-04-08', { n: 31, m: 0 }), l('2024-04-25', {}), l('2024-04-26', {}, false)],
    );
    expect(since.doctorDays).toEqual({ filed: 2, now: 2, added: 1, gone: 1 });
    expect(since.changed.map(c => [c.figure, c.from, c.to])).toEqual([
      ['n', 30, 31],
      ['m', undefined, 0],
    ]);
  });
});

describe('who reports, and how far it is', () => {
  const posting = (clinic: string, from: string, until: string | null = null, hospital = 'h') =>
    ({ clinic, hospital, from: month(from), until: until && month(until) }) as Posting;
  const postings = [posting('a', '2024-01'), posting('a', '2024-03'), posting('b', '2024-05'), posting('c', '2024-01', '2024-04', 'g')];
  test.each([
    ['2024-04', 'a c', 'h g'],
    ['2024-05', 'a b', 'h'],
    ['2023-12', '', ''],
  ])('units with a posting in %s', (m, clinics, hospitals) => {
    const posted = postings.filter(p => postedIn(p, month(m)));
    expect(expectedUnits({ by: 'clinic' }, posted).join(' ')).toBe(clinics);
    expect(expectedUnits({ by: 'hospital' }, posted).join(' ')).toBe(hospitals);
  });

  const report = (state: Report['state'], more: Partial<Report> = {}): Report => ({
    id: '1',
    programme: 'p',
    programmeKey: 'p@1',
    county: 'c',
    org: 'a',
    month: month('2024-04'),
    kind: 'month',
    state,
    filing: null,
    parts: {},
    why: null,
    by: null,
    at: null,
    openUntil: null,
    reminded: null,
    ...more,
  });
  it('is nothing, a draft, or what was done with it; a reminder alone makes no draft', () => {
    expect([
      stateOf(undefined, false),
      stateOf(undefined, true),
      stateOf(report('draft', { reminded: day('2024-04-23') }), false),
      stateOf(report('draft', { parts: { x: '字' } }), false),
      stateOf(report('returned'), true),
    ]).toEqual(['nothing', 'draft', 'nothing', 'draft', 'returned']);
  });
  it('a lock opens until the end of a day', () => {
    const until = day('2024-05-08');
    const open = report('locked', { openUntil: until });
    expect([addDays(until, -1), until, addDays(until, 1)].map(d => [isShut(open, d), isOpen(open, d)])).toEqual([
      [false, true],
      [false, true],
      [true, false],
    ]);
  });
  it('may be filed until it is, and again when it was returned', () => {
    const states = [undefined, report('draft'), report('returned'), report('filed'), report('accepted'), report('locked')];
    expect(states.map(r => isOpen(r, day('2024-05-06')))).toEqual([true, true, true, false, false, false]);
  });
  it('rates count whoever is expected, once, and never pass all of them', () => {
    const units = [
      { org: 'a', report: report('accepted'), filing: { late: false, at: 0, as: 'self' as const } },
      { org: 'b', report: report('filed'), filing: { late: true, at: 0, as: 'self' as const } },
      { org: 'c', report: report('returned'), filing: { late: false, at: 0, as: 'self' as const } },
      { org: 'd', report: undefined, filing: undefined },
    ];
    const due = day('2024-04-22');
    expect(rateOf(units, due, due)).toEqual({ expected: 4, filed: 2, onTime: 1, late: 1, merged: 0, overdue: 0 });
    expect(rateOf(units, due, addDays(due, 1)).overdue).toBe(2);
  });
  it('whoever sends the first report up writes its parts', () => {
    const filers = county.report!.filers;
    expect(filers.map(f => partsOwed(county, { kind: 'first' }, f).length)).toEqual([0, 0, 4]);
    expect(partsOwed(county, { kind: 'month' }, filers[2]!)).toEqual([]);
  });

  const today = day('2024-05-06');
  const none = { below: [], above: undefined, today };
  test.each([
    ['accept', report('filed'), none, undefined],
    ['accept', report('returned'), none, 'not-filed'],
    ['accept', undefined, none, 'not-filed'],
    ['accept', report('accepted'), none, 'already'],
    ['accept', report('filed'), { ...none, below: [report('accepted'), report('filed')] }, 'below-open'],
    ['accept', report('filed'), { ...none, below: [report('accepted'), report('locked')] }, undefined],
    ['accept', report('filed'), { ...none, below: [undefined] }, 'below-open'],
    ['return', report('accepted'), none, undefined],
    ['return', report('accepted'), { ...none, above: report('filed') }, undefined],
    ['return', report('accepted'), { ...none, above: report('accepted') }, 'above-accepted'],
    ['return', report('draft'), none, 'not-filed'],
    ['return', report('locked'), none, 'locked'],
    ['lock', report('filed'), none, 'not-accepted'],
    ['lock', report('accepted'), none, undefined],
    ['lock', report('locked'), none, 'already'],
    ['unlock', report('accepted'), none, undefined],
    ['unlock', report('filed'), none, 'not-locked'],
    ['unlock', report('locked'), none, undefined],
    ['unlock', report('locked', { openUntil: today }), none, 'already'],
    ['unlock', report('locked', { openUntil: addDays(today, -1) }), none, undefined],
    ['unlock', report('locked'), { ...none, above: report('locked') }, 'above-accepted'],
  ] as const)('%s of %o', (step, r, around, problem) => expect(stepProblem(step, r, around)).toBe(problem));
});
