/** `npm run doctor [-- 群名]`: is every configured messenger well, and what to click when it is not. */
import { feishuOf, readConfig } from './config.ts';
import { examineFeishu, LOOK_AT } from './platforms/feishu/doctor.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

const examine = async (): Promise<boolean> => {
  const feishu = feishuOf(readConfig(process.env));
  if (!feishu) {
    say('没有配置真实平台（缺 FEISHU_APP_ID、FEISHU_APP_SECRET），现在只能开演练台');
    return false;
  }
  let well = true;
  say('飞书');
  const silent = { warn: () => undefined, error: () => undefined };
  for await (const { what, told, fix } of examineFeishu(feishu, silent, process.argv[2])) {
    say(`  ${fix === null ? '✔' : '✘'} ${what}：${told}`);
    if (fix !== null) say(`      → ${fix}`);
    well &&= fix === null;
  }
  say('  请在后台再看一眼：');
  for (const line of LOOK_AT) say(`    · ${line}`);
  return well;
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
