/** The roster by chat and by file: shown first, done by a button, all or nothing. */
import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { day } from '../../src/core/day.ts';
import { parseTable } from '../../src/core/table-text.ts';
import { type Chat, chat } from '../harness/chat.ts';
import { transcript } from '../harness/everywhere.ts';
import { xlsxOf } from '../harness/xlsx.ts';

let room: Chat;
afterEach(() => room.close());

const text = readFileSync('tests/fixtures/roster-24.tsv', 'utf8');
const file = async (content: string, name = '附件2.xlsx') => ({ kind: 'file' as const, name, bytes: await xlsxOf(parseTable(content)) });
/** An empty county with its admin. */
const claimed = async (open: typeof chat = chat) => {
  const room = await open({ empty: true });
  await room.say('赖知远', `认领 ${room.open.claimCode()} 赖知远`);
  return room;
};
const postings = () => room.open.store().read.all('postings', {});

transcript('pasted in direct chat: two notices, confirmed, and again without a change', async open => {
  room = await claimed(open);
  const [preview] = await room.say('赖知远', `/导入\n${text}`);
  expect([preview!.code, preview!.card.title, ...preview!.card.lines]).toMatchInlineSnapshot(`
    [
      "import.preview",
      "安排表 24 行，请核对",
      "新增 24，变动 0，不变 0，本次未列 0",
      "从2024年4月起，以前月份不变",
      "新单位 27 家：永定区城郊镇卫生院、永定区中医院、永定区龙潭镇卫生院等",
      "提示 2 条（不影响导入）：",
      "第8行 永定区堂堡镇卫生院：需求内科，华佳宁是全科",
      "第12行 永定区湖坑镇中心卫生院：需求中医，戴泽宇是内科",
    ]
  `);
  expect(await postings()).toHaveLength(0);
  const [done] = await room.press('赖知远', '确认导入');
  expect([done!.code, ...done!.card.lines]).toMatchInlineSnapshot(`
    [
      "import.done",
      "新增 24，变动 0，结束未列 0，从2024年4月起",
      "下一步：/导入 联络员，还有27家单位没有",
    ]
  `);
  expect(await postings()).toHaveLength(24);
  expect((await postings()).filter(p => p.arranged)).toHaveLength(1);
  const [twice] = await room.press('赖知远', '确认导入');
  expect(twice!.code).toBe('import.settled');
  const [again] = await room.say('赖知远', `/导入\n${text}`);
  expect(again!.card.lines).toMatchInlineSnapshot(`
    [
      "新增 0，变动 0，不变 24，本次未列 0",
      "从2024年4月起，以前月份不变",
    ]
  `);
});

transcript('the same as .xlsx; a changed title and a row that is gone make a new version from the month on', async open => {
  room = await claimed(open);
  const [preview] = await room.say('赖知远', '', undefined, await file(text));
  expect(preview!.card.title).toBe('安排表 24 行，请核对');
  await room.press('赖知远', '确认导入');
  const changed = text.replace(/^24\t.*\n/m, '').replace(/(^1\t.*)主治医师/m, '$1副主任医师');
  const [second] = await room.say('赖知远', `/导入 自6月起\n${changed}`);
  expect(second!.card.lines.slice(0, 3)).toMatchInlineSnapshot(`
    [
      "新增 0，变动 1，不变 22，本次未列 1",
      "从2024年6月起，以前月份不变",
      "表里23家，方案是24家",
    ]
  `);
  expect(second!.card.buttons!.map(b => b.label)).toEqual(['确认，结束未列的1人', '确认，保留未列的', '放弃']);
  await room.press('赖知远', '结束未列');
  const all = await postings();
  expect(all.filter(p => p.until === '2024-05')).toHaveLength(2);
  expect(all.filter(p => p.from === '2024-06').map(p => p.title)).toEqual(['副主任医师']);
  expect(await room.open.store().read.count('rosters', {})).toBe(2);
});

