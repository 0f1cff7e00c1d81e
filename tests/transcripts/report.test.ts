/** The monthly report: a month from draft to lock, and everything that may happen on the way. */
import { afterEach, expect, test } from 'vitest';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room.close());

test('a month: reminded, settled on the card, filed, confirmed, returned, filed again, accepted, compiled, locked, unlocked', async () => {
  room = await chat();
  expect(
    await room.play(`
    -- 2024-04-08 17:00 华苏叶 --
    华苏叶> 月报
    -- 2024-04-17 09:00 华苏叶 --
    华苏叶> 月报
    华苏叶> [上报]
    华苏叶> [在岗]
    华苏叶> /月报 上报
    华苏叶> /月报 上报
    邱思源> /月报
    邱思源> /月报 区医院
    邱思源> [核对无误]
    赖知远> /月报
    赖知远> /月报 高头卫生院
    赖知远> [退回]
    赖知远> 4月8日诊疗数没有填
    -- 2024-04-19 08:30 华苏叶 --
    华苏叶> /月报
    华苏叶> [上报]
    赖知远> /月报 受理 高头卫生院
    赖知远> /月报 退回 高头卫生院 再看看
    华苏叶> /月报 上报
    赖知远> /月报 锁定 高头卫生院 4月
    赖知远> /月报 受理 高头卫生院
    赖知远> /月报 锁定 高头卫生院 4月
    华苏叶> /月报 上报 4月
    赖知远> /开锁 高头卫生院 4月
    赖知远> 漏报一次上门
    华苏叶> /月报 4月
    阮若谷> /开锁 高头卫生院 4月 再开
  `),
  ).toMatchInlineSnapshot();
}, 60_000);

test('not filed in time: two workdays to the unit, then its head, the offices and one line to the chief; then only the coordinator', async () => {
  room = await chat();
  expect(
    await room.play(`
    -- 2024-04-22 18:00 池景天 --
    池景天> /核实 4月17日 全部 在岗
    池景天> /待办
    池景天> /我的
    -- 2024-04-23 09:00 池景天 --
    -- 2024-04-24 09:00 池景天 --
    -- 2024-04-25 09:00 池景天 梁逢春 阮若谷 丘书瑶 --
    -- 2024-04-26 09:00 池景天 梁逢春 阮若谷 丘书瑶 --
    赖知远@工作群> /催报
    赖知远> [催城郊卫生院]
    赖知远> /催报 4月 古竹卫生院 高头卫生院
    赖知远> /催报 4月 古竹卫生院
    池景天> /月报
    池景天> [上报]
    池景天> /撤销
    池景天> /月报 上报
    赖知远> /催报 古竹卫生院
    丘书瑶> /月报
    池景天> /催报
  `),
  ).toMatchInlineSnapshot();
}, 90_000);

test('nothing verified: 零报告 with a reason; a stand-in is marked; whoever is not concerned is refused', async () => {
  room = await chat();
  expect(
    await room.play(`
    黄怀瑾> /月报 上报
    黄怀瑾> [不等了，照报]
    黄怀瑾> 医师请假，改到5月8日来
    赖静姝> /月报 上报 城郊卫生院
    赖静姝> /月报 上报 照报 龙潭卫生院 零报告 医师外出进修
    邱思源> /月报 上报 金砂卫生院
    黄怀瑾> /月报 龙潭卫生院
    黄怀瑾> /月报 受理 城郊卫生院
    赖知远> /月报 锁定 全部
    赖知远> /月报 受理 全部
    赖知远> /月报 锁定 全部
    吴沐阳> /月报
    童清和> /月报
  `),
  ).toMatchInlineSnapshot();
}, 60_000);

test('what there is no report for: months ahead and outside, units without postings, other people’s units, programmes without reports', async () => {
  room = await chat();
  expect(
    await room.play(`
    华苏叶> /月报 5月
    华苏叶> /月报 2023年12月
    华苏叶> /月报 1月
    华苏叶> /月报 上报 年终
    华苏叶> /月报 总医院
    巫承安> /月报 高头卫生院
    赖知远> /换人 江安然 张志恒 自5月起
    -- 2024-05-06 08:00 无 --
    华苏叶> /月报 5月
    华苏叶> /月报 退回 高头卫生院 5月 不对
    赖知远> /开锁 高头卫生院 有误
    赖知远> /开锁 高头卫生院 5月 有误
    赖知远> /月报 退回 全部 5月
  `),
  ).toMatchInlineSnapshot();
  await room.close();
  room = await chat({ programme: 'shanxi-2024' });
  expect(await room.play('安晓晴> /月报')).toContain('这个方案没有月报');
}, 60_000);

