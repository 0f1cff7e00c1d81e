/** Visits that are planned, moved and cancelled: who hears of it, and what is refused or asked instead. */
import { afterEach, expect, test } from 'vitest';
import type { Message } from '../../src/bot/stage.ts';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room?.close());
const lines = (messages: readonly Message[], code: string) =>
  messages.filter(m => m.code === code).map(m => `${m.conversation.name}：${[m.card.title, ...m.card.lines].join('｜')}`);

test('what is planned into a published month is told, whichever month the days begin in', async () => {
  room = await chat();
  await room.say('池景天', '/排班 谢卓群 5月15日');
  await room.say('赖知远', '/排班 公布 5月');
  const days = (told: readonly Message[]) => lines(told, 'visit.added').filter(l => l.startsWith('谢卓群'));
  expect(days(await room.say('池景天', '/排班 谢卓群 4月29日-5月3日'))[0]).toContain('5月1日 周三 坐诊｜等共5班');
  const [pattern] = days(await room.say('池景天', '/排班 谢卓群 每月6日'));
  expect(pattern).toContain('5月6日 周一');
  // Days may be typed in any order, and what is in the way in the earlier month is seen.
  expect((await room.say('池景天', '/排班 谢卓群 5月20日 4月30日'))[0]!.code).toBe('schedule.clash');
});

test('a visit that is moved to where it is stays; a rest day is said; villagers are told of what was public only', async () => {
  room = await chat();
  const stays = await room.say('赖知远', '/改班 4月10日 张晓岚 停电 改到 4月10日');
  expect(stays.map(m => `${m.code} ${m.card.title}`)).toEqual(['move.same-day 这一班就在4月10日 周三，没有改【演示数据】']);
  const rest = await room.say('赖知远', '/改班 4月10日 张晓岚 停电 改到 4月13日');
  expect(lines(rest, 'move.done')[0]).toContain('注意：4月13日 周六是休息日');
  expect(lines(rest, 'visit.moved').every(l => l.includes('注意：4月13日 周六是休息日'))).toBe(true);
  expect(lines(rest, 'visit.moved').filter(l => l.includes('请转告群众'))).toHaveLength(1);
  await room.say('池景天', '/排班 谢卓群 5月15日');
  const draft = await room.say('池景天', '/改班 5月15日 谢卓群 停电 改到 5月16日');
  expect(lines(draft, 'move.done')).toHaveLength(1);
  expect(lines(draft, 'visit.moved').length).toBeGreaterThan(1);
  expect(lines(draft, 'visit.moved').some(l => l.includes('请转告群众'))).toBe(false);
  // Into a public month villagers are to know as well.
  expect(lines(await room.say('池景天', '/改班 5月16日 谢卓群 停电 改到 4月24日'), 'visit.moved').join()).toContain('请转告群众');
});

test('a whole day does not go into half a day: it is asked, and what is agreed to is what is done', async () => {
  room = await chat();
  const asked = await room.say('黄怀瑾', '/改班 4月17日 吴沐阳 停电 改到 4月25日 上午');
  expect(asked.map(m => m.code)).toEqual(['move.half']);
  expect(asked[0]!.card.buttons!.map(b => b.label)).toEqual(['整天改过去', '只改上午的', '只改下午的']);
  const half = await room.press('黄怀瑾', '只改下午的');
  expect(lines(half, 'move.asked')).toEqual([expect.stringContaining('吴沐阳 城郊卫生院 4月17日 周三下午 → 4月25日 周四上午')]);
  const done = await room.press('赖静姝', '同意');
  expect(lines(done, 'move.agreed')[0]).toContain('4月17日 周三下午 → 4月25日 周四上午');
  expect(lines(done, 'visit.moved')[0]).toContain('吴沐阳改到4月25日 周四上午');
  const month = (await room.say('吴沐阳', '/排班'))[0]!.card.lines.join('｜');
  expect(month).toContain('4月17日 周三上午 吴沐阳');
  expect(month).toContain('4月25日 周四上午 吴沐阳');
  expect(month).not.toContain('4月17日 周三下午 吴沐阳');
});

test('the half day that was typed is not lost while the reason is asked', async () => {
  room = await chat();
  expect((await room.say('池景天', '/改班 4月17日 谢卓群 改到 4月25日 下午'))[0]!.code).toBe('move.reason');
  expect(lines(await room.say('池景天', '停电'), 'move.asked')[0]).toContain('→ 4月25日 周四下午');
});

