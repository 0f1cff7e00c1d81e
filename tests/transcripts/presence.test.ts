/** Who is there: a question first, a report only by the clinic, a finding only by a named person. */
import { afterEach, expect, test } from 'vitest';
import type { Message } from '../../src/bot/stage.ts';
import { day } from '../../src/core/day.ts';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room.close());

/** Words that no message may carry before somebody has weighed a case. */
const BEFORE_FINDING = /缺勤|脱岗|旷工|无故/;
const botWords = () => JSON.stringify((room.open.sandbox.messages() ?? []).filter(m => m.from === 'bot').map(m => [m.card, m.text]));

test('nothing known: one question to physician and clinic; 在路上 answers it; no answer goes to the hospital, and a count to the bureau', async () => {
  room = await chat({ at: '2024-04-09 08:00' });
  expect(
    await room.play(`
    -- 2024-04-09 10:30 --
    李若水> [在路上]
    张志恒> /在岗
    苏木香> /在岗
    -- 2024-04-09 12:00 --
    -- 2024-04-09 17:30 赖知远 邱思源 --
    丘书瑶> /在岗
    赖知远@专班> /在岗
  `),
  ).toMatchInlineSnapshot(`
    "-- 2024-04-09 10:30 --
    机器人→华苏叶> 4月8日 周一谁来了？【演示数据】
          | 江安然 坐诊
          | 依据 永卫〔2024〕13号 五（二）4：受援单位指定专人报送
          [在岗] [没到] [已改期]
    机器人→张志恒> 今天去洪山卫生院，到了吗？【演示数据】
          | 坐诊
          | 询问时间：系统默认
          [签到] [去不了，请假]
    机器人→丘一鸣> 今天去陈东卫生院，到了吗？【演示数据】
          | 坐诊
          | 询问时间：系统默认
          [签到] [去不了，请假]
    机器人→李若水> 今天张志恒医师到了吗？【演示数据】
          | 坐诊
          | 询问时间：系统默认
          [到了] [在路上] [已改期] [没到]
    机器人→苏木香> 今天丘一鸣医师到了吗？【演示数据】
          | 坐诊
          | 询问时间：系统默认
          [到了] [在路上] [已改期] [没到]
    李若水> [在路上]
    机器人→李若水> 记下了：张志恒在路上【演示数据】
          | 洪山卫生院 4月9日 周二
          | 到了请发 /核实
    张志恒> /在岗
    机器人→张志恒> 4月9日 周二 在岗情况【演示数据】
          | 张志恒 洪山卫生院：尚无到岗记录（受援单位说在路上）
          | 依据 永卫〔2024〕13号 七（三）：按安排到岗
    苏木香> /在岗
    机器人→苏木香> 4月9日 周二 在岗情况【演示数据】
          | 丘一鸣 陈东卫生院：尚无到岗记录
          | 依据 永卫〔2024〕13号 七（三）：按安排到岗
    -- 2024-04-09 12:00 --
    机器人→邱思源> 上午尚无到岗记录 1 人【演示数据】
          | 丘一鸣（陈东卫生院）
          | 已问过受援单位，还没有答复
          | 依据 永卫〔2024〕13号 五（二）4：未按要求到位应及时上报
    -- 2024-04-09 17:30 赖知远 邱思源 --
    机器人→赖知远> 今天尚无到岗记录 1 人【演示数据】
          | 陈东卫生院1
          | 看是谁、有什么记录：/在岗
          | 依据 永卫〔2024〕13号 五（二）4：未按要求到位应及时上报
    丘书瑶> /在岗
    机器人→丘书瑶> 4月9日 周二 在岗情况【演示数据】
          | 张志恒 洪山卫生院：尚无到岗记录（受援单位说在路上）
          | 丘一鸣 陈东卫生院：尚无到岗记录
          | 依据 永卫〔2024〕13号 七（三）：按安排到岗
    赖知远@专班> /在岗
    机器人@区卫健局下基层专班> 4月9日 周二 在岗情况【演示数据】
          | 张志恒 洪山卫生院：尚无到岗记录（受援单位说在路上）
          | 丘一鸣 陈东卫生院：尚无到岗记录
          | 依据 永卫〔2024〕13号 七（三）：按安排到岗"
  `);
  expect(botWords()).not.toMatch(BEFORE_FINDING);
});

