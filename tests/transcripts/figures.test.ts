/** A day's figures, typed once: from the physician, from a unit for one, corrected, verified, confirmed; and what is refused. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { reportedMonth } from '../../commands/report-month.ts';
import { day } from '../../src/core/day.ts';
import type { Change } from '../../src/core/records.ts';
import { loadProgrammes } from '../../src/programmes/load.ts';
import { packageRoot } from '../../src/root.ts';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room.close());

test('the day’s figures in one line, in the form, corrected, taken back; zero is said and absent is not', async () => {
  room = await chat();
  expect(
    await room.play(`
    江安然> /签到
    江安然> /填报
    江安然> /填报 诊疗30 讨论5
    江安然> 填报 查房六 讲座没有
    江安然> /填报 诊疗３２
    江安然> /撤销
    江安然> /填报 诊疗30
    江安然> /填报 诊疗5 培训12 其余0
    江安然> /填报 诊疗500
    江安然> [确认无误]
  `),
  ).toMatchInlineSnapshot(`
    "江安然> /签到
    机器人→江安然> 已签到 高头卫生院【演示数据】
          | 4月8日 周一 08:00 坐诊
          | 等受援单位核实
    江安然> /填报
    机器人→江安然> 高头卫生院 4月8日 周一工作量【演示数据】
          | 没有请写0，没统计就空着
    江安然> /填报 诊疗30 讨论5
    机器人→江安然> 已填报 高头卫生院 4月8日 周一【演示数据】
          | 诊疗30 讨论5
          | 没报：查房、讲座、培训、特殊、上门（没有请写0）
          | 等受援单位核实
    江安然> 填报 查房六 讲座没有
    机器人→江安然> 已更正 高头卫生院 4月8日 周一【演示数据】
          | 诊疗30 讨论5 查房6 讲座0
          | 没报：培训、特殊、上门（没有请写0）
          | 等受援单位核实
    江安然> /填报 诊疗３２
    机器人→江安然> 已更正 高头卫生院 4月8日 周一【演示数据】
          | 诊疗 30→32；现为 诊疗32 讨论5 查房6 讲座0
          | 没报：培训、特殊、上门（没有请写0）
          | 等受援单位核实
    江安然> /撤销
    机器人→江安然> 已收回 08:00 的 /填报【演示数据】
          | 收回的是“已更正 高头卫生院 4月8日 周一”
          | 现为 诊疗30 讨论5 查房6 讲座0
    江安然> /填报 诊疗30
    机器人→江安然> 已经填过，没有变化【演示数据】
          | 高头卫生院 4月8日 周一
          | 诊疗30 讨论5 查房6 讲座0
    江安然> /填报 诊疗5 培训12 其余0
    机器人→江安然> 已更正 高头卫生院 4月8日 周一【演示数据】
          | 诊疗 30→5；现为 诊疗5 讨论5 查房6 讲座0 培训12 特殊0 上门0
          | “其余0”没动报过的：讨论5 查房6（要改请写 讨论0）
          | 等受援单位核实
          | 依据 永卫〔2024〕13号 五（一）1：诊疗量较少时开展业务指导
    江安然> /填报 诊疗500
    机器人→江安然> 数字比平常大，请核对【演示数据】
          | 诊疗500人次（平常不超过200）
          | 还没有记下；数字对就点确认，不对请重发
          [确认无误]
    江安然> [确认无误]
    机器人→江安然> 已更正 高头卫生院 4月8日 周一【演示数据】
          | 诊疗 5→500；现为 诊疗500 讨论5 查房6 讲座0 培训12 特殊0 上门0
          | 等受援单位核实"
  `);
});

test('what cannot be: each has its card, and nothing is written', async () => {
  room = await chat();
  expect(
    await room.play(`
    江安然> /填报 诊疗-30 讨论5
    江安然> /填报 诊疗2.5
    江安然> /填报 诊疗99999999999
    江安然> /填报 诊疗30 看诊40
    江安然> /填报 诊疗 讨论5
    江安然> /填报 义诊20 讨论5
    江安然> /填报 30 5 6 1 10 20 10
    江安然> /填报 诊疗30 今天很忙
    江安然> /填报 诊疗30多
    江安然> /填报 4月20日 诊疗30
    江安然> /填报 2023年12月1日 诊疗30
    江安然> /填报 4月9日 4月10日 诊疗30
    江安然> /填报 陈东卫生院 诊疗30
    江安然> /填报 丘念慈 诊疗30
    华苏叶> /填报 丘念慈 诊疗30
    丘书瑶> /填报 诊疗30
    华苏叶> /填报 编号999 同意改报
  `),
  ).toMatchInlineSnapshot(`
    "江安然> /填报 诊疗-30 讨论5
    机器人→江安然> 没有记下，请看一下【演示数据】
          | “诊疗-30”不能是负数
          | 看懂的：讨论5；请改好整行重发
          [诊疗30]
    江安然> /填报 诊疗2.5
    机器人→江安然> 没有记下，请看一下【演示数据】
          | “诊疗2.5”不是整数
          | 这样发：/填报 诊疗30 讨论5 查房6
    江安然> /填报 诊疗99999999999
    机器人→江安然> 没有记下，请看一下【演示数据】
          | “诊疗99999999999”太大了，请核对
          | 这样发：/填报 诊疗30 讨论5 查房6
    江安然> /填报 诊疗30 看诊40
    机器人→江安然> 没有记下，请看一下【演示数据】
          | “诊疗”写了两个：诊疗30、看诊40，以哪个为准？
          | 这样发：/填报 诊疗30 讨论5 查房6
          [诊疗30] [诊疗40]
    江安然> /填报 诊疗 讨论5
    机器人→江安然> 没有记下，请看一下【演示数据】
          | “诊疗”后面没有数；没有请写0，没统计就别写
          | 看懂的：讨论5；请改好整行重发
    江安然> /填报 义诊20 讨论5
    机器人→江安然> 没有记下，请看一下【演示数据】
          | 没有“义诊”这一项，是不是：诊疗
          | 看懂的：讨论5；请改好整行重发
          [诊疗20] [记到“其他”]
    江安然> /填报 30 5 6 1 10 20 10
    机器人→江安然> 没有记下，请看一下【演示数据】
          | “30 5 6 1 10 20 10”是哪一项？请带上名称
          | 这样发：/填报 诊疗30 讨论5 查房6
          [诊疗30 讨论5 查房6 讲座1 培训10 特殊20 上门10]
    江安然> /填报 诊疗30 今天很忙
    机器人→江安然> 没有记下，请看一下【演示数据】
          | “很忙”不知道记到哪一项
          | 看懂的：诊疗30；请改好整行重发
          [记到“其他”]
    江安然> /填报 诊疗30多
    机器人→江安然> 没有记下，请看一下【演示数据】
          | “诊疗”请写准数，“30多”记不了
          | 这样发：/填报 诊疗30 讨论5 查房6
    江安然> /填报 4月20日 诊疗30
    机器人→江安然> 4月20日 周六还没到【演示数据】
          | 到那天再填；今天的发 /填报
    江安然> /填报 2023年12月1日 诊疗30
    机器人→江安然> 2023年12月1日 周五不在方案期内【演示数据】
          | 方案从2024年1月1日到2024年12月31日
          | 例：/填报 昨天 诊疗30
          | 依据 永卫〔2024〕13号 六：方案期限
    江安然> /填报 4月9日 4月10日 诊疗30
    机器人→江安然> 没看明白【演示数据】
          | 一次填一天
          | 这样发：/填报 诊疗30 讨论5 查房6 讲座1
    江安然> /填报 陈东卫生院 诊疗30
    机器人→江安然> 4月8日 周一没有下乡班次【演示数据】
          | 还没有记下：诊疗30
          | 本月没有派驻陈东卫生院
          | 填到哪天？
          [换日期]
    江安然> /填报 丘念慈 诊疗30
    机器人→江安然> 不能填这位医师的工作量【演示数据】
          | 只有本人、受援单位专人和支援单位可以
          | 依据 永卫〔2024〕13号 五（二）4：受援单位指定专人报送
    华苏叶> /填报 丘念慈 诊疗30
    机器人→华苏叶> 不能填这位医师的工作量【演示数据】
          | 只有本人、受援单位专人和支援单位可以
          | 依据 永卫〔2024〕13号 五（二）4：受援单位指定专人报送
    丘书瑶> /填报 诊疗30
    机器人→丘书瑶> 您不能用 /填报【演示数据】
          | 只限：医师、支援单位管理员、受援单位专人
          | 发 帮助 看您能做什么
    华苏叶> /填报 编号999 同意改报
    机器人→华苏叶> 没有您能办的编号 999【演示数据】
          | 发 /待办 看等您的事"
  `);
  expect(await room.open.store().read.count('workloads', { day: '2024-04-08' as never })).toBe(0);
});

test('as it is said: read where it is plain, asked where it is not; without its command it is offered, and done by the button only', async () => {
  room = await chat();
  expect(
    await room.play(`
    江安然> /签到
    江安然> 今天看了30个病人，带教查房6次
    江安然> 今天好忙
    江安然> 门诊三十来个
    华苏叶> 你好 诊疗30 好的
    江安然> [填报]
    江安然> /填报 门诊三十来个
    江安然> /填报 看了32个
    江安然> [诊疗32]
    江安然> /填报 讲座10人
    江安然> /填报 上午看了20个病人，下午看了12个病人
    江安然> [诊疗32]
    江安然> /填报 协助转诊2人次
    江安然> [记到“其他”]
    谢卓群@古竹> 培训了10个人
    谢卓群@古竹> @下基层助手 培训了10个人
    谢卓群@古竹> /看了30个病人
  `),
  ).toMatchInlineSnapshot(`
    "江安然> /签到
    机器人→江安然> 已签到 高头卫生院【演示数据】
          | 4月8日 周一 08:00 坐诊
          | 等受援单位核实
    江安然> 今天看了30个病人，带教查房6次
    机器人→江安然> 还没有记下，要填报吗？【演示数据】
          | 诊疗30 查房6
          [填报]
    江安然> 今天好忙
    机器人→江安然> 您好，要办哪一件？【演示数据】
          | 我只认命令；发 帮助 看能做什么
          [/填报] [/排班] [/请假] [/待办] [/我的] [帮助]
    江安然> 门诊三十来个
    机器人→江安然> 没有记下，请看一下【演示数据】
          | “诊疗”请写准数，“三十来个”记不了
          | 这样发：/填报 2024-04-08 诊疗30 讨论5 查房6
          [填表格]
    华苏叶> 你好 诊疗30 好的
    机器人→华苏叶> 您好，要办哪一件？【演示数据】
          | 我只认命令；发 帮助 看能做什么
          [/填报] [/核实] [/排班] [/批准] [/月报] [帮助]
    江安然> [填报]
    机器人→江安然> 已填报 高头卫生院 4月8日 周一【演示数据】
          | 诊疗30 查房6
          | 没报：讨论、讲座、培训、特殊、上门（没有请写0）
          | 等受援单位核实
    江安然> /填报 门诊三十来个
    机器人→江安然> 没有记下，请看一下【演示数据】
          | “诊疗”请写准数，“三十来个”记不了
          | 这样发：/填报 诊疗30 讨论5 查房6
    江安然> /填报 看了32个
    机器人→江安然> 没有记下，请看一下【演示数据】
          | 没有“看了”这一项，是不是：诊疗
          | 这样发：/填报 诊疗30 讨论5 查房6
          [诊疗32]
    江安然> [诊疗32]
    机器人→江安然> 已更正 高头卫生院 4月8日 周一【演示数据】
          | 诊疗 30→32；现为 诊疗32 查房6
          | 没报：讨论、讲座、培训、特殊、上门（没有请写0）
          | 等受援单位核实
    江安然> /填报 讲座10人
    机器人→江安然> 没有记下，请看一下【演示数据】
          | “讲座”要写几次，“10人”记不了
          | 这样发：/填报 诊疗30 讨论5 查房6
    江安然> /填报 上午看了20个病人，下午看了12个病人
    机器人→江安然> 没有记下，请看一下【演示数据】
          | “诊疗”要合起来的一个数：看了20个病人、看了12个病人，共32？
          | 这样发：/填报 诊疗30 讨论5 查房6
          [诊疗32]
    江安然> [诊疗32]
    机器人→江安然> 已经填过，没有变化【演示数据】
          | 高头卫生院 4月8日 周一
          | 诊疗32 查房6
    江安然> /填报 协助转诊2人次
    机器人→江安然> 没有记下，请看一下【演示数据】
          | 没有“协助转诊”这一项
          | 这样发：/填报 诊疗30 讨论5 查房6
          [记到“其他”]
    江安然> [记到“其他”]
    机器人→江安然> 已更正 高头卫生院 4月8日 周一【演示数据】
          | 诊疗32 查房6 其他：协助转诊2人次
          | 没报：讨论、讲座、培训、特殊、上门（没有请写0）
          | 等受援单位核实
    谢卓群@古竹> 培训了10个人
    谢卓群@古竹> @下基层助手 培训了10个人
    机器人@古竹卫生院工作群> 还没有记下，要填报吗？【演示数据】
          | 培训10
          [填报]
    谢卓群@古竹> /看了30个病人
    机器人@古竹卫生院工作群> 还没有记下，要填报吗？【演示数据】
          | 诊疗30
          [填报]"
  `);
});

test('其余0 is of what was not reported yet: what was is not taken back unasked', async () => {
  room = await chat();
  expect(
    await room.play(`
    江安然> /签到
    江安然> /填报 诊疗30 讨论5
    江安然> /填报 其余0
    江安然> /填报 诊疗28 其余0
    江安然> /填报 讨论0
    华苏叶> /填报 江安燃 诊疗30
    华苏叶> /宣传 传单100 电子屏3
    华苏叶> /宣传 传单120 其余0
  `),
  ).toMatchInlineSnapshot(`
    "江安然> /签到
    机器人→江安然> 已签到 高头卫生院【演示数据】
          | 4月8日 周一 08:00 坐诊
          | 等受援单位核实
    江安然> /填报 诊疗30 讨论5
    机器人→江安然> 已填报 高头卫生院 4月8日 周一【演示数据】
          | 诊疗30 讨论5
          | 没报：查房、讲座、培训、特殊、上门（没有请写0）
          | 等受援单位核实
    江安然> /填报 其余0
    机器人→江安然> 已更正 高头卫生院 4月8日 周一【演示数据】
          | 诊疗30 讨论5 查房0 讲座0 培训0 特殊0 上门0
          | “其余0”没动报过的：诊疗30 讨论5（要改请写 诊疗0）
          | 等受援单位核实
    江安然> /填报 诊疗28 其余0
    机器人→江安然> 已更正 高头卫生院 4月8日 周一【演示数据】
          | 诊疗 30→28；现为 诊疗28 讨论5 查房0 讲座0 培训0 特殊0 上门0
          | “其余0”没动报过的：讨论5（要改请写 讨论0）
          | 等受援单位核实
    江安然> /填报 讨论0
    机器人→江安然> 已更正 高头卫生院 4月8日 周一【演示数据】
          | 讨论 5→0；现为 诊疗28 讨论0 查房0 讲座0 培训0 特殊0 上门0
          | 等受援单位核实
    华苏叶> /填报 江安燃 诊疗30
    机器人→华苏叶> 没有找到“江安燃”【演示数据】
          | 是不是：江安然
          | 这样发：/填报 诊疗30 讨论5 查房6 讲座1
          [江安然]
    华苏叶> /宣传 传单100 电子屏3
    机器人→华苏叶> 已填报 高头卫生院 2024年4月宣传情况【演示数据】
          | 传单100 电子屏3
          | 没报：公众号、工作室（没有请写0）
    华苏叶> /宣传 传单120 其余0
    机器人→华苏叶> 已更正 高头卫生院 2024年4月宣传情况【演示数据】
          | 传单 100→120；现为 传单120 公众号0 电子屏3
          | “其余0”没动报过的：电子屏3（要改请写 电子屏0）
          | 没报：工作室（没有请写0）"
  `);
});

test('no visit that day: nothing is guessed; an unplanned visit, another day', async () => {
  room = await chat({ at: '2024-04-10 18:00' });
  expect(
    await room.play(`
    江安然> /填报 诊疗30 讨论5
    江安然> [换日期]
    江安然> 4月8日
    江安然> /填报 4月9日 诊疗12
    江安然> [临时下乡]
    华苏叶> /核实 4月9日
    江安然> /填报 4月2日 诊疗3 临时下乡
  `),
  ).toMatchInlineSnapshot(`
    "江安然> /填报 诊疗30 讨论5
    机器人→江安然> 4月10日 周三没有下乡班次【演示数据】
          | 还没有记下：诊疗30 讨论5
          | 填到哪天？
          [4月8日 周一 高头卫生院] [临时下乡] [换日期]
    江安然> [换日期]
    机器人→江安然> 填到哪一天？【演示数据】
          | 直接回复日期，如：昨天、4月10日
          | 发 取消 不办
    江安然> 4月8日
    机器人→江安然> 已填报 高头卫生院 4月8日 周一【演示数据】
          | 诊疗30 讨论5
          | 没报：查房、讲座、培训、特殊、上门（没有请写0）
          | 补填，已标明，等受援单位核实
    江安然> /填报 4月9日 诊疗12
    机器人→江安然> 4月9日 周二没有下乡班次【演示数据】
          | 还没有记下：诊疗12
          | 填到哪天？
          [临时下乡] [换日期]
    江安然> [临时下乡]
    机器人→江安然> 已填报 高头卫生院 4月9日 周二【演示数据】
          | 诊疗12
          | 没报：讨论、查房、讲座、培训、特殊、上门（没有请写0）
          | 按临时下乡登记，补填，已标明，等受援单位核实
    华苏叶> /核实 4月9日
    机器人→华苏叶> 高头卫生院 4月9日 周二【演示数据】
          | 江安然 坐诊（临时）：没有签到记录；诊疗12
          | 数字不对发：/改报 姓名 诊疗28 原因：…
          [在岗] [没到] [已改期]
    江安然> /填报 4月2日 诊疗3 临时下乡
    机器人→江安然> 超过补登期限（3天）【演示数据】
          | 4月2日 周二已过8天；期限来自系统默认
          | 请受援单位先补排并核实：/核实 日期"
  `);
});

test('a unit types for a physician: one without an account, one who asked; one tap confirms exactly what was shown', async () => {
  room = await chat();
  expect(
    await room.play(`
    简当归> /签到 丘念慈
    简当归> /填报 诊疗18 上门2
    江安然> /签到
    华苏叶> /填报 江安然 诊疗20 讨论1
    江安然> [数字无误]
    华苏叶> /改报 江安然 诊疗21 原因：登记本上是21
    江安然> /待办
    江安然> [不对，我来改]
    江安然> /填报 诊疗22
    江安然> 我的登记是22
    邱思源> /填报 江安然 讲座1
    阮若谷> /填报 江安然 讲座1
    华苏叶> /填报
    江安然> /我的数据
  `),
  ).toMatchInlineSnapshot(`
    "简当归> /签到 丘念慈
    机器人→简当归> 丘念慈：已签到 虎岗卫生院【演示数据】
          | 4月8日 周一 08:00 坐诊
          | 今天没有排班，按临时下乡登记
          | 代签，等受援单位核实
          | 有纸质签到单，可接着发照片附上；没有也行
          [算作4月18日 周四的班次]
    简当归> /填报 诊疗18 上门2
    机器人→简当归> 丘念慈：已填报 虎岗卫生院 4月8日 周一【演示数据】
          | 诊疗18 上门2
          | 没报：讨论、查房、讲座、培训、特殊（没有请写0）
          | 代填，本人没有账号，等受援单位核实
    江安然> /签到
    机器人→江安然> 已签到 高头卫生院【演示数据】
          | 4月8日 周一 08:00 坐诊
          | 等受援单位核实
    华苏叶> /填报 江安然 诊疗20 讨论1
    机器人→华苏叶> 江安然：已填报 高头卫生院 4月8日 周一【演示数据】
          | 诊疗20 讨论1
          | 没报：查房、讲座、培训、特殊、上门（没有请写0）
          | 代填，已请本人核对，等受援单位核实
    机器人→江安然> 高头卫生院替您填了工作量【演示数据】
          | 高头卫生院 4月8日 周一
          | 诊疗20 讨论1
          | 不点也不影响上报
          [数字无误] [不对，我来改]
    江安然> [数字无误]
    机器人→江安然> 已确认 高头卫生院 4月8日 周一【演示数据】
          | 诊疗20 讨论1
    华苏叶> /改报 江安然 诊疗21 原因：登记本上是21
    机器人→华苏叶> 江安然：已更正 高头卫生院 4月8日 周一【演示数据】
          | 诊疗 20→21；现为 诊疗21 讨论1
          | 没报：查房、讲座、培训、特殊、上门（没有请写0）
          | 代填，已请本人核对，等受援单位核实
    机器人→江安然> 高头卫生院替您填了工作量【演示数据】
          | 高头卫生院 4月8日 周一
          | 诊疗21 讨论1
          | 不点也不影响上报
          [数字无误] [不对，我来改]
    江安然> /待办
    机器人→江安然> 有1件事【演示数据】
          | 核对代填的工作量 4月8日 周一 诊疗21 讨论1
          [数字无误]
    江安然> [不对，我来改]
    机器人→江安然> 高头卫生院 4月8日 周一工作量【演示数据】
          | 已填：诊疗21 讨论1
          | 没有请写0，没统计就空着
    江安然> /填报 诊疗22
    机器人→江安然> 华苏叶 4月8日 周一 08:00 已填，数不一样【演示数据】
          | 高头卫生院 4月8日 周一
          | 要改：诊疗 21→22
          | 还没有改；直接回复原因，如：记错了
          | 发 取消 不改
    江安然> 我的登记是22
    机器人→江安然> 已更正 高头卫生院 4月8日 周一【演示数据】
          | 诊疗 21→22；现为 诊疗22 讨论1
          | 没报：查房、讲座、培训、特殊、上门（没有请写0）
          | 等受援单位核实
    邱思源> /填报 江安然 讲座1
    机器人→邱思源> 江安然：已更正 高头卫生院 4月8日 周一【演示数据】
          | 诊疗22 讨论1 讲座1
          | 没报：查房、培训、特殊、上门（没有请写0）
          | 代填，已请本人核对，等受援单位核实
    机器人→江安然> 支援单位替您填了工作量【演示数据】
          | 高头卫生院 4月8日 周一
          | 诊疗22 讨论1 讲座1
          | 不点也不影响上报
          [数字无误] [不对，我来改]
    阮若谷> /填报 江安然 讲座1
    机器人→阮若谷> 您不能用 /填报【演示数据】
          | 只限：医师、支援单位管理员、受援单位专人
          | 发 帮助 看您能做什么
    华苏叶> /填报
    机器人→华苏叶> 江安然 高头卫生院 4月8日 周一工作量【演示数据】
          | 已填：诊疗22 讨论1 讲座1
          | 没有请写0，没统计就空着
    江安然> /我的数据
    机器人→江安然> 存了江安然的这些信息【演示数据】
          | 手机 139****1027（加密保存）
          | 副主任医师，内科
          | 操作记录 5 条，只有审计员能看
          | 要更正请找单位管理员
          | 表：类别 内容（11行）"
  `);
});

test('在岗 verifies the figures too; after that a change needs the clinic’s yes, and until then the verified ones stand', async () => {
  room = await chat();
  await room.play(`
    江安然> /签到
    江安然> /填报 诊疗30 讨论5`);
  expect(
    await room.play(`
    -- 2024-04-08 17:00 华苏叶 --
    华苏叶> /核实
    华苏叶> [在岗]
    江安然> /签退
    江安然> /填报 诊疗28
    江安然> 记错了
    江安然> /我的
    华苏叶> /待办
    华苏叶> [同意改报]
    华苏叶> [同意改报]
    江安然> /填报 诊疗29 原因：又数了一遍
    华苏叶> [不同意]
    江安然> /填报 编号5 同意改报
    华苏叶> /改报 江安然 诊疗27 原因：按登记本
    江安然> [数字无误]
    江安然> /统计
  `),
  ).toMatchInlineSnapshot(`
    "-- 2024-04-08 17:00 华苏叶 --
    机器人→华苏叶> 今天谁来了？【演示数据】
          | 江安然 坐诊，已签到；诊疗30 讨论5
          | 依据 永卫〔2024〕13号 五（二）4：受援单位指定专人报送
          [在岗] [没到] [已改期]
    华苏叶> /核实
    机器人→华苏叶> 高头卫生院 4月8日 周一【演示数据】
          | 江安然 坐诊：08:00签到；诊疗30 讨论5
          | 数字不对发：/改报 姓名 诊疗28 原因：…
          [在岗] [没到] [已改期]
    华苏叶> [在岗]
    机器人→华苏叶> 已核实 江安然 在岗【演示数据】
          | 高头卫生院 4月8日 周一
          | 工作量 诊疗30 讨论5
    江安然> /签退
    机器人→江安然> 已签退【演示数据】
          | 4月8日 周一 17:00
          [填工作量]
    江安然> /填报 诊疗28
    机器人→江安然> 已核实过，改报请写原因【演示数据】
          | 高头卫生院 4月8日 周一
          | 要改：诊疗 30→28
          | 还没有改；直接回复原因，如：记错了
          | 发 取消 不改
    江安然> 记错了
    机器人→江安然> 已请受援单位同意改报【演示数据】
          | 高头卫生院 4月8日 周一
          | 诊疗 30→28
          | 同意前仍按已核实的数
    机器人→华苏叶> 江安然要改已核实的工作量【演示数据】
          | 高头卫生院 4月8日 周一
          | 诊疗 30→28
          | 原因：记错了
          [同意改报] [不同意]
    江安然> /我的
    机器人→江安然> 江安然【演示数据】
          | 区医院医师
          | 2024年4月：1班，已核实 1 人次，待核实 0
          | 工作量 诊疗30 讨论5
          | 半天数 2/2，其中上门 0/1
          | 4月8日 周一 高头卫生院 坐诊 已核实
          | 手机 139****1027
    华苏叶> /待办
    机器人→华苏叶> 有1件事【演示数据】
          | 答复改报 江安然 4月8日 周一 诊疗 30→28
          [同意改报] [不同意]
    华苏叶> [同意改报]
    机器人→华苏叶> 已同意改报 高头卫生院 4月8日 周一【演示数据】
          | 江安然：诊疗28 讨论5
    机器人→江安然> 受援单位同意改报【演示数据】
          | 高头卫生院 4月8日 周一
          | 现为 诊疗28 讨论5
    华苏叶> [同意改报]
    机器人→华苏叶> 已经办过【演示数据】
          | 高头卫生院 4月8日 周一
          | 诊疗28 讨论5
    江安然> /填报 诊疗29 原因：又数了一遍
    机器人→江安然> 已请受援单位同意改报【演示数据】
          | 高头卫生院 4月8日 周一
          | 诊疗 28→29
          | 同意前仍按已核实的数
    机器人→华苏叶> 江安然要改已核实的工作量【演示数据】
          | 高头卫生院 4月8日 周一
          | 诊疗 28→29
          | 原因：又数了一遍
          [同意改报] [不同意]
    华苏叶> [不同意]
    机器人→华苏叶> 没有同意，仍按原数 高头卫生院 4月8日 周一【演示数据】
          | 江安然：诊疗28 讨论5
    机器人→江安然> 受援单位不同意改报【演示数据】
          | 高头卫生院 4月8日 周一
          | 仍为 诊疗28 讨论5
    江安然> /填报 编号5 同意改报
    机器人→江安然> 没有您能办的编号 5【演示数据】
          | 发 /待办 看等您的事
    华苏叶> /改报 江安然 诊疗27 原因：按登记本
    机器人→华苏叶> 江安然：已更正 高头卫生院 4月8日 周一【演示数据】
          | 诊疗 28→27；现为 诊疗27 讨论5
          | 没报：查房、讲座、培训、特殊、上门（没有请写0）
          | 代填，已请本人核对
    机器人→江安然> 高头卫生院替您填了工作量【演示数据】
          | 高头卫生院 4月8日 周一
          | 诊疗27 讨论5
          | 不点也不影响上报
          [数字无误] [不对，我来改]
    江安然> [数字无误]
    机器人→江安然> 已确认 高头卫生院 4月8日 周一【演示数据】
          | 诊疗27 讨论5
    江安然> /统计
    机器人→江安然> 江安然 2024年4月【演示数据】
          | 人次 已核实 1，待核实 0
          | 计划人次 到今天 1，全期 1
          | 完成每月1天 1/1 人，半天上门送医 0/1 人
          | 工作量 诊疗27 讨论5"
  `);
  const [row] = await room.open.store().read.all('workloads', { day: '2024-04-08' as never });
  expect(row).toMatchObject({ figures: { consultations: 27, discussions: 5 }, as: 'clinic', reason: '按登记本', proposal: null });
  // Every version stands in the journal, with who and why.
  const journal = (await room.open.store().read.journal({ table: 'workloads', row: row!.id }, 50)).map(r => JSON.parse(r.after!));
  expect(journal.map(r => r.figures.consultations)).toEqual(expect.arrayContaining([30, 28, 27]));
});

test('who says at the day’s end that he was there is offered the day’s figures; in the morning nobody is', async () => {
  room = await chat();
  await room.to('2024-04-08 17:00');
  const [late] = await room.say('江安然', '/签到');
  // Pressed the next morning it still means that day.
  expect(late!.card.buttons).toEqual([{ label: '填工作量', command: '/填报 2024-04-08' }]);
  await room.to('2024-04-09 07:30');
  const [form] = await room.press('江安然', '填工作量');
  expect([form!.code, form!.card.title]).toEqual(['figures.form', expect.stringContaining('高头卫生院 4月8日 周一工作量')]);
  await room.close();
  room = await chat();
  const [early] = await room.say('江安然', '/签到');
  expect(early!.card.buttons).toBeUndefined();
});

test('在岗 taken back: the figures wait again, and are verified anew with the next 在岗', async () => {
  room = await chat();
  await room.play(`
    江安然> /签到
    江安然> /填报 诊疗30
    华苏叶> /核实 江安然 在岗
    华苏叶> /核实 江安然 没到 更正`);
  const row = async () => (await room.open.store().read.all('workloads', { day: '2024-04-08' as never }))[0];
  expect(await row()).toMatchObject({ figures: { consultations: 30 }, verifiedBy: null, verifiedAt: null });
  await room.say('华苏叶', '/核实 江安然 在岗');
  expect((await row())!.verifiedAt).not.toBeNull();
});

test('figures that come after the clinic’s word are verified by one more tap, and nobody is pressed', async () => {
  room = await chat();
  expect(
    await room.play(`
    江安然> /签到
    华苏叶> /核实 江安然 在岗
    江安然> /填报 诊疗30
    华苏叶> /待办
    华苏叶> /核实
    华苏叶> [数字无误]
    -- 2024-04-09 09:00 华苏叶 江安然 --
  `),
  ).toMatchInlineSnapshot(`
    "江安然> /签到
    机器人→江安然> 已签到 高头卫生院【演示数据】
          | 4月8日 周一 08:00 坐诊
          | 等受援单位核实
    华苏叶> /核实 江安然 在岗
    机器人→华苏叶> 已核实 江安然 在岗【演示数据】
          | 高头卫生院 4月8日 周一
    江安然> /填报 诊疗30
    机器人→江安然> 已填报 高头卫生院 4月8日 周一【演示数据】
          | 诊疗30
          | 没报：讨论、查房、讲座、培训、特殊、上门（没有请写0）
          | 等受援单位核实
    华苏叶> /待办
    机器人→华苏叶> 有1件事【演示数据】
          | 核实工作量 江安然 4月8日 周一 诊疗30
          [江安然数字无误]
    华苏叶> /核实
    机器人→华苏叶> 高头卫生院 4月8日 周一【演示数据】
          | 江安然 坐诊：已核实在岗；诊疗30（待核实）
          | 数字不对发：/改报 姓名 诊疗28 原因：…
          [江安然 数字无误]
    华苏叶> [数字无误]
    机器人→华苏叶> 已核实 江安然 的工作量【演示数据】
          | 高头卫生院 4月8日 周一
          | 工作量 诊疗30
    -- 2024-04-09 09:00 华苏叶 江安然 --"
  `);
});

test('two at once: one wins, the other hears of it, and nothing is overwritten unasked', async () => {
  room = await chat();
  await room.play('江安然> /签到');
  await Promise.all([room.say('江安然', '/填报 诊疗30'), room.say('华苏叶', '/填报 江安然 诊疗28')]);
  const rows = await room.open.store().read.all('workloads', { day: '2024-04-08' as never });
  expect(rows).toHaveLength(1);
  const said = [...room.messages('江安然'), ...room.messages('华苏叶')].map(m => m.code);
  expect(said.filter(c => c === 'figures.filed')).toHaveLength(1);
  expect(said.filter(c => c === 'figures.differs')).toHaveLength(1);
  const later = rows[0]!.by === rows[0]!.person ? '华苏叶' : '江安然';
  await room.say(later, '我的对');
  expect(await room.open.store().read.all('workloads', { day: '2024-04-08' as never })).toMatchObject([
    { figures: { consultations: later === '江安然' ? 30 : 28 }, reason: '我的对' },
  ]);
});

let written = 0;
/** What another hand has written: a report's state, a leave. */
const write = (...changes: Change[]) =>
  room.open
    .store()
    .turn({ platform: 'test', app: '', eventId: `w${written++}`, conversation: '', account: '', sentAt: 0, receivedAt: 0 }, async tx => {
      await tx.apply(changes, { actor: null, command: '', sentAt: 0, now: 0 });
      return 'ok';
    });
