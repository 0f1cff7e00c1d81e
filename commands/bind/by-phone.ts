/** A name and the end of a phone: bound where they prove it, else confirmed by somebody who knows. */
import { type Asked, type Decision, refuse } from '../../src/bot/command.ts';
import { matchPerson } from '../../src/core/binding.ts';
import type { Card } from '../../src/core/card.ts';
import type { Change, Request } from '../../src/core/records.ts';
import { done, takeUp, wrongTry } from './account.ts';
import { type Args, askConfirmers, type Facts, rolesOf, shownAs, waitingCard } from './asked.ts';

export const bind = (asked: Asked<Args>, f: Facts, lastFour: string): Decision => {
  const { now, turn, actor } = asked;
  const match = matchPerson(f.named, lastFour);
  // Where no phone is there at all, none can be guessed, and whoever types hears the same; from the first phone on every miss counts.
  if (f.listed === 'nobody') return refuse('bind.too-early', '名单还没有导入，现在绑不了', '等卫健局导入安排表和联络员再绑，这次不算试错');
  if (match.kind === 'none')
    return wrongTry(
      asked,
      f,
      '姓名和手机后四位对不上',
      f.listed === 'physicians' ? '各单位的联络员还没有导入；您是联络员的，等导入后再绑' : '请用单位报送的手机号；换了号请联系单位管理员',
    );
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
      ...shownAs(actor.account.name),
      elsewhere ? '此人已有账号，确认后旧账号停用' : '表上电话不全，不能自动核对',
    ],
    buttons: [
      { label: '是本人', command: `/绑定 同意 ${request.id}`, style: 'primary' },
      { label: '不是', command: `/绑定 拒绝 ${request.id}` },
    ],
  };
  const told = askConfirmers(asked, f, card);
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
    reply: waitingCard(f, '单位', ['支援单位、受援单位或卫健局确认后就能用']),
  };
};