test('到了 is a verification; a check-in settles the question; nobody is asked twice', async () => {
  room = await chat({ at: '2024-04-10 08:00' });
  expect(
    await room.play(`
    张晓岚> /签到
    -- 2024-04-10 10:30 --
    苏茯苓> [到了]
    -- 2024-04-10 17:30 --
    苏茯苓> /在岗
  `),
  ).toMatchInlineSnapshot(`
    "张晓岚> /签到
    机器人→张晓岚> 已签到 湖雷卫生院【演示数据】
          | 4月10日 周三 08:00 坐诊
          | 等受援单位核实
    -- 2024-04-10 10:30 --
    机器人→李若水> 4月9日 周二谁来了？【演示数据】
          | 张志恒 坐诊
          | 依据 永卫〔2024〕13号 五（二）4：受援单位指定专人报送
          [在岗] [没到] [已改期]
    机器人→苏木香> 4月9日 周二谁来了？【演示数据】
          | 丘一鸣 坐诊
          | 依据 永卫〔2024〕13号 五（二）4：受援单位指定专人报送
          [在岗] [没到] [已改期]
    机器人→蓝松年> 今天去高陂卫生院，到了吗？【演示数据】
          | 上午坐诊，下午上门送医
          | 询问时间：系统默认
          [签到] [去不了，请假]
    机器人→苏茯苓> 今天蓝松年医师到了吗？【演示数据】
          | 上午坐诊，下午上门送医
          | 询问时间：系统默认
          [到了] [在路上] [没到]
    苏茯苓> [到了]
    机器人→苏茯苓> 已核实 蓝松年 在岗【演示数据】
          | 高陂卫生院 4月10日 周三
          | 没签到的按受援单位登记
    -- 2024-04-10 17:30 --
    机器人→官建业> 4月11日 周四去合溪卫生院【演示数据】
          | 上午坐诊，下午上门送医
          | 到了发 签到
          | 提醒时间：系统默认
    机器人→廖行健> 4月11日 周四去西溪卫生院【演示数据】
          | 坐诊
          | 到了发 签到
          | 提醒时间：系统默认
    机器人→沈白芷> 今天谁来了？【演示数据】
          | 张晓岚 坐诊，已签到
          | 依据 永卫〔2024〕13号 五（二）4：受援单位指定专人报送
          [在岗] [没到] [已改期]
    机器人→游谷雨> 4月11日 周四 官建业来合溪卫生院【演示数据】
          | 上午坐诊，下午上门送医
          | 提醒时间：系统默认
    机器人→吴知夏> 4月11日 周四 廖行健来西溪卫生院【演示数据】
          | 坐诊
          | 提醒时间：系统默认
    苏茯苓> /在岗
    机器人→苏茯苓> 4月10日 周三 在岗情况【演示数据】
          | 蓝松年 高陂卫生院：已核实在岗（受援单位登记）
          | 依据 永卫〔2024〕13号 七（三）：按安排到岗"
  `);
});

