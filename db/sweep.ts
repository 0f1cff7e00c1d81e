/** What is kept only for a time: cards 90 days, inbox rows 30, questions and links until they expire. In small steps, so that turns run in between. */
import type { Instant } from '../src/core/day.ts';
import type { Commits } from './commits.ts';
import type { Connection } from './connection.ts';
import { canonical } from './kit.ts';
import { emptied } from './outbox.ts';

const A_DAY = 24 * 3_600_000;
const CARDS = 90 * A_DAY;
const INBOX = 30 * A_DAY;
const STEP = 500;
/** Up to which outbox row the cards were emptied. */
const MARK = 'swept';

const inbox = async (c: Connection, now: Instant): Promise<boolean> => {
  const rows = await c.rows('select "seq", "receivedAt" from "inbox" order by "seq" limit ?', [STEP]);
  const [last] = await c.rows('select max("seq") from "inbox"');
  // The last row stays, since SQLite would give its number again.
  const old = rows.filter(([seq, at]) => (at as number) < now - INBOX && seq !== last![0]);
  for (const [seq] of old) await c.rows('delete from "inbox" where "seq" = ?', [seq]);
  return old.length === STEP;
};

const cards = async (c: Connection, now: Instant): Promise<boolean> => {
  const [mark] = await c.rows('select "value" from "meta" where "key" = ?', [MARK]);
  const rows = await c.rows('select "seq", "card", "createdAt", "state" from "outbox" where "seq" > ? order by "seq" limit ?', [
    Number(mark?.[0] ?? 0),
    STEP,
  ]);
  let swept: unknown;
  for (const [seq, card, createdAt, state] of rows) {
    // What still waits keeps its card, and is met again the next time.
    if ((createdAt as number) >= now - CARDS || state === 'pending' || state === 'sending') break;
    await c.rows('update "outbox" set "card" = ? where "seq" = ?', [
      canonical(emptied((JSON.parse(card as string) as { code: string }).code)),
      seq,
    ]);
    swept = seq;
  }
  if (swept === undefined) return false;
  await c.rows('insert into "meta" ("key", "value") values (?, ?) on conflict ("key") do update set "value" = excluded."value"', [
    MARK,
    `${swept as number}`,
  ]);
  return swept === rows.at(-1)![0] && rows.length === STEP;
};

export const sweep = async (commits: Commits, now: Instant): Promise<void> => {
  await commits.write(async c => {
    await c.rows('delete from "questions" where "expires" < ?', [now]);
    await c.rows('delete from "sessions" where "expires" < ?', [now]);
  });
  for (const step of [inbox, cards]) while (await commits.write(c => step(c, now)));
};
