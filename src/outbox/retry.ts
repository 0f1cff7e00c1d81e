/** When a message that did not go is tried again, and when no more. */
import type { OutboxRow } from '../bot/ports.ts';
import type { Instant } from '../core/day.ts';

/** All in milliseconds. */
export const RETRY = { first: 2_000, longest: 60_000, blocks: 120_000, replyLives: 3_600_000 } as const;

/** Milliseconds to wait after so many attempts (1 or more): doubled each time, spread by half, never less than the platform asks. */
export const waitAfter = (attempts: number, asked: number, random: () => number): number =>
  Math.max(asked, Math.min(RETRY.longest, RETRY.first * 2 ** Math.min(attempts - 1, 10)) * (1 + random() / 2));

/** A reply an hour late answers nothing; other messages are tried until they expire. */
export const isTooOld = (row: OutboxRow, now: Instant): boolean => row.class === 'reply' && now - row.createdAt >= RETRY.replyLives;
