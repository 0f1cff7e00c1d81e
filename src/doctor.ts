/** `npm run doctor [-- 群名]`: is every configured messenger well, and what to click when it is not. */
import { resolve } from 'node:path';
import { messengersOf, readConfig } from './config.ts';
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

const silent = { warn: () => undefined, error: () => undefined };
const examine = async (): Promise<boolean> => {
  const config = readConfig(process.env);
  const { feishu, dingtalk, wecom, wechat } = messengersOf(config);
  const results: boolean[] = [];
  if (feishu) results.push(await examineAll('飞书', examineFeishu(feishu, silent, process.argv[2]), FEISHU_LOOK_AT));
  if (dingtalk) results.push(await examineAll('钉钉', examineDingtalk(dingtalk), DINGTALK_LOOK_AT));
  if (wecom) results.push(await examineAll('企业微信', examineWecom(wecom), WECOM_LOOK_AT));
  if (wechat) results.push(await examineAll('微信', examineWechat(wechat, resolve(config.DATA_DIR)), WECHAT_LOOK_AT));
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
