/** The hard cases of leave: over another, over its make-up, racing, by the wrong hands, over a stop of the bot. */
import { afterEach, expect, test } from 'vitest';
import { at, day } from '../../src/core/day.ts';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room.close());

const codes = async (who: string, ...texts: string[]): Promise<string[]> => {
  const out: string[] = [];
  for (const text of texts) out.push((await room.say(who, text)).find(m => m.conversation.id.endsWith(room.id(who)))?.code ?? 'nothing');
  return out;
};
const store = () => room.open.store().read;

test('leave over leave, over a make-up day that waits, over one that is granted; the second is linked to the first', async () => {
  room = await chat();
  expect(
    await codes('吴沐阳', '/请假 4月17日 有事 改到 4月25日', '/请假 4月17日 又有事 改到 4月26日', '/请假 4月25日 有事 改到 4月26日'),
  ).toEqual(['leave.asked-for', 'leave.already', 'leave.make-up-open']);
  for (const who of ['赖静姝', '黄怀瑾', '赖知远']) await room.press(who, '同意');
  expect(
    await codes('吴沐阳', '/请假 4月17日 有事 改到 4月26日', '/请假 4月25日 有事 改到 4月17日', '/请假 4月25日 有事 改到 4月26日'),
  ).toEqual(['leave.already', 'leave.make-up', 'leave.asked-for']);
  const leaves = await store().all('leaves', {});
  expect(leaves.map(l => l.follows)).toEqual([null, leaves[0]!.id]);
});

test('two make-ups on one day, another visit there, over a holiday, before the leave', async () => {
  room = await chat();
  await room.say('张志恒', '/排班 张志恒 4月16日');
  await room.say('张志恒', '/排班 张志恒 4月18日');
  expect(
    await codes(
      '张志恒',
      '/请假 4月16日、4月18日 有事 改到 4月23日、4月23日',
      '取消',
      '/请假 4月16日、4月18日 有事 改到 4月23日',
      '取消',
      '/请假 4月16日 有事 改到 4月18日',
      '取消',
      '/请假 4月16日 有事 改到 5月1日',
      '/请假 4月18日 有事 改到 4月12日',
    ),
  ).toEqual([
    'leave.make-up',
    'question.cancelled',
    'leave.make-up',
    'question.cancelled',
    'leave.make-up',
    'question.cancelled',
    'leave.asked-for',
    'leave.asked-for',
  ]);
  const holiday = room.messages('张志恒').find(m => m.from === 'bot' && m.card.lines.some(l => l.includes('5月1日')));
  expect(holiday!.card.lines).toContain('注意：5月1日 周三是休息日');
  expect(holiday!.card.lines).toContain('注意：改到2024年5月，2024年4月就少这一班');
});

test('in the past, 200 days, outside the programme, on a day that is verified', async () => {
  room = await chat({ at: '2024-04-12 09:00' });
  expect(
    await codes(
      '张志恒',
      '/请假 4月9日 发烧',
      '/请假 4月8日 发烧',
      '/请假 4月12日至10月29日 有事',
      '/请假 2024年12月31日至2025年1月2日 有事 改到 12月30日',
      '/请假 2月31日 有事',
    ),
  ).toEqual(['leave.emergency', 'leave.no-visit', 'leave.too-long', 'leave.outside', 'args.no-such-day']);
  await room.say('华苏叶', '/核实 4月8日 江安然 在岗');
  expect(await codes('江安然', '/请假 4月8日 发烧')).toEqual(['leave.verified']);
  await room.to('2024-04-16 09:00');
  expect(await codes('官建业', '/请假 4月11日 发烧')).toEqual(['leave.past']);
});

test('by a role that ended, by a deputy before and within the dates, by somebody of another office', async () => {
  room = await chat();
  await room.say('赖知远', '/授权 官文澜 卫健局工作人员 区卫健局 医政股 B岗 4月10日-4月20日');
  await room.say('罗玉成', '/请假 4月19日 有事 改到 4月26日');
  await room.say('赖知远', '/撤权 赖静姝 支援单位管理员 区中医院');
  const leave = (await store().first('leaves', {}))!.id;
  expect(await codes('赖静姝', `/批准 ${leave}`)).toEqual(['permission.denied']);
  await room.say('赖知远', `/批准 ${leave} 区中医院 线下同意 电话，医务科`);
  await room.say('赖知远', `/批准 ${leave} 金砂卫生院 线下同意 电话，值班`);
  expect((await store().all('leaveSteps', { leave, kind: 'consent' })).map(s => s.how)).toEqual(['offline', 'offline']);
  expect(await codes('阮若谷', `/批准 ${leave}`)).toEqual(['leave.not-yours']);
  await room.to('2024-04-10 08:00');
  expect(await codes('官文澜', `/批准 ${leave}`)).toEqual(['leave.approved']);
});

test('two approvers at the same moment: one answer stands, the other hears of it', async () => {
  room = await chat();
  await room.say('赖知远', '/授权 官文澜 卫健局工作人员 区卫健局 医政股');
  await room.say('王秋实', '/请假 4月15日 有事 改到 4月23日');
  await room.press('赖静姝', '同意');
  await room.press('俞长庚', '同意');
  const leave = (await store().first('leaves', {}))!.id;
  const both = await Promise.all([room.say('赖知远', `/批准 ${leave}`), room.say('官文澜', `/驳回 ${leave} 名额紧`)]);
  const answers = both.flat().filter(m => ['leave.approved', 'leave.refused-done', 'leave.settled'].includes(m.code));
  expect(answers.map(m => m.code).sort()).toHaveLength(2);
  expect(answers.filter(m => m.code === 'leave.settled')).toHaveLength(1);
  const made = await store().all('visits', { person: (await store().first('leaves', {}))!.person, day: day('2024-04-23') });
  expect(made.length).toBe(answers.some(m => m.code === 'leave.approved') ? 1 : 0);
});

