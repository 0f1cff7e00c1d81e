/** Sums that turns share: always those of a fresh reading, and let go of only where something was written. */
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { storeFile } from '../../db/sqlite-file.ts';
import { Conflict, type FiguresQuery, type Read, type TallyQuery, type Tx } from '../../src/bot/ports.ts';
import { addDays, type Day, lastOf, type Month, monthSpan } from '../../src/core/day.ts';
import type { Change, Visit, Workload } from '../../src/core/records.ts';
import { by, DIALECTS, event, makePlace, org, type Place, type TestStore, visit } from './stores.ts';

/** A small generator with a seed, so that a failure comes again. */
const random = (seed: number) => () => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return seed / 2_147_483_648;
};

const MONTHS = ['2024-01', '2024-02', '2024-03'] as Month[];
const COUNTIES = ['c1', 'c2', 'c3'];
const tallies: TallyQuery[] = MONTHS.flatMap(month =>
  (['2023-12-31', '2024-02-01', '2024-02-14', '2024-02-29', '2024-06-01'] as Day[]).flatMap(upTo =>
    [
      ...COUNTIES.map(county => ({ by: 'clinic' as const, scope: { county } })),
      { by: 'county' as const, scope: { counties: COUNTIES } },
      { by: 'county' as const, scope: { counties: ['c3', 'c1'] } },
      { by: 'county' as const, scope: { county: 'c2' } },
    ].map(q => ({ programme: 'p', span: monthSpan(month), upTo, ...q })),
  ),
);
const figures: FiguresQuery[] = MONTHS.flatMap(month =>
  [{ county: 'c1' }, { county: 'c3' }, { counties: COUNTIES }, { counties: ['c2', 'c1'] }].map(scope => ({
    programme: 'p',
    span: monthSpan(month),
    scope,
  })),
);
/** The same question, asked as nobody keeps it. */
const afresh = <Q extends FiguresQuery>(q: Q): Q => ({
  ...q,
  scope: { counties: q.scope.counties ?? [q.scope.county!], clinics: ['c1-k0', 'c1-k1', 'c2-k0', 'c2-k1', 'c3-k0', 'c3-k1'] },
});

const report = (of: Visit, seen: number): Workload => ({
  id: `w-${of.person}-${of.day}-${of.clinic}`,
  programme: of.programme,
  county: of.county,
  person: of.person,
  clinic: of.clinic,
  hospital: of.hospital,
  day: of.day,
  figures: seen ? { seen, rounds: 1 } : { rounds: 1 },
  words: {},
  by: of.person,
  at: 0,
  as: 'self',
  late: false,
  confirmed: 0,
  verifiedBy: null,
  verifiedAt: null,
  reason: null,
  proposal: null,
});

