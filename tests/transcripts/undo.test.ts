/** /撤销 where a sealed value was written over: the journal has its digest only, so it is refused in words, whichever table it is. */
import { afterEach, expect, test } from 'vitest';
import undo from '../../commands/undo.ts';
import { sqliteSchema } from '../../db/kit-sqlite.ts';
import { type Decision, isRefusal } from '../../src/bot/command.ts';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat | undefined;
afterEach(async () => {
  await room?.close();
  room = undefined;
});

test('a remark that was replaced is not brought back; a first remark is taken back', async () => {
  room = await chat();
  await room.play(`
    谢卓群> 签到
    谢卓群> 受益 王某甲 13800001111 已告知
  `);
  await room.say('陈景行', '抽样 4月 1');
  const { store } = room.open;
  const call = async () => (await store().read.all('followUps', {}))[0]!;
  const { id } = await call();
  await room.say('陈景行', `回访 ${id} 满意`);
  await room.say('陈景行', `回访 ${id} 不满意 态度差`);
  expect((await room.say('陈景行', '撤销'))[0]!.code).toBe('undo.done');
  expect([(await call()).result, (await call()).note]).toEqual(['satisfied', null]);
  await room.say('陈景行', `回访 ${id} 不满意 态度差`);
  await room.say('陈景行', `回访 ${id} 满意`);
  const [refused] = await room.say('陈景行', '撤销');
  expect([refused!.code, refused!.card.title, refused!.card.lines]).toEqual([
    'undo.sealed',
    '/回访 换掉的内容是加密存的，不能收回【演示数据】',
    ['要改回去，请把原来的再发一遍'],
  ]);
  expect((await call()).result).toBe('satisfied');
});

const SEALED = Object.values(sqliteSchema.records).flatMap(r => r.secrets.map(column => [r.name, column] as const));
const OLD = 'hmac:old';
const NEW = 'hmac:new';

/** What `/撤销` says of one row that its asker has changed. `now`: what is read of the sealed value. */
const undone = (table: string, column: string, before: string | null | 'none', after: string | null | 'none', now: string | null) => {
  const told = (value: string | null | 'none') => (value === 'none' ? null : JSON.stringify({ id: '1', [column]: value }));
  const row = { turn: 1, seq: 1, at: 0, command: '设置', table, row: '1', before: told(before), after: told(after) };
  const is = after === 'none' ? undefined : { id: '1', [column]: now };
  const facts = {
    rows: [row],
    now: new Map([[`${table} 1`, is]]),
    corrections: [],
    filed: undefined,
    told: { said: [], unsaid: [], days: [] },
    above: false,
    order: null,
  };
  const decision = undo.decide({ facts, now: 0, actor: { person: { name: '' } } } as never) as Decision;
  return isRefusal(decision) ? decision.card.code : decision.reply.code;
};

test('there are sealed columns to look at', () => {
  expect(SEALED.length).toBeGreaterThan(10);
});
test.each(SEALED)('%s.%s: replaced, emptied or deleted it is not brought back; new or untouched it is no hindrance', (table, column) => {
  expect(undone(table, column, OLD, NEW, '••••')).toBe('undo.sealed');
  expect(undone(table, column, OLD, null, null)).toBe('undo.sealed');
  expect(undone(table, column, OLD, 'none', null)).toBe('undo.sealed');
  expect(undone(table, column, null, NEW, '••••')).toBe('undo.done');
  expect(undone(table, column, 'none', NEW, '••••')).toBe('undo.done');
  expect(undone(table, column, OLD, OLD, '••••')).toBe('undo.done');
  // Somebody has written it or emptied it since.
  expect(undone(table, column, null, NEW, null)).toBe('undo.built-on');
  expect(undone(table, column, null, null, '••••')).toBe('undo.built-on');
});