test('two leaves race for the last place of a quota: exactly one is within it', async () => {
  room = await chat({ programme: 'shanxi-2024' });
  const said = await Promise.all([room.say('卫长河', '/请假 1月12日 有事'), room.say('史可为', '/请假 卫长河 1月14日 有事')]);
  expect(said.flat().filter(m => m.code === 'leave.asked-for')).toHaveLength(2);
  const leaves = await store().all('leaves', {});
  expect(leaves.map(l => l.exception).sort()).toEqual(['每月不超过1次', null].sort());
});

test('redelivered, a leave is asked once and agreed to once', async () => {
  room = await chat();
  const script = await room.play(`
    王秋实×2> /请假 4月15日 有事 改到 4月23日
    赖静姝×2> /批准 {号}
  `);
  expect(script.match(/请假已提交/g)).toHaveLength(1);
  expect(await store().count('leaves', {})).toBe(1);
  expect(await store().count('leaveSteps', { state: 'agreed' })).toBe(1);
});

test('the bot is down over the lead time: nothing is refused, and nobody is taken for absent', async () => {
  room = await chat();
  await room.say('王秋实', '/请假 4月15日 有事 改到 4月23日');
  const { wake } = room.open.assembled();
  const to = at(day('2024-04-16'), '09:30');
  await wake.run(at(day('2024-04-08'), '08:00'), to, to);
  const [leave] = await store().all('leaves', {});
  expect(leave!.state).toBe('open');
  expect(await store().count('cases', {})).toBe(0);
  const about = (await store().outbox({ states: ['pending', 'sending', 'sent'], limit: 500 })).filter(r =>
    JSON.stringify(r.card).includes('王秋实'),
  );
  expect(about.filter(r => r.key.startsWith('presence'))).toEqual([]);
  await room.to('2024-04-16 09:31');
  // What is still worth saying is said once: the bureau may decide although a unit was slow.
  expect(await codes('赖知远', `/批准 ${leave!.id}`)).toEqual(['leave.approved']);
});

test('a make-up that is done stays done when the leave is reported back; a day that was taken again is not given back', async () => {
  room = await chat();
  await room.say('王秋实', '/请假 4月15日 有事 改到 4月9日');
  for (const who of ['赖静姝', '俞长庚', '赖知远']) await room.press(who, '同意');
  await room.to('2024-04-09 09:00');
  await room.say('王秋实', '/签到');
  const [back] = await room.say('王秋实', '/销假');
  expect([back!.code, back!.card.lines[0]]).toEqual(['leave.ended', '4月15日 周一的班已补或另改，不再恢复']);
  const visits = await store().all('visits', {
    person: (await store().first('leaves', {}))!.person,
    day: { from: day('2024-04-01'), to: day('2024-04-30') },
  });
  expect(visits.filter(v => v.state === 'on')).toMatchObject([{ day: '2024-04-09' }]);
});

test('a reason is sealed: the database, its journal and what waits hold it only where it is shown', async () => {
  room = await chat();
  await room.say('王秋实', '/请假 4月15日 甲亢复查 改到 4月23日');
  const journal = await store().journal({}, 500);
  expect(journal.some(r => `${r.after}${r.before}`.includes('甲亢'))).toBe(false);
  expect((await store().first('leaves', {}))!.reason).not.toContain('甲亢');
  await room.say('王秋实', '/撤销');
  await room.say('张志恒', '/请假 4月9日 痛风发作 改到');
  expect((await store().journal({}, 500)).some(r => `${r.after}${r.before}`.includes('痛风'))).toBe(false);
});

test('words in any order, glued, with other dates’ styles: the same leave', async () => {
  const said = [
    '/请假 改到 4月25日 家中有事 4月17日',
    '/请假 家中有事4月17日 改到4月25日',
    '/请假 4.17 家中有事 改到25号',
    '/ 请假　下周三，家中有事，改到：4月25日。',
    'qingjia 4-17 家中有事 补班 4-25',
    '/请假 17号 家中有事 换到25号',
  ];
  for (const text of said) {
    room = await chat();
    await room.say('吴沐阳', text);
    const [leave] = await store().all('leaves', {});
    const visits = await store().all('leaveVisits', {});
    expect([leave?.from, visits[0]?.toDay, await store().unseal('leaves', leave!.id, 'reason')], text).toEqual([
      '2024-04-17',
      '2024-04-25',
      '家中有事',
    ]);
    if (text !== said.at(-1)) await room.close();
  }
});

test('a clinic that has another physician on the make-up day is named', async () => {
  room = await chat();
  await room.say('邱思源', '/换人 伍乐天 张志恒 4月25日');
  const [reply] = await room.say('伍乐天', '/请假 4月25日 有事 改到 4月26日');
  expect(reply!.code).toBe('leave.no-visit');
  await room.say('赖知远', '/排班 伍乐天 4月29日');
  const [asked] = await room.say('伍乐天', '/请假 4月29日 有事 改到 4月25日');
  expect(asked!.card.lines).toContain('注意：4月25日 周四张志恒也在大溪卫生院');
});

