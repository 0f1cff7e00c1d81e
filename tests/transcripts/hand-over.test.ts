/** /交接: what waits goes along, except what is the new one's own matter. */
import { afterEach, expect, test } from 'vitest';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room?.close());
const holds = async (name: string) =>
  (await room.open.store().read.all('grants', { person: await room.person(name), role: 'clinic', until: null })).length;

test('nobody is handed his own leave: where nobody else could answer it, it is asked first', async () => {
  room = await chat();
  await room.say('谢卓群', '请假 4月17日 出差 改到 4月24日');
  await room.say('赖知远', '撤权 梁逢春 单位负责人 古竹卫生院');
  const [asked, ...others] = await room.say('赖知远', '交接 池景天 谢卓群');
  expect(others).toEqual([]);
  expect([asked!.code, asked!.card.title, asked!.card.lines, asked!.card.buttons!.map(b => b.label)]).toEqual([
    'hand-over.own',
    '有的事谢卓群不能办，还没有交接【演示数据】',
    ['谢卓群本人的，不能自己办：答复请假 谢卓群 4月17日 周三', '古竹卫生院没有别人能办', '先给别人授权，或交接给别人；交接了也可以再授权'],
    ['仍要交接'],
  ]);
  expect(await holds('谢卓群')).toBe(0);
  const [done, ...told] = await room.press('赖知远', '仍要交接');
  expect(done!.card.lines).toEqual([
    '古竹卫生院受援单位专人',
    '没有没办完的事',
    '谢卓群本人的，不能自己办：答复请假 谢卓群 4月17日 周三',
    '古竹卫生院没有别人能办，请再授权一人',
    '以往记录仍记原名',
  ]);
  expect(told.find(m => m.conversation.name === '谢卓群')!.card.lines).toContain('没有没办完的事');
  expect(await holds('谢卓群')).toBe(1);
});

test('where somebody else of the unit may do it, it is said who', async () => {
  room = await chat();
  await room.say('谢卓群', '请假 4月17日 出差 改到 4月24日');
  await room.say('赖知远', '授权 江安然 受援单位专人 古竹卫生院');
  const [done] = await room.say('赖知远', '交接 池景天 谢卓群');
  expect(done!.code).toBe('hand-over.done');
  expect(done!.card.lines).toContain('由江安然办');
});

test('the head does it where nobody else has the role', async () => {
  room = await chat();
  await room.say('谢卓群', '请假 4月17日 出差 改到 4月24日');
  expect((await room.say('赖知远', '交接 池景天 谢卓群'))[0]!.card.lines).toContain('由梁逢春办');
});

test('of a day of several people the others’ part goes along', async () => {
  room = await chat();
  await room.say('赖知远', '换人 谢卓群 戴泽宇 4月17日');
  await room.say('赖知远', '授权 江安然 受援单位专人 古竹卫生院');
  await room.to('2024-04-17 08:30');
  await room.say('谢卓群', '/签到', '古竹');
  const [done] = await room.say('赖知远', '交接 池景天 谢卓群');
  expect(done!.card.lines.slice(1, 4)).toEqual([
    '待办 2 件一并转过去：核实 4月17日 周三 古竹卫生院 2人；上报古竹卫生院4月月报（未填，4月22日 周一24时截止）',
    '谢卓群本人的，不能自己办：核实 4月17日 周三 古竹卫生院 2人中本人的',
    '由江安然办',
  ]);
});
