/** How the messengers would get what the stage shows, so that wording and layout can be judged without an account. */
import type { Message } from './stage.ts';

/** One message as a messenger's interface takes it. */
export interface Payload {
  /** The messenger's own word for its kind: `interactive`, `actionCard`, `template_card` … */
  type: string;
  content: Record<string, unknown>;
}

/** By the name that stands in an address. */
export type Look = 'feishu' | 'dingtalk' | 'wecom' | 'wechat';

export interface Looks {
  /** What the bot's message is on that messenger, in the order in which it arrives there. A picture or file is named by its id. */
  payloads(look: Look, message: Message): Promise<Payload[]>;
}