test('another document, no other code: one station after the other, five workdays, at most once a year, filed nowhere', async () => {
  room = await chat({
    rules: text =>
      text.startsWith('id: yongding')
        ? text.replace(
            /leave:[\s\S]*?(?=absence:)/,
            `leave:
  of: visits
  clause: 二
  says: 书面请假
  states: [reason]
  steps:
    - {id: clinic, by: clinic, stage: 1, clause: 二, says: 受援单位同意}
    - {id: general, by: general, stage: 2, clause: 二, says: 总医院同意}
    - {id: county, by: bureau, office: 综合股, stage: 3, decides: true, lead: {days: 5, counted: work}, clause: 二, says: 提前5个工作日}
  limits:
    - {per: year, times: 1, force: must, clause: 二, says: 每年不超过1次}
`,
          )
        : text,
  });
  expect(
    await room.play(`
    罗玉成> /请假 4月19日 有事
    简云舒> /请假 4月16日 有事
    简云舒> /请假 4月15日 有事
    戴泽宇> /请假 4月12日 有事
    苏杜若> [同意]
    邱思源> [同意]
    陈景行> [同意]
    简云舒> /排班
    简云舒> /排班 简云舒 4月26日
    简云舒> /请假 4月26日 有事
  `),
  ).toMatchInlineSnapshot(`
    "罗玉成> /请假 4月19日 有事
    机器人→罗玉成> 请假已提交，编号2【演示数据】
          | 金砂卫生院 4月19日 周五
          | 已请金砂卫生院答复，再报总医院、区卫健局
          | 今年第1次（每年不超过1次）
          | 须在4月12日 周五前报到区卫健局
          [撤回]
    机器人→赖静姝> 金砂卫生院没有专人，请代问：请假：罗玉成 4月19日 周五【演示数据】
          | 金砂卫生院 4月19日 周五
          | 其他：有事
          | 须在4月12日 周五前报到区卫健局
          | 依据 永卫〔2024〕13号 二：书面请假
          [录入线下同意]
    简云舒> /请假 4月16日 有事
    机器人→简云舒> 请假已提交，编号3【演示数据】
          | 培丰卫生院 4月16日 周二
          | 已请培丰卫生院答复，再报总医院、区卫健局
          | 今年第1次（每年不超过1次）
          | 须在4月9日 周二前报到区卫健局
          [撤回]
    机器人→苏杜若> 请假：简云舒 4月16日 周二【演示数据】
          | 培丰卫生院 4月16日 周二
          | 其他：有事
          | 须在4月9日 周二前报到区卫健局
          | 依据 永卫〔2024〕13号 二：书面请假
          [同意] [不同意]
    简云舒> /请假 4月15日 有事
    机器人→简云舒> 4月15日 周一没有下乡班次，不用请假【演示数据】
          | 要请的是不是：
          [4月16日 周二 培丰卫生院]
    戴泽宇> /请假 4月12日 有事
    机器人→戴泽宇> 4月12日 周五的假要在4月7日 周日前请【演示数据】
          | 确有急事，点下面的按钮即可，不用重写
          | 依据 永卫〔2024〕13号 二：提前5个工作日
          [按紧急情况提交]
    苏杜若> [同意]
    机器人→苏杜若> 已同意：简云舒 4月16日 周二【演示数据】
          | 还等总医院
    机器人→邱思源> 请假：简云舒 4月16日 周二【演示数据】
          | 培丰卫生院 4月16日 周二
          | 其他：有事
          | 须在4月9日 周二前报到区卫健局
          | 依据 永卫〔2024〕13号 二：书面请假
          [同意] [不同意]
    邱思源> [同意]
    机器人→邱思源> 已同意：简云舒 4月16日 周二【演示数据】
          | 还等区卫健局
    机器人→陈景行> 请假：简云舒 4月16日 周二【演示数据】
          | 培丰卫生院 4月16日 周二
          | 其他：有事
          | 须在4月9日 周二前报到区卫健局
          | 依据 永卫〔2024〕13号 二：书面请假
          [同意] [不同意]
    陈景行> [同意]
    机器人→陈景行> 已准假：简云舒 4月16日 周二【演示数据】
          | 培丰卫生院 4月16日 周二
    机器人→赖静姝> 简云舒已准假：4月16日 周二【演示数据】
          | 培丰卫生院 4月16日 周二
    机器人→简云舒> 已准假：4月16日 周二【演示数据】
          | 培丰卫生院 4月16日 周二
          | 提前回来发 /销假
          | 文件：请假条-简云舒-2024-04-16.docx
    机器人→苏杜若> 简云舒已准假：4月16日 周二【演示数据】
          | 培丰卫生院 4月16日 周二
    简云舒> /排班
    机器人→简云舒> 简云舒 2024年4月排班【演示数据】
          | 这个月还没有排班
          | 简云舒 4月16日 周二 请假
    简云舒> /排班 简云舒 4月26日
    机器人→简云舒> 已排 简云舒 培丰卫生院 1班【演示数据】
          | 4月26日 周五 坐诊
          | 排错了发 /撤销
    机器人→简云舒> 新增下乡 简云舒【演示数据】
          | 培丰卫生院
          | 4月26日 周五 坐诊
    机器人→苏杜若> 新增下乡 简云舒【演示数据】
          | 培丰卫生院
          | 4月26日 周五 坐诊
    简云舒> /请假 4月26日 有事
    机器人→简云舒> 超出每年不超过1次【演示数据】
          | 今年第2次（每年不超过1次）
          | 依据 永卫〔2024〕13号 二：每年不超过1次"
  `);
});

