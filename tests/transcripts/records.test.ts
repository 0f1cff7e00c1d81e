/** The auditor's way back: a day is that day, further pages are a tap away, and rows are read without a key. */
import { afterEach, expect, test } from 'vitest';
import { pageOf } from '../../commands/records/page.ts';
import type { JournalQuery, JournalRow } from '../../src/bot/ports.ts';
import { addDays, at, day } from '../../src/core/day.ts';
import { FIELD_WORDS } from '../../src/core/journal-words.ts';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room?.close());
const rows = async (text: string) => {
  const [answer] = await room.say('童清和', text);
  return { title: answer!.card.title, rows: answer!.card.table?.rows ?? [], buttons: answer!.card.buttons?.map(b => b.command) };
};

test('a day shows that day’s rows, a span those of the span, a day without any says so', async () => {
  room = await chat();
  await room.say('阮若谷', '/设置 核实时间 16:30');
  await room.to('2024-04-09 08:00');
  await room.say('阮若谷', '/设置 核实时间 16:40');
  await room.to('2024-04-10 08:00');
  await room.say('阮若谷', '/设置 核实时间 16:50');
  const settings = async (text: string) => (await rows(text)).rows.filter(r => r[2] === '设置').map(r => r[0]);
  expect(await settings('记录 昨天')).toEqual(['4月9日 周二 08:00']);
  expect(await settings('记录 4月8日-4月9日')).toEqual(['4月9日 周二 08:00', '4月8日 周一 08:00']);
  expect(await settings('记录 4月8日、4月10日 阮若谷')).toEqual(['4月10日 周三 08:00', '4月8日 周一 08:00']);
  expect((await rows('记录 3月20日')).title).toContain('没有3月20日 周三 的记录');
});

test('pages go back to the first row; each row stands on one of them', async () => {
  room = await chat();
  const all = (await room.open.store().read.journal({}, 5_000)).filter(r => r.table !== 'questions').length;
  let page = await rows('记录');
  let seen = page.rows.length;
  expect(page.title).toContain('记录 50 条，还有更早的');
  while (page.buttons) {
    page = await rows(page.buttons[0]!);
    seen += page.rows.length;
  }
  expect(seen).toBe(all);
});

test('where a message holds little a page has as many rows as it shows, and goes on by its number', async () => {
  room = await chat({ on: 'wechat' });
  for (let n = 10; n < 40; n++) await room.say('阮若谷', `/设置 核实时间 16:${n}`);
  let [page] = await room.say('童清和', '记录 阮若谷 4月8日');
  const seen: string[] = [];
  for (;;) {
    const rows = page!.card.table!.rows;
    expect(page!.card.title).toContain(`记录 ${rows.length} 条`);
    seen.push(...rows.map(r => r[4]!));
    if (!page!.card.buttons) break;
    [page] = await room.say('童清和', '1');
  }
  expect(seen.length).toBe(30);
  expect(new Set(seen).size).toBe(30);
  const told = room.read();
  expect(told).toContain('回复 1 更早的');
  expect(told).not.toContain('没有显示');
});

/** A journal of many rows, in the order of time but for some; counts what is read of it. */
const journalOf = (length: number) => {
  const read = { rows: 0, longest: 0 };
  const t0 = at(day('2024-01-01'), '00:00');
  const entry = (seq: number): JournalRow => ({
    seq,
    turn: seq,
    at: t0 + seq * 150_000 - (seq % 97 === 0 ? 3_000_000 : 0),
    sentAt: t0,
    actor: `p${seq % 60}`,
    command: '签到',
    table: seq % 3 ? 'visits' : 'questions',
    row: `${seq}`,
    before: null,
    after: null,
    source: '',
  });
  return {
    read,
    journal: async ({ actor, command, below = length + 1, above = 0, from, until }: JournalQuery, limit: number) => {
      if (from !== undefined || until !== undefined) throw new Error('days have no index');
      const rows: JournalRow[] = [];
      let walked = 0;
      for (let seq = Math.min(below - 1, length); seq > above && rows.length < limit; seq--, walked++)
        if ((actor === undefined || actor === `p${seq % 60}`) && (command === undefined || seq % 90_001 === 0)) rows.push(entry(seq));
      read.rows += rows.length;
      read.longest = Math.max(read.longest, walked);
      return rows;
    },
    all: (from: string, to: string) =>
      Array.from({ length }, (_, i) => entry(i + 1)).filter(
        r => r.table !== 'questions' && at(day(from), '00:00') <= r.at && r.at < at(addDays(day(to), 1), '00:00'),
      ),
  };
};

