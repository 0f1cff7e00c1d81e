/** /绑定 — ties the speaker's account to a person; what a phone does not prove waits for somebody who knows. */
import { type Asked, defineCommand, refuse } from '../src/bot/command.ts';
import type { Read } from '../src/bot/ports.ts';
import { isLocked } from '../src/core/binding.ts';
import { ROLE_WORDS } from '../src/core/contacts.ts';
import { timeOf } from '../src/core/day.ts';
import { againBy, bindAgain } from './bind/again.ts';
import { answer } from './bind/answer.ts';
import { type Args, args, CODE, type Facts, lockId, words } from './bind/asked.ts';
import { bind } from './bind/by-phone.ts';
import { askStaff } from './bind/staff.ts';

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
