/** A programme without leave and monthly report, and with a year's and an August's targets: counted for whoever sees all of it, at the day and past it. */
import { afterEach, expect, test } from 'vitest';
import { readBook, readDocument } from '../harness/book.ts';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room.close());
const lines = async (who: string, what: string) => (await room.say(who, what)).at(-1)!.card.lines;
const targets = async (who: string, what: string) => (await lines(who, what)).filter(l => l.startsWith('年度目标'));

test('a day’s work counts toward the targets when the clinic has said that it was done, and not before', async () => {
  room = await chat({ programme: 'youxi-2023' });
  const before = '年度目标（只算已核实）8月31日前：医师 16/17，诊疗 779/900，另4项已达到；12月31日前：人次 105/187';
  expect(await targets('席慕青', '统计 今年')).toEqual([before]);
  expect(
    await room.play(`
    闻景行> 签到
    闻景行> 填报 诊疗120 讲座1场 其余0
    闻景行> 请假 8月24日 家里有事
    `),
  ).toMatchInlineSnapshot(`
    "闻景行> 签到
    机器人→闻景行> 已签到 水东社区【演示数据】
          | 8月21日 周一 08:00 坐诊
          | 今天没有排班，按临时下乡登记
          | 等受援单位核实
          [算作8月24日 周四的班次]
    闻景行> 填报 诊疗120 讲座1场 其余0
    机器人→闻景行> 已填报 水东社区 8月21日 周一【演示数据】
          | 诊疗120 讲座1 培训0 特殊0 上门0 查房0 讨论0
          | 等受援单位核实
    闻景行> 请假 8月24日 家里有事
    机器人→闻景行> 这个方案没有规定请假【演示数据】
          | 有事请直接联系支援单位和卫健局"
  `);
  expect(await targets('席慕青', '统计 今年')).toEqual([before]);
  expect(
    await room.play(`
    鲍知夏> 核实 在岗
    席慕青> 统计 今年
    席慕青> 统计
    娄清源> 月报
    `),
  ).toMatchInlineSnapshot(`
    "鲍知夏> 核实 在岗
    机器人→鲍知夏> 已核实 闻景行 在岗【演示数据】
          | 水东社区 8月21日 周一
          | 工作量 诊疗120 讲座1 培训0 特殊0 上门0 查房0 讨论0
    席慕青> 统计 今年
    机器人→席慕青> 尤溪县 2023年【演示数据】
          | 人次 已核实 106，待核实 1（已签到 0）
          | 计划人次 到今天 106，全期 112
          | 覆盖 17/17 家
          | 工作量 诊疗899 讲座53 培训152 特殊108 上门53 查房126 讨论100
          | 年度目标（只算已核实）8月31日前：诊疗 899/900，另5项已达到；12月31日前：人次 106/187
          | 表：单位 已核实 待核实 计划到今天 全期计划（17行）
    席慕青> 统计
    机器人→席慕青> 尤溪县 2023年8月【演示数据】
          | 人次 已核实 10，待核实 1（已签到 0）
          | 计划人次 到今天 10，全期 16
          | 覆盖 10/17 家
          | 完成每月1天 10/17 人
          | 工作量 诊疗192 讲座7 培训17 特殊11 上门4 查房11 讨论8
          | 没有班次 1 家：八字桥卫生院
          | 表：单位 已核实 待核实 计划到今天 全期计划（17行）
    娄清源> 月报
    机器人→娄清源> 这个方案没有月报【演示数据】
          | 《2023年度深化整治边远地区和特殊人群“看病难”问题，建立巡诊机制服务群众工作实施方案》没有写月报"
  `);
  // Over all of it: the county, its general hospital, the city above. Not a hospital, a clinic, a physician.
  const now = '年度目标（只算已核实）8月31日前：诊疗 899/900，另5项已达到；12月31日前：人次 106/187';
  for (const who of ['娄清源', '路子昂', '狄望舒']) expect(await targets(who, '统计 今年'), who).toEqual([now]);
  for (const who of ['耿文昭', '戚承安', '鲍知夏', '闻景行']) expect(await targets(who, '统计 今年'), who).toEqual([]);
  expect(await targets('席慕青', '统计 今年 水东社区')).toEqual([]);
  expect(await targets('狄望舒', '统计 今年 尤溪县')).toEqual([now]);
  expect((await room.say('席慕青', '年度目标到多少了'))[0]!.card.buttons!.map(b => b.command)).toEqual(['/统计 2023年']);
  // A month by itself is no part of a year, and a quarter says since when it counts.
  expect(await targets('席慕青', '统计 8月')).toEqual([]);
  expect(await targets('席慕青', '统计 第三季度')).toEqual([now.replace('只算', '2023年1月起，只算')]);
  expect(await targets('席慕青', '统计 第二季度')).toEqual([]);
  // In a group of one clinic the chief is shown that clinic.
  expect((await room.say('娄清源', '/统计 今年', '水东')).flatMap(m => m.card.lines).some(l => l.startsWith('年度目标'))).toBe(false);
});

