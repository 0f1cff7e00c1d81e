/** /解绑 — the speaker's account is no longer tied to the person; roles stay with the person. */
import { z } from 'zod';
import { defineCommand, refuse } from '../src/bot/command.ts';
import type { Account } from '../src/core/records.ts';

const args = z.object({ sure: z.literal('sure').optional() });

export default defineCommand<z.infer<typeof args>, Account | undefined>({
  name: '解绑',
  aliases: ['退出', 'jb', 'jiebang', 'unbind'],
  summary: '这个账号不再代表您',
  usage: '/解绑 确定',
  examples: ['/解绑', '/解绑 确定'],
  slots: { sure: { kind: 'choice', words: { 确定: 'sure', 是: 'sure' } } },
  args,
  facts: (read, { actor: { account } }) =>
    read.first('accounts', { platform: account.platform, app: account.app, account: account.id, state: 'bound' }),
  decide({ args, facts, actor }) {
    if (!facts) return refuse('unbind.none', '这个账号没有绑定');
    if (!args.sure)
      return {
        reply: {
          code: 'unbind.ask',
          title: `确定解绑${actor.person?.name}？`,
          tone: 'ask',
          lines: ['解绑后收不到提醒，角色和记录还在'],
          buttons: [{ label: '确定解绑', command: '/解绑 确定', style: 'danger' }],
        },
      };
    return {
      changes: [{ table: 'accounts', id: facts.id, to: { ...facts, state: 'ended' }, was: { state: 'bound' } }],
      reply: { code: 'unbind.done', title: '已解绑', tone: 'ok', lines: ['要用时再发：绑定 姓名 手机后四位'] },
    };
  },
});
