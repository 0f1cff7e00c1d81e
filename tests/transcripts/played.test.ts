/** What a random player came upon in months of daily use: each the shortest way to it. */
import { afterEach, expect, test } from 'vitest';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room.close());

const visitsOf = async (name: string, day: string) =>
  room.open.store().read.all('visits', { person: await room.person(name), day: day as never });
const states = async (name: string, day: string) => (await visitsOf(name, day)).map(v => `${v.state}${v.presence ? ` ${v.presence}` : ''}`);

/** Number of somebody's last leave. */
const leaveOf = async (name: string): Promise<string> =>
  (await room.open.store().read.first('leaves', { person: await room.person(name) }, { by: 'at', descending: true }))!.id;

/** The evening before, 张志恒 asks leave of 9 April: its number. */
const asksLeaveOfTomorrow = async (): Promise<string> => {
  room = await chat({ at: '2024-04-08 18:00' });
  await room.say('张志恒', '/请假 4月9日 孩子高烧 改到 4月23日');
  return leaveOf('张志恒');
};

test('a make-up day that is named more than a month after the leave is planned like any other', async () => {
  room = await chat();
  await room.say('张志恒', '/请假 4月9日 孩子高烧');
  const number = await leaveOf('张志恒');
  await room.say('赖知远', `/批准 ${number}`);
  await room.to('2024-05-13 09:00');
  const [settled] = await room.say('张志恒', `/请假 ${number} 改到 5月20日`);
  expect(settled!.code).toBe('leave.make-up');
  expect(await states('张志恒', '2024-05-20')).toEqual(['on']);
  expect(await states('张志恒', '2024-04-09')).toEqual(['moved']);
});

test('who was reported as not there and is granted the leave of that day stands under no report any more', async () => {
  const number = await asksLeaveOfTomorrow();
  await room.to('2024-04-09 17:05');
  await room.say('李若水', '/核实 张志恒 没到');
  expect(
    await room.play(`
    赖知远> /批准 ${number}
    赖知远> /待办
    丘书瑶> /在岗 4月9日 张志恒
  `),
  ).toMatchInlineSnapshot(`
    "赖知远> /批准 2
    机器人→赖知远> 已准假：张志恒 4月9日 周二【演示数据】
          | 洪山卫生院 4月9日 周二 → 4月23日 周二
          | 事后补批
          | 先前反映的未到作废
          | 还请区医院、洪山卫生院补上同意
          | 报市：未报
          | 市转报省：未报
          | 已过4月8日 周一，补报并注明
          | 系统不对外报送，请打印请假条上报后登记
          | 依据 永卫〔2024〕13号 七（三）：至少提前1天逐级报省备案
          | 文件：请假条-张志恒-2024-04-09.docx
          [今天已报市]
    机器人→赖知远> 更正：张志恒4月9日 周二已准假【演示数据】
          | 洪山卫生院
          | 先前反映的未到作废
    机器人→张志恒> 已准假：4月9日 周二【演示数据】
          | 洪山卫生院 4月9日 周二 → 4月23日 周二
          | 提前回来发 /销假
          | 文件：请假条-张志恒-2024-04-09.docx
    机器人→张志恒> 更正：您4月9日 周二已准假【演示数据】
          | 洪山卫生院
          | 先前反映的未到作废
    机器人→李若水> 请告知群众：张志恒医师停诊【演示数据】
          | 洪山卫生院通知：4月9日 周二张志恒医师（内科）停诊，改到4月23日 周二
          | 可直接转发
          | 依据 永卫〔2024〕13号 七（三）：受援单位提前告知群众计划变更
          [已告知群众]
    机器人→邱思源> 张志恒已准假：4月9日 周二【演示数据】
          | 洪山卫生院 4月9日 周二 → 4月23日 周二
    机器人→邱思源> 更正：张志恒4月9日 周二已准假【演示数据】
          | 洪山卫生院
          | 先前反映的未到作废
    赖知远> /待办
    机器人→赖知远> 有1件事【演示数据】
          | 备案 张志恒 4月9日 周二：报市
          [备案]
    丘书瑶> /在岗 4月9日 张志恒
    机器人→丘书瑶> 张志恒 4月9日 周二 在岗情况【演示数据】
          | 张志恒 洪山卫生院：已准假，补班4月23日 周二
          | 依据 永卫〔2024〕13号 七（三）：按安排到岗"
  `);
  expect(await room.open.store().read.count('cases', { state: 'open' })).toBe(0);
});

