/** The admin's page of the outbox: what waits and why, what did not arrive or may not have, and buttons that say the commands. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Listener, servePublic } from '../../src/web/serve.ts';
import { type DingtalkWorld, dingtalkWorld } from '../harness/live-world.ts';

let world: DingtalkWorld;
let listener: Listener;
beforeEach(async () => {
  world = await dingtalkWorld();
  listener = await servePublic({
    host: '127.0.0.1',
    port: 0,
    desk: world.live.desk,
    health: { checks: async () => ({}), measures: async () => [] },
  });
});
afterEach(async () => {
  await listener.close();
  await world.close();
});

const call = (path: string, init: RequestInit & { cookie?: string } = {}) =>
  fetch(`${listener.url}${path}`, { redirect: 'manual', ...init, headers: { ...(init.cookie ? { cookie: init.cookie } : {}) } });
const enter = async (who: string): Promise<string> => {
  await world.fake.say(world.fake.message(world.who(who), null, '网页'));
  const link = await world.fake.next(m => m.to === world.who(who) && m.text.includes('/web/enter/'));
  const path = /\/web\/enter\/[\w\\-]+/.exec(link.text)![0].replaceAll('\\', '');
  const r = await call(path, { method: 'POST' });
  return r.headers.get('set-cookie')!.split(';')[0]!;
};
const press = async (cookie: string, command: string): Promise<string> => {
  const body = new FormData();
  body.append('command', command);
  const r = await call('/web/outbox', { method: 'POST', body, cookie });
  return r.status === 303 ? decodeURIComponent(r.headers.get('location')!) : `${r.status}`;
};
/** One that may have arrived, one that never will, one that waits for the morning. */
const trouble = async () => {
  const session = /^\/session/;
  world.fake.faults.push({ path: session, times: 1, how: { status: 500, body: {} } });
  await world.fake.say(world.fake.message(world.who('吴沐阳'), null, '签到'));
  await expect.poll(async () => (await world.live.store.read.outbox({ states: ['unknown'], limit: 9 })).length).toBe(1);
  world.fake.faults.push({ path: session, times: 1, how: { status: 200, body: { errcode: 400, errmsg: 'no' } } });
  await world.fake.say(world.fake.message(world.who('谢卓群'), null, '隐私'));
  await expect.poll(async () => (await world.live.store.read.outbox({ states: ['failed'], limit: 9 })).length).toBe(1);
  const later = Date.parse('2024-04-08T18:00:00+08:00');
  await world.tell(world.chat('城郊'), { title: '晚上说', lines: ['秘密的话'] }, { class: 'nudge', notBefore: later });
  const rows = await world.live.store.read.outbox({ limit: 50 });
  const of = (state: string, title?: string) => rows.find(r => r.state === state && (!title || r.card.title === title))!.seq;
  return { unknown: of('unknown'), failed: of('failed'), pending: of('pending', '晚上说') };
};

test('shows each with its reason and never what it says; its buttons say the commands', async () => {
  const seq = await trouble();
  const cookie = await enter('赖知远');
  const page = async () => (await call('/web/outbox', { cookie })).text();
  const shown = await page();
  expect(shown).toContain('吴沐阳（钉钉）');
  expect(shown).toContain('钉钉出错（HTTP 500），是否送达不明');
  expect(shown).toContain('4月8日 周一 18:00 再发');
  expect(shown).toMatch(/钉钉本月接口 \d+\/10000 次/);
  for (const words of ['已签到', '秘密的话', '晚上说']) expect(shown).not.toContain(words);
  // What waits is not sent again by hand, and what is not there is said so.
  expect(shown).not.toContain(`重发 ${seq.pending}`);
  expect(await press(cookie, `/重发 ${seq.unknown}`)).toContain('再送一次：吴沐阳（钉钉）；先前若已送到');
  expect((await world.fake.next(m => m.title.includes('已签到'))).to).toBe(world.who('吴沐阳'));
  expect(await press(cookie, `/作废 ${seq.failed}`)).toContain('不再送：谢卓群');
  expect(await press(cookie, `/作废 ${seq.pending}`)).toContain('不再送：城郊卫生院');
  expect(await press(cookie, `/重发 ${seq.failed}`)).toContain(`发件箱里没有编号 ${seq.failed}`);
  await expect.poll(page).toContain('发件箱是空的');
  expect((await world.live.store.read.journal({ table: 'outbox' }, 9)).map(r => r.command)).toEqual(['作废', '作废', '重发']);
});

test('is for the admin alone, by the same table as the commands; other commands are not said through it', async () => {
  const seq = await trouble();
  const other = await enter('吴沐阳');
  expect((await call('/web/outbox', { cookie: other })).status).toBe(403);
  expect(await (await call('/web', { cookie: other })).text()).not.toContain('/web/outbox');
  expect(await press(other, `/作废 ${seq.unknown}`)).toContain('您不能用 /作废');
  expect((await world.live.store.outbox.get(seq.unknown))!.state).toBe('unknown');
  const admin = await enter('赖知远');
  expect(await (await call('/web', { cookie: admin })).text()).toContain('/web/outbox');
  expect(await press(admin, '/解绑 确定')).toBe('403');
  expect((await call('/web/outbox')).status).toBe(401);
});
