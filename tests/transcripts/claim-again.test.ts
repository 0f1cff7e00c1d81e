/** An admin who lost his account: whoever operates the machine takes a code there, while the program runs. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { freshCode } from '../../src/bot/claim-code.ts';
import { packageRoot } from '../../src/root.ts';
import type { Chat } from '../harness/chat.ts';
import { transcriptOn } from '../harness/everywhere.ts';
import { feishuWorld } from '../harness/live-world.ts';

let room: Chat | undefined;
afterEach(() => room?.close());

/** A code as the machine leaves it for the program. */
const leave = async ({ open }: Chat, ago = 0): Promise<string> => {
  const { code, digest } = freshCode();
  await open.assembled().codeLeft({ digest, at: open.sandbox.now() - ago });
  await open.assembled().relay.drain();
  return code;
};
const told = ({ open }: Chat, code: string): string => open.sandbox.messages()!.findLast(m => m.code === code)!.card.title;

transcriptOn(['sandbox'], 'an admin comes back with a new account: the old one stops and is told', async open => {
  room = await open();
  await room.say('赖知远', '网页');
  expect(await room.open.store().read.count('sessions', {})).toBe(1);
  const code = await leave(room);
  expect(told(room, 'claim.told')).toBe('服务器上生成了新的认领码【演示数据】');
  const script = await room.play(`
    丘暮雪> 认领 ${code}
    丘暮雪> 认领 ${code} 赖知远
    丘暮雪> 认领 ${code} 赖知远
    丘暮雪> 我的
    赖知远> 我的
  `);
  expect(script.replaceAll(code, 'CODE')).toMatchInlineSnapshot(`
    "丘暮雪> 认领 CODE
    机器人→丘暮雪> 请写上姓名【演示数据】
          | 码还能用，这样发：
          | /认领 CODE 张三
    丘暮雪> 认领 CODE 赖知远
    机器人→丘暮雪> 认领成功，赖知远还是系统管理员【演示数据】
          | 原来的账号已停用，并告知了它
    机器人→赖知远> 您换到了新账号，这个账号停用【演示数据】
          | 新账号凭服务器上取的认领码绑定为赖知远
          | 不是您本人，请马上找管理服务器的人
    丘暮雪> 认领 CODE 赖知远
    机器人→丘暮雪> /认领 不用再发【演示数据】
          | 您已经绑定，只有还没绑定的账号用得上
          | 您的角色发 我的 看
    丘暮雪> 我的
    机器人→丘暮雪> 赖知远【演示数据】
          | 区卫健局医政股工作人员、区卫健局系统管理员
          | 手机 139****1001
    赖知远> 我的
    机器人→赖知远> 还不认识您【演示数据】
          | 请私聊我发：绑定 姓名 手机后四位"
  `);
  expect(await room.open.store().read.count('sessions', {})).toBe(0);
  const rows = await room.open.store().read.journal({ table: 'codes' }, 5);
  expect(rows.map(r => [r.command, r.actor, r.before === null])).toEqual([
    ['认领', null, false],
    ['认领码', null, true],
  ]);
});

transcriptOn(['sandbox'], 'somebody else becomes an admin beside him, and nothing of his role changes', async open => {
  room = await open();
  const first = await leave(room);
  const code = await leave(room);
  const script = await room.play(`
    丘暮雪> 认领 ${first} 丘暮雪
    丘暮雪> 认领 ${code} 丘暮雪
    丘暮雪> 我的
    赖知远> 我的
  `);
  expect(script.replaceAll(code, 'CODE').replaceAll(first, 'FIRST')).toMatchInlineSnapshot(`
    "丘暮雪> 认领 FIRST 丘暮雪
    机器人→丘暮雪> 认领码不对、用过或过期了【演示数据】
          | 码在首次启动时打印，只用一次
          | 新码由管理服务器的人取：npm run claim-code
    丘暮雪> 认领 CODE 丘暮雪
    机器人→丘暮雪> 认领成功，丘暮雪是系统管理员【演示数据】
          | 别的系统管理员照旧，已告知他们
          | 谁不再当，请发：/撤权 姓名 系统管理员
    机器人→赖知远> 丘暮雪凭认领码成了系统管理员【演示数据】
          | 认领码是在服务器上取的；您的角色不变
          | 不对请发：/撤权 丘暮雪 系统管理员
    丘暮雪> 我的
    机器人→丘暮雪> 丘暮雪【演示数据】
          | 区卫健局系统管理员
    赖知远> 我的
    机器人→赖知远> 赖知远【演示数据】
          | 区卫健局医政股工作人员、区卫健局系统管理员
          | 手机 139****1001"
  `);
});

transcriptOn(['sandbox'], 'a code of the machine holds for an hour', async open => {
  room = await open();
  const late = await leave(room, 3_600_001);
  expect((await room.say('丘暮雪', `认领 ${late} 丘暮雪`))[0]!.code).toBe('claim.wrong');
  const last = await leave(room, 3_600_000);
  expect((await room.say('丘暮雪', `认领 ${last} 丘暮雪`))[0]!.code).toBe('claim.done');
});

transcriptOn(
  ['sandbox'],
  'an office worker who is named keeps one account and becomes an admin; a physician of that name is somebody else',
  async open => {
    room = await open();
    const code = await leave(room);
    expect((await room.say('丘暮雪', `认领 ${code} 阮若谷`))[0]!.card.title).toBe('认领成功，阮若谷是系统管理员【演示数据】');
    expect((await room.say('丘暮雪', '我的'))[0]!.card.lines[0]).toMatch(/基妇股.*系统管理员/);
    expect((await room.say('阮若谷', '我的'))[0]!.code).toBe('permission.unbound');
    await room.close();
    room = await open();
    const again = await leave(room);
    await room.say('丘暮雪', `认领 ${again} 谢卓群`);
    expect((await room.say('谢卓群', '我的'))[0]!.card.lines[0]).toContain('医师');
  },
);

test('npm run claim-code hands a code to the program while it runs', async () => {
  const world = await feishuWorld();
  try {
    const claimed = async () =>
      promisify(execFile)(process.execPath, ['--import', 'tsx', join(packageRoot, 'src/claim-code.ts')], {
        env: { ...process.env, DATA_DIR: world.folder },
      });
    const { stdout } = await claimed();
    const code = /认领码 ([A-Z2-9]{8})：一小时内有效/.exec(stdout)![1]!;
    const file = join(world.folder, 'claim-code.json');
    expect(readFileSync(file, 'utf8')).not.toContain(code);
    await world.live.minute();
    expect(existsSync(file)).toBe(false);
    const [row] = await world.live.store.read.journal({ table: 'codes' }, 1);
    expect([row!.command, row!.after]).toEqual(['认领码', JSON.stringify({ for: null, id: row!.row, usedBy: null })]);
    writeFileSync(file, 'half of');
    await world.live.minute();
    expect(existsSync(file)).toBe(false);
    expect(world.logged.join('\n')).toContain('was not taken up');
  } finally {
    await world.close();
  }
});

test('where nothing real is kept no code is given', async () => {
  const nothing = promisify(execFile)(process.execPath, ['--import', 'tsx', join(packageRoot, 'src/claim-code.ts')], {
    env: { ...process.env, DATA_DIR: join(packageRoot, 'no-such-folder') },
  });
  await expect(nothing).rejects.toMatchObject({ stderr: expect.stringContaining('没有真实使用的数据') });
});
