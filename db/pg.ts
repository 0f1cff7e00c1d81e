/** PostgreSQL: loaded only where it is used. One writing client; a lock taken by every transaction keeps several instances to one writer, as on SQLite. */
import { spawn } from 'node:child_process';
import { chmod, rename, rm } from 'node:fs/promises';
import pg from 'pg';
import { StoreFault } from '../src/bot/ports.ts';
import type { Connection, Engine, Rows } from './connection.ts';
import { OpenProblem } from './connection.ts';
import { pgSchema } from './kit-pg.ts';

/** Key of the lock that makes one writer of all instances. */
const WRITER_LOCK = 0x58_4a_43_31;

const BIGINT = 20;
const NUMERIC = 1700;
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === BIGINT || oid === NUMERIC ? Number : pg.types.getTypeParser(oid, format as 'text'),
} as pg.CustomTypesConfig;

/** Statement texts, each with the name it is prepared under. */
const texts = new Map<string, { name: string; text: string }>();
const textOf = (sql: string): { name: string; text: string } => {
  const known = texts.get(sql);
  if (known) return known;
  const made = { name: `s${texts.size}`, text: sql };
  texts.set(sql, made);
  return made;
};

const connectionOf = (client: { query(q: object): Promise<{ rows: unknown }> }): Connection => ({
  schema: pgSchema,
  async rows(sql, params = []) {
    const { rows } = await client.query({ ...textOf(sql), values: params, rowMode: 'array' });
    return rows as Rows;
  },
});

const codeOf = (error: unknown): string => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
};
/** Connection trouble, resources, operator's stop, system errors; or no SQLSTATE at all. */
const faulty = (error: unknown): boolean =>
  /^(08|25P03|53|57P|58|XX|40|55)/.test(codeOf(error)) ||
  /^E[A-Z]+$/.test(codeOf(error)) ||
  /Connection terminated|not queryable|timeout/i.test(String((error as Error)?.message));

export const openPg = async (url: string): Promise<Engine> => {
  const pool = new pg.Pool({ connectionString: url, max: 4, types });
  // An idle client that is cut off is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => undefined);
  try {
    await pool.query('select 1');
  } catch (e) {
    await pool.end();
    throw new OpenProblem(`连不上 PostgreSQL，请检查数据库地址和账号（${(e as Error).message}）`);
  }
  let client: pg.PoolClient | undefined;
  let writing: Connection | undefined;
  const drop = (error: unknown) => {
    client?.release(error instanceof Error ? error : true);
    client = undefined;
    writing = undefined;
  };
  return {
    schema: pgSchema,
    reader: connectionOf(pool),
    async snapshot() {
      const own = await pool.connect();
      own.on('error', () => undefined);
      await own.query('begin isolation level repeatable read read only');
      await own.query('select 1');
      return {
        connection: connectionOf(own),
        end: async () => {
          try {
            await own.query('commit');
            own.release();
          } catch (e) {
            own.release(e instanceof Error ? e : true);
          }
        },
      };
    },
    async begin() {
      if (!client || !writing) {
        client = await pool.connect();
        client.on('error', () => undefined);
        writing = connectionOf(client);
      }
      await client.query('begin');
      await client.query('select pg_advisory_xact_lock($1)', [WRITER_LOCK]);
      return writing;
    },
    async commit() {
      try {
        const { command } = await client!.query('commit');
        if (command !== 'COMMIT') throw new StoreFault(`commit answered ${command}`);
      } catch (e) {
        drop(e);
        throw e;
      }
    },
    async rollback() {
      try {
        await client?.query('rollback');
      } catch (e) {
        drop(e);
      }
    },
    refused: e => codeOf(e) === '23505',
    faulty,
    backup: file => dump(url, file),
    async close() {
      drop(undefined);
      await pool.end();
    },
  };
};

/** A dump by `pg_dump`, to be restored by `pg_restore`. The file appears whole or not at all. */
export const dump = async (url: string, file: string): Promise<void> => {
  const part = `${file}.part`;
  try {
    await run('pg_dump', ['--format=custom', `--file=${part}`, `--dbname=${url}`]);
    await chmod(part, 0o600);
    await rename(part, file);
  } finally {
    await rm(part, { force: true });
  }
};

const run = (program: string, args: string[]): Promise<void> =>
  new Promise((done, fail) => {
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (part: Buffer) => {
      said += part.toString();
    });
    child.on('error', () => fail(new Error(`没有找到 ${program}，请安装 PostgreSQL 客户端`)));
    child.on('close', code => (code === 0 ? done() : fail(new Error(`${program}：${said.trim().split('\n')[0] ?? code}`))));
  });