test.each([
  ['2024-01-05', '2024-01-05', 2_000],
  ['2024-06-01', '2024-06-03', 4_000],
  ['2024-12-12', '2024-12-12', 1_500],
  ['2023-01-01', '2023-01-05', 200],
  ['2025-06-01', '2025-06-05', 200],
])('of 200,000 rows those of %s to %s are found without reading more than %i in all, and none is missed', async (from, to, most) => {
  const journal = journalOf(200_000);
  const found: JournalRow[] = [];
  let before: number | undefined;
  do {
    const page = await pageOf(journal as never, { days: [{ from: day(from), to: day(to) }], before });
    found.push(...page.rows);
    before = page.next;
  } while (before !== undefined);
  expect(found.map(r => r.seq).sort((a, b) => a - b)).toEqual(journal.all(from, to).map(r => r.seq));
  expect(journal.read.rows).toBeLessThan(most);
});

test('where little of much is meant it is said that it goes on, and it does', async () => {
  const journal = journalOf(200_000);
  const asked = { journal: async (q: JournalQuery, n: number) => (await journal.journal(q, n)).map(r => ({ ...r, table: 'questions' })) };
  const page = await pageOf(asked as never, {});
  expect([page.rows.length, page.next]).toEqual([0, 200_001 - 40 * 51]);
  expect((await pageOf(asked as never, { before: page.next })).next).toBe(200_001 - 80 * 51);
});

test('a command that is seldom used is looked for in stretches, between which others are heard; all of it is found', async () => {
  const journal = journalOf(900_000);
  let heard = 0;
  let going = true;
  const others = () => {
    heard++;
    if (going) setImmediate(others);
  };
  setImmediate(others);
  const found: JournalRow[] = [];
  let pages = 0;
  for (let before: number | undefined; pages === 0 || before !== undefined; pages++) {
    const page = await pageOf(journal as never, { command: '模板', before });
    found.push(...page.rows);
    before = page.next;
  }
  going = false;
  expect(found.map(r => r.seq)).toEqual([8, 7, 5, 4, 2, 1].map(n => n * 90_001));
  expect(journal.read.longest).toBeLessThanOrEqual(10_000);
  expect(pages).toBe(3);
  expect(heard).toBeGreaterThanOrEqual(40);
});

test('a page of somebody on a day goes on with the same question', async () => {
  room = await chat();
  for (let n = 10; n < 65; n++) await room.say('阮若谷', `/设置 核实时间 16:${n % 60}`.replace(/:(\d)$/, ':0$1'));
  const first = await rows('记录 阮若谷 4月8日');
  expect(first.buttons).toEqual([expect.stringMatching(/^\/记录 阮若谷 2024-04-08 早于\d+$/)]);
  const second = await rows(first.buttons![0]!);
  expect([first.rows.length, second.rows.length, second.buttons]).toEqual([50, 5, undefined]);
});

test('rows are said in words: fields, people, units and times', async () => {
  room = await chat();
  await room.say('谢卓群', '/签到 古竹卫生院');
  await room.to('2024-04-08 17:00');
  await room.press('池景天', '在岗');
  await room.say('赖知远', '撤权 黄怀瑾 受援单位专人 城郊卫生院');
  const shown = (await rows('记录 今天')).rows
    .filter(r => r[2] !== '演示数据')
    .map(r =>
      r
        .slice(1)
        .join(' | ')
        .replace(/编号\S+/g, '编号…'),
    );
  expect(shown).toEqual([
    '赖知远 | 撤权 | 角色 黄怀瑾 城郊卫生院 编号… | 止：无→4月7日 周日',
    '池景天 | 核实 | 班次 谢卓群 古竹卫生院 4月8日 周一 编号… | 在岗：无→在岗；人次：等待→已核实；核实方：无→受援单位；核实时间：无→4月8日 周一 17:00；核实人：无→池景天',
    '谢卓群 | 签到 | 签到 谢卓群 古竹卫生院 4月8日 周一 编号… | 新建',
    '谢卓群 | 签到 | 班次 谢卓群 古竹卫生院 4月8日 周一 编号… | 新建',
  ]);
});

test('a record’s own number shows what became of it', async () => {
  room = await chat();
  await room.say('赖知远', '撤权 黄怀瑾 受援单位专人 城郊卫生院');
  const [row] = (await rows('记录 赖知远')).rows;
  const id = /编号(\S+)/.exec(row![3]!)![1]!;
  expect(id).toContain('-');
  expect((await rows(`记录 编号${id}`)).rows.map(r => r[2])).toEqual(['撤权', '演示数据']);
});

