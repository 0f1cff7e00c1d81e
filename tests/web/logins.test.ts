/** The page on which an admin sees how a messenger is logged in, with the code to scan. */
import { expect, test } from 'vitest';
import type { Desk, LoginView } from '../../src/bot/desk.ts';
import { qrPath, qrText } from '../../src/platforms/wechat/qr.ts';
import { deskPages } from '../../src/web/desk/app.tsx';

const desk = (admin: boolean): Desk => ({
  enter: async () => ({ problem: 'unknown' }),
  who: async session => (session === 'mine' ? { person: 'p', name: '甲', admin } : undefined),
  leave: async () => undefined,
  messages: () => [],
  say: async () => undefined,
  file: async () => undefined,
  queue: async () => undefined,
});
const login: LoginView = { name: '微信', state: 'waiting', since: 0, says: '等扫码', qr: qrPath('https://login.weixin.qq.com/l/abc') };
const page = async (admin: boolean, path: string, logins: LoginView[] = [login], cookie = 'desk=mine') => {
  const pages = deskPages({ desk: desk(admin), log: { error: () => undefined }, logins: () => logins });
  const r = await pages.request(path, { headers: { cookie } });
  return { status: r.status, text: await r.text() };
};

test('an admin is shown the way, the state and the code; it looks again by itself', async () => {
  expect((await page(true, '/web')).text).toContain('href="/web/logins"');
  const { status, text } = await page(true, '/web/logins');
  expect(status).toBe(200);
  expect(text).toContain('微信：等扫码');
  expect(text).toContain('http-equiv="refresh"');
  expect(text).toContain(`d="${login.qr!.path}"`);
  expect(text).not.toMatch(/<script|style=/);
  expect((await page(true, '/web/logins', [{ ...login, state: 'in', says: '已登录：小助手', qr: null }])).text).not.toContain('<svg');
});

test('nobody else is shown any of it', async () => {
  expect((await page(false, '/web')).text).not.toContain('logins');
  expect(await page(false, '/web/logins')).toMatchObject({ status: 403, text: expect.not.stringContaining('<svg') });
  expect(await page(true, '/web/logins', [login], 'desk=other')).toMatchObject({ status: 401, text: expect.not.stringContaining('<svg') });
  expect((await page(true, '/web', [])).text).not.toContain('logins');
});

test('the code is a code: three corners, the same in the terminal', async () => {
  const { size, path } = qrPath('https://login.weixin.qq.com/l/abc');
  for (const corner of ['M0 0h', `M${size - 7} 0h`, `M0 ${size - 7}h`]) expect(path).toContain(corner);
  expect(path).not.toContain(`M${size - 1} ${size - 1}h1v1h-1zM${size}`);
  expect((await qrText('x')).split('\n').length).toBeGreaterThan(8);
});
