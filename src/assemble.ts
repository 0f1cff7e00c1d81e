/** Puts the bot together from its parts: the one place beside main.ts that knows everyone. */

import type { Bot } from './bot/bot.ts';
import { makeCalendar } from './bot/calendar-source.ts';
import { accountAwaitsPaper } from './bot/check-in-paper.ts';
import { makeCodeTaker } from './bot/claim-code.ts';
import type { AnyCommand, Service } from './bot/command.ts';
import type { AnyJob } from './bot/job.ts';
import { makeLargeTurns } from './bot/large.ts';
import { makeFreezer } from './bot/new-login.ts';
import { createMaker } from './bot/paper.ts';
import type { CalendarSource, Clock, Platform, Store, StoreFault, Ticks } from './bot/ports.ts';
import { makeTroubleTeller } from './bot/trouble.ts';
import { makeTurn } from './bot/turn.ts';
import { makeWake, type Wake } from './bot/wake.ts';
import type { Calendar } from './core/calendar.ts';
import type { Card } from './core/card.ts';
import type { Instant } from './core/day.ts';
import { nextSpeakingTime } from './core/hours.ts';
import type { DayCaps, Limits } from './outbox/limits.ts';
import { createRelay, type Relay } from './outbox/relay.ts';
import type { Programme } from './programmes/schema.ts';

export interface Parts {
  store: Store;
  platforms: ReadonlyMap<string, Platform>;
  programmes: readonly Programme[];
  commands: readonly AnyCommand[];
  jobs: readonly AnyJob[];
  calendars: CalendarSource;
  clock: Clock;
  ticks: Ticks;
  /** Sandbox: cards and files carry 演示数据. */
  demo: boolean;
  /** Address of the pages; null where there are none. */
  webUrl?(): string | null;
  /** Messengers that do not work, in words. */
  troubles?(): string[];
  botNames?: readonly string[];
  render?(card: Card): Promise<Card>;
  limits?: Limits;
  changes?: Limits;
  caps?: DayCaps;
  log: { info(what: object, message: string): void; warn(what: object, message: string): void; error(what: object, message: string): void };
  onFault?(fault: StoreFault): void;
}

export interface Assembled {
  bot: Bot;
  wake: Wake;
  relay: Relay;
  service: Service;
  /** Somebody has to act: told to the admins, by whatever still reaches them. */
  alarm(why: string): void;
  /** A messenger whose ids pass has logged in. */
  loggedIn: ReturnType<typeof makeFreezer>;
  /** A code of /认领 was made on the machine. */
  codeLeft: ReturnType<typeof makeCodeTaker>;
  /** Why nothing can be stored now, in words; null when all is well. */
  fault(): string | null;
}

/** How far ahead "what is coming" looks. */
const AHEAD = 14 * 86_400_000;

export const assemble = (parts: Parts): Assembled => {
  const { store, platforms, clock } = parts;
  const speakAt = (calendar: Calendar, at: Instant) => nextSpeakingTime(at, calendar);
  // Until the bureau's own days have been read, the calendar that ships.
  let calendar: Calendar = makeCalendar([]);
  const calendars: CalendarSource = {
    async calendar(read) {
      calendar = await parts.calendars.calendar(read);
      return calendar;
    },
  };
  const relay = createRelay({
    outbox: store.outbox,
    platforms,
    clock,
    ticks: parts.ticks,
    mentions: async (people, to) => {
      const known = await store.read.all('people', { id: people });
      const accounts = await store.read.all('accounts', { person: people, platform: to.platform, app: to.app, state: 'bound' });
      return known.map(p => ({ person: p.id, name: p.name, account: accounts.find(a => a.person === p.id)?.account ?? null }));
    },
    speakAt: at => speakAt(calendar, at),
    ...(parts.render ? { render: parts.render } : {}),
    ...(parts.limits ? { limits: parts.limits } : {}),
    ...(parts.changes ? { changes: parts.changes } : {}),
    ...(parts.caps ? { caps: parts.caps } : {}),
    onTrouble: trouble => void tellTrouble(trouble),
    log: parts.log,
  });
  let fault: string | null = null;
  const maker = createMaker({
    outbox: store.outbox,
    clock,
    render: parts.render ?? (async card => card),
    kick: relay.kick,
    log: parts.log,
  });
  const kick: Relay['kick'] = posts => {
    if (posts) maker.take(posts);
    relay.kick(posts);
  };
  const tells = { store, platforms, clock, speakAt: (at: Instant) => speakAt(calendar, at), kick };
  const tellTrouble = makeTroubleTeller({ ...tells, log: parts.log });
  const wake = makeWake({
    store,
    jobs: parts.jobs,
    platforms,
    programmes: parts.programmes,
    calendars,
    speakAt: (c, _settings, at) => speakAt(c, at),
    demo: parts.demo,
    log: parts.log,
    kick,
  });
  const service: Service = { troubles: () => parts.troubles?.() ?? [], held: () => relay.waiting() };
  const onFault = (why: StoreFault) => {
    fault = '数据库写不进去，暂时不收消息';
    parts.log.error({ err: why }, 'store fault');
    parts.onFault?.(why);
  };
  const settled = (topics: readonly string[]) => relay.close(topics);
  const large = makeLargeTurns({ store, ticks: parts.ticks, kick, settled, log: parts.log, onFault });
  const turn = makeTurn({
    store,
    commands: parts.commands,
    platforms,
    programmes: parts.programmes,
    calendars,
    speakAt: (c, _settings, at) => speakAt(c, at),
    service,
    webUrl: () => parts.webUrl?.() ?? null,
    botNames: parts.botNames ?? ['下基层助手'],
    demo: parts.demo,
    log: parts.log,
    kick,
    settled,
    large,
    onFault,
  });
  const bot: Bot = {
    async receive(inbound) {
      const received = await turn.receive(inbound);
      fault = null;
      return received;
    },
    async delivered() {
      await large.finished();
      await relay.drain();
      await maker.idle();
      await relay.drain();
    },
    awaitsPaper: (who, beside) => accountAwaitsPaper(store.read, who, clock.now(), beside),
    async next(limit) {
      const now = clock.now();
      const jobs = await wake.foresee(now, now + AHEAD, limit);
      const waiting = await store.outbox.nextMoments(now, limit);
      return [...jobs, ...waiting].sort((a, b) => a.at - b.at || a.what.localeCompare(b.what)).slice(0, limit);
    },
  };
  const loggedIn = makeFreezer(tells);
  const codeLeft = makeCodeTaker(tells);
  return {
    bot,
    wake,
    relay,
    service,
    loggedIn,
    codeLeft,
    alarm: why => void tellTrouble({ kind: 'down', rows: [], why }),
    fault: () => fault,
  };
};
