/**
 * `npm run docs`: writes into README.md and README.zh-CN.md what the code knows: tables of commands, jobs, settings and variables,
 * the sandbox API, and what the bot really answers in the conversations shown there. `tests/docs.test.ts` fails when they are stale.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commands } from '../commands/index.ts';
import { jobs } from '../cron/index.ts';
import { PERMISSIONS, ROLE_NAMES } from '../src/bot/permissions.ts';
import { readConfig } from '../src/config.ts';
import { ROLES } from '../src/core/records.ts';
import { SETTINGS } from '../src/core/settings.ts';
import { chat } from '../tests/harness/chat.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

export const DOCUMENTS = ['README.md', 'README.zh-CN.md'] as const;

const cell = (text: string): string => text.replaceAll('|', '\\|');
const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => '---'), ...rows].map(r => `| ${r.map(cell).join(' | ')} |`).join('\n');
const code = (text: string): string => `\`${text}\``;

/** Files that a list imports, in its order, with what their first comment says. */
const listed = (folder: string): { file: string; comment: string }[] =>
  [...read(`${folder}/index.ts`).matchAll(/from '\.\/([\w-]+\.ts)'/g)].map(m => {
    const file = `${folder}/${m[1]!}`;
    return { file, comment: /^\/\*\* (.*?) ?\*\//s.exec(read(file))?.[1] ?? '' };
  });
const sentence = (text: string): string => text.split(/(?<=\.)\s/)[0]!.replace(/\.$/, '');

const whoEnglish = (name: string): string => {
  const who = PERMISSIONS[name]?.who ?? [];
  const missing = ROLES.filter(r => !who.includes(r));
  const bound = missing.length === 0 ? 'everybody bound' : who.filter(w => w !== 'stranger').join(', ');
  return who.includes('stranger') ? (missing.length === 0 ? 'everybody' : 'who is not bound') : bound;
};
const whoChinese = (name: string): string => {
  const who = PERMISSIONS[name]?.who ?? [];
  const missing = ROLES.filter(r => !who.includes(r));
  if (missing.length === 0) return who.includes('stranger') ? '所有人' : '已绑定的人';
  return who.map(w => ROLE_NAMES[w]).join('、');
};

const declared = (file: string): string[] => [...read(file).matchAll(/^ +name: '([^']+)',$/gm)].map(m => m[1]!);
const commandFiles = listed('commands').map(f => ({ ...f, names: declared(f.file) }));
const fileOf = (name: string) => commandFiles.find(f => f.names.includes(name));

/** Variables of src/config.ts in its order, with their defaults. */
export const variables = (): { name: string; fallback: string }[] => {
  const defaults = readConfig({}) as Record<string, unknown>;
  return [...read('src/config.ts').matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map(m => ({
    name: m[1]!,
    fallback: defaults[m[1]!] === undefined ? '' : String(defaults[m[1]!]),
  }));
};
/** What a variable is for; one that is not here, or no longer exists, is an error. */
const MEANING: Record<string, [english: string, chinese: string]> = {
  DATA_DIR: ['folder of everything that is kept', '存放数据的文件夹'],
  PORT: ['port of the sandbox, on 127.0.0.1 only; 0 takes a free one', '演练台端口，只在本机（127.0.0.1）；0 为任取'],
  WEB_HOST: [
    'address of the listener for webhooks and pages, which opens with a real platform',
    '对外页面和回调的地址（接入真实平台后才用）',
  ],
  WEB_PORT: ['its port', '对外页面和回调的端口（接入真实平台后才用）'],
  WEB_URL: [
    'where browsers reach the pages, as written into links; by default the listener’s address',
    '链接里写的网页地址，如 https://xjc.example.cn；默认是本程序的地址',
  ],
  DATABASE_URL: [
    '`postgres://user:password@host/name`: PostgreSQL in place of SQLite; the sandbox always keeps its own SQLite file',
    '`postgres://用户:密码@主机/库名`：改用 PostgreSQL；演练台始终用自己的 SQLite',
  ],
  KEY_FILE: ['where the keys lie, instead of `keys.json` beside the database', '密钥文件的位置，默认在数据库旁的 `keys.json`'],
  FEISHU_APP_ID: [
    'Feishu: the app (`cli_…`); with it the real work begins instead of the rehearsal',
    '飞书应用的 App ID（`cli_…`）；填了就不再开演练台，正式运行',
  ],
  FEISHU_APP_SECRET: ['its secret', '应用密钥'],
  FEISHU_BASE_URL: ['another address of Feishu, for a private deployment', '飞书地址；私有化部署时改成自己的'],
  FEISHU_TRANSPORT: [
    '`ws`: long connection, needs no public address; `webhook`: callbacks to `/feishu/webhook`',
    '`ws` 长连接，不用公网地址；`webhook` 回调到 `/feishu/webhook`',
  ],
  FEISHU_ENCRYPT_KEY: ['callbacks: Encrypt Key; without it they are refused', '回调方式的 Encrypt Key，必填'],
  FEISHU_VERIFICATION_TOKEN: ['callbacks: Verification Token', '回调方式的 Verification Token，必填'],
  DINGTALK_CLIENT_ID: ['DingTalk: the app’s Client ID', '钉钉应用的 Client ID（AppKey）'],
  DINGTALK_CLIENT_SECRET: ['its secret', '应用密钥（AppSecret）'],
  DINGTALK_API_URL: ['another address, for the international edition or a private deployment', '钉钉接口地址；国际版或私有化部署时改'],
  DINGTALK_OAPI_URL: ['the same of the older interface (uploads)', '旧接口地址（上传文件用）'],
  DINGTALK_TRANSPORT: [
    '`stream`: long connection; `http`: callbacks to `/dingtalk/webhook`',
    '`stream` 长连接；`http` 回调到 `/dingtalk/webhook`',
  ],
  FEISHU_UNSIGNED_CLICKS: [
    '`refuse`; `accept`: presses on cards that come by HTTP need no signature when they are encrypted with our key and carry our token',
    '`refuse` 没有签名的不收；`accept` 卡片点击加密和令牌对就收',
  ],
  DINGTALK_CARD_TEMPLATE_ID: [
    'template of interactive cards (`….schema`); without it buttons say their command',
    '互动卡片的模板 ID（`….schema`）；不填时按钮替人发命令',
  ],
  DINGTALK_BUTTONS: [
    'buttons without a template: `dtmd` says the command as whoever presses, `words` writes it out',
    '没有模板时的按钮：`dtmd` 点了替人发命令，`words` 写出命令让人发',
  ],
  DINGTALK_MONTHLY_CALLS: ['calls that the edition includes in a month', '本组织每月的接口调用额度'],
  DINGTALK_MONTHLY_PUSHES: ['Stream pushes and webhook calls that it includes in a month', '本组织每月的 Stream 推送和 Webhook 额度'],
  WECOM_CARDS: [
    '`full`: votes, selections, cards that change when pressed; `buttons`: buttons only; `words`: none',
    '`full` 投票、下拉、点后更新；`buttons` 只用按钮；`words` 只用文字',
  ],
  WECOM_MENTIONS: ['`names`; `ids`: `<@userid>` in the robot’s own messages', '`names` 写姓名；`ids` 写 `<@userid>`'],
  WECOM_CHAT_TYPE: ['`send` or `omit`: the kind of chat goes along with a push', '`send` 发送时带上会话类型；`omit` 不带'],
  WECOM_BOT_ID: ['WeCom: id of the 智能机器人', '企业微信智能机器人的 Bot ID'],
  WECOM_BOT_SECRET: ['its secret for the long connection', '长连接的 Secret'],
  WECOM_WS_URL: ['another address, for a private deployment', '长连接地址；私有化部署时改'],
  WECOM_CA_FILE: ['certificate file of a private deployment’s authority', '私有化部署的 CA 证书文件'],
  WECOM_GROUP_WEBHOOKS: [
    '`chatid=key,…`: webhooks of groups, by which people are really called (@)',
    '`群id=key,…`：群消息推送的 key，有它才能真正 @ 人',
  ],
  WECHAT_PUPPET: [
    'ordinary WeChat, unofficial and off by default: package of a wechaty puppet, such as `wechaty-puppet-wechat4u`',
    '微信（非官方，会封号，默认不开）：puppet 的包名，如 `wechaty-puppet-wechat4u`',
  ],
  WECHAT_PUPPET_TOKEN: [
    'token of a puppet service; alone it means `wechaty-puppet-service`',
    'puppet 服务的令牌；只填它就用 `wechaty-puppet-service`',
  ],
  WECHAT_PUPPET_ENDPOINT: ['`host:port` of a puppet service of one’s own', '自建 puppet 服务的 `主机:端口`'],
  LOG_LEVEL: ['`debug` `info` `warn` `error` `silent`; JSON lines on stderr', '日志级别：`debug` `info` `warn` `error` `silent`'],
};
const meaning = (name: string): [string, string] => {
  const found = MEANING[name];
  if (!found) throw new Error(`.config/docs.ts does not say what ${name} is for`);
  return found;
};

const inFront = (typed: string): string => (typed.startsWith('/') ? typed : `/${typed}`);

/** The parts between `<!-- docs:name -->` and `<!-- /docs:name -->`. */
const parts: Record<string, () => string> = {
  commands: () =>
    table(
      ['command', 'what it does', 'typed', 'who', 'where', 'also', 'code'],
      commands.map(c => {
        const file = fileOf(c.name);
        const what = sentence((file?.comment ?? '').replace(/^.*? — /s, ''));
        const where = PERMISSIONS[c.name]?.place === 'direct' ? 'direct' : 'anywhere';
        const latin = c.aliases.filter(a => /^[a-z-]+$/.test(a));
        const [short, english] = [latin[0], latin.at(-1)];
        return [
          code(inFront(c.name)),
          what,
          code(c.usage),
          whoEnglish(c.name),
          where,
          [short, english].map(a => code(a ?? '')).join(' '),
          file ? `[${file.file.split('/')[1]!}](${file.file})` : '',
        ];
      }),
    ),
  'commands-zh': () =>
    table(
      ['命令', '做什么', '怎么发', '谁能用', '在哪发', '也可说'],
      commands.map(c => [
        code(inFront(c.name)),
        c.summary,
        code(c.usage),
        whoChinese(c.name),
        PERMISSIONS[c.name]?.place === 'direct' ? '私聊' : '群里或私聊',
        c.aliases.filter(a => !/^[a-z-]{6,}$/.test(a)).join('、'),
      ]),
    ),
  jobs: () => {
    const files = listed('cron');
    const title = (file: string) =>
      jobs
        .filter(j => read(file).includes(`'${j.name}'`) && read(file).includes(j.title))
        .map(j => j.title)
        .join(' / ');
    return table(
      ['job', 'shown as', 'what it brings'],
      files.map(f => [`[${f.file.split('/')[1]!.replace('.ts', '')}](${f.file})`, title(f.file), f.comment.replace(/\.$/, '')]),
    );
  },
  settings: () =>
    table(
      ['name', 'default', 'key'],
      SETTINGS.map(s => [s.name, code(s.value), code(s.key)]),
    ),
  'settings-zh': () =>
    table(
      ['名称', '默认值', '说明'],
      SETTINGS.map(s => [s.name, s.value, s.says]),
    ),
  config: () =>
    table(
      ['variable', 'default', 'meaning'],
      variables().map(v => [code(v.name), v.fallback && code(v.fallback), meaning(v.name)[0]]),
    ),
  'config-zh': () =>
    table(
      ['变量', '默认值', '说明'],
      variables().map(v => [code(v.name), v.fallback && code(v.fallback), meaning(v.name)[1]]),
    ),
  api: () => read('src/web/API.md').trim(),
};

/** Fills every marked part anew. @throws Error at a marker without an end or of no known name */
export const fillParts = (text: string): string =>
  text.replace(/<!-- docs:([\w-]+) -->[\s\S]*?(?:<!-- \/docs:\1 -->|(?=<!-- docs:)|$)/g, (whole, name: string) => {
    if (!whole.endsWith(`<!-- /docs:${name} -->`)) throw new Error(`docs:${name} has no end`);
    const part = parts[name];
    if (!part) throw new Error(`nothing is called docs:${name}`);
    return `<!-- docs:${name} -->\n${part()}\n<!-- /docs:${name} -->`;
  });

/** Stands for the one-time code of the first admin. */
const CODE = 'ABCD2345';
const FENCE = /^```text (play|play-on|play-empty)((?: \S+)*)\n([\s\S]*?)^```$/gm;
/** Lines that people say and the clock's; the bot's are made anew. */
const spoken = (line: string): boolean => /^-- .+ --$/.test(line) || (/^[^\s>]+> /.test(line) && !line.startsWith('机器人'));

/** The bot's messages that are not for one of these people or groups are left out. Without names all are shown. */
const onlyTo = (script: string, names: string[]): string => {
  if (!names.length) return script;
  let shown = true;
  const kept: string[] = [];
  for (const line of script.split('\n')) {
    const to = /^机器人[@→]([^>]+)>/.exec(line)?.[1];
    if (to !== undefined) shown = names.some(n => to.includes(n));
    else if (!line.startsWith(' ')) shown = true;
    if (shown) kept.push(line);
  }
  return kept.join('\n');
};

/**
 * Plays every conversation again on a fresh rehearsal. A fence begins with ```text play (anew), ```text play-empty (an installation with nothing in it)
 * or ```text play-on (where the last one ended), and may name the people and groups whose messages are shown.
 */
export const fillPlays = async (text: string): Promise<string> => {
  let room: Awaited<ReturnType<typeof chat>> | undefined;
  const out: string[] = [];
  let end = 0;
  try {
    for (const fence of text.matchAll(FENCE)) {
      const [whole, how, names = '', body = ''] = fence;
      if (how !== 'play-on' || !room) {
        await room?.close();
        room = await chat({ empty: how === 'play-empty' });
      }
      const code = room.open.claimCode() ?? CODE;
      const script = body
        .split('\n')
        .filter(l => spoken(l.trimEnd()))
        .join('\n')
        .replace(CODE, code);
      const played = onlyTo((await room.play(script)).replace(code, CODE), names.split(' ').filter(Boolean));
      out.push(text.slice(end, fence.index), `\`\`\`text ${how}${names}\n${played}\n\`\`\``);
      end = fence.index + whole.length;
    }
  } finally {
    await room?.close();
  }
  return [...out, text.slice(end)].join('');
};

/** A document as it should be. */
export const upToDate = async (file: string): Promise<string> => fillPlays(fillParts(read(file)));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const file of DOCUMENTS) {
    const text = await upToDate(file);
    if (text === read(file)) continue;
    writeFileSync(join(root, file), text);
    console.log(`${file} written`);
  }
  // The rehearsal's worker for pictures may still be there.
  process.exit();
}
