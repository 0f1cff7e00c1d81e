/** /体检 says who would receive what: the same that is then received. */
import { afterEach, expect, test } from 'vitest';
import { address } from '../../src/bot/address.ts';
import type { Platform } from '../../src/bot/ports.ts';
import { at, day } from '../../src/core/day.ts';
import type { Org, Role } from '../../src/core/records.ts';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room?.close());
const TODAY = day('2024-04-08');
const checkup = () => room.messages('赖知远').findLast(m => m.code === 'checkup.shown')!.card;

test('every unit’s line is where its messages go', async () => {
  room = await chat();
  await room.say('赖知远', '体检');
  const { rows } = checkup().table!;
  const { read } = room.open.store();
  const orgs = await read.all('orgs', {});
  const groups = await read.all('groups', {});
  const platform = { id: 'sandbox', app: 'stage', direct: (a: string) => `direct:${a}` } as Platform;
  const context = { read, today: TODAY, now: at(TODAY, '09:00'), platforms: new Map([['sandbox', platform]]), speakAt: (i: number) => i };
  /** How many direct chats, or the group. */
  const said = (words: string) =>
    words.startsWith('群：') ? words.slice(2).replace(/（.*$/, '') : words.startsWith('私聊：') ? words.split('、').length : 0;
  const real = async (org: Org, about: 'unit' | 'person', office?: string) => {
    const role = (org.kind === 'clinic' || org.kind === 'hospital' || org.kind === 'general' ? org.kind : 'bureau') as Role & 'clinic';
    const to = { org: org.kind === 'general' ? org.county! : org.id, role, ...(office ? { office } : {}) };
    const card = { code: 'x', title: 'x', tone: 'info' as const, lines: [] };
    const posts = await address(context, [{ key: 'x', to, class: 'news', about, card }]);
    if (posts[0]!.born === 'unreachable') return 0;
    const group = groups.find(g => g.conversation === posts[0]!.to.conversation);
    return group ? group.name : posts.length;
  };
  expect(rows.length).toBeGreaterThan(28);
  for (const [label = '', unit = '', person = ''] of rows) {
    const office = /医政股|基妇股/.exec(label)?.[0];
    const org = orgs.find(o => (o.names[0] ?? o.name) === label.replace(office ?? '', ''))!;
    expect([label, said(unit), said(person)]).toEqual([label, await real(org, 'unit', office), await real(org, 'person', office)]);
  }
  expect(rows.map(r => r[0]).filter(l => l!.includes('中医院'))).toHaveLength(2);
});

test('what reached nobody is told to the admin: how many, for whom, and where to settle it', async () => {
  room = await chat();
  const { read } = room.open.store();
  const hospital = (await read.all('orgs', { kind: 'hospital' })).find(o => o.names[0] === '区中医院')!;
  const physicians = await read.all('grants', { role: 'physician', org: hospital.id });
  const [visit] = await read.all('visits', { person: physicians.map(g => g.person), day: { from: day('2024-04-15') } }, { by: 'day' });
  const who = (await read.get('people', visit!.person))!.name;
  // The only one there who hears that somebody did not come, and no group of the hospital's own.
  await room.say('赖静姝', '解绑 确定');
  await room.to(`${visit!.day} 11:00`);
  await room.say('黄怀瑾', `核实 ${who} 没到`);
  await room.say('赖知远', '体检');
  const told = checkup().lines.join('\n');
  expect(told).toContain('没有人能收到 2 条：给区中医院的支援单位管理员');
  expect(told).toContain('/发件箱');
  await room.say('赖知远', '发件箱');
  const box = room.messages('赖知远').findLast(m => m.code === 'outbox.shown')!.card;
  expect(box.table!.rows.filter(r => r[3] === '没有绑定的人').map(r => r[1])).toEqual([
    '区中医院的支援单位管理员',
    '区中医院的支援单位管理员',
  ]);
  // What the admin settles there by hand is settled.
  const [ref] = box.table!.rows.find(r => r[3] === '没有绑定的人')!;
  await room.say('赖知远', `作废 ${ref}`);
  const [refused] = await room.say('赖知远', '撤销');
  expect([refused!.card.title, ...refused!.card.lines]).toEqual(['/作废 不能收回【演示数据】', '要让对方知道，请直接告诉']);
});

