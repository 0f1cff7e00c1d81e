/** DingTalk step by step: credentials, permissions, connection, cards, a message; and what to click where something is missing. */
import type { Card } from '../../core/card.ts';
import type { Step } from '../intake.ts';
import { type Answer, makeApi } from './api.ts';
import { type DingtalkSettings, MESSAGES, PRESSES } from './connect.ts';
import { dingtalkPlatform } from './send.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const DENIED = /Forbidden|AccessDenied|robotCode\.auth|permission/i;

/** `told`: null when the permission is there. Asked for with something that is refused for itself, so that nothing is sent. */
const missing = ({ http, code, msg }: Answer): string | null =>
  http === 403 || DENIED.test(code) || DENIED.test(msg) ? `${code} ${msg.slice(0, 60)}`.trim() : null;

/** `to`: a group or person for a trial message; `webUrl`: where callbacks are to come. */
export async function* examineDingtalk(
  settings: DingtalkSettings,
  { to, webUrl }: { to?: string | undefined; webUrl: string | null } = { webUrl: null },
): AsyncGenerator<Step> {
  const { clientId, clientSecret, apiUrl, cardTemplate } = settings;
  const api = makeApi(settings, silent);
  // The first call fetches the token; nobody is written to.
  const robot = await api.call('POST', '/v1.0/robot/oToMessages/batchSend', {
    robotCode: clientId,
    userIds: [],
    msgKey: 'sampleText',
    msgParam: '{"content":""}',
  });
  if (robot.code === 'refused') {
    yield { what: '凭证', told: robot.msg, fix: `检查本机能否访问 ${apiUrl}（代理、防火墙、DINGTALK_API_URL）` };
    return;
  }
  if (robot.msg.includes('DINGTALK_CLIENT')) {
    yield { what: '凭证', told: robot.code, fix: '钉钉开放平台 → 凭证与基础信息，核对 Client ID 和 Client Secret' };
    return;
  }
  yield { what: '凭证', told: clientId, fix: null };
  const denied = missing(robot);
  yield denied === null
    ? { what: '发消息权限', told: '已开通', fix: null }
    : {
        what: '发消息权限',
        told: denied,
        fix: '钉钉开放平台 → 权限管理，开通“企业内机器人发送消息”（qyapi_robot_sendmsg），机器人已添加并发布',
      };
  if (cardTemplate !== null) {
    const card = missing(await api.call('PUT', '/v1.0/card/instances', { outTrackId: 'doctor', cardData: { cardParamMap: {} } }));
    yield card === null
      ? { what: '卡片权限', told: cardTemplate, fix: null }
      : { what: '卡片权限', told: card, fix: '钉钉开放平台 → 权限管理，开通“互动卡片实例写权限”（Card.Instance.Write），再发布' };
  }
  if (settings.transport === 'http')
    yield webUrl === null
      ? { what: '接收方式', told: '回调（http），没有 WEB_URL', fix: '把外网能访问的地址写进 WEB_URL，如 https://xjc.example.cn' }
      : { what: '接收方式', told: `回调，消息接收地址填 ${webUrl}/dingtalk/webhook`, fix: null };
  else {
    const topics = cardTemplate === null ? [MESSAGES] : [MESSAGES, PRESSES];
    const open = await gateway(apiUrl, { clientId, clientSecret }, topics);
    yield open === null
      ? { what: '长连接', told: '可以建立', fix: null }
      : { what: '长连接', told: open, fix: '钉钉开放平台 → 机器人，消息接收模式选“Stream 模式”，再发布' };
  }
  if (to === undefined) return;
  const sends = dingtalkPlatform({
    api,
    app: clientId,
    files: { keep: async () => ({ id: '', name: '', bytes: 0 }), open: async () => undefined },
    pace: { take: () => 0 },
    now: () => Date.now(),
    session: () => undefined,
    forget: () => undefined,
    cards: cardTemplate === null ? null : { template: cardTemplate, back: { callbackType: 'STREAM' } },
    buttons: settings.buttons,
  });
  const card: Card = {
    code: 'doctor',
    title: '下基层助手：自检消息，不用理会',
    tone: 'info',
    lines: ['按一下按钮，机器人应当答复帮助'],
    buttons: [{ label: '帮助', command: '/帮助' }],
  };
  const where = { platform: 'dingtalk', app: clientId, conversation: to };
  const sent = await sends.send({ key: `doctor/${Date.now()}`, to: where, card, text: card.title, replyTo: null, mention: [] });
  yield sent.result === 'sent'
    ? { what: '发一条消息', told: '已发，请按一下里面的按钮', fix: null }
    : {
        what: '发一条消息',
        told: sent.why,
        fix:
          cardTemplate === null
            ? '群设置 → 机器人，看本机器人在不在群里'
            : '看机器人在不在群里；卡片平台里核对模板 ID、变量（title、markdown、tips）和按钮，模板要发布',
      };
}

/** null when a connection could be opened, else what was answered. */
const gateway = async (apiUrl: string, secrets: { clientId: string; clientSecret: string }, topics: readonly string[]) => {
  try {
    const response = await fetch(`${apiUrl}/v1.0/gateway/connections/open`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({
        ...secrets,
        localIp: '127.0.0.1',
        ua: 'xiajiceng/1',
        subscriptions: topics.map(topic => ({ type: 'CALLBACK', topic })),
      }),
      signal: AbortSignal.timeout(10_000),
    });
    const told = (await response.json().catch(() => ({}))) as { code?: string };
    return response.ok ? null : (told.code ?? `HTTP ${response.status}`);
  } catch (e) {
    return `没有回应（${(e as Error).name}）`;
  }
};

/** What cannot be asked of DingTalk, to be looked at by eye. */
export const LOOK_AT = [
  '应用能力：已添加机器人，消息接收模式是 Stream（或 HTTP，地址填 /dingtalk/webhook），已发布',
  '权限：企业内机器人发送消息（qyapi_robot_sendmsg）；用互动卡片再加 Card.Instance.Write',
  '可见范围包括全部相关的人；在每个工作群里添加本机器人',
  '群里要 @机器人 才收得到；群里不能给机器人发文件，名册请私聊发',
  '群里按了按钮没有反应：设 DINGTALK_BUTTONS=words 把命令写出来，或配 DINGTALK_CARD_TEMPLATE_ID 用互动卡片',
  '次数：管理后台 → 应用 → 调用量，额度与 DINGTALK_MONTHLY_CALLS、DINGTALK_MONTHLY_PUSHES 对一下；用了多少发 /体检 看',
];
