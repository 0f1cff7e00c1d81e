/** Where months, years and offices meet: what a report lists, whom it is expected of, and what goes up when something was given back. */
import { afterEach, expect, test } from 'vitest';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room.close());

const last = (who: string) => room.messages(who).at(-1)!.card;
const april = '2024-04' as never;

test('filing lists every visit that waits, of earlier months too, and each is settled on the same card', async () => {
  room = await chat({ at: '2024-04-17 18:00' });
  await room.play(`
    华苏叶> /核实 4月8日 江安然 在岗
    华苏叶> /月报 上报 照报
    江安然> /签到 高头卫生院
    -- 2024-05-20 08:00 无 --
    江安然> /签到 高头卫生院`);
  const [asked] = await room.say('华苏叶', '/月报 上报');
  expect([asked!.code, asked!.card.title, ...asked!.card.lines.slice(0, 2)]).toEqual([
    'report.unverified',
    '还有2个班次没核实【演示数据】',
    '江安然 4月17日 周三，已签到',
    '江安然 5月20日 周一，已签到',
  ]);
  // Of two days each button says its own.
  expect(asked!.card.buttons!.map(b => b.label)).toEqual([
    '4月17日 周三 在岗',
    '4月17日 周三 没到',
    '5月20日 周一 在岗',
    '5月20日 周一 没到',
    '上报',
    '不等了，照报',
  ]);
  await room.press('华苏叶', '4月17日 周三 在岗');
  await room.press('华苏叶', '5月20日 周一 没到');
  const [filed] = await room.say('华苏叶', '/月报 上报');
  expect(filed!.card.lines[0]).toBe('人次 0，另补报以前的 1');
});

test('many visits that wait are all listed, in a table, with what to type for days that have no button', async () => {
  room = await chat();
  for (const d of ['04-09', '04-10', '04-11', '04-12', '04-15']) {
    await room.to(`2024-${d} 08:30`);
    await room.say('江安然', '/签到 高头卫生院');
  }
  const [asked] = await room.say('华苏叶', '/月报 上报');
  expect(asked!.card.table!.rows.length).toBe(6);
  expect(asked!.card.buttons!.filter(b => b.label.startsWith('核实')).length).toBe(4);
  expect(asked!.card.lines[0]).toBe('其余日期发：/核实 4月12日');
  expect((await room.say('华苏叶', '/核实 4月12日'))[0]!.card.title).toContain('4月12日');
});

test('年终补报 is expected only of those with something left, lists what waits, and can be accepted', async () => {
  room = await chat({ at: '2024-12-20 08:00' });
  await room.play(`
    华苏叶> /核实 4月8日 江安然 在岗
    华苏叶> /月报 上报 12月 并入
    -- 2024-12-21 08:00 无 --
    江安然> /签到 高头卫生院`);
  // Nobody verified it yet: it is what may come, and is reminded of.
  expect((await room.say('华苏叶', '/月报 年终'))[0]!.card.lines).toContain('待核实：江安然（专人）');
  expect((await room.say('赖知远', '/月报 年终'))[0]!.card.lines.slice(0, 2)).toEqual(['应报 1，已报 0，按时 0', '未报：高头卫生院']);
  expect((await room.say('赖知远', '/催报 年终'))[0]!.card.table!.rows).toEqual([['高头卫生院', '未报', '待核实：江安然（专人）', '']]);
  expect((await room.say('华苏叶', '/月报 上报 年终'))[0]!.card.title).toBe('还有1个班次没核实【演示数据】');
  await room.press('华苏叶', '在岗');
  expect((await room.say('华苏叶', '/月报 上报 年终'))[0]!.code).toBe('report.filed');
  await room.play(`
    赖知远> /月报 受理 全部 年终
    赖知远> /月报 上报 年终 并入`);
  expect(last('赖知远').title).toBe('已上报 区卫健局 2024年终补报【演示数据】');
  const [accepted] = await room.say('赖知远', '/月报 受理 区卫健局 年终 市卫健委12月21日电话受理');
  expect(accepted!.code).toBe('report.accepted');
  // Once December's are overdue, whoever has something waiting is expected as well.
  await room.to('2024-12-23 08:00');
  expect((await room.say('赖知远', '/月报 年终'))[0]!.card.lines[0]).toBe('应报 23，已报 1，按时 1');
});

test('a month that was taken into a later one is asked of nobody again, and the bureau sees where it went', async () => {
  room = await chat({ at: '2024-05-20 08:00' });
  await room.play(`
    华苏叶> /核实 4月8日 江安然 在岗
    华苏叶> /月报 上报 5月`);
  expect(last('华苏叶').title).toBe('4月月报还没报【演示数据】');
  await room.press('华苏叶', '并入5月');
  expect((await room.say('华苏叶', '/月报'))[0]!.card.title).toContain('2024年5月月报：已报');
  expect((await room.say('华苏叶', '/待办'))[0]!.card.lines.join()).not.toContain('4月月报');
  const [progress] = await room.say('赖知远', '/月报 4月');
  expect(progress!.card.lines[0]).toBe('应报 24，已报 0，按时 0，并入后报 1，逾期未报 23');
  expect(progress!.card.table!.rows.find(r => r[0] === '高头卫生院')![1]).toBe('并入5月月报');
  expect((await room.say('赖知远', '/催报 4月 高头卫生院'))[0]!.code).toBe('chase.none');
  await room.to('2024-06-20 09:00');
  expect((await room.say('华苏叶', '/月报 上报 6月 零报告 照报 医师调休'))[0]!.code).toBe('report.filed-zero');
});