test('what is done after the day is not of it, and the year’s goes on; in January the old year shows both', async () => {
  room = await chat({ programme: 'youxi-2023', at: '2023-08-31 09:00' });
  await room.play(`
    闻景行> 签到
    闻景行> 填报 诊疗120 其余0
    鲍知夏> 核实 在岗
  `);
  expect(await targets('席慕青', '统计 今年')).toEqual([
    '年度目标（只算已核实）8月31日前：诊疗 899/900，另5项已达到；12月31日前：人次 106/187',
  ]);
  await room.to('2023-09-01 09:00');
  await room.play(`
    闻景行> 签到
    闻景行> 填报 诊疗120 其余0
    鲍知夏> 核实 在岗
  `);
  expect(await targets('席慕青', '统计 今年')).toEqual([
    '年度目标（只算已核实）8月31日止：诊疗 899/900，另5项已达到；12月31日前：人次 107/187',
  ]);
  // August's that is verified now is August's.
  expect((await room.say('鲍知夏', '核实 8月24日 在岗'))[0]!.card.title).toContain('已核实');
  await room.play(`
    闻景行> 填报 8月24日 诊疗1 其余0
    鲍知夏> 核实 8月24日 在岗
  `);
  expect(await targets('席慕青', '统计 9月-12月')).toEqual([
    '年度目标（2023年1月起，只算已核实）8月31日止：6项都已达到；12月31日前：人次 108/187',
  ]);
  await room.to('2024-01-02 09:00');
  expect(await targets('席慕青', '统计 去年')).toEqual([
    expect.stringMatching(/^年度目标（只算已核实）2023年8月31日止：.*；2023年12月31日止：人次 10\d\/187$/),
  ]);
});

test('the year’s report says it against each number, of the county’s only', async () => {
  room = await chat({ programme: 'youxi-2023', at: '2023-12-15 09:00' });
  const written = async (who: string, what: string) => {
    const said = (await room.say(who, what)).at(-1)!;
    return readDocument((await room.open.sandbox.file(said.card.file!.id))!.bytes);
  };
  const county = await written('娄清源', '总结');
  expect(county).toContain('尤溪县2023年度');
  expect(/对照年度目标.*?。/.exec(county)?.[0]).toMatchInlineSnapshot(
    `"对照年度目标（只算已核实的）：8月31日前，医师16人（目标17人，差1人），讲座52场次（目标10场次，已达到），培训152人次（目标100人次，已达到），诊疗779人次（目标900人次，差121人次），特殊108人次（目标95人次，已达到），上门53人次（目标10人次，已达到）；12月31日前，下基层105人次（目标187人次，还差82人次）。"`,
  );
  for (const head of ['三级医院对口帮扶情况', '总医院优质医疗资源下沉情况']) expect(county).toContain(head);
  expect(await written('鲍知夏', '总结')).not.toContain('年度目标');
  expect(await written('戚承安', '总结')).not.toContain('年度目标');
  const sheet = (await room.say('娄清源', '导出 工作情况表 今年')).at(-1)!;
  expect(sheet.card.lines.join()).toContain('没有印发表样');
  const [book] = readBook((await room.open.sandbox.file(sheet.card.file!.id))!.bytes);
  expect(book!.rows.filter(r => typeof r[0] === 'number')).toHaveLength(17);
});

