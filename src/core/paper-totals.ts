/** Doctor-days taken over from paper (附件1), of a county that started in mid-year: read, weighed against what is known, written. No visit is invented. */
import type { Programme } from '../programmes/schema.ts';
import { addMonths, type Day, type Month, monthOf, sayMonth } from './day.ts';
import { type Change, numbered, type Org, type PaperTotal } from './records.ts';
import type { RowProblem } from './roster.ts';

export interface PaperRow {
  /** Line of the file. */
  no: number;
  clinic: string;
  /** By number of the month; a blank cell is no entry. */
  months: Record<number, number>;
}

const bare = (cell: string | undefined): string => (cell ?? '').normalize('NFKC').replace(/\s/g, '');
const monthNumber = (cell: string | undefined): number | undefined => {
  const n = /^(\d{1,2})月(?:份)?$/.exec(bare(cell))?.[1];
  return n !== undefined && Number(n) >= 1 && Number(n) <= 12 ? Number(n) : undefined;
};
const headerOf = (table: readonly string[][]): number => table.slice(0, 10).findIndex(row => row.some(c => monthNumber(c) !== undefined));

/** Its header has columns of months beside the names of clinics. */
export const looksLikePaperTotals = (table: readonly string[][]): boolean => {
  const at = headerOf(table);
  return at >= 0 && table.slice(Math.max(0, at - 2), at + 1).some(row => row.some(c => /机构名称|受援单位|^单位(?:名称)?$/.test(bare(c))));
};

const TOTAL = /^(?:合计|总计)$/;
const NOTE = /^备注/;

/** Rows of an annex 1, with everything wrong in them; the total row is compared and not taken over. */
export const readPaperTotals = (table: readonly string[][]): { rows: PaperRow[]; problems: RowProblem[] } => {
  const at = headerOf(table);
  const head = table[at] ?? [];
  const months = head.flatMap((c, i) => {
    const n = monthNumber(c);
    return n === undefined ? [] : [{ n, i }];
  });
  const name = [at, at - 1, at - 2].flatMap(r => {
    const i = (table[r] ?? []).findIndex(c => /机构名称|受援单位|^单位(?:名称)?$/.test(bare(c)));
    return i < 0 ? [] : [i];
  })[0];
  const rows: PaperRow[] = [];
  const problems: RowProblem[] = [];
  const twice = months.filter((m, i) => months.findIndex(x => x.n === m.n) !== i);
  for (const m of twice) problems.push({ row: at + 1, column: `${m.n}月`, reason: '这个月写了两列' });
  if (name === undefined || !months.length) return { rows, problems: [{ row: at + 1, column: '表头', reason: '没有“机构名称”或月份列' }] };
  let totals: Record<number, number> | undefined;
  for (let r = at + 1; r < table.length; r++) {
    const row = table[r]!;
    if (row.every(c => bare(c) === '') || row.some(c => NOTE.test(bare(c)))) continue;
    const isTotal = row.some(c => TOTAL.test(bare(c)));
    const values: Record<number, number> = {};
    for (const { n, i } of months) {
      const cell = bare(row[i]);
      if (cell === '' || cell === '/') continue;
      if (!/^\d{1,4}$/.test(cell)) problems.push({ row: r + 1, column: `${n}月`, reason: `“${cell.slice(0, 10)}”要写不小于0的整数` });
      else values[n] = Number(cell);
    }
    if (isTotal) {
      totals = values;
      continue;
    }
    const clinic = bare(row[name]);
    // Lines under the table (截至, 备注) have no number in a month.
    if (clinic === '' && !Object.keys(values).length && !problems.some(p => p.row === r + 1)) continue;
    if (clinic === '') problems.push({ row: r + 1, column: '机构名称', reason: '没有写' });
    else if (rows.some(x => x.clinic === clinic)) problems.push({ row: r + 1, column: '机构名称', reason: `${clinic}写了两行` });
    else rows.push({ no: r + 1, clinic, months: values });
  }
  for (const { n } of totals && !problems.length ? months : []) {
    const sum = rows.reduce((a, x) => a + (x.months[n] ?? 0), 0);
    if (totals![n] !== undefined && totals![n] !== sum)
      problems.push({ row: table.length, column: `${n}月`, reason: `合计写${totals![n]}，各行加起来是${sum}` });
  }
  return { rows, problems };
};