test('the first report is there, with its four parts; its shape as filed does not change', async () => {
  room = await chat();
  expect(
    await room.play(`
    赖知远> /月报 3月
    华苏叶> /月报 3月
    赖知远> /月报 上报 3月
    赖知远> /月报 受理 区卫健局 3月
  `),
  ).toMatchInlineSnapshot();
  const { read } = room.open.store();
  const county = (await read.first('reports', { kind: 'first', state: 'filed' }))!;
  expect(Object.keys((await read.get('filings', county.filing!))!.parts).sort()).toEqual([
    '下一步工作计划',
    '存在问题',
    '工作完成情况',
    '建议',
  ]);
  const lines = await read.all('filedLines', { filing: county.filing! });
  expect([lines.filter(l => !l.supplement).length, lines.filter(l => l.supplement).length]).toEqual([23, 48]);
}, 60_000);

test('two at once: one filing, and the other hears who was first', async () => {
  room = await chat();
  await room.say('华苏叶', '/核实 江安然 在岗');
  const answers = await Promise.all([
    room.say('华苏叶', '/月报 上报'),
    room.say('邱思源', '/月报 上报 高头卫生院 4月'),
    room.say('赖知远', '/月报 上报 高头卫生院 4月'),
  ]);
  expect(answers.map(a => a[0]!.code).sort()).toEqual(['report.already', 'report.already', 'report.filed']);
  const { read } = room.open.store();
  const april = await read.all('filings', { month: '2024-04' as never });
  expect(april.map(f => f.state)).toEqual(['current']);
  expect(await read.count('filedLines', { filing: april[0]!.id })).toBe(1);
});

test('the year’s end: an earlier month that was never filed is asked about, and what comes after December’s goes into 年终补报', async () => {
  room = await chat({ at: '2024-12-20 08:00' });
  expect(
    await room.play(`
    华苏叶> /核实 4月8日 江安然 在岗
    华苏叶> /月报
    华苏叶> /月报 上报 12月
    华苏叶> [并入12月]
    江安然> /签到 高头卫生院
    华苏叶> /核实 在岗
    华苏叶> /月报
    -- 2024-12-31 08:00 无 --
    华苏叶> /月报 上报 年终
    -- 2025-01-02 09:00 华苏叶 --
    华苏叶> /月报 12月
    华苏叶> /月报 上报 年终
    江安然> /签到 高头卫生院
  `),
  ).toMatchInlineSnapshot();
}, 90_000);

test('from paper: earlier months of a county that started in mid-year, shown first, nothing invented', async () => {
  room = await chat({ at: '2024-08-05 08:00' });
  const table = (...rows: string[]) =>
    ['序号\\t地市\\t区县\\t受援单位\\t支援人次', '\\t\\t\\t基层医疗卫生机构名称\\t5月\\t6月\\t7月\\t8月', ...rows].join('\\n');
  expect(
    await room.play(`
    赖知远> /导入 附件1\\n${table('1\\t龙岩市\\t永定区\\t永定区城郊镇卫生院\\t2\\t-1\\t1.5\\t3', '2\\t龙岩市\\t永定区\\t青山卫生院\\t1', '合计\\t\\t\\t\\t4')}
    赖知远> /导入 附件1\\n${table('1\\t龙岩市\\t永定区\\t永定区城郊镇卫生院\\t2\\t\\t\\t3', '合计\\t\\t\\t\\t3')}
    赖知远> /导入 附件1\\n${table('1\\t龙岩市\\t永定区\\t永定区城郊镇卫生院\\t2\\t\\t\\t3', '2\\t龙岩市\\t永定区\\t青山卫生院\\t1')}
    赖知远> /导入 附件1\\n${table('1\\t龙岩市\\t永定区\\t永定区城郊镇卫生院\\t2\\t0\\t1', '2\\t龙岩市\\t永定区\\t永定区龙潭镇卫生院\\t1\\t1', '合计\\t\\t\\t\\t3\\t1\\t1')}
    赖知远> [确认导入]
    赖知远> [确认导入]
    李楚楚> /统计 5月
    赖知远> /导入 附件1\\n${table('1\\t龙岩市\\t永定区\\t永定区城郊镇卫生院\\t3')}
    赖知远> [确认导入]
    赖知远> /统计 5月 城郊卫生院
    赖知远> /导入 附件1\\n序号\\t地市\\t区县\\t机构名称\\t4月\\n1\\t龙岩市\\t永定区\\t永定区城郊镇卫生院\\t2
  `),
  ).toMatchInlineSnapshot();
  expect(await room.open.store().read.count('visits', { day: { from: '2024-05-01' as never } })).toBe(0);
}, 60_000);
