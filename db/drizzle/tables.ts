/** The declared tables as drizzle knows them. Only drizzle-kit reads this, to write the migrations: the running program builds its statements from db/schema.ts. */
import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';
import * as lite from 'drizzle-orm/sqlite-core';
import type { Index, Kind, TableDeclaration, TableShape } from '../kit.ts';
import { engineShapes, engineTables, recordTables, shapes } from '../schema.ts';

interface Dialect {
  table(name: string, columns: Record<string, unknown>, extra: (t: never) => unknown[]): unknown;
  column(kind: Kind): { notNull(): unknown };
  seq(): unknown;
  key(kind: Kind): unknown;
  index(name: string, unique: boolean): { on(...columns: unknown[]): { where(condition: unknown): unknown } };
}

/** Compared byte by byte whatever the database's locale, as SQLite does. */
const pgText = pg.customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' });
const pgColumn = (kind: Kind) => (kind === 'int' ? pg.bigint({ mode: 'number' }) : kind === 'bool' ? pg.boolean() : pgText());
const liteColumn = (kind: Kind) => (kind === 'int' ? lite.integer() : kind === 'bool' ? lite.integer({ mode: 'boolean' }) : lite.text());

export const pgDialect = {
  table: pg.pgTable,
  column: pgColumn,
  seq: () => pg.bigint({ mode: 'number' }).primaryKey().generatedByDefaultAsIdentity(),
  key: (kind: Kind) => pgColumn(kind).primaryKey(),
  index: (name: string, unique: boolean) => (unique ? pg.uniqueIndex(name) : pg.index(name)),
} as unknown as Dialect;

export const liteDialect = {
  table: lite.sqliteTable,
  column: liteColumn,
  seq: () => lite.integer().primaryKey(),
  key: (kind: Kind) => liteColumn(kind).primaryKey(),
  index: (name: string, unique: boolean) => (unique ? lite.uniqueIndex(name) : lite.index(name)),
} as unknown as Dialect;

const build = (dialect: Dialect, shape: TableShape, declared: TableDeclaration<never>, record: boolean): unknown => {
  const columns: Record<string, unknown> = record ? { seq: dialect.seq() } : {};
  for (const [i, c] of shape.columns.entries()) {
    if (i === 0 && !record && shape.name !== 'jobRuns') columns[c.name] = declared.seq ? dialect.seq() : dialect.key(c.kind);
    else columns[c.name] = c.nullable ? dialect.column(c.kind) : dialect.column(c.kind).notNull();
  }
  const indexes: [string, Index][] = [
    ...(record ? [['id', { on: ['id'], unique: true }] as [string, Index]] : []),
    ...Object.entries(declared.indexes ?? {}),
  ];
  return dialect.table(shape.name, columns, ((t: Record<string, unknown>) =>
    indexes.map(([name, index]) => {
      const on = dialect
        .index(`${shape.name}_${name}`, index.unique === true)
        .on(...index.on.map(c => (c.startsWith('(') ? sql.raw(c) : t[c])));
      return index.where === undefined ? on : on.where(sql.raw(index.where));
    })) as never);
};

export const drizzleTables = (dialect: Dialect): Record<string, unknown> =>
  Object.fromEntries([
    ...Object.values(shapes).map(s => [s.name, build(dialect, s, recordTables[s.name as keyof typeof recordTables] as never, true)]),
    ...Object.values(engineShapes).map(s => [s.name, build(dialect, s, engineTables[s.name as keyof typeof engineTables] as never, false)]),
  ]);
