/** What a refusal advises can be done by whoever reads it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import undo from '../../commands/undo.ts';
import { type Decision, isRefusal } from '../../src/bot/command.ts';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
beforeAll(async () => {
  room = await chat();
});
afterAll(() => room.close());
const lines = async (who: string, text: string) => (await room.say(who, text))[0]!.card.lines;

const ASK = '请总医院或卫健局先更新安排表';
test.each([
  ['赖静姝', '排班 吴沐阳 古竹卫生院 5月15日', ASK],
  ['邱思源', '排班 吴沐阳 古竹卫生院 5月15日', '请先更新安排表：/导入'],
  ['谢卓群', '签到 城郊卫生院', ASK],
  ['赖静姝', '签到 吴沐阳 古竹卫生院', ASK],
  ['谢卓群', '补签 昨天 城郊卫生院 没有信号', ASK],
])('%s: %s → %s', async (who, text, hint) => {
  expect(await lines(who, text)).toContain(hint);
});

test('what is never taken back says what to do instead', async () => {
  await room.play(`
    谢卓群> 签到
    谢卓群> 受益 王某甲 13800001111 已告知`);
  const [kept] = await room.open.store().read.all('beneficiaries', {});
  expect(await lines('谢卓群', '撤销')).toEqual([`登错了发：受益 删除 ${kept!.id}`]);
  await room.say('谢卓群', `受益 删除 ${kept!.id}`);
  expect(await room.open.store().read.count('beneficiaries', { state: 'kept' })).toBe(0);
  await room.say('赖知远', '导入 联络员\n单位\t姓名\t角色\t电话\n古竹卫生院\t蓝小溪\t受援单位专人\t13900007788');
  await room.press('赖知远', '确认导入');
  expect(await lines('赖知远', '撤销')).toEqual(['导错了就改好表再 /导入 一次']);
});
test.each([
  '绑定',
  '解绑',
  '认领',
  '交接',
  '导入',
  '网页',
  '请假',
  '销假',
  '批准',
  '驳回',
  '备案',
  '认定',
  '说明',
  '异议',
  '受益',
  '抽样',
  '催报',
])('/%s has an advice of its own', command => {
  const rows = [{ turn: 1, seq: 1, at: 0, command, table: 'drafts', row: '1', before: null, after: '{}' }];
  const said = undo.decide({ facts: { rows, now: new Map(), above: false, order: null }, now: 0 } as never) as Decision;
  expect(isRefusal(said) && said.card.code).toBe('undo.never');
  expect((isRefusal(said) ? said.card.lines : []).join()).toMatch(/./);
  expect((isRefusal(said) ? said.card.lines : []).join()).not.toContain('管理员处理');
});

test.each([
  ['阮若谷', '区卫健局基妇股工作人员'],
  ['陈景行', '区卫健局综合股工作人员、区卫健局回访员'],
  ['赖知远', '区卫健局医政股工作人员、区卫健局系统管理员'],
  ['池景天', '古竹卫生院受援单位专人'],
])('%s is %s', async (who, says) => {
  expect((await lines(who, '我的'))[0]).toBe(says);
});

test('a unit that is not the asker’s to see is refused, not said to be empty', async () => {
  const seen = async (who: string, typed: string) => {
    const [answer] = await room.say(who, typed);
    return [answer!.code, answer!.card.title.replace('【演示数据】', '')];
  };
  expect(await seen('谢卓群', '排班 城郊卫生院')).toEqual(['schedule.not-yours', '看不到城郊卫生院的排班']);
  expect(await seen('赖静姝', '排班 古竹卫生院')).toEqual(['schedule.not-yours', '看不到古竹卫生院的排班']);
  expect(await seen('谢卓群', '统计 城郊卫生院')).toEqual(['statistics.shown', '谢卓群（城郊卫生院） 2024年4月']);
  // One's own, and what lies under one, is shown though it may be empty.
  expect(await seen('谢卓群', '排班 5月 古竹卫生院')).toEqual(['schedule.shown', '古竹卫生院 2024年5月排班']);
  expect(await seen('赖知远', '排班 岐岭卫生院')).toEqual(['schedule.shown', '岐岭卫生院 2024年4月排班']);
});