const report = (org: string, state: 'accepted' | 'locked', openUntil: string | null): Change => ({
  table: 'reports',
  id: `r${state}${openUntil}`,
  to: {
    id: `r${state}${openUntil}`,
    programme: 'yongding-2024',
    programmeKey: '',
    county: '',
    org,
    month: '2024-04' as never,
    kind: 'month',
    state,
    filing: null,
    parts: {},
    why: null,
    by: null,
    at: null,
    openUntil: openUntil as never,
    reminded: null,
  },
});

test('a month that is accepted or locked takes no figures, until it is unlocked; nor does a day on leave', async () => {
  room = await chat();
  const clinic = (await room.open.store().read.first('orgs', { name: '永定区高头镇卫生院' }))!;
  const hospital = (await room.open.store().read.first('orgs', { name: '永定区医院' }))!;
  await write(report(clinic.id, 'accepted', null), report(hospital.id, 'locked', '2024-04-07'));
  expect(
    await room.play(`
    江安然> /填报 诊疗30
    华苏叶> /宣传 传单100
    邱思源> /经费 1000
    邱思源> /经费 3月 1000
  `),
  ).toMatchInlineSnapshot(`
    "江安然> /填报 诊疗30
    机器人→江安然> 高头卫生院2024年4月月报已受理，不能再改【演示数据】
          | 确需更正，请卫健局开锁：/开锁 高头卫生院 4月 理由
          | 依据 永卫〔2024〕13号 六（二）：每月22日前报送本月工作量
    华苏叶> /宣传 传单100
    机器人→华苏叶> 高头卫生院 2024年4月月报已受理，不能再改【演示数据】
          | 确需更正，请卫健局开锁：/开锁 高头卫生院 4月 理由
          | 依据 永卫〔2024〕13号 六（二）：每月22日前报送本月工作量
    邱思源> /经费 1000
    机器人→邱思源> 区医院 2024年4月月报已锁定，不能再改【演示数据】
          | 确需更正，请卫健局开锁：/开锁 区医院 4月 理由
          | 依据 永卫〔2024〕13号 六（二）：每月22日前报送本月工作量
    邱思源> /经费 3月 1000
    机器人→邱思源> 吴知夏 3月28日 周四 17:30 已填，数不一样【演示数据】
          | 区医院 2024年3月
          | 要改：经费 2519.40→1000
          | 还没有改；直接回复原因，如：漏计一场
          | 发 取消 不改"
  `);
  expect(await room.open.store().read.count('workloads', { day: '2024-04-08' as never })).toBe(0);
  const open = report(clinic.id, 'accepted', '2024-04-08') as Extract<Change, { table: 'reports' }>;
  await write({ ...open, id: 'racceptednull', to: { ...open.to!, id: 'racceptednull' } });
  expect((await room.say('江安然', '/填报 诊疗30')).map(m => m.code)).toEqual(['figures.filed']);
});

