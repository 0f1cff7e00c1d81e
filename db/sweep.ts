/** What is kept only for a time: cards 90 days, inbox rows 30, questions and links until they expire. In small steps, so that turns run in between. */
import { gt, lt, max } from 'drizzle-orm';
import type { Instant } from '../src/core/day.ts';
import type { Commits } from './commits.ts';
import type { Connection } from './connection.ts';
import { NOTE, NOTED } from './meta.ts';
import { emptied } from './outbox.ts';
import { equals, fields, limited, run, statement, value, values } from './statements.ts';

const A_DAY = 24 * 3_600_000;
const CARDS = 90 * A_DAY;
const INBOX = 30 * A_DAY;
const STEP = 500;
/** Up to which outbox row the cards were emptied. */
const MARK = 'swept';

const OLDEST = statement(({ build, inbox: t }) =>
  build
    .select(fields([t.seq, t.receivedAt]))
    .from(t)
    .orderBy(t.seq)
    .limit(limited(STEP)),
);
const LAST = statement(({ build, inbox: t }) => build.select({ seq: max(t.seq) }).from(t));
const DROP = statement(({ build, inbox: t }) => build.delete(t).where(equals(t.seq)));
const CARDS_AFTER = statement(({ build, outbox: t }) =>
  build
    .select(fields([t.seq, t.card, t.createdAt, t.state]))
    .from(t)
    .where(gt(t.seq, value(t.seq)))
    .orderBy(t.seq)
    .limit(limited(STEP)),
);
const EMPTY = statement(({ build, outbox: t }) =>
  build
    .update(t)
    .set(values([t.card]))
    .where(equals(t.seq)),
);
const EXPIRED = statement(({ build, records }, name: 'questions' | 'sessions') => {
  const { table } = records[name];
  return build.delete(table).where(lt(table['expires']!, value(table['expires']!, 'now')));
});

const inbox = async (c: Connection, now: Instant): Promise<boolean> => {
  const rows = await run(c, OLDEST(c));
  const [last] = await run(c, LAST(c));
  // The last row stays, since SQLite would give its number again.
  const old = rows.filter(([seq, at]) => (at as number) < now - INBOX && seq !== last![0]);
  for (const [seq] of old) await run(c, DROP(c), { seq });
  return old.length === STEP;
};

const cards = async (c: Connection, now: Instant): Promise<boolean> => {
  const [mark] = await run(c, NOTED(c), { key: MARK });
  const rows = await run(c, CARDS_AFTER(c), { seq: Number(mark?.[0] ?? 0) });
  let swept: unknown;
  for (const [seq, card, createdAt, state] of rows) {
    // What still waits keeps its card, and is met again the next time.
    if ((createdAt as number) >= now - CARDS || state === 'pending' || state === 'sending') break;
    await run(c, EMPTY(c), { card: emptied((JSON.parse(card as string) as { code: string }).code), seq });
    swept = seq;
  }
  if (swept === undefined) return false;
  await run(c, NOTE(c), { key: MARK, value: `${swept as number}` });
  return swept === rows.at(-1)![0] && rows.length === STEP;
};

export const sweep = async (commits: Commits, now: Instant): Promise<void> => {
  await commits.write(async c => {
    for (const table of ['questions', 'sessions'] as const) await run(c, EXPIRED(c, table), { now });
  });
  for (const step of [inbox, cards]) while (await commits.write(c => step(c, now)));
};
