/** Bad input, one by one, through the front door: what was understood, what is wrong, a line that would work; and nothing half done. */
import { deflateRawSync } from 'node:zlib';
import { read as readBook } from 'hucre';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Message } from '../../src/bot/stage.ts';
import { type Chat, chat } from '../harness/chat.ts';
import { meter } from '../harness/spent.ts';
import { bookOf, xlsxOf } from '../harness/xlsx.ts';

let room: Chat;
beforeAll(async () => {
  room = await chat();
  // 江安然 is checked in and verified, so that there is something to do twice.
  await room.say('江安然', '签到');
  await room.say('华苏叶', '核实 江安然 在岗');
});
afterAll(() => room.close());

const journal = async () => (await room.open.store().read.journal({}, 1))[0]?.seq;
const helps = (m: Message): boolean => m.card.lines.some(l => /\/|发|例|请|写|只限|可/.test(l)) || (m.card.buttons?.length ?? 0) > 0;
/** Said, answered with this code in a card that helps, and nothing was changed by it. */
const refused = async (said: Promise<Message[]>, code: string | RegExp, words?: RegExp) => {
  const before = await journal();
  // A long table is answered when it is weighed.
  const answer = (await said).find(m => m.code !== 'import.checking');
  expect(answer?.code).toMatch(code);
  expect(answer!.card.title.replace('【演示数据】', '').length).toBeLessThan(40);
  expect(helps(answer!), JSON.stringify(answer!.card)).toBe(true);
  if (words) expect([answer!.card.title, ...answer!.card.lines].join('\n')).toMatch(words);
  expect(await journal()).toBe(before);
};

test.each<[what: string, who: string, text: string, code: string | RegExp, words?: RegExp]>([
  ['nothing', '江安然', '   ', /help.hint|command.unknown/],
  ['20 kB of one letter', '江安然', 'x'.repeat(20_000), /help.hint|command/],
  ['20 kB behind a command', '江安然', `/签到 ${'长'.repeat(20_000)}`, 'args.too-long', /最多4000字，这条有20000字/],
  ['binary', '江安然', '\u0000\u0001\u0002\ufffd', /help.hint|command/],
  ['somebody unknown', '丘暮雪', '签到', 'permission.unbound', /绑定 姓名/],
  ['a command of another role', '江安然', '核实', 'permission.denied', /只限/],
  ['a wrong name', '巫承安', '签到 李四', 'check-in.not-physician', /没认出“李四”/],
  ['wrong names for 换人', '阮若谷', '换人 张三 李四', 'args.wrong', /没认出“张三 李四”/],
  ['a unit that is near none', '赖知远', '统计 王五卫生院', 'args.unknown-name', /没有找到“王五卫生院”.*\n这样发/],
  ['a wrong unit', '江安然', '签到 古竹卫生院', 'check-in.no-posting', /古竹/],
  ['a date that is past', '江安然', '排班 4月1日', 'schedule.past', /已经过了/],
  ['a date far away', '江安然', '排班 2026年5月12日', 'schedule.outside', /方案/],
  ['a date that there is not', '江安然', '排班 2月30日', 'args.no-such-day', /没有2月30日/],
  ['days in the wrong order', '江安然', '排班 5月14日-12日', /args.backwards|schedule/],
  ['check-in twice', '江安然', '签到', 'check-in.already', /08:00/],
  ['verified twice', '华苏叶', '核实 江安然 在岗', 'verify.already', /已经核实过|没有要核实/],
  ['a day long past', '华苏叶', '核实 2023年1月5日 全部 在岗', 'verify', /没有/],
  ['a day to come', '华苏叶', '核实 5月6日', 'verify.future', /还没到/],
  ['a number that is none', '华苏叶', '核实 99999999 在岗', /verify.no-visit|verify/, /没有/],
])('%s', async (_what, who, text, code, words) => {
  if (/already/.test(String(code))) {
    const [answer] = await room.say(who, text);
    expect(answer?.code).toMatch(code);
    return;
  }
  await refused(room.say(who, text), code, words);
});

