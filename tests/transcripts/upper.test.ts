/** What lies over several counties, each with a programme of its own; and a unit whose 专人 is the visiting physician. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { jobs } from '../../cron/index.ts';
import { calendarSource } from '../../src/bot/calendar-source.ts';
import type { Read, Store } from '../../src/bot/ports.ts';
import { outlinesOf } from '../../src/bot/report-draft.ts';
import { standing, unitsIn } from '../../src/bot/reports.ts';
import { makeWake } from '../../src/bot/wake.ts';
import { at, day, type Month } from '../../src/core/day.ts';
import { newReport } from '../../src/core/filing.ts';
import type { Change, Org } from '../../src/core/records.ts';
import { periodsOf } from '../../src/core/report.ts';
import { sayLacks } from '../../src/core/report-cards.ts';
import { newVisit } from '../../src/core/visit.ts';
import { loadProgrammes } from '../../src/programmes/load.ts';
import { packageRoot } from '../../src/root.ts';
import { readDocument } from '../harness/book.ts';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room?.close());
let applied = 0;
const apply = (changes: Change[]) =>
  room.open
    .store()
    .turn(
      { platform: 'test', app: '', eventId: `more-${++applied}`, conversation: '', account: '', sentAt: 0, receivedAt: 0 },
      async tx => {
        await tx.apply(changes, { actor: null, command: 'test', sentAt: 0, now: 0 });
        return 'ok';
      },
    );

/** The answer as it is stored, before its chart is drawn. */
const asked = async (name: string) => {
  const account = room.id(name);
  const now = at(day('2024-04-08'), '09:00');
  const inbound = {
    platform: 'sandbox',
    app: 'stage',
    eventId: `asked-${account}`,
    account,
    accountName: name,
    sentAt: now,
    receivedAt: now,
  };
  const conversation = { id: `direct:${account}`, kind: 'direct' as const, name };
  const received = await room.open.assembled().bot.receive({ ...inbound, conversation, content: { kind: 'text', text: '统计' } });
  return received.posts[0]!.card;
};

test('a city sees its counties, each counted by its own programme; the total is the sum of the rows', async () => {
  const text = readFileSync(join(packageRoot, 'src/programmes/yongding-2024.yaml'), 'utf8');
  const other = text.replace(/^id:.*$/m, 'id: lakeside-2024').replace(/^bureau:.*$/m, 'bureau: 湖畔县卫生健康局');
  room = await chat({ more: [other] });
  const { read } = room.open.store();
  const county = (await read.all('orgs', { kind: 'bureau', level: 'county' }))[0]!;
  const bureau: Org = { ...county, id: 'lake', name: '湖畔县卫生健康局', names: ['湖畔县卫健局'], district: '湖畔县', county: 'lake' };
  const visit = (id: string, on: string, am: boolean, pm: boolean, clinic: string) =>
    newVisit({
      id,
      programme: 'lakeside-2024',
      county: 'lake',
      person: 'somebody',
      clinic,
      hospital: 'h',
      posting: null,
      day: day(on),
      am,
      pm,
      presence: 'present',
      verifiedAt: 1,
      tally: am ? 'verified' : null,
    });
  await apply([
    { table: 'orgs', id: 'lake', to: bureau },
    { table: 'visits', id: '9001', to: visit('9001', '2024-04-02', true, false, 'k1') },
    { table: 'visits', id: '9001-2', to: visit('9001-2', '2024-04-02', false, true, 'k2') },
    { table: 'visits', id: '9001-3', to: visit('9001-3', '2024-04-03', true, true, 'k1') },
  ]);
  const { lines, table } = await asked('简明川');
  expect(lines.slice(0, 2)).toEqual(['人次 已核实 2，待核实 1（已签到 0）', '计划人次 到今天 3，全期 25']);
  expect(table!.rows.map(r => r.slice(1)).sort()).toEqual([
    ['0', '1', '1', '23'],
    ['2', '0', '2', '2'],
  ]);
  // A county sees itself only.
  const own = await asked('丘书瑶');
  expect(own.lines[0]).toBe('人次 已核实 0，待核实 1（已签到 0）');
});

