/** One platform message from first to last: joined, weighed against the budget, announced, drawn, sent, its outcome noted. */
import type { Clock, Mark, OutboxRow, OutboxStore, Platform, Sent, Ticks } from '../bot/ports.ts';
import { type Card, type ConversationKey, plainText } from '../core/card.ts';
import { addDays, at, dayAt, type Instant } from '../core/day.ts';
import { BUDGET, type Budget, peopleUnderWay, weighed } from './budget.ts';
import { createDeadlines } from './deadlines.ts';
import { fewAtOnce } from './few-at-once.ts';
import type { Hands } from './hands.ts';
import { joinCards } from './join.ts';
import { addRow, isUnasked, type Lane, type Parcel, put, seqsOf, takeAlong } from './lane.ts';
import type { DayCaps } from './limits.ts';
import { isTooOld, RETRY, waitAfter } from './retry.ts';

type Mention = { person: string; account: string | null; name: string };

export interface DeliveryDeps {
  outbox: OutboxStore;
  clock: Clock;
  ticks: Ticks;
  mentions(people: string[], to: ConversationKey): Promise<Mention[]>;
  /** First moment from an instant on at which something unasked may be said: quiet hours and rest days. */
  speakAt(at: Instant): Instant;
  /** Puts the picture of a chart in before sending. */
  render?(card: Card): Promise<Card>;
  budget?: Budget;
  caps?: DayCaps;
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

/** Platform messages sent, and tries put off; rows of the other ends. */
export interface Stats {
  sent: number;
  retried: number;
  failed: number;
  unknown: number;
  expired: number;
  postponed: number;
}

export interface Delivery {
  /** True: given to the platform. Never rejects: whatever happens has an outcome. */
  carry(lane: Lane, parcel: Parcel, platform: Platform): Promise<boolean>;
  /** Ends rows that have expired or are too late to be tried again. False: nothing is left. */
  leaveOut(lane: Lane, parcel: Parcel): boolean;
  readonly stats: Stats;
}

/** Milliseconds of ticks: a platform's and a lookup's time to answer, and what a picture or a paper may take behind others. All of them fit into the time that a conversation is kept for this instance. */
const ANSWERS_WITHIN = 15_000;
const DRAWS_WITHIN = 30_000;
const STORE_AGAIN = 5_000;
/** Where another instance sends, this one asks again; and what waited here so long may have passed to another. */
const HELD_AGAIN = 1_000;
const KEPT = 10_000;
/** Messages that are prepared, with what is read for each, before others are heard. */
const AT_ONCE = 50;
/** What was read longer ago may have been withdrawn since. */
const FRESH = 100;
const NOBODY: Mention[] = [];
const STORE_WHY = '数据库暂时不可用';
const FORGOTTEN_WHY = '停机前可能已送达，平台已不认得它';

export const createDelivery = (
  deps: DeliveryDeps & {
    hands: Hands;
    /** Follows what is being stored, without keeping the next message waiting. */
    storing(lane: Lane, work: Promise<void>): void;
  },
): Delivery => {
  const { outbox, clock, ticks, log, hands } = deps;
  const budget = deps.budget ?? BUDGET;
  const random = () => (deps.random ? deps.random() : Math.random());
  const deadlines = createDeadlines(ticks, ANSWERS_WITHIN);
  const drawing = createDeadlines(ticks, DRAWS_WITHIN);
  const people = peopleUnderWay();
  const turn = fewAtOnce(AT_ONCE);
  const stats: Stats = { sent: 0, retried: 0, failed: 0, unknown: 0, expired: 0, postponed: 0 };
  const settle = (lane: Lane, outcomes: readonly Mark[]) => deps.storing(lane, hands.settle(outcomes));

  const carry = async (lane: Lane, parcel: Parcel, platform: Platform): Promise<boolean> => {
    let ready: boolean;
    try {
      const [row] = parcel.rows;
      // A reply on its way since its turn's commit needs nothing more.
      if (row?.state === 'sending' && row.class === 'reply' && !lane.crowded && ticks.now() - parcel.since < KEPT)
        ready = leaveOut(lane, parcel);
      else ready = await prepare(lane, parcel, platform);
    } catch (err) {
      ready = false;
      log.error({ err, rows: seqsOf(parcel) }, 'a message could not be prepared, will be tried again');
      deps.onTrouble?.({ kind: 'store', rows: seqsOf(parcel), why: STORE_WHY });
      lane.openAt = ticks.now() + STORE_AGAIN;
      lane.closedWhy = STORE_WHY;
      putBack(lane, parcel);
    }
    if (ready) await hand(lane, parcel, platform);
    const { reached = [] } = parcel;
    parcel.reached = undefined;
    void Promise.all(lane.marks).then(() => people.leave(reached));
    return ready;
  };

  const putBack = (lane: Lane, parcel: Parcel): void => {
    if (parcel.tried) put(lane, parcel);
    else for (const row of parcel.rows) addRow(lane, row, parcel.readAt);
  };

  /** Joins, weighs and announces. False: nothing is left to send now. @throws StoreFault */
  const prepare = async (lane: Lane, parcel: Parcel, platform: Platform): Promise<boolean> => {
    const wait = turn();
    if (wait) await wait;
    // What counts against the budget, and what was noted of an earlier try, must be in the store first.
    if (lane.marks.size) await Promise.all(lane.marks);
    takeAlong(lane, parcel, ticks.now());
    lane.crowded = false;
    if (ticks.now() - parcel.readAt > FRESH) await refresh(parcel);
    if (!leaveOut(lane, parcel)) return false;
    if (isForgotten(parcel, platform)) {
      giveUp(lane, parcel, 'unknown', parcel.why || FORGOTTEN_WHY);
      return false;
    }
    if (!(await withinDay(lane, parcel))) return false;
    if (isUnasked(parcel.class) && !(await speaksNow(lane, parcel))) return false;
    const { rows } = parcel;
    if (rows.length > 1 || rows[0]?.state !== 'sending' || ticks.now() - parcel.since >= KEPT) {
      const now = clock.now();
      // The key they share tells, after a crash, what went together: under that key it must not be anything else.
      const sending = rows.map(
        (r): Mark => ({
          seq: r.seq,
          state: 'sending',
          at: now,
          notBefore: perhapsAt(parcel) ?? now,
          attempts: r.attempts + 1,
          providerId: parcel.key,
          error: null,
        }),
      );
      const claimed = await hands.claim(lane.to, sending);
      if (claimed.held) {
        lane.openAt = ticks.now() + HELD_AGAIN;
        lane.closedWhy = '另一个实例正在往这里发';
        putBack(lane, parcel);
        return false;
      }
      parcel.rows = rows.filter(r => claimed.seqs.includes(r.seq) || (hands.drop(r.seq), false));
      if (!parcel.rows.length) return false;
      for (const r of parcel.rows) Object.assign(r, { state: 'sending', attempts: r.attempts + 1 } satisfies Partial<OutboxRow>);
    }
    return true;
  };

  /** Leaves out what was withdrawn while it waited here. */
  const refresh = async (parcel: Parcel): Promise<void> => {
    const stored = await Promise.all(parcel.rows.map(r => outbox.get(r.seq)));
    parcel.rows = parcel.rows.filter((r, i) => {
      const goes = stored[i]?.state === 'pending' || stored[i]?.state === 'sending';
      if (!goes) hands.drop(r.seq);
      return goes;
    });
    parcel.readAt = ticks.now();
  };

  const leaveOut = (lane: Lane, parcel: Parcel): boolean => {
    const now = clock.now();
    if (!parcel.rows.some(r => outOfTime(r, parcel.tried, now))) return parcel.rows.length > 0;
    const ends: Mark[] = [];
    parcel.rows = parcel.rows.filter(r => {
      const state = outOfTime(r, parcel.tried, now);
      if (state) ends.push({ seq: r.seq, state, at: now, error: state === 'unknown' ? '停机时正在发送，是否送达不明' : r.error });
      if (state) stats[state]++;
      return !state;
    });
    settle(lane, ends);
    for (const { seq, state, error } of ends)
      if (state === 'failed' || state === 'unknown') deps.onTrouble?.({ kind: state, rows: [seq], why: error ?? '' });
    return parcel.rows.length > 0;
  };

  /** Within quiet hours and budget? Else it is put off, or will have expired by then. @throws StoreFault */
  const speaksNow = async (lane: Lane, parcel: Parcel): Promise<boolean> => {
    const now = clock.now();
    const since = at(dayAt(now), '00:00');
    const { place } = parcel.rows[0]!;
    const called = Number.isFinite(budget.perDay.direct) ? await outbox.unaskedOfCalled(seqsOf(parcel), since) : new Map<string, number>();
    const sentToday = Number.isFinite(budget.perDay[place]) ? await outbox.unaskedSince(lane.to, since) : 0;
    const { allowed, reached } = weighed({ now, place, sentToday, called: people.with(called) }, i => deps.speakAt(i), budget);
    if (allowed.at <= now) {
      parcel.reached = reached;
      people.enter(reached);
      return true;
    }
    putOff(lane, parcel, allowed.at, allowed.why);
    return false;
  };

  /** Within what a group may get on one day? Else what is unasked waits for the morning, and the rest is not sent, with the reason. @throws StoreFault */
  const withinDay = async (lane: Lane, parcel: Parcel): Promise<boolean> => {
    const cap = deps.caps?.[lane.to.platform];
    if (!cap || parcel.rows[0]!.place === 'direct') return true;
    const now = clock.now();
    const today = dayAt(now);
    const since = at(today, '00:00');
    const over =
      (isUnasked(parcel.class) && (await outbox.unaskedSince(lane.to, since)) >= cap.unasked) ||
      (await outbox.sentSince(lane.to, since)) >= cap.all;
    if (!over) return true;
    // An answer tomorrow answers nothing.
    if (parcel.class === 'reply') giveUp(lane, parcel, 'failed', cap.says);
    else putOff(lane, parcel, at(addDays(today, 1), budget.morning), cap.says);
    return false;
  };
  const putOff = (lane: Lane, parcel: Parcel, until: Instant, why: string): void => {
    const now = clock.now();
    // By then the platform may have forgotten the key of what may have arrived.
    if (parcel.perhapsSince !== undefined) return giveUp(lane, parcel, 'unknown', why);
    const outcomes = parcel.rows.map((r): Mark => {
      const late = r.expires !== null && r.expires <= until;
      stats[late ? 'expired' : 'postponed']++;
      return late
        ? { seq: r.seq, state: 'expired', at: now, error: `${why}，那时已过期` }
        : { seq: r.seq, state: 'pending', at: now, notBefore: until, attempts: 0, error: why };
    });
    settle(lane, outcomes);
  };

  const hand = async (lane: Lane, parcel: Parcel, platform: Platform): Promise<void> => {
    const { rows, key } = parcel;
    const head = rows[0]!;
    const joined = callingOnly(rows.length === 1 ? head.card : joinCards(rows.map(r => r.card)), parcel.reached);
    const unmade = (joined.chart && !joined.picture && !platform.drawsCharts) || (joined.paper && !joined.file);
    const { card, flaw } = unmade ? await drawn(joined, head.seq) : { card: joined, flaw: null };
    const mention = card.mention?.length ? await mentioned(card.mention, head) : NOBODY;
    const replyTo = rows.every(r => r.replyTo === head.replyTo) ? head.replyTo : null;
    let call: Promise<Sent> | undefined;
    const sent = await deadlines.within<Sent>(
      () => {
        call = platform.send({ key, to: lane.to, card, text: plainText(card), replyTo, mention });
        return call;
      },
      () => {
        if (platform.idempotent) return { result: 'later', after: 0, why: '平台没有回应', perhaps: true };
        call
          ?.then(answer => answeredLate(lane, rows, answer))
          .catch((err: unknown) => log.error({ err, row: head.seq }, 'a late answer was not noted'));
        return { result: 'unknown', why: '平台没有回应，是否送达不明' };
      },
      err => {
        log.error({ err, row: head.seq }, 'a platform threw');
        return { result: 'unknown', why: '发送时出错，是否送达不明' };
      },
    );
    if (sent.result === 'sent') {
      stats.sent++;
      settle(lane, sentMarks(rows, sent.providerId, card, flaw, clock.now()));
    } else if (sent.result === 'later') tryLater(lane, parcel, sent, platform);
    else giveUp(lane, parcel, sent.result === 'never' ? 'failed' : 'unknown', sent.why);
  };

  /** When it was first given to the platform without an answer. */
  const perhapsAt = ({ perhapsSince }: Parcel): Instant | undefined =>
    perhapsSince === undefined ? undefined : clock.now() - Math.round(ticks.now() - perhapsSince);
  const isForgotten = ({ perhapsSince }: Parcel, { remembers = Number.POSITIVE_INFINITY }: Platform): boolean =>
    perhapsSince !== undefined && ticks.now() - perhapsSince >= remembers;
  const tryLater = (lane: Lane, parcel: Parcel, { after, why, perhaps }: Extract<Sent, { result: 'later' }>, platform: Platform): void => {
    const now = clock.now();
    if (parcel.rows.every(r => isTooOld(r, now))) return giveUp(lane, parcel, 'failed', why);
    // Once the platform has forgotten the key, what may have arrived would be said twice.
    if (perhaps) parcel.perhapsSince ??= ticks.now();
    if (isForgotten(parcel, platform)) return giveUp(lane, parcel, 'unknown', why);
    stats.retried++;
    const soon = ticks.now();
    parcel.tried = true;
    parcel.why = why;
    parcel.readyAt = soon + waitAfter(Math.max(1, parcel.rows[0]!.attempts), after, random);
    if (parcel.blocksUntil === 0) parcel.blocksUntil = soon + RETRY.blocks;
    for (const r of parcel.rows) Object.assign(r, { state: 'pending', error: why } satisfies Partial<OutboxRow>);
    put(lane, parcel);
    const marks = parcel.rows.map(
      (r): Mark => ({ seq: r.seq, state: 'pending', at: now, notBefore: perhapsAt(parcel) ?? 0, attempts: r.attempts, error: why }),
    );
    deps.storing(lane, hands.note(marks));
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
    deps.onTrouble?.({ kind: state, rows, why });
  };
  /** The answer that came after its time settles what was unknown, unless somebody has settled it since. */
  const answeredLate = async (lane: Lane, rows: readonly OutboxRow[], answer: Sent): Promise<void> => {
    if (answer.result !== 'sent') return;
    const stored = await Promise.all(rows.map(r => outbox.get(r.seq)));
    const open = rows.filter((_, i) => stored[i]?.state === 'unknown');
    if (open.length)
      deps.storing(
        lane,
        hands.note(open.map(r => ({ seq: r.seq, state: 'sent', at: clock.now(), providerId: answer.providerId, error: null }))),
      );
  };

  const drawn = async (card: Card, row: number): Promise<{ card: Card; flaw: string | null }> => {
    if (!deps.render) return { card, flaw: null };
    const failed = (err: unknown) => {
      log.error({ err, row }, 'a picture or a paper was not made');
      const flaw = card.paper ? '附件没有做成' : '图没有画成';
      return { card: { ...card, lines: [...card.lines, `（${flaw}，请先看文字）`] }, flaw };
    };
    return drawing.within(
      async () => ({ card: (await deps.render?.(card)) ?? card, flaw: null as string | null }),
      () => failed('no answer in time'),
      failed,
    );
  };
  const mentioned = (people: string[], { seq, to }: OutboxRow): Promise<Mention[]> => {
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

  return { carry, leaveOut, stats };
};

/** Nobody is called who has had the day's share. `reached` is absent where nothing is weighed: answers and news. */
const callingOnly = (card: Card, reached: readonly string[] | undefined): Card =>
  reached && card.mention?.some(p => !reached.includes(p)) ? { ...card, mention: card.mention.filter(p => reached.includes(p)) } : card;

/** How a row ends without being sent. One that was under way in a stop may have arrived, and a platform's key holds for an hour only. */
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
    ...keptOf(r, i === 0 ? card : r.card),
  }));

/** What is said once is not kept. */
const keptOf = (row: OutboxRow, sent: Card): { card?: Card } =>
  sent.once ? { card: { code: sent.code, title: sent.title, tone: sent.tone, lines: [] } } : sent === row.card ? {} : { card: sent };
