import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Listener, serveSandbox } from '../../src/web/serve.ts';
import { type FakeWorld, makeFakeWorld } from '../harness/fake-bot.ts';

let folder: string;
let world: FakeWorld;
let listener: Listener;
const logged: object[] = [];

const start = async (options: { real?: boolean } = {}) => {
  world = makeFakeWorld(folder, options);
  listener = await serveSandbox({
    port: 0,
    sandbox: world.sandbox,
    log: { error: what => logged.push(what) },
    health: { checks: async () => ({ store: null }), measures: async () => [] },
  });
};
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'api-'));
  logged.length = 0;
  await start();
});
afterEach(async () => {
  await listener.close();
  rmSync(folder, { recursive: true, force: true });
});

const get = async (path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${listener.url}${path}`, { headers });
  return { status: response.status, body: (await response.json()) as never, headers: response.headers };
};
const post = async (path: string, body: unknown, headers: Record<string, string> = { 'content-type': 'application/json' }) => {
  const response = await fetch(`${listener.url}/sandbox/api${path}`, {
    method: 'POST',
    headers: body instanceof FormData ? {} : headers,
    body: body instanceof FormData || typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const direct = { conversation: 'direct', speaker: 'lin' };

describe('state', () => {
  it('has the shape of the contract', async () => {
    const { status, body } = await get('/sandbox/api/state');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      now: '2024-04-08T08:00:00+08:00',
      programme: 'yongding-2024',
      groups: [
        { id: 'g-guzhu', name: '古竹乡卫生院工作群', orgs: ['古竹卫生院'] },
        { id: 'g-all', orgs: [] },
      ],
      next: [{ at: '2024-04-08T17:00:00+08:00' }, {}, {}],
    });
    const { people } = body as { people: { id: string }[] };
    expect(people.find(p => p.id === 'huang')).toEqual({
      id: 'huang',
      name: '黄素琴',
      bound: true,
      roles: [{ role: 'clinic', org: '古竹卫生院' }],
    });
    expect(people.find(p => p.id === 'stranger-1')).toEqual({ id: 'stranger-1', name: '路人甲', bound: false, roles: [] });
  });
});

describe('messages', () => {
  it('answers a text with the messages it caused', async () => {
    const { status, body } = await post('/messages', { ...direct, text: '签到', eventId: 'e1' });
    expect(status).toBe(200);
    expect(body).toEqual({
      duplicate: false,
      messages: [
        {
          id: '2',
          at: '2024-04-08T08:00:00+08:00',
          conversation: { kind: 'direct', id: 'direct:lin', name: '林知夏' },
          from: 'bot',
          replyTo: '1',
          code: 'check-in.done',
          card: {
            title: '已签到：古竹卫生院【演示数据】',
            tone: 'ok',
            lines: ['4月8日 周一 08:00，坐诊', '待受援单位核实'],
            fields: [
              { label: '班次', value: '4月8日 上午' },
              { label: '编号', value: '12' },
            ],
          },
          text: expect.stringContaining('班次：4月8日 上午'),
        },
      ],
    });
    expect(await post('/messages', { ...direct, text: '签到', eventId: 'e1' })).toMatchObject({ body: { duplicate: true, messages: [] } });
  });

  it('takes buttons, forms and locations', async () => {
    const asked = (await post('/messages', { conversation: 'g-guzhu', speaker: 'huang', text: '/核实' })).body as unknown as {
      messages: { id: string }[];
    };
    const button = await post('/messages', {
      conversation: 'g-guzhu',
      speaker: 'huang',
      button: { message: asked.messages[0]!.id, index: 1 },
    });
    expect(button.status).toBe(200);
    expect(world.heard.at(-1)?.content).toMatchObject({ kind: 'button', command: '/核实 12 没到' });
    const form = (await post('/messages', { ...direct, text: '改班' })).body as unknown as { messages: { id: string }[] };
    await post('/messages', {
      ...direct,
      form: { message: form.messages[0]!.id, values: { day: '2024-04-16', half: 'am', patients: 3, reason: null } },
    });
    expect(world.heard.at(-1)?.content).toMatchObject({
      kind: 'form',
      values: { day: '2024-04-16', half: 'am', patients: '3', reason: '' },
    });
    await post('/messages', { ...direct, location: { lat: 24.7, lng: 116.7, name: '古竹卫生院' } });
    expect(world.heard.at(-1)?.content).toEqual({ kind: 'location', lat: 24.7, lng: 116.7, name: '古竹卫生院' });
  });

  it('takes a file, under its own name only', async () => {
    const form = new FormData();
    for (const [k, v] of Object.entries(direct)) form.append(k, v);
    form.append('file', new Blob(['姓名,单位\n林知夏,区医院']), '../../名册.csv');
    const { status } = await post('/messages', form);
    expect(status).toBe(200);
    expect(world.heard[0]?.content).toMatchObject({
      kind: 'file',
      file: { name: '名册.csv' },
      rows: [
        ['姓名', '单位'],
        ['林知夏', '区医院'],
      ],
    });
    const said = world.sandbox.messages()!.find(m => m.from === 'lin')!;
    const file = await fetch(`${listener.url}/sandbox/api/files/${said.card.file!.id}`);
    expect(await file.text()).toBe('姓名,单位\n林知夏,区医院');
    expect(file.headers.get('content-disposition')).toMatch(/^attachment/);
    expect(file.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('takes an empty text: what is wrong with it is for the bot to say', async () => {
    expect(await post('/messages', { ...direct, text: '' })).toMatchObject({
      status: 200,
      body: { messages: [{ code: 'command.unknown' }] },
    });
  });

  it.each([
    ['no JSON', '{"conversation":', 'json.invalid', ''],
    ['no object', '[]', 'request.invalid', ''],
    ['nothing said', direct, 'request.invalid', ''],
    ['two things said', { ...direct, text: '签到', button: { message: '1', index: 0 } }, 'request.invalid', 'button'],
    ['nobody says it', { conversation: 'direct', text: '签到' }, 'request.invalid', 'speaker'],
    ['nowhere said', { speaker: 'lin', text: '签到' }, 'request.invalid', 'conversation'],
    ['a text that is none', { ...direct, text: 5 }, 'request.invalid', 'text'],
    ['a negative button', { ...direct, button: { message: '1', index: -1 } }, 'request.invalid', 'button.index'],
    ['half a button', { ...direct, button: { message: '1', index: 0.5 } }, 'request.invalid', 'button.index'],
    ['a form of lists', { ...direct, form: { message: '1', values: { a: [] } } }, 'request.invalid', 'form.values.a'],
    ['a place off the earth', { ...direct, location: { lat: 91, lng: 0, name: '' } }, 'request.invalid', 'location.lat'],
    ['an empty event id', { ...direct, text: '签到', eventId: '' }, 'request.invalid', 'eventId'],
    ['a misspelt part', { ...direct, txt: '签到' }, 'request.invalid', 'txt'],
  ])('400: %s', async (_, body, code, path) => {
    const answer = await post('/messages', body);
    expect(answer).toMatchObject({ status: 400, body: { error: { code, path } } });
    expect((answer.body.error as { message: string }).message).toMatch(/\p{Script=Han}/u);
    expect(world.heard).toEqual([]);
  });

  it('400: a multipart body without its file', async () => {
    const form = new FormData();
    form.append('conversation', 'direct');
    form.append('speaker', 'lin');
    expect(await post('/messages', form)).toMatchObject({ status: 400, body: { error: { path: 'file' } } });
  });

  it.each([
    ['a person', { conversation: 'direct', speaker: 'nobody', text: '签到' }, 'speaker'],
    ['a group', { conversation: 'nowhere', speaker: 'lin', text: '签到' }, 'conversation'],
    ['a message', { ...direct, button: { message: '77', index: 0 } }, 'button.message'],
    ['a form', { ...direct, form: { message: '77', values: {} } }, 'form.message'],
  ])('404: %s that is not known', async (_, body, path) => {
    expect(await post('/messages', body)).toMatchObject({ status: 404, body: { error: { path } } });
  });

  it('503 while the store takes nothing, without the words of the message', async () => {
    world.fault.on = true;
    expect(await post('/messages', { ...direct, text: '签到' })).toMatchObject({ status: 503, body: { error: { code: 'store.fault' } } });
    expect(logged).toEqual([]);
  });

  it('are listed after an id and by conversation', async () => {
    await post('/messages', { ...direct, text: '签到' });
    await post('/messages', { conversation: 'g-guzhu', speaker: 'lin', text: '早' });
    const ids = async (query: string) =>
      ((await get(`/sandbox/api/messages${query}`)).body as { messages: { id: string }[] }).messages.map(m => m.id);
    expect(await ids('')).toEqual(['1', '2', '3']);
    expect(await ids('?after=1')).toEqual(['2', '3']);
    expect(await ids('?after=3')).toEqual([]);
    expect(await ids('?conversation=g-guzhu')).toEqual(['3']);
    expect(await ids('?conversation=direct:lin&after=1')).toEqual(['2']);
    expect(await get('/sandbox/api/messages?conversation=gone')).toMatchObject({ status: 404, body: { error: { path: 'conversation' } } });
    expect(await get('/sandbox/api/messages?after=x')).toMatchObject({ status: 400, body: { error: { path: 'after' } } });
  });
});

describe('large bodies', () => {
  const bytes = (n: number) => new Blob([new Uint8Array(n)]);
  const file = (n: number) => {
    const form = new FormData();
    for (const [k, v] of Object.entries(direct)) form.append(k, v);
    form.append('file', bytes(n), 'a.bin');
    return form;
  };
  it('takes just under 5 MB, refuses what is over with 413', async () => {
    expect((await post('/messages', file(5 * 1024 * 1024 - 2000))).status).toBe(200);
    expect(await post('/messages', file(5 * 1024 * 1024 + 1))).toMatchObject({ status: 413, body: { error: { code: 'body.too-large' } } });
    expect(await post('/messages', { ...direct, text: 'x'.repeat(5 * 1024 * 1024 + 1) })).toMatchObject({ status: 413 });
    expect(await post('/clock', ' '.repeat(5 * 1024 * 1024 + 1))).toMatchObject({ status: 413 });
  });
  it('counts a body that does not tell its length', async () => {
    const status = await new Promise<number>((resolve, reject) => {
      const url = new URL(`${listener.url}/sandbox/api/messages`);
      const call = request(
        {
          host: url.hostname,
          port: url.port,
          path: url.pathname,
          method: 'POST',
          headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
        },
        r => {
          r.resume();
          resolve(r.statusCode ?? 0);
        },
      );
      call.on('error', reject);
      for (let i = 0; i < 6; i++) call.write('x'.repeat(1024 * 1024));
      call.end();
    });
    expect(status).toBe(413);
  });
});

describe('clock, reset, groups', () => {
  it('moves forward and tells what was said', async () => {
    const moved = await post('/clock', { to: '2024-04-09T08:00:00+08:00' });
    expect(moved).toMatchObject({
      status: 200,
      body: { now: '2024-04-09T08:00:00+08:00', messages: [{ code: 'verify.ask', at: '2024-04-08T17:00:00+08:00' }] },
    });
    expect(await post('/clock', { to: '2024-04-08T23:00:00Z' })).toMatchObject({
      status: 400,
      body: { error: { code: 'clock.backwards', path: 'to' } },
    });
    expect(await post('/clock', { to: '2024-04-09T00:00:00Z' })).toMatchObject({ status: 200, body: { messages: [] } });
    for (const to of ['tomorrow', '2024-04-10T08:00:00', '2024-02-30T08:00:00+08:00', 5])
      expect(await post('/clock', { to })).toMatchObject({ status: 400, body: { error: { path: 'to' } } });
  });

  it('begins anew, with what was asked for', async () => {
    await post('/messages', { ...direct, text: '签到' });
    const answer = await post('/reset', { programme: 'yongding-2024', at: '2024-05-06T08:00:00+08:00', empty: true });
    expect(answer).toMatchObject({ status: 200, body: { now: '2024-05-06T08:00:00+08:00', groups: [] } });
    expect(world.resets).toEqual([{ programme: 'yongding-2024', at: Date.parse('2024-05-06T00:00:00Z'), empty: true }]);
    expect((await post('/reset', '')).status).toBe(200);
    expect(await post('/reset', { empty: 'yes' })).toMatchObject({ status: 400, body: { error: { path: 'empty' } } });
  });

  it('makes a group that the bot greets', async () => {
    expect(await post('/groups', { name: '坎市卫生院', members: ['chen'] })).toMatchObject({
      status: 200,
      body: { id: 'group-3', name: '坎市卫生院', orgs: [], messages: [{ code: 'help' }] },
    });
    expect(await post('/groups', { name: ' ', members: ['chen'] })).toMatchObject({ status: 400, body: { error: { path: 'name' } } });
    expect(await post('/groups', { name: '空群', members: [] })).toMatchObject({ status: 400, body: { error: { path: 'members' } } });
    expect(await post('/groups', { name: '新群', members: ['gone'] })).toMatchObject({
      status: 404,
      body: { error: { path: 'members.0' } },
    });
  });

  it('answers 403 beside a real platform, whatever the body', async () => {
    await listener.close();
    await start({ real: true });
    for (const [path, body] of [
      ['/clock', { to: '2030-01-01T00:00:00Z' }],
      ['/clock', {}],
      ['/reset', {}],
    ] as const) {
      expect(await post(path, body)).toMatchObject({ status: 403, body: { error: { code: 'sandbox.real' } } });
    }
  });

  it('does not know other paths', async () => {
    expect(await get('/sandbox/api/nothing')).toMatchObject({ status: 404, body: { error: { code: 'path.unknown' } } });
    expect(await get('/sandbox/api/files/gone')).toMatchObject({ status: 404 });
  });
});

describe('events', () => {
  const read = async (headers: Record<string, string>, query: string, act: () => Promise<unknown>, until: string) => {
    const stop = new AbortController();
    const response = await fetch(`${listener.url}/sandbox/api/events${query}`, { headers, signal: stop.signal });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    await act();
    let got = '';
    while (!got.includes(until)) {
      const { done, value } = await reader.read();
      if (done) break;
      got += value;
    }
    stop.abort();
    return got;
  };
  it('tell every message, the clock and a reset', async () => {
    const act = async () => {
      await post('/messages', { ...direct, text: '签到' });
      await post('/clock', { to: '2024-04-08T09:00:00+08:00' });
      await post('/reset', {});
    };
    const got = await read({}, '', act, 'event: reset');
    expect(got.match(/^event: .*$/gm)).toEqual(['event: message', 'event: message', 'event: clock', 'event: reset']);
    expect(got).toContain('"now":"2024-04-08T09:00:00+08:00"');
  });
  it('go on from the last id that was got', async () => {
    await post('/messages', { ...direct, text: '签到' });
    expect(await read({ 'last-event-id': '1' }, '', async () => {}, 'id: 2')).toContain('"id":"2"');
    expect(await read({}, '?after=0', async () => {}, 'id: 2')).toContain('"id":"1"');
  });
});

describe('who may call', () => {
  const raw = (headers: Record<string, string>, method = 'GET', path = '/sandbox/api/state') =>
    new Promise<number>((resolve, reject) => {
      const url = new URL(listener.url);
      const call = request({ host: url.hostname, port: url.port, path, method, headers }, r => {
        r.resume();
        resolve(r.statusCode ?? 0);
      });
      call.on('error', reject);
      call.end(method === 'POST' ? '{}' : undefined);
    });
  it.each([
    ['127.0.0.1', 200],
    ['localhost:3000', 200],
    ['LOCALHOST', 200],
    ['example.com', 403],
    ['127.0.0.1.example.com', 403],
    ['localhost.', 403],
    ['10.0.0.5:3000', 403],
  ])('Host %s → %i', async (host, status) => expect(await raw({ host })).toBe(status));
  it.each([
    ['http://127.0.0.1:3000', 200],
    ['http://evil.example', 403],
    ['http://127.0.0.1:8080', 403],
    ['null', 403],
  ])('Origin %s → %i', async (origin, status) =>
    expect(await raw({ host: '127.0.0.1:3000', origin }, 'POST', '/sandbox/api/reset')).toBe(status),
  );
  it('refuses a foreign Host on every path, the page and health included', async () => {
    for (const path of ['/', '/sandbox/assets/sandbox.css', '/sandbox/stream'])
      expect(await raw({ host: 'evil.example' }, 'GET', path)).toBe(403);
    expect(await raw({ host: '127.0.0.1', 'sec-fetch-site': 'cross-site' }, 'POST', '/sandbox/say')).toBe(403);
  });
});
