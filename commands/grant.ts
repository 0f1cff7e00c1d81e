/** /授权 and /撤权 — roles at units, for a time where it is a deputy. The bureau within its county; admin and auditor only by an admin. */

import { z } from 'zod';
import { type Command, defineCommand, refuse } from '../src/bot/command.ts';
import { ROLE_NAMES } from '../src/bot/permissions.ts';
import { OFFICES, ROLE_WORDS } from '../src/core/contacts.ts';
import { addDays, parseDay, sayDay } from '../src/core/day.ts';
import { hasRole, mayGive, notOver } from '../src/core/giving.ts';
import { shownOrg } from '../src/core/org-names.ts';
import type { Grant, Org, Person, Role } from '../src/core/records.ts';

const day = z.string().transform(d => parseDay(d)!);
const args = z.object({
  person: z.string({ error: '请写姓名' }),
  role: z.string({ error: '请写角色，如 受援单位专人' }).transform(r => r as Role),
  org: z.string().optional(),
  office: z.string().optional(),
  deputy: z.literal('deputy').optional(),
  days: z.array(z.object({ from: day, to: day })).optional(),
});
type Args = z.infer<typeof args>;

interface Facts {
  person: Person | undefined;
  org: Org | undefined;
  /** Roles of the person that have not ended. */
  grants: Grant[];
  /** Holders of admin in the county. */
  admins: number;
}

const slots = {
  role: { kind: 'choice', words: ROLE_WORDS },
  office: { kind: 'choice', words: Object.fromEntries(OFFICES.map(o => [o, o])) },
  deputy: { kind: 'choice', words: { B岗: 'deputy', 副岗: 'deputy', b岗: 'deputy' } },
  days: { kind: 'dates', prefer: 'future' },
  org: { kind: 'org' },
  person: { kind: 'person' },
} as const;

const facts: Command<Args, Facts>['facts'] = async (read, { args, actor, today }) => {
  const county = actor.grants.find(g => g.county !== null)?.county;
  const person = await read.get('people', args.person);
  const grants = (await read.all('grants', { person: args.person })).filter(g => notOver(g, today));
  const own = grants.find(g => g.role === args.role)?.org;
  // Without a unit: the bureau's own roles are at the bureau, a physician's at the own hospital.
  const org =
    args.org ??
    (['bureau', 'chief', 'admin', 'auditor'].includes(args.role) ? county : args.role === 'physician' ? person?.hospital : own) ??
    own;
  return {
    person,
    org: org ? await read.get('orgs', org) : undefined,
    grants,
    admins: county ? (await read.all('grants', { role: 'admin', county })).filter(g => notOver(g, today)).length : 0,
  };
};

export const grant = defineCommand<Args, Facts>({
  name: '授权',
  aliases: ['加角色', 'sq', 'shouquan', 'grant'],
  summary: '给某人一个角色',
  usage: '/授权 姓名 角色 单位 [B岗 起止日期]',
  examples: ['/授权 张三 受援单位专人 青山卫生院', '/授权 张三 受援单位专人 青山卫生院 B岗 5月1日-5月31日'],
  slots,
  args,
  facts,
  decide({ args, facts, actor, turn, today }) {
    const { person, org } = facts;
    if (!person) return refuse('grant.who', '没有找到这个人', '先导入联络员，或请本人绑定');
    if (!org) return refuse('grant.which-unit', '请写明单位', '例：/授权 张三 受援单位专人 青山卫生院');
    if (!mayGive(actor.grants, args.role, org.county))
      return refuse('grant.not-yours', `您不能给${ROLE_NAMES[args.role]}`, '系统管理员和审计员由系统管理员授权；其他限本县');
    if (!hasRole(org.kind, args.role)) return refuse('grant.not-there', `${shownOrg(org)}没有${ROLE_NAMES[args.role]}`, '请核对单位和角色');
    const period = args.days?.[0];
    if (args.deputy && !period)
      return refuse('grant.deputy-dates', 'B岗要写起止日期', '例：/授权 张三 受援单位专人 青山卫生院 B岗 5月1日-5月31日');
    if (
      facts.grants.some(
        g => g.role === args.role && g.org === org.id && !g.deputy && (args.office === undefined || g.office === args.office),
      )
    )
      return {
        reply: {
          code: 'grant.already',
          title: `${person.name}已经是${ROLE_NAMES[args.role]}`,
          tone: 'info',
          lines: [shownOrg(org)],
        },
      };
    const to: Grant = {
      id: `${turn}`,
      person: person.id,
      role: args.role,
      org: org.id,
      office: args.office ?? null,
      county: org.county,
      deputy: args.deputy !== undefined,
      from: period?.from ?? today,
      until: period ? period.to : null,
    };
    const marks = [...(to.office ? [to.office] : []), ...(to.deputy ? ['B岗'] : [])];
    const role = `${ROLE_NAMES[args.role]}${marks.length ? `（${marks.join('，')}）` : ''}`;
    const when = period ? `${sayDay(period.from, today)}至${sayDay(period.to, today)}` : '';
    return {
      changes: [{ table: 'grants', id: to.id, to }],
      tell: [
        {
          key: `grant/${turn}`,
          to: { person: person.id },
          class: 'news',
          about: 'person',
          card: {
            code: 'grant.told',
            title: `您现在是${role}`,
            tone: 'info',
            lines: [org.name, ...(when ? [when] : []), '发 帮助 看能做什么'],
          },
        },
      ],
      reply: {
        code: 'grant.done',
        title: `${person.name}：${role}`,
        tone: 'ok',
        lines: [org.name, ...(when ? [when] : [])],
      },
    };
  },
});

export const revoke = defineCommand<Args, Facts>({
  name: '撤权',
  aliases: ['取消角色', 'cq', 'chequan', 'revoke'],
  summary: '收回某人的角色',
  usage: '/撤权 姓名 角色 [单位]',
  examples: ['/撤权 张三 受援单位专人'],
  slots,
  args,
  facts,
  decide({ args, facts, actor, today, turn }) {
    const { person, org } = facts;
    const held = facts.grants.filter(g => g.role === args.role && (!org || g.org === org.id));
    if (!person || !org || !held.length) return refuse('revoke.none', '没有这个角色', '发 /记录 可查以往');
    if (!mayGive(actor.grants, args.role, org.county)) return refuse('grant.not-yours', `您不能收回${ROLE_NAMES[args.role]}`, '限本县');
    if (args.role === 'admin' && facts.admins <= 1) return refuse('revoke.last-admin', '不能收回最后一位系统管理员', '先授权另一位');
    const yesterday = held.map(g => ({
      table: 'grants' as const,
      id: g.id,
      to: { ...g, until: addDays(today, -1) },
      was: { until: g.until },
    }));
    return {
      changes: yesterday,
      tell: [
        {
          key: `revoke/${turn}`,
          to: { person: person.id },
          class: 'news',
          about: 'person',
          card: { code: 'revoke.told', title: `您不再是${ROLE_NAMES[args.role]}`, tone: 'info', lines: [org.name] },
        },
      ],
      reply: { code: 'revoke.done', title: `已收回${person.name}的${ROLE_NAMES[args.role]}`, tone: 'ok', lines: [org.name, '马上生效'] },
    };
  },
});