describe('a message that is no message', () => {
  const MB = 1_000_000;
  test.each<[what: string, text: string, here: RegExp]>([
    ['5 MB of letters', 'x'.repeat(5 * MB), /^(help\.hint|command\.unknown)$/],
    ['5 MB of lines', '今天天气好\n'.repeat((5 * MB) / 18), /^(help\.hint|command\.unknown)$/],
    ['20 kB of words', '您好 '.repeat(3_000), /^(help\.hint|command\.unknown)$/],
    ['binary', String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i)), /^(help\.hint|command\.unknown)$/],
    ['half of a character', '\ud83d 签到', /^command\.near$/],
    ['nothing but spaces', '\u3000 \u200b\n', /^(help\.hint|command\.unknown)$/],
  ])('%s: a card in direct chat, silence in a group', async (_what, text, here) => {
    await refused(room.say('江安然', text), here);
    expect(await room.say('江安然', text, '派驻医师群')).toEqual([]);
  });

  test.each(['/签到', '/排班', '/请假', '/核实', '/换人', '/帮助', '/填报', '/说明', '/没有'])(
    '%s with 5 MB or binary behind it: a card that helps, at once, and nothing done',
    async command => {
      for (const rest of ['长'.repeat((5 * MB) / 3), '4月12日 '.repeat(MB / 5), '\u0000\u0007\ufffd\u001b[31m']) {
        const used = meter();
        const [answer] = await room.say('江安然', `${command} ${rest}`);
        expect(used()).toBeLessThan(5_000);
        expect(answer, command).toBeDefined();
        expect(JSON.stringify(answer!.card).length).toBeLessThan(4_000);
      }
    },
  );
});

test('a stranger, and a group that nobody has bound', async () => {
  await room.addGroup('谁也不认识的群', ['丘暮雪', '江安然']);
  expect(await room.say('丘暮雪', '大家好', '谁也不认识')).toEqual([]);
  await refused(room.say('丘暮雪', '/签到', '谁也不认识'), 'permission.unbound', /绑定 姓名/);
  await refused(room.say('丘暮雪', '/核实 全部 在岗', '谁也不认识'), 'permission.unbound');
  await refused(room.say('丘暮雪', '你好'), /help.hint/);
  // Somebody who is known reads nothing there that is not theirs and everybody's.
  expect((await room.say('江安然', '/排班', '谁也不认识')).map(m => [m.conversation.kind, m.code])).toEqual([
    ['group', 'schedule.shown'],
    ['direct', 'schedule.shown'],
  ]);
});

test.each<[who: string, typed: string, code: string, offered: string[], does: string]>([
  ['赖静姝', '换人 吴沐扬 钟心怡 4月17日', 'args.unknown-name', ['/换人 吴沐阳 钟心怡 4月17日'], 'substitute.done'],
  ['赖静姝', '换人 吴沐阳 钟心宜 4月17日', 'args.unknown-name', ['/换人 吴沐阳 钟心怡 4月17日'], 'substitute.done'],
  ['赖静姝', '换人 吴沐阳 欧心怡 4月17日', 'args.unknown-name', ['/换人 吴沐阳 钟心怡 4月17日'], 'substitute.done'],
  ['赖静姝', '排班 吴沐扬 4月15日 上午', 'args.unknown-name', ['/排班 吴沐阳 4月15日 上午'], 'schedule.planned'],
  ['邱思源', '/排班 邱一鸣 4月15日', 'args.unknown-name', ['/排班 丘一鸣 4月15日'], 'schedule.planned'],
  ['邱思源', '排班 古足卫生院', 'args.unknown-name', ['/排班 永定区古竹乡卫生院'], 'schedule.shown'],
  ['赖静姝', '排班 中医院', 'args.ambiguous', ['/排班 永定区中医院', '/排班 龙岩市中医院'], 'schedule.shown'],
])('%s writes a near miss, %s: offered, and done only when pressed', async (who, typed, code, offered, does) => {
  const other = await chat();
  try {
    const before = (await other.open.store().read.journal({}, 1))[0]?.seq;
    const [answer] = await other.say(who, typed);
    expect(answer?.code).toBe(code);
    expect(answer!.card.buttons?.map(b => b.command)).toEqual(offered);
    expect((await other.open.store().read.journal({}, 1))[0]?.seq).toBe(before);
    expect((await other.press(who, answer!.card.buttons![0]!.label))[0]!.code).toMatch(does);
  } finally {
    await other.close();
  }
});

