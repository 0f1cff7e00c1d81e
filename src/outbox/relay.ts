/** Hands what is due to the platforms: order per conversation, classes, joining, budgets, limits, retries, unknown outcomes. */
import type { Clock, Mark, OutboxRow, OutboxStore, Platform, Sent, Ticks } from '../bot/ports.ts';
import { type Card, type Class, type ConversationKey, plainText } from '../core/card.ts';
import { at, dayAt, type Instant } from '../core/day.ts';
import { unaskedAt } from './budget.ts';
import { joinable, joinCards } from './join.ts';
import { type Limits, makeLimiter } from './limits.ts';

export interface RelayDeps {
  outbox: OutboxStore;
  platforms: ReadonlyMap<string, Platform>;
  clock: Clock;
  ticks: Ticks;
  mentions(people: string[], to: ConversationKey): Promise<{ person: string; account: string | null; name: string }[]>;
  /** First moment from an instant on at which something unasked may be said. */
  speakAt(at: Instant): Instant;
  /** Puts pictures and files in before sending. */
  render?(card: Card): Promise<Card>;
  limits?: Limits;
  log: { warn(what: object, message: string): void; error(what: object, message: string): void };
}

export interface Waiting {
  seq: number;
  why: string;
  /** Milliseconds of ticks, or null when it waits for something else. */
  until: number | null;
}

export interface Relay {
  /** Rows just committed: those born `sending` go at once, the rest when they are due. */
  kick(posts: readonly OutboxRow[]): void;
  /** Resolves when all that is due now was handed over, or waits for a retry. */
  drain(): Promise<void>;
  /** Finishes what is under way and leaves the rest. */
  stop(): Promise<void>;
  waiting(): Waiting[];
  stats(): { sent: number; failed: number; unknown: number; retried: number };
}

const RANK: Readonly<Record<Class, number>> = { reply: 0, news: 1, nudge: 2, announcement: 3 };
const BATCH = 200;
const SEND_TIMEOUT = 15_000;
const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 60_000;
/** A retry holds up its class at its place no longer than this. */
const BLOCKS = 120_000;
const REPLY_LIVES = 3_600_000;

const unasked = (row: OutboxRow): boolean => row.class === 'nudge' || row.class === 'announcement';
const laneOf = (to: ConversationKey): string => `${to.platform}\n${to.app}\n${to.conversation}`;

interface Lane {
  busy: boolean;
  /** Rows handed over by a turn, not yet sent. */
  handed: OutboxRow[];
}
interface Retry {
  readyAt: number;
  since: number;
  lane: string;
  class: Class;
  why: string;
}

