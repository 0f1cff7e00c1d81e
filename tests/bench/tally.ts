/**
 * Sums over 1,000,000 visits: 10,000 physicians × 100 days over 50 months, 24 clinics a county.
 * `node --import tsx tests/bench/tally.ts [folder]`; a folder that was filled before is used again.
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
import { addDays, addMonths, type Day, daysBetween, firstOf, lastOf, type Month, monthSpan } from '../../src/core/day.ts';
import type { Change, Org } from '../../src/core/records.ts';
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
  const indexes = db.prepare(`select name, sql from sqlite_master where tbl_name = 'visits' and type = 'index'`).all() as {
    name: string;
    sql: string;
  }[];
  for (const i of indexes) db.exec(`drop index "${i.name}"`);
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
    }
  }
  db.exec('commit');
  for (const i of indexes) db.exec(i.sql);
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
  ['the whole, month, by county', 50, { span: monthSpan(month), by: 'county', scope: {} }],
  ['the whole, year, by county', 200, { span: year, by: 'county', scope: {} }],
  ['the whole, year', 200, { span: year, by: 'all', scope: {} }],
];
let failed = 0;
for (const [name, limit, query] of asked) {
  const times: number[] = [];
  let rows = 0;
  for (let i = 0; i < 7; i++) {
    const t = performance.now();
    rows = (await store.read.tally({ programme: 'yongding-2024', upTo: '2024-07-01' as Day, ...query })).length;
    times.push(performance.now() - t);
  }
  const median = [...times].sort((a, b) => a - b)[3]!;
  if (median >= limit) failed++;
  console.log(
    `${median < limit ? 'ok  ' : 'slow'} ${median.toFixed(1).padStart(7)} ms (first ${times[0]!.toFixed(1)}, limit ${limit})  ${name}: ${rows} rows`,
  );
}
/** The whole of /统计, from the question to its stored answer: a county's chief, and a chief of the whole. */
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
const chief = (id: string, org: string, of: string | null): Change[] => [
  {
    table: 'people',
    id,
    to: { id, name: id, phone: null, phoneMask: null, phoneIndex: null, phoneFull: false, title: null, specialty: null, hospital: null },
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
      const clinics = Array.from(
        { length: CLINICS },
        (_, i): Org => ({ ...bureau(`clinic-42-${i}`, 'township', `第${i}卫生院`, county), kind: 'clinic', county, order: i + 1 }),
      );
      const orgs = [bureau('whole', 'province', '全省', null), ...counties, ...clinics].map(
        (o): Change => ({ table: 'orgs', id: o.id, to: o }),
      );
      await tx.apply([...orgs, ...chief('chief-county', county, county), ...chief('chief-whole', 'whole', null)], {
        actor: null,
        command: 'bench',
        sentAt: now,
        now,
      });
      return 'filled';
    },
  );
const platform: Platform = {
  id: 'bench',
  app: 'bench',
  idempotent: true,
  direct: account => account,
  send: async ({ key }) => ({ result: 'sent', providerId: key }),
};
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
let events = 0;
const run = `${Date.now()}`;
for (const [who, text, limit] of [
  ['chief-county', '/统计 2024年6月', 10],
  ['chief-county', '/统计 2024年', 10],
  ['chief-whole', '/统计 2024年6月', 50],
  ['chief-whole', '/统计 2024年', 200],
] as const) {
  const times: number[] = [];
  for (let i = 0; i < 9; i++) {
    const t = performance.now();
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
    times.push(performance.now() - t);
    if (code !== 'statistics.shown') throw new Error(code);
  }
  const median = [...times].sort((a, b) => a - b)[4]!;
  if (median >= limit) failed++;
  console.log(
    `${median < limit ? 'ok  ' : 'slow'} ${median.toFixed(1).padStart(7)} ms (first ${times[0]!.toFixed(1)}, limit ${limit})  ${who} ${text}, from question to stored answer`,
  );
}
await relay.stop();
await store.close();
if (process.argv.includes('--check') && failed) process.exit(1);
