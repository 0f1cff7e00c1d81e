/** Beneficiaries: entered, drawn, called, handed over, erased; and what a group is told. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room.close());

/** Every byte under a folder. */
const bytesOf = (folder: string): Buffer =>
  Buffer.concat(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(f => f.isFile() && !f.name.startsWith('stage'))
      .map(f => readFileSync(join(f.parentPath, f.name))),
  );
/** What chance made is shown as such. */
const steady = (text: string) => text.replace(/种子 [\w-]{12}/g, '种子 ······');

test('entered by physician and clinic, with the tick; nothing without it', async () => {
  room = await chat();
  expect(
    await room.play(`
    谢卓群> 受益
    谢卓群> 签到
    谢卓群> 受益 李大爷 13800001111 想约下次坐诊
    谢卓群> [已告知，保存]
    谢卓群> 受益 李大爷 13800001111 已告知
    谢卓群> 受益 张大妈 0597-5551234 有高血压 已告知
    谢卓群> 受益 张大妈 已告知
    谢卓群> 受益 张大妈 13800002222 4月3日 已告知
    池景天> 受益 陈阿婆 138 0000 3333 已告知
    谢卓群> 受益 王大叔 13800004444
    谢卓群> [不保存]
    谢卓群> 待办
  `),
  ).toMatchInlineSnapshot(`
    "谢卓群> 受益
    机器人→谢卓群> 登记受益群众【演示数据】
          | 也可一行发：受益 姓名 电话 诉求 已告知
          | 加密保存，只给受援单位专人和卫健局指定的回访员；不写病情
          | 依据 永卫〔2024〕13号 附件3备注2：受益群众名单可另附，每月抽调回访
    谢卓群> 签到
    机器人→谢卓群> 已签到 古竹卫生院【演示数据】
          | 4月8日 周一 08:00 坐诊
          | 今天没有排班，按临时下乡登记
          | 等受援单位核实
          [算作4月17日 周三的班次]
    谢卓群> 受益 李大爷 13800001111 想约下次坐诊
    机器人→谢卓群> 已告知本人会回访吗？【演示数据】
          | 李** 138****1111，4月8日 周一 古竹卫生院
          | 电话只用于满意度回访；点了才保存
          [已告知，保存] [不保存]
    谢卓群> [已告知，保存]
    机器人→谢卓群> 已登记 李**【演示数据】
          | 李** 138****1111，4月8日 周一 古竹卫生院
          | 编号5，2025年5月13日 周二后自动删除（系统默认）
          | 登错了或本人不同意：受益 删除 5
    谢卓群> 受益 李大爷 13800001111 已告知
    机器人→谢卓群> 这个电话当天已登记过【演示数据】
          | 李** 138****1111，4月8日 周一 古竹卫生院
          | 编号5；要重写先发：受益 删除 5
    谢卓群> 受益 张大妈 0597-5551234 有高血压 已告知
    机器人→谢卓群> 诉求里不要写病情和诊断，没有收下【演示数据】
          | 只写想办的事，如：想约下次坐诊
    谢卓群> 受益 张大妈 已告知
    机器人→谢卓群> 还缺完整的电话，没有收下【演示数据】
          | 座机请带区号
          | 例：受益 李大爷 13800001111 想配助听器 已告知
    谢卓群> 受益 张大妈 13800002222 4月3日 已告知
    机器人→谢卓群> 4月3日 周三没有您的班次【演示数据】
          | 请写服务那天的日期
          | 例：受益 李大爷 13800001111 4月7日 已告知
    池景天> 受益 陈阿婆 138 0000 3333 已告知
    机器人→池景天> 已登记 陈**【演示数据】
          | 陈** 138****3333，4月8日 周一 古竹卫生院
          | 编号10，2025年5月13日 周二后自动删除（系统默认）
          | 登错了或本人不同意：受益 删除 10
    谢卓群> 受益 王大叔 13800004444
    机器人→谢卓群> 已告知本人会回访吗？【演示数据】
          | 王** 138****4444，4月8日 周一 古竹卫生院
          | 电话只用于满意度回访；点了才保存
          [已告知，保存] [不保存]
    谢卓群> [不保存]
    机器人→谢卓群> 没有保存【演示数据】
    谢卓群> 待办
    机器人→谢卓群> 没有等您办的事【演示数据】"
  `);
});

