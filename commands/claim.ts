/** /认领 — the one-time code that is printed at first start makes the first admin of a county. */
import { z } from 'zod';
import { codeDigest } from '../src/bot/claim-code.ts';
import { defineCommand, refuse } from '../src/bot/command.ts';
import { isLocked, oneMoreWrong } from '../src/core/binding.ts';
import { shortNames } from '../src/core/org-names.ts';
import type { Account, Change, Code, Lock, Org } from '../src/core/records.ts';
import { newPerson, numbered } from '../src/core/records.ts';
import type { Programme } from '../src/programmes/schema.ts';

const blank = { type: null, phone: null, phoneMask: null, need: null, order: null, place: null };
const args = z.object({ code: z.string({ error: '请写启动时打印的认领码' }).min(4, '请写启动时打印的认领码').max(60) });

interface Facts {
  lock: Lock | undefined;
  code: Code | undefined;
  own: Account | undefined;
  orgs: Org[];
  admins: number;
}

export default defineCommand<z.infer<typeof args>, Facts>({
  name: '认领',
  aliases: ['rl', 'renling', 'claim'],
  summary: '首位系统管理员用一次性代码认领',
  usage: '/认领 代码 [姓名]',
  examples: ['/认领 ABCD2345'],
  slots: { code: { kind: 'rest' } },
  args,
  async facts(read, { args, actor }) {
    const { platform, app, id } = actor.account;
    return {
      lock: await read.get('locks', `${platform}/${app}/${id}`),
      code: await read.get('codes', codeDigest(args.code.split(/\s+/)[0]!)),
      own: await read.first('accounts', { platform, app, account: id, state: 'bound' }),
      orgs: await read.all('orgs', { kind: 'bureau' }),
      admins: await read.count('grants', { role: 'admin', until: null }),
    };
  },
  decide({ args, facts, actor, turn, now, today, programmes }) {
    const { platform, app, id, name: shown } = actor.account;
    const lockId = `${platform}/${app}/${id}`;
    if (isLocked(facts.lock, now)) return refuse('bind.locked', '试错太多，先停一小时');
    if (!facts.code || facts.code.usedBy !== null || facts.admins > 0) {
      const lock = oneMoreWrong(lockId, facts.lock, now);
      return {
        changes: [{ table: 'locks', id: lockId, to: lock }],
        reply: { code: 'claim.wrong', title: '认领码不对或已用过', tone: 'no', lines: ['码只在首次启动时打印，用过即失效'] },
      };
    }
    // The first bureau is a county's, where one of its own programmes is there.
    const inForce = (p: Programme) => p.term.from <= today && today <= p.term.until;
    const programme = [...programmes]
      .sort((a, b) => Number(inForce(b)) - Number(inForce(a)))
      .sort((a, b) => Number(b.district !== undefined) - Number(a.district !== undefined))[0];
    if (!programme) return refuse('claim.no-programme', '还没有方案文件', '请先放入方案文件再启动');
    const [, typedName, typedBureau] = args.code.split(/\s+/);
    const name = typedName || shown;
    // Not every messenger tells what an account is called, and nobody is kept without a name.
    if (!name) return refuse('claim.name', '请写上您的姓名', '码还能用，这样发：', `/认领 ${args.code.trim()} 张三`);
    // A programme of a whole province does not say whose county this is.
    const bureauName = programme.district === undefined ? typedBureau : programme.bureau;
    if (bureauName === undefined) return refuse('claim.which-bureau', '请写明您的卫健局', '例：/认领 代码 姓名 某某县卫生健康局');
    const changes: Change[] = [{ table: 'codes', id: facts.code.id, to: { ...facts.code, usedBy: `${turn}` }, was: { usedBy: null } }];
    const bureau = (id: string, level: Org['level'], called: string, more: Partial<Org>): Org => {
      const known = facts.orgs.find(o => o.name === called);
      if (known) return known;
      const { city = null, district = null, parent = null, county = null } = more;
      const names = shortNames(
        called,
        [city, district].filter(r => r !== null),
      );
      const org: Org = { id, kind: 'bureau', level, name: called, names, city, district, parent, county, ...blank };
      changes.push({ table: 'orgs', id, to: org });
      return org;
    };
    const region = { city: programme.city ?? null, district: programme.district ?? null };
    const upper =
      programme.city === undefined
        ? bureau(numbered(turn, 1), 'province', programme.bureau, {})
        : bureau(numbered(turn, 1), 'city', `${programme.city}卫生健康委员会`, { city: programme.city });
    const county = bureau(numbered(turn), 'county', bureauName, { ...region, parent: upper.id, county: numbered(turn) });
    const person = facts.own?.person ?? `${turn}`;
    if (!facts.own) {
      changes.push({
        table: 'people',
        id: person,
        to: newPerson(person, name),
      });
      changes.push({
        table: 'accounts',
        id: `${turn}`,
        to: { id: `${turn}`, platform, app, account: id, person, state: 'bound', at: now },
      });
    }
    const grant = { person, org: county.id, county: county.id, deputy: false, from: today, until: null };
    changes.push({ table: 'grants', id: numbered(turn), to: { id: numbered(turn), role: 'admin', office: null, ...grant } });
    changes.push({ table: 'grants', id: numbered(turn, 1), to: { id: numbered(turn, 1), role: 'bureau', office: '医政股', ...grant } });
    if (facts.lock) changes.push({ table: 'locks', id: lockId, to: null });
    return {
      changes,
      reply: {
        code: 'claim.done',
        title: `认领成功，${name}是系统管理员`,
        tone: 'ok',
        lines: [county.name, programme.title, '下一步：/导入 安排表，再 /导入 联络员', '建好工作群后在群里发 /绑定群'],
      },
    };
  },
});
