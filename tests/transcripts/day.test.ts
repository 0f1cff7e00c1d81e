/** A clinic's day: check-in, verification, late check-in, moves, substitution, statistics, and what the clock says. */
import { afterEach, expect } from 'vitest';
import type { Chat } from '../harness/chat.ts';
import { transcript, transcriptOn } from '../harness/everywhere.ts';

let room: Chat;
afterEach(() => room.close());

transcript('check-in: planned, twice, at the other half’s clinic, stood in for, by nobody else', async open => {
  room = await open();
  expect(
    await room.play(`
    江安然> /签到
    江安然×2> /签到 来早了
    江安然> 签退
    华向晚> /签到 金砂卫生院 上午
    华苏叶> /签到 丘念慈
    简当归> /签到 丘念慈
    邱思源> /签到 江安然 洪山卫生院
    丘书瑶> /签到
  `),
  ).toMatchInlineSnapshot(`
    "江安然> /签到
    机器人→江安然> 已签到 高头卫生院【演示数据】
          | 4月8日 周一 08:00 坐诊
          | 等受援单位核实
    江安然×2> /签到 来早了
    机器人→江安然> 已经签过到【演示数据】
          | 高头卫生院 4月8日 周一 08:00
    江安然> 签退
    机器人→江安然> 已签退【演示数据】
          | 4月8日 周一 08:00
          [填工作量]
    华向晚> /签到 金砂卫生院 上午
    机器人→华向晚> 本月没有派驻金砂卫生院【演示数据】
          | 人员安排有变，请联系支援单位更新安排表
          | 更新后再发 /签到
    华苏叶> /签到 丘念慈
    机器人→华苏叶> 不能替这位医师签到【演示数据】
          | 只有其支援单位或受援单位可以代签
    简当归> /签到 丘念慈
    机器人→简当归> 丘念慈：已签到 虎岗卫生院【演示数据】
          | 4月8日 周一 08:00 坐诊
          | 今天没有排班，按临时下乡登记
          | 代签，等受援单位核实
          | 有纸质签到单，可接着发照片附上；没有也行
          [算作4月18日 周四的班次]
    邱思源> /签到 江安然 洪山卫生院
    机器人→邱思源> 本月没有派驻洪山卫生院【演示数据】
          | 请支援单位先更新安排表：/导入
          | 或换人：/换人 旧医师 新医师
    丘书瑶> /签到
    机器人→丘书瑶> 您不能用 /签到【演示数据】
          | 只限：医师、支援单位管理员、受援单位专人
          | 发 帮助 看您能做什么"
  `);
});

transcriptOn(
  ['sandbox', 'feishu'],
  'a shared location is near or far only where the clinic has a place, and no coordinates are kept of anybody',
  async open => {
    room = await open();
    const at = (lat: number) => ({ kind: 'location' as const, lat, lng: 116.9, name: '这里' });
    await room.say('华苏叶', '/单位位置');
    await room.say('华苏叶', '', undefined, at(24.7));
    const [far] = await room.say('江安然', '', undefined, at(24.8));
    expect(far!.card.lines).toContain('位置不在单位附近，不影响登记');
    const { near } = (await room.open.store().read.first('checkIns', {}, { by: 'at', descending: true }))!;
    expect(near).toBe(false);
    const journal = await room.open.store().read.journal({}, 50);
    expect(journal.some(r => r.table !== 'orgs' && /24\.8/.test(`${r.after}`))).toBe(false);
  },
);

