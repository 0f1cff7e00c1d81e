/** The outbox's rows as a turn has them: written, settled, looked up. What becomes of them after it stands in outbox-relay.ts. */

import { and, desc, eq, getTableColumns, gt, gte, isNotNull, lte, ne, sql } from 'drizzle-orm';
import type { OutboxRow, OutboxState, Post } from '../src/bot/ports.ts';
import type { ConversationKey } from '../src/core/card.ts';
import type { Instant } from '../src/core/day.ts';
import type { Connection } from './connection.ts';
import type { Leases } from './leases.ts';
import type { Schema } from './schema.ts';
import { equals, fields, limited, literal, named, run, statement, value, values } from './statements.ts';

const INSERT = statement(({ build, outbox }) => {
  const { seq, ...written } = getTableColumns(outbox);
  return build
    .insert(outbox)
    .values(values(Object.values(written)))
    .onConflictDoNothing({ target: outbox.key })
    .returning(fields([seq!]));
});
const SETTLE = statement(({ build, outbox, inList }) =>
  build
    .update(outbox)
    .set({ state: literal('withdrawn'), settledAt: value(outbox.settledAt) })
    .where(and(eq(outbox.state, literal('pending')), isNotNull(outbox.topic), inList(outbox.topic, named('topics')))),
);
/** Under way, it may arrive; but it is not tried again: when it is to wait, it is withdrawn. */
const NO_MORE = statement(({ build, outbox, inList }) =>
  build
    .update(outbox)
    .set({ settledAt: value(outbox.settledAt) })
    .where(and(eq(outbox.state, literal('sending')), isNotNull(outbox.topic), inList(outbox.topic, named('topics')))),
);
const NEWEST = statement(({ build, outbox }, limit: number) => build.select().from(outbox).orderBy(desc(outbox.seq)).limit(limited(limit)));
const NEWEST_OF = statement(({ build, outbox }, state: OutboxState, limit: number) =>
  build
    .select()
    .from(outbox)
    .where(eq(outbox.state, literal(state)))
    .orderBy(desc(outbox.seq))
    .limit(limited(limit)),
);
/** More than is said in the minutes in which an action can be undone: rows before them are not looked through. */
const LATELY = 20_000;
const TOLD = statement(({ build, outbox }) =>
  build
    .select()
    .from(outbox)
    .where(
      and(
        gt(outbox.seq, sql`(select coalesce(max(o."seq"), 0) from ${outbox} o) - ${literal(LATELY)}`),
        equals(outbox.turn),
        ne(outbox.class, literal('reply')),
      ),
    )
    .orderBy(outbox.seq),
);
const AGAIN = statement(({ build, outbox, inList }) =>
  build
    .update(outbox)
    .set({ state: literal('pending'), notBefore: literal(0), settledAt: sql`null`, error: sql`null` })
    .where(and(equals(outbox.seq), inList(outbox.state, named('states')))),
);
const DROP = statement(({ build, outbox, inList }) =>
  build
    .update(outbox)
    .set({ state: literal('withdrawn'), settledAt: value(outbox.settledAt) })
    .where(and(equals(outbox.seq), inList(outbox.state, named('states')))),
);
/** From which states a row may be settled by hand. */
const BY_HAND: Record<'again' | 'dropped', readonly OutboxState[]> = {
  again: ['failed', 'unknown'],
  dropped: ['failed', 'unknown', 'pending'],
};
const CALL = statement(({ build, calls }) => build.insert(calls).values(values([calls.person, calls.seq])));
/** Sent to a place since a moment: its platform is written out, so that the partial index is found. */
export const sentSince = (outbox: Schema['outbox'], platform: string) =>
  and(
    eq(outbox.state, literal('sent')),
    eq(outbox.platform, literal(platform)),
    equals(outbox.conversation),
    equals(outbox.app),
    gte(outbox.settledAt, value(outbox.settledAt, 'since')),
  );
const OFFERED = statement(({ build, outbox, inbox }, platform: string) =>
  build
    .select({ ...getTableColumns(outbox), asker: inbox.account })
    .from(outbox)
    .leftJoin(inbox, and(eq(inbox.seq, outbox.turn), eq(outbox.class, literal('reply'))))
    .where(and(sentSince(outbox, platform), lte(outbox.settledAt, value(outbox.settledAt, 'until'))))
    .orderBy(desc(outbox.settledAt), desc(outbox.seq)),
);

/** One row by its number or its key. */
export const ONE = statement(({ build, outbox }, by: 'seq' | 'key') => build.select().from(outbox).where(equals(outbox[by])));

/** A card that was emptied after its time keeps only its outcome code. */
export const emptied = (code: string): OutboxRow['card'] => ({ code, title: '', tone: 'info', lines: [] });

/** As the table has it: the place in three columns, and 0 for at once. */
const storedRow = (row: OutboxRow): Record<string, unknown> => ({
  turn: row.turn,
  key: row.key,
  topic: row.topic,
  platform: row.to.platform,
  app: row.to.app,
  conversation: row.to.conversation,
  place: row.place,
  class: row.class,
  card: row.card,
  notBefore: row.notBefore ?? 0,
  expires: row.expires,
  replyTo: row.replyTo,
  state: row.state,
  attempts: row.attempts,
  providerId: row.providerId,
  error: row.error,
  createdAt: row.createdAt,
  settledAt: row.settledAt,
});

