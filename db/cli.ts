/** What the commands of the terminal share: where the data lie, and one sentence when something is wrong. */
import { resolve } from 'node:path';
import { OpenProblem } from './connection.ts';

export const dataDir: string = resolve(process.env['DATA_DIR'] || 'data');
export const databaseUrl: string | undefined = process.env['DATABASE_URL'] || undefined;

export const entry = async (run: () => Promise<string>): Promise<void> => {
  try {
    console.log(await run());
  } catch (e) {
    console.error(e instanceof OpenProblem ? e.message : `没有成功：${(e as Error).message}`);
    process.exitCode = 1;
  }
};
