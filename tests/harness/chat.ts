/** A rehearsal in a script: lines of people and of the clock in, the whole conversation out. Any message shows, so none goes unexpected. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Assembled } from '../../src/assemble.ts';
import type { Store } from '../../src/bot/ports.ts';
import type { Message, Problem, Said } from '../../src/bot/stage.ts';
import type { Button } from '../../src/core/card.ts';
import { at, day } from '../../src/core/day.ts';
import { type OpenSandbox, openSandbox } from '../../src/open-sandbox.ts';
import { render } from '../../src/platforms/feishu/render.ts';
import { type LoadedProgramme, loadProgrammes, readProgramme } from '../../src/programmes/load.ts';
import { packageRoot } from '../../src/root.ts';
import { cardFault } from '../fakes/feishu-card.ts';
import type { MessengerName } from './messengers.ts';
import { patient } from './ticks.ts';

export interface Chat {
  open: OpenSandbox;
  /**
   * Plays lines and gives back the conversation, the bot's words filled in:
   *   -- 2024-04-10 17:00 --     moves the clock
   *   -- 2024-04-10 17:00 张三 --  moves it and shows only what these conversations got
   *   张三> /签到                 says it in direct chat
   *   张三@工作群> /签到           says it in the group whose name contains 工作群
   *   张三> [在岗]                presses the button with this label on the last card there
   *   张三> /销假 {号}            {号} is the last number (编号57, /说明 57) that a card shown has named
   * An event said with ×2 is delivered twice.
   */
  play(script: string): Promise<string>;
  /** Says one thing and returns the bot's messages caused by it. */
  say(who: string, text: string, where?: string, content?: Said['content']): Promise<Message[]>;
  press(who: string, label: string, where?: string): Promise<Message[]>;
  to(time: string): Promise<Message[]>;
  /** The bot is stopped and begins again at a time; only on a messenger. */
  sleep(time: string): Promise<Message[]>;
  addGroup(name: string, members: string[]): Promise<Message[]>;
  /** All that the bot said in a direct chat. */
  messages(who: string): Message[];
  /** The whole of it as the messenger got it; empty on the stage. */
  read(): string;
  id(name: string): string;
  /** Whose record it is. */
  person(name: string): Promise<string>;
  /** Where everything is kept. */
  folder: string;
  close(): Promise<void>;
}

export interface RoomOptions {
  empty?: boolean;
  at?: number;
  programme?: string;
}

/** Where a script is played: the stage, or the bot on a messenger. People and groups by the stage's ids, `direct` for a direct chat. */
export interface Room {
  store(): Store;
  assembled(): Assembled;
  claimCode(): string | null;
  folder: string;
  people(): Promise<{ id: string; name: string }[]>;
  groups(): Promise<{ id: string; name: string }[]>;
  /** Gives back what the bot answered. */
  say(speaker: string, conversation: string, content: Said['content'], eventId?: string): Promise<Message[]>;
  addGroup(name: string, members: string[]): Promise<Message[]>;
  moveTo(to: number): Promise<Message[]>;
  /** The bot was stopped until then; only on a messenger. */
  sleepUntil?(to: number): Promise<Message[]>;
  messages(where?: { after?: number; conversation?: string }): Message[];
  last(): number;
  /** What a messenger got for it, in words; null on the stage. */
  payloads(message: Message): string | null;
  close(): Promise<void>;
}

const openStageRoom = async (
  programmes: readonly LoadedProgramme[],
  { empty, at: when, programme }: RoomOptions,
  log: Parameters<typeof openSandbox>[0]['log'],
): Promise<Room & { open: OpenSandbox }> => {
  const folder = mkdtempSync(join(tmpdir(), 'chat-'));
  const database = await ownDatabase();
  const open = await openSandbox({
    folder,
    ...(database ? { url: database.url } : {}),
    webUrl: () => 'http://127.0.0.1:3000',
    programmes,
    log,
    ticks: patient,
  });
  const { sandbox } = open;
  if (empty || when || programme)
    await sandbox.reset({ ...(empty ? { empty } : {}), ...(when ? { at: when } : {}), ...(programme ? { programme } : {}) });
  const done = <T>(result: T | Problem): T => {
    if (typeof result === 'object' && result !== null && 'problem' in result) throw new Error(JSON.stringify(result));
    return result as T;
  };
  return {
    open,
    store: open.store,
    assembled: open.assembled,
    claimCode: open.claimCode,
    folder,
    people: async () => (await sandbox.state()).people,
    groups: async () => (await sandbox.state()).groups,
    say: async (speaker, conversation, content, eventId) =>
      done(await sandbox.say({ conversation, speaker, content, ...(eventId ? { eventId } : {}) })).messages,
    addGroup: async (name, members) => done(await sandbox.addGroup({ name, members })).messages,
    moveTo: async to => done(await sandbox.moveTo(to)).messages,
    messages: ({ after = 0, conversation } = {}) =>
      (sandbox.messages({ after: String(after), ...(conversation === undefined ? {} : { conversation }) }) ?? []).filter(
        m => m.from === 'bot',
      ),
    last: () => Number(sandbox.last()),
    payloads: () => null,
    async close() {
      await open.close();
      await database?.drop();
    },
  };
};