test('已改期 by the clinic: not beyond the programme, not over a check-in without asking', async () => {
  room = await chat({ at: '2024-04-09 09:00' });
  const [visit] = await visitsOf('张志恒', '2024-04-09');
  expect(
    await room.play(`
    李若水> /核实 ${visit!.id} 已改期 2025年1月8日
    张志恒> /签到
    李若水> /核实 ${visit!.id} 已改期 4月24日
    李若水> [更正为已改期]
    李若水> /撤销
    李若水> /核实 全部 在岗
    李若水> /核实 ${visit!.id} 已改期 4月23日
    李若水> [更正为已改期]
    丘书瑶> /在岗 4月9日 张志恒
  `),
  ).toMatchInlineSnapshot(`
    "李若水> /核实 0-239 已改期 2025年1月8日
    机器人→李若水> 2025年1月8日 周三不在方案期内，没有改【演示数据】
          | 方案期2024年1月1日至2024年12月31日，请写这之间的日子
    张志恒> /签到
    机器人→张志恒> 已签到 洪山卫生院【演示数据】
          | 4月9日 周二 09:00 坐诊
          | 等受援单位核实
    李若水> /核实 0-239 已改期 4月24日
    机器人→李若水> 张志恒4月9日 周二签到过，没有改【演示数据】
          | 4月9日 周二 09:00签到
          | 确实已改期的，点一下更正
          [更正为已改期]
    李若水> [更正为已改期]
    机器人→李若水> 张志恒改到4月24日 周三【演示数据】
          | 洪山卫生院，原4月9日 周二
          | 由受援单位登记
    机器人→张志恒> 张志恒改到4月24日 周三【演示数据】
          | 洪山卫生院，原4月9日 周二
          | 由受援单位登记
    机器人@区医院派驻医师群> 张志恒改到4月24日 周三【演示数据】
          | 洪山卫生院，原4月9日 周二
          | 由受援单位登记
    李若水> /撤销
    机器人→李若水> 已收回 09:00 的 /核实【演示数据】
          | 收回的是“张志恒改到4月24日 周三”
          | 已告知先前收到消息的各方
    机器人→张志恒> 已收回：张志恒改到4月24日 周三【演示数据】
          | 李若水撤销了这次核实，仍按原来的
          | 洪山卫生院，原4月9日 周二
          | 由受援单位登记
    机器人@区医院派驻医师群> 已收回：张志恒改到4月24日 周三【演示数据】
          | 李若水撤销了这次核实，仍按原来的
          | 洪山卫生院，原4月9日 周二
          | 由受援单位登记
    李若水> /核实 全部 在岗
    机器人→李若水> 已核实 张志恒 在岗【演示数据】
          | 洪山卫生院 4月9日 周二
    李若水> /核实 0-239 已改期 4月23日
    机器人→李若水> 张志恒4月9日 周二已核实在岗，没有改【演示数据】
          | 4月9日 周二 09:00核实
          | 确实已改期的，点一下更正
          [更正为已改期]
    李若水> [更正为已改期]
    机器人→李若水> 张志恒改到4月23日 周二【演示数据】
          | 洪山卫生院，原4月9日 周二
          | 由受援单位登记
    机器人→张志恒> 张志恒改到4月23日 周二【演示数据】
          | 洪山卫生院，原4月9日 周二
          | 由受援单位登记
    机器人@区医院派驻医师群> 张志恒改到4月23日 周二【演示数据】
          | 洪山卫生院，原4月9日 周二
          | 由受援单位登记
    丘书瑶> /在岗 4月9日 张志恒
    机器人→丘书瑶> 张志恒 4月9日 周二 在岗情况【演示数据】
          | 张志恒 洪山卫生院：已改期，改到4月23日 周二
          | 依据 永卫〔2024〕13号 七（三）：按安排到岗"
  `);
  const [moved] = await visitsOf('张志恒', '2024-04-23');
  expect(moved).toMatchObject({ state: 'on', presence: null, verifiedBy: null, verifiedAt: null, verifiedAs: null, checkedIn: null });
});

