/** WeCom step by step: whether the long connection can be made, group webhooks, a message; and what to click when something cannot. */
import type { Step } from '../intake.ts';
import { openWecom, type WecomSettings } from './connect.ts';
import { byWebhook } from './send.ts';

/** Milliseconds to wait for the connection. */
const WAITS = 12_000;
const TRIAL = '下基层助手：自检消息，不用理会';

/** `to`: a chat for a trial message, by the connection and by its webhook where it has one. */
export async function* examineWecom(
  settings: WecomSettings,
  { waits = WAITS, to }: { waits?: number; to?: string | undefined } = {},
): AsyncGenerator<Step> {
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const messenger = await openWecom(settings, {
    bot: () => ({}) as never,
    files: { keep: async () => ({ id: '', name: '', bytes: 0 }), open: async () => undefined },
    readRows: async () => ({ rows: null, notices: [] }),
    notes: { all: async () => new Map(), keep: () => undefined },
    sent: async () => undefined,
    alarm: () => undefined,
    now: () => Date.now(),
    log,
  });
  await messenger.start();
  const until = Date.now() + waits;
  while (messenger.trouble() !== null && Date.now() < until) await new Promise(resolve => setTimeout(resolve, 100));
  const trouble = messenger.trouble();
  try {
    yield trouble === null
      ? { what: '长连接', told: `${settings.botId}，已连上`, fix: null }
      : {
          what: '长连接',
          told: trouble,
          fix: '企业微信管理后台 → 安全与管理 → 管理工具 → 智能机器人，API 模式选“长连接”，核对 Bot ID 和 Secret；本机要能访问 openws.work.weixin.qq.com（私有化部署看 WECOM_WS_URL、WECOM_CA_FILE）',
        };
    const hooks = Object.keys(settings.webhooks);
    yield { what: '群消息推送', told: hooks.length ? `${hooks.length} 个群能真正 @ 到人` : '没有配，群里只写姓名', fix: null };
    if (to === undefined || trouble !== null) return;
    const where = { platform: 'wecom', app: settings.botId, conversation: to };
    const card = {
      code: 'doctor',
      title: TRIAL,
      tone: 'info' as const,
      lines: ['按一下按钮，机器人应当答复帮助'],
      buttons: [{ label: '帮助', command: '/帮助' }],
    };
    const sent = await messenger.platform.send({ key: `doctor/${Date.now()}`, to: where, card, text: TRIAL, replyTo: null, mention: [] });
    yield sent.result === 'sent'
      ? { what: '发一条消息', told: '已发；按钮在程序正式运行后再按', fix: null }
      : { what: '发一条消息', told: sent.why, fix: '先在这个会话里对机器人说一句话（群里要 @ 它），再试' };
    const key = settings.webhooks[to];
    if (key === undefined) return;
    const hooked = await byWebhook(`${settings.webhookUrl}?key=${encodeURIComponent(key)}`, {
      msgtype: 'markdown',
      markdown: { content: TRIAL },
    });
    yield hooked.result === 'sent'
      ? { what: '群消息推送试发', told: '已发', fix: null }
      : { what: '群消息推送试发', told: hooked.why, fix: '群设置 → 消息推送，重新取 key，改 WECOM_GROUP_WEBHOOKS' };
  } finally {
    await messenger.stop();
  }
}

/** What cannot be asked of WeCom, to be looked at by eye. */
export const LOOK_AT = [
  '自检会短时占用连接：正在运行的机器人会被顶下线，请在停机时自检',
  '可见范围包括全部相关的人；每个人、每个群先和机器人说一句话，否则机器人不能先开口',
  '群里要 @机器人；群里不能给机器人发文件，名册请私聊发',
  '要在群里真正 @ 到人：群设置 → 消息推送，取 key 填 WECOM_GROUP_WEBHOOKS',
  '私有化部署版本旧、卡片显示不出来：设 WECOM_CARDS=buttons 或 words；发不出去、报 93006：设 WECOM_CHAT_TYPE=omit 再试',
];
