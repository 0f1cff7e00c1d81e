/** The turn itself: what is heard and what is not, once only, refused in private, asked back, late, and gone wrong. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Inbound } from '../../src/bot/ports.ts';
import { at, day } from '../../src/core/day.ts';
import { type Chat, chat } from '../harness/chat.ts';
import { transcript, transcriptOn } from '../harness/everywhere.ts';

let room: Chat;
afterEach(() => room.close());

const inbound = (room: Chat, who: string, text: string, more: Partial<Inbound> = {}): Inbound => ({
  platform: 'sandbox',
  app: 'stage',
  eventId: `own-${Math.random()}`,
  conversation: { id: `direct:${room.id(who)}`, kind: 'direct', name: who },
  account: room.id(who),
  accountName: who,
  sentAt: at(day('2024-04-08'), '08:00'),
  receivedAt: at(day('2024-04-08'), '08:00'),
  content: { kind: 'text', text },
  ...more,
});

transcriptOn(['sandbox', 'feishu'], 'in a group only what is said to the bot is answered; in direct chat everything is', async open => {
  room = await open();
  expect(
    await room.play(`
    吴沐阳@工作群> 大家早上好
    吴沐阳@工作群> /etc/passwd 在哪
    吴沐阳@工作群> 上午/下午都行
    吴沐阳@工作群> https://example.org/签到
    吴沐阳@工作群> > /签到
    吴沐阳@工作群> /签倒
    吴沐阳@工作群> /天气
    吴沐阳@工作群> @下基层助手 帮助 签到
    吴沐阳> 你好
    吴沐阳> 签倒
    吴沐阳> /签到 $(/统计)
  `),
  ).toMatchInlineSnapshot(`
    "吴沐阳@工作群> 大家早上好
    吴沐阳@工作群> /etc/passwd 在哪
    吴沐阳@工作群> 上午/下午都行
    吴沐阳@工作群> https://example.org/签到
    吴沐阳@工作群> > /签到
    吴沐阳@工作群> /签倒
    机器人@永定区医师下基层工作群> 没有“签倒”【演示数据】
          | 您要的是不是：
          [/签到] [/签退]
    吴沐阳@工作群> /天气
    机器人@永定区医师下基层工作群> 没有“天气”这个命令【演示数据】
          | 发 /帮助 看能做什么
          [帮助]
    吴沐阳@工作群> @下基层助手 帮助 签到
    机器人@永定区医师下基层工作群> /签到 到了就签到【演示数据】
          | 用法：/签到 [单位] [备注]
          | 例：/签到
          | 例：/签到 青山卫生院 下午去村里
          | 也可说：打卡、报到、qd、qiandao、checkin、check-in
    吴沐阳> 你好
    机器人→吴沐阳> 您好，要办哪一件？【演示数据】
          | 我只认命令；发 帮助 看能做什么
          [/填报] [/排班] [/请假] [/待办] [/我的] [帮助]
    吴沐阳> 签倒
    机器人→吴沐阳> 没有“签倒”【演示数据】
          | 您要的是不是：
          [/签到] [/签退]
    吴沐阳> /签到 $(/统计)
    机器人→吴沐阳> 已签到 城郊卫生院【演示数据】
          | 4月8日 周一 08:00 坐诊
          | 今天没有排班，按临时下乡登记
          | 等受援单位核实
          [算作4月17日 周三的班次]"
  `);
});

test('the same event twice is one act and one answer', async () => {
  room = await chat();
  const first = await room.say('谢卓群', '/签到', '古竹');
  expect(first.map(m => m.code)).toEqual(['check-in.unplanned']);
  const again = await room.open.sandbox.say({
    conversation: 'g3',
    speaker: room.id('谢卓群'),
    eventId: 'x1',
    content: { kind: 'text', text: '/签退' },
  });
  const twice = await room.open.sandbox.say({
    conversation: 'g3',
    speaker: room.id('谢卓群'),
    eventId: 'x1',
    content: { kind: 'text', text: '/签退' },
  });
  expect([again, twice].map(r => 'duplicate' in r && r.duplicate)).toEqual([false, true]);
  expect(await room.open.store().read.count('checkIns', { person: await room.person('谢卓群') })).toBe(1);
});

transcript('a refusal for want of a role is said in private', async open => {
  room = await open();
  expect(
    await room.play(`
    吴沐阳@工作群> /核实
    吴沐阳@工作群> /体检
    丘暮雪> /统计
  `),
  ).toMatchInlineSnapshot(`
    "吴沐阳@工作群> /核实
    机器人→吴沐阳> 您不能用 /核实【演示数据】
          | 只限：支援单位管理员、受援单位专人、总医院管理员、卫健局工作人员、单位负责人
          | 发 帮助 看您能做什么
    吴沐阳@工作群> /体检
    机器人→吴沐阳> 您不能用 /体检【演示数据】
          | 只限：系统管理员、卫健局工作人员
          | 发 帮助 看您能做什么
    丘暮雪> /统计
    机器人→丘暮雪> 还不认识您【演示数据】
          | 请私聊我发：绑定 姓名 手机后四位"
  `);
});

describe('phones', () => {
  transcript('a complete phone in free text is not taken, and is nowhere at rest', async open => {
    room = await open();
    const phone = '13700137000';
    expect(
      await room.play(`
      谢卓群@古竹> /签到 有事打 137-0013 7000
      谢卓群> /补签 昨天 １３７００１３７０００
      赖知远@工作群> /导入\\n单位\\t姓名\\t角色\\t电话\\n城郊卫生院\\t黄某某\\t受援单位专人\\t${phone}
      赖知远> /导入 联络员\\n单位\\t姓名\\t角色\\t电话\\n城郊卫生院\\t黄某某\\t受援单位专人\\t${phone}
      赖知远> [确认导入]
    `),
    ).toMatchInlineSnapshot(`
      "谢卓群@古竹> /签到 有事打 137-0013 7000
      机器人@古竹卫生院工作群> 含手机号，没有收下【演示数据】
            | 请马上撤回这条消息
            | 去掉手机号再发一次
      谢卓群> /补签 昨天 １３７００１３７０００
      机器人→谢卓群> 含手机号，没有收下【演示数据】
            | 请马上撤回这条消息
            | 去掉手机号再发一次
      赖知远@工作群> /导入\\n单位\\t姓名\\t角色\\t电话\\n城郊卫生院\\t黄某某\\t受援单位专人\\t13700137000
      机器人@永定区医师下基层工作群> 含手机号，没有收下【演示数据】
            | 请马上撤回这条消息
            | 带手机号的表请私聊发我
      赖知远> /导入 联络员\\n单位\\t姓名\\t角色\\t电话\\n城郊卫生院\\t黄某某\\t受援单位专人\\t13700137000
      机器人→赖知远> 联络员 1 人，请核对【演示数据】
            | 1家单位
            | 表：单位 姓名 角色 手机（1行）
            [确认导入] [放弃]
      赖知远> [确认导入]
      机器人→赖知远> 已导入联络员 1 人【演示数据】
            | 请他们私聊我发：绑定 姓名 手机后四位"
    `);
    // How many stand on a page hangs on the messenger.
    expect((await room.say('赖知远', '/记录'))[0]!.card.title).toMatch(/^记录 \d+ 条，还有更早的/);
    await room.open.close();
    const { folder } = room;
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true }).filter(f => f.isFile());
    expect(files.length).toBeGreaterThan(2);
    for (const f of files) expect(readFileSync(join(f.parentPath, f.name)).includes(phone), f.name).toBe(false);
  });
});

transcript('what is missing is asked for and waited for ten minutes; 取消 ends it', async open => {
  room = await open();
  expect(
    await room.play(`
    邱思源> /改班 4月9日 张志恒 停电
    邱思源> 4月19日
    邱思源> /改班 4月9日 丘一鸣 停电
    邱思源> 取消
    邱思源> 4月19日
    邱思源> /改班 4月9日 丘一鸣 停电
    -- 2024-04-08 08:11 --
    邱思源> 改到 4月19日
  `),
  ).toMatchInlineSnapshot(`
    "邱思源> /改班 4月9日 张志恒 停电
    机器人→邱思源> 改到哪天？【演示数据】
          | 直接回复，如：4月19日 上午
          | 发 取消 不办
    邱思源> 4月19日
    机器人→邱思源> 已改：张志恒改到4月19日 周五【演示数据】
          | 张志恒 洪山卫生院 原4月9日 周二
          | 原因：停电
          | 已通知医师和双方单位
    机器人→张志恒> 张志恒改到4月19日 周五【演示数据】
          | 张志恒 洪山卫生院 原4月9日 周二
          | 原因：停电
    机器人→李若水> 张志恒改到4月19日 周五【演示数据】
          | 张志恒 洪山卫生院 原4月9日 周二
          | 原因：停电
          | 请转告群众
    机器人@区医院派驻医师群> 张志恒改到4月19日 周五【演示数据】
          | 张志恒 洪山卫生院 原4月9日 周二
          | 原因：停电
    邱思源> /改班 4月9日 丘一鸣 停电
    机器人→邱思源> 改到哪天？【演示数据】
          | 直接回复，如：4月19日 上午
          | 发 取消 不办
    邱思源> 取消
    机器人→邱思源> 好的，已取消【演示数据】
    邱思源> 4月19日
    机器人→邱思源> 您要看的是不是：【演示数据】
          [/在岗 4月19日]
    邱思源> /改班 4月9日 丘一鸣 停电
    机器人→邱思源> 改到哪天？【演示数据】
          | 直接回复，如：4月19日 上午
          | 发 取消 不办
    -- 2024-04-08 08:11 --
    邱思源> 改到 4月19日
    机器人→邱思源> 刚才问的已过 10 分钟，没有办【演示数据】
          | 还要办就点一下
          [/改班 4月9日 丘一鸣 停电 改到 4月19日]"
  `);
});

describe('time', () => {
  /** A check-in of 张志恒 that arrives on 9 April at 15:00. */
  const arrived = at(day('2024-04-09'), '15:00');
  test.each<[string, number, number]>([
    ['a minute before it arrived', arrived - 60_000, arrived - 60_000],
    ['as it arrived', arrived, arrived],
    ['a moment later, by a clock that is fast', arrived + 1, arrived],
    ['two days later', arrived + 2 * 86_400_000, arrived],
    ['just a day before', arrived - 86_400_000, arrived - 86_400_000],
    ['a moment more than a day before', arrived - 86_400_001, arrived - 86_400_000],
    ['years before', 0, arrived - 86_400_000],
  ])('sent %s', async (_name, sentAt, then) => {
    room = await chat();
    await room.to('2024-04-09 15:00');
    await room.open.assembled().bot.receive(inbound(room, '张志恒', '/签到', { sentAt, receivedAt: arrived, eventId: 'x' }));
    const { read } = room.open.store();
    const [made, ...none] = await read.all('checkIns', { person: await room.person('张志恒') });
    expect([made!.at, made!.day, none]).toEqual([then, new Date(then + 8 * 3_600_000).toISOString().slice(0, 10), []]);
    expect((await read.journal({ table: 'checkIns', row: made!.id }, 1))[0]!.sentAt).toBe(then);
  });

  test.each<[string, string, string, boolean]>([
    ['a clock that is days fast does not end a question that is open', '2024-04-08 08:05', '2024-04-11 08:05', true],
    ['what says it was sent two days ago answers nothing that was open then', '2024-04-10 08:05', '2024-04-08 08:05', false],
  ])('%s', async (_name, receives, sends, answers) => {
    const moment = (said: string) => Date.parse(`${said.replace(' ', 'T')}+08:00`);
    room = await chat();
    await room.say('赖知远', '/改班 4月9日 丘一鸣 停电 改到 4月16日');
    expect((await room.say('邱思源', '/改班 4月16日 丘一鸣 停水'))[0]!.code).toBe('move.to');
    await room.to(receives);
    const { code } = await room.open
      .assembled()
      .bot.receive(inbound(room, '邱思源', '4月19日', { sentAt: moment(sends), receivedAt: moment(receives), eventId: 'x' }));
    expect(code === 'move.done').toBe(answers);
  });

  test('an act has the time it was sent, not later than it arrived and at most a day back; what is late is told so', async () => {
    room = await chat();
    await room.to('2024-04-09 15:00');
    const { bot } = room.open.assembled();
    const now = at(day('2024-04-09'), '15:00');
    const codes: string[] = [];
    for (const [sentAt, eventId] of [
      [at(day('2024-04-09'), '08:05'), 'a'],
      [at(day('2024-04-09'), '18:00'), 'b'],
      [at(day('2024-04-01'), '08:00'), 'c'],
    ] as const) {
      codes.push((await bot.receive(inbound(room, '张志恒', '/我的', { sentAt, receivedAt: now, eventId }))).code);
    }
    const received = await bot.receive(
      inbound(room, '张志恒', '/签到', { sentAt: at(day('2024-04-09'), '08:05'), receivedAt: now, eventId: 'd' }),
    );
    expect(received.posts[0]!.card.lines).toMatchInlineSnapshot(`
      [
        "4月9日 周二 08:05 坐诊",
        "等受援单位核实",
        "延迟送达：按08:05发出时间办理",
      ]
    `);
    const visit = await room.open.store().read.first('checkIns', { day: day('2024-04-09') });
    expect(visit!.at).toBe(at(day('2024-04-09'), '08:05'));
    expect(visit!.delayed).toBe(true);
    const { posts } = await bot.receive(
      inbound(room, '丘一鸣', '/签到', { sentAt: at(day('2024-04-12'), '08:00'), receivedAt: now, eventId: 'e' }),
    );
    expect(posts[0]!.card.lines[0]).toContain('15:00');
    expect(codes).toEqual(['mine.shown', 'mine.shown', 'mine.shown']);
  });

  transcript('a question over midnight keeps the day of its first message', async open => {
    room = await open();
    await room.to('2024-04-09 23:58');
    expect(
      await room.play(`
      赖知远> /核实 张志恒 在岗 洪山卫生院
      -- 2024-04-10 00:03 --
      赖知远> 专人请假
    `),
    ).toMatchInlineSnapshot(`
      "赖知远> /核实 张志恒 在岗 洪山卫生院
      机器人→赖知远> 代核请写理由【演示数据】
            | 直接回复理由，如：专人请假
            | 发 取消 不办
      -- 2024-04-10 00:03 --
      赖知远> 专人请假
      机器人→赖知远> 已核实 张志恒 在岗【演示数据】
            | 洪山卫生院 4月9日 周二（代核）
            | 没签到的按受援单位登记"
    `);
  });
});

