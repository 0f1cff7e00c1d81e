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

const withTarget = (target: string) => `${text}targets:\n  - {id: a, wanted: 5, clause: 四, says: 目标, ${target}}\n`;
test.each([
  ['counts: figure.tours, until: 2024-12-31', '“targets → 0 → counts”有误：方案的工作量里没有能计数的 tours 这一项'],
  ['counts: figure.other, until: 2024-12-31', '没有能计数的 other 这一项'],
  ['counts: tours, until: 2024-12-31', '只能是 doctor-days、people 或 figure.…'],
  ['counts: people, until: 2023-12-31', '“targets → 0 → until”有误：2023-12-31 不在方案期内'],
  ['counts: people, until: 2025-01-01', '不在方案期内'],
  ['counts: people', '“targets → 0 → until”'],
])('a target of %s is refused', (target, says) => {
  expect(() => readProgramme(withTarget(target), 'x.yaml')).toThrow(says);
});
test('a target on the first and the last day of the programme is right, the same id twice is not', () => {
  for (const until of ['2024-01-01', '2024-12-31'])
    expect(readProgramme(withTarget(`counts: people, until: ${until}`), 'x.yaml').programme.targets).toHaveLength(1);
  const twice = `${withTarget('counts: people, until: 2024-12-31')}  - {id: a, wanted: 6, clause: 四, says: 又, counts: doctor-days, until: 2024-12-31}\n`;
  expect(() => readProgramme(twice, 'x.yaml')).toThrow('“targets → 1 → id”有误：a 写了两次');
});

test('what is no YAML names its line', () => {
  expect(() => readProgramme('id: [1, 2', 'x.yaml')).toThrow(/方案文件 x.yaml 第 \d+ 行/);
});

test('the key changes with the text', () => {
  expect(readProgramme(text, 'x').programme.key).not.toBe(readProgramme(`${text}\n# changed`, 'x').programme.key);
});
