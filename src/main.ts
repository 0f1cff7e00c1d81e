/** Starts the product: reads the environment, opens what is needed, serves until it is told to stop. */
import { join, resolve } from 'node:path';
import { pino } from 'pino';
import type { Parts } from './assemble.ts';
import { wallClock } from './bot/real-time.ts';
import { type Config, messengersOf, readConfig } from './config.ts';
import { measures } from './measures.ts';
import { startNightly } from './nightly.ts';
import type { Messengers } from './open-live.ts';
import { openSandbox } from './open-sandbox.ts';
import { type LoadedProgramme, loadProgrammes } from './programmes/load.ts';
import { packageRoot } from './root.ts';
import { servePublic, serveSandbox } from './web/serve.ts';

/** Longest that a stop may take. */
const STOP = 5_000;

const start = async (): Promise<void> => {
  const config = readConfig(process.env);
  const dataDir = resolve(config.DATA_DIR);
  const logger = pino(
    { level: config.LOG_LEVEL, redact: ['*.phone', '*.text', '*.token', '*.secret'] },
    pino.destination({ dest: 2, sync: false }),
  );
  const log = {
    info: (what: object, message: string) => logger.info(what, message),
    warn: (what: object, message: string) => logger.warn(what, message),
    error: (what: object, message: string) => logger.error(what, message),
  };
  const programmes = loadProgrammes([join(packageRoot, 'src/programmes'), join(dataDir, 'programmes')]);
  const messengers = messengersOf(config);
  const real = Object.values(messengers).some(m => m !== null);
  const setting = { dataDir, programmes, log };
  const running = real ? await live(config, messengers, setting) : await rehearsal(config, setting);

  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), STOP).unref();
    void running.stop().then(
      () => process.exit(0),
      e => {
        log.error({ err: e }, 'stop failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
};

interface Setting {
  dataDir: string;
  programmes: readonly LoadedProgramme[];
  log: Parts['log'];
}
interface Running {
  stop(): Promise<void>;
}
const say = (...lines: string[]) => process.stdout.write(`${lines.join('\n')}\n`);
const sayClaim = (code: string) => say(`首位管理员认领码（只用一次），私聊发：/认领 ${code}`);

/** Without a messenger: the rehearsal stage on this machine. */
const rehearsal = async (config: Config, { dataDir, programmes, log }: Setting): Promise<Running> => {
  let listening: string | null = null;
  const open = await openSandbox({
    folder: join(dataDir, 'sandbox'),
    programmes,
    log,
    onClaimCode: sayClaim,
    webUrl: () => config.WEB_URL ?? listening,
    ...(config.KEY_FILE ? { keyFile: config.KEY_FILE } : {}),
  });
  const { sandbox, looks, desk } = open;
  const listener = await serveSandbox({
    port: config.PORT,
    sandbox,
    looks,
    desk,
    log,
    health: {
      checks: async () => ({ store: open.assembled().fault() ?? (await storeTrouble(() => open.store().read.count('orgs', {}))) }),
      measures: () => measures(open.store(), open.assembled(), sandbox.now()),
    },
  });
  listening = listener.url;
  say(
    `下基层助手 演练台：${listener.url}`,
    ...sandbox.tries().map(({ name, group, does }, i) => `  ${i + 1}. ${name}（${group ?? '私聊'}）：${does}`),
  );
  const endNightly = startNightly({
    store: open.store,
    files: open.files,
    folder: join(dataDir, 'sandbox/backups'),
    real: wallClock,
    clock: sandbox,
    log,
  });
  return {
    async stop() {
      await endNightly();
      await listener.close();
      await open.close();
    },
  };
};

/** With a messenger: the real work, on its own data. */
const live = async (config: Config, messengers: Messengers, { dataDir, programmes, log }: Setting): Promise<Running> => {
  const { openLive } = await import('./open-live.ts');
  let listening: string | null = null;
  const open = await openLive({
    folder: dataDir,
    programmes,
    messengers,
    log,
    webUrl: () => config.WEB_URL ?? listening,
    show: text => say(text),
    ...(config.DATABASE_URL ? { url: config.DATABASE_URL } : {}),
    ...(config.KEY_FILE ? { keyFile: config.KEY_FILE } : {}),
  });
  const listener = await servePublic({
    host: config.WEB_HOST,
    port: config.WEB_PORT,
    desk: open.desk,
    logins: open.logins,
    callbacks: open.callbacks,
    log,
    health: {
      checks: async () => ({
        store: open.assembled.fault() ?? (await storeTrouble(() => open.store.read.count('orgs', {}))),
        ...open.troubles(),
      }),
      measures: () => measures(open.store, open.assembled, wallClock.now()),
    },
  });
  listening = listener.url;
  const { feishu, dingtalk, wecom, wechat } = messengers;
  const here = (name: string) => `回调地址 ${config.WEB_URL ?? listener.url}/${name}/webhook`;
  const ways = [
    feishu && `飞书（${feishu.webhook ? here('feishu') : '长连接'}）`,
    dingtalk && `钉钉（${dingtalk.transport === 'http' ? here('dingtalk') : '长连接'}）`,
    wecom && '企业微信（长连接）',
    wechat && `微信（${wechat.puppet}）`,
  ].filter(Boolean);
  say(`下基层助手 已启动：${ways.join('、')}`);
  if (wechat)
    say(
      '注意：微信走的是非官方接口，账号可能被封，请用专门的号；它以收为主、发得慢（每条隔两秒，每群每天有上限）',
      '　　　能用企业微信、钉钉、飞书的，请用官方的',
    );
  say(`是否正常：${listener.url}/readyz`);
  if (open.claimCode !== null) sayClaim(open.claimCode);
  const endNightly = startNightly({
    store: () => open.store,
    files: open.files,
    folder: join(dataDir, 'backups'),
    real: wallClock,
    clock: wallClock,
    log,
  });
  return {
    async stop() {
      await endNightly();
      await listener.close();
      await open.close();
    },
  };
};

const storeTrouble = async (probe: () => Promise<unknown>): Promise<string | null> => {
  try {
    await probe();
    return null;
  } catch {
    return '数据库不可用';
  }
};

// One clear sentence instead of a stack: who starts it is not its programmer.
start().catch((e: unknown) => {
  process.stderr.write(`启动失败：${e instanceof Error ? e.message : String(e)}\n`);
  process.exit(1);
});
