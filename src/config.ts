/** The environment, checked. Every error names the variable in plain words. */
import { z } from 'zod';

const port = (name: string, fallback: number) =>
  z.coerce
    .number({ error: `${name} 要写端口号，如 ${fallback}` })
    .int(`${name} 要写整数端口号`)
    .min(0)
    .max(65_535)
    .default(fallback);

const count = (name: string, fallback: number) =>
  z.coerce
    .number({ error: `${name} 要写次数，如 ${fallback}` })
    .int(`${name} 要写整数`)
    .min(1, `${name} 至少是 1`)
    .default(fallback);

const address = (name: string, protocol: RegExp, like: string) =>
  z.url({ protocol, error: `${name} 要写成 ${like}` }).transform(u => u.replace(/\/+$/, ''));

const Environment = z.object({
  DATA_DIR: z.string().min(1, 'DATA_DIR 不能为空').default('data'),
  PORT: port('PORT', 3000),
  WEB_HOST: z.string().default('127.0.0.1'),
  WEB_PORT: port('WEB_PORT', 8080),
  /** Where people's browsers reach the pages, as written into links. */
  WEB_URL: address('WEB_URL', /^https?$/, 'https://主机名').optional(),
  /** PostgreSQL in place of SQLite. */
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'DATABASE_URL 要写成 postgres://用户:密码@主机/库名' }).optional(),
  KEY_FILE: z.string().optional(),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'], { error: 'LOG_LEVEL 只能是 debug、info、warn、error、silent' })
    .default('info'),
  FEISHU_APP_ID: z
    .string()
    .regex(/^cli_[0-9a-fA-F]{16}$/, 'FEISHU_APP_ID 是 cli_ 加 16 位，见开放平台“凭证与基础信息”')
    .optional(),
  FEISHU_APP_SECRET: z.string().optional(),
  /** A private deployment has its own. */
  FEISHU_BASE_URL: address('FEISHU_BASE_URL', /^https?$/, 'https://open.feishu.cn').default('https://open.feishu.cn'),
  FEISHU_TRANSPORT: z.enum(['ws', 'webhook'], { error: 'FEISHU_TRANSPORT 只能是 ws（长连接）或 webhook' }).default('ws'),
  FEISHU_ENCRYPT_KEY: z.string().optional(),
  FEISHU_VERIFICATION_TOKEN: z.string().optional(),
  /** Whether presses on cards are signed as events are, no real tenant has shown. */
  FEISHU_UNSIGNED_CLICKS: z
    .enum(['refuse', 'accept'], { error: 'FEISHU_UNSIGNED_CLICKS 只能是 refuse（没有签名的不收）或 accept（加密和令牌对就收）' })
    .default('refuse'),
  DINGTALK_CLIENT_ID: z.string().optional(),
  DINGTALK_CLIENT_SECRET: z.string().optional(),
  /** Another for the international edition or a private deployment. */
  DINGTALK_API_URL: address('DINGTALK_API_URL', /^https?$/, 'https://api.dingtalk.com').default('https://api.dingtalk.com'),
  DINGTALK_OAPI_URL: address('DINGTALK_OAPI_URL', /^https?$/, 'https://oapi.dingtalk.com').default('https://oapi.dingtalk.com'),
  DINGTALK_TRANSPORT: z.enum(['stream', 'http'], { error: 'DINGTALK_TRANSPORT 只能是 stream（长连接）或 http（回调）' }).default('stream'),
  /** Interactive cards instead of buttons that say their command. */
  DINGTALK_CARD_TEMPLATE_ID: z
    .string()
    .regex(/^\S+\.schema$/, 'DINGTALK_CARD_TEMPLATE_ID 以 .schema 结尾，见卡片平台的模板列表')
    .optional(),
  DINGTALK_BUTTONS: z
    .enum(['dtmd', 'words'], { error: 'DINGTALK_BUTTONS 只能是 dtmd（点了替人发命令）或 words（写出命令让人发）' })
    .default('dtmd'),
  DINGTALK_MONTHLY_CALLS: count('DINGTALK_MONTHLY_CALLS', 10_000),
  DINGTALK_MONTHLY_PUSHES: count('DINGTALK_MONTHLY_PUSHES', 5_000),
  WECOM_BOT_ID: z.string().optional(),
  WECOM_BOT_SECRET: z.string().optional(),
  /** A private deployment has its own, and its own authority for certificates. */
  WECOM_WS_URL: address('WECOM_WS_URL', /^wss?$/, 'wss://主机名').optional(),
  WECOM_CA_FILE: z.string().optional(),
  /** How much is used of what no real tenant has shown yet. */
  WECOM_CARDS: z
    .enum(['full', 'buttons', 'words'], {
      error: 'WECOM_CARDS 只能是 full（投票、下拉、点后更新）、buttons（只用按钮）或 words（只用文字）',
    })
    .default('full'),
  WECOM_MENTIONS: z.enum(['names', 'ids'], { error: 'WECOM_MENTIONS 只能是 names（写姓名）或 ids（写 <@userid>）' }).default('names'),
  WECOM_CHAT_TYPE: z.enum(['send', 'omit'], { error: 'WECOM_CHAT_TYPE 只能是 send（带上会话类型）或 omit（不带）' }).default('send'),
  WECOM_GROUP_WEBHOOKS: z
    .string()
    .transform((text, context) => {
      const pairs = text
        .split(/[\s,;]+/)
        .filter(Boolean)
        .map(p => p.split('='));
      if (pairs.every(p => p.length === 2 && p[0] && p[1])) return Object.fromEntries(pairs) as Record<string, string>;
      context.addIssue({ code: 'custom', message: 'WECOM_GROUP_WEBHOOKS 要写成 群id=webhook的key，多个用逗号分开' });
      return z.NEVER;
    })
    .optional(),
  /** Ordinary WeChat by any puppet; unofficial, and off until it is named. */
  WECHAT_PUPPET: z
    .string()
    .regex(/^(?:@[\w.-]+\/)?wechaty-puppet-[\w.-]+$/, 'WECHAT_PUPPET 是 puppet 的包名，如 wechaty-puppet-wechat4u')
    .optional(),
  WECHAT_PUPPET_TOKEN: z.string().optional(),
  WECHAT_PUPPET_ENDPOINT: z
    .string()
    .regex(/^[\w.-]+:\d{1,5}$/, 'WECHAT_PUPPET_ENDPOINT 要写成 主机:端口')
    .optional(),
});
export type Config = z.infer<typeof Environment>;

