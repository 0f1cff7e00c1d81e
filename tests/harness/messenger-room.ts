/** The bot with one messenger and the rehearsal's clock: raw payloads in by its `receive`, what comes out by its `send` to its strict fake. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands } from '../../commands/index.ts';
import { jobs } from '../../cron/index.ts';
import { openStore } from '../../db/open.ts';
import { assemble } from '../../src/assemble.ts';
import { calendarSource } from '../../src/bot/calendar-source.ts';
import { newClaimCode } from '../../src/bot/claim-code.ts';
import type { Platform, Store } from '../../src/bot/ports.ts';
import { makeRehearsal } from '../../src/bot/rehearsal.ts';
import type { Message, Place, Said } from '../../src/bot/stage.ts';
import { openFiles } from '../../src/forms/files.ts';
import { renderCard } from '../../src/forms/render.ts';
import { rowsReader } from '../../src/forms/rows.ts';
import { makeIntake } from '../../src/platforms/intake.ts';
import { cast, type Demo, readDemo } from '../../src/platforms/sandbox/demo.ts';
import { render } from '../../src/platforms/sandbox/render.ts';
import type { LoadedProgramme } from '../../src/programmes/load.ts';
import { packageRoot } from '../../src/root.ts';
import type { Room, RoomOptions } from './chat.ts';
import { changesAt, type Names } from './live-world.ts';
import { MESSENGERS, type MessengerName, type Sent } from './messengers.ts';
import { patient } from './ticks.ts';

/** Stores with the demo laid down, by messenger, demo and hour: made once a file, then copied. */
const laid = new Map<string, string>();
process.on('exit', () => {
  for (const folder of laid.values()) rmSync(folder, { recursive: true, force: true });
});

const layDown = async (demo: Demo, names: Names, programmes: readonly LoadedProgramme[], now: number): Promise<string> => {
  const key = `${names.id} ${demo.programme} ${now}`;
  const before = laid.get(key);
  if (before) return before;
  const folder = mkdtempSync(join(tmpdir(), 'laid-'));
  const store = await openStore({ dataDir: folder });
  const event = { platform: names.id, app: names.app, eventId: 'demo', conversation: '', account: '', sentAt: now, receivedAt: now };
  await store.turn(event, async tx => {
    await tx.apply(changesAt(demo, names, programmes.find(p => p.programme.id === demo.programme)?.programme), {
      actor: null,
      command: '演示数据',
      sentAt: now,
      now,
    });
    return 'demo';
  });
  for (const p of programmes) await store.keepProgramme(p.programme.id, p.text, now);
  await store.close();
  laid.set(key, folder);
  return folder;
};