test('what was given back does not go up with the rest; filed again it stands in the next as 补报', async () => {
  room = await chat();
  await room.play(`
    华苏叶> /核实 4月8日 江安然 在岗
    华苏叶> /月报 上报 照报
    赖知远> /月报 退回 高头卫生院 4月 诊疗数没有填
    赖知远> /月报 上报 照报 4月`);
  const { read } = room.open.store();
  const county = (await read.all('filings', { month: april })).find(f => f.by !== room.id('华苏叶'))!;
  const sent = (await read.all('filings', { month: april, state: 'current' })).at(-1)!;
  expect(county).toBeDefined();
  expect(await read.count('filedLines', { filing: sent.id })).toBe(0);
  await room.play(`
    -- 2024-05-20 08:00 无 --
    华苏叶> /月报 上报 4月
    赖知远> /月报 上报 照报 5月`);
  const may = (await read.all('filings', { month: '2024-05' as never, state: 'current' })).at(-1)!;
  expect((await read.all('filedLines', { filing: may.id })).map(l => [l.day, l.supplement])).toEqual([['2024-04-08', true]]);
});

test('months that stand on paper are owed by nobody', async () => {
  room = await chat({ at: '2024-08-05 08:00' });
  await room.play(`
    赖知远> /导入 附件1\\n序号\\t地市\\t区县\\t机构名称\\t5月\\t6月\\t7月\\n1\\t龙岩市\\t永定区\\t永定区城郊镇卫生院\\t2\\t0\\t1
    赖知远> [确认导入]`);
  expect((await room.say('黄怀瑾', '/月报 7月'))[0]!.card.title).toBe('城郊卫生院2024年7月据纸质报表录入，不用再报【演示数据】');
  expect((await room.say('赖知远', '/月报 7月'))[0]!.card.lines[0]).toMatch(/^应报 23，/);
  // April was worked in the bot and is owed; of the others only this month is.
  expect((await room.say('黄怀瑾', '/月报'))[0]!.card.title).toContain('2024年4月月报');
  expect((await room.say('黄怀瑾', '/月报 上报 照报 4月 零报告 医师请假'))[0]!.code).toBe('report.filed-zero');
  expect((await room.say('黄怀瑾', '/月报'))[0]!.card.title).toContain('2024年8月月报');
});

test('a deadline inside a holiday: told before that the report opens later; looked at, not filed', async () => {
  room = await chat({ programme: 'fujian-2022', at: '2022-09-27 08:00' });
  const nudged = (await room.to('2022-09-28 09:00')).filter(m => m.code === 'report.due');
  expect(nudged.length).toBeGreaterThan(0);
  for (const m of nudged) {
    expect(m.card.lines[0]).toBe('10月1日 周六起可报，10月5日 周三24时截止');
    expect(m.card.buttons!.map(b => b.label)).toEqual(['看月报']);
  }
  const [draft] = await room.press('阙春和', '看月报');
  expect([draft!.code, draft!.card.lines[0]!.endsWith('10月1日 周六起可报，10月5日 周三24时截止')]).toEqual(['report.draft', true]);
  expect(draft!.card.buttons).toBeUndefined();
  expect((await room.say('阙春和', '/月报 上报 9月'))[0]!.code).toBe('report.future');
});

test('a province looks at its prefectures: who has not sent up, whom to press, what to accept', async () => {
  room = await chat({ programme: 'fujian-2022' });
  await room.play(`
    阙春和> /月报 上报 5月
    蓝小满> /月报 上报 5月
    钟半夏> /月报 上报 5月
    邹明远> /月报 5月 工作完成情况：好 存在问题：无 下一步工作计划：继续 建议：无
    邹明远> /月报 上报 5月`);
  const [progress] = await room.say('温知行', '/月报');
  expect(progress!.card.lines.slice(0, 2)).toEqual(['应报 2，已报 1，按时 1', '未报：三明市卫健委']);
  // The city has to accept its own first: nothing is offered that cannot be done.
  expect(progress!.card.lines[2]).toBe('龙岩市卫健委报了，等它受理完下级再受理');
  expect(progress!.card.buttons?.map(b => b.label)).toEqual(['催报']);
  expect((await room.say('温知行', '/待办'))[0]!.card.lines).toEqual([]);
  expect((await room.say('温知行', '/月报 受理 全部 5月'))[0]!.code).toBe('report.step-none');
  await room.say('邹明远', '/月报 受理 全部 5月');
  expect((await room.say('温知行', '/待办'))[0]!.card.lines).toEqual(['受理5月首次月报 1家']);
  expect((await room.say('温知行', '/月报 受理 全部 5月'))[0]!.code).toBe('report.accepted-all');
  const chased = await room.say('温知行', '/催报 5月 三明市卫健委');
  expect(chased.map(m => [m.conversation.id, m.code])).toEqual([
    [`direct:${room.id('温知行')}`, 'chase.sent'],
    [`direct:${room.id('严若水')}`, 'report.chased'],
  ]);
  expect(chased[1]!.card.lines[0]).toBe('下级还有2家没报');
});