test('a month that is locked between a correction and its answer: the verified figures stand', async () => {
  room = await chat();
  const clinic = (await room.open.store().read.first('orgs', { name: '永定区高头镇卫生院' }))!;
  await room.play(`
    江安然> /签到
    江安然> /填报 诊疗30
    华苏叶> /核实 江安然 在岗
    江安然> /填报 诊疗31 原因：数错了`);
  await write(report(clinic.id, 'locked', null));
  const [answer] = await room.press('华苏叶', '同意改报');
  expect(answer!.code).toBe('figures.locked');
  expect(answer!.card.lines.at(-1)).toContain('依据 永卫〔2024〕13号');
  const [row] = await room.open.store().read.all('workloads', { day: '2024-04-08' as never });
  expect(row).toMatchObject({ figures: { consultations: 30 }, proposal: { figures: { consultations: 31 } } });
});

test('a day on approved leave, a day of two clinics', async () => {
  room = await chat({ at: '2024-04-08 08:00' });
  const store = room.open.store();
  const visit = (await store.read.first('visits', {
    day: '2024-04-08' as never,
    state: 'on',
    clinic: (await store.read.first('orgs', { name: '永定区高头镇卫生院' }))!.id,
  }))!;
  const leave = {
    id: 'l1',
    programme: visit.programme,
    programmeKey: '',
    county: visit.county,
    person: visit.person,
    hospital: visit.hospital,
    from: visit.day,
    to: visit.day,
    kind: 'sick',
    reason: '发烧',
    workdays: null,
    emergency: false,
    exception: null,
    state: 'approved',
    at: 0,
    by: visit.person,
    follows: null,
  } as const;
  const line = {
    id: 'l1',
    leave: 'l1',
    person: visit.person,
    visit: visit.id,
    clinic: visit.clinic,
    day: visit.day,
    am: true,
    pm: true,
    toDay: null,
    toAm: false,
    toPm: false,
    made: null,
    told: null,
    toldBy: null,
    state: 'on',
  } as const;
  await write(
    { table: 'leaves', id: 'l1', to: leave },
    { table: 'leaveVisits', id: 'l1', to: line },
    { table: 'visits', id: visit.id, to: { ...visit, state: 'leave' } },
  );
  for (const who of ['华苏叶', '邱思源']) {
    const [answer] = await room.say(who, '/填报 江安然 诊疗30');
    expect([answer!.code, answer!.card.title]).toEqual(['figures.on-leave', expect.stringContaining('4月8日 周一已准假，不填工作量')]);
  }
  expect(await room.open.store().read.count('workloads', { day: '2024-04-08' as never })).toBe(0);
  expect(await room.play('江安然> /填报 诊疗30')).toMatchInlineSnapshot(`
    "江安然> /填报 诊疗30
    机器人→江安然> 4月8日 周一已准假，不填工作量【演示数据】
          | 请假编号l1
          | 那天来了，请先销假再签到：/销假 l1
          | 依据 永卫〔2024〕13号 七（三）：须书面请假，写明原因和调整后的支援时间"
  `);
  const other = (await store.read.first('orgs', { name: '永定区陈东乡卫生院' }))!;
  await write(
    { table: 'leaves', id: 'l1', to: null },
    { table: 'leaveVisits', id: 'l1', to: null },
    { table: 'visits', id: visit.id, to: { ...visit, pm: false } },
    { table: 'visits', id: '900001', to: { ...visit, id: '900001', clinic: other.id, am: false } },
  );
  expect(
    await room.play(`
    江安然> /填报 诊疗30
    江安然> [陈东卫生院]
    江安然> /填报 高头卫生院 诊疗12
  `),
  ).toMatchInlineSnapshot(`
    "江安然> /填报 诊疗30
    机器人→江安然> 填哪一家的？【演示数据】
          | 4月8日 周一到了2家，一家一填
          [高头卫生院] [陈东卫生院]
    江安然> [陈东卫生院]
    机器人→江安然> 已填报 陈东卫生院 4月8日 周一【演示数据】
          | 诊疗30
          | 没报：讨论、查房、讲座、培训、特殊、上门（没有请写0）
          | 等受援单位核实
    江安然> /填报 高头卫生院 诊疗12
    机器人→江安然> 已填报 高头卫生院 4月8日 周一【演示数据】
          | 诊疗12
          | 没报：讨论、查房、讲座、培训、特殊、上门（没有请写0）
          | 等受援单位核实"
  `);
});

