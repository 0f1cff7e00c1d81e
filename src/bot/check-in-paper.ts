/** Which check-in a picture belongs to that comes by itself. */

import { namesCheckIn, PAPER_WITHIN } from '../core/check-in-paper.ts';
import type { Instant } from '../core/day.ts';
import type { CheckIn } from '../core/records.ts';
import type { Read } from './ports.ts';

/** The latest check-in that this person has just entered for somebody else and that has no paper yet. */
export const awaitsPaper = async (read: Read, person: string, now: Instant): Promise<CheckIn | undefined> => {
  const since = { by: person, at: { from: now - PAPER_WITHIN }, paper: null };
  const found = [
    ...(await read.all('checkIns', { ...since, kind: 'stand-in' })),
    ...(await read.all('checkIns', { ...since, kind: 'late' })),
  ];
  return found.filter(c => c.person !== person).sort((a, b) => b.at - a.at)[0];
};

/** The same of an account on a platform: asked before a file is let go of. `beside`: words in one message with it, which may be a check-in for somebody else. */
export const accountAwaitsPaper = async (
  read: Read,
  { platform, app, account }: { platform: string; app: string; account: string },
  now: Instant,
  beside?: string,
): Promise<boolean> => {
  const bound = await read.first('accounts', { platform, app, account, state: 'bound' });
  if (!bound) return false;
  if (beside === undefined) return (await awaitsPaper(read, bound.person, now)) !== undefined;
  // Whoever only checks in for themselves shows no paper.
  return namesCheckIn(beside) && (await read.count('grants', { person: bound.person, role: ['hospital', 'clinic'] })) > 0;
};
