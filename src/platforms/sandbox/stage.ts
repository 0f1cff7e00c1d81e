/** The sandbox messenger's own server: its accounts, groups and messages, kept in an append-only file of JSON lines. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Message, Place, StageAccount, StageEvent, StageGroup } from '../../bot/stage.ts';
import type { FileRef } from '../../core/card.ts';
import { masked } from './phones.ts';

/** Name of the bot's own account. */
export const BOT_NAME = '下基层助手';

/** What is known of a message besides what is shown. */
interface Origin {
  /** Key under which the bot sent it. */
  key?: string;
  /** Event under which a person said it. */
  event?: string;
}
type Line =
  | { kind: 'load'; accounts: StageAccount[]; groups: StageGroup[]; last: number }
  | { kind: 'group'; group: StageGroup }
  | { kind: 'message'; message: Message; origin: Origin };

const DIRECT = 'direct:';
export const directOf = (account: string): string => `${DIRECT}${account}`;

export interface Stage {
  /** No accounts yet: nothing was ever loaded. */
  readonly empty: boolean;
  accounts(): StageAccount[];
  groups(): StageGroup[];
  account(id: string): StageAccount | undefined;
  group(id: string): StageGroup | undefined;
  /** The conversation of this id: a group, or `direct:<account>`. */
  place(id: string): Place | undefined;
  /** The speaker's side of a conversation: undefined when he is not in it. */
  placeFor(conversation: string, speaker: string): Place | undefined;
  placesOf(account: string): Place[];
  messages(where?: { after?: number; conversation?: string }): Message[];
  message(id: string): Message | undefined;
  lastMessage(conversation: string): Message | undefined;
  last(): number;
  byKey(key: string): Message | undefined;
  byEvent(event: string): Message | undefined;
  fileName(id: string): string | undefined;
  /** Says a message. The same key or event again returns what was said before. */
  post(message: Omit<Message, 'id'>, origin: Origin): Message;
  addGroup(name: string, members: string[]): StageGroup;
  /** Begins anew with these people and groups; ids go on growing. */
  load(people: { accounts: readonly StageAccount[]; groups: readonly StageGroup[] }): void;
  announce(event: StageEvent): void;
  subscribe(listener: (event: StageEvent) => void): () => void;
}

/** Only what people typed is masked on disk; the bot's cards are masked by the bot. */
const forDisk = (message: Message): Message => {
  if (message.from === 'bot') return message;
  const { card } = message;
  return {
    ...message,
    text: masked(message.text),
    card: {
      ...card,
      title: masked(card.title),
      lines: card.lines.map(masked),
      ...(card.fields ? { fields: card.fields.map(f => ({ ...f, value: masked(f.value) })) } : {}),
      ...(card.file ? { file: { ...card.file, name: masked(card.file.name) } } : {}),
    },
  };
};

/** Complete lines only: a process that was killed while writing leaves half a line, which was never acknowledged. */
const readLines = (file: string): Line[] => {
  if (!existsSync(file)) return [];
  const bytes = readFileSync(file);
  const end = bytes.lastIndexOf(10) + 1;
  if (end < bytes.length) truncateSync(file, end);
  const lines = bytes.subarray(0, end).toString('utf8').split('\n').filter(Boolean);
  try {
    return lines.map(l => JSON.parse(l) as Line);
  } catch {
    throw new Error(`演练记录已损坏：${file}，请移走它再启动`);
  }
};

