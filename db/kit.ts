/** The column kit: the few kinds of columns that SQLite and PostgreSQL both hold, and the values that go in and out of them. */

/** `secret` is sealed text; `json` is canonical JSON as text, because jsonb would reorder what is hashed. */
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

export interface Column {
  name: string;
  kind: Kind;
  nullable: boolean;
}

/** A table as statements are built from it. */
export interface TableShape {
  name: string;
  columns: readonly Column[];
  byName: ReadonlyMap<string, Column>;
  secrets: readonly string[];
  /** Columns whose values are written into the statement, since a partial index is only found for a value that is known beforehand. */
  literal: ReadonlySet<string>;
}

export const shapeOf = (
  name: string,
  declared: { columns: Readonly<Record<string, string>>; indexes?: Readonly<Record<string, Index>> },
): TableShape => {
  const columns = Object.entries(declared.columns).map(([column, type]): Column => {
    const nullable = type.endsWith('?');
    return { name: column, kind: (nullable ? type.slice(0, -1) : type) as Kind, nullable };
  });
  return {
    name,
    columns,
    byName: new Map(columns.map(c => [c.name, c])),
    secrets: columns.filter(c => c.kind === 'secret').map(c => c.name),
    literal: new Set(Object.values(declared.indexes ?? {}).flatMap(i => [...(i.where ?? '').matchAll(/"(\w+)" = '/g)].map(m => m[1]!))),
  };
};

export const quoted = (name: string): string => `"${name}"`;

/** A value as it is bound. */
export const encode = (column: Column, value: unknown): unknown => (column.kind === 'json' && value !== null ? canonical(value) : value);

/** A value as it is read; SQLite holds booleans as 0 and 1. */
export const decode = (column: Column, value: unknown): unknown => {
  if (value === null) return null;
  if (column.kind === 'bool') return value === 1 || value === true;
  return column.kind === 'json' ? JSON.parse(value as string) : value;
};

/** One row of the driver, in the order of the table's columns. */
export const decodeRow = (shape: TableShape, values: readonly unknown[]): Record<string, unknown> => {
  const row: Record<string, unknown> = {};
  for (let i = 0; i < shape.columns.length; i++) {
    const column = shape.columns[i]!;
    row[column.name] = decode(column, values[i]);
  }
  return row;
};

/** JSON with sorted keys: equal values give equal text. */
export const canonical = (value: unknown): string => {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const parts: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const v = (value as Record<string, unknown>)[key];
    if (v !== undefined) parts.push(`${JSON.stringify(key)}:${canonical(v)}`);
  }
  return `{${parts.join(',')}}`;
};