test('已改期 by the clinic settles the leave that was asked from the visit, like any other move', async () => {
  const number = await asksLeaveOfTomorrow();
  await room.to('2024-04-09 17:05');
  const [visit] = await visitsOf('张志恒', '2024-04-09');
  expect(await room.play(`李若水> /核实 ${visit!.id} 已改期 4月25日`)).toMatchInlineSnapshot(`
    "李若水> /核实 0-239 已改期 4月25日
    机器人→李若水> 张志恒改到4月25日 周四【演示数据】
          | 洪山卫生院，原4月9日 周二
          | 由受援单位登记
    机器人→张志恒> 编号2的请假不用再批【演示数据】
          | 班次已另改或换人
          | 发 /排班 看现在的
    机器人→张志恒> 张志恒改到4月25日 周四【演示数据】
          | 洪山卫生院，原4月9日 周二
          | 由受援单位登记
    机器人@区医院派驻医师群> 张志恒改到4月25日 周四【演示数据】
          | 洪山卫生院，原4月9日 周二
          | 由受援单位登记"
  `);
  expect((await room.open.store().read.get('leaves', number))!.state).toBe('moot');
});

test('a move beyond the programme is told how far it goes', async () => {
  room = await chat();
  const [answer] = await room.say('李若水', '/改班 4月9日 停电 改到 2025年1月6日');
  expect([answer!.code, answer!.card.lines]).toEqual(['schedule.outside', ['方案期2024年1月1日至2024年12月31日，请写这之间的日子']]);
});

