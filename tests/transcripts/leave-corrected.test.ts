/** Right after a leave was asked: what corrects it is offered, and nothing is done before it is pressed. */
import { afterEach, expect, test } from 'vitest';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room?.close());
const asked = async () => {
  room = await chat();
  await room.say('谢卓群', '请假 4月17日 出差 改到 4月24日');
};
const leaves = async () => (await room.open.store().read.all('leaves', {})).map(l => `${l.from} ${l.state}`);

test('撤回, the word of the card’s own button, is offered as that', async () => {
  await asked();
  const [card] = await room.say('谢卓群', '撤回');
  expect([card!.code, card!.card.buttons!.map(b => b.label)]).toEqual(['undo.leave', ['撤回']]);
  expect(await leaves()).toEqual(['2024-04-17 open']);
  await room.press('谢卓群', '撤回');
  expect(await leaves()).toEqual(['2024-04-17 withdrawn']);
});

test('another make-up day is offered as the whole line, behind taking the first one back', async () => {
  await asked();
  const [card, ...more] = await room.say('谢卓群', '改到25号');
  expect(more).toEqual([]);
  expect([card!.code, card!.card.buttons!.map(b => b.label).at(-1)]).toEqual(['leave.correct', '/请假 4月17日 出差 改到 4月25日']);
  expect(await leaves()).toEqual(['2024-04-17 open']);
  await room.press('谢卓群', '撤回编号');
  const [again] = await room.press('谢卓群', '改到 4月25日');
  expect([again!.code, again!.card.lines[0]]).toEqual(['leave.asked-for', '古竹卫生院 4月17日 周三 → 4月25日 周四']);
});

test('another day is offered where there is a visit, and else it is said that nothing was changed', async () => {
  await asked();
  const [none] = await room.say('谢卓群', '不对，是18号');
  expect([none!.code, none!.card.title]).toEqual(['leave.correct-none', '那天没有下乡班次，请假没有改【演示数据】']);
  await room.say('赖知远', '排班 谢卓群 4月18日');
  await room.say('谢卓群', '撤回');
  const [day] = await room.say('谢卓群', '不对，是18号');
  expect(day!.card.buttons!.map(b => b.label).at(-1)).toBe('/请假 4月18日 出差 改到 4月24日');
  expect(await leaves()).toEqual(['2024-04-17 open']);
});

test('later, or about anything else, it is no correction', async () => {
  await asked();
  expect((await room.say('谢卓群', '不对'))[0]!.code).toBe('help.hint');
  await room.to('2024-04-08 08:20');
  expect((await room.say('谢卓群', '改到25号'))[0]!.code).toBe('help.hint');
});

test('over midnight the day that was taken is named', async () => {
  room = await chat();
  await room.say('赖知远', '排班 谢卓群 4月11日');
  await room.to('2024-04-10 23:58');
  await room.say('谢卓群', '请假');
  await room.to('2024-04-11 00:03');
  const [card] = await room.say('谢卓群', '明天');
  expect([card!.code, card!.card.lines[0]]).toEqual(['leave.reason', '请的是4月11日 周四']);
});
