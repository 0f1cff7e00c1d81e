/** A county of one's own: its rules as a copy of shipped ones, the first admin asked whose bureau it is, and a rehearsal of it from nothing. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { loadProgrammes, readProgramme } from '../../src/programmes/load.ts';
import { ownCounty } from '../../src/programmes/own-county.ts';
import { packageRoot } from '../../src/root.ts';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room?.close());
const shipped = readFileSync(join(packageRoot, 'src/programmes/yongding-2024.yaml'), 'utf8');
const own = ownCounty(shipped, 'yongding-2024.yaml', { id: 'qinghe-2024', city: '云州市', district: '青河县' });

test('a copy for another county names it alone, keeps the rules and leaves the number open', () => {
  const { programme } = readProgramme(own, 'qinghe-2024.yaml');
  expect([programme.id, programme.bureau, programme.city, programme.district]).toEqual([
    'qinghe-2024',
    '云州市青河县卫生健康局',
    '云州市',
    '青河县',
  ]);
  expect(own).not.toMatch(/永定|龙岩|永卫|古竹/);
  expect(programme.document.number).toBeNull();
  expect(programme.leave?.steps.map(s => s.id)).toEqual(readProgramme(shipped, 'yongding-2024.yaml').programme.leave?.steps.map(s => s.id));
});

test('what is no county document, and what is no name, is refused', () => {
  const fujian = readFileSync(join(packageRoot, 'src/programmes/fujian-2022.yaml'), 'utf8');
  expect(() => ownCounty(fujian, 'fujian-2022.yaml', { id: 'a-2024', city: '云州市', district: '青河县' })).toThrow('fujian-2022');
  for (const wrong of [
    { id: 'qinghe', city: '云州市', district: '青河县' },
    { id: 'qinghe-2024', city: '', district: '青河县' },
    { id: 'yongding-2024', city: '云州市', district: '青河县' },
  ])
    expect(() => ownCounty(shipped, 'yongding-2024.yaml', wrong)).toThrow();
});

test('of two counties nobody is guessed: the first admin says whose bureau it is, with or without his name', async () => {
  room = await chat({ empty: true, more: [own] });
  const code = room.open.claimCode()!;
  expect((await room.play(`赖知远> 认领 ${code} 何一舟`)).replaceAll(code, 'CODE')).toMatchInlineSnapshot(`
    "赖知远> 认领 CODE 何一舟
    机器人→赖知远> 是哪个卫健局？
          | 有方案的：龙岩市永定区卫生健康局、云州市青河县卫生健康局
          | 码还能用，这样发：
          | /认领 代码 何一舟 云州市青河县卫生健康局"
  `);
  expect((await room.play(`赖知远> 认领 ${code} 何一舟 湖畔县卫生健康局`)).replaceAll(code, 'CODE')).toMatchInlineSnapshot(`
    "赖知远> 认领 CODE 何一舟 湖畔县卫生健康局
    机器人→赖知远> 没有“湖畔县卫生健康局”的方案文件
          | 现有的是：龙岩市永定区卫生健康局、云州市青河县卫生健康局
          | 先照抄一份：npm run own-county，核对后重新启动；码还能用"
  `);
  expect(await room.open.store().read.count('people', {})).toBe(0);
  expect((await room.play(`赖知远> 认领 ${code} 青河县卫健局 何一舟`)).replaceAll(code, 'CODE')).toMatchInlineSnapshot(`
    "赖知远> 认领 CODE 青河县卫健局 何一舟
    机器人→赖知远> 认领成功，何一舟是系统管理员
          | 云州市青河县卫生健康局
          | 青河县2024年度“医师下基层”对口支援
          | 下一步：/导入 安排表，再 /导入 联络员
          | 建好工作群后在群里发 /绑定群"
  `);
});

test('a bureau of which no document is here is refused, although only one is', async () => {
  room = await chat({ empty: true });
  const [answer] = await room.say('赖知远', `认领 ${room.open.claimCode()} 何一舟 青河县卫生健康局`);
  expect([answer!.code, await room.open.store().read.count('people', {})]).toEqual(['claim.no-county', 0]);
});

test('a programme without a demo is rehearsed from nothing, on its own first day', async () => {
  room = await chat({ more: [own.replace('2024-01-01', '2024-03-01')] });
  const { sandbox } = room.open;
  expect(await sandbox.reset({ programme: 'qinghe-2024' })).toMatchObject({ problem: { code: 'programme.unknown' } });
  expect(await sandbox.reset({ programme: 'qinghe-2024', empty: true })).toEqual({ now: Date.parse('2024-03-01T00:00:00Z') });
  const state = await sandbox.state();
  expect([state.programme, new Date(state.now).toISOString(), state.groups]).toEqual(['qinghe-2024', '2024-03-01T00:00:00.000Z', []]);
  expect((await room.say('赖知远', `认领 ${room.open.claimCode()} 何一舟 青河县`))[0]!.card.lines[0]).toBe('云州市青河县卫生健康局');
  // 重来 begins the same again.
  await sandbox.reset({ again: true });
  expect([(await sandbox.state()).programme, room.open.claimCode() !== null]).toEqual(['qinghe-2024', true]);
});

test('every shipped county programme can be copied', () => {
  const counties = loadProgrammes([join(packageRoot, 'src/programmes')]).filter(p => p.programme.district !== undefined);
  expect(counties.length).toBeGreaterThan(0);
  for (const { text, file } of counties) ownCounty(text, file, { id: 'qinghe-2030', city: '云州市', district: '青河县' });
});