test('what is kept nowhere is not kept behind a button either', async () => {
  const [answer] = await room.say('池景天', '受益 李大爷 13800001111 古足卫生院 4月10日 已告知');
  expect(answer?.card.buttons ?? []).toEqual([]);
  const [long] = await room.say('赖静姝', `换人 吴沐扬 钟心怡 4月17日 ${'因'.repeat(300)}`);
  expect(long?.code).toBe('args.unknown-name');
  expect(long?.card.buttons ?? []).toEqual([]);
});

/** Section by section what a day's and a month's figures and reports may not be: each has its card, and nothing is written. */
describe('figures and reports', () => {
  let other: Chat;
  let visit = '';
  beforeAll(async () => {
    other = await chat();
    await other.say('江安然', '签到');
    const { read } = other.open.store();
    const person = await room.person('江安然');
    visit = (await read.first('visits', { person, day: '2024-04-08' as never }))!.id;
  });
  afterAll(() => other.close());
  test.each<[what: string, who: string, text: string, code: string | RegExp, words: RegExp]>([
    ['negative', '江安然', '填报 诊疗-30', 'figures.unclear', /不能是负数/],
    ['fractional', '江安然', '填报 诊疗2.5', 'figures.unclear', /不是整数/],
    ['enormous', '江安然', '填报 诊疗99999999999', 'figures.unclear', /太大/],
    ['far out', '江安然', '填报 诊疗201', 'figures.unusual', /平常不超过200/],
    ['missing', '江安然', '填报 诊疗 讨论5', 'figures.unclear', /后面没有数/],
    ['repeated', '江安然', '填报 诊疗30 看诊40', 'figures.unclear', /写了两个/],
    ['about so many', '江安然', '填报 门诊三十来个', 'figures.unclear', /请写准数/],
    ['people of a lecture', '江安然', '填报 讲座10人', 'figures.unclear', /要写几次/],
    ['without a word', '江安然', '填报 30', 'figures.unclear', /请带上名称/],
    ['of another kind', '江安然', '填报 接生2', 'figures.unclear', /没有“接生”这一项/],
    ['a page of it', '江安然', `填报 ${'诊疗30 '.repeat(500)}`, 'figures.unclear', /太长/],
    ['negative publicity', '华苏叶', '宣传 传单-3', 'figures.unclear', /不能是负数/],
    ['fractional publicity', '华苏叶', '宣传 公众号2.5', 'figures.unclear', /不是整数/],
    ['a studio that is two', '华苏叶', '宣传 工作室2', 'figures.unclear', /只填 有 或 无/],
    ['negative cost', '邱思源', '经费 -5', 'figures.unclear', /不能是负数/],
    ['less than a fen', '邱思源', '经费 1.234', 'figures.unclear', /写到分为止/],
    ['several amounts', '邱思源', '经费 车费500 住宿费300', 'figures.unclear', /共800/],
    ['a day to come', '江安然', '填报 4月20日 诊疗30', 'figures.future', /还没到/],
    ['a day outside', '江安然', '填报 2023年12月1日 诊疗30', 'figures.outside', /不在方案期内/],
    ['a month to come', '华苏叶', '宣传 5月 传单3', 'figures.future', /还没到/],
    ['a month outside', '华苏叶', '宣传 2023年12月 传单3', 'figures.outside', /依据 永卫/],
    ['cost of a month outside', '邱思源', '经费 2023年12月 5', 'figures.outside', /依据 永卫/],
    ['another physician’s visit', '谢卓群', '填报 班次{班次} 诊疗3', 'figures.not-yours', /只有本人、受援单位专人和支援单位/],
    ['a visit at another clinic', '池景天', '填报 班次{班次} 诊疗3', 'figures.not-yours', /只有本人/],
    ['a visit of another hospital', '巫承安', '填报 江安然 诊疗3', 'figures.not-yours', /只有本人/],
    ['a visit that there is not', '江安然', '填报 班次999999 诊疗3', 'figures.no-visit', /没有编号 999999/],
    ['by the bureau', '阮若谷', '填报 江安然 诊疗3', 'permission.denied', /只限/],
    ['another clinic’s publicity', '华苏叶', '宣传 虎岗卫生院 传单1', 'figures.not-yours', /只有该单位专人或卫健局/],
    ['another hospital’s cost', '邱思源', '经费 市中医院 1000', 'figures.not-yours', /只有该院管理员或卫健局/],
    ['a report of a month outside', '华苏叶', '月报 上报 2023年5月', 'report.outside', /不在方案期内/],
    ['a report of a month to come', '华苏叶', '月报 上报 7月', 'report.future', /还没到/],
    ['a form of a month outside', '阮若谷', '导出 附件3 2025年5月', 'export.outside', /不在方案期内/],
  ])('%s', async (_what, who, text, code, words) => {
    const seq = async () => (await other.open.store().read.journal({}, 1))[0]?.seq;
    const before = await seq();
    const [answer] = await other.say(who, text.replace('{班次}', visit));
    expect(answer?.code).toMatch(code);
    expect([answer!.card.title, ...answer!.card.lines].join('\n')).toMatch(words);
    expect(answer!.card.lines.length).toBeLessThanOrEqual(5);
    expect(helps(answer!), JSON.stringify(answer!.card)).toBe(true);
    expect(await seq()).toBe(before);
  });
  test('nothing of all that was written', async () => {
    const { read } = other.open.store();
    expect(await read.count('workloads', { day: '2024-04-08' as never })).toBe(0);
    expect(await read.count('unitMonths', { month: '2024-04' as never })).toBe(0);
  });
});

