/** /统计, annex 1 and annex 3 are one tally, whatever was planned, split, verified late, or came after a filing. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openStore } from '../../db/open.ts';
import type { Gathering } from '../../src/bot/form-desk.ts';
import { gatherForm } from '../../src/bot/forms.ts';
import { linesOf } from '../../src/bot/lines.ts';
import { addDays, at, type Day, day, type Month, monthOf, monthSpan } from '../../src/core/day.ts';
import type { FormAsk } from '../../src/core/form.ts';
import type { Change, FiledLine, Filing, Org, Visit, Workload } from '../../src/core/records.ts';
import { newVisit, withTally } from '../../src/core/visit.ts';
import { loadProgrammes } from '../../src/programmes/load.ts';
import { packageRoot } from '../../src/root.ts';

const programmes = loadProgrammes([join(packageRoot, 'src/programmes')]).map(p => p.programme);
const programme = programmes.find(p => p.id === 'yongding-2024')!;
/** The same visits under the province's document, two years before. */
const fujian = programmes.find(p => p.id === 'fujian-2022')!;
const MONTH = '2024-05' as Month;
const FILED_AT = day('2024-05-20');
const NOW = at(day('2024-06-10'), '09:00');

interface Drawn {
  person: number;
  clinic: number;
  offset: number;
  half: 'am' | 'pm' | 'both';
  state: 'verified' | 'late' | 'taken-back' | 'not-there' | 'open';
  /** As first reported, and as corrected after the filing; undefined: not. */
  treated: number | undefined;
  corrected: number | undefined;
}
const visits = fc.array(
  fc.record<Drawn>({
    person: fc.nat(3),
    clinic: fc.nat(2),
    offset: fc.nat(45),
    half: fc.constantFrom('am', 'pm', 'both'),
    state: fc.constantFrom('verified', 'verified', 'late', 'taken-back', 'not-there', 'open'),
    treated: fc.option(fc.nat(300), { nil: undefined }),
    corrected: fc.option(fc.nat(300), { nil: undefined }),
  }),
  { minLength: 5, maxLength: 40 },
);

const org = (id: string, kind: Org['kind'], order: number | null): Org => ({
  id,
  kind,
  level: kind === 'bureau' ? 'county' : 'township',
  name: id,
  names: [id],
  city: '某市',
  district: '某县',
  parent: null,
  county: 'county',
  type: null,
  phone: null,
  phoneMask: null,
  need: null,
  order,
  place: null,
});

/** As verified at a time: what was verified late was still open when the report was filed, what was taken back was verified then. */
const laid = (drawn: readonly Drawn[], late: boolean): Visit[] => {
  const byDay = new Map<string, Visit[]>();
  const taken = new Set<string>();
  drawn.forEach((d, i) => {
    const on = addDays(day('2024-04-25'), d.offset);
    const halves = (['am', 'pm'] as const).filter(h => d.half === 'both' || d.half === h).filter(h => !taken.has(`${d.person} ${on} ${h}`));
    if (!halves.length) return;
    for (const h of halves) taken.add(`${d.person} ${on} ${h}`);
    const there = d.state === 'verified' || d.state === (late ? 'late' : 'taken-back');
    const visit: Visit = {
      ...newVisit({
        id: `v${i}`,
        programme: programme.id,
        county: 'county',
        person: `p${d.person}`,
        clinic: `c${d.clinic}`,
        hospital: 'h',
        posting: null,
        day: on,
        am: halves.includes('am'),
        pm: halves.includes('pm'),
      }),
      presence: there ? 'present' : d.state === 'not-there' || d.state === 'taken-back' ? 'not-there' : null,
      ...(there ? { verifiedBy: 'x', verifiedAt: at(on, '17:00') } : {}),
    };
    const key = `${visit.person} ${on}`;
    byDay.set(key, [...(byDay.get(key) ?? []), visit]);
  });
  return [...byDay.values()].flatMap(v => withTally(v, true));
};