/** Over 永定 and a second county that has a programme of its own: the city's chief, who coordinates as well. */
const twoCounties = async (at: string) => {
  const text = readFileSync(join(packageRoot, 'src/programmes/yongding-2024.yaml'), 'utf8');
  const other = text.replace(/^id:.*$/m, 'id: lakeside-2024').replace(/^bureau:.*$/m, 'bureau: 湖畔县卫生健康局');
  room = await chat({ at, more: [other] });
  const { read } = room.open.store();
  const county = (await read.first('orgs', { kind: 'bureau', level: 'county' }))!;
  const city = (await read.first('orgs', { kind: 'bureau', level: 'city' }))!;
  const clinic = (await read.first('orgs', { kind: 'clinic' }))!;
  const posting = (await read.first('postings', { clinic: clinic.id }))!;
  const grant = (await read.first('grants', { org: city.id }))!;
  const its = { programme: 'lakeside-2024', county: 'lake' };
  await apply([
    {
      table: 'orgs',
      id: 'lake',
      to: { ...county, id: 'lake', name: '湖畔县卫生健康局', names: ['湖畔县卫健局'], district: '湖畔县', county: 'lake' },
    },
    { table: 'grants', id: 'staff', to: { ...grant, id: 'staff', role: 'bureau', office: '医政股' } },
    ...['甲', '乙', '丙'].flatMap((name, i): Change[] => [
      {
        table: 'orgs',
        id: `k${i}`,
        to: {
          ...clinic,
          id: `k${i}`,
          name: `湖畔县${name}卫生院`,
          names: [`${name}卫生院`],
          district: '湖畔县',
          county: 'lake',
          parent: 'lake',
        },
      },
      { table: 'postings', id: `p${i}`, to: { ...posting, ...its, id: `p${i}`, clinic: `k${i}` } },
      {
        table: 'visits',
        id: `9${i}`,
        to: newVisit({
          ...its,
          id: `9${i}`,
          person: posting.person,
          clinic: `k${i}`,
          hospital: posting.hospital,
          posting: `p${i}`,
          day: day(`2024-05-0${7 + i}`),
          am: true,
          pm: true,
          presence: 'present',
          verifiedAt: 1,
          tally: 'verified',
        }),
      },
    ]),
  ]);
};

// Only one of them was shown, and the city was asked for a report that no programme asks of it.
test('above counties that have each a programme of their own, a month and the year’s end are shown of each, and one of them by its name', async () => {
  await twoCounties('2025-01-03 08:30');
  expect(
    await room.play(`
    简明川> 月报
    简明川> 月报 年终
    简明川> 月报 年终 湖畔县
    简明川> 月报 3月 永定区
    简明川> 月报 年终 甲卫生院
    简明川> 月报 上报 年终
    简明川> 催报 年终
    简明川> 催报 年终 湖畔县
    `),
  ).toMatchInlineSnapshot(`
    "简明川> 月报
    机器人→简明川> 龙岩市 2024年12月月报：2个区县【演示数据】
          | 应报 27，已报 0，按时 0，逾期未报 27
          | 已过截止日2024年12月22日 周日
          | 看一个区县的：/月报 12月 永定区
          | 表：区县 应报 已报 没报 县里汇总（2行）
    简明川> 月报 年终
    机器人→简明川> 龙岩市 2024年终补报：2个区县【演示数据】
          | 应报 26，已报 0，按时 0，逾期未报 26
          | 已过截止日2024年12月31日 周二
          | 看一个区县的：/月报 年终 永定区
          | 表：区县 应报 已报 没报 县里汇总（2行）
    简明川> 月报 年终 湖畔县
    机器人→简明川> 湖畔县 2024年终补报【演示数据】
          | 应报 3，已报 0，按时 0，逾期未报 3
          | 未报：丙卫生院、甲卫生院、乙卫生院
          | 汇总：未报
          | 已过截止日2024年12月31日 周二
          | 依据 永卫〔2024〕13号 六（二）：工作到12月底（补报日期方案未写，按年底）
          | 表：单位 月报 时间（3行）
    简明川> 月报 3月 永定区
    机器人→简明川> 永定区 2024年3月首次月报【演示数据】
          | 应报 24，已报 24，按时 24
          | 汇总：已报，截至2024年3月29日 周五 16:20，赖知远报
          | 依据 永卫〔2024〕13号 六（二）：3月底前报送首月工作情况
          | 表：单位 月报 时间（24行）
          [附件1报送稿] [附件3报送稿]
    简明川> 月报 年终 甲卫生院
    机器人→简明川> 甲卫生院 2024年终补报：草稿【演示数据】
          | 人次 0，另补报以前的 1，已过截止日2024年12月31日 周二
          | 没填工作量：吴沐阳（医师）
          | 待核对：区中医院（支援单位）
          | 依据 永卫〔2024〕13号 六（二）：工作到12月底（补报日期方案未写，按年底）
          | 表：日期 医师 诊疗 讨论 查房 备注（1行）
    简明川> 月报 上报 年终
    机器人→简明川> 方案没有要市卫健委报月报【演示数据】
    简明川> 催报 年终
    机器人→简明川> 龙岩市 2024年终补报：2个区县【演示数据】
          | 应报 26，已报 0，按时 0，逾期未报 26
          | 已过截止日2024年12月31日 周二
          | 一次催一个区县：/催报 年终 永定区
          | 表：区县 应报 已报 没报 县里汇总（2行）
    简明川> 催报 年终 湖畔县
    机器人→简明川> 已催 1 家【演示数据】
          | 湖畔县卫健局
          | 1月3日 周五不再重复催"
  `);
  const [card] = await room.say('简明川', '月报 3月');
  expect(card!.card.table).toEqual({
    columns: ['区县', '应报', '已报', '没报', '县里汇总'],
    rows: [
      ['永定区', '24', '24', '0', '已报'],
      ['湖畔县', '3', '0', '3', '未报'],
    ],
  });
});

