/** /绑定 — ties the speaker's account to a person; what a phone does not prove waits for somebody who knows. */
import { z } from 'zod';
import { type Asked, type Decision, defineCommand, refuse } from '../src/bot/command.ts';
import { ROLE_NAMES } from '../src/bot/permissions.ts';
import type { Read } from '../src/bot/ports.ts';
import { againDigest } from '../src/bot/secret.ts';
import { isLocked, matchPerson, oneMoreWrong, TRIES } from '../src/core/binding.ts';
import type { Card, Outgoing } from '../src/core/card.ts';
import { ROLE_WORDS } from '../src/core/contacts.ts';
import { timeOf } from '../src/core/day.ts';
import type { Account, Change, Code, Grant, Lock, Org, Person, Request, Role } from '../src/core/records.ts';

const args = z.object({
  org: z.string().optional(),
  role: z
    .string()
    .transform(r => r as Role)
    .optional(),
  text: z.string().optional(),
});
type Args = z.infer<typeof args>;

interface Facts {
  lock: Lock | undefined;
  named: Person[];
  /** Bound accounts of those named. */
  accounts: Account[];
  /** Frozen accounts of those named on the asker's platform, and the codes of theirs that are still open. */
  frozen: Account[];
  codes: Code[];
  /** The frozen account that a code binds again. */
  again: { account: Account; person: Person } | undefined;
  grants: Grant[];
  /** The account's own binding. */
  own: Account | undefined;
  request: Request | undefined;
  /** What this account has asked for and waits for. */
  waiting: Request | undefined;
  org: Org | undefined;
  orgs: Map<string, Org>;
}

const lockId = ({ actor }: Asked<Args>): string => `${actor.account.platform}/${actor.account.app}/${actor.account.id}`;
/** A code to bind again: letters and figures that cannot be mistaken. */
const CODE = /^[A-HJ-NP-Z2-9]{6,8}$/i;
const words = (a: Args): string[] => (a.text ?? '').split(/[\s,，、]+/).filter(Boolean);

export default defineCommand<Args, Facts>({
  name: '绑定',
  aliases: ['认证', '登记', 'bd', 'bangding', 'bind'],
  summary: '把这个账号和本人对上',
  usage: '/绑定 姓名 手机后四位；工作人员：/绑定 姓名 单位 角色',
  examples: ['/绑定 张三 1234', '/绑定 张三 青山卫生院 受援单位专人'],
  slots: { role: { kind: 'choice', words: ROLE_WORDS }, org: { kind: 'org' }, text: { kind: 'rest' } },
  args,

  async facts(read, asked) {
    const { args, actor } = asked;
    const [first = '', second = ''] = words(args);
    const request = /^(同意|拒绝)$/.test(first) ? await read.get('requests', second) : undefined;
    const again = CODE.test(first) && !second ? await againBy(read, asked, first) : undefined;
    const name = request?.name ?? first;
    const named = again ? [again.person] : name ? await read.all('people', { name }) : [];
    const ids = named.map(p => p.id);
    const grants = ids.length ? await read.all('grants', { person: ids }) : [];
    const accounts = ids.length ? await read.all('accounts', { person: ids, state: 'bound' }) : [];
    const { platform, app } = request ?? actor.account;
    const frozen = ids.length ? await read.all('accounts', { person: ids, platform, app, state: 'frozen' }) : [];
    const orgIds = [
      ...new Set([...grants.map(g => g.org), ...named.flatMap(p => p.hospital ?? []), ...(request?.org ? [request.org] : [])]),
    ];
    const orgs = orgIds.length ? await read.all('orgs', { id: orgIds }) : [];
    return {
      lock: await read.get('locks', lockId(asked)),
      named,
      accounts,
      frozen,
      codes: frozen.length ? await read.all('codes', { for: frozen.map(a => a.id), usedBy: null }) : [],
      again,
      grants,
      own: await ownAccount(read, asked),
      request,
      waiting: await read.first('requests', {
        platform: actor.account.platform,
        app: actor.account.app,
        account: actor.account.id,
        state: 'waiting',
      }),
      org: args.org ? await read.get('orgs', args.org) : undefined,
      orgs: new Map(orgs.map(o => [o.id, o])),
    };
  },

  decide(asked) {
    const { args, facts, conversation, now } = asked;
    const [first = '', second = ''] = words(args);
    if (/^(同意|拒绝)$/.test(first)) return answer(asked, facts, first === '同意');
    if (conversation.kind === 'group')
      return { reply: { code: 'bind.in-group', title: '请私聊我绑定', tone: 'info', lines: ['点我头像，私聊发：绑定 姓名 手机后四位'] } };
    if (facts.waiting)
      return { reply: { code: 'bind.waiting', title: '已在等确认', tone: 'info', lines: [`${facts.waiting.name}，单位确认后就能用`] } };
    if (isLocked(facts.lock, now))
      return refuse('bind.locked', '试错太多，先停一小时', `${timeOf(facts.lock!.until!)}以后再试，或请单位管理员帮忙`);
    if (CODE.test(first) && !second) return bindAgain(asked, facts);
    if (first && args.role) return askStaff(asked, facts, first);
    if (!first || !/^\d{4}$/.test(second))
      return refuse('bind.how', '请写姓名和手机后四位', '例：绑定 张三 1234', '工作人员：绑定 张三 单位 角色');
    return bind(asked, facts, second);
  },
});