test('typed in a group nothing is kept, and it is to be recalled', async () => {
  room = await chat();
  expect(
    await room.play(`
    谢卓群@古竹> /受益 李大爷 13800001111 已告知
    谢卓群@古竹> /受益
    谢卓群@古竹> @下基层助手 李大爷 13800001111 想配助听器
    谢卓群@古竹> @下基层助手 13800001111李大爷
    丘书瑶> 受益 李大爷 13800001111 已告知
  `),
  ).toMatchInlineSnapshot(`
    "谢卓群@古竹> /受益 李大爷 13800001111 已告知
    机器人@古竹卫生院工作群> 含群众信息，没有收下【演示数据】
          | 请马上撤回这条消息
          | 请私聊我发：受益 …
    谢卓群@古竹> /受益
    机器人@古竹卫生院工作群> /受益 请私聊我发【演示数据】
          | 这里人多，涉及个人或权限
    谢卓群@古竹> @下基层助手 李大爷 13800001111 想配助听器
    机器人@古竹卫生院工作群> 含手机号，没有收下【演示数据】
          | 请马上撤回这条消息
          | 登记受益群众请私聊我发：受益 …
    谢卓群@古竹> @下基层助手 13800001111李大爷
    机器人@古竹卫生院工作群> 含手机号，没有收下【演示数据】
          | 请马上撤回这条消息
          | 登记受益群众请私聊我发：受益 …
    丘书瑶> 受益 李大爷 13800001111 已告知
    机器人→丘书瑶> 您不能用 /受益【演示数据】
          | 只限：医师、受援单位专人、卫健局工作人员
          | 发 帮助 看您能做什么"
  `);
  expect(bytesOf(room.folder).includes('13800001111')).toBe(false);
});

test('a number that came with no command stands in no answer', async () => {
  room = await chat();
  expect(
    await room.play(`
    谢卓群> 受益李大爷13800001111已告知
    谢卓群> 李大爷 13800001111 想配助听器
    谢卓群> /13800001111李大爷
    谢卓群> 签到李大爷 0597-5551234
  `),
  ).toMatchInlineSnapshot(`
    "谢卓群> 受益李大爷13800001111已告知
    机器人→谢卓群> 没有这个命令【演示数据】
          | 含号码，没有收下；命令后面空一格再发
          | 您要的是不是：
          [/受益]
    谢卓群> 李大爷 13800001111 想配助听器
    机器人→谢卓群> 含电话号码，没有收下【演示数据】
          | 登记受益群众请这样发：受益 姓名 电话 已告知
          | “受益”后面空一格；别的命令不用写号码
    谢卓群> /13800001111李大爷
    机器人→谢卓群> 含电话号码，没有收下【演示数据】
          | 登记受益群众请这样发：受益 姓名 电话 已告知
          | “受益”后面空一格；别的命令不用写号码
    谢卓群> 签到李大爷 0597-5551234
    机器人→谢卓群> 没有这个命令【演示数据】
          | 含号码，没有收下；命令后面空一格再发
          | 您要的是不是：
          [/签到]"
  `);
  expect(bytesOf(room.folder).includes('13800001111')).toBe(false);
});

