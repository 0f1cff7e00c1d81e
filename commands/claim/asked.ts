/** What /认领 is asked with and weighed by. */
import { z } from 'zod';
import type { Account, Code, Grant, Lock, Org, Person, Session } from '../../src/core/records.ts';

export const args = z.object({ code: z.string({ error: '请写打印出来的认领码' }).min(4, '请写打印出来的认领码').max(60) });
export type Args = z.infer<typeof args>;

export interface Facts {
  lock: Lock | undefined;
  /** The code, where it holds. */
  code: Code | undefined;
  own: Account | undefined;
  orgs: Org[];
  /** Today's admins, and who of the bureau's people is called as was typed. */
  admins: Grant[];
  named: Person[];
  /** What those named can do today. */
  held: Grant[];
  /** Bound and frozen accounts of those named, with the codes that would bind them again. */
  accounts: Account[];
  codes: Code[];
  /** Their open pages and links to pages. */
  sessions: Session[];
}

/** ABCD2345 赖知远 某某县卫生健康局 */
export const wordsOf = ({ code }: Args): string[] => code.trim().split(/\s+/);