test('for a physician without an account hospital or clinic asks, hears the answer, and the hospital’s group learns nothing of it', async () => {
  room = await chat();
  expect(
    await room.play(`
    简当归> /请假 丘念慈 4月18日 腰椎间盘突出 改到 4月25日
    江安然> /请假 丘念慈 4月18日 有事 改到 4月25日
    简当归> [同意]
    邱思源> [不同意]
    邱思源> 请先换班
    邱思源> /请假 丘念慈 4月18日 腰椎间盘突出 改到 4月25日
    简当归> [同意]
    邱思源> [同意]
    赖知远> [同意]
  `),
  ).toMatchInlineSnapshot(`
    "简当归> /请假 丘念慈 4月18日 腰椎间盘突出 改到 4月25日
    机器人→简当归> 请假已提交，编号2【演示数据】
          | 虎岗卫生院 4月18日 周四 → 4月25日 周四
          | 已请区医院、虎岗卫生院答复，再报区卫健局
          | 须在4月15日 周一前报到区卫健局
          | 注意：在4月22日 周一报送之后，列入下次补报
          [撤回]
    机器人→简当归> 请假：丘念慈 4月18日 周四【演示数据】
          | 虎岗卫生院 4月18日 周四 → 4月25日 周四
          | 因病：腰椎间盘突出
          | 须在4月15日 周一前报到区卫健局
          | 依据 永卫〔2024〕13号 七（三）：须书面请假，写明原因和调整后的支援时间
          [同意] [不同意]
    机器人→邱思源> 请假：丘念慈 4月18日 周四【演示数据】
          | 虎岗卫生院 4月18日 周四 → 4月25日 周四
          | 因病：腰椎间盘突出
          | 须在4月15日 周一前报到区卫健局
          | 依据 永卫〔2024〕13号 七（三）：须书面请假，写明原因和调整后的支援时间
          [同意] [不同意]
    机器人@区医院派驻医师群> 丘念慈：有您的待办【演示数据】
          | 详情问本院管理员
    江安然> /请假 丘念慈 4月18日 有事 改到 4月25日
    机器人→江安然> 不能替这位医师请假【演示数据】
          | 由本人、其支援单位或受援单位提出
    简当归> [同意]
    机器人→简当归> 已同意：丘念慈 4月18日 周四【演示数据】
          | 还等区医院
    邱思源> [不同意]
    机器人→邱思源> 为什么不同意？【演示数据】
          | 只告诉申请人本人
          | 直接回复理由，发 取消 不办
    邱思源> 请先换班
    机器人→邱思源> 已答复不同意：丘念慈 4月18日 周四【演示数据】
          | 理由只告诉本人
          | 原班次不变
    机器人→简当归> 丘念慈：请假没有批准：4月18日 周四【演示数据】
          | 区医院 邱思源：请先换班
          | 原班次不变
          | 依据 永卫〔2024〕13号 七（三）：须书面请假，写明原因和调整后的支援时间
    机器人→简当归> 丘念慈 4月18日 周四没有准假【演示数据】
          | 原班次不变
    机器人@区医院派驻医师群> 丘念慈：有您的待办【演示数据】
          | 详情问本院管理员
    邱思源> /请假 丘念慈 4月18日 腰椎间盘突出 改到 4月25日
    机器人→邱思源> 请假已提交，编号7【演示数据】
          | 虎岗卫生院 4月18日 周四 → 4月25日 周四
          | 已请区医院、虎岗卫生院答复，再报区卫健局
          | 须在4月15日 周一前报到区卫健局
          | 注意：在4月22日 周一报送之后，列入下次补报
          [撤回]
    机器人→邱思源> 请假：丘念慈 4月18日 周四【演示数据】
          | 虎岗卫生院 4月18日 周四 → 4月25日 周四
          | 因病：腰椎间盘突出
          | 须在4月15日 周一前报到区卫健局
          | 依据 永卫〔2024〕13号 七（三）：须书面请假，写明原因和调整后的支援时间
          [同意] [不同意]
    机器人→简当归> 请假：丘念慈 4月18日 周四【演示数据】
          | 虎岗卫生院 4月18日 周四 → 4月25日 周四
          | 因病：腰椎间盘突出
          | 须在4月15日 周一前报到区卫健局
          | 依据 永卫〔2024〕13号 七（三）：须书面请假，写明原因和调整后的支援时间
          [同意] [不同意]
    机器人@区医院派驻医师群> 丘念慈：有您的待办【演示数据】
          | 详情问本院管理员
    简当归> [同意]
    机器人→简当归> 已同意：丘念慈 4月18日 周四【演示数据】
          | 还等区医院
    邱思源> [同意]
    机器人→邱思源> 已同意：丘念慈 4月18日 周四【演示数据】
          | 还等区卫健局
    机器人→赖知远> 请假：丘念慈 4月18日 周四【演示数据】
          | 虎岗卫生院 4月18日 周四 → 4月25日 周四
          | 因病：腰椎间盘突出
          | 须在4月15日 周一前报到区卫健局
          | 依据 永卫〔2024〕13号 七（三）：须书面请假，写明原因和调整后的支援时间
          [同意] [不同意]
    赖知远> [同意]
    机器人→赖知远> 已准假：丘念慈 4月18日 周四【演示数据】
          | 虎岗卫生院 4月18日 周四 → 4月25日 周四
          | 报市：未报
          | 市转报省：未报
          | 最迟4月17日 周三
          | 系统不对外报送，请打印请假条上报后登记
          | 依据 永卫〔2024〕13号 七（三）：至少提前1天逐级报省备案
          | 文件：请假条-丘念慈-2024-04-18.docx
          [今天已报市]
    机器人→简当归> 请告知群众：丘念慈医师停诊【演示数据】
          | 虎岗卫生院通知：4月18日 周四丘念慈医师（内科）停诊，改到4月25日 周四
          | 可直接转发
          | 依据 永卫〔2024〕13号 七（三）：受援单位提前告知群众计划变更
          [已告知群众]
    机器人→邱思源> 丘念慈：已准假：4月18日 周四【演示数据】
          | 虎岗卫生院 4月18日 周四 → 4月25日 周四
          | 提前回来发 /销假
          | 文件：请假条-丘念慈-2024-04-18.docx
    机器人@区医院派驻医师群> 丘念慈：有您的待办【演示数据】
          | 详情问本院管理员"
  `);
  const group = (room.open.sandbox.messages({ conversation: 'g2' }) ?? []).filter(m => m.from === 'bot');
  expect(group.length).toBeGreaterThan(0);
  expect(JSON.stringify(group)).not.toMatch(/腰椎|换班|4月18日/);
});

