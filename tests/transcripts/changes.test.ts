/** /改班, /换人 and /核实 where several visits, units or sides are concerned. */
import { afterEach, expect, test } from 'vitest';
import type { Message } from '../../src/bot/stage.ts';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room?.close());
const heard = (messages: readonly Message[], code: string) =>
  messages.filter(m => m.code === code).map(m => `${m.conversation.name}：${m.card.lines[0]}`);

test('a hospital asks for each of its journeys of a day, and 全部 means its own', async () => {
  room = await chat();
  await room.say('赖静姝', '/排班 吴沐阳 4月18日');
  const told = await room.say('赖静姝', '/改班 4月18日 全部 台风 改到 4月22日');
  expect(heard(told, 'move.asked').sort()).toEqual([
    '城郊卫生院工作群：吴沐阳 城郊卫生院 4月18日 周四 → 4月22日 周一',
    '曾南星：郑婉清 峰市卫生院 4月18日 周四 → 4月22日 周一',
  ]);
  expect(told[0]!.card.title).toContain('、');
  await room.press('曾南星', '同意');
  await room.press('黄怀瑾', '同意', '城郊');
  expect((await room.say('赖知远', '/改班 4月18日 全部 台风 改到 4月23日'))[0]!.card.lines[0]).toBe('丘念慈 虎岗卫生院 原4月18日 周四');
  expect((await room.say('曾南星', '/改班 4月22日 全部 停电 改到 4月24日'))[0]!.card.lines[0]).toBe(
    '郑婉清 峰市卫生院 4月22日 周一 → 4月24日 周三',
  );
});

test.each([
  ['still there', '赖静姝', ''],
  ['moved by the county', '赖知远', '/改班 4月18日 吴沐阳 停电 改到 4月23日'],
  ['given to somebody else', '赖知远', '/换人 吴沐阳 钟心怡 4月18日'],
])('in the morning it is asked whether a visit may move, unless it is over: %s', async (_what, who, line) => {
  room = await chat();
  await room.say('赖静姝', '/排班 吴沐阳 4月18日');
  await room.to('2024-04-08T22:30:00+08:00');
  await room.say('赖静姝', '/改班 4月18日 吴沐阳 台风 改到 4月22日');
  if (line) await room.say(who, line);
  const morning = await room.to('2024-04-09T12:00:00+08:00');
  expect(morning.filter(m => m.code === 'move.asked')).toHaveLength(line ? 0 : 1);
});

test('where the county puts in another physician, their hospitals hear of it and that the roster is to be filed anew', async () => {
  room = await chat();
  expect(heard(await room.say('赖知远', '/换人 吴沐阳 钟心怡 4月17日'), 'substitute.done')).toContain(
    '赖静姝：城郊卫生院 4月17日 周三上午',
  );
  const lasting = await room.say('赖知远', '/换人 吴沐阳 钟心怡 自6月起');
  expect(lasting.find(m => m.conversation.name === '赖静姝')!.card.lines).toEqual(['城郊卫生院', '安排表已出新版，请重新报送']);
  // Who did it is not told of it.
  const own = await room.say('赖静姝', '/换人 王秋实 吴沐阳 4月15日');
  expect(own.filter(m => m.conversation.name === '赖静姝').map(m => m.code)).toEqual(['substitute.done']);
});

test('a hospital puts in its own physicians only; the general hospital and the bureau any of the county’s', async () => {
  room = await chat();
  for (const when of ['2024年4月17日', '自2024年6月起']) {
    const [answer, ...others] = await room.say('赖静姝', `/换人 吴沐阳 张志恒 ${when}`);
    expect(answer!.code).toBe('substitute.others-physician');
    expect(answer!.card.title).toContain('张志恒是区医院的医师，没有换');
    expect(answer!.card.lines).toEqual(['派别家医师要由总医院或卫健局换人', `请他们发：/换人 吴沐阳 张志恒 ${when}`]);
    expect(others).toEqual([]);
  }
  expect((await room.say('邱思源', '/换人 吴沐阳 张志恒 4月17日'))[0]!.code).toBe('substitute.done');
});

