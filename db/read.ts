/** Questions of what is stored, over one connection: the reader outside a turn, the writer inside. */

import type { JobRun, JournalRow, Ordering, Read, Where } from '../src/bot/ports.ts';
import type { Instant } from '../src/core/day.ts';
import type { Records, Table } from '../src/core/records.ts';
import { VISIT_TYPE_WORDS } from '../src/core/visit.ts';
import type { Lexicon } from '../src/core/words/place.ts';
import type { Connection, Engine } from './connection.ts';
import { decodeRow, quoted } from './kit.ts';
import { outboxIn } from './outbox.ts';
import { shapes } from './schema.ts';
import { HIDDEN, type Seals } from './seal.ts';
import { limited, Statements } from './statements.ts';
import { tally } from './tally.ts';

export type Row = Record<string, unknown>;
/** What all reads of one store share. */
export interface Shared {
  dialect: Engine['dialect'];
  seals: Seals;
  statements: { readonly [T in Table]: Statements };
  lexicon: { version: string; names: Lexicon } | undefined;
}

export const sharedOf = (dialect: Engine['dialect'], seals: Seals): Shared => ({
  dialect,
  seals,
  statements: Object.fromEntries(Object.values(shapes).map(s => [s.name, new Statements(dialect, s)])) as unknown as Shared['statements'],
  lexicon: undefined,
});

/** What stands for a sealed value when its row is read. A row written back with it keeps the sealed value. */
export const shownFor = (row: Row): string => (typeof row['phoneMask'] === 'string' ? row['phoneMask'] : HIDDEN);

/** A row as it is read: sealed values give way to their masks. */
export const shown = (statements: Statements, row: Row): Row => {
  for (const name of statements.table.secrets) if (row[name] !== null) row[name] = shownFor(row);
  return row;
};

const JOURNAL = ['seq', 'turn', 'at', 'sentAt', 'actor', 'command', 'table', 'row', 'before', 'after', 'source'] as const;

export class Reads implements Read {
  #c: Connection;
  #shared: Shared;
  constructor(connection: Connection, shared: Shared) {
    this.#c = connection;
    this.#shared = shared;
  }

  async get<T extends Table>(table: T, id: string): Promise<Records[T] | undefined> {
    const s = this.#shared.statements[table];
    const [row] = await this.#c.rows(s.byId, [id]);
    return row && (shown(s, decodeRow(s.table, row)) as unknown as Records[T]);
  }

  async all<T extends Table>(table: T, where: Where<Records[T]>, order: Ordering<Records[T]> = {}): Promise<Records[T][]> {
    const s = this.#shared.statements[table];
    const { sql, params } = s.ask({ where, order: order as NonNullable<Parameters<Statements['ask']>[0]['order']>, what: 'rows' });
    return (await this.#c.rows(sql, params)).map(row => shown(s, decodeRow(s.table, row)) as unknown as Records[T]);
  }

  async first<T extends Table>(table: T, where: Where<Records[T]>, order: Ordering<Records[T]> = {}): Promise<Records[T] | undefined> {
    return (await this.all(table, where, { ...order, limit: 1 }))[0];
  }

  async count<T extends Table>(table: T, where: Where<Records[T]>): Promise<number> {
    const { sql, params } = this.#shared.statements[table].ask({ where, what: 'count' });
    return (await this.#c.rows(sql, params))[0]![0] as number;
  }

  tally: Read['tally'] = query => tally(this.#c, this.#shared.dialect, query);

  /** The last change of a name decides whether the kept names still hold; that looks at one row. */
  async lexicon(): Promise<Lexicon> {
    const last = await this.#c.rows(
      `select "hash" from "journal" where "table" = 'orgs' or "table" = 'people' order by "seq" desc limit 1`,
    );
    const version = (last[0]?.[0] as string | undefined) ?? '';
    const kept = this.#shared.lexicon;
    if (kept?.version === version) return kept.names;
    const orgs = await this.#c.rows(`select "id", "name", "names" from "orgs" order by "seq"`);
    const people = await this.#c.rows(`select "id", "name" from "people" order by "seq"`);
    const names: Lexicon = {
      orgs: orgs.map(([id, name, called]) => ({
        id: id as string,
        names: [...new Set([...(JSON.parse(called as string) as string[]), name as string])],
      })),
      people: people.map(([id, name]) => ({ id: id as string, name: name as string })),
      visitTypes: VISIT_TYPE_WORDS,
    };
    this.#shared.lexicon = { version, names };
    return names;
  }

  /** Newest first. */
  async journal(
    where: { actor?: string; turn?: number; from?: Instant; table?: string; row?: string },
    limit: number,
  ): Promise<JournalRow[]> {
    const conditions: string[] = [];
    const params: unknown[] = [];
    for (const field of ['actor', 'turn', 'table', 'row'] as const) {
      if (where[field] === undefined) continue;
      conditions.push(`${quoted(field)} = ?`);
      params.push(where[field]);
    }
    if (where.from !== undefined) {
      conditions.push('"at" >= ?');
      params.push(where.from);
    }
    const sql = `select ${JOURNAL.map(quoted).join(', ')} from "journal"${conditions.length ? ` where ${conditions.join(' and ')}` : ''} order by "seq" desc${limited(limit)}`;
    return (await this.#c.rows(sql, params)).map(row => Object.fromEntries(JOURNAL.map((f, i) => [f, row[i]])) as unknown as JournalRow);
  }

  phoneIndex(phone: string): string {
    return this.#shared.seals.phoneIndex(phone);
  }

  async unseal<T extends Table>(table: T, id: string, field: keyof Records[T] & string): Promise<string | null> {
    if (!shapes[table].secrets.includes(field)) throw new TypeError(`${table}.${field} is not sealed`);
    const [row] = await this.#c.rows(`select ${quoted(field)} from ${quoted(table)} where "id" = ?`, [id]);
    const sealed = (row?.[0] ?? null) as string | null;
    return sealed === null ? null : this.#shared.seals.open(sealed, table, id, field);
  }

  outbox: Read['outbox'] = ({ states, limit }) => outboxIn(this.#c, states, limit);

  async jobRuns(limit: number): Promise<JobRun[]> {
    const rows = await this.#c.rows(`select "job", "slot", "ranAt", "result" from "jobRuns" order by "slot" desc, "job"${limited(limit)}`);
    return rows.map(([job, slot, ranAt, result]) => ({ job, slot, ranAt, result }) as JobRun);
  }
}
