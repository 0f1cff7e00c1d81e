/** `npm run backup [FILE]`: a copy of the database, also while the program runs. */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { copyOf } from './backup.ts';
import { databaseUrl, dataDir, entry } from './cli.ts';
import { OpenProblem } from './connection.ts';
import { backupFolder, examine, storeFile } from './sqlite-file.ts';

await entry(async () => {
  const stamp = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  const file = resolve(process.argv[2] ?? join(backupFolder(dataDir), `store-${stamp}.${databaseUrl ? 'dump' : 'db'}`));
  if (existsSync(file)) throw new OpenProblem(`${file} 已存在，没有覆盖，请换个名字`);
  if (!databaseUrl && !existsSync(storeFile(dataDir))) throw new OpenProblem(`${dataDir} 里还没有数据库`);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (databaseUrl) {
    const { dump } = await import('./pg.ts');
    await dump(databaseUrl, file);
  } else {
    const { openDatabase } = await import('./database.ts');
    const db = openDatabase(storeFile(dataDir), { timeout: 5000 });
    db.pragma('query_only = ON');
    await copyOf(db, file).finally(() => db.close());
    examine(file, true);
  }
  return `已备份到 ${file}\n不含密钥：keys.json 请另行妥善保存，没有它备份里的手机号读不出`;
});
