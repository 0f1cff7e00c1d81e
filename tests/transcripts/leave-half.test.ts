/** Leave of half a day, and what was said of the other half: 销假 brings back what was on leave, and nothing else changes. */
import { afterEach, expect, test } from 'vitest';
import { day } from '../../src/core/day.ts';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room.close());

const visitsOn = async (on: string) => {
  const visits = await room.open.store().read.all('visits', { person: await room.person('谢卓群'), day: day(on), state: 'on' });
  return visits
    .sort((a, b) => Number(b.am) - Number(a.am))
    .map(v => [`${v.am ? '上午' : ''}${v.pm ? '下午' : ''}`, v.presence, v.tally, v.tallyHalf ? '半天' : '']);
};
const counted = async (who = '丘书瑶') => (await room.say(who, '/统计'))[0]!.card.lines.find(l => l.startsWith('人次'));
const agree = async () => {
  for (const who of ['巫承安', '池景天', '赖知远']) await room.press(who, '同意');
};

test.each([
  ['下午', '上午'],
  ['上午', '下午'],
])('%s on leave, the other half verified: 销假 leaves it a verified half day', async (away, there) => {
  room = await chat({ at: '2024-04-12 08:00' });
  await room.say('谢卓群', `/请假 4月17日${away} 家中有事 改到 4月24日${away}`);
  await agree();
  await room.to('2024-04-17 12:10');
  await room.say('池景天', '/核实 谢卓群 在岗');
  const before = await counted();
  expect(before).toContain('其中半天 1');
  const [back] = await room.say('谢卓群', '/销假');
  expect(back!.card.lines[0]).toContain(`4月17日 周三${away} 照常`);
  const half = [there, 'present', 'verified', '半天'];
  const open = [away, null, null, ''];
  expect(await visitsOn('2024-04-17')).toEqual(there === '上午' ? [half, open] : [open, half]);
  expect(await visitsOn('2024-04-24')).toEqual([]);
  expect(await counted()).toContain('其中半天 1');
  // The half that came back is asked of the clinic, and makes the day whole.
  await room.to('2024-04-17 17:30');
  await room.say('池景天', `/核实 谢卓群 ${away} 在岗`);
  expect(await counted()).not.toContain('其中半天');
  expect((await visitsOn('2024-04-17')).filter(v => v[2] === 'verified')).toHaveLength(1);
});

test('checked in for the whole day, and the afternoon on leave since: what waits is half a day', async () => {
  room = await chat({ at: '2024-04-17 08:00' });
  await room.say('谢卓群', '/签到');
  expect(await visitsOn('2024-04-17')).toEqual([['上午下午', null, 'waiting', '']]);
  await room.say('谢卓群', '/请假 紧急 今天下午 家人急病 改到 4月24日下午');
  await agree();
  expect(await visitsOn('2024-04-17')).toEqual([['上午', null, 'waiting', '半天']]);
});

test('a day that was moved and taken leave of is promised still when it is back', async () => {
  room = await chat({ at: '2024-04-08 08:00' });
  await room.say('赖知远', '/改班 4月17日 谢卓群 停电 改到 4月18日');
  await room.say('谢卓群', '/请假 4月18日 家中有事 改到 4月24日');
  await agree();
  await room.say('谢卓群', '/销假');
  const [visit] = await room.open.store().read.all('visits', { person: await room.person('谢卓群'), day: day('2024-04-18'), state: 'on' });
  const source = await room.open.store().read.get('visits', visit!.moved!);
  expect([source!.day, source!.reason, source!.moved]).toEqual(['2024-04-17', '停电', visit!.id]);
});
