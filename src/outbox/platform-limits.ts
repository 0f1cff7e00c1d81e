/** What each messenger takes, as data. Sources: the platforms' own documents; a stretch of time never holds more than count and burst together. */
import type { DayCaps, Limits } from './limits.ts';

export const PLATFORM_LIMITS: Limits = {
  // 5 a second to a person, and to a group for all its robots; 50 a second and 1,000 a minute for an app.
  feishu: [
    { per: 'destination', count: 3, seconds: 1, burst: 2 },
    { per: 'app', count: 40, seconds: 1, burst: 10 },
    { per: 'app', count: 900, seconds: 60, burst: 90 },
  ],
  // 20 a minute to a conversation, and then ten minutes of nothing; 20 a second for an app.
  dingtalk: [
    { per: 'destination', count: 14, seconds: 60, burst: 5 },
    { per: 'app', count: 19, seconds: 1, burst: 1 },
  ],
  // 30 a minute and 1,000 an hour to a chat, replies and pushes together; a card may take two messages, a file a third: these the platform counts itself.
  wecom: [
    { per: 'destination', count: 20, seconds: 60, burst: 8 },
    { per: 'destination', count: 280, seconds: 3600, burst: 30 },
  ],
  // No document says what an ordinary account may send: two seconds between any two messages, so that it does not look like a machine gone wild.
  wechat: [{ per: 'app', count: 1, seconds: 2, burst: 1, says: '微信限速：每条之间至少隔两秒' }],
};

/** How often messages that were sent may be changed: interfaces with a rate of their own; each message is a destination. */
export const CHANGE_LIMITS: Limits = {
  // 5 a second to a card; 50 a second and 1,000 a minute for an app.
  feishu: [
    { per: 'destination', count: 3, seconds: 1, burst: 2 },
    { per: 'app', count: 40, seconds: 1, burst: 10 },
    { per: 'app', count: 900, seconds: 60, burst: 90 },
  ],
  // 20 a second for an app.
  dingtalk: [{ per: 'app', count: 19, seconds: 1, burst: 1 }],
};

/** Groups of ordinary WeChat: who writes too much is reported and banned. */
export const DAY_CAPS: DayCaps = {
  wechat: { all: 60, unasked: 15, says: '微信群每天最多主动发 15 条、一共 60 条（防封号）' },
};