test('another’s word of a unit’s month is changed with a reason, and the journal keeps both', async () => {
  room = await chat();
  expect(
    await room.play(`
    华苏叶> /宣传 传单100
    阮若谷> /宣传 高头卫生院 传单130
    阮若谷> 照签收单
    邱思源> /经费 1000
    阮若谷> /经费 区医院 1200 原因：加了接送费
  `),
  ).toMatchInlineSnapshot(`
    "华苏叶> /宣传 传单100
    机器人→华苏叶> 已填报 高头卫生院 2024年4月宣传情况【演示数据】
          | 传单100
          | 没报：公众号、电子屏、工作室（没有请写0）
    阮若谷> /宣传 高头卫生院 传单130
    机器人→阮若谷> 华苏叶 4月8日 周一 08:00 已填，数不一样【演示数据】
          | 高头卫生院 2024年4月
          | 要改：传单 100→130
          | 还没有改；直接回复原因，如：漏计一场
          | 发 取消 不改
    阮若谷> 照签收单
    机器人→阮若谷> 已更正 高头卫生院 2024年4月宣传情况【演示数据】
          | 传单 100→130；现为 传单130
          | 没报：公众号、电子屏、工作室（没有请写0）
          | 代填
    邱思源> /经费 1000
    机器人→邱思源> 已填报 区医院 2024年4月巡诊经费【演示数据】
          | 经费1000
          | 只计合计数
    阮若谷> /经费 区医院 1200 原因：加了接送费
    机器人→阮若谷> 已更正 区医院 2024年4月巡诊经费【演示数据】
          | 经费 1000→1200；现为 经费1200
          | 只计合计数
          | 代填"
  `);
  const { read } = room.open.store();
  const [typist, bureau] = await Promise.all(['华苏叶', '阮若谷'].map(room.person));
  const april = await read.all('unitMonths', { month: '2024-04' as never });
  expect(april.map(m => [m.by, m.reason])).toEqual([
    [bureau, '照签收单'],
    [bureau, '加了接送费'],
  ]);
  const journal = await read.journal({ table: 'unitMonths', row: april[0]!.id }, 10);
  expect(journal.map(r => JSON.parse(r.after!)).map(r => [r.by, r.figures.leaflets])).toEqual(
    expect.arrayContaining([
      [typist, 100],
      [bureau, 130],
    ]),
  );
});

