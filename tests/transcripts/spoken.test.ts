/** Lines as a tired person speaks them into a phone: nothing said to an open card is passed over, and what is offered is what was meant. */
import { afterEach, describe, expect, test } from 'vitest';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room?.close());
const offers = async (who: string, said: string) => {
  const [card] = await room.say(who, said);
  return [card!.code, card!.card.buttons?.map(b => b.label)];
};

describe('好的 to a card that still asks', () => {
  test.each(['好', '好的', '行', '可以', '好的谢谢', 'OK', '嗯'])(
    '%s to a leave is told that nothing was done, with the same buttons',
    async said => {
      room = await chat();
      await room.say('谢卓群', '请假 4月17日 出差 改到 4月24日');
      const [card, ...more] = await room.say('巫承安', said);
      expect(more).toEqual([]);
      expect(card!.card).toMatchObject({
        title: '还没有办，请点一个【演示数据】',
        lines: ['请假：谢卓群 4月17日 周三'],
        buttons: [{ label: '同意' }, { label: '不同意' }],
      });
      await room.press('巫承安', '同意');
      expect(await room.say('巫承安', said)).toEqual([]);
    },
  );

  test('to what was only offered as well', async () => {
    room = await chat();
    await room.say('谢卓群', '到古竹卫生院了');
    expect(await offers('谢卓群', '好的')).toEqual(['offer.open', ['/签到 古竹卫生院']]);
    await room.press('谢卓群', '/签到');
    expect(await room.say('谢卓群', '好的')).toEqual([]);
  });

  test('what only says that it was read, comes later, or stands in a group, is left alone', async () => {
    room = await chat();
    await room.say('谢卓群', '请假 4月17日 出差 改到 4月24日');
    expect(await room.say('巫承安', '收到')).toEqual([]);
    expect(await room.say('巫承安', '好的，知道了')).toEqual([]);
    expect(await room.say('池景天', '好的', '古竹')).toEqual([]);
    await room.to('2024-04-08 08:20');
    expect(await room.say('巫承安', '好的')).toEqual([]);
  });
});

test.each<[who: string, said: string, buttons: string[]]>([
  ['池景天', '谢医师17号请假的事我同意', ['/批准']],
  ['巫承安', '谢卓群的请假同意', ['/批准']],
  ['池景天', '谢医生的假我同意了', ['/批准']],
  ['池景天', '谢医生的假我不同意', ['/驳回']],
  ['谢卓群', '领导同意我请假了', ['/请假 领导同意']],
  ['谢卓群', '请假批了没有', ['/我的']],
])('%s: %s is about an answer to a leave, not another leave', async (who, said, buttons) => {
  room = await chat();
  await room.say('谢卓群', '请假 4月17日 出差 改到 4月24日');
  expect(await offers(who, said)).toEqual(['command.near', buttons]);
});

test('不是…是…: the day that was wrong is told from the other one', async () => {
  room = await chat();
  await room.say('谢卓群', '请假 4月17日 出差 改到 4月24日');
  for (const said of ['改错了不是24号是25号', '不是24号，是25号', '错了，24号改成25号'])
    expect([said, ...(await offers('谢卓群', said)).flat()]).toEqual([
      said,
      'leave.correct',
      expect.stringMatching(/^撤回/),
      '/请假 4月17日 出差 改到 4月25日',
    ]);
  await room.say('赖知远', '排班 谢卓群 4月18日');
  expect((await offers('谢卓群', '不是17号是18号')).flat().at(-1)).toBe('/请假 4月18日 出差 改到 4月24日');
});

describe('figures with the clinic named', () => {
  test.each([
    ['谢卓群', '我今天在古竹看了12个病人讲了一次课查房3次', '/填报 2024-04-08 古竹卫生院 诊疗12 查房3 讲座1'],
    ['谢卓群', '我看了30个病人', '/填报 2024-04-08 诊疗30'],
    ['谢卓群', '今天我们一共看了30个病人', '/填报 2024-04-08 诊疗30'],
    ['谢卓群', '今天古竹卫生院门诊12人次', '/填报 2024-04-08 古竹卫生院 诊疗12'],
    ['池景天', '谢卓群今天看了12个病人', '/填报 2024-04-08 谢卓群 诊疗12'],
  ])('%s: %s', async (who, said, command) => {
    room = await chat();
    await room.say('谢卓群', '签到');
    const [card] = await room.say(who, said);
    expect([card!.code, card!.card.buttons?.map(b => b.command)]).toEqual(['help.overheard', [command]]);
    const [done] = await room.press(who, '填报');
    expect(done!.code).toBe('figures.filed');
  });
});

test('two things in one breath are offered each', async () => {
  room = await chat();
  expect(await offers('谢卓群', '我到古竹了今天看病人十二个')).toEqual(['command.near', ['/签到 古竹', '填报']]);
  expect(await offers('谢卓群', '到了看了12个病人')).toEqual(['command.near', ['/签到', '填报']]);
});

test('撤消 is 撤销', async () => {
  room = await chat();
  await room.say('谢卓群', '签到');
  expect((await room.say('谢卓群', '撤消'))[0]!.code).toBe('undo.done');
});

describe('an empty installation', () => {
  test.each([
    ['怎么导入', '/帮助 导入'],
    ['请问怎么绑定群？', '/帮助 绑定群'],
    ['怎么设置提醒时间', '/帮助 设置'],
    ['排班怎么排', '/帮助 排班'],
    ['下一步怎么办', '/体检'],
  ])('%s leads to %s', async (said, command) => {
    room = await chat({ empty: true });
    await room.say('赖知远', `认领码 ${(await room.open.sandbox.state()).claimCode}`);
    const [card] = await room.say('赖知远', said);
    expect([card!.code, card!.card.buttons?.map(b => b.command)]).toEqual(['command.near', [command]]);
  });
});