test('without a monthly report nothing closes before the month ends: a day planned after the 20th is enough', async () => {
  room = await chat({ programme: 'youxi-2023', at: '2023-09-18 09:00' });
  await room.say('路子昂', '/排班 谷雨桐 9月28日');
  await room.to('2023-09-20 20:00');
  const said = room.messages('路子昂').filter(m => m.code === 'coverage.last' || m.text.includes('可能没有人次'));
  expect(said.map(m => m.text).join('\n')).toMatch(/2023年9月到月底可能没有人次/);
  expect(said.map(m => m.text).join('\n')).not.toContain('谷雨桐');
});

test('in January 年度 is the year that is over, and help names what that programme has', async () => {
  room = await chat({ programme: 'youxi-2023', at: '2023-12-29 09:00' });
  await room.to('2024-01-02 10:00');
  expect((await room.say('席慕青', '统计 年度'))[0]!.card.title).toBe('尤溪县 2023年【演示数据】');
  expect((await room.say('席慕青', '统计 今年'))[0]!.card.title).toBe('2024年没有方案【演示数据】');
  for (const who of ['席慕青', '娄清源', '鲍知夏']) {
    const help = (await room.say(who, '帮助'))[0]!.text;
    for (const none of ['月报 ', '催报', '请假 ', '备案', '受益', '宣传', '经费']) expect(help, who).not.toContain(none);
  }
});

test('nobody is offered a leave that the programme does not have, and each reminder says whence it is', async () => {
  room = await chat({ programme: 'youxi-2023' });
  await room.to('2023-08-21 18:00');
  const asked = room.messages('骆青川').find(m => m.code === 'presence.ask-physician');
  expect(asked!.card.buttons!.map(b => b.label)).toEqual(['签到']);
  for (const [who, code] of [
    ['戚承安', 'presence.open'],
    ['娄清源', 'presence.open-day'],
  ] as const)
    expect(
      room
        .messages(who)
        .find(m => m.code === code)!
        .card.lines.at(-1),
    ).toBe('时间：系统默认');
});

test('the units’ reports go to the bureau by the 18th; the bureau’s own to the city by the 20th', async () => {
  room = await chat({ programme: 'youxi-2023', at: '2023-12-15 09:00' });
  expect((await room.say('鲍知夏', '总结')).at(-1)!.card.lines).toEqual(
    expect.arrayContaining([
      '12月18日前报送',
      '依据 尤卫函〔2023〕41号 三（三）：支援医院和受援单位总结年度工作，12月18日前报县卫健局医政股',
    ]),
  );
  expect((await room.say('娄清源', '总结')).at(-1)!.card.lines).toEqual(
    expect.arrayContaining(['12月20日前报送', '依据 尤卫函〔2023〕41号 三（三）：卫健局复核，形成年度报告报市卫健委']),
  );
});

test('the bureau’s report is found by 年度 and by its whole name', async () => {
  room = await chat({ programme: 'youxi-2023', at: '2023-12-15 09:00' });
  for (const said of ['总结 年度', '总结 全县年度', '年度总结', '总结 2023年', '总结 全县年度 2023年', '总结 年度报告']) {
    const m = (await room.say('娄清源', said)).at(-1)!;
    expect([m.code, m.card.title], said).toEqual(['summary.drafted', '全县年度总结草稿【演示数据】']);
  }
  const which = (await room.say('娄清源', '总结 阶段'))[0]!;
  expect((await room.say('娄清源', which.card.buttons![0]!.command)).at(-1)!.code).toBe('summary.drafted');
});

test('what the document does not have is neither set nor checked', async () => {
  room = await chat({ programme: 'youxi-2023' });
  const set = (await room.say('娄清源', '设置'))[0]!.card.table!.rows.map(r => r[0]);
  for (const none of ['补假天数', '请假审批', '审批催办', '月报起止', '月报提醒时间', '开锁天数', '工作室填法'])
    expect(set).not.toContain(none);
  for (const some of ['补签天数', '核实时间', '缺口提醒日', '到岗距离']) expect(set).toContain(some);
  expect((await room.say('娄清源', '体检'))[0]!.card.table!.columns).toEqual(['单位', '核实、排班变动', '到岗']);
});
