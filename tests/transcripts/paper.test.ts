/** Paper beside a check-in that somebody enters for a physician without an account. */
import { afterEach, expect, test } from 'vitest';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room?.close());
const picture = (text?: string) => ({
  kind: 'file' as const,
  name: '签到单.jpg',
  bytes: Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]),
  ...(text === undefined ? {} : { text }),
});
const codes = (all: { code: string }[]) => all.map(m => m.code);

test('a picture after a stand-in’s check-in is its paper: kept, shown to who verifies, taken back by 撤销', async () => {
  room = await chat();
  const [none] = await room.say('巫承安', '', undefined, picture());
  expect(none?.code).toBe('picture.unexpected');
  expect(
    await room.play(`
    巫承安> /签到 谢卓群
  `),
  ).toMatchInlineSnapshot(`
    "巫承安> /签到 谢卓群
    机器人→巫承安> 谢卓群：已签到 古竹卫生院【演示数据】
          | 4月8日 周一 08:00 坐诊
          | 今天没有排班，按临时下乡登记
          | 代签，等受援单位核实
          | 有纸质签到单，可接着发照片附上；没有也行
          [算作4月17日 周三的班次]"
  `);
  const [kept] = await room.say('巫承安', '', undefined, picture());
  expect(kept).toMatchObject({ code: 'check-in.paper', card: { title: '签到单已附上：谢卓群【演示数据】' } });
  expect(
    await room.play(`
    池景天> 核实
    池景天> [看谢卓群签到单]
    阮若谷> 核实 古竹卫生院
  `),
  ).toMatchInlineSnapshot(`
    "池景天> 核实
    机器人→池景天> 古竹卫生院 4月8日 周一【演示数据】
          | 谢卓群 坐诊（临时）：08:00签到（代签，有签到单）
          [在岗] [没到] [已改期] [看谢卓群签到单]
    池景天> [看谢卓群签到单]
    机器人→池景天> 谢卓群 4月8日 周一的签到单【演示数据】
          | 代签时附上的
          | 文件：签到单-谢卓群-2024-04-08.jpg
    阮若谷> 核实 古竹卫生院
    机器人→阮若谷> 古竹卫生院 4月8日 周一【演示数据】
          | 谢卓群 坐诊（临时）：08:00签到（代签，有签到单）
          [在岗] [没到] [已改期] [看谢卓群签到单]"
  `);
  const shown = room.messages('池景天').findLast(m => m.card.file)!.card.file!;
  expect((await room.open.sandbox.file(shown.id))?.bytes).toHaveLength(7);
  const [row] = await room.open.store().read.all('checkIns', {}, { by: 'at', descending: true, limit: 1 });
  expect(row).toMatchObject({ kind: 'stand-in', paper: `${shown.id}/7/jpg` });
  // A second picture belongs to nothing; another clinic sees nothing; taken back, it is gone.
  expect(codes(await room.say('巫承安', '', undefined, picture()))).toEqual(['picture.unexpected']);
  expect(codes(await room.say('黄怀瑾', `核实 ${row!.visit} 看签到单`))).toEqual(['verify.not-yours']);
  await room.say('巫承安', '撤销');
  expect(codes(await room.say('池景天', `核实 ${row!.visit} 看签到单`))).toEqual(['verify.no-paper']);
});

test('in one message with the words; in the group others’ pictures are passed over; half an hour later it is too late', async () => {
  room = await chat();
  const said = await room.say('池景天', '', '古竹', picture('/签到 谢卓群'));
  expect(said[0]?.card.lines).toContain('签到单已附上');
  expect(await room.say('梁逢春', '', '古竹', picture())).toEqual([]);
  await room.say('池景天', '撤销');
  await room.say('池景天', '/签到 谢卓群');
  await room.to('2024-04-08 08:31');
  expect(await room.say('池景天', '', '古竹', picture())).toEqual([]);
});