test('/我的数据 gives a person the own words back, and nobody else’s', async () => {
  room = await chat();
  await room.say('王秋实', '/请假 4月15日 甲亢复查 改到 4月23日');
  await room.press('俞长庚', '不同意');
  await room.say('俞长庚', '当天有义诊');
  const [mine] = await room.say('王秋实', '/我的数据');
  expect(mine!.card.table!.rows.filter(r => r[0] === '请假')).toEqual([
    ['请假', expect.stringMatching(/^编号\d+ 2024-04-15 没有批准，事由：甲亢复查$/)],
  ]);
  const [theirs] = await room.say('俞长庚', '/我的数据');
  expect(JSON.stringify(theirs)).not.toContain('甲亢');
});

test('what is still owed after the yes: filing and villagers, on the last workday, to whoever owes it and nobody else', async () => {
  room = await chat();
  await room.say('王秋实', '/请假 4月15日 有事 改到 4月23日');
  for (const who of ['赖静姝', '俞长庚', '赖知远']) await room.press(who, '同意');
  const owed = (messages: Awaited<ReturnType<Chat['to']>>) =>
    messages.filter(m => ['leave.filing-last', 'leave.villagers-owed'].includes(m.code)).map(m => `${m.code} ${m.conversation.id}`);
  // Monday's leave: the last workday before is Friday, in whose morning both are said.
  expect(owed(await room.to('2024-04-12 08:59'))).toEqual([]);
  expect(owed(await room.to('2024-04-12 09:01')).sort()).toEqual([
    `leave.filing-last direct:${room.id('赖知远')}`,
    `leave.villagers-owed direct:${room.id('俞长庚')}`,
  ]);
  await room.press('俞长庚', '已告知群众');
  await room.press('赖知远', '今天已报市');
  expect(owed(await room.to('2024-04-19 09:01'))).toEqual([]);
});

test('told and filed in time, nobody is reminded', async () => {
  room = await chat();
  await room.say('王秋实', '/请假 4月15日 有事 改到 4月23日');
  for (const who of ['赖静姝', '俞长庚', '赖知远']) await room.press(who, '同意');
  await room.press('俞长庚', '已告知群众');
  await room.press('赖知远', '今天已报市');
  await room.press('赖知远', '今天已市转报省');
  const later = await room.to('2024-04-15 12:00');
  expect(later.filter(m => /^leave\./.test(m.code)).map(m => m.code)).toEqual(['leave.today', 'leave.today']);
});

test('handed over, a waiting approval is named and is the new one’s to give', async () => {
  room = await chat();
  await room.say('王秋实', '/请假 4月15日 有事 改到 4月23日');
  const told = await room.say('赖静姝', '/交接 赖静姝 黄亦凡');
  expect(told.find(m => m.code === 'hand-over.took')!.card.lines).toContain('待办 1 件一并转过去：答复请假 王秋实 4月15日 周一');
  const leave = (await store().first('leaves', {}))!.id;
  expect(await codes('赖静姝', `/批准 ${leave}`)).toEqual(['permission.denied']);
  expect(await codes('黄亦凡', `/批准 ${leave}`)).toEqual(['leave.agreed']);
});

