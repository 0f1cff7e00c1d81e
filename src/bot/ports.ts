/** What the bot needs of the world. `db`, `src/outbox`, `src/platforms`, `src/forms` and `src/web` implement or use these, and never each other. */
import type { Calendar } from '../core/calendar.ts';
import type { Card, Class, ConversationKey, FileRef } from '../core/card.ts';
import type { Day, Instant, Span } from '../core/day.ts';
import type { Change, LeansOn, Records, Table } from '../core/records.ts';
import type { Lexicon } from '../core/words/place.ts';

// ── What comes in ─────────────────────────────────────────────────────────────

export type Content =
  | { kind: 'text'; text: string /** The bot was mentioned. */; mentioned?: boolean }
  | { kind: 'button'; command: string /** Key of the message that carried it. */; message?: string }
  | { kind: 'form'; command: string; values: Record<string, string> }
  /** Rows were read from the file before the turn. `text`: what was written beside it. A file that is not kept has no id. */
  | ({ kind: 'file'; file: FileRef; text?: string; mentioned?: boolean } & Omit<RowsRead, 'file'>)
  | { kind: 'location'; lat: number; lng: number; name: string }
  /** Speech, a film and the like: that there was one, and what it was in words. It is no answer to anything. */
  | { kind: 'unread'; what: string }
  /** The bot was added to a group. */
  | { kind: 'joined' };

/** What a table file gave before the turn: its rows, or why there are none. */
export interface RowsRead {
  rows: string[][] | null;
  notices: string[];
  problem?: string;
  traits?: SheetTraits;
  /** The file itself, where it was kept. */
  file?: FileRef;
}
/** What a sheet is like beside its texts. */
export interface SheetTraits {
  /** Place of the sheet in its book. */
  sheet: number;
  /** Sheets that cannot be seen. */
  hidden: number;
  /** Row and column of cells with formulas. */
  formulas: [row: number, column: number][];
  /** Cells that go on over the rows below, with the last of them: their text stands in the first only. */
  down: [row: number, column: number, last: number][];
}

/** A message from any platform, after its `receive`. */
export interface Inbound {
  platform: string;
  app: string;
  eventId: string;
  conversation: { id: string; kind: 'group' | 'direct'; name: string };
  /** The speaker's id on the platform, and the name shown there. */
  account: string;
  accountName: string;
  sentAt: Instant;
  receivedAt: Instant;
  content: Content;
}

// ── What is stored ────────────────────────────────────────────────────────────

type Test<V> = V | readonly V[] | { from?: V; to?: V; not?: V };
/** Every field given must hold: a value equals it, a list contains it, a range includes its ends, `null` is null. */
export type Where<R> = { [K in keyof R]?: Test<R[K]> };
export interface Ordering<R> {
  by?: keyof R & string;
  descending?: boolean;
  limit?: number;
}

/** Doctor-days of a scope, summed from flags. */
export interface TallyQuery {
  programme: string;
  span: Span;
  /** Rows are summed by this. */
  by: 'all' | 'clinic' | 'county' | 'hospital' | 'person' | 'month' | 'person-clinic';
  scope: {
    county?: string;
    counties?: readonly string[];
    clinic?: string;
    clinics?: readonly string[];
    hospital?: string;
    hospitals?: readonly string[];
    person?: string;
  };
  /** The plan counts up to this day. */
  upTo: Day;
}
/** Sums of what was reported of days at a clinic where a visit was verified as made. */
export type FiguresQuery = Pick<TallyQuery, 'programme' | 'span' | 'scope'>;
export interface TallyRow {
  /** What it is summed by: an id, a month, `person clinic`, or '' for all. */
  key: string;
  /** Verified doctor-days; of these, half days alone. */
  verified: number;
  halfOnly: number;
  /** Doctor-days on or before `upTo` that wait for the clinic's word; of these, those with a check-in. */
  waiting: number;
  checkedIn: number;
  /** Planned doctor-days on or before `upTo`, and in the whole span: an afternoon elsewhere behind a planned morning adds none. */
  plannedSoFar: number;
  planned: number;
  /** Visits the clinic reported as not there. */
  notThere: number;
}

export interface JournalRow {
  seq: number;
  turn: number;
  at: Instant;
  /** When the message that caused it was sent. */
  sentAt: Instant;
  actor: string | null;
  command: string;
  table: string;
  row: string;
  /** Canonical JSON, secrets as keyed digests; null: there was no row. */
  before: string | null;
  after: string | null;
  source: string;
}

export interface JournalQuery {
  actor?: string;
  command?: string;
  turn?: number;
  from?: Instant;
  until?: Instant;
  below?: number;
  /** Of greater numbers, so that no more than a stretch of the journal is walked. */
  above?: number;
  table?: string;
  row?: string;
  /** A turn's number, which is that of the matter it began: all of the turn, and what was done to the matter and its parts later. */
  matter?: number;
}

