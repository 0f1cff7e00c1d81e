/** Nobody gets by a table or a binding what could not be given to him: who may import which row, whose phone may change, who confirms whom. */
import { afterEach, expect, test } from 'vitest';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room.close());

const HEAD = '单位\t姓名\t角色\t电话';
const contacts = (...rows: string[]) => `导入 联络员\n${[HEAD, ...rows.map(r => r.replaceAll(' ', '\t'))].join('\n')}`;
const said = async (who: string, text: string) => {
  const [answer] = await room.say(who, text);
  return [answer!.code, answer!.card.title, ...answer!.card.lines];
};
const grants = async (name: string) =>
  (await room.open.store().read.all('grants', { person: await room.person(name) })).map(g => g.role).sort();
const mask = async (name: string) => (await room.open.store().read.first('people', { name }))!.phoneMask;

test('the general hospital gives no role by a table, least of all to its own admin', async () => {
  room = await chat();
  expect(await said('邱思源', contacts('区卫健局 邱思源 卫健局工作人员 13900001009'))).toMatchInlineSnapshot(`
    [
      "import.contacts-not-yours",
      "联络员由卫健局或系统管理员导入【演示数据】",
      "角色由他们给，您可以导入安排表：/导入",
    ]
  `);
  expect(await grants('邱思源')).toEqual(['general', 'hospital']);
  await room.say('邱思源', '导入 联络员');
  expect(room.messages('邱思源').at(-1)!.card.lines.join()).not.toContain('联络员');
});

test('/帮助 says of 导入 only what its reader may do', async () => {
  room = await chat();
  const help = async (who: string) => {
    const [all] = await room.say(who, '帮助 全部');
    const [one] = await room.say(who, '帮助 导入');
    return [...all!.card.lines.filter(l => l.startsWith('/导入')), one!.card.title, ...one!.card.lines].join('\n');
  };
  expect(await help('邱思源')).toContain('/导入 导入安排表或单位的月报表');
  expect(await help('邱思源')).not.toContain('联络员');
  for (const who of ['赖知远', '阮若谷']) expect((await help(who)).match(/联络员/g)).toHaveLength(4);
});

test.each([
  ['赖知远', 'import.preview'],
  ['阮若谷', 'import.problems'],
  ['邱思源', 'import.contacts-not-yours'],
])('a table of %s about the system admin: %s', async (who, code) => {
  room = await chat();
  const [answer] = await room.say(who, contacts('区卫健局 赖知远 卫健局工作人员 13966667777'));
  expect(answer!.code).toBe(code);
  expect(await mask('赖知远')).toBe('139****1001');
});

test('of staff a changed phone stands in the preview, and whoever it is hears of it', async () => {
  room = await chat();
  expect(
    await said('赖知远', contacts('区卫健局 阮若谷 卫健局工作人员 13966667777', '城郊卫生院 黄怀瑾 受援单位专人 13900001037')),
  ).toMatchInlineSnapshot(`
      [
        "import.preview",
        "联络员 2 人，请核对【演示数据】",
        "2家单位",
        "手机变动 1 人：阮若谷 139****1002→139****7777",
      ]
    `);
  expect((await room.press('赖知远', '确认导入'))[0]!.code).toBe('import.done');
  expect(await mask('阮若谷')).toBe('139****7777');
  const told = room.messages('阮若谷').at(-1)!;
  expect([told.code, told.card.title, ...told.card.lines]).toMatchInlineSnapshot(`
    [
      "phone.changed",
      "您的手机号改为 139****7777【演示数据】",
      "原来 139****1002，由赖知远导入",
      "号码对就不用管",
      "不对请马上告诉系统管理员",
    ]
  `);
  expect(room.messages('黄怀瑾').filter(m => m.code === 'phone.changed')).toEqual([]);
});

