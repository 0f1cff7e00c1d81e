/** What a callback by HTTP must carry, one thing at a time: whoever replays or makes one up is refused. */
import { createCipheriv, createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { openCallback } from '../../src/platforms/feishu/webhook.ts';

const KEY = 'our-encrypt-key';
const TOKEN = 'our-token';
const NOW = 1_712_534_400;

const encrypted = (body: object): string => {
  const cipher = createCipheriv('aes-256-cbc', createHash('sha256').update(KEY).digest(), Buffer.alloc(16, 7));
  return Buffer.concat([Buffer.alloc(16, 7), cipher.update(JSON.stringify(body)), cipher.final()]).toString('base64');
};
const click = { header: { token: TOKEN, event_type: 'card.action.trigger' } };
const message = { header: { token: TOKEN, event_type: 'im.message.receive_v1' } };

interface Sent {
  body?: object;
  /** As it stands in the header. */
  time?: string;
  /** What was signed, where that is another time or another body. */
  signed?: { time?: string; body?: object };
  signature?: 'none' | 'upper' | undefined;
  unsignedClicks?: boolean;
}
const told = ({ body = message, time = `${NOW}`, signed = {}, signature, unsignedClicks = false }: Sent): string => {
  const raw = (b: object) => JSON.stringify({ encrypt: encrypted(b) });
  const made = createHash('sha256')
    .update(`${signed.time ?? time}nonce${KEY}${raw(signed.body ?? body)}`)
    .digest('hex');
  const headers: Record<string, string> =
    signature === 'none'
      ? {}
      : {
          'x-lark-request-timestamp': time,
          'x-lark-request-nonce': 'nonce',
          'x-lark-signature': signature === 'upper' ? made.toUpperCase() : made,
        };
  const opened = openCallback(
    Buffer.from(raw(body)),
    name => headers[name] ?? null,
    { encryptKey: KEY, verificationToken: TOKEN, unsignedClicks },
    NOW,
  );
  return 'envelope' in opened ? 'taken' : 'challenge' in opened ? opened.challenge : opened.refused;
};

it.each<[what: string, sent: Sent, answer: string]>([
  ['signed and fresh', {}, 'taken'],
  ['signed in capitals', { signature: 'upper' }, 'taken'],
  ['five minutes old', { time: `${NOW - 300}` }, 'taken'],
  ['older', { time: `${NOW - 301}` }, '时间相差超过五分钟'],
  ['five minutes ahead', { time: `${NOW + 300}` }, 'taken'],
  ['further ahead', { time: `${NOW + 301}` }, '时间相差超过五分钟'],
  ['signed for a time that is none', { time: 'soon' }, '时间相差超过五分钟'],
  ['an old one under a new time', { signed: { time: `${NOW - 3600}` } }, '签名不对'],
  ['signed for another body', { signed: { body: click } }, '签名不对'],
  ['unsigned', { signature: 'none' }, '没有签名'],
  ['with another token', { body: { header: { ...message.header, token: 'x' } } }, 'FEISHU_VERIFICATION_TOKEN 不对'],
  ['without a token', { body: { header: {} } }, 'FEISHU_VERIFICATION_TOKEN 不对'],
  ['a challenge, which is not signed', { body: { token: TOKEN, type: 'url_verification', challenge: 'c' }, signature: 'none' }, 'c'],
  ['a challenge with another token', { body: { token: 'x', type: 'url_verification', challenge: 'c' } }, 'FEISHU_VERIFICATION_TOKEN 不对'],
  ['an unsigned press', { body: click, signature: 'none' }, '没有签名'],
  ['an unsigned press where these are taken', { body: click, signature: 'none', unsignedClicks: true }, 'taken'],
  [
    'a press with a wrong signature where unsigned ones are taken',
    { body: click, signed: { body: message }, unsignedClicks: true },
    '签名不对',
  ],
  ['an unsigned message where presses are taken', { signature: 'none', unsignedClicks: true }, '没有签名'],
])('%s', (_what, sent, answer) => expect(told(sent)).toBe(answer));
