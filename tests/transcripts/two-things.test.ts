/** Two things said in one message: the first is done, the other is offered; what may belong to the first stays its words. Nothing said is lost. */
import { afterEach, expect, test } from 'vitest';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room.close());

test('the second is offered as it was typed, and a press does it', async () => {
  room = await chat();
  expect(
    await room.play(`
    江安然> 签到 填报 诊疗5
    江安然> [填报 诊疗5]
    谢卓群@古竹> /签到 /填报 诊疗6
    谢卓群@古竹> [填报 诊疗6]
  `),
  ).toMatchInlineSnapshot(`
    "江安然> 签到 填报 诊疗5
    机器人→江安然> 已签到 高头卫生院【演示数据】
          | 4月8日 周一 08:00 坐诊
          | 等受援单位核实
          | 还没办：填报 诊疗5
          [填报 诊疗5]
    江安然> [填报 诊疗5]
    机器人→江安然> 已填报 高头卫生院 4月8日 周一【演示数据】
          | 诊疗5
          | 没报：讨论、查房、讲座、培训、特殊、上门（没有请写0）
          | 等受援单位核实
    谢卓群@古竹> /签到 /填报 诊疗6
    机器人@古竹卫生院工作群> 已签到 古竹卫生院【演示数据】
          | 4月8日 周一 08:00 坐诊
          | 今天没有排班，按临时下乡登记
          | 等受援单位核实
          | 还没办：填报 诊疗6
          [算作4月17日 周三的班次] [填报 诊疗6]
    谢卓群@古竹> [填报 诊疗6]
    机器人@古竹卫生院工作群> 已填报 古竹卫生院 4月8日 周一【演示数据】
          | 诊疗6
          | 没报：讨论、查房、讲座、培训、特殊、上门（没有请写0）
          | 等受援单位核实"
  `);
});

test('where the first asks, the second is still there', async () => {
  room = await chat();
  const [answer] = await room.say('江安然', '请假\n填报 诊疗5');
  expect([answer!.code, answer!.card.lines.at(-1), answer!.card.buttons!.at(-1)!.command]).toEqual([
    'leave.which',
    '还没办：填报 诊疗5',
    '/填报 诊疗5',
  ]);
});

test('what does not read as one thing and may be two is done in no part', async () => {
  room = await chat();
  const [answer] = await room.say('江安然', '填报 诊疗5 签到');
  expect([answer!.code, answer!.card.buttons!.map(b => b.command)]).toEqual(['args.two-things', ['/填报 诊疗5', '/签到']]);
  expect(await room.open.store().read.count('checkIns', {})).toBe(0);
});

/** One thing, whatever words it has: nothing is offered beside it, and its free text is whole. */
test('free text is whole', async () => {
  room = await chat();
  for (const [who, typed] of [
    ['江安然', '补签 7日 忘记 签到 高头'],
    ['谢卓群', '签到 下午去村里\n路上堵车'],
    ['谢卓群', '请假 17日 区里 通报 会议 改到 24日'],
  ] as const)
    expect((await room.say(who, typed)).flatMap(m => m.card.lines).join('\n')).not.toContain('还没办');
  const { read } = room.open.store();
  expect((await read.all('checkIns', {})).map(c => c.note)).toEqual(['忘记 签到', '下午去村里\n路上堵车']);
  const [leave] = await read.all('leaves', {});
  expect(await read.unseal('leaves', leave!.id, 'reason')).toBe('区里 通报 会议');
});

test('what holds a number is told, and not put behind a button', async () => {
  room = await chat();
  const [answer] = await room.say('池景天', '受益 王小明 13800138000 已告知\n受益 李小红 13900139000 已告知');
  expect(answer!.code).toMatch(/^beneficiary/);
  expect(answer!.card.lines.join('\n')).toContain('还没办：受益 …（含号码，请另发一条）');
  expect(JSON.stringify(answer)).not.toContain('13900139000');
});
