/** A table as it is pasted: tabs, commas, bars, or columns set apart by spaces. */

/** Rows of trimmed cells; blank lines are left out. A tab anywhere means that tabs part the columns. */
export const parseTable = (text: string): string[][] => {
  const lines = text.split(/\r?\n/).filter(l => l.trim() !== '' && !/^[\s|:-]+$/.test(l));
  const split = (line: string): string[] => {
    if (line.includes('\t')) return line.split('\t');
    if (line.includes('|')) return line.replace(/^\s*\||\|\s*$/g, '').split('|');
    if (/[,，]/.test(line)) return line.split(/[,，]/);
    return line.trim().split(/\s{2,}|\s/);
  };
  return lines.map(l => split(l).map(c => c.normalize('NFKC').trim()));
};

/** Rows with what is merged over several of them in each: a clinic's name beside all its physicians. Headers stay as they are. */
export const filledDown = (rows: string[][], down: readonly (readonly [row: number, column: number, last: number])[]): string[][] => {
  const header = rows.slice(0, HEADERS).findLastIndex(r => r.some(c => c.includes('姓名')));
  const among = header < 0 ? [] : down.filter(([row]) => row > header);
  if (!among.length) return rows;
  const own = rows.map(r => [...r]);
  for (const [row, column, last] of among)
    for (let below = row + 1; below <= last && below < own.length; below++) own[below]![column] ||= rows[row]?.[column] ?? '';
  return own;
};

/** Among so many rows a header is looked for. */
const HEADERS = 12;

/** Columns by what their header says: the last of the header rows that names one wins, so that a row of groups above does no harm. */
export const findColumns = <K extends string>(
  rows: readonly string[][],
  meanings: Readonly<Record<K, RegExp>>,
  needed: readonly K[],
): { columns: Partial<Record<K, number>>; headerAt: number[]; missing: K[] } => {
  const keys = Object.keys(meanings) as K[];
  let best: { columns: Partial<Record<K, number>>; headerAt: number[] } = { columns: {}, headerAt: [] };
  const named = (cells: readonly string[]) => {
    const columns: Partial<Record<K, number>> = {};
    cells.forEach((cell, i) => {
      const bare = cell.replace(/[\s()（）]/g, '');
      const key = keys.find(k => columns[k] === undefined && bare !== '' && meanings[k].test(bare));
      if (key) columns[key] = i;
    });
    return columns;
  };
  for (const [i, row] of rows.slice(0, HEADERS).entries()) {
    const below = rows[i + 1] ?? [];
    const merged = Array.from({ length: Math.max(row.length, below.length) }, (_, c) => (below[c] ? below[c]! : (row[c] ?? '')));
    for (const [cells, headerAt] of [
      [row, [i]],
      [merged, [i, i + 1]],
    ] as const) {
      const columns = named(cells);
      if (Object.keys(columns).length > Object.keys(best.columns).length) best = { columns, headerAt: [...headerAt] };
    }
  }
  return { ...best, missing: needed.filter(k => best.columns[k] === undefined) };
};
