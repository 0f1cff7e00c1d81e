/** A programme of every workday: cases that are settled, ranges that are verified, quarters that are asked for. */
import { afterEach, expect, test } from 'vitest';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room.close());

test('a case that was weighed is open nowhere: not in sums, not in the clinic’s list, not among a bulletin’s problems', async () => {
  room = await chat({ programme: 'shanxi-2024', at: '2026-01-05 17:30' });
  await room.play(`
    裴远帆> /核实 没到
    降雨霖> /说明 {号} 在乡下义诊
    穆春晖> /说明 {号} 情况属实
    裴远帆> /说明 {号} 上午没看见
  `);
  expect(await room.play('柳成荫> /统计 1月\n裴远帆> /核实 1月5日')).toMatchInlineSnapshot(`
    "柳成荫> /统计 1月
    机器人→柳成荫> 青川县 2026年1月【演示数据】
          | 人次 已核实 0，待核实 0
          | 计划人次 到今天 3，全期 3
          | 覆盖 0/2 家
          | 反映未到、待认定 1 件
          | 表：单位 已核实 待核实 计划到今天 全期计划（2行）
    裴远帆> /核实 1月5日
    机器人→裴远帆> 县中医院 1月5日 周一【演示数据】
          | 降雨霖 坐诊：受援单位反映未到，待核实"
  `);
  await room.play('柳成荫> /认定 {号} 有因 义诊属实');
  expect(
    await room.play(`
    柳成荫> /统计 1月
    柳成荫> /统计 2026年第一季度
    降雨霖> /统计 1月
    裴远帆> /核实 1月5日
  `),
  ).toMatchInlineSnapshot(`
    "柳成荫> /统计 1月
    机器人→柳成荫> 青川县 2026年1月【演示数据】
          | 人次 已核实 0，待核实 0
          | 计划人次 到今天 3，全期 3
          | 覆盖 0/2 家
          | 表：单位 已核实 待核实 计划到今天 全期计划（2行）
    柳成荫> /统计 2026年第一季度
    机器人→柳成荫> 青川县 2026年第一季度【演示数据】
          | 人次 已核实 0，待核实 0
          | 计划人次 到今天 3，全期 3
          | 覆盖 0/2 家
          | 表：单位 已核实 待核实 计划到今天 全期计划（2行）
    降雨霖> /统计 1月
    机器人→降雨霖> 降雨霖 2026年1月【演示数据】
          | 人次 已核实 0，待核实 0
          | 计划人次 到今天 1，全期 1
    裴远帆> /核实 1月5日
    机器人→裴远帆> 县中医院 1月5日 周一【演示数据】
          | 降雨霖 坐诊：受援单位反映未到，已认定：有正当理由"
  `);
  const [card] = await room.say('柳成荫', '/通报 1月');
  expect(card!.card.lines.join()).toContain('问题 1 条');
});