test('没到 is a report to be weighed: heard, decided by name, objected to, reviewed by another', async () => {
  room = await chat({ at: '2024-04-09 08:00' });
  const heard = await room.play(`
    -- 2024-04-09 10:30 李若水 --
    李若水> [没到]
    赖知远> /认定 {号}
    赖知远> /认定 {号} 成立 没有到岗记录
    张志恒> /说明 {号} 路上塌方，12点才到村口
    赖知远> /认定 {号}
    张志恒> /在岗
  `);
  expect(heard).toMatchInlineSnapshot(`
    "-- 2024-04-09 10:30 李若水 --
    机器人→李若水> 今天张志恒医师到了吗？【演示数据】
          | 坐诊
          | 询问时间：系统默认
          [到了] [在路上] [已改期] [没到]
    李若水> [没到]
    机器人→李若水> 已上报 张志恒 未到【演示数据】
          | 洪山卫生院 4月9日 周二
          | 已告知支援单位、总医院和卫健局，待核实
          | 误点了发 /撤销
    机器人→赖知远> 受援单位反映未到，待核实：张志恒【演示数据】
          | 洪山卫生院 4月9日 周二
          | 没有签到记录
          | 依据 永卫〔2024〕13号 五（二）4：未按要求到位应及时上报
    机器人→张志恒> 洪山卫生院反映您4月9日 周二未到【演示数据】
          | 这只是反映，尚未认定
          | 您到了或另有安排，请联系受援单位更正
          | 有情况请在4月11日 周四前发：/说明 6 情况
    机器人→邱思源> 受援单位反映未到，待核实：张志恒【演示数据】
          | 洪山卫生院 4月9日 周二
          | 没有签到记录
          | 依据 永卫〔2024〕13号 五（二）4：未按要求到位应及时上报
          | 有情况请在4月11日 周四前发：/说明 6 情况
    赖知远> /认定 {号}
    机器人→赖知远> 待认定：张志恒 4月9日 周二 洪山卫生院【演示数据】
          | 受援单位反映未到
          | 没有签到记录
          | 听取说明到4月11日 周四，还没说明：张志恒医师、支援单位区医院
          | 依据 永卫〔2024〕13号 七（三）：此类情形的，依法依规处理
          [有正当理由] [反映属实]
    赖知远> /认定 {号} 成立 没有到岗记录
    机器人→赖知远> 还没到认定的时候【演示数据】
          | 还没说明：张志恒医师、支援单位区医院
          | 都说明了就能认定，最迟等到4月11日 周四
          | 期限2个工作日，系统默认
    张志恒> /说明 {号} 路上塌方，12点才到村口
    机器人→张志恒> 说明已记下，转给卫健局【演示数据】
          | 张志恒 4月9日 周二 洪山卫生院
          | 认定后会告诉您，可以提异议
    机器人→赖知远> 待认定：张志恒 4月9日 周二 洪山卫生院【演示数据】
          | 受援单位反映未到
          | 没有签到记录
          | 本人说明：路上塌方，12点才到村口
          | 听取说明到4月11日 周四，还没说明：支援单位区医院
          | 依据 永卫〔2024〕13号 七（三）：此类情形的，依法依规处理
          [有正当理由] [反映属实]
    赖知远> /认定 {号}
    机器人→赖知远> 待认定：张志恒 4月9日 周二 洪山卫生院【演示数据】
          | 受援单位反映未到
          | 没有签到记录
          | 本人说明：路上塌方，12点才到村口
          | 听取说明到4月11日 周四，还没说明：支援单位区医院
          | 依据 永卫〔2024〕13号 七（三）：此类情形的，依法依规处理
          [有正当理由] [反映属实]
    张志恒> /在岗
    机器人→张志恒> 4月9日 周二 在岗情况【演示数据】
          | 张志恒 洪山卫生院：受援单位反映未到（待认定）
          | 依据 永卫〔2024〕13号 七（三）：按安排到岗"
  `);
  expect(botWords()).not.toMatch(BEFORE_FINDING);
  expect(
    await room.play(`
    -- 2024-04-11 09:00 张志恒 邱思源 赖知远 --
    -- 2024-04-12 09:00 张志恒 邱思源 赖知远 --
    阮若谷> /认定 {号} 无故 没有到岗记录
    邱思源> /认定 {号} 无故 没有到岗记录
    赖知远> /认定 {号} 无故
    赖知远> 没有到岗记录，说明没有佐证
    张志恒> /在岗 4月9日
    赖知远> /认定 {号} 有因 再看看
    -- 2024-04-17 09:00 张志恒 --
    张志恒> /异议 {号} 有救援队记录
    赖知远> /认定 {号} 无故 维持
    钟雨桐> /认定 {号} 有因 救援队记录属实
    张志恒> /异议 {号} 谢谢
    张志恒> /在岗 4月9日
  `),
  ).toMatchInlineSnapshot(`
    "-- 2024-04-11 09:00 张志恒 邱思源 赖知远 --
    机器人→邱思源> 上午尚无到岗记录 1 人【演示数据】
          | 丘一鸣（陈东卫生院）
          | 已问过受援单位，还没有答复
          | 依据 永卫〔2024〕13号 五（二）4：未按要求到位应及时上报
    机器人→赖知远> 今天尚无到岗记录 1 人【演示数据】
          | 陈东卫生院1
          | 看是谁、有什么记录：/在岗
          | 依据 永卫〔2024〕13号 五（二）4：未按要求到位应及时上报
    机器人→邱思源> 上午尚无到岗记录 2 人【演示数据】
          | 张晓岚（湖雷卫生院）、蓝松年（高陂卫生院）
          | 已问过受援单位，还没有答复
          | 依据 永卫〔2024〕13号 五（二）4：未按要求到位应及时上报
    机器人→赖知远> 今天尚无到岗记录 2 人【演示数据】
          | 湖雷卫生院1、高陂卫生院1
          | 看是谁、有什么记录：/在岗
          | 依据 永卫〔2024〕13号 五（二）4：未按要求到位应及时上报
    机器人→邱思源> 今天是说明的最后一天：张志恒 4月9日 周二 洪山卫生院【演示数据】
          | 发：/说明 6 情况
          | 期限2个工作日，系统默认
    -- 2024-04-12 09:00 张志恒 邱思源 赖知远 --
    机器人→邱思源> 上午尚无到岗记录 1 人【演示数据】
          | 廖行健（西溪卫生院）
          | 已问过受援单位，还没有答复
          | 依据 永卫〔2024〕13号 五（二）4：未按要求到位应及时上报
    机器人→赖知远> 今天尚无到岗记录 2 人【演示数据】
          | 合溪卫生院1、西溪卫生院1
          | 看是谁、有什么记录：/在岗
          | 依据 永卫〔2024〕13号 五（二）4：未按要求到位应及时上报
    机器人→赖知远> 说明期已满，可以办理：张志恒 4月9日 周二 洪山卫生院【演示数据】
          | 本人已说明，支援单位未说明
          | 期限2个工作日，系统默认
          [看材料]
    阮若谷> /认定 {号} 无故 没有到岗记录
    机器人→阮若谷> 这件事不由您认定【演示数据】
          | 由医政股或分管领导具名认定
    邱思源> /认定 {号} 无故 没有到岗记录
    机器人→邱思源> 您不能用 /认定【演示数据】
          | 只限：卫健局工作人员
          | 发 帮助 看您能做什么
    赖知远> /认定 {号} 无故
    机器人→赖知远> 请写认定理由【演示数据】
          | 直接回复，会告诉本人和支援单位
          | 发 取消 不办
    赖知远> 没有到岗记录，说明没有佐证
    机器人→赖知远> 已认定：未经书面正式请假脱岗【演示数据】
          | 张志恒 4月9日 周二 洪山卫生院
          | 已告知本人和支援单位
    机器人→张志恒> 认定：未经书面正式请假脱岗【演示数据】
          | 张志恒 4月9日 周二 洪山卫生院
          | 理由：没有到岗记录，说明没有佐证
          | 认定人：赖知远
          | 不同意的，4月17日 周三前发：/异议 6 理由
          | 期限3个工作日，系统默认
          | 依据 永卫〔2024〕13号 七（三）：未经书面正式请假脱岗的，依法依规处理
    机器人→邱思源> 认定：未经书面正式请假脱岗【演示数据】
          | 张志恒 4月9日 周二 洪山卫生院
          | 理由：没有到岗记录，说明没有佐证
          | 认定人：赖知远
          | 不同意的，4月17日 周三前发：/异议 6 理由
          | 期限3个工作日，系统默认
          | 依据 永卫〔2024〕13号 七（三）：未经书面正式请假脱岗的，依法依规处理
    张志恒> /在岗 4月9日
    机器人→张志恒> 4月9日 周二 在岗情况【演示数据】
          | 张志恒 洪山卫生院：已认定：未经书面正式请假脱岗
          | 依据 永卫〔2024〕13号 七（三）：按安排到岗
    赖知远> /认定 {号} 有因 再看看
    机器人→赖知远> 已认定：未经书面正式请假脱岗【演示数据】
          | 赖知远 4月12日 周五 09:00
          | 可提异议到4月17日 周三
    -- 2024-04-17 09:00 张志恒 --
    机器人→张志恒> 今天是提异议的最后一天：张志恒 4月9日 周二 洪山卫生院【演示数据】
          | 不同意的，发：/异议 6 理由
          | 期限3个工作日，系统默认
    张志恒> /异议 {号} 有救援队记录
    机器人→张志恒> 异议已提交【演示数据】
          | 张志恒 4月9日 周二 洪山卫生院
          | 由另一位复核，结果会告诉您
    机器人→钟雨桐> 异议待复核：张志恒 4月9日 周二 洪山卫生院【演示数据】
          | 由另一位复核
          | 受援单位反映未到
          | 没有签到记录
          | 本人说明：路上塌方，12点才到村口
          | 本人异议：有救援队记录
          | 依据 永卫〔2024〕13号 七（三）：此类情形的，依法依规处理
          [有正当理由] [反映属实]
    赖知远> /认定 {号} 无故 维持
    机器人→赖知远> 异议要由另一位复核【演示数据】
          | 由副岗或分管领导认定
    钟雨桐> /认定 {号} 有因 救援队记录属实
    机器人→钟雨桐> 已认定：有正当理由【演示数据】
          | 张志恒 4月9日 周二 洪山卫生院
          | 已告知本人和支援单位
    机器人→张志恒> 复核认定：有正当理由【演示数据】
          | 张志恒 4月9日 周二 洪山卫生院
          | 理由：救援队记录属实
          | 认定人：钟雨桐
    机器人→邱思源> 复核认定：有正当理由【演示数据】
          | 张志恒 4月9日 周二 洪山卫生院
          | 理由：救援队记录属实
          | 认定人：钟雨桐
    张志恒> /异议 {号} 谢谢
    机器人→张志恒> 这件事没有可提的异议【演示数据】
          | 认定有正当理由
    张志恒> /在岗 4月9日
    机器人→张志恒> 4月9日 周二 在岗情况【演示数据】
          | 张志恒 洪山卫生院：已认定：有正当理由
          | 依据 永卫〔2024〕13号 七（三）：按安排到岗"
  `);
});

