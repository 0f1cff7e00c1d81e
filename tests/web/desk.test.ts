/** The page behind a one-time link: who gets in, how long, and that it may no more than its person may. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Listener } from '../../src/web/serve.ts';
import { readBook } from '../harness/book.ts';
import type { Chat } from '../harness/chat.ts';
import { type Served, served } from '../harness/served.ts';
import { xlsxOf } from '../harness/xlsx.ts';

let site: Served;
let room: Chat;
let listener: Listener;
beforeEach(async () => {
  site = await served({ desk: true });
  ({ room, listener } = site);
});
afterEach(async () => {
  await site.close();
});

const linkOf = async (who: string): Promise<string> => {
  const [card] = await room.say(who, '/网页');
  expect(card!.code).toBe('web.link');
  return new URL(card!.card.lines[0]!).pathname;
};
const call = (path: string, init: RequestInit & { cookie?: string; form?: Record<string, string | Blob> } = {}): Promise<Response> => {
  const { cookie, form, ...rest } = init;
  let body: FormData | undefined;
  if (form) {
    body = new FormData();
    for (const [k, v] of Object.entries(form))
      if (typeof v === 'string') body.append(k, v);
      else body.append(k, v, 'roster.xlsx');
  }
  return fetch(`${listener.url}${path}`, {
    redirect: 'manual',
    ...rest,
    ...(body ? { method: 'POST', body } : {}),
    headers: { ...(cookie ? { cookie } : {}), ...rest.headers },
  });
};
const enter = async (path: string): Promise<string> => {
  const r = await call(path, { method: 'POST' });
  expect(r.status).toBe(303);
  return r.headers.get('set-cookie')!.split(';')[0]!;
};

describe('the link', () => {
  test('looking at it uses nothing up, the button does, a second time it is refused', async () => {
    const path = await linkOf('丘书瑶');
    for (let i = 0; i < 2; i++) expect(await (await call(path)).text()).toContain('进入');
    const r = await call(path, { method: 'POST' });
    expect(r.headers.get('set-cookie')).toMatch(/^desk=[\w-]{43}; Max-Age=28800; Path=\/web; HttpOnly; SameSite=Strict$/);
    const again = await call(path, { method: 'POST' });
    expect([again.status, await again.text()]).toEqual([403, expect.stringContaining('这个链接已过期或不对')]);
  });
  test('two at once: one gets in', async () => {
    const path = await linkOf('丘书瑶');
    const both = await Promise.all([call(path, { method: 'POST' }), call(path, { method: 'POST' })]);
    expect(both.map(r => r.status).sort()).toEqual([303, 403]);
  });
  test('after five minutes it is over; a wrong one never was', async () => {
    const path = await linkOf('丘书瑶');
    await room.to('2024-04-08 08:05');
    const onTime = await linkOf('赖知远');
    await room.to('2024-04-08 08:06');
    expect((await call(path, { method: 'POST' })).status).toBe(403);
    expect((await call('/web/enter/nothing', { method: 'POST' })).status).toBe(403);
    await enter(onTime);
  });
  test('only in direct chat, and not for strangers; the token is in no table but the message', async () => {
    const [group] = await room.say('池景天', '/网页', '古竹');
    expect(group!.code).toBe('permission.direct-only');
    const [stranger] = await room.say('丘暮雪', '/网页');
    expect(stranger!.code).toBe('permission.unbound');
    const token = (await linkOf('丘书瑶')).split('/').at(-1)!;
    expect(JSON.stringify(await room.open.store().read.journal({}, 50))).not.toContain(token);
    expect(JSON.stringify(await room.open.store().read.all('sessions', {}))).not.toContain(token);
  });
});

describe('the page', () => {
  test('begins with the conversation so far, of the account that asked and of nobody else, and its buttons work', async () => {
    await room.say('罗玉成', '/请假 4月19日 家中有事 改到 4月26日');
    await room.say('罗玉成', '我的');
    await room.say('池景天', '我的');
    const cookie = await enter(await linkOf('罗玉成'));
    const shown = await (await call('/web', { cookie })).text();
    expect(shown).toContain('请假已提交');
    expect(shown).not.toContain('池景天');
    expect(shown).not.toContain('/web/enter/');
    const [, id, index] = /name="message" value="(\d+)"[\s\S]{0,200}?name="index" value="(\d+)"[^>]*>\s*撤回/.exec(shown) ?? [];
    await call('/web/press', { cookie, form: { message: id!, index: index! } });
    expect(await (await call('/web', { cookie })).text()).toContain('已撤回');
    const other = await enter(await linkOf('丘书瑶'));
    expect(await (await call('/web', { cookie: other })).text()).not.toContain('罗玉成');
  });
  test('is a direct chat: the same turn, the same permissions, tables and files', async () => {
    const cookie = await enter(await linkOf('丘书瑶'));
    expect((await call('/web/say', { cookie, form: { text: '统计' } })).headers.get('location')).toBe('/web#m1');
    const shown = await (await call('/web', { cookie })).text();
    expect(shown).toContain('永定区 2024年4月');
    expect(shown).toContain('<table>');
    const picture = /\/web\/files\/[0-9a-f]{64}/.exec(shown)?.[0];
    expect((await call(picture!, { cookie })).headers.get('content-type')).toBe('image/png');
    await call('/web/say', { cookie, form: { text: '/签到' } });
    expect(await (await call('/web', { cookie })).text()).toContain('您不能用 /签到');
    const journal = await room.open.store().read.journal({}, 4);
    expect(journal.every(r => r.command === '网页')).toBe(true);
  });
  test('buttons work there, and a roster can be sent', async () => {
    const cookie = await enter(await linkOf('赖知远'));
    await room.say('罗玉成', '/请假 4月19日 有事 改到 4月26日');
    await call('/web/say', { cookie, form: { text: '/批准 2 金砂卫生院 线下同意' } });
    const rows = [
      ['单位', '姓名', '角色', '手机'],
      ['金砂卫生院', '蓝小溪', '受援单位专人', '13900007788'],
    ];
    await call('/web/say', { cookie, form: { text: '', file: new Blob([new Uint8Array(await xlsxOf(rows))]) } });
    const shown = await (await call('/web', { cookie })).text();
    expect(shown).toContain('联络员');
    const message = /name="message" value="(\d+)"\/?>(?:(?!<\/form>)[\s\S])*?确认导入/.exec(shown)?.[1];
    await call('/web/press', { cookie, form: { message: message!, index: '0' } });
    expect(await (await call('/web', { cookie })).text()).toContain('已导入');
    expect((await room.open.store().read.first('people', { name: '蓝小溪' }))?.phoneMask).toBe('139****7788');
  });
  test('official forms are fetched there, the list of beneficiaries as well, which is in the journal', async () => {
    const cookie = await enter(await linkOf('池景天'));
    const seen = new Set<string>();
    const sheetsOf = async (line: string) => {
      await call('/web/say', { cookie, form: { text: line } });
      let path: string | undefined;
      await expect
        .poll(
          async () =>
            (path = [...(await (await call('/web', { cookie })).text()).matchAll(/\/web\/files\/[0-9a-f]{64}/g)]
              .map(m => m[0])
              .find(p => !seen.has(p))),
          { timeout: 20_000 },
        )
        .toBeDefined();
      const r = await call(path!, { cookie });
      seen.add(path!);
      return readBook(new Uint8Array(await r.arrayBuffer()));
    };
    const [march] = await sheetsOf('/导出 附件3 3月');
    expect(march!.rows.flat()).toContain('永定区古竹乡卫生院');
    await room.say('池景天', '/受益 张小荷 13800001234 3月20日 复诊 已告知');
    const names = await sheetsOf('/导出 受益名单 3月');
    expect(names.map(s => s.name)).toEqual(['附件3', '受益群众名单']);
    expect(names[1]!.rows.at(-1)!.slice(1)).toEqual(['永定区古竹乡卫生院', '谢卓群', '2024年3月20日', '张小荷', '13800001234']);
    expect(await room.open.store().read.journal({ table: 'readings' }, 5)).toMatchObject([{ row: 'beneficiaries' }]);
  });
  test('nobody else’s file, nothing without a session, nothing from another site', async () => {
    const cookie = await enter(await linkOf('丘书瑶'));
    await call('/web/say', { cookie, form: { text: '统计' } });
    const picture = /\/web\/files\/[0-9a-f]{64}/.exec(await (await call('/web', { cookie })).text())![0];
    const other = await enter(await linkOf('池景天'));
    expect((await call(picture, { cookie: other })).status).toBe(404);
    expect((await call('/web')).status).toBe(401);
    expect((await call('/web/say', { cookie: 'desk=x', form: { text: '统计' } })).status).toBe(401);
    expect((await call('/web/say', { cookie, form: { text: '统计' }, headers: { origin: 'https://evil.example' } })).status).toBe(403);
    expect((await call('/web', { cookie, headers: { host: 'evil.example' } })).status).not.toBe(500);
    const r = await call('/web', { cookie });
    expect(r.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(r.headers.get('cache-control')).toBe('no-store');
  });
  test('ends with 退出, after eight hours, and with the last account; a role that ends is gone at once', async () => {
    const first = await enter(await linkOf('丘书瑶'));
    expect((await call('/web/leave', { cookie: first, method: 'POST' })).status).toBe(200);
    expect((await call('/web', { cookie: first })).status).toBe(401);

    const second = await enter(await linkOf('赖静姝'));
    await room.say('赖知远', '/撤权 赖静姝 支援单位管理员 区中医院');
    await call('/web/say', { cookie: second, form: { text: '/核实' } });
    expect(await (await call('/web', { cookie: second })).text()).toContain('您不能用 /核实');
    await room.say('赖静姝', '/解绑 确定');
    expect((await call('/web', { cookie: second })).status).toBe(401);

    const third = await enter(await linkOf('丘书瑶'));
    await room.to('2024-04-08 15:59');
    expect((await call('/web', { cookie: third })).status).toBe(200);
    await room.to('2024-04-08 16:01');
    expect((await call('/web', { cookie: third })).status).toBe(401);
  });
  test('nothing unasked goes there', async () => {
    await enter(await linkOf('华苏叶'));
    const asked = (await room.to('2024-04-08 17:00')).filter(m => m.card.title.startsWith('今天谁来了'));
    expect(asked.map(m => m.conversation.id)).toEqual([`direct:${room.id('华苏叶')}`]);
  });
});
