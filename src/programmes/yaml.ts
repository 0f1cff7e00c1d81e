/** YAML texts as data. What ships was parsed when the program was built, so that a start need not; the parser is loaded only for what a bureau wrote itself. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { packageRoot } from '../root.ts';

const require = createRequire(import.meta.url);
const yaml = () => require('yaml') as typeof import('yaml');

export const PARSED = join(packageRoot, 'dist/programmes.json');
/** From sources everything is read as it stands. */
const built = !import.meta.url.endsWith('.ts');
let parsed: Readonly<Record<string, string>> | undefined;
const parsedAtBuild = (): Readonly<Record<string, string>> => {
  try {
    parsed ??= built ? (JSON.parse(readFileSync(PARSED, 'utf8')) as Record<string, string>) : {};
  } catch {
    parsed = {};
  }
  return parsed;
};

export const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** `text` that is digested to `sha`. @throws YAMLParseError */
export const parseYaml = (text: string, sha = digest(text)): unknown => {
  const known = parsedAtBuild()[sha];
  return known === undefined ? yaml().parse(text) : JSON.parse(known);
};

/** Which line could not be read and why; undefined for any other error. */
export const yamlProblem = (e: unknown): { line: number | undefined; message: string } | undefined =>
  e instanceof yaml().YAMLParseError ? { line: e.linePos?.[0].line, message: e.message } : undefined;