transcript('bad rows are named and nothing is done; a table that is none says how', async open => {
  room = await claimed(open);
  const bad = text.replace(/(^3\t.*)县市区属医院/m, '$1部属').replace(/(^5\t.*)副主任医师/m, '$1护士');
  for (const [said, code] of [
    [`/导入\n${bad}`, 'import.problems'],
    ['/导入 你好', 'import.problems'],
    ['/导入', 'import.how'],
  ] as const) {
    const [answer] = await room.say('赖知远', said);
    expect(answer!.code).toBe(code);
  }
  const [named] = await room.say('赖知远', `/导入\n${bad}`);
  expect(named!.card.lines).toMatchInlineSnapshot(`
    [
      "第3行 医疗机构所属情况：“部属”应为省属、市属或县市区属",
      "第5行 职称：“护士”不是医师职称，要写主任、副主任、主治或住院医师",
      "改好后整张再发一次",
    ]
  `);
  const [broken] = await room.say('赖知远', '', undefined, { kind: 'file', name: 'x.xlsx', bytes: new Uint8Array([1, 2, 3]) });
  expect(broken!.code).toBe('import.unreadable');
  expect(await postings()).toHaveLength(0);
});

const sample = process.env['ROSTER_SAMPLE'];
test.runIf(sample)('the document’s own annex 2 imports, by chat and by file, with notices at rows 8 and 12', async () => {
  room = await claimed();
  const annex = readFileSync(sample!, 'utf8').split('附件 2')[1]!.split('附件 3')[0]!;
  for (const content of [
    undefined,
    { kind: 'file' as const, name: '附件2.txt', bytes: new TextEncoder().encode(annex) },
    await file(annex),
  ]) {
    const [preview] = await room.say('赖知远', content ? '' : `/导入${annex}`, undefined, content);
    expect(preview!.code).toBe('import.preview');
    expect(preview!.card.title).toBe('安排表 24 行，请核对');
    expect(preview!.card.lines.filter(l => /^第\d+行/.test(l)).map(l => l.split('行')[0])).toEqual(['第8', '第12']);
  }
  await room.press('赖知远', '确认导入');
  expect(await postings()).toHaveLength(24);
});

test('a long table is told to be under way, and the answer follows when all of it is there; the button works once', async () => {
  room = await claimed();
  const signs = [...'安柏长春德恩芳光海佳健建江金景君康兰乐立'];
  const [header, ...rows] = text.trim().split('\n');
  const one = rows.find(r => /^1\t/.test(r))!.split('\t');
  const many = Array.from({ length: 300 }, (_, i) => {
    const cells = [...one];
    cells[0] = `${i + 1}`;
    cells[9] = `陈${signs[i % 20]!}${signs[Math.floor(i / 20)]!}`;
    return cells.join('\t');
  });
  await room.say('赖知远', `/导入\n${[header, ...many].join('\n')}`);
  const said = await room.press('赖知远', '确认导入');
  expect(said.map(m => [m.code, m.card.title, m.card.lines[0]])).toMatchInlineSnapshot(`
    [
      [
        "import.running",
        "正在导入安排表 300 行",
        "全部写好才生效，好了再告诉您",
      ],
      [
        "import.done",
        "已导入安排表 300 行",
        "新增 300，变动 0，结束未列 0，从2024年4月起",
      ],
    ]
  `);
  expect(await postings()).toHaveLength(300);
  const [twice] = await room.press('赖知远', '确认导入');
  expect(twice!.code).toBe('import.settled');
  const journal = await room.open.store().read.journal({ table: 'postings' }, 5_000);
  expect(new Set(journal.map(r => r.turn)).size).toBe(1);
});

/** A roster of 510 invented people at one clinic. */
const LONG = (title: string): string => {
  const signs = [...'安柏长春德恩芳光海佳健建江金景君康兰乐立林明宁平庆'];
  const [header, ...rows] = text.trim().split('\n');
  const one = rows.find(r => /^1\t/.test(r))!.split('\t');
  const many = Array.from({ length: 510 }, (_, i) => {
    const cells = [...one];
    cells[0] = `${i + 1}`;
    cells[9] = `陈${signs[i % 25]!}${signs[Math.floor(i / 25)]!}`;
    cells[11] = title;
    return cells.join('\t');
  });
  return [header, ...many].join('\n');
};

test.each<[what: string, meanwhile: string, done: string]>([
  ['with somebody else’s role', '授权 丘一鸣 受援单位专人 城郊卫生院', 'import.done'],
  ['with a role of somebody it names', '授权 陈安安 受援单位专人 城郊卫生院', 'conflict'],
])('a long import goes on %s', async (_what, meanwhile, done) => {
  room = await chat();
  const sent = await room.say('赖知远', '', undefined, await file(LONG('主治医师')));
  if (done === 'conflict') {
    expect((await room.press('赖知远', '保留未列')).at(-1)!.code).toBe('import.done');
    await room.say('赖知远', '', undefined, await file(LONG('副主任医师')));
  } else expect(sent.at(-1)!.code).toBe('import.preview');
  const importing = room.press('赖知远', '保留未列');
  const other = room.say('阮若谷', meanwhile);
  expect((await other)[0]!.code).toBe('grant.done');
  expect((await importing).map(m => m.code)).toEqual(['import.running', done]);
});

