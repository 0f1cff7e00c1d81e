/** The outbox as the relay has it: what is due, what is claimed and sent, what a stop left behind, and how much a place has had. */

import { and, eq, exists, gt, gte, isNotNull, isNull, lte, ne, not, or, sql } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import type { Mark, OutboxRow, OutboxState, OutboxStore } from '../src/bot/ports.ts';
import type { Instant } from '../src/core/day.ts';
import type { Commits } from './commits.ts';
import type { Connection } from './connection.ts';
import { type Leases, noLeases } from './leases.ts';
import { ONE, outboxRow, sentSince } from './outbox.ts';
import type { Schema } from './schema.ts';
import { equals, fields, limited, literal, named, run, type Statement, statement, value, values } from './statements.ts';

const DUE = statement(({ build, outbox }, limit: number) =>
  build
    .select()
    .from(outbox)
    .where(
      and(
        eq(outbox.state, literal('pending')),
        lte(outbox.notBefore, value(outbox.notBefore, 'now')),
        gt(outbox.seq, value(outbox.seq, 'after')),
      ),
    )
    .orderBy(outbox.seq)
    .limit(limited(limit)),
);
/** Waits again, unless it was settled meanwhile. */
const waitsAgain = (outbox: Schema['outbox']) =>
  sql`case when ${outbox.settledAt} is null then ${literal('pending')} when ${outbox.state} = ${literal('sending')} then ${literal('withdrawn')} else ${outbox.state} end`;
const WAIT = statement(({ build, outbox }, ...set: string[]) =>
  build
    .update(outbox)
    .set({ ...values(set.map(name => (outbox as unknown as Record<string, SQLiteColumn>)[name]!)), state: waitsAgain(outbox) })
    .where(equals(outbox.seq)),
);
/** Only what is still to be sent: it may have been settled, or sent by another instance, since it was read. */
const CLAIM = statement(({ build, outbox }) =>
  build
    .update(outbox)
    .set({ ...values([outbox.notBefore, outbox.attempts, outbox.providerId]), state: literal('sending'), error: sql`null` })
    .where(
      and(equals(outbox.seq), or(eq(outbox.state, literal('pending')), eq(outbox.state, literal('sending'))), isNull(outbox.settledAt)),
    )
    .returning(fields([outbox.seq])),
);
const MARK = statement(({ build, outbox }, ...set: string[]) =>
  build
    .update(outbox)
    .set(values(set.map(name => (outbox as unknown as Record<string, SQLiteColumn>)[name]!)))
    .where(equals(outbox.seq)),
);
const SENDING = statement(({ build, outbox }) =>
  build
    .selectDistinct(fields([outbox.platform]))
    .from(outbox)
    .where(eq(outbox.state, literal('sending'))),
);
/** No instance that is alive sends there. */
const isNobodys = ({ build, outbox, leases }: Schema) =>
  not(
    exists(
      build
        .select(fields([leases.holder]))
        .from(leases)
        .where(
          and(
            gte(leases.until, value(leases.until, 'alive')),
            sql`${leases.conversation} = ${outbox.platform} || '/' || ${outbox.app} || '/' || ${outbox.conversation}`,
          ),
        ),
    ),
  );
/** `notBefore` of what is being sent is when that began, or since when it may have arrived; a reply is sent as it is made. What waits again keeps it. */
const SEND_AGAIN = statement(schema => {
  const { build, outbox } = schema;
  return build
    .update(outbox)
    .set({
      state: waitsAgain(outbox),
      notBefore: sql`case when ${outbox.notBefore} > 0 then ${outbox.notBefore} else ${outbox.createdAt} end`,
    })
    .where(
      and(
        eq(outbox.state, literal('sending')),
        isNobodys(schema),
        equals(outbox.platform),
        or(gte(outbox.notBefore, value(outbox.notBefore, 'since')), gte(outbox.createdAt, value(outbox.createdAt, 'since'))),
      ),
    );
});
const STOPPED = statement(schema => {
  const { build, outbox } = schema;
  return build
    .update(outbox)
    .set({ state: literal('unknown'), settledAt: value(outbox.settledAt), error: literal('stopped while sending') })
    .where(and(eq(outbox.state, literal('sending')), isNobodys(schema)));
});
const MOMENTS = statement(({ build, outbox }, moment: 'notBefore' | 'expires', limit: number) =>
  build
    .select(fields([outbox[moment], outbox.card]))
    .from(outbox)
    .where(and(eq(outbox.state, literal('pending')), gt(outbox[moment], value(outbox[moment], 'now'))))
    .orderBy(outbox[moment], outbox.seq)
    .limit(limited(limit)),
);
/** What was sent as a message of its own under these topics: a message that several share says more than the one. */
const ARRIVED = statement(({ build, outbox, inList }) =>
  build
    .select()
    .from(outbox)
    .where(
      and(
        isNotNull(outbox.topic),
        inList(outbox.topic, named('topics')),
        eq(outbox.state, literal('sent')),
        isNotNull(outbox.providerId),
        gte(outbox.createdAt, value(outbox.createdAt, 'since')),
      ),
    )
    .orderBy(outbox.seq),
);
/** Messages, not rows: those that were joined went as one. */
const messagesOf = ({ build, outbox }: Schema) =>
  build.select({ count: sql`count(distinct coalesce(${outbox.providerId}, ${outbox.key}))` }).from(outbox);
