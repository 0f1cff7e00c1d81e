/**
 * Sums over 1,000,000 visits: 10,000 physicians × 100 days over 50 months, 24 clinics a county, with what they and the clinics reported.
 * Between two questions a visit of the month asked about is written; `first` is what a start that has kept nothing takes.
 * `npm run bench:statistics [-- folder]`; a folder that was filled before is used again.
 */
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { commands } from '../../commands/index.ts';
import { openStore } from '../../db/open.ts';
import { storeFile } from '../../db/sqlite-file.ts';
import { assemble } from '../../src/assemble.ts';
import { calendarSource } from '../../src/bot/calendar-source.ts';
import type { Platform, TallyQuery } from '../../src/bot/ports.ts';
import { realTicks } from '../../src/bot/real-time.ts';
import { periodsFor } from '../../src/bot/reports.ts';
import { addDays, addMonths, type Day, daysBetween, firstOf, lastOf, type Month, monthSpan } from '../../src/core/day.ts';
import type { Change, Org } from '../../src/core/records.ts';
import type { Period } from '../../src/core/report.ts';
import { settingsFrom } from '../../src/core/settings.ts';
import { loadProgrammes } from '../../src/programmes/load.ts';
import { packageRoot } from '../../src/root.ts';

const PHYSICIANS = 10_000;
const DAYS = 100;
const MONTHS = 50;
const A_COUNTY = 100;
const CLINICS = 24;
const FIRST = '2021-01' as Month;

const fill = (file: string): void => {
  const db = new Database(file);
  db.pragma('synchronous = OFF');
  const indexes = db.prepare(`select name, sql from sqlite_master where tbl_name in ('visits', 'workloads') and type = 'index'`).all() as {
    name: string;
    sql: string;
  }[];
  for (const i of indexes) db.exec(`drop index "${i.name}"`);
  // Figures of every verified visit, as a programme that asks for them has them.
  const report = db.prepare(
    `insert into workloads (id, programme, county, person, clinic, hospital, day, figures, words, "by", at, "as", late, confirmed)
     values (?, 'yongding-2024', ?, ?, ?, ?, ?, ?, '{}', ?, 0, 'self', 0, 0)`,
  );
  const insert = db.prepare(
    `insert into visits (id, programme, county, person, clinic, hospital, posting, day, am, pm, type, planned, state, presence, late, tally, tallyHalf)
     values (?, 'yongding-2024', ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 'on', ?, 0, ?, ?)`,
  );
  const span = daysBetween(firstOf(FIRST), lastOf(addMonths(FIRST, MONTHS - 1)));
  const days = Array.from({ length: span + 1 }, (_, i) => addDays(firstOf(FIRST), i));
  db.exec('begin');
  // In order of day, as a programme grows.
  const step = span / DAYS;
  let n = 0;
  for (let d = 0; d < DAYS; d++) {
    for (let p = 0; p < PHYSICIANS; p++) {
      n++;
      const county = Math.floor(p / A_COUNTY);
      const day = days[Math.floor(d * step + ((p * 7919) % Math.floor(step)))]!;
      const half = n % 5 === 0;
      const tally = n % 10 === 0 ? null : n % 7 === 0 ? 'waiting' : 'verified';
      insert.run(
        `${n}`,
        `county-${county}`,
        `person-${p}`,
        `clinic-${county}-${(p + d) % CLINICS}`,
        `hospital-${county}-${p % 3}`,
        `posting-${p}`,
        day,
        // A fifth are half days, every other one of these an afternoon.
        half && n % 2 === 0 ? 0 : 1,
        half && n % 2 === 1 ? 0 : 1,
        n % 9 === 0 ? 'home' : 'outpatient',
        tally === 'verified' ? 'present' : null,
        tally,
        tally !== null && half ? 1 : 0,
      );
      if (tally === 'verified')
        report.run(
          `${n}`,
          `county-${county}`,
          `person-${p}`,
          `clinic-${county}-${(p + d) % CLINICS}`,
          `hospital-${county}-${p % 3}`,
          day,
          JSON.stringify({
            consultations: n % 40,
            discussions: n % 2,
            rounds: n % 3,
            lectures: 0,
            trainees: n % 12,
            special: n % 7,
            'home-visits': n % 4,
          }),
          `person-${p}`,
        );
    }
  }
  db.exec('commit');
  for (const i of indexes) db.exec(i.sql);
  db.close();
};