test('several months of several counties say how many reports were filed of the last that was due', async () => {
  await twoCounties('2025-01-03 08:30');
  const reports = async (line: string) => (await room.say('简明川', line))[0]!.card.lines.find(l => l.startsWith('月报'));
  expect(await reports('统计 2024年12月')).toBe('月报 受援单位应报 27，已报 0，按时 0，逾期未报 27');
  expect(await reports('统计 2024年3月')).toBe('月报 受援单位应报 27，已报 24，按时 24，逾期未报 3');
  expect(await reports('统计 2024年第四季度')).toBe('月报 2024年12月，受援单位应报 27，已报 0，按时 0，逾期未报 27');
  expect(await reports('统计 2024年第一季度')).toBe('月报 2024年3月，受援单位应报 27，已报 24，按时 24，逾期未报 3');
  const [year] = await room.say('简明川', '统计 2024年');
  expect(year!.card.lines.find(l => l.startsWith('月报'))).toBe('月报 2024年12月，受援单位应报 27，已报 0，按时 0，逾期未报 27');
  expect(year!.card.lines.length).toBeLessThanOrEqual(8);
});

test('a province’s statistics bear the province’s name, a city’s the city’s', async () => {
  room = await chat({ programme: 'fujian-2022' });
  expect((await room.say('温知行', '统计'))[0]?.card.title).toBe('福建省卫生健康委员会 2022年6月【演示数据】');
  expect((await room.say('邹明远', '统计'))[0]?.card.title).toBe('龙岩市 2022年6月【演示数据】');
});

test('a province’s targets are the province’s: neither a city nor a county that is counted by its programme is shown them', async () => {
  room = await chat({ programme: 'fujian-2022', at: '2022-06-28 18:00' });
  const shown = async (who: string, what: string) => (await room.say(who, what)).at(-1)!.card.lines.filter(l => l.startsWith('年度目标'));
  const before = Number(/：人次 (\d+)\/约8000；12月31日前：人次 \1\/10000$/.exec((await shown('温知行', '统计 今年'))[0]!)?.[1]);
  expect(before).toBeGreaterThanOrEqual(0);
  await room.say('钟半夏', '核实 马思齐 在岗');
  expect(await shown('温知行', '统计 今年')).toEqual([
    `年度目标（只算已核实）10月31日前：人次 ${before + 1}/约8000；12月31日前：人次 ${before + 1}/10000`,
  ]);
  for (const who of ['邹明远', '傅云帆', '丁书言']) expect(await shown(who, '统计 今年'), who).toEqual([]);
  expect(await shown('温知行', '统计 今年 长汀县')).toEqual([]);
  const said = (await room.say('温知行', '总结 阶段')).at(-1)!;
  const text = readDocument((await room.open.sandbox.file(said.card.file!.id))!.bytes);
  expect(text).toContain(`对照年度目标（只算已核实的）：10月31日前，下基层${before + 1}人次（目标约8000人次，还差${7999 - before}人次）；`);
  const city = (await room.say('邹明远', '总结 阶段')).at(-1)!;
  expect(readDocument((await room.open.sandbox.file(city.card.file!.id))!.bytes)).not.toContain('年度目标');
});

