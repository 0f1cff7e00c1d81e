/** /提前结束 — a posting that ends before its time: asked of the hospital, reported upward, and what of the quarter counts. */
import { afterEach, expect, test } from 'vitest';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room?.close());
const shanxi = async (at: string) => {
  room = await chat({ programme: 'shanxi-2024', at });
};
const rows = () => room.open.store().read;

test('asked by the physician, agreed to by the hospital, reported hop by hop: the posting ends on its day and nobody waits for anybody after it', async () => {
  await shanxi('2026-02-04 08:00');
  expect(
    await room.play(`
    卫长河> /签到
    安晓晴> /核实 卫长河 在岗
    卫长河> /提前结束 因病需长期治疗
    卫长河> 2月5日
    史可为> [同意]
    史可为> [同意]
    柳成荫> [今天已报市]
    柳成荫> /备案 {号} 市转报省 2月4日 云卫函〔2026〕3号
    卫长河> /销假 {号}
    -- 2026-02-05 08:10 卫长河 --
    卫长河> /签到
    -- 2026-02-06 10:30 安晓晴 --
    郝向东> /在岗
  `),
  ).toMatchInlineSnapshot(`
    "卫长河> /签到
    机器人→卫长河> 已签到 县人民医院【演示数据】
          | 2月4日 周三 08:00 坐诊
          | 等受援单位核实
    安晓晴> /核实 卫长河 在岗
    机器人→安晓晴> 已核实 卫长河 在岗【演示数据】
          | 县人民医院 2月4日 周三
          | 还有1人没核实，发 /核实
    卫长河> /提前结束 因病需长期治疗
    机器人→卫长河> 最后一天是哪天？【演示数据】
          | 直接回复日期，如：6月12日
          | 发 取消 不办
    卫长河> 2月5日
    机器人→卫长河> 提前结束派驻已提出，编号5【演示数据】
          | 卫长河 最后一天2月5日 周四，2月6日 周五起不再派驻
          | 已请云岭省立医院答复
          | 本季度已核实在岗/工作日：1月0/21天不计，2月1/16天满15天才计
          | 依据 《“千名医师下基层”工作管理办法（试行）》 第八条（三）：当月不满九成工作日不计服务时间
          | 依据 《“千名医师下基层”工作管理办法（试行）》 第八条（三）：确不能继续派驻的向支援医院申请，逐级报送至省卫生健康委
          [撤回]
    机器人→史可为> 提前结束派驻：卫长河 最后一天2月5日 周四【演示数据】
          | 原因：因病需长期治疗
          | 依据 《“千名医师下基层”工作管理办法（试行）》 第八条（三）：确不能继续派驻的向支援医院申请，逐级报送至省卫生健康委
          [同意] [不同意]
    史可为> [同意]
    机器人→史可为> 卫长河提前结束派驻，最后一天2月5日 周四【演示数据】
          | 本季度已核实在岗/工作日：1月0/21天不计，2月1/16天满15天才计
          | 依据 《“千名医师下基层”工作管理办法（试行）》 第八条（三）：当月不满九成工作日不计服务时间
          | 已请卫健局逐级报送
          | 安排表已出新版；接替的人由卫健局导入
    机器人→柳成荫> 请逐级报送：卫长河 最后一天2月5日 周四【演示数据】
          | 报市：未报
          | 市转报省：未报
          | 系统不对外报送，请打印申请上报后登记
          | 依据 《“千名医师下基层”工作管理办法（试行）》 第八条（三）：逐级报送至省卫生健康委
          | 文件：提前结束派驻申请-卫长河-2026-02-05.docx
          [今天已报市]
    机器人→苗青青> 请逐级报送：卫长河 最后一天2月5日 周四【演示数据】
          | 报市：未报
          | 市转报省：未报
          | 系统不对外报送，请打印申请上报后登记
          | 依据 《“千名医师下基层”工作管理办法（试行）》 第八条（三）：逐级报送至省卫生健康委
          | 文件：提前结束派驻申请-卫长河-2026-02-05.docx
          [今天已报市]
    机器人→安晓晴> 卫长河提前结束派驻，最后一天2月5日 周四【演示数据】
          | 接替的人见支援单位的安排
    机器人→卫长河> 卫长河提前结束派驻，最后一天2月5日 周四【演示数据】
          | 本季度已核实在岗/工作日：1月0/21天不计，2月1/16天满15天才计
          | 依据 《“千名医师下基层”工作管理办法（试行）》 第八条（三）：当月不满九成工作日不计服务时间
          | 文件：提前结束派驻申请-卫长河-2026-02-05.docx
    史可为> [同意]
    机器人→史可为> 这件提前结束派驻已同意，派驻已结束【演示数据】
          | 云岭省立医院 史可为 2月4日 周三 08:00答复过
    柳成荫> [今天已报市]
    机器人→柳成荫> 已登记：报市【演示数据】
          | 报市：2月4日 周三
          | 市转报省：未报
          | 系统不对外报送，请打印申请上报后登记
          | 依据 《“千名医师下基层”工作管理办法（试行）》 第八条（三）：逐级报送至省卫生健康委
          | 文件：提前结束派驻申请-卫长河-2026-02-05.docx
          [今天已市转报省]
    柳成荫> /备案 {号} 市转报省 2月4日 云卫函〔2026〕3号
    机器人→柳成荫> 已登记：市转报省【演示数据】
          | 报市：2月4日 周三
          | 市转报省：2月4日 周三 云卫函〔2026〕3号
          | 依据 《“千名医师下基层”工作管理办法（试行）》 第八条（三）：逐级报送至省卫生健康委
          | 文件：提前结束派驻申请-卫长河-2026-02-05.docx
    卫长河> /销假 {号}
    机器人→卫长河> 派驻已经结束，不能销【演示数据】
          | 又来了：请卫健局先更新安排表
          | 十分钟内点错的，由同意的人发 /撤销
    -- 2026-02-05 08:10 卫长河 --
    卫长河> /签到
    机器人→卫长河> 已签到 县人民医院【演示数据】
          | 2月5日 周四 08:10 坐诊
          | 等受援单位核实
    -- 2026-02-06 10:30 安晓晴 --
    机器人→安晓晴> 2月4日 周三谁来了？【演示数据】
          | 尚静姝 坐诊
          | 依据 《“千名医师下基层”工作管理办法（试行）》 第七条（三）：受援医院每日核查在岗
          [在岗] [没到] [已改期]
    机器人→安晓晴> 今天尚静姝医师到了吗？【演示数据】
          | 坐诊
          | 询问时间：系统默认
          [到了] [在路上] [已改期] [没到]
    机器人→安晓晴> 今天谁来了？【演示数据】
          | 卫长河 坐诊，已签到
          | 尚静姝 坐诊
          | 依据 《“千名医师下基层”工作管理办法（试行）》 第七条（三）：受援医院每日核查在岗
          [全部在岗] [卫长河 在岗] [卫长河 没到] [卫长河 已改期] [尚静姝 在岗] [尚静姝 没到] [尚静姝 已改期]
    机器人→安晓晴> 2月5日 周四谁来了？【演示数据】
          | 卫长河 坐诊，已签到
          | 尚静姝 坐诊
          | 依据 《“千名医师下基层”工作管理办法（试行）》 第七条（三）：受援医院每日核查在岗
          [全部在岗] [卫长河 在岗] [卫长河 没到] [卫长河 已改期] [尚静姝 在岗] [尚静姝 没到] [尚静姝 已改期]
    机器人→安晓晴> 今天尚静姝医师到了吗？【演示数据】
          | 坐诊
          | 询问时间：系统默认
          [到了] [在路上] [已改期] [没到]
    郝向东> /在岗
    机器人→郝向东> 2月6日 周五 在岗情况【演示数据】
          | 尚静姝 县人民医院：尚无到岗记录
          | 降雨霖 县中医院：尚无到岗记录
          | 依据 《“千名医师下基层”工作管理办法（试行）》 第八条（三）：落实工作日考勤"
  `);
});