test('whoever was told hears that it is taken back, in the same place, at once where it is about the next two days', async () => {
  room = await chat();
  const undo = async (text: string) => {
    const told = await room!.say('赖知远', text);
    const undone = await room!.say('赖知远', '撤销');
    const places = (m: typeof told) =>
      m
        .slice(1)
        .map(x => x.conversation.name)
        .sort();
    expect(undone[0]!.code).toBe('undo.done');
    expect(places(undone)).toEqual(places(told));
    return undone;
  };
  const said = (m: Awaited<ReturnType<typeof undo>>, where: string) => {
    const { card } = m.slice(1).find(x => x.conversation.name.includes(where))!;
    return [card.title.replace('【演示数据】', ''), ...card.lines];
  };
  const moved = await undo('改班 4月17日 谢卓群 停电 改到 4月25日');
  expect(moved[0]!.card.lines).toEqual(['收回的是“已改：谢卓群改到4月25日 周四”', '已告知先前收到消息的各方']);
  expect(said(moved, '古竹')).toEqual([
    '已收回：谢卓群改到4月25日 周四',
    '赖知远撤销了这次改班，仍按原来的',
    '谢卓群 古竹卫生院 原4月17日 周三',
    '请转告群众',
  ]);
  expect(said(moved, '谢卓群')).toHaveLength(3);
  expect(moved.slice(1).every(m => m.card.tone === 'info')).toBe(true);
  expect(said(await undo('换人 谢卓群 戴泽宇 4月17日'), '戴泽宇')[0]).toBe('已收回：4月17日 周三由戴泽宇替谢卓群');
  expect(said(await undo('换人 谢卓群 戴泽宇 自5月起'), '古竹').slice(0, 3)).toEqual([
    '已收回：2024年5月起由戴泽宇接替谢卓群',
    '赖知远撤销了这次换人，仍按原来的',
    '古竹卫生院',
  ]);
  expect(said(await undo('排班 谢卓群 4月24日'), '古竹').slice(0, 4)).toEqual([
    '已收回：新增下乡 谢卓群',
    '赖知远撤销了这次排班，仍按原来的',
    '古竹卫生院',
    '4月24日 周三 坐诊',
  ]);
  const near = await undo('改班 4月10日 全部 台风 改到 4月24日');
  expect(near.slice(1).every(m => m.card.tone === 'urgent')).toBe(true);
});

test('a month that was made public is taken back as well; a question to the other side is over', async () => {
  room = await chat();
  await room.say('赖静姝', '排班 吴沐阳 5月15日');
  const told = await room.say('赖知远', '排班 公布 5月');
  const undone = await room.say('赖知远', '撤销');
  expect(told.length).toBeGreaterThan(1);
  expect(undone.filter(m => m.card.title.startsWith('已收回：2024年5月医师下乡安排')).map(m => m.conversation.name)).toEqual(
    told.slice(1).map(m => m.conversation.name),
  );
  expect(undone.at(-1)!.card.lines).toContain('请转告群众');
  await room.say('李若水', '改班 4月9日 张志恒 停电 改到 4月18日');
  const [, asked] = await room.say('李若水', '撤销');
  expect([asked!.conversation.name, asked!.card.title, asked!.card.tone]).toEqual([
    '区医院派驻医师群',
    '已收回：请答复：改期【演示数据】',
    'urgent',
  ]);
});

test('what was not sent yet is not sent, and nobody hears of its end', async () => {
  room = await chat();
  await room.to('2024-04-08 22:00');
  await room.say('赖知远', '换人 吴沐阳 钟心怡 4月17日');
  const undone = await room.say('赖知远', '撤销');
  expect(undone.map(m => [m.code, ...m.card.lines])).toEqual([
    ['undo.done', '收回的是“4月17日 周三由钟心怡替吴沐阳”', '还没发出的消息不发了'],
  ]);
  // What was taken back is not taken back again, whatever it dropped.
  expect((await room.say('赖知远', '撤销')).map(m => m.code)).toEqual(['undo.never']);
  expect((await room.to('2024-04-09 07:30')).filter(m => m.code.startsWith('substitute') || m.code.startsWith('undo'))).toEqual([]);
  // Who told nobody says nothing of that.
  await room.say('赖静姝', '排班 吴沐阳 5月15日');
  expect((await room.say('赖静姝', '撤销')).map(m => [m.code, ...m.card.lines])).toEqual([
    ['undo.done', '收回的是“已排 吴沐阳 城郊卫生院 1班”'],
  ]);
});
