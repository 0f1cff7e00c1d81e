/** The outbox's rows: written by a turn, moved on by the relay. */

import type { Mark, OutboxRow, OutboxState, OutboxStore, Post } from '../src/bot/ports.ts';
import type { ConversationKey } from '../src/core/card.ts';
import type { Instant } from '../src/core/day.ts';
import type { Commits } from './commits.ts';
import { type Connection, type Engine, inList, listParam } from './connection.ts';
import { canonical, quoted } from './kit.ts';
import { engineShapes } from './schema.ts';
import { limited } from './statements.ts';

const FIELDS = engineShapes.outbox.columns.map(c => c.name);
const COLUMNS = FIELDS.map(quoted).join(', ');
const WRITTEN = FIELDS.filter(f => f !== 'seq');
const INSERT = `insert into "outbox" (${WRITTEN.map(quoted).join(', ')}) values (${WRITTEN.map(() => '?').join(', ')}) on conflict ("key") do nothing returning "seq"`;

/** A card that was emptied after its time keeps only its outcome code. */
export const emptied = (code: string): OutboxRow['card'] => ({ code, title: '', tone: 'info', lines: [] });

export const outboxRow = (values: readonly unknown[]): OutboxRow => {
  const r = Object.fromEntries(FIELDS.map((f, i) => [f, values[i]])) as unknown as Omit<OutboxRow, 'to' | 'card'> &
    ConversationKey & { card: string };
  const { platform, app, conversation, card, ...rest } = r;
  return {
    ...rest,
    to: { platform, app, conversation },
    card: JSON.parse(card) as OutboxRow['card'],
    notBefore: rest.notBefore === 0 ? null : rest.notBefore,
  };
};

/** Writes posts; a key that was said before is not said again. Returns what was written. */
export const writePosts = async (c: Connection, turn: number, posts: readonly Post[], now: Instant): Promise<OutboxRow[]> => {
  const written: OutboxRow[] = [];
  for (const { born, ...post } of posts) {
    const state: OutboxState = born === 'unreachable' ? 'failed' : born;
    const row: OutboxRow = {
      ...post,
      seq: 0,
      turn,
      state,
      attempts: born === 'sending' ? 1 : 0,
      providerId: null,
      error: born === 'unreachable' ? 'unreachable' : null,
      createdAt: now,
      settledAt: born === 'unreachable' ? now : null,
    };
    const values: Record<string, unknown> = { ...row, ...row.to, card: canonical(row.card), notBefore: row.notBefore ?? 0 };
    const [made] = await c.rows(
      INSERT,
      WRITTEN.map(f => values[f]),
    );
    if (made) written.push({ ...row, seq: made[0] as number });
  }
  return written;
};

export const settleTopics = async (c: Connection, dialect: Engine['dialect'], topics: readonly string[], now: Instant): Promise<void> => {
  if (!topics.length) return;
  await c.rows(
    `update "outbox" set "state" = 'withdrawn', "settledAt" = ? where "state" = 'pending' and "topic" is not null and "topic" ${inList(dialect)}`,
    [now, listParam(dialect, topics)],
  );
};

/** Newest first. */
export const outboxIn = async (c: Connection, states: readonly OutboxState[] | undefined, limit: number): Promise<OutboxRow[]> => {
  if (!states) return (await c.rows(`select ${COLUMNS} from "outbox" order by "seq" desc${limited(limit)}`)).map(outboxRow);
  const found: OutboxRow[] = [];
  // One state at a time, written out: so the partial indexes hold it.
  for (const state of new Set(states)) {
    found.push(
      ...(await c.rows(`select ${COLUMNS} from "outbox" where "state" = '${STATES[state]}' order by "seq" desc${limited(limit)}`)).map(
        outboxRow,
      ),
    );
  }
  return found.sort((a, b) => b.seq - a.seq).slice(0, limit);
};
const STATES: { [S in OutboxState]: S } = {
  pending: 'pending',
  sending: 'sending',
  sent: 'sent',
  failed: 'failed',
  unknown: 'unknown',
  expired: 'expired',
  withdrawn: 'withdrawn',
};