test('one at a time, with their consent; words of the wish are no name; nothing of what was refused is kept', async () => {
  room = await chat();
  expect(
    await room.play(`
    谢卓群> 签到
    谢卓群> 受益 李大爷 13800001111\\n王大妈 13800002222 已告知
    谢卓群> 受益 李大爷 13800001111 13800002222 已告知
    谢卓群> 受益 李大爷 13800001111 不同意
    谢卓群> 受益 李大爷 13800001111 没告知
    谢卓群> [不保存]
    谢卓群> 受益 想配助听器 李大爷 13800001111 已告知
    谢卓群> 受益 赵 13800003333 已告知
    谢卓群> 受益 王大妈 13800004444 白内障复查 已告知
  `),
  ).toMatchInlineSnapshot(`
    "谢卓群> 签到
    机器人→谢卓群> 已签到 古竹卫生院【演示数据】
          | 4月8日 周一 08:00 坐诊
          | 今天没有排班，按临时下乡登记
          | 等受援单位核实
          [算作4月17日 周三的班次]
    谢卓群> 受益 李大爷 13800001111\\n王大妈 13800002222 已告知
    机器人→谢卓群> 一次登记一位，没有收下【演示数据】
          | 一人一条，只留一个电话
          | 例：受益 李大爷 13800001111 想配助听器 已告知
    谢卓群> 受益 李大爷 13800001111 13800002222 已告知
    机器人→谢卓群> 一次登记一位，没有收下【演示数据】
          | 一人一条，只留一个电话
          | 例：受益 李大爷 13800001111 想配助听器 已告知
    谢卓群> 受益 李大爷 13800001111 不同意
    机器人→谢卓群> 本人不同意，没有收下【演示数据】
          | 不用登记，也不会回访
    谢卓群> 受益 李大爷 13800001111 没告知
    机器人→谢卓群> 已告知本人会回访吗？【演示数据】
          | 李** 138****1111，4月8日 周一 古竹卫生院
          | 电话只用于满意度回访；点了才保存
          [已告知，保存] [不保存]
    谢卓群> [不保存]
    机器人→谢卓群> 没有保存【演示数据】
    谢卓群> 受益 想配助听器 李大爷 13800001111 已告知
    机器人→谢卓群> 已登记 李**【演示数据】
          | 李** 138****1111，4月8日 周一 古竹卫生院
          | 编号8，2025年5月13日 周二后自动删除（系统默认）
          | 登错了或本人不同意：受益 删除 8
    谢卓群> 受益 赵 13800003333 已告知
    机器人→谢卓群> 还缺姓名，没有收下【演示数据】
          | 姓名至少两个字，只知道姓就写 赵先生
          | 例：受益 李大爷 13800001111 想配助听器 已告知
    谢卓群> 受益 王大妈 13800004444 白内障复查 已告知
    机器人→谢卓群> 诉求里不要写病情和诊断，没有收下【演示数据】
          | 只写想办的事，如：想约下次坐诊"
  `);
  expect(await room.open.store().read.count('beneficiaries', {})).toBe(1);
});

test('drawn by a named caller only, called, summed up', async () => {
  room = await chat();
  const lines = Array.from({ length: 6 }, (_, i) => `谢卓群> 受益 王某${'甲乙丙丁戊己'[i]} 1380000111${i} 已告知`).join('\n');
  await room.play(`
    谢卓群> 签到
    ${lines}
  `);
  expect(
    steady(
      await room.play(`
    赖知远> 抽样 4月 3
    陈景行> 抽样 4月 -3
    陈景行> 抽样 4月 几个
    陈景行> 抽样 4月 三个
    陈景行> 抽样 4月
    陈景行> 回访 {号} 满意
    陈景行> 回访 {号}-2 未接通 空号\\n{号}-3 不满意 等太久
    陈景行> 回访
    陈景行> 回访 {号} 很好
    陈景行> 回访 9999 满意
    陈景行> 抽样 核对 {号}
    陈景行> 待办
  `),
    ),
  ).toMatchInlineSnapshot(`
    "赖知远> 抽样 4月 3
    机器人→赖知远> 只有回访员可以抽样和回访【演示数据】
          | 由卫健局指定：/授权 姓名 卫健局工作人员 回访员
          | 群众信息只给指定的人
    陈景行> 抽样 4月 -3
    机器人→陈景行> “-3”没看明白，没有抽【演示数据】
          | 人数请写1到1000的整数
          | 例：/抽样 5月 10
    陈景行> 抽样 4月 几个
    机器人→陈景行> “几个”没看明白，没有抽【演示数据】
          | 人数请写1到1000的整数
          | 例：/抽样 5月 10
    陈景行> 抽样 4月 三个
    机器人→陈景行> 2024年4月抽了 3 人（共 6 人可抽）【演示数据】
          | 按单位和医师分层，涉及 1 家；种子 ······
          | 打完发：回访 12 满意（可一次发多行）
          | 名单7天后从系统下载不到，请勿转发
          | 依据 永卫〔2024〕13号 附件3备注2：每月抽调人员回访
          | 文件：回访名单 2024年4月 12.xlsx
    陈景行> 抽样 4月
    机器人→陈景行> 2024年4月已抽过 3 人【演示数据】
          | 最近一次 4月8日 周一 08:00 陈景行，编号12
          | 再抽的不会和以前重复
          [看回访情况] [再抽 10 人]
    陈景行> 回访 {号} 满意
    机器人→陈景行> 已登记 12 满意【演示数据】
          | 还有 2 人没打
    陈景行> 回访 {号}-2 未接通 空号\\n{号}-3 不满意 等太久
    机器人→陈景行> 已登记 2 条【演示数据】
          | 这批都打完了，发 /回访 看汇总
    陈景行> 回访
    机器人→陈景行> 2024年4月回访【演示数据】
          | 抽取 3，已回访 3
          | 答复 2：满意 1（50.0%），基本满意 0（0.0%），不满意 1（50.0%）
          | 拒访 0，未接通 1
          | 依据 永卫〔2024〕13号 附件3备注2：每月抽调人员回访
    陈景行> 回访 {号} 很好
    机器人→陈景行> 没看明白：12 很好【演示数据】
          | 一行一个：编号 结果 备注
          | 结果：满意、基本满意、不满意、拒访、未接通
          | 例：/回访 57 满意
    陈景行> 回访 9999 满意
    机器人→陈景行> 没有编号 9999，都没有登记【演示数据】
          | 编号在回访名单的第一列
    陈景行> 抽样 核对 {号}
    机器人→陈景行> 重抽结果一致【演示数据】
          | 编号12，种子 ······，抽 3/6 人
    陈景行> 待办
    机器人→陈景行> 没有等您办的事【演示数据】"
  `);
});

