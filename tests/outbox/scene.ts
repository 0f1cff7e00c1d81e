/** A relay on virtual time with an outbox in memory and a platform that does as told. */
import type { OutboxRow, Platform, Post, Sent } from '../../src/bot/ports.ts';
import type { Card } from '../../src/core/card.ts';
import { createRelay, type Relay, type RelayDeps, type Trouble } from '../../src/outbox/relay.ts';
import { type MemoryOutbox, memoryOutbox } from '../harness/memory-outbox.ts';
import { settle, VirtualTicks } from '../harness/ticks.ts';

/** A Wednesday. */
export const NOW = Date.parse('2024-06-12T09:30:00+08:00');
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

export interface Said {
  key: string;
  to: string;
  title: string;
  code: string;
  card: Card;
  text: string;
  mention: readonly { person: string; account: string | null; name: string }[];
  replyTo: string | null;
  /** Ticks. */
  at: number;
}

export interface FakePlatform extends Platform {
  said: Said[];
  /** Overrides the outcome of the nth call (from 1); undefined: sent. */
  answer: (message: Said, nth: number) => Sent | Promise<Sent> | undefined;
  /** Sends under way, and the most there were at once. */
  open: number;
  most: number;
  remembers?: number;
}

export const fakePlatform = (id: string, idempotent: boolean, ticks: VirtualTicks): FakePlatform => {
  let nth = 0;
  const platform: FakePlatform = {
    id,
    app: 'app',
    idempotent,
    said: [],
    open: 0,
    most: 0,
    answer: () => undefined,
    direct: account => `direct-${account}`,
    async send({ key, to, card, text, mention, replyTo }) {
      const said: Said = { key, to: to.conversation, title: card.title, code: card.code, card, text, mention, replyTo, at: ticks.now() };
      platform.said.push(said);
      platform.most = Math.max(platform.most, ++platform.open);
      const n = ++nth;
      try {
        return (await platform.answer(said, n)) ?? { result: 'sent', providerId: `m${n}` };
      } finally {
        platform.open--;
      }
    },
  };
  return platform;
};

export const card = (title: string, rest: Partial<Card> = {}): Card => ({ code: 'test', title, tone: 'info', lines: [], ...rest });
/** A reply in group g1, unless told otherwise. */
export const post = (key: string, rest: Partial<Post> & { conversation?: string } = {}): Post => {
  const { conversation = 'g1', ...own } = rest;
  return {
    key,
    topic: null,
    to: { platform: 'box', app: 'app', conversation },
    place: 'own-group',
    class: 'reply',
    card: card(key),
    notBefore: null,
    expires: null,
    replyTo: null,
    born: 'pending',
    ...own,
  };
};
export const born = (key: string, rest: Parameters<typeof post>[1] = {}): Post => post(key, { born: 'sending', ...rest });
export const nudge = (key: string, rest: Parameters<typeof post>[1] = {}): Post => post(key, { class: 'nudge', place: 'direct', ...rest });

export interface Scene {
  outbox: MemoryOutbox;
  ticks: VirtualTicks;
  clock: { at: number; now(): number };
  /** Repeats with the same key are harmless on `box`, not on `plain`. */
  box: FakePlatform;
  plain: FakePlatform;
  relay: Relay;
  troubles: Trouble[];
  logged: string[];
  /** A turn commits these and kicks. */
  say(...posts: Post[]): OutboxRow[];
  /** Titles in the order in which they were said. */
  titles(): string[];
  states(): Record<string, string>;
  /** A new relay on the same outbox, as after a crash. */
  restart(rest?: Partial<RelayDeps>): Promise<void>;
}

export const scene = (rest: Partial<RelayDeps> = {}): Scene => {
  const ticks = new VirtualTicks();
  const outbox = memoryOutbox();
  const clock = { at: NOW, now: () => clock.at };
  const box = fakePlatform('box', true, ticks);
  const plain = fakePlatform('plain', false, ticks);
  const platforms = new Map<string, Platform>([box, plain].map(p => [p.id, p]));
  const troubles: Trouble[] = [];
  const logged: string[] = [];
  const make = (more: Partial<RelayDeps> = {}): Relay =>
    createRelay({
      outbox,
      platforms,
      clock,
      ticks,
      mentions: async people => people.map(person => ({ person, account: `a-${person}`, name: person })),
      speakAt: at => at,
      random: () => 0,
      log: { warn: (_, m) => logged.push(m), error: (_, m) => logged.push(m) },
      onTrouble: t => troubles.push(t),
      ...rest,
      ...more,
    });
  const s: Scene = {
    outbox,
    ticks,
    clock,
    box,
    plain,
    troubles,
    logged,
    relay: make(),
    say(...posts) {
      const rows = outbox.post(posts, clock.at);
      s.relay.kick(rows);
      return rows;
    },
    titles: () => [...box.said, ...plain.said].sort((a, b) => a.at - b.at).map(m => m.title),
    states: () => Object.fromEntries(outbox.rows.map(r => [r.key, r.state])),
    async restart(more) {
      // What the old one still does is not seen: its sends hang.
      await outbox.recover(clock.at, platform => (platform === 'box' ? Number.POSITIVE_INFINITY : 0));
      s.relay = make(more);
      await s.relay.drain();
    },
  };
  return s;
};
export { settle };
