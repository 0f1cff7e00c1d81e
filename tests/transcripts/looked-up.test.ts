/** What is looked up: leaves by whoever only looks, who is there before the hours begin, to-dos of a stand-in, one’s own month. */
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

test('what nobody at the unit can answer is among the to-dos of the hospital that enters it', async () => {
  room = await chat();
  await room.say('罗玉成', '请假 4月19日 家中有事 改到 4月26日');
  const todo = async () => (await room.say('赖静姝', '待办')).at(-1)!.card;
  expect((await todo()).lines).toContain('代问金砂卫生院 请假 罗玉成 4月19日 周五');
  expect((await room.press('赖静姝', '录入金砂卫生院线下同意'))[0]!.card.tone).toBe('ask');
  await room.say('赖静姝', '电话，值班室');
  expect((await todo()).lines.join()).not.toContain('代问');
});

test('before its hours nobody is late, each half by its own', async () => {
  room = await chat();
  const says = async () => (await room.say('丘书瑶', '在岗')).at(-1)!.text;
  await room.to('2024-04-17 07:59');
  expect(await says()).not.toContain('尚无到岗记录');
  await room.to('2024-04-17 08:00');
  expect(await says()).toContain('吴沐阳 城郊卫生院：上午尚无到岗记录\n吴沐阳 城郊卫生院：下午已安排，还没到时间');
  await room.to('2024-04-17 14:30');
  expect(await says()).not.toContain('还没到时间');
});

test('the hospital that sends somebody looks at its clinics on days without a visit too', async () => {
  room = await chat();
  expect((await room.say('赖静姝', '核实 城郊 4月5日'))[0]!.code).toBe('verify.none');
  expect((await room.say('赖静姝', '核实 古竹 4月5日'))[0]!.code).toBe('verify.not-yours');
});

test('of one leave a chief and the general hospital see how it stands, neither why nor the slip; who handles it sees both', async () => {
  room = await chat();
  const [asked] = await room.say('吴沐阳', '请假 4月17日 肺结核复查 改到 4月25日');
  const id = /编号(\d+)/.exec(asked!.card.title)![1]!;
  for (const who of ['丘书瑶', '邱思源']) {
    const [looks] = await room.say(who, `请假 ${id}`);
    expect([who, looks!.code, looks!.card.file, looks!.text.includes('区中医院 待答复'), /病|复查/.test(looks!.text)]).toEqual([
      who,
      'leave.shown',
      undefined,
      true,
      false,
    ]);
  }
  for (const who of ['赖知远', '黄怀瑾', '吴沐阳']) {
    const [handles] = await room.say(who, `请假 ${id}`);
    expect([who, handles!.card.lines.includes('因病：肺结核复查'), handles!.card.file !== undefined]).toEqual([who, true, true]);
  }
});
