/** A request to be bound: corrected, taken back, and asked only of whoever may answer it. */
import { afterEach, expect, test } from 'vitest';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room.close());
const codes = async (who: string, text: string) => (await room.say(who, text))[0]!.code;

test('what was mistyped is typed again; what waits of the first line is gone', async () => {
  room = await chat();
  expect(
    await room.play(`
    丘暮雪> 绑定 谢卓群 1028
    丘暮雪> 绑定 谢卓群 1028
    丘暮雪> 绑定 丘暮雪 城郊卫生院 受援单位专人
  `),
  ).toMatchInlineSnapshot(`
    "丘暮雪> 绑定 谢卓群 1028
    机器人→丘暮雪> 收到，等单位确认【演示数据】
          | 支援单位、受援单位或卫健局确认后就能用
          | 确认前什么也做不了；写错了就再发一次
          [取消申请]
    机器人→赖知远> 请确认：谢卓群本人在绑定？【演示数据】
          | 市中医院医师
          | 账号显示名：丘暮雪
          | 此人已有账号，确认后旧账号停用
          [是本人] [不是]
    机器人→巫承安> 请确认：谢卓群本人在绑定？【演示数据】
          | 市中医院医师
          | 账号显示名：丘暮雪
          | 此人已有账号，确认后旧账号停用
          [是本人] [不是]
    机器人→谢卓群> 有人要用新账号绑定您【演示数据】
          | 是您本人就不用管
          | 不是您，请马上联系单位管理员
    丘暮雪> 绑定 谢卓群 1028
    机器人→丘暮雪> 已在等确认【演示数据】
          | 谢卓群，确认后就能用
          | 写错了就再发一次
          [取消申请]
    丘暮雪> 绑定 丘暮雪 城郊卫生院 受援单位专人
    机器人→丘暮雪> 收到，等单位负责人或卫健局确认【演示数据】
          | 城郊卫生院 受援单位专人
          | 确认前什么也做不了；写错了就再发一次
          [取消申请]
    机器人→阮若谷> 请确认：丘暮雪任受援单位专人？【演示数据】
          | 永定区城郊镇卫生院
          | 账号显示名：丘暮雪
          [确认] [不是]"
  `);
  const [old, now] = await room.open.store().read.all('requests', {}, { by: 'at' });
  expect([old!.state, now!.state]).toEqual(['withdrawn', 'waiting']);
  const [late] = await room.press('巫承安', '是本人');
  expect([late!.code, ...late!.card.lines]).toEqual(['bind.settled', '谢卓群：对方已撤回']);
  expect((await room.press('阮若谷', '确认'))[0]!.code).toBe('bind.agreed');
});

test('a wrong line changes nothing of what waits', async () => {
  room = await chat();
  await room.say('丘暮雪', '绑定 谢卓群 1028');
  expect(await codes('丘暮雪', '绑定 谢卓群 9999')).toBe('bind.wrong');
  expect(await codes('丘暮雪', '绑定 谢卓群')).toBe('bind.how');
  expect(await room.open.store().read.count('requests', { state: 'waiting' })).toBe(1);
});

test.each(['取消', '绑定 取消', '[取消申请]'])('taken back by %s', async said => {
  room = await chat();
  await room.say('丘暮雪', '绑定 谢卓群 1028');
  const [answer] = said.startsWith('[') ? await room.press('丘暮雪', said.slice(1, -1)) : await room.say('丘暮雪', said);
  expect(answer!.code).toBe(said === '取消' ? 'help.overheard' : 'bind.withdrawn');
  if (said === '取消') expect((await room.press('丘暮雪', '取消申请'))[0]!.code).toBe('bind.withdrawn');
  expect(await room.open.store().read.count('requests', { state: 'waiting' })).toBe(0);
  expect(await codes('丘暮雪', '绑定 取消')).toBe('bind.none-waiting');
});

test('proved by the phone after all, the request is over', async () => {
  room = await chat();
  await room.say('丘暮雪', '绑定 谢卓群 1028');
  expect(await codes('丘暮雪', '绑定 丘念慈 1031')).toBe('bind.done');
  expect(await room.open.store().read.count('requests', { state: 'waiting' })).toBe(0);
});

test('not more than five requests of an account in a day', async () => {
  room = await chat();
  for (let n = 0; n < 5; n++) expect(await codes('丘暮雪', n % 2 ? '绑定 谢卓群 1028' : '绑定 吴沐阳 1013')).toBe('bind.waiting');
  expect(await codes('丘暮雪', '绑定 谢卓群 1028')).toBe('bind.too-many');
  await room.to('2024-04-09 08:30');
  expect(await codes('丘暮雪', '绑定 谢卓群 1028')).toBe('bind.waiting');
});

test('a request for a clinic without a head goes to the bureau, not into the clinic’s group', async () => {
  room = await chat();
  await room.addGroup('城郊卫生院工作群', ['黄怀瑾', '吴沐阳']);
  await room.say('黄怀瑾', '/绑定群 城郊卫生院', '城郊卫生院工作群');
  const before = room.messages('阮若谷').length;
  const script = await room.play('戴若谷> 绑定 戴若谷 城郊卫生院 受援单位专人');
  expect(script).not.toContain('机器人@');
  expect(room.messages('阮若谷').length).toBe(before + 1);
  const id = (await room.open.store().read.first('requests', { state: 'waiting' }))!.id;
  const [no] = await room.say('黄怀瑾', `/绑定 同意 ${id}`);
  expect([no!.code, ...no!.card.lines]).toMatchInlineSnapshot(`
    [
      "bind.not-yours",
      "由单位负责人或卫健局确认",
    ]
  `);
});

