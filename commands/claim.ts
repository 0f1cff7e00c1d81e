/** /认领 — a one-time code makes an admin: the one printed at first start the first of a county, one asked for on the machine an admin who lost his account, or another. */

import { heldOn } from '../src/bot/address.ts';
import { codeDigest, codeHolds } from '../src/bot/claim-code.ts';
import { defineCommand, refuse } from '../src/bot/command.ts';
import { isLocked, oneMoreWrong } from '../src/core/binding.ts';
import { again } from './claim/again.ts';
import { type Args, args, type Facts, wordsOf } from './claim/asked.ts';
import { first } from './claim/first.ts';

export default defineCommand<Args, Facts>({
  name: '认领',
  aliases: ['认领码', 'rl', 'renling', 'claim'],
  summary: '用一次性代码成为系统管理员',
  usage: '/认领 代码 [姓名]',
  examples: ['/认领 ABCD2345'],
  slots: { code: { kind: 'rest' } },
  args,
  async facts(read, { args, actor, now, today }) {
    const { platform, app, id } = actor.account;
    const [typed = '', name] = wordsOf(args);
    const admins = (await read.all('grants', { role: 'admin' })).filter(g => heldOn(g, today));
    const code = await read.get('codes', codeDigest(typed));
    const open = code?.usedBy === null && code.for === null ? code : undefined;
    const holds = open && codeHolds(await read.journal({ table: 'codes', row: open.id }, 1), admins.length, now);
    const people = holds && admins.length && name ? await read.all('people', { name }) : [];
    const held = people.length ? (await read.all('grants', { person: people.map(p => p.id) })).filter(g => heldOn(g, today)) : [];
    // Of one name with the bureau's people a physician may be as well.
    const offices = new Set(admins.map(g => g.org));
    const named = people.filter(p => held.some(g => g.person === p.id && offices.has(g.org)));
    const accounts = named.length ? await read.all('accounts', { person: named.map(p => p.id), state: ['bound', 'frozen'] }) : [];
    return {
      lock: await read.get('locks', `${platform}/${app}/${id}`),
      code: holds ? open : undefined,
      own: await read.first('accounts', { platform, app, account: id, state: 'bound' }),
      orgs: await read.all('orgs', { kind: 'bureau' }),
      admins,
      named,
      held,
      accounts,
      codes: accounts.length ? await read.all('codes', { for: accounts.map(a => a.id), usedBy: null }) : [],
      sessions: named.length ? await read.all('sessions', { person: named.map(p => p.id) }) : [],
    };
  },
  decide(asked) {
    const { facts, actor, now } = asked;
    const lockId = `${actor.account.platform}/${actor.account.app}/${actor.account.id}`;
    if (isLocked(facts.lock, now)) return refuse('bind.locked', '试错太多，先停一小时');
    if (!facts.code) {
      const lock = oneMoreWrong(lockId, facts.lock, now);
      return {
        changes: [{ table: 'locks', id: lockId, to: lock }],
        reply: {
          code: 'claim.wrong',
          title: '认领码不对、用过或过期了',
          tone: 'no',
          lines: ['码在首次启动时打印，只用一次', '新码由管理服务器的人取：npm run claim-code'],
        },
      };
    }
    const claimed = facts.admins.length ? again(asked) : first(asked);
    if (!('changes' in claimed)) return claimed;
    const used = [
      { table: 'codes' as const, id: facts.code.id, to: { ...facts.code, usedBy: `${asked.turn}` }, was: { usedBy: null } },
      ...(facts.lock ? [{ table: 'locks' as const, id: lockId, to: null }] : []),
    ];
    return { ...claimed, changes: [...used, ...(claimed.changes ?? [])] };
  },
});
