/** The stage joined to the bot: what is said goes in, and is answered when all that was due is delivered. */

import { randomUUID } from 'node:crypto';
import type { Bot, Rehearsal } from '../../bot/bot.ts';
import type { Files, Inbound, Read, RowsRead } from '../../bot/ports.ts';
import type { Message, Problem, ResetOptions, Said, Sandbox, StagePerson, StageState, Try } from '../../bot/stage.ts';
import { dayAt, type Instant, iso } from '../../core/day.ts';
import { shownOrg } from '../../core/org-names.ts';
import { againKey, againSaid, askAgain, begunAgain } from './again.ts';
import { makeGate } from './gate.ts';
import { carriesMobile } from './phones.ts';
import { APP, decode, inboundOf, PLATFORM, saidMessage, type TakenFile, whoAndWhere } from './receive.ts';
import { render } from './render.ts';
import { directOf, type Stage } from './stage.ts';

export interface SandboxDeps {
  stage: Stage;
  /** The parts of now; asked each time, since a reset makes new ones. */
  bot(): Bot;
  read(): Read;
  now(): Instant;
  /** Id of the programme in force, null when there is none. */
  programme(): Promise<string | null>;
  /** null beside a real platform: the clock is the real one. */
  rehearsal(): Rehearsal | null;
  demo(): boolean;
  /** The first admin's one-time code, of an empty installation only. */
  claimCode(): string | null;
  tries(): readonly Try[];
  files: Files;
  /** Rows of a table file, read in a worker; `rows` null when it is none, `problem` in words when it cannot be read. */
  readRows(name: string, bytes: Uint8Array): Promise<RowsRead>;
  /** Makes the demo anew and ends with `stage.load`. It must not use the sandbox itself, which waits for it. */
  reset: ((options: ResetOptions) => Promise<Problem | undefined>) | null;
}

/** One jump of the clock at most, so that a slip of the year does not run for hours. */
const FARTHEST = 400 * 86_400_000;
const NEXT = 12;
const TABLES = /\.(xlsx|xlsm|xls|xlsb|ods|csv|tsv|txt)$/i;

const fixedClock: Problem = { problem: { status: 403, code: 'sandbox.real', message: '已接入真实平台：演练时钟和重来都停用', path: '' } };