export const openMessengerRoom = async (
  on: MessengerName,
  shipped: readonly LoadedProgramme[],
  { empty = false, at, programme }: RoomOptions,
  log: { info(): void; warn(): void; error(what: object, message: string): void },
): Promise<Room> => {
  const folder = mkdtempSync(join(tmpdir(), `${on}-`));
  let store: Store;
  const files = openFiles(join(folder, 'files'), () => store.vault);
  const demos = join(packageRoot, 'src/programmes/demo');
  const demo = programme ? readDemo(demos, programme) : shipped.map(p => readDemo(demos, p.programme.id)).find(d => d.first)!;
  // As on the stage, one holds at a time.
  const programmes = shipped.filter(p => p.programme.id === demo.programme);
  let now = at ?? demo.start;
  const messenger = await MESSENGERS[on]({ files, now: () => now });
  const { names } = messenger;
  const { accounts, groups } = cast(demo, empty);
  for (const a of accounts) messenger.addPerson(names.person(a.id), a.name);
  for (const g of groups) messenger.addChat(names.group(g.id), g.name);

  if (!empty) cpSync(await layDown(demo, names, programmes, now), folder, { recursive: true });
  store = await openStore({ dataDir: folder });
  if (empty) for (const p of programmes) await store.keepProgramme(p.programme.id, p.text, now);
  const claimCode = empty ? await newClaimCode(store, now) : null;

  // ── What the messenger got, and what was meant by it ────────────────────────

  const messages: Message[] = [];
  const keys = new Map<string, Message>();
  const arrived = new Map<string, readonly Sent[]>();
  const places = new Map<string, Place>();
  for (const { id, name } of accounts) places.set(names.account(names.person(id)), { kind: 'direct', id: `direct:${id}`, name });
  for (const { id, name } of groups) places.set(names.group(id), { kind: 'group', id, name });
  const { platform: real } = messenger;
  const directs = new Map(
    accounts.map(a => [real.direct(names.account(names.person(a.id))), places.get(names.account(names.person(a.id)))!]),
  );
  const placeOf = (conversation: string): Place => directs.get(conversation) ?? places.get(conversation)!;
  const there = ({ kind, id }: Place): string => (kind === 'group' ? names.group(id) : names.person(id.slice('direct:'.length)));
  const platform: Platform = {
    ...real,
    async send(message) {
      const before = messenger.sent.length;
      const place = placeOf(message.to.conversation);
      const result = await real.send(message);
      if (messenger.refusals.length) throw new Error(`${on} refused “${message.card.title}”: ${messenger.refusals.join('; ')}`);
      if (result.result !== 'sent') throw new Error(`${on} did not take “${message.card.title}”: ${JSON.stringify(result)}`);
      const mention = message.mention.map(m => m.account ?? m.person);
      const meant: Message = { id: String(messages.length + 1), ...render(message.card, now, { place, mention }, !empty) };
      messages.push(meant);
      keys.set(message.key, meant);
      arrived.set(
        meant.id,
        messenger.sent.slice(before).filter(s => s.to === there(place)),
      );
      return result;
    },
  };

  const clock = {
    now: () => now,
    set: (to: number) => {
      now = to;
    },
  };
  const parts = assemble({
    store,
    platforms: new Map([[platform.id, platform]]),
    programmes: programmes.map(p => p.programme),
    commands,
    jobs,
    calendars: calendarSource(),
    clock,
    ticks: patient,
    demo: !empty,
    webUrl: () => 'http://127.0.0.1:3000',
    render: card =>
      renderCard(card, files, {
        store: () => store,
        programmes: programmes.map(p => p.programme),
        now: () => now,
        demo: () => !empty,
      }),
    log,
  });
  const rehearsal = makeRehearsal({ clock, wake: parts.wake, outbox: store.outbox, drain: () => parts.relay.drain() });
  const intake = makeIntake({
    platform: on,
    bot: () => parts.bot,
    now: () => now,
    log,
    files,
    readRows: rowsReader(files),
    fetch: messenger.fetch,
  });

  // ── What people do there ────────────────────────────────────────────────────

  const rawOf = new Map<string, object | undefined>();
  const hear = async (raw: object | undefined): Promise<Message[]> => {
    // It never left the messenger.
    if (!raw) return [];
    const received = await intake.take(raw, messenger.read);
    await parts.relay.drain();
    return (received?.posts ?? []).map(p => keys.get(p.key)).filter(m => m !== undefined);
  };
  const pressed = (who: string, where: string | null, { message, index }: Extract<Said['content'], { kind: 'button' }>) => {
    const { label, command } = messages.find(m => m.id === message)!.card.buttons![index]!;
    return messenger.presses(who, where, arrived.get(message)!, label, command);
  };

  return {
    store: () => store,
    assembled: () => parts,
    claimCode: () => claimCode,
    folder,
    people: async () => accounts,
    groups: async () => groups,
    async say(account, conversation, content, eventId) {
      const [who, where] = [names.person(account), conversation === 'direct' ? null : names.group(conversation)];
      const make = () => {
        if (content.kind === 'form') throw new Error('no form is filled in here');
        return content.kind === 'button' ? pressed(who, where, content) : messenger.says(who, where, content);
      };
      if (eventId === undefined) return hear(make());
      // Told again, it is the very same event.
      if (!rawOf.has(eventId)) rawOf.set(eventId, make());
      return hear(rawOf.get(eventId));
    },
    async addGroup(name, members) {
      const group = { id: `g${groups.length + 1}`, name, members };
      groups.push(group);
      messenger.addChat(names.group(group.id), name);
      places.set(names.group(group.id), { kind: 'group', id: group.id, name });
      return hear(messenger.joins?.(names.person(members[0]!), names.group(group.id)));
    },
    async moveTo(to) {
      const before = messages.length;
      await rehearsal.moveTo(to);
      return messages.slice(before);
    },
    async sleepUntil(to) {
      const [before, from] = [messages.length, now];
      clock.set(to);
      await parts.wake.run(from, to, to);
      await parts.relay.drain();
      return messages.slice(before);
    },
    messages: ({ after = 0, conversation } = {}) =>
      messages.filter(m => Number(m.id) > after && (conversation === undefined || m.conversation.id === conversation)),
    last: () => messages.length,
    payloads: m => (arrived.get(m.id) ?? []).map(messenger.words).join('\n'),
    async close() {
      await intake.stop();
      await parts.relay.stop();
      await store.close();
      await messenger.close();
    },
  };
};
