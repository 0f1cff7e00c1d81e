/** One month seen by all who look at it: a word means one number, whoever asks and wherever it stands. */
import { afterEach, expect, test } from 'vitest';
import type { Message } from '../../src/bot/stage.ts';
import { readBook, readDocument } from '../harness/book.ts';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room.close());

const fileOf = async (said: Promise<Message[]>): Promise<Uint8Array> => {
  const ref = (await said).findLast(m => m.card.file)!.card.file!;
  return (await room.open.sandbox.file(ref.id))!.bytes;
};

test('待核实 counts who checked in and who did not, for a chief, a unit, a physician, in a reminder and in a bulletin', async () => {
  room = await chat({ at: '2024-04-08 08:00' });
  // Of three visits one is verified, one has a check-in only, of one nothing is known.
  await room.play(`
    -- 2024-04-09 08:05 无 --
    张志恒> /签到 洪山卫生院
    丘一鸣> /签到 陈东卫生院
    -- 2024-04-10 17:30 无 --
    苏木香> /核实 4月9日 丘一鸣 在岗`);
  const card = async (who: string, line: string) => (await room.say(who, line))[0]!.card;
  const county = await card('丘书瑶', '/统计 4月');
  // 4月8日 高头, 4月9日 洪山, 4月10日 湖雷 and 高陂.
  expect(county.lines.slice(0, 2)).toEqual(['人次 已核实 1，待核实 4（已签到 1）', '计划人次 到今天 5，全期 23']);
  const waiting = county.table!.rows.filter(r => r[2] !== '0').map(r => `${r[0]} ${r[2]}`);
  expect(waiting).toEqual(['洪山卫生院 1', '湖雷卫生院 1', '高头卫生院 1', '高陂卫生院 1']);
  expect((await card('李若水', '/月报 4月')).lines).toContain('待核实：张志恒（专人）');
  expect((await card('华苏叶', '/月报 4月')).lines).toContain('待核实：江安然（专人）');
  expect((await card('江安然', '/我的')).lines[1]).toBe('2024年4月：1班，已核实 0 人次，待核实 1');
  const chased = (await card('赖知远', '/催报 4月')).table!.rows.find(([what]) => what!.startsWith('待核实'));
  expect(chased).toEqual(['待核实；宣传没填（4家）', '洪山卫生院、湖雷卫生院、高头卫生院、高陂卫生院']);
  const bulletin = readDocument(await fileOf(room.say('赖知远', '/通报 4月')));
  expect(bulletin).toContain('另有4人次待核实');
  // Those of today are asked about this evening: no problem yet.
  expect(bulletin).toContain('2人次受援单位没有核实');
});

test('催报 of a whole county fits one message of WeChat, whatever each unit lacks, and names every unit once', async () => {
  room = await chat({ at: '2024-04-08 08:00' });
  await room.play(`
    -- 2024-04-23 09:30 无 --
    李若水> /核实 4月9日 张志恒 在岗
    苏木香> /核实 4月9日 丘一鸣 在岗
    苏木香> /填报 4月9日 丘一鸣 诊疗30 其余0
    李若水> /宣传 4月 传单100 公众号1 电子屏1 工作室有
    华苏叶> /核实 4月8日 江安然 在岗
    华苏叶> /月报 上报 4月 照报
    赖知远> /月报 退回 高头卫生院 4月 缺工作量
    游谷雨> /月报 上报 4月 照报
    赖知远> /催报 4月 陈东卫生院`);
  const { text, card } = (await room.say('赖知远', '/催报 4月'))[0]!;
  expect(Buffer.byteLength(text)).toBeLessThan(2000);
  const units = card.table!.rows.flatMap(([, of]) => of!.split('、'));
  expect(new Set(units).size).toBe(27);
  expect(units).toHaveLength(27);
  expect(card.table!.rows.map(([is]) => is)).toMatchInlineSnapshot(`
    [
      "待核实；宣传没填（17家）",
      "宣传没填（4家）",
      "没填工作量；待核对（1家）",
      "已退回；没填工作量；宣传没填；待核对（1家）",
      "代填待确认；宣传没填；待核对，今天已催（1家）",
      "经费没填（2家）",
      "待核对；经费没填（1家）",
    ]
  `);
});

