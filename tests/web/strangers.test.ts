/** The public listener before requests that no page of ours would send: refused, nothing told, and none an error of the program. */
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Listener, servePublic } from '../../src/web/serve.ts';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
let listener: Listener;
let cookie: string;
const errors: unknown[] = [];
beforeAll(async () => {
  room = await chat();
  listener = await servePublic({
    host: '127.0.0.1',
    port: 0,
    desk: room.open.desk,
    callbacks: { '/feishu/webhook': async r => Response.json({ bytes: (await r.arrayBuffer()).byteLength }) },
    health: { checks: async () => ({}), measures: async () => [] },
    log: { error: what => void errors.push(what) },
  });
  const [card] = await room.say('丘书瑶', '/网页');
  const entered = await fetch(`${listener.url}${new URL(card!.card.lines[0]!).pathname}`, { method: 'POST', redirect: 'manual' });
  cookie = entered.headers.get('set-cookie')!.split(';')[0]!;
});
afterAll(async () => {
  await listener.close();
  await room.close();
});

/** As it stands, which a browser's own call would tidy up. */
const raw = (
  path: string,
  { method = 'GET', headers = {}, body = '' }: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
) =>
  new Promise<{ status: number; text: string; headers: Record<string, unknown> }>((done, fail) => {
    const { hostname, port } = new URL(listener.url);
    const sent = request({ hostname, port, path, method, headers: { cookie, ...headers } }, res => {
      let text = '';
      res.on('data', (c: Buffer) => {
        text += c;
      });
      res.on('end', () => done({ status: res.statusCode ?? 0, text, headers: res.headers }));
    });
    sent.on('error', fail);
    sent.end(body);
  });
const form = { 'content-type': 'application/x-www-form-urlencoded' };

test.each([
  '/web/files/../../../../etc/passwd',
  '/web/files/..%2f..%2fkeys.json',
  '/web/files/%2e%2e%2f%2e%2e%2fkeys.json',
  '/web/files/%00',
  '/web/files/%E0%A4%A',
  `/web/files/${'a'.repeat(64)}`,
  '/web/assets/..%2fguard.ts',
  '/web/assets/../../package.json',
  '/web/assets/__proto__',
  '/web/assets/constructor',
  '/web/nothing',
])('%s is not there', async path => {
  const { status, text } = await raw(path);
  expect([status, text.length < 300]).toEqual([404, true]);
});

test.each<[string, Record<string, string>]>([
  ['another site', { origin: 'https://evil.example' }],
  ['another port', { origin: 'http://127.0.0.1:1' }],
  ['no address', { origin: 'evil' }],
  ['a frame without an origin', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
  ['no origin, from elsewhere', { 'sec-fetch-site': 'cross-site' }],
])('nothing is said for a page of %s', async (_, headers) => {
  const before = room.messages('丘书瑶').length;
  for (const path of ['/web/say', '/web/enter/x', '/web/leave', '/web/fill', '/web/press', '/web/outbox'])
    expect([path, (await raw(path, { method: 'POST', headers: { ...form, ...headers }, body: 'text=%2F我的' })).status]).toEqual([
      path,
      403,
    ]);
  expect(room.messages('丘书瑶')).toHaveLength(before);
  expect((await raw('/web')).status).toBe(200);
});

test.each<[string, string, Record<string, string>, string | Buffer]>([
  ['a form that is none', '/web/say', { 'content-type': 'multipart/form-data' }, 'text=x'],
  ['half a form', '/web/say', { 'content-type': 'multipart/form-data; boundary=b' }, '--b\r\nContent-Disposition: form-data; name="text"'],
  ['a button far away', '/web/press', form, 'message=1&index=99999999999'],
  ['a button by another name', '/web/press', form, 'message=__proto__&index=constructor'],
  ['a form of nobody', '/web/fill', form, 'message=999&v.__proto__=1&v.x=2'],
  ['another command', '/web/outbox', form, 'command=%2F授权'],
  ['nothing at all', '/web/say', form, ''],
])('%s harms nothing', async (_, path, headers, body) => {
  const { status } = await raw(path, { method: 'POST', headers, body });
  expect(status).toBeLessThan(500);
});

test('more than five megabytes is not read; a callback takes one', async () => {
  const large = Buffer.alloc(5 * 1024 * 1024 + 1024, 'a');
  const page = await fetch(`${listener.url}/web/say`, { method: 'POST', headers: { ...form, cookie }, body: large });
  expect([page.status, await page.text()]).toEqual([400, expect.stringContaining('超过 5 MB')]);
  const hook = (body: BodyInit) => fetch(`${listener.url}/feishu/webhook`, { method: 'POST', body, duplex: 'half' } as RequestInit);
  expect((await hook(Buffer.alloc(1024 * 1024, 'a'))).status).toBe(200);
  expect((await hook(Buffer.alloc(1024 * 1024 + 1, 'a'))).status).toBe(413);
  // Without a length as well.
  const parts = Array.from({ length: 17 }, () => Buffer.alloc(64 * 1024, 'a'));
  expect((await hook(Readable.toWeb(Readable.from(parts)) as unknown as BodyInit)).status).toBe(413);
});

test('what a name, a file’s name or a search holds is text on every page', async () => {
  const evil = '<img src=x onerror=alert(1)>"\'';
  await raw('/web/say', { method: 'POST', headers: form, body: `text=${encodeURIComponent(evil)}` });
  const boundary = 'b';
  await raw('/web/say', {
    method: 'POST',
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: `--b\r\nContent-Disposition: form-data; name="file"; filename="<svg onload=alert(1)>.xlsx"\r\n\r\nx\r\n--b--\r\n`,
  });
  for (const path of ['/web', `/web?problem=${encodeURIComponent(evil)}`, `/web/enter/${encodeURIComponent(evil)}`]) {
    const { text, headers } = await raw(path);
    expect(text).not.toMatch(/<img src=x|<svg onload/);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
  }
});

test('the rehearsal is closed there, and nobody without a session learns anything', async () => {
  for (const path of ['/sandbox/api/state', '/sandbox/api/reset', '/sandbox/stream'])
    expect((await raw(path, { method: 'POST' })).status).toBe(403);
  for (const path of ['/web', '/web/outbox', '/web/logins', '/web/files/x']) {
    const { status, text } = await raw(path, { headers: { cookie: 'desk=; desk=x' } });
    expect([path, status]).toEqual([path, 401]);
    expect(text).not.toMatch(/丘书瑶/);
  }
  // Pages for admins are not for others either.
  for (const path of ['/web/outbox', '/web/logins']) expect((await raw(path)).status).toBe(403);
});

test('none of it was an error of the program', () => {
  expect(errors).toEqual([]);
});
