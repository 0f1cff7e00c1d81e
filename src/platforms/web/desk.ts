/** The pages' side of the bot: sessions, and what is said in them, through the same turn as every message. */
import { randomBytes, randomUUID } from 'node:crypto';
import { heldOn } from '../../bot/address.ts';
import type { Bot } from '../../bot/bot.ts';
import type { Service } from '../../bot/command.ts';
import { type Desk, type Said, SESSION_LASTS, type Visitor, WEB } from '../../bot/desk.ts';
import { platformName } from '../../bot/messengers.ts';
import { itemsFor } from '../../bot/outbox-view.ts';
import { may } from '../../bot/permissions.ts';
import type { Content, Files, Platform, RowsRead, Store } from '../../bot/ports.ts';
import { sayUsed, usedIn } from '../../bot/quota.ts';
import { digestOf } from '../../bot/secret.ts';
import type { Message, Problem } from '../../bot/stage.ts';
import { type Card, type FileRef, plainText } from '../../core/card.ts';
import { isPaper } from '../../core/check-in-paper.ts';
import { dayAt, type Instant, iso } from '../../core/day.ts';
import { saidBefore } from './history.ts';

export interface DeskDeps {
  store(): Store;
  bot(): Bot;
  now(): Instant;
  files: Files;
  readRows(name: string, bytes: Uint8Array): Promise<RowsRead>;
  demo(): boolean;
  service: Service;
}

const DEMO_MARK = '【演示数据】';
/** A page shows this many; what is older is in the journal. */
const KEPT = 200;

