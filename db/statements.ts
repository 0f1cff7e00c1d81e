/** Statements as drizzle builds them, once for each shape; the connection runs them with their values (src/decisions/0001-statements.md). */
import {
  and,
  asc,
  Column,
  desc,
  eq,
  gte,
  isNotNull,
  isNull,
  lt,
  lte,
  not,
  or,
  Param,
  Placeholder,
  type Query,
  type SQL,
  sql,
} from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import type { Connection, Rows } from './connection.ts';
import type { StoredTable, TableShape } from './kit.ts';
import type { Schema } from './schema.ts';

/** A text, and for each of its places the name of the value that stands there. */
export interface Statement {
  readonly sql: string;
  readonly binds: readonly { name: string; encoder: Param['encoder'] | undefined }[];
}

/** By name, or by place. */
type Values = Readonly<Record<string, unknown>> | readonly unknown[];

const statementOf = ({ sql: text, params }: Pick<Query, 'sql' | 'params'>): Statement => ({
  sql: text,
  binds: params.map(p => {
    const place = p instanceof Param ? p.value : p;
    if (!(place instanceof Placeholder)) throw new TypeError(`a value in the statement itself: ${text}`);
    const encoder = p instanceof Param && p.encoder.mapToDriverValue !== Column.prototype.mapToDriverValue ? p.encoder : undefined;
    return { name: place.name as string, encoder };
  }),
});

/** Runs a statement with its values by name. */
export const run = (c: Connection, { sql: text, binds }: Statement, values: Values = {}): Rows | Promise<Rows> => {
  const placed = Array.isArray(values) ? (values as readonly unknown[]) : undefined;
  const bound: unknown[] = [];
  for (let i = 0; i < binds.length; i++) {
    const { name, encoder } = binds[i]!;
    const value = placed ? placed[i] : (values as Record<string, unknown>)[name];
    bound.push(encoder === undefined || value === null ? value : encoder.mapToDriverValue(value));
  }
  return c.rows(text, bound);
};

/** A statement that may come in several shapes: each is built once for each engine. */
export const statement = <S extends readonly (string | number)[] = []>(
  build: (schema: Schema, ...shape: S) => { toSQL(): Query } | SQL,
): ((c: { schema: Schema }, ...shape: S) => Statement) => {
  const made: Record<Schema['dialect'], Map<string, Statement>> = { sqlite: new Map(), postgres: new Map() };
  return ({ schema }, ...shape) => {
    const key = shape.length ? shape.join() : '';
    let known = made[schema.dialect].get(key);
    if (!known) {
      const query = build(schema, ...shape);
      known = statementOf('toSQL' in query ? query.toSQL() : schema.text(query));
      made[schema.dialect].set(key, known);
    }
    return known;
  };
};

/** A value of a column, to be bound under a name; the column says how it is written. */
export const value = (column: SQLiteColumn, name: string = column.name): SQL => sql`${sql.param(sql.placeholder(name), column)}`;
/** A value of no column. */
export const named = (name: string): SQL => sql`${sql.placeholder(name)}`;
/** A value for each column, under the column's name. */
export const values = (columns: readonly SQLiteColumn[]): Record<string, SQL> => Object.fromEntries(columns.map(c => [c.name, value(c)]));
/** `column = value` under the column's name. */
export const equals = (column: SQLiteColumn): SQL => eq(column, value(column));
/** Columns as `select` takes them. */
export const fields = (columns: readonly SQLiteColumn[]): Record<string, SQLiteColumn> => Object.fromEntries(columns.map(c => [c.name, c]));

/** Written out: a partial index is only found for what is known beforehand, and SQLite prepares a statement anew each time a bound limit is given. */
export const literal = (known: string | number): SQL => sql`${known}`.inlineParams();

/** For drizzle's `limit`, which writes any expression it is given. @throws RangeError */
export const limited = (limit: number): number => {
  if (!Number.isSafeInteger(limit) || limit < 0) throw new RangeError(`not a limit: ${limit}`);
  return literal(limit) as unknown as number;
};

type Where = Readonly<Record<string, unknown>>;
type Order = { by?: string; descending?: boolean; limit?: number };

/** One record's statements. */
export class Statements {
  readonly shape: TableShape;
  #schema: Schema;
  #table: StoredTable;
  #byId: Statement | undefined;
  #insert: Statement | undefined;
  #remove: Statement | undefined;
  #asked = new Map<string, Statement>();

