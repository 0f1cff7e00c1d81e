/** What is past is judged by the programme of its time: in the new year the old one's months are still chased, filed, shown, exported and summed up. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { readProgramme } from '../../src/programmes/load.ts';
import { nextYear } from '../../src/programmes/next-year.ts';
import { packageRoot } from '../../src/root.ts';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room?.close());
const text = readFileSync(join(packageRoot, 'src/programmes/yongding-2024.yaml'), 'utf8');
const next = nextYear(text, 'yongding-2024.yaml').text;
const title = async (who: string, line: string) => {
  const [answer] = await room.say(who, line);
  return `${answer!.code} ${answer!.card.title.replace('【演示数据】', '')}`;
};
const lines = async (who: string, line: string) => (await room.say(who, line))[0]!.card.lines;

/** The turn of the year, with the next programme and without it. */
const january = async (at: string, more: readonly string[]) => {
  room = await chat({ at: '2024-12-31 09:00', more });
  await room.to(at);
};

test('the next year’s copy asks for its months from its first day on, whatever month the old one began with', () => {
  const { report, term } = readProgramme(next, 'next.yaml').programme;
  expect([report?.first, term.from]).toEqual([undefined, '2025-01-01']);
  expect(next).toContain('  #   month: 2025-03\n');
  expect(() => readProgramme(text.replace('month: 2024-03', 'month: 2023-03'), 'x.yaml')).toThrow('不在方案期内');
});

test.each([
  ['with the next programme', [next]],
  ['without one', []],
])('%s: what December owes is chased and shown in January, not what nobody asked for', async (_, more) => {
  await january('2025-01-03 09:00', more);
  expect(await title('赖知远', '催报')).toBe(await title('赖知远', '催报 12月'));
  expect(await title('赖知远', '催报')).toBe('chase.shown 2024年12月月报：27家还没办完');
  expect(await title('赖知远', '月报')).toMatch(/2024年12月/);
  expect((await lines('池景天', '待办')).join()).toMatch(/月报（未填，.*截止/);
  expect(await title('池景天', '月报 年终')).toMatch(/2024年终补报/);
});

