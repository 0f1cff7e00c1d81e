/** The store behind the bot's port, over either engine. */
import { createHash } from 'node:crypto';
import type { Event, OutboxRow, OutboxStore, Read, Store, Tx } from '../src/bot/ports.ts';
import type { Instant } from '../src/core/day.ts';
import { Commits } from './commits.ts';
import { type Connection, type Engine, readerOf } from './connection.ts';
import { verifyJournal } from './journal.ts';
import { outboxStore } from './outbox.ts';
import { Reads, type Shared, sharedOf } from './read.ts';
import type { Seals } from './seal.ts';
import { sweep } from './sweep.ts';
import { Hands } from './write.ts';

const TAKE = `insert into "inbox" ("platform", "app", "eventId", "conversation", "account", "sentAt", "receivedAt") values (?, ?, ?, ?, ?, ?, ?)
  on conflict ("platform", "app", "eventId") do nothing returning "seq"`;
const TAKEN = `select "seq", "code" from "inbox" where "platform" = ? and "app" = ? and "eventId" = ?`;
const FINISH = `update "inbox" set "state" = ?, "code" = ? where "seq" = ?`;
const RUN = `insert into "jobRuns" ("job", "slot", "ranAt", "result") values (?, ?, ?, '') on conflict ("job", "slot") do nothing returning 1`;
const RAN = `update "jobRuns" set "result" = ? where "job" = ? and "slot" = ?`;

/** Turns of the clock are numbered by the inbox as messages are. */
const CLOCK = 'clock';

interface Done {
  duplicate: boolean;
  turn: number;
  code: string;
  posts: OutboxRow[];
}

export class TheStore implements Store {
  readonly dialect: Engine['dialect'];
  readonly read: Read;
  readonly outbox: OutboxStore;
  #engine: Engine;
  #reader: Connection;
  #shared: Shared;
  #commits: Commits;

  constructor(engine: Engine, seals: Seals) {
    this.#engine = engine;
    this.#reader = readerOf(engine);
    this.dialect = engine.dialect;
    this.#shared = sharedOf(engine.dialect, seals);
    this.#commits = new Commits(engine);
    this.read = new Reads(this.#reader, this.#shared);
    this.outbox = outboxStore(engine.dialect, this.#reader, this.#commits);
  }

  /** Commits so far; a message is to cost about one. */
  get commits(): number {
    return this.#commits.count;
  }

  turn(event: Event, work: (tx: Tx) => Promise<string>): Promise<Done> {
    return this.#commits.write(c => this.#take(c, event, work));
  }

  async #take(c: Connection, e: Event, work: (tx: Tx) => Promise<string>): Promise<Done> {
    const [made] = await c.rows(TAKE, [e.platform, e.app, e.eventId, e.conversation, e.account, e.sentAt, e.receivedAt]);
    if (!made) {
      const [before] = await c.rows(TAKEN, [e.platform, e.app, e.eventId]);
      return { duplicate: true, turn: before![0] as number, code: (before![1] ?? '') as string, posts: [] };
    }
    const turn = made[0] as number;
    const hands = new Hands(turn, `${e.platform}/${e.app}/${e.eventId}`, c, this.#engine, this.#shared);
    try {
      const code = await work(hands);
      await c.rows(FINISH, [code === 'failed' ? 'failed' : 'done', code, turn]);
      return { duplicate: false, turn, code, posts: hands.posts };
    } finally {
      hands.end();
    }
  }

  jobTurn(
    { job, slot, now }: { job: string; slot: Instant; now: Instant },
    work: (tx: Tx) => Promise<string>,
  ): Promise<{ duplicate: boolean }> {
    return this.#commits.write(async c => {
      const [first] = await c.rows(RUN, [job, slot, now]);
      if (!first) return { duplicate: true };
      const event: Event = {
        platform: CLOCK,
        app: '',
        eventId: `${job}@${slot}`,
        conversation: '',
        account: '',
        sentAt: slot,
        receivedAt: now,
      };
      const { code } = await this.#take(c, event, work);
      await c.rows(RAN, [code, job, slot]);
      return { duplicate: false };
    });
  }

  async lastSlot(): Promise<Instant | undefined> {
    const [row] = await this.#reader.rows('select max("slot") from "jobRuns"');
    return (row![0] as number | null) ?? undefined;
  }

  async keepProgramme(id: string, text: string, now: Instant): Promise<string> {
    const key = `${id}@${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
    const [known] = await this.#reader.rows('select 1 from "programmes" where "key" = ?', [key]);
    if (!known) {
      await this.#commits.write(async c => {
        await c.rows('insert into "programmes" ("key", "programme", "text", "at") values (?, ?, ?, ?) on conflict ("key") do nothing', [
          key,
          id,
          text,
          now,
        ]);
      });
    }
    return key;
  }

  verifyJournal(): Promise<{ rows: number; brokenAt: number | null }> {
    return verifyJournal(this.#reader);
  }

  sweep(now: Instant): Promise<void> {
    return sweep(this.#commits, now);
  }

  backup(file: string): Promise<void> {
    return this.#engine.backup(file);
  }

  async close(): Promise<void> {
    await this.#commits.close();
    await this.#engine.close();
  }
}