test('一般 is asked about and not stored; several lines may each begin with their command', async () => {
  room = await chat();
  const lines = Array.from({ length: 3 }, (_, i) => `谢卓群> 受益 王某${'甲乙丙'[i]} 1380000111${i} 已告知`).join('\n');
  await room.play(`
    谢卓群> 签到
    ${lines}
    陈景行> 抽样 4月 3`);
  const { store } = room.open;
  const results = async () => (await store().read.all('followUps', {}, { by: 'place' })).map(c => c.result);
  const { id } = (await store().read.all('followUps', {}, { by: 'place' }))[0]!;
  const [asked] = await room.say('陈景行', `回访 ${id} 一般 等太久`);
  expect([asked!.code, asked!.card.title, asked!.card.lines, asked!.card.buttons!.map(b => b.label)]).toEqual([
    'follow-up.which',
    `${id}：“一般”是基本满意还是不满意？【演示数据】`,
    ['还没有登记，请按群众的意思选', `要带备注就发：回访 ${id} 基本满意 备注`],
    ['基本满意', '不满意'],
  ]);
  expect(await results()).toEqual([null, null, null]);
  await room.press('陈景行', '不满意');
  expect(await results()).toEqual(['dissatisfied', null, null]);
  const [several] = await room.say('陈景行', `回访 ${id}-2 满意\n回访 ${id}-3 一般`);
  expect([several!.code, several!.card.lines[0]]).toEqual(['follow-up.which', '整批都没有登记，请改成“基本满意”或“不满意”再发']);
  expect(await results()).toEqual(['dissatisfied', null, null]);
  expect((await room.say('陈景行', `回访 ${id}-2 满意\n回访 ${id}-3 未接通 空号`))[0]!.card.title).toBe('已登记 2 条【演示数据】');
  expect(await results()).toEqual(['dissatisfied', 'satisfied', 'unreachable']);
  // Of the year's results as well.
  const [year] = await room.say('陈景行', '抽样 全年 依据 龙卫函〔2024〕5号');
  const number = /回访 (\d+) /.exec(year!.card.lines.join())![1];
  expect((await room.say('陈景行', `回访 ${number} 满意1 一般1`))[0]!.code).toBe('follow-up.which');
});

test('names and numbers stand in no card, in no row and in no file as they are; the list opens for the caller', async () => {
  room = await chat();
  await room.play(`
    谢卓群> 签到
    谢卓群> 受益 欧阳小满 13800001111 想约下次坐诊 已告知
  `);
  const [card] = await room.say('陈景行', '抽样 4月 1');
  expect(JSON.stringify(card)).not.toMatch(/13800001111|欧阳小满/);
  const file = await room.open.sandbox.file(card!.card.file!.id);
  const { read } = await import('hucre');
  const rows = (await read(file!.bytes)).sheets[0]!.rows;
  expect(rows[3]?.slice(1)).toEqual(['永定区古竹乡卫生院', '谢卓群', '4月8日 周一', '欧阳小满', '13800001111', '想约下次坐诊', '', '']);
  const bytes = bytesOf(room.folder);
  // The stage remembers what people typed there, as any messenger does; that is not the bot's.
  for (const secret of ['13800001111', '欧阳小满', '想约下次坐诊']) expect(bytes.includes(secret)).toBe(false);
  // Who was shown it stands in the journal.
  expect(await room.play('童清和> 记录 陈景行')).toContain('表：');
  const looked = await room.open.store().read.journal({ table: 'readings' }, 10);
  expect(looked.map(r => [r.command, r.row])).toEqual([['抽样', 'beneficiaries']]);
});

