/** `npm run next-year -- yongding-2024`: next year's programme as a copy to be checked, put where the program reads it at its next start. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from './config.ts';
import { loadProgrammes } from './programmes/load.ts';
import { nextYear } from './programmes/next-year.ts';
import { packageRoot } from './root.ts';

const run = (wanted: string | undefined): string => {
  const own = join(readConfig(process.env).DATA_DIR, 'programmes');
  const all = loadProgrammes([join(packageRoot, 'src/programmes'), own]);
  const from = all.find(p => p.programme.id === wanted);
  if (!from) throw new Error(`请写明照抄哪一个：${all.map(p => p.programme.id).join('、')}`);
  const next = nextYear(from.text, from.file);
  const file = join(own, `${next.id}.yaml`);
  if (existsSync(file)) throw new Error(`已经有 ${file}，没有改动`);
  mkdirSync(own, { recursive: true });
  writeFileSync(file, next.text);
  return `已照抄到 ${file}\n请逐条核对文号、日期和条款，再重启程序。单位、角色、绑定照旧；安排表和排班要重新导入、重新排。`;
};

try {
  process.stdout.write(`${run(process.argv[2])}\n`);
} catch (e) {
  process.stderr.write(`${(e as Error).message}\n`);
  process.exitCode = 1;
}