test('what the importer may do is weighed again when the button is pressed', async () => {
  room = await chat();
  await room.say('赖知远', '授权 邱思源 卫健局工作人员 区卫健局');
  await room.say('邱思源', contacts('城郊卫生院 丘暮雪 受援单位专人 13966660001'));
  expect(room.messages('邱思源').at(-1)!.code).toBe('import.preview');
  await room.say('赖知远', '撤权 邱思源 卫健局工作人员 区卫健局');
  expect((await room.press('邱思源', '确认导入'))[0]!.code).toBe('import.problems');
  expect(await room.open.store().read.first('people', { name: '丘暮雪' })).toBeUndefined();
});

test('a role that a unit has not is no row: nobody is of the bureau at a clinic', async () => {
  room = await chat();
  expect(await said('赖知远', contacts('古竹卫生院 丘暮雪 卫健局工作人员 13966660001'))).toMatchInlineSnapshot(`
    [
      "import.problems",
      "有1处要改，没有导入【演示数据】",
      "第2行 角色：古竹卫生院没有卫健局工作人员",
      "改好后整张再发一次",
    ]
  `);
  expect(await said('丘暮雪', '绑定 丘暮雪 古竹卫生院 卫健局工作人员')).toMatchInlineSnapshot(`
    [
      "bind.not-there",
      "古竹卫生院没有卫健局工作人员【演示数据】",
      "请核对单位和角色，例：绑定 张三 青山卫生院 受援单位专人",
    ]
  `);
});

const ROSTER = [
  '序号\t地市\t区县\t基层医疗卫生机构名称\t受援基层卫生机构联系电话\t单位类型\t需求专业\t上级医疗机构名称\t医疗机构所属情况\t下基层人员姓名\t专业\t职称\t联系方式',
  '1\t龙岩市\t永定区\t永定区城郊镇卫生院\t5551001\t乡镇卫生院\t中医\t永定区中医院\t县市区属医院\tNAME\t中医\t副主任医师\tPHONE',
].join('\n');
const roster = (name: string, phone: string) => `导入\n${ROSTER.replace('NAME', name).replace('PHONE', phone)}`;

test.each([
  ['邱思源', '赖知远', '13966667777', ['import.problems', '第1行 联系方式：赖知远的手机由系统管理员改，这格请留空']],
  ['邱思源', '赖知远', '139****7777', ['import.preview']],
  ['邱思源', '黄怀瑾', '13966667777', ['import.problems', '第1行 联系方式：黄怀瑾的手机由卫健局改，这格请留空']],
  ['阮若谷', '黄怀瑾', '13966667777', ['import.preview', '手机变动 1 人：黄怀瑾 139****1037→139****7777']],
  ['阮若谷', '赖知远', '13966667777', ['import.problems', '第1行 联系方式：赖知远的手机由系统管理员改，这格请留空']],
  ['邱思源', '吴沐阳', '13966667777', ['import.preview', '手机变动 1 人：吴沐阳 139****1013→139****7777']],
])('by a roster of %s the phone of %s (%s)', async (who, whose, phone, expected) => {
  room = await chat();
  const before = await mask(whose);
  const [answer] = await room.say(who, roster(whose, phone));
  expect([answer!.code, ...answer!.card.lines.filter(l => l.includes('手机') || l.includes('联系方式'))]).toEqual(expected);
  const changes = expected.length > 1 && answer!.code === 'import.preview';
  if (answer!.code === 'import.preview') await room.press(who, '保留未列');
  expect(await mask(whose)).toBe(changes ? '139****7777' : before);
  expect(room.messages(whose).filter(m => m.code === 'phone.changed')).toHaveLength(whose === '黄怀瑾' && changes ? 1 : 0);
});

test('a published mask that hides another number than the known one may be of somebody else, and is said to be', async () => {
  room = await chat();
  const doubts = async (phone: string) =>
    (await room.say('阮若谷', roster('吴沐阳', phone)))[0]!.card.lines.filter(l => l.includes('号码对不上') || l.includes('已存'));
  expect(await doubts('139****7777')).toEqual(['号码对不上 1 人，是不是同名的另一人：', '第1行 吴沐阳 139****7777，已存 139****1013']);
  expect(await doubts('139*****13')).toEqual([]);
});