/** The reports of every clinic up to today, of which one in each county has filed none. */
const fillReports = (file: string, periods: readonly Period[], today: Day): void => {
  const db = new Database(file);
  db.pragma('synchronous = OFF');
  const report = db.prepare(
    `insert into reports (id, programme, "programmeKey", county, org, month, kind, state, filing, parts, "by", at)
     values (?, 'yongding-2024', '', ?, ?, ?, ?, 'accepted', ?, ?, ?, 0)`,
  );
  const filing = db.prepare(
    `insert into filings (id, report, programme, county, org, month, kind, at, "by", "as", due, late, parts, figures, words, state)
     values (?, ?, 'yongding-2024', ?, ?, ?, ?, 0, ?, 'self', ?, ?, ?, ?, '{}', 'current')`,
  );
  const parts = JSON.stringify({ problems: '没有', suggestions: '没有' });
  db.exec('begin');
  for (const { month, kind, due, opens } of periods.filter(p => p.opens <= today && p.kind !== 'closing'))
    for (let c = 0; c < PHYSICIANS / A_COUNTY; c++)
      for (let k = 1; k < CLINICS; k++) {
        const [id, county, org] = [`${month}-${c}-${k}`, `county-${c}`, `clinic-${c}-${k}`];
        report.run(id, county, org, month, kind, `f-${id}`, parts, org);
        filing.run(`f-${id}`, id, county, org, month, kind, org, due, k % 10 ? 0 : 1, parts, JSON.stringify({ opened: opens.length }));
      }
  db.exec('commit');
  db.close();
};

const folder = process.argv[2] ?? mkdtempSync(join(tmpdir(), 'tally-'));
const fresh = !existsSync(storeFile(folder));
if (fresh) {
  await (await openStore({ dataDir: folder })).close();
  const t = performance.now();
  fill(storeFile(folder));
  console.log(`filled in ${Math.round(performance.now() - t)} ms`);
}
const opened = performance.now();
const store = await openStore({ dataDir: folder });
console.log(`opened in ${Math.round(performance.now() - opened)} ms`);

const month = '2024-06' as Month;
const year = { from: '2024-01-01' as Day, to: '2024-12-31' as Day };
const everywhere = Array.from({ length: PHYSICIANS / A_COUNTY }, (_, i) => `county-${i}`);
const asked: [name: string, limit: number, query: Pick<TallyQuery, 'span' | 'by' | 'scope'>][] = [
  ['a county, month, by clinic', 10, { span: monthSpan(month), by: 'clinic', scope: { county: 'county-42' } }],
  ['a county, year, by clinic', 10, { span: year, by: 'clinic', scope: { county: 'county-42' } }],
  ['a county, year, by month', 10, { span: year, by: 'month', scope: { county: 'county-42' } }],
  ['a county, year, by person and clinic', 10, { span: year, by: 'person-clinic', scope: { county: 'county-42' } }],
  ['a clinic, year', 10, { span: year, by: 'all', scope: { clinic: 'clinic-42-3' } }],
  ['a hospital, year, by person', 10, { span: year, by: 'person', scope: { hospital: 'hospital-42-1' } }],
  ['a person, year', 10, { span: year, by: 'all', scope: { person: 'person-4242' } }],
  [
    'ten counties, year, by county',
    50,
    { span: year, by: 'county', scope: { counties: Array.from({ length: 10 }, (_, i) => `county-${i * 7}`) } },
  ],
  ['the whole, month, by county', 50, { span: monthSpan(month), by: 'county', scope: { counties: everywhere } }],
  ['the whole, year, by county', 200, { span: year, by: 'county', scope: { counties: everywhere } }],
  ['the whole, year', 200, { span: year, by: 'all', scope: { counties: everywhere } }],
];
let failed = 0;
/** The median of several times, and of what they took of the processor: what a busy machine disturbs least. */
const measure = async (
  limit: number,
  times: number,
  name: string,
  work: () => Promise<string>,
  between: () => Promise<void> = async () => undefined,
): Promise<void> => {
  const took: number[] = [];
  const spent: number[] = [];
  let said = '';
  for (let i = 0; i < times; i++) {
    const began = performance.now();
    const before = process.cpuUsage();
    said = await work();
    const { user, system } = process.cpuUsage(before);
    took.push(performance.now() - began);
    spent.push((user + system) / 1000);
    await between();
  }
  const middle = (xs: number[]) => [...xs].sort((a, b) => a - b)[times >> 1]!;
  const median = middle(took);
  if (median >= limit) failed++;
  console.log(
    `${median < limit ? 'ok  ' : 'slow'} ${median.toFixed(1).padStart(7)} ms (processor ${middle(spent).toFixed(1)}, first ${took[0]!.toFixed(1)}, limit ${limit})  ${name}${said}`,
  );
};
for (const [name, limit, query] of asked)
  await measure(limit, 7, name, async () => {
    const rows = await store.read.tally({ programme: 'yongding-2024', upTo: '2024-07-01' as Day, ...query });
    return `: ${rows.length} rows`;
  });
