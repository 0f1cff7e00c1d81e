/** How the machine hands a code of /认领 to the running program, whose data has one owner: the digest lies in a file of the data folder until the program takes it up. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshCode, type LeftCode } from './bot/claim-code.ts';
import type { Instant } from './core/day.ts';

const fileIn = (folder: string): string => join(folder, 'claim-code.json');

/** Leaves a new code for the program in the place of one that it has not taken yet, and gives it. */
export const leaveCode = (folder: string, now: Instant): string => {
  const { code, digest } = freshCode();
  const file = fileIn(folder);
  writeFileSync(`${file}.new`, JSON.stringify({ digest, at: now } satisfies LeftCode), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return code;
};

/** Hands over what was left there, and clears it once it was dealt with; what cannot be stored now stays for the next time. */
export const takeCode = async (
  folder: string,
  take: (left: LeftCode) => Promise<boolean>,
  log: { info(what: object, message: string): void; warn(what: object, message: string): void },
): Promise<void> => {
  const file = fileIn(folder);
  const text = textOf(file);
  if (text === undefined) return;
  const left = leftIn(text);
  const taken = left !== undefined && (await take(left));
  // A newer one that came meanwhile stays.
  if (textOf(file) === text) rmSync(file, { force: true });
  if (taken) log.info({}, 'a claim code was taken up');
  else log.warn({}, 'a claim code that was left is too old or damaged, and was not taken up');
};

const textOf = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw e;
  }
};

const leftIn = (text: string): LeftCode | undefined => {
  try {
    const { digest, at } = JSON.parse(text) as Partial<LeftCode>;
    return typeof digest === 'string' && /^[0-9a-f]{64}$/.test(digest) && Number.isFinite(at) ? { digest, at: at! } : undefined;
  } catch {
    return undefined;
  }
};
