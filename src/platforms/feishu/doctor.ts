/** Feishu step by step: credentials, the bot, permissions, the connection, a message; and what to click where something is missing. */
import { randomUUID } from 'node:crypto';
import type { Log, Step } from '../intake.ts';
import { type Answer, makeApi } from './api.ts';
import type { FeishuSettings } from './connect.ts';
import { uuidOf } from './send.ts';

const NO_SCOPE = 99991672;
const scopeFix = (scopes: string) => `开放平台 → 权限管理，开通 ${scopes}，再“版本管理与发布”发一版`;

/** Runs until a step fails without which the next says nothing. `group`: chat_id or part of a name, for a trial message; `webUrl`: where callbacks are to come. */
export async function* examineFeishu(
  settings: FeishuSettings,
  log: Pick<Log, 'warn' | 'error'>,
  group: string | undefined,
  webUrl: string | null = null,
): AsyncGenerator<Step> {
  const api = await makeApi(settings, log, () => Date.now());
  const failed = ({ code, msg }: Answer) => `${code} ${msg}`;

  const info = (await api.call('GET', '/open-apis/bot/v3/info')) as Answer & { bot?: { app_name?: string; open_id?: string } };
  if (info.http === 0) {
    yield { what: '连到飞书', told: info.msg, fix: `检查本机能否访问 ${settings.baseUrl}（代理、防火墙、FEISHU_BASE_URL）` };
    return;
  }
  yield { what: '连到飞书', told: settings.baseUrl, fix: null };
  if ([10003, 10014, 10015].includes(info.code)) {
    yield {
      what: '凭证',
      told: failed(info),
      fix:
        info.code === 10014
          ? '开放平台 → 应用，先启用应用'
          : '开放平台 → 凭证与基础信息，核对 App ID 和 App Secret（FEISHU_APP_ID、FEISHU_APP_SECRET）',
    };
    return;
  }
  yield { what: '凭证', told: settings.appId, fix: null };
  yield info.code === 0 && info.bot?.open_id
    ? { what: '机器人', told: info.bot.app_name ?? '', fix: null }
    : { what: '机器人', told: failed(info), fix: '开放平台 → 添加应用能力 → 机器人，再发布一版' };

  const chats = await api.call('GET', '/open-apis/im/v1/chats', { params: { page_size: '100' } });
  const items = (Array.isArray(chats.data['items']) ? chats.data['items'] : []) as { chat_id: string; name: string }[];
  yield chats.code === 0
    ? {
        what: '所在的群',
        told: items.length ? items.map(c => `${c.name}（${c.chat_id}）`).join('、') : '还没有进群',
        fix: items.length ? null : '在飞书群 → 设置 → 群机器人 → 添加机器人，选本应用',
      }
    : { what: '所在的群', told: failed(chats), fix: chats.code === NO_SCOPE ? scopeFix('im:chat:readonly') : '稍后再试' };

  if (settings.webhook) {
    yield webUrl === null
      ? { what: '接收方式', told: '回调（webhook），没有 WEB_URL', fix: '把外网能访问的地址写进 WEB_URL，如 https://xjc.example.cn' }
      : { what: '接收方式', told: `回调，事件和卡片的请求地址都填 ${webUrl}/feishu/webhook`, fix: null };
  } else {
    const endpoint = (await api.http.request({
      method: 'POST',
      url: `${settings.baseUrl}/callback/ws/endpoint`,
      data: { AppID: settings.appId, AppSecret: settings.appSecret },
    })) as Answer;
    yield endpoint.code === 0
      ? { what: '长连接', told: '可以建立', fix: null }
      : {
          what: '长连接',
          told: failed(endpoint),
          fix: '开放平台 → 事件与回调，“事件配置”和“回调配置”的订阅方式都选“使用长连接接收”；仅企业自建应用可用',
        };
  }

  if (group === undefined) return;
  const chat = items.find(c => c.chat_id === group || c.name.includes(group))?.chat_id;
  if (chat === undefined) {
    yield { what: '发一条消息', told: `没有找到群“${group}”`, fix: '写群名的一部分，或上面列出的 chat_id' };
    return;
  }
  const sent = await api.call('POST', '/open-apis/im/v1/messages', {
    params: { receive_id_type: 'chat_id' },
    data: {
      receive_id: chat,
      msg_type: 'text',
      content: JSON.stringify({ text: '下基层助手：自检消息，不用理会' }),
      uuid: uuidOf(`doctor/${randomUUID()}`),
    },
  });
  yield sent.code === 0
    ? { what: '发一条消息', told: '已发到群里', fix: null }
    : {
        what: '发一条消息',
        told: failed(sent),
        fix: sent.code === NO_SCOPE ? scopeFix('im:message:send_as_bot') : '看群设置是否允许机器人发言',
      };
}

/** What cannot be asked of Feishu, to be looked at by eye. */
export const LOOK_AT = [
  '事件配置：已添加 im.message.receive_v1（接收消息）、im.chat.member.bot.added_v1（机器人进群）',
  '回调配置：已添加 card.action.trigger（卡片交互），否则点按钮报 200340',
  '权限：im:message、im:message:send_as_bot、im:message.p2p_msg:readonly、im:message.group_at_msg:readonly、im:chat:readonly、im:resource',
  '要在群里不 @ 也认 /命令，另开 im:message.group_msg（敏感权限，要管理员批）',
  '版本管理与发布：改过权限或事件，都要再发一版；可用范围要包括全部相关的人',
];