/** The puppet that speaks to a service by its token. */
const SERVICE = 'wechaty-puppet-service';

/** Variables that are needed once another is set, with what for. */
const TOGETHER: [name: keyof Config, when: (c: Config) => boolean, why: string][] = [
  ['FEISHU_APP_ID', c => c.FEISHU_APP_SECRET !== undefined, '已有 FEISHU_APP_SECRET'],
  ['FEISHU_APP_SECRET', c => c.FEISHU_APP_ID !== undefined, '接飞书要应用密钥'],
  ['FEISHU_ENCRYPT_KEY', c => c.FEISHU_APP_ID !== undefined && c.FEISHU_TRANSPORT === 'webhook', '回调方式要加密，否则谁都能冒充飞书'],
  [
    'WECHAT_PUPPET_TOKEN',
    c => c.WECHAT_PUPPET_ENDPOINT !== undefined && c.WECHAT_PUPPET === undefined,
    '连 WECHAT_PUPPET_ENDPOINT 的服务要令牌',
  ],
  ['FEISHU_VERIFICATION_TOKEN', c => c.FEISHU_APP_ID !== undefined && c.FEISHU_TRANSPORT === 'webhook', '回调方式要核对来源'],
];

export class ConfigProblem extends Error {}

/** @throws ConfigProblem */
export const readConfig = (env: NodeJS.ProcessEnv): Config => {
  const parsed = Environment.safeParse(Object.fromEntries(Object.entries(env).filter(([, v]) => v !== '')));
  if (!parsed.success) throw new ConfigProblem(parsed.error.issues.map(i => `环境变量 ${i.path.join('.')} 有误：${i.message}`).join('\n'));
  const missing = TOGETHER.filter(([name, when]) => parsed.data[name] === undefined && when(parsed.data));
  if (missing.length) throw new ConfigProblem(missing.map(([name, , why]) => `缺少环境变量 ${name}：${why}`).join('\n'));
  return parsed.data;
};

/** What each messenger needs; null where it is not used. */
export const messengersOf = (c: Config) => ({
  feishu:
    c.FEISHU_APP_ID && c.FEISHU_APP_SECRET
      ? {
          appId: c.FEISHU_APP_ID,
          appSecret: c.FEISHU_APP_SECRET,
          baseUrl: c.FEISHU_BASE_URL,
          webhook:
            c.FEISHU_TRANSPORT === 'webhook'
              ? {
                  encryptKey: c.FEISHU_ENCRYPT_KEY ?? '',
                  verificationToken: c.FEISHU_VERIFICATION_TOKEN ?? '',
                  unsignedClicks: c.FEISHU_UNSIGNED_CLICKS === 'accept',
                }
              : null,
        }
      : null,
  dingtalk:
    c.DINGTALK_CLIENT_ID && c.DINGTALK_CLIENT_SECRET
      ? {
          clientId: c.DINGTALK_CLIENT_ID,
          clientSecret: c.DINGTALK_CLIENT_SECRET,
          apiUrl: c.DINGTALK_API_URL,
          oapiUrl: c.DINGTALK_OAPI_URL,
          transport: c.DINGTALK_TRANSPORT,
          cardTemplate: c.DINGTALK_CARD_TEMPLATE_ID ?? null,
          buttons: c.DINGTALK_BUTTONS,
          monthly: { calls: c.DINGTALK_MONTHLY_CALLS, pushes: c.DINGTALK_MONTHLY_PUSHES },
        }
      : null,
  wecom:
    c.WECOM_BOT_ID && c.WECOM_BOT_SECRET
      ? {
          botId: c.WECOM_BOT_ID,
          secret: c.WECOM_BOT_SECRET,
          wsUrl: c.WECOM_WS_URL ?? null,
          caFile: c.WECOM_CA_FILE ?? null,
          cards: c.WECOM_CARDS,
          mentions: c.WECOM_MENTIONS,
          chatType: c.WECOM_CHAT_TYPE,
          webhooks: c.WECOM_GROUP_WEBHOOKS ?? {},
          webhookUrl: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send',
        }
      : null,
  wechat:
    c.WECHAT_PUPPET || c.WECHAT_PUPPET_TOKEN
      ? { puppet: c.WECHAT_PUPPET ?? SERVICE, token: c.WECHAT_PUPPET_TOKEN ?? null, endpoint: c.WECHAT_PUPPET_ENDPOINT ?? null }
      : null,
});