test('/撤销 says what it took back', async () => {
  room = await chat();
  await room.say('邱思源', '排班 张晓岚 5月8日');
  await room.say('邱思源', '排班 公布 5月');
  await room.say('邱思源', '排班 张晓岚 每月第三个周三去湖雷看');
  const [card] = await room.say('邱思源', '撤销');
  expect([card!.code, card!.card.lines[0]]).toEqual(['undo.done', '收回的是“已公布2024年5月排班”']);
});

test('what was said in a group is not repeated elsewhere', async () => {
  room = await chat();
  await room.say('谢卓群', '/签到', '古竹');
  const [card] = await room.say('谢卓群', '撤销');
  expect([card!.code, card!.card.lines]).toEqual(['undo.done', []]);
});

describe('a schedule as it is spoken', () => {
  test.each([
    ['邱思源', '排班 张晓岚5月15号去湖雷卫生院', 'schedule.planned'],
    ['邱思源', '排班 张晓岚每月第三个周四去湖雷', 'schedule.planned'],
    ['邱思源', '排班 5月15号到湖雷 张晓岚', 'schedule.planned'],
  ])('%s: %s', async (who, said, code) => {
    room = await chat();
    expect((await room.say(who, said))[0]!.code).toBe(code);
  });

  test.each([
    ['给张晓岚排5月8号', '/排班 张晓岚 5月8日'],
    ['张晓岚每月第二个周三去湖雷', '/排班 张晓岚每月第二个周三去湖雷'],
    ['张晓岚5月15号上午去湖雷卫生院', '/排班 张晓岚 5月15日 上午 去湖雷卫生院'],
    ['排班张晓岚每月第二个周三', '/排班 张晓岚每月第二个周三'],
    ['公布4月的排班', '/排班 公布4月'],
    ['把5月排班公布一下', '/排班 5月 公布'],
  ])('邱思源: %s', async (said, button) => {
    room = await chat();
    expect(await offers('邱思源', said)).toEqual(['command.near', [button]]);
  });

  test('what is not understood is told with a line that plans', async () => {
    room = await chat();
    const [card] = await room.say('邱思源', '排班 张晓岚 5月8日 随便');
    expect(card!.card.lines.at(-1)).toBe('这样发：/排班 张三 5月12日 上午 上门送医');
  });
});

describe('a word on a button of the card that asks, typed', () => {
  test('同意 and 不同意 answer the leave, though they are commands', async () => {
    room = await chat();
    await room.say('谢卓群', '请假 4月17日 出差 改到 4月24日');
    expect((await room.say('巫承安', '同意'))[0]!.code).toBe('leave.agreed');
    expect((await room.say('池景天', '不同意'))[0]!.card.title).toBe('为什么不同意？【演示数据】');
    expect((await room.say('池景天', '当天要体检'))[0]!.code).toBe('leave.refused-done');
    expect((await room.open.store().read.all('leaves', {})).map(l => l.state)).not.toContain('open');
  });

  test('在岗 verifies at 17:00; with a slash, or later, it shows who is there', async () => {
    room = await chat();
    await room.say('谢卓群', '/签到', '古竹');
    await room.to('2024-04-08 17:01');
    expect((await room.say('池景天', '/在岗'))[0]!.code).toBe('presence.shown');
    await room.to('2024-04-09 09:01');
    expect((await room.say('池景天', '在岗'))[0]!.code).toBe('verify.done');
    expect((await room.say('池景天', '在岗'))[0]!.code).toBe('presence.none');
  });
});

test('别的没有 is 其余0', async () => {
  room = await chat();
  await room.say('谢卓群', '签到');
  const [card] = await room.say('谢卓群', '我看了十五个病人做了两次讨论别的没有');
  expect(card!.card.buttons?.map(b => b.command)).toEqual(['/填报 2024-04-08 诊疗15 讨论2 其余0']);
});

test.each<[who: string, said: string, buttons: string[]]>([
  ['陈景行', '把4月17号古竹的改到19号停电', ['/改班 4月17日 古竹 改到 4月19日 停电']],
  ['池景天', '谢卓群17号体检改到19号', ['/改班 谢卓群 4月17日 体检改到 4月19日']],
  ['谢卓群', '17号大雨去不了改到19号', ['/请假 4月17日 大雨 改到 4月19日']],
  ['谢卓群', '昨天忘记打卡了手机没电', ['/补签 4月7日 手机没电']],
  ['谢卓群', '昨天去了古竹忘打卡', ['/补签 4月7日 古竹']],
  ['谢卓群', '忘了签到算缺勤吗', ['/补签']],
  ['陈景行', '这周哪些人没来', ['/在岗']],
  ['丘书瑶', '今天古竹有人吗', ['/在岗 4月8日 古竹']],
])('%s: %s', async (who, said, buttons) => {
  room = await chat();
  expect(await offers(who, said)).toEqual(['command.near', buttons]);
});

test('what is offered for a power cut moves the visit', async () => {
  room = await chat();
  await room.say('陈景行', '把4月17号古竹的改到19号停电');
  const told = await room.press('陈景行', '/改班');
  expect(told[0]!.card.title).toBe('已改：谢卓群改到4月19日 周五【演示数据】');
});
