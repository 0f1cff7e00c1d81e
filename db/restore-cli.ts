/** `npm run restore FILE`: puts a backup in the place of the database; the program must be stopped. */
import { resolve } from 'node:path';
import { databaseUrl, dataDir, entry } from './cli.ts';
import { OpenProblem } from './connection.ts';
import { restore } from './restore.ts';

await entry(async () => {
  const file = process.argv[2];
  if (file === undefined) throw new OpenProblem('请写明备份文件：npm run restore 文件');
  if (databaseUrl) throw new OpenProblem(`PostgreSQL 的备份请用 pg_restore 恢复到一个空库：pg_restore --dbname=地址 ${file}`);
  const { kept } = restore(resolve(file), dataDir);
  return `已恢复 ${file}${kept ? `\n原来的数据库保留为 ${kept}` : ''}`;
});
