/** DingTalk step by step: credentials and connection; and what to click where something is missing. */
import type { Step } from '../intake.ts';
import type { DingtalkSettings } from './connect.ts';

const answersWithin = 10_000;
const post = async (url: string, body: unknown): Promise<{ ok: boolean; told: string }> => {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(answersWithin),
    });
    const told = (await response.json().catch(() => ({}))) as { code?: string };
    return { ok: response.ok, told: told.code ?? `HTTP ${response.status}` };
  } catch (e) {
    return { ok: false, told: `没有回应（${(e as Error).name}）` };
  }
};

export async function* examineDingtalk(settings: DingtalkSettings): AsyncGenerator<Step> {
  const { clientId, clientSecret, apiUrl } = settings;
  const token = await post(`${apiUrl}/v1.0/oauth2/accessToken`, { appKey: clientId, appSecret: clientSecret });
  yield token.ok
    ? { what: '凭证', told: clientId, fix: null }
    : {
        what: '凭证',
        told: token.told,
        fix: token.told.startsWith('没有回应')
          ? `检查本机能否访问 ${apiUrl}（代理、防火墙、DINGTALK_API_URL）`
          : '钉钉开放平台 → 凭证与基础信息，核对 Client ID 和 Client Secret',
      };
  if (!token.ok) return;
  if (settings.transport === 'http') {
    yield { what: '接收方式', told: '回调（http）', fix: null };
    return;
  }
  const gateway = await post(`${apiUrl}/v1.0/gateway/connections/open`, {
    clientId,
    clientSecret,
    localIp: '127.0.0.1',
    ua: 'xiajiceng/1',
    subscriptions: [{ type: 'CALLBACK', topic: '/v1.0/im/bot/messages/get' }],
  });
  yield gateway.ok
    ? { what: '长连接', told: '可以建立', fix: null }
    : { what: '长连接', told: gateway.told, fix: '钉钉开放平台 → 机器人，消息接收模式选“Stream 模式”，再发布' };
}

/** What cannot be asked of DingTalk, to be looked at by eye. */
export const LOOK_AT = [
  '应用能力：已添加机器人，消息接收模式是 Stream（或 HTTP，地址填 /dingtalk/webhook），已发布',
  '权限：企业内机器人发送消息（qyapi_robot_sendmsg）',
  '可见范围包括全部相关的人；在每个工作群里添加本机器人',
  '群里要 @机器人 才收得到；群里不能给机器人发文件，名册请私聊发',
];
