/** Who an account is: name and the last four digits, weighed against what is known. Nobody is guessed. */

import type { Instant } from './day.ts';
import { tailFits } from './names.ts';
import type { Lock, Person } from './records.ts';

/** Wrong tries before a lock, and its length. */
export const TRIES = 5;
export const LOCKED = 3_600_000;

export type Match =
  /** The complete phone proves it. */
  | { kind: 'proved'; person: Person }
  /** The mask fits but proves nothing: somebody who knows the person must confirm. */
  | { kind: 'possible'; person: Person }
  | { kind: 'several' }
  | { kind: 'none' };

export const matchPerson = (named: readonly Person[], lastFour: string): Match => {
  // A complete phone is shown with its last four digits, and only the unit and the person know them; a published mask anybody may have read.
  const fits = named.map(person => ({
    person,
    fit:
      person.phoneMask === null
        ? ('no' as const)
        : person.phoneFull
          ? person.phoneMask.endsWith(lastFour)
            ? ('yes' as const)
            : ('no' as const)
          : tailFits(person.phoneMask, lastFour),
  }));
  const possible = fits.filter(f => f.fit !== 'no');
  if (possible.length > 1) return { kind: 'several' };
  const [only] = possible;
  if (!only) return { kind: 'none' };
  return { kind: only.fit === 'yes' && only.person.phoneFull ? 'proved' : 'possible', person: only.person };
};

export const isLocked = (lock: Lock | undefined, now: Instant): boolean =>
  lock?.until !== null && lock?.until !== undefined && lock.until > now;

/** The account's wrong tries after one more. An old lock that has run out begins anew. */
export const oneMoreWrong = (id: string, lock: Lock | undefined, now: Instant): Lock => {
  const before = lock && (lock.until === null || lock.until > now) ? lock.wrong : 0;
  const wrong = before + 1;
  return { id, wrong, until: wrong >= TRIES ? now + LOCKED : null };
};
