/** The web page as its pages see it: a direct chat over the browser, entered by a one-time link. */
import type { FileRef } from '../core/card.ts';
import type { Day, Instant } from '../core/day.ts';
import type { Item } from './outbox-view.ts';
import type { Message, Problem } from './stage.ts';

export type Said =
  | { kind: 'text'; text: string }
  | { kind: 'button'; message: string; index: number }
  | { kind: 'form'; message: string; values: Record<string, string> }
  | { kind: 'file'; name: string; bytes: Uint8Array };

export interface Visitor {
  person: string;
  name: string;
  /** May see the outbox and how messengers are logged in, by the same table as `/发件箱`. */
  admin: boolean;
}

/** The outbox as an admin's page shows it: every row of the county, what does not work, what of a month is used. */
export interface Queue {
  items: Item[];
  troubles: string[];
  used: string[];
  today: Day;
}

/** How a messenger that is logged in by scanning stands. */
export interface LoginView {
  name: string;
  state: 'starting' | 'waiting' | 'scanned' | 'in' | 'out' | 'error';
  since: Instant;
  /** In people's words. */
  says: string;
  /** The code to scan, as a path of unit squares. */
  qr: { size: number; path: string } | null;
}

export interface Desk {
  /** Uses a link up. A session's secret, or why not. @throws StoreFault */
  enter(token: string): Promise<{ session: string; lasts: number } | { problem: 'used' | 'unknown' }>;
  /** Who a session belongs to; undefined when it is over, or the person has no account any more. */
  who(session: string): Promise<Visitor | undefined>;
  leave(session: string): Promise<void>;
  /** What was said here since the process began, oldest first; before it, what the bot said in the direct chat of the link. */
  messages(person: string): Message[];
  say(visitor: Visitor, said: Said): Promise<Problem | undefined>;
  /** Undefined: it is not this person's to see. */
  queue(visitor: Visitor): Promise<Queue | undefined>;
  /** A file that came or was sent in this person's chat. */
  file(person: string, id: string): Promise<{ file: FileRef; bytes: Uint8Array } | undefined>;
}

/** Platform of the pages; nothing unasked is ever sent there. */
export const WEB = 'web';
/** A link holds for five minutes, a session for a working day. */
export const LINK_LASTS = 5 * 60_000;
export const SESSION_LASTS = 8 * 3_600_000;
