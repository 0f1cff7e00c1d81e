/** What a command is: one declaration with its words, its permission row (in permissions.ts), its reads and its pure decision. */
import type { z } from 'zod';
import type { Calendar } from '../core/calendar.ts';
import type { Card, ConversationKey, Outgoing } from '../core/card.ts';
import type { Day, Instant } from '../core/day.ts';
import type { Change, Grant, Group, LeansOn, Org, Person, Role } from '../core/records.ts';
import type { Settings } from '../core/settings.ts';
import type { Steps } from '../core/steps.ts';
import type { Slot } from '../core/words/place.ts';
import type { Programme } from '../programmes/schema.ts';
import type { Held } from './outbox-view.ts';
import type { Content, Read, Reading } from './ports.ts';

/** Who speaks. `person` is null for an account that is not bound. */
export interface Actor {
  person: Person | null;
  /** Roles held today, deputies only within their dates. */
  grants: Grant[];
  account: { platform: string; app: string; id: string; name: string };
}

export interface Conversation extends ConversationKey {
  kind: 'group' | 'direct';
  name: string;
  /** The bound group, with its units; null in direct chats and unbound groups. */
  group: Group | null;
}

export interface Asked<A = unknown> {
  args: A;
  actor: Actor;
  /** The programme in force for the actor on the day concerned, pinned to its loaded text; null before its start, after its end, or where none is. */
  programme: Programme | null;
  /** Every programme that is loaded, in force or not. */
  programmes: readonly Programme[];
  /** Key of the programme's text (id@sha). */
  programmeKey: string | null;
  settings: Settings;
  calendar: Calendar;
  /** The act's time: when it was sent. */
  now: Instant;
  today: Day;
  /** Arrived long after it was sent (延迟送达). */
  delayed: boolean;
  turn: number;
  conversation: Conversation;
  content: Content;
  /** Sandbox or demo data: cards and files carry 演示数据. */
  demo: boolean;
  /** A secret nobody can guess, new for each turn; kept only as its digest. */
  secret: () => { token: string; digest: string };
  /** What runs beside the turn, as of now. */
  service: Service;
  /** A code that a person types, new each time; kept only as its digest. */
  newCode: () => { code: string; digest: string };
  /** The platform gives its accounts new ids at each login: who is bound there gets a code to bind again. */
  passing: (platform: string) => boolean;
  /** Where the pages are, without a slash at its end; null where there are none. */
  webUrl: string | null;
}

/** What is not stored and can therefore not be read: asked for among the facts. */
export interface Service {
  /** Messengers that do not work, in words. */
  troubles(): string[];
  /** Messages that wait in the relay's hands. */
  held(): readonly Held[];
}

/** A "no" is a value: why, by which clause, and what is possible instead. */
export interface Refusal {
  refused: true;
  card: Card;
  /** Said in direct chat even when asked in a group. */
  private?: boolean;
}

export interface Outcome {
  changes?: Change[];
  reply: Card;
  /** `direct`: the reply goes to the asker's direct chat and the group only hears that it did. */
  replyIn?: 'here' | 'direct';
  tell?: Outgoing[];
  /** Topics that are settled: what still waits under them is withdrawn. */
  settles?: string[];
  /** Sealed values that this answer, or its file, shows somebody: noted in the journal. */
  looked?: Reading[];
  /** Rows of the outbox that are settled by hand. */
  outbox?: { seq: number; to: 'again' | 'dropped' }[];
  /** Said at once where so much changes that it is done step by step; then `reply` follows when all of it is there. */
  meanwhile?: Card;
  /** What was made beside the turns (`long`) is a conflict when another turn has changed something of it by then. */
  leansOn?: LeansOn;
  /** What is missing was asked for: the answer of the same person here within ten minutes is put behind this command line. */
  waitFor?: string;
}
export type Decision = Outcome | Refusal;