test('没到 although checked in; corrected to 在岗 the case is closed; an objection after its limit', async () => {
  room = await chat({ at: '2024-04-09 08:00' });
  expect(
    await room.play(`
    张志恒> /签到
    李若水> /核实 张志恒 没到
    张志恒> /待办
    李若水> /核实 张志恒 在岗
    赖知远> /认定 {号}
    丘一鸣> /在岗
    苏木香> /核实 丘一鸣 没到
    -- 2024-04-12 09:30 赖知远 --
    赖知远> /认定 {号} 成立 双方没有说明
    -- 2024-04-18 09:30 丘一鸣 --
    丘一鸣> /异议 {号} 我到了的
  `),
  ).toMatchInlineSnapshot(`
    "张志恒> /签到
    机器人→张志恒> 已签到 洪山卫生院【演示数据】
          | 4月9日 周二 08:00 坐诊
          | 等受援单位核实
    李若水> /核实 张志恒 没到
    机器人→李若水> 已上报 张志恒 未到【演示数据】
          | 洪山卫生院 4月9日 周二
          | 已告知支援单位、总医院和卫健局，待核实
          | 误点了发 /撤销
    机器人→赖知远> 受援单位反映未到，待核实：张志恒【演示数据】
          | 洪山卫生院 4月9日 周二
          | 本人08:00签到过，请核对
          | 依据 永卫〔2024〕13号 五（二）4：未按要求到位应及时上报
    机器人→张志恒> 洪山卫生院反映您4月9日 周二未到【演示数据】
          | 这只是反映，尚未认定
          | 您到了或另有安排，请联系受援单位更正
          | 有情况请在4月11日 周四前发：/说明 3 情况
    机器人→邱思源> 受援单位反映未到，待核实：张志恒【演示数据】
          | 洪山卫生院 4月9日 周二
          | 本人08:00签到过，请核对
          | 依据 永卫〔2024〕13号 五（二）4：未按要求到位应及时上报
          | 有情况请在4月11日 周四前发：/说明 3 情况
    张志恒> /待办
    机器人→张志恒> 有1件事【演示数据】
          | 可作说明到4月11日 周四：张志恒 4月9日 周二，发 /说明 3 情况
    李若水> /核实 张志恒 在岗
    机器人→李若水> 已核实 张志恒 在岗【演示数据】
          | 洪山卫生院 4月9日 周二
    机器人→赖知远> 更正：张志恒4月9日 周二在岗【演示数据】
          | 洪山卫生院
          | 先前反映的未到作废
    机器人→张志恒> 更正：您4月9日 周二在岗【演示数据】
          | 洪山卫生院
          | 先前反映的未到作废
    机器人→邱思源> 更正：张志恒4月9日 周二在岗【演示数据】
          | 洪山卫生院
          | 先前反映的未到作废
    赖知远> /认定 {号}
    机器人→赖知远> 这件事已经了结【演示数据】
          | 张志恒 4月9日 周二 洪山卫生院
    丘一鸣> /在岗
    机器人→丘一鸣> 4月9日 周二 在岗情况【演示数据】
          | 丘一鸣 陈东卫生院：尚无到岗记录
          | 依据 永卫〔2024〕13号 七（三）：按安排到岗
    苏木香> /核实 丘一鸣 没到
    机器人→苏木香> 已上报 丘一鸣 未到【演示数据】
          | 陈东卫生院 4月9日 周二
          | 已告知支援单位、总医院和卫健局，待核实
          | 误点了发 /撤销
    机器人→赖知远> 受援单位反映未到，待核实：丘一鸣【演示数据】
          | 陈东卫生院 4月9日 周二
          | 没有签到记录
          | 依据 永卫〔2024〕13号 五（二）4：未按要求到位应及时上报
    机器人→丘一鸣> 陈东卫生院反映您4月9日 周二未到【演示数据】
          | 这只是反映，尚未认定
          | 您到了或另有安排，请联系受援单位更正
          | 有情况请在4月11日 周四前发：/说明 8 情况
    机器人→邱思源> 受援单位反映未到，待核实：丘一鸣【演示数据】
          | 陈东卫生院 4月9日 周二
          | 没有签到记录
          | 依据 永卫〔2024〕13号 五（二）4：未按要求到位应及时上报
          | 有情况请在4月11日 周四前发：/说明 8 情况
    -- 2024-04-12 09:30 赖知远 --
    机器人→赖知远> 今天尚无到岗记录 2 人【演示数据】
          | 湖雷卫生院1、高陂卫生院1
          | 看是谁、有什么记录：/在岗
          | 依据 永卫〔2024〕13号 五（二）4：未按要求到位应及时上报
    机器人→赖知远> 今天尚无到岗记录 2 人【演示数据】
          | 合溪卫生院1、西溪卫生院1
          | 看是谁、有什么记录：/在岗
          | 依据 永卫〔2024〕13号 五（二）4：未按要求到位应及时上报
    机器人→赖知远> 说明期已满，可以办理：丘一鸣 4月9日 周二 陈东卫生院【演示数据】
          | 本人未说明，支援单位未说明
          | 期限2个工作日，系统默认
          [看材料]
    赖知远> /认定 {号} 成立 双方没有说明
    机器人→赖知远> 已认定：未经书面正式请假脱岗【演示数据】
          | 丘一鸣 4月9日 周二 陈东卫生院
          | 已告知本人和支援单位
    机器人→丘一鸣> 认定：未经书面正式请假脱岗【演示数据】
          | 丘一鸣 4月9日 周二 陈东卫生院
          | 理由：双方没有说明
          | 认定人：赖知远
          | 不同意的，4月17日 周三前发：/异议 8 理由
          | 期限3个工作日，系统默认
          | 依据 永卫〔2024〕13号 七（三）：未经书面正式请假脱岗的，依法依规处理
    机器人→邱思源> 认定：未经书面正式请假脱岗【演示数据】
          | 丘一鸣 4月9日 周二 陈东卫生院
          | 理由：双方没有说明
          | 认定人：赖知远
          | 不同意的，4月17日 周三前发：/异议 8 理由
          | 期限3个工作日，系统默认
          | 依据 永卫〔2024〕13号 七（三）：未经书面正式请假脱岗的，依法依规处理
    -- 2024-04-18 09:30 丘一鸣 --
    机器人→丘一鸣> 今天是提异议的最后一天：丘一鸣 4月9日 周二 陈东卫生院【演示数据】
          | 不同意的，发：/异议 8 理由
          | 期限3个工作日，系统默认
    丘一鸣> /异议 {号} 我到了的
    机器人→丘一鸣> 异议期到4月17日 周三为止【演示数据】
          | 期限3个工作日，系统默认
          | 可书面向卫健局反映"
  `);
});