const SENT = statement((schema, platform: string) => messagesOf(schema).where(sentSince(schema.outbox, platform)));
/** News is never held up, but it counts: whoever got three pieces of news today gets fewer nudges. */
const UNASKED = statement((schema, platform: string) =>
  messagesOf(schema).where(and(sentSince(schema.outbox, platform), ne(schema.outbox.class, literal('reply')))),
);
/** News counts here too. */
const CALLED = statement(
  ({ calls, outbox, inList }) => sql`
  select called.person, (
    select count(distinct coalesce(o."providerId", o."key")) from ${calls} c join ${outbox} o on o."seq" = c."seq"
    where c."person" = called.person and o."state" = 'sent' and o."class" <> 'reply' and o."settledAt" >= ${value(outbox.settledAt, 'since')})
  from (select distinct c."person" as person from ${calls} c where ${inList(sql`c."seq"`, named('seqs'))}) called`,
);
const SETTLED: ReadonlySet<OutboxState> = new Set(['sent', 'failed', 'unknown', 'expired', 'withdrawn']);
const MAY_SET = ['providerId', 'error', 'notBefore', 'attempts', 'card'] as const;

const writeMark = async (c: Connection, mark: Mark): Promise<void> => {
  const set = MAY_SET.filter(name => mark[name] !== undefined);
  if (mark.state === 'pending') {
    await run(c, WAIT(c, ...set), { ...mark, notBefore: mark.notBefore ?? 0 });
    return;
  }
  const settledAt = SETTLED.has(mark.state) ? mark.at : null;
  await run(c, MARK(c, 'state', 'settledAt', ...set), { ...mark, settledAt, notBefore: mark.notBefore ?? 0 });
};

export const outboxStore = (reader: Connection, commits: Commits, leases: Leases, alive: () => number): OutboxStore => {
  const rows = async (asked: Statement, values: Record<string, unknown>) =>
    (await run(reader, asked, values)).map(r => outboxRow(reader, r));
  return {
    due: (now, limit, after = 0) => rows(DUE(reader, limit), { now, after }),
    async mark(marks) {
      if (!marks.length) return;
      const write = async (c: Connection) => {
        for (const m of marks) await writeMark(c, m);
      };
      await (marks.every(m => m.state === 'sent') ? commits.ride(write) : commits.write(write));
    },
    claim: (to, marks) =>
      commits.write(async c => {
        const [first] = marks;
        const row =
          first && leases !== noLeases ? (await run(c, ONE(c, 'seq'), { seq: first.seq })).map(r => outboxRow(c, r))[0] : undefined;
        if (row && (await leases.waits(c, to, row.class, row.seq))) return { held: true };
        if ((await leases.take(c, to)) !== undefined) return { held: true };
        const seqs: number[] = [];
        for (const { seq, attempts, providerId, notBefore } of marks)
          if ((await run(c, CLAIM(c), { seq, attempts, providerId, notBefore: notBefore ?? 0 })).length) seqs.push(seq);
        return { held: false, seqs };
      }),
    async release(to) {
      if (leases !== noLeases) await commits.ride(c => leases.release(c, to));
    },
    async recover(now, remembers) {
      await commits.write(async c => {
        for (const [platform] of await run(c, SENDING(c))) {
          const since = Math.max(0, now - remembers(platform as string));
          if (since >= now) continue;
          await run(c, SEND_AGAIN(c), { platform, since, alive: alive() });
        }
        await run(c, STOPPED(c), { settledAt: now, alive: alive() });
      });
    },
    async nextMoments(now, limit) {
      const next = async (moment: 'notBefore' | 'expires', prefix: string) =>
        (await run(reader, MOMENTS(reader, moment, limit), { now })).map(([at, card]) => ({
          at: at as Instant,
          what: `${prefix}${(JSON.parse(card as string) as OutboxRow['card']).title}`,
        }));
      return [...(await next('notBefore', '')), ...(await next('expires', '过期：'))].sort((a, b) => a.at - b.at).slice(0, limit);
    },
    async unaskedSince({ platform, app, conversation }, since) {
      const [row] = await run(reader, UNASKED(reader, platform), { app, conversation, since });
      return Number(row![0]);
    },
    async unaskedOfCalled(seqs, since) {
      const found = await run(reader, CALLED(reader), { seqs: reader.schema.listParam(seqs), since });
      return new Map(found.map(([person, n]) => [person as string, Number(n)]));
    },
    async sentSince({ platform, app, conversation }, since) {
      const [row] = await run(reader, SENT(reader, platform), { app, conversation, since });
      return Number(row![0]);
    },
    async arrived(topics, since) {
      const found = await rows(ARRIVED(reader), { topics: reader.schema.listParam(topics), since });
      return found.filter(r => found.every(o => o === r || o.providerId !== r.providerId));
    },
    get: async seq => (await rows(ONE(reader, 'seq'), { seq }))[0],
    byKey: async key => (await rows(ONE(reader, 'key'), { key }))[0],
  };
};
