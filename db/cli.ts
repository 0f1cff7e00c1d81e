/** What the commands of the terminal share: where the data lie, and one sentence when something is wrong. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { OpenProblem } from './connection.ts';
import { storeFile } from './sqlite-file.ts';

const folder = resolve(process.env['DATA_DIR'] || 'data');
/** Where only the rehearsal has records, those are meant. */
export const dataDir: string =
  !existsSync(storeFile(folder)) && existsSync(storeFile(join(folder, 'sandbox'))) ? join(folder, 'sandbox') : folder;
export const databaseUrl: string | undefined = process.env['DATABASE_URL'] || undefined;

export const entry = async (run: () => Promise<string>): Promise<void> => {
  try {
    console.log(await run());
  } catch (e) {
    console.error(e instanceof OpenProblem ? e.message : `没有成功：${(e as Error).message}`);
    process.exitCode = 1;
  }
};
