/** A day of two halves: the clinic's word may be about one of them. */
import { afterEach, expect, test } from 'vitest';
import { day } from '../../src/core/day.ts';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room.close());

/** What is known of both halves of 吴沐阳's 17 April. */
const known = async (): Promise<string[]> => {
  const { read } = room.open.store();
  const person = (await read.all('people', { name: '吴沐阳' }))[0]!.id;
  const visits = await read.all('visits', { person, day: day('2024-04-17'), state: 'on' });
  return visits.map(v => `${v.am ? '上午' : '下午'} ${v.presence ?? '没说'}`).sort();
};
const caseOf = async () => (await room.open.store().read.all('cases', {})).map(c => c.state);

test.each([
  ['/核实 吴沐阳 上午 在岗', ['上午 present', '下午 没说']],
  ['/核实 下午 吴沐阳 在岗', ['上午 没说', '下午 present']],
  ['/核实 4月17日下午 吴沐阳 没到', ['上午 没说', '下午 not-there']],
  ['/核实 上午 全部 在岗', ['上午 present', '下午 没说']],
  ['/核实 吴沐阳 全天 在岗', ['上午 present', '下午 present']],
])('%s is about what it names', async (text, then) => {
  room = await chat({ at: '2024-04-17 17:30' });
  const [answer] = await room.say('黄怀瑾', text);
  expect(answer!.code).toMatch(/^verify\.(done|not-there)$/);
  expect(await known()).toEqual(then);
  if (then.includes('上午 没说') || then.includes('下午 没说'))
    expect(answer!.card.lines[0]).toBe(`城郊卫生院 4月17日 周三${then[0] === '上午 没说' ? '下午' : '上午'}`);
});

test('both halves reported are one message to each; one of them corrected leaves the other to be weighed', async () => {
  room = await chat({ at: '2024-04-17 17:30' });
  const report = await room.say('黄怀瑾', '/核实 吴沐阳 没到');
  const told = report.slice(1);
  expect(told.map(m => m.conversation.name).sort()).toEqual(['吴沐阳', '赖知远', '赖静姝', '邱思源']);
  expect(told.find(m => m.conversation.name === '赖知远')!.card.lines[0]).toBe('城郊卫生院 4月17日 周三');
  const corrected = await room.say('黄怀瑾', '/核实 吴沐阳 下午 在岗');
  expect(corrected[0]!.card.lines).toContain('上午反映的未到不变');
  expect(await known()).toEqual(['上午 not-there', '下午 present']);
  expect(await caseOf()).toEqual(['open']);
  expect(corrected.find(m => m.conversation.name === '赖知远')!.card.title).toContain('更正：吴沐阳4月17日 周三下午在岗');
  expect(corrected.find(m => m.conversation.name === '赖知远')!.card.lines).toContain('上午反映的未到不变');
  await room.say('黄怀瑾', '/核实 吴沐阳 上午 在岗');
  expect(await caseOf()).toEqual(['closed']);
});

test('a visit of the whole day is not cut in two, and a half without a visit is said to have none', async () => {
  room = await chat({ at: '2024-04-17 17:30' });
  const [asked] = await room.say('池景天', '/核实 谢卓群 上午 没到');
  expect([asked!.code, asked!.card.tone]).toEqual(['verify.whole-day', 'ask']);
  expect(asked!.card.title).toContain('谢卓群4月17日 周三是整天的班，还没有办');
  expect((await room.press('池景天', '整天没到'))[0]!.code).toBe('verify.not-there');
  await room.say('赖知远', '/改班 4月17日下午 吴沐阳 停电 改到 4月24日');
  const [none] = await room.say('黄怀瑾', '/核实 吴沐阳 下午 在岗');
  expect([none!.code, none!.card.lines[0]]).toEqual(['verify.already', '城郊卫生院4月17日 周三下午没有待核实的班次']);
});

test('whoever stands in and is asked why has said it of both halves', async () => {
  room = await chat({ at: '2024-04-17 17:30' });
  expect((await room.say('赖知远', '/核实 城郊 吴沐阳 在岗'))[0]!.code).toBe('verify.reason');
  expect((await room.say('赖知远', '专人出差'))[0]!.code).toBe('verify.done');
  expect(await known()).toEqual(['上午 present', '下午 present']);
});

test('the day and the half that a visit was moved to are kept', async () => {
  room = await chat({ at: '2024-04-17 17:30' });
  await room.say('池景天', '/核实 谢卓群 已改期');
  const [moved] = await room.say('池景天', '4月19日 上午');
  expect(moved!.card.title).toContain('谢卓群改到4月19日 周五上午');
  expect((await room.say('池景天', '/排班'))[0]!.text).toContain('4月19日 周五上午 谢卓群');
});

test('the list says how one half is said alone', async () => {
  room = await chat({ at: '2024-04-17 17:30' });
  expect((await room.say('黄怀瑾', '/核实'))[0]!.card.lines).toContain('只来了半天的发：/核实 吴沐阳 下午 没到');
  expect((await room.say('池景天', '/核实'))[0]!.text).not.toContain('半天');
});