test('在岗 refuses what is not the asker’s to see instead of calling it nothing', async () => {
  room = await chat({ at: '2024-04-17 08:00' });
  for (const [who, asked, title] of [
    ['池景天', '/在岗 4月17日 城郊卫生院', '看不到城郊卫生院'],
    ['池景天', '/在岗 4月17日 吴沐阳', '看不到吴沐阳'],
    ['谢卓群', '/在岗 4月17日 吴沐阳', '看不到吴沐阳'],
    ['谢卓群', '/在岗 4月17日 城郊卫生院', '看不到城郊卫生院'],
    ['赖静姝', '/在岗 4月17日 谢卓群', '看不到谢卓群'],
  ] as const) {
    const answer = await room.say(who, asked);
    expect(
      answer.map(m => `${m.code} ${m.card.title}`),
      `${who} ${asked}`,
    ).toEqual([`presence.not-yours ${title}【演示数据】`]);
  }
  const shown = async (who: string, asked: string, where?: string) =>
    (await room.say(who, asked, where)).map(m => `${m.conversation.kind} ${m.code} ${m.card.title.replace('【演示数据】', '')}`);
  expect(await shown('池景天', '/在岗 4月16日 谢卓群')).toEqual(['direct presence.none 谢卓群 4月16日 周二没有下乡安排']);
  expect(await shown('谢卓群', '/在岗 4月16日 古竹卫生院')).toEqual(['direct presence.none 谢卓群 古竹卫生院 4月16日 周二没有下乡安排']);
  expect(await shown('赖静姝', '/在岗 4月16日 城郊卫生院')).toEqual(['direct presence.none 区中医院 城郊卫生院 4月16日 周二没有下乡安排']);
  expect(await shown('赖静姝', '/在岗 4月17日 城郊卫生院')).toEqual(['direct presence.shown 区中医院 城郊卫生院 4月17日 周三 在岗情况']);
  expect(await shown('赖知远', '/在岗 4月17日 城郊卫生院')).toEqual(['direct presence.shown 城郊卫生院 4月17日 周三 在岗情况']);
  // In a clinic's group another clinic is answered in direct chat.
  expect(await shown('赖知远', '/在岗 4月17日 城郊卫生院', '古竹')).toEqual([
    'group presence.shown 已私聊发您',
    'direct presence.shown 城郊卫生院 4月17日 周三 在岗情况',
  ]);
  expect((await shown('赖知远', '/在岗 4月17日 吴沐阳', '古竹')).at(-1)).toBe('direct presence.shown 吴沐阳 4月17日 周三 在岗情况');
});

test('a planned visit is cancelled by name and day as freely as it was planned; once public it is moved', async () => {
  room = await chat();
  const said = async (who: string, text: string) =>
    (await room.say(who, text)).map(m => `${m.conversation.name} ${m.code} ${m.card.title.replace('【演示数据】', '')}`);
  const there = async () => (await room.say('吴沐阳', '/排班 5月'))[0]!.card.lines[0];
  await room.say('赖静姝', '/排班 吴沐阳 5月15日 上午');
  await room.say('赖静姝', '/排班 吴沐阳 5月15日 下午 上门送医');
  await room.say('赖静姝', '/排班 吴沐阳 5月16日 5月17日');
  expect(await there()).toBe('4班，已核实0班');
  // By whoever may plan it, by a half, by several days; 撤销 puts it back.
  expect(await said('池景天', '/排班 取消 吴沐阳 5月15日')).toEqual(['池景天 schedule.not-yours 不能取消这一班']);
  expect(await said('黄怀瑾', '/排班 取消 吴沐阳 5月15日 下午')).toEqual(['黄怀瑾 schedule.cancelled 已取消 吴沐阳 5月15日 周三下午']);
  expect(await said('黄怀瑾', '/撤销')).toEqual(['黄怀瑾 undo.done 已收回 08:00 的 /排班']);
  expect(await said('赖静姝', '/排班 取消 吴沐阳 5月16日 上午')).toEqual([
    '赖静姝 schedule.whole-day 吴沐阳5月16日 周四是全天的一班，不能只取消半天',
  ]);
  expect(await said('吴沐阳', '/排班 取消 5月16日-5月17日')).toEqual(['吴沐阳 schedule.cancel-preview 取消吴沐阳这2班？']);
  expect((await room.press('吴沐阳', '取消这2班')).map(m => m.code)).toEqual(['schedule.cancelled']);
  expect(await said('赖静姝', '/排班 取消 吴沐阳 5月16日')).toEqual(['赖静姝 schedule.no-visit 吴沐阳5月16日 周四没有能取消的班']);
  expect(await there()).toBe('2班，已核实0班');
  // Nobody named: nothing is cancelled, it is asked.
  expect(await said('赖静姝', '/排班 取消 5月15日')).toEqual(['赖静姝 schedule.whose 取消谁的班？']);
  expect((await room.press('赖静姝', '吴沐阳')).map(m => m.card.title)).toEqual(['已取消 吴沐阳 2班【演示数据】']);
  expect((await room.say('赖静姝', '/排班 取消 吴沐阳'))[0]!.card.lines).toEqual(['例：/排班 取消 吴沐阳 5月15日']);
  const [past] = await room.say('赖静姝', '/排班 取消 吴沐阳 4月17日');
  expect(past!.code).toBe('schedule.published');
  expect(past!.card.title).toContain('2024年4月已公布，不能取消，只能改期');
  expect(past!.card.lines[0]).toBe('单位原因：/改班 4月17日 吴沐阳 停电 改到 日期');
  expect((await room.say('吴沐阳', '/排班 取消 4月17日'))[0]!.card.lines[0]).toBe('您本人原因：/请假 4月17日 事由 改到 日期');
  expect((await room.say('吴沐阳', '/帮助 排班'))[0]!.card.lines.join()).toContain('/排班 取消 姓名 日期');
});