const ownAccount = (read: Read, { actor: { account } }: Asked<Args>) =>
  read.first('accounts', { platform: account.platform, app: account.app, account: account.id, state: 'bound' });

const bound = ({ turn, actor, now }: Asked<Args>, person: string, account = actor.account): Change => ({
  table: 'accounts',
  id: `${turn}`,
  to: { id: `${turn}`, platform: account.platform, app: account.app, account: account.id, person, state: 'bound', at: now },
});

/** An open code of a frozen account of the asker's platform. */
const againBy = async (read: Read, { actor: { account } }: Asked<Args>, code: string): Promise<Facts['again']> => {
  const open = await read.get('codes', againDigest(code));
  const frozen = open?.for && open.usedBy === null ? await read.get('accounts', open.for) : undefined;
  if (frozen?.state !== 'frozen' || frozen.platform !== account.platform || frozen.app !== account.app) return undefined;
  const person = await read.get('people', frozen.person);
  return person && { account: frozen, person };
};

/** The account is bound; what was frozen of this person there ends, with its codes. Where ids pass, a code for the next time is told, once. */
const takeUp = (
  asked: Asked<Args>,
  f: Facts,
  person: string,
  account = asked.actor.account,
): { changes: Change[]; lines: string[]; once?: true } => {
  const changes: Change[] = [
    ...f.frozen.filter(a => a.person === person).map((a): Change => ({ table: 'accounts', id: a.id, to: { ...a, state: 'ended' } })),
    ...f.codes
      .filter(c => f.frozen.some(a => a.id === c.for && a.person === person))
      .map((c): Change => ({ table: 'codes', id: c.id, to: { ...c, usedBy: `${asked.turn}` }, was: { usedBy: null } })),
    bound(asked, person, account),
  ];
  if (!asked.passing(account.platform)) return { changes, lines: [] };
  const { code, digest } = asked.newCode();
  changes.push({ table: 'codes', id: digest, to: { id: digest, usedBy: null, for: `${asked.turn}` } });
  return { changes, lines: [`重绑码 ${code}，请留着：机器人的微信重新登录后，私聊发 绑定 ${code}`], once: true };
};
const done = (name: string, lines: readonly string[], { lines: kept, once }: ReturnType<typeof takeUp>): Card => ({
  code: 'bind.done',
  title: `绑定好了，${name}`,
  tone: 'ok',
  lines: [...lines, '发 帮助 看能做什么', '信息怎么用：隐私', ...kept],
  ...(once ? { once } : {}),
});

