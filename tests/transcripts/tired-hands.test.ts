/** Lines as a tired hand types them: what is surely meant is understood, what is only likely is offered. */
import { afterEach, expect, test } from 'vitest';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room.close());

test('a leave with its make-up day in many ways', async () => {
  for (const typed of ['请假 17日 出差 改期24日', '请假 4.17 出差 4.24补', '请假 0417 出差 改到 0424', '请假 4月17 出差 改到 24']) {
    room = await chat();
    expect(await room.say('谢卓群', typed)).not.toHaveLength(0);
    const { read } = room.open.store();
    const [line] = await read.all('leaveVisits', {});
    expect([typed, line?.toDay]).toEqual([typed, '2024-04-24']);
    await room.close();
  }
  room = await chat();
  const [asked] = await room.say('谢卓群', '请假 2024-04-17 出差 2024-04-24');
  expect([asked!.code, asked!.card.buttons]).toEqual([
    'leave.make-up',
    [{ label: '请4月17日 周三，改到4月24日 周三', command: '/请假 2024-04-17 出差 改到 2024-04-24' }],
  ]);
  expect(await room.open.store().read.count('leaves', {})).toBe(0);
  await room.press('谢卓群', '改到4月24日');
  expect((await room.open.store().read.all('leaveVisits', {})).map(l => l.toDay)).toEqual(['2024-04-24']);
});

test.each<[who: string, typed: string, code: string, buttons: string[]]>([
  ['江安然', '填报 病人30', 'figures.unclear', ['/填报 诊疗30']],
  ['江安然', '填报 30 个病人', 'figures.unclear', ['/填报 诊疗30']],
  ['赖知远', '统计 4', 'args.unknown-name', ['/统计 4月']],
  ['赖知远', '公布5月', 'command.near', ['/排班 公布5月']],
  ['赖知远', '排班 谢卓群 五一', 'schedule', []],
])('%s: %s', async (who, typed, code, buttons) => {
  room = await chat();
  const [answer] = await room.say(who, typed);
  expect(answer!.code).toContain(code);
  for (const b of buttons) expect(answer!.card.buttons?.map(x => x.command.replace(/ \d{4}-\d\d-\d\d/, ''))).toContain(b);
});

test('a name with its four figures at once behind it', async () => {
  const says = async (typed: string) => {
    room = await chat({ empty: true });
    const [person = ''] = (await room.open.sandbox.state()).people.map(p => p.name);
    const [answer] = await room.say(person, typed);
    await room.close();
    return [answer!.code, answer!.card.title];
  };
  expect(await says('绑定 黄怀瑾1037')).toEqual(await says('绑定 黄怀瑾 1037'));
});

test('settings as they are said; what may be two times is asked', async () => {
  room = await chat();
  expect((await room.say('赖知远', '设置 补签天数 五'))[0]!.card.title).toContain('补签天数改为 5');
  expect((await room.say('赖知远', '设置 工作时间 8:00-12:00 14:00-17:00'))[0]!.card.title).toContain('08:00-12:00 14:00-17:00');
  const [which] = await room.say('赖知远', '设置 核实时间 5点');
  expect([which!.code, which!.card.buttons!.map(b => b.command)]).toEqual(['set.which', ['/设置 核实时间 17:00', '/设置 核实时间 05:00']]);
});

test('what is no answer leaves the question open, and never becomes a reason or a day', async () => {
  room = await chat();
  const codes: string[] = [];
  const say = async (typed: string) => codes.push(`${typed} ${(await room.say('谢卓群', typed))[0]!.code}`);
  for (const typed of ['请假 17号', '好的', '等等', '家里有事', '好的', '不想去', '还没想好', '24号吧']) await say(typed);
  expect(codes).toEqual([
    '请假 17号 leave.reason',
    '好的 leave.reason',
    '等等 leave.reason',
    '家里有事 leave.make-up',
    '好的 leave.make-up',
    '不想去 leave.make-up',
    '还没想好 leave.make-up',
    '24号吧 leave.asked-for',
  ]);
  const { read } = room.open.store();
  const [leave] = await read.all('leaves', {});
  expect(await read.unseal('leaves', leave!.id, 'reason')).toBe('家里有事');
});

test('a 补签 without its reason goes on with the answer', async () => {
  room = await chat();
  const [asked] = await room.say('江安然', '补签 昨天');
  expect([asked!.card.title, asked!.card.tone]).toEqual(['补签4月7日 周日，为什么当天没签？【演示数据】', 'ask']);
  expect((await room.say('江安然', '忘了'))[0]!.code).toMatch(/^late/);
  expect((await room.open.store().read.all('checkIns', {})).map(c => c.note)).toEqual(['忘了']);
});

test.each([
  ['请假 👍', '17号'],
  ['请假 啊', '17号'],
  ['请假 17号 👍👍', '嗯'],
  ['请假 17号', '👍'],
  ['请假 17号', '哎呀'],
  ['请假 17号', '……'],
])('%s, then %s: no reason is made of it', async (...typed) => {
  room = await chat();
  const codes: string[] = [];
  for (const line of typed) codes.push((await room.say('谢卓群', line))[0]!.code);
  expect(codes.at(-1)).toBe('leave.reason');
  await room.say('谢卓群', '家里有事');
  await room.say('谢卓群', '24号');
  const { read } = room.open.store();
  const [leave] = await read.all('leaves', {});
  expect(await read.unseal('leaves', leave!.id, 'reason')).toBe('家里有事');
});

test('who speaks is no part of the reason, and a day of the week that is none is said', async () => {
  room = await chat();
  const [offer] = await room.say('谢卓群', '我17号有事不去了');
  expect(offer!.card.buttons!.map(b => [b.label, b.command])).toEqual([['/请假 4月17日 有事', '/请假 2024-04-17 有事']]);
  expect((await room.say('谢卓群', '我下礼拜三来不了'))[0]!.card.buttons![0]!.label).toBe('/请假 4月17日');
  await room.say('谢卓群', '请假 我 17号 有事 改到 24号');
  const { read } = room.open.store();
  const [leave] = await read.all('leaves', {});
  expect(await read.unseal('leaves', leave!.id, 'reason')).toBe('有事');
  const [wrong] = await room.say('江安然', '请假 下周八 家里有事');
  expect([wrong!.code, wrong!.card.lines[0]]).toEqual(['args.wrong', '“下周八”不是哪一天']);
});

test('a 补签 of a day without a visit says that it is an unplanned one, and a rest day', async () => {
  room = await chat({ at: '2024-04-09 08:00' });
  const [done] = await room.say('谢卓群', '补签 4月7日 没信号');
  expect(done!.card.lines).toContain('那天没有排班，按临时下乡登记');
  const [asked] = await room.say('谢卓群', '补签 4月6日');
  expect([asked!.code, asked!.card.lines[1]]).toEqual(['late.reason', '那天没有排班，按临时下乡登记；注意：4月6日 周六是休息日']);
  await room.to('2024-04-18 08:00');
  expect((await room.say('谢卓群', '补签 昨天 没信号'))[0]!.card.lines).toEqual(['4月17日 周三 坐诊，标为补签', '等受援单位核实']);
});