/** The figures of each physician, clinic and day: as first reported, then as corrected. */
const figures = (drawn: readonly Drawn[], visits: readonly Visit[], late: boolean, of: string): Change[] => {
  const rows = new Map<string, Change>();
  for (const v of visits) {
    const d = drawn[Number(v.id.slice(1))]!;
    const treated = (late ? d.corrected : undefined) ?? d.treated;
    const id = `w-${v.person}-${v.clinic}-${v.day}`;
    if (treated === undefined || rows.has(id)) continue;
    const to: Workload = {
      id,
      programme: of,
      county: 'county',
      person: v.person,
      clinic: v.clinic,
      hospital: 'h',
      day: v.day,
      figures: { consultations: treated },
      words: {},
      by: v.person,
      at: at(v.day, late ? '18:00' : '17:00'),
      as: 'self',
      late: false,
      confirmed: 0,
      verifiedBy: null,
      verifiedAt: null,
      reason: late ? '更正' : null,
      proposal: null,
    };
    rows.set(id, { table: 'workloads', id, to });
  }
  return [...rows.values()];
};

test('for one month, one scope and one instant', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(visits, async drawn => {
      const folder = mkdtempSync(join(tmpdir(), 'tally-'));
      const store = await openStore({ dataDir: folder });
      try {
        let event = 0;
        const apply = (changes: Change[]) =>
          store.turn(
            { platform: 'x', app: 'x', eventId: `${event++}`, conversation: '', account: '', sentAt: 0, receivedAt: 0 },
            async tx => {
              await tx.apply(changes, { actor: null, command: 'test', sentAt: 0, now: 0 });
              return 'ok';
            },
          );
        const known = drawn.filter(d => d.offset <= 30);
        const first = laid(known, false);
        await apply([
          { table: 'orgs', id: 'county', to: org('county', 'bureau', null) },
          ...[0, 1, 2].map((n): Change => ({ table: 'orgs', id: `c${n}`, to: org(`c${n}`, 'clinic', n + 1) })),
          {
            table: 'postings',
            id: 'o',
            to: {
              id: 'o',
              programme: programme.id,
              county: 'county',
              person: 'p0',
              clinic: 'c0',
              hospital: 'h',
              title: null,
              specialty: null,
              need: null,
              from: '2024-01' as Month,
              until: null,
              arranged: false,
              roster: null,
            },
          },
          ...first.map((v): Change => ({ table: 'visits', id: v.id, to: v })),
          ...figures(known, first, false, programme.id),
        ]);
        // What each clinic filed on the day of filing.
        const filed = (await linesOf(store.read, programme.id, { county: 'county' }, { from: monthSpan(MONTH).from, to: FILED_AT })).filter(
          l => l.day <= FILED_AT,
        );
        const filings = [...new Set(filed.map(l => l.clinic))].map(
          (clinic): Filing => ({
            id: `f-${clinic}`,
            report: clinic,
            programme: programme.id,
            county: 'county',
            org: clinic,
            month: MONTH,
            kind: 'month',
            at: at(FILED_AT, '18:00'),
            by: 'x',
            due: '2024-05-22' as Day,
            late: false,
            zero: null,
            parts: {},
            figures: {},
            words: {},
            as: 'self',
            state: 'current',
          }),
        );
        await apply([
          ...filings.map((f): Change => ({ table: 'filings', id: f.id, to: f })),
          ...filed.map(
            (l, i): Change => ({
              table: 'filedLines',
              id: `l${i}`,
              to: {
                id: `l${i}`,
                filing: `f-${l.clinic}`,
                report: l.clinic,
                county: 'county',
                month: MONTH,
                person: l.person,
                clinic: l.clinic,
                hospital: l.hospital,
                day: l.day,
                counted: l.counted,
                half: l.half,
                supplement: false,
                figures: { ...l.figures },
                words: {},
                note: null,
              } satisfies FiledLine,
            }),
          ),
        ]);
        // Then the rest came, what was open was verified, what was verified was taken back, and figures were corrected.
        const before = new Set((await store.read.all('visits', {})).map(v => v.id));
        await apply([...before].map((id): Change => ({ table: 'visits', id, to: null })));
        const last = laid(drawn, true);
        await apply([...last.map((v): Change => ({ table: 'visits', id: v.id, to: v })), ...figures(drawn, last, true, programme.id)]);

        const given: Gathering = { programmes: [programme], now: NOW, demo: false, pause: async () => undefined };
        const ask = (form: string, more: Partial<FormAsk> = {}): FormAsk => ({
          form,
          programme: programme.id,
          span: monthSpan(MONTH),
          label: '',
          of: { county: 'county' },
          filed: null,
          phones: false,
          names: false,
          reporter: '',
          ...more,
        });
        const gather = (asked: FormAsk) => store.snapshot(read => gatherForm(read, asked, given));
        const tally =
          (
            await store.read.tally({
              programme: programme.id,
              span: monthSpan(MONTH),
              by: 'all',
              scope: { county: 'county' },
              upTo: '2024-06-10' as Day,
            })
          )[0]?.verified ?? 0;
        const one = await gather(ask('附件1'));
        const column = one.sheet.head[1]!.indexOf('5月');
        expect(one.rows.reduce((n, r) => n + Number(r[column]), 0)).toBe(tally);
        expect(one.sheet.total!.cells[column]).toEqual({ sum: tally });
        const three = await gather(ask('附件3'));
        expect(three.says[0]).toContain(`，${tally} 人次`);
        const now = await linesOf(store.read, programme.id, { county: 'county' }, monthSpan(MONTH));
        expect(new Set(now.map(l => `${l.day} ${l.person}`)).size).toBe(tally);
        // Figures: each line's as corrected, however often its day was visited.
        const treated = new Map<string, number>();
        for (const v of last) {
          const d = drawn[Number(v.id.slice(1))]!;
          const n = d.corrected ?? d.treated;
          const key = `${v.person} ${v.clinic} ${v.day}`;
          if (n !== undefined && !treated.has(key)) treated.set(key, n);
        }
        const done = new Set(
          last.filter(v => v.presence === 'present' && monthOf(v.day) === MONTH).map(v => `${v.person} ${v.clinic} ${v.day}`),
        );
        const all = [...treated].filter(([key]) => done.has(key)).reduce((n, [, t]) => n + t, 0);
        const cell = three.sheet.head.at(-1)!.findIndex(h => h.includes('诊疗'));
        expect(three.rows.reduce((n, r) => n + (typeof r[cell] === 'number' ? r[cell] : 0), 0)).toBe(all);
        // As filed it may be smaller; what came after is said, and cells that changed are listed.
        const was = filings.length ? await gather(ask('附件3', { filed: 'all' })) : undefined;
        const has = new Set(filings.map(f => f.org));
        const days = (all: readonly { day: Day; person: string; clinic: string; counted: boolean }[]) =>
          new Set(all.filter(l => l.counted && has.has(l.clinic) && monthOf(l.day) === MONTH).map(l => `${l.day} ${l.person}`));
        const [then, since] = [days(filed), days(now)];
        const added = [...since].filter(d => !then.has(d)).length;
        const gone = [...then].filter(d => !since.has(d)).length;
        if (was) {
          expect(was.says[0]).toContain(`，${then.size} 人次`);
          // What came since, what was taken away since; of lines with other figures there may be more to say.
          const notes = was.sheet.remarks.join();
          expect([/填报后补报 (\d+)/.exec(notes)?.[1], /填报后核减 (\d+)/.exec(notes)?.[1]]).toEqual([
            added ? `${added}` : undefined,
            gone ? `${gone}` : undefined,
          ]);
        }
        const moved = one.sheet.more.flatMap(s => s.rows).filter(r => r[1] === '5月');
        for (const r of moved) expect(r[2]).not.toBe(r[3]);
        expect(moved.reduce((n, r) => n + Number(r[3]) - Number(r[2]), 0)).toBe(since.size - then.size);
        // Under a document without lines by day the one table of units is made from the same tally.
        const moved2022 = (v: Visit): Visit => ({ ...v, id: `f${v.id}`, programme: fujian.id, day: `2022${v.day.slice(4)}` as Day });
        await apply([
          ...last.map(moved2022).map((v): Change => ({ table: 'visits', id: v.id, to: v })),
          ...figures(drawn, last, true, fujian.id).map((c): Change => {
            const w = (c as Extract<Change, { table: 'workloads' }>).to!;
            return { table: 'workloads', id: `f${w.id}`, to: { ...w, id: `f${w.id}`, day: `2022${w.day.slice(4)}` as Day } };
          }),
        ]);
        const span = monthSpan('2022-05' as Month);
        const theirs = await store.snapshot(read =>
          gatherForm(
            read,
            { ...ask('进度表'), programme: fujian.id, span },
            { ...given, programmes: [fujian], now: at(day('2022-06-10'), '09:00') },
          ),
        );
        const [doctorDays, consultations] = ['人次', '诊疗(人次)'].map(h => theirs.sheet.head.at(-1)!.indexOf(h));
        const sum = (c: number) => theirs.rows.reduce((n, r) => n + Number(r[c] || 0), 0);
        expect([sum(doctorDays!), sum(consultations!)]).toEqual([tally, all]);
        const [counted] = await store.read.tally({
          programme: fujian.id,
          span,
          by: 'all',
          scope: { county: 'county' },
          upTo: '2022-06-10' as Day,
        });
        expect(counted?.verified ?? 0).toBe(tally);
      } finally {
        await store.close();
        rmSync(folder, { recursive: true, force: true });
      }
    }),
    { numRuns: 12 },
  );
});

