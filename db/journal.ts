/** The journal: each row carries a hash over the row before and its own text, so that a changed, dropped or inserted row shows. */
import { createHash } from 'node:crypto';
import type { JournalRow } from '../src/bot/ports.ts';
import type { Connection } from './connection.ts';
import { quoted } from './kit.ts';
import { engineShapes } from './schema.ts';

const FIELDS = engineShapes.journal.columns.map(c => c.name);
const COLUMNS = FIELDS.map(quoted).join(', ');
const INSERT = `insert into "journal" (${COLUMNS}) values (${FIELDS.map(() => '?').join(', ')})`;
const START = '';

const chained = (before: string, values: readonly unknown[]): string =>
  createHash('sha256').update(before).update(JSON.stringify(values)).digest('base64url');

export interface Head {
  seq: number;
  hash: string;
}

const headOf = async (c: Connection): Promise<Head> => {
  const [row] = await c.rows(`select "seq", "hash" from "journal" order by "seq" desc limit 1`);
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
    const values = [seq, e.turn, e.at, e.sentAt, e.actor, e.command, e.table, e.row, e.before, e.after, e.source];
    const hash = chained(this.#head.hash, values);
    await this.#c.rows(INSERT, [...values, hash]);
    this.#head = { seq, hash };
  }
}

/** Walks the whole chain. `brokenAt` is the number of the first row that does not follow from those before it. */
export const verifyJournal = async (c: Connection): Promise<{ rows: number; brokenAt: number | null }> => {
  let head: Head = { seq: 0, hash: START };
  for (;;) {
    const page = await c.rows(`select ${COLUMNS} from "journal" where "seq" > ? order by "seq" limit 1000`, [head.seq]);
    for (const row of page) {
      const values = row.slice(0, -1);
      const seq = head.seq + 1;
      if (values[0] !== seq || row.at(-1) !== chained(head.hash, values)) return { rows: head.seq, brokenAt: seq };
      head = { seq, hash: row.at(-1) as string };
    }
    if (page.length < 1000) return { rows: head.seq, brokenAt: null };
    // Lets turns run in between.
    await new Promise(setImmediate);
  }
};