const request = async () => (await room.open.store().read.first('requests', { state: 'waiting' }))!.id;

test('who takes over an account is confirmed only by somebody who may give all that it can do', async () => {
  room = await chat();
  await room.say('赖知远', '授权 钟雨桐 系统管理员');
  await room.say('游知远', '绑定 赖知远 1001');
  const id = await request();
  expect(room.messages('阮若谷').filter(m => m.code === 'bind.asked')).toEqual([]);
  for (const who of ['阮若谷', '邱思源']) expect((await room.say(who, `/绑定 同意 ${id}`))[0]!.code).toBe('bind.not-yours');
  expect((await room.say('阮若谷', '待办'))[0]!.card.lines.join()).not.toContain('确认绑定');
  expect((await room.press('钟雨桐', '是本人'))[0]!.code).toBe('bind.agreed');
});

test('where nobody may confirm that is said at once, with what can be done', async () => {
  room = await chat();
  expect(await said('游知远', '绑定 赖知远 1001')).toMatchInlineSnapshot(`
    [
      "bind.nobody",
      "收到，但现在没有人能确认【演示数据】",
      "要由另一位系统管理员确认；没有另一位，请管理服务器的人取认领码",
      "旧账号还能用：用它私聊我发 解绑，再来绑定",
    ]
  `);
  expect(room.messages('赖知远').at(-1)!.card.title).toContain('有人要用新账号绑定您');
  await room.say('赖知远', '解绑 确定');
  expect((await room.say('游知远', '绑定 赖知远 1001'))[0]!.code).toBe('bind.done');
});

test('a clinic’s head does not confirm under a role request somebody of that name with other roles', async () => {
  room = await chat();
  await room.say('赖知远', contacts('区卫健局 游知远 审计员 13966660002'));
  await room.press('赖知远', '确认导入');
  await room.say('游知远', '绑定 游知远 古竹卫生院 受援单位专人');
  const id = await request();
  expect((await room.say('梁逢春', `/绑定 同意 ${id}`))[0]!.code).toBe('bind.not-yours');
  expect((await room.press('赖知远', '确认'))[0]!.code).toBe('bind.agreed');
});

test('a peer of the unit confirms a peer, not the head', async () => {
  room = await chat();
  await room.say('戴若谷', '绑定 梁逢春 1060');
  const id = await request();
  expect((await room.say('池景天', `/绑定 同意 ${id}`))[0]!.code).toBe('bind.not-yours');
  expect((await room.say('阮若谷', `/绑定 同意 ${id}`))[0]!.code).toBe('bind.agreed');
});

test('also of a list that takes a while somebody whose phone changed hears of it', async () => {
  room = await chat();
  const signs = [...'安柏长春德恩芳光海佳健建江金景君康兰乐立林明宁平庆'];
  const many = Array.from(
    { length: 510 },
    (_, i) => `城郊卫生院 陈${signs[i % 25]!}${signs[Math.floor(i / 25)]!} 受援单位专人 1396666${1000 + i}`,
  );
  await room.say('赖知远', contacts(...many, '区卫健局 阮若谷 卫健局工作人员 13966667777'));
  expect((await room.press('赖知远', '确认导入')).map(m => m.code)).toEqual(['import.running', 'import.done', 'phone.changed']);
  expect(await mask('阮若谷')).toBe('139****7777');
});

test('nobody of a bureau hands another county’s roles over to himself', async () => {
  room = await chat({ programme: 'fujian-2022' });
  expect((await room.say('薛青禾', '交接 赖北辰 薛青禾'))[0]!.code).toBe('hand-over.none');
  expect((await room.say('赖北辰', '交接 赖北辰 薛青禾'))[0]!.code).toBe('hand-over.done');
});

test('a bureau gives no role at another county’s', async () => {
  room = await chat({ programme: 'fujian-2022' });
  const [answer] = await room.say('詹静好', contacts('上杭县卫健局 詹静好 卫健局工作人员 13966660001'));
  expect(answer!.code).toBe('import.problems');
});
