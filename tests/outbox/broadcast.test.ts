/** An announcement to many groups: no limit of the messenger is ever passed, and people's answers overtake it. */
import { expect, test } from 'vitest';
import { broadcast } from '../bench/broadcast.ts';

test.each(['feishu', 'dingtalk', 'wecom', 'wechat'])('%s', async platform => {
  const { violations, sent, took, least, slowestReply } = await broadcast(platform, 300);
  expect(violations).toBe(0);
  expect(sent).toBeGreaterThanOrEqual(300);
  expect(slowestReply).toBeLessThan(2);
  expect(took).toBeLessThanOrEqual(Math.max(1.15 * least, 2));
});
