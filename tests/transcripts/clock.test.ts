/** What the clock brings on rest days, at night, after a stop, and once a year. */
import { afterEach, expect, test } from 'vitest';
import type { Message } from '../../src/bot/stage.ts';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room?.close());
const to = (messages: readonly Message[], name: string, code: string) =>
  messages
    .filter(m => m.conversation.name === name && m.code === code)
    .map(m => `${m.at.slice(5, 16)} ${m.card.title.replace('【演示数据】', '')}`);

test('a visit on a rest day is asked about on the next workday, by its date, and once more on the one after', async () => {
  room = await chat();
  await room.say('赖静姝', '/排班 钟心怡 5月1日');
  expect(to(await room.to('2024-05-09 12:00'), '李楚楚', 'verify.asked').filter(l => l > '04-30')).toEqual([
    '05-06T07:30 5月1日 周三谁来了？',
    '05-07T09:00 5月1日 周三谁来了？',
  ]);
});

test('at night news of the next two days is said at once, other news in the morning', async () => {
  room = await chat();
  await room.to('2024-04-08 22:00');
  const moved = async (line: string) => (await room.say('邱思源', line)).filter(m => m.code === 'visit.moved').length;
  expect(await moved('/改班 4月10日 张晓岚 台风 改到 4月25日')).toBe(3);
  expect(await moved('/改班 4月24日 范梦溪 台风 改到 4月25日')).toBe(0);
  expect(await moved('/改班 4月25日 范梦溪 台风 改到 4月26日')).toBe(0);
  const morning = await room.to('2024-04-09 08:00');
  expect(to(morning, '池临风', 'visit.moved')).toEqual(['04-09T07:30 范梦溪改到4月25日 周四', '04-09T07:30 范梦溪改到4月26日 周五']);
  expect(morning.every(m => m.at.slice(11, 16) >= '07:30')).toBe(true);
});

test('after a stop: what is still worth saying is said once, the rest is recorded as expired', async () => {
  room = await chat({ on: 'feishu' });
  const said = await room.sleep('2024-04-10 09:10');
  const asked = (name: string) => said.filter(m => m.conversation.name === name).map(m => m.card.title.replace('【演示数据】', ''));
  // Monday's question was asked twice meanwhile and Tuesday's once: neither is of today, and only the last is worth saying.
  expect(asked('华苏叶')).toEqual(['4月8日 周一谁来了？']);
  expect(asked('李若水')).toEqual(['4月9日 周二谁来了？']);
  expect(said.map(m => m.text).join()).not.toMatch(/今天|去洪山/);
  const rows = await room.open.store().read.outbox({ states: ['expired'], limit: 500 });
  expect(rows.filter(r => r.card?.code === 'visit.eve').length).toBeGreaterThan(0);
});

test('from 1 December on, on workdays: next year’s holidays are missing, where they are', async () => {
  room = await chat({ at: '2026-11-30 08:00' });
  expect(to(await room.to('2026-12-02 12:00'), '赖知远', 'calendar.missing')).toEqual([
    '12-01T09:00 2027年放假安排还没有',
    '12-02T09:00 2027年放假安排还没有',
  ]);
});

test('what comes for several counties at one time says whose it is', async () => {
  room = await chat({ programme: 'fujian-2022' });
  await room.to('2022-07-01 08:00');
  const rows = (await room.open.sandbox.state()).next.map(n => `${n.at} ${n.what}`);
  expect(rows.filter(r => r.includes('月报截止前提醒')).length).toBeGreaterThan(1);
  expect(new Set(rows).size).toBe(rows.length);
  expect(rows.some(r => /月报截止前提醒 \S+县\S*（/.test(r))).toBe(true);
});

test('of two physicians who lack a visit at one clinic the bureau reads one clinic and two people', async () => {
  room = await chat();
  const header = '地市\t区县\t基层医疗卫生机构名称\t上级医疗机构名称\t下基层人员姓名\t专业\t职称';
  await room.say('赖知远', `导入\n${header}\n龙岩市\t永定区\t永定区岐岭镇卫生院\t永定区中医院\t钱一苇\t中医\t主治医师`);
  await room.press('赖知远', '确认，保留未列的');
  const gaps = (await room.to('2024-04-15 09:00')).filter(m => m.code === 'coverage.gap' && m.conversation.name === '赖知远');
  expect(gaps.map(m => m.card.lines[0])).toEqual(['1家2人：岐岭卫生院']);
});
