/** Takes what is due out of the outbox and sees to it that each row comes to an end that is recorded, or waits for a stated reason. */
import type { OutboxRow, Platform } from '../bot/ports.ts';
import type { Class, ConversationKey } from '../core/card.ts';
import type { Instant } from '../core/day.ts';
import { createClosing } from './closing.ts';
import { createDelivery, type DeliveryDeps, type Stats } from './delivery.ts';
import { createHands } from './hands.ts';
import { addRow, type Lane, laneId, type Parcel, seqsOf } from './lane.ts';
import { createLimiter, type Limits } from './limits.ts';
import { createTraffic } from './traffic.ts';

export type { Stats, Trouble } from './delivery.ts';

export interface RelayDeps extends DeliveryDeps {
  platforms: ReadonlyMap<string, Platform>;
  limits?: Limits;
  /** Rates of changing messages that were sent; each message is a destination. */
  changes?: Limits;
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
  /** Shows what was sent under these topics as done, where the platform can. What cannot be shown so is no loss: a late click is told so. */
  close(topics: readonly string[]): void;
  /** Resolves when all that is due now was handed over or waits for a stated reason, and outcomes are stored. @throws when the outbox cannot be read */
  drain(): Promise<void>;
  /** Finishes what is under way and leaves the rest in the outbox. */
  stop(): Promise<void>;
  waiting(): Waiting[];
  stats(): Readonly<Stats>;
}

/** All in milliseconds of ticks. */
const STOPS_WITHIN = 4_000;
const READ_AGAIN = 5_000;
/** What several jobs say at one moment is to be joined. */
const GATHER = 500;
/** What has waited so long is told to the admin; looked for so often. */
const SLOW = 120_000;
const WATCH = 30_000;
const BATCH = 500;