test.each([
  ['保留未列', 'import.done'],
  ['结束未列', 'conflict'],
])('somebody it does not list checks in while a long import runs, confirmed with %s', async (button, done) => {
  room = await chat();
  expect((await room.say('赖知远', '排班 吴沐阳 今天'))[0]!.code).toBe('schedule.planned');
  await room.say('赖知远', '', undefined, await file(LONG('主治医师')));
  const importing = room.press('赖知远', button);
  expect((await room.say('吴沐阳', '签到'))[0]!.code).toBe('check-in.done');
  expect((await importing).map(m => m.code)).toEqual(['import.running', done]);
});

test('pasted, and confirmed from 待办, a long table goes the same way', async () => {
  room = await claimed();
  const pasted = await room.say('赖知远', `导入\n${LONG('主治医师')}`);
  expect(pasted.map(m => [m.code, m.card.title])).toEqual([
    ['import.checking', '正在核对，表里511行'],
    ['import.preview', '安排表 510 行，请核对'],
  ]);
  const [todo] = await room.say('赖知远', '待办');
  expect(todo!.card.buttons!.map(b => b.label)).toContain('确认导入');
  expect((await room.press('赖知远', '确认导入')).map(m => [m.code, m.card.title])).toEqual([
    ['import.running', '正在导入安排表 510 行'],
    ['import.done', '已导入安排表 510 行'],
  ]);
});

test('a table of more than 500 rows is weighed beside the turns; of several rows of a clinic the first says its place, each time', async () => {
  room = await claimed();
  const send = async (title: string) => room.say('赖知远', '', undefined, await file(LONG(title)));
  const wrong = await send('大师');
  expect(wrong.map(m => [m.code, m.card.title])).toEqual([
    ['import.checking', '正在核对，表里511行'],
    ['import.problems', '有510处要改，没有导入'],
  ]);
  const weighed = await send('主治医师');
  expect(weighed.map(m => [m.code, m.card.title])).toEqual([
    ['import.checking', '正在核对，表里511行'],
    ['import.preview', '安排表 510 行，请核对'],
  ]);
  const said = await room.press('赖知远', '确认导入');
  expect(said.map(m => [m.code, m.card.title, m.card.lines[0]])).toEqual([
    ['import.running', '正在导入安排表 510 行', '全部写好才生效，好了再告诉您'],
    ['import.done', '已导入安排表 510 行', '新增 510，变动 0，结束未列 0，从2024年4月起'],
  ]);
  expect(await postings()).toHaveLength(510);
  const [twice] = await room.press('赖知远', '确认导入');
  expect(twice!.code).toBe('import.settled');
  await send('副主任医师');
  const again = await room.press('赖知远', '确认导入');
  expect(again.at(-1)!.card.lines[0]).toBe('新增 0，变动 510，结束未列 0，从2024年4月起');
  const journal = await room.open.store().read.journal({ table: 'orgs' }, 100);
  expect(journal.filter(r => r.before !== null)).toEqual([]);
});

test('the program’s own annex 1 comes back as it went out; another number of a counted month is named', async () => {
  room = await chat();
  const sent = (await room.say('赖知远', '/导出 附件1')).find(m => m.card.file)!.card.file!;
  const { bytes } = (await room.open.sandbox.file(sent.id))!;
  const [same] = await room.say('赖知远', '', undefined, { kind: 'file', name: sent.name, bytes });
  expect([same!.code, same!.card.title, ...same!.card.lines]).toMatchInlineSnapshot(`
    [
      "import.same",
      "和系统里的一致，没有要录的【演示数据】",
      "核对了 96 格",
    ]
  `);
  const own =
    '导入 附件1\n序号\t地市\t区县\t机构名称\t1月\t2月\n1\t龙岩市\t永定区\t永定区城郊镇卫生院\t1\tN\n合计\t\t\t\t1\t\n\n填报人：某某';
  expect((await room.say('赖知远', own.replace('N', '')))[0]!.code).toBe('import.same');
  const [other] = await room.say('赖知远', own.replace('N', '9'));
  expect(other!.card.lines[0]).toBe('第2行 2月：系统里是1，有班次的月份由系统统计');
  const [nameless] = await room.say('赖知远', own.replace('永定区城郊镇卫生院', '').replace('N', ''));
  expect(nameless!.card.lines[0]).toBe('第2行 机构名称：没有写');
});

