/** WeCom step by step: whether the long connection can be made; and what to click when it cannot. */
import type { Step } from '../intake.ts';
import { openWecom, type WecomSettings } from './connect.ts';

/** Milliseconds to wait for the connection. */
const WAITS = 12_000;

export async function* examineWecom(settings: WecomSettings, waits = WAITS): AsyncGenerator<Step> {
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const nobody = { bot: () => ({}) as never, files: {} as never, readRows: async () => ({ rows: null, notices: [] }) };
  const alone = { notes: { all: async () => new Map(), keep: () => undefined }, sent: async () => undefined, alarm: () => undefined };
  const messenger = await openWecom(settings, { ...nobody, ...alone, now: () => Date.now(), log: silent });
  await messenger.start();
  const until = Date.now() + waits;
  while (messenger.trouble() !== null && Date.now() < until) await new Promise(resolve => setTimeout(resolve, 100));
  const trouble = messenger.trouble();
  await messenger.stop();
  yield trouble === null
    ? { what: '长连接', told: `${settings.botId}，已连上又断开`, fix: null }
    : {
        what: '长连接',
        told: trouble,
        fix: '企业微信管理后台 → 安全与管理 → 管理工具 → 智能机器人，API 模式选“长连接”，核对 Bot ID 和 Secret；本机要能访问 openws.work.weixin.qq.com（私有化部署看 WECOM_WS_URL、WECOM_CA_FILE）',
      };
}

/** What cannot be asked of WeCom, to be looked at by eye. */
export const LOOK_AT = [
  '自检会短时占用连接：正在运行的机器人会被顶下线，请在停机时自检',
  '可见范围包括全部相关的人；每个人、每个群先和机器人说一句话，否则机器人不能先开口',
  '群里要 @机器人；群里不能给机器人发文件，名册请私聊发',
  '要在群里真正 @ 到人：群设置 → 消息推送，取 key 填 WECOM_GROUP_WEBHOOKS',
];