describe.each(DIALECTS)('kept sums on %s', dialect => {
  let place: Place;
  let store: TestStore;
  beforeEach(async () => {
    place = await makePlace(dialect);
    store = await place.open();
  });
  afterEach(async () => {
    await store.close();
    await place.remove();
  });

  let events = 0;
  const turn = (work: (tx: Tx) => Promise<void>, of = store) =>
    of.turn(event(`e${events++}`), async tx => {
      await work(tx);
      return 'ok';
    });
  const put = (...changes: Change[]) => turn(tx => tx.apply(changes, by));
  const setVisit = (to: Visit): Change => ({ table: 'visits', id: to.id, to });

  const compared = async (read: Read, next: () => number, share: number): Promise<void> => {
    for (const q of tallies) if (next() < share) expect(await read.tally(q), JSON.stringify(q)).toEqual(await read.tally(afresh(q)));
    for (const q of figures) if (next() < share) expect(await read.figures(q), JSON.stringify(q)).toEqual(await read.figures(afresh(q)));
  };

  test.each([1, 2, 3])('whatever is written, taken back or refused, they are those of a fresh reading (seed %d)', async seed => {
    const next = random(seed * 7919);
    const pick = <V>(list: readonly V[]): V => list[Math.floor(next() * list.length)]!;
    // What is stored, of visits that a turn may change.
    const known = async (read: Read) => (await read.all('visits', {})).filter(() => next() < 0.3);
    const made = (n: number): Visit => {
      const county = pick(COUNTIES);
      const half = next() < 0.6;
      const morning = next() < 0.5;
      return visit(`v${n}`, addDays('2024-01-20' as Day, Math.floor(next() * 50)), {
        programme: next() < 0.9 ? 'p' : 'q',
        county,
        person: pick(['d1', 'd2', 'd3']),
        clinic: `${county}-k${Math.floor(next() * 2)}`,
        am: !half || morning,
        pm: !half || !morning,
        planned: next() < 0.8,
        tally: null,
      });
    };
    let n = 0;
    const change = async (tx: Tx): Promise<void> => {
      const [v, w] = [pick(await known(tx.read)), pick(await tx.read.all('workloads', {}))];
      const changes: Change[] = [];
      switch (Math.floor(next() * 9)) {
        case 0:
        case 1:
          for (let i = 0; i < 3; i++) changes.push(setVisit(made(n++)));
          break;
        case 2:
          if (v) changes.push(setVisit({ ...v, tally: 'waiting', tallyHalf: next() < 0.5 }));
          break;
        case 3:
          if (v)
            changes.push(setVisit({ ...v, presence: 'present', tally: 'verified' }), {
              table: 'workloads',
              id: report(v, 1).id,
              to: report(v, n),
            });
          break;
        case 4:
          if (v) changes.push(setVisit({ ...v, presence: 'not-there', tally: null }));
          break;
        case 5: {
          const to = made(n++);
          if (v) changes.push(setVisit({ ...v, state: 'moved', tally: null }), setVisit({ ...to, person: v.person, planned: true }));
          break;
        }
        case 6:
          // A day is moved in its own row, to another month and county.
          if (v) changes.push(setVisit({ ...made(n++), id: v.id }));
          break;
        case 7:
          if (v) changes.push({ table: 'visits', id: v.id, to: null });
          break;
        default:
          if (w) changes.push({ table: 'workloads', id: w.id, to: next() < 0.5 ? null : { ...w, figures: { seen: n } } });
      }
      await tx.apply(changes, by);
    };
    const steps = dialect === 'sqlite' ? 120 : 30;
    let takenBack = 0;
    for (let step = 0; step < steps; step++) {
      const taken = next() < 0.2;
      // Several turns of one commit, of which some are taken back after others were answered in them.
      const outcomes = await Promise.allSettled([
        turn(change),
        turn(async tx => {
          await change(tx);
          await compared(tx.read, next, 0.1);
          if (taken) throw new Error('taken back');
        }),
        turn(tx => compared(tx.read, next, 0.3)),
      ]);
      for (const o of outcomes) {
        if (o.status === 'fulfilled') continue;
        takenBack++;
        if (!(o.reason instanceof Conflict) && (o.reason as Error).message !== 'taken back') throw o.reason;
      }
    }
    expect(takenBack).toBeGreaterThan(0);
    await turn(tx => compared(tx.read, next, 1));
  });

  /** Behind the journal's back: whoever still says the old numbers has kept them. */
  const behind = async (sql: string): Promise<void> => {
    if (place.url === undefined) {
      const db = new Database(storeFile(place.dataDir));
      db.exec(sql);
      db.close();
      return;
    }
    const { default: pg } = await import('pg');
    const client = new pg.Client({ connectionString: place.url });
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  const JAN = '2024-01' as Month;
  const FEB = '2024-02' as Month;
  const at = (county: string, month: Month, over: Partial<Visit> = {}) =>
    visit(`${county}-${month}`, `${month}-10`, {
      county,
      clinic: `${county}-k0`,
      person: `${county}-${month}`,
      presence: 'present',
      tally: 'verified',
      ...over,
    });
  const cells: (readonly [string, Month])[] = COUNTIES.flatMap(c => [JAN, FEB].map(m => [c, m] as const));
  /** Doctor-days and figures, by county and month, as turns are told; both ways of asking agree. */
  const told = async (): Promise<Record<string, string>> => {
    const said: Record<string, string> = {};
    await turn(async tx => {
      for (const [county, month] of cells) {
        const q = { programme: 'p', span: monthSpan(month), scope: { county }, upTo: '2024-12-31' as Day };
        const [clinic] = await tx.read.tally({ ...q, by: 'clinic' });
        const row = (await tx.read.tally({ ...q, by: 'county', scope: { counties: COUNTIES } })).find(r => r.key === county);
        expect({ ...row, key: '' }).toEqual({ ...clinic, key: '' });
        said[`${county} ${month}`] = `${clinic?.verified} ${(await tx.read.figures(q))['seen'] ?? 0}`;
      }
    });
    return said;
  };
  let rewritten = 100;
  /** What a change lets go of, by county and month. */
  const letGoBy = async (change: () => Promise<unknown>): Promise<string[]> => {
    await told();
    await behind(`update workloads set figures = '{"seen":${rewritten++}}'`);
    const before = await told();
    await change();
    const after = await told();
    return Object.keys(before).filter(cell => before[cell] !== after[cell]);
  };
  const fill = () =>
    put(
      ...cells.map(([c, m]) => setVisit(at(c, m))),
      ...cells.map(([c, m]): Change => ({ table: 'workloads', id: report(at(c, m), 5).id, to: report(at(c, m), 5) })),
    );

  test('what is written lets go of its county and month, as it was and as it is; a planned morning of that month everywhere', async () => {
    await fill();
    expect(await letGoBy(() => put())).toEqual([]);
    expect(await letGoBy(() => put(setVisit(visit('n1', '2024-01-31', { county: 'c2', clinic: 'c2-k0' }))))).toEqual([`c2 ${JAN}`]);
    expect(await letGoBy(() => put(setVisit(visit('n1', '2024-02-01', { county: 'c3', clinic: 'c3-k0' }))))).toEqual([
      `c2 ${JAN}`,
      `c3 ${FEB}`,
    ]);
    expect(await letGoBy(() => put({ table: 'visits', id: 'n1', to: null }))).toEqual([`c3 ${FEB}`]);
    const w = report(at('c1', FEB), 5);
    expect(await letGoBy(() => put({ table: 'workloads', id: w.id, to: { ...w, figures: { seen: 6 } } }))).toEqual([`c1 ${FEB}`]);
    const morning = visit('n2', '2024-02-20', { county: 'c1', clinic: 'c1-k0', am: true, pm: false, planned: true });
    expect(await letGoBy(() => put(setVisit(morning)))).toEqual(COUNTIES.map(c => `${c} ${FEB}`));
    expect(await letGoBy(() => put(setVisit({ ...morning, presence: 'present' })))).toEqual([`c1 ${FEB}`]);
    expect(await letGoBy(() => put({ table: 'orgs', id: 'c1-k0', to: org('c1-k0') }))).toEqual([]);
    expect(await letGoBy(() => put({ table: 'workloads', id: w.id, to: null }))).toEqual([`c1 ${FEB}`]);
  });

  test('a turn that was taken back leaves nothing of what it was told', async () => {
    await fill();
    const before = await told();
    await expect(
      turn(async tx => {
        await tx.apply([setVisit(at('c1', JAN, { tally: 'waiting' }))], by);
        const q = { programme: 'p', span: monthSpan(JAN), scope: { county: 'c1' }, upTo: lastOf(JAN), by: 'clinic' } as const;
        expect((await tx.read.tally(q))[0]).toMatchObject({ verified: 0, waiting: 1 });
        throw new Error('taken back');
      }),
    ).rejects.toThrow('taken back');
    expect(await told()).toEqual(before);
  });

  test('what is kept is nobody’s to change', async () => {
    await fill();
    await turn(async tx => {
      const [row] = await tx.read.tally({ programme: 'p', span: monthSpan(JAN), scope: { county: 'c1' }, upTo: lastOf(JAN), by: 'clinic' });
      expect(() => {
        row!.verified = 99;
      }).toThrow(TypeError);
    });
  });

  if (dialect === 'postgres')
    test('what another instance writes is told', async () => {
      await fill();
      const before = await told();
      const other = await place.open();
      await turn(tx => tx.apply([setVisit(at('c1', JAN, { tally: 'waiting' }))], by), other);
      const after = await told();
      expect(Object.keys(before).filter(cell => before[cell] !== after[cell])).toEqual([`c1 ${JAN}`]);
      await other.close();
    });
});