test('every field that is stored has its word', async () => {
  room = await chat();
  const fields = (await room.open.store().read.journal({}, 5_000)).flatMap(r => Object.keys(JSON.parse(r.after ?? '{}') as object));
  expect(fields.length).toBeGreaterThan(1_000);
  expect([...new Set(fields)].filter(f => !(f in FIELD_WORDS))).toEqual([]);
});

test('a matter’s number, as every card prints it, shows its asking and all that became of it, by whomever', async () => {
  room = await chat();
  const [asked] = await room.say('吴沐阳', '请假 4月17日 家中有事 改到 4月25日');
  const id = /编号(\d+)/.exec(asked!.card.title)![1]!;
  await room.press('黄怀瑾', '同意');
  await room.say('赖静姝', `驳回 ${id} 那天走不开`);
  for (const text of [`记录 ${id}`, `记录 编号${id}`]) {
    const { rows: all, title } = await rows(text);
    expect([text, [...new Set(all.map(r => `${r[1]} ${r[2]}`))], title]).toEqual([
      text,
      ['赖静姝 驳回', '黄怀瑾 批准', '吴沐阳 请假'],
      `编号${id} 记录 ${all.length} 条【演示数据】`,
    ]);
    expect(new Set(all.map(r => r.join())).size).toBe(all.length);
  }
  // 编号2 is not 编号20.
  expect((await rows(`记录 编号${id}0`)).rows.filter(r => r[2] === '请假')).toEqual([]);
});

test('somebody’s name means what that person did, and says so', async () => {
  room = await chat();
  await room.say('吴沐阳', '请假 4月17日 家中有事 改到 4月25日');
  await room.press('黄怀瑾', '同意');
  expect((await rows('记录 吴沐阳')).title).toMatch(/^吴沐阳经办 记录 \d+ 条/);
  // Also where there is nothing.
  const [none] = await room.say('童清和', '记录 谢卓群 设置');
  expect(none!.card.title).toContain('没有谢卓群经办 /设置 的记录');
});

test('a month or a quarter is that time, and further pages keep it', async () => {
  room = await chat();
  await room.say('阮若谷', '/设置 核实时间 16:30');
  await room.to('2024-05-09 08:00');
  await room.say('阮若谷', '/设置 核实时间 16:40');
  const settings = async (text: string) => (await rows(text)).rows.filter(r => r[2] === '设置').map(r => r[0]!.slice(0, 4));
  expect(await settings('记录 上个月 阮若谷')).toEqual(['4月8日']);
  expect(await settings('记录 本月 阮若谷')).toEqual(['5月9日']);
  expect(await settings('记录 第二季度 阮若谷')).toEqual(['5月9日', '4月8日']);
  const first = await rows('记录 4月');
  expect([first.title, first.buttons]).toEqual([
    expect.stringMatching(/^2024年4月 记录 50 条/),
    [expect.stringMatching(/^\/记录 2024-04-01至2024-04-30 早于\d+$/)],
  ]);
  expect((await rows(first.buttons![0]!)).rows.length).toBeGreaterThan(0);
});

test('what was typed may be asked for: all that one command changed, by one person or on one day, page by page', async () => {
  room = await chat();
  await room.say('阮若谷', '/设置 核实时间 16:30');
  await room.say('赖知远', '/设置 核实时间 16:40');
  await room.say('谢卓群', '/请假 4月17日 家中有事 改到 4月24日');
  const commands = async (text: string) => (await rows(text)).rows.map(r => [r[1], r[2]]);
  expect(await commands('记录 设置')).toEqual([
    ['赖知远', '设置'],
    ['阮若谷', '设置'],
  ]);
  expect(await commands('记录 设置 阮若谷')).toEqual([['阮若谷', '设置']]);
  expect(new Set((await commands('记录 请假')).map(String))).toEqual(new Set(['谢卓群,请假']));
  expect((await rows('记录 催报')).title).toContain('没有/催报 的记录');
  for (let n = 10; n < 59; n++) await room.say('阮若谷', `/设置 核实时间 17:${n}`);
  const first = await rows('记录 设置');
  expect([first.rows.length, first.buttons!.length]).toEqual([50, 1]);
  const second = await rows(first.buttons![0]!);
  expect(second.rows.map(r => r[2])).toEqual(['设置']);
});
