/** The bot as its platforms and pages see it. */
import type { Instant } from '../core/day.ts';
import type { Inbound, OutboxRow } from './ports.ts';

export interface Received {
  /** The event was taken before; nothing changed. */
  duplicate: boolean;
  /** Outcome code of the turn, `silent` when it was not addressed to the bot. */
  code: string;
  /** What the turn put into the outbox. */
  posts: OutboxRow[];
  /** Topics that it settled. */
  settled: readonly string[];
  /** Where it goes on after its commit: all that it says until its end. */
  later?: Promise<OutboxRow[]>;
}

export interface Bot {
  /** One message, one turn. Resolves after its commit, so that the platform may then acknowledge. @throws StoreFault */
  receive(inbound: Inbound): Promise<Received>;
  /** Has this account just checked somebody in, so that a picture it sends now is the paper of it and is to be kept? `beside`: or does it do so with these words? */
  awaitsPaper(who: { platform: string; app: string; account: string }, beside?: string): Promise<boolean>;
  /** Resolves when all that is due now has been handed to the platforms. */
  delivered(): Promise<void>;
  /** What the clock brings next, with the reason in words. */
  next(limit: number): Promise<{ at: Instant; what: string }[]>;
}

/** The sandbox's hold on civil time: it stands still until moved, and only moves forward. */
export interface Rehearsal {
  now(): Instant;
  /** Runs every job and delivers every message at its own moment on the way. @throws RangeError when `to` is in the past */
  moveTo(to: Instant): Promise<void>;
}
