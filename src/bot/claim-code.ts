/** The first admin's one-time code: printed at first start, kept only as a digest. */
import type { Instant } from '../core/day.ts';
import type { Store } from './ports.ts';
import { digestOf, newCode } from './secret.ts';

/** Digest under which a code is kept; case and spaces do not matter. */
export const codeDigest = (code: string): string => digestOf('claim', code.replace(/\s/g, '').toUpperCase());

/** A new code while there is no admin yet; earlier unused ones end. null when there is an admin. */
export const newClaimCode = async (store: Store, now: Instant): Promise<string | null> => {
  if ((await store.read.count('grants', { role: 'admin' })) > 0) return null;
  const code = newCode();
  const unused = await store.read.all('codes', { usedBy: null, for: null });
  await store.turn(
    {
      platform: 'start',
      app: '',
      eventId: `claim/${now}/${codeDigest(code).slice(0, 12)}`,
      conversation: '',
      account: '',
      sentAt: now,
      receivedAt: now,
    },
    async tx => {
      await tx.apply(
        [
          ...unused.map(c => ({ table: 'codes' as const, id: c.id, to: null })),
          { table: 'codes', id: codeDigest(code), to: { id: codeDigest(code), usedBy: null, for: null } },
        ],
        { actor: null, command: '启动', sentAt: now, now },
      );
      return 'claim.issued';
    },
  );
  return code;
};
