/** A long answer in pages, so that beside the turns nobody waits for all of it; together they are of one moment only where no other turn changed the table meanwhile. */
import type { Records } from '../core/records.ts';
import type { Read, Where } from './ports.ts';

const PAGE = 1_000;

/** Every row that fits, by id. */
export const inPages = async <T extends 'people' | 'grants' | 'postings'>(
  read: Read,
  table: T,
  where: Where<Records[T]>,
): Promise<Records[T][]> => {
  const rows: Records[T][] = [];
  for (;;) {
    const last = rows.at(-1)?.id;
    const from = last === undefined ? {} : { id: { from: last } };
    const page = await read.all(table, { ...where, ...from } as Where<Records[T]>, { by: 'id', limit: PAGE + 1 } as never);
    for (const row of page) if (row.id !== last) rows.push(row);
    if (page.length <= PAGE) return rows;
  }
};
