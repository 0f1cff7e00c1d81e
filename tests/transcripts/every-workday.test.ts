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
