/** /绑定 — ties the speaker's account to a person; what a phone does not prove waits for somebody who knows. */
import { type Asked, type Decision, defineCommand, isRefusal, refuse } from '../src/bot/command.ts';
import { type Claim, claimOf, confirmersOf } from '../src/bot/confirming.ts';
import type { Read } from '../src/bot/ports.ts';
import { isLocked, matchPerson } from '../src/core/binding.ts';
import { ROLE_WORDS } from '../src/core/contacts.ts';
import { timeOf } from '../src/core/day.ts';
import type { Change, Org, Person, Request } from '../src/core/records.ts';
import { againBy, bindAgain } from './bind/again.ts';
import { answer } from './bind/answer.ts';
import { type Args, args, CODE, type Facts, lockId, words } from './bind/asked.ts';
import { bind } from './bind/by-phone.ts';
import { askStaff } from './bind/staff.ts';

/** More requests of one account in a day are no mistyping. */
const MOST_A_DAY = 5;
const A_DAY = 24 * 3_600_000;

export default defineCommand<Args, Facts>({
  name: '绑定',
  aliases: ['认证', '登记', 'bd', 'bangding', 'bind'],
  summary: '把这个账号和本人对上',
  usage: '/绑定 姓名 手机后四位；工作人员：/绑定 姓名 单位 角色；不绑了：/绑定 取消',
  examples: ['/绑定 张三 1234', '/绑定 张三 青山卫生院 受援单位专人'],
  slots: { role: { kind: 'choice', words: ROLE_WORDS }, org: { kind: 'org' }, text: { kind: 'rest' } },
  args,

  async facts(read, asked) {
    const { args, actor, now, today } = asked;
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
    const org = args.org ? await read.get('orgs', args.org) : undefined;
    const claim = await claimAsked(read, asked, request, named);
    const orgIds = [
      ...new Set([...grants.map(g => g.org), ...named.flatMap(p => p.hospital ?? []), ...(request?.org ? [request.org] : [])]),
    ];
    const orgs = orgIds.length ? await read.all('orgs', { id: orgIds }) : [];
    return {
      lock: await read.get('locks', lockId(asked)),
      listed: await listedIn(read),
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
      recent: await read.count('requests', {
        platform: actor.account.platform,
        app: actor.account.app,
        account: actor.account.id,
        at: { from: now - A_DAY },
      }),
      claim,
      confirmers: claim && !request ? await confirmersOf(read, claim, officeFor(asked, claim, org), today) : [],
      org,
      orgs: new Map(orgs.map(o => [o.id, o])),
    };
  },

  decide(asked) {
    const { args, facts, conversation, now } = asked;
    const [first = '', second = ''] = words(args);
    if (/^(同意|拒绝)$/.test(first)) return answer(asked, facts, first === '同意');
    if (conversation.kind === 'group')
      return { reply: { code: 'bind.in-group', title: '请私聊我绑定', tone: 'info', lines: ['点我头像，私聊发：绑定 姓名 手机后四位'] } };
    if (/^(取消|撤回|不绑了)$/.test(first) && !second) return takeBack(facts);
    if (isLocked(facts.lock, now))
      return refuse('bind.locked', '试错太多，先停一小时', `${timeOf(facts.lock!.until!)}以后再试，或请单位管理员帮忙`);
    if (CODE.test(first) && !second) return bindAgain(asked, facts);
    if (first && args.role) return instead(facts, askStaff(asked, facts, first));
    if (!first || !/^\d{4}$/.test(second))
      return refuse('bind.how', '请写姓名和手机后四位', '例：绑定 张三 1234', '工作人员：绑定 张三 单位 角色');
    return instead(facts, bind(asked, facts, second));
  },
});

/** Whose names and phones are there at all: nobody's, physicians' only, or those of units as well. The same for whoever asks. */
const listedIn = async (read: Read): Promise<Facts['listed']> => {
  if (!(await read.first('people', { phoneMask: { from: '' } }))) return 'nobody';
  return (await read.first('grants', { role: ['clinic', 'hospital'] })) ? 'units' : 'physicians';
};

/** What the line asks for, or the request that is answered. */
const claimAsked = (
  read: Read,
  { args, today }: Asked<Args>,
  request: Request | undefined,
  named: readonly Person[],
): Promise<Claim> | undefined => {
  if (request) return claimOf(read, request, today);
  const [name = '', digits = ''] = words(args);
  if (args.role && args.org) return claimOf(read, { kind: 'staff', person: null, name, org: args.org, role: args.role }, today);
  const match = matchPerson(named, digits);
  return match.kind === 'proved' || match.kind === 'possible'
    ? claimOf(read, { kind: 'bind', person: match.person.id, name, org: null, role: null }, today)
    : undefined;
};

/** The bureau's office that looks after such a unit. */
const officeFor = ({ programmes }: Asked<Args>, { kind }: Claim, org: Org | undefined): string => {
  const { supervision } = programmes.find(p => p.supervision) ?? {};
  return (kind === 'staff' && (org?.kind === 'clinic' ? supervision?.clinics.office : supervision?.hospitals.office)) || '医政股';
};

/** A line that holds takes the place of what was asked for before: what was mistyped is just typed again. */
const instead = ({ waiting, recent }: Facts, decision: Decision): Decision => {
  const made = isRefusal(decision) ? undefined : decision.changes?.find(c => c.table === 'requests' || c.table === 'accounts');
  if (isRefusal(decision) || !made) return decision;
  const asks = made.table === 'requests' ? made.to : null;
  if (asks && recent >= MOST_A_DAY) return refuse('bind.too-many', '今天申请太多次', '请联系单位管理员当面核对，明天再试');
  if (!waiting) return decision;
  const same = asks && (['kind', 'person', 'name', 'org', 'role'] as const).every(k => asks[k] === waiting[k]);
  if (same)
    return {
      reply: {
        code: 'bind.waiting',
        title: '已在等确认',
        tone: 'info',
        lines: [`${waiting.name}，确认后就能用`, '写错了就再发一次'],
        buttons: [{ label: '取消申请', command: '/绑定 取消' }],
      },
    };
  return {
    ...decision,
    changes: [withdrawn(waiting), ...(decision.changes ?? [])],
    settles: [...(decision.settles ?? []), `bind/${waiting.id}`],
  };
};

const withdrawn = (r: Request): Change => ({
  table: 'requests',
  id: r.id,
  to: { ...r, state: 'withdrawn' },
  was: { state: 'waiting' },
});

const takeBack = ({ waiting }: Facts): Decision =>
  waiting
    ? {
        changes: [withdrawn(waiting)],
        settles: [`bind/${waiting.id}`],
        reply: { code: 'bind.withdrawn', title: `已取消${waiting.name}的申请`, tone: 'ok', lines: ['要绑定再发：绑定 姓名 手机后四位'] },
      }
    : refuse('bind.none-waiting', '没有等确认的申请', '要绑定请发：绑定 姓名 手机后四位');

const ownAccount = (read: Read, { actor: { account } }: Asked<Args>) =>
  read.first('accounts', { platform: account.platform, app: account.app, account: account.id, state: 'bound' });