test('a range of days is verified day by day, and what stays as it is is named; a word of consequence is for one day', async () => {
  room = await chat({ programme: 'shanxi-2024', at: '2026-01-05 20:00' });
  await room.to('2026-01-07 17:30');
  await room.say('安晓晴', '/核实 1月7日 尚静姝 没到');
  await room.to('2026-01-14 17:30');
  expect(
    await room.play(`
    安晓晴> /核实 1月6日-1月20日 没到
    安晓晴> /核实 1月5日、1月7日 在岗
    安晓晴> /核实 1月6日-1月20日 全部 在岗
    安晓晴> /核实 1月5日、1月7日
    安晓晴> [1天全部在岗]
    安晓晴> /核实 1月6日-1月8日 全部 在岗
    安晓晴> /核实 1月 全部 在岗
    安晓晴> [看2026年1月待核实的]
    裴远帆> /核实 1月
    史可为> /核实 县人民医院 1月5日-7日 全部 在岗
    柳成荫> /核实 县中医院 1月5日-9日 全部 在岗
    柳成荫> 专人住院
    柳成荫> /统计 1月
    柳成荫> /撤销
    柳成荫> /核实 县中医院 1月5日-9日
  `),
  ).toMatchInlineSnapshot(`
    "安晓晴> /核实 1月6日-1月20日 没到
    机器人→安晓晴> “没到”一次写一天，没有办【演示数据】
          | 1月6日至20日
          | 例：/核实 1月6日 卫长河 没到
    安晓晴> /核实 1月5日、1月7日 在岗
    机器人→安晓晴> 县人民医院有2天待核实【演示数据】
          | 1月5日、7日
          | 卫长河、尚静姝
          [2天全部在岗] [核实1月5日 周一] [核实1月7日 周三]
    安晓晴> /核实 1月6日-1月20日 全部 在岗
    机器人→安晓晴> 已核实 卫长河、尚静姝 在岗，共7天【演示数据】
          | 县人民医院：1月6日至9日、12日至14日
          | 反映过未到的没有改：1月7日 周三
          | 没有待核实的：1月10日至11日
          | 还没到：1月15日至20日
    安晓晴> /核实 1月5日、1月7日
    机器人→安晓晴> 县人民医院有1天待核实【演示数据】
          | 1月5日 周一
          | 卫长河、尚静姝
          [1天全部在岗] [核实1月5日 周一]
    安晓晴> [1天全部在岗]
    机器人→安晓晴> 已核实 卫长河、尚静姝 在岗【演示数据】
          | 县人民医院 1月5日 周一
          | 没签到的按受援单位登记
    安晓晴> /核实 1月6日-1月8日 全部 在岗
    机器人→安晓晴> 没有要核实的【演示数据】
          | 反映过未到的没有改：1月7日 周三
          | 没有待核实的：1月6日、8日
    安晓晴> /核实 1月 全部 在岗
    机器人→安晓晴> 2026年1月的每一天吗？还没有核实【演示数据】
          | 也可以写明日子，如：4月1日-4月12日
          [看2026年1月待核实的]
    安晓晴> [看2026年1月待核实的]
    机器人→安晓晴> 没有要核实的【演示数据】
          | 反映过未到的没有改：1月7日 周三
          | 没有待核实的：1月1日至6日、8日至14日
    裴远帆> /核实 1月
    机器人→裴远帆> 2026年1月的每一天吗？还没有核实【演示数据】
          | 也可以写明日子，如：4月1日-4月12日
          [看2026年1月待核实的]
    史可为> /核实 县人民医院 1月5日-7日 全部 在岗
    机器人→史可为> 没有要核实的【演示数据】
          | 反映过未到的没有改：1月7日 周三
          | 没有待核实的：1月5日至6日
    柳成荫> /核实 县中医院 1月5日-9日 全部 在岗
    机器人→柳成荫> 代核请写理由【演示数据】
          | 直接回复理由，如：专人请假
          | 发 取消 不办
    柳成荫> 专人住院
    机器人→柳成荫> 已核实 降雨霖 在岗，共5天【演示数据】
          | 县中医院：1月5日至9日
    柳成荫> /统计 1月
    机器人→柳成荫> 青川县 2026年1月【演示数据】
          | 人次 已核实 20，待核实 0
          | 计划人次 到今天 24，全期 24
          | 覆盖 2/2 家
          | 反映未到、待认定 1 件
          | 表：单位 已核实 待核实 计划到今天 全期计划（2行）
    柳成荫> /撤销
    机器人→柳成荫> 已收回 17:30 的 /核实【演示数据】
          | 已发出的消息收不回，必要时请说明
    柳成荫> /核实 县中医院 1月5日-9日
    机器人→柳成荫> 县中医院有5天待核实【演示数据】
          | 1月5日至9日
          | 降雨霖
          [5天全部在岗] [核实1月5日 周一] [核实1月6日 周二] [核实1月7日 周三]"
  `);
});

