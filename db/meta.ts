/** What a database notes about itself: its keys, how far it was swept; and, under `note/`, what messengers keep between starts. */
import { like, sql } from 'drizzle-orm';
import type { Connection } from './connection.ts';
import { columnsOf } from './kit.ts';
import { equals, fields, run, statement, value, values } from './statements.ts';

export const NOTED = statement(({ build, meta: t }) =>
  build
    .select(fields([t.value]))
    .from(t)
    .where(equals(t.key)),
);
export const NOTE = statement(({ build, meta: t }) =>
  build
    .insert(t)
    .values(values(columnsOf(t)))
    .onConflictDoUpdate({ target: t.key, set: { value: sql`excluded."value"` } }),
);
export const UNNOTE = statement(({ build, meta: t }) => build.delete(t).where(equals(t.key)));
const UNDER = statement(({ build, meta: t }) =>
  build
    .select(fields([t.key, t.value]))
    .from(t)
    .where(like(t.key, value(t.key, 'pattern'))),
);

const NOTES = 'note/';
/** Messengers' notes whose key begins so, by key. */
export const notesUnder = async (c: Connection, prefix: string): Promise<Map<string, string>> => {
  const rows = (await run(c, UNDER(c), { pattern: `${NOTES}${prefix}%` })) as unknown as [string, string][];
  // A pattern means more than it says: an underscore is any sign, and capitals are small letters.
  return new Map(rows.filter(([k]) => k.startsWith(NOTES + prefix)).map(([k, v]) => [k.slice(NOTES.length), v]));
};
/** null: forgotten. */
export const writeNote = async (c: Connection, key: string, note: string | null): Promise<void> => {
  await (note === null ? run(c, UNNOTE(c), { key: NOTES + key }) : run(c, NOTE(c), { key: NOTES + key, value: note }));
};
