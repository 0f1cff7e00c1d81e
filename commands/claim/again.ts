/** A code that was asked for on the machine: who is an admin already comes back with a new account, anybody else becomes one beside them. */
import { type Asked, type Decision, refuse } from '../../src/bot/command.ts';
import type { Card, Outgoing } from '../../src/core/card.ts';
import { type Change, newPerson, numbered, type Person } from '../../src/core/records.ts';
import { takeUp } from '../bind/account.ts';
import { type Args, type Facts, wordsOf } from './asked.ts';

export const again = (asked: Asked<Args> & { facts: Facts }): Decision => {
  const { args, facts, turn, today } = asked;
  const [typed = '', name] = wordsOf(args);
  if (!name) return refuse('claim.name', '请写上姓名', '码还能用，这样发：', `/认领 ${typed} 张三`);
  const isAdmin = (p: Person) => facts.admins.some(g => g.person === p.id);
  const admins = facts.named.filter(isAdmin);
  const [known, ...others] = admins.length ? admins : facts.named;
  if (others.length)
    return refuse('claim.several', `局里叫${name}的不止一位，没有认领`, '码还能用；请先由一位同事 /授权，或写另一位的姓名');
  const person = known ?? newPerson(`${turn}`, name);
  const own = facts.accounts.filter(a => a.person === person.id);
  const bound = own.filter(a => a.state === 'bound');
  const taken = takeUp(asked, { frozen: own.filter(a => a.state === 'frozen'), codes: facts.codes }, person.id);
  const changes: Change[] = [
    ...(known ? [] : [{ table: 'people' as const, id: person.id, to: person }]),
    ...bound.map((a): Change => ({ table: 'accounts', id: a.id, to: { ...a, state: 'ended' }, was: { state: 'bound' } })),
    // Who has the old account may still be on a page.
    ...facts.sessions.filter(o => o.person === person.id).map((o): Change => ({ table: 'sessions', id: o.id, to: null })),
    ...taken.changes,
  ];
  const returns = known !== undefined && isAdmin(known);
  // The same roles as the admins there are: in most installations one county.
  const counties = returns ? [] : [...new Map(facts.admins.map(g => [g.org, g])).values()];
  for (const [i, { org, county }] of counties.entries()) {
    const id = numbered(turn, i);
    const to = { id, person: person.id, role: 'admin' as const, org, county, office: null, deputy: false, from: today, until: null };
    changes.push({ table: 'grants', id, to });
  }
  const rest = [...new Set(facts.admins.map(g => g.person))].filter(p => p !== person.id);
  const tell: Outgoing[] = [
    ...bound.map(
      (a): Outgoing => ({
        key: `claim/${turn}/${a.id}`,
        to: { person: person.id, account: a.id },
        class: 'news',
        about: 'person',
        card: oldAccountCard(name),
      }),
    ),
    ...rest.map(
      (id): Outgoing => ({
        key: `claim/${turn}/admin/${id}`,
        to: { person: id },
        class: 'news',
        about: 'person',
        card: otherAdminCard(name, returns),
      }),
    ),
  ];
  return {
    changes,
    tell,
    reply: {
      code: 'claim.done',
      title: returns ? `认领成功，${name}还是系统管理员` : `认领成功，${name}是系统管理员`,
      tone: 'ok',
      lines: [
        ...(bound.length ? ['原来的账号已停用，并告知了它'] : []),
        ...(rest.length ? ['别的系统管理员照旧，已告知他们'] : []),
        ...(returns || !rest.length ? [] : ['谁不再当，请发：/撤权 姓名 系统管理员']),
        ...taken.lines,
      ],
      ...(taken.once ? { once: true as const } : {}),
    },
  };
};

const oldAccountCard = (name: string): Card => ({
  code: 'claim.told',
  title: '您换到了新账号，这个账号停用',
  tone: 'urgent',
  lines: [`新账号凭服务器上取的认领码绑定为${name}`, '不是您本人，请马上找管理服务器的人'],
});

const otherAdminCard = (name: string, returns: boolean): Card => ({
  code: 'claim.told',
  title: returns ? `系统管理员${name}换了新账号` : `${name}凭认领码成了系统管理员`,
  tone: 'urgent',
  lines: ['认领码是在服务器上取的；您的角色不变', `不对请发：/撤权 ${name} 系统管理员`],
});