/** Opens the stage kept under a folder, which is made when missing. @throws Error when its file is damaged */
export const openStage = (folder: string): Stage => {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'stage.jsonl');

  let accounts = new Map<string, StageAccount>();
  let groups = new Map<string, StageGroup>();
  let said: Message[] = [];
  let byPlace = new Map<string, Message[]>();
  let byId = new Map<string, Message>();
  let byKey = new Map<string, Message>();
  let byEvent = new Map<string, Message>();
  let files = new Map<string, string>();
  let last = 0;
  const listeners = new Set<(event: StageEvent) => void>();

  const take = (message: Message, origin: Origin) => {
    last = Number(message.id);
    said.push(message);
    const there = byPlace.get(message.conversation.id);
    if (there) there.push(message);
    else byPlace.set(message.conversation.id, [message]);
    byId.set(message.id, message);
    if (origin.key !== undefined) byKey.set(origin.key, message);
    if (origin.event !== undefined) byEvent.set(origin.event, message);
    for (const f of [message.card.file, message.card.picture] as (FileRef | undefined)[]) if (f) files.set(f.id, f.name);
  };
  const begin = (line: Extract<Line, { kind: 'load' }>) => {
    accounts = new Map(line.accounts.map(a => [a.id, a]));
    groups = new Map(line.groups.map(g => [g.id, g]));
    [said, byPlace, byId, byKey, byEvent, files] = [[], new Map(), new Map(), new Map(), new Map(), new Map()];
    last = Math.max(last, line.last);
  };

  for (const line of readLines(file)) {
    if (line.kind === 'load') begin(line);
    else if (line.kind === 'group') groups.set(line.group.id, line.group);
    else take(line.message, line.origin);
  }

  const append = (line: Line) => appendFileSync(file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
  const announce = (event: StageEvent) => {
    for (const listener of [...listeners]) listener(event);
  };

  const place = (id: string): Place | undefined => {
    const group = groups.get(id);
    if (group) return { kind: 'group', id, name: group.name };
    const account = id.startsWith(DIRECT) ? accounts.get(id.slice(DIRECT.length)) : undefined;
    return account && { kind: 'direct', id, name: account.name };
  };

  return {
    get empty() {
      return accounts.size === 0;
    },
    accounts: () => [...accounts.values()],
    groups: () => [...groups.values()],
    account: id => accounts.get(id),
    group: id => groups.get(id),
    place,
    placeFor: (conversation, speaker) => {
      if (!accounts.has(speaker)) return undefined;
      if (conversation === 'direct' || conversation === directOf(speaker)) return place(directOf(speaker));
      return groups.get(conversation)?.members.includes(speaker) ? place(conversation) : undefined;
    },
    placesOf: account => {
      const direct = place(directOf(account));
      if (!direct) return [];
      const joined = [...groups.values()].filter(g => g.members.includes(account));
      return [direct, ...joined.map(g => ({ kind: 'group' as const, id: g.id, name: g.name }))];
    },
    messages: ({ after = 0, conversation } = {}) => {
      const all = conversation === undefined ? said : (byPlace.get(conversation) ?? []);
      // Ids grow, so what is new stands at the end.
      let from = all.length;
      while (from > 0 && Number(all[from - 1]!.id) > after) from--;
      return all.slice(from);
    },
    message: id => byId.get(id),
    lastMessage: conversation => byPlace.get(conversation)?.at(-1),
    last: () => last,
    byKey: key => byKey.get(key),
    byEvent: event => byEvent.get(event),
    fileName: id => files.get(id),
    post: (draft, origin) => {
      const before = (origin.key !== undefined && byKey.get(origin.key)) || (origin.event !== undefined && byEvent.get(origin.event));
      if (before) return before;
      const message: Message = { id: String(last + 1), ...draft };
      append({ kind: 'message', message: forDisk(message), origin });
      take(message, origin);
      announce({ kind: 'message', message });
      return message;
    },
    addGroup: (name, members) => {
      let n = groups.size + 1;
      while (groups.has(`group-${n}`)) n++;
      const group = { id: `group-${n}`, name, members };
      append({ kind: 'group', group });
      groups.set(group.id, group);
      announce({ kind: 'group', group });
      return group;
    },
    load: people => {
      const line: Line = { kind: 'load', accounts: [...people.accounts], groups: [...people.groups], last };
      writeFileSync(`${file}.new`, `${JSON.stringify(line)}\n`, { mode: 0o600 });
      renameSync(`${file}.new`, file);
      begin(line);
      announce({ kind: 'reset' });
    },
    announce,
    subscribe: listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};
