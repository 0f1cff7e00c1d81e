/** Which visit a check-in is taken for, and what else is said then. */
import { afterEach, expect, test } from 'vitest';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room.close());

test('a second tap in the morning does not sign the afternoon’s visit', async () => {
  room = await chat({ at: '2024-04-08 08:00' });
  await room.play(`
    赖知远> /排班 谢卓群 4月10日 上午 坐诊
    赖知远> /排班 谢卓群 4月10日 下午 上门送医
  `);
  await room.to('2024-04-10 08:30');
  expect(
    await room.play(`
    谢卓群> /签到
    谢卓群> /签到
    -- 2024-04-10 11:59 无人 --
    谢卓群> /签到
    -- 2024-04-10 14:40 无人 --
    谢卓群> /签到
    谢卓群> /签到
  `),
  ).toMatchInlineSnapshot(`
    "谢卓群> /签到
    机器人→谢卓群> 已签到 古竹卫生院【演示数据】
          | 4月10日 周三 08:30 上午坐诊
          | 等受援单位核实
    谢卓群> /签到
    机器人→谢卓群> 已经签过到【演示数据】
          | 古竹卫生院 4月10日 周三 08:30
          | 下午的上门送医到下午再签
    -- 2024-04-10 11:59 无人 --
    谢卓群> /签到
    机器人→谢卓群> 已经签过到【演示数据】
          | 古竹卫生院 4月10日 周三 08:30
          | 下午的上门送医到下午再签
    -- 2024-04-10 14:40 无人 --
    谢卓群> /签到
    机器人→谢卓群> 已签到 古竹卫生院【演示数据】
          | 4月10日 周三 14:40 下午上门送医
          | 等受援单位核实
    谢卓群> /签到
    机器人→谢卓群> 已经签过到【演示数据】
          | 古竹卫生院 4月10日 周三 14:40"
  `);
});

test('two clinics on one day: which one is asked', async () => {
  room = await chat({ programme: 'shanxi-2024', at: '2026-01-05 20:00' });
  await room.play('穆春晖> /换人 卫长河 降雨霖 自2月起\n柳成荫> /换人 卫长河 降雨霖 自2月起');
  await room.to('2026-02-02 08:10');
  expect(
    await room.play(`
    降雨霖> /签到
    降雨霖> [县人民医院]
    降雨霖> /签到
  `),
  ).toMatchInlineSnapshot(`
    "降雨霖> /签到
    机器人→降雨霖> 今天到哪一家？【演示数据】
          | 2月2日 周一
          [县中医院] [县人民医院]
    降雨霖> [县人民医院]
    机器人→降雨霖> 已签到 县人民医院【演示数据】
          | 2月2日 周一 08:10 坐诊
          | 等受援单位核实
    降雨霖> /签到
    机器人→降雨霖> 到下一家了吗？【演示数据】
          | 县人民医院 08:10已签到
          [县中医院]"
  `);
});

test('a leave that nobody answered is said at the check-in, and cannot be granted for a day on which the physician was there', async () => {
  room = await chat({ at: '2024-04-08 08:00' });
  await room.play('谢卓群> /请假 4月17日 家中有事 改到 4月24日');
  await room.to('2024-04-17 08:30');
  expect(
    await room.play(`
    谢卓群> /签到
    池景天> /核实 谢卓群 在岗
    池景天> /批准 {号}
    巫承安> /批准 {号}
    赖知远> /批准 {号}
    谢卓群> /销假 {号}
  `),
  ).toMatchInlineSnapshot();
});