test('empty, long and binary texts get one short answer that helps', async () => {
  room = await chat();
  for (const [text, code] of [
    ['', 'help.hint'],
    ['   ', 'help.hint'],
    ['\u0000\u0001', 'help.hint'],
    ['x'.repeat(20_000), 'help.hint'],
    [`/签到 ${'长'.repeat(20_000)}`, 'args.too-long'],
    ['/'.repeat(500), 'help.hint'],
    ['/核实 99999999999999999999', 'permission.denied'],
    ['/统计 2月30日', 'args.no-such-day'],
  ] as const) {
    const { posts } = await room.open.assembled().bot.receive(inbound(room, '张志恒', text));
    expect(
      posts.map(p => p.card.code),
      text.slice(0, 20),
    ).toEqual([code]);
    expect(posts[0]!.card.title.length, text.slice(0, 20)).toBeLessThan(40);
  }
});

transcript('outside the programme what changes anything says so, and who can open the next', async open => {
  room = await open({ at: '2025-01-02 09:00' });
  expect(
    await room.play(`
    吴沐阳> /签到
    赖知远> /排班 吴沐阳 1月8日
    吴沐阳> 帮助 签到
  `),
  ).toMatchInlineSnapshot(`
    "吴沐阳> /签到
    机器人→吴沐阳> 方案已到期【演示数据】
          | 《永定区2024年度“医师下基层”对口支援》到2024年12月31日止
          | 开新方案请联系龙岩市永定区卫生健康局
    赖知远> /排班 吴沐阳 1月8日
    机器人→赖知远> 方案已到期【演示数据】
          | 《永定区2024年度“医师下基层”对口支援》到2024年12月31日止
          | 开新方案：在服务器上运行 npm run next-year -- yongding-2024，核对文号和日期，再重启
          | 单位、角色、绑定照旧；安排表重新导入，班次重新排
    吴沐阳> 帮助 签到
    机器人→吴沐阳> /签到 到了就签到【演示数据】
          | 用法：/签到 [单位] [备注]
          | 例：/签到
          | 例：/签到 青山卫生院 下午去村里
          | 也可说：打卡、报到、qd、qiandao、checkin、check-in"
  `);
});

test('the bot’s name is no part of what is said to it, in front or behind', async () => {
  room = await chat();
  const title = async (text: string) => (await room.say('赖知远', text, '工作群'))[0]?.card.title;
  const wanted = '您要看的是不是：【演示数据】';
  expect(await title('@下基层助手 古竹怎么样')).toBe(wanted);
  expect(await title('古竹怎么样 ＠下基层助手')).toBe(wanted);
  // Somebody else spoke to it.
  expect(await title('> @下基层助手 古竹怎么样\n古竹')).toBeUndefined();
});
