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
