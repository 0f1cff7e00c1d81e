/** Of several instances on one database, the one that sends into a conversation. On SQLite there is one, and nothing is written. */
import { and, exists, lt, not, or, sql } from 'drizzle-orm';
import type { ConversationKey } from '../src/core/card.ts';
import type { Connection } from './connection.ts';
import { columnsOf } from './kit.ts';
import { equals, fields, limited, literal, run, statement, value, values } from './statements.ts';

/** Longer than a message takes that is drawn, sent and not answered. */
const LEASE = 60_000;

const TAKE = statement(({ build, leases: t }) =>
  build
    .insert(t)
    .values(values(columnsOf(t)))
    .onConflictDoUpdate({
      target: t.conversation,
      set: { holder: sql`excluded."holder"`, until: sql`excluded."until"` },
      setWhere: or(equals(t.holder), lt(t.until, value(t.until, 'now')))!,
    })
    .returning(fields([t.holder])),
);
const HELD = statement(({ build, leases: t }) =>
  build
    .select(fields([t.until]))
    .from(t)
    .where(equals(t.conversation)),
);
/** What is still being sent there keeps it. */
const RELEASE = statement(({ build, leases: t, outbox: o }) =>
  build.delete(t).where(
    and(
      equals(t.conversation),
      equals(t.holder),
      not(
        exists(
          build
            .select(fields([o.seq]))
            .from(o)
            .where(
              and(
                sql`${o.state} = ${literal('sending')}`,
                equals(o.platform),
                equals(o.app),
                sql`${o.conversation} = ${value(o.conversation, 'room')}`,
              ),
            ),
        ),
      ),
    ),
  ),
);

/** What was said there before, has not been tried yet and goes first, in whichever instance's hands it is. */
const EARLIER = statement(({ build, outbox: o }) =>
  build
    .select(fields([o.seq]))
    .from(o)
    .where(
      and(
        sql`${o.state} = ${literal('pending')} and ${o.notBefore} = ${literal(0)} and ${o.attempts} = ${literal(0)}`,
        lt(o.seq, value(o.seq)),
        equals(o.class),
        equals(o.platform),
        equals(o.app),
        sql`${o.conversation} = ${value(o.conversation, 'room')}`,
      ),
    )
    .limit(limited(1)),
);
const RELEASE_ALL = statement(({ build, leases: t }) => build.delete(t).where(equals(t.holder)));

const keyOf = (to: ConversationKey): string => `${to.platform}/${to.app}/${to.conversation}`;

export interface Leases {
  /** Taken or held already: undefined. Else until when another instance holds it. */
  take(c: Connection, to: ConversationKey): Promise<number | undefined>;
  /** Something of the class waits there from before. */
  waits(c: Connection, to: ConversationKey, its: string, before: number): Promise<boolean>;
  release(c: Connection, to: ConversationKey): Promise<void>;
  /** At the end of an instance, which sends nothing any more. */
  releaseAll(c: Connection): Promise<void>;
}

/** An installation of one process needs none. */
export const noLeases: Leases = {
  take: async () => undefined,
  waits: async () => false,
  release: async () => undefined,
  releaseAll: async () => undefined,
};

export const leasesOf = (holder: string, now: () => number): Leases => ({
  async take(c, to) {
    const conversation = keyOf(to);
    const at = now();
    const [taken] = await run(c, TAKE(c), { conversation, holder, until: at + LEASE, now: at });
    if (taken) return undefined;
    const [held] = await run(c, HELD(c), { conversation });
    return held?.[0] as number | undefined;
  },
  async waits(c, to, its, before) {
    const asked = { seq: before, class: its, platform: to.platform, app: to.app, room: to.conversation };
    return (await run(c, EARLIER(c), asked)).length > 0;
  },
  async release(c, to) {
    await run(c, RELEASE(c), { conversation: keyOf(to), holder, platform: to.platform, app: to.app, room: to.conversation });
  },
  async releaseAll(c) {
    await run(c, RELEASE_ALL(c), { holder });
  },
});
