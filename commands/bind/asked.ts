/** What /绑定 is asked with and weighed by. */

import { z } from 'zod';
import type { Asked } from '../../src/bot/command.ts';
import type { Claim } from '../../src/bot/confirming.ts';
import { roleAt } from '../../src/bot/permissions.ts';
import type { Card, Outgoing } from '../../src/core/card.ts';
import { shownOrg } from '../../src/core/org-names.ts';
import type { Account, Code, Grant, Lock, Org, Person, Request, Role } from '../../src/core/records.ts';

export const args = z.object({
  org: z.string().optional(),
  role: z
    .string()
    .transform(r => r as Role)
    .optional(),
  text: z.string().optional(),
});

export type Args = z.infer<typeof args>;

export interface Facts {
  lock: Lock | undefined;
  /** Of whom there is a list: of nobody yet, of physicians, of units' people as well. */
  listed: 'nobody' | 'physicians' | 'units';
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
  /** What the yes to this line, or to the request, would give. */
  claim: Claim | undefined;
  /** Who is asked for that yes. */
  confirmers: string[];
  /** What this account has asked for and waits for. */
  waiting: Request | undefined;
  /** How many requests this account made within a day. */
  recent: number;
  org: Org | undefined;
  orgs: Map<string, Org>;
}

export const lockId = ({ actor }: Asked<Args>): string => `${actor.account.platform}/${actor.account.app}/${actor.account.id}`;

/** A code to bind again: letters and figures that cannot be mistaken. */
export const CODE = /^[A-HJ-NP-Z2-9]{6,8}$/i;

export const words = (a: Args): string[] =>
  // 张三1234 as well.
  (a.text ?? '')
    .replace(/(?<=\p{Script=Han})(?=\d{4}$)/u, ' ')
    .split(/[\s,，、]+/)
    .filter(Boolean);

/** What the account is called on its messenger, where that tells it. */
export const shownAs = (name: string): string[] => (name ? [`账号显示名：${name}`] : []);

export const rolesOf = (f: Facts, person: Person): string[] => {
  const own = f.grants.filter(g => g.person === person.id).map(g => roleAt(shownOrg(f.orgs.get(g.org)), g));
  return own.length ? [own.slice(0, 3).join('、')] : [];
};

/** The same question to each who may answer it; a group only hears that there is one, since not everybody there may. */
export const askConfirmers = (asked: Asked<Args>, { confirmers }: Facts, card: Card): Outgoing[] =>
  confirmers.map((person, i) => ({
    key: `bind/${asked.turn}/${i}`,
    topic: `bind/${asked.turn}`,
    to: { person },
    class: 'news',
    about: 'person',
    card,
    inGroup: { code: 'bind.asked', title: '有绑定申请等确认', tone: 'ask', lines: ['能确认的人请私聊我发：待办'] },
  }));

/** What the asker hears: who is waited for, or that nobody could say yes. */
export const waitingCard = (f: Facts, who: string, lines: readonly string[]): Card => {
  const above = f.claim?.held.some(h => h.role === 'admin' || h.role === 'auditor');
  const buttons = [{ label: '取消申请', command: '/绑定 取消' }];
  if (f.confirmers.length)
    return {
      code: 'bind.waiting',
      title: `收到，等${above ? '系统管理员' : who}确认`,
      tone: 'info',
      lines: [...(above ? [] : lines), '确认前什么也做不了；写错了就再发一次'],
      buttons,
    };
  const old = f.accounts.some(a => a.person === f.claim?.person?.id);
  return {
    code: 'bind.nobody',
    title: '收到，但现在没有人能确认',
    tone: 'info',
    lines: [
      above ? '要由另一位系统管理员确认；没有另一位，请管理服务器的人取认领码' : '单位和卫健局还没有人绑定',
      ...(old ? ['旧账号还能用：用它私聊我发 解绑，再来绑定'] : []),
    ],
    buttons,
  };
};