export const connectSandbox = (deps: SandboxDeps): Sandbox => {
  const { stage } = deps;
  const gate = makeGate();

  /** A table with complete phones in it, or one that could not be looked into, is kept for some days only. */
  const takeFile = async (name: string, bytes: Uint8Array): Promise<TakenFile> => {
    const read = await deps.readRows(name, bytes);
    const open = read.rows ? !read.rows.some(row => row.some(carriesMobile)) : !TABLES.test(name);
    return { file: await deps.files.keep(name, bytes, open ? undefined : 'brief'), ...read };
  };

  const hear = async (inbound: Inbound): Promise<{ duplicate: boolean; silent: boolean; messages: Message[] }> => {
    const received = await deps.bot().receive(inbound);
    const later = (await received.later) ?? [];
    await deps.bot().delivered();
    const messages = [...received.posts, ...later].map(p => stage.byKey(p.key)).filter(m => m !== undefined);
    return { duplicate: received.duplicate, silent: received.code === 'silent', messages };
  };

  const say = async (said: Said): Promise<{ duplicate: boolean; messages: Message[] } | Problem> => {
    const who = whoAndWhere(stage, said);
    if ('problem' in who) return who;
    const file = said.content.kind === 'file' ? await takeFile(said.content.name, said.content.bytes) : undefined;
    const decoded = decode(stage, said, who.place, file);
    if ('problem' in decoded) return decoded;
    const eventId = said.eventId ?? randomUUID();
    const again = stage.byEvent(eventId) !== undefined;
    const now = deps.now();
    const asked = stage.post(saidMessage(who.place, who.account, now, decoded.shown), { event: eventId });
    if (resets(said) === 'ask') {
      const card = render(askAgain, now, { place: who.place, replyTo: asked.id, mention: [] }, deps.demo());
      return { duplicate: again, messages: again ? [] : [stage.post(card, { key: againKey(eventId) })] };
    }
    // A message that is there already is handed on all the same: the bot may have stopped before it took it.
    const heard = await hear(inboundOf(who.place, who.account, eventId, now, decoded.content));
    return { duplicate: heard.duplicate || (again && heard.silent), messages: heard.messages };
  };

  const reset = async (options: ResetOptions): Promise<Problem | undefined> =>
    deps.rehearsal() && deps.reset ? deps.reset(options) : fixedClock;
  const resets = (said: Said): 'ask' | 'surely' | undefined => (deps.rehearsal() && deps.reset ? againSaid(stage, said) : undefined);

  /** Like the page's button; whoever said it reads so in the new chat. */
  const beginAgain = async (said: Said): Promise<{ duplicate: boolean; messages: Message[] } | Problem> => {
    const who = whoAndWhere(stage, said);
    const decoded = 'problem' in who ? who : decode(stage, said, who.place, undefined);
    if ('problem' in decoded) return decoded;
    const problem = await reset({ again: true });
    if (problem) return problem;
    const place = stage.place(directOf(said.speaker));
    const key = againKey(said.eventId ?? randomUUID());
    const messages = place ? [stage.post(render(begunAgain, deps.now(), { place, mention: [] }, deps.demo()), { key })] : [];
    return { duplicate: false, messages };
  };
  const sayOrBegin: Sandbox['say'] = said => {
    if (said.eventId !== undefined && stage.byKey(againKey(said.eventId))?.code === begunAgain.code)
      return Promise.resolve({ duplicate: true, messages: [] });
    return resets(said) === 'surely' ? gate.hold(() => beginAgain(said)) : gate.share(() => say(said));
  };

  const people = async (): Promise<StagePerson[]> => {
    const read = deps.read();
    const today = dayAt(deps.now());
    const bound = new Map((await read.all('accounts', { platform: PLATFORM, app: APP, state: 'bound' })).map(a => [a.account, a.person]));
    const orgs = new Map((await read.all('orgs', {})).map(o => [o.id, shownOrg(o)]));
    const grants = new Map<string, { role: string; org: string }[]>();
    for (const g of await read.all('grants', {})) {
      if (g.from > today || (g.until !== null && g.until < today)) continue;
      const role = { role: g.role, org: orgs.get(g.org) ?? g.org };
      grants.set(g.person, [...(grants.get(g.person) ?? []), role]);
    }
    return stage.accounts().map(({ id, name }) => {
      const person = bound.get(id);
      return { id, name, bound: person !== undefined, roles: (person !== undefined && grants.get(person)) || [] };
    });
  };

  const state = async (): Promise<StageState> => {
    const bound = await deps.read().all('groups', { platform: PLATFORM, app: APP });
    const names = new Map((await deps.read().all('orgs', {})).map(o => [o.id, shownOrg(o)]));
    const orgsOf = (id: string) => (bound.find(b => b.conversation === id)?.orgs ?? []).map(o => names.get(o) ?? o);
    return {
      now: deps.now(),
      programme: await deps.programme(),
      groups: stage.groups().map(g => ({ ...g, orgs: orgsOf(g.id) })),
      people: await people(),
      next: await deps.bot().next(NEXT),
      claimCode: deps.claimCode() !== null && (await deps.read().count('grants', { role: 'admin' })) === 0 ? deps.claimCode() : null,
    };
  };

  const addGroup: Sandbox['addGroup'] = async ({ name, members }) => {
    const strange = members.findIndex(m => !stage.account(m));
    if (strange >= 0)
      return { problem: { status: 404, code: 'member.unknown', message: `没有这个人：${members[strange]}`, path: `members.${strange}` } };
    const group = stage.addGroup(name, [...new Set(members)]);
    const account = stage.account(members[0]!)!;
    const place = stage.place(group.id)!;
    const now = deps.now();
    const event = `joined/${group.id}/${stage.last()}`;
    const line = `建了群“${name}”，请来了下基层助手`;
    stage.post(saidMessage(place, account, now, { card: { title: '', tone: 'info', lines: [line] }, text: line }), { event });
    const heard = await hear(inboundOf(place, account, event, now, { kind: 'joined' }));
    return { group, messages: heard.messages };
  };

  const moveTo: Sandbox['moveTo'] = async to => {
    const rehearsal = deps.rehearsal();
    if (!rehearsal) return fixedClock;
    const now = rehearsal.now();
    if (to < now) return { problem: { status: 400, code: 'clock.backwards', message: `时钟只能往前走，现在是 ${iso(now)}`, path: 'to' } };
    if (to - now > FARTHEST) return { problem: { status: 400, code: 'clock.too-far', message: '一次最多走 400 天', path: 'to' } };
    const before = stage.last();
    try {
      await rehearsal.moveTo(to);
      await deps.bot().delivered();
    } finally {
      stage.announce({ kind: 'clock', now: rehearsal.now() });
    }
    return { now: rehearsal.now(), messages: stage.messages({ after: before }).filter(m => m.from === 'bot') };
  };

  return {
    get demo() {
      return deps.demo();
    },
    get rehearsable() {
      return deps.rehearsal() !== null;
    },
    now: deps.now,
    // Not while the clock moves or the demo is made anew: what it reads is then half one thing and half the other.
    state: () => gate.share(state),
    account: stage.account,
    group: stage.group,
    tries: deps.tries,
    placesOf: stage.placesOf,
    messages: ({ after = '0', conversation } = {}) => {
      if (conversation === undefined) return stage.messages({ after: Number(after) });
      return stage.place(conversation) && stage.messages({ after: Number(after), conversation });
    },
    message: stage.message,
    lastMessage: stage.lastMessage,
    last: () => String(stage.last()),
    file: async id => {
      const name = stage.fileName(id);
      const bytes = name === undefined ? undefined : await deps.files.open(id);
      return name !== undefined && bytes ? { name, bytes } : undefined;
    },
    say: sayOrBegin,
    addGroup: group => gate.share(() => addGroup(group)),
    moveTo: to => gate.hold(() => moveTo(to)),
    reset: options => gate.hold(async () => (await reset(options)) ?? { now: deps.now() }),
    subscribe: stage.subscribe,
  };
};