test('of several counties /排班 shows each one’s sums, and one of them by its name', async () => {
  room = await chat({ programme: 'fujian-2022' });
  expect(
    await room.play(`
    邹明远> 排班
    邹明远> /排班 长汀县 6月
    邹明远> /排班 长汀县 7月
    `),
  ).toMatchInlineSnapshot(`
    "邹明远> 排班
    机器人→邹明远> 2022年6月排班：2个区县【演示数据】
          | 计划3人次，已核实0人次
          | 看一个区县的：/排班 上杭县 2022年6月
          | 表：区县 计划人次 已核实（2行）
    邹明远> /排班 长汀县 6月
    机器人→邹明远> 长汀县 2022年6月排班【演示数据】
          | 1班，已核实0班
          | 6月28日 周二 马思齐 河田卫生院 坐诊
    邹明远> /排班 长汀县 7月
    机器人→邹明远> 长汀县 2022年7月排班【演示数据】
          | 这个月还没有排班
          | 没有人来：河田卫生院"
  `);
});

// A province's day was a table of 666 people.
test('of several counties /在岗 shows each one’s numbers and nobody’s name, and one of them by the line it offers', async () => {
  room = await chat({ programme: 'fujian-2022' });
  await room.to('2022-06-28 09:00');
  const played = await room.play(`
    温知行> 在岗
    温知行> 在岗 6月29日
    邹明远> 在岗
    邹明远> /在岗 上杭县
    邹明远> /在岗 长汀县 6月29日
    邹明远> /在岗 马思齐
    邹明远> /在岗 三明市
    `);
  expect(played).toMatchInlineSnapshot(`
    "温知行> 在岗
    机器人→温知行> 6月28日 周二 在岗情况：3个区县【演示数据】
          | 应到 1，在岗 0，已签到 0
          | 尚无到岗记录 1
          | 看一个区县的：/在岗 上杭县
          | 表：区县 应到 在岗 已签到 尚无记录（3行）
    温知行> 在岗 6月29日
    机器人→温知行> 6月29日 周三没有下乡安排【演示数据】
          | 发 /排班 看这个月的
    邹明远> 在岗
    机器人→邹明远> 6月28日 周二 在岗情况：2个区县【演示数据】
          | 应到 1，在岗 0，已签到 0
          | 尚无到岗记录 1
          | 看一个区县的：/在岗 上杭县
          | 表：区县 应到 在岗 已签到 尚无记录（2行）
    邹明远> /在岗 上杭县
    机器人→邹明远> 上杭县卫健局 6月28日 周二没有下乡安排【演示数据】
          | 发 /排班 看这个月的
    邹明远> /在岗 长汀县 6月29日
    机器人→邹明远> 长汀县卫健局 6月29日 周三没有下乡安排【演示数据】
          | 发 /排班 看这个月的
    邹明远> /在岗 马思齐
    机器人→邹明远> 马思齐 6月28日 周二 在岗情况【演示数据】
          | 马思齐 河田卫生院：尚无到岗记录
    邹明远> /在岗 三明市
    机器人→邹明远> 看不到三明市卫健委【演示数据】
          | 只能看本人、本单位和下级的"
  `);
  const [card] = await room.say('温知行', '在岗');
  expect(card!.card.table).toMatchInlineSnapshot(`
    {
      "columns": [
        "区县",
        "应到",
        "在岗",
        "已签到",
        "尚无记录",
      ],
      "rows": [
        [
          "上杭县",
          "0",
          "0",
          "0",
          "0",
        ],
        [
          "长汀县",
          "1",
          "0",
          "0",
          "1",
        ],
        [
          "尤溪县",
          "0",
          "0",
          "0",
          "0",
        ],
      ],
    }
  `);
});

