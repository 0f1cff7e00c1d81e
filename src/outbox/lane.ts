/** Order in one conversation: what goes next, what waits and until when. */
import type { OutboxRow, Platform } from '../bot/ports.ts';
import type { Card, Class, ConversationKey } from '../core/card.ts';
import { fits, isText } from './join.ts';

/** What goes as one platform message: one row, or several joined. */
export interface Parcel {
  rows: OutboxRow[];
  class: Class;
  /** Key of the platform message. */
  key: string;
  /** It was given to the platform before: what it holds and its key stay as they are. */
  tried: boolean;
  /** Ticks before which it is not tried again, and until which it holds up its class. */
  readyAt: number;
  blocksUntil: number;
  /** Ticks at which it was last read, and since which it is in memory. */
  readAt: number;
  since: number;
  why: string;
  /** Ticks at which it was first given to the platform without an answer: it may have arrived then. */
  perhapsSince?: number;
  /** Of an unasked one that may go: the people whom it reaches or calls by name. */
  reached?: readonly string[] | undefined;
  /** The admin knows that it waits. */
  told: boolean;
}

export interface Lane {
  id: string;
  to: ConversationKey;
  platform: Platform | undefined;
  /** Waiting ones, in order. */
  parcels: Parcel[];
  /** The one under way. */
  current: Parcel | undefined;
  /** Ticks before which nothing goes here, and why. */
  openAt: number;
  closedWhy: string;
  wakeAt: number;
  /** A limit bit: the next message takes along what it can. */
  crowded: boolean;
  /** Marks not yet stored. */
  marks: Set<Promise<unknown>>;
}

const RANK: Readonly<Record<Class, number>> = { reply: 0, news: 1, nudge: 2, announcement: 3 };
export const seqsOf = (parcel: Parcel): number[] => parcel.rows.map(r => r.seq);
export const isUnasked = (c: Class): boolean => c === 'nudge' || c === 'announcement';
export const laneId = (to: ConversationKey): string => `${to.platform}\n${to.app}\n${to.conversation}`;
/** Below 0: a goes first. */
export const inOrder = (a: Parcel, b: Parcel): number => RANK[a.class] - RANK[b.class] || a.rows[0]!.seq - b.rows[0]!.seq;

/** Puts a row in its place; one that was tried goes with those it was tried with. `perhapsSince`: ticks at which it may have arrived before a stop. */
export const addRow = (lane: Lane, row: OutboxRow, now: number, perhapsSince?: number): void => {
  const tried = row.state === 'pending' && row.attempts > 0;
  const key = tried ? (row.providerId ?? row.key) : row.key;
  const mates = tried ? lane.parcels.find(p => p.tried && p.key === key) : undefined;
  if (mates) {
    mates.rows.push(row);
    mates.rows.sort((a, b) => a.seq - b.seq);
    if (perhapsSince !== undefined) mates.perhapsSince = Math.min(perhapsSince, mates.perhapsSince ?? perhapsSince);
    return;
  }
  put(lane, {
    rows: [row],
    class: row.class,
    key,
    tried,
    readyAt: 0,
    blocksUntil: 0,
    readAt: now,
    since: now,
    why: '',
    told: false,
    ...(tried && perhapsSince !== undefined ? { perhapsSince } : {}),
  });
};

/** From the back: what comes is nearly always the last. */
export const put = (lane: Lane, parcel: Parcel): void => {
  let i = lane.parcels.length;
  while (i > 0 && inOrder(parcel, lane.parcels[i - 1]!) < 0) i--;
  lane.parcels.splice(i, 0, parcel);
};

/** The next to go, or the ticks at which to look again. */
export const nextOf = (lane: Lane, now: number): { parcel?: Parcel; wakeAt: number } => {
  const held = new Set<Class>();
  let wakeAt = Number.POSITIVE_INFINITY;
  for (const p of lane.parcels) {
    if (p.readyAt > now) {
      wakeAt = Math.min(wakeAt, p.readyAt);
      if (p.blocksUntil > now) {
        held.add(p.class);
        wakeAt = Math.min(wakeAt, p.blocksUntil);
      }
    } else if (!held.has(p.class)) return { parcel: p, wakeAt: now };
  }
  return { wakeAt };
};

/** Takes out of the lane what can go along with a parcel: all that is unasked, or texts of its class where a limit bites. */
export const takeAlong = (lane: Lane, parcel: Parcel, now: number): void => {
  if (parcel.tried) return;
  const unasked = isUnasked(parcel.class);
  if (!unasked && !(lane.crowded && parcel.rows.every(r => isText(r.card)))) return;
  const cards: Card[] = parcel.rows.map(r => r.card);
  // A retry of the class that may still hold it up keeps what comes after it in its place.
  const held = lane.parcels.filter(p => p.blocksUntil > now && p.readyAt > now);
  lane.parcels = lane.parcels.filter(p => {
    const [row] = p.rows;
    const goes =
      row !== undefined &&
      !p.tried &&
      (unasked ? isUnasked(p.class) : p.class === parcel.class && isText(row.card)) &&
      !held.some(h => h.class === p.class && inOrder(h, p) < 0) &&
      fits(cards, row.card);
    if (goes) {
      cards.push(row.card);
      parcel.rows.push(row);
      parcel.readAt = Math.min(parcel.readAt, p.readAt);
      parcel.since = Math.min(parcel.since, p.since);
    }
    return !goes;
  });
};