const wrongTry = (asked: Asked<Args>, f: Facts, title: string, hint: string): Decision => {
  const lock = oneMoreWrong(lockId(asked), f.lock, asked.now);
  const left = TRIES - lock.wrong;
  return {
    changes: [{ table: 'locks', id: lock.id, to: lock }],
    reply: {
      code: left > 0 ? 'bind.wrong' : 'bind.locked',
      title,
      tone: 'no',
      lines: [left > 0 ? `还可以试${left}次` : '先停一小时再试', hint],
    },
  };
};

const bindAgain = (asked: Asked<Args>, f: Facts): Decision => {
  if (!f.again) return wrongTry(asked, f, '重绑码不对或已用过', '也可以发：绑定 姓名 手机后四位');
  const { person } = f.again;
  if (f.own)
    return f.own.person === person.id
      ? { reply: { code: 'bind.already', title: '已经绑定过', tone: 'info', lines: [`您是${person.name}`] } }
      : refuse('bind.other', '这个账号已绑定别人', '要换人请先 /解绑');
  const taken = takeUp(asked, f, person.id);
  const clear: Change[] = f.lock ? [{ table: 'locks', id: f.lock.id, to: null }] : [];
  return { changes: [...clear, ...taken.changes], reply: done(person.name, rolesOf(f, person), taken) };
};

const bind = (asked: Asked<Args>, f: Facts, lastFour: string): Decision => {
  const { now, turn, actor } = asked;
  const match = matchPerson(f.named, lastFour);
  if (match.kind === 'none') return wrongTry(asked, f, '姓名和手机后四位对不上', '请用单位报送的手机号；换了号请联系单位管理员');
  if (match.kind === 'several') return refuse('bind.several', '对得上的不止一位，没有绑定', '请单位管理员帮您核对');
  const { person } = match;
  const clear: Change[] = f.lock ? [{ table: 'locks', id: f.lock.id, to: null }] : [];
  if (f.own) {
    return f.own.person === person.id
      ? { reply: { code: 'bind.already', title: '已经绑定过', tone: 'info', lines: [`您是${person.name}`, '发 帮助 看能做什么'] } }
      : refuse('bind.other', '这个账号已绑定别人', '要换人请先 /解绑');
  }
  // Who comes back after a login of the messenger does not leave the other messengers.
  const returns = f.frozen.some(a => a.person === person.id);
  const elsewhere = returns ? undefined : f.accounts.find(a => a.person === person.id);
  if (match.kind === 'proved' && !elsewhere) {
    const taken = takeUp(asked, f, person.id);
    return { changes: [...clear, ...taken.changes], reply: done(person.name, rolesOf(f, person), taken) };
  }
  const request: Request = {
    id: `${turn}`,
    kind: elsewhere ? 'rebind' : 'bind',
    platform: actor.account.platform,
    app: actor.account.app,
    account: actor.account.id,
    person: person.id,
    name: person.name,
    org: null,
    role: null,
    office: null,
    state: 'waiting',
    at: now,
    decidedBy: null,
  };
  const card: Card = {
    code: 'bind.asked',
    title: `请确认：${person.name}本人在绑定？`,
    tone: 'ask',
    lines: [
      ...rolesOf(f, person),
      `账号显示名：${actor.account.name}`,
      elsewhere ? '此人已有账号，确认后旧账号停用' : '表上电话不全，不能自动核对',
    ],
    buttons: [
      { label: '是本人', command: `/绑定 同意 ${request.id}`, style: 'primary' },
      { label: '不是', command: `/绑定 拒绝 ${request.id}` },
    ],
  };
  const told: Outgoing[] = confirmers(f, person).map((to, i) => ({
    key: `bind/${turn}/${i}`,
    topic: `bind/${turn}`,
    to,
    class: 'news',
    about: 'person',
    card,
  }));
  if (elsewhere)
    told.push({
      key: `bind/${turn}/old`,
      to: { person: person.id },
      class: 'news',
      about: 'person',
      card: {
        code: 'bind.elsewhere',
        title: '有人要用新账号绑定您',
        tone: 'urgent',
        lines: ['是您本人就不用管', '不是您，请马上联系单位管理员'],
      },
    });
  return {
    changes: [...clear, { table: 'requests', id: request.id, to: request }],
    tell: told,
    reply: {
      code: 'bind.waiting',
      title: '收到，等单位确认',
      tone: 'info',
      lines: ['支援单位、受援单位或卫健局确认后就能用', '确认前什么也做不了'],
    },
  };
};

