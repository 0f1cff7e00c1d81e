import { describe, expect, test } from 'vitest';
import { type Day, day, type Month } from '../../src/core/day.ts';
import type { Posting, Visit } from '../../src/core/records.ts';
import { coverageGaps, isPublished, lackingAfter, planVisits } from '../../src/core/schedule.ts';
import { newVisit } from '../../src/core/visit.ts';

const posting = (p: Partial<Posting> = {}): Posting => ({
  id: 'p1',
  programme: 'x',
  county: 'k',
  person: 'a',
  clinic: 'c1',
  hospital: 'h',
  title: null,
  specialty: null,
  need: null,
  from: '2024-01' as Month,
  until: null,
  arranged: false,
  roster: null,
  ...p,
});
const visit = (v: Partial<Visit> & { day: Day }): Visit =>
  newVisit({ id: '1', programme: 'x', county: 'k', person: 'a', clinic: 'c1', hospital: 'h', posting: 'p1', ...v });
const whole = (d: string) => ({ day: day(d), am: true, pm: true });
const plan = (wanted: { day: Day; am: boolean; pm: boolean }[], facts: Partial<Parameters<typeof planVisits>[0]> = {}, clinic?: string) =>
  planVisits(
    { visits: [], postings: [posting()], ...facts },
    {
      wanted,
      clinic,
      type: 'outpatient',
      today: day('2024-04-08'),
      term: { from: day('2024-01-01'), until: day('2024-12-31') },
      ids: n => `7-${n}`,
    },
  );

describe('planning', () => {
  test('today may be planned, yesterday may not', () => {
    expect(plan([whole('2024-04-08')])).toMatchObject({ ok: true });
    expect(plan([whole('2024-04-07')])).toMatchObject({ ok: false, code: 'past', days: ['2024-04-07'] });
  });
  test('the programme’s last day may be planned, the day after may not', () => {
    expect(plan([whole('2024-12-31')])).toMatchObject({ ok: true });
    expect(plan([whole('2025-01-01')])).toMatchObject({ ok: false, code: 'outside' });
  });
  test('all or nothing: one half in the way and nothing is planned', () => {
    const taken = visit({ day: day('2024-04-10'), pm: false });
    expect(plan([whole('2024-04-09'), whole('2024-04-10')], { visits: [taken] })).toEqual({ ok: false, code: 'clash', with: [taken] });
    expect(plan([{ ...whole('2024-04-10'), am: false }], { visits: [taken] })).toMatchObject({ ok: true });
  });
  test('the same day twice in one line is a clash', () => {
    expect(plan([whole('2024-04-10'), whole('2024-04-10')])).toMatchObject({ ok: false, code: 'clash' });
  });
  test('a physician of two clinics is asked which; of none is told so; the month of the day decides', () => {
    const two = [posting(), posting({ id: 'p2', clinic: 'c2' })];
    expect(plan([whole('2024-04-10')], { postings: two })).toEqual({ ok: false, code: 'which-clinic', clinics: ['c1', 'c2'] });
    expect(plan([whole('2024-04-10')], { postings: two }, 'c2')).toMatchObject({ ok: true, visits: [{ clinic: 'c2', posting: 'p2' }] });
    expect(plan([whole('2024-06-03')], { postings: [posting({ until: '2024-05' as Month })] })).toMatchObject({
      ok: false,
      code: 'no-posting',
      month: '2024-06',
    });
  });
});

test('published for the clinic, the hospital or the county, of that month only', () => {
  const v = visit({ day: day('2024-05-31') });
  const pub = (org: string, month: string) => ({ id: '1', programme: 'x', org, month: month as Month, at: 0, by: 'b' });
  for (const org of ['c1', 'h', 'k']) expect(isPublished(v, [pub(org, '2024-05')])).toBe(true);
  expect(isPublished(v, [pub('c2', '2024-05'), pub('c1', '2024-06')])).toBe(false);
});

test('gaps: a clinic with nobody, a physician below the duty, no home visit; an arranged posting owes nothing', () => {
  const april = day('2024-04-10');
  const gaps = coverageGaps({
    clinics: ['c1', 'c2', 'c3'],
    postings: [
      posting(),
      posting({ id: 'p2', person: 'b', clinic: 'c2' }),
      posting({ id: 'p3', person: 'c', clinic: 'c3', arranged: true }),
    ],
    visits: [visit({ day: april, pm: false })],
    duty: 2,
    home: 1,
  });
  expect(gaps).toEqual([
    { kind: 'no-visit', clinic: 'c2', person: null },
    { kind: 'below-duty', clinic: 'c1', person: 'a' },
    { kind: 'no-home-visit', clinic: 'c1', person: 'a' },
    { kind: 'no-home-visit', clinic: 'c2', person: 'b' },
  ]);
});

describe('a visit that goes to another month', () => {
  const v = visit({ id: '1', day: day('2024-04-17') });
  const lacking = (
    visits: Visit[],
    {
      moved = [v],
      to = '2024-05-08',
      exempt = [] as string[],
      duty = 2,
    }: { moved?: Visit[]; to?: string; exempt?: string[]; duty?: number } = {},
  ) => lackingAfter(moved, day(to), { visits, exempt: new Set(exempt), duty }).map(l => [l.person, l.month, l.left]);
  const half = (id: string, d: string, more: Partial<Visit> = {}) => visit({ id, day: day(d), pm: false, ...more });
  test.each<[string, Visit[], Parameters<typeof lacking>[1], (string | number)[][]]>([
    ['leaves none', [v], {}, [['a', '2024-04', 0]]],
    ['leaves one half day of two', [v, half('2', '2024-04-03')], {}, [['a', '2024-04', 1]]],
    ['leaves as much as is owed', [v, half('2', '2024-04-03'), half('3', '2024-04-10')], {}, []],
    ['within its month lacks nothing', [v], { to: '2024-04-30' }, []],
    ['of whom owes no minimum', [v], { exempt: ['a'] }, []],
    ['beside one that was not made', [v, visit({ id: '2', day: day('2024-04-03'), presence: 'not-there' })], {}, [['a', '2024-04', 0]]],
    ['beside one of another physician', [v, visit({ id: '2', day: day('2024-04-03'), person: 'b' })], {}, [['a', '2024-04', 0]]],
  ])('%s', (_name, visits, how, expected) => {
    expect(lacking(visits, how)).toEqual(expected);
  });
  test('both halves of one day are said once, two physicians each', () => {
    const am = half('1', '2024-04-17');
    const pm = visit({ id: '2', day: day('2024-04-17'), am: false });
    const other = visit({ id: '3', day: day('2024-04-17'), person: 'b' });
    expect(lacking([am, pm, other], { moved: [am, pm, other] })).toEqual([
      ['a', '2024-04', 0],
      ['b', '2024-04', 0],
    ]);
  });
});
