/** Plain Chinese in direct chat: what it may have meant stands behind a button, by role; nothing is done by itself. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
beforeAll(async () => {
  room = await chat();
});
afterAll(() => room.close());

/** 谢卓群 a physician, 池景天 who reports for a clinic, 赖知远 of the bureau and admin, 陈景行 of the bureau, 丘书瑶 a chief, 丘暮雪 not bound. */
const OFFERED: readonly (readonly [who: string, typed: string, buttons: string])[] = [
  ['谢卓群', '我要请假', '/请假'],
  ['谢卓群', '我想请个假', '/请假'],
  ['谢卓群', '我生病了去不了', '/请假 我生病了去不了'],
  ['谢卓群', '4月17号有事去不了能不能换成19号', '/请假 4月17日 有事 换成 4月19日'],
  ['谢卓群', '请假17号开会改到24号', '/请假 4月17日 开会改到 4月24日'],
  ['谢卓群', '休假明天上午家里有事', '/请假 4月9日 上午 家里有事'],
  ['谢卓群', '填报诊疗30讨论5', '/填报 诊疗30讨论5'],
  ['池景天', '核实谢卓群在岗', '/核实 谢卓群在岗'],
  ['池景天', '宣传单发了100张', '/宣传 单发了100张'],
  ['谢卓群', '/签道 古竹卫生院', '/签到 古竹卫生院 | /签退 古竹卫生院'],
  ['谢卓群', '明天请假', '/请假 4月9日'],
  ['谢卓群', '明天上午要请假', '/请假 4月9日 上午'],
  ['谢卓群', '今天来不了', '/请假 4月8日'],
  ['谢卓群', '取消请假', '/销假'],
  ['谢卓群', '不请假了', '/销假'],
  ['谢卓群', '我到古竹了', '/签到 古竹'],
  ['谢卓群', '到了', '/签到'],
  ['谢卓群', '我已经到了', '/签到'],
  ['谢卓群', '到岗了', '/签到'],
  ['谢卓群', '上班', '/签到'],
  ['谢卓群', '我要签到', '/签到'],
  ['谢卓群', '本月统计', '/统计 2024年4月'],
  ['谢卓群', '看看上个月的统计', '/统计 2024年3月'],
  ['谢卓群', '忘记签到了', '/补签'],
  ['谢卓群', '昨天忘了打卡', '/补签 4月7日'],
  ['谢卓群', '我哪天下乡', '/排班'],
  ['谢卓群', '发错了', '/撤销'],
  ['池景天', '到了', '/签到 | /核实'],
  ['黄怀瑾', '吴沐阳下午到了', '/核实 吴沐阳下午到了'],
  ['池景天', '谢医生没来', '/核实'],
  ['池景天', '谢卓群昨天在岗', '/核实 谢卓群 4月7日 在岗'],
  ['池景天', '谢卓群今天在岗', '/核实 谢卓群 4月8日 在岗'],
  ['池景天', '昨天谢卓群没来', '/核实 4月7日 谢卓群没来'],
  ['池景天', '谢卓群4月7日来了', '/核实 谢卓群 4月7日 来了'],
  ['池景天', '4号谢卓群来过', '/核实 4月4日 谢卓群'],
  ['丘书瑶', '古竹这个月来了多少人次', '/统计 2024年4月 古竹卫生院'],
  ['池景天', '全部在岗', '/核实'],
  ['池景天', '都在岗', '/核实'],
  ['池景天', '谁没报', '/月报'],
  ['池景天', '我要交月报', '/月报'],
  ['陈景行', '谁没报', '/月报 | /催报'],
  ['陈景行', '3月还有哪些单位没报', '/月报 2024年3月 | /催报 2024年3月'],
  ['陈景行', '今天谁在岗啊', '/在岗 4月8日'],
  ['丘书瑶', '本月统计', '/统计 2024年4月'],
  ['谢卓群', '下次下乡是哪天', '/我的'],
  ['谢卓群', '我下次去哪', '/我的'],
  ['谢卓群', '我这个月去了几次', '/我的'],
  ['谢卓群', '我还差几天', '/我的'],
  ['谢卓群', '这个月达标了吗', '/我的'],
  ['谢卓群', '签错了', '/撤销'],
  ['谢卓群', '今天干啥', '/待办'],
  ['陈景行', '有什么事要我办', '/待办'],
  ['陈景行', '今年累计', '/统计 2024年'],
  ['陈景行', '一季度情况', '/统计 2024年第一季度'],
  ['陈景行', '本月怎么样', '/统计 2024年4月'],
  ['陈景行', '吴沐阳换成钟心怡', '/换人 吴沐阳换成钟心怡'],
  ['陈景行', '把吴沐阳换成钟心怡', '/换人 吴沐阳换成钟心怡'],
  // A day for another is no person for another.
  ['谢卓群', '把17号换成18号', '/请假 4月17日 换成 4月18日'],
  ['陈景行', '古竹卫生院怎么样', '/排班 古竹卫生院 | /在岗 古竹卫生院 | /统计 古竹卫生院'],
  ['池景天', '谢卓群来了没', '/在岗 谢卓群'],
  ['池景天', '谢医生请假了吗', '/在岗'],
  ['池景天', '明天有医生来吗', '/在岗 4月9日'],
  ['池景天', '通知群众', '/排班'],
  ['池景天', '全部到岗', '/核实'],
  ['池景天', '换联系人', '/交接'],
  ['池景天', '月报怎么报', '/帮助 月报'],
  ['池景天', '月报交了没', '/月报'],
  ['谢卓群', '领导同意了吗', '/我的'],
  ['谢卓群', '我是谁', '/我的'],
  ['谢卓群', '明天去哪', '/排班'],
  ['谢卓群', '找谁请假', '/请假'],
  ['池景天', '已经通知群众了', '/已告知'],
  ['池景天', '登记病人', '/受益'],
  ['池景天', '宣传了2次', '/宣传 2次'],
  ['简明川', '全市情况', '/统计'],
  ['简明川', '哪个县没报', '/月报'],
  // Its own word, and nothing like its opposite.
  ['池景天', '都同意', '/批准'],
  // A unit, a name or a time alone.
  ['丘书瑶', '古竹', '/排班 古竹卫生院 | /在岗 古竹卫生院 | /统计 古竹卫生院'],
  ['丘书瑶', '上月', '/排班 2024年3月 | /统计 2024年3月'],
  ['丘书瑶', '一季度', '/统计 2024年第一季度'],
  ['丘书瑶', '3月 古竹', '/排班 2024年3月 古竹卫生院 | /统计 2024年3月 古竹卫生院'],
  ['丘书瑶', '今天', '/在岗 4月8日'],
  ['丘书瑶', '谢卓群', '/排班 谢卓群 | /在岗 谢卓群'],
  ['丘书瑶', '全区', '/统计'],
  ['丘书瑶', '覆盖', '/统计'],
  ['丘书瑶', '谁没来', '/在岗'],
  ['丘书瑶', '缺岗', '/在岗'],
  ['谢卓群', '古竹', '/签到 古竹卫生院 | /排班 古竹卫生院 | /在岗 古竹卫生院 | /统计 古竹卫生院'],
  ['谢卓群', '17号', '/在岗 4月17日'],
  ['池景天', '都在', '/核实'],
  ['池景天', '谁没来', '/核实 | /在岗'],
  // As it is spoken into a phone.
  ['谢卓群', '请假四月十七日因为要去省里开会改到四月二十四日', '/请假 4月17日 因为要去省里开会改到 4月24日'],
  ['谢卓群', '请假改到24号，17号要去省里开会', '/请假 4月17日 要去省里开会 改到 4月24日'],
  ['谢卓群', '请假啊我17号去不了古竹了家里老人住院了改到24号行不行', '/请假 4月17日 去不了古竹了家里老人住院了改到 4月24日'],
  ['谢卓群', '17号我不去古竹了单位有会', '/请假 4月17日 单位有会'],
  ['谢卓群', '17号不来可以吗', '/请假 4月17日'],
  ['谢卓群', '能不能把17号改到24号', '/请假 4月17日 改到 4月24日'],
  ['谢卓群', '我17号有事不去了', '/请假 4月17日 有事'],
  ['谢卓群', '我下礼拜三来不了', '/请假 4月17日'],
  ['谢卓群', '我的排班表', '/排班'],
  ['谢卓群', '请假条', '/我的'],
  ['谢卓群', '怎么请假', '/帮助 请假'],
  ['谢卓群', '下班了', '/签退'],
  ['谢卓群', '我今天去古竹了刚到', '/签到 古竹'],
  ['谢卓群', '我在岗的', '/签到'],
  ['谢卓群', '我那个假批了没', '/我的'],
  ['谢卓群', '下周三我不去了', '/请假 4月17日'],
  ['谢卓群', '下周三我去不了了孩子发烧', '/请假 4月17日 孩子发烧'],
  ['谢卓群', '这个月我去了几次', '/统计 2024年4月'],
  ['谢卓群', '到古竹了，看了12个病人', '/签到 古竹 | 填报'],
  ['谢卓群', '到古竹了\n填报 诊疗5', '/签到 古竹 | 填报 诊疗5'],
  ['池景天', '下周谁来', '/排班'],
  ['池景天', '今天有人来吗', '/在岗 4月8日'],
  ['池景天', '明天谁来', '/在岗 4月9日'],
  ['池景天', '谢卓群来了', '/核实 谢卓群来了'],
  ['池景天', '谢卓群在岗', '/核实 谢卓群在岗'],
  ['池景天', '谢医生来了', '/核实 谢医生来了'],
  ['池景天', '明天停电让谢医生别来了', '/改班 4月9日 停电让谢医生'],
  // A question of one's own asks nobody else's presence, and some days of illness are no count of days.
  ['谢卓群', '能请假吗', '/请假'],
  ['谢卓群', '明天可以请假吗', '/请假 4月9日'],
  ['谢卓群', '今天要签到吗', '/签到'],
  ['谢卓群', '签到了吗', '/签到'],
  ['谢卓群', '我这几天病了', '/请假 我这几天病了'],
  ['谢卓群', '我要请几天假', '/请假'],
  ['谢卓群', '我下次去不了', '/请假 下次'],
  ['谢卓群', '我来了几天', '/我的'],
  ['池景天', '我们医生来了吗', '/在岗'],
  ['池景天', '谢卓群到岗了吗', '/在岗 谢卓群'],
  // A question is no deed, and no is no yes.
  ['池景天', '你通知群众了没有', '/排班'],
  ['池景天', '村民都通知到了', '/已告知'],
  ['池景天', '难同意', '/驳回'],
  ['池景天', '排班了解一下', '/排班 了解一下'],
  // A word that was typed wrong is offered as before.
  ['谢卓群', '签道', '/签到 | /签退'],
  ['谢卓群', '请假17号上午', '/请假 4月17日 上午'],
  ['谢卓群', '请假17号上午，孩子发烧，改25号上午', '/请假 4月17日 上午 孩子发烧，改 4月25日 上午'],
];
const offers = async (who: string, typed: string) => {
  const [card, ...more] = await room.say(who, typed);
  expect(more).toEqual([]);
  return card!;
};
test.each(OFFERED)('%s: %s → %s', async (who, typed, buttons) => {
  const { code, card } = await offers(who, typed);
  expect([code, card.buttons?.map(b => b.label).join(' | ')]).toEqual(['command.near', buttons]);
});
test('what is offered is what was said, with its day written out', async () => {
  const { card } = await offers('谢卓群', '明天上午要请假');
  expect([card.title, card.lines, card.buttons!.map(b => b.command)]).toEqual([
    '您是要请假吗？【演示数据】',
    ['还没有办，点一下才办'],
    ['/请假 2024-04-09 上午'],
  ]);
  expect((await room.press('谢卓群', '/请假'))[0]!.code).not.toBe('command.near');
});