  constructor(schema: Schema, shape: TableShape) {
    this.#schema = schema;
    this.shape = shape;
    this.#table = shape.table;
  }

  get byId(): Statement {
    return (this.#byId ??= statementOf(
      this.#schema.build.select(fields(this.shape.columns)).from(this.#table).where(equals(this.#table['id']!)).toSQL(),
    ));
  }

  get insert(): Statement {
    return (this.#insert ??= statementOf(this.#schema.build.insert(this.#table).values(values(this.shape.columns)).toSQL()));
  }

  get remove(): Statement {
    return (this.#remove ??= statementOf(this.#schema.build.delete(this.#table).where(equals(this.#table['id']!)).toSQL()));
  }

  /** Rows of an answer, in the order they were made unless it says otherwise, and with nulls last. */
  rows(where: Where, order: Order = {}, without?: number): { statement: Statement; values: unknown[] } {
    const { by, descending = false, limit } = order;
    return this.#ask(where, `${by ?? ''}${descending ? ' down' : ''} ${limit ?? ''}`, without, conditions => {
      const way = (column: SQLiteColumn) => (descending ? desc(column) : asc(column));
      const first = by === undefined ? [] : [this.#column(by)].map(c => (c.notNull ? way(c) : sql`${way(c)} nulls last`));
      const made = this.#schema.build
        .select(fields(this.shape.columns))
        .from(this.#table)
        .where(conditions)
        .orderBy(...first, way(this.#table['seq']!));
      return (limit === undefined ? made : made.limit(limited(limit))).toSQL();
    });
  }

  count(where: Where, without?: number): { statement: Statement; values: unknown[] } {
    return this.#ask(where, 'count', without, conditions =>
      this.#schema.build.select({ count: sql`count(*)` }).from(this.#table).where(conditions).toSQL(),
    );
  }

  distinct(names: readonly string[], where: Where, without?: number): { statement: Statement; values: unknown[] } {
    return this.#ask(where, `distinct ${names.join()}`, without, conditions =>
      this.#schema.build
        .selectDistinct(fields(names.map(name => this.#column(name))))
        .from(this.#table)
        .where(conditions)
        .toSQL(),
    );
  }

  /** Ids of at most so many rows that a turn made. */
  made(turn: number, limit: number): { statement: Statement; values: unknown[] } {
    const id = this.#table['id']!;
    const made = this.#kept(`made ${limit}`, () =>
      this.#schema.build
        .select(fields([id]))
        .from(this.#table)
        .where(madeBy(id, '0'))
        .limit(limited(limit))
        .toSQL(),
    );
    return { statement: made, values: idsOf(turn) };
  }

  /** One field of one row. */
  field(name: string): Statement {
    return this.#kept(`field ${name}`, () =>
      this.#schema.build
        .select(fields([this.shape.byName.get(name)!]))
        .from(this.#table)
        .where(equals(this.#table['id']!))
        .toSQL(),
    );
  }

  /** Sets only what changed, so that indexes over the rest are left alone. */
  update(columns: readonly SQLiteColumn[]): Statement {
    return this.#kept(`update ${columns.map(c => c.name).join()}`, () =>
      this.#schema.build.update(this.#table).set(values(columns)).where(equals(this.#table['id']!)).toSQL(),
    );
  }

  /** As `insert`, of any number of rows: a list of lists of all columns. */
  get insertAll(): Statement {
    const { columns } = this.shape;
    const names = sql.raw(columns.map(c => `"${c.name}"`).join());
    return this.#kept('insert all', () =>
      this.#schema.text(sql`insert into ${this.#table} (${names}) select ${names} from ${this.#schema.rowsOf(named('rows'), columns)} its`),
    );
  }

  /** As `update`, of any number of rows: a list of lists of the id and what changed. */
  updateAll(columns: readonly SQLiteColumn[]): Statement {
    const names = columns.map(c => c.name);
    return this.#kept(`update all ${names.join()}`, () =>
      this.#schema.text(
        sql`update ${this.#table} set ${sql.join(
          names.map(name => sql.raw(`"${name}" = its."${name}"`)),
          sql`, `,
        )} from ${this.#schema.rowsOf(named('rows'), [this.#table['id']!, ...columns])} its where ${this.#table['id']!} = its."id"`,
      ),
    );
  }

  /** As `remove`, of any number of rows. */
  get removeAll(): Statement {
    return this.#kept('remove all', () =>
      this.#schema.build
        .delete(this.#table)
        .where(this.#schema.inList(this.#table['id']!, named('ids')))
        .toSQL(),
    );
  }

  #kept(key: string, build: () => Pick<Query, 'sql' | 'params'>): Statement {
    let known = this.#asked.get(key);
    if (!known) this.#asked.set(key, (known = statementOf(build())));
    return known;
  }

  #column(name: string): SQLiteColumn {
    const column = this.shape.byName.get(name);
    if (!column) throw new TypeError(`${this.shape.name} has no field ${name}`);
    if (this.shape.unsearchable.has(name)) throw new TypeError(`${this.shape.name}.${name} cannot be searched`);
    return column;
  }

  /** A field left `undefined` is a mistake: it would otherwise match every row. */
  #present(name: string, asked: unknown): unknown {
    if (asked === undefined) throw new TypeError(`${this.shape.name}.${name} is asked for with no value`);
    return asked;
  }

  /** Values are named by their places. */
  #ask(
    where: Where,
    tail: string,
    without: number | undefined,
    build: (conditions: SQL | undefined) => Query,
  ): { statement: Statement; values: unknown[] } {
    let key = '';
    const parts: [column: SQLiteColumn, test: Test, place: string][] = [];
    const bound: unknown[] = [];
    for (const name in where) {
      const column = this.#column(name);
      const add = (test: Test, ...its: unknown[]) => {
        key += `${name} ${test},`;
        parts.push([column, test, `${bound.length}`]);
        bound.push(...its);
      };
      const asked = where[name];
      // A list of one is looked up in half the time as what it holds.
      const test = this.#present(name, Array.isArray(asked) && asked.length === 1 ? asked[0] : asked);
      if (test === null) add('null');
      else if (Array.isArray(test)) {
        const list = test.filter(v => this.#present(name, v) !== null);
        add(list.length < test.length ? 'in or null' : 'in', this.#schema.listParam(list));
      } else if (typeof test === 'object') {
        const range = test as { from?: unknown; to?: unknown; not?: unknown };
        if ('from' in range) add('from', this.#present(name, range.from));
        if ('to' in range) add('to', this.#present(name, range.to));
        if ('not' in range) {
          if (this.#present(name, range.not) === null) add('not null');
          else add('not', range.not);
        }
      } else if (typeof test === 'string' && this.shape.literal.has(name) && /^[a-z-]+$/.test(test)) add(`= ${test}`);
      else add('is', test);
    }
    if (without !== undefined) {
      key += 'shown,';
      parts.push([this.#table['id']!, 'shown', `${bound.length}`]);
      bound.push(...idsOf(without));
    }
    const made = this.#kept(`${key}:${tail}`, () => build(and(...parts.map(([c, test, place]) => this.#condition(c, test, place)))));
    return { statement: made, values: bound };
  }

  #condition(column: SQLiteColumn, test: Test, place: string): SQL {
    const its = value(column, place);
    const inList = () => this.#schema.inList(column, named(place));
    switch (test) {
      case 'is':
        return eq(column, its);
      case 'null':
        return isNull(column);
      case 'not null':
        return isNotNull(column);
      case 'from':
        return gte(column, its);
      case 'to':
        return lte(column, its);
      case 'not':
        return this.#schema.differs(column, its);
      case 'in':
        return inList();
      case 'shown':
        return not(madeBy(column, place));
      case 'in or null':
        return or(isNull(column), inList())!;
      default:
        return eq(column, literal(test.slice('= '.length)));
    }
  }
}

/** Ids that begin with a turn's number: values at three places from the given one on. */
const madeBy = (id: SQLiteColumn, place: string): SQL => {
  const at = (n: number) => value(id, `${Number(place) + n}`);
  return or(eq(id, at(0)), and(gte(id, at(1)), lt(id, at(2))))!;
};
const idsOf = (turn: number): string[] => [`${turn}`, `${turn}-`, `${turn}.`];

type Test = 'shown' | 'is' | 'null' | 'not null' | 'from' | 'to' | 'not' | 'in' | 'in or null' | `= ${string}`;