const SETTLED: ReadonlySet<OutboxState> = new Set(['sent', 'failed', 'unknown', 'expired', 'withdrawn']);

const writeMark = async (c: Connection, m: Mark): Promise<void> => {
  const set: [string, unknown][] = [
    ['state', m.state],
    ['settledAt', SETTLED.has(m.state) ? m.at : null],
  ];
  if (m.providerId !== undefined) set.push(['providerId', m.providerId]);
  if (m.error !== undefined) set.push(['error', m.error]);
  if (m.notBefore !== undefined) set.push(['notBefore', m.notBefore ?? 0]);
  if (m.attempts !== undefined) set.push(['attempts', m.attempts]);
  if (m.card !== undefined) set.push(['card', canonical(m.card)]);
  await c.rows(`update "outbox" set ${set.map(([f]) => `${quoted(f)} = ?`).join(', ')} where "seq" = ?`, [...set.map(([, v]) => v), m.seq]);
};

export const outboxStore = (dialect: Engine['dialect'], reader: Connection, commits: Commits): OutboxStore => {
  return {
    async due(now, limit) {
      const rows = await reader.rows(
        `select ${COLUMNS} from "outbox" where "state" = 'pending' and "notBefore" <= ? order by "seq"${limited(limit)}`,
        [now],
      );
      return rows.map(outboxRow);
    },
    async mark(marks) {
      if (!marks.length) return;
      const write = async (c: Connection) => {
        for (const m of marks) await writeMark(c, m);
      };
      await (marks.every(m => m.state === 'sent') ? commits.ride(write) : commits.write(write));
    },
    async recover(now, idempotent) {
      await commits.write(async c => {
        const platforms = (await c.rows(`select "platform" from "outbox" where "state" = 'sending' group by "platform"`)).map(
          r => r[0] as string,
        );
        const again = platforms.filter(idempotent);
        await c.rows(`update "outbox" set "state" = 'pending' where "state" = 'sending' and "platform" ${inList(dialect)}`, [
          listParam(dialect, again),
        ]);
        await c.rows(
          `update "outbox" set "state" = 'unknown', "settledAt" = ?, "error" = 'stopped while sending' where "state" = 'sending'`,
          [now],
        );
      });
    },
    async nextMoments(now, limit) {
      const waiting = `from "outbox" where "state" = 'pending'`;
      const rows = [
        ...(await reader.rows(
          `select "notBefore", "card", '' ${waiting} and "notBefore" > ? order by "notBefore", "seq"${limited(limit)}`,
          [now],
        )),
        ...(await reader.rows(
          `select "expires", "card", '过期：' ${waiting} and "expires" > ? order by "expires", "seq"${limited(limit)}`,
          [now],
        )),
      ];
      return rows
        .map(([at, card, prefix]) => ({
          at: at as Instant,
          what: `${prefix as string}${(JSON.parse(card as string) as OutboxRow['card']).title}`,
        }))
        .sort((a, b) => a.at - b.at)
        .slice(0, limit);
    },
    async unaskedSince(to, since) {
      const [row] = await reader.rows(
        `select count(distinct coalesce("providerId", "key")) from "outbox"
         where "state" = 'sent' and "class" <> 'reply' and "conversation" = ? and "settledAt" >= ? and "platform" = ? and "app" = ?`,
        [to.conversation, since, to.platform, to.app],
      );
      return row![0] as number;
    },
    async get(seq) {
      const [row] = await reader.rows(`select ${COLUMNS} from "outbox" where "seq" = ?`, [seq]);
      return row && outboxRow(row);
    },
    async byKey(key) {
      const [row] = await reader.rows(`select ${COLUMNS} from "outbox" where "key" = ?`, [key]);
      return row && outboxRow(row);
    },
  };
};