/** Questions the bot may ask of what is stored. */
export interface Read {
  get<T extends Table>(table: T, id: string): Promise<Records[T] | undefined>;
  all<T extends Table>(table: T, where: Where<Records[T]>, ordering?: Ordering<Records[T]>): Promise<Records[T][]>;
  first<T extends Table>(table: T, where: Where<Records[T]>, ordering?: Ordering<Records[T]>): Promise<Records[T] | undefined>;
  count<T extends Table>(table: T, where: Where<Records[T]>): Promise<number>;
  /** These fields of the rows, each combination once, in no order. */
  distinct<T extends Table, F extends keyof Records[T] & string>(
    table: T,
    fields: readonly F[],
    where: Where<Records[T]>,
  ): Promise<Pick<Records[T], F>[]>;
  tally(query: TallyQuery): Promise<TallyRow[]>;
  /** By the figures' ids; a figure that nobody reported is absent. */
  figures(query: FiguresQuery): Promise<Record<string, number>>;
  /** Names of organisations and people as typed words may use them; turns share them until one changes. */
  lexicon(): Promise<Lexicon>;
  /** Newest first. `until`: before that moment. `below`: of smaller numbers, to go on from where a page ended. */
  journal(where: JournalQuery, limit: number): Promise<JournalRow[]>;
  /** Keyed digest of a phone, for equality. */
  phoneIndex(phone: string): string;
  /** The plain value of a sealed field; every call is journalled by its caller. */
  unseal<T extends Table>(table: T, id: string, field: keyof Records[T] & string): Promise<string | null>;
  /** Newest first. `to`: of so many of the newest those to one place, which costs little. */
  outbox(where: { states?: readonly OutboxState[]; to?: ConversationKey; limit: number }): Promise<OutboxRow[]>;
  /** What a turn of the last minutes told others beside its answer. */
  told(turn: number): Promise<OutboxRow[]>;
  /** What was sent to a place in a stretch of time, newest first, where choices are typed as numbers; with the account that a reply answers. */
  offered(to: ConversationKey, from: Instant, until: Instant): Promise<{ row: OutboxRow; account: string | null }[]>;
  jobRuns(limit: number): Promise<JobRun[]>;
  /** What messengers keep between starts, by key, of keys that begin so. */
  notes(prefix: string): Promise<Map<string, string>>;
}

export type OutboxState = 'pending' | 'sending' | 'sent' | 'failed' | 'unknown' | 'expired' | 'withdrawn';

/** A message for one place, its destination already chosen. */
export interface Post {
  key: string;
  topic: string | null;
  to: ConversationKey;
  /** What the place is: budgets and joining differ. */
  place: 'direct' | 'own-group' | 'shared-group';
  class: Class;
  card: Card;
  notBefore: Instant | null;
  expires: Instant | null;
  /** Event id of the message it answers. */
  replyTo: string | null;
  /** People whom it reaches directly or calls by name: it counts against their day. Written with the row, not read back with it. */
  calls?: readonly string[];
  /** `sending`: handed to the platform right after the commit, where resending with the same key is harmless. `unreachable`: nobody to send it to; kept as failed for the admin's list. */
  born: 'pending' | 'sending' | 'unreachable';
}

export interface OutboxRow extends Omit<Post, 'born'> {
  seq: number;
  turn: number;
  state: OutboxState;
  attempts: number;
  providerId: string | null;
  error: string | null;
  createdAt: Instant;
  settledAt: Instant | null;
}

export interface JobRun {
  job: string;
  slot: Instant;
  ranAt: Instant;
  result: string;
}

/** The journal's table of readings. */
export const READINGS = 'readings';
/** Sealed values that somebody is shown: of which rows, and where they go. */
export interface Reading {
  table: Table;
  ids: readonly string[];
  /** What for, in few words. */
  why: string;
}

/** One turn's hands: everything here is part of its commit. */
export interface Tx {
  /** Number of the turn; new records are numbered from it. */
  readonly turn: number;
  readonly read: Read;
  /** @throws Conflict when a `was` no longer holds. */
  apply(changes: readonly Change[], by: { actor: string | null; command: string; sentAt: Instant; now: Instant }): Promise<void>;
  /** Notes that this turn goes on as a large one, asked for in this place. False: another is under way. */
  begins(to: ConversationKey): Promise<boolean>;
  post(posts: readonly Post[], now: Instant): Promise<void>;
  /** Withdraws what is still waiting under these topics. */
  settle(topics: readonly string[], now: Instant): Promise<void>;
  /** Notes in the journal that somebody was shown sealed values of these rows. */
  looked(readings: readonly Reading[], by: { actor: string | null; command: string; sentAt: Instant; now: Instant }): Promise<void>;
  /** What was not sent, or may not have been, is sent again under its own key; or will not be sent any more. @throws Conflict when it is in another state by now */
  outbox(seq: number, to: 'again' | 'dropped', by: { actor: string | null; command: string; sentAt: Instant; now: Instant }): Promise<void>;
}