test('morning and afternoon at one clinic are one check-in wherever it is looked for', async () => {
  room = await chat({ at: '2024-04-17 08:00' });
  await room.say('吴沐阳', '/签到');
  expect((await room.say('黄怀瑾', '/核实'))[0]!.card.lines.slice(0, 2)).toEqual([
    '吴沐阳 上午坐诊：08:00签到',
    '吴沐阳 下午上门送医：上午08:00签到',
  ]);
  expect((await room.say('黄怀瑾', '/在岗'))[0]!.card.lines[0]).toBe('吴沐阳 城郊卫生院：已签到待核实（08:00）');
  const asked = await room.to('2024-04-17 17:00');
  expect(asked.filter(m => m.code.startsWith('presence.ask')).map(m => m.conversation.name)).not.toContain('吴沐阳');
  expect(asked.find(m => m.code === 'verify.asked' && m.conversation.name === '黄怀瑾')!.card.lines.slice(0, 2)).toEqual([
    '吴沐阳 上午坐诊，已签到',
    '吴沐阳 下午上门送医，已签到',
  ]);
  // What the clinic said of the morning is not the check-in's any more.
  await room.say('黄怀瑾', '/核实 吴沐阳 上午 没到');
  expect((await room.say('黄怀瑾', '/核实'))[0]!.card.lines[1]).toBe('吴沐阳 下午上门送医：没有签到记录');
});

test('a hospital whose physicians serve at a clinic is told of a day without visits, not that it may not ask', async () => {
  room = await chat({ at: '2024-04-16 08:00' });
  expect((await room.say('赖静姝', '/核实 城郊'))[0]!.code).toBe('verify.none');
  expect((await room.say('赖静姝', '/核实 古竹'))[0]!.code).toBe('verify.not-yours');
});

test('in the group of a unit that somebody is not sent to, the own matters follow in direct chat', async () => {
  room = await chat({ at: '2024-04-16 08:00' });
  await room.addGroup('峰市卫生院群', ['曾南星', '王秋实', '郑婉清']);
  await room.say('曾南星', '/绑定群 峰市', '峰市卫生院群');
  for (const [text, line] of [
    ['/排班', '4月15日 周一 王秋实 湖山卫生院'],
    ['/在岗 4月15日', '王秋实 湖山卫生院'],
    ['/统计', '全期 1'],
  ] as const) {
    const [here, direct] = await room.say('王秋实', text, '峰市卫生院群');
    expect(here!.card.title).toContain('已私聊发您');
    expect(direct!.text).toContain(line);
  }
  expect((await room.say('郑婉清', '/排班', '峰市卫生院群')).map(m => m.conversation.name)).toEqual(['峰市卫生院群']);
});

test('who looks after several clinics and names none is offered those that wait, not an example of somewhere else', async () => {
  room = await chat({ at: '2024-04-16 08:00' });
  const [which] = await room.say('赖知远', '/核实 4月10日');
  expect([which!.card.title, ...which!.card.lines]).toEqual([
    '核实哪一家？【演示数据】',
    '4月10日 周三待核实：湖雷卫生院1人、高陂卫生院1人',
  ]);
  expect((await room.press('赖知远', '高陂卫生院'))[0]!.card.title).toContain('高陂卫生院 4月10日 周三');
  expect((await room.say('赖静姝', '/核实 4月15日'))[0]!.card.buttons!.map(b => b.label)).toEqual(['湖山卫生院']);
  expect((await room.say('赖知远', '/核实 4月13日'))[0]!.card.title).toContain('4月13日 周六没有待核实的');
  expect((await room.say('赖知远', '/核实 4月10日-4月12日'))[0]!.code).toBe('verify.which-clinic');
});

test('who comes as the clinic arranges owes no days in /我的 either', async () => {
  room = await chat({ at: '2024-04-16 08:00' });
  expect((await room.say('谢卓群', '/我的'))[0]!.card.lines).toContain('半天数 0，其中上门 0；按卫生院安排下乡，不计每月1天');
  expect((await room.say('吴沐阳', '/我的'))[0]!.card.lines).toContain('半天数 0/2，其中上门 0/1');
});

test('where leave is asked by workdays, a half day that was typed is said to count as a whole one', async () => {
  room = await chat({ at: '2026-01-05 08:00', programme: 'shanxi-2024' });
  expect((await room.say('降雨霖', '/请假 1月12日上午 看牙'))[0]!.card.lines).toContain('按工作日请假，不分上午下午，按整天算');
  expect((await room.say('卫长河', '/请假 1月12日 看牙'))[0]!.text).not.toContain('不分上午');
});