export interface Command<A = never, F = unknown> {
  /** The Chinese word that is typed. */
  name: string;
  /** Other words for it: pinyin initials, English, synonyms. Written by hand; a test compares them with pinyin. */
  aliases: string[];
  /** What people say in a short line where they mean it; `behind` is what belongs behind it. Offered with a button, never done. */
  sayings?: RegExp | readonly RegExp[];
  /** What people say around the words of such a line: 给张三排5月8号. Without it the line is the command's own. */
  around?: RegExp;
  /** Whose everyday command it is: help begins with these. */
  daily?: readonly Role[];
  /** Its shortest line does something at once: offered only where it was meant. */
  atOnce?: boolean;
  /** Its shortest line only shows what there is. */
  shows?: boolean;
  /** Words of these kinds alone may mean it: 古竹, 上月. */
  bare?: readonly Slot['kind'][];
  /** One line for /帮助. */
  summary: string;
  usage: string;
  examples: string[];
  /** What of these three is other for somebody who may not do all of it. */
  saidTo?(actor: Actor): Partial<Pick<Command, 'summary' | 'usage' | 'examples'>> | undefined;
  /** Typed words by type; their order is free. */
  slots: Readonly<Record<string, Slot>>;
  args: z.ZodType<A>;
  /** Changes records of a programme, so that outside its dates it is refused. */
  needsProgramme?: boolean;
  /** Sections of a programme that it is for: under one that has none of them help leaves it out. */
  serves?: readonly (keyof Programme)[];
  /** Only shows what there is: where nothing is in force, of the programme that ended last. */
  looksBack?: boolean;
  /** Days that a line speaks of: what is past is weighed by the programme that was in force then, also when it is over. `now`: the programme in force, or the last. */
  concerns?(read: Read, args: A, now: { today: Day; programme: Programme | null }): Promise<readonly Day[]> | readonly Day[];
  /** What of its free text it has no use for: said like any word that found no place. */
  unread?(args: A, programme: Programme | null): string | undefined;
  /** Its free text is a remark that may as well be missing: a whole other command in it is a second thing. */
  remarks?: boolean;
  /** Other commands are named behind it: 帮助 签到. */
  namesCommands?: boolean;
  /** Its questions are answered in free words: a line that reads as another thing is offered as that, and not taken for the answer. */
  asksFreely?: boolean;
  /** What an alias says beside naming the command: 病假 is a reason as well. */
  aliasWords?: Readonly<Record<string, string>>;
  /** A file may answer what it has asked for. */
  takesFile?: boolean;
  /** A place answers what it has asked for. */
  takesPlace?: boolean;
  /** A table may be pasted behind it; behind others a text has its limit. */
  takesTable?: boolean;
  /** Too long for a turn: said at once, while facts and decision are made beside the turns. undefined: short enough. */
  long?(read: Read, asked: Asked<A>): Promise<Card | undefined>;
  facts(read: Read, asked: Asked<A>): Promise<F>;
  /** In steps where it may be long. */
  decide(asked: Asked<A> & { facts: F }): Decision | Steps<Decision>;
}

/** Ties the types of args, facts and decision together; does nothing at run time. */
export const defineCommand = <A, F>(command: Command<A, F>): Command<A, F> => command;
// biome-ignore lint: a list of commands of different arguments
export type AnyCommand = Command<any, any>;

/** A section that is there, and is no empty list. */
const has = (section: unknown): boolean => section !== undefined && !(Array.isArray(section) && section.length === 0);
/** Has the programme something that the command is for? Where none is in force nothing is left out. */
export const isServed = ({ serves }: Pick<AnyCommand, 'serves'>, programme: Programme | null): boolean =>
  !programme || !serves || serves.some(s => has(programme[s]));

export const isRefusal = (d: Decision): d is Refusal => 'refused' in d;

/** A card that says no. */
export const no = (code: string, title: string, ...lines: string[]): Card => ({ code, title, tone: 'no', lines });
/** A refusal in few words. */
export const refuse = (code: string, title: string, ...lines: string[]): Refusal => ({ refused: true, card: no(code, title, ...lines) });

export const holds = (actor: Actor, role: Role, org?: string): boolean =>
  actor.grants.some(g => g.role === role && (org === undefined || g.org === org));
/** Organisations where the actor holds one of the roles. */
export const orgsAs = (actor: Actor, ...roles: Role[]): string[] => [
  ...new Set(actor.grants.filter(g => roles.includes(g.role)).map(g => g.org)),
];
export type { Org };
