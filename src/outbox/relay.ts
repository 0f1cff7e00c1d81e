/** Hands what is due to the platforms: order per conversation, classes, joining, budgets, limits, retries, unknown outcomes. */
import type { Clock, Mark, OutboxRow, OutboxStore, Platform, Sent, Ticks } from '../bot/ports.ts';
import { type Card, type Class, type ConversationKey, plainText } from '../core/card.ts';
import { at, dayAt, type Instant } from '../core/day.ts';
import { BUDGET, type Budget, unaskedAt } from './budget.ts';
import { createDeadlines } from './deadlines.ts';
import { joinCards } from './join.ts';
import { addRow, inOrder, isUnasked, type Lane, laneId, nextOf, type Parcel, put, takeAlong } from './lane.ts';
import { createLimiter, type Limits } from './limits.ts';
import { createMarks } from './marks.ts';
import { isTooOld, RETRY, waitAfter } from './retry.ts';

type Mention = { person: string; account: string | null; name: string };

export interface RelayDeps {
  outbox: OutboxStore;
  platforms: ReadonlyMap<string, Platform>;
  clock: Clock;
  ticks: Ticks;
  mentions(people: string[], to: ConversationKey): Promise<Mention[]>;
  /** First moment from an instant on at which something unasked may be said: quiet hours and rest days. */
  speakAt(at: Instant): Instant;
  /** Puts the picture of a chart in before sending. */
  render?(card: Card): Promise<Card>;
  limits?: Limits;
  budget?: Budget;
  /** 0 up to 1; spreads retries. */
  random?(): number;
  log: { warn(what: object, message: string): void; error(what: object, message: string): void };
  /** What an admin should know of. Called once for each matter. */
  onTrouble?(trouble: Trouble): void;
}

/** failed: the platform will never take it. unknown: it may have arrived. slow: waits for over two minutes. store: outcomes could not be stored, or the outbox not be read. */
export interface Trouble {
  kind: 'failed' | 'unknown' | 'slow' | 'store';
  rows: readonly number[];
  why: string;
}

/** A message in the relay's hands. What waits for a later hour is in the store, with its reason as `error` and its hour as `notBefore`. */
export interface Waiting {
  seq: number;
  to: ConversationKey;
  class: Class;
  why: string;
  /** When it will be looked at again, as far as is known. */
  until: Instant | null;
}

export interface Relay {
  /** Rows just committed: what may go now goes at once, without another read. Without rows: looks into the outbox, after a moment in which more may come. */
  kick(posts?: readonly OutboxRow[]): void;
  /** Resolves when all that is due now was handed over or waits for a stated reason, and outcomes are stored. @throws when the outbox cannot be read */
  drain(): Promise<void>;
  /** Finishes what is under way and leaves the rest in the outbox. */
  stop(): Promise<void>;
  waiting(): Waiting[];
  /** Platform messages sent, retried; rows of the other ends. */
  stats(): Readonly<Stats>;
}
interface Stats {
  sent: number;
  retried: number;
  failed: number;
  unknown: number;
  expired: number;
  postponed: number;
}

/** All in milliseconds of ticks. */
const ANSWERS_WITHIN = 15_000;
const STOPS_WITHIN = 4_000;
const STORE_AGAIN = 5_000;
/** What several jobs say at one moment is to be joined. */
const GATHER = 500;
/** What was read longer ago may have been withdrawn since. */
const FRESH = 100;
const SLOW = 120_000;
const WATCH = 30_000;
const LONGEST_SLEEP = 3_600_000;
const BATCH = 500;
const NOBODY: Mention[] = [];

/** Where lanes of a limited app stand in line. */
interface Gate {
  openAt: number;
  line: Set<Lane>;
}

