/** Starts the product: reads the environment, opens what is needed, serves until it is told to stop. */
import { join, resolve } from 'node:path';
import { pino } from 'pino';
import { wallClock } from './bot/real-time.ts';
import { readConfig } from './config.ts';
import { measures } from './measures.ts';
import { startNightly } from './nightly.ts';
import { openSandbox } from './open-sandbox.ts';
import { loadProgrammes } from './programmes/load.ts';
import { packageRoot } from './root.ts';
import { serveSandbox } from './web/serve.ts';

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
  let listening: string | null = null;
  const open = await openSandbox({
    folder: join(dataDir, 'sandbox'),
    programmes,
    log,
    onClaimCode: code => process.stdout.write(`首位管理员认领码（只用一次），私聊发：/认领 ${code}\n`),
    webUrl: () => config.WEB_URL ?? listening,
    ...(config.KEY_FILE ? { keyFile: config.KEY_FILE } : {}),
  });
  const { sandbox, desk } = open;

  const listener = await serveSandbox({
    port: config.PORT,
    sandbox,
    desk,
    log,
    health: {
      checks: async () => ({ store: open.assembled().fault() ?? (await storeTrouble(() => open.store().read.count('orgs', {}))) }),
      measures: () => measures(open.store(), open.assembled()),
    },
  });

  listening = listener.url;

  process.stdout.write(
    [
      `下基层助手 演练台：${listener.url}`,
      '试一试：',
      '  1. 选一位医师，在群里发 /签到',
      '  2. 右边时钟点“到下一件事”，看机器人提醒谁',
      '  3. 选局领导，私聊发 /统计',
      '',
    ].join('\n'),
  );

  const endNightly = startNightly({
    store: open.store,
    folder: join(dataDir, 'sandbox/backups'),
    real: wallClock,
    clock: sandbox,
    log,
  });

  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), STOP).unref();
    void endNightly()
      .then(() => listener.close())
      .then(() => open.close())
      .then(
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