test.each([
  ['with the next programme', [next]],
  ['without one', []],
])('%s: the old year is exported, told of and summed up by the programme of its time', async (_, more) => {
  await january('2025-01-03 09:00', more);
  expect(await title('赖知远', '导出 附件1 2024年')).toBe('export.done 附件1 永定区 2024年');
  expect(await title('赖知远', '导出 附件3 12月')).toBe('export.done 附件3 永定区 2024年12月');
  expect(await title('赖知远', '导出 附件3 上月')).toBe('export.done 附件3 永定区 2024年12月');
  expect(await title('赖知远', '导出 附件2 12月')).toBe('export.done 附件2 永定区 2024年12月');
  for (const line of ['通报', '通报 12月']) expect(await title('赖知远', line)).toBe('bulletin.drafted 2024年12月通报草稿');
  for (const line of ['总结', '总结 年度', '总结 去年年度', '总结 2024年度'])
    expect((await lines('赖知远', line)).slice(0, 2)).toEqual(['12月31日前报送', '写的是2024年1月至12月']);
  expect((await lines('池景天', '总结')).join()).toMatch(/[1-9]\d* 人次，覆盖 1 家/);
  expect(await title('池景天', '导出 附件3 去年3月 报送稿')).toMatch(/^export\.(done|not-filed) /);
  // 年终 is last year's until this year's may be filed.
  for (const line of ['导出 附件3 年终', '导出 附件1 年终补报'])
    expect(await title('赖知远', line)).toBe('export.not-filed 永定区 2024年终补报还没有报送');
  // What is refused says a line that works.
  const said = await lines('赖知远', '导出 附件3 2023年5月');
  const example = said.at(-1)!.replace(/^.*\//, '');
  expect(await title('赖知远', example)).toMatch(/^export\.done /);
  const late = (await lines('赖知远', '通报 2023年5月')).at(-1)!.replace(/^.*\//, '');
  expect(await title('赖知远', late)).toMatch(/^bulletin\.drafted /);
  // Nobody is told that there is nothing who only asks for another year.
  expect(await title('赖知远', '总结 年度 2022年')).toBe('summary.which 没有2022年“年度”总结');
});

test('in the new year’s own months its programme is meant, and the old one’s summary is a button away', async () => {
  await january('2025-09-01 09:00', [next]);
  expect((await lines('赖知远', '总结 年度'))[1]).toBe('写的是2025年1月至9月');
  await room.press('赖知远', '要2024年的');
  expect(room.messages('赖知远').at(-1)!.card.lines[1]).toBe('写的是2024年1月至12月');
  expect((await lines('赖知远', '导出 附件3 近300天'))[0]).toBe('只含《永定区2025年度“医师下基层”对口支援》的，它从2025年1月1日起');
});

test('a month means the same when it is planned, shown and counted, all through the programme’s year', async () => {
  room = await chat({ at: '2024-04-08 08:00' });
  for (const line of ['统计 12月', '统计 11月', '统计 第四季度'])
    expect(await title('赖知远', line)).toBe(`statistics.shown 永定区 2024年${line.slice(3)}`);
  expect(await title('江安然', '排班 12月5日')).toMatch(/^schedule\.planned /);
  expect(await title('江安然', '排班 11月 每月第二个周三')).toMatch(/^schedule\.planned /);
  expect(await title('赖知远', '排班 12月')).toContain('2024年12月');
  expect((await lines('赖知远', '统计 12月')).join()).toContain('全期 1');
  expect(await title('赖知远', '排班 公布 12月')).toBe('schedule.published 已公布2024年12月排班');
  expect(await title('赖知远', '通报 12月')).toBe('bulletin.future 2024年12月还没到');
});

test('a refused time names one that works, and never itself', async () => {
  room = await chat({ at: '2024-04-08 08:00' });
  for (const line of ['统计 去年', '统计 2021年', '统计 明年', '统计 2023年5月']) {
    const [no] = await room.say('赖知远', line);
    expect(no!.card.lines).toEqual(['看别的时候，例：/统计 2024年']);
    expect(await title('赖知远', '统计 2024年')).toMatch('statistics.shown');
  }
});

test('a quarter counts the reports of a month from the day after they were due, as the month itself does; a day has no rates', async () => {
  room = await chat({ at: '2024-06-22 20:00' });
  const rates = async (line: string) => (await lines('赖知远', line)).filter(l => /月报|完成|上门送医/.test(l));
  const reports = async (line: string) => (await rates(line)).find(l => l.startsWith('月报')) ?? '';
  expect(await reports('统计 本季度')).toMatch('月报 2个月，应报 48');
  await room.to('2024-06-30 23:50');
  expect(await reports('统计 6月')).toMatch('逾期未报 24');
  const late = await reports('统计 本季度');
  expect(late).toMatch('月报 3个月，应报 72');
  await room.to('2024-07-01 00:10');
  expect(await reports('统计 第二季度')).toBe(late);
  expect(await rates('统计 昨天')).toEqual([]);
  expect(await rates('统计 近3天')).toEqual([]);
  expect(await reports('统计 5月20日-6月30日')).toMatch('月报 1个月，应报 24');
});

test.each([
  ['with the next programme', [next]],
  ['without one', []],
])('%s: what December left open of leaves and cases is ended in January, by the programme of its time', async (_, more) => {
  room = await chat({ at: '2024-12-23 08:00', more });
  const { read } = room.open.store();
  for (const who of ['谢卓群', '张晓岚', '吴沐阳']) await room.say('赖知远', `/排班 ${who} 12月31日`);
  await room.to('2024-12-31 10:35');
  await room.say('张晓岚', '/请假 今天 发烧');
  await room.say('池景天', '/核实 谢卓群 没到');
  const leave = (await read.all('leaves', {}))[0]!.id;
  const reported = (await read.all('cases', {}))[0]!.id;
  await room.to('2025-01-02 09:30');
  const answers = async (...lines: readonly (readonly [string, string])[]) => {
    const codes: string[] = [];
    for (const [who, text] of lines) codes.push((await room.say(who, text))[0]!.code);
    return codes;
  };
  expect(
    await answers(
      ['谢卓群', `/说明 ${reported} 路上车坏了`],
      ['巫承安', `/说明 ${reported} 情况属实`],
      ['赖知远', `/认定 ${reported} 无故 没有请假`],
      ['谢卓群', `/异议 ${reported} 车坏在半路`],
    ),
  ).toEqual(['case.said', 'case.said', 'case.found-done', 'case.objected']);
  expect(
    await answers(
      ['沈白芷', `/批准 ${leave}`],
      ['邱思源', `/批准 ${leave}`],
      ['赖知远', `/批准 ${leave}`],
      ['赖知远', `/备案 ${leave} 报市`],
      ['张晓岚', `/请假 ${leave}`],
      ['张晓岚', `/请假 ${leave} 改到 1月8日`],
      ['沈白芷', '/在岗 12月31日'],
    ),
  ).toEqual(['leave.agreed', 'leave.agreed', 'leave.approved', 'filing.done', 'leave.shown', 'leave.make-up-over', 'presence.shown']);
  expect((await room.say('张晓岚', '/待办'))[0]!.text).not.toContain('补班');
  expect(room.messages('张晓岚').filter(m => m.code === 'leave.granted' && m.text.includes('补班日还没定'))).toEqual([]);
  expect(await answers(['吴沐阳', '/补签 12月31日 没有信号'])).toEqual(['late.done']);
  const [list] = await room.say('黄怀瑾', '/核实');
  expect(list!.card.buttons!.map(b => b.label)).toContain('核实12月31日 周二');
  // What is new belongs to the new year.
  expect(await answers(['吴沐阳', '/签到'])).not.toEqual(['check-in.done']);
});

test('the last day of a hearing is said in January as well', async () => {
  room = await chat({ at: '2024-12-23 08:00' });
  await room.say('赖知远', '/排班 谢卓群 12月31日');
  await room.to('2024-12-31 10:35');
  await room.say('池景天', '/核实 谢卓群 没到');
  const said = await room.to('2025-01-03 10:00');
  expect(said.filter(m => m.code === 'case.hear-last').map(m => m.conversation.name)).toEqual(['谢卓群', '巫承安']);
});