test('a unit’s month: publicity of a clinic, cost of a hospital, in total only', async () => {
  room = await chat();
  expect(
    await room.play(`
    华苏叶> /宣传
    华苏叶> /宣传 传单100 公众号一百 电子屏100 工作室有 其他:进村宣讲
    华苏叶> /宣传 4月 传单120
    华苏叶> /宣传 3月 传单10
    华苏叶> /宣传 5月 传单10
    华苏叶> /宣传 工作室
    华苏叶> [没有]
    华苏叶> /宣传 公众号500000
    华苏叶> /宣传 虎岗卫生院 传单1
    阮若谷> /宣传 高头卫生院 传单130
    阮若谷> 照签收单
    邱思源> /经费 1000
    邱思源> /经费 1234.5元
    邱思源> /经费 -5
    邱思源> /经费
    江安然> /经费 100
  `),
  ).toMatchInlineSnapshot(`
    "华苏叶> /宣传
    机器人→华苏叶> 高头卫生院 2024年4月宣传情况【演示数据】
          | 没有请写0，没统计就空着
    华苏叶> /宣传 传单100 公众号一百 电子屏100 工作室有 其他:进村宣讲
    机器人→华苏叶> 已填报 高头卫生院 2024年4月宣传情况【演示数据】
          | 传单100 公众号100 电子屏100 工作室有 其他：进村宣讲
    华苏叶> /宣传 4月 传单120
    机器人→华苏叶> 已更正 高头卫生院 2024年4月宣传情况【演示数据】
          | 传单 100→120；现为 传单120 公众号100 电子屏100 工作室有 其他：进村宣讲
    华苏叶> /宣传 3月 传单10
    机器人→华苏叶> 高头卫生院 2024年3月月报已受理，不能再改【演示数据】
          | 确需更正，请卫健局开锁：/开锁 高头卫生院 3月 理由
          | 依据 永卫〔2024〕13号 六（二）：每月22日前报送本月工作量
    华苏叶> /宣传 5月 传单10
    机器人→华苏叶> 2024年5月还没到【演示数据】
          | 到那个月再填；本月的发 /宣传
    华苏叶> /宣传 工作室
    机器人→华苏叶> 没有记下，请看一下【演示数据】
          | “工作室”后面没有数；没有请写0，没统计就别写
          | 这样发：/宣传 2024-04 永定区高头镇卫生院 传单30 公众号5 电子屏6
          [有] [没有]
    华苏叶> [没有]
    机器人→华苏叶> 已更正 高头卫生院 2024年4月宣传情况【演示数据】
          | 工作室 有→无；现为 传单120 公众号100 电子屏100 工作室无 其他：进村宣讲
    华苏叶> /宣传 公众号500000
    机器人→华苏叶> 数字比平常大，请核对【演示数据】
          | 公众号500000人（平常不超过100000）
          | 还没有记下；数字对就点确认，不对请重发
          [确认无误]
    华苏叶> /宣传 虎岗卫生院 传单1
    机器人→华苏叶> 不能填这个单位的宣传情况【演示数据】
          | 只有该单位专人或卫健局可以
    阮若谷> /宣传 高头卫生院 传单130
    机器人→阮若谷> 华苏叶 4月8日 周一 08:00 已填，数不一样【演示数据】
          | 高头卫生院 2024年4月
          | 要改：传单 120→130
          | 还没有改；直接回复原因，如：漏计一场
          | 发 取消 不改
    阮若谷> 照签收单
    机器人→阮若谷> 已更正 高头卫生院 2024年4月宣传情况【演示数据】
          | 传单 120→130；现为 传单130 公众号100 电子屏100 工作室无 其他：进村宣讲
          | 代填
    邱思源> /经费 1000
    机器人→邱思源> 已填报 区医院 2024年4月巡诊经费【演示数据】
          | 经费1000
          | 只计合计数
    邱思源> /经费 1234.5元
    机器人→邱思源> 已更正 区医院 2024年4月巡诊经费【演示数据】
          | 经费 1000→1234.50；现为 经费1234.50
          | 只计合计数
    邱思源> /经费 -5
    机器人→邱思源> 没有记下，请看一下【演示数据】
          | “经费-5”不能是负数
          | 这样发：/经费 2024-04 永定区医院 经费1000
          [经费5]
    邱思源> /经费
    机器人→邱思源> 区医院 2024年4月巡诊经费【演示数据】
          | 已填：经费1234.50
          | 没有请写0，没统计就空着
    江安然> /经费 100
    机器人→江安然> 您不能用 /经费【演示数据】
          | 只限：支援单位管理员、卫健局工作人员
          | 发 帮助 看您能做什么"
  `);
});

