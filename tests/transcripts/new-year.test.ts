/** The year turns: who is told what without a programme, and what the new one takes over. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Day } from '../../src/core/day.ts';
import { loadProgrammes, readProgramme } from '../../src/programmes/load.ts';
import { nextYear } from '../../src/programmes/next-year.ts';
import { packageRoot } from '../../src/root.ts';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room?.close());
const text = readFileSync(join(packageRoot, 'src/programmes/yongding-2024.yaml'), 'utf8');

test('a copy for the next year is right, moves dates and titles, and leaves the number to be filled in', () => {
  const next = nextYear(text, 'yongding-2024.yaml');
  expect(next.id).toBe('yongding-2025');
  expect(next.text).toContain('title: 永定区2025年度');
  expect(next.text).toContain('term: {from: 2025-01-01, until: 2025-12-31');
  expect(next.text).not.toContain('〔2024〕');
  expect(() => nextYear('id: [', 'x.yaml')).toThrow('x.yaml');
});

test('every shipped programme has a next year, its targets’ days a year on and their numbers as they were', () => {
  for (const { programme, text, file } of loadProgrammes([join(packageRoot, 'src/programmes')])) {
    const { targets, term } = readProgramme(nextYear(text, file).text, file).programme;
    const on = (d: string) => `${Number(d.slice(0, 4)) + 1}${d.slice(4)}`;
    expect(targets).toEqual(programme.targets.map(t => ({ ...t, until: on(t.until) })));
    expect([term.from, term.until]).toEqual([on(programme.term.from), on(programme.term.until)]);
  }
});

test('without a programme: everybody hears that it is over, and those who can open the next hear how', async () => {
  room = await chat({ at: '2024-12-31 09:00' });
  expect(
    await room.play(`
    -- 2025-01-02 09:00 谁也不 --
    江安然> 签到
    阮若谷> 排班
    阮若谷> 统计
    阮若谷> 统计 2024年 古竹卫生院
    阮若谷> 体检
  `),
  ).toMatchInlineSnapshot(`
    "-- 2025-01-02 09:00 谁也不 --
    江安然> 签到
    机器人→江安然> 方案已到期【演示数据】
          | 《永定区2024年度“医师下基层”对口支援》到2024年12月31日止
          | 开新方案请联系龙岩市永定区卫生健康局
    阮若谷> 排班
    机器人→阮若谷> 方案已到期【演示数据】
          | 《永定区2024年度“医师下基层”对口支援》到2024年12月31日止
          | 开新方案：在服务器上运行 npm run next-year -- yongding-2024，核对文号和日期，再重启
          | 单位、角色、绑定照旧；安排表重新导入，班次重新排
    阮若谷> 统计
    机器人→阮若谷> 2025年1月没有方案【演示数据】
          | 看别的时候，例：/统计 2024年
          | 发 /排班 看新方案怎么开
    阮若谷> 统计 2024年 古竹卫生院
    机器人→阮若谷> 古竹卫生院 2024年【演示数据】
          | 人次 已核实 3，待核实 1（已签到 0）
          | 计划人次 到今天 4，全期 4
          | 工作量 诊疗94 讨论4 查房5 讲座1 培训22 特殊4 上门7
    阮若谷> 体检
    机器人→阮若谷> 体检：有要处理的【演示数据】
          | 没有绑定专人 1 家：金砂卫生院（由副岗、支援单位或卫健局代办）
          | 医师没绑定 1 人：丘念慈（由单位代签）
          | 没有送不到的消息
          | 2025、2026年放假安排已有
          | 今天没有有效的方案，发 /排班 看怎么开
          | 表：单位 核实、排班变动 请假、到岗（29行）"
  `);
});

test('with the next one: units, roles and bindings go on; roster and visits begin anew', async () => {
  room = await chat({ at: '2024-12-31 09:00', more: [nextYear(text, 'yongding-2024.yaml').text] });
  const roster = readFileSync(join(import.meta.dirname, '../fixtures/roster-24.tsv'), 'utf8');
  await room.to('2025-01-02 09:00');
  expect(
    await room.play(`
    池景天> 统计
    池景天> 统计 2024年
    江安然> 我的
    江安然> 签到
  `),
  ).toMatchInlineSnapshot(`
    "池景天> 统计
    机器人→池景天> 古竹卫生院 2025年1月【演示数据】
          | 人次 已核实 0，待核实 0
          | 计划人次 到今天 0，全期 0
    池景天> 统计 2024年
    机器人→池景天> 古竹卫生院 2024年【演示数据】
          | 人次 已核实 3，待核实 1（已签到 0）
          | 计划人次 到今天 4，全期 4
          | 工作量 诊疗94 讨论4 查房5 讲座1 培训22 特殊4 上门7
    江安然> 我的
    机器人→江安然> 江安然【演示数据】
          | 区医院医师
          | 2025年1月：0班，已核实 0 人次，待核实 0
          | 半天数 0/2，其中上门 0/1
          | 手机 139****1027
    江安然> 签到
    机器人→江安然> 本月没有派驻安排【演示数据】
          | 请总医院或卫健局先更新安排表
          | 更新后再发 /签到"
  `);
  const [preview] = await room.say('阮若谷', `导入\n${roster}`);
  expect(preview?.card.lines[0]).toContain('新增 24，变动 0');
  await room.press('阮若谷', '确认');
  const { read } = room.open.store();
  expect(await read.count('visits', { day: { from: '2025-01-01' as Day } })).toBe(0);
  const [posting] = await read.all('postings', { programme: 'yongding-2025' }, { limit: 1 });
  const who = await read.get('people', posting!.person);
  const [planned] = await room.say('阮若谷', `排班 ${who!.name} 1月15日`);
  expect(planned?.code).toBe('schedule.planned');
  const [made] = await read.all('visits', { day: { from: '2025-01-01' as Day } });
  expect(made).toMatchObject({ programme: 'yongding-2025', day: '2025-01-15' });
});
