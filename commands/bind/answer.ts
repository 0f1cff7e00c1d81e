/** The yes or no to whoever asked to be bound. */
import { type Asked, type Decision, refuse } from '../../src/bot/command.ts';
import { type Claim, mayAnswer } from '../../src/bot/confirming.ts';
import type { Outgoing } from '../../src/core/card.ts';
import { type Change, newPerson } from '../../src/core/records.ts';
import { done, takeUp } from './account.ts';
import type { Args, Facts } from './asked.ts';

const ENDED: Readonly<Record<string, string>> = { agreed: '已确认', refused: '没有通过', withdrawn: '对方已撤回' };

const whoMay = (claim: Claim | undefined): string =>
  claim?.held.some(h => h.role === 'admin' || h.role === 'auditor')
    ? '由系统管理员确认'
    : claim?.kind === 'staff'
      ? '由单位负责人或卫健局确认'
      : '由本人单位的管理员或卫健局确认';

export const answer = (asked: Asked<Args>, f: Facts, yes: boolean): Decision => {
  const { actor, turn, today } = asked;
  const { request } = f;
  if (!actor.person) return refuse('permission.unbound', '还不认识您', '请先绑定');
  if (!request) return refuse('bind.unknown', '没有这个申请', '发 /待办 看等您的事');
  const own = request.account === actor.account.id && request.platform === actor.account.platform;
  if (own || request.person === actor.person.id)
    return { ...refuse('bind.own', '不能确认自己的申请', '由单位或卫健局确认'), private: true };
  if (!f.claim || !mayAnswer(actor.grants, f.claim))
    return { ...refuse('bind.not-yours', '这个申请不由您确认', whoMay(f.claim)), private: true };
  if (request.state !== 'waiting')
    return {
      reply: {
        code: 'bind.settled',
        title: '这个申请已有结果',
        tone: 'info',
        lines: [`${request.name}：${ENDED[request.state]}`],
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
    const same = f.claim.person;
    personId = same?.id ?? `${turn}`;
    if (!same)
      changes.push({
        table: 'people',
        id: personId,
        to: newPerson(personId, request.name),
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