test('the question follows the bureau’s summer and winter hours, and a clinic without a 专人 is asked through its hospital', async () => {
  room = await chat({ at: '2024-04-18 08:00' });
  await room.say('赖知远', '/设置 工作时间 08:30-12:00 14:30-17:30；04-15至09-30 09:00-12:00 15:00-18:00');
  const asked = async (time: string) => (await room.to(time)).filter(m => m.code.startsWith('presence.ask'));
  expect(await asked('2024-04-18 11:29')).toEqual([]);
  expect((await asked('2024-04-18 11:30')).map(m => m.card.title.replace('【演示数据】', '')).sort()).toEqual([
    '丘念慈今天去虎岗卫生院，到了吗？',
    '今天丘念慈医师到了吗？',
    '今天去峰市卫生院，到了吗？',
    '今天郑婉清医师到了吗？',
  ]);
  const friday = await asked('2024-04-19 11:30');
  expect(friday.map(m => m.card.title.replace('【演示数据】', ''))).toContain('金砂卫生院没有专人，请代问：今天罗玉成医师到了吗？');
  const [reason] = await room.press('赖静姝', '到了');
  expect(reason!.code).toBe('verify.reason');
});

test('a day without visits leads the clinic to the days that still wait for its word', async () => {
  room = await chat();
  expect(
    await room.play(`
    -- 2024-04-17 08:00 李若水 --
    李若水> /核实
    李若水> [核实4月9日 周二]
    李若水> [在岗]
    李若水> /核实
  `),
  ).toMatchInlineSnapshot(`
    "-- 2024-04-17 08:00 李若水 --
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
    机器人→李若水> 4月9日 周二谁来了？【演示数据】
          | 张志恒 坐诊
          | 依据 永卫〔2024〕13号 五（二）4：受援单位指定专人报送
          [在岗] [没到] [已改期]
    李若水> /核实
    机器人→李若水> 洪山卫生院 4月17日 周三没有班次【演示数据】
          | 以前还没核实：4月9日 周二
          [核实4月9日 周二]
    李若水> [核实4月9日 周二]
    机器人→李若水> 洪山卫生院 4月9日 周二【演示数据】
          | 张志恒 坐诊：没有签到记录
          [在岗] [没到] [已改期]
    李若水> [在岗]
    机器人→李若水> 已核实 张志恒 在岗【演示数据】
          | 洪山卫生院 4月9日 周二
          | 没签到的按受援单位登记
    李若水> /核实
    机器人→李若水> 洪山卫生院 4月17日 周三没有班次【演示数据】"
  `);
});

