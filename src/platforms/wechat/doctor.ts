/** WeChat step by step: whether the puppet is there, its login kept privately, whether it comes to a code or a login, and a message to a group. */
import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sent } from '../../bot/ports.ts';
import type { Messenger, Step } from '../intake.ts';
import { openWechat, type WechatDeps } from './connect.ts';
import type { PuppetSettings } from './puppet.ts';
import { SESSION } from './session.ts';

/** Milliseconds to wait for a code or a login. */
const WAITS = 30_000;

const modeOf = (file: string): number | null => {
  try {
    return statSync(file).mode & 0o777;
  } catch {
    return null;
  }
};

const TRIAL = '下基层助手：自检消息，不用理会';

/** One trial message, as soon as the contacts are known. */
const trial = async ({ platform }: Messenger, conversation: string, until: number): Promise<Sent> => {
  const to = { platform: platform.id, app: platform.app, conversation };
  const card = { code: 'doctor', title: TRIAL, tone: 'info' as const, lines: [] };
  for (;;) {
    const sent = await platform.send({ key: `doctor/${Date.now()}`, to, card, text: TRIAL, replyTo: null, mention: [] });
    if (sent.result !== 'later' || Date.now() >= until) return sent;
    await new Promise(resolve => setTimeout(resolve, 200));
  }
};

/** `to`: a group for a trial message, written to by a copy of the login that is kept. Only with the program stopped. */
export async function* examineWechat(
  settings: PuppetSettings,
  dataDir: string,
  { pace, waits = WAITS, to }: { pace?: WechatDeps['pace']; waits?: number; to?: string | undefined } = {},
): AsyncGenerator<Step> {
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  // A folder of its own: the login that is kept is not touched.
  const folder = mkdtempSync(join(tmpdir(), 'wechat-doctor-'));
  const mode = modeOf(join(dataDir, SESSION));
  if (to !== undefined && mode !== null) copyFileSync(join(dataDir, SESSION), join(folder, SESSION));
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
  yield mode === null || mode === 0o600
    ? { what: '登录文件', told: mode === null ? '还没有登录过' : '只有本程序的用户能读', fix: null }
    : { what: '登录文件', told: `别的用户也能读（${mode.toString(8)}）`, fix: `chmod 600 ${join(dataDir, SESSION)}` };
  await messenger.start();
  const state = () => messenger.login!().state;
  const until = Date.now() + waits;
  while (!['in', 'waiting', 'scanned'].includes(state()) && Date.now() < until) await new Promise(resolve => setTimeout(resolve, 50));
  const { state: reached, says } = messenger.login!();
  const sent = to !== undefined && reached === 'in' ? await trial(messenger, to, until) : undefined;
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
  if (to === undefined) return;
  yield sent?.result === 'sent'
    ? { what: '发一条消息', told: '已发', fix: null }
    : {
        what: '发一条消息',
        told: sent?.why ?? '没有登录，没有发',
        fix: '先 npm start 扫码登录，把机器人拉进群并 /绑定群，停了程序再试',
      };
}

/** What cannot be asked of WeChat, to be looked at by eye. */
export const LOOK_AT = [
  '非官方接口，微信会封号：用专门的号，不用个人的；能用企业微信、钉钉、飞书的用官方的',
  '各人先加机器人好友（在机器人的手机上点通过），再私聊绑定',
  '重新扫码登录后编号全变：绑定冻结，各人和各群要再绑定一次',
];