export const createRelay = (deps: RelayDeps): Relay => {
  const { outbox, platforms, clock, ticks } = deps;
  const limiter = makeLimiter(deps.limits ?? {});
  const lanes = new Map<string, Lane>();
  const retries = new Map<number, Retry>();
  const why = new Map<number, string>();
  const stats = { sent: 0, failed: 0, unknown: 0, retried: 0 };
  const underWay = new Set<Promise<void>>();
  const taken = new Set<number>();
  let stopped = false;
  let pumping: Promise<void> | undefined;
  let again = false;

  const lane = (to: ConversationKey): Lane => {
    const key = laneOf(to);
    const there = lanes.get(key);
    if (there) return there;
    const made: Lane = { busy: false, handed: [] };
    lanes.set(key, made);
    return made;
  };
  const track = (work: Promise<void>) => {
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
  };
  const mark = async (marks: readonly Mark[]) => {
    try {
      await outbox.mark(marks);
    } catch (err) {
      // The row stays `sending`: recovered at the next start, by key or as unknown.
      deps.log.error({ err, rows: marks.map(m => m.seq) }, 'outbox marks were not stored');
    }
  };

  const timed = (sending: Promise<Sent>, idempotent: boolean): Promise<Sent> =>
    new Promise(resolve => {
      const off = ticks.after(SEND_TIMEOUT, () =>
        resolve(idempotent ? { result: 'later', after: 0, why: '平台没有回应' } : { result: 'unknown', why: '平台没有回应' }),
      );
      sending.then(
        sent => {
          off();
          resolve(sent);
        },
        (err: unknown) => {
          off();
          resolve({ result: idempotent ? 'later' : 'unknown', after: 0, why: err instanceof Error ? err.message : String(err) } as Sent);
        },
      );
    });

  /** Sends one platform message that carries these rows; the first one's key is its key. */
  const send = async (rows: readonly OutboxRow[], platform: Platform): Promise<void> => {
    const [head] = rows;
    if (!head) return;
    let card = joinCards(rows.map(r => r.card));
    if (!platform.idempotent && head.state !== 'sending') await mark(rows.map(r => ({ seq: r.seq, state: 'sending', at: clock.now() })));
    if (deps.render && (card.chart || card.file)) {
      try {
        card = await deps.render(card);
      } catch (err) {
        deps.log.error({ err, row: head.seq }, 'picture failed');
        card = { ...card, lines: [...card.lines, '（图没有画成，数字以表为准）'] };
      }
    }
    const mention = card.mention?.length ? await deps.mentions(card.mention, head.to) : [];
    const sent = await timed(
      platform.send({ key: head.key, to: head.to, card, text: plainText(card), replyTo: head.replyTo, mention }),
      platform.idempotent,
    );
    const now = clock.now();
    for (const r of rows) why.delete(r.seq);
    switch (sent.result) {
      case 'sent':
        stats.sent++;
        for (const r of rows) retries.delete(r.seq);
        track(
          mark(
            rows.map((r, i) => ({
              seq: r.seq,
              state: 'sent',
              at: now,
              providerId: sent.providerId,
              ...(i === 0 && card !== r.card ? { card } : {}),
            })),
          ),
        );
        return;
      case 'unknown':
      case 'never':
        stats[sent.result === 'never' ? 'failed' : 'unknown']++;
        for (const r of rows) retries.delete(r.seq);
        deps.log.warn({ rows: rows.map(r => r.seq), result: sent.result }, 'message not sent');
        await mark(rows.map(r => ({ seq: r.seq, state: sent.result === 'never' ? 'failed' : 'unknown', at: now, error: sent.why })));
        return;
      case 'later': {
        stats.retried++;
        const attempts = head.attempts + 1;
        const wait = Math.max(sent.after, Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(attempts - 1, 5)));
        const old = head.class === 'reply' && now - head.createdAt > REPLY_LIVES;
        if (old) {
          stats.failed++;
          await mark(rows.map(r => ({ seq: r.seq, state: 'failed', at: now, error: sent.why })));
          return;
        }
        for (const r of rows)
          retries.set(r.seq, {
            readyAt: ticks.now() + wait,
            since: retries.get(r.seq)?.since ?? ticks.now(),
            lane: laneOf(r.to),
            class: r.class,
            why: sent.why,
          });
        await mark(rows.map(r => ({ seq: r.seq, state: 'pending', at: now, error: sent.why, attempts })));
        ticks.after(wait, () => pump());
        return;
      }
    }
  };

  /** A row that waits for its retry holds up later ones of its class there, for a while. */
  const heldUp = (row: OutboxRow): boolean => {
    const own = retries.get(row.seq);
    if (own) return ticks.now() < own.readyAt;
    for (const [seq, r] of retries)
      if (seq < row.seq && r.lane === laneOf(row.to) && r.class === row.class && ticks.now() - r.since < BLOCKS) return true;
    return false;
  };

  const settleEarly = async (row: OutboxRow): Promise<boolean> => {
    const now = clock.now();
    if (row.expires !== null && row.expires <= now) {
      await mark([{ seq: row.seq, state: 'expired', at: now }]);
      return true;
    }
    return false;
  };

  /** Runs a lane until it has nothing to send now. */
  const run = async (l: Lane, rows: OutboxRow[]): Promise<void> => {
    const queue = [...l.handed.splice(0), ...rows].sort((a, b) => RANK[a.class] - RANK[b.class] || a.seq - b.seq);
    while (queue.length && !stopped) {
      const row = queue.shift()!;
      try {
        if (await settleEarly(row)) continue;
        const platform = platforms.get(row.to.platform);
        if (!platform) {
          why.set(row.seq, `平台没有接入：${row.to.platform}`);
          continue;
        }
        if (heldUp(row)) {
          why.set(row.seq, '等重试');
          continue;
        }
        const wait = limiter.take(platform.id, laneOf(row.to), ticks.now());
        if (wait > 0) {
          why.set(row.seq, '平台限速');
          ticks.after(wait, () => pump());
          continue;
        }
        if (!unasked(row)) {
          await send([row], platform);
          continue;
        }
        const now = clock.now();
        const allowed = unaskedAt(now, row.place, await outbox.unaskedSince(row.to, at(dayAt(now), '00:00')), deps.speakAt);
        const together = joinable(row.card)
          ? [row, ...queue.filter(r => r.class === row.class && joinable(r.card) && !heldUp(r) && (r.expires === null || r.expires > now))]
          : [row];
        for (const r of together.slice(1)) queue.splice(queue.indexOf(r), 1);
        if (allowed > now) {
          why.set(row.seq, '今天已够多，并入下一次');
          await mark(
            together.map(r =>
              r.expires !== null && r.expires <= allowed
                ? { seq: r.seq, state: 'expired', at: now }
                : { seq: r.seq, state: 'pending', at: now, notBefore: allowed },
            ),
          );
          continue;
        }
        await send(together, platform);
        // What counts against the budget must be stored before the next is weighed.
        await Promise.all(underWay);
      } finally {
        taken.delete(row.seq);
      }
      if (l.handed.length) queue.push(...l.handed.splice(0));
    }
    for (const r of queue) taken.delete(r.seq);
  };

  const start = (l: Lane, rows: OutboxRow[]) => {
    l.busy = true;
    const work = run(l, rows)
      .catch((err: unknown) => deps.log.error({ err }, 'relay failed'))
      .finally(() => {
        l.busy = false;
        for (const r of rows) taken.delete(r.seq);
        if (l.handed.length && !stopped) start(l, []);
      });
    lanesRunning.add(work);
    void work.finally(() => lanesRunning.delete(work));
  };
  const lanesRunning = new Set<Promise<void>>();

  const pumpOnce = async () => {
    const rows = (await outbox.due(clock.now(), BATCH)).filter(r => !taken.has(r.seq) && !heldUp(r));
    const byLane = new Map<string, OutboxRow[]>();
    for (const r of rows) byLane.set(laneOf(r.to), [...(byLane.get(laneOf(r.to)) ?? []), r]);
    let started = 0;
    for (const group of byLane.values()) {
      const l = lane(group[0]!.to);
      if (l.busy) continue;
      for (const r of group) taken.add(r.seq);
      started += group.length;
      start(l, group);
    }
    return started;
  };
  const pump = (): void => {
    if (stopped) return;
    if (pumping) {
      again = true;
      return;
    }
    pumping = (async () => {
      do {
        again = false;
        await pumpOnce();
      } while (again && !stopped);
    })()
      .catch((err: unknown) => deps.log.error({ err }, 'outbox could not be read'))
      .finally(() => {
        pumping = undefined;
      });
  };

  return {
    kick(posts) {
      if (stopped) return;
      let rest = posts.length === 0;
      for (const row of posts) {
        if (row.state !== 'sending') {
          rest ||= row.state === 'pending';
          continue;
        }
        const l = lane(row.to);
        l.handed.push(row);
        if (!l.busy) start(l, []);
      }
      if (rest) pump();
    },
    async drain() {
      for (let idle = 0; idle < 2 && !stopped; ) {
        await pumping;
        await Promise.all([...lanesRunning, ...underWay]);
        const blocked = new Set(why.keys());
        const due = (await outbox.due(clock.now(), BATCH)).filter(r => !heldUp(r) && !blocked.has(r.seq));
        if (due.length) {
          idle = 0;
          await pumpOnce();
        } else idle++;
      }
      why.clear();
    },
    async stop() {
      stopped = true;
      await pumping;
      await Promise.all([...lanesRunning]);
      await Promise.all([...underWay]);
    },
    waiting: () =>
      [...new Set([...why.keys(), ...retries.keys()])].map(seq => ({
        seq,
        why: retries.get(seq)?.why ?? why.get(seq) ?? '',
        until: retries.get(seq)?.readyAt ?? null,
      })),
    stats: () => ({ ...stats }),
  };
};