test('visits are cancelled by a pattern, a range or a list: shown first, then just those by one tap', async () => {
  room = await chat();
  await room.say('赖静姝', '/排班 吴沐阳 5月 每周三');
  await room.say('赖静姝', '/排班 吴沐阳 6月 每周三');
  await room.say('赖静姝', '/排班 吴沐阳 5月16日 上午');
  const script = await room.play(`
    赖静姝> /排班 取消 吴沐阳 每周三
    赖静姝> /排班 取消 吴沐阳 5月 每周三
    赖静姝> [取消这5班]
    赖静姝> [取消这5班]
    赖静姝> /撤销
    赖静姝> /排班 取消 吴沐阳 每月第二个周三
    赖静姝> /排班 取消 吴沐阳 每月下旬
    赖静姝> /排班 取消 吴沐阳 4月17日-5月10日
    赖静姝> /排班 取消 吴沐阳 5月8日、5月16日
    赖静姝> [取消这2班]
    赖静姝> /排班 取消 吴沐阳 隔周三
    赖静姝> /排班 取消 吴沐阳 每周五
    池景天> /排班 取消 吴沐阳 每周三
    赖静姝> /排班 取消 吴沐阳 每周三 上午
    赖静姝> /排班 取消 吴沐阳 5月
    赖静姝> /排班 取消 每周三
  `);
  expect(script).toMatchInlineSnapshot(`
    "赖静姝> /排班 取消 吴沐阳 每周三
    机器人→赖静姝> 取消吴沐阳这9班？【演示数据】
          | 城郊卫生院
          | 5月1日、8日、15日、22日、29日；6月5日、12日、19日、26日
          | 2024年4月已公布，4月17日上午、17日下午不取消，只能改期
          | 还没有取消，点一下才办
          [取消这9班]
    赖静姝> /排班 取消 吴沐阳 5月 每周三
    机器人→赖静姝> 取消吴沐阳这5班？【演示数据】
          | 城郊卫生院
          | 5月1日、8日、15日、22日、29日
          | 还没有取消，点一下才办
          [取消这5班]
    赖静姝> [取消这5班]
    机器人→赖静姝> 已取消 吴沐阳 5班【演示数据】
          | 城郊卫生院
          | 5月1日、8日、15日、22日、29日
          | 取消错了发 /撤销
    赖静姝> [取消这5班]
    机器人→赖静姝> 吴沐阳5月1日 周三没有能取消的班【演示数据】
          | 看当月的：/排班 吴沐阳 2024年5月
    赖静姝> /撤销
    机器人→赖静姝> 已收回 08:00 的 /排班【演示数据】
          | 收回的是“已取消 吴沐阳 5班”
    赖静姝> /排班 取消 吴沐阳 每月第二个周三
    机器人→赖静姝> 取消吴沐阳这2班？【演示数据】
          | 城郊卫生院
          | 5月8日；6月12日
          | 还没有取消，点一下才办
          [取消这2班]
    赖静姝> /排班 取消 吴沐阳 每月下旬
    机器人→赖静姝> 取消吴沐阳这3班？【演示数据】
          | 城郊卫生院
          | 5月22日、29日；6月26日
          | 还没有取消，点一下才办
          [取消这3班]
    赖静姝> /排班 取消 吴沐阳 4月17日-5月10日
    机器人→赖静姝> 取消吴沐阳这2班？【演示数据】
          | 城郊卫生院
          | 5月1日、8日
          | 2024年4月已公布，4月17日上午、17日下午不取消，只能改期
          | 还没有取消，点一下才办
          [取消这2班]
    赖静姝> /排班 取消 吴沐阳 5月8日、5月16日
    机器人→赖静姝> 取消吴沐阳这2班？【演示数据】
          | 城郊卫生院
          | 5月8日、16日上午
          | 还没有取消，点一下才办
          [取消这2班]
    赖静姝> [取消这2班]
    机器人→赖静姝> 已取消 吴沐阳 2班【演示数据】
          | 城郊卫生院
          | 5月8日、16日上午
          | 取消错了发 /撤销
    赖静姝> /排班 取消 吴沐阳 隔周三
    机器人→赖静姝> 隔周从哪一周起？【演示数据】
          | 请写日期或第几周，例：/排班 取消 吴沐阳 每月第一、三个周三
    赖静姝> /排班 取消 吴沐阳 每周五
    机器人→赖静姝> 吴沐阳按这个规律没有能取消的班【演示数据】
          | 例：/排班 取消 张三 5月15日
    池景天> /排班 取消 吴沐阳 每周三
    机器人→池景天> 不能取消这一班【演示数据】
          | 只有本人、其支援单位、受援单位、总医院或卫健局可以
    赖静姝> /排班 取消 吴沐阳 每周三 上午
    机器人→赖静姝> 吴沐阳5月1日 周三是全天的一班，不能只取消半天【演示数据】
          | 不写上午下午，整天取消
    赖静姝> /排班 取消 吴沐阳 5月
    机器人→赖静姝> 取消吴沐阳这4班？【演示数据】
          | 城郊卫生院
          | 5月1日、15日、22日、29日
          | 还没有取消，点一下才办
          [取消这4班]
    赖静姝> /排班 取消 每周三
    机器人→赖静姝> 取消谁的班？【演示数据】
          | 吴沐阳 城郊卫生院 4月17日上午、17日下午；5月1日、15日、22日、29日；6月5日、12日、19日、26日
          [吴沐阳]"
  `);
});

