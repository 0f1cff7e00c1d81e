/** The one-time code of /认领: printed at first start for the first admin; later asked for on the machine, for an admin who lost his account. Kept only as a digest. */
import type { Card } from '../core/card.ts';
import { dayAt, type Instant } from '../core/day.ts';
import { address, heldOn } from './address.ts';
import type { Clock, JournalRow, OutboxRow, Platform, Read, Store, Tx } from './ports.ts';
import { digestOf, newCode } from './secret.ts';

/** Digest under which a code is kept; case and spaces do not matter. */
export const codeDigest = (code: string): string => digestOf('claim', code.replace(/\s/g, '').toUpperCase());

/** A code with its digest: the one is shown, the other may be kept. */
export const freshCode = (): { code: string; digest: string } => {
  const code = newCode();
  return { code, digest: codeDigest(code) };
};

/** How long a code holds that was asked for on the machine. */
export const HOLDS = 3_600_000;

/** What the journal calls the giving of a code: at a start, and on the machine. */
const AT_START = '启动';
const ON_THE_MACHINE = '认领码';

/** Where a code came from, by its journal's rows, newest first; undefined where it holds no more. The first start's needs that there is no admin. */
export const codeHolds = (issued: readonly JournalRow[], admins: number, now: Instant): boolean => {
  const row = issued.find(r => r.table === 'codes' && r.before === null);
  if (!row) return false;
  return row.command === ON_THE_MACHINE ? now - row.sentAt <= HOLDS : admins === 0;
};

/** The admins who are so today. */
export const adminsOn = async (read: Read, now: Instant) => {
  const today = dayAt(now);
  return (await read.all('grants', { role: 'admin' })).filter(g => heldOn(g, today));
};

const eventOf = (eventId: string, sentAt: Instant, now: Instant) => ({
  platform: 'start',
  app: '',
  eventId,
  conversation: '',
  account: '',
  sentAt,
  receivedAt: now,
});

/** The code is kept; those that were not used end. */
const keep = async (tx: Tx, digest: string, by: { command: string; sentAt: Instant; now: Instant }) => {
  const unused = await tx.read.all('codes', { usedBy: null, for: null });
  await tx.apply(
    [
      ...unused.map(c => ({ table: 'codes' as const, id: c.id, to: null })),
      { table: 'codes', id: digest, to: { id: digest, usedBy: null, for: null } },
    ],
    { actor: null, ...by },
  );
};

/** A new code while there is no admin yet; earlier unused ones end. null when there is an admin. */
export const newClaimCode = async (store: Store, now: Instant): Promise<string | null> => {
  if ((await store.read.count('grants', { role: 'admin' })) > 0) return null;
  const { code, digest } = freshCode();
  await store.turn(eventOf(`claim/${now}/${digest.slice(0, 12)}`, now, now), async tx => {
    await keep(tx, digest, { command: AT_START, sentAt: now, now });
    return 'claim.issued';
  });
  return code;
};

/** A code that was made on the machine, by its digest. */
export interface LeftCode {
  digest: string;
  at: Instant;
}

const toldCard: Card = {
  code: 'claim.told',
  title: '服务器上生成了新的认领码',
  tone: 'urgent',
  lines: ['一小时内，凭它能换账号或多一位系统管理员', '不是您请人做的，请马上找管理服务器的人'],
};

/** Takes up a code that was made on the machine, once; the admins are told of it. False: it is too old. */
export const makeCodeTaker =
  (deps: {
    store: Store;
    platforms: ReadonlyMap<string, Platform>;
    clock: Clock;
    speakAt(at: Instant): Instant;
    kick(posts: OutboxRow[]): void;
  }): ((left: LeftCode) => Promise<boolean>) =>
  async ({ digest, at }) => {
    const now = deps.clock.now();
    if (now - at > HOLDS) return false;
    const key = `claim/left/${digest.slice(0, 12)}`;
    const done = await deps.store.turn(eventOf(key, Math.min(at, now), now), async tx => {
      await keep(tx, digest, { command: ON_THE_MACHINE, sentAt: Math.min(at, now), now });
      const people = [...new Set((await adminsOn(tx.read, now)).map(g => g.person))];
      const context = { read: tx.read, today: dayAt(now), now, platforms: deps.platforms, speakAt: deps.speakAt };
      const tell = people.map(person => ({
        key: `${key}/${person}`,
        to: { person },
        class: 'news' as const,
        about: 'person' as const,
        expires: at + HOLDS,
        card: toldCard,
      }));
      await tx.post(await address(context, tell), now);
      return 'claim.issued';
    });
    deps.kick(done.posts);
    return true;
  };
