/** Reports under other documents: a province's by the 5th through cities, and a third that only a test knows, without other code. */
import { afterEach, expect, test } from 'vitest';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room.close());

test('a province: the month before by the 5th, clinics file, cities send up with the four parts, the province accepts', async () => {
  room = await chat({ programme: 'fujian-2022' });
  expect(
    await room.play(`
    阙春和> /月报 6月
    阙春和> /月报
    -- 2022-06-02 09:00 蓝小满 邹明远 --
    阙春和> [上报]
    钟半夏> /月报 上报
    丁书言> /月报
    丁书言> /月报 受理 古田卫生院
    邹明远> /月报
    邹明远> /月报 上报
    邹明远> /月报 5月 存在问题：山路远 下一步工作计划：排到每个乡镇
    邹明远> /月报 工作完成情况：三家都去了；建议：增加儿科
    邹明远> /月报 上报
    邹明远> [照此汇总上报]
    温知行> /月报 受理 龙岩市卫健委 5月
    -- 2022-06-06 09:00 蓝小满 章景明 --
    -- 2022-06-08 09:00 蓝小满 章景明 薛青禾 傅云帆 --
    蓝小满> /月报 上报
    赖北辰> /月报 受理 全部 5月
    丁书言> /月报 受理 全部 5月
    温知行> /月报 受理 龙岩市卫健委 5月
    丁书言> /月报 退回 古田卫生院 5月 漏了讲座
    温知行> /月报 退回 龙岩市卫健委 5月 请补蛟洋
    邹明远> /月报 上报
    严若水> /月报 龙岩市卫健委
    温知行> /统计 5月 古田卫生院
  `),
  ).toMatchInlineSnapshot();
  // The same to a city, whichever of its counties' jobs said it first.
  const asked = room.messages('邹明远').filter(m => m.code === 'report.due');
  expect(asked.length).toBe(1);
}, 120_000);

test('a third document, in a test only: hospitals file by the 10th for the month before, the county sends up, nobody confirms', async () => {
  room = await chat({
    at: '2024-05-06 08:00',
    rules: text =>
      text
        .replace(
          /due-day: 22\n {2}covers: same-month\n {2}window: until-filing/,
          'due-day: 10\n  covers: month-before\n  window: whole-month',
        )
        .replace(/\{by: clinic, does: files.*\n.*confirms.*\n/, '{by: hospital, does: files, clause: 附则, says: 派出医院填报}\n')
        .replace(/ {2}first:\n(?: {4}.*\n)+/, '')
        .replace(/ {2}closing:.*\n/, ''),
  });
  expect(
    await room.play(`
    巫承安> /月报
    黄亦凡> /月报
    池景天> /月报
    池景天> /核实 4月17日 全部 在岗
    -- 2024-05-07 09:00 巫承安 --
    巫承安> /月报 上报 4月
    巫承安> /月报 上报 3月
    巫承安> /月报 上报
    赖知远> /月报 4月
  `),
  ).toMatchInlineSnapshot();
}, 90_000);