test('the line by which /统计 offers one county says the same span of it', async () => {
  room = await chat({ programme: 'fujian-2022' });
  await room.to('2022-06-28 09:00');
  for (const span of ['', ' 5月', ' 今年', ' 第二季度', ' 5-6月', ' 6月1日-6月20日', ' 6月28日', ' 6月3日至6月9日']) {
    const [shown] = await room.say('邹明远', `统计${span}`);
    const line = shown!.card.lines.at(-1)!;
    expect(line).toMatch(/^看一个区县的：\/统计 上杭县 /);
    const [one] = await room.say('邹明远', line.replace('看一个区县的：', ''));
    expect(one!.card.title).toBe(shown!.card.title.replace('龙岩市', '上杭县'));
    // Under each name stands what that county's own card says.
    const row = shown!.card.table!.rows.find(r => r[0] === '上杭县')!;
    expect(one!.card.lines[0]).toContain(`已核实 ${row[1]}，待核实 ${row[2]}`);
  }
});

test('what an upper bureau cannot do is said as it is: whose it is, and what can be typed', async () => {
  room = await chat({ programme: 'fujian-2022' });
  await room.to('2022-06-28 09:00');
  expect(
    await room.play(`
    温知行> 体检
    温知行> 设置
    温知行> 导入
    邹明远> 在岗 湖畔县
    温知行> /月报 上杭县
    温知行> /催报 5月 上杭县
    温知行> /催报 5月 上杭县 龙岩市
    邹明远> /催报 5月 洋中卫生院
    `),
  ).toMatchInlineSnapshot(`
    "温知行> 体检
    机器人→温知行> 体检是各县自己做的【演示数据】
          | 由县里的系统管理员或卫健局发 /体检
    温知行> 设置
    机器人→温知行> 设置是各县自己定的【演示数据】
          | 由县里的系统管理员或卫健局发 /设置
    温知行> 导入
    机器人→温知行> 导入是各县自己做的【演示数据】
          | 由县里的系统管理员或卫健局发 /导入；还没有卫健局的，先认领
    邹明远> 在岗 湖畔县
    机器人→邹明远> 没有找到“湖畔县”【演示数据】
          | 请写区县或单位的全称
          | 发 /在岗 看当天全部
    温知行> /月报 上杭县
    机器人→温知行> 上杭县 2022年5月首次月报【演示数据】
          | 应报 2，已报 0，按时 0，逾期未报 2
          | 未报：古田卫生院、蛟洋卫生院
          | 已过截止日6月5日 周日
          | 依据 闽卫医政函〔2022〕595号 三（二）：报送第一个月工作情况（方案未写日期，按每月5日前）
          | 表：单位 月报 时间（2行）
    温知行> /催报 5月 上杭县
    机器人→温知行> 这家没有催【演示数据】
          | 不直接报给本局，或本月没有派驻
          | 可以催：/催报 5月 龙岩市卫健委
    温知行> /催报 5月 上杭县 龙岩市
    机器人→温知行> 已催 1 家【演示数据】
          | 龙岩市卫健委
          | 另有1家没有催：不直接报给本局，或本月没有派驻
          | 6月28日 周二不再重复催
    机器人→邹明远> 请尽快报龙岩市卫健委5月首次月报【演示数据】
          | 下级还有3家没报
          | 还没写：工作完成情况、存在问题、下一步工作计划、建议
          | 已过截止日6月5日 周日，温知行催
          | 依据 闽卫医政函〔2022〕595号 三（二）：报送第一个月工作情况（方案未写日期，按每月5日前）
          [看月报]
    邹明远> /催报 5月 洋中卫生院
    机器人→邹明远> 这家没有催【演示数据】
          | 不直接报给本局，或本月没有派驻
          | 可以催：/催报 5月 古田卫生院"
  `);
});

