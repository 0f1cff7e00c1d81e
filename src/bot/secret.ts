/** Secrets that are shown once and kept only as digests. */
import { createHash, randomBytes, randomInt } from 'node:crypto';

/** Digest under which a secret of some use is kept. */
export const digestOf = (use: 'claim' | 'link' | 'session' | 'trouble' | 'again', secret: string): string =>
  createHash('sha256').update(`${use}:${secret.trim()}`).digest('hex');

/** A token for a link. */
export const newSecret = (): { token: string; digest: string } => {
  const token = randomBytes(24).toString('base64url');
  return { token, digest: digestOf('link', token) };
};

// Without 0 O 1 I L, which are mistaken for each other.
const LETTERS = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
/** A code that a person types. */
export const newCode = (length = 8): string => Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join('');

/** Digest of a code by which a frozen binding is taken up again; case and spaces do not matter. */
export const againDigest = (code: string): string => digestOf('again', code.replace(/\s/g, '').toUpperCase());