test('the half day of home visits is met by the day’s figures, and is then asked of nobody', async () => {
  room = await chat();
  const asked = async () =>
    (await room.to('2024-04-15 09:00'))
      .filter(m => m.code === 'coverage.gap')
      .flatMap(m => m.card.lines)
      .join();
  expect(
    await room.play(`
    江安然> /签到
    江安然> /填报 诊疗20 上门3
    江安然> /我的
    华苏叶> /核实 江安然 在岗
    江安然> /我的
    华苏叶> /统计
  `),
  ).toMatchInlineSnapshot(`
    "江安然> /签到
    机器人→江安然> 已签到 高头卫生院【演示数据】
          | 4月8日 周一 08:00 坐诊
          | 等受援单位核实
    江安然> /填报 诊疗20 上门3
    机器人→江安然> 已填报 高头卫生院 4月8日 周一【演示数据】
          | 诊疗20 上门3
          | 没报：讨论、查房、讲座、培训、特殊（没有请写0）
          | 等受援单位核实
    江安然> /我的
    机器人→江安然> 江安然【演示数据】
          | 区医院医师
          | 2024年4月：1班，已核实 0 人次，待核实 1
          | 半天数 0/2，其中上门 0/1
          | 4月8日 周一 高头卫生院 坐诊 已签到
          | 手机 139****1027
    华苏叶> /核实 江安然 在岗
    机器人→华苏叶> 已核实 江安然 在岗【演示数据】
          | 高头卫生院 4月8日 周一
          | 工作量 诊疗20 上门3
    江安然> /我的
    机器人→江安然> 江安然【演示数据】
          | 区医院医师
          | 2024年4月：1班，已核实 1 人次，待核实 0
          | 工作量 诊疗20 上门3
          | 半天数 2/2，其中上门 1/1
          | 4月8日 周一 高头卫生院 坐诊 已核实
          | 手机 139****1027
    华苏叶> /统计
    机器人→华苏叶> 高头卫生院 2024年4月【演示数据】
          | 人次 已核实 1，待核实 0
          | 计划人次 到今天 1，全期 1
          | 完成每月1天 1/1 人，半天上门送医 1/1 人
          | 工作量 诊疗20 上门3"
  `);
  expect(await asked()).not.toContain('江安然');
});

