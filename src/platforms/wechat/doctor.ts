/** WeChat step by step: whether the puppet is there, its login kept privately, and whether it comes to a code or a login. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Messenger, Step } from '../intake.ts';
import { openWechat, SESSION, type WechatDeps, type WechatSettings } from './connect.ts';

/** Milliseconds to wait for a code or a login. */
const WAITS = 30_000;

const modeOf = (file: string): number | null => {
  try {
    return statSync(file).mode & 0o777;
  } catch {
    return null;
  }
};

export async function* examineWechat(
  settings: WechatSettings,
  dataDir: string,
  { pace, waits = WAITS }: { pace?: WechatDeps['pace']; waits?: number } = {},
): AsyncGenerator<Step> {
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  // Another login of its own: the one that is kept is not touched.
  const folder = mkdtempSync(join(tmpdir(), 'wechat-doctor-'));
  let shown = '';
  let messenger: Messenger;
  try {
    messenger = await openWechat(settings, {
      bot: () => ({}) as never,
      files: {} as never,
      readRows: async () => ({ rows: null, notices: [] }),
      now: () => Date.now(),
      log: silent,
      folder,
      alarm: () => undefined,
      loggedIn: async () => null,
      show: text => {
        shown = text;
      },
      pace,
    });
  } catch (e) {
    rmSync(folder, { recursive: true, force: true });
    yield { what: '程序包', told: (e as Error).message, fix: `npm install ${settings.puppet}，或换一个 WECHAT_PUPPET` };
    return;
  }
  yield { what: '程序包', told: settings.puppet, fix: null };
  const mode = modeOf(join(dataDir, SESSION));
  yield mode === null || mode === 0o600
    ? { what: '登录文件', told: mode === null ? '还没有登录过' : '只有本程序的用户能读', fix: null }
    : { what: '登录文件', told: `别的用户也能读（${mode.toString(8)}）`, fix: `chmod 600 ${join(dataDir, SESSION)}` };
  await messenger.start();
  const state = () => messenger.login!().state;
  const until = Date.now() + waits;
  while (!['in', 'waiting', 'scanned'].includes(state()) && Date.now() < until) await new Promise(resolve => setTimeout(resolve, 50));
  const { state: reached, says } = messenger.login!();
  await messenger.stop();
  rmSync(folder, { recursive: true, force: true });
  if (reached === 'in') yield { what: '登录', told: says, fix: null };
  else if (shown !== '' || reached === 'waiting' || reached === 'scanned')
    yield { what: '登录', told: '能取到二维码；npm start 后用机器人的微信扫码', fix: null };
  else
    yield {
      what: '登录',
      told: says,
      fix: '本机要能上网到 login.weixin.qq.com；用服务的，核对 WECHAT_PUPPET_TOKEN、WECHAT_PUPPET_ENDPOINT；网页版登录多被微信停用，换一种 puppet 或改用企业微信',
    };
}

/** What cannot be asked of WeChat, to be looked at by eye. */
export const LOOK_AT = [
  '非官方接口，微信会封号：用专门的号，不用个人的；能用企业微信、钉钉、飞书的用官方的',
  '各人先加机器人好友（在机器人的手机上点通过），再私聊绑定',
  '重新扫码登录后编号全变：绑定冻结，各人和各群要再绑定一次',
];