test('as people type it: without a space, whole days, several days of which one is free', async () => {
  room = await chat();
  expect(
    await room.play(`
    吴沐阳> 请假17号上午，孩子发烧，改25号上午
    吴沐阳> [/请假]
    谢卓群> 请病假 4月17日、4月24日 头晕 换成4月18日
    王秋实> 请假 4月15日全天 有事 改4月23日全天
    钟心怡> 请假 周五
    钟心怡> 算了
  `),
  ).toMatchInlineSnapshot(`
    "吴沐阳> 请假17号上午，孩子发烧，改25号上午
    机器人→吴沐阳> 您是要请假吗？【演示数据】
          | 还没有办，点一下才办
          [/请假 4月17日 上午 孩子发烧，改 4月25日 上午]
    吴沐阳> [/请假]
    机器人→吴沐阳> 请假已提交，编号3【演示数据】
          | 城郊卫生院 4月17日 周三上午 → 4月25日 周四上午
          | 已请区中医院、城郊卫生院答复，再报区卫健局
          | 须在4月14日 周日前报到区卫健局（之前最后一个工作日是4月12日 周五）
          | 注意：在4月22日 周一报送之后，列入下次补报
          [撤回]
    机器人→赖静姝> 请假：吴沐阳 4月17日 周三上午【演示数据】
          | 城郊卫生院 4月17日 周三上午 → 4月25日 周四上午
          | 因急事：孩子发烧
          | 须在4月14日 周日前报到区卫健局（之前最后一个工作日是4月12日 周五）
          | 依据 永卫〔2024〕13号 七（三）：须书面请假，写明原因和调整后的支援时间
          [同意] [不同意]
    机器人→黄怀瑾> 请假：吴沐阳 4月17日 周三上午【演示数据】
          | 城郊卫生院 4月17日 周三上午 → 4月25日 周四上午
          | 因急事：孩子发烧
          | 须在4月14日 周日前报到区卫健局（之前最后一个工作日是4月12日 周五）
          | 依据 永卫〔2024〕13号 七（三）：须书面请假，写明原因和调整后的支援时间
          [同意] [不同意]
    谢卓群> 请病假 4月17日、4月24日 头晕 换成4月18日
    机器人→谢卓群> 请假已提交，编号4【演示数据】
          | 古竹卫生院 4月17日 周三 → 4月18日 周四
          | 4月24日 周三没有班次，不用请
          | 已请市中医院、古竹卫生院答复，再报区卫健局
          | 须在4月14日 周日前报到区卫健局（之前最后一个工作日是4月12日 周五）
          [撤回]
    机器人→巫承安> 请假：谢卓群 4月17日 周三【演示数据】
          | 古竹卫生院 4月17日 周三 → 4月18日 周四
          | 因病：头晕
          | 须在4月14日 周日前报到区卫健局（之前最后一个工作日是4月12日 周五）
          | 依据 永卫〔2024〕13号 七（三）：须书面请假，写明原因和调整后的支援时间
          [同意] [不同意]
    机器人→池景天> 请假：谢卓群 4月17日 周三【演示数据】
          | 古竹卫生院 4月17日 周三 → 4月18日 周四
          | 因病：头晕
          | 须在4月14日 周日前报到区卫健局（之前最后一个工作日是4月12日 周五）
          | 依据 永卫〔2024〕13号 七（三）：须书面请假，写明原因和调整后的支援时间
          [同意] [不同意]
    王秋实> 请假 4月15日全天 有事 改4月23日全天
    机器人→王秋实> 请假已提交，编号5【演示数据】
          | 湖山卫生院 4月15日 周一 → 4月23日 周二
          | 已请区中医院、湖山卫生院答复，再报区卫健局
          | 须在4月12日 周五前报到区卫健局
          | 注意：在4月22日 周一报送之后，列入下次补报
          [撤回]
    机器人→赖静姝> 请假：王秋实 4月15日 周一【演示数据】
          | 湖山卫生院 4月15日 周一 → 4月23日 周二
          | 其他：有事
          | 须在4月12日 周五前报到区卫健局
          | 依据 永卫〔2024〕13号 七（三）：须书面请假，写明原因和调整后的支援时间
          [同意] [不同意]
    机器人→俞长庚> 请假：王秋实 4月15日 周一【演示数据】
          | 湖山卫生院 4月15日 周一 → 4月23日 周二
          | 其他：有事
          | 须在4月12日 周五前报到区卫健局
          | 依据 永卫〔2024〕13号 七（三）：须书面请假，写明原因和调整后的支援时间
          [同意] [不同意]
    钟心怡> 请假 周五
    机器人→钟心怡> 4月12日 周五没有下乡班次，不用请假【演示数据】
          | 要请的是不是：
          [4月26日 周五 龙潭卫生院]
    钟心怡> 算了
    机器人→钟心怡> 您好，要办哪一件？【演示数据】
          | 我只认命令；发 帮助 看能做什么
          [/填报] [/排班] [/请假] [/待办] [/我的] [帮助]"
  `);
  await room.close();
  room = await chat();
  await room.say('吴沐阳', '请假 4月17日全天 有事 改4月24日全天');
  expect((await store().all('leaveVisits', {})).map(v => [v.toDay, v.toAm, v.toPm])).toEqual([
    ['2024-04-24', true, false],
    ['2024-04-24', false, true],
  ]);
});

test('a phone behind a near miss is not kept behind its button', async () => {
  room = await chat();
  const [near] = await room.say('吴沐阳', '请假17号有事，找13900001234');
  expect([near!.code, near!.card.buttons![0]!.command]).toEqual(['command.near', '/请假']);
  expect(JSON.stringify(await store().outbox({ limit: 50 }))).not.toContain('13900001234');
});

test('reported back after villagers were told and it was filed: both are asked to undo it', async () => {
  room = await chat();
  await room.say('吴沐阳', '/请假 4月17日 有事 改到 4月25日');
  for (const who of ['赖静姝', '黄怀瑾', '赖知远']) await room.press(who, '同意');
  await room.press('黄怀瑾', '已告知群众', '城郊');
  await room.press('赖知远', '今天已报市');
  expect(await room.play('吴沐阳> /销假')).toMatchInlineSnapshot(`
    "吴沐阳> /销假
    机器人→吴沐阳> 已销假，恢复1天的班【演示数据】
          | 城郊卫生院 4月17日 周三 照常，补班日取消
          | 已告知各方
    机器人→赖知远> 吴沐阳已销假【演示数据】
          | 城郊卫生院 4月17日 周三 照常，补班日取消
          | 已逐级备案的，请一并说明撤回
    机器人→赖静姝> 吴沐阳已销假【演示数据】
          | 城郊卫生院 4月17日 周三 照常，补班日取消
    机器人→黄怀瑾> 吴沐阳已销假【演示数据】
          | 城郊卫生院 4月17日 周三 照常，补班日取消
          | 停诊已告知群众的，请再告知照常出诊"
  `);
});