for (const [name, limit, { span, scope }] of asked.filter(([, , q]) => q.by !== 'month' && q.by !== 'person-clinic' && !q.scope.counties))
  await measure(limit, 7, `${name.split(', by')[0]!}, what was reported`, async () => {
    const sums = await store.read.figures({ programme: 'yongding-2024', span, scope });
    return `: ${Object.keys(sums).length} figures`;
  });
const county = 'county-42';
const bureau = (id: string, level: Org['level'], name: string, parent: string | null): Org => ({
  id,
  kind: 'bureau',
  level,
  name,
  names: [name],
  city: null,
  district: level === 'county' ? name : null,
  parent,
  county: level === 'county' ? id : null,
  type: null,
  phone: null,
  phoneMask: null,
  need: null,
  order: null,
  place: null,
});
const programmes = loadProgrammes([join(packageRoot, 'src/programmes')]).map(p => p.programme);
const ours = programmes.find(p => p.id === 'yongding-2024')!;
const now = Date.parse('2024-07-01T09:00:00+08:00');
const nobody = { phone: null, phoneMask: null, phoneIndex: null, phoneFull: false, title: null, specialty: null, hospital: null };
const chief = (id: string, org: string, of: string | null): Change[] => [
  {
    table: 'people',
    id,
    to: { ...nobody, id, name: id },
  },
  {
    table: 'grants',
    id,
    to: { id, person: id, role: 'chief', org, office: null, county: of, deputy: false, from: '2024-01-01' as Day, until: null },
  },
  { table: 'accounts', id, to: { id, platform: 'bench', app: 'bench', account: id, person: id, state: 'bound', at: now } },
];
if (!(await store.read.get('orgs', county)))
  await store.turn(
    { platform: 'bench', app: 'bench', eventId: 'fill', conversation: '', account: '', sentAt: now, receivedAt: now },
    async tx => {
      const counties = Array.from({ length: PHYSICIANS / A_COUNTY }, (_, i) =>
        bureau(`county-${i}`, 'county', `county-${i}` === county ? ours.bureau : `第${i}县卫生健康局`, 'whole'),
      );
      const clinics = counties.flatMap(c =>
        Array.from(
          { length: CLINICS },
          (_, i): Org => ({
            ...bureau(`clinic-${c.id.slice('county-'.length)}-${i}`, 'township', `${c.district}第${i}卫生院`, c.id),
            kind: 'clinic',
            county: c.id,
            order: i + 1,
          }),
        ),
      );
      const people = Array.from({ length: PHYSICIANS }, (_, p) => p).flatMap((p): Change[] => [
        { table: 'people', id: `person-${p}`, to: { ...nobody, id: `person-${p}`, name: `医师${p}` } },
        {
          table: 'postings',
          id: `posting-${p}`,
          to: {
            id: `posting-${p}`,
            programme: ours.id,
            county: `county-${Math.floor(p / A_COUNTY)}`,
            person: `person-${p}`,
            clinic: `clinic-${Math.floor(p / A_COUNTY)}-${p % CLINICS}`,
            hospital: `hospital-${Math.floor(p / A_COUNTY)}-${p % 3}`,
            title: '主治医师',
            specialty: '内科',
            need: '内科',
            from: '2024-01' as Month,
            until: null,
            arranged: false,
            roster: null,
          },
        },
      ]);
      const orgs = [bureau('whole', 'province', '全省', null), ...counties, ...clinics].map(
        (o): Change => ({ table: 'orgs', id: o.id, to: o }),
      );
      await tx.apply([...orgs, ...people, ...chief('chief-county', county, county), ...chief('chief-whole', 'whole', null)], {
        actor: null,
        command: 'bench',
        sentAt: now,
        now,
      });
      return 'filled';
    },
  );