/** A turn that changes very much, done in steps; until `show` nobody sees anything of it. */
export interface Large {
  /** Writes what is new, step by step, others having their turns in between. */
  prepare(told: (done: number, all: number) => void): Promise<void>;
  /** The rest in one commit, with which all of it is there. @throws Conflict when something it leans on was changed meanwhile */
  show(work: (tx: Tx) => Promise<void>): Promise<OutboxRow[]>;
  /** Takes it all away again. */
  withdraw(): Promise<void>;
}

/** How the journal begins what it holds in place of a sealed value: a keyed digest, which nobody can read back. */
export const DIGEST = 'hmac:';
export const isDigest = (value: unknown): boolean => typeof value === 'string' && value.startsWith(DIGEST);

export class Conflict extends Error {
  readonly table: string;
  readonly id: string;
  constructor(table: string, id: string) {
    super(`row changed: ${table} ${id}`);
    this.table = table;
    this.id = id;
  }
}

/** The store cannot take anything now (disk full, I/O error, connection lost): nothing was written, nothing may be acknowledged. */
export class StoreFault extends Error {}

/** What a turn leaves in the inbox: ids, an outcome code and times, never texts. */
export interface Event {
  platform: string;
  app: string;
  eventId: string;
  conversation: string;
  account: string;
  sentAt: Instant;
  receivedAt: Instant;
}

export interface Store {
  readonly dialect: 'sqlite' | 'postgres';
  /** Reads outside a turn: committed rows only. */
  readonly read: Read;
  /**
   * One turn, one commit; resolves after it. Turns that arrive together share a commit.
   * `work` returns the outcome code. A work that throws is rolled back alone and the error is handed on; its neighbours are done again, so that a work may run twice and keeps nothing from the first time.
   * @throws StoreFault
   */
  turn(event: Event, work: (tx: Tx) => Promise<string>): Promise<{ duplicate: boolean; turn: number; code: string; posts: OutboxRow[] }>;
  /** A job's slot: as a turn, its duplicate check is the (job, slot) row. `work` returns the result that is noted. */
  jobTurn(run: { job: string; slot: Instant; now: Instant }, work: (tx: Tx) => Promise<string>): Promise<{ duplicate: boolean }>;
  /** Many reads of one moment: what is committed when it begins, and nothing later, however long the work takes. */
  snapshot<T>(work: (read: Read) => Promise<T>): Promise<T>;
  /** Goes on with a turn whose `begins` is committed; one at a time. `source` is where its journal says it came from; `leansOn`, what later turns may not have changed when it is shown. */
  large(
    turn: number,
    source: string,
    changes: readonly Change[],
    by: { actor: string | null; command: string; sentAt: Instant; now: Instant },
    leansOn?: LeansOn,
  ): Large;
  /** Takes away what a stop left of a large turn, before anybody is served; gives where it had been asked for. */
  interrupted(now: Instant): Promise<{ turn: number; to: ConversationKey } | undefined>;
  /** The last slot that ran of any job, to go on from after a stop. */
  lastSlot(): Promise<Instant | undefined>;
  readonly outbox: OutboxStore;
  /** Keeps a loaded programme text; returns its key (id@sha256 shortened). */
  keepProgramme(id: string, text: string, now: Instant): Promise<string>;
  verifyJournal(): Promise<{ rows: number; brokenAt: number | null }>;
  /** What a messenger keeps between starts: chats that are open to it, a quota's use; nothing people said. null forgets. Stored with the next commit, at most 50 ms later. @throws StoreFault */
  note(key: string, value: string | null): Promise<void>;
  /** Clears cards older than 90 days and inbox rows older than 30, and expired questions and links. */
  sweep(now: Instant): Promise<void>;
  /** Seals bytes at rest with the store's keys, bound to their name. @throws Error where they were sealed under another name or key */
  readonly vault: Vault;
  backup(file: string): Promise<void>;
  close(): Promise<void>;
}

