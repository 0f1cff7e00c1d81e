/** The column kit on SQLite. */
import { type SQL, sql } from 'drizzle-orm';
import { customType, index, integer, SQLiteAsyncDialect, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { drizzle } from 'drizzle-orm/sqlite-proxy';
import type { Kind, Kit } from './kit.ts';
import { schemaOf } from './schema.ts';

const json = customType<{ data: unknown; driverData: string }>({
  dataType: () => 'text',
  toDriver: JSON.stringify,
  fromDriver: JSON.parse,
});
const column = (kind: Kind) => {
  if (kind === 'int') return integer();
  if (kind === 'bool') return integer({ mode: 'boolean' });
  return kind === 'json' ? json() : text();
};
const dialect = new SQLiteAsyncDialect();

export const sqliteSchema = schemaOf({
  dialect: 'sqlite',
  build: drizzle(() => Promise.reject(new Error('statements are run by the connection'))),
  text: (template: SQL) => dialect.sqlToQuery(template),
  table: sqliteTable as unknown as Kit['table'],
  column,
  seq: () => integer().primaryKey(),
  index: (name: string, unique: boolean) => (unique ? uniqueIndex(name) : index(name)),
  inList: (c, list) => sql`${c} in (select value from json_each(${list}))`,
  listParam: list => JSON.stringify(list),
  rowsOf: (list, columns) =>
    sql`(select ${sql.join(
      columns.map((c, i) => sql.raw(`json_extract(value, '$[${i}]') as "${c.name}"`)),
      sql`, `,
    )} from json_each(${list}))`,
  differs: (c, value) => sql`${c} is not ${value}`,
});
