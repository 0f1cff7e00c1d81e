import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

/** Who may import whom. Read it as the map of the house. */
const mayImport: Record<string, string[]> = {
  'src/core': ['src/core', 'src/programmes/schema.ts'],
  'src/programmes': ['src/programmes', 'src/core', 'src/root.ts'],
  'src/bot': ['src/bot', 'src/core', 'src/programmes'],
  'src/platforms': ['src/platforms', 'src/core', 'src/bot'],
  'src/outbox': ['src/outbox', 'src/core', 'src/bot'],
  'src/forms': ['src/forms', 'src/core', 'src/bot', 'src/root.ts'],
  'src/web': ['src/web', 'src/core', 'src/bot', 'src/root.ts'],
  commands: ['commands', 'src/bot', 'src/core', 'src/programmes'],
  cron: ['cron', 'src/bot', 'src/core', 'src/programmes'],
  db: ['db', 'src/bot', 'src/core', 'src/root.ts'],
};
const mayUse: Record<string, RegExp> = {
  'src/core': /^$/,
  'src/programmes': /^(zod|yaml|node:(crypto|fs|module|path))$/,
  // node:module: calendar-source requires the data of chinese-days.
  'src/bot': /^(zod|chinese-days|node:(crypto|module))$/,
  'src/platforms': /^(zod|yaml|node:.*|@larksuiteoapi\/node-sdk|@wecom\/aibot-node-sdk|wechaty|file-box|qrcode|ws)$/,
  'src/outbox': /^$/,
  'src/forms': /^(node:.*|hucre.*|echarts.*|docx|@napi-rs\/canvas)$/,
  'src/web': /^(zod|node:.*|hono.*|@hono\/.*|prom-client)$/,
  commands: /^(zod)$/,
  cron: /^$/,
  db: /^(drizzle-orm.*|drizzle-kit|better-sqlite3|pg|node:.*)$/,
};

const files = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter(f => /\.tsx?$/.test(f))
    .map(f => join(dir, f));
const imports = (file: string) => {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/^(?:import|export)\s[^'";]*?from '([^']+)'/gm), ...text.matchAll(/\bimport\('([^']+)'\)/g)].map(
    m => m[1] ?? '',
  );
};

test.each(Object.keys(mayImport))('%s keeps to its neighbours', part => {
  const wrong: string[] = [];
  for (const file of files(part)) {
    for (const from of imports(file)) {
      const local = from.startsWith('.');
      const at = local ? normalize(join(dirname(file), from)) : from;
      const fine = local ? mayImport[part]!.some(p => at === p || at.startsWith(`${p}/`)) : mayUse[part]!.test(from);
      if (!fine) wrong.push(`${file} -> ${at}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('better-sqlite3 is opened by one door', () => {
  const through = files('db').filter(f =>
    /^import (?!type)[^'";]*from 'better-sqlite3'|import\('better-sqlite3'\)/m.test(readFileSync(f, 'utf8')),
  );
  expect(through).toEqual(['db/database.ts']);
});

test('no file needs another that needs it', () => {
  const all = [...Object.keys(mayImport), 'src'].flatMap(files);
  const needs = (file: string): string[] =>
    [...readFileSync(file, 'utf8').matchAll(/^(?:import|export)\s(?!type\b)[^'";]*?from '(\.[^']+)'/gm)].map(m =>
      normalize(join(dirname(file), m[1]!)),
    );
  const circles: string[] = [];
  const settled = new Set<string>();
  const visit = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(' -> '));
    else if (!settled.has(file) && all.includes(file)) for (const next of needs(file)) visit(next, [...way, file]);
    settled.add(file);
  };
  for (const file of all) visit(file, []);
  expect(circles).toEqual([]);
});

test('rules, commands and jobs read no clock, no chance and no timer', () => {
  const bad = [...files('src/core'), ...files('commands'), ...files('cron')].filter(f =>
    /Date\.now|new Date\(\)|setTimeout|setInterval|Math\.random|randomUUID/.test(readFileSync(f, 'utf8')),
  );
  expect(bad).toEqual([]);
});

test('no programme and no place is named in code', () => {
  const named = /(fujian|yanchi|youxi|yongding|shanxi)-?\d{0,4}|永定|尤溪|盐池|龙岩|古竹/;
  const code = (f: string) =>
    readFileSync(f, 'utf8')
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .replace(/^\s*\/\/.*$/gm, '');
  const bad = ['src/core', 'src/bot', 'src/platforms', 'src/outbox', 'src/forms', 'src/web', 'commands', 'cron', 'db']
    .flatMap(files)
    .filter(f => named.test(code(f)));
  expect(bad).toEqual([]);
});

test('the lists name every file of commands and cron', () => {
  const listed = (dir: string) => imports(join(dir, 'index.ts')).map(i => i.replace('./', ''));
  const declares = (dir: string, word: RegExp) =>
    files(dir)
      .filter(f => word.test(readFileSync(f, 'utf8')))
      .map(f => f.slice(dir.length + 1));
  expect(declares('commands', /defineCommand[<(]/).filter(f => !listed('commands').includes(f))).toEqual([]);
  expect(declares('cron', /defineJob[<(]/).filter(f => !listed('cron').includes(f))).toEqual([]);
});

test('top level', () => {
  const given = [
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'src',
    'commands',
    'db',
    'cron',
    'tests',
    'README.md',
    'README.zh-CN.md',
    'CHANGELOG.md',
  ];
  const ignored = ['node_modules', 'dist', 'data', 'coverage'];
  expect(readdirSync('.').filter(n => !n.startsWith('.') && !given.includes(n) && !ignored.includes(n))).toEqual([]);
});
