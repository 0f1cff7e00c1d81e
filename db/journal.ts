/** The journal: each row carries a hash over the row before and its own text, so that a changed, dropped or inserted row shows. */
import { hash } from 'node:crypto';
import { desc, gt } from 'drizzle-orm';
import type { JournalRow } from '../src/bot/ports.ts';
import type { Connection } from './connection.ts';
import { columnsOf } from './kit.ts';
import { fields, limited, run, statement, value, values } from './statements.ts';

const PAGE = 1000;
const INSERT = statement(({ build, journal }) => build.insert(journal).values(values(columnsOf(journal))));
const HEAD = statement(({ build, journal }) =>
  build
    .select(fields([journal.seq, journal.hash]))
    .from(journal)
    .orderBy(desc(journal.seq))
    .limit(limited(1)),
);
const NEXT = statement(({ build, journal }) =>
  build
    .select()
    .from(journal)
    .where(gt(journal.seq, value(journal.seq)))
    .orderBy(journal.seq)
    .limit(limited(PAGE)),
);

/** Before the first row. */
export const START: Head = { seq: 0, hash: '' };

const chained = (before: string, row: readonly unknown[]): string => hash('sha256', before + JSON.stringify(row), 'base64url');

export interface Head {
  seq: number;
  hash: string;
}

/** The chain's end. */
export const headOf = async (c: Connection): Promise<Head> => {
  const [row] = await run(c, HEAD(c));
  return row ? { seq: row[0] as number, hash: row[1] as string } : START;
};

export type Entry = Omit<JournalRow, 'seq'>;

/** Appends within one turn, from the chain's end on. */
export class JournalWriter {
  /** The end as it is now. */
  end: Head;
  #c: Connection;
  constructor(c: Connection, end: Head) {
    this.#c = c;
    this.end = end;
  }
  async add(e: Entry): Promise<void> {
    const seq = this.end.seq + 1;
    const row: unknown[] = [seq, e.turn, e.at, e.sentAt, e.actor, e.command, e.table, e.row, e.before, e.after, e.source];
    const its = chained(this.end.hash, row);
    row.push(its);
    await run(this.#c, INSERT(this.#c), row);
    this.end = { seq, hash: its };
  }
}

/** Walks the whole chain. `brokenAt` is the number of the first row that does not follow from those before it. */
export const verifyJournal = async (c: Connection): Promise<{ rows: number; brokenAt: number | null }> => {
  let head: Head = START;
  for (;;) {
    const page = await run(c, NEXT(c), { seq: head.seq });
    for (const row of page) {
      const seq = head.seq + 1;
      if (row[0] !== seq || row.at(-1) !== chained(head.hash, row.slice(0, -1))) return { rows: head.seq, brokenAt: seq };
      head = { seq, hash: row.at(-1) as string };
    }
    if (page.length < PAGE) return { rows: head.seq, brokenAt: null };
    // Lets turns run in between.
    await new Promise(setImmediate);
  }
};
