/** /绑定群 — ties the group it is said in to one or more units; also what the bot says when it was just added. */

import { z } from 'zod';
import { defineCommand, refuse } from '../src/bot/command.ts';
import { actsFor } from '../src/bot/scope.ts';
import { againDigest } from '../src/bot/secret.ts';
import { shownOrg } from '../src/core/org-names.ts';
import type { Change, FrozenGroup, Group, Org } from '../src/core/records.ts';

const args = z.object({ orgs: z.array(z.string()).optional(), all: z.literal('all').optional(), code: z.string().optional() });

interface Facts {
  group: Group | undefined;
  orgs: Org[];
  /** The frozen group that a code binds again. */
  frozen: FrozenGroup | undefined;
  /** What it is bound to now. */
  bound: Org[];
}

const named = (orgs: readonly Org[]): string =>
  `${orgs
    .slice(0, 4)
    .map(o => shownOrg(o))
    .join('、')}${orgs.length > 4 ? `等${orgs.length}家` : ''}`;

export default defineCommand<z.infer<typeof args>, Facts>({
  name: '绑定群',
  aliases: ['群绑定', 'bdq', 'bangdingqun', 'bind-group'],
  summary: '这个群是哪些单位的',
  usage: '/绑定群 单位…（全县用 /绑定群 全县）',
  examples: ['/绑定群 青山卫生院', '/绑定群 全县'],
  slots: {
    all: { kind: 'choice', words: { 全县: 'all', 全区: 'all', 全部: 'all', 全市: 'all' } },
    orgs: { kind: 'org', many: true },
    code: { kind: 'code' },
  },
  args,
  async facts(read, { args, actor, conversation }) {
    const group = await read.first('groups', {
      platform: conversation.platform,
      app: conversation.app,
      conversation: conversation.conversation,
    });
    const county = actor.grants.find(g => g.county !== null)?.county;
    const code = args.code === undefined ? undefined : await read.get('codes', againDigest(args.code));
    const kept = code?.for && code.usedBy === null ? await read.get('frozenGroups', code.for) : undefined;
    const frozen = kept?.platform === conversation.platform && kept.app === conversation.app && kept.again === null ? kept : undefined;
    const orgs = frozen
      ? await read.all('orgs', { id: frozen.orgs })
      : args.all && county
        ? await read.all('orgs', { county })
        : args.orgs?.length
          ? await read.all('orgs', { id: args.orgs })
          : [];
    return { group, orgs, frozen, bound: group?.orgs.length ? await read.all('orgs', { id: group.orgs }) : [] };
  },
  decide({ args, facts, actor, conversation, turn, content }) {
    if (conversation.kind === 'direct') return refuse('group.in-direct', '请到要绑定的群里发', '例：/绑定群 青山卫生院');
    const { group, orgs, bound, frozen } = facts;
    if (args.code !== undefined && !frozen) return refuse('group.wrong-code', '这个码不对或已用过', '也可以写单位：/绑定群 单位名');
    if (!orgs.length) {
      if (bound.length)
        return {
          reply: {
            code: 'group.shown',
            title: `本群已绑定${named(bound)}`,
            tone: 'info',
            lines: [bound.length > 1 ? '多单位群：个人的事一律私聊' : '本单位的提醒发到这里', '要改：/绑定群 单位…'],
          },
        };
      return {
        reply: {
          code: 'group.hello',
          title: content.kind === 'joined' ? '大家好，我是下基层助手' : '请写明本群是哪些单位的',
          tone: 'info',
          lines: ['请管理员发：/绑定群 单位名', '全县一个群就发：/绑定群 全县', '各位先私聊我：绑定 姓名 手机后四位'],
        },
      };
    }
    const foreign = orgs.filter(
      o =>
        !(
          actsFor(actor, o, ['hospital', 'clinic', 'general', 'bureau', 'head']) ||
          actor.grants.some(g => g.role === 'admin' && (o.county === g.county || o.county === null))
        ),
    );
    if (foreign.length) return { ...refuse('group.not-yours', `不能绑定${named(foreign)}`, '只能绑定自己的单位'), private: true };
    const ids = orgs.map(o => o.id);
    const to: Group = group
      ? { ...group, name: conversation.name, orgs: ids }
      : {
          id: `${turn}`,
          platform: conversation.platform,
          app: conversation.app,
          conversation: conversation.conversation,
          name: conversation.name,
          orgs: ids,
        };
    const again: Change[] =
      frozen && args.code !== undefined
        ? [
            { table: 'frozenGroups', id: frozen.id, to: { ...frozen, again: conversation.conversation }, was: { again: null } },
            {
              table: 'codes',
              id: againDigest(args.code),
              to: { id: againDigest(args.code), usedBy: `${turn}`, for: frozen.id },
              was: { usedBy: null },
            },
          ]
        : [];
    return {
      changes: [...again, { table: 'groups', id: to.id, to, ...(group ? { was: { conversation: group.conversation } } : {}) }],
      reply: {
        code: 'group.bound',
        title: `本群绑定了${named(orgs)}`,
        tone: 'ok',
        lines:
          ids.length > 1
            ? ['多单位群：每个时点合成一条，一天最多三条', '个人的事（到没到、请假、数字）只私聊']
            : ['本单位的提醒发到这里', '统计只显示本单位'],
      },
    };
  },
});