transcript('verification: one tap, a report of somebody not there, a stand-in with a reason, never one’s own', async open => {
  room = await open();
  expect(
    await room.play(`
    华苏叶> /核实
    华苏叶> [没到]
    江安然> /签到
    华苏叶> /撤销
    赖知远> /核实 江安然 在岗 高头卫生院
    赖知远> 专人请假
    华苏叶> /核实 4月9日
    华苏叶> /核实 99999 在岗
    华苏叶@工作群> /核实
    江安然> /核实
  `),
  ).toMatchInlineSnapshot(`
    "华苏叶> /核实
    机器人→华苏叶> 高头卫生院 4月8日 周一【演示数据】
          | 江安然 坐诊：没有签到记录
          [在岗] [没到] [已改期]
    华苏叶> [没到]
    机器人→华苏叶> 已上报 江安然 未到【演示数据】
          | 高头卫生院 4月8日 周一
          | 已告知支援单位、总医院和卫健局，待核实
          | 误点了发 /撤销
    机器人→赖知远> 受援单位反映未到，待核实：江安然【演示数据】
          | 高头卫生院 4月8日 周一
          | 没有签到记录
          | 依据 永卫〔2024〕13号 五（二）4：未按要求到位应及时上报
    机器人→江安然> 高头卫生院反映您4月8日 周一未到【演示数据】
          | 这只是反映，尚未认定
          | 您到了或另有安排，请联系受援单位更正
          | 有情况请在4月10日 周三前发：/说明 3 情况
    机器人→邱思源> 受援单位反映未到，待核实：江安然【演示数据】
          | 高头卫生院 4月8日 周一
          | 没有签到记录
          | 依据 永卫〔2024〕13号 五（二）4：未按要求到位应及时上报
          | 有情况请在4月10日 周三前发：/说明 3 情况
    江安然> /签到
    机器人→江安然> 已签到 高头卫生院【演示数据】
          | 4月8日 周一 08:00 坐诊
          | 等受援单位核实
    华苏叶> /撤销
    机器人→华苏叶> 别人已在这之后办了别的，不能收回【演示数据】
          | 请按现在的情况重新办
    赖知远> /核实 江安然 在岗 高头卫生院
    机器人→赖知远> 代核请写理由【演示数据】
          | 直接回复理由，如：专人请假
          | 发 取消 不办
    赖知远> 专人请假
    机器人→赖知远> 已核实 江安然 在岗【演示数据】
          | 高头卫生院 4月8日 周一（代核）
    华苏叶> /核实 4月9日
    机器人→华苏叶> 4月9日 周二还没到【演示数据】
          | 当天起才能核实
    华苏叶> /核实 99999 在岗
    机器人→华苏叶> 没有编号 99999 的班次【演示数据】
          | 发 /核实 看今天的
    华苏叶@工作群> /核实
    机器人@永定区医师下基层工作群> 已私聊发您【演示数据】
    机器人→华苏叶> 高头卫生院 4月8日 周一【演示数据】
          | 江安然 坐诊：已核实在岗（代核）
    江安然> /核实
    机器人→江安然> 您不能用 /核实【演示数据】
          | 只限：支援单位管理员、受援单位专人、总医院管理员、卫健局工作人员
          | 发 帮助 看您能做什么"
  `);
});

transcript('late check-in: within three days, not before, not after, marked', async open => {
  room = await open();
  await room.to('2024-04-12 09:00');
  expect(
    await room.play(`
    张志恒> 补签 4月9日 没有信号
    张志恒> 补签 4月8日 没有信号
    张志恒> 补签 今天 没有信号
    张志恒> 补签 明天 没有信号
    张志恒> 补签 昨天
    张志恒> 补签 2月30日 没有信号
  `),
  ).toMatchInlineSnapshot(`
    "张志恒> 补签 4月9日 没有信号
    机器人→张志恒> 已补签 洪山卫生院【演示数据】
          | 4月9日 周二 坐诊，标为补签
          | 等受援单位核实
    张志恒> 补签 4月8日 没有信号
    机器人→张志恒> 超过补签期限（3天）【演示数据】
          | 4月8日 周一已过4天；期限来自系统默认
          | 可请受援单位核实：/核实 日期
    张志恒> 补签 今天 没有信号
    机器人→张志恒> 今天直接签到就行【演示数据】
          | 发 /签到
    张志恒> 补签 明天 没有信号
    机器人→张志恒> 4月13日 周六还没到【演示数据】
          | 到那天再签到
    张志恒> 补签 昨天
    机器人→张志恒> 没看明白【演示数据】
          | 请写明事由，如 没有信号
          | 这样发：/补签 4月10日 没有信号
    张志恒> 补签 2月30日 没有信号
    机器人→张志恒> 没有2月30日这一天【演示数据】
          | 这样发：/补签 4月10日 没有信号"
  `);
});

