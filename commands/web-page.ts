/** /网页 — a one-time link to the page: the same direct chat in a browser, with tables, files and room. */
import { z } from 'zod';
import { defineCommand, refuse } from '../src/bot/command.ts';
import { LINK_LASTS, WEB } from '../src/bot/desk.ts';
import type { Account, Session } from '../src/core/records.ts';

const args = z.object({});

export default defineCommand<z.infer<typeof args>, Account | undefined>({
  name: '网页',
  aliases: ['页面', 'wy', 'wangye', 'web'],
  summary: '在电脑上用：一次性网页链接',
  usage: '/网页',
  examples: ['/网页'],
  slots: {},
  args,
  facts: (read, { actor }) => read.get('accounts', `${WEB}/${actor.person!.id}`),
  decide({ actor, facts, now, secret, webUrl }) {
    if (webUrl === null) return refuse('web.off', '这里没有开网页', '请管理员设置 WEB_URL');
    const { token, digest } = secret();
    const person = actor.person!.id;
    const link: Session = { id: digest, person, kind: 'link', expires: now + LINK_LASTS };
    // The page's account is the oldest of all, so that nothing unasked ever goes there.
    const account: Account = { id: `${WEB}/${person}`, platform: WEB, app: WEB, account: person, person, state: 'bound', at: 0 };
    return {
      changes: [
        { table: 'sessions', id: link.id, to: link },
        ...(facts?.state === 'bound' ? [] : [{ table: 'accounts' as const, id: account.id, to: account }]),
      ],
      reply: {
        code: 'web.link',
        title: '网页链接，五分钟内用一次',
        tone: 'ok',
        lines: [`${webUrl}/web/enter/${token}`, '只给自己用，不要转发；打开后点“进入”'],
      },
    };
  },
});