test('two people of one name are never guessed', async () => {
  const { read } = room.open.store();
  const table = '单位\t姓名\t角色\t电话\n高头卫生院\t池景天\t受援单位专人\t13900001999';
  await room.say('赖知远', `导入 联络员\n${table}`);
  await room.press('赖知远', '确认').catch(() => []);
  const same = await read.all('people', { name: '池景天' });
  const before = await read.count('grants', {});
  const [answer] = await room.say('赖知远', '授权 池景天 局领导 区卫健局');
  if (same.length > 1) {
    expect(answer?.code).toBe('args.ambiguous');
    expect(await read.count('grants', {})).toBe(before);
  } else expect(answer?.code).toBe('grant.done');
});

test('two who verify at once: one does, the other hears that it was done', async () => {
  const other = await chat();
  try {
    await other.say('谢卓群', '签到');
    const both = await Promise.all([other.say('池景天', '核实 谢卓群 在岗'), other.say('池景天', '核实 谢卓群 在岗')]);
    expect(both.map(m => m[0]?.code).sort()).toEqual(['verify.already', 'verify.done']);
  } finally {
    await other.close();
  }
});

/** A ZIP that says it unpacks to a gigabyte. */
const bomb = (): Uint8Array => {
  const size = 200 * 1024 * 1024;
  const packed = deflateRawSync(Buffer.alloc(1024 * 1024));
  const name = Buffer.from('xl/worksheets/sheet1.xml');
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(8, 8);
  local.writeUInt32LE(packed.length, 18);
  local.writeUInt32LE(size, 22);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(8, 10);
  central.writeUInt32LE(packed.length, 20);
  central.writeUInt32LE(size, 24);
  central.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(46 + name.length, 12);
  end.writeUInt32LE(30 + name.length + packed.length, 16);
  return Buffer.concat([local, name, packed, central, name, end]);
};
const HEAD =
  '序号\t地市\t区县\t基层医疗卫生机构名称\t受援基层卫生机构联系电话\t单位类型\t需求专业\t上级医疗机构名称\t医疗机构所属情况\t下基层人员姓名\t专业\t职称\t联系方式'.split(
    '\t',
  );