/** `on`: a messenger instead of the stage. `rules` changes the texts of the programme files: another document, no other code. `more`: texts of further files. */
export const chat = async (
  options: {
    on?: MessengerName;
    empty?: boolean;
    at?: string;
    programme?: string;
    rules?: (text: string) => string;
    more?: readonly string[];
  } = {},
): Promise<Chat> => {
  const { on, at: when, rules, more: texts = [], ...more } = options;
  const errors: string[] = [];
  const programmes = [
    ...loadProgrammes([join(packageRoot, 'src/programmes')]).map(p => (rules ? readProgramme(rules(p.text), p.file) : p)),
    ...texts.map(text => readProgramme(text, 'more.yaml')),
  ];
  const log = {
    info: () => undefined,
    warn: () => undefined,
    error: (what: object, message: string) =>
      void errors.push(`${message}: ${JSON.stringify(what, (_k, v: unknown) => (v instanceof Error ? v.stack : v))}`),
  };
  const wanted = { ...more, ...(when ? { at: instant(when) } : {}) };
  const room: Room = on
    ? await (await import('./messenger-room.ts')).openMessengerRoom(on, programmes, wanted, log)
    : await openStageRoom(programmes, wanted, log);

  const known = new Map((await room.people()).map(p => [p.name, p.id]));
  const id = (name: string): string => {
    const found = known.get(name);
    if (!found) throw new Error(`nobody is called ${name}`);
    return found;
  };
  const nameOf = (account: string): string => [...known].find(([, i]) => i === account)?.[0] ?? account;
  const conversation = async (where: string | undefined): Promise<string> => {
    if (!where) return 'direct';
    const group = (await room.groups()).find(g => g.name.includes(where));
    if (!group) throw new Error(`no group like ${where}`);
    return group.id;
  };
  /** Wrong things that are logged while a script is played are failures of the test. */
  const checked = <T>(result: T): T => {
    if (errors.length) throw new Error(errors.splice(0).join('\n'));
    return result;
  };

  /** The conversation with what the messenger got, as a person would read it there. */
  const read: string[] = [];
  const readAs = (line: string, messages: readonly Message[]) => {
    const [first = '', ...more] = line.split('\n');
    read.push(more.length ? `${first} …（再${more.length}行）` : first);
    for (const m of messages) {
      const payloads = room.payloads(m);
      if (payloads !== null) read.push(`${placeOf(m)}> ${payloads}`.replace(/\n(?=[^\n])/g, '\n    '));
    }
  };
  const placeOf = (m: Message): string =>
    `机器人${m.conversation.kind === 'group' ? `@${m.conversation.name}` : `→${nameOf(m.conversation.id.replace('direct:', ''))}`}`;

  const say = async (who: string, content: Said['content'], where?: string, eventId?: string): Promise<Message[]> =>
    checked(await room.say(id(who), await conversation(where), content, eventId));
  const press = async (who: string, label: string, where?: string): Promise<Message[]> => {
    const place = where ? await conversation(where) : `direct:${id(who)}`;
    const cards = room.messages({ conversation: place }).toReversed();
    // What a button does is meant rather than a command that is offered.
    const holds = (b: Button) => b.label.includes(label);
    for (const fits of [(b: Button) => holds(b) && (label.startsWith('/') || !b.label.startsWith('/')), holds]) {
      const card = cards.find(m => m.card.buttons?.some(fits));
      if (card) return say(who, { kind: 'button', message: card.id, index: card.card.buttons!.findIndex(fits) }, where);
    }
    throw new Error(`no button ${label}`);
  };

  const show = (m: Message): string => {
    // What is said here must be sayable there.
    const refused = cardFault(
      render({ ...m.card, code: m.code, mention: [] }, { direct: m.conversation.kind === 'direct', mention: [], picture: 'img_x' }),
    );
    if (refused) throw new Error(`飞书 would refuse “${m.card.title}”: ${refused}`);
    return [
      `${placeOf(m)}> ${m.card.title}`,
      ...m.card.lines.map(l => `      | ${l}`),
      ...(m.card.fields ?? []).map(f => `      | ${f.label}：${f.value}`),
      ...(m.card.table ? [`      | 表：${m.card.table.columns.join(' ')}（${m.card.table.rows.length}行）`] : []),
      ...(m.card.file ? [`      | 文件：${m.card.file.name}`] : []),
      ...(m.card.buttons?.length ? [`      ${m.card.buttons.map(b => `[${b.label}]`).join(' ')}`] : []),
    ].join('\n');
  };

  let event = 0;
  let number = '';
  const noted = (text: string): string => {
    number = [...text.matchAll(/编号(\d+(?:-\d+)?)|\/(?:说明|异议|认定) (\d+(?:-\d+)?)/g)].map(m => m[1] ?? m[2]).at(-1) ?? number;
    return text;
  };
  const play = async (script: string): Promise<string> => {
    const out: string[] = [];
    for (const line of script
      .split('\n')
      .map(l => l.trim())
      .filter(Boolean)) {
      out.push(line);
      const before = room.last();
      const clock = /^-- (\S+ \S+)((?: [^-\s]+)*) --$/.exec(line);
      const words = /^([^@>×]+?)(?:@([^>×]+))?(×2)?> (.+)$/.exec(line);
      if (clock) checked(await room.moveTo(instant(clock[1]!)));
      else if (words) {
        const [, who = '', where, twice, text = ''] = words;
        const button = /^\[(.+)\]$/.exec(text);
        if (button) await press(who, button[1]!, where);
        else {
          const eventId = `event-${++event}`;
          for (let n = twice ? 2 : 1; n > 0; n--)
            await say(
              who,
              { kind: 'text', text: text.replaceAll('{号}', number).replaceAll('\\n', '\n').replaceAll('\\t', '\t') },
              where,
              eventId,
            );
        }
      } else throw new Error(`cannot read: ${line}`);
      checked(undefined);
      const said = room.messages({ after: before });
      // What goes to different conversations at one moment has no order of its own; an answer is read first.
      const speaker = words ? id(words[1]!) : '';
      const spoken = words?.[2] === undefined ? `direct:${speaker}` : await conversation(words[2]);
      const first = (m: Message) => Number(m.conversation.id !== spoken);
      said.sort(
        (a, b) =>
          (clock ? a.at.localeCompare(b.at) : first(a) - first(b)) ||
          a.conversation.id.localeCompare(b.conversation.id) ||
          Number(a.id) - Number(b.id),
      );
      const only = clock?.[2]?.split(' ').filter(Boolean) ?? [];
      const shown = said.filter(m => !only.length || only.some(n => placeOf(m).includes(n)));
      for (const m of shown) out.push(noted(show(m)));
      readAs(line, shown);
    }
    return out.join('\n');
  };

  const told = (line: string, messages: Message[]): Message[] => {
    readAs(line, messages);
    return messages;
  };
  return {
    // On a messenger there is no stage, and asking for it is a mistake of the test.
    open: ('open' in room ? room.open : room) as OpenSandbox,
    play,
    say: async (who, text, where, content) =>
      told(`${who}${where ? `@${where}` : ''}> ${content ? content.kind : text}`, await say(who, content ?? { kind: 'text', text }, where)),
    press: async (who, label, where) => told(`${who}${where ? `@${where}` : ''}> [${label}]`, await press(who, label, where)),
    sleep: async time => checked(await room.sleepUntil!(instant(time))),
    to: async time => told(`-- ${time} --`, checked(await room.moveTo(instant(time)))),
    addGroup: async (name, members) => told(`-- 建群 ${name} --`, checked(await room.addGroup(name, members.map(id)))),
    messages: who => room.messages({ conversation: `direct:${id(who)}` }),
    // Codes, keys and digests are others each time.
    read: () =>
      read
        .join('\n')
        .replaceAll(room.claimCode() ?? '\u0000', 'CODE')
        .replace(/hmac:[\w\\-]+/g, 'hmac:…')
        .replace(/@[0-9a-f]{12}/g, '@…'),
    id,
    person: async name => (await room.store().read.first('people', { name }))!.id,
    folder: room.folder,
    async close() {
      await room.close().catch(() => undefined);
      rmSync(room.folder, { recursive: true, force: true });
    },
  };
};

/** `2024-04-10 17:00` in China. */
const instant = (text: string): number => at(day(text.slice(0, 10)), text.slice(11, 16));

let databases = 0;
/** With `CHAT_ON=postgres` every rehearsal has a database of its own on the server of `TEST_DATABASE_URL`. */
const ownDatabase = async (): Promise<{ url: string; drop(): Promise<void> } | undefined> => {
  const server = process.env['TEST_DATABASE_URL'];
  if (!server || process.env['CHAT_ON'] !== 'postgres') return undefined;
  const { default: pg } = await import('pg');
  const name = `chat_${process.pid}_${databases++}`;
  const admin = async (sql: string) => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  await admin(`create database ${name}`);
  return { url: Object.assign(new URL(server), { pathname: `/${name}` }).href, drop: () => admin(`drop database ${name} with (force)`) };
};
