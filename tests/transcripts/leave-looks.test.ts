/** /请假 of whoever only looks: which leaves there are, without a reason; and a number that is a day and no leave's. */
import { afterEach, expect, test } from 'vitest';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room.close());

test('a chief sees who is on leave from today on, with days and state and no reason', async () => {
  room = await chat();
  const [nobody] = await room.say('丘书瑶', '请假');
  expect([nobody!.code, nobody!.card.title]).toEqual(['leave.nobody', '今天起没有人请假【演示数据】']);
  await room.say('谢卓群', '请假 4月17日 家里老人住院 改到 4月24日');
  for (const who of ['丘书瑶', '陈景行']) {
    const [list, ...more] = await room.say(who, '请假');
    expect(more).toEqual([]);
    expect([list!.code, list!.card.title, list!.card.lines]).toEqual([
      'leave.going',
      '今天起请假 1 件【演示数据】',
      ['谢卓群 4月17日 周三 待市中医院、古竹卫生院答复'],
    ]);
    expect(list!.card.buttons!.map(b => b.label)).toEqual(['谢卓群请假']);
    expect(JSON.stringify(list!.card)).not.toContain('老人');
    const [shown] = await room.press(who, '谢卓群请假');
    expect(shown!.code).toBe('leave.shown');
  }
  const [help] = await room.say('丘书瑶', '帮助 请假');
  expect(help!.card.title).toContain('看谁请假');
  // A hospital asks for somebody, and is told how.
  expect((await room.say('黄怀瑾', '请假'))[0]!.code).toBe('leave.not-physician');
});

test('a leave that is over is not listed', async () => {
  room = await chat();
  await room.say('谢卓群', '请假 4月17日 家里老人住院 改到 4月24日');
  await room.to('2024-04-17 08:00');
  expect((await room.say('丘书瑶', '请假'))[0]!.code).toBe('leave.going');
  await room.to('2024-04-18 08:00');
  expect((await room.say('丘书瑶', '请假'))[0]!.code).toBe('leave.nobody');
});

test('请假 17: no leave has that number, and it may be the 17th', async () => {
  room = await chat();
  const [asked] = await room.say('谢卓群', '请假 17 出差 改到 24');
  expect([asked!.code, asked!.card.buttons!.map(b => b.label), asked!.card.buttons!.map(b => b.command)]).toEqual([
    'leave.unknown',
    ['请4月17日的假'],
    ['/请假 2024-04-17 出差 改到 2024-04-24'],
  ]);
  expect((await room.press('谢卓群', '请4月17日的假'))[0]!.code).toBe('leave.asked-for');
  // No month has it.
  expect((await room.say('谢卓群', '请假 57'))[0]!.card.buttons).toBeUndefined();
});