const row = (n: number) =>
  `${n}\t龙岩市\t永定区\t永定区城郊镇卫生院\t5551001\t乡镇卫生院\t中医\t永定区中医院\t县市区属\t${['吴沐阳', '江雪寒', '林知夏'][n % 3]}\t中医\t主治医师\t139*****05`.split(
    '\t',
  );
const text = (rows: readonly (readonly string[])[]) => new TextEncoder().encode(rows.map(r => r.join(',')).join('\n'));
const GBK = Uint8Array.from([
  0xb5, 0xa5, 0xce, 0xbb, 0x2c, 0xd0, 0xd5, 0xc3, 0xfb, 0x0a, 0xb5, 0xa5, 0xce, 0xbb, 0x2c, 0xd0, 0xd5, 0xc3, 0xfb,
]);

describe('an import', () => {
  const send = (name: string, bytes: Uint8Array) => room.say('赖知远', '', undefined, { kind: 'file', name, bytes });
  test.each<[what: string, make: () => Uint8Array | Promise<Uint8Array>, name: string, words: RegExp]>([
    ['empty', () => new Uint8Array(), 'a.xlsx', /空/],
    ['binary', () => Uint8Array.from([0, 1, 2, 3]), 'a.csv', /./],
    ['zip bomb', bomb, 'a.xlsx', /./],
    ['10,001 rows', () => text([HEAD, ...Array.from({ length: 10_001 }, (_, i) => row(i + 1))]), 'a.csv', /行/],
    [
      'wrong headers',
      () =>
        xlsxOf([
          ['甲', '乙', '丙'],
          ['1', '2', '3'],
        ]),
      'a.xlsx',
      /表头/,
    ],
    ['GBK with the wrong columns', () => GBK, 'a.csv', /表头|缺少/],
    ['formulas that stand where names should', () => xlsxOf([HEAD, row(1).map((c, i) => (i === 9 ? '=A1&B1' : c))]), 'a.xlsx', /姓名/],
  ])('%s', async (_what, make, name, words) => {
    await refused(send(name, await make()), /import\.(unreadable|problems)/, words);
  });

  test('merged cells and blank rows are read, and said', async () => {
    const bytes = await xlsxOf(
      [['附件2'], HEAD, row(1), HEAD.map(() => ''), row(2)],
      [{ startRow: 0, startCol: 0, endRow: 0, endCol: 12 }],
    );
    const [answer] = await send('a.xlsx', bytes);
    expect(answer?.code).toBe('import.preview');
    expect(answer!.card.title).toContain('安排表 2 行');
    expect(answer!.card.lines.join('\n')).toContain('合并单元格');
    expect(await room.open.store().read.count('rosters', {})).toBe(1);
  });

  test('a clinic merged over its physicians is the clinic of each, a list of contacts likewise; a sheet of explanations in front is passed over', async () => {
    const one = row(1);
    const two = row(2).map((c, i) => (i >= 1 && i <= 5 ? '' : c));
    const merges = [1, 2, 3, 4, 5].map(c => ({ startRow: 2, startCol: c, endRow: 3, endCol: c }));
    const [answer] = await send('a.xlsx', await xlsxOf([['附件2'], HEAD, one, two], merges));
    expect([answer!.code, answer!.card.table?.rows.map(r => r[1])]).toEqual(['import.preview', [one[3], one[3]]]);
    const contacts = [
      ['单位', '姓名', '角色', '电话'],
      ['古竹卫生院', '钱一苇', '专人', '13900007001'],
      ['', '钱二苇', '院长', '13900007002'],
    ];
    const [listed] = await send('a.xlsx', await xlsxOf(contacts, [{ startRow: 1, startCol: 0, endRow: 2, endCol: 0 }]));
    expect([listed!.code, listed!.card.table?.rows.map(r => r[0])]).toEqual(['import.preview', ['古竹卫生院', '古竹卫生院']]);
    const [second] = await send('a.xlsx', await bookOf([['填表说明'], ['一人一行']], [HEAD, one]));
    expect([second!.code, second!.card.lines.some(l => l === '只读了“第2张”，另外 1 张没有读')]).toEqual(['import.preview', true]);
  });
});

