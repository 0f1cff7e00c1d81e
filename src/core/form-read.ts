/** Recognises an official form by its header cells: columns may be moved, and others stand between them. */
import { type Day, ymd } from './day.ts';
import { columnKey, type FormColumn } from './form.ts';

export interface RecognisedForm {
  /** By `columnKey`: its place in the sheet. */
  columns: Record<string, number>;
  /** The first row under the header. */
  firstRow: number;
  /** Headers of columns that are not there. */
  missing: string[];
  /** Headers that the form does not have: left alone. */
  extra: string[];
  /** Columns that stand elsewhere than issued. */
  moved: number;
}

/** A form's empty file is small and names nobody; what is larger is read and let go. */
export const TEMPLATE_LIMITS = { bytes: 500 * 1024, rows: 80 } as const;

/** How far down a header may begin, and over how many rows it may reach. */
const DEEP = { from: 12, rows: 3 } as const;

const bare = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\s"“”'‘’「」,，、。:：*]/g, '')
    .toLowerCase();
const short = (text: string): string => bare(text.replace(/[(（][^)）]*[)）]/g, ''));

/** The lowest text of each column in some rows: a merged cell holds its text in its first row. */
const textsOf = (rows: readonly (readonly string[])[]): string[] => {
  const width = Math.max(0, ...rows.map(r => r.length));
  return Array.from({ length: width }, (_, c) => rows.map(r => r[c] ?? '').findLast(t => t.trim() !== '') ?? '');
};

const match = (columns: readonly FormColumn[], texts: readonly string[]): Map<number, number> => {
  const found = new Map<number, number>();
  const taken = new Set<number>();
  for (const same of [bare, short])
    columns.forEach((column, i) => {
      if (found.has(i)) return;
      const wanted = same(column.head.at(-1)!);
      const at = texts.findIndex((t, c) => !taken.has(c) && t !== '' && same(t) === wanted && wanted !== '');
      if (at < 0) return;
      found.set(i, at);
      taken.add(at);
    });
  return found;
};

/** undefined: nothing in it is like this form. */
export const recogniseForm = (columns: readonly FormColumn[], rows: readonly (readonly string[])[]): RecognisedForm | undefined => {
  let best: { found: Map<number, number>; firstRow: number; texts: string[] } | undefined;
  for (let from = 0; from < Math.min(DEEP.from, rows.length); from++)
    for (let deep = 1; deep <= DEEP.rows && from + deep <= rows.length; deep++) {
      const texts = textsOf(rows.slice(from, from + deep));
      const found = match(columns, texts);
      if (found.size > (best?.found.size ?? 0)) best = { found, firstRow: from + deep, texts };
    }
  if (!best || best.found.size * 2 < columns.length) return undefined;
  const { found, texts, firstRow } = best;
  const used = new Set(found.values());
  return {
    columns: Object.fromEntries([...found].map(([i, at]) => [columnKey(columns[i]!), at])),
    firstRow,
    missing: columns.filter((_, i) => !found.has(i)).map(c => c.head.at(-1)!),
    extra: texts.filter((t, c) => t !== '' && !used.has(c)),
    moved: [...found].filter(([i, at]) => i !== at).length,
  };
};

/** Rows that end the table: its total, its notes. */
export const isTail = (row: readonly (string | number | boolean | Date | null | undefined)[]): boolean => {
  const first = row.find(c => c !== null && c !== undefined && String(c).trim() !== '');
  return first !== undefined && /^(合计|总计|小计|备注|注[:：]|说明[:：]|填表说明)/.test(String(first).trim());
};

/** 3月20日, 3.20, 2024-03-20; the year that is not written is the programme's. */
export const dayIn = (text: string, term: { from: Day; until: Day }): Day | undefined => {
  const m = /^(?:(\d{4})[年./-])?(\d{1,2})[月./-](\d{1,2})日?$/.exec(text.trim());
  if (!m) return undefined;
  const years = m[1] ? [Number(m[1])] : [Number(term.from.slice(0, 4)), Number(term.until.slice(0, 4))];
  const days = years.map(y => ymd(y, Number(m[2]), Number(m[3]))).filter(d => d !== undefined);
  return days.find(d => d >= term.from && d <= term.until) ?? days[0];
};