transcript('schedule: shown, planned, in the way, on a rest day, public', async open => {
  room = await open();
  expect(
    await room.play(`
    张志恒> 排班
    丘佩兰> 排班 丘一鸣 4月12日
    赖静姝> 排班 钟心怡 5月12日 上午 上门送医
    赖静姝> 排班 钟心怡 5月12日
    赖静姝> 排班 钟心怡 5月20-22日
    赖静姝> 排班 钟心怡 4月1日
    赖静姝> 排班 钟心怡 每月下旬
    赖静姝> 排班 公布 5月
    赖静姝> 排班 取消 1
  `),
  ).toMatchInlineSnapshot(`
    "张志恒> 排班
    机器人→张志恒> 张志恒 2024年4月排班【演示数据】
          | 1班，已核实0班
          | 4月9日 周二 张志恒 洪山卫生院 坐诊
    丘佩兰> 排班 丘一鸣 4月12日
    机器人→丘佩兰> 不能给丘一鸣排班【演示数据】
          | 只有本人、其支援单位、受援单位、总医院或卫健局可以
    赖静姝> 排班 钟心怡 5月12日 上午 上门送医
    机器人→赖静姝> 已排 钟心怡 龙潭卫生院 1班【演示数据】
          | 5月12日 周日上午 上门送医
          | 注意：5月12日 周日上午是休息日
          | 排错了发 /撤销
    赖静姝> 排班 钟心怡 5月12日
    机器人→赖静姝> 同一半天已有班次，都没有排【演示数据】
          | 5月12日 周日上午 龙潭卫生院
          | 换个半天，或先 /改班
    赖静姝> 排班 钟心怡 5月20-22日
    机器人→赖静姝> 已排 钟心怡 龙潭卫生院 3班【演示数据】
          | 5月20日 周一、5月21日 周二、5月22日 周三 坐诊
          | 排错了发 /撤销
    赖静姝> 排班 钟心怡 4月1日
    机器人→赖静姝> 4月1日 周一已经过了【演示数据】
          | 去过的请用 /补签，或由受援单位 /核实
    赖静姝> 排班 钟心怡 每月下旬
    机器人→赖静姝> 这一旬的哪一天？【演示数据】
          | 例：/排班 钟心怡 每月25日
    赖静姝> 排班 公布 5月
    机器人→赖静姝> 已公布2024年5月排班【演示数据】
          | 4班，已发给1家受援单位转告群众
          | 以后改动要双方同意
    机器人→李楚楚> 2024年5月医师下乡安排（可转发群众）【演示数据】
          | 5月12日 周日上午 钟心怡 中医 上门送医
          | 5月20日 周一 钟心怡 中医 坐诊
          | 5月21日 周二 钟心怡 中医 坐诊
          | 5月22日 周三 钟心怡 中医 坐诊
          | 依据 永卫〔2024〕13号 七（四）：排班及时告知群众
    赖静姝> 排班 取消 1
    机器人→赖静姝> 请写明取消哪一班【演示数据】
          | 例：/排班 取消 57"
  `);
});

