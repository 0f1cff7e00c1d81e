/** A messenger whose variables are half there is named at start: nobody is to find himself in a rehearsal. */
import { expect, test } from 'vitest';
import { readConfig } from '../src/config.ts';

test.each([
  ['FEISHU_APP_ID', 'FEISHU_APP_SECRET'],
  ['DINGTALK_CLIENT_ID', 'DINGTALK_CLIENT_SECRET'],
  ['WECOM_BOT_ID', 'WECOM_BOT_SECRET'],
])('%s and %s go together', (id, secret) => {
  const given = { [id]: 'cli_0123456789abcdef', [secret]: 'secret' };
  expect(() => readConfig(given)).not.toThrow();
  expect(() => readConfig({ [id]: given[id] })).toThrow(`缺少环境变量 ${secret}`);
  expect(() => readConfig({ [secret]: 'secret' })).toThrow(`缺少环境变量 ${id}`);
});
