/** Staff who are on no list ask for a role at a unit. */

import { type Asked, type Decision, refuse } from '../../src/bot/command.ts';
import { ROLE_NAMES } from '../../src/bot/permissions.ts';
import type { Card } from '../../src/core/card.ts';
import { hasRole } from '../../src/core/giving.ts';
import { shownOrg } from '../../src/core/org-names.ts';
import type { Request } from '../../src/core/records.ts';
import { type Args, askConfirmers, type Facts, shownAs, waitingCard } from './asked.ts';

/** Staff who are on no list: confirmed by the bureau or the unit's head. */
export const askStaff = (asked: Asked<Args>, f: Facts, name: string): Decision => {
  const { args, turn, actor, now } = asked;
  if (!f.org) return refuse('bind.which-unit', '请写明单位', '例：绑定 张三 青山卫生院 受援单位专人');
  if (f.own) return refuse('bind.other', '这个账号已绑定', '要加角色，请管理员 /授权');
  if (args.role === 'admin' || args.role === 'auditor') return refuse('bind.not-so', '这个角色由系统管理员授权', '请联系系统管理员');
  if (!hasRole(f.org.kind, args.role!))
    return refuse(
      'bind.not-there',
      `${shownOrg(f.org)}没有${ROLE_NAMES[args.role!]}`,
      '请核对单位和角色，例：绑定 张三 青山卫生院 受援单位专人',
    );
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
    lines: [f.org.name, ...shownAs(actor.account.name)],
    buttons: [
      { label: '确认', command: `/绑定 同意 ${request.id}`, style: 'primary' },
      { label: '不是', command: `/绑定 拒绝 ${request.id}` },
    ],
  };
  return {
    changes: [{ table: 'requests', id: request.id, to: request }],
    tell: askConfirmers(asked, f, card),
    reply: waitingCard(f, '单位负责人或卫健局', [`${shownOrg(f.org)} ${ROLE_NAMES[args.role!]}`]),
  };
};