test('the trend by month, with what was done', async () => {
  room = await chat();
  expect(await room.play('丘书瑶> /统计 今年')).toMatchInlineSnapshot(`
    "丘书瑶> /统计 今年
    机器人→丘书瑶> 永定区 2024年【演示数据】
          | 人次 已核实 72，待核实 1（已签到 0）
          | 计划人次 到今天 73，全期 95
          | 覆盖 24/24 家
          | 工作量 诊疗2203 讨论110 查房119 讲座38 培训471 特殊287 上门144
          | 月报 1个月，应报 24，已报 24，按时 24
          | 表：单位 已核实 待核实 计划到今天 全期计划（24行）"
  `);
  const [shown] = await room.say('丘书瑶', '/统计 今年');
  expect(shown!.card.chart).toMatchObject({ categories: ['1月', '2月', '3月', '4月'] });
  expect(shown!.card.chart!.series[0]!.values.slice(0, 3).every(v => v! > 0)).toBe(true);
});

test('the form is filled and sent: the same figures', async () => {
  room = await chat();
  await room.play('江安然> /签到');
  const [form] = await room.say('江安然', '/填报');
  expect(form!.card.form!.fields.map(f => f.label)).toEqual([
    '诊疗（人次）',
    '讨论（次）',
    '查房（次）',
    '讲座（次）',
    '培训（人次）',
    '特殊（人次）',
    '上门（次）',
    '其他',
    '上转（人次）（可不填）',
    '下转（人次）（可不填）',
    '远程（次）（可不填）',
    '适宜技术（项）（可不填）',
  ]);
  expect(form!.text).toContain('请发：/填报 诊疗: 讨论: 查房: 讲座: 培训: 特殊: 上门: 其他:');
  const [done] = await room.say('江安然', '', undefined, {
    kind: 'form',
    message: form!.id,
    values: { consultations: '30', lectures: '0', other: '义诊' },
  });
  expect(done!.card.lines.slice(0, 2)).toEqual(['诊疗30 讲座0 其他：义诊', '没报：讨论、查房、培训、特殊、上门（没有请写0）']);
  const [wrong] = await room.say('江安然', '', undefined, { kind: 'form', message: form!.id, values: { consultations: '-3' } });
  expect(wrong!.code).toBe('figures.unclear');
});

