/** `npm run own-county -- yongding-2024 qinghe-2024 云州市 青河县`: a county's own programme as a copy of a shipped one, put where the program reads it at its next start. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from './config.ts';
import { loadProgrammes } from './programmes/load.ts';
import { ownCounty } from './programmes/own-county.ts';
import { packageRoot } from './root.ts';

const run = ([wanted, id, city, district]: readonly string[]): string => {
  const own = join(readConfig(process.env).DATA_DIR, 'programmes');
  const all = loadProgrammes([join(packageRoot, 'src/programmes'), own]);
  const from = all.find(p => p.programme.id === wanted && p.programme.district !== undefined);
  if (!from || !id || !city || !district) {
    const counties = all.flatMap(p => (p.programme.district === undefined ? [] : [p.programme.id]));
    throw new Error(
      `这样发：npm run own-county -- ${counties[0] ?? 'yongding-2024'} qinghe-2024 云州市 青河县\n可照抄的：${counties.join('、')}`,
    );
  }
  const text = ownCounty(from.text, from.file, { id, city, district });
  const file = join(own, `${id}.yaml`);
  if (existsSync(file) || all.some(p => p.programme.id === id)) throw new Error(`已经有 ${id}，没有改动`);
  mkdirSync(own, { recursive: true });
  writeFileSync(file, text);
  return `已照抄到 ${file}\n请逐条与本县文件核对文号、家数、日期、数字和条款，再启动程序。`;
};

try {
  process.stdout.write(`${run(process.argv.slice(2))}\n`);
} catch (e) {
  process.stderr.write(`${(e as Error).message}\n`);
  process.exitCode = 1;
}
