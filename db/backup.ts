/** A copy of a running SQLite database, taken page by page while turns go on. Keys are never in it. */
import { chmodSync, closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { openDatabase } from './database.ts';

/** Pages copied before other work gets its turn. */
const PAGES = 1000;

/** The file appears whole or not at all. */
export const copyOf = async (db: Database.Database, to: string): Promise<void> => {
  const part = `${to}.part`;
  try {
    // Made first, so that nobody else can read it for a moment.
    closeSync(openSync(part, 'w', 0o600));
    await db.backup(part, { progress: () => PAGES });
    // One file that needs no log beside it.
    const copy = openDatabase(part);
    copy.pragma('journal_mode = DELETE');
    copy.close();
    syncFile(part);
    renameSync(part, to);
    chmodSync(to, 0o600);
  } finally {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(part + suffix, { force: true });
  }
};

export const syncFile = (file: string): void => {
  const fd = openSync(file, 'r+');
  fsyncSync(fd);
  closeSync(fd);
};