test('who cannot be written to is called in the group of several units, and nothing of the matter is said there', async () => {
  room = await chat();
  const { read } = room.open.store();
  const platform = (reaches: (c: string) => boolean) =>
    ({ id: 'sandbox', app: 'stage', direct: (a: string) => `direct:${a}`, reaches }) as Platform;
  const told = async (name: string, reaches = (c: string) => !c.startsWith('direct:')) => {
    const [person] = await read.all('people', { name });
    const [grant] = await read.all('grants', { person: person!.id });
    const context = {
      read,
      today: TODAY,
      now: at(TODAY, '09:00'),
      platforms: new Map([['sandbox', platform(reaches)]]),
      speakAt: (i: number) => i,
    };
    const card = { code: 'x', title: '张三请假', tone: 'info' as const, lines: ['家中有事'] };
    const base = { class: 'news', about: 'person', card } as const;
    const posts = await address(context, [
      { ...base, key: 'p', to: { person: person!.id } },
      ...(grant!.role === 'clinic' ? [{ ...base, key: 'o', to: { org: grant!.org, role: 'clinic' as const } }] : []),
    ]);
    return posts.map(p => `${p.place} ${p.card.title}${p.card.mention?.includes(person!.id) ? ' @' : ''} ${p.card.lines.join()}`);
  };
  // One call is enough.
  expect(await told('李楚楚')).toEqual(['shared-group 有待办，请私聊我 @ 私聊我发：待办']);
  expect(await told('池景天')).toEqual(['own-group 张三请假 家中有事']);
  expect(await told('李楚楚', () => true)).toEqual(['direct 张三请假 家中有事']);
  // Without an account: the unit’s own group.
  expect(await told('丘念慈', () => true)).toEqual(['own-group 张三请假 家中有事']);
});

test('a hospital that nobody answers for is no 都好, and neither is a physician without an account', async () => {
  room = await chat({ empty: true });
  const code = room.open.claimCode()!;
  const head =
    '序号\\t地市\\t区县\\t基层医疗卫生机构名称\\t受援基层卫生机构联系电话\\t单位类型\\t需求专业\\t上级医疗机构名称\\t医疗机构所属情况\\t下基层人员姓名\\t专业\\t职称\\t联系方式';
  const row =
    '1\\t龙岩市\\t永定区\\t永定区古竹卫生院\\t5551001\\t乡镇卫生院\\t中医\\t永定区中医院\\t县市区属医院\\t谢卓群\\t中医\\t主治医师\\t13900001028';
  await room.play(`
    赖知远> 认领 ${code} 赖知远
    赖知远> 导入\\n${head}\\n${row}
    赖知远> [确认导入]
    赖知远> 导入 联络员\\n单位\\t姓名\\t角色\\t电话\\n古竹卫生院\\t池景天\\t受援单位专人\\t13900001036\\n区中医院\\t赖静姝\\t支援单位管理员\\t13900001040
    赖知远> [确认导入]
    池景天> 绑定 池景天 1036
  `);
  await room.say('赖知远', '体检');
  expect(checkup().title).toContain('有要处理的');
  expect(checkup().lines).toContain('没有人能收到的单位 1 家：区中医院（请假没有人能同意）');
  await room.say('赖静姝', '绑定 赖静姝 1040');
  await room.say('赖知远', '体检');
  expect(checkup().title).toContain('能用，1 名医师没绑定');
  await room.say('谢卓群', '绑定 谢卓群 1028');
  await room.say('赖知远', '体检');
  expect(checkup().title).toContain('都好');
});

test('what the card calls the next step is what the checkup says', async () => {
  room = await chat({ empty: true });
  await room.say('赖知远', `认领 ${room.open.claimCode()}`);
  for (const typed of ['下一步', '接下来做什么', '还缺什么']) {
    const [offer] = await room.say('赖知远', typed);
    expect([typed, offer!.card.buttons?.map(b => b.command)]).toEqual([typed, ['/体检']]);
  }
  // Who may not look at it is not offered it.
  await room.close();
  room = await chat();
  expect((await room.say('谢卓群', '下一步'))[0]!.card.buttons?.map(b => b.command)).toEqual([
    '/填报',
    '/排班',
    '/请假',
    '/待办',
    '/我的',
    '/帮助',
  ]);
});
