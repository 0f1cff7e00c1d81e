import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadProgrammes, readProgramme } from '../../src/programmes/load.ts';
import { packageRoot } from '../../src/root.ts';

const folder = join(packageRoot, 'src/programmes');
const text = readFileSync(join(folder, 'yongding-2024.yaml'), 'utf8');

test('every programme that ships is right, and every rule names its clause', () => {
  const names = readdirSync(folder).filter(n => n.endsWith('.yaml'));
  expect(loadProgrammes([folder])).toHaveLength(names.length);
});

test.each([
  ['term: {from: 2024-01-01', 'term: {from: 2024-13-01', '“term → from”'],
  ['due-day: 22', 'due-day: 32', '“report → due-day”'],
  ['clause: 附件1备注, ', '', '“doctor-day → clause”'],
  ['due-day: 22', 'due-day: often', '“report → due-day”有误：要写数字'],
  ['clause: 附件1备注, ', '', '“doctor-day → clause”有误：没有写'],
  ['kind: by-schedule', 'kind: sometimes', '“presence → kind”'],
  ['coverage:', 'coverrage:', '没有这一项：coverrage'],
  ['until: 2024-12-31', 'until: 2023-12-31', '结束早于开始'],
])('%s → %s is said in words', (from, to, says) => {
  expect(text).toContain(from);
  expect(() => readProgramme(text.replace(from, to), 'x.yaml')).toThrow(says);
  // To a clerk, in Chinese: English is only what stands in the file.
  expect(() => readProgramme(text.replace(from, to), 'x.yaml')).not.toThrow(/Invalid|expected|received/);
});

test('what is no YAML names its line', () => {
  expect(() => readProgramme('id: [1, 2', 'x.yaml')).toThrow(/方案文件 x.yaml 第 \d+ 行/);
});

test('the key changes with the text', () => {
  expect(readProgramme(text, 'x').programme.key).not.toBe(readProgramme(`${text}\n# changed`, 'x').programme.key);
});
