/** `npm run doctor [-- 群名]`: is every configured messenger well, and what to click when it is not. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openStore } from '../db/open.ts';
import { type Config, messengersOf, readConfig } from './config.ts';
import { LOOK_AT as DINGTALK_LOOK_AT, examineDingtalk } from './platforms/dingtalk/doctor.ts';
import { examineFeishu, LOOK_AT as FEISHU_LOOK_AT } from './platforms/feishu/doctor.ts';
import type { Step } from './platforms/intake.ts';
import { examineWechat, LOOK_AT as WECHAT_LOOK_AT } from './platforms/wechat/doctor.ts';
import { examineWecom, LOOK_AT as WECOM_LOOK_AT } from './platforms/wecom/doctor.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

/** Says each step; false when one is not well. */
const examineAll = async (name: string, steps: AsyncGenerator<Step>, lookAt: readonly string[]): Promise<boolean> => {
  let well = true;
  say(name);
  for await (const { what, told, fix } of steps) {
    say(`  ${fix === null ? '✔' : '✘'} ${what}：${told}`);
    if (fix !== null) say(`      → ${fix}`);
    well &&= fix === null;
  }
  say('  请在后台再看一眼：');
  for (const line of lookAt) say(`    · ${line}`);
  return well;
};

/** The id of a place: as it is, or of a group that is bound and whose name is like this. Only with the program stopped, for its data has one owner. */
const placeOf = async (config: Config, platform: string, said: string, isId: (said: string) => boolean): Promise<string | undefined> => {
  if (isId(said)) return said;
  const folder = resolve(config.DATA_DIR);
  if (!config.DATABASE_URL && !existsSync(join(folder, 'store.db'))) return undefined;
  try {
    const store = await openStore({
      dataDir: folder,
      ...(config.DATABASE_URL ? { url: config.DATABASE_URL } : {}),
      ...(config.KEY_FILE ? { keyFile: config.KEY_FILE } : {}),
    });
    const groups = await store.read.all('groups', { platform });
    await store.close();
    return groups.find(g => g.name.includes(said))?.conversation;
  } catch {
    say(`  · 程序正在运行，查不了群名“${said}”：先停程序再试，或直接写群 id`);
    return undefined;
  }
};

const silent = { warn: () => undefined, error: () => undefined };
const examine = async (): Promise<boolean> => {
  const config = readConfig(process.env);
  const { feishu, dingtalk, wecom, wechat } = messengersOf(config);
  const group = process.argv[2];
  const place = (platform: string, isId: (said: string) => boolean) =>
    group === undefined ? undefined : placeOf(config, platform, group, isId);
  const results: boolean[] = [];
  if (feishu) results.push(await examineAll('飞书', examineFeishu(feishu, silent, group, config.WEB_URL ?? null), FEISHU_LOOK_AT));
  if (dingtalk) {
    const to = await place('dingtalk', s => s.startsWith('cid') || s.includes('/'));
    const steps = examineDingtalk(dingtalk, { to, webUrl: config.WEB_URL ?? null });
    results.push(await examineAll('钉钉', steps, DINGTALK_LOOK_AT));
  }
  if (wecom) {
    const to = await place('wecom', s => /^(wr|wx|user:)/.test(s));
    results.push(await examineAll('企业微信', examineWecom(wecom, { to }), WECOM_LOOK_AT));
  }
  if (wechat) {
    const to = await place('wechat', s => s.endsWith('@chatroom'));
    results.push(await examineAll('微信', examineWechat(wechat, resolve(config.DATA_DIR), { to }), WECHAT_LOOK_AT));
  }
  if (!results.length)
    say(
      '没有配置真实平台（飞书填 FEISHU_APP_ID、FEISHU_APP_SECRET，钉钉填 DINGTALK_CLIENT_ID、DINGTALK_CLIENT_SECRET，企业微信填 WECOM_BOT_ID、WECOM_BOT_SECRET，微信填 WECHAT_PUPPET），现在只能开演练台',
    );
  return results.length > 0 && results.every(Boolean);
};

examine().then(
  well => {
    process.exitCode = well ? 0 : 1;
  },
  (e: unknown) => {
    process.stderr.write(`${e instanceof Error ? e.message : String(e)}\n`);
    process.exitCode = 1;
  },
);
