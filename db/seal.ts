/** Sealed fields: AES-256-GCM bound to table, row and column; a keyed index for equality; a keyed digest for the journal. Keys live in a file beside the database, never in it. */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { DIGEST } from '../src/bot/ports.ts';
import { OpenProblem } from './connection.ts';

interface Keys {
  /** Id of the key that new values are sealed with. */
  current: string;
  cipher: Record<string, Buffer>;
  index: Buffer;
}

/** Shown for a sealed value that has no mask of its own. */
export const HIDDEN = '••••';

export class Seals {
  #keys: Keys;
  constructor(keys: Keys) {
    this.#keys = keys;
  }

  seal(plain: string, table: string, id: string, column: string): string {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#keys.cipher[this.#keys.current]!, iv);
    cipher.setAAD(Buffer.from(`${table}\n${id}\n${column}`));
    const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return ['v1', this.#keys.current, iv.toString('base64'), cipher.getAuthTag().toString('base64'), text.toString('base64')].join(':');
  }

  /** @throws Error when the value was sealed for another place, changed, or its key is gone. */
  open(sealed: string, table: string, id: string, column: string): string {
    const [version, keyId, iv, tag, text] = sealed.split(':');
    const key = keyId === undefined ? undefined : this.#keys.cipher[keyId];
    if (version !== 'v1' || !key || iv === undefined || tag === undefined || text === undefined)
      throw new Error(`sealed value of ${table} ${id} cannot be opened`);
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64'), { authTagLength: 16 });
    decipher.setAAD(Buffer.from(`${table}\n${id}\n${column}`));
    decipher.setAuthTag(Buffer.from(tag, 'base64'));
    return Buffer.concat([decipher.update(Buffer.from(text, 'base64')), decipher.final()]).toString('utf8');
  }

  /** Marks sealed bytes; what does not begin with it was never sealed. */
  static readonly MARK = Buffer.from('sealed:v1:');

  sealBytes(bytes: Uint8Array, name: string): Uint8Array {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#keys.cipher[this.#keys.current]!, iv);
    cipher.setAAD(Buffer.from(name));
    const text = Buffer.concat([cipher.update(bytes), cipher.final()]);
    const key = Buffer.from(`${this.#keys.current}:`);
    return Buffer.concat([Seals.MARK, key, iv, cipher.getAuthTag(), text]);
  }

  /** Bytes without the mark are given back as they are. @throws Error when they were sealed under another name, changed, or their key is gone. */
  openBytes(bytes: Uint8Array, name: string): Uint8Array {
    const b = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (!b.subarray(0, Seals.MARK.length).equals(Seals.MARK)) return bytes;
    const colon = b.indexOf(':', Seals.MARK.length);
    const key = this.#keys.cipher[b.toString('utf8', Seals.MARK.length, colon)];
    if (!key) throw new Error('the key of a sealed file is gone');
    const at = colon + 1;
    const decipher = createDecipheriv('aes-256-gcm', key, b.subarray(at, at + 12), { authTagLength: 16 });
    decipher.setAAD(Buffer.from(name));
    decipher.setAuthTag(b.subarray(at + 12, at + 28));
    return Buffer.concat([decipher.update(b.subarray(at + 28)), decipher.final()]);
  }

  #keyed(what: string, text: string): string {
    return createHmac('sha256', this.#keys.index).update(`${what}\n${text}`).digest('base64url');
  }
  /** Equal for equal numbers, however they are spaced. */
  phoneIndex(phone: string): string {
    return this.#keyed('phone', mobileOf(phone) ?? phone.replace(/\D/g, ''));
  }
  /** What the journal holds in place of a sealed value. */
  digest(plain: string): string {
    return DIGEST + this.#keyed('journal', plain);
  }
  /** Tells whether a database was written with these keys. */
  get fingerprint(): string {
    return this.#keyed('fingerprint', Object.keys(this.#keys.cipher).sort().join());
  }
}

/** The eleven digits of a complete mobile number. */
export const mobileOf = (phone: string): string | undefined => {
  if (!/^[\d\s+()-]+$/.test(phone)) return undefined;
  const digits = phone.replace(/\D/g, '').replace(/^(00)?86(?=1\d{10}$)/, '');
  return /^1[3-9]\d{9}$/.test(digits) ? digits : undefined;
};

const KEY_BYTES = 32;
const keyFrom = (text: unknown): Buffer => {
  const key = typeof text === 'string' ? Buffer.from(text, 'base64') : Buffer.alloc(0);
  if (key.length !== KEY_BYTES) throw new Error('a key has the wrong length');
  return key;
};

/** The keys of a file; undefined when there is none. @throws OpenProblem */
export const readKeys = (file: string): Seals | undefined => {
  if (!existsSync(file)) return undefined;
  try {
    const { current, cipher, index } = JSON.parse(readFileSync(file, 'utf8')) as {
      current: string;
      cipher: Record<string, string>;
      index: string;
    };
    const keys = Object.fromEntries(Object.entries(cipher).map(([id, text]) => [id, keyFrom(text)]));
    if (!keys[current]) throw new Error('the current key is not in the file');
    return new Seals({ current, cipher: keys, index: keyFrom(index) });
  } catch {
    throw new OpenProblem(`密钥文件 ${file} 读不了或已损坏，请放回原来的密钥文件再启动`);
  }
};

/** Makes the file once; of two processes that start together the first one's keys hold. */
export const makeKeys = (file: string): Seals => {
  mkdirSync(dirname(file), { recursive: true });
  const fresh = () => randomBytes(KEY_BYTES).toString('base64');
  const part = `${file}.${process.pid}.part`;
  const fd = openSync(part, 'wx', 0o600);
  writeSync(fd, `${JSON.stringify({ current: 'k1', cipher: { k1: fresh() }, index: fresh() }, null, 2)}\n`);
  fsyncSync(fd);
  closeSync(fd);
  try {
    linkSync(part, file);
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code !== 'EEXIST') throw e;
  } finally {
    rmSync(part, { force: true });
  }
  return readKeys(file)!;
};
