/** The journal: each row carries a hash over the row before and its own text, so that a changed, dropped or inserted row shows. */
import { createHash } from 'node:crypto';
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
const START = '';

const chained = (before: string, row: readonly unknown[]): string =>
  createHash('sha256').update(before).update(JSON.stringify(row)).digest('base64url');

export interface Head {
  seq: number;
  hash: string;
}

const headOf = async (c: Connection): Promise<Head> => {
  const [row] = await run(c, HEAD(c));
  return row ? { seq: row[0] as number, hash: row[1] as string } : { seq: 0, hash: START };
};

export type Entry = Omit<JournalRow, 'seq'>;

/** Appends within one transaction; the chain's end is looked up once. */
export class JournalWriter {
  #c: Connection;
  #head: Head | undefined;
  constructor(c: Connection) {
    this.#c = c;
  }
  async add(e: Entry): Promise<void> {
    this.#head ??= await headOf(this.#c);
    const seq = this.#head.seq + 1;
    const hash = chained(this.#head.hash, [seq, e.turn, e.at, e.sentAt, e.actor, e.command, e.table, e.row, e.before, e.after, e.source]);
    await run(this.#c, INSERT(this.#c), { ...e, seq, hash });
    this.#head = { seq, hash };
  }
}

/** Walks the whole chain. `brokenAt` is the number of the first row that does not follow from those before it. */
export const verifyJournal = async (c: Connection): Promise<{ rows: number; brokenAt: number | null }> => {
  let head: Head = { seq: 0, hash: START };
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