test('a case without its number: the text goes behind the button', async () => {
  room = await chat({ at: '2024-04-09 08:00' });
  await room.say('李若水', '/核实 张志恒 没到');
  const [which] = await room.say('张志恒', '说明 路上塌方，绕路');
  expect(which!.card.buttons!.map(b => b.command)).toEqual([expect.stringMatching(/^\/说明 \d+ 路上塌方，绕路$/)]);
  expect((await room.press('张志恒', '张志恒 4月9日'))[0]!.code).toBe('case.said');
});

test('an open question takes only what answers it: what reads as another thing is offered as that, and no leave is filed', async () => {
  room = await chat({ at: '2024-04-17 07:50' });
  const codes = async (who: string, text: string) => (await room.say(who, text)).map(m => `${m.conversation.name} ${m.code}`);
  await room.say('谢卓群', '/签到', '古竹');
  expect(await codes('谢卓群', '请假')).toEqual(['谢卓群 leave.which']);
  const [offered, ...others] = await room.say('谢卓群', '今天看了30个病人，讲了一堂课');
  expect(others).toEqual([]);
  expect(offered!.code).toBe('help.overheard');
  expect(offered!.card.buttons!.map(b => b.command.split(' ')[0])).toEqual(['/填报']);
  expect(offered!.card.lines.at(-1)).toBe('刚才的 /请假 没有办；要办请连着事由再发一遍');
  // The same while the reason is asked, and for another command run into its words.
  expect(await codes('谢卓群', '请假 4月24日')).toEqual(['谢卓群 leave.no-visit']);
  expect(await codes('吴沐阳', '请假 4月17日')).toEqual(['吴沐阳 leave.reason']);
  expect(await codes('吴沐阳', '看了30个病人，讲了一堂课')).toEqual(['吴沐阳 help.overheard']);
  expect(await codes('吴沐阳', '请假 4月17日')).toEqual(['吴沐阳 leave.reason']);
  expect(await codes('吴沐阳', '统计本月')).toEqual(['吴沐阳 command.near']);
  expect((await room.press('吴沐阳', '/统计'))[0]!.code).toBe('statistics.shown');
  expect(await room.say('吴沐阳', '/请假')).toHaveLength(1);
  // A reason that only begins like a command is a reason.
  await room.say('吴沐阳', '/请假 4月17日');
  expect(await codes('吴沐阳', '排班冲突')).toEqual(['吴沐阳 leave.too-late']);
  expect(room.messages('赖知远').filter(m => m.code === 'leave.asked')).toEqual([]);
  // An answer is still an answer, and figures are still asked for by their own command.
  await room.say('吴沐阳', '/请假 4月17日');
  expect((await codes('吴沐阳', '发烧'))[0]).toBe('吴沐阳 leave.emergency');
});

test('being there, said while a reason is asked, is offered as a check-in; a reason that only sounds like it is a reason', async () => {
  room = await chat({ at: '2024-04-17 07:50' });
  for (const there of ['今天到古竹了', '我到古竹了', '已经到古竹卫生院了']) {
    expect((await room.say('谢卓群', '/请假 4月17日'))[0]!.code).toBe('leave.reason');
    const [offered] = await room.say('谢卓群', there);
    expect([offered!.code, offered!.card.buttons!.map(b => b.command.split(' ')[0]), offered!.card.lines.at(-1)]).toEqual([
      'command.near',
      ['/签到'],
      '刚才的 /请假 没有办；要办请连着事由再发一遍',
    ]);
  }
  expect((await room.press('谢卓群', '/签到'))[0]!.code).toBe('check-in.done');
  for (const reason of ['到市里开会', '今天到古竹开会']) {
    await room.say('吴沐阳', '/请假 4月17日');
    expect((await room.say('吴沐阳', reason))[0]!.code).toMatch(/^leave\./);
  }
});

test('病假 names the reason as well', async () => {
  room = await chat({ at: '2024-04-17 07:50' });
  const told = await room.say('吴沐阳', '病假 今天');
  expect(told[0]!.code).toBe('leave.emergency');
  const asked = told.filter(m => m.code === 'leave.asked');
  expect(asked.length).toBeGreaterThan(1);
  expect(asked.every(m => m.card.lines.includes('因病：病假'))).toBe(true);
  expect((await room.say('谢卓群', '请病假'))[0]!.code).toBe('leave.which');
  expect((await room.say('谢卓群', '今天'))[0]!.code).toBe('leave.emergency');
});