test('of more than thirty units that have reported /催报 names a few, so that those that have not are not cut off', async () => {
  room = await chat({ programme: 'fujian-2022' });
  await room.to('2022-06-28 09:00');
  const { read } = room.open.store();
  const clinic = (await read.all('orgs', { kind: 'clinic' })).find(o => o.names[0] === '古田卫生院')!;
  const [posting] = await read.all('postings', { clinic: clinic.id });
  const period = { month: '2022-05' as Month, kind: 'first' as const };
  const ids = Array.from({ length: 31 }, (_, i) => `more-${i}`);
  await apply(
    ids.flatMap((id, i): Change[] => [
      { table: 'orgs', id, to: { ...clinic, id, name: `上杭县甲${i}卫生院`, names: [`甲${i}卫生院`], order: 10 + i } },
      { table: 'postings', id: `p-${id}`, to: { ...posting!, id: `p-${id}`, clinic: id, from: period.month } },
      {
        table: 'reports',
        id: `r-${id}`,
        to: {
          ...newReport({ period, programme: { id: 'fujian-2022', key: 'x' }, county: clinic.county!, org: id }, `r-${id}`),
          state: 'accepted',
        },
      },
    ]),
  );
  const [card] = await room.say('邹明远', '/催报 5月');
  expect(card!.card.table!.rows.map(r => r.join('：'))).toMatchInlineSnapshot(`
    [
      "没填工作量：范修远（医师）（1家）：古田卫生院",
      "没填工作量：罗清扬（医师）（1家）：蛟洋卫生院",
      "没填工作量：马思齐（医师）（1家）：河田卫生院",
      "按时报（31家）：甲0卫生院、甲1卫生院、甲2卫生院、甲3卫生院、甲4卫生院等",
    ]
  `);
});

/** What is asked of the store, by table. */
const counted = (read: Read) => {
  const asked: string[] = [];
  const listening = new Proxy(read, {
    get:
      (of, how: keyof Read) =>
      (table: string, ...rest: unknown[]) => {
        asked.push(table);
        return (of[how] as (...args: unknown[]) => unknown)(table, ...rest);
      },
  });
  return { asked, read: listening };
};

// What a hundred counties lacked took two seconds, in which nobody else was answered.
test('what cities lack is read without their lines, and as much is asked of the store for two of them as for one', async () => {
  room = await chat({ programme: 'fujian-2022' });
  await room.play(`
  阙春和> /月报 上报
  钟半夏> /月报 上报
  -- 2022-06-02 09:00 邹明远 --`);
  const programme = loadProgrammes([join(packageRoot, 'src/programmes')])
    .map(p => p.programme)
    .find(p => p.id === 'fujian-2022')!;
  const { read } = room.open.store();
  const counties = (await read.all('orgs', { kind: 'bureau', level: 'county' })).map(o => o.id);
  const period = periodsOf(programme)[0]!;
  const cities = (await unitsIn(read, programme, counties, period.month)).filter(u => u.filer.does === 'compiles');
  expect(cities.length).toBe(2);
  const stand = await standing(read, programme, cities, period);
  const today = day('2022-06-02');
  const of = async (units: typeof stand) => {
    const listening = counted(read);
    const outlines = await outlinesOf(listening.read, programme, units, period, today);
    return { asked: listening.asked, said: outlines.map(o => sayLacks(programme, period, { does: 'compiles' }, o)[0]) };
  };
  const [one, both] = [await of(stand.slice(0, 1)), await of(stand)];
  expect(both.said).toEqual(['下级还有1家没报', '下级还有2家没报']);
  expect(both.asked.filter(t => ['filedLines', 'visits', 'workloads'].includes(t))).toEqual([]);
  // Which counties a city has is looked up for each.
  expect(both.asked.length - one.asked.length).toBe(1);
});

test('each minute units and settings of all counties are read together', async () => {
  room = await chat({ programme: 'fujian-2022' });
  const { read } = room.open.store();
  const listening = counted(read);
  const wake = makeWake({
    store: { read: listening.read } as Store,
    jobs,
    platforms: new Map(),
    programmes: loadProgrammes([join(packageRoot, 'src/programmes')]).map(p => p.programme),
    calendars: { calendar: async () => calendarSource().calendar(read) },
    speakAt: (_calendar, _settings, moment) => moment,
    demo: true,
    log: { error: () => undefined },
    kick: () => undefined,
  });
  const moments = await wake.moments(at(day('2022-06-07'), '00:00'), at(day('2022-06-08'), '00:00') - 1);
  expect(moments).toContain(at(day('2022-06-07'), '09:00'));
  expect(listening.asked).toEqual(['orgs', 'settings']);
});

