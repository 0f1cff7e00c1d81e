/** Who may import in one county and is something else in another imports nothing there, whichever way the table comes. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Listener, serveSandbox } from '../../src/web/serve.ts';
import { type Chat, chat } from '../harness/chat.ts';
import { xlsxOf } from '../harness/xlsx.ts';

let room: Chat;
let listener: Listener | undefined;
/** 傅云帆 leads the bureau of 上杭, which imports nothing, and works for that of 长汀, which does. */
beforeEach(async () => {
  room = await chat({ programme: 'fujian-2022' });
  expect((await room.say('赖北辰', '/授权 傅云帆 卫健局工作人员 长汀县卫健局'))[0]!.code).toBe('grant.done');
});
afterEach(async () => {
  await listener?.close();
  listener = undefined;
  await room.close();
});

const HEAD =
  '序号 地市 区县 基层医疗卫生机构名称 受援基层卫生机构联系电话 单位类型 需求专业 上级医疗机构名称 医疗机构所属情况 下基层人员姓名 专业 职称 联系方式';
type Rows = string[][];
const table = (head: string, ...rows: string[]): Rows => [head, ...rows].map(r => r.split(' '));
const roster = (county: string, clinic: string): Rows =>
  table(HEAD, `1 龙岩市 ${county} ${clinic} 5559999 乡镇卫生院 中医 上杭县医院 县市区属医院 罗清扬 中医 主治医师 139*****019`);
const contacts = (unit: string, role: string): Rows => table('单位 姓名 角色 电话', `${unit} 傅云帆 ${role} 139*****008`);

/** The ways by which a table comes; each gives the code of the answer and its lines. */
const page = async (rows: Rows): Promise<[string, string]> => {
  listener ??= await serveSandbox({
    port: 0,
    sandbox: room.open.sandbox,
    desk: room.open.desk,
    log: { error: () => undefined },
    health: { checks: async () => ({}), measures: async () => [] },
  });
  const { url } = listener;
  const [link] = await room.say('傅云帆', '/网页');
  const entered = await fetch(`${url}${new URL(link!.card.lines[0]!).pathname}`, { method: 'POST', redirect: 'manual' });
  const cookie = entered.headers.get('set-cookie')!.split(';')[0]!;
  const body = new FormData();
  body.append('text', '');
  body.append('file', new Blob([new Uint8Array(await xlsxOf(rows))]), '表.xlsx');
  await fetch(`${url}/web/say`, { method: 'POST', body, headers: { cookie }, redirect: 'manual' });
  const shown = await (await fetch(`${url}/web`, { headers: { cookie } })).text();
  return [/没有导入/.test(shown) ? 'import.problems' : /请核对/.test(shown) ? 'import.preview' : 'neither', shown];
};
const said = async (text: string, where?: string, content?: Parameters<Chat['say']>[3]): Promise<[string, string]> => {
  const [answer] = await room.say('傅云帆', text, where, content);
  return [answer!.code, answer!.card.lines.join('\n')];
};
const pasted = (rows: Rows): string => `/导入\n${rows.map(r => r.join('\t')).join('\n')}`;
const WAYS: Readonly<Record<string, (rows: Rows) => Promise<[string, string]>>> = {
  pasted: rows => said(pasted(rows)),
  'pasted in the other county’s group': rows => said(pasted(rows), '上杭县医师下基层群'),
  file: async rows => said('', undefined, { kind: 'file', name: '表.xlsx', bytes: await xlsxOf(rows) }),
  page,
};

const kept = async () => {
  const { read } = room.open.store();
  return JSON.stringify([
    await read.all('postings', {}),
    await read.all('orgs', { kind: 'clinic' }),
    await read.all('people', {}),
    await read.all('grants', {}),
    await read.count('drafts', {}),
  ]);
};

describe.each(Object.entries(WAYS))('%s', (_way, send) => {
  test('another county’s clinics are no rows of the roster, by full name, short name, or the row’s county', async () => {
    const before = await kept();
    for (const [rows, says] of [
      [roster('上杭县', '上杭县古田中心卫生院'), '上杭县古田中心卫生院是上杭县的，由上杭县导入'],
      [roster('长汀县', '上杭县古田中心卫生院'), '上杭县古田中心卫生院是上杭县的，由上杭县导入'],
      [roster('长汀县', '古田中心卫生院'), '古田中心卫生院是上杭县的，由上杭县导入'],
      [roster('上杭县', '新设的卫生院'), '这一行是上杭县的，您导入的是长汀县'],
    ] as const) {
      const [code, lines] = await send(rows);
      expect([code, lines]).toEqual(['import.problems', expect.stringContaining(says)]);
    }
    expect(await kept()).toBe(before);
  });
  test('nor does a list of contacts give a role there', async () => {
    const before = await kept();
    for (const rows of [contacts('上杭县古田中心卫生院', '受援单位专人'), contacts('上杭县卫健局', '卫健局工作人员')]) {
      const [code, lines] = await send(rows);
      expect([code, lines]).toEqual(['import.problems', expect.stringMatching(/受援单位专人由卫健局导入|卫健局工作人员由卫健局导入/)]);
    }
    expect(await kept()).toBe(before);
  });
  test('what is his own county’s is imported into that one', async () => {
    expect((await send(roster('长汀县', '河田中心卫生院')))[0]).toBe('import.preview');
  });
});

test('confirmed, it is his own county’s, and the other’s roster stays', async () => {
  const { read } = room.open.store();
  const of = async (name: string) => read.all('postings', { county: (await read.first('orgs', { name }))!.id });
  const before = await of('上杭县卫生健康局');
  await said(pasted(roster('长汀县', '河田中心卫生院')));
  expect((await room.press('傅云帆', '确认，保留未列的'))[0]!.code).toBe('import.done');
  expect(await of('上杭县卫生健康局')).toEqual(before);
  expect((await of('长汀县卫生健康局')).length).toBe(2);
});