test('a move is agreed to only while the visit can move, and to a day that is ahead', async () => {
  room = await chat();
  const [visit] = await visitsOf('张志恒', '2024-04-09');
  expect(
    await room.play(`
    李若水> /改班 4月9日 停电 改到 4月11日
    -- 2024-04-09 17:05 李若水 --
    李若水> /核实 ${visit!.id} 没到
    邱思源> /改班 同意 2
    李若水> /撤销
    -- 2024-04-12 09:00 邱思源 --
    邱思源> /改班 同意 2
  `),
  ).toMatchInlineSnapshot(`
    "李若水> /改班 4月9日 停电 改到 4月11日
    机器人→李若水> 已请区医院答复【演示数据】
          | 张志恒 洪山卫生院 4月9日 周二 → 4月11日 周四
          | 对方同意后才改，原班次先不变
    机器人@区医院派驻医师群> 请答复：改期【演示数据】
          | 张志恒 洪山卫生院 4月9日 周二 → 4月11日 周四
          | 原因：停电
          | 洪山卫生院提出
          [同意] [不同意]
    -- 2024-04-09 17:05 李若水 --
    机器人→李若水> 4月9日 周二 张志恒来洪山卫生院【演示数据】
          | 坐诊
          | 提醒时间：系统默认
    机器人→李若水> 今天张志恒医师到了吗？【演示数据】
          | 坐诊
          | 询问时间：系统默认
          [到了] [在路上] [已改期] [没到]
    机器人→李若水> 今天谁来了？【演示数据】
          | 张志恒 坐诊
          | 依据 永卫〔2024〕13号 五（二）4：受援单位指定专人报送
          [在岗] [没到] [已改期]
    李若水> /核实 0-239 没到
    机器人→李若水> 已上报 张志恒 未到【演示数据】
          | 洪山卫生院 4月9日 周二
          | 已告知支援单位、总医院和卫健局，待核实
          | 已提出改到4月11日 周四，对方还没答复
          | 误点了发 /撤销
    机器人→赖知远> 受援单位反映未到，待核实：张志恒【演示数据】
          | 洪山卫生院 4月9日 周二
          | 没有签到记录
          | 已提出改到4月11日 周四，对方还没答复
          | 依据 永卫〔2024〕13号 五（二）4：未按要求到位应及时上报
    机器人→张志恒> 洪山卫生院反映您4月9日 周二未到【演示数据】
          | 这只是反映，尚未认定
          | 已提出改到4月11日 周四，对方还没答复
          | 您到了或另有安排，请联系受援单位更正
          | 有情况请在4月11日 周四前发：/说明 22 情况
    机器人→邱思源> 受援单位反映未到，待核实：张志恒【演示数据】
          | 洪山卫生院 4月9日 周二
          | 没有签到记录
          | 已提出改到4月11日 周四，对方还没答复
          | 依据 永卫〔2024〕13号 五（二）4：未按要求到位应及时上报
          | 有情况请在4月11日 周四前发：/说明 22 情况
    邱思源> /改班 同意 2
    机器人→邱思源> 张志恒4月9日 周二这一班已签到、填报或核实，没有改【演示数据】
          | 更正发：/核实 0-239 已改期，或 没到
    李若水> /撤销
    机器人→李若水> 已收回 17:05 的 /核实【演示数据】
          | 收回的是“已上报 张志恒 未到”
          | 已告知支援单位、总医院、卫健局和本人
    机器人→赖知远> 更正：张志恒4月9日 周二未到的反映已收回【演示数据】
          | 洪山卫生院
          | 先前反映的未到作废
    机器人→张志恒> 更正：您4月9日 周二未到的反映已收回【演示数据】
          | 洪山卫生院
          | 先前反映的未到作废
    机器人→邱思源> 更正：张志恒4月9日 周二未到的反映已收回【演示数据】
          | 洪山卫生院
          | 先前反映的未到作废
    -- 2024-04-12 09:00 邱思源 --
    机器人→邱思源> 上午尚无到岗记录 2 人【演示数据】
          | 张晓岚（湖雷卫生院）、蓝松年（高陂卫生院）
          | 已问过受援单位，还没有答复
          | 依据 永卫〔2024〕13号 五（二）4：未按要求到位应及时上报
    机器人→邱思源> 上午尚无到岗记录 1 人【演示数据】
          | 廖行健（西溪卫生院）
          | 已问过受援单位，还没有答复
          | 依据 永卫〔2024〕13号 五（二）4：未按要求到位应及时上报
    邱思源> /改班 同意 2
    机器人→邱思源> 4月11日 周四已经过了，没有改【演示数据】
          | 另约日子：/改班 4月9日 张志恒 原因 改到 日期"
  `);
  expect(await states('张志恒', '2024-04-09')).toEqual(['on']);
});

test('a leave is not granted over a check-in before the clinic has said what holds', async () => {
  room = await chat({ at: '2024-04-09 08:10' });
  await room.say('张志恒', '/签到');
  await room.say('张志恒', '/请假 今天 孩子高烧 改到 4月23日');
  const number = await leaveOf('张志恒');
  const [visit] = await visitsOf('张志恒', '2024-04-09');
  expect(await room.play(`赖知远> /批准 ${number}`)).toMatchInlineSnapshot(`
    "赖知远> /批准 3
    机器人→赖知远> 张志恒4月9日 周二08:10签到过，还没有批【演示数据】
          | 来没来先请受援单位核实：/核实 0-239 在岗，或 没到
          | 来过又走的，请本人撤回后只请那半天：/销假 3"
  `);
  // The clinic's word settles it, either way.
  expect((await room.say('李若水', `/核实 ${visit!.id} 在岗`))[0]!.code).toBe('verify.done');
  expect((await room.say('赖知远', `/批准 ${number}`))[0]!.code).toBe('leave.was-there');
  await room.say('李若水', '/撤销');
  expect((await room.say('李若水', `/核实 ${visit!.id} 没到`))[0]!.code).toBe('verify.not-there');
  expect((await room.say('赖知远', `/批准 ${number}`)).map(m => m.code)).toContain('leave.approved');
  expect(await states('张志恒', '2024-04-09')).toEqual(['moved']);
});

