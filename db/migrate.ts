/** Brings a database to the schema of this program. Migrations are drizzle-kit's files, applied in order and noted in `meta`; they only go forward. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../src/root.ts';
import { OpenProblem } from './connection.ts';

export interface Migration {
  tag: string;
  statements: string[];
}

const folderOf = (dialect: 'sqlite' | 'pg'): string => join(packageRoot, 'db', 'migrations', dialect);

/** Tags of all migrations, oldest first. */
export const migrationTags = (dialect: 'sqlite' | 'pg', folder = folderOf(dialect)): string[] =>
  (JSON.parse(readFileSync(join(folder, 'meta', '_journal.json'), 'utf8')) as { entries: { tag: string }[] }).entries.map(e => e.tag);

export const readMigration = (dialect: 'sqlite' | 'pg', tag: string, folder = folderOf(dialect)): Migration => ({
  tag,
  statements: readFileSync(join(folder, `${tag}.sql`), 'utf8')
    .split('--> statement-breakpoint')
    .map(s => s.trim())
    .filter(s => s !== ''),
});

/** Which migrations are still to be made, given those that were. @throws OpenProblem when the database is ahead of the program */
export const missing = (made: readonly string[], known: readonly string[]): string[] => {
  if (made.some(tag => !known.includes(tag))) throw new OpenProblem('数据库是更新版本的程序建立的，请用新版程序打开，旧版不能使用');
  return known.filter(tag => !made.includes(tag));
};
