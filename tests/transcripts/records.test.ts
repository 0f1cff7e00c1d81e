/** The auditor's way back: a day is that day, further pages are a tap away, and rows are read without a key. */
import { afterEach, expect, test } from 'vitest';
import { FIELD_WORDS } from '../../src/core/journal-words.ts';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room?.close());
const rows = async (text: string) => {
  const [answer] = await room.say('童清和', text);
  return { title: answer!.card.title, rows: answer!.card.table?.rows ?? [], buttons: answer!.card.buttons?.map(b => b.command) };
};

test('a day shows that day’s rows, a span those of the span, a day without any says so', async () => {
  room = await chat();
  await room.say('阮若谷', '/设置 核实时间 16:30');
  await room.to('2024-04-09 08:00');
  await room.say('阮若谷', '/设置 核实时间 16:40');
  await room.to('2024-04-10 08:00');
  await room.say('阮若谷', '/设置 核实时间 16:50');
  const settings = async (text: string) => (await rows(text)).rows.filter(r => r[2] === '设置').map(r => r[0]);
  expect(await settings('记录 昨天')).toEqual(['4月9日 周二 08:00']);
  expect(await settings('记录 4月8日-4月9日')).toEqual(['4月9日 周二 08:00', '4月8日 周一 08:00']);
  expect(await settings('记录 4月8日、4月10日 阮若谷')).toEqual(['4月10日 周三 08:00', '4月8日 周一 08:00']);
  expect((await rows('记录 3月20日')).title).toContain('没有3月20日 周三 的记录');
});

test('pages go back to the first row; each row stands on one of them', async () => {
  room = await chat();
  const all = (await room.open.store().read.journal({}, 5_000)).filter(r => r.table !== 'questions').length;
  let page = await rows('记录');
  let seen = page.rows.length;
  expect(page.title).toContain('记录 50 条，还有更早的');
  while (page.buttons) {
    page = await rows(page.buttons[0]!);
    seen += page.rows.length;
  }
  expect(seen).toBe(all);
});

test('a page of somebody on a day goes on with the same question', async () => {
  room = await chat();
  for (let n = 10; n < 65; n++) await room.say('阮若谷', `/设置 核实时间 16:${n % 60}`.replace(/:(\d)$/, ':0$1'));
  const first = await rows('记录 阮若谷 4月8日');
  expect(first.buttons).toEqual([expect.stringMatching(/^\/记录 阮若谷 2024-04-08 早于\d+$/)]);
  const second = await rows(first.buttons![0]!);
  expect([first.rows.length, second.rows.length, second.buttons]).toEqual([50, 5, undefined]);
});

test('rows are said in words: fields, people, units and times', async () => {
  room = await chat();
  await room.say('谢卓群', '/签到 古竹卫生院');
  await room.to('2024-04-08 17:00');
  await room.press('池景天', '在岗');
  await room.say('赖知远', '撤权 黄怀瑾 受援单位专人 城郊卫生院');
  const shown = (await rows('记录 今天')).rows
    .filter(r => r[2] !== '演示数据')
    .map(r =>
      r
        .slice(1)
        .join(' | ')
        .replace(/编号\S+/g, '编号…'),
    );
  expect(shown).toEqual([
    '赖知远 | 撤权 | 角色 黄怀瑾 城郊卫生院 编号… | 止：无→4月7日 周日',
    '池景天 | 核实 | 班次 谢卓群 古竹卫生院 4月8日 周一 编号… | 在岗：无→在岗；人次：等待→已核实；核实方：无→受援单位；核实时间：无→4月8日 周一 17:00；核实人：无→池景天',
    '谢卓群 | 签到 | 签到 谢卓群 古竹卫生院 4月8日 周一 编号… | 新建',
    '谢卓群 | 签到 | 班次 谢卓群 古竹卫生院 4月8日 周一 编号… | 新建',
  ]);
});

test('a record’s own number shows what became of it', async () => {
  room = await chat();
  await room.say('赖知远', '撤权 黄怀瑾 受援单位专人 城郊卫生院');
  const [row] = (await rows('记录 赖知远')).rows;
  const id = /编号(\S+)/.exec(row![3]!)![1]!;
  expect(id).toContain('-');
  expect((await rows(`记录 编号${id}`)).rows.map(r => r[2])).toEqual(['撤权', '演示数据']);
});

test('every field that is stored has its word', async () => {
  room = await chat();
  const fields = (await room.open.store().read.journal({}, 5_000)).flatMap(r => Object.keys(JSON.parse(r.after ?? '{}') as object));
  expect(fields.length).toBeGreaterThan(1_000);
  expect([...new Set(fields)].filter(f => !(f in FIELD_WORDS))).toEqual([]);
});
