/** Table files made for tests. */
import { writeXlsx } from 'hucre';

/** An .xlsx of these rows; the group headers of annex 2 are merged as they are in the original. */
export const xlsxOf = (
  rows: readonly (readonly string[])[],
  merges: { startRow: number; startCol: number; endRow: number; endCol: number }[] = [],
): Promise<Uint8Array> => writeXlsx({ sheets: [{ name: '附件2', rows: rows.map(r => [...r]), merges }] });

/** An .xlsx of several sheets, named by their place. */
export const bookOf = (...sheets: readonly (readonly (readonly string[])[])[]): Promise<Uint8Array> =>
  writeXlsx({ sheets: sheets.map((rows, i) => ({ name: `第${i + 1}张`, rows: rows.map(r => [...r]) })) });
