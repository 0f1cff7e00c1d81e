/** After the last day of a programme: what happened in it is still verified, told and reported; nothing new begins. */
import { afterEach, expect, test } from 'vitest';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room.close());
const code = async (who: string, text: string) => (await room.say(who, text))[0]!.code;

test('a visit of the year’s last days is verified, its figures told and its month reported in January', async () => {
  room = await chat({ at: '2024-12-20 08:00' });
  await room.play(`
    华苏叶> /核实 4月8日 江安然 没到
    华苏叶> /月报 上报 照报 并入 零报告 12月 医师请假
    -- 2024-12-31 08:00 无 --
    江安然> /签到 高头卫生院
    -- 2024-12-31 20:00 无 --`);
  const again = await room.to('2025-01-02 09:00');
  expect(JSON.stringify(again.filter(m => m.conversation.id === `direct:${room.id('华苏叶')}`).map(m => m.card))).toContain(
    '12月31日 周二谁来了',
  );
  expect(await code('华苏叶', '/月报 上报 年终')).toBe('report.unverified');
  await room.press('华苏叶', '在岗');
  expect(await code('江安然', '/填报 12月31日 诊疗12 其余0')).toBe('figures.filed');
  expect(await code('江安然', '/填报 诊疗12 其余0')).toBe('programme.over');
  expect(await code('江安然', '/签到')).toBe('programme.over');
  expect(await code('华苏叶', '/核实 12月31日 全部 在岗')).toMatch(/^verify\./);
  const [filed] = await room.say('华苏叶', '/月报 上报 年终');
  expect([filed!.code, filed!.card.lines[0]]).toEqual(['report.filed', '人次 0，另补报以前的 1']);
});

test('by the 5th for the month before: December is worked on and filed in January', async () => {
  room = await chat({ programme: 'fujian-2022', at: '2022-12-30 08:00' });
  await room.play(`
    范修远> /签到 古田卫生院
    -- 2023-01-03 08:00 无 --`);
  expect(await code('阙春和', '/核实 12月30日 全部 在岗')).toBe('verify.done');
  expect(await code('范修远', '/填报 12月30日 诊疗20 其余0')).toBe('figures.filed');
  const [filed] = await room.say('阙春和', '/月报 上报 照报 并入 12月');
  expect(filed!.card.title).toBe('已上报 古田卫生院 2022年12月月报【演示数据】');
  expect(filed!.card.lines[0]).toMatch(/^人次 1/);
});
