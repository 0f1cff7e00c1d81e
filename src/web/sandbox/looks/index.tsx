/** The stage's messages as a messenger would show them, each drawn from what its interface is sent. */
import type { FC } from 'hono/jsx';
import type { Look, Payload } from '../../../bot/looks.ts';
import type { Message } from '../../../bot/stage.ts';
import type { Eye } from '../eye.tsx';
import { DingtalkMessage } from './dingtalk.tsx';
import { FeishuMessage } from './feishu.tsx';
import type { Drawn } from './parts.tsx';
import { WechatMessage } from './wechat.tsx';
import { WecomMessage } from './wecom.tsx';

export const LOOK_NAMES: Readonly<Record<Look, string>> = { feishu: '飞书', dingtalk: '钉钉', wecom: '企业微信', wechat: '微信' };
export const lookOf = (text: string | undefined): Look | undefined => (Object.keys(LOOK_NAMES) as Look[]).find(l => l === text);

const DRAWINGS: Readonly<Record<Look, FC<{ drawn: Drawn }>>> = {
  feishu: FeishuMessage,
  dingtalk: DingtalkMessage,
  wecom: WecomMessage,
  wechat: WechatMessage,
};

/** One message of the bot: all that arrives there, in its order. */
export const AsIn: FC<{ look: Look; payloads: readonly Payload[]; message: Message; eye: Eye }> = ({ look, payloads, message, eye }) => {
  const Drawing = DRAWINGS[look];
  return (
    <div class="as-in">
      {payloads.map(payload => (
        <Drawing drawn={{ payload, message, eye }} />
      ))}
    </div>
  );
};