test.each([
  ['陈景行', '统计本月', '您要看的是不是：', []],
  ['陈景行', '排班谢卓群', '您要看的是不是：', []],
  ['陈景行', '排班谢卓群4月17日', '您是要排班吗？', ['还没有办，点一下才办']],
  ['池景天', '月报上报4月', '您是要月报吗？', ['还没有办，点一下才办']],
])('%s: %s: what does something is not called a look', async (who, typed, title, lines) => {
  const { card } = await offers(who, typed);
  expect([card.title, card.lines]).toEqual([`${title}【演示数据】`, lines]);
});

/** Who may not use the command, and what is no such wish. */
const NOT: readonly (readonly [who: string, typed: string, code: RegExp])[] = [
  ['丘书瑶', '上班', /^help\.hint$/],
  ['谢卓群', '谁没报', /^help\.hint$/],
  ['丘暮雪', '我要请假', /^help\.hint$/],
  ['丘书瑶', '签道', /^command\.unknown$/],
  ['谢卓群', '/催抱', /^command\.unknown$/],
  ['谢卓群', '在吗', /^help\.hint$/],
  ['谢卓群', '你好', /^help\.hint$/],
  ['谢卓群', '我想想', /^help\.hint$/],
  ['谢卓群', '我们那边下雨', /^help\.hint$/],
  ['谢卓群', '到哪了', /^help\.hint$/],
  ['谢卓群', '收到吗', /^help\.hint$/],
  ['谢卓群', '看到了吗', /^help\.hint$/],
  ['谢卓群', '你能做什么', /^help\.hint$/],
  ['谢卓群', '给群众看病', /^help\.hint$/],
  ['谢卓群', '本月工作量怎么填', /^help\.hint$/],
  ['池景天', '不让我负责', /^help\.hint$/],
  ['丘书瑶', '全区达标了吗', /^help\.hint$/],
  ['谢卓群', '我没到', /^help\.hint$|^command\.near$/],
  ['谢卓群', '请假是不是要先和卫生院说一声才能在群里发申请呢', /^help\.hint$/],
  // Figures are figures, whatever else is said with them.
  ['谢卓群', '今天看了30个病人', /^help\.overheard$/],
  ['谢卓群', '今天看了三十个病人 还查了两次房 讲了一堂课', /^help\.overheard$/],
  // A number alone is no day, and what nobody may look at is no offer.
  ['谢卓群', '17', /^help\.hint$/],
  ['丘暮雪', '古竹', /^help\.hint$/],
];
test.each(NOT)('%s: %s', async (who, typed, code) => {
  const said = await offers(who, typed);
  expect(said.code).toMatch(code);
  expect((said.card.buttons ?? []).map(b => b.command)).not.toContain('/签到');
});

