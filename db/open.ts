/** Opens the store of a data folder. */
import { join } from 'node:path';
import type { Store } from '../src/bot/ports.ts';
import { type Connection, type Engine, OpenProblem } from './connection.ts';
import { NOTE, NOTED } from './meta.ts';
import { makeKeys, readKeys, type Seals } from './seal.ts';
import { run } from './statements.ts';
import { TheStore } from './store.ts';

export interface OpenOptions {
  dataDir: string;
  /** PostgreSQL; without it SQLite in the data folder. */
  url?: string | undefined;
  now?: () => number;
  /** No other instance works on the same database, as in a rehearsal. */
  alone?: boolean | undefined;
  /** Default: `KEY_FILE`, else keys.json in the data folder. */
  keyFile?: string | undefined;
}

/** @throws OpenProblem with one sentence for the person who started the program; nothing was changed then */
export const openStore = async ({
  dataDir,
  url,
  now = Date.now,
  alone = false,
  keyFile = process.env['KEY_FILE'] || join(dataDir, 'keys.json'),
}: OpenOptions): Promise<Store & { readonly commits: number }> => {
  const engine = url === undefined || url === '' ? await openLite(dataDir, now) : await (await import('./pg-open.ts')).openPostgres(url);
  try {
    return new TheStore(engine, await keysFor(engine, keyFile), now, alone);
  } catch (e) {
    await engine.close();
    throw e;
  }
};

const openLite = async (dataDir: string, now: () => number): Promise<Engine> => {
  const { lockFolder, readyFile, storeFile } = await import('./sqlite-file.ts');
  const { openSqlite } = await import('./sqlite.ts');
  const release = lockFolder(dataDir);
  try {
    readyFile(dataDir, now);
    return openSqlite(storeFile(dataDir), release);
  } catch (e) {
    release();
    throw e;
  }
};

const keysFor = async (engine: Engine, file: string): Promise<Seals> => {
  const [noted] = await run(engine.reader, NOTED(engine.reader), { key: 'keys' });
  const found = readKeys(file);
  if (found && found.fingerprint === noted?.[0]) return found;
  if (noted && (await anySealed(engine.reader))) {
    throw new OpenProblem(
      found
        ? `密钥文件 ${file} 不是这个数据库的，请放回原来的密钥文件再启动`
        : `找不到密钥文件 ${file}，已加密的手机号无法读出，请放回密钥文件再启动`,
    );
  }
  const keys = found ?? makeKeys(file);
  const c = await engine.begin();
  await run(c, NOTE(c), { key: 'keys', value: keys.fingerprint });
  await engine.commit();
  return keys;
};

const anySealed = async (c: Connection): Promise<boolean> => {
  const sealed = await c.rows(
    `select 1 where exists (select 1 from "people" where "phone" is not null) or exists (select 1 from "orgs" where "phone" is not null) or exists (select 1 from "drafts" where "rows" is not null)`,
  );
  return sealed.length > 0;
};
