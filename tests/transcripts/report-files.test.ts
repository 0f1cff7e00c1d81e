/** A filed file stays as it was filed: a county's and a city's, whatever is entered, filed or corrected below afterwards. */
import { afterEach, expect, test } from 'vitest';
import type { Message } from '../../src/bot/stage.ts';
import { readBook } from '../harness/book.ts';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room.close());

const sheet = async (said: Message | undefined) => readBook((await room.open.sandbox.file(said!.card.file!.id))!.bytes)[0]!.rows;
const fileOf = async (who: string, text: string) => {
  const said = (await room.say(who, text)).find(m => m.card.file);
  expect(said, text).toBeDefined();
  return { rows: await sheet(said), lines: said!.card.lines };
};
/** Title, head, lines and total; below stands what changed since. */
const table = (rows: unknown[][]) => rows.slice(0, rows.indexOf(total(rows)) + 1);
const total = (rows: unknown[][]) => rows.find(r => String(r[0]).startsWith('合计'))!;
const lineRows = (rows: unknown[][]) => rows.filter(r => /^\d+月\d+日$/.test(String(r[9])));

test('a county’s annexes as sent up: later words of publicity and cost, later filings and paper are not in them', async () => {
  room = await chat({ at: '2024-04-18 08:00' });
  await room.play(`
    华苏叶> /核实 4月8日 江安然 在岗
    华苏叶> /宣传 4月 传单100 公众号0 电子屏1 工作室有
    池景天> /核实 4月17日 全部 在岗
    池景天> /宣传 4月 传单7 公众号7 电子屏7 工作室无
    邱思源> /经费 4月 1000
    华苏叶> /月报 上报 4月 照报`);
  expect((await fileOf('赖知远', '/导出 附件3 4月 报送稿')).lines).toContain('本级还没汇总上报，按各单位已报的');
  const sent = (await room.say('赖知远', '/月报 上报 4月 照报'))[0]!;
  expect([sent.code, sent.card.buttons!.map(b => b.label)]).toEqual(['report.filed', ['附件1报送稿']]);
  const before = await sheet(sent);
  expect(lineRows(before).length).toBe(1);
  // The cost of all hospitals; the publicity of whoever has filed.
  expect([total(before)[5], total(before)[19], total(before)[22]]).toEqual([1000, 100, 1]);
  const year = await fileOf('赖知远', '/导出 附件1 4月 报送稿');

  await room.to('2024-04-18 10:00');
  await room.play(`
    华苏叶> /宣传 4月 传单300
    邱思源> /经费 4月 2000
    池景天> /月报 上报 4月 照报
    赖知远> /导入 附件1\\n序号\\t地市\\t区县\\t机构名称\\t1月\\n1\\t龙岩市\\t永定区\\t永定区城郊镇卫生院\\t2`);
  const after = await fileOf('赖知远', '/导出 附件3 4月 报送稿');
  expect(table(after.rows)).toEqual(table(before));
  expect(after.rows.at(-1)).toEqual(['2024年4月报送稿，截至2024年4月18日 08:00']);
  expect(after.lines.join()).not.toContain('本级还没汇总');
  expect((await fileOf('赖知远', '/导出 附件1 4月 报送稿')).rows).toEqual(year.rows);
  // The clinic’s own is its own; the present state has everything.
  expect(total((await fileOf('华苏叶', '/导出 附件3 4月 报送稿')).rows)[19]).toBe(100);
  const now = await fileOf('赖知远', '/导出 附件3 4月');
  expect([lineRows(now.rows).length, total(now.rows)[5], total(now.rows)[19]]).toEqual([2, 2000, 307]);
  expect(now.lines).toContain('填报后补报 1');
  // What changed since it was sent up stands on a second sheet.
  const present = (await room.say('赖知远', '/导出 附件1')).find(m => m.card.file)!;
  const changed = readBook((await room.open.sandbox.file(present.card.file!.id))!.bytes).find(s => s.name === '填报后变动')!;
  expect(changed.rows.filter(r => r[1] === '4月').map(r => [r[0], r[2], r[3]])).toEqual([['永定区古竹乡卫生院', 0, 1]]);
});

test('the table by month of a month that is not sent up yet says so, and bears the day of the last that was filed for it', async () => {
  room = await chat({ at: '2024-04-18 08:00' });
  await room.play(`
    华苏叶> /核实 4月8日 江安然 在岗
    华苏叶> /月报 上报 4月 照报`);
  const filed = await fileOf('赖知远', '/导出 附件1 4月 报送稿');
  expect(filed.lines).toEqual(['24 家，共 73 人次', '本级还没汇总上报，按各单位已报的', '截至 4月18日 周四 08:00']);
  expect(filed.rows.at(-1)).toEqual(['2024年4月报送稿，截至2024年4月18日 08:00']);
  // The month that was sent up is as it was.
  expect((await fileOf('赖知远', '/导出 附件1 3月 报送稿')).lines).toEqual(['24 家，共 72 人次', '截至 3月29日 周五 16:20']);
});