const rolesOf = (f: Facts, person: Person): string[] => {
  const own = f.grants.filter(g => g.person === person.id).map(g => `${f.orgs.get(g.org)?.names[0] ?? ''}${ROLE_NAMES[g.role]}`);
  return own.length ? [own.slice(0, 3).join('、')] : [];
};

/** Who knows the person: hospital, the units of the roles, and the bureau. */
const confirmers = (f: Facts, person: Person): Outgoing['to'][] => {
  const grants = f.grants.filter(g => g.person === person.id);
  const county = grants.find(g => g.county !== null)?.county;
  const hospital = person.hospital ?? grants.find(g => f.orgs.get(g.org)?.kind === 'hospital')?.org;
  return [
    ...(hospital ? [{ org: hospital, role: 'hospital' as const }] : []),
    ...(county ? [{ org: county, role: 'bureau' as const, office: '医政股' }] : []),
  ];
};

/** Staff who are on no list: confirmed by the bureau or the unit's head. */
const askStaff = (asked: Asked<Args>, f: Facts, name: string): Decision => {
  const { args, turn, actor, now } = asked;
  if (!f.org) return refuse('bind.which-unit', '请写明单位', '例：绑定 张三 青山卫生院 受援单位专人');
  if (f.own) return refuse('bind.other', '这个账号已绑定', '要加角色，请管理员 /授权');
  if (args.role === 'admin' || args.role === 'auditor') return refuse('bind.not-so', '这个角色由系统管理员授权', '请联系系统管理员');
  const request: Request = {
    id: `${turn}`,
    kind: 'staff',
    platform: actor.account.platform,
    app: actor.account.app,
    account: actor.account.id,
    person: null,
    name,
    org: f.org.id,
    role: args.role!,
    office: null,
    state: 'waiting',
    at: now,
    decidedBy: null,
  };
  const card: Card = {
    code: 'bind.asked',
    title: `请确认：${name}任${ROLE_NAMES[args.role!]}？`,
    tone: 'ask',
    lines: [f.org.name, `账号显示名：${actor.account.name}`],
    buttons: [
      { label: '确认', command: `/绑定 同意 ${request.id}`, style: 'primary' },
      { label: '不是', command: `/绑定 拒绝 ${request.id}` },
    ],
  };
  const { supervision } = asked.programmes.find(p => p.supervision) ?? {};
  const office = (f.org.kind === 'clinic' ? supervision?.clinics.office : supervision?.hospitals.office) ?? '医政股';
  const to: Outgoing['to'][] = [
    { org: f.org.id, role: 'head' },
    ...(f.org.county ? [{ org: f.org.county, role: 'bureau' as const, office }] : []),
  ];
  return {
    changes: [{ table: 'requests', id: request.id, to: request }],
    tell: to.map((t, i) => ({ key: `bind/${turn}/${i}`, topic: `bind/${turn}`, to: t, class: 'news', about: 'person', card })),
    reply: {
      code: 'bind.waiting',
      title: '收到，等单位负责人或卫健局确认',
      tone: 'info',
      lines: [`${f.org.names[0]} ${ROLE_NAMES[args.role!]}`, '确认前什么也做不了'],
    },
  };
};