test('the list goes beside annex 3 on a sheet of its own, to the clinic and who calls, to nobody else, and every reading is on record', async () => {
  room = await chat();
  await room.play(`
    谢卓群> 签到
    谢卓群> 受益 欧阳小满 13800001111 已告知
    池景天> 核实 谢卓群 在岗
    池景天> 受益 陈䶮 13800002222 已告知`);
  // Those of the bureau who are not named for it read no more of villagers there than /隐私 says.
  for (const who of ['赖知远', '阮若谷', '钟雨桐', '赖静姝', '丘书瑶'])
    for (const asked of ['/导出 受益名单 4月', '/导出 附件3 4月 附名单', '/导出 受益名单 4月 古竹卫生院']) {
      const [refused] = await room.say(who, asked);
      expect(refused!.code, `${who} ${asked}`).toMatch(/^export\.(no-names|not-yours)$/);
      expect(refused!.card.file).toBeUndefined();
    }
  const who = '受援单位专人和卫健局指定的回访员';
  for (const [speaker, asked] of [
    ['赖知远', '/导出 受益名单 4月'],
    ['赖知远', '/隐私'],
    ['谢卓群', '/受益'],
  ] as const)
    expect((await room.say(speaker, asked))[0]!.card.lines.join(), asked).toContain(who);
  expect(readFileSync('README.zh-CN.md', 'utf8')).toContain(who);
  const { read } = await import('hucre');
  for (const who of ['池景天', '陈景行']) {
    const [card] = await room.say(who, '/导出 受益名单 4月');
    expect(JSON.stringify(card)).not.toMatch(/13800001111|欧阳小满/);
    expect(card!.card.title).toMatch(/^受益名单和附件3 /);
    expect(card!.card.lines).toContain('名单 2 人，在第二张表；查看已记录，请勿转发');
    const book = await read((await room.open.sandbox.file(card!.card.file!.id))!.bytes);
    expect(book.sheets.map(s => s.name)).toEqual([expect.stringContaining('附件3'), '受益群众名单']);
    const [, people] = book.sheets;
    expect(people!.rows.filter(r => r.length > 4 && typeof r[0] === 'number').map(r => [r[1], r[3], r[4], r[5]])).toEqual([
      ['永定区古竹乡卫生院', '2024年4月8日', '欧阳小满', '13800001111'],
      ['永定区古竹乡卫生院', '2024年4月8日', '陈䶮', '13800002222'],
    ]);
    // The form itself has their number only.
    expect(JSON.stringify(book.sheets[0]!.rows)).not.toContain('欧阳小满');
  }
  const looked = await room.open.store().read.journal({ table: 'readings' }, 10);
  expect(looked.map(r => [r.command, r.row])).toEqual([
    ['导出', 'beneficiaries'],
    ['导出', 'beneficiaries'],
  ]);
  expect(new Set(looked.map(r => r.actor)).size).toBe(2);
  // A plain annex 3 has no names.
  const [plain] = await room.say('池景天', '/导出 附件3 4月');
  expect((await read((await room.open.sandbox.file(plain!.card.file!.id))!.bytes)).sheets).toHaveLength(1);
});