/** 古竹's 专人 is its visiting physician by now. */
const physicianIsReporter = async () => {
  const { read } = room.open.store();
  const physician = (await read.all('people', { name: '谢卓群' }))[0]!;
  const clinic = (await read.all('orgs', { kind: 'clinic' })).find(o => o.names[0] === '古竹卫生院')!;
  const [held] = await read.all('grants', { org: clinic.id, role: 'clinic' });
  await apply([{ table: 'grants', id: held!.id, to: { ...held!, person: physician.id } }]);
  return { clinic };
};

test('nobody is asked about their own: the deputy within the dates, else the head, else the hospital', async () => {
  room = await chat();
  const { clinic } = await physicianIsReporter();
  const askedAt = async (time: string) =>
    (await room.to(time)).filter(m => m.code.startsWith('verify.asked')).map(m => `${m.conversation.name}：${m.card.title}`);
  await room.play('谢卓群> /签到');
  expect(await askedAt('2024-04-08 17:00')).toContain('梁逢春：今天谁来了？【演示数据】');
  expect((await room.say('梁逢春', '/待办'))[0]!.card.lines).toEqual(['核实 4月8日 周一 古竹卫生院 1人']);
  expect((await room.say('谢卓群', '/待办'))[0]!.card.lines).not.toContain('核实 4月8日 周一 古竹卫生院 1人');
  await room.play('赖知远> /授权 池景天 受援单位专人 古竹卫生院 B岗 4月9日-4月9日');
  const again = await askedAt('2024-04-09 09:00');
  expect(again).toContain('池景天：4月8日 周一谁来了？【演示数据】');
  expect(again.join()).not.toMatch(/梁逢春|谢卓群/);
  const grants = await room.open.store().read.all('grants', { org: clinic.id, role: 'head' });
  await apply(grants.map(g => ({ table: 'grants', id: g.id, to: null })));
  await room.play('谢卓群> /排班 4月10日\n-- 2024-04-10 09:00 谢卓群 --\n谢卓群> /签到');
  expect(await askedAt('2024-04-10 17:00')).toEqual(expect.arrayContaining([expect.stringMatching(/^巫承安：古竹卫生院没有专人，请代核/)]));
});

test('one who may not answer the own leave is not asked: the head is', async () => {
  room = await chat();
  await physicianIsReporter();
  const told = await room.say('谢卓群', '/请假 4月17日 家中有事 改到 4月24日');
  const to = told.filter(m => m.code === 'leave.asked').map(m => m.conversation.name);
  expect(to).toContain('梁逢春');
  expect(to).not.toContain('谢卓群');
});

test('where the 专人 is the physician who came, the unit’s head verifies, with a reason', async () => {
  room = await chat();
  await physicianIsReporter();
  expect(
    await room.play(`
    谢卓群> /签到
    谢卓群> /核实 全部 在岗
    梁逢春> /核实 谢卓群 在岗
    梁逢春> 专人就是本人
  `),
  ).toMatchInlineSnapshot(`
    "谢卓群> /签到
    机器人→谢卓群> 已签到 古竹卫生院【演示数据】
          | 4月8日 周一 08:00 坐诊
          | 今天没有排班，按临时下乡登记
          | 等受援单位核实
          [算作4月17日 周三的班次]
    谢卓群> /核实 全部 在岗
    机器人→谢卓群> 不能核实自己【演示数据】
          | 请由副岗或单位负责人核实
    梁逢春> /核实 谢卓群 在岗
    机器人→梁逢春> 代核请写理由【演示数据】
          | 直接回复理由，如：专人请假
          | 发 取消 不办
    梁逢春> 专人就是本人
    机器人→梁逢春> 已核实 谢卓群 在岗【演示数据】
          | 古竹卫生院 4月8日 周一（代核）"
  `);
});
