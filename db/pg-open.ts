/** Readies a PostgreSQL database: ours, and brought to this program's schema. */
import pg from 'pg';
import { type Engine, OpenProblem } from './connection.ts';
import { migrationTags, missing, readMigration } from './migrate.ts';
import { openPg } from './pg.ts';

/** Key of the lock under which one instance at a time migrates. */
const MIGRATION_LOCK = 0x58_4a_43_32;

/** @throws OpenProblem */
export const openPostgres = async (url: string, migrations?: string): Promise<Engine> => {
  const engine = await openPg(url);
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    const { rows: tables } = await client.query<{ table_name: string }>(
      'select table_name from information_schema.tables where table_schema = current_schema()',
    );
    const names = tables.map(t => t.table_name);
    if (names.length > 0 && !(names.includes('meta') && names.includes('journal') && names.includes('outbox'))) {
      throw new OpenProblem('这个 PostgreSQL 库里有别的程序的表，没有改动它，请给本程序单独建一个库');
    }
    const made = names.length
      ? ((await client.query<{ value: string }>(`select "value" from "meta" where "key" = 'migrations'`)).rows[0]?.value ?? '[]')
      : '[]';
    const todo = missing(JSON.parse(made) as string[], migrationTags('pg', migrations));
    for (const tag of todo) for (const statement of readMigration('pg', tag, migrations).statements) await client.query(statement);
    if (todo.length) {
      await client.query(
        `insert into "meta" ("key", "value") values ('migrations', $1) on conflict ("key") do update set "value" = excluded."value"`,
        [JSON.stringify([...(JSON.parse(made) as string[]), ...todo])],
      );
    }
    await client.query('commit');
    return engine;
  } catch (e) {
    await engine.close();
    throw e instanceof OpenProblem ? e : new OpenProblem(`升级 PostgreSQL 库没有成功，已全部退回（${(e as Error).message}）`);
  } finally {
    await client.end().catch(() => undefined);
  }
};

/** Drops this program's tables, for a rehearsal that begins anew. */
export const emptySchema = async (url: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      'select quote_ident(table_name) as name from information_schema.tables where table_schema = current_schema()',
    );
    if (rows.length) await client.query(`drop table ${rows.map(r => r.name).join(', ')} cascade`);
  } finally {
    await client.end();
  }
};
