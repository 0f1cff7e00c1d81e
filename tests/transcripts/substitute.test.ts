/** /换人: for a day or for good is asked where it is not said, and what is done already is not told again. */
import { afterEach, expect, test } from 'vitest';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room?.close());

const onOf = async (name: string) => {
  const { read } = room.open.store();
  return (await read.all('visits', { person: await room.person(name), state: 'on' })).map(v => v.day).filter(d => d >= '2024-04-08');
};
const asked = async (text: string) => {
  const [answer, ...others] = await room.say('赖知远', text);
  expect(others).toEqual([]);
  return answer!;
};

test.each([
  ['换人 谢卓群 戴泽宇', '这一班 4月17日 自5月起'],
  ['换人 谢卓群 戴泽宇 自4月15日起', '这一班 4月17日 自5月起'],
  ['换人 谢卓群 戴泽宇 4月17日起', '这一班 4月17日 自5月起'],
  ['换人 谢卓群 戴泽宇 4月中旬起', '这一班 4月17日 自5月起'],
  ['换人 谢卓群 戴泽宇 5月', '自5月起'],
])('%s is asked about, and nothing is done', async (text, buttons) => {
  room = await chat();
  const answer = await asked(text);
  expect([answer.code, answer.card.title]).toEqual(['substitute.which', '哪天，还是从哪个月起？【演示数据】']);
  expect(answer.card.buttons!.map(b => b.label).join(' ')).toBe(buttons);
  if (text.includes('中旬')) expect(answer.card.lines[0]).toBe('没认出“4月中旬起”，还没有换');
  expect(await onOf('谢卓群')).toEqual(['2024-04-17']);
});

test.each(['自5月起', '5月起', '从五月开始', '5月1日起', '自2024年5月起', '下月起', '5月初起'])(
  '%s is for good, and leaves April alone',
  async when => {
    room = await chat();
    const [answer] = await room.say('赖知远', `换人 谢卓群 戴泽宇 ${when}`);
    expect([answer!.code, answer!.card.title]).toEqual(['substitute.lasting', '2024年5月起由戴泽宇接替谢卓群【演示数据】']);
    expect(await onOf('谢卓群')).toEqual(['2024-04-17']);
  },
);

test('a button or an answer does the one or the other', async () => {
  room = await chat();
  await room.say('赖知远', '换人 谢卓群 戴泽宇 卫生院要求');
  const [swapped, ...told] = await room.press('赖知远', '这一班');
  expect(swapped!.card.title).toBe('4月17日 周三由戴泽宇替谢卓群【演示数据】');
  expect(told.length).toBeGreaterThan(2);
  await room.say('赖知远', '换人 谢卓群 戴泽宇');
  const [lasting] = await room.say('赖知远', '自6月起');
  expect(lasting!.card.title).toBe('2024年6月起由戴泽宇接替谢卓群【演示数据】');
});

test('what is done already is said, and nobody hears of it again', async () => {
  room = await chat();
  await room.say('赖知远', '换人 谢卓群 戴泽宇 自5月起');
  const again = await asked('换人 谢卓群 戴泽宇 自5月起');
  expect([again.code, again.card.title]).toEqual(['substitute.already', '2024年5月起已由戴泽宇接替谢卓群【演示数据】']);
  const open = await asked('换人 谢卓群 戴泽宇');
  expect(open.card.buttons!.map(b => b.label)).toEqual(['这一班 4月17日']);
  expect(open.card.lines).toContain('2024年5月起已由戴泽宇接替');
  await room.press('赖知远', '这一班');
  expect((await asked('换人 谢卓群 戴泽宇 4月17日')).card.title).toBe('4月17日 周三已由戴泽宇替谢卓群【演示数据】');
  expect((await asked('换人 谢卓群 戴泽宇')).code).toBe('substitute.already');
});

test('all the days that are named pass on, and half a day only where it is a visit of its own', async () => {
  room = await chat();
  await room.say('赖知远', '排班 谢卓群 4月24日 上午');
  const whole = await asked('换人 谢卓群 戴泽宇 4月17日 上午');
  expect([whole.code, await onOf('谢卓群')]).toEqual(['substitute.whole-day', ['2024-04-17', '2024-04-24']]);
  expect((await room.say('赖知远', '换人 谢卓群 戴泽宇 4月17日、24日'))[0]!.card.title).toBe('2班由戴泽宇替谢卓群【演示数据】');
  expect(await onOf('谢卓群')).toEqual([]);
});

test('whoever may do it is told the whole line, its day with it', async () => {
  room = await chat();
  const lines = async (when: string) => (await room.say('巫承安', `换人 谢卓群 钟子墨 ${when}`))[0]!.card.lines.at(-1);
  expect(await lines('自4月15日起')).toBe('请他们发：/换人 谢卓群 钟子墨 自2024年4月15日起');
  expect(await lines('4月17日 上午')).toBe('请他们发：/换人 谢卓群 钟子墨 2024年4月17日上午');
  expect(await lines('5月')).toBe('请他们发：/换人 谢卓群 钟子墨 2024年5月');
});

test('who for whom may be said with 换成 between the two', async () => {
  room = await chat();
  for (const line of ['/换人 吴沐阳换成钟心怡', '/换人 吴沐阳 换成 钟心怡']) {
    const [asked] = await room.say('赖静姝', line);
    expect([asked!.code, asked!.card.lines[0]]).toEqual(['substitute.which', '钟心怡替吴沐阳，还没有换']);
  }
});
