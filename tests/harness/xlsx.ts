/** Table files made for tests. */
import { writeXlsx } from 'hucre';

/** An .xlsx of these rows; the group headers of annex 2 are merged as they are in the original. */
export const xlsxOf = (
  rows: readonly (readonly string[])[],
  merges: { startRow: number; startCol: number; endRow: number; endCol: number }[] = [],
): Promise<Uint8Array> => writeXlsx({ sheets: [{ name: '附件2', rows: rows.map(r => [...r]), merges }] });