test('a day of which figures were reported is not moved, passed on or cancelled from under them', async () => {
  room = await chat({ at: '2024-04-09 17:10' });
  await room.say('李若水', '/填报 张志恒 诊疗6 其余0');
  const [visit] = await visitsOf('张志恒', '2024-04-09');
  expect(
    await room.play(`
    赖知远> /改班 4月9日 张志恒 停电 改到 4月23日
    赖知远> /换人 张志恒 张晓岚 4月9日
    李若水> /核实 ${visit!.id} 已改期 4月23日
  `),
  ).toMatchInlineSnapshot(`
    "赖知远> /改班 4月9日 张志恒 停电 改到 4月23日
    机器人→赖知远> 张志恒这一班已签到、填报或核实，不能改【演示数据】
          | 更正发：/核实 0-239 已改期，或 没到
    赖知远> /换人 张志恒 张晓岚 4月9日
    机器人→赖知远> 张志恒4月9日 周二没有可替的班次【演示数据】
          | 已签到、填报或核实的不能替
    李若水> /核实 0-239 已改期 4月23日
    机器人→李若水> 张志恒4月9日 周二填过工作量，没有改【演示数据】
          | 确实已改期的，点一下更正
          [更正为已改期]"
  `);
  expect(await states('张志恒', '2024-04-09')).toEqual(['on']);
});

test('the day that makes up for a published one is not cancelled, though its own month is not public yet', async () => {
  room = await chat();
  await room.say('吴沐阳', '/请假 4月17日 有事 改到 5月15日');
  for (const who of ['赖静姝', '黄怀瑾', '赖知远']) await room.press(who, '同意');
  await room.say('赖静姝', '/排班 吴沐阳 5月22日');
  expect(
    await room.play(`
    赖静姝> /排班 取消 吴沐阳 5月15日
    吴沐阳> /排班 取消 5月15日
    赖静姝> /排班 取消 吴沐阳 5月
    赖静姝> [取消这1班]
  `),
  ).toMatchInlineSnapshot(`
    "赖静姝> /排班 取消 吴沐阳 5月15日
    机器人→赖静姝> 5月15日 周三上午是公布过的班改来的，不能取消，只能改期【演示数据】
          | 单位原因：/改班 5月15日 吴沐阳 停电 改到 日期
          | 医师本人原因请其本人发 /请假
    吴沐阳> /排班 取消 5月15日
    机器人→吴沐阳> 5月15日 周三上午是公布过的班改来的，不能取消，只能改期【演示数据】
          | 您本人原因：/请假 5月15日 事由 改到 日期
          | 单位原因请单位发 /改班
    赖静姝> /排班 取消 吴沐阳 5月
    机器人→赖静姝> 取消吴沐阳这1班？【演示数据】
          | 城郊卫生院
          | 5月22日
          | 公布过的班改来的不取消，只能改期：5月15日上午、15日下午
          | 还没有取消，点一下才办
          [取消这1班]
    赖静姝> [取消这1班]
    机器人→赖静姝> 已取消 吴沐阳 5月22日 周三【演示数据】
          | 城郊卫生院
          | 取消错了发 /撤销"
  `);
  expect(await states('吴沐阳', '2024-05-15')).toEqual(['on', 'on']);
});

