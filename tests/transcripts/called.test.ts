/** Figures said of 谢医生, and a unit's figures of the month without their command: offered to whoever may report them, never done. */
import { afterEach, expect, test } from 'vitest';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room.close());

const offered = async (who: string, text: string, where?: string) => {
  const [answer] = await room.say(who, text, where);
  return [answer?.code, answer?.card.title.replace('【演示数据】', ''), answer?.card.buttons?.map(b => `${b.label}=${b.command}`)] as const;
};
const nothingDone = async () => {
  const { read } = room.open.store();
  expect([await read.count('workloads', {}), await read.count('unitMonths', {})]).toEqual(await before);
};
let before: Promise<number[]>;
const open = async () => {
  room = await chat({ at: '2024-04-17 15:00' });
  const { read } = room.open.store();
  before = Promise.all([read.count('workloads', {}), read.count('unitMonths', {})]);
  await before;
};

test.each([
  ['谢医生 诊疗12', '/填报 2024-04-17 谢卓群 诊疗12'],
  ['谢医生今天看了12个病人', '/填报 2024-04-17 谢卓群 诊疗12'],
  ['昨天谢大夫看了12个病人', '/填报 2024-04-16 谢卓群 诊疗12'],
  ['谢主任 诊疗12 讨论2', '/填报 2024-04-17 谢卓群 诊疗12 讨论2'],
])('%s: the one physician of the speaker’s unit who is called so', async (text, command) => {
  await open();
  for (const who of ['池景天', '巫承安'])
    expect(await offered(who, text)).toEqual(['help.overheard', '还没有记下，要填报吗？', [`填报=${command}`]]);
  await nothingDone();
});

test('whom the speaker reports for nobody, or of another unit, is not named', async () => {
  await open();
  // Of another clinic; a bureau's chief; a physician, whose own figures are his alone; nobody of that name.
  for (const who of ['黄怀瑾', '丘书瑶', '吴沐阳']) expect((await offered(who, '谢医生 诊疗12'))[0]).not.toBe('help.overheard');
  expect(JSON.stringify(await room.say('黄怀瑾', '谢医生 诊疗12'))).not.toContain('谢卓群');
  expect((await offered('池景天', '赵医生 诊疗12'))[0]).not.toBe('help.overheard');
  // In a group nobody's name is added to what was said.
  expect(JSON.stringify(await room.say('池景天', '@下基层助手 谢医生 诊疗12', '古竹'))).not.toContain('谢卓群');
});

test('two who are called so are asked by buttons, each with the whole line', async () => {
  await open();
  const header = ['基层医疗卫生机构名称', '上级医疗机构名称', '下基层人员姓名', '专业', '职称', '联系方式'].join('\t');
  await room.say('赖知远', `/导入\n${header}\n永定区古竹乡卫生院\t龙岩市中医院\t谢一鸣\t内科\t主治医师\t13900009123`);
  await room.press('赖知远', '确认，保留未列的');
  const [asked] = await room.say('池景天', '谢医生今天看了12个病人');
  expect([asked!.code, asked!.card.title, asked!.card.lines]).toEqual([
    'help.overheard',
    '“谢医生”是哪一位？还没有记下【演示数据】',
    ['诊疗12'],
  ]);
  expect(asked!.card.buttons!.map(b => b.command).sort()).toEqual(
    ['谢一鸣', '谢卓群'].map(name => `/填报 2024-04-17 ${name} 诊疗12`).sort(),
  );
  await nothingDone();
  expect((await room.press('池景天', '谢卓群'))[0]!.code).toBe('figures.filed');
});

test.each([
  ['传单200', '/宣传 传单200'],
  ['单页200份 电子屏3', '/宣传 传单200 电子屏3'],
  ['4月 传单200', '/宣传 2024年4月 传单200'],
])('%s is offered as the month of the clinic', async (text, command) => {
  await open();
  const [code, title, buttons] = await offered('池景天', text);
  expect([code, title, buttons]).toEqual(['help.overheard', '还没有记下，要报宣传吗？', [`宣传=${command}`]]);
  // Who has no such figures, and words that are not exactly those, are met as before.
  expect((await offered('吴沐阳', text))[0]).not.toBe('help.overheard');
  expect((await offered('巫承安', text))[0]).not.toBe('help.overheard');
  expect((await offered('池景天', `${text} 还有别的`))[0]).not.toBe('help.overheard');
  await nothingDone();
});
