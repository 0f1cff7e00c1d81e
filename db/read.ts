/** Questions of what is stored, over one connection: the reader outside a turn, the writer inside. */

import { and, desc, eq, gt, gte, lt, or } from 'drizzle-orm';
import type { JobRun, JournalQuery, JournalRow, Ordering, Read, Where } from '../src/bot/ports.ts';
import { regionNames } from '../src/core/org-names.ts';
import type { Records, Table } from '../src/core/records.ts';
import { VISIT_TYPE_WORDS } from '../src/core/visit.ts';
import type { Lexicon } from '../src/core/words/place.ts';
import type { Connection, Rows } from './connection.ts';
import { HIDEABLE, madeBy } from './hidden.ts';
import { Kept } from './kept.ts';
import { keptFigures, keptTally } from './kept-sums.ts';
import { decoderOf } from './kit.ts';
import type { Leases } from './leases.ts';
import { notesUnder } from './meta.ts';
import { offeredIn, outboxIn, toldBy } from './outbox.ts';
import type { Schema } from './schema.ts';
import { HIDDEN, type Seals } from './seal.ts';
import { equals, fields, limited, run, type Statement, Statements, statement, value } from './statements.ts';
import { figuresByCounty, tally, total } from './tally.ts';

export type Row = Record<string, unknown>;
/** What all reads of one store share. */
export interface Shared {
  seals: Seals;
  statements: { readonly [T in Table]: Statements };
  kept: Kept;
  leases: Leases;
  /** The large turn whose rows are not shown yet: to turns, and to whoever reads beside them. */
  hidden: { turns: number | undefined; beside: number | undefined };
}

export const sharedOf = (schema: Schema, seals: Seals, leases: Leases): Shared => ({
  seals,
  statements: Object.fromEntries(
    Object.values(schema.records).map(r => [r.name, new Statements(schema, r)]),
  ) as unknown as Shared['statements'],
  kept: new Kept(),
  leases,
  hidden: { turns: undefined, beside: undefined },
});

/** What stands for a sealed value when its row is read. A row written back with it keeps the sealed value. */
export const shownFor = (row: Row): string => (typeof row['phoneMask'] === 'string' ? row['phoneMask'] : HIDDEN);

/** A row as it is read: sealed values give way to their masks. */
export const shown = (statements: Statements, row: Row): Row => {
  for (const name of statements.shape.secrets) if (row[name] !== null) row[name] = shownFor(row);
  return row;
};

const JOURNAL = ['seq', 'turn', 'at', 'sentAt', 'actor', 'command', 'table', 'row', 'before', 'after', 'source'] as const;
const ENTRIES = statement(({ build, journal }, limit: number, ...asked: (keyof JournalQuery)[]) =>
  build
    .select(fields(JOURNAL.map(f => journal[f])))
    .from(journal)
    .where(
      and(
        ...asked.map(f => {
          switch (f) {
            case 'from':
              return gte(journal.at, value(journal.at, f));
            case 'until':
              return lt(journal.at, value(journal.at, f));
            case 'below':
              return lt(journal.seq, value(journal.seq, f));
            case 'above':
              return gt(journal.seq, value(journal.seq, f));
            case 'matter':
              // Its parts are numbered 57-2 and 57/2: between - and 0 there is nothing else.
              return or(
                eq(journal.turn, value(journal.turn, f)),
                eq(journal.row, value(journal.row, 'matterRow')),
                and(gte(journal.row, value(journal.row, 'matterFrom')), lt(journal.row, value(journal.row, 'matterUntil'))),
              );
            default:
              return equals(journal[f]);
          }
        }),
      ),
    )
    .orderBy(desc(journal.seq))
    .limit(limited(limit)),
);
/** What names come from, in the order of the columns; people have the name only. */
const NAMED = ['id', 'kind', 'level', 'name', 'names', 'city', 'district'];
type OrgNamed = [id: string, kind: string, level: string, name: string, names: string, city: string | null, district: string | null];
const NAMES = statement(({ build, records }, table: 'orgs' | 'people') => {
  const { table: t, columns } = records[table];
  return build
    .select(fields(columns.filter(c => NAMED.includes(c.name))))
    .from(t)
    .orderBy(t['seq']!);
});
const JOB_RUNS = statement(({ build, jobRuns }, limit: number) =>
  build.select().from(jobRuns).orderBy(desc(jobRuns.slot), jobRuns.job).limit(limited(limit)),
);