/** The relay's side of the outbox. All of its writes pass through the turn queue. */
export interface OutboxStore {
  /** Rows that may be sent now, in order of seq behind `after`, at most `limit`. */
  due(now: Instant, limit: number, after?: number): Promise<OutboxRow[]>;
  /** Marks rows before or after a send. Marks of `sent` may ride on the next commit, at most 50 ms later. */
  mark(marks: readonly Mark[]): Promise<void>;
  /**
   * Announces what is about to be sent into a conversation, and keeps that for this instance. Gives the rows that may go: one that was settled meanwhile is none.
   * `held`: another instance is sending there. @throws StoreFault: then nothing may be sent
   */
  claim(to: ConversationKey, marks: readonly Mark[]): Promise<{ held: true } | { held: false; seqs: readonly number[] }>;
  /** Nothing more is being sent there by this instance. */
  release(to: ConversationKey): Promise<void>;
  /** Takes over what a crash left in `sending`: sent again where the platform still knows the key (milliseconds; 0: it knows none), else it is unknown. What another instance is sending is left to it. */
  recover(now: Instant, remembers: (platform: string) => number): Promise<void>;
  /** Moments at which something waiting becomes due or expires. */
  nextMoments(now: Instant, limit: number): Promise<{ at: Instant; what: string }[]>;
  /** Unasked platform messages sent to a place since an instant. */
  unaskedSince(to: ConversationKey, since: Instant): Promise<number>;
  /** Everybody whom these rows call, with the unasked platform messages that reached or called them anywhere since an instant. */
  unaskedOfCalled(seqs: readonly number[], since: Instant): Promise<Map<string, number>>;
  /** Platform messages of any kind that were sent to a place since an instant. */
  sentSince(to: ConversationKey, since: Instant): Promise<number>;
  /** Messages of their own that were sent under these topics since an instant. */
  arrived(topics: readonly string[], since: Instant): Promise<OutboxRow[]>;
  get(seq: number): Promise<OutboxRow | undefined>;
  byKey(key: string): Promise<OutboxRow | undefined>;
}
export interface Mark {
  seq: number;
  state: OutboxState;
  at: Instant;
  providerId?: string | null;
  error?: string | null;
  notBefore?: Instant | null;
  attempts?: number;
  /** Card as it was sent (joined, with its picture), where it differs. */
  card?: Card;
}

// ── What goes out ─────────────────────────────────────────────────────────────

export type Sent =
  | { result: 'sent'; providerId: string }
  /** `perhaps`: it may have arrived, so that it may be repeated only under its key. */
  | { result: 'later'; after: number; why: string; perhaps?: boolean }
  | { result: 'never'; why: string }
  | { result: 'unknown'; why: string };

export interface Platform {
  readonly id: string;
  readonly app: string;
  /** Resending with the same key is harmless: a reply may be born `sending`. */
  readonly idempotent: boolean;
  /** For so many milliseconds, where it forgets its keys. */
  readonly remembers?: number;
  /** Nothing unasked is sent there: somebody is reached elsewhere. */
  readonly answersOnly?: boolean;
  /** There are no buttons: a bare number chooses among what was offered. */
  readonly typesChoices?: boolean;
  /** Accounts and groups have new ids at each login, so that bindings are frozen and taken up again by a code. */
  readonly passing?: boolean;
  /** It draws a card's chart itself; elsewhere the relay makes a picture of it. */
  readonly drawsCharts?: boolean;
  /** One call. Never throws. */
  send(message: {
    key: string;
    to: ConversationKey;
    card: Card;
    text: string;
    replyTo: string | null;
    mention: { person: string; account: string | null; name: string }[];
  }): Promise<Sent>;
  /** Shows a message that was sent anew, once its matter is settled. One call. What cannot be shown so is no loss, for a late click is told so. Never throws. */
  update?(providerId: string, card: Card, direct: boolean): Promise<Sent>;
  /** The direct chat of an account. */
  direct(account: string): string;
  /** Can be written to there now, as far as is known; whoever cannot is better written to elsewhere. Without it everybody can. */
  reaches?(conversation: string): boolean;
}

// ── Clocks ────────────────────────────────────────────────────────────────────

/** Civil time: deadlines, questions, expiry. The rehearsal moves it. */
export interface Clock {
  now(): Instant;
}
/** Monotonic milliseconds: rates, time-outs, leases, retries. Virtual in benches. */
export interface Ticks {
  now(): number;
  /** Calls once after ms; returns how to call it off. */
  after(ms: number, call: () => void): () => void;
}

export interface CalendarSource {
  /** The calendar with the bureau's own days over it. */
  calendar(read: Read): Promise<Calendar>;
}

export interface Vault {
  seal(bytes: Uint8Array, name: string): Uint8Array;
  open(bytes: Uint8Array, name: string): Uint8Array;
}

/** Files by content address under the data folder, sealed at rest. */
export interface Files {
  /** `brief`: it carries people's names and numbers, so it is gone after some days. */
  keep(name: string, bytes: Uint8Array, brief?: 'brief'): Promise<FileRef>;
  open(id: string): Promise<Uint8Array | undefined>;
}