transcript('a public visit moves with the other side’s consent; the county moves a whole day alone', async open => {
  room = await open();
  expect(
    await room.play(`
    李若水> 改班 4月9日 张志恒 停电 改到 4月18日
    邱思源@派驻医师> [不同意]
    李若水> 改班 4月9日 张志恒 停电 改到 4月19日
    邱思源@派驻医师> [同意]
    邱思源@派驻医师> [同意]
    赖知远> 改班 4月10日 全部 台风 改到 4月20日
    张志恒> 改班 4月19日 有事 改到 4月22日
    赖静姝> 换人 钟心怡 吴沐阳 4月18日
    赖静姝> 换人 张志恒 吴沐阳 4月19日
  `),
  ).toMatchInlineSnapshot(`
    "李若水> 改班 4月9日 张志恒 停电 改到 4月18日
    机器人→李若水> 已请区医院答复【演示数据】
          | 张志恒 洪山卫生院 4月9日 周二 → 4月18日 周四
          | 对方同意后才改，原班次先不变
    机器人@区医院派驻医师群> 请答复：改期【演示数据】
          | 张志恒 洪山卫生院 4月9日 周二 → 4月18日 周四
          | 原因：停电
          | 洪山卫生院提出
          [同意] [不同意]
    邱思源@派驻医师> [不同意]
    机器人@区医院派驻医师群> 已答复不同意【演示数据】
          | 张志恒 洪山卫生院 4月9日 周二 → 4月18日 周四
          | 原班次不变
    机器人→李若水> 改期没有同意【演示数据】
          | 张志恒 洪山卫生院 4月9日 周二 → 4月18日 周四
          | 原班次不变
    李若水> 改班 4月9日 张志恒 停电 改到 4月19日
    机器人→李若水> 已请区医院答复【演示数据】
          | 张志恒 洪山卫生院 4月9日 周二 → 4月19日 周五
          | 对方同意后才改，原班次先不变
    机器人@区医院派驻医师群> 请答复：改期【演示数据】
          | 张志恒 洪山卫生院 4月9日 周二 → 4月19日 周五
          | 原因：停电
          | 洪山卫生院提出
          [同意] [不同意]
    邱思源@派驻医师> [同意]
    机器人@区医院派驻医师群> 已同意改期【演示数据】
          | 张志恒 洪山卫生院 4月9日 周二 → 4月19日 周五
          | 已通知医师和双方单位
    机器人@区医院派驻医师群> 张志恒改到4月19日 周五【演示数据】
          | 张志恒 洪山卫生院 原4月9日 周二
          | 原因：停电
    机器人→张志恒> 张志恒改到4月19日 周五【演示数据】
          | 张志恒 洪山卫生院 原4月9日 周二
          | 原因：停电
    机器人→李若水> 张志恒改到4月19日 周五【演示数据】
          | 张志恒 洪山卫生院 原4月9日 周二
          | 原因：停电
          | 请转告群众
    邱思源@派驻医师> [同意]
    机器人@区医院派驻医师群> 这件事已经有结果【演示数据】
          | 张志恒 4月9日 周二 已改期
    赖知远> 改班 4月10日 全部 台风 改到 4月20日
    机器人→赖知远> 已改：3班改到4月20日 周六【演示数据】
          | 张晓岚 湖雷卫生院 原4月10日 周三
          | 蓝松年 高陂卫生院 原4月10日 周三上午
          | 蓝松年 高陂卫生院 原4月10日 周三下午
          | 原因：台风
          | 已通知医师和双方单位
    机器人→张晓岚> 张晓岚改到4月20日 周六【演示数据】
          | 张晓岚 湖雷卫生院 原4月10日 周三
          | 原因：台风
    机器人→蓝松年> 2班改到4月20日 周六【演示数据】
          | 蓝松年 高陂卫生院 原4月10日 周三上午
          | 蓝松年 高陂卫生院 原4月10日 周三下午
          | 原因：台风
    机器人→沈白芷> 张晓岚改到4月20日 周六【演示数据】
          | 张晓岚 湖雷卫生院 原4月10日 周三
          | 原因：台风
          | 请转告群众
    机器人→苏茯苓> 2班改到4月20日 周六【演示数据】
          | 蓝松年 高陂卫生院 原4月10日 周三上午
          | 蓝松年 高陂卫生院 原4月10日 周三下午
          | 原因：台风
          | 请转告群众
    机器人@区医院派驻医师群> 3班改到4月20日 周六【演示数据】
          | 张晓岚 湖雷卫生院 原4月10日 周三
          | 蓝松年 高陂卫生院 原4月10日 周三上午
          | 蓝松年 高陂卫生院 原4月10日 周三下午
          | 原因：台风
    张志恒> 改班 4月19日 有事 改到 4月22日
    机器人→张志恒> 您不能用 /改班【演示数据】
          | 只限：支援单位管理员、受援单位专人、总医院管理员、卫健局工作人员
          | 发 帮助 看您能做什么
    赖静姝> 换人 钟心怡 吴沐阳 4月18日
    机器人→赖静姝> 钟心怡4月18日 周四没有可替的班次【演示数据】
          | 已签到或核实的不能替
    赖静姝> 换人 张志恒 吴沐阳 4月19日
    机器人→赖静姝> 不能换张志恒【演示数据】
          | 由其支援单位、总医院或卫健局换人"
  `);
});

