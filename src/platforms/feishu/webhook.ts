/** Feishu's callbacks by HTTP: signed over the raw bytes, fresh, encrypted, with our token; whatever is missing is refused. */
import { createDecipheriv, createHash, timingSafeEqual } from 'node:crypto';

export interface WebhookSecrets {
  encryptKey: string;
  verificationToken: string;
  /** Presses on cards are taken without a signature, when they are encrypted with our key and carry our token. */
  unsignedClicks: boolean;
}

export type Opened = { challenge: string } | { envelope: Record<string, unknown> } | { refused: string };

/** Seconds by which a callback may be old. */
const WINDOW = 300;

const same = (a: string, b: string): boolean => {
  const [x, y] = [createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest()];
  return timingSafeEqual(x, y);
};

/** AES-256-CBC under the digest of the key; the first block is the initial vector. @throws Error when it was not made with this key */
const decrypt = (encrypted: string, key: string): string => {
  const bytes = Buffer.from(encrypted, 'base64');
  const decipher = createDecipheriv('aes-256-cbc', createHash('sha256').update(key).digest(), bytes.subarray(0, 16));
  return Buffer.concat([decipher.update(bytes.subarray(16)), decipher.final()]).toString('utf8');
};

const object = (text: string): Record<string, unknown> => {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('not an object');
  return value as Record<string, unknown>;
};

/** Checks and opens one request. Pure but for the clock, in seconds. */
export const openCallback = (
  raw: Uint8Array,
  header: (name: string) => string | null,
  secrets: WebhookSecrets,
  seconds: number,
): Opened => {
  let body: Record<string, unknown>;
  try {
    const outer = object(Buffer.from(raw).toString('utf8'));
    if (typeof outer['encrypt'] !== 'string') return { refused: '没有加密' };
    body = object(decrypt(outer['encrypt'], secrets.encryptKey));
  } catch {
    return { refused: '解不开，FEISHU_ENCRYPT_KEY 与后台不一致，或不是飞书发来的' };
  }
  const token = (body['header'] as { token?: unknown } | undefined)?.token ?? body['token'];
  if (typeof token !== 'string' || !same(token, secrets.verificationToken)) return { refused: 'FEISHU_VERIFICATION_TOKEN 不对' };
  // The challenge comes before there is anything to sign for.
  if (body['type'] === 'url_verification')
    return typeof body['challenge'] === 'string' ? { challenge: body['challenge'] } : { refused: '没有 challenge' };
  const [time, nonce, signature] = ['x-lark-request-timestamp', 'x-lark-request-nonce', 'x-lark-signature'].map(n => header(n) ?? '');
  const click = (body['header'] as { event_type?: unknown } | undefined)?.event_type === 'card.action.trigger';
  if (secrets.unsignedClicks && click && !signature) return { envelope: body };
  if (!time || !nonce || !signature) return { refused: '没有签名' };
  const wanted = createHash('sha256').update(`${time}${nonce}${secrets.encryptKey}`).update(raw).digest('hex');
  if (!same(wanted, signature.toLowerCase())) return { refused: '签名不对' };
  if (!(Math.abs(seconds - Number(time)) <= WINDOW)) return { refused: '时间相差超过五分钟' };
  return { envelope: body };
};
