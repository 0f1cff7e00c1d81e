/** The column kit: the few kinds of columns that SQLite and PostgreSQL both hold, and the values that go in and out of them. */
import { Column, getTableColumns, type SQL, type SQLWrapper } from 'drizzle-orm';
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { SqliteRemoteDatabase } from 'drizzle-orm/sqlite-proxy';

/** `secret` is sealed text; `json` is text, because jsonb would reorder it. */
export type Kind = 'text' | 'secret' | 'int' | 'bool' | 'json';

type KindOf<V> = [V] extends [boolean] ? 'bool' : [V] extends [number] ? 'int' : [V] extends [string] ? 'text' : 'json';
type NullableText = 'text?' | 'secret?';
/** The column a value of a record may stand in: the compiler refuses a wrong kind, a missing `?` and one too many. */
export type ColumnOf<V> = null extends V
  ? KindOf<NonNullable<V>> extends 'text'
    ? NullableText
    : `${KindOf<NonNullable<V>>}?`
  : KindOf<V>;

export interface Index {
  /** Columns, or expressions in parentheses. */
  on: readonly string[];
  /** Columns that SQLite's index carries as well, so that the table itself is not read. PostgreSQL limits what an index row may hold, and goes without. */
  carries?: readonly string[];
  unique?: true;
  /** A partial index: SQL over quoted columns, literals only. */
  where?: string;
}

export interface TableDeclaration<R> {
  columns: { readonly [K in keyof R & string]-?: ColumnOf<R[K]> };
  /** Named `<table>_<name>`. */
  indexes?: Readonly<Record<string, Index>>;
  /** Numbers its rows (a rowid or an identity). Without it the first column is the primary key. */
  seq?: true;
}

/** A table as drizzle knows it. PostgreSQL's tables, columns and builders are used through SQLite's types. */
export type StoredTable<R = Record<string, unknown>> = SQLiteTable & { readonly [K in keyof R & string]: SQLiteColumn };

/** What differs between the engines' tables and texts. `kit-sqlite.ts` and `kit-pg.ts`: the latter is loaded only with PostgreSQL. */
export interface Kit {
  readonly dialect: 'sqlite' | 'postgres';
  /** Builds statements and runs none. */
  readonly build: Pick<SqliteRemoteDatabase, 'select' | 'selectDistinct' | 'insert' | 'update' | 'delete'>;
  /** The text of a template that is more than one of the builders' clauses. */
  text(template: SQL): { sql: string; params: unknown[] };
  table(name: string, columns: Record<string, unknown>, extra: (t: StoredTable) => unknown[]): StoredTable;
  column(kind: Kind): { notNull(): unknown; primaryKey(): unknown };
  seq(): unknown;
  index(name: string, unique: boolean): { on(...columns: unknown[]): { where(condition: SQL): unknown } };
  /** `in` over a list of any length, as one statement text. */
  inList: (column: SQLWrapper, list: SQLWrapper) => SQL;
  listParam(list: readonly unknown[]): unknown;
  /** A JSON list of lists as rows of these columns. */
  rowsOf: (list: SQLWrapper, columns: readonly SQLiteColumn[]) => SQL;
  /** Not equal, where null is a value like others. */
  differs: (column: SQLWrapper, value: SQLWrapper) => SQL;
}

/** A record's table as statements are built from it. */
export interface TableShape {
  name: string;
  table: StoredTable;
  /** Those of the record, without the hidden `seq`. */
  columns: readonly SQLiteColumn[];
  /** Where the id stands among them. */
  idAt: number;
  decode: Decode;
  /** A row as canonical JSON. */
  tell: (row: Readonly<Record<string, unknown>>) => string;
  byName: ReadonlyMap<string, SQLiteColumn>;
  secrets: readonly string[];
  /** Columns that mean nothing to a comparison. */
  unsearchable: ReadonlySet<string>;
  /** Columns whose values are written into the statement, since a partial index is only found for a value that is known beforehand. */
  literal: ReadonlySet<string>;
}

/** A table's columns in its order. */
export const columnsOf = (table: SQLiteTable): readonly SQLiteColumn[] => Object.values(getTableColumns(table));

/** Makes a row of what the driver gives for these columns: booleans of SQLite are 0 and 1, JSON is text. */
export type Decode = (values: readonly unknown[]) => Record<string, unknown>;
export const decoderOf = (columns: readonly SQLiteColumn[]): Decode => {
  const parts = columns.map(c => ({ name: c.name, column: c.mapFromDriverValue === Column.prototype.mapFromDriverValue ? undefined : c }));
  return values => {
    const row: Record<string, unknown> = {};
    for (let i = 0; i < parts.length; i++) {
      const { name, column } = parts[i]!;
      const value = values[i];
      row[name] = column === undefined || value === null ? value : column.mapFromDriverValue(value);
    }
    return row;
  };
};

/** As `canonical`, for rows of one table: its names are sorted once. */
export const tellerOf = (columns: readonly string[]): ((row: Readonly<Record<string, unknown>>) => string) => {
  const named = [...columns].sort().map((name, i) => ({ name, key: `${i ? ',' : ''}${JSON.stringify(name)}:` }));
  return row => {
    let text = '{';
    for (const { name, key } of named) text += key + canonical(row[name]);
    return `${text}}`;
  };
};

/** JSON with sorted keys: equal values give equal text. */
export const canonical = (value: unknown): string => {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value === null || typeof value !== 'object') return `${value ?? null}`;
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const parts: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const v = (value as Record<string, unknown>)[key];
    if (v !== undefined) parts.push(`${JSON.stringify(key)}:${canonical(v)}`);
  }
  return `{${parts.join(',')}}`;
};