test('a head whose role begins later is asked for nothing, and nothing is said to have missed one', async () => {
  room = await chat();
  const store = room.open.store();
  const heads = await store.read.all('grants', { role: 'head' });
  const clinic = (await store.read.all('orgs', { kind: 'clinic' })).find(o => heads.every(g => g.org !== o.id))!;
  const now = room.open.sandbox.now();
  const event = { platform: 'test', app: '', eventId: 'later', conversation: '', account: '', sentAt: now, receivedAt: now };
  const to = { ...heads[0]!, id: 'later', org: clinic.id, from: '2024-06-01' as never };
  await store.turn(event, async tx => {
    await tx.apply([{ table: 'grants', id: to.id, to }], { actor: null, command: '授权', sentAt: now, now });
    return 'ok';
  });
  await room.to('2024-04-25 09:30');
  const told = (await store.read.outbox({ limit: 5_000 })).filter(r => r.key.startsWith('report-overdue/') && r.key.endsWith('/head'));
  expect(told.filter(r => r.key.includes(`/${clinic.id}/`)).map(r => [r.state, r.to.conversation])).toEqual([]);
  expect(told.length).toBeGreaterThan(0);
}, 60_000);

test('what a month lacks is said when it is filed, what comes too late when it is typed, and a zero report names its month', async () => {
  room = await chat({ at: '2024-04-18 08:00' });
  const lines = (said: { card: { lines: string[] } }[]) => said[0]!.card.lines;
  await room.say('华苏叶', '/核实 4月8日 江安然 在岗');
  await room.say('华苏叶', '/宣传 4月 传单100 工作室有');
  expect(lines(await room.say('华苏叶', '/月报 上报 4月 照报'))).toContain('宣传没填：公众号、电子屏，报送稿里空着');
  const late = '4月月报已报，报上去的那份不变，要改请上级退回';
  expect(lines(await room.say('华苏叶', '/宣传 4月 公众号20 电子屏3'))).toContain(late);
  await room.say('赖知远', '/月报 退回 高头 4月 宣传没有');
  expect(lines(await room.say('华苏叶', '/宣传 4月 电子屏4'))).not.toContain(late);
  expect(lines(await room.say('华苏叶', '/月报 上报 4月 照报')).join()).not.toContain('宣传没填');
  const [zero] = await room.say('丘佩兰', '/月报 上报 4月');
  expect(zero!.card.title).toContain('岐岭卫生院4月月报：没有已核实的下基层，按零报告报？');
  // In a list of what waits a day of two halves is one person.
  expect(lines(await room.say('黄怀瑾', '待办')).find(l => l.includes('核实 4月17日'))).toMatch(/ 1人$/);
});

test('what is entered after the month was filed says that what went up stays as it was; what went up empty is said when it is filed', async () => {
  room = await chat({ at: '2024-04-17 18:00' });
  await room.play(`
    江安然> /签到 高头卫生院
    华苏叶> /核实 4月8日 江安然 在岗
    华苏叶> /核实 4月17日 江安然 在岗
    江安然> /填报 4月8日 诊疗3 其余0`);
  const before = [await room.say('江安然', '/填报 4月17日 诊疗3'), await room.say('华苏叶', '/宣传 传单5 公众号0')];
  const note = '4月月报已报，报上去的那份不变，要改请上级退回';
  for (const [answer] of before) expect(answer!.card.lines).not.toContain(note);
  const [filed] = await room.say('华苏叶', '/月报 上报');
  expect([filed!.code, filed!.card.lines.filter(l => l.startsWith('宣传'))]).toEqual([
    'report.filed',
    ['宣传没填：电子屏、工作室，报送稿里空着'],
  ]);
  expect((await room.say('华苏叶', '/宣传 电子屏2 工作室有'))[0]!.card.lines).toContain(note);
  expect((await room.say('江安然', '/填报 4月17日 讲座1'))[0]!.card.lines).toContain(note);
  // Another month's is not.
  await room.to('2024-05-20 08:00');
  expect((await room.say('华苏叶', '/宣传 5月 传单5'))[0]!.card.lines).not.toContain(note);
  await room.say('赖知远', '/月报 退回 高头卫生院 4月 宣传没填');
  expect((await room.say('华苏叶', '/宣传 4月 传单6'))[0]!.card.lines).not.toContain(note);
});
