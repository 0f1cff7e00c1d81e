/** In which order a report is accepted, given back, opened, taken back and reminded of. */
import { afterEach, expect, test } from 'vitest';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room.close());

const code = async (who: string, text: string) => (await room.say(who, text))[0]!.code;
const codes = async (...lines: [who: string, text: string][]) => {
  const out: string[] = [];
  for (const [who, text] of lines) out.push(await code(who, text));
  return out;
};

test('taking back keeps to the order as well: not below what is accepted above, not above what is open below', async () => {
  room = await chat();
  expect(
    await codes(
      ['赖知远', '/月报 退回 高头卫生院 3月 漏报'],
      ['华苏叶', '/月报 上报 3月'],
      ['阮若谷', '/月报 受理 高头卫生院 3月'],
      ['赖知远', '/月报 受理 区卫健局 3月 市卫健委电话受理'],
      ['阮若谷', '/撤销'],
      ['赖知远', '/月报 退回 区卫健局 3月 市里要补数'],
      ['阮若谷', '/月报 退回 高头卫生院 3月 补数'],
      ['赖知远', '/撤销'],
      ['阮若谷', '/撤销'],
      ['赖知远', '/撤销'],
    ),
  ).toEqual([
    'report.returned',
    'report.filed',
    'report.accepted',
    'report.accepted',
    'undo.above',
    'report.returned',
    'report.returned',
    'undo.below',
    'undo.done',
    'undo.done',
  ]);
});

test('a clinic is opened after the city’s word only when that is given back, and the refusal says how', async () => {
  room = await chat();
  await room.say('赖知远', '/月报 受理 区卫健局 3月 市卫健委电话受理');
  const [no] = await room.say('赖知远', '/开锁 高头卫生院 3月 漏报一次');
  expect(no!.card.lines).toEqual(['漏报的不用改：核实后自动进下次补报', '数字要改，先登记上级退回：/月报 退回 区卫健局 3月 原因']);
  expect(
    await codes(
      ['赖知远', no!.card.lines[1]!.split('：')[1]!.replace('原因', '市里同意更正')],
      ['赖知远', '/开锁 高头卫生院 3月 漏报一次'],
      ['华苏叶', '/月报 上报 3月'],
      // What was opened and filed again waits anew, below and above.
      ['赖知远', '/月报 上报 3月'],
      ['赖知远', '/月报 受理 区卫健局 3月 市卫健委电话受理'],
      ['赖知远', '/月报 受理 高头卫生院 3月'],
      ['赖知远', '/月报 受理 区卫健局 3月 市卫健委电话受理'],
    ),
  ).toEqual(['report.returned', 'unlock.done', 'report.filed', 'report.filed', 'report.below-first', 'report.accepted', 'report.accepted']);
});

test('a word on who was there that was filed meanwhile is not taken back: it is said anew, and the report says so', async () => {
  room = await chat();
  expect(
    await codes(['江安然', '/签到 高头卫生院'], ['华苏叶', '/核实 4月8日 江安然 在岗'], ['赖知远', '/月报 上报 4月 高头卫生院']),
  ).toEqual(['check-in.done', 'verify.done', 'report.filed']);
  const [no] = await room.say('华苏叶', '/撤销');
  expect([no!.code, no!.card.title, no!.card.lines]).toEqual([
    'undo.filed',
    '江安然4月8日 周一已在之后上报的月报里，不能收回【演示数据】',
    ['要改请按实际再核实：/核实 2024-04-08 江安然 没到', '月报里记为填报后变动；要重报请上级退回'],
  ]);
  expect(await code('华苏叶', no!.card.lines[0]!.split('：')[1]!)).toBe('verify.stands');
  expect((await room.press('华苏叶', '更正为没到'))[0]!.code).toBe('verify.not-there');
  expect((await room.say('华苏叶', '/月报 4月'))[0]!.card.lines).toContain('填报后核减 1');
});

test('what was filed and given back can be taken back again, and so can what was said after the filing', async () => {
  room = await chat();
  expect(
    await codes(
      ['江安然', '/签到 高头卫生院'],
      ['华苏叶', '/核实 4月8日 江安然 在岗'],
      ['赖知远', '/月报 上报 4月 高头卫生院'],
      ['赖知远', '/月报 退回 高头卫生院 4月 再核对'],
      ['华苏叶', '/撤销'],
      ['华苏叶', '/核实 4月8日 江安然 在岗'],
      ['赖知远', '/月报 上报 4月 高头卫生院'],
      ['华苏叶', '/核实 4月8日 江安然 没到 更正'],
      ['华苏叶', '/撤销'],
    ),
  ).toEqual([
    'check-in.done',
    'verify.done',
    'report.filed',
    'report.returned',
    'undo.done',
    'verify.done',
    'report.filed',
    'verify.not-there',
    'undo.done',
  ]);
});

