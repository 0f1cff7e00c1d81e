/** What /绑定 is asked with and weighed by. */
import { z } from 'zod';
import type { Asked } from '../../src/bot/command.ts';
import { ROLE_NAMES } from '../../src/bot/permissions.ts';
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

export const lockId = ({ actor }: Asked<Args>): string => `${actor.account.platform}/${actor.account.app}/${actor.account.id}`;

/** A code to bind again: letters and figures that cannot be mistaken. */
export const CODE = /^[A-HJ-NP-Z2-9]{6,8}$/i;

export const words = (a: Args): string[] => (a.text ?? '').split(/[\s,，、]+/).filter(Boolean);

/** What the account is called on its messenger, where that tells it. */
export const shownAs = (name: string): string[] => (name ? [`账号显示名：${name}`] : []);

export const rolesOf = (f: Facts, person: Person): string[] => {
  const own = f.grants.filter(g => g.person === person.id).map(g => `${f.orgs.get(g.org)?.names[0] ?? ''}${ROLE_NAMES[g.role]}`);
  return own.length ? [own.slice(0, 3).join('、')] : [];
};