test('the year: the pool, its export on a recorded order, the city’s results', async () => {
  room = await chat();
  expect(
    steady(
      await room.play(`
    谢卓群> 签到
    谢卓群> 受益 李大爷 13800001111 已告知
    陈景行> 抽样 全年
    陈景行> 抽样 全年 依据 龙卫函〔2024〕5号
    陈景行> 回访 5 满意1
    陈景行> 回访 5 满意2
    -- 2024-05-06 12:00 陈景行 --
    陈景行> 回访
  `),
    ),
  ).toMatchInlineSnapshot(`
    "谢卓群> 签到
    机器人→谢卓群> 已签到 古竹卫生院【演示数据】
          | 4月8日 周一 08:00 坐诊
          | 今天没有排班，按临时下乡登记
          | 等受援单位核实
          [算作4月17日 周三的班次]
    谢卓群> 受益 李大爷 13800001111 已告知
    机器人→谢卓群> 已登记 李**【演示数据】
          | 李** 138****1111，4月8日 周一 古竹卫生院
          | 编号3，2025年5月13日 周二后自动删除（系统默认）
          | 登错了或本人不同意：受益 删除 3
    陈景行> 抽样 全年
    机器人→陈景行> 全年受益群众 1 人【演示数据】
          | 可抽 1 人，要有 100 人以上
          | 照现在的进度到年底约 3 人
          | 依据 永卫〔2024〕13号 六（三）：全年抽取100个以上受益群众电话测评
          | 导出给市卫健委：/抽样 全年 依据 通知或文号
    陈景行> 抽样 全年 依据 龙卫函〔2024〕5号
    机器人→陈景行> 全年名册 1 人已导出【演示数据】
          | 依据：龙卫函〔2024〕5号（已记录）
          | 可抽 1 人，要有 100 人以上
          | 照现在的进度到年底约 3 人
          | 结果回来后发：回访 5 满意80 基本满意15 不满意3 拒访1 未接通1
          | 文件：受益群众名册 5.xlsx
    陈景行> 回访 5 满意1
    机器人→陈景行> 全年复核结果已登记【演示数据】
          | 抽取 1，已回访 1
          | 答复 1：满意 1（100.0%），基本满意 0（0.0%），不满意 0（0.0%）
          | 拒访 0，未接通 0
          | 依据 永卫〔2024〕13号 六（三）：全年抽取100个以上受益群众电话测评
    陈景行> 回访 5 满意2
    机器人→陈景行> 合计 2 人，比名册的 1 人多【演示数据】
          | 请核对，没有登记
    -- 2024-05-06 12:00 陈景行 --
    机器人→陈景行> 受益群众 1 人，到年底可能不够【演示数据】
          | 照现在的进度到年底约 2 人，要有 100 人以上
          | 可请受援单位和医师登记：/受益
          | 依据 永卫〔2024〕13号 六（三）：全年抽取100个以上受益群众电话测评
    陈景行> 回访
    机器人→陈景行> 2024年5月回访【演示数据】
          | 还没有抽样，发：/抽样 本月 10
          | 全年复核（龙卫函〔2024〕5号）：答复 1：满意 1（100.0%），基本满意 0（0.0%），不满意 0（0.0%）
          | 依据 永卫〔2024〕13号 附件3备注2：每月抽调人员回访"
  `);
});

test('erased on the person’s wish, and by itself when the time is over', async () => {
  room = await chat();
  expect(
    await room.play(`
    谢卓群> 签到
    谢卓群> 受益 李大爷 13800001111 已告知
    李若水> 受益 删除 {号}
    池景天> 受益 删除 {号}
    池景天> 受益 删除 {号}
    谢卓群> 受益 张大妈 13800002222 已告知
  `),
  ).toMatchInlineSnapshot(`
    "谢卓群> 签到
    机器人→谢卓群> 已签到 古竹卫生院【演示数据】
          | 4月8日 周一 08:00 坐诊
          | 今天没有排班，按临时下乡登记
          | 等受援单位核实
          [算作4月17日 周三的班次]
    谢卓群> 受益 李大爷 13800001111 已告知
    机器人→谢卓群> 已登记 李**【演示数据】
          | 李** 138****1111，4月8日 周一 古竹卫生院
          | 编号3，2025年5月13日 周二后自动删除（系统默认）
          | 登错了或本人不同意：受益 删除 3
    李若水> 受益 删除 {号}
    机器人→李若水> 没有编号 3 的登记【演示数据】
          | 只能删本人或本单位登记的
    池景天> 受益 删除 {号}
    机器人→池景天> 已删除姓名、电话和诉求【演示数据】
          | 4月8日 周一登记的编号3，只留有过一条的记录
    池景天> 受益 删除 {号}
    机器人→池景天> 已经删除过【演示数据】
    谢卓群> 受益 张大妈 13800002222 已告知
    机器人→谢卓群> 已登记 张**【演示数据】
          | 张** 138****2222，4月8日 周一 古竹卫生院
          | 编号7，2025年5月13日 周二后自动删除（系统默认）
          | 登错了或本人不同意：受益 删除 7"
  `);
  const { store } = room.open;
  const kept = async () => (await store().read.all('beneficiaries', {})).map(b => [b.state, b.name, b.phone, b.phoneMask]);
  expect(await kept()).toEqual([
    ['erased', null, null, null],
    ['kept', '138****2222', '138****2222', '138****2222'],
  ]);
  await room.to('2024-12-31 09:00');
  await room.to('2025-05-13 09:00');
  expect((await kept())[1]?.[0]).toBe('kept');
  await room.to('2025-05-15 09:00');
  expect((await kept())[1]).toEqual(['erased', null, null, null]);
  expect((await store().verifyJournal()).brokenAt).toBeNull();
}, 120_000);