test('a pattern that also meets days that are public, over or done says so and leaves them', async () => {
  room = await chat();
  await room.say('赖静姝', '/排班 吴沐阳 5月 每周三');
  await room.say('赖静姝', '/排班 公布 5月');
  await room.say('赖静姝', '/排班 吴沐阳 6月 每周三');
  const script = await room.play(`
    赖静姝> /排班 取消 吴沐阳 每周三
    吴沐阳> /排班 取消 5月 每周三
  `);
  expect(script).toMatchInlineSnapshot(`
    "赖静姝> /排班 取消 吴沐阳 每周三
    机器人→赖静姝> 取消吴沐阳这4班？【演示数据】
          | 城郊卫生院
          | 6月5日、12日、19日、26日
          | 2024年4月、2024年5月已公布，4月17日上午、17日下午；5月1日、8日、15日、22日、29日不取消，只能改期
          | 还没有取消，点一下才办
          [取消这4班]
    吴沐阳> /排班 取消 5月 每周三
    机器人→吴沐阳> 2024年5月已公布，不能取消，只能改期【演示数据】
          | 您本人原因：/请假 5月1日 事由 改到 日期
          | 单位原因请单位发 /改班"
  `);
});

test('a day that is over is not cancelled, published or not', async () => {
  room = await chat();
  await room.say('赖静姝', '/排班 吴沐阳 5月15日');
  await room.to('2024-05-16 08:00');
  expect((await room.say('赖静姝', '/排班 取消 吴沐阳 5月15日'))[0]!.card.title).toContain('已经过了，不能取消');
});