// Whatever else is said, what is done every day is a tap away; nothing that one tap would do.
test.each([
  ['谢卓群', '让他19号来', ['/填报', '/排班', '/请假', '/待办', '/我的', '/帮助']],
  ['丘书瑶', '早上好', ['/请假', '/在岗', '/月报', '/统计', '/帮助']],
  ['童清和', '今晚吃什么', ['/待办', '/记录', '/帮助']],
])('%s: %s has a list to choose from', async (who, typed, commands) => {
  const { card } = await offers(who, typed);
  expect([card.title, card.buttons!.map(b => b.command)]).toEqual(['您好，要办哪一件？【演示数据】', commands]);
});

describe('nothing was done', () => {
  test('no visit, no leave, no check-in came of it', async () => {
    const { read } = room.open.store();
    expect([await read.count('checkIns', {}), await read.count('leaves', {})]).toEqual([0, 0]);
  });
  test('in a group nobody is spoken to', async () => {
    for (const typed of ['我要请假', '到了', '上班', '谁没报']) expect(await room.say('谢卓群', typed, '古竹')).toEqual([]);
  });
  test.each([
    ['@下基层助手 明天请假家里有事', '/请假 4月9日 家里有事'],
    ['明天请假家里有事 @下基层助手', '/请假 4月9日 家里有事'],
    ['@下基层助手 签道 古竹', '/签到 古竹 | /签退 古竹'],
    ['@下基层助手 请假17号怎么办', '/帮助 请假'],
  ])('%s: the bot’s own name is no part of what is offered', async (typed, buttons) => {
    const [answer] = await room.say('谢卓群', typed, '古竹');
    expect([answer!.code, answer!.card.buttons?.map(b => b.label).join(' | ')]).toEqual(['command.near', buttons]);
  });
});