test('nobody is asked whether they came themselves: another of the unit is, else its head, else the hospital', async () => {
  const asked = async (...roles: string[]) => {
    room = await chat({ at: '2024-04-09 08:00' });
    for (const r of roles) expect((await room.say('赖知远', r))[0]!.code).toMatch(/grant\.done|revoke\.done/);
    const told = (await room.to('2024-04-09 10:30')).filter(m => m.text.includes('张志恒医师到了吗'));
    return told.map(m => m.conversation.name);
  };
  const also = '/授权 张志恒 受援单位专人 洪山卫生院';
  expect(await asked(also)).toEqual(['李若水']);
  await room.close();
  const alone = ['/撤权 李若水 受援单位专人 洪山卫生院', also];
  expect(await asked(...alone, '/授权 黄怀瑾 单位负责人 洪山卫生院')).toEqual(['黄怀瑾']);
  expect((await room.press('黄怀瑾', '到了'))[0]!.code).toMatch(/^verify\.(reason|done)$/);
  await room.close();
  expect(await asked(...alone)).toEqual(['邱思源']);
  await room.close();
  // Whoever stands in for the unit is not asked about their own either.
  expect(await asked('/撤权 李若水 受援单位专人 洪山卫生院', '/授权 张志恒 支援单位管理员 区医院')).toEqual(['邱思源']);
});

