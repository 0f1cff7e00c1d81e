/** Statement texts for questions of any shape. A shape's text is built once; the values are bound. */
import { differs, type Engine, inList, listParam } from './connection.ts';
import { type Column, quoted, type TableShape } from './kit.ts';

type Dialect = Engine['dialect'];

interface Asked {
  where: Readonly<Record<string, unknown>>;
  order?: { by?: string; descending?: boolean; limit?: number };
  /** `rows` in the order they were made, or their number. */
  what: 'rows' | 'count';
}

interface Built {
  /** Names the shape; the same for every value of it. */
  shape: string;
  params: unknown[];
  conditions: () => string[];
}

const columnOf = (table: TableShape, name: string): Column => {
  const column = table.byName.get(name);
  if (!column) throw new TypeError(`${table.name} has no field ${name}`);
  if (column.kind === 'json' || column.kind === 'secret') throw new TypeError(`${table.name}.${name} cannot be searched`);
  return column;
};

/** A field left `undefined` is a mistake: it would otherwise match every row. */
const present = (table: TableShape, name: string, value: unknown): unknown => {
  if (value === undefined) throw new TypeError(`${table.name}.${name} is asked for with no value`);
  return value;
};

const conditionsOf = (dialect: Dialect, table: TableShape, where: Readonly<Record<string, unknown>>): Built => {
  let shape = '';
  const params: unknown[] = [];
  const parts: [column: string, operator: string][] = [];
  const add = (name: string, operator: string, ...values: unknown[]) => {
    shape += `${name} ${operator},`;
    parts.push([name, operator]);
    params.push(...values);
  };
  for (const name in where) {
    columnOf(table, name);
    const test = present(table, name, where[name]);
    if (test === null) add(name, 'is null');
    else if (Array.isArray(test)) {
      const values = test.filter(v => present(table, name, v) !== null);
      add(name, values.length < test.length ? 'in or null' : 'in', listParam(dialect, values));
    } else if (typeof test === 'object') {
      const range = test as { from?: unknown; to?: unknown; not?: unknown };
      if ('from' in range) add(name, '>= ?', present(table, name, range.from));
      if ('to' in range) add(name, '<= ?', present(table, name, range.to));
      if ('not' in range) {
        if (present(table, name, range.not) === null) add(name, 'is not null');
        else add(name, `${differs(dialect)} ?`, range.not);
      }
    } else if (typeof test === 'string' && table.literal.has(name) && /^[a-z-]+$/.test(test)) add(name, `= '${test}'`);
    else add(name, '= ?', test);
  }
  const text = ([name, operator]: [string, string]): string => {
    const column = quoted(name);
    if (operator === 'in') return `${column} ${inList(dialect)}`;
    if (operator === 'in or null') return `(${column} is null or ${column} ${inList(dialect)})`;
    return `${column} ${operator}`;
  };
  return { shape, params, conditions: () => parts.map(text) };
};

/** Written out: SQLite prepares a statement anew each time a bound limit is given. */
export const limited = (limit: number | undefined): string => {
  if (limit === undefined) return '';
  if (!Number.isSafeInteger(limit) || limit < 0) throw new RangeError(`not a limit: ${limit}`);
  return ` limit ${limit}`;
};

/** One table's statements in one dialect. */
export class Statements {
  readonly table: TableShape;
  /** Columns of a whole row, in the table's order. */
  readonly columns: string;
  readonly byId: string;
  readonly insert: string;
  readonly remove: string;
  #dialect: Dialect;
  #asked = new Map<string, string>();
  #updates = new Map<string, string>();

  constructor(dialect: Dialect, table: TableShape) {
    this.#dialect = dialect;
    this.table = table;
    const name = quoted(table.name);
    this.columns = table.columns.map(c => quoted(c.name)).join(', ');
    this.byId = `select ${this.columns} from ${name} where "id" = ?`;
    this.insert = `insert into ${name} (${this.columns}) values (${table.columns.map(() => '?').join(', ')})`;
    this.remove = `delete from ${name} where "id" = ?`;
  }

  ask({ where, order = {}, what }: Asked): { sql: string; params: unknown[] } {
    const built = conditionsOf(this.#dialect, this.table, where);
    const key = `${what}:${built.shape}:${order.by ?? ''}${order.descending ? ' down' : ''}${limited(order.limit)}`;
    let sql = this.#asked.get(key);
    if (sql === undefined) {
      const conditions = built.conditions();
      sql = `select ${what === 'count' ? 'count(*)' : this.columns} from ${quoted(this.table.name)}${conditions.length ? ` where ${conditions.join(' and ')}` : ''}`;
      if (what === 'rows') sql += ` order by ${this.#ordering(order)}${limited(order.limit)}`;
      this.#asked.set(key, sql);
    }
    return { sql, params: built.params };
  }

  /** Nulls come last either way; rows that are equal come as they were made. */
  #ordering({ by, descending = false }: NonNullable<Asked['order']>): string {
    const way = descending ? ' desc' : '';
    if (by === undefined) return `"seq"${way}`;
    return `${quoted(by)}${way}${columnOf(this.table, by).nullable ? ' nulls last' : ''}, "seq"${way}`;
  }

  /** Sets only what changed, so that indexes over the rest are left alone. */
  update(columns: readonly string[]): string {
    const key = columns.join();
    let sql = this.#updates.get(key);
    if (sql === undefined) {
      sql = `update ${quoted(this.table.name)} set ${columns.map(c => `${quoted(c)} = ?`).join(', ')} where "id" = ?`;
      this.#updates.set(key, sql);
    }
    return sql;
  }
}
