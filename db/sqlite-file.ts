/** The SQLite file before it is used: one process for each folder, ours and whole, and brought to this program's schema. */
import { closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { OpenProblem } from './connection.ts';
import { openDatabase } from './database.ts';
import { migrationTags, missing, readMigration } from './migrate.ts';
import { APPLICATION_ID, connect } from './sqlite.ts';

export const storeFile = (dataDir: string): string => join(dataDir, 'store.db');
/** Copies made before a migration and by a backup without a name. */
export const backupFolder = (dataDir: string): string => join(dataDir, 'backups');

/** Up to this size a file is read through when it is opened; a larger one shows its damage when it is used. */
const READ_THROUGH = 32 * 1024 * 1024;

/** Takes the folder for this process. The lock is SQLite's own, so it goes with the process, however that ends. @throws OpenProblem */
export const lockFolder = (dataDir: string): (() => void) => {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = openDatabase(join(dataDir, 'lock.db'), { timeout: 0 });
  try {
    lock.exec('begin exclusive');
  } catch {
    lock.close();
    throw new OpenProblem(`数据目录 ${dataDir} 正被另一个进程使用，请先停掉它`);
  }
  return () => lock.close();
};

/** Tags of the migrations a file was brought to; none when it is empty. @throws OpenProblem when it is not this program's, or is damaged */
export const examine = (file: string, wholly = false): string[] => {
  let db: Database.Database | undefined;
  try {
    db = openDatabase(file, { timeout: 5000, readonly: true });
    const id = db.pragma('application_id', { simple: true });
    const tables = db.prepare(`select count(*) from sqlite_master`).pluck().get() as number;
    if (id !== APPLICATION_ID && tables > 0) throw new OpenProblem(`${file} 不是本程序的数据库，没有改动它，请换一个数据目录`);
    if (tables === 0) return [];
    const check = wholly ? 'integrity_check(1)' : statSync(file).size <= READ_THROUGH ? 'quick_check(1)' : undefined;
    if (check && db.pragma(check, { simple: true }) !== 'ok') throw damaged(file);
    return JSON.parse(
      (db.prepare(`select "value" from "meta" where "key" = 'migrations'`).pluck().get() as string | undefined) ?? '[]',
    ) as string[];
  } catch (e) {
    if (e instanceof OpenProblem) throw e;
    const code = String((e as { code?: unknown }).code);
    if (/^SQLITE_(NOTADB|CORRUPT|ERROR)/.test(code)) throw damaged(file);
    throw new OpenProblem(`打不开数据库 ${file}（${code}），请检查磁盘和权限`);
  } finally {
    db?.close();
  }
};
const damaged = (file: string): OpenProblem =>
  new OpenProblem(`数据库 ${file} 已损坏或不是数据库，没有改动它，请用 npm run restore 恢复备份`);

/** Readies the file; the folder is locked by the caller. @throws OpenProblem */
export const readyFile = (dataDir: string, now: () => number, migrations?: string): void => {
  const file = storeFile(dataDir);
  const fresh = !existsSync(file) || statSync(file).size === 0;
  const made = fresh ? [] : examine(file);
  const todo = missing(made, migrationTags('sqlite', migrations));
  if (!todo.length) return;
  // Nobody else on the machine reads it; its log takes the same mode.
  if (fresh) closeSync(openSync(file, 'a', 0o600));
  const db = connect(file);
  try {
    if (made.length) {
      mkdirSync(backupFolder(dataDir), { recursive: true });
      db.prepare('vacuum into ?').run(join(backupFolder(dataDir), `before-${todo[0]}-${now()}.db`));
    }
    // Inside a transaction this pragma does nothing, and with foreign keys on a rebuilt table takes its child rows with it.
    db.pragma('foreign_keys = OFF');
    db.exec('begin immediate');
    for (const tag of todo) for (const statement of readMigration('sqlite', tag, migrations).statements) db.exec(statement);
    if ((db.pragma('foreign_key_check') as unknown[]).length)
      throw new OpenProblem('升级数据库时发现数据不一致，已全部退回，请联系维护人员');
    db.prepare(
      `insert into "meta" ("key", "value") values ('migrations', ?) on conflict ("key") do update set "value" = excluded."value"`,
    ).run(JSON.stringify([...made, ...todo]));
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.exec('commit');
  } catch (e) {
    if (db.inTransaction) db.exec('rollback');
    if (e instanceof OpenProblem) throw e;
    throw new OpenProblem(`升级数据库没有成功，已全部退回（${(e as Error).message}）`);
  } finally {
    db.close();
  }
};
