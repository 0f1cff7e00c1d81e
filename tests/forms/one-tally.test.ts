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
import type { Change, FiledLine, Filing, Org, Visit } from '../../src/core/records.ts';
import { newVisit, withTally } from '../../src/core/visit.ts';
import { loadProgrammes } from '../../src/programmes/load.ts';
import { packageRoot } from '../../src/root.ts';

const programme = loadProgrammes([join(packageRoot, 'src/programmes')]).find(p => p.programme.id === 'yongding-2024')!.programme;
const MONTH = '2024-05' as Month;
const FILED_AT = day('2024-05-20');
const NOW = at(day('2024-06-10'), '09:00');

interface Drawn {
  person: number;
  clinic: number;
  offset: number;
  half: 'am' | 'pm' | 'both';
  state: 'verified' | 'late' | 'not-there' | 'open';
}
const visits = fc.array(
  fc.record<Drawn>({
    person: fc.nat(3),
    clinic: fc.nat(2),
    offset: fc.nat(45),
    half: fc.constantFrom('am', 'pm', 'both'),
    state: fc.constantFrom('verified', 'verified', 'late', 'not-there', 'open'),
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

/** As `verified` at a time: what was verified late was still open when the report was filed. */
const laid = (drawn: readonly Drawn[], late: boolean): Visit[] => {
  const byDay = new Map<string, Visit[]>();
  const taken = new Set<string>();
  drawn.forEach((d, i) => {
    const on = addDays(day('2024-04-25'), d.offset);
    const halves = (['am', 'pm'] as const).filter(h => d.half === 'both' || d.half === h).filter(h => !taken.has(`${d.person} ${on} ${h}`));
    if (!halves.length) return;
    for (const h of halves) taken.add(`${d.person} ${on} ${h}`);
    const there = d.state === 'verified' || (d.state === 'late' && late);
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
      presence: there ? 'present' : d.state === 'not-there' ? 'not-there' : null,
      ...(there ? { verifiedBy: 'x', verifiedAt: at(on, '17:00') } : {}),
    };
    const key = `${visit.person} ${on}`;
    byDay.set(key, [...(byDay.get(key) ?? []), visit]);
  });
  return [...byDay.values()].flatMap(v => withTally(v, true));
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
          ...laid(
            drawn.filter(d => d.offset <= 30),
            false,
          ).map((v): Change => ({ table: 'visits', id: v.id, to: v })),
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
                figures: {},
                words: {},
                note: null,
              } satisfies FiledLine,
            }),
          ),
        ]);
        // Then the rest came, and what was open was verified.
        const before = new Set((await store.read.all('visits', {})).map(v => v.id));
        await apply([...before].map((id): Change => ({ table: 'visits', id, to: null })));
        await apply(laid(drawn, true).map((v): Change => ({ table: 'visits', id: v.id, to: v })));

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
        // As filed it may be smaller; what came after is said, and cells that changed are listed.
        const was = filings.length ? await gather(ask('附件3', { filed: 'all' })) : undefined;
        const has = new Set(filings.map(f => f.org));
        const days = (all: readonly { day: Day; person: string; clinic: string; counted: boolean }[]) =>
          new Set(all.filter(l => l.counted && has.has(l.clinic) && monthOf(l.day) === MONTH).map(l => `${l.day} ${l.person}`));
        const [then, since] = [days(filed), days(now)];
        const added = [...since].filter(d => !then.has(d)).length;
        if (was) {
          expect(was.says[0]).toContain(`，${then.size} 人次`);
          expect(was.sheet.notes.join()).toEqual(
            added ? expect.stringContaining(`填报后补报 ${added}`) : expect.not.stringContaining('补报 '),
          );
        }
        const moved = one.sheet.more.flatMap(s => s.rows).filter(r => r[1] === '5月');
        for (const r of moved) expect(r[2]).not.toBe(r[3]);
        expect(moved.reduce((n, r) => n + Number(r[3]) - Number(r[2]), 0)).toBe(since.size - then.size);
      } finally {
        await store.close();
        rmSync(folder, { recursive: true, force: true });
      }
    }),
    { numRuns: 12 },
  );
});
