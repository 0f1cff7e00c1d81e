/** What a database notes about itself: its keys, how far it was swept. */
import { sql } from 'drizzle-orm';
import { columnsOf } from './kit.ts';
import { equals, fields, statement, values } from './statements.ts';

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