const fujian = readFileSync(join(packageRoot, 'src/programmes/fujian-2022.yaml'), 'utf8');
const section = (text: string, name: string) => new RegExp(`^${name}:\\n(?: .*\\n)+`, 'm').exec(text)![0];
/** Another document's sections in place of the county's own: no other code. */
const instead = (put: string) => (text: string) =>
  text.includes('id: yongding-2024')
    ? ['publicity', 'cost', 'forms'].reduce((t, name) => t.replace(section(t, name), ''), text.replace(section(text, 'workload'), put))
    : text;

test('the month that is meant where none is named is the one that is due next', () => {
  const programmes = loadProgrammes([join(packageRoot, 'src/programmes')]).map(p => p.programme);
  const ours = programmes.find(p => p.id === 'yongding-2024')!;
  const theirs = programmes.find(p => p.id === 'fujian-2022')!;
  expect(['2024-04-05', '2024-04-06'].map(d => reportedMonth(ours, day(d)))).toEqual(['2024-04', '2024-04']);
  expect(['2022-07-05', '2022-07-06'].map(d => reportedMonth(theirs, day(d)))).toEqual(['2022-06', '2022-07']);
});

test('Fujian’s figures and month: other words, the same commands', async () => {
  room = await chat({ rules: instead(section(fujian, 'workload')) });
  expect(
    await room.play(`
    江安然> /签到
    江安然> /填报 诊疗30 网课2 健康宣教三次 上门5
    江安然> /填报 诊疗30 网课2 健康宣教三次
    华苏叶> /宣传 传单5
    华苏叶> /核实
  `),
  ).toMatchInlineSnapshot(`
    "江安然> /签到
    机器人→江安然> 已签到 高头卫生院【演示数据】
          | 4月8日 周一 08:00 坐诊
          | 等受援单位核实
    江安然> /填报 诊疗30 网课2 健康宣教三次 上门5
    机器人→江安然> 没有记下，请看一下【演示数据】
          | 没有“上门”这一项
          | 看懂的：诊疗30 线上教学2 宣教3；请改好整行重发
          [记到“其他”]
    江安然> /填报 诊疗30 网课2 健康宣教三次
    机器人→江安然> 已填报 高头卫生院 4月8日 周一【演示数据】
          | 诊疗30 线上教学2 宣教3
          | 没报：讲座、查房、讨论（没有请写0）
          | 等受援单位核实
    华苏叶> /宣传 传单5
    机器人→华苏叶> 本方案没有要填的宣传情况【演示数据】
          | 来源：方案文件未写明
    华苏叶> /核实
    机器人→华苏叶> 高头卫生院 4月8日 周一【演示数据】
          | 江安然 坐诊：08:00签到；诊疗30 线上教学2 宣教3
          | 数字不对发：/改报 姓名 诊疗28 原因：…
          [在岗] [没到] [已改期]"
  `);
});

test('a third programme is a file and nothing else', async () => {
  room = await chat({
    rules: instead(`workload:
  clause: 第九条
  says: 每日填报
  figures:
    - {id: operations, name: 手术, words: [手术带教, 台次], unit: 台, unusual: 5}
    - {id: beds, name: 管床, words: [管理床位], unit: 张}
    - {id: door-to-door, name: 巡诊入户, unit: 户, meets: home-visit}
    - {id: clinic-open, name: 开诊, kind: yes-no}
    - {id: remark, name: 备注, kind: text}
`),
  });
  expect(
    await room.play(`
    江安然> /签到
    江安然> /填报 三台手术，管床12张，开诊：是 备注:疑难1例
    江安然> /填报 手术带教6
    江安然> /填报 巡诊入户2户
    华苏叶> /核实 江安然 在岗
    江安然> /我的
  `),
  ).toMatchInlineSnapshot(`
    "江安然> /签到
    机器人→江安然> 已签到 高头卫生院【演示数据】
          | 4月8日 周一 08:00 坐诊
          | 等受援单位核实
    江安然> /填报 三台手术，管床12张，开诊：是 备注:疑难1例
    机器人→江安然> 已填报 高头卫生院 4月8日 周一【演示数据】
          | 手术3 管床12 开诊有 备注：疑难1例
          | 没报：巡诊入户（没有请写0）
          | 等受援单位核实
    江安然> /填报 手术带教6
    机器人→江安然> 数字比平常大，请核对【演示数据】
          | 手术6台（平常不超过5）
          | 还没有记下；数字对就点确认，不对请重发
          [确认无误]
    江安然> /填报 巡诊入户2户
    机器人→江安然> 已更正 高头卫生院 4月8日 周一【演示数据】
          | 手术3 管床12 巡诊入户2 开诊有 备注：疑难1例
          | 等受援单位核实
    华苏叶> /核实 江安然 在岗
    机器人→华苏叶> 已核实 江安然 在岗【演示数据】
          | 高头卫生院 4月8日 周一
          | 工作量 手术3 管床12 巡诊入户2 开诊有 备注：疑难1例
    江安然> /我的
    机器人→江安然> 江安然【演示数据】
          | 区医院医师
          | 2024年4月：1班，已核实 1 人次，待核实 0
          | 工作量 手术3 管床12 巡诊入户2 开诊有
          | 半天数 2/2，其中上门 1/1
          | 4月8日 周一 高头卫生院 坐诊 已核实
          | 手机 139****1027"
  `);
});

test('figures said without the command lose nothing: what is not known among them is told beside what is', async () => {
  room = await chat({ at: '2024-04-17 15:00' });
  await room.say('谢卓群', '签到');
  expect(
    await room.play(`
    谢卓群> 今天门诊看了三十二个病人，疑难病例讨论2次，教学查房一次，给同事培训了12人次，协助转诊1人
    谢卓群> 看了30个病人 量血压50人 贴膏药3个
    谢卓群> 看了32个病人，上门看病3户
    谢卓群> 看了32个病人，真累
    谢卓群> 今天来了50人开会`),
  ).toMatchInlineSnapshot(`
    "谢卓群> 今天门诊看了三十二个病人，疑难病例讨论2次，教学查房一次，给同事培训了12人次，协助转诊1人
    机器人→谢卓群> 没有记下，请看一下【演示数据】
          | 没有“给同事培训”这一项，是不是：培训
          | 没有“协助转诊”这一项
          | 看懂的：诊疗32 讨论2 查房1；请改好整行重发
          [只报看懂的]
    谢卓群> 看了30个病人 量血压50人 贴膏药3个
    机器人→谢卓群> 没有记下，请看一下【演示数据】
          | 没有“量血压”这一项
          | 没有“贴膏药”这一项
          | 看懂的：诊疗30；请改好整行重发
          [只报看懂的]
    谢卓群> 看了32个病人，上门看病3户
    机器人→谢卓群> 您要的是不是：【演示数据】
          | 还没有办，点一下才办
          | 诊疗32
          | 没看懂：上门看病3户
          [填报]
    谢卓群> 看了32个病人，真累
    机器人→谢卓群> 您要的是不是：【演示数据】
          | 还没有办，点一下才办
          | 诊疗32
          [填报]
    谢卓群> 今天来了50人开会
    机器人→谢卓群> 您好，要办哪一件？【演示数据】
          | 我只认命令；发 帮助 看能做什么
          [/填报] [/排班] [/请假] [/待办] [/我的] [帮助]"
  `);
});