if (!(await store.read.count('reports', {})))
  fillReports(storeFile(folder), periodsFor(ours, settingsFrom(new Map())), '2024-07-01' as Day);
const platform: Platform = {
  id: 'bench',
  app: 'bench',
  idempotent: true,
  direct: account => account,
  send: async ({ key }) => ({ result: 'sent', providerId: key }),
};
/** What a day brings between two questions: a visit of the month asked about is verified, or no longer is. */
let written = 0;
const somethingIsWritten = async (store: Awaited<ReturnType<typeof openStore>>): Promise<void> => {
  const [visit] = (await store.read.all('visits', { county, day: monthSpan(month), programme: ours.id }, { by: 'day' })).filter(
    v => v.tally !== null,
  );
  const to = { ...visit!, tally: visit!.tally === 'waiting' ? ('verified' as const) : ('waiting' as const) };
  await store.turn(
    { platform: 'bench', app: 'bench', eventId: `${run}-w${written++}`, conversation: '', account: '', sentAt: now, receivedAt: now },
    async tx => {
      await tx.apply([{ table: 'visits', id: to.id, to }], { actor: null, command: 'bench', sentAt: now, now });
      return 'ok';
    },
  );
};

/** The whole of /统计, from the question to its stored answer: a county's chief, and a chief of the whole. */
let events = 0;
const run = `${Date.now()}`;
await store.close();
for (const [who, text, limit] of [
  ['chief-county', '/统计 2024年6月', 10],
  ['chief-county', '/统计 2024年', 10],
  ['chief-whole', '/统计 2024年6月', 50],
  ['chief-whole', '/统计 2024年', 200],
] as const) {
  // Each begins with nothing kept: what it then takes first is what a start takes.
  const store = await openStore({ dataDir: folder });
  const { bot, relay } = assemble({
    store,
    platforms: new Map([[platform.id, platform]]),
    programmes,
    commands,
    jobs: [],
    calendars: calendarSource(),
    clock: { now: () => now },
    ticks: realTicks,
    demo: false,
    log: { info: () => undefined, warn: () => undefined, error: (what, message) => console.error(message, what) },
  });
  await measure(
    limit,
    41,
    `${who} ${text}, from question to stored answer`,
    async () => {
      const { code } = await bot.receive({
        platform: 'bench',
        app: 'bench',
        eventId: `${run}-${events++}`,
        conversation: { id: who, kind: 'direct', name: '' },
        account: who,
        accountName: who,
        sentAt: now,
        receivedAt: now,
        content: { kind: 'text', text },
      });
      if (code !== 'statistics.shown') throw new Error(code);
      return '';
    },
    () => somethingIsWritten(store),
  );
  await relay.stop();
  await store.close();
}
if (process.argv.includes('--check') && failed) process.exit(1);