test('a stand-in names the physician, and the clinic follows from the day', async () => {
  room = await chat();
  expect((await room.say('赖知远', '/核实 江安然 在岗'))[0]!.code).toBe('verify.reason');
  expect((await room.say('赖知远', '专人请假'))[0]!.card.title).toContain('已核实 江安然 在岗');
});

test('a group reads of its own unit only, whoever asks; nobody reads what is not theirs', async () => {
  room = await chat();
  const places = (messages: readonly Message[]) => messages.map(m => `${m.conversation.kind} ${m.code}`);
  for (const asked of ['/排班 城郊卫生院', '/核实 高头卫生院', '/排班 张志恒'])
    expect((await room.say('赖知远', asked, '古竹')).filter(m => m.conversation.kind === 'group').map(m => m.card.title)).toEqual([
      '已私聊发您【演示数据】',
    ]);
  expect(places(await room.say('赖知远', '/排班 谢卓群', '古竹'))).toEqual(['group schedule.shown']);
  expect(places(await room.say('赖知远', '/排班 张志恒', '工作群'))).toEqual(['group schedule.shown', 'direct schedule.shown']);
  for (const [who, what] of [
    ['池景天', '城郊卫生院'],
    ['池景天', '张志恒'],
    ['吴沐阳', '张志恒'],
    ['赖静姝', '张志恒'],
  ] as const)
    expect(places(await room.say(who, `/排班 ${what}`)), `${who} ${what}`).toEqual(['direct schedule.nothing']);
  expect((await room.say('吴沐阳', '/排班 吴沐阳'))[0]!.card.lines[0]).toBe('2班，已核实0班');
  expect((await room.say('赖静姝', '/排班 城郊卫生院'))[0]!.card.lines[0]).toBe('2班，已核实0班');
});

test('the county makes a month public for one clinic, or in whichever group for all', async () => {
  room = await chat();
  await room.say('赖静姝', '/排班 吴沐阳 5月15日');
  await room.say('赖静姝', '/排班 钟心怡 5月16日');
  expect((await room.say('赖知远', '/排班 公布 5月 城郊卫生院'))[0]!.card.lines[0]).toBe(
    '1班，马上发给1家受援单位转告群众；今天消息已多的单位17:00收到',
  );
  expect((await room.say('赖静姝', '/排班 取消 1'))[0]!.code).toBe('schedule.which-visit');
  expect((await room.say('赖知远', '/排班 公布 5月', '古竹'))[0]!.card.lines[0]).toBe(
    '2班，马上发给2家受援单位转告群众；今天消息已多的单位17:00收到',
  );
});

test('at night a reply says when the others will be told; what concerns the next two days is told at once', async () => {
  room = await chat();
  const last = async (who: string, text: string) => (await room.say(who, text)).map(m => m.card.lines.at(-1) ?? m.card.title);
  await room.to('2024-04-08 23:10');
  const [answer, ...others] = await room.say('赖知远', '/换人 吴沐阳 钟心怡 4月17日');
  expect(answer!.card.lines.at(-1)).toBe('明早7:30通知两位医师和受援单位');
  expect(others).toEqual([]);
  expect((await last('赖知远', '/改班 4月16日 全部 台风 改到 4月22日'))[0]).toBe('明早7:30通知医师和双方单位');
  expect((await last('赖知远', '/改班 4月10日 全部 台风 改到 4月24日')).slice(0, 2)).toEqual(['已通知医师和双方单位', '原因：台风']);
  await room.say('赖知远', '/排班 吴沐阳 5月8日');
  expect((await room.say('赖知远', '/排班 公布 5月'))[0]!.card.lines[0]).toMatch(/^\d+班，明早7:30发给\d+家受援单位转告群众$/);
  await room.to('2024-04-09 01:00');
  expect((await last('赖知远', '/改班 4月17日 全部 台风 改到 4月23日'))[0]).toBe('今早7:30通知医师和双方单位');
  expect((await room.to('2024-04-09 07:30')).filter(m => m.code === 'substitute.done').length).toBeGreaterThan(1);
  await room.to('2024-04-12 22:00');
  expect((await last('赖知远', '/改班 4月23日 全部 台风 改到 4月25日'))[0]).toBe('4月15日 周一 7:30通知医师和双方单位');
  expect((await room.say('罗玉成', '/请假 4月19日 家中有事 改到 4月26日')).map(m => m.card.lines.join())[0]).toContain(
    '4月15日 周一 7:30请',
  );
});

