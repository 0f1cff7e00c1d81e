/** What is offered can be done: by this programme, and before there is anything to do it with. */
import { afterEach, expect, test } from 'vitest';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room.close());

/** Commands of a help card. */
const helped = async (name: string): Promise<string[]> =>
  (await room.say(name, '帮助 全部'))[0]!.card.lines.flatMap(l => (/^\/(\S+) /.exec(l) ?? []).slice(1));

test('help has no command for what the programme does not have', async () => {
  room = await chat({ programme: 'fujian-2022' });
  const physician = await helped('范修远');
  expect(physician).toContain('填报');
  for (const name of ['请假', '销假', '提前结束']) expect(physician).not.toContain(name);
  const hinted = (await room.say('范修远', '早上好'))[0]!;
  expect([hinted.code, hinted.card.buttons?.map(b => b.label)]).toEqual(['help.hint', ['/填报', '/排班', '/待办', '/我的', '帮助']]);
  expect((await room.say('范修远', '帮助 请假'))[0]!.card.title).toContain('/请假');
  expect((await room.say('范修远', '提前结束 6月30日 调动'))[0]!.card.lines.join()).not.toContain('/请假');
  expect((await room.say('阙春和', '导出 附件2'))[0]!.code).toBe('export.which');
  expect((await room.say('阙春和', '导出 附件1'))[0]!.code).toBe('export.which');
  await room.close();
  room = await chat({ programme: 'shanxi-2024' });
  const clinic = await helped('裴远帆');
  for (const name of ['宣传', '月报', '导出', '总结', '受益']) expect(clinic).not.toContain(name);
  expect(await helped('降雨霖')).toEqual(expect.arrayContaining(['请假', '提前结束']));
});

test('before there are postings no report is owed, sent up or exported', async () => {
  room = await chat({ empty: true });
  expect(
    (
      await room.play(`
    赖知远> 认领 ${room.open.claimCode()!} 赖知远
    赖知远> 催报
    赖知远> 月报
    赖知远> 导出 附件1
    赖知远> 导出 附件2`)
    )
      .split('\n')
      .slice(4)
      .join('\n'),
  ).toMatchInlineSnapshot(`
    "      | 下一步：/导入 安排表，再 /导入 联络员
          | 建好工作群后在群里发 /绑定群
    赖知远> 催报
    机器人→赖知远> 2024年3月首次月报还没有单位要报
          | 没有派驻安排
          | 请先更新安排表：/导入
    赖知远> 月报
    机器人→赖知远> 永定区 2024年3月首次月报
          | 还没有单位要报：没有派驻安排
          | 依据 永卫〔2024〕13号 六（二）：3月底前报送首月工作情况
    赖知远> 导出 附件1
    机器人→赖知远> 还没有派驻，表是空的
          | 请先更新安排表：/导入
    赖知远> 导出 附件2
    机器人→赖知远> 还没有派驻，表是空的
          | 请先更新安排表：/导入"
  `);
});

test('a physician whose visits the clinic arranges is told of no quota', async () => {
  room = await chat();
  expect((await room.say('谢卓群', '统计'))[0]!.card.lines.join('\n')).toContain('按卫生院安排下乡，不计每月1天');
});

test('help begins with everyday commands, names the others, and has each explained behind one button', async () => {
  room = await chat();
  expect(await room.play('谢卓群> 帮助')).toMatchInlineSnapshot(`
    "谢卓群> 帮助
    机器人→谢卓群> 谢卓群，您可以：【演示数据】
          | /签到 到了就签到
          | /填报 填当天工作量
          | /排班 看排班、排日子、取消、公布
          | /请假 请假并说明改到哪天
          | /待办 等您办的事
          | /我的 我的角色和本月下乡
          | 还能：签退、补签、销假、在岗、说明、异议、受益、统计、绑定、解绑、隐私、我的数据、网页、撤销
          | 怎么用发：帮助 签到；私聊不用打斜杠
          [全部说明]"
  `);
  for (const who of ['谢卓群', '邱思源', '池景天', '赖知远', '丘书瑶', '童清和']) {
    const [short] = await room.say(who, '帮助');
    expect(short!.card.lines.length).toBeLessThanOrEqual(11);
    const named = short!.card.lines
      .flatMap(l => (/^还能：(.*)$/.exec(l)?.[1] ?? /^\/(\S+) /.exec(l)?.[1] ?? '').split('、'))
      .filter(Boolean);
    await room.press(who, '全部说明');
    const all = room.messages(who).at(-1)!.card;
    expect(all.buttons).toBeUndefined();
    expect(named.sort()).toEqual(all.lines.flatMap(l => /^\/(\S+) /.exec(l)?.[1] ?? []).sort());
  }
});