test('the hospital enters it for a physician and agrees by one tap; later visits are off, and the roster has a new version', async () => {
  await shanxi('2026-02-04 08:00');
  const person = await room.person('卫长河');
  await room.say('史可为', '/排班 卫长河 2月10日、3月3日');
  expect((await room.say('卫长河', '/请假 2月10日 家中有事'))[0]!.code).toBe('leave.asked-for');
  const versions = await rows().count('rosters', {});
  const [asked, ...others] = await room.say('史可为', '/提前结束 卫长河 自2月7日 长期病休');
  expect(asked!.card.lines.slice(0, 2)).toEqual(['卫长河 最后一天2月6日 周五，2月7日 周六起不再派驻', '点同意才结束']);
  expect(others.map(m => [m.conversation.name, m.code])).toEqual([['卫长河', 'end.for-you']]);
  // Nothing has ended yet, and the reason is not told on.
  expect(JSON.stringify(others)).not.toContain('长期病休');
  expect((await rows().all('postings', { person })).map(p => p.until)).toEqual([null]);
  const [done, ...told] = await room.press('史可为', '同意');
  expect([done!.code, done!.card.lines[0]]).toEqual(['end.done', '之后2班取消，首班2月10日 周二']);
  expect(told.map(m => [m.conversation.name, m.code]).sort()).toEqual([
    ['卫长河', 'end.granted'],
    ['卫长河', 'leave.moot'],
    ['安晓晴', 'end.told'],
    ['柳成荫', 'leave.filing'],
    ['苗青青', 'leave.filing'],
  ]);
  expect(JSON.stringify(told.filter(m => m.code === 'end.told'))).not.toContain('长期病休');
  expect((await rows().all('postings', { person })).map(p => p.until)).toEqual(['2026-02']);
  expect((await rows().all('visits', { person, day: { from: '2026-02-07' as never } })).map(v => v.state)).toEqual([
    'cancelled',
    'cancelled',
  ]);
  expect(await rows().count('rosters', {})).toBe(versions + 1);
  expect((await room.say('卫长河', '/请假 2月11日 有事'))[0]!.card.title).toContain('这几天没有派驻');
  expect((await room.say('卫长河', '/提前结束 2月11日 病'))[0]!.code).toBe('end.no-posting');
  // Counted as no leave of the month.
  expect((await rows().all('leaves', { person })).map(l => [l.kind, l.state])).toEqual([
    ['other', 'moot'],
    ['end', 'approved'],
  ]);
  await room.to('2026-03-04 12:00');
  expect(await rows().all('visits', { person, state: 'on', day: { from: '2026-02-07' as never } })).toEqual([]);
});