test('每月下旬 is asked which day, and one tap plans every month of it', async () => {
  room = await chat();
  const { read } = room.open.store();
  const person = await room.person('钟心怡');
  const on = async () => (await read.all('visits', { person, state: 'on' })).map(v => v.day);
  const before = await on();
  // The last Friday of April is taken.
  expect(before).toContain('2024-04-26');
  const [asked] = await room.say('赖静姝', '排班 钟心怡 每月下旬 上午');
  expect([asked!.code, asked!.card.title, asked!.card.lines]).toEqual([
    'schedule.which-day',
    '钟心怡每月下旬的哪一天？【演示数据】',
    ['点一个，以后各月都排好', '已有班次在先的没有列出', '别的日子这样发：/排班 钟心怡 每月24日'],
  ]);
  expect(asked!.card.buttons!.map(b => b.label)).toEqual(['最后一个周一', '最后一个周二', '最后一个周三', '最后一个周四', '25日']);
  expect(await on()).toEqual(before);
  const [planned] = await room.press('赖静姝', '最后一个周三');
  expect(planned!.code).toBe('schedule.planned');
  expect((await on()).filter(d => !before.includes(d)).sort()).toEqual([
    '2024-04-24',
    '2024-05-29',
    '2024-06-26',
    '2024-07-31',
    '2024-08-28',
    '2024-09-25',
    '2024-10-30',
    '2024-11-27',
    '2024-12-25',
  ]);
  // What is in the way is not offered; of one month, only that month.
  const [again] = await room.say('赖静姝', '排班 钟心怡 每月下旬 上午 5月');
  expect([again!.card.title, again!.card.lines[0], again!.card.lines[1]]).toEqual([
    '钟心怡2024年5月下旬的哪一天？【演示数据】',
    '点一个就排好',
    '已有班次在先的没有列出',
  ]);
  expect(again!.card.buttons!.map(b => b.label)).not.toContain('最后一个周三');
  await room.press('赖静姝', '最后一个周五');
  expect((await on()).filter(d => d.startsWith('2024-05')).sort()).toEqual(
    ['2024-05-29', '2024-05-31'].concat(before.filter(d => d.startsWith('2024-05'))).sort(),
  );
});

test('of the other thirds, and of a weekday in one, what is not said is asked as well', async () => {
  room = await chat();
  const labels = async (text: string) => (await room.say('赖静姝', text))[0]!.card.buttons!.map(b => b.label).join(' ');
  expect(await labels('排班 钟心怡 每月上旬')).toBe('第一个周一 第一个周二 第一个周三 第一个周四 第一个周五 5日');
  expect(await labels('排班 钟心怡 每月中旬 上门送医')).toBe('第一个周一 第一个周二 第一个周三 第一个周四 第一个周五 15日');
  expect((await room.press('赖静姝', '第一个周二'))[0]!.card.lines[0]).toContain('4月16日 周二');
  expect(await labels('排班 钟心怡 每月下旬周三')).toBe('第一个周三 最后一个周三');
  expect((await room.press('赖静姝', '第一个周三'))[0]!.card.lines[0]).toContain('4月24日 周三');
  // Who may not plan for somebody is offered nothing.
  expect((await room.say('丘佩兰', '排班 丘一鸣 每月下旬'))[0]!.code).toBe('schedule.not-yours');
});