test('a doubled row, a title and a role are named as they were typed', async () => {
  room = await claimed();
  const rows = text.split('\n');
  const one = rows.find(r => /^1\t/.test(r))!;
  const [twice] = await room.say('赖知远', `/导入\n${[...rows, one].join('\n')}`);
  expect(twice!.card.lines).toMatchInlineSnapshot(`
    [
      "第1行 下基层人员姓名：“吴沐阳”在永定区城郊镇卫生院写了两行",
      "改好后整张再发一次",
    ]
  `);
  const [title] = await room.say('赖知远', `/导入\n${text.replace(/(^1\t.*)主治医师/m, '$1医生')}`);
  expect(title!.card.lines[0]).toBe('第1行 职称：“医生”不是医师职称，要写主任、副主任、主治或住院医师');
  const [role] = await room.say('赖知远', '导入 联络员\n单位\t姓名\t角色\t电话\n区卫健局\t张三\t股长\t13900000001');
  expect(role!.card.lines[0]).toContain('审计员和系统管理员由系统管理员导入');
});

test('whoever may not import is told who does', async () => {
  room = await chat();
  const hint = async (who: string) => (await room.say(who, '排班 王秋实 城郊卫生院 4月22日'))[0]!.card.lines;
  expect(await hint('赖静姝')).toContain('请总医院或卫健局先更新安排表');
  expect(await hint('阮若谷')).toContain('请先更新安排表：/导入');
  const [checkIn] = await room.say('黄怀瑾', '签到 王秋实 城郊卫生院');
  expect(checkIn!.card.lines.join()).not.toMatch(/\/(导入|换人)/);
  await room.say('赖知远', `/导入\n${LONG('主治医师').split('\n').slice(0, 3).join('\n')}`);
  await room.press('赖知远', '确认，保留未列的');
  expect((await room.say('赖知远', '撤销'))[0]!.card.lines).toEqual(['导错了就改好表再 /导入 一次']);
});

test('contacts: an office may stand with the bureau, phones are shown masked, what changes nothing says so, and 放弃 may be typed', async () => {
  room = await chat();
  expect(
    await room.play(`
    赖知远> 导入
    赖知远> 导入 联络员\\n单位\\t姓名\\t角色\\t电话\\n区卫健局医政股\\t赵一平\\t卫健局工作人员\\t13900002001\\n区卫健局\\t钱二安\\t基妇股\\t
    赖知远> 放弃
    赖知远> 导入 联络员\\n单位\\t姓名\\t角色\\n古竹卫生院\\t池景天\\t受援单位专人
  `),
  ).toMatchInlineSnapshot(`
    "赖知远> 导入
    机器人→赖知远> 请发文件，或把表贴在 /导入 后面【演示数据】
          | 安排表：附件2的13列，要有基层医疗卫生机构名称、上级医疗机构名称、下基层人员姓名、专业、职称
          | 联络员表：单位、姓名、角色、电话
          | 以前月份的人次：附件1
          | 先给您看，点确认才生效
    赖知远> 导入 联络员\\n单位\\t姓名\\t角色\\t电话\\n区卫健局医政股\\t赵一平\\t卫健局工作人员\\t13900002001\\n区卫健局\\t钱二安\\t基妇股\\t
    机器人→赖知远> 联络员 2 人，请核对【演示数据】
          | 1家单位
          | 没写手机 1 人：新来的绑定时要由您点“是本人”
          | 表：单位 姓名 角色 手机（2行）
          [确认导入] [放弃]
    赖知远> 放弃
    机器人→赖知远> 已放弃，没有改动【演示数据】
    赖知远> 导入 联络员\\n单位\\t姓名\\t角色\\n古竹卫生院\\t池景天\\t受援单位专人
    机器人→赖知远> 和系统里的一致，没有要改的【演示数据】
          | 核对了 1 人"
  `);
  await room.say('赖知远', '导入 联络员\n单位\t姓名\t角色\t电话\n区卫健局医政股\t赵一平\t卫健局工作人员\t13900002001');
  await room.press('赖知远', '确认导入');
  const { read } = room.open.store();
  const [person] = await read.all('people', { name: '赵一平' });
  expect((await read.all('grants', { person: person!.id })).map(g => [g.role, g.office])).toEqual([['bureau', '医政股']]);
});

