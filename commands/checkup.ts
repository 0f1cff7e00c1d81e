/** /体检 — is everything in place: who receives what, what reached nobody, what is missing. */
import { z } from 'zod';
import { heldOn } from '../src/bot/address.ts';
import { defineCommand, refuse } from '../src/bot/command.ts';
import type { OutboxRow } from '../src/bot/ports.ts';
import { yearOf } from '../src/core/day.ts';
import type { Account, FrozenGroup, Grant, Group, Org, Person } from '../src/core/records.ts';

const args = z.object({});

interface Facts {
  orgs: Org[];
  grants: Grant[];
  people: Map<string, Person>;
  accounts: Account[];
  groups: Group[];
  /** Accounts that wait to be bound again after a login, and groups. */
  frozen: { accounts: Account[]; groups: FrozenGroup[] };
  stuck: OutboxRow[];
}

export default defineCommand<z.infer<typeof args>, Facts>({
  name: '体检',
  aliases: ['检查', 'tij', 'tijian', 'checkup'],
  summary: '谁能收到什么、缺什么',
  usage: '/体检',
  examples: ['/体检'],
  slots: {},
  args,
  async facts(read, { actor }) {
    const county = actor.grants.find(g => g.county !== null)?.county ?? '';
    const grants = await read.all('grants', { county });
    return {
      orgs: await read.all('orgs', { county }, { by: 'order' }),
      grants,
      people: new Map((await read.all('people', {})).map(p => [p.id, p])),
      accounts: await read.all('accounts', { state: 'bound' }),
      groups: await read.all('groups', {}),
      frozen: { accounts: await read.all('accounts', { state: 'frozen' }), groups: await read.all('frozenGroups', { again: null }) },
      stuck: await read.outbox({ states: ['failed', 'unknown'], limit: 200 }),
    };
  },
  decide({ facts, today, calendar, programmeKey, actor }) {
    if (!actor.grants.some(g => g.county !== null)) return refuse('checkup.no-county', '还没有本县的单位');
    const bound = new Set(facts.accounts.map(a => a.person));
    const holders = (org: string, role: string) => facts.grants.filter(g => g.org === org && g.role === role && heldOn(g, today));
    const receiver = (o: Org): { who: string; ok: boolean } => {
      const role = o.kind === 'clinic' ? 'clinic' : o.kind === 'hospital' ? 'hospital' : o.kind === 'general' ? 'general' : 'bureau';
      const here = holders(o.id, role).filter(g => bound.has(g.person));
      const own = facts.groups.find(g => g.orgs.length === 1 && g.orgs[0] === o.id);
      const shared = facts.groups.find(g => g.orgs.length > 1 && g.orgs.includes(o.id));
      if (here.length)
        return { who: here.map(g => facts.people.get(g.person)?.name ?? '').join('、') + (own ? `；群：${own.name}` : ''), ok: true };
      return { who: own ? `群：${own.name}` : shared ? `群：${shared.name}（没有专人）` : '没有人能收到', ok: false };
    };
    const units = facts.orgs.filter(o => o.kind !== 'bureau' || o.level === 'county');
    const rows = units.map(o => ({ o, ...receiver(o) }));
    const physicians = [...new Set(facts.grants.filter(g => g.role === 'physician' && heldOn(g, today)).map(g => g.person))];
    const unbound = physicians.filter(p => !bound.has(p));
    const without = rows.filter(r => !r.ok && r.o.kind === 'clinic');
    const here = new Set(facts.grants.map(g => g.person));
    const ours = new Set(facts.orgs.map(o => o.id));
    const waiting = {
      people: facts.frozen.accounts.filter(a => here.has(a.person)).length,
      groups: facts.frozen.groups.filter(g => g.orgs.some(o => ours.has(o))).length,
    };
    const year = yearOf(today);
    const lost = facts.stuck.filter(r => r.state === 'failed').length;
    const unknown = facts.stuck.length - lost;
    const lines = [
      without.length
        ? `没有绑定专人 ${without.length} 家：${without
            .slice(0, 4)
            .map(r => r.o.names[0])
            .join('、')}${without.length > 4 ? '等' : ''}（由副岗、支援单位或卫健局代办）`
        : '各受援单位都有专人',
      unbound.length
        ? `医师没绑定 ${unbound.length} 人：${unbound
            .slice(0, 4)
            .map(p => facts.people.get(p)?.name)
            .join('、')}${unbound.length > 4 ? '等' : ''}（由单位代签）`
        : '医师都已绑定',
      lost ? `没有送到 ${lost} 条：${facts.stuck.find(r => r.state === 'failed')?.card.title ?? ''}` : '没有送不到的消息',
      ...(unknown ? [`不知是否送到 ${unknown} 条`] : []),
      `群 ${facts.groups.length} 个`,
      ...(waiting.people || waiting.groups ? [`微信重新登录后还没再绑定：${waiting.people} 人、${waiting.groups} 个群`] : []),
      calendar.knows(year)
        ? calendar.knows(year + 1)
          ? `${year}、${year + 1}年放假安排已有`
          : `${year}年放假安排已有，${year + 1}年还没有`
        : `${year}年放假安排没有，工作日算不准`,
      programmeKey ? `方案 ${programmeKey}` : '今天没有有效的方案',
    ];
    return {
      reply: {
        code: 'checkup.shown',
        title: without.length || lost || unknown ? '体检：有要处理的' : '体检：都好',
        tone: without.length || lost || unknown ? 'ask' : 'ok',
        lines,
        table: { columns: ['单位', '谁会收到'], rows: rows.map(r => [r.o.names[0] ?? r.o.name, r.who]) },
      },
    };
  },
});
