/** The doctor names each thing that is missing, and what to click. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { examineDingtalk } from '../../src/platforms/dingtalk/doctor.ts';
import { examineFeishu } from '../../src/platforms/feishu/doctor.ts';
import type { Step } from '../../src/platforms/intake.ts';
import { examineWechat } from '../../src/platforms/wechat/doctor.ts';
import { examineWecom } from '../../src/platforms/wecom/doctor.ts';
import { openFakeDingtalk, TEMPLATE } from '../fakes/dingtalk.ts';
import { type FakeFeishu, openFakeFeishu } from '../fakes/feishu.ts';
import { openFakeWechat } from '../fakes/wechat.ts';
import { openFakeWecom } from '../fakes/wecom.ts';

let fake: FakeFeishu;
afterEach(() => fake.close());
const silent = { warn: () => undefined, error: () => undefined };
const examine = async (settings: Parameters<typeof examineFeishu>[0], group?: string, webUrl: string | null = null): Promise<Step[]> => {
  const steps: Step[] = [];
  for await (const s of examineFeishu(settings, silent, group, webUrl)) steps.push(s);
  return steps;
};
const shown = (steps: Step[]) => steps.map(s => `${s.fix === null ? '✔' : '✘'} ${s.what}`).join(' ');

it('finds all well, and sends one message to the group that was named', async () => {
  fake = await openFakeFeishu();
  fake.addChat('oc_a', '古竹卫生院工作群');
  expect(shown(await examine(fake.settings, '古竹'))).toBe('✔ 连到飞书 ✔ 凭证 ✔ 机器人 ✔ 所在的群 ✔ 长连接 ✔ 发一条消息');
  expect(fake.sent.map(m => m.to)).toEqual(['oc_a']);
});

it('says what to click when something is missing', async () => {
  fake = await openFakeFeishu();
  const wrong = await examine({ ...fake.settings, appSecret: 'wrong' });
  expect(shown(wrong)).toBe('✔ 连到飞书 ✘ 凭证');
  expect(wrong.at(-1)!.fix).toContain('FEISHU_APP_SECRET');
  expect(shown(await examine({ ...fake.settings, baseUrl: 'http://127.0.0.1:9' }))).toBe('✘ 连到飞书');
  fake.faults.push({ path: /im\/v1\/chats$/, times: 1, how: { status: 400, body: { code: 99991672, msg: 'scope' } } });
  fake.setEndpoint({ code: 514, msg: 'not allowed', data: {} });
  const steps = await examine(fake.settings);
  expect(shown(steps)).toBe('✔ 连到飞书 ✔ 凭证 ✔ 机器人 ✘ 所在的群 ✘ 长连接');
  expect(steps[3]!.fix).toContain('im:chat:readonly');
  expect(steps[4]!.fix).toContain('长连接');
  fake.setEndpoint(null);
  const callbacks = { ...fake.settings, webhook: fake.webhook };
  fake.addChat('oc_a', '古竹卫生院工作群');
  expect((await examine(callbacks)).at(-1)!.fix).toContain('WEB_URL');
  expect((await examine(callbacks, undefined, 'https://x.cn')).at(-1)!.told).toContain('https://x.cn/feishu/webhook');
  const group = await examine(fake.settings, '没有的群');
  expect(group.at(-1)).toMatchObject({ told: '没有找到群“没有的群”' });
});

it('examines DingTalk: credentials, permissions, cards, the way in, and a message to a chosen group', async () => {
  fake = await openFakeFeishu();
  const ding = await openFakeDingtalk();
  ding.addChat('cidA', '古竹卫生院工作群');
  let last: Step[] = [];
  const steps = async (settings: Parameters<typeof examineDingtalk>[0], more?: Parameters<typeof examineDingtalk>[1]) => {
    last = [];
    for await (const s of examineDingtalk(settings, more)) last.push(s);
    return shown(last);
  };
  const cards = { ...ding.settings, cardTemplate: TEMPLATE };
  expect(await steps(ding.settings)).toBe('✔ 凭证 ✔ 发消息权限 ✔ 长连接');
  expect(await steps(cards, { to: 'cidA', webUrl: null })).toBe('✔ 凭证 ✔ 发消息权限 ✔ 卡片权限 ✔ 长连接 ✔ 发一条消息');
  expect(ding.sent).toMatchObject([{ to: 'cidA', by: 'card' }]);
  expect(await steps({ ...cards, cardTemplate: 'other.schema' }, { to: 'cidA', webUrl: null })).toMatch(/✘ 发一条消息$/);
  expect(last.at(-1)!.fix).toContain('模板 ID');
  expect(await steps({ ...ding.settings, clientSecret: 'wrong' })).toBe('✘ 凭证');
  expect(await steps({ ...ding.settings, apiUrl: 'http://127.0.0.1:9' })).toBe('✘ 凭证');
  expect(last[0]!.fix).toContain('DINGTALK_API_URL');
  const denied = { status: 403, body: { code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied', message: 'no' } };
  ding.faults.push({ path: /batchSend$/, times: 1, how: denied }, { path: /card\/instances$/, times: 1, how: denied });
  ding.refuseGateway(true);
  expect(await steps(cards)).toBe('✔ 凭证 ✘ 发消息权限 ✘ 卡片权限 ✘ 长连接');
  expect(last.map(s => s.fix).join()).toMatch(/qyapi_robot_sendmsg.*Card\.Instance\.Write.*Stream/);
  const http = { ...ding.settings, transport: 'http' as const };
  expect(await steps(http)).toBe('✔ 凭证 ✔ 发消息权限 ✘ 接收方式');
  expect(await steps(http, { webUrl: 'https://x.cn' })).toBe('✔ 凭证 ✔ 发消息权限 ✔ 接收方式');
  expect(ding.sent).toHaveLength(1);
  await ding.close();
});

it('examines WeCom: the connection, and a message by it and by the group’s webhook', async () => {
  fake = await openFakeFeishu();
  const wecom = await openFakeWecom();
  wecom.addChat('wrA', '古竹卫生院工作群');
  const steps = async (settings: Parameters<typeof examineWecom>[0], to?: string) => {
    const all: Step[] = [];
    for await (const s of examineWecom(settings, { waits: 600, to })) all.push(s);
    return shown(all);
  };
  expect(await steps(wecom.settings)).toBe('✔ 长连接 ✔ 群消息推送');
  expect(await steps({ ...wecom.settings, secret: 'wrong' }, 'wrA')).toBe('✘ 长连接 ✔ 群消息推送');
  expect(await steps(wecom.settings, 'wrA')).toBe('✔ 长连接 ✔ 群消息推送 ✘ 发一条消息');
  wecom.open.add('wrA');
  expect(await steps({ ...wecom.settings, webhooks: { wrA: 'k' } }, 'wrA')).toBe('✔ 长连接 ✔ 群消息推送 ✔ 发一条消息 ✔ 群消息推送试发');
  expect(wecom.sent.map(m => m.by)).toEqual(['socket', 'webhook']);
  await wecom.close();
});

it('examines WeChat: the package, who may read the login, a code or a login', async () => {
  fake = await openFakeFeishu();
  const wechat = await openFakeWechat();
  const folder = mkdtempSync(join(tmpdir(), 'doctor-'));
  const steps = async (
    settings = wechat.settings,
    pace: Parameters<typeof examineWechat>[2] = { pace: { puppet: wechat.puppet }, waits: 3_000 },
  ) => {
    const all: Step[] = [];
    for await (const s of examineWechat(settings, folder, pace)) all.push(s);
    return all;
  };
  wechat.keepSession(false);
  const fresh = await steps();
  expect(shown(fresh)).toBe('✔ 程序包 ✔ 登录文件 ✔ 登录');
  expect(fresh.at(-1)!.told).toContain('二维码');
  wechat.keepSession(true);
  writeFileSync(join(folder, 'wechat.memory-card.json'), '{}');
  chmodSync(join(folder, 'wechat.memory-card.json'), 0o644);
  const open = await steps();
  expect(shown(open)).toBe('✔ 程序包 ✘ 登录文件 ✔ 登录');
  expect(open[1]!.fix).toContain('chmod 600');
  // A group is written to by the login that is kept, which itself is not touched.
  wechat.addChat('mine@chatroom', '工作群');
  chmodSync(join(folder, 'wechat.memory-card.json'), 0o600);
  const there = await steps(wechat.settings, { pace: { puppet: wechat.puppet }, waits: 3_000, to: 'mine@chatroom' });
  expect(shown(there)).toBe('✔ 程序包 ✔ 登录文件 ✔ 登录 ✔ 发一条消息');
  expect(wechat.sent.map(m => m.to)).toEqual(['mine@chatroom']);
  const gone = await steps(wechat.settings, { pace: { puppet: wechat.puppet }, waits: 3_000, to: 'other@chatroom' });
  expect(shown(gone)).toBe('✔ 程序包 ✔ 登录文件 ✔ 登录 ✘ 发一条消息');
  expect(gone.at(-1)!.fix).toContain('群');
  expect(readFileSync(join(folder, 'wechat.memory-card.json'), 'utf8')).toBe('{}');
  // Not logged in, nothing is sent.
  wechat.keepSession(false);
  const out = await steps(wechat.settings, { pace: { puppet: wechat.puppet }, waits: 3_000, to: 'mine@chatroom' });
  expect(shown(out)).toBe('✔ 程序包 ✔ 登录文件 ✔ 登录 ✘ 发一条消息');
  expect(wechat.sent).toHaveLength(1);
  const missing = await steps({ ...wechat.settings, puppet: 'wechaty-puppet-nowhere' }, {});
  expect(shown(missing)).toBe('✘ 程序包');
  expect(missing[0]!.fix).toContain('npm install wechaty-puppet-nowhere');
  rmSync(folder, { recursive: true });
});