test('months from paper count as reached in 统计, and stand in a summary as they stand in annex 1', async () => {
  room = await chat({ at: '2024-08-05 08:00' });
  const table = ['序号\\t地市\\t区县\\t受援单位\\t支援人次', '\\t\\t\\t基层医疗卫生机构名称\\t5月\\t6月']
    .concat(['1\\t龙岩市\\t永定区\\t永定区城郊镇卫生院\\t2\\t1', '2\\t龙岩市\\t永定区\\t永定区龙潭镇卫生院\\t1\\t0'])
    .join('\\n');
  await room.play(`
    赖知远> /导入 附件1\\n${table}
    赖知远> [确认导入]`);
  const may = (await room.say('丘书瑶', '/统计 5月'))[0]!.card.lines;
  expect(may[0]).toBe('人次 已核实 0，待核实 0，另据纸质报表 3');
  expect(may).toContain('覆盖 2/24 家');
  expect(may.at(-1)).toMatch(/^没有班次 22 家/);
  const letter = readDocument(await fileOf(room.say('赖知远', '/总结')));
  expect(letter).toContain('经受援单位核实下基层72人次，另据纸质报表4人次，覆盖24家');
  expect(letter).toContain('各月人次：1月24，2月24，3月24，4月0，5月3，6月1，7月0，8月0。');
  const annex = readBook(await fileOf(room.say('赖知远', '/导出 附件1')))[0]!;
  expect(annex.rows.find(r => r[0] === '合计')!.filter(v => typeof v === 'number')).toEqual([24, 24, 24, 0, 3, 1, 0, 0]);
});

test('a letter calls nobody unreported whose month went into a later report, and says so', async () => {
  room = await chat({ at: '2024-05-20 08:00' });
  await room.play(`
    华苏叶> /核实 4月8日 江安然 在岗
    华苏叶> /月报 上报 5月 并入 照报`);
  const letter = readDocument(await fileOf(room.say('赖知远', '/通报 4月')));
  expect(letter).toContain('应报24家，已报0家，并入后报1家，未报23家');
  expect(letter.match(/未报23家：([^。]*)/)![1]).not.toContain('高头');
});

test.each([
  ['fujian-2022', '2022-07-06 09:00', '丁书言', '2022年6月通报草稿'],
  ['fujian-2022', '2022-07-31 09:00', '丁书言', '2022年6月通报草稿'],
  ['yongding-2024', '2024-04-22 09:00', '赖知远', '2024年3月通报草稿'],
  ['yongding-2024', '2024-04-23 09:00', '赖知远', '2024年4月通报草稿'],
])('%s on %s: without a month 通报 is of the one whose report was due last', async (programme, at, who, title) => {
  room = await chat({ programme, at });
  expect((await room.say(who, '/通报'))[0]!.card.title.replace('【演示数据】', '')).toBe(title);
});

test('a half day: counted as the setting says when it is verified, never twice, and its silent half waits for nothing more', async () => {
  room = await chat({ at: '2024-04-17 17:30' });
  const first = async () => (await room.say('黄怀瑾', '/统计 4月 城郊卫生院'))[0]!.card.lines[0];
  await room.say('黄怀瑾', '/核实 吴沐阳 上午 在岗');
  expect(await first()).toBe('人次 已核实 1（其中半天 1），待核实 0');
  const [set] = await room.say('赖知远', '/设置 半天计人次 否');
  expect(set!.card.lines[1]).toBe('以后核实的按新的，已核实的不变');
  expect(await first()).toBe('人次 已核实 1（其中半天 1），待核实 0');
  await room.say('池景天', '/核实 谢卓群 上午 在岗');
  await room.say('黄怀瑾', '/核实 吴沐阳 下午 在岗');
  expect(await first()).toBe('人次 已核实 1，待核实 0');
});