test('a day reported as not there reads so in the physician’s own month, also where he had checked in', async () => {
  room = await chat({ at: '2024-04-09 08:10' });
  await room.say('张志恒', '/签到');
  expect((await room.say('张志恒', '我的'))[0]!.card.lines).toContain('4月9日 周二 洪山卫生院 坐诊 已签到');
  await room.say('李若水', '/核实 张志恒 没到');
  expect((await room.say('张志恒', '我的'))[0]!.card.lines).toContain('4月9日 周二 洪山卫生院 坐诊 反映未到');
});

test('an unplanned visit that counts as a planned one is told to who expects that one, and its open leave is settled', async () => {
  room = await chat({ at: '2024-04-15 09:00' });
  await room.say('钟心怡', '/请假 4月26日 有事 改到 5月10日');
  await room.say('钟心怡', '/签到');
  expect(await room.play('钟心怡> [算作4月26日]')).toMatchInlineSnapshot(`
    "钟心怡> [算作4月26日]
    机器人→钟心怡> 今天算作4月26日 周五的班次【演示数据】
          | 龙潭卫生院，4月15日 周一到岗
          | 4月26日 周五不用再去
          | 已告知双方单位
    机器人→钟心怡> 编号2的请假不用再批【演示数据】
          | 班次已另改或换人
          | 发 /排班 看现在的
    机器人→赖静姝> 钟心怡4月26日 周五的班改为今天【演示数据】
          | 龙潭卫生院，4月15日 周一到岗，算作那一班
          | 4月26日 周五不再来
    机器人→李楚楚> 钟心怡4月26日 周五的班改为今天【演示数据】
          | 龙潭卫生院，4月15日 周一到岗，算作那一班
          | 4月26日 周五不再来
          | 请转告群众"
  `);
  expect((await room.open.store().read.get('leaves', await leaveOf('钟心怡')))!.state).toBe('moot');
  expect(await states('钟心怡', '2024-04-26')).toEqual(['moved']);
  // Taken back, all of it is as it was.
  expect((await room.say('钟心怡', '/撤销'))[0]!.code).toBe('undo.done');
  expect((await room.open.store().read.get('leaves', await leaveOf('钟心怡')))!.state).toBe('open');
  expect(await states('钟心怡', '2024-04-26')).toEqual(['on']);
});

test('a late check-in of a day on leave is asked about, and one of a day reported as not there says so', async () => {
  room = await chat({ at: '2024-04-09 08:10' });
  await room.say('张志恒', '/请假 今天 孩子高烧 改到 4月23日');
  await room.say('赖知远', `/批准 ${await leaveOf('张志恒')}`);
  await room.say('苏木香', '/核实 丘一鸣 没到');
  await room.to('2024-04-10 09:00');
  expect(
    await room.play(`
    张志恒> /补签 昨天 下午 忘了签到
    张志恒> [去了，按临时下乡补签]
    丘一鸣> /补签 昨天 忘了签到
  `),
  ).toMatchInlineSnapshot(`
    "张志恒> /补签 昨天 下午 忘了签到
    机器人→张志恒> 4月9日 周二已准假，还没有补签【演示数据】
          | 请假编号2
          | 那天确实去了的，点一下
          [去了，按临时下乡补签]
    张志恒> [去了，按临时下乡补签]
    机器人→张志恒> 已补签 洪山卫生院【演示数据】
          | 4月9日 周二 下午坐诊，标为补签
          | 那天没有排班，按临时下乡登记
          | 等受援单位核实
    丘一鸣> /补签 昨天 忘了签到
    机器人→丘一鸣> 已补签 陈东卫生院【演示数据】
          | 4月9日 周二 坐诊，标为补签
          | 受援单位先前反映未到，请联系其更正"
  `);
});