test('annex 1 of a county that started in mid-year: from paper and marked, blank before, 0 only where nothing was done', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'paper-'));
  const store = await openStore({ dataDir: folder });
  try {
    const posting: Extract<Change, { table: 'postings' }> = {
      table: 'postings',
      id: 'o',
      to: {
        id: 'o',
        programme: programme.id,
        county: 'county',
        person: 'p0',
        clinic: 'c0',
        hospital: 'h',
        title: null,
        specialty: null,
        need: null,
        from: '2024-04' as Month,
        until: null,
        arranged: false,
        roster: null,
      },
    };
    const paper = (clinic: string, month: string, doctorDays: number): Change => ({
      table: 'paperTotals',
      id: `${clinic} ${month}`,
      to: {
        id: `${clinic} ${month}`,
        programme: programme.id,
        county: 'county',
        clinic,
        month: month as Month,
        doctorDays,
        by: 'x',
        at: 0,
      },
    });
    await store.turn({ platform: 'x', app: 'x', eventId: 'x', conversation: '', account: '', sentAt: 0, receivedAt: 0 }, async tx => {
      await tx.apply(
        [
          { table: 'orgs', id: 'county', to: org('county', 'bureau', null) },
          ...[0, 1].map((n): Change => ({ table: 'orgs', id: `c${n}`, to: org(`c${n}`, 'clinic', n + 1) })),
          posting,
          paper('c0', '2024-02', 3),
          paper('c0', '2024-03', 0),
        ],
        { actor: null, command: 'test', sentAt: 0, now: 0 },
      );
      return 'ok';
    });
    const { sheet, rows, says } = await store.snapshot(read =>
      gatherForm(
        read,
        {
          form: '附件1',
          programme: programme.id,
          span: monthSpan(MONTH),
          label: '',
          of: { county: 'county' },
          filed: null,
          phones: false,
          names: false,
          reporter: '',
        },
        { programmes: [programme], now: at(day('2024-05-10'), '09:00'), demo: false, pause: async () => undefined },
      ),
    );
    const january = sheet.head[1]!.indexOf('1月');
    expect(rows.map(r => r.slice(january, january + 6))).toEqual([
      [null, 3, 0, 0, 0, null],
      [null, null, null, 0, 0, null],
    ]);
    expect(sheet.marks).toEqual([
      [0, january + 1],
      [0, january + 2],
    ]);
    expect(sheet.remarks).toContain('灰底数字据纸质报表录入');
    expect(says).toContain('其中 2 格据纸质报表录入（灰底）');
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