export const createRelay = (deps: RelayDeps): Relay => {
  const { outbox, platforms, clock, ticks, log } = deps;
  const budget = deps.budget ?? BUDGET;
  const random = () => (deps.random ? deps.random() : Math.random());
  const limiter = createLimiter(deps.limits ?? {});
  const deadlines = createDeadlines(ticks, ANSWERS_WITHIN);
  const stats: Stats = { sent: 0, retried: 0, failed: 0, unknown: 0, expired: 0, postponed: 0 };
  const lanes = new Map<string, Lane>();
  const gates = new Map<string, Gate>();
  const asleep = new Set<Lane>();
  /** Rows in lanes, and rows that left them with an outcome the store does not have yet: what a read shows of either is old. */
  const held = new Set<number>();
  const leaving = new Set<number>();
  let storedWhileReading: number[] | undefined;
  let working = 0;
  let started = 0;
  let stopped = false;
  let idlers: (() => void)[] = [];
  let alarm: { at: number; off(): void } | undefined;
  let gathering: (() => void) | undefined;
  let watching: (() => void) | undefined;

  const trouble = (kind: Trouble['kind'], rows: readonly number[], why: string) => deps.onTrouble?.({ kind, rows, why });
  const storeTrouble = (err: unknown, rows: readonly number[], what: string) => {
    log.error({ err, rows }, what);
    trouble('store', rows, '数据库暂时不可用');
  };
  const forget = (seq: number) => {
    if (storedWhileReading) storedWhileReading.push(seq);
    else leaving.delete(seq);
  };
  const marks = createMarks({
    outbox,
    ticks,
    stored: seqs => seqs.forEach(forget),
    trouble: (err, rows) => storeTrouble(err, rows, 'outcomes of messages were not stored, will be tried again'),
  });

  // ── What is under way ───────────────────────────────────────────────────────

  const done = () => {
    working--;
    if (working > 0) return;
    const waitingForIt = idlers;
    idlers = [];
    for (const resolve of waitingForIt) resolve();
  };
  const idle = (): Promise<void> => (working === 0 ? Promise.resolve() : new Promise(resolve => idlers.push(resolve)));
  /** Stores outcomes without keeping the next message waiting. */
  const note = (lane: Lane, outcomes: readonly Mark[]) => {
    working++;
    const storing = marks.keep(outcomes);
    lane.marks.add(storing);
    void storing.then(() => {
      lane.marks.delete(storing);
      tidy(lane);
      done();
    });
  };
  /** Rows leave with their outcome. */
  const settle = (lane: Lane, outcomes: readonly Mark[]) => {
    for (const { seq } of outcomes) {
      held.delete(seq);
      leaving.add(seq);
    }
    note(lane, outcomes);
  };
  const tidy = (lane: Lane) => {
    if (!lane.parcels.length && !lane.current && !lane.marks.size) lanes.delete(lane.id);
  };

  // ── When who goes ───────────────────────────────────────────────────────────

  const wake = (when: number) => {
    if (stopped || when === Number.POSITIVE_INFINITY || (alarm && alarm.at <= when)) return;
    alarm?.off();
    alarm = { at: when, off: ticks.after(Math.min(LONGEST_SLEEP, Math.max(0, Math.ceil(when - ticks.now()))), ring) };
  };
  const ring = () => {
    alarm = undefined;
    const now = ticks.now();
    for (const lane of asleep) {
      if (lane.wakeAt > now) wake(lane.wakeAt);
      else advance(lane);
    }
    for (const gate of gates.values()) serve(gate);
  };
  const sleep = (lane: Lane, until: number) => {
    lane.wakeAt = until;
    asleep.add(lane);
    wake(until);
    watch();
  };

  /** Lets the next message of a conversation go, if one may. */
  const advance = (lane: Lane): void => {
    asleep.delete(lane);
    if (stopped || lane.current) return;
    if (!lane.parcels.length) return tidy(lane);
    lane.platform ??= platformOf(lane.to);
    if (!lane.platform) return watch();
    const now = ticks.now();
    const { parcel, wakeAt } = nextOf(lane, now);
    if (!parcel) return sleep(lane, wakeAt);
    if (lane.openAt > now) return sleep(lane, lane.openAt);
    if (!limiter.limits(lane.to.platform)) return start(lane, parcel);
    const gate = gateOf(lane);
    gate.line.add(lane);
    if (gate.openAt > now) lane.crowded = true;
    serve(gate);
  };
  /** Gives what the limits allow to the most urgent of those in line. */
  const serve = (gate: Gate): void => {
    while (gate.line.size && !stopped) {
      const now = ticks.now();
      if (gate.openAt > now) {
        wake(gate.openAt);
        return watch();
      }
      let first: { lane: Lane; parcel: Parcel } | undefined;
      for (const lane of gate.line) {
        const next = nextOf(lane, now);
        if (lane.current || !next.parcel) {
          gate.line.delete(lane);
          if (!lane.current) sleep(lane, next.wakeAt);
        } else if (!first || inOrder(next.parcel, first.parcel) < 0) first = { lane, parcel: next.parcel };
      }
      if (!first) return;
      const { lane, parcel } = first;
      const taken = limiter.take(lane.to, now);
      if (!taken.ok) lane.crowded = true;
      if (!taken.ok && taken.whose === 'app') {
        gate.openAt = now + taken.wait;
        continue;
      }
      gate.line.delete(lane);
      if (taken.ok) start(lane, parcel);
      else {
        lane.openAt = now + taken.wait;
        lane.closedWhy = '平台限速';
        sleep(lane, lane.openAt);
      }
    }
  };
  const gateOf = (lane: Lane): Gate => {
    const key = `${lane.to.platform}\n${lane.to.app}`;
    const there = gates.get(key);
    if (there) return there;
    const made: Gate = { openAt: 0, line: new Set() };
    gates.set(key, made);
    return made;
  };
  const platformOf = (to: ConversationKey): Platform | undefined => {
    const platform = platforms.get(to.platform);
    return platform?.app === to.app ? platform : undefined;
  };

  const start = (lane: Lane, parcel: Parcel): void => {
    lane.parcels.splice(lane.parcels.indexOf(parcel), 1);
    lane.current = parcel;
    working++;
    started++;
    void carry(lane, parcel, lane.platform!).then(() => {
      lane.current = undefined;
      advance(lane);
      done();
    });
  };

  // ── One platform message ────────────────────────────────────────────────────

  /** Never rejects: whatever happens has an outcome. */
  const carry = async (lane: Lane, parcel: Parcel, platform: Platform): Promise<void> => {
    let ready = true;
    try {
      const [row] = parcel.rows;
      // A reply on its way since its turn's commit needs nothing more.
      if (row?.state === 'sending' && row.class === 'reply' && !lane.crowded) ready = leaveOut(lane, parcel);
      else ready = await prepare(lane, parcel);
    } catch (err) {
      ready = false;
      storeTrouble(err, seqsOf(parcel), 'a message could not be prepared, will be tried again');
      lane.openAt = ticks.now() + STORE_AGAIN;
      lane.closedWhy = '数据库暂时不可用';
      if (parcel.tried) put(lane, parcel);
      else for (const row of parcel.rows) addRow(lane, row, parcel.readAt);
    }
    if (ready) await hand(lane, parcel, platform);
    else limiter.giveBack(lane.to);
  };

  /** Joins, weighs and announces. False: nothing is left to send now. @throws StoreFault */
  const prepare = async (lane: Lane, parcel: Parcel): Promise<boolean> => {
    // What counts against the budget, and what was noted of an earlier try, must be in the store first.
    if (lane.marks.size) await Promise.all(lane.marks);
    takeAlong(lane, parcel, ticks.now());
    lane.crowded = false;
    if (ticks.now() - parcel.readAt > FRESH) await refresh(parcel);
    if (!leaveOut(lane, parcel)) return false;
    if (isUnasked(parcel.class) && !(await speakNow(lane, parcel))) return false;
    const [row] = parcel.rows;
    if (parcel.rows.length > 1 || row?.state !== 'sending') {
      const now = clock.now();
      await marks.before(
        parcel.rows.map(r => ({ seq: r.seq, state: 'sending', at: now, attempts: r.attempts + 1, providerId: parcel.key, error: null })),
      );
      for (const r of parcel.rows) Object.assign(r, { state: 'sending', attempts: r.attempts + 1 } satisfies Partial<OutboxRow>);
    }
    parcel.tried = true;
    return true;
  };

  /** Leaves out what was withdrawn while it waited here. */
  const refresh = async (parcel: Parcel): Promise<void> => {
    const stored = await Promise.all(parcel.rows.map(r => outbox.get(r.seq)));
    parcel.rows = parcel.rows.filter((r, i) => {
      const goes = stored[i]?.state === 'pending' || stored[i]?.state === 'sending';
      if (!goes) held.delete(r.seq);
      return goes;
    });
    parcel.readAt = ticks.now();
  };

  /** Leaves out what has expired or is too late to be tried again. False: nothing is left. */
  const leaveOut = (lane: Lane, parcel: Parcel): boolean => {
    const now = clock.now();
    if (!parcel.rows.some(r => outOfTime(r, parcel.tried, now))) return parcel.rows.length > 0;
    const outcomes = parcel.rows.flatMap((r): Mark[] => {
      const state = outOfTime(r, parcel.tried, now);
      if (!state) return [];
      stats[state]++;
      return [{ seq: r.seq, state, at: now, error: state === 'unknown' ? '停机时正在发送' : (r.error ?? (parcel.why || null)) }];
    });
    const gone = new Set(outcomes.map(o => o.seq));
    parcel.rows = parcel.rows.filter(r => !gone.has(r.seq));
    settle(lane, outcomes);
    for (const { seq, state, error } of outcomes)
      if (state === 'failed' || state === 'unknown') trouble(state, [seq], error ?? '一小时内没有发出');
    return parcel.rows.length > 0;
  };

  /** Within quiet hours and budget? Else it is put off, or has expired by then. @throws StoreFault */
  const speakNow = async (lane: Lane, parcel: Parcel): Promise<boolean> => {
    const now = clock.now();
    const { place } = parcel.rows[0]!;
    const limited = Number.isFinite(budget.perDay[place]);
    const sentToday = limited ? await outbox.unaskedSince(lane.to, at(dayAt(now), '00:00')) : 0;
    const allowed = unaskedAt(now, place, sentToday, i => deps.speakAt(i), budget);
    if (allowed.at <= now) return true;
    settle(
      lane,
      parcel.rows.map((r): Mark => {
        const late = r.expires !== null && r.expires <= allowed.at;
        stats[late ? 'expired' : 'postponed']++;
        return late
          ? { seq: r.seq, state: 'expired', at: now, error: `${allowed.why}，那时已过期` }
          : { seq: r.seq, state: 'pending', at: now, notBefore: allowed.at, error: allowed.why };
      }),
    );
    return false;
  };

  const hand = async (lane: Lane, parcel: Parcel, platform: Platform): Promise<void> => {
    const { rows, key } = parcel;
    const head = rows[0]!;
    const joined = rows.length === 1 ? head.card : joinCards(rows.map(r => r.card));
    const { card, flaw } =
      deps.render && joined.chart && !joined.picture ? await drawn(joined, deps.render, head.seq) : { card: joined, flaw: null };
    const mention = card.mention?.length ? await mentionsOf(card.mention, head) : NOBODY;
    const replyTo = rows.every(r => r.replyTo === head.replyTo) ? head.replyTo : null;
    let call: Promise<Sent> | undefined;
    const sent = await deadlines.within<Sent>(
      () => (call = platform.send({ key, to: lane.to, card, text: plainText(card), replyTo, mention })),
      () => {
        if (platform.idempotent) return { result: 'later', after: 0, why: '平台没有回应' };
        void call?.then(answer => answeredLate(lane, rows, answer)).catch(() => undefined);
        return { result: 'unknown', why: '平台没有回应' };
      },
      err => {
        log.error({ err, row: head.seq }, 'a platform threw');
        return { result: 'unknown', why: '发送时出错，是否送达不明' };
      },
    );
    if (sent.result === 'sent') {
      stats.sent++;
      settle(lane, sentMarks(rows, sent.providerId, card, flaw, clock.now()));
    } else if (sent.result === 'later') tryLater(lane, parcel, sent);
    else giveUp(lane, parcel, sent.result === 'never' ? 'failed' : 'unknown', sent.why);
  };

  const tryLater = (lane: Lane, parcel: Parcel, { after, why }: Extract<Sent, { result: 'later' }>): void => {
    const now = clock.now();
    if (parcel.rows.every(r => isTooOld(r, now))) return giveUp(lane, parcel, 'failed', why);
    stats.retried++;
    const soon = ticks.now();
    parcel.tried = true;
    parcel.why = why;
    parcel.readyAt = soon + waitAfter(Math.max(1, parcel.rows[0]!.attempts), after, random);
    if (parcel.blocksUntil === 0) parcel.blocksUntil = soon + RETRY.blocks;
    for (const r of parcel.rows) Object.assign(r, { state: 'pending', error: why } satisfies Partial<OutboxRow>);
    put(lane, parcel);
    note(
      lane,
      parcel.rows.map(r => ({ seq: r.seq, state: 'pending', at: now, attempts: r.attempts, error: why })),
    );
  };
  const giveUp = (lane: Lane, parcel: Parcel, state: 'failed' | 'unknown', why: string): void => {
    const now = clock.now();
    const rows = seqsOf(parcel);
    stats[state] += rows.length;
    log.warn({ rows, state }, 'message not sent');
    settle(
      lane,
      rows.map(seq => ({ seq, state, at: now, error: why })),
    );
    trouble(state, rows, why);
  };
  /** The answer that came after its time settles what was unknown, unless somebody has settled it since. */
  const answeredLate = async (lane: Lane, rows: readonly OutboxRow[], answer: Sent): Promise<void> => {
    if (answer.result !== 'sent') return;
    const stored = await Promise.all(rows.map(r => outbox.get(r.seq)));
    const open = rows.filter((_, i) => stored[i]?.state === 'unknown');
    if (open.length) note(lane, sentMarks(open, answer.providerId, open[0]!.card, null, clock.now()));
  };

  const drawn = async (card: Card, render: (card: Card) => Promise<Card>, row: number): Promise<{ card: Card; flaw: string | null }> => {
    const failed = (err: unknown) => {
      log.error({ err, row }, 'a picture was not drawn');
      return { card: { ...card, lines: [...card.lines, '（图没有画成，请先看文字）'] }, flaw: '图没有画成' };
    };
    return deadlines.within(
      async () => ({ card: await render(card), flaw: null as string | null }),
      () => failed('no answer in time'),
      failed,
    );
  };
  const mentionsOf = (people: string[], { seq, to }: OutboxRow): Promise<Mention[]> => {
    const failed = (err: unknown) => {
      log.error({ err, row: seq }, 'nobody could be mentioned');
      return NOBODY;
    };
    return deadlines.within(
      () => deps.mentions(people, to),
      () => failed('no answer in time'),
      failed,
    );
  };

  // ── What comes in ───────────────────────────────────────────────────────────

  const admit = (row: OutboxRow): Lane | undefined => {
    if (held.has(row.seq) || leaving.has(row.seq)) return undefined;
    const id = laneId(row.to);
    let lane = lanes.get(id);
    if (!lane) {
      const platform = platformOf(row.to);
      lane = {
        id,
        to: row.to,
        platform,
        parcels: [],
        current: undefined,
        openAt: 0,
        closedWhy: '',
        wakeAt: 0,
        crowded: false,
        marks: new Set(),
      };
      lanes.set(id, lane);
    }
    held.add(row.seq);
    addRow(lane, { ...row }, ticks.now());
    return lane;
  };

  const readOnce = async (): Promise<void> => {
    // A row that is not due any more although nothing was done with it here was withdrawn.
    const untouched = new Map<number, number>();
    for (const lane of lanes.values())
      for (const { rows } of lane.parcels)
        for (const r of rows) if (r.state === 'pending' && !marks.waits(r.seq)) untouched.set(r.seq, r.attempts);
    const now = clock.now();
    let rows: OutboxRow[] = [];
    storedWhileReading = [];
    try {
      for (let limit = 2 * held.size + BATCH; ; limit *= 4) {
        rows = await outbox.due(now, limit);
        if (rows.length < limit) break;
      }
      if (stopped) return;
      const due = new Set(rows.map(r => r.seq));
      const withdrawn = (r: OutboxRow) => untouched.get(r.seq) === r.attempts && !due.has(r.seq);
      for (const lane of lanes.values()) {
        for (const parcel of lane.parcels) {
          for (const r of parcel.rows) if (withdrawn(r)) held.delete(r.seq);
          parcel.rows = parcel.rows.filter(r => !withdrawn(r));
          leaveOut(lane, parcel);
        }
        lane.parcels = lane.parcels.filter(p => p.rows.length > 0);
      }
      for (const row of rows) admit(row);
    } finally {
      const stored = storedWhileReading;
      storedWhileReading = undefined;
      for (const seq of stored) leaving.delete(seq);
    }
    for (const lane of lanes.values()) advance(lane);
  };
  let reading: Promise<void> | undefined;
  let nextReading: Promise<void> | undefined;
  /** A read that begins after the call; calls share one. */
  const read = (): Promise<void> => {
    if (!reading) {
      working++;
      reading = readOnce().finally(() => {
        reading = undefined;
        done();
      });
      return reading;
    }
    nextReading ??= reading
      .catch(() => undefined)
      .then(() => {
        nextReading = undefined;
        return read();
      });
    return nextReading;
  };
  const look = (after: number) => {
    gathering ??= ticks.after(after, () => {
      gathering = undefined;
      if (stopped) return;
      read().catch((err: unknown) => {
        storeTrouble(err, [], 'the outbox could not be read, will be tried again');
        if (!stopped) look(STORE_AGAIN);
      });
    });
  };

  // ── What waits ──────────────────────────────────────────────────────────────

  /** Tells the admin, once, what has waited for long. */
  const watch = () => {
    if (stopped) return;
    watching ??= ticks.after(WATCH, () => {
      watching = undefined;
      const now = ticks.now();
      const slow = [...lanes.values()]
        .flatMap(l => l.parcels.map(parcel => ({ lane: l, parcel })))
        .filter(({ parcel }) => !parcel.told && now - parcel.since >= SLOW);
      const byWhy = new Map<string, number[]>();
      for (const { lane, parcel } of slow) {
        parcel.told = true;
        const { why } = explain(lane, parcel, now);
        byWhy.set(why, [...(byWhy.get(why) ?? []), ...seqsOf(parcel)]);
      }
      for (const [why, rows] of byWhy) trouble('slow', rows, why);
      if (held.size) watch();
    });
  };
  const explain = (lane: Lane, parcel: Parcel, now: number): { why: string; until: number | null } => {
    if (parcel === lane.current) return { why: '正在发送', until: null };
    if (!lane.platform) return { why: `平台没有接入：${lane.to.platform}`, until: null };
    if (parcel.readyAt > now) return { why: parcel.why, until: parcel.readyAt };
    if (lane.openAt > now) return { why: lane.closedWhy, until: lane.openAt };
    const gate = gates.get(`${lane.to.platform}\n${lane.to.app}`);
    if (gate?.line.has(lane) && gate.openAt > now) return { why: '平台限速', until: gate.openAt };
    return { why: '前面还有一条', until: null };
  };

  return {
    kick(posts = []) {
      if (stopped) return;
      if (!posts.length) return look(GATHER);
      const now = clock.now();
      const touched = new Set<Lane>();
      for (const row of posts) {
        const lane = row.state === 'sending' || (row.state === 'pending' && (row.notBefore ?? 0) <= now) ? admit(row) : undefined;
        if (lane) touched.add(lane);
      }
      for (const lane of touched) advance(lane);
    },
    async drain() {
      gathering?.();
      gathering = undefined;
      for (let before = -1; before !== started && !stopped; ) {
        await idle();
        before = started;
        await read();
        await idle();
      }
    },
    async stop() {
      stopped = true;
      for (const off of [alarm?.off, gathering, watching]) off?.();
      let off: (() => void) | undefined;
      const enough = new Promise<void>(resolve => {
        off = ticks.after(STOPS_WITHIN, resolve);
      });
      await Promise.race([enough, idle().then(() => marks.flush())]);
      off?.();
    },
    waiting() {
      const now = ticks.now();
      return [...lanes.values()].flatMap(lane =>
        [...(lane.current ? [lane.current] : []), ...lane.parcels].flatMap(parcel => {
          const { why, until } = explain(lane, parcel, now);
          return parcel.rows.map(r => ({
            seq: r.seq,
            to: r.to,
            class: r.class,
            why,
            until: until === null ? null : clock.now() + Math.round(until - now),
          }));
        }),
      );
    },
    stats: () => ({ ...stats }),
  };
};

const seqsOf = (parcel: Parcel): number[] => parcel.rows.map(r => r.seq);

/** How a row has ended without being sent. One that was under way in a stop, with a platform's key that holds an hour, may have arrived. */
const outOfTime = (row: OutboxRow, tried: boolean, now: Instant): 'expired' | 'failed' | 'unknown' | undefined => {
  if (row.expires !== null && row.expires <= now) return 'expired';
  if (tried && isTooOld(row, now)) return row.error === null ? 'unknown' : 'failed';
  return undefined;
};

/** The first row keeps the card as it was sent; all share the platform's id. */
const sentMarks = (rows: readonly OutboxRow[], providerId: string, card: Card, flaw: string | null, now: Instant): Mark[] =>
  rows.map((r, i) => ({
    seq: r.seq,
    state: 'sent',
    at: now,
    providerId,
    ...(flaw === null ? {} : { error: flaw }),
    ...(i === 0 && card !== r.card ? { card } : {}),
  }));