test('before a session has begun nothing is missing of it', async () => {
  room = await chat({ at: '2024-04-17 07:45' });
  const shown = async () => (await room.say('黄怀瑾', '/在岗'))[0]!.card.lines.slice(0, 2);
  expect((await shown())[0]).toBe('吴沐阳 城郊卫生院：已安排，还没到时间');
  await room.to('2024-04-17 09:00');
  expect(await shown()).toEqual(['吴沐阳 城郊卫生院：上午尚无到岗记录', '吴沐阳 城郊卫生院：下午已安排，还没到时间']);
  await room.to('2024-04-17 14:31');
  expect((await shown())[0]).toBe('吴沐阳 城郊卫生院：尚无到岗记录');
});

test('/改班 hears the half behind the name as behind the day', async () => {
  for (const text of ['/改班 4月17日 吴沐阳 下午 停电 改到 4月24日下午', '/改班 4月17日下午 吴沐阳 停电 改到 4月24日 下午']) {
    room = await chat({ at: '2024-04-10 08:00' });
    const [done] = await room.say('赖知远', text);
    expect(done!.code).toBe('move.done');
    expect(done!.card.lines).toContain('原因：停电');
    expect((await room.say('吴沐阳', '/排班'))[0]!.text).toContain('4月17日 周三上午 吴沐阳');
    expect((await room.say('吴沐阳', '/排班'))[0]!.text).toContain('4月24日 周三下午 吴沐阳');
  }
});

test('whoever is called by the surname alone is asked about by the whole name, and nothing is verified yet', async () => {
  room = await chat({ at: '2024-04-17 17:30' });
  for (const said of ['吴医生', '小吴', '吴主任', '吴副主任医师']) {
    const [asked] = await room.say('黄怀瑾', `/核实 ${said} 在岗`);
    expect([asked!.code, asked!.card.title]).toEqual(['verify.who', `“${said}”是吴沐阳吗？还没有核实【演示数据】`]);
  }
  expect((await room.say('黄怀瑾', '/核实 王医生 在岗'))[0]!.card.title).toContain('没认出“王医生”，没有核实');
  expect(await known()).toEqual(['上午 没说', '下午 没说']);
  await room.say('黄怀瑾', '/核实 吴医生 下午 来了');
  expect((await room.press('黄怀瑾', '在岗'))[0]!.code).toBe('verify.done');
});

test.each([
  ['typed', ['/改班 4月17日 吴沐阳 下午的改到22号上午 停电']],
  ['as an answer', ['/改班 4月17日 吴沐阳 停电', '下午的改到22号上午']],
  ['as an answer to which half', ['/改班 4月17日 吴沐阳 停电 改到 22号上午', '下午的改到22号上午']],
  ['as an answer, with 班', ['/改班 4月17日 吴沐阳 停电', '下午的班改到22号上午']],
])('one half of the day is moved to a half of another, %s', async (_name, said) => {
  room = await chat({ at: '2024-04-10 08:00' });
  let last: string | undefined;
  for (const text of said) [last] = (await room.say('赖知远', text)).map(m => `${m.code} ${m.card.title}`);
  expect(last).toBe('move.done 已改：吴沐阳改到4月22日 周一上午【演示数据】');
  expect(await known()).toEqual(['上午 没说']);
});

test('moved into another month, the one it leaves is said to lack its half days, with the clause; moved within it, nothing is', async () => {
  room = await chat({ at: '2024-04-10 08:00' });
  const NOTE = '注意：吴沐阳2024年4月就没有班了（五：原则上每月至少1天）';
  const [done, ...told] = await room.say('赖知远', '/改班 4月17日 吴沐阳 停电 改到 5月8日');
  expect(done!.code).toBe('move.done');
  expect(done!.card.lines).toContain(NOTE);
  expect(done!.card.lines.length).toBeLessThanOrEqual(5);
  expect(told.every(m => m.card.lines.includes(NOTE))).toBe(true);
  await room.say('赖知远', '/撤销');
  const [half] = await room.say('赖知远', '/改班 4月17日 吴沐阳 下午的改到5月8日 停电');
  expect(half!.card.lines).toContain('注意：吴沐阳2024年4月只剩1个半天（五：原则上每月至少1天）');
  await room.say('赖知远', '/撤销');
  expect((await room.say('赖知远', '/改班 4月17日 吴沐阳 停电 改到 4月25日'))[0]!.text).not.toContain('注意');
  await room.say('赖知远', '/撤销');
  // Of a published month the other side reads it before it agrees.
  const [waits, asked] = await room.say('赖静姝', '/改班 4月17日 吴沐阳 停电 改到 5月8日');
  expect([waits!.code, asked!.code]).toEqual(['move.waiting', 'move.asked']);
  for (const m of [waits!, asked!]) expect(m.card.lines).toContain(NOTE);
  // 古竹's physician is there as the clinic arranges: no minimum is owed.
  expect((await room.say('赖知远', '/改班 4月17日 谢卓群 停电 改到 5月8日'))[0]!.text).not.toContain('就没有班');
});