describe('what was said is not guessed from', () => {
  let other: Chat;
  beforeAll(async () => {
    other = await chat();
    await other.to('2024-04-09 08:30');
  });
  afterAll(() => other.close());

  test.each(['核实 王五 在岗', '核实 王小五 没到', '核实 王五 已改期'])('%s, though that is nobody: nothing is verified', async text => {
    const before = (await other.open.store().read.journal({}, 1))[0]?.seq;
    const [answer] = await other.say('李若水', text);
    expect([answer!.code, answer!.card.title]).toEqual(['verify.who', expect.stringMatching(/^没认出“王小?五”，没有核实/)]);
    expect(answer!.card.buttons!.map(b => b.label)).toEqual(['在岗', '没到', '已改期']);
    expect((await other.open.store().read.journal({}, 1))[0]?.seq).toBe(before);
  });

  test.each<[text: string, line: string, buttons: string[]]>([
    ['签到 4月8日', '以前的请补签', ['/补签 2024-04-08 忘了签到', '/签到']],
    ['签到 昨天 手机没电', '以前的请补签', ['/补签 2024-04-08 手机没电', '/签到 手机没电']],
    ['签到 明天 洪山卫生院', '4月10日 周三还没到，到那天再签', ['/签到 永定区洪山乡卫生院']],
    ['签到 2月30日', '没有2月30日这一天', ['/签到']],
  ])('%s is no check-in of today', async (text, line, buttons) => {
    const [answer] = await other.say('张志恒', text);
    expect([answer!.code, answer!.card.lines, answer!.card.buttons!.map(b => b.command)]).toEqual(['check-in.other-day', [line], buttons]);
  });

  test('a note without a day, and today, check in', async () => {
    for (const text of ['签到 今天到了', '签到 3个病人在等', '签到 下午去村里']) {
      expect((await other.say('张志恒', text))[0]!.code).toBe('check-in.done');
      expect((await other.say('张志恒', '撤销'))[0]!.code).toBe('undo.done');
    }
  });
});

test('rare characters of names go in by a table and come out in the forms as they are', async () => {
  const other = await chat({ empty: true });
  try {
    const code = other.open.claimCode()!;
    await other.say('童清和', `认领 ${code} 童清和`);
    const rare = ['陈䶮', '王㛃', '赵龑'];
    const rows = rare.map((name, i) => row(i).map((cell, c) => (c === 9 ? name : cell)));
    const [preview] = (
      await other.say('童清和', '', undefined, { kind: 'file', name: 'a.xlsx', bytes: await xlsxOf([HEAD, ...rows]) })
    ).filter(m => m.code !== 'import.checking');
    expect(preview?.code).toBe('import.preview');
    await other.press('童清和', '确认');
    const people = await other.open.store().read.all('people', { name: rare });
    expect(people.map(p => p.name).sort()).toEqual([...rare].sort());
    await other.say('童清和', '授权 童清和 卫健局工作人员 龙岩市永定区卫生健康局');
    const [answer] = await other.say('童清和', '/导出 附件2');
    const book = await readBook((await other.open.sandbox.file(answer!.card.file!.id))!.bytes);
    expect(book.sheets[0]!.rows.flatMap(r => rare.filter(name => r.includes(name))).sort()).toEqual([...rare].sort());
  } finally {
    await other.close();
  }
});

