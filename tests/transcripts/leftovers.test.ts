/** Nothing that was typed is silently replaced or dropped: what was not understood is said, with a line that works, and nothing is done. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Chat, chat } from '../harness/chat.ts';
import { meter } from '../harness/spent.ts';

let room: Chat;
beforeAll(async () => {
  room = await chat();
});
afterAll(() => room.close());
const journal = async () => (await room.open.store().read.journal({}, 1))[0]?.seq;

test.each<[text: string, code: string, words: string]>([
  ['统计 13月', 'args.no-such-period', '没有“13月”'],
  ['统计 十三月', 'args.no-such-period', '没有“十三月”'],
  ['统计 0月', 'args.no-such-period', '没有“0月”'],
  ['统计 第五季度', 'args.no-such-period', '没有“第五季度”'],
  ['统计 5季度', 'args.no-such-period', '没有“5季度”'],
  ['统计 2024-13', 'args.no-such-period', '没有“2024-13”'],
  ['排班 13月', 'args.no-such-period', '没有“13月”'],
  ['月报 13月', 'args.no-such-period', '没有“13月”'],
  ['催报 13月', 'args.no-such-period', '没有“13月”'],
  ['通报 13月', 'args.no-such-period', '没有“13月”'],
  ['导入 自13月起', 'args.no-such-period', '没有“13月”'],
  ['导出 附件3 13月', 'args.no-such-period', '没有“13月”'],
  ['统计 谢卓群', 'args.not-understood', '没认出“谢卓群”，没有办'],
  ['统计 江安然', 'args.not-understood', '没认出“江安然”，没有办'],
  ['统计 城关', 'args.unknown-name', '没有找到“城关”'],
  ['统计 3月 城郊 古竹', 'args.one-only', '“古竹”多了，没有办'],
  ['统计 城郊、古竹 3月', 'args.one-only', '“古竹”多了，没有办'],
  ['统计 3月 4月', 'args.one-only', '“4月”多了，没有办'],
  ['月报 4月 城郊 古竹', 'args.one-only', '“古竹”多了，没有办'],
  ['月报 4月 谢卓群', 'args.not-understood', '没认出“谢卓群”，没有办'],
  ['月报 城关', 'args.unknown-name', '没有找到“城关”'],
  ['排班 张晓岚 戴泽宇 5月20日', 'args.one-only', '“戴泽宇”多了，没有办'],
  ['排班 游不凡 5月20日', 'args.not-understood', '没认出“游不凡”，没有办'],
  ['排班 张晓岚 5月20日 去别处', 'args.not-understood', '没认出“去别处”，没有办'],
  ['通报 城郊', 'args.not-understood', '没认出“城郊”，没有办'],
  ['待办 谢卓群', 'args.not-understood', '没认出“谢卓群”，没有办'],
  ['撤销 57', 'args.not-understood', '没认出“57”，没有办'],
])('%s', async (text, code, words) => {
  const before = await journal();
  const [answer] = await room.say('赖知远', text);
  expect([answer!.code, answer!.card.title.replace('【演示数据】', '')]).toEqual([code, words]);
  expect(answer!.card.lines.at(-1)).toMatch(/^这样发：\//);
  expect(await journal()).toBe(before);
});

test.each([
  ['统计 一下', 'statistics.shown'],
  ['统计 本月 的 情况', 'statistics.shown'],
  ['统计 5月 谢谢', 'statistics.shown'],
  ['统计表', 'statistics.shown'],
  ['待办 有哪些？', 'todo'],
  ['催报 4月 谢谢', 'chase'],
])('%s is understood: nothing is lost with what says nothing', async (text, code) => {
  const [answer] = await room.say('赖知远', `/${text}`);
  expect(answer!.code).toMatch(code);
});

test('a long word of politeness does not hold the bot up', async () => {
  const used = meter();
  const [answer] = await room.say('赖知远', `统计 ${'谢'.repeat(3_000)}x`);
  expect(answer!.code).toBe('args.not-understood');
  expect(used()).toBeLessThan(2_000);
});