const answer = (asked: Asked<Args>, f: Facts, yes: boolean): Decision => {
  const { actor, turn, today } = asked;
  const { request } = f;
  if (!actor.person) return refuse('permission.unbound', '还不认识您', '请先绑定');
  if (!request) return refuse('bind.unknown', '没有这个申请', '发 /待办 看等您的事');
  const person = f.named.find(p => p.id === request.person);
  const own = request.account === actor.account.id && request.platform === actor.account.platform;
  if (own || request.person === actor.person.id)
    return { ...refuse('bind.own', '不能确认自己的申请', '由单位或卫健局确认'), private: true };
  const units =
    request.kind === 'staff'
      ? [request.org!]
      : [...f.grants.filter(g => g.person === request.person).map(g => g.org), ...(person?.hospital ? [person.hospital] : [])];
  const counties = new Set([
    ...f.grants.filter(g => g.person === request.person).map(g => g.county),
    ...units.map(u => f.orgs.get(u)?.county ?? null),
  ]);
  const may = actor.grants.some(
    g =>
      (g.role === 'bureau' && g.county !== null && counties.has(g.county)) ||
      g.role === 'admin' ||
      (units.includes(g.org) && (g.role === 'head' || (request.kind !== 'staff' && (g.role === 'hospital' || g.role === 'clinic')))),
  );
  if (!may) return { ...refuse('bind.not-yours', '这个申请不由您确认'), private: true };
  if (request.state !== 'waiting')
    return {
      reply: {
        code: 'bind.settled',
        title: '这个申请已有结果',
        tone: 'info',
        lines: [`${request.name}：${request.state === 'agreed' ? '已确认' : '没有通过'}`],
      },
    };
  const decided: Change = {
    table: 'requests',
    id: request.id,
    to: { ...request, state: yes ? 'agreed' : 'refused', decidedBy: actor.person.id },
    was: { state: 'waiting' },
  };
  if (!yes)
    return {
      changes: [decided],
      settles: [`bind/${request.id}`],
      reply: { code: 'bind.refused', title: `已拒绝${request.name}的绑定`, tone: 'ok', lines: [] },
    };
  const changes: Change[] = [decided];
  let personId = request.person;
  if (request.kind === 'staff') {
    const same = f.named.length === 1 && !f.accounts.some(a => a.person === f.named[0]!.id) ? f.named[0] : undefined;
    personId = same?.id ?? `${turn}`;
    if (!same)
      changes.push({
        table: 'people',
        id: personId,
        to: {
          id: personId,
          name: request.name,
          phone: null,
          phoneMask: null,
          phoneIndex: null,
          phoneFull: false,
          title: null,
          specialty: null,
          hospital: null,
        },
      });
    const org = f.orgs.get(request.org!);
    changes.push({
      table: 'grants',
      id: `${turn}`,
      to: {
        id: `${turn}`,
        person: personId,
        role: request.role!,
        org: request.org!,
        office: null,
        county: org?.county ?? null,
        deputy: false,
        from: today,
        until: null,
      },
    });
  }
  const returns = f.frozen.some(a => a.person === personId);
  for (const a of returns ? [] : f.accounts.filter(x => x.person === personId))
    changes.push({ table: 'accounts', id: a.id, to: { ...a, state: 'ended' } });
  const taken = takeUp(asked, f, personId!, { platform: request.platform, app: request.app, id: request.account, name: '' });
  changes.push(...taken.changes);
  const told: Outgoing[] = [
    {
      key: `bind/${request.id}/done`,
      to: { person: personId! },
      class: 'news',
      about: 'person',
      card: done(request.name, [], taken),
    },
  ];
  return {
    changes,
    settles: [`bind/${request.id}`],
    tell: told,
    reply: { code: 'bind.agreed', title: `已确认${request.name}`, tone: 'ok', lines: ['对方现在可以用了'] },
  };
};
