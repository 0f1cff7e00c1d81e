/** What the documents say of the code is true: tables, the sandbox API, the conversations shown, and every file they point to. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { DOCUMENTS, fillParts, fillPlays, variables } from '../.config/docs.ts';

const TOP = ['src', 'commands', 'db', 'cron', 'tests'];
const read = (file: string) => readFileSync(file, 'utf8');
const HINT = 'stale: run `npm run docs` and look at what changed';

test.each(DOCUMENTS)('tables of %s are those of the code', file => {
  expect(read(file), HINT).toBe(fillParts(read(file)));
});

test.each(DOCUMENTS)(
  'conversations of %s are what the bot says',
  async file => {
    expect(read(file), HINT).toBe(await fillPlays(read(file)));
  },
  120_000,
);

test('a changed answer, table or marker is seen', async () => {
  const old = '```text play\n丘暮雪> 帮助\n机器人→丘暮雪> 别的话\n```\n';
  expect(await fillPlays(old)).toContain('机器人→丘暮雪> 您好，先绑定才能用');
  expect(fillParts('<!-- docs:settings -->\nold\n<!-- /docs:settings -->')).toContain('补签天数');
  expect(() => fillParts('<!-- docs:settings -->\nold')).toThrow('has no end');
  expect(() => fillParts('<!-- docs:nothing -->\n<!-- /docs:nothing -->')).toThrow('nothing is called');
});

test('every variable that the program reads is in the table', () => {
  const code = TOP.filter(t => t !== 'tests')
    .flatMap(top => readdirSync(top, { recursive: true, encoding: 'utf8' }).map(f => join(top, f)))
    .filter(f => /\.tsx?$/.test(f));
  const used = new Set(code.flatMap(f => [...read(f).matchAll(/process\.env(?:\.|\[')([A-Z_]+)/g)].map(m => m[1]!)));
  expect([...used].filter(v => !variables().some(known => known.name === v))).toEqual([]);
});

test.each(['README.md', 'README.zh-CN.md'])('%s opens with the two commands', file => {
  const first = read(file).split('```')[1] ?? '';
  expect(first).toContain('npm ci && npm start');
  expect(first).toContain('npm ci && npm test');
  expect(read(file).indexOf('```')).toBeLessThan(400);
});

const guides = [...TOP, ...['core', 'bot', 'platforms', 'outbox', 'forms', 'web', 'programmes', 'decisions'].map(f => `src/${f}`)];
test.each(guides)('%s has a README of about ten lines', folder => {
  const lines = read(join(folder, 'README.md')).split('\n').filter(Boolean);
  // A list of decisions grows with them.
  const told = lines.filter(l => !/^- \[.*\]\(\d{4}-/.test(l));
  expect(lines.length).toBeGreaterThanOrEqual(4);
  expect(told.length).toBeLessThanOrEqual(16);
});

const pages = [
  ...DOCUMENTS,
  'CHANGELOG.md',
  ...guides.map(g => `${g}/README.md`),
  ...readdirSync('src/decisions').map(f => `src/decisions/${f}`),
];
test.each(pages)('whatever %s points to is there', page => {
  const text = read(page);
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(m => normalize(join(dirname(page), m[1]!)));
  const named = [...text.matchAll(/`((?:src|commands|cron|db|tests|\.config|\.ci)\/[\w./-]*\w)`/g)].map(m => m[1]!);
  expect([...links, ...named].filter(f => !existsSync(f))).toEqual([]);
});

test('pictures are few and small', () => {
  const pictures = readdirSync('src/web/docs').filter(f => f.endsWith('.png'));
  expect(pictures.length).toBeLessThanOrEqual(10);
  for (const p of pictures) {
    expect(statSync(`src/web/docs/${p}`).size, p).toBeLessThanOrEqual(150 * 1024);
    expect(read('README.zh-CN.md'), p).toContain(`src/web/docs/${p}`);
  }
});
