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
  const facts = { rows: [row], now: new Map([[`${table} 1`, is]]), corrections: [], filed: undefined, above: false, order: null };
  const decision = undo.decide({ facts, now: 0 } as never) as Decision;
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