test('December’s report and 年终补报 are files of their own, each as it was filed', async () => {
  room = await chat({ at: '2024-12-20 08:00' });
  await room.play(`
    江安然> /签到 高头卫生院
    华苏叶> /核实 在岗
    华苏叶> /月报 上报 照报 并入 12月
    赖知远> /月报 上报 12月 照报 并入
    -- 2024-12-27 08:00 无 --
    江安然> /签到 高头卫生院
    华苏叶> /核实 在岗
    华苏叶> /月报 上报 照报 年终
    赖知远> /月报 上报 年终 照报`);
  const sum = (rows: unknown[][]) => total(rows).reduce<number>((a, v) => a + (typeof v === 'number' ? v : 0), 0);
  const days = async (who: string, text: string) => {
    const { rows, lines } = await fileOf(who, text);
    return [...lineRows(rows).map(r => r[9]), lines.at(-1)];
  };
  for (const who of ['赖知远', '华苏叶']) {
    expect(await days(who, '/导出 附件3 12月 报送稿')).toEqual(['12月20日', '截至 12月20日 周五 08:00']);
    expect(await days(who, '/导出 附件3 年终补报')).toEqual(['12月27日', '截至 12月27日 周五 08:00']);
    expect(await days(who, '/导出 附件3 2024年 年终 报送稿')).toEqual(['12月27日', '截至 12月27日 周五 08:00']);
  }
  expect(sum((await fileOf('赖知远', '/导出 附件1 12月 报送稿')).rows)).toBe(73);
  expect(sum((await fileOf('赖知远', '/导出 附件1 年终')).rows)).toBe(74);
  const [closing] = await room.say('赖知远', '/月报 年终');
  expect(closing!.card.buttons!.map(b => b.command)).toContain('/导出 附件3 2024-12 年终 报送稿');
  expect((await room.say('池景天', '/导出 附件3 年终'))[0]!.card.title).toContain('古竹卫生院 2024年终补报还没有报送');
});

test('a city’s report carries its file, and is exported as it was sent', async () => {
  room = await chat({ programme: 'fujian-2022' });
  await room.play(`
    阙春和> /填报 5月18日 诊疗30 讲座1
    阙春和> /月报 上报 5月
    邹明远> /月报 5月 工作完成情况：好 存在问题：无 下一步工作计划：继续 建议：无`);
  const sent = (await room.say('邹明远', '/月报 上报 5月 照报'))[0]!;
  expect(sent.card.file!.name).toBe('进度表 龙岩市 2022年5月首次月报 报送稿.xlsx');
  const before = await sheet(sent);
  const counties = (rows: unknown[][]) => rows.filter(r => typeof r[0] === 'number').map(r => [r[2], r[3]]);
  expect(counties(before)).toEqual([
    ['上杭县', 1],
    ['长汀县', 0],
  ]);
  await room.play('钟半夏> /月报 上报 5月');
  const again = await fileOf('邹明远', '/导出 进度表 5月 报送稿');
  expect(counties(again.rows)).toEqual(counties(before));
  expect(counties((await fileOf('邹明远', '/导出 进度表 5月')).rows)).toEqual([
    ['上杭县', 2],
    ['长汀县', 1],
  ]);
  // Its progress offers the same file once it was sent.
  expect((await room.say('邹明远', '/月报 5月'))[0]!.card.buttons!.map(b => b.label)).toContain('进度表报送稿');
});

test('from the 23rd to the 22nd: days of the month before are the report’s own, and are called so', async () => {
  room = await chat({ at: '2024-04-18 08:00' });
  await room.play(`
    赖知远> /设置 月报起止 上月23日–本月22日
    江安然> /签到 高头卫生院
    -- 2024-04-24 08:00 无 --
    江安然> /签到 高头卫生院
    华苏叶> /核实 4月18日 江安然 在岗
    华苏叶> /核实 4月24日 江安然 在岗
    华苏叶> /核实 4月8日 江安然 没到
    华苏叶> /月报 上报 4月`);
  expect(room.messages('华苏叶').at(-1)!.card.lines[0]).toBe('人次 1');
  await room.to('2024-05-21 08:00');
  const may = (await room.say('华苏叶', '/月报 上报 5月'))[0]!;
  expect(may.card.lines[0]).toBe('人次 1');
  expect((await sheet(may)).flat().join()).not.toContain('补报以前月份');
});