test('an objection to an emergency reaches the applicant and whoever decides, with its reason', async () => {
  room = await chat({ at: '2024-04-17 07:50' });
  await room.say('吴沐阳', '请假 今天 发烧');
  const id = room
    .messages('吴沐阳')
    .at(-1)!
    .card.title.match(/编号(\d+)/)![1]!;
  const why = await room.press('赖静姝', '不同意');
  expect(why[0]!.card.lines[0]).toBe('告诉申请人，决定的人也看得到');
  const told = await room.say('赖静姝', '当天查无此事');
  const by = (code: string) => told.filter(m => m.code === code).map(m => [m.conversation.name, ...m.card.lines]);
  expect(by('leave.objected')).toEqual([['赖静姝', '还等城郊卫生院、区卫健局', '理由已告诉申请人，由卫健局决定']]);
  expect(by('leave.objection-yours')).toEqual([['吴沐阳', '区中医院 赖静姝：当天查无此事', '由区卫健局决定，还没有结果']]);
  expect(by('leave.objection')).toEqual([['赖知远', '区中医院 赖静姝：当天查无此事', '城郊卫生院 4月17日 周三 → 补班日待定', '由您决定']]);
  expect(told.some(m => m.conversation.name === '黄怀瑾')).toBe(false);
  const steps = async (who: string) => (await room.say(who, `/请假 ${id}`))[0]!.card.lines.find(l => l.startsWith('区中医院 赖静姝'));
  expect(await steps('吴沐阳')).toContain('没有同意：当天查无此事');
  expect(await steps('赖知远')).toContain('没有同意：当天查无此事');
  expect(await steps('黄怀瑾')).not.toContain('查无此事');
  // The decision is taken on that card.
  expect((await room.press('赖知远', '同意')).map(m => m.code)).toContain('leave.granted');
});

test('已告知群众 on an old card says that the leave is over; who may have passed the text on is told to correct it', async () => {
  room = await chat();
  await room.say('吴沐阳', '/请假 4月17日 家中有事 改到 4月25日');
  await room.press('赖静姝', '同意');
  await room.press('黄怀瑾', '同意');
  const granted = await room.press('赖知远', '同意');
  const text = granted.find(m => m.code === 'leave.for-villagers')!;
  const back = await room.say('吴沐阳', '/销假');
  const clinic = back.filter(m => m.code === 'leave.back').find(m => m.card.lines.some(l => l.includes('如已转发')));
  expect(clinic!.card.lines).toEqual([expect.stringContaining('照常'), '停诊的话如已转发，请再告知群众照常出诊']);
  const id = /编号(\d+)/.exec(JSON.stringify(room.messages('吴沐阳').map(m => m.card.title)))![1]!;
  const [over, ...others] = await room.say('黄怀瑾', `/已告知 ${id}`);
  expect(others).toEqual([]);
  expect(over!.code).toBe('told.over');
  expect(over!.card.title).toContain('吴沐阳这件请假已撤回，不用告知停诊');
  expect(text.card.buttons!.map(b => b.command)).toEqual([`/已告知 ${id}`]);
});

test('a leave of a make-up day ends with that day: nobody is asked for it any more', async () => {
  room = await chat({ at: '2024-04-10 08:00' });
  await room.play(`
    谢卓群> /请假 17日 岳父住院 改到 24日
    巫承安> /批准 {号}
    池景天> /批准 {号}
    赖知远> /批准 {号}
  `);
  const first = (await room.open.store().read.all('leaves', {}))[0]!.id;
  await room.say('谢卓群', '/请假 24日 出差 改到 26日');
  const second = (await room.open.store().read.all('leaves', { state: 'open' }))[0]!.id;
  const [back, ...news] = await room.say('谢卓群', `/销假 ${first}`);
  expect(back!.card.lines).toContain(`编号${second}的请假不用再批`);
  expect(news.filter(m => m.conversation.name === '谢卓群')).toEqual([]);
  expect((await room.open.store().read.get('leaves', second))!.state).toBe('moot');
  expect((await room.say('巫承安', '/待办'))[0]!.code).toBe('todo.none');
  expect((await room.say('赖知远', `/批准 ${second}`))[0]!.code).toBe('leave.settled');
  const later = await room.to('2024-04-17 08:00');
  expect(later.filter(m => m.text.includes('4月24日'))).toEqual([]);
});

test('back from an emergency the make-up day stands in /待办, before anybody has answered; named, hospital and clinic hear it', async () => {
  room = await chat({ at: '2024-04-17 07:50' });
  await room.say('谢卓群', '/请假 今天 发烧');
  const { id } = (await store().all('leaves', {}))[0]!;
  expect((await room.say('谢卓群', '/待办'))[0]!.text).not.toContain('定补班日');
  await room.to('2024-04-18 09:00');
  expect((await room.say('谢卓群', '/待办'))[0]!.text).toContain(`定补班日：/请假 ${id} 改到 日期`);
  expect((await room.say('池景天', '/待办'))[0]!.text).not.toContain('告知群众');
  const [named, ...told] = await room.say('谢卓群', `/请假 ${id} 改到 4月26日`);
  expect(named!.code).toBe('leave.make-up');
  expect(told.map(m => m.conversation.name).sort()).toEqual(['古竹卫生院工作群', '巫承安']);
  expect((await room.say('谢卓群', '/待办'))[0]!.text).not.toContain('定补班日');
});

test('whose hospital has nobody else to answer: the bureau is asked to enter its consent', async () => {
  room = await chat({ at: '2024-04-10 08:00' });
  await room.say('赖知远', '/授权 谢卓群 支援单位管理员 市中医院');
  await room.say('赖知远', '/撤权 巫承安 支援单位管理员');
  const [, ...asked] = await room.say('谢卓群', '/请假 17日 家中有事 改到 24日');
  const stand = asked.find(m => m.code === 'leave.asked-stand-in')!;
  expect([stand.conversation.name, stand.card.title]).toEqual([
    '赖知远',
    '市中医院没有别的管理员，请代问：请假：谢卓群 4月17日 周三【演示数据】',
  ]);
  expect((await room.press('赖知远', '录入线下同意'))[0]!.code).toBe('leave.offline-how');
  expect((await room.say('赖知远', '分管院长电话同意'))[0]!.code).toBe('leave.agreed');
});
