import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sqliteSchema } from '../../db/kit-sqlite.ts';
import { storeFile } from '../../db/sqlite-file.ts';
import { tally } from '../../db/tally.ts';
import type { FiguresQuery, TallyQuery, TallyRow } from '../../src/bot/ports.ts';
import { addDays, type Day, monthOf } from '../../src/core/day.ts';
import { type Change, VISIT_TYPES, type Visit, type Workload } from '../../src/core/records.ts';
import { linesFrom, sumOf } from '../../src/core/workload.ts';
import { by, DIALECTS, event, makePlace, type Place, type TestStore, visit } from './stores.ts';

/** A small generator with a seed, so that a failure comes again. */
const random = (seed: number) => () => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return seed / 2_147_483_648;
};

const FIRST = '2024-01-01' as Day;
const makeVisits = (): Visit[] => {
  const next = random(20_240_612);
  const pick = <V>(list: readonly V[]): V => list[Math.floor(next() * list.length)]!;
  const taken = new Set<string>();
  return Array.from({ length: 1500 }, (_, i) => {
    const person = `d${Math.floor(next() * 12)}`;
    const day = addDays(FIRST, Math.floor(next() * 400));
    const half = next() < 0.4;
    const morning = next() < 0.5;
    const wanted = pick([null, 'waiting', 'verified'] as const);
    const free = !taken.has(`${person} ${day}`);
    if (free && wanted) taken.add(`${person} ${day}`);
    const county = pick(['c1', 'c2', 'c3']);
    return visit(`${i}`, day, {
      programme: next() < 0.9 ? 'p' : 'q',
      county,
      person,
      clinic: `${county}-k${Math.floor(next() * 4)}`,
      hospital: pick(['h1', 'h2']),
      am: !half || morning,
      pm: !half || !morning,
      type: pick(VISIT_TYPES),
      planned: next() < 0.8,
      state: pick(['on', 'on', 'on', 'moved', 'cancelled'] as const),
      presence: pick([null, 'present', 'present', 'not-there'] as const),
      tally: free ? wanted : null,
      tallyHalf: next() < 0.3,
    });
  });
};

/** What was reported of some of them, and of days that nobody was there. */
const makeWorkloads = (visits: readonly Visit[]): Workload[] => {
  const next = random(7);
  const lines = new Map<string, Workload>();
  for (const v of visits) {
    const absent = next() < 0.2;
    const day = absent ? addDays(v.day, 1) : v.day;
    const figures = { ...(next() < 0.8 ? { seen: Math.floor(next() * 40) } : {}), ...(next() < 0.3 ? { rounds: 1 } : {}) };
    if (next() < 0.6)
      lines.set(`${v.person} ${day} ${v.clinic}`, {
        id: `w${v.id}`,
        programme: v.programme,
        county: v.county,
        person: v.person,
        clinic: v.clinic,
        hospital: v.hospital,
        day,
        figures,
        words: {},
        by: v.person,
        at: 0,
        as: 'self',
        late: false,
        confirmed: 0,
        verifiedBy: null,
        verifiedAt: null,
        reason: null,
        proposal: null,
      });
  }
  return [...lines.values()];
};
/** The sums of the lines that the rules make. */
const reportedSlowly = (visits: readonly Visit[], workloads: readonly Workload[], { programme, span, scope }: FiguresQuery) => {
  const within = (r: Visit | Workload) =>
    r.programme === programme &&
    r.day >= span.from &&
    r.day <= span.to &&
    (['county', 'clinic', 'hospital', 'person'] as const).every(f => scope[f] === undefined || scope[f] === r[f]) &&
    (
      [
        ['counties', 'county'],
        ['clinics', 'clinic'],
        ['hospitals', 'hospital'],
      ] as const
    ).every(([many, f]) => scope[many]?.includes(r[f]) ?? true);
  const lines = linesFrom(visits.filter(within), workloads.filter(within));
  return Object.fromEntries(
    ['seen', 'rounds'].flatMap(id => {
      const sum = sumOf(lines, id);
      return sum === null ? [] : [[id, sum]];
    }),
  );
};

/** One planned doctor-day a person and day: an afternoon behind a planned morning adds none. */
const carriesPlan = (visits: readonly Visit[], v: Visit): boolean =>
  v.planned && v.state === 'on' && (v.am || !visits.some(o => morning(o) && o.person === v.person && o.day === v.day));
/** One waiting doctor-day a person, day and county without a flag: that of the visit the day begins with. */
const isSilent = (visits: readonly Visit[], v: Visit): boolean =>
  asks(v) &&
  v.tally === null &&
  !visits.some(
    o =>
      o.person === v.person &&
      o.day === v.day &&
      o.county === v.county &&
      o.state === 'on' &&
      (o.tally !== null || (asks(o) && o.am && !v.am)),
  );
const asks = (v: Visit) => v.state === 'on' && v.presence === null;
const morning = (v: Visit) => v.planned && v.state === 'on' && v.am && !v.pm;