test('an opened lock that nobody used closes by itself: what was filed stands', async () => {
  room = await chat();
  await room.play(`
    华苏叶> /核实 4月8日 江安然 在岗
    华苏叶> /月报 上报 照报
    赖知远> /月报 受理 高头卫生院 4月
    赖知远> /月报 锁定 高头卫生院 4月
    赖知远> /开锁 高头卫生院 4月 漏报一次上门
    -- 2024-04-11 23:59 无 --`);
  expect(await code('江安然', '/填报 4月8日 诊疗31')).toBe('figures.filed');
  await room.to('2024-04-12 00:00');
  expect(
    await codes(
      ['江安然', '/填报 4月8日 诊疗32 原因：记错了'],
      ['华苏叶', '/月报 上报 4月'],
      ['赖知远', '/月报 退回 高头卫生院 4月 再看'],
      ['赖知远', '/开锁 高头卫生院 4月 漏报一次上门'],
      ['华苏叶', '/月报 上报 4月'],
    ),
  ).toEqual(['figures.locked', 'report.locked', 'report.locked', 'unlock.done', 'report.filed']);
});

test('a reminder that waits for the morning is withdrawn when its matter is done: by filing, by the cost; pressed once a day, also after /撤销', async () => {
  room = await chat();
  await room.to('2024-04-09 21:30');
  expect(
    await codes(
      ['赖知远', '/催报 4月 区医院 城郊卫生院 高头卫生院'],
      ['赖知远', '/撤销'],
      ['赖知远', '/催报 4月 城郊卫生院'],
      ['邱思源', '/经费 4月 1000'],
      ['黄怀瑾', '/月报 上报 照报 4月 零报告 医师请假'],
    ),
  ).toEqual(['chase.sent', 'undo.never', 'chase.today', 'figures.filed', 'report.filed-zero']);
  const morning = (await room.to('2024-04-10 07:30')).filter(m => m.code === 'report.chased');
  expect(morning.map(m => m.conversation.id)).toEqual([`direct:${room.id('华苏叶')}`]);
});

test('filed by 24:00 of the 22nd is in time, a minute later is late; filed again after it was given back is as late as before', async () => {
  room = await chat({ at: '2024-04-22 23:59' });
  expect((await room.say('黄怀瑾', '/月报 上报 照报 4月 零报告 医师请假'))[0]!.card.title).toBe(
    '已上报 城郊卫生院 2024年4月月报【演示数据】',
  );
  await room.to('2024-04-23 00:00');
  expect((await room.say('赖静姝', '/月报 上报 照报 4月 龙潭卫生院 零报告 医师请假'))[0]!.card.title).toBe(
    '已上报 龙潭卫生院 2024年4月月报（逾期）【演示数据】',
  );
  await room.say('赖知远', '/月报 退回 城郊卫生院 4月 原因写清楚');
  expect((await room.say('黄怀瑾', '/月报 上报 照报 4月 零报告 医师请假到月底'))[0]!.card.title).not.toContain('逾期');
  expect((await room.say('赖知远', '/月报 4月'))[0]!.card.lines[0]).toBe('应报 24，已报 2，按时 1，逾期报 1，逾期未报 22');
});

test('of much that is missing nothing is left out: a line for each pair of hands', async () => {
  room = await chat();
  await room.play(`
    江安然> /签到
    江安然> /填报 诊疗12 其余0
    华苏叶> /核实 全部 在岗
    江安然> /填报 诊疗31 原因：记错了
    -- 2024-04-09 08:00 无 --
    江安然> /签到 高头卫生院
    华苏叶> /核实 4月9日 全部 在岗
    -- 2024-04-10 08:00 无 --
    江安然> /签到 高头卫生院`);
  expect((await room.say('华苏叶', '/月报'))[0]!.card.lines.slice(1, 4)).toEqual([
    '专人：改报待答复 江安然；待核实 江安然；宣传没填 传单、公众号、电子屏、工作室',
    '医师：没填工作量 江安然',
    '支援单位：待核对 区医院',
  ]);
});

test('the bureau’s own compiling is overdue as well: its chief hears of it in the one line', async () => {
  room = await chat();
  const read = room.open.store().read;
  const clinics = (await read.all('orgs', { kind: 'clinic' })).map(o => o.name);
  await room.to('2024-04-19 10:00');
  for (const clinic of clinics) await room.say('赖知远', `/月报 上报 照报 4月 ${clinic} 零报告 医师请假`);
  await room.play(`
    巫承安> /经费 4月 0
    邱思源> /经费 4月 0`);
  const third = await room.to('2024-04-25 09:00');
  expect(third.filter(m => m.code === 'report.overdue-chief').map(m => [m.card.title, m.card.lines[0]])).toEqual([
    ['4月月报：应报 24，已报 24，按时 24【演示数据】', '本局的汇总也还没报'],
  ]);
}, 60_000);
