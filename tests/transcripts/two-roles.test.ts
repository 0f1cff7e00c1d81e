/** Somebody who answers for two units is asked once, and says for which. */
import { afterEach, expect, test } from 'vitest';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room?.close());

const asked = async () => {
  room = await chat();
  await room.say('赖知远', '授权 池景天 支援单位管理员 市中医院');
  return (await room.say('谢卓群', '请假 4月17日 有事 改到 4月24日')).filter(m => m.conversation.name === '池景天');
};
const steps = async () =>
  (await room.open.store().read.all('leaveSteps', {}))
    .filter(s => s.kind === 'consent')
    .map(s => s.state)
    .join(' ');

test('one message asks for both units, and each button answers for one', async () => {
  const [card, ...more] = await asked();
  expect(more).toEqual([]);
  expect(card!.card.lines.at(-1)).toBe('您代表市中医院、古竹卫生院，请分别答复');
  expect(card!.card.buttons!.map(b => b.label)).toEqual(['市中医院同意', '市中医院不同意', '古竹卫生院同意', '古竹卫生院不同意']);
  const [first] = await room.press('池景天', '古竹卫生院同意');
  expect([first!.code, first!.card.lines[0]]).toEqual(['leave.agreed', '还等市中医院（也由您答复）']);
  expect(first!.card.buttons!.map(b => b.label)).toEqual(['市中医院同意', '市中医院不同意']);
  expect(await steps()).toBe('waiting agreed');
  await room.press('池景天', '市中医院同意');
  expect(await steps()).toBe('agreed agreed');
});

test('without a unit it is asked for which; a no keeps its unit while the reason is asked', async () => {
  await asked();
  const id = (await room.open.store().read.first('leaves', {}))!.id;
  const [which] = await room.say('池景天', `批准 ${id}`);
  expect([which!.code, which!.card.buttons!.map(b => b.label)]).toEqual(['leave.which-unit', ['市中医院同意', '古竹卫生院同意']]);
  expect(await steps()).toBe('waiting waiting');
  await room.say('池景天', `驳回 ${id} 古竹卫生院`);
  const [no] = await room.say('池景天', '当天有义诊');
  expect(no!.code).toBe('leave.refused-done');
  expect(await steps()).toBe('void refused');
});

test('the to-do list says for which unit as well', async () => {
  await asked();
  const [todo] = await room.say('池景天', '待办');
  expect(todo!.card.lines).toEqual(['答复请假 谢卓群 4月17日 周三（市中医院、古竹卫生院）']);
  await room.press('池景天', '市中医院同意谢卓群请假');
  expect(await steps()).toBe('agreed waiting');
});