test('not agreed to, or taken back: the posting goes on, and the reason goes to whom it concerns', async () => {
  await shanxi('2026-02-04 08:00');
  const person = await room.person('卫长河');
  await room.say('卫长河', '/提前结束 2月6日 家里有事');
  expect((await room.say('卫长河', '/提前结束 2月9日 家里有事'))[0]!.code).toBe('end.already');
  expect((await room.press('卫长河', '撤回')).map(m => [m.conversation.name, m.card.title])).toEqual([
    ['卫长河', '已撤回提前结束派驻：最后一天2月6日 周五【演示数据】'],
    ['史可为', '卫长河撤回了提前结束派驻：最后一天2月6日 周五【演示数据】'],
  ]);
  await room.say('卫长河', '/提前结束 2月6日 家里有事');
  await room.press('史可为', '不同意');
  expect((await room.say('史可为', '请先试请假')).map(m => [m.conversation.name, m.card.title, m.card.lines])).toEqual([
    ['史可为', '已答复不同意：卫长河 最后一天2月6日 周五【演示数据】', ['理由只告诉本人', '派驻照旧']],
    [
      '卫长河',
      '提前结束派驻没有批准：最后一天2月6日 周五【演示数据】',
      [
        '云岭省立医院 史可为：请先试请假',
        '派驻照旧',
        '依据 《“千名医师下基层”工作管理办法（试行）》 第八条（三）：确不能继续派驻的向支援医院申请，逐级报送至省卫生健康委',
      ],
    ],
  ]);
  expect((await rows().all('postings', { person })).map(p => p.until)).toEqual([null]);
  // The next leave is the first of the month.
  expect((await room.say('卫长河', '/请假 2月10日 家中有事'))[0]!.card.lines).toContain('本月第1次（每月不超过1次）');
});

test.each<[who: string, text: string, code: string]>([
  ['穆春晖', '/提前结束 卫长河 2月6日 病', 'end.not-yours'],
  ['尚静姝', '/提前结束 卫长河 2月6日 病', 'end.not-yours'],
  ['卫长河', '/提前结束 2月6日', 'end.reason'],
  ['卫长河', '/提前结束 2025年12月1日 病', 'end.past'],
  ['卫长河', '/提前结束 2027年1月4日 病', 'end.outside'],
  ['卫长河', '/提前结束 2月3日 病', 'end.made'],
  ['史可为', '/提前结束 卫长江 2月6日 病', 'args.unknown-name'],
  ['安晓晴', '/提前结束 卫长河 2月6日 病', 'permission.denied'],
])('%s> %s: %s', async (who, text, code) => {
  await shanxi('2026-02-04 08:00');
  await room.say('卫长河', '/签到');
  const before = (await rows().journal({}, 1))[0]?.seq;
  expect((await room.say(who, text))[0]!.code).toBe(code);
  if (code !== 'end.reason') expect((await rows().journal({}, 1))[0]?.seq).toBe(before);
});

test('who came after the last day that was named has not ended before it', async () => {
  await shanxi('2026-02-04 08:00');
  await room.say('卫长河', '/提前结束 2月4日 病');
  await room.to('2026-02-05 08:30');
  await room.say('卫长河', '/签到');
  const [answer] = await room.press('史可为', '同意');
  expect([answer!.code, answer!.card.title]).toEqual(['end.made', '2月5日 周四已到岗，派驻不是在这之前结束的【演示数据】']);
});

test('a programme whose document says nothing of it says so', async () => {
  room = await chat();
  expect((await room.say('张志恒', '/提前结束 4月30日 病'))[0]!.code).toBe('end.none');
});
