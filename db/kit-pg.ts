/** The column kit on PostgreSQL. */
import { type SQL, sql } from 'drizzle-orm';
import { bigint, boolean, customType, index, PgDialect, pgTable, uniqueIndex } from 'drizzle-orm/pg-core';
import { drizzle } from 'drizzle-orm/pg-proxy';
import type { Kind, Kit } from './kit.ts';
import { schemaOf } from './schema.ts';

/** Compared byte by byte whatever the database's locale, as SQLite does. */
const dataType = () => 'text COLLATE "C"';
const text = customType<{ data: string }>({ dataType });
const json = customType<{ data: unknown; driverData: string }>({ dataType, toDriver: JSON.stringify, fromDriver: JSON.parse });
const column = (kind: Kind) => {
  if (kind === 'int') return bigint({ mode: 'number' });
  if (kind === 'bool') return boolean();
  return kind === 'json' ? json() : text();
};
const dialect = new PgDialect();

export const pgSchema = schemaOf({
  dialect: 'postgres',
  build: drizzle(() => Promise.reject(new Error('statements are run by the connection'))) as unknown as Kit['build'],
  text: (template: SQL) => dialect.sqlToQuery(template),
  table: pgTable as unknown as Kit['table'],
  column,
  seq: () => bigint({ mode: 'number' }).primaryKey().generatedByDefaultAsIdentity(),
  index: (name: string, unique: boolean) => (unique ? uniqueIndex(name) : index(name)),
  inList: (c, list) => sql`${c} = any(${list})`,
  listParam: list => list,
  rowsOf: (list, columns) =>
    sql`(select ${sql.join(
      columns.map((c, i) => sql.raw(`(value->>${i})::${c.getSQLType().split(' ')[0]} as "${c.name}"`)),
      sql`, `,
    )} from json_array_elements(${list}::json))`,
  differs: (c, value) => sql`${c} is distinct from ${value}`,
});