test('/在岗 with a name shows that physician, and the clinic’s word is one tap; a name that nobody has shows and verifies nobody', async () => {
  room = await chat({ at: '2024-04-10 10:00' });
  const journal = async () => (await room.open.store().read.journal({}, 1))[0]?.seq;
  const before = await journal();
  const [known, ...others] = await room.say('苏茯苓', '在岗 蓝松年');
  expect(known!.card.title).toContain('蓝松年 4月10日 周三 在岗情况');
  expect(known!.card.buttons!.map(b => b.label)).toEqual(['在岗', '没到', '上午已改期', '下午已改期']);
  expect(others).toEqual([]);
  for (const [text, offers] of [
    ['在岗 王五', ['蓝松年']],
    ['在岗 王五医生', ['蓝松年']],
    ['在岗 蓝松', ['蓝松年']],
  ] as const) {
    const [answer] = await room.say('苏茯苓', text);
    expect([answer!.code, answer!.card.lines[0]]).toEqual(['presence.who', '没有核实任何人，请写全名']);
    expect(answer!.card.buttons!.map(b => b.label)).toEqual(offers);
  }
  // Nobody hears of visits that are not theirs to see.
  expect((await room.say('李若水', '在岗 王五'))[0]!.card.buttons ?? []).toEqual([]);
  expect(await journal()).toBe(before);
  for (const text of ['在岗 都有谁', '在岗 今天 情况', '在岗']) expect((await room.say('苏茯苓', text))[0]!.code).toBe('presence.shown');
  // Others see the same and cannot say it.
  expect((await room.say('蓝松年', '在岗 蓝松年'))[0]!.card.buttons).toBeUndefined();
  await room.say('苏茯苓', '在岗 王五');
  await room.press('苏茯苓', '蓝松年');
  expect((await room.press('苏茯苓', '在岗'))[0]!.card.title).toContain('已核实 蓝松年 在岗');
});

test('two of one name are asked about', async () => {
  room = await chat({ at: '2024-04-10 10:00' });
  await room.open
    .store()
    .turn({ platform: 'x', app: 'x', eventId: 'x', conversation: 'x', account: 'x', sentAt: 0, receivedAt: 0 }, async tx => {
      const one = (await tx.read.first('people', { name: '蓝松年' }))!;
      await tx.apply([{ table: 'people', id: 'namesake', to: { ...one, id: 'namesake' } }], {
        actor: null,
        command: '',
        sentAt: 0,
        now: 0,
      });
      return 'done';
    });
  expect((await room.say('苏茯苓', '在岗 蓝松年'))[0]!.code).toBe('args.ambiguous');
});

const places = (messages: readonly Message[], code: string) =>
  messages
    .filter(m => m.code === code)
    .map(m => `${m.conversation.name}：${m.card.title.replace('【演示数据】', '')}`)
    .sort();

test('whoever was told that somebody did not come is told when that is corrected or taken back', async () => {
  room = await chat({ at: '2024-04-17 15:00' });
  const told = ['巫承安', '赖知远', '谢卓群', '邱思源'];
  const who = (messages: readonly Message[], code: string) => places(messages, code).map(l => l.split('：')[0]!);
  const report = await room.say('池景天', '/核实 4月17日 谢卓群 没到');
  const reported = [...who(report, 'presence.reported'), ...who(report, 'presence.reported-you')].sort();
  expect(reported).toEqual([...told].sort());
  const corrected = await room.say('池景天', '/核实 4月17日 谢卓群 在岗');
  expect(places(corrected, 'presence.corrected')).toEqual([
    '巫承安：更正：谢卓群4月17日 周三在岗',
    '谢卓群：更正：您4月17日 周三在岗',
    '赖知远：更正：谢卓群4月17日 周三在岗',
    '邱思源：更正：谢卓群4月17日 周三在岗',
  ]);
  // The correction is taken back, and then the report itself.
  const again = await room.say('池景天', '/撤销');
  expect(places(again, 'presence.corrected')[0]).toBe('巫承安：仍反映未到，待核实：谢卓群4月17日 周三');
  await room.say('池景天', '/核实 4月17日 谢卓群 在岗');
  await room.to('2024-04-17 15:20');
  expect(places(await room.say('池景天', '/核实 4月17日 谢卓群 没到 更正'), 'presence.reported')).toHaveLength(3);
  const back = await room.say('池景天', '/撤销');
  expect(who(back, 'presence.corrected').sort()).toEqual([...told].sort());
  expect(back[0]!.card.lines).toEqual(['收回的是“已上报 谢卓群 未到”', '已告知支援单位、总医院、卫健局和本人']);
});

test('a button of an old card says how it stands and changes nothing unasked', async () => {
  room = await chat({ at: '2024-04-17 15:00' });
  const shown = await room.say('池景天', '/核实');
  expect(shown[0]!.card.buttons!.map(b => b.label)).toEqual(['在岗', '没到', '已改期']);
  await room.press('池景天', '在岗');
  for (const [button, again] of [
    ['没到', '更正为没到'],
    ['已改期', '更正为已改期'],
  ] as const) {
    const index = shown[0]!.card.buttons!.findIndex(b => b.label === button);
    const stands = await room.say('池景天', '', undefined, { kind: 'button', message: shown[0]!.id, index });
    expect(stands.map(m => m.code)).toEqual(['verify.stands']);
    expect(stands[0]!.card.title).toContain('谢卓群4月17日 周三已核实在岗，没有改');
    expect(stands[0]!.card.buttons!.map(b => b.label)).toEqual([again]);
  }
  expect((await room.press('池景天', '更正为已改期')).map(m => m.code)).toEqual(['verify.moved-to']);
  expect((await room.say('池景天', '4月24日'))[0]!.card.title).toContain('谢卓群改到4月24日 周三');
});

