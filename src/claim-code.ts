/** `npm run claim-code`: a new one-time code of /认领, for an admin who lost his account. Opens no database, so that the program may go on running. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { storeFile } from '../db/sqlite-file.ts';
import { readConfig } from './config.ts';
import { leaveCode } from './left-code.ts';

const run = (): string => {
  const { DATA_DIR, DATABASE_URL } = readConfig(process.env);
  const folder = resolve(DATA_DIR);
  if (DATABASE_URL ? !existsSync(folder) : !existsSync(storeFile(folder)))
    throw new Error(`${folder} 里没有真实使用的数据（演练台不用认领码）；数据在别处请写 DATA_DIR`);
  const code = leaveCode(folder, Date.now());
  return [
    `认领码 ${code}：一小时内有效，只用一次；以前没用过的码都作废`,
    `程序一分钟内认得它（没开就等下次启动）。用还没绑定的账号私聊机器人发：/认领 ${code} 姓名`,
    '姓名是现有系统管理员的：换到新账号，旧账号停用并收到通知；角色不变',
    '姓名是别人的：多一位系统管理员；原来的照旧，并收到通知',
  ].join('\n');
};

try {
  process.stdout.write(`${run()}\n`);
} catch (e) {
  process.stderr.write(`${(e as Error).message}\n`);
  process.exitCode = 1;
}
