/** `npm run bench`: medians of five interleaved runs, as ratios to the raw floor of the same runs. `--check` asserts the floors. */
import { exports } from './export.ts';
import { type ImportFigures, imports } from './import.ts';
import { startups } from './startup.ts';
import { type Figures, raw, turns } from './turn.ts';

const ROUNDS = 5;
const N = 3000;
const check = process.argv.includes('--check');
const median = (xs: number[]): number => xs.sort((a, b) => a - b)[xs.length >> 1] ?? 0;

const all: Figures[] = [];
for (let round = 0; round < ROUNDS; round++) {
  for (const run of [() => raw(1, N), () => turns(1, N), () => turns(32, N)]) {
    const figures = await run();
    all.push(figures);
    console.log(JSON.stringify(figures));
  }
}
const starts = await startups(ROUNDS);
for (const s of starts) console.log(JSON.stringify(s));
const tables: ImportFigures[] = [];
const longest: number[] = [];
for (let round = 0; round < 3; round++) {
  const figures = await imports();
  tables.push(figures.first, figures.again);
  longest.push(figures.again.longest_ms);
  console.log(JSON.stringify({ name: 'import', rows: 10_000, ...figures }));
}
const ofTables = (key: 'import_ms' | 'p99_ms') => median(tables.map(t => t[key]));
const of = (name: string, conc: number, key: 'msgs_per_s' | 'p99_ms') =>
  median(all.filter(f => f.name === name && f.conc === conc).map(f => f[key]));
const floor = of('raw', 1, 'msgs_per_s');
const rows: [string, number, (v: number) => boolean, string][] = [
  ['one in flight, to raw', of('turn', 1, 'msgs_per_s') / floor, v => v >= 0.3, '≥ 0.3'],
  ['one in flight, p99 ms', of('turn', 1, 'p99_ms'), v => v < 5, '< 5'],
  ['32 in flight, to raw one in flight', of('turn', 32, 'msgs_per_s') / floor, v => v >= 0.7, '≥ 0.7'],
  [
    'commits a message, one in flight',
    median(all.flatMap(f => ('commits_per_message' in f && f.conc === 1 ? [Number(f.commits_per_message)] : []))),
    v => v <= 1.1,
    '≤ 1.1',
  ],
  ['10,000 rows imported, ms', ofTables('import_ms'), v => v < 10_000, '< 10000'],
  ['replies meanwhile, p99 ms', ofTables('p99_ms'), v => v < 50, '< 50'],
  ['the longest of them where every row changes, ms', median(longest), v => v < 300, '< 300'],
  ['32 in flight, p99 ms', of('turn', 32, 'p99_ms'), v => v < 30, '< 30'],
  ['start to first reply, ms', median(starts.map(s => s.reply_ms)), v => v < 700, '< 700'],
  ['memory by then, MB', median(starts.map(s => s.mb)), v => v < 130, '< 130'],
];
for (const e of await exports()) {
  console.log(JSON.stringify(e));
  const most = e.name.startsWith('a county') ? 1000 : 5000;
  rows.push([`${e.name}, ms`, e.ms, v => v < most, `< ${most}`]);
  rows.push([`${e.name}, answers to others meanwhile, p99 ms`, e.p99, v => v < 50, '< 50']);
  rows.push([`${e.name}, memory of the process, MB`, e.mb, v => v < 300, '< 300']);
}
let failed = 0;
for (const [what, value, holds, asked] of rows) {
  const ok = holds(value);
  if (!ok) failed++;
  console.log(`${what}: ${value.toFixed(2)} (${asked})${ok ? '' : '  ← not met'}`);
}
if (check && failed) process.exit(1);
