/** The sandbox's API on the real sandbox: each line of API.md, and no field that is not written there. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { Listener } from '../../src/web/serve.ts';
import type { Chat } from '../harness/chat.ts';
import { type Served, served } from '../harness/served.ts';
import { xlsxOf } from '../harness/xlsx.ts';

let site: Served;
let room: Chat;
let listener: Listener;
beforeAll(async () => {
  site = await served({
    log: { error: what => expect.fail(JSON.stringify(what)) },
    health: { checks: async () => ({ store: null }), measures: async () => [] },
  });
  ({ room, listener } = site);
});
afterAll(async () => {
  await site.close();
});

const id = z.string().regex(/^\d+$/);
const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/);
const file = z.strictObject({ id: z.string(), name: z.string(), bytes: z.number() });
const message = z.strictObject({
  id,
  at: instant,
  conversation: z.strictObject({ kind: z.enum(['group', 'direct']), id: z.string(), name: z.string() }),
  from: z.string(),
  replyTo: id.optional(),
  code: z.string().regex(/^[a-z][a-z-]*(\.[a-z-]+)*$/),
  card: z.strictObject({
    title: z.string(),
    tone: z.enum(['ok', 'info', 'ask', 'no', 'urgent']),
    lines: z.array(z.string()),
    fields: z.array(z.strictObject({ label: z.string(), value: z.string() })).optional(),
    table: z.strictObject({ columns: z.array(z.string()), rows: z.array(z.array(z.string())) }).optional(),
    chart: z
      .strictObject({
        title: z.string(),
        unit: z.string(),
        categories: z.array(z.string()),
        series: z.array(z.strictObject({ name: z.string(), values: z.array(z.number().nullable()) })),
        note: z.string().optional(),
        watermark: z.string().optional(),
      })
      .optional(),
    picture: file.optional(),
    buttons: z
      .array(z.strictObject({ label: z.string(), command: z.string(), style: z.enum(['primary', 'danger']).optional() }))
      .optional(),
    form: z
      .strictObject({
        command: z.string(),
        fields: z.array(
          z.strictObject({
            name: z.string(),
            label: z.string(),
            kind: z.enum(['text', 'long', 'number', 'day', 'choice']),
            options: z.array(z.strictObject({ label: z.string(), value: z.string() })).optional(),
            value: z.string().optional(),
            required: z.boolean().optional(),
          }),
        ),
        submit: z.string(),
        template: z.string().optional(),
      })
      .optional(),
    file: file.optional(),
    remark: z.strictObject({ name: z.string(), label: z.string(), most: z.number() }).optional(),
    mention: z.array(z.string()).optional(),
  }),
  text: z.string(),
});
const messages = z.array(message);
const state = z.strictObject({
  now: instant,
  programme: z.string().nullable(),
  groups: z.array(z.strictObject({ id: z.string(), name: z.string(), orgs: z.array(z.string()), members: z.array(z.string()) })),
  people: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      bound: z.boolean(),
      roles: z.array(z.strictObject({ role: z.string(), org: z.string() })),
    }),
  ),
  next: z.array(z.strictObject({ at: instant, what: z.string() })),
  claimCode: z.string().optional(),
});
const refusal = z.strictObject({ error: z.strictObject({ code: z.string(), message: z.string().regex(/[一-龥]/), path: z.string() }) });

const get = async (path: string) => (await fetch(`${listener.url}/sandbox/api${path}`)).json();
const post = async (path: string, body: object | FormData) => {
  const response = await fetch(`${listener.url}/sandbox/api${path}`, {
    method: 'POST',
    body: body instanceof FormData ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const say = async (who: string, content: object, conversation = 'direct') => {
  const { status, body } = await post('/messages', { conversation, speaker: room.id(who), ...content });
  expect(status).toBe(200);
  return z.strictObject({ duplicate: z.boolean(), messages }).parse(body);
};
const refused = async (path: string, body: object, status: number, where?: string) => {
  const answer = await post(path, body);
  expect([answer.status, refusal.parse(answer.body).error.path]).toEqual([status, where ?? expect.any(String)]);
};

test('text, button, form, location, file, the same event twice', async () => {
  const before = state.parse(await get('/state'));
  expect([before.now, before.programme, before.people.filter(p => !p.bound).length]).toEqual([
    '2024-04-08T08:00:00+08:00',
    'yongding-2024',
    3,
  ]);
  expect(before.next.length).toBeGreaterThan(0);
  const guzhu = before.groups.find(g => g.name.includes('古竹'))!.id;
  const first = await say('谢卓群', { text: '/签到', eventId: 'e1' }, guzhu);
  expect(first.messages.map(m => [m.code, m.conversation.id])).toEqual([['check-in.unplanned', guzhu]]);
  expect(await say('谢卓群', { text: '/签到', eventId: 'e1' }, guzhu)).toEqual({ duplicate: true, messages: [] });
  const pressed = await say('谢卓群', { button: { message: first.messages[0]!.id, index: 0 } }, guzhu);
  expect(pressed.messages[0]!.code).toMatch(/^check-in\./);
  const [form] = (await say('谢卓群', { text: '填报' })).messages;
  expect(form!.card.form!.fields.length).toBeGreaterThan(5);
  const filled = await say('谢卓群', { form: { message: form!.id, values: { consultations: 12, discussions: '0' } } });
  expect(filled.messages[0]!.code).toBe('figures.filed');
  expect((await say('江安然', { location: { lat: 24.7, lng: 116.7, name: '高头' } })).messages[0]!.code).toBe('check-in.done');
  const upload = new FormData();
  for (const [k, v] of Object.entries({ conversation: 'direct', speaker: room.id('赖知远'), eventId: 'f1' })) upload.append(k, v);
  upload.append(
    'file',
    new Blob([
      (await xlsxOf([
        ['甲', '乙', '丙'],
        ['1', '2', '3'],
      ])) as Uint8Array<ArrayBuffer>,
    ]),
    'a.xlsx',
  );
  expect((await post('/messages', upload)).body).toMatchObject({ duplicate: false, messages: [{ code: 'import.problems' }] });
});

test('tables, charts, files and questions carry nothing that is not written down', async () => {
  const { messages: shown } = await say('丘书瑶', { text: '统计' });
  const card = shown.find(m => m.card.picture)!.card;
  expect([card.table !== undefined, card.chart !== undefined]).toEqual([true, true]);
  const picture = await fetch(`${listener.url}/sandbox/api/files/${card.picture!.id}`);
  expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png']);
  const { messages: exported } = await say('赖知远', { text: '导出 附件1' });
  const paper = exported.find(m => m.card.file)!.card.file!;
  expect((await (await fetch(`${listener.url}/sandbox/api/files/${paper.id}`)).arrayBuffer()).byteLength).toBe(paper.bytes);
  for (const text of ['帮助', '网页', '体检', '待办', '隐私', '我的数据', '记录', '月报', '导入', '请假', '设置', '发件箱', '没有这个'])
    await say('赖知远', { text });
  await say('谢卓群', { text: '请假 4月17日 家中有事 改到 4月24日' });
  const moved = await post('/clock', { to: '2024-04-10T18:00:00+08:00' });
  const { now, messages: told } = z.strictObject({ now: instant, messages }).parse(moved.body);
  expect([now, told.length > 5]).toEqual(['2024-04-10T18:00:00+08:00', true]);
  const all = z.strictObject({ messages }).parse(await get('/messages')).messages;
  const ids = all.map(m => Number(m.id));
  expect(ids).toEqual([...ids].sort((a, b) => a - b));
  expect(all.filter(m => m.from === 'bot' && !m.card.title.includes('演示数据'))).toEqual([]);
  const last = all.at(-2)!;
  expect((await get(`/messages?after=${last.id}`)).messages.map((m: { id: string }) => m.id)).toEqual([all.at(-1)!.id]);
});

test('what is wrong is refused in words, what is unknown is 404', async () => {
  const speaker = room.id('赖知远');
  await refused('/messages', { conversation: 'direct', speaker: 'nobody', text: '帮助' }, 404, 'speaker');
  await refused('/messages', { conversation: 'nowhere', speaker, text: '帮助' }, 404, 'conversation');
  await refused('/messages', { conversation: 'direct', speaker }, 400);
  await refused('/messages', { conversation: 'direct', speaker, text: '帮助', more: 1 }, 400, 'more');
  await refused('/messages', { conversation: 'direct', speaker, button: { message: '99999999', index: 0 } }, 404, 'button.message');
  await refused('/clock', { to: '2024-04-01T08:00:00+08:00' }, 400, 'to');
  await refused('/clock', { to: 'soon' }, 400, 'to');
  await refused('/groups', { name: '群', members: ['nobody'] }, 404, 'members.0');
  await refused('/reset', { programme: 'nowhere-2024' }, 404, 'programme');
  await refused('/reset', { programme: '../yongding-2024' }, 404, 'programme');
  await refused('/reset', { at: '2024-13-01' }, 400, 'at');
  // What was refused reset nothing.
  expect(state.parse(await get('/state')).now).toBe('2024-04-10T18:00:00+08:00');
});

test('an empty installation is set up from nothing', async () => {
  const empty = state.parse((await post('/reset', { empty: true })).body);
  expect([empty.groups, empty.people.filter(p => p.bound)]).toEqual([[], []]);
  expect((await say('赖知远', { text: `认领 ${empty.claimCode} 赖知远` })).messages[0]!.code).toBe('claim.done');
  const made = await post('/groups', { name: '工作群', members: [room.id('赖知远')] });
  z.strictObject({ id: z.string(), name: z.string(), members: z.array(z.string()), orgs: z.array(z.string()), messages }).parse(made.body);
  const after = state.parse(await get('/state'));
  expect([after.claimCode, after.groups.map(g => g.name)]).toEqual([undefined, ['工作群']]);
  expect(state.parse((await post('/reset', { programme: 'shanxi-2024' })).body).programme).toBe('shanxi-2024');
});

test('/重来 and its button bring the first day of the same programme’s demo back', async () => {
  const speaker = room.id('赖知远');
  await post('/reset', {});
  const first = state.parse(await get('/state'));
  await post('/clock', { to: new Date(Date.parse(first.now) + 3_600_000).toISOString() });
  const asked = (await say('赖知远', { text: '/重来' })).messages[0]!;
  expect(asked.code).toBe('sandbox.again');
  const again = await post('/messages', { conversation: 'direct', speaker, button: { message: asked.id, index: 0 } });
  expect([again.status, state.parse(await get('/state'))]).toEqual([200, first]);
});