describe('/改班 with a name that nobody has', () => {
  let moving: Chat;
  beforeAll(async () => {
    moving = await chat();
    await moving.say('赖静姝', '/排班 吴沐阳 4月18日');
  });
  afterAll(() => moving.close());

  test.each<[who: string, text: string, buttons: [label: string, command: string][]]>([
    [
      '李若水',
      '改班 4月9日 王五 停电 改到 4月18日',
      [
        ['张志恒', '/改班 2024-04-09 张志恒 停电 改到 2024-04-18'],
        ['“王五”是原因，改张志恒', '/改班 2024-04-09 张志恒 王五 停电 改到 2024-04-18'],
      ],
    ],
    [
      '李若水',
      '改班 4月9日 停电 王小五 改到 4月18日下午',
      [
        ['张志恒', '/改班 2024-04-09 张志恒 停电 改到 2024-04-18 下午'],
        ['“王小五”是原因，改张志恒', '/改班 2024-04-09 张志恒 停电 王小五 改到 2024-04-18 下午'],
      ],
    ],
    [
      '李若水',
      '改班 4月9日 张恒',
      [
        ['张志恒', '/改班 2024-04-09 张志恒'],
        ['“张恒”是原因，改张志恒', '/改班 2024-04-09 张志恒 张恒'],
      ],
    ],
    [
      '赖知远',
      '改班 4月9日 洪山卫生院 王五 改到 4月18日',
      [
        ['张志恒', '/改班 2024-04-09 张志恒 改到 2024-04-18'],
        ['“王五”是原因，改这家的', '/改班 2024-04-09 全部 永定区洪山乡卫生院 王五 改到 2024-04-18'],
      ],
    ],
  ])('%s> %s: nobody’s visit is moved, and each meaning is one tap', async (who, text, buttons) => {
    const before = (await moving.open.store().read.journal({}, 1))[0]?.seq;
    const [answer, ...others] = await moving.say(who, text);
    expect([answer!.code, answer!.card.title]).toEqual(['move.who', expect.stringMatching(/^没有叫“(王小?五|张恒)”的医师，没有改/)]);
    expect(answer!.card.buttons!.map(b => [b.label, b.command])).toEqual(buttons);
    expect(others).toEqual([]);
    expect((await moving.open.store().read.journal({}, 1))[0]?.seq).toBe(before);
  });

  test('where several may be meant, no word is taken for the reason of all of them', async () => {
    const [answer] = await moving.say('赖静姝', '改班 4月18日 王五 台风 改到 4月22日');
    expect(answer!.card.buttons!.map(b => b.label).sort()).toEqual(['吴沐阳', '郑婉清']);
    expect(answer!.card.lines[1]).toBe('请写明医师再发；全都改写 全部');
  });

  test('nobody hears whose visits another unit has', async () => {
    expect((await moving.say('李若水', '改班 4月10日 湖雷卫生院 王五 改到 4月18日'))[0]!.code).toBe('move.not-yours');
  });

  test.each([
    ['李若水', '改班 4月9日 张志恒 王五 停电', 'move.to'],
    ['李若水', '改班 4月9日 卫生院停电', 'move.to'],
    ['李若水', '改班 4月9日 台风', 'move.to'],
    ['李若水', '改班 4月9日 临时开会 全镇停电', 'move.to'],
    ['赖知远', '改班 4月9日 全部 搬家', 'move.to'],
    ['赖知远', '改班 4月9日 洪山卫生院 台风', 'move.to'],
  ])('%s> %s is clear', async (who, text, code) => {
    expect((await moving.say(who, text))[0]!.code).toBe(code);
    await moving.say(who, '取消');
  });

  test('the button moves whom it names, for the reason that was typed', async () => {
    await moving.say('李若水', '改班 4月9日 搬家 改到 4月18日');
    const [answer] = await moving.press('李若水', '“搬家”是原因，改张志恒');
    expect([answer!.code, answer!.card.lines[0]]).toEqual(['move.waiting', '张志恒 洪山卫生院 4月9日 周二 → 4月18日 周四']);
  });
});