test('a quarter, a half year or a month without its year is the one that the day lies in, also at a programme’s end', async () => {
  room = await chat({ programme: 'shanxi-2024', at: '2026-05-20 12:00' });
  const titles = async (...periods: string[]) => {
    const said: string[] = [];
    for (const p of periods) said.push(((await room.say('柳成荫', `统计 ${p}`))[0]?.card.title ?? '').replace('【演示数据】', '').split(' ')[1] ?? '');
    return said.join(' ');
  };
  const here = ['第二季度', '二季度', 'Q2', '上半年', '4-6月', '5月', '本季度'];
  const meant = '2026年第二季度 2026年第二季度 2026年第二季度 2026年上半年 2026年4月至6月 2026年5月 2026年第二季度';
  expect(await titles(...here)).toBe(meant);
  // What has not begun is the one before; what is over is this year's.
  expect(await titles('第三季度', '第四季度', '第一季度', '下半年')).toBe('2025年第三季度 2025年第四季度 2026年第一季度 2025年下半年');
  await room.to('2026-05-25 12:00');
  expect(await titles(...here)).toBe(meant);
  await room.to('2026-06-10 12:00');
  expect(await titles('第二季度', '上半年', '5月')).toBe('2026年第二季度 2026年上半年 2026年5月');
});

test('a command of one day says that a range is too much instead of doing its first day', async () => {
  room = await chat({ programme: 'shanxi-2024', at: '2026-01-08 12:00' });
  const codes: string[] = [];
  for (const [who, line] of [
    ['卫长河', '补签 1月5日-7日 没有信号'],
    ['安晓晴', '在岗 1月6日-8日'],
    ['安晓晴', '在岗 1月6日、8日'],
    ['穆春晖', '换人 尚静姝 降雨霖 1月12日-14日'],
    ['安晓晴', '改班 1月12日-14日 全部 大雪 改到 1月19日'],
  ] as const)
    codes.push((await room.say(who, line))[0]?.code ?? '');
  expect(codes).toEqual(codes.map(() => 'args.one-only'));
  expect(await room.open.store().read.count('visits', { state: 'moved' })).toBe(0);
});

test('what a clinic has not verified is in its list as long as the programme runs, the older of it as one matter', async () => {
  room = await chat({ programme: 'shanxi-2024', at: '2026-01-05 20:00' });
  await room.to('2026-03-20 17:30');
  const list = async (line: string) => {
    const { lines, buttons = [] } = (await room.say('裴远帆', line))[0]!.card;
    return [...lines.slice(0, 2), ...buttons.filter(b => b.label.includes('以前')).map(b => b.label)];
  };
  expect(await list('/待办')).toMatchInlineSnapshot(`
    [
      "核实 县中医院 以前的28天：1月5日 周一起",
      "核实 2月24日 周二 县中医院 1人",
      "核实以前的28天",
    ]
  `);
  await room.to('2026-03-21 12:00');
  expect(await list('/核实')).toMatchInlineSnapshot(`
    [
      "以前还没核实：2月24日至28日、3月2日至6日、9日至13日、16日至20日",
      "更早的还有28天没核实：1月5日 周一起",
      "核实以前的28天",
    ]
  `);
  expect(await room.play('裴远帆> [核实以前的]\n裴远帆> [天全部在岗]')).toMatchInlineSnapshot(`
    "裴远帆> [核实以前的]
    机器人→裴远帆> 县中医院有28天待核实【演示数据】
          | 1月5日、9日、12日至16日、19日至23日等28天
          | 降雨霖
          [28天全部在岗] [核实1月5日 周一] [核实1月9日 周五] [核实1月12日 周一]
    裴远帆> [天全部在岗]
    机器人→裴远帆> 已核实 降雨霖 在岗，共28天【演示数据】
          | 县中医院：1月5日、9日、12日至16日、19日至23日等28天"
  `);
});
