/** Puts a backup in the place of the database. The old one is kept beside it. */
import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { syncFile } from './backup.ts';
import { OpenProblem } from './connection.ts';
import { migrationTags, missing } from './migrate.ts';
import { examine, lockFolder, storeFile } from './sqlite-file.ts';

const BESIDE = ['-wal', '-shm'] as const;

/**
 * Returns where the old database was put, if there was one.
 * @throws OpenProblem when the backup is damaged, foreign or of a newer program, or the folder is in use; nothing was changed then
 */
export const restore = (file: string, dataDir: string, now: number = Date.now()): { kept: string | null } => {
  if (!existsSync(file)) throw new OpenProblem(`没有这个备份文件：${file}`);
  const release = lockFolder(dataDir);
  const target = storeFile(dataDir);
  const part = `${target}.restoring`;
  try {
    // The copy is examined, so that the backup itself stays untouched.
    copyFileSync(file, part);
    let made: string[];
    try {
      made = examine(part, true);
    } catch {
      throw new OpenProblem(`备份 ${file} 已损坏或不是本程序的备份，没有恢复，现有数据未动`);
    }
    if (made.length === 0) throw new OpenProblem(`备份 ${file} 是空的，没有恢复，现有数据未动`);
    missing(made, migrationTags('sqlite'));
    syncFile(part);
    const kept = existsSync(target) ? `${target}.before-restore-${now}` : null;
    if (kept) {
      // The log first: without its database it is nothing, the other way round something would be lost.
      for (const suffix of BESIDE) if (existsSync(target + suffix)) renameSync(target + suffix, kept + suffix);
      renameSync(target, kept);
    }
    renameSync(part, target);
    return { kept };
  } finally {
    for (const suffix of ['', ...BESIDE]) rmSync(part + suffix, { force: true });
    release();
  }
};