test('/撤销 does not take a visit from under what somebody else has done on it', async () => {
  room = await chat({ at: '2024-04-15 09:00' });
  // The clinic enters an unplanned visit, the physician its figures.
  await room.say('李若水', '/签到 张志恒');
  expect((await room.say('张志恒', '/填报 诊疗6 其余0'))[0]!.code).toBe('figures.filed');
  expect(await room.play('李若水> /撤销')).toMatchInlineSnapshot(`
    "李若水> /撤销
    机器人→李若水> 别人已在这之后办了别的，不能收回【演示数据】
          | 请按现在的情况重新办"
  `);
  expect(await states('张志恒', '2024-04-15')).toEqual(['on']);
  // A day is planned, and leave is asked from it.
  await room.say('邱思源', '/排班 张志恒 4月29日');
  await room.say('张志恒', '/请假 4月29日 有事 改到 4月30日');
  expect((await room.say('邱思源', '/撤销'))[0]!.code).toBe('undo.built-on');
  expect(await states('张志恒', '2024-04-29')).toEqual(['on']);
});

test('/撤销 that arrives late takes back what was done before it was said', async () => {
  room = await chat({ at: '2024-04-15 09:00' });
  await room.say('赖静姝', '/排班 钟心怡 5月6日');
  await room.to('2024-04-15 09:08');
  await room.say('赖静姝', '/排班 钟心怡 5月7日');
  const receivedAt = room.open.sandbox.now();
  const id = room.id('赖静姝');
  await room.open.assembled().bot.receive({
    platform: 'sandbox',
    app: 'stage',
    eventId: 'late',
    conversation: { id: `direct:${id}`, kind: 'direct', name: '赖静姝' },
    account: id,
    accountName: '赖静姝',
    sentAt: receivedAt - 5 * 60_000,
    receivedAt,
    content: { kind: 'text', text: '/撤销' },
  });
  expect(await states('钟心怡', '2024-05-07')).toEqual(['on']);
  expect(await states('钟心怡', '2024-05-06')).toEqual([]);
});

test('a refused emergency leave opens no case of a day that is ahead, and no second one of a day', async () => {
  const number = await asksLeaveOfTomorrow();
  expect(await room.play(`赖知远> /驳回 ${number} 人手不够`)).toMatchInlineSnapshot(`
    "赖知远> /驳回 2 人手不够
    机器人→赖知远> 已答复不同意：张志恒 4月9日 周二【演示数据】
          | 理由只告诉本人
          | 原班次不变
    机器人→张志恒> 请假没有批准：4月9日 周二【演示数据】
          | 区卫健局 赖知远：人手不够
          | 原班次不变
          | 依据 永卫〔2024〕13号 七（三）：须书面请假，写明原因和调整后的支援时间
    机器人→李若水> 张志恒 4月9日 周二没有准假【演示数据】
          | 原班次不变
    机器人→邱思源> 张志恒 4月9日 周二没有准假【演示数据】
          | 原班次不变"
  `);
  const cases = () => room.open.store().read.count('cases', {});
  expect(await cases()).toBe(0);
  await room.to('2024-04-09 17:05');
  await room.say('苏木香', '/核实 丘一鸣 没到');
  await room.say('丘一鸣', '/请假 今天 孩子高烧 改到 4月23日');
  expect(await room.play(`赖知远> /驳回 ${await leaveOf('丘一鸣')} 人手不够`)).toMatchInlineSnapshot(`
    "赖知远> /驳回 15 人手不够
    机器人→赖知远> 已答复不同意：丘一鸣 4月9日 周二【演示数据】
          | 理由只告诉本人
          | 到岗情况转为待认定，先听双方说明
    机器人→丘一鸣> 请假没有批准：4月9日 周二【演示数据】
          | 区卫健局 赖知远：人手不够
          | 到岗情况待认定，先听双方说明
          | 4月11日 周四前可发：/说明 14 情况
          | 依据 永卫〔2024〕13号 七（三）：须书面请假，写明原因和调整后的支援时间
    机器人→苏木香> 丘一鸣 4月9日 周二没有准假【演示数据】
          | 到岗情况待认定，先听双方说明
    机器人→邱思源> 丘一鸣 4月9日 周二没有准假【演示数据】
          | 到岗情况待认定，先听双方说明
          | 4月11日 周四前可发：/说明 14 情况"
  `);
  expect(await cases()).toBe(1);
});
