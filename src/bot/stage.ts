/** The sandbox as its page and its HTTP API see it: a messenger of its own, with accounts, groups and a clock that can be moved. */
import type { Button, FileRef, Form, Table, Tone } from '../core/card.ts';
import type { Chart } from '../core/chart.ts';
import type { Instant } from '../core/day.ts';

export interface Place {
  kind: 'group' | 'direct';
  id: string;
  name: string;
}

/** A message as the HTTP API shows it; README documents it as a contract. */
export interface Message {
  /** Decimal; only grows. */
  id: string;
  /** ISO 8601, +08:00. */
  at: string;
  conversation: Place;
  /** `bot`, or the id of the person who said it. */
  from: string;
  /** Id of the message it answers. */
  replyTo?: string;
  /** Outcome code such as `check-in.done`; `said` for what people say. */
  code: string;
  card: {
    title: string;
    tone: Tone;
    lines: string[];
    fields?: { label: string; value: string }[];
    table?: Table;
    chart?: Chart;
    picture?: FileRef;
    buttons?: Button[];
    form?: Form;
    file?: FileRef;
    mention?: string[];
  };
  /** What a messenger without cards would get. */
  text: string;
}

export interface StageAccount {
  id: string;
  name: string;
}
export interface StageGroup {
  id: string;
  name: string;
  members: string[];
}

/** What somebody does: exactly one content. */
export interface Said {
  /** A group's id, `direct`, or the id of the speaker's own direct chat. */
  conversation: string;
  speaker: string;
  /** Given again, nothing happens twice. */
  eventId?: string;
  content:
    | { kind: 'text'; text: string }
    | { kind: 'button'; message: string; index: number }
    | { kind: 'form'; message: string; values: Record<string, string> }
    | { kind: 'location'; lat: number; lng: number; name: string }
    | { kind: 'file'; name: string; bytes: Uint8Array /** What was written beside it. */; text?: string };
}

export interface Problem {
  problem: { status: 400 | 403 | 404; code: string; message: string; path: string };
}

export interface ResetOptions {
  /** Absent: the one that a new sandbox begins with. */
  programme?: string;
  /** The one that is being played. */
  again?: true;
  at?: Instant;
  /** Accounts only: nobody bound, no roster, no groups. */
  empty?: boolean;
}

export type StageEvent =
  | { kind: 'message'; message: Message }
  | { kind: 'group'; group: StageGroup }
  | { kind: 'clock'; now: Instant }
  | { kind: 'reset' };

/** Something to try first in a demo: who does it, where, and what. */
export interface Try {
  account: string;
  name: string;
  place: string;
  /** Name of the group; null in direct chat. */
  group: string | null;
  does: string;
}

/** One of the sandbox's people, with the roles the bot knows. */
export interface StagePerson extends StageAccount {
  bound: boolean;
  roles: { role: string; org: string }[];
}

export interface StageState {
  now: Instant;
  programme: string | null;
  groups: { id: string; name: string; orgs: string[]; members: string[] }[];
  people: StagePerson[];
  next: { at: Instant; what: string }[];
  /** The first admin's one-time code, while an empty installation has no admin. */
  claimCode: string | null;
}

export interface Sandbox {
  /** Invented data is loaded, and says so. */
  readonly demo: boolean;
  /** The clock may be moved and the demo reset; false beside a real platform. */
  readonly rehearsable: boolean;
  now(): Instant;
  state(): Promise<StageState>;
  account(id: string): StageAccount | undefined;
  group(id: string): StageGroup | undefined;
  /** Things to try first; none where nobody is bound. */
  tries(): readonly Try[];
  /** What an account sees: its direct chat with the bot, then its groups. */
  placesOf(account: string): Place[];
  /** In order of id; of all conversations when none is named. Undefined when there is no such conversation. */
  messages(where?: { after?: string; conversation?: string }): Message[] | undefined;
  message(id: string): Message | undefined;
  lastMessage(conversation: string): Message | undefined;
  /** Id of the last message of all, `0` when there is none. */
  last(): string;
  /** A file that somebody sent or got here. */
  file(id: string): Promise<{ name: string; bytes: Uint8Array } | undefined>;
  say(said: Said): Promise<{ duplicate: boolean; messages: Message[] } | Problem>;
  addGroup(group: { name: string; members: string[] }): Promise<{ group: StageGroup; messages: Message[] } | Problem>;
  moveTo(to: Instant): Promise<{ now: Instant; messages: Message[] } | Problem>;
  reset(options: ResetOptions): Promise<{ now: Instant } | Problem>;
  subscribe(listener: (event: StageEvent) => void): () => void;
}