export interface PaperKnown {
  county: Org;
  orgs: readonly Org[];
  programme: Pick<Programme, 'id' | 'term' | 'title'>;
  existing: readonly PaperTotal[];
  /** `clinic month` where visits are on record: those months are counted from them. */
  visited: ReadonlySet<string>;
  /** Doctor-days of those, where there are any. */
  counted: ReadonlyMap<string, number>;
  today: Day;
}
export interface PaperEntry {
  clinic: string;
  month: Month;
  doctorDays: number;
}

/** What would be entered, or everything that is in the way; and how many cells say what the system counts already. */
export const planPaperTotals = (
  known: PaperKnown,
  rows: readonly PaperRow[],
): { entries: PaperEntry[]; problems: RowProblem[]; same: number } => {
  let same = 0;
  const withVisits = new Set([...known.visited].map(v => v.split(' ')[1]));
  const entries: PaperEntry[] = [];
  const problems: RowProblem[] = [];
  const months = new Map<number, Month>();
  for (let m = monthOf(known.programme.term.from); m <= monthOf(known.programme.term.until); m = addMonths(m, 1))
    if (!months.has(Number(m.slice(5)))) months.set(Number(m.slice(5)), m);
  const clinics = known.orgs.filter(o => o.kind === 'clinic' && o.county === known.county.id);
  for (const row of rows) {
    const found = clinics.filter(o => o.name === row.clinic);
    const fits = found.length ? found : clinics.filter(o => o.names.includes(row.clinic));
    const [clinic] = fits;
    if (!clinic || fits.length > 1) {
      problems.push({
        row: row.no,
        column: '机构名称',
        reason: fits.length > 1 ? `“${row.clinic}”有${fits.length}家，请写全名` : `没有“${row.clinic}”这家`,
      });
      continue;
    }
    for (const [n, doctorDays] of Object.entries(row.months)) {
      const month = months.get(Number(n));
      const key = `${clinic.id} ${month}`;
      // The program's own table comes back as it was: nothing is entered of it.
      if (month && withVisits.has(month) && doctorDays === (known.counted.get(key) ?? 0)) {
        same++;
        continue;
      }
      const problem = !month
        ? `不在方案期内（《${known.programme.title}》）`
        : month >= monthOf(known.today)
          ? '只能补录以前月份，本月起由系统统计'
          : known.visited.has(key)
            ? `系统里是${known.counted.get(key) ?? 0}，有班次的月份由系统统计`
            : undefined;
      if (problem) problems.push({ row: row.no, column: `${n}月`, reason: problem });
      else entries.push({ clinic: clinic.id, month: month!, doctorDays });
    }
  }
  return { entries, problems, same };
};

export const paperChanges = (
  known: PaperKnown,
  entries: readonly PaperEntry[],
  by: { turn: number; person: string; at: number },
): Change[] =>
  entries.flatMap((e, n): Change[] => {
    const old = known.existing.find(x => x.clinic === e.clinic && x.month === e.month);
    if (old?.doctorDays === e.doctorDays) return [];
    const to: PaperTotal = {
      id: old?.id ?? numbered(by.turn, n),
      programme: known.programme.id,
      county: known.county.id,
      clinic: e.clinic,
      month: e.month,
      doctorDays: e.doctorDays,
      by: by.person,
      at: by.at,
    };
    return [{ table: 'paperTotals', id: to.id, to, ...(old ? { was: { doctorDays: old.doctorDays } } : {}) }];
  });

/** 2024年1月 12、2024年2月 10. */
export const saySums = (entries: readonly PaperEntry[]): string => {
  const months = [...new Set(entries.map(e => e.month))].sort();
  return months.map(m => `${sayMonth(m)} ${entries.filter(e => e.month === m).reduce((a, e) => a + e.doctorDays, 0)}`).join('、');
};