/** One text for each list of values of one statement. */
const keyOf = (values: readonly unknown[]): string =>
  values.length === 1 && typeof values[0] === 'string' ? values[0] : JSON.stringify(values);

/** Rows of an answer that a turn may go on to change. */
const FEW = 100;
/** Rows of a long answer. */
const LONG = 1_000;

export class Reads implements Read {
  #c: Connection;
  #shared: Shared;
  #kept: Kept | undefined;
  /** What this turn has read, as the driver gave it. */
  #stored = new Map<Table, Map<string, Rows[number]>>();
  /** Only a turn may be given what is kept. */
  constructor(connection: Connection, shared: Shared, kept?: Kept) {
    this.#c = connection;
    this.#shared = shared;
    this.#kept = kept;
  }

  async get<T extends Table>(table: T, id: string): Promise<Records[T] | undefined> {
    if (madeBy(this.#hidden, table, id)) return undefined;
    return (await this.#ask(table, this.#shared.statements[table].byId, [id]))[0];
  }

  async all<T extends Table>(table: T, where: Where<Records[T]>, order: Ordering<Records[T]> = {}): Promise<Records[T][]> {
    const { statement, values } = this.#shared.statements[table].rows(where, order, this.#without(table));
    return [...(await this.#ask(table, statement, values))];
  }

  async first<T extends Table>(table: T, where: Where<Records[T]>, order: Ordering<Records[T]> = {}): Promise<Records[T] | undefined> {
    const { statement, values } = this.#shared.statements[table].rows(where, { ...order, limit: 1 }, this.#without(table));
    return (await this.#ask(table, statement, values))[0];
  }

  async count<T extends Table>(table: T, where: Where<Records[T]>): Promise<number> {
    const { statement, values } = this.#shared.statements[table].count(where, this.#without(table));
    return (await run(this.#c, statement, values))[0]![0] as number;
  }

  async distinct<T extends Table, F extends keyof Records[T] & string>(
    table: T,
    names: readonly F[],
    where: Where<Records[T]>,
  ): Promise<Pick<Records[T], F>[]> {
    const s = this.#shared.statements[table];
    const { statement, values } = s.distinct(names, where, this.#without(table));
    const decode = decoderOf(names.map(name => s.shape.byName.get(name)!));
    return (await run(this.#c, statement, values)).map(row => decode(row) as unknown as Pick<Records[T], F>);
  }

  tally: Read['tally'] = query => (this.#kept ? keptTally(this.#c, this.#kept.sums, query) : tally(this.#c, query));

  figures: Read['figures'] = async query =>
    this.#kept ? keptFigures(this.#c, this.#kept.sums, query) : total((await figuresByCounty(this.#c, query)).values());

  get #hidden(): number | undefined {
    return this.#kept ? this.#shared.hidden.turns : this.#shared.hidden.beside;
  }
  /** The turn whose rows an answer leaves out. */
  #without(table: Table): number | undefined {
    return HIDEABLE.includes(table) ? this.#hidden : undefined;
  }

  async #ask<T extends Table>(table: T, statement: Statement, values: readonly unknown[]): Promise<readonly Records[T][]> {
    const kept = this.#kept && Kept.holds(table) ? this.#kept : undefined;
    const asked = kept ? keyOf(values) : '';
    const known = kept?.find(table, statement, asked);
    if (known) return known as readonly Records[T][];
    const s = this.#shared.statements[table];
    const found = await run(this.#c, statement, values);
    if (this.#kept && !kept && found.length <= FEW) this.#remember(table, s, found);
    // Beside the turns a long answer lets them have theirs.
    if (!this.#kept && found.length >= LONG) await new Promise(setImmediate);
    const rows = found.map(row => shown(s, s.shape.decode(row)) as unknown as Records[T]);
    kept?.keep(table, statement, asked, rows);
    return rows;
  }

  #remember(table: Table, s: Statements, rows: Rows): void {
    let known = this.#stored.get(table);
    if (!known) this.#stored.set(table, (known = new Map()));
    for (const row of rows) known.set(row[s.shape.idAt] as string, row);
  }

  /** A row as it is stored; what this turn has read already is not read again. */
  async stored(table: Table, id: string): Promise<Row | undefined> {
    const s = this.#shared.statements[table];
    const row = this.#stored.get(table)?.get(id) ?? (await run(this.#c, s.byId, [id]))[0];
    return row && s.shape.decode(row);
  }

  /** This turn writes the row: what was read of it holds no longer. */
  written(table: Table, id: string): void {
    this.#stored.get(table)?.delete(id);
  }

  async lexicon(): Promise<Lexicon> {
    const known = this.#kept?.names;
    if (known) return known;
    const shown = async (table: 'orgs' | 'people') =>
      (await run(this.#c, NAMES(this.#c, table))).filter(([id]) => !madeBy(this.#hidden, table, id as string));
    const orgs = await shown('orgs');
    const people = await shown('people');
    const names: Lexicon = {
      orgs: (orgs as OrgNamed[]).map(([id, kind, level, name, called, city, district]) => ({
        id,
        names: [...new Set([...(JSON.parse(called) as string[]), name])],
        ...(kind === 'bureau' ? { regions: regionNames({ name, level, city, district }) } : {}),
      })),
      people: people.map(([id, name]) => ({ id: id as string, name: name as string })),
      visitTypes: VISIT_TYPE_WORDS,
    };
    if (this.#kept) this.#kept.names = names;
    return names;
  }

  /** Newest first. */
  async journal(where: JournalQuery, limit: number): Promise<JournalRow[]> {
    const asked = (['actor', 'command', 'turn', 'table', 'row', 'matter', 'from', 'until', 'below', 'above'] as const).filter(
      f => where[f] !== undefined,
    );
    const { matter } = where;
    const parts = matter === undefined ? {} : { matterRow: `${matter}`, matterFrom: `${matter}-`, matterUntil: `${matter}0` };
    const rows = await run(this.#c, ENTRIES(this.#c, limit, ...asked), { ...where, ...parts });
    return rows.map(row => Object.fromEntries(JOURNAL.map((f, i) => [f, row[i]])) as unknown as JournalRow);
  }

  phoneIndex(phone: string): string {
    return this.#shared.seals.phoneIndex(phone);
  }

  async unseal<T extends Table>(table: T, id: string, field: keyof Records[T] & string): Promise<string | null> {
    const s = this.#shared.statements[table];
    if (!s.shape.secrets.includes(field)) throw new TypeError(`${table}.${field} is not sealed`);
    const [row] = await run(this.#c, s.field(field), { id });
    const sealed = (row?.[0] ?? null) as string | null;
    return sealed === null ? null : this.#shared.seals.open(sealed, table, id, field);
  }

  offered: Read['offered'] = (to, from, until) => offeredIn(this.#c, to, from, until);

  outbox: Read['outbox'] = where => outboxIn(this.#c, where);

  told: Read['told'] = turn => toldBy(this.#c, turn);

  notes(prefix: string): Promise<Map<string, string>> {
    return notesUnder(this.#c, prefix);
  }

  async jobRuns(limit: number): Promise<JobRun[]> {
    const rows = await run(this.#c, JOB_RUNS(this.#c, limit));
    return rows.map(([job, slot, ranAt, result]) => ({ job, slot, ranAt, result }) as JobRun);
  }
}