export const makeDesk = (deps: DeskDeps): { desk: Desk; platform: Platform } => {
  /** By person. In memory only: what was typed is kept nowhere, as in every chat. */
  const rooms = new Map<string, Message[]>();
  const keys = new Map<string, string>();
  let last = 0;

  const post = (person: string, message: Omit<Message, 'id' | 'at' | 'conversation'>, at = deps.now()): Message => {
    const made: Message = {
      id: String(++last),
      at: iso(at),
      conversation: { kind: 'direct', id: person, name: '下基层助手' },
      ...message,
    };
    rooms.set(person, [...(rooms.get(person) ?? []), made].slice(-KEPT));
    return made;
  };
  const botSaid = (card: Card) => {
    const { code, paper: _, mention: __, ...rest } = card;
    const title = deps.demo() && !card.title.includes(DEMO_MARK) ? `${card.title}${DEMO_MARK}` : card.title;
    return { from: 'bot', code, card: { ...rest, title }, text: plainText({ ...card, title }) };
  };
  const platform: Platform = {
    id: WEB,
    app: WEB,
    idempotent: true,
    answersOnly: true,
    direct: account => account,
    send: async ({ key, to, card }) => {
      const before = keys.get(key);
      if (before !== undefined) return { result: 'sent', providerId: before };
      const { id } = post(to.conversation, botSaid(card));
      keys.set(key, id);
      if (keys.size > 5_000) keys.delete(keys.keys().next().value!);
      return { result: 'sent', providerId: id };
    },
  };

  const turn = (eventId: string, work: Parameters<Store['turn']>[1]) => {
    const now = deps.now();
    return deps.store().turn({ platform: WEB, app: 'session', eventId, conversation: '', account: '', sentAt: now, receivedAt: now }, work);
  };

  const decode = async (person: string, said: Said): Promise<{ content: Content; shown: Message['card']; text: string } | Problem> => {
    const words = (text: string) => ({ title: '', tone: 'info' as const, lines: text.split('\n') });
    const offered = (id: string) => (rooms.get(person) ?? []).find(m => m.id === id);
    const gone: Problem = { problem: { status: 404, code: 'message.unknown', message: '这条消息已经不在了，请重新发命令', path: '' } };
    switch (said.kind) {
      case 'text':
        return { content: { kind: 'text', text: said.text }, shown: words(said.text), text: said.text };
      case 'button': {
        const button = offered(said.message)?.card.buttons?.[said.index];
        return button
          ? {
              content: { kind: 'button', command: button.command, message: said.message },
              shown: words(button.label),
              text: button.command,
            }
          : gone;
      }
      case 'form': {
        const form = offered(said.message)?.card.form;
        return form
          ? { content: { kind: 'form', command: form.command, values: said.values }, shown: words(form.submit), text: form.command }
          : gone;
      }
      case 'file': {
        const paper = isPaper(said.name) && (await deps.bot().awaitsPaper({ platform: WEB, app: WEB, account: person }));
        const read = isPaper(said.name) ? { rows: null, notices: [] } : await deps.readRows(said.name, said.bytes);
        const file: FileRef = paper ? await deps.files.keep(said.name, said.bytes) : { id: '', name: said.name, bytes: said.bytes.length };
        return { content: { kind: 'file', file, ...read }, shown: words(`文件：${said.name}`), text: said.name };
      }
    }
  };

  const rolesOf = async (person: string) => {
    const today = dayAt(deps.now());
    return (await deps.store().read.all('grants', { person })).filter(g => heldOn(g, today));
  };

  const desk: Desk = {
    async enter(token) {
      const digest = digestOf('link', token);
      const link = await deps.store().read.get('sessions', digest);
      if (!link) return { problem: 'unknown' };
      const session = randomBytes(32).toString('base64url');
      // The link's own event: a second opening is a duplicate, whoever comes first.
      const done = await turn(`enter/${digest}`, async tx => {
        const now = deps.now();
        if (link.kind !== 'link' || link.expires < now) return 'web.late';
        const id = digestOf('session', session);
        await tx.apply(
          [
            { table: 'sessions', id: digest, to: null, was: { kind: 'link' } },
            { table: 'sessions', id, to: { id, person: link.person, kind: 'session', expires: now + SESSION_LASTS } },
          ],
          { actor: link.person, command: '网页', sentAt: now, now },
        );
        return 'web.entered';
      });
      if (done.duplicate) return { problem: 'used' };
      if (done.code === 'web.entered' && !rooms.has(link.person))
        for (const { row, at } of await saidBefore(deps.store().read, token, link.person, deps.now()))
          post(link.person, botSaid(row.card), at);
      return done.code === 'web.entered' ? { session, lasts: SESSION_LASTS } : { problem: 'unknown' };
    },
    async who(session) {
      const { read } = deps.store();
      const row = await read.get('sessions', digestOf('session', session));
      if (row?.kind !== 'session' || row.expires < deps.now()) return undefined;
      // Somebody whose last messenger account has ended is nobody's to serve.
      const accounts = await read.all('accounts', { person: row.person, state: 'bound' });
      if (!accounts.some(a => a.platform !== WEB)) return undefined;
      const person = await read.get('people', row.person);
      if (!person) return undefined;
      const roles = (await rolesOf(person.id)).map(g => g.role);
      return { person: person.id, name: person.name, admin: may('发件箱', roles, true, 'direct') === 'yes' };
    },
    async leave(session) {
      const id = digestOf('session', session);
      const row = await deps.store().read.get('sessions', id);
      if (!row) return;
      rooms.delete(row.person);
      await turn(`leave/${id}`, async tx => {
        const now = deps.now();
        await tx.apply([{ table: 'sessions', id, to: null }], { actor: row.person, command: '网页', sentAt: now, now });
        return 'web.left';
      });
    },
    messages: person => rooms.get(person) ?? [],
    async say(visitor: Visitor, said) {
      const decoded = await decode(visitor.person, said);
      if ('problem' in decoded) return decoded;
      post(visitor.person, { from: visitor.person, code: 'said', card: decoded.shown, text: decoded.text });
      const now = deps.now();
      await deps.bot().receive({
        platform: WEB,
        app: WEB,
        eventId: randomUUID(),
        conversation: { id: visitor.person, kind: 'direct', name: visitor.name },
        account: visitor.person,
        accountName: visitor.name,
        sentAt: now,
        receivedAt: now,
        content: decoded.content,
      });
      await deps.bot().delivered();
      return undefined;
    },
    async queue({ person, admin }) {
      if (!admin) return undefined;
      const { read } = deps.store();
      return {
        items: await itemsFor(read, { grants: await rolesOf(person) }, deps.service.held()),
        troubles: deps.service.troubles(),
        used: (await usedIn(read, deps.now())).map(u => `${platformName(u.platform)}${sayUsed(u)}`),
        today: dayAt(deps.now()),
      };
    },
    async file(person, id) {
      const file = (rooms.get(person) ?? []).flatMap(m => [m.card.file, m.card.picture]).find(f => f?.id === id);
      const bytes = file && (await deps.files.open(id));
      return file && bytes ? { file, bytes } : undefined;
    },
  };
  return { desk, platform };
};
