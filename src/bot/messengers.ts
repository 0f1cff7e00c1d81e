/** Messengers as people call them. */
export const PLATFORM_NAMES: Readonly<Record<string, string>> = {
  feishu: '飞书',
  dingtalk: '钉钉',
  wecom: '企业微信',
  wechat: '微信',
  sandbox: '演练台',
  web: '网页',
};
export const platformName = (id: string): string => PLATFORM_NAMES[id] ?? id;

/** Bytes of text that a message is sure to hold, where that is little. */
const TEXT_ROOM: Readonly<Record<string, number>> = { wechat: 2_000 };
export const textRoom = (id: string): number => TEXT_ROOM[id] ?? Number.POSITIVE_INFINITY;