/** The same sums, slowly and by the words of the contract. */
const slowly = (visits: readonly Visit[], { programme, span, by: how, scope, upTo }: TallyQuery): TallyRow[] => {
  const sums = new Map<string, TallyRow>();
  const zero = (key: string): TallyRow => ({
    key,
    verified: 0,
    halfOnly: 0,
    waiting: 0,
    checkedIn: 0,
    plannedSoFar: 0,
    planned: 0,
    notThere: 0,
  });
  if (how === 'all') sums.set('', zero(''));
  const within = (value: string, one?: string, many?: readonly string[]) =>
    (one === undefined || one === value) && (many === undefined || many.includes(value));
  for (const v of visits) {
    if (v.programme !== programme || v.day < span.from || v.day > span.to) continue;
    if (!within(v.county, scope.county, scope.counties) || !within(v.clinic, scope.clinic, scope.clinics)) continue;
    if (!within(v.hospital, scope.hospital, scope.hospitals) || !within(v.person, scope.person)) continue;
    const key = {
      all: '',
      clinic: v.clinic,
      county: v.county,
      hospital: v.hospital,
      person: v.person,
      month: monthOf(v.day) as string,
      'person-clinic': `${v.person} ${v.clinic}`,
    }[how];
    const row = sums.get(key) ?? zero(key);
    sums.set(key, row);
    const on = v.state === 'on';
    if (v.tally === 'verified') row.verified++;
    if (v.tally === 'verified' && v.tallyHalf) row.halfOnly++;
    if (v.tally === 'waiting') row.checkedIn++;
    if (v.tally === 'waiting' || (v.day <= upTo && isSilent(visits, v))) row.waiting++;
    if (carriesPlan(visits, v) && v.day <= upTo) row.plannedSoFar++;
    if (carriesPlan(visits, v)) row.planned++;
    if (v.presence === 'not-there' && on) row.notThere++;
  }
  return [...sums.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
};

describe.each(DIALECTS)('sums on %s', dialect => {
  let place: Place;
  let store: TestStore;
  const visits = makeVisits();
  const workloads = makeWorkloads(visits);
  beforeAll(async () => {
    place = await makePlace(dialect);
    store = await place.open();
    await store.turn(event('fill'), async tx => {
      await tx.apply(
        [
          ...visits.map((to): Change => ({ table: 'visits', id: to.id, to })),
          ...workloads.map((to): Change => ({ table: 'workloads', id: to.id, to })),
        ],
        by,
      );
      return 'ok';
    });
  });
  afterAll(async () => {
    await store.close();
    await place.remove();
  });

  const spans = [
    { from: FIRST, to: '2024-12-31' as Day },
    { from: '2024-03-01' as Day, to: '2024-03-31' as Day },
    { from: '2024-03-05' as Day, to: '2024-03-05' as Day },
    { from: '2030-01-01' as Day, to: '2030-12-31' as Day },
  ];
  const scopes: TallyQuery['scope'][] = [
    {},
    { county: 'c2' },
    { counties: ['c1', 'c3'] },
    { counties: [] },
    { clinic: 'c1-k2' },
    { clinics: ['c1-k0', 'c3-k1'] },
    { hospital: 'h1' },
    { hospitals: ['h1', 'h2'], county: 'c1' },
    { person: 'd3' },
    { person: 'd3', clinic: 'c2-k1' },
  ];
  const ways = ['all', 'clinic', 'county', 'hospital', 'person', 'month', 'person-clinic'] as const;

  test.each(ways)('by %s equal the slow count of every scope and span', async how => {
    for (const span of spans) {
      for (const scope of scopes) {
        const query: TallyQuery = { programme: 'p', span, by: how, scope, upTo: '2024-06-12' as Day };
        expect(await store.read.tally(query), JSON.stringify(query)).toEqual(slowly(visits, query));
      }
    }
  });

  // Of a million visits a county's month took forty times as long when each silent one looked through its county.
  if (dialect === 'sqlite')
    test('other visits of a person and day are looked for by person and day', async () => {
      const asked: string[] = [];
      const listening = {
        schema: sqliteSchema,
        rows: (sql: string) => {
          asked.push(sql);
          return [];
        },
      };
      await tally(listening, { programme: 'p', span: spans[0]!, by: 'county', scope: { counties: ['c1'] }, upTo: FIRST });
      const db = new Database(storeFile(place.dataDir), { readonly: true });
      const plan = db.prepare(`explain query plan ${asked[0]}`).all(asked[0]!.match(/\?/g)!.map(() => null)) as { detail: string }[];
      db.close();
      expect(plan.map(p => p.detail.replace(/ USING .*INDEX \w+/, '')).filter(d => /^SEARCH [mo] /.test(d))).toEqual([
        'SEARCH o (person=? AND day=?)',
        ...Array.from({ length: 2 }, () => 'SEARCH m (person=? AND day=?)'),
      ]);
    });

  test('what was reported equals the lines of every scope and span', async () => {
    const met: number[] = [];
    for (const span of spans) {
      for (const scope of scopes) {
        const query = { programme: 'p', span, scope };
        const sums = await store.read.figures(query);
        expect(sums, JSON.stringify(query)).toEqual(reportedSlowly(visits, workloads, query));
        met.push(sums['seen'] ?? 0);
      }
    }
    expect(met.filter(Boolean).length).toBeGreaterThan(10);
  });

  test('a total is the sum of its rows', async () => {
    const query = { programme: 'p', span: spans[0]!, scope: { county: 'c1' }, upTo: '2024-06-12' as Day };
    const [all] = await store.read.tally({ ...query, by: 'all' });
    for (const how of ways) {
      const rows = await store.read.tally({ ...query, by: how });
      expect(rows.reduce((sum, r) => sum + r.verified, 0)).toBe(all!.verified);
      expect(rows.reduce((sum, r) => sum + r.planned, 0)).toBe(all!.planned);
    }
  });
});
