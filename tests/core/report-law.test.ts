/** The law of counting: for a month by visit date, one scope and one instant, doctor-days = cells of the year's table = those of all reports plus what was reported since. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, at, type Day, day, monthOf, monthSpan, within } from '../../src/core/day.ts';
import { filingRows } from '../../src/core/filing.ts';
import { type FiledLine, type Filing, numbered, type Report, type Visit } from '../../src/core/records.ts';
import { isOpen, lineKey, linesToFile, periodsOf, sinceFiling } from '../../src/core/report.ts';
import { newVisit, withTally } from '../../src/core/visit.ts';
import { doctorDays, linesFrom } from '../../src/core/workload.ts';

const rules = {
  id: 'p',
  key: 'p@1',
  term: { from: day('2024-03-01'), until: day('2024-12-31'), clause: '' },
  report: {
    'due-day': 22,
    covers: 'same-month' as const,
    window: 'until-filing' as const,
    filers: [],
    clause: '',
    says: '',
    force: 'must' as const,
    closing: { due: day('2024-12-31'), clause: '', says: '', force: 'must' as const },
  },
};
const START = day('2024-10-01');
const clinics = ['a', 'b'] as const;

const visit = fc.record({
  person: fc.constantFrom('x', 'y', 'z'),
  clinic: fc.constantFrom(...clinics),
  day: fc.integer({ min: 0, max: 91 }),
  half: fc.constantFrom('day', 'am', 'pm'),
  /** Days until the clinic's word; a visit that never gets one. */
  verified: fc.option(fc.integer({ min: 0, max: 40 }), { nil: null }),
  /** Days from then until it is corrected to 没到. */
  corrected: fc.option(fc.integer({ min: 0, max: 40 }), { nil: null }),
});
const deed = fc.record({
  clinic: fc.constantFrom(...clinics),
  on: fc.integer({ min: 0, max: 100 }),
  what: fc.constantFrom('file', 'file', 'file', 'return'),
  period: fc.integer({ min: 0, max: 3 }),
});

/** Visits as they stand at the end of a day, flags where they belong. */
const standing = (all: readonly { v: Visit; from: Day | null; until: Day | null }[], on: Day, halfCounts: boolean): Visit[] => {
  const now = all.map(({ v, from, until }): Visit => {
    const known = from !== null && from <= on;
    return {
      ...v,
      presence: !known ? null : until !== null && until <= on ? 'not-there' : 'present',
      verifiedAt: known ? at(from, '17:00') : null,
    };
  });
  const days = new Map<string, Visit[]>();
  for (const v of now) days.set(`${v.day} ${v.person}`, [...(days.get(`${v.day} ${v.person}`) ?? []), v]);
  return [...days.values()].flatMap(d => withTally(d, halfCounts));
};

test.each([true, false])('whatever is visited, verified, corrected and filed when (a half day counts: %s)', halfCounts => {
  const periods = periodsOf(rules).filter(p => p.month >= monthOf(START));
  fc.assert(
    fc.property(fc.array(visit, { maxLength: 25 }), fc.array(deed, { maxLength: 14 }), (visits, deeds) => {
      const all = visits.map((x, n) => {
        const d = addDays(START, x.day);
        const from = x.verified === null ? null : addDays(d, x.verified);
        return {
          v: newVisit({
            id: `${n + 1}`,
            programme: 'p',
            county: 'c',
            person: x.person,
            clinic: x.clinic,
            hospital: 'h',
            posting: null,
            day: d,
            am: x.half !== 'pm',
            pm: x.half !== 'am',
          }),
          from,
          until: from === null || x.corrected === null ? null : addDays(from, x.corrected),
        };
      });
      const reports = new Map<string, Report>();
      let filings: Filing[] = [];
      let lines: FiledLine[] = [];
      let turn = 0;
      for (const { clinic, on: after, what, period: n } of [...deeds].sort((a, b) => a.on - b.on)) {
        const on = addDays(START, after);
        const period = periods[n]!;
        const key = `${clinic} ${period.month} ${period.kind}`;
        const report = reports.get(key);
        if (what === 'return') {
          if (report?.state === 'filed') reports.set(key, { ...report, state: 'returned' });
          continue;
        }
        if (period.opens > on || !isOpen(report, on)) continue;
        const current = new Set(filings.filter(f => f.state === 'current' && f.org === clinic && f.report !== report?.id).map(f => f.id));
        const elsewhere = new Set(lines.filter(l => current.has(l.filing)).map(lineKey));
        const own = linesFrom(standing(all, on, halfCounts), []).filter(l => l.clinic === clinic);
        const t = ++turn;
        const made = filingRows(
          {
            period,
            programme: rules,
            county: 'c',
            org: clinic,
            lines: linesToFile(period, own, elsewhere, on).map(({ line, supplement }) => ({ line: { ...line, note: null }, supplement })),
            zero: null,
            parts: {},
            unitMonth: undefined,
            as: 'self',
            by: 'p',
            at: at(on, '18:00'),
          },
          { report, filing: filings.find(f => f.id === report?.filing) },
          i => numbered(t, i),
        );
        reports.set(key, made.report);
        filings = [...filings.map(f => (f.id === made.superseded?.id ? made.superseded : f)), made.filing];
        lines = [...lines, ...made.lines];

        // Nothing stands in two reports, nothing of another month stands in one unmarked, and nothing comes from the future.
        const standingLines = lines.filter(l => filings.some(f => f.id === l.filing && f.state === 'current'));
        expect(new Set(standingLines.map(lineKey)).size).toBe(standingLines.length);
        for (const l of made.lines) {
          expect(l.day <= on).toBe(true);
          expect(l.supplement).toBe(period.kind === 'closing' || monthOf(l.day) < period.month);
        }
      }
      const end = addDays(START, 140);
      const now = standing(all, end, halfCounts);
      const present = linesFrom(now, []);
      const filed = lines.filter(l => filings.some(f => f.id === l.filing && f.state === 'current'));
      for (const period of periods.filter(p => p.kind === 'month')) {
        const span = monthSpan(period.month);
        for (const scope of [['a'], ['b'], ['a', 'b']]) {
          const here = (l: { clinic: string; day: Day }) => scope.includes(l.clinic) && within(l.day, span);
          const statistics = now.filter(v => here(v) && v.tally === 'verified').length;
          const cells = scope.map(c => doctorDays(present.filter(l => l.clinic === c && within(l.day, span)))).reduce((a, b) => a + b, 0);
          const since = sinceFiling(filed.filter(here), present.filter(here));
          expect(cells).toBe(statistics);
          expect(since.doctorDays.now).toBe(statistics);
          expect(since.doctorDays.filed).toBe(new Set(filed.filter(l => here(l) && l.counted).map(l => `${l.day} ${l.person}`)).size);
          expect(since.doctorDays.filed + since.doctorDays.added - since.doctorDays.gone).toBe(statistics);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('a law that can be broken: a report that forgets which lines others contain has them twice', () => {
  const [october, november] = periodsOf(rules).filter(p => p.month >= '2024-10');
  const line = { person: 'x', clinic: 'a', day: day('2024-10-29') };
  expect(linesToFile(october!, [line], new Set(), day('2024-10-31'))).toHaveLength(1);
  expect(linesToFile(november!, [line], new Set([lineKey(line)]), day('2024-11-20'))).toHaveLength(0);
  expect(linesToFile(november!, [line], new Set(), day('2024-11-20'))).toHaveLength(1);
});