export const createRelay = (deps: RelayDeps): Relay => {
  const { outbox, platforms, clock, ticks, log } = deps;
  const lanes = new Map<string, Lane>();
  let started = 0;
  let stopped = false;
  let gathering: (() => void) | undefined;
  let watching: (() => void) | undefined;

  // ── What is under way ───────────────────────────────────────────────────────

  let working = 0;
  let idlers: (() => void)[] = [];
  const done = () => {
    if (--working > 0) return;
    const all = idlers;
    idlers = [];
    for (const resolve of all) resolve();
  };
  const idle = (): Promise<void> => (working === 0 ? Promise.resolve() : new Promise(resolve => idlers.push(resolve)));

  const storeTrouble = (err: unknown, rows: readonly number[], what: string) => {
    log.error({ err, rows }, what);
    deps.onTrouble?.({ kind: 'store', rows, why: '数据库暂时不可用' });
  };
  const tidy = (lane: Lane) => {
    if (lane.parcels.length || lane.current || lane.marks.size || !lanes.delete(lane.id)) return;
    outbox.release(lane.to).catch((err: unknown) => log.warn({ err }, 'a conversation was not let go of, and will be free after its time'));
  };
  const hands = createHands({
    outbox,
    ticks,
    trouble: (err, rows) => storeTrouble(err, rows, 'outcomes of messages were not stored, will be tried again'),
  });
  const delivery = createDelivery({
    ...deps,
    hands,
    storing(lane, work) {
      working++;
      lane.marks.add(work);
      void work.then(() => {
        lane.marks.delete(work);
        tidy(lane);
        done();
      });
    },
  });
  const limiter = createLimiter(deps.limits ?? {});
  const traffic = createTraffic({
    ticks,
    limiter,
    empty: tidy,
    start(lane, parcel) {
      lane.parcels.splice(lane.parcels.indexOf(parcel), 1);
      lane.current = parcel;
      working++;
      started++;
      void delivery.carry(lane, parcel, lane.platform!).then(given => {
        if (!given) limiter.giveBack(lane.to);
        lane.current = undefined;
        advance(lane);
        done();
      });
    },
  });
  /** Whatever still waits after it is watched over. */
  const advance = (lane: Lane) => {
    traffic.advance(lane);
    if (lane.parcels.length) watch();
  };

  // ── What comes in ───────────────────────────────────────────────────────────

  const platformOf = (to: ConversationKey): Platform | undefined => {
    const platform = platforms.get(to.platform);
    return platform?.app === to.app ? platform : undefined;
  };
  const laneOf = (to: ConversationKey): Lane => {
    const id = laneId(to);
    let lane = lanes.get(id);
    if (!lane) {
      lane = {
        id,
        to,
        platform: platformOf(to),
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
    return lane;
  };
  const admit = (row: OutboxRow): Lane | undefined => {
    if (hands.has(row.seq)) return undefined;
    const lane = laneOf(row.to);
    hands.take(row.seq);
    // Of what was tried, the store keeps as its time since when it may have arrived: a restart does not begin anew.
    const given = row.state === 'pending' && row.attempts > 0 && row.notBefore ? row.notBefore : undefined;
    addRow(lane, { ...row }, ticks.now(), given === undefined ? undefined : ticks.now() - Math.max(0, clock.now() - given));
    return lane;
  };

  const due = async (now: Instant): Promise<OutboxRow[]> => {
    const all: OutboxRow[] = [];
    for (;;) {
      const rows = await outbox.due(now, BATCH, all.at(-1)?.seq);
      all.push(...rows);
      if (rows.length < BATCH) return all;
      // Thousands may fall due at one moment: others are heard meanwhile.
      await new Promise(setImmediate);
    }
  };
  const readOnce = async (): Promise<void> => {
    // A row that is not due any more although nothing was done with it here was withdrawn.
    const untouched = new Map<number, number>();
    for (const lane of lanes.values())
      for (const { rows } of lane.parcels)
        for (const r of rows) if (r.state === 'pending' && !hands.waits(r.seq)) untouched.set(r.seq, r.attempts);
    await hands.during(
      () => due(clock.now()),
      rows => {
        if (stopped) return;
        const still = new Set(rows.map(r => r.seq));
        const stays = (r: OutboxRow) => untouched.get(r.seq) !== r.attempts || still.has(r.seq) || (hands.drop(r.seq), false);
        for (const lane of lanes.values())
          lane.parcels = lane.parcels.filter(parcel => {
            parcel.rows = parcel.rows.filter(stays);
            return delivery.leaveOut(lane, parcel);
          });
        for (const row of rows) admit(row);
      },
    );
    for (const lane of lanes.values()) advance(lane);
  };
  let reading: Promise<void> | undefined;
  let nextReading: Promise<void> | undefined;
  /** A read that begins after the call; calls share one. */
  const read = (): Promise<void> => {
    if (reading) {
      nextReading ??= reading
        .catch(() => undefined)
        .then(() => {
          nextReading = undefined;
          return read();
        });
      return nextReading;
    }
    working++;
    reading = readOnce().finally(() => {
      reading = undefined;
      done();
    });
    return reading;
  };
  const look = (after: number) => {
    gathering ??= ticks.after(after, () => {
      gathering = undefined;
      if (stopped) return;
      read().catch((err: unknown) => {
        storeTrouble(err, [], 'the outbox could not be read, will be tried again');
        if (!stopped) look(READ_AGAIN);
      });
    });
  };

  // ── What waits ──────────────────────────────────────────────────────────────

  const watch = () => {
    if (stopped) return;
    watching ??= ticks.after(WATCH, () => {
      watching = undefined;
      const now = ticks.now();
      const slow = new Map<string, number[]>();
      for (const [lane, parcel] of allWaiting()) {
        if (parcel.told || parcel === lane.current || now - parcel.since < SLOW) continue;
        parcel.told = true;
        const { why } = traffic.explain(lane, parcel);
        slow.set(why, [...(slow.get(why) ?? []), ...seqsOf(parcel)]);
      }
      for (const [why, rows] of slow) deps.onTrouble?.({ kind: 'slow', rows, why });
      if (hands.size) watch();
    });
  };
  const allWaiting = (): [Lane, Parcel][] =>
    [...lanes.values()].flatMap(lane => [...(lane.current ? [lane.current] : []), ...lane.parcels].map((p): [Lane, Parcel] => [lane, p]));

  const closing = createClosing({
    outbox,
    clock,
    ticks,
    log,
    platformOf,
    limits: deps.changes ?? {},
    random: deps.random ?? Math.random,
  });

  return {
    kick(posts = []) {
      if (stopped) return;
      if (!posts.length) return look(GATHER);
      const now = clock.now();
      const touched = new Set<Lane>();
      for (const row of posts) {
        const goes = row.state === 'sending' || (row.state === 'pending' && (row.notBefore ?? 0) <= now);
        const lane = goes ? admit(row) : undefined;
        if (lane) touched.add(lane);
      }
      for (const lane of touched) advance(lane);
    },
    close(topics) {
      if ([...platforms.values()].some(p => p.update)) closing.close(topics);
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
      traffic.stop();
      closing.stop();
      gathering?.();
      watching?.();
      let off: (() => void) | undefined;
      const enough = new Promise<void>(resolve => {
        off = ticks.after(STOPS_WITHIN, resolve);
      });
      await Promise.race([enough, idle().then(() => hands.flush())]);
      off?.();
    },
    waiting: () =>
      allWaiting().flatMap(([lane, parcel]) => {
        const { why, until } = traffic.explain(lane, parcel);
        const civil = until === null ? null : clock.now() + Math.round(until - ticks.now());
        return parcel.rows.map(r => ({ seq: r.seq, to: r.to, class: r.class, why, until: civil }));
      }),
    stats: () => ({ ...delivery.stats }),
  };
};