/** A row as the bot knows it. */
export const outboxRow = (c: Connection, stored: readonly unknown[]): OutboxRow => {
  const { platform, app, conversation, notBefore, ...rest } = c.schema.outboxRow(stored) as unknown as Omit<OutboxRow, 'to'> &
    ConversationKey;
  return { ...rest, to: { platform, app, conversation }, notBefore: notBefore === 0 ? null : notBefore };
};

/** What was sent to a place, newest first, with the account that a reply answers. */
export const offeredIn = async (
  c: Connection,
  { platform, app, conversation }: ConversationKey,
  since: Instant,
  until: Instant,
): Promise<{ row: OutboxRow; account: string | null }[]> =>
  (await run(c, OFFERED(c, platform), { app, conversation, since, until })).map(columns => ({
    row: outboxRow(c, columns),
    account: columns.at(-1) as string | null,
  }));

/** Writes posts; a key that was said before is not said again. Returns what was written. */
export const writePosts = async (
  c: Connection,
  leases: Leases,
  turn: number,
  posts: readonly Post[],
  now: Instant,
): Promise<OutboxRow[]> => {
  const written: OutboxRow[] = [];
  for (const { key, topic, to, place, class: kind, card, notBefore, expires, replyTo, calls, born } of posts) {
    // Where another instance is sending, or has something to send first, it waits for its place.
    const waits =
      born === 'sending' && ((await leases.waits(c, to, kind, Number.MAX_SAFE_INTEGER)) || (await leases.take(c, to)) !== undefined);
    const state: OutboxState = born === 'unreachable' ? 'failed' : waits ? 'pending' : born;
    const row: OutboxRow = {
      seq: 0,
      turn,
      key,
      topic,
      to,
      place,
      class: kind,
      card,
      notBefore,
      expires,
      replyTo,
      state,
      attempts: state === 'sending' ? 1 : 0,
      providerId: null,
      error: born === 'unreachable' ? 'unreachable' : null,
      createdAt: now,
      settledAt: born === 'unreachable' ? now : null,
    };
    const [made] = await run(c, INSERT(c), storedRow(row));
    if (!made) continue;
    row.seq = made[0] as number;
    if (calls) for (const person of new Set(calls)) await run(c, CALL(c), { person, seq: row.seq });
    written.push(row);
  }
  return written;
};

export const settleTopics = async (c: Connection, topics: readonly string[], now: Instant): Promise<void> => {
  if (!topics.length) return;
  await run(c, SETTLE(c), { topics: c.schema.listParam(topics), settledAt: now });
  await run(c, NO_MORE(c), { topics: c.schema.listParam(topics), settledAt: now });
};

/** Settles a row by hand. undefined: it is in no state for it. */
export const settleByHand = async (
  c: Connection,
  seq: number,
  to: 'again' | 'dropped',
  now: Instant,
): Promise<{ before: OutboxState; row: OutboxRow } | undefined> => {
  const one = async () => (await run(c, ONE(c, 'seq'), { seq })).map(r => outboxRow(c, r))[0];
  const before = await one();
  if (!before || !BY_HAND[to].includes(before.state)) return undefined;
  await run(c, to === 'again' ? AGAIN(c) : DROP(c), { seq, settledAt: now, states: c.schema.listParam(BY_HAND[to]) });
  return { before: before.state, row: (await one())! };
};

const AMONG_NEWEST = statement(({ build, outbox }) =>
  build
    .select()
    .from(outbox)
    .where(
      and(
        gt(outbox.seq, sql`(select max(${outbox.seq}) from ${outbox}) - ${named('limit')}`),
        equals(outbox.platform),
        equals(outbox.app),
        equals(outbox.conversation),
      ),
    )
    .orderBy(desc(outbox.seq)),
);

/** Newest first. */
export const outboxIn = async (
  c: Connection,
  { states, to, limit }: { states?: readonly OutboxState[] | undefined; to?: ConversationKey | undefined; limit: number },
): Promise<OutboxRow[]> => {
  if (to) {
    const rows = (await run(c, AMONG_NEWEST(c), { ...to, limit })).map(row => outboxRow(c, row));
    return states ? rows.filter(r => states.includes(r.state)) : rows;
  }
  if (!states) return (await run(c, NEWEST(c, limit))).map(row => outboxRow(c, row));
  const found: OutboxRow[] = [];
  // One state at a time, written out: so the partial indexes hold it.
  for (const state of new Set(states)) found.push(...(await run(c, NEWEST_OF(c, STATES[state], limit))).map(row => outboxRow(c, row)));
  return found.sort((a, b) => b.seq - a.seq).slice(0, limit);
};

/** What a turn told others beside its answer. */
export const toldBy = async (c: Connection, turn: number): Promise<OutboxRow[]> =>
  (await run(c, TOLD(c), { turn })).map(row => outboxRow(c, row));

const STATES: { [S in OutboxState]: S } = {
  pending: 'pending',
  sending: 'sending',
  sent: 'sent',
  failed: 'failed',
  unknown: 'unknown',
  expired: 'expired',
  withdrawn: 'withdrawn',
};