const HEAD =
  '序号\t地市\t区县\t基层医疗卫生机构名称\t受援基层卫生机构联系电话\t单位类型\t需求专业\t上级医疗机构名称\t医疗机构所属情况\t下基层人员姓名\t专业\t职称\t联系方式';
const row = (title: string) =>
  `${HEAD}\n1\t龙岩市\t永定区\t永定区城郊镇卫生院\t5510144\t乡镇卫生院\t中医\t永定区中医院\t县市区属\t吴沐阳\t中医\t${title}\t139****1013`;

test('who is no more in the roster has no visits either: said before, done at once, told to whoever knew of them', async () => {
  room = await chat({ at: '2024-04-16 08:00' });
  const { read } = room.open.store();
  for (const text of ['/排班 谢卓群 5月15日', '/排班 张晓岚 5月16日', '/排班 吴沐阳 5月17日', '/排班 公布 5月', '/排班 张晓岚 6月5日'])
    await room.say('赖知远', text);
  await room.say('谢卓群', '/请假 5月15日 出差 改到 5月22日');
  const [preview] = await room.say('赖知远', `/导入 自5月起\n${row('主治医师')}`);
  expect(preview!.card.lines).toContain('未列的人已排3班，结束的一并取消（其中已公布2班，会通知医师和双方单位）');
  const [done, ...told] = await room.press('赖知远', '结束未列');
  expect(done!.card.lines).toContain('取消他们已排的3班');
  const cancelled = told.filter(m => m.code === 'visit.cancelled');
  expect(cancelled.map(m => `${m.conversation.name}：${m.card.lines[0]}`).sort()).toEqual([
    '区医院派驻医师群：张晓岚 湖雷卫生院 5月16日 周四',
    '古竹卫生院工作群：谢卓群 古竹卫生院 5月15日 周三',
    '巫承安：谢卓群 古竹卫生院 5月15日 周三',
    '张晓岚：湖雷卫生院 5月16日 周四',
    '沈白芷：张晓岚 湖雷卫生院 5月16日 周四',
    '谢卓群：古竹卫生院 5月15日 周三',
  ]);
  expect(told.find(m => m.code === 'leave.moot')!.conversation.name).toBe('谢卓群');
  expect((await room.say('巫承安', '/待办'))[0]!.code).toBe('todo.none');
  const ahead = await read.all('visits', { day: { from: day('2024-05-01') }, state: 'on' });
  expect(ahead.map(v => v.day)).toEqual(['2024-05-17']);
  // April is not the new roster's.
  expect(await read.count('visits', { day: day('2024-04-17'), state: 'on' })).toBe(3);
  expect((await room.to('2024-05-15 11:00')).filter(m => /到了吗/.test(m.text) && m.at > '2024-05-15')).toEqual([]);
});

test('those who are kept keep their visits', async () => {
  room = await chat({ at: '2024-04-16 08:00' });
  await room.say('赖知远', '/排班 谢卓群 5月15日');
  await room.say('赖知远', `/导入 自5月起\n${row('主治医师')}`);
  const kept = await room.press('赖知远', '保留未列');
  expect(kept.map(m => m.code)).toEqual(['import.done']);
  expect(await room.open.store().read.count('visits', { day: day('2024-05-15'), state: 'on' })).toBe(1);
});

test('what a new version says of those who stay is shown, and whose title is below what the document asks for', async () => {
  room = await chat({ at: '2024-04-16 08:00' });
  const [preview] = await room.say('赖知远', `/导入\n${row('住院医师')}`);
  expect(preview!.card.lines).toContain('变动：吴沐阳 职称 主治医师→住院医师');
  expect(preview!.card.lines).toContain('职称不够 1 人：第1行 吴沐阳 住院医师');
  expect(preview!.card.lines).toContain('依据 永卫〔2024〕13号 四：中级及以上职称');
  const [same] = await room.say('赖知远', `/导入\n${row('主治医师')}`);
  expect(same!.card.lines.filter(l => /变动：|职称不够/.test(l))).toEqual([]);
});