test('a todo whose button gives a role says so', async () => {
  room = await chat({ empty: true });
  await room.say('赖知远', `认领 ${room.open.claimCode()!} 赖知远`);
  await room.say(
    '赖知远',
    '导入\n序号\t地市\t区县\t基层医疗卫生机构名称\t受援基层卫生机构联系电话\t单位类型\t需求专业\t上级医疗机构名称\t医疗机构所属情况\t下基层人员姓名\t专业\t职称\t联系方式\n1\t龙岩市\t永定区\t永定区城郊镇卫生院\t5551001\t乡镇卫生院\t中医\t永定区中医院\t县市区属医院\t吴沐阳\t中医\t主治医师\t139*****05',
  );
  await room.press('赖知远', '确认导入');
  await room.say('黄怀瑾', '绑定 黄怀瑾 城郊卫生院 受援单位专人');
  const [todo] = await room.say('赖知远', '待办');
  expect(todo!.card.lines).toContain('确认绑定 黄怀瑾（城郊卫生院受援单位专人）');
  expect(todo!.card.buttons?.map(b => b.label)).toEqual(['黄怀瑾任受援单位专人', '不是']);
});

test('a name and four digits without the command, or with the whole number behind it, are offered as the binding', async () => {
  for (const [typed, title] of [
    ['丘念慈 1031', '您是要绑定吗？'],
    ['丘念慈1031', '您是要绑定吗？'],
    ['你好，我是丘念慈，手机尾号1031', '您是要绑定吗？'],
    ['我叫丘念慈 后四位是１０３１', '您是要绑定吗？'],
    ['绑定 丘念慈 13900001031', '只要手机后四位'],
    ['绑定丘念慈139 0000 1031', '只要手机后四位'],
    ['丘念慈 13900001031', '只要手机后四位'],
  ] as const) {
    room = await chat();
    const [offer] = await room.say('丘暮雪', typed);
    expect([typed, offer!.card.title, offer!.card.buttons?.map(b => b.command)]).toEqual([
      typed,
      `${title}【演示数据】`,
      ['/绑定 丘念慈 1031'],
    ]);
    expect(await room.open.store().read.count('requests', {})).toBe(0);
    expect(JSON.stringify(room.messages('丘暮雪'))).not.toContain('13900001031');
    await room.close();
  }
  room = await chat();
});

test('whoever is not bound reads how to bind, whatever was said; who is bound is offered no binding', async () => {
  room = await chat();
  for (const typed of ['你是谁', '请问怎么弄', '我是人民医院的陆清扬', '统计 2024', '1031'])
    expect([typed, (await room.say('丘暮雪', typed))[0]!.card.lines.join()]).toEqual([
      typed,
      expect.stringContaining('绑定 姓名 手机后四位'),
    ]);
  expect((await room.say('谢卓群', '谢卓群 1028'))[0]!.code).not.toBe('bind.offered');
});

test('before there is any list nobody can be guessed: every line is told so, in the same words, and none is a wrong try', async () => {
  room = await chat({ empty: true });
  await room.say('赖知远', `认领 ${room.open.claimCode()} 赖知远`);
  const said = new Set<string>();
  // A name that will be in the list, one that never will, and that of the admin who is there already.
  for (const line of ['吴沐阳 0005', '吴沐阳 1234', '某某某 0000', '赖知远 0000', '赖知远 9999', '黄怀瑾 1037', '黄怀瑾 0000'])
    for (const { code, text } of await room.say('丘暮雪', `绑定 ${line}`)) said.add(`${code} ${text}`);
  expect([...said]).toEqual(['bind.too-early 名单还没有导入，现在绑不了\n等卫健局导入安排表和联络员再绑，这次不算试错']);
  expect(await room.open.store().read.count('locks', {})).toBe(0);
  // From the first phone on every miss counts, whether or not its name is in the list: who guesses learns nothing from being let off.
  const roster = ['基层医疗卫生机构名称', '上级医疗机构名称', '下基层人员姓名', '专业', '职称', '联系方式'].join('\t');
  await room.say('赖知远', `导入\n${roster}\n永定区城郊镇卫生院\t永定区中医院\t吴沐阳\t中医\t主治医师\t13900001013`);
  const [done] = await room.press('赖知远', '确认导入');
  expect(done!.card.lines.at(-1)).toBe('下一步：/导入 联络员，还有2家单位没有');
  const tries: string[] = [];
  for (const line of ['吴沐阳 1234', '黄怀瑾 1037', '某某某 0000']) {
    const [answer] = await room.say('丘暮雪', `绑定 ${line}`);
    tries.push(`${answer!.code} ${answer!.card.lines.join(' ')}`);
  }
  const hint = '各单位的联络员还没有导入；您是联络员的，等导入后再绑';
  expect(tries).toEqual([4, 3, 2].map(left => `bind.wrong 还可以试${left}次 ${hint}`));
  await room.say('赖知远', '导入 联络员\n单位\t姓名\t角色\t电话\n城郊卫生院\t黄怀瑾\t受援单位专人\t13900001037');
  await room.press('赖知远', '确认导入');
  expect((await room.say('丘暮雪', '绑定 某某某 0000'))[0]!.card.lines).toEqual([
    '还可以试1次',
    '请用单位报送的手机号；换了号请联系单位管理员',
  ]);
});