test('of a day of which one half is verified, the word is about the other half', async () => {
  room = await chat({ at: '2024-04-17 15:00' });
  const read = room.open.store().read;
  const person = (await read.all('people', { name: '吴沐阳' }))[0]!.id;
  const all = () => read.all('visits', { person, day: day('2024-04-17') });
  const am = (await all()).find(v => v.am);
  await room.say('黄怀瑾', `/核实 ${am!.id} 在岗`);
  expect((await room.say('黄怀瑾', '/核实 吴沐阳 没到'))[0]!.code).toBe('verify.not-there');
  expect((await all()).map(v => `${v.am ? '上午' : '下午'} ${v.presence}`).sort()).toEqual(['上午 present', '下午 not-there']);
});

test('a visit in an accepted or locked report stays, and it is said what to do first; so does one that was weighed', async () => {
  room = await chat({ at: '2024-04-08 08:00' });
  const [kept, ...others] = await room.say('池景天', '/核实 3月20日 谢卓群 没到');
  expect(others).toEqual([]);
  expect(kept!.code).toBe('verify.in-report');
  expect(kept!.card.title).toContain('谢卓群3月20日 周三已在古竹卫生院2024年3月首次月报里，没有改');
  expect(kept!.card.lines).toEqual(['月报已受理，要改先请卫健局退回：', '/月报 退回 古竹卫生院 3月 原因']);
  expect((await room.say('池景天', '/核实 3月20日 谢卓群 没到 更正'))[0]!.code).toBe('verify.in-report');
  expect((await room.say('赖知远', '/月报 退回 古竹卫生院 3月 人次有误'))[0]!.code).toBe('report.returned');
  expect((await room.say('池景天', '/核实 3月20日 谢卓群 没到'))[0]!.code).toBe('verify.stands');
  await room.to('2024-04-17 15:00');
  const reported = await room.say('池景天', '/核实 4月17日 谢卓群 没到');
  const id = /说明 (\S+)/.exec(JSON.stringify(reported.find(m => m.code === 'presence.reported-you')!.card))?.[1];
  expect(id).toBeDefined();
  await room.to('2024-04-22 09:00');
  expect((await room.say('赖知远', `/认定 ${id} 成立 双方没有说明`))[0]!.code).toBe('case.found-done');
  const decided = await room.say('池景天', '/核实 4月17日 谢卓群 在岗');
  expect(decided.map(m => m.code)).toEqual(['verify.decided']);
  expect(decided[0]!.card.lines[0]).toContain(`/异议 ${id} 理由`);
});

test('a case waits for those who may weigh it, and an objection for another than who decided', async () => {
  room = await chat({ at: '2024-04-17 15:00' });
  await room.say('池景天', '/核实 谢卓群 没到');
  const { id } = (await room.open.store().read.all('cases', {}))[0]!;
  const waits = async (who: string) => /待认定|复核异议/.test((await room.say(who, '/待办'))[0]!.text);
  expect([await waits('赖知远'), await waits('钟雨桐'), await waits('阮若谷'), await waits('官文澜')]).toEqual([true, true, false, false]);
  await room.say('谢卓群', `/说明 ${id} 车坏在半路`);
  await room.say('巫承安', `/说明 ${id} 属实`);
  await room.say('赖知远', `/认定 ${id} 无故 没有请假`);
  const [, ...told] = await room.say('谢卓群', `/异议 ${id} 车坏了`);
  expect(told.map(m => m.conversation.name)).toEqual(['钟雨桐']);
  expect([await waits('赖知远'), await waits('钟雨桐')]).toEqual([false, true]);
  expect((await room.say('钟雨桐', `/认定 ${id} 有因 车坏属实`))[0]!.code).toBe('case.found-done');
});

test('没到, taken back, and 没到 again: nobody reads the same card twice, and the last one says that it holds', async () => {
  room = await chat({ at: '2024-04-17 15:00' });
  const titles = (messages: readonly Message[]) => messages.slice(1).map(m => m.card.title);
  const first = titles(await room.say('池景天', '/核实 4月17日 谢卓群 没到'));
  expect(titles(await room.say('池景天', '/撤销'))).toHaveLength(4);
  const second = await room.say('池景天', '/核实 4月17日 谢卓群 没到');
  expect(titles(second)).toHaveLength(4);
  expect(titles(second).filter(t => first.includes(t))).toEqual([]);
  const hospital = second.find(m => m.conversation.name === '巫承安')!;
  expect(hospital.card.title).toContain('受援单位再次反映未到，待核实：谢卓群');
  expect(hospital.card.lines).toContain('先前的更正作废，以这条为准');
  // The case that was opened first went with it: the number to answer under is that of the new one.
  const [open, ...none] = await room.open.store().read.all('cases', {});
  expect(none).toEqual([]);
  for (const who of ['巫承安', '谢卓群']) expect(second.find(m => m.conversation.name === who)!.text).toContain(`/说明 ${open!.id} 情况`);
});
