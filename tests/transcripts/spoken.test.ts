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
  test.each(['好', '好的', '行', '可以', '好的谢谢', 'OK', '嗯'])('%s to a leave is told that nothing was done, with the same buttons', async said => {
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
  });

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
