/** Reads programme files: those that ship with the product and those a bureau puts in its data folder. Read at start only. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { monthOf } from '../core/day.ts';
import { type Programme, ProgrammeFile } from './schema.ts';
import { digest, parseYaml, yamlProblem } from './yaml.ts';

export interface LoadedProgramme {
  programme: Programme;
  text: string;
  file: string;
}

/** What is wrong with a programme file, in words a county clerk understands. */
export class ProgrammeProblem extends Error {}

const wrong = (file: string, issue: z.core.$ZodIssue): string =>
  `方案文件 ${file} 的“${issue.path.join(' → ') || '全文'}”有误：${issue.code === 'unrecognized_keys' ? `没有这一项：${issue.keys.join('、')}` : issue.message}`;

const KINDS: Readonly<Record<string, string>> = {
  number: '数字',
  int: '整数',
  string: '文字',
  boolean: 'true 或 false',
  array: '列表',
  object: '下面的各项',
  record: '下面的各项',
};
const { localeError } = z.locales.zhCN();
/** Where the schema has no word of its own. */
const inWords: z.core.$ZodErrorMap = issue =>
  issue.code === 'invalid_type'
    ? issue.input === undefined || issue.input === null
      ? '没有写'
      : `要写${KINDS[issue.expected] ?? issue.expected}`
    : localeError(issue);

/** Checks one programme text. @throws ProgrammeProblem */
export const readProgramme = (text: string, file: string): LoadedProgramme => {
  const sha = digest(text);
  let data: unknown;
  try {
    data = parseYaml(text, sha);
  } catch (e) {
    const problem = yamlProblem(e);
    if (problem) throw new ProgrammeProblem(`方案文件 ${file} 第 ${problem.line ?? '?'} 行读不懂：${problem.message.split('\n')[0]}`);
    throw e;
  }
  // Read once: making a parser of it first would take longer.
  const parsed = ProgrammeFile.safeParse(data, { error: inWords, jitless: true });
  if (!parsed.success) throw new ProgrammeProblem(parsed.error.issues.map(i => wrong(file, i)).join('\n'));
  if (parsed.data.term.from > parsed.data.term.until) throw new ProgrammeProblem(`方案文件 ${file} 的“term”有误：结束早于开始`);
  const first = parsed.data.report?.first?.month;
  if (first && (first < monthOf(parsed.data.term.from) || first > monthOf(parsed.data.term.until)))
    throw new ProgrammeProblem(`方案文件 ${file} 的“report → first → month”有误：${first} 不在方案期内`);
  return { programme: { ...parsed.data, key: `${parsed.data.id}@${sha.slice(0, 12)}` }, text, file };
};

/** All programme files of these folders; a later folder's file with the same id takes the place of an earlier one's. @throws ProgrammeProblem */
export const loadProgrammes = (folders: readonly string[]): LoadedProgramme[] => {
  const byId = new Map<string, LoadedProgramme>();
  for (const folder of folders) {
    let names: string[];
    try {
      names = readdirSync(folder);
    } catch (e) {
      if ((e as NodeJS.ErrnoException).code === 'ENOENT') continue;
      throw e;
    }
    for (const name of names.filter(n => /\.ya?ml$/.test(n)).sort()) {
      const loaded = readProgramme(readFileSync(join(folder, name), 'utf8'), name);
      byId.set(loaded.programme.id, loaded);
    }
  }
  return [...byId.values()];
};