/** Nothing is wanted, so nothing is said. */
test.each(['好', '好的', '好的，谢谢', '收到', '收到了', '知道了', '谢谢！', '辛苦了', 'OK', '👌', '[强]', '嗯嗯'])(
  '%s needs no answer',
  async typed => {
    // The last card there asks nothing.
    await room.say('谢卓群', '/我的');
    expect(await room.say('谢卓群', typed)).toEqual([]);
    expect(await room.say('丘暮雪', typed)).toEqual([]);
  },
);

test('? while a question is open is answered of that, and the question still waits', async () => {
  expect((await offers('谢卓群', '请假')).code).toBe('leave.which');
  const help = await offers('谢卓群', '？');
  expect([help.code, help.card.title]).toEqual(['question.help', '刚才问的是 /请假，直接回复就行【演示数据】']);
  expect((await offers('谢卓群', '17号')).code).toBe('leave.reason');
  expect((await offers('谢卓群', '？')).code).toBe('question.help');
  await room.say('谢卓群', '取消');
});

test('figures with a doubtful word: what was understood is offered, and the word is named', async () => {
  const some = await offers('谢卓群', '看了25个病人 查房2次 教学查房1次');
  expect(some.code).toBe('help.overheard');
  expect(some.card.lines.join()).toContain('“查房”写了两个');
  expect(some.card.buttons!.map(b => b.label)).toEqual(['查房2', '查房1']);
  // A known figure makes it a report, whatever stands beside it; an unknown word alone is talk.
  const beside = await offers('谢卓群', '昨天诊疗30 手术2');
  expect([beside.code, beside.card.lines[0], beside.card.buttons!.map(b => b.command)]).toEqual([
    'help.overheard',
    '没有“手术”这一项',
    ['/填报 2024-04-07 诊疗30 其他:「手术2」'],
  ]);
  expect((await offers('谢卓群', '手术2')).code).toBe('help.hint');
  const vague = await offers('谢卓群', '今天看了三十来个');
  expect([vague.code, vague.card.buttons]).toEqual(['help.overheard', [{ label: '填表格', command: '/填报 2024-04-08' }]]);
});

test.each(['?', '？', '/?', '/？', '／?'])('%s is a call for help', async typed => {
  expect((await offers('谢卓群', typed)).code).toBe('help.shown');
});

test('figures of several parts of a sentence are one report; of two days each says which it is', async () => {
  room = await chat();
  const offered = async (typed: string) => (await room.say('江安然', typed))[0]!.card.buttons!.map(b => [b.label, b.command]);
  expect(await offered('今天看了30个病人，讲了一堂课，病人特别多我都快忙不过来了下午还要去村里看老人家')).toEqual([
    ['填报', '/填报 2024-04-08 诊疗30 讲座1'],
  ]);
  expect(await offered('昨天看了30个病人，今天看了20个病人，累死我了')).toEqual([
    ['填报 诊疗30', '/填报 2024-04-07 诊疗30'],
    ['填报 诊疗20', '/填报 2024-04-08 诊疗20'],
  ]);
});