transcript('statistics: each sees the own subtree; verified and waiting apart; totals are sums of their rows', async open => {
  room = await open();
  await room.say('谢卓群', '/签到');
  await room.say('池景天', '/核实 谢卓群 在岗');
  await room.say('江安然', '/签到');
  expect(
    await room.play(`
    江安然> 统计
    池景天> 统计 第一季度
    邱思源> 统计 区医院
    池景天> 统计 城郊卫生院
    丘书瑶@古竹> /统计
    丘书瑶@工作群> /统计 今年
    简明川> 统计
  `),
  ).toMatchInlineSnapshot(`
    "江安然> 统计
    机器人→江安然> 江安然 2024年4月【演示数据】
          | 人次 已核实 0，待核实 1
          | 计划人次 到今天 1，全期 1
          | 完成每月1天 0/1 人
          | 半天上门送医 0/1 人
    池景天> 统计 第一季度
    机器人→池景天> 古竹卫生院 2024年第一季度【演示数据】
          | 人次 已核实 3，待核实 0
          | 计划人次 到今天 3，全期 3
    邱思源> 统计 区医院
    机器人→邱思源> 区医院 2024年4月【演示数据】
          | 人次 已核实 0，待核实 1
          | 计划人次 到今天 1，全期 14
          | 完成每月1天 0/15 人
          | 半天上门送医 0/15 人
          | 表：单位 已核实 待核实 计划到今天 全期计划（14行）
    池景天> 统计 城郊卫生院
    机器人→池景天> 看不到城郊卫生院【演示数据】
          | 只能看本单位和下级的
    丘书瑶@古竹> /统计
    机器人@古竹卫生院工作群> 古竹卫生院 2024年4月【演示数据】
          | 人次 已核实 1，待核实 0
          | 计划人次 到今天 0，全期 1
          | 完成每月1天 0/0 人（另1人按卫生院安排）
    丘书瑶@工作群> /统计 今年
    机器人@永定区医师下基层工作群> 已私聊发您【演示数据】
    机器人→丘书瑶> 永定区 2024年【演示数据】
          | 人次 已核实 73，待核实 1
          | 计划人次 到今天 73，全期 95
          | 覆盖 24/24 家
          | 表：单位 已核实 待核实 计划到今天 全期计划（24行）
    简明川> 统计
    机器人→简明川> 龙岩市 2024年4月【演示数据】
          | 人次 已核实 1，待核实 1
          | 计划人次 到今天 1，全期 23
          | 月报 应报 24，已报 0，按时 0"
  `);
  const card = room.messages('丘书瑶').findLast(m => m.code === 'statistics.shown')!.card;
  const sum = (column: number) => card.table!.rows.reduce((n, r) => n + Number(r[column]), 0);
  const [, verified, waiting] = /已核实 (\d+).*?待核实 (\d+)/.exec(card.lines[0]!)!.map(Number);
  const planned = /到今天 (\d+)，全期 (\d+)/.exec(card.lines[1]!)!.slice(1).map(Number);
  expect([sum(1), sum(2), sum(3), sum(4)]).toEqual([verified, waiting, ...planned]);
  expect(card.table!.rows).toHaveLength(24);
});

transcript('the clock: mid-month gaps, the week ahead before a holiday, at most four unasked a day, and quiet nights', async open => {
  room = await open();
  const messages = await room.to('2024-05-06 12:00');
  expect(messages.length).toBeGreaterThan(50);
  const byDay = new Map<string, number>();
  for (const m of messages) {
    const clock = m.at.slice(11, 16);
    expect(clock >= '07:30' && clock < '21:00', `${m.at} ${m.card.title}`).toBe(true);
    const key = `${m.at.slice(0, 10)} ${m.conversation.id}`;
    byDay.set(key, (byDay.get(key) ?? 0) + 1);
  }
  for (const [key, n] of byDay) expect(n, key).toBeLessThanOrEqual(key.includes('direct') ? 4 : 3);
  // The May holiday begins on a Wednesday: nothing unasked is said on it.
  expect(messages.filter(m => /^2024-05-0[1-5]/.test(m.at))).toEqual([]);
  // What is due at the same moment may stand in one message.
  const kinds = (code: string, title = '') =>
    messages
      .filter(m => m.code === code || (title !== '' && m.card.lines.some(l => l.includes(title))))
      .map(m => `${m.at.slice(5, 16)} ${m.conversation.name}`)
      .sort();
  expect(kinds('coverage.gap')).toMatchInlineSnapshot(`
    [
      "04-15T09:00 赖知远",
      "04-15T09:00 赖静姝",
    ]
  `);
  expect(kinds('coverage.last', '截止前可能没有人次')).toMatchInlineSnapshot(`
    [
      "04-19T09:00 赖知远",
      "04-19T09:00 赖静姝",
      "04-19T09:00 邱思源",
    ]
  `);
  expect(kinds('reporter.missing')).toMatchInlineSnapshot(`
    [
      "04-12T09:00 阮若谷",
      "04-19T09:00 阮若谷",
      "04-28T09:00 阮若谷",
      "04-30T09:00 阮若谷",
    ]
  `);
  for (const m of messages) expect(/依据|系统默认|本局设定/.test(m.text), m.card.title).toBe(true);
});
