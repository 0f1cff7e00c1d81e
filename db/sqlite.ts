/** SQLite: one writing connection, one reading connection, WAL, and a commit that is on the disk when it returns. */
import type Database from 'better-sqlite3';
import { copyOf } from './backup.ts';
import type { Connection, Engine, Rows } from './connection.ts';
import { openDatabase } from './database.ts';
import { sqliteSchema } from './kit-sqlite.ts';

/** Marks a file as this program's (`PRAGMA application_id`). */
export const APPLICATION_ID = 0x58_4a_43_31;

/** Statements are kept, one for each shape of question: none could be let go of (`database.ts`). */
const connectionOf = (db: Database.Database): Connection => {
  const prepared = new Map<string, Database.Statement>();
  const statement = (sql: string): Database.Statement => {
    const known = prepared.get(sql);
    if (known) return known;
    const made = db.prepare(sql);
    if (made.reader) made.raw(true);
    prepared.set(sql, made);
    return made;
  };
  return {
    schema: sqliteSchema,
    rows(sql, params = []) {
      const s = statement(sql);
      if (s.reader) return s.all(...params) as Rows;
      s.run(...params);
      return [];
    },
  };
};

const codeOf = (error: unknown): string => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
};

/** Opens one connection as the store wants it. */
export const connect = (file: string): Database.Database => {
  const db = openDatabase(file, { timeout: 5000 });
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('temp_store = MEMORY');
  // 8 MB: the log is written back in pauses that few messages meet, and short ones.
  db.pragma('wal_autocheckpoint = 2000');
  db.pragma('cache_size = -32000');
  db.pragma('foreign_keys = ON');
  return db;
};

/** Reads beside a running program. */
export const readOnly = (file: string): { connection: Connection; close: () => void } => {
  const db = openDatabase(file, { timeout: 5000 });
  db.pragma('query_only = ON');
  return { connection: connectionOf(db), close: () => db.close() };
};

export const openSqlite = (file: string, release: () => void): Engine => {
  const writer = connect(file);
  const reader = connect(file);
  reader.pragma('query_only = ON');
  const writing = connectionOf(writer);
  const begin = writer.prepare('begin immediate');
  const commit = writer.prepare('commit');
  /** Connections of snapshots that are over, for the next. */
  const resting: ReturnType<typeof readOnly>[] = [];
  return {
    schema: sqliteSchema,
    reader: connectionOf(reader),
    async snapshot() {
      const one = resting.pop() ?? readOnly(file);
      // The first read fixes what is seen.
      await one.connection.rows('begin');
      await one.connection.rows('select count(*) from sqlite_schema');
      return {
        connection: one.connection,
        end: async () => {
          try {
            await one.connection.rows('commit');
            resting.push(one);
          } catch {
            one.close();
          }
        },
      };
    },
    async begin() {
      begin.run();
      return writing;
    },
    async commit() {
      commit.run();
    },
    async rollback() {
      // After a full disk or an I/O error SQLite has rolled back by itself.
      if (writer.inTransaction) writer.exec('rollback');
    },
    refused: e => codeOf(e) === 'SQLITE_CONSTRAINT_UNIQUE' || codeOf(e) === 'SQLITE_CONSTRAINT_PRIMARYKEY',
    faulty: e => /^SQLITE_(FULL|IOERR|BUSY|LOCKED|CORRUPT|CANTOPEN|NOMEM|READONLY|NOTADB|PROTOCOL)/.test(codeOf(e)),
    backup: to => copyOf(reader, to),
    async close() {
      for (const one of resting) one.close();
      reader.close();
      writer.close();
      release();
    },
  };
};
