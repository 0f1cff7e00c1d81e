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
  for (const [i, row] of rows.slice(0, 12).entries()) {
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
