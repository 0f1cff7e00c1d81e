/** The store behind the bot's port, over either engine. */
import { createHash, randomUUID } from 'node:crypto';
import { and, max } from 'drizzle-orm';
import type { Event, Large, OutboxRow, OutboxStore, Read, Store, Tx, Vault } from '../src/bot/ports.ts';
import type { ConversationKey } from '../src/core/card.ts';
import type { Instant } from '../src/core/day.ts';
import type { Change, LeansOn } from '../src/core/records.ts';
import { Commits } from './commits.ts';
import { type Connection, type Engine, readerOf } from './connection.ts';
import { begunIn } from './hidden.ts';
import { headOf, verifyJournal } from './journal.ts';
import { columnsOf } from './kit.ts';
import { hide, largeTurn, takeAwayLeft } from './large.ts';
import { type Leases, leasesOf, noLeases } from './leases.ts';
import { writeNote } from './meta.ts';
import { outboxStore } from './outbox-relay.ts';
import { Reads, type Shared, sharedOf } from './read.ts';
import type { Seals } from './seal.ts';
import { equals, fields, run, statement, values } from './statements.ts';
import { sweep } from './sweep.ts';
import { Hands } from './write.ts';

const TAKE = statement(({ build, inbox: t }) =>
  build
    .insert(t)
    .values(values([t.platform, t.app, t.eventId, t.conversation, t.account, t.sentAt, t.receivedAt]))
    .onConflictDoNothing({ target: [t.platform, t.app, t.eventId] })
    .returning(fields([t.seq])),
);
const TAKEN = statement(({ build, inbox: t }) =>
  build
    .select(fields([t.seq, t.code]))
    .from(t)
    .where(and(equals(t.platform), equals(t.app), equals(t.eventId))),
);
const FINISH = statement(({ build, inbox: t }) =>
  build
    .update(t)
    .set(values([t.state, t.code]))
    .where(equals(t.seq)),
);
const RUN = statement(({ build, jobRuns: t }) =>
  build
    .insert(t)
    .values(values(columnsOf(t)))
    .onConflictDoNothing({ target: [t.job, t.slot] })
    .returning(fields([t.job])),
);
const RAN = statement(({ build, jobRuns: t }) =>
  build
    .update(t)
    .set(values([t.result]))
    .where(and(equals(t.job), equals(t.slot))),
);
const LAST_SLOT = statement(({ build, jobRuns: t }) => build.select({ slot: max(t.slot) }).from(t));
const KNOWN = statement(({ build, programmes: t }) =>
  build
    .select(fields([t.key]))
    .from(t)
    .where(equals(t.key)),
);
const KEEP = statement(({ build, programmes: t }) =>
  build
    .insert(t)
    .values(values(columnsOf(t)))
    .onConflictDoNothing({ target: t.key }),
);

const sourceOf = (e: Event): string => `${e.platform}/${e.app}/${e.eventId}`;

/** Turns of the clock are numbered by the inbox as messages are. */
const CLOCK = 'clock';

interface Done {
  duplicate: boolean;
  turn: number;
  code: string;
  posts: OutboxRow[];
}

export class TheStore implements Store {
  readonly dialect: Store['dialect'];
  readonly read: Read;
  readonly outbox: OutboxStore;
  readonly vault: Vault;
  #engine: Engine;
  #reader: Connection;
  #shared: Shared;
  #commits: Commits;
  #leases: Leases;

  /** `alone`: no other instance works on this database. */
  constructor(engine: Engine, seals: Seals, now: () => number, alone: boolean) {
    this.#engine = engine;
    this.#reader = readerOf(engine);
    this.dialect = engine.schema.dialect;
    const leases = alone || this.dialect === 'sqlite' ? noLeases : leasesOf(randomUUID(), now);
    this.#leases = leases;
    this.#shared = sharedOf(engine.schema, seals, leases);
    this.#commits = new Commits(engine, {
      begun: async c => {
        this.#shared.kept.under(await headOf(c));
        this.#shared.hidden.turns = this.#shared.hidden.beside;
        // Of several instances another may be at a large turn.
        if (leases !== noLeases) hide(this.#shared, (await begunIn(c))?.turn);
      },
      undone: () => this.#shared.kept.forget(),
    });
    this.read = new Reads(this.#reader, this.#shared);
    this.vault = { seal: (bytes, name) => seals.sealBytes(bytes, name), open: (bytes, name) => seals.openBytes(bytes, name) };
    this.outbox = outboxStore(this.#reader, this.#commits, leases, now);
  }

  /** Commits so far; a message is to cost about one. */
  get commits(): number {
    return this.#commits.count;
  }

  turn(event: Event, work: (tx: Tx) => Promise<string>): Promise<Done> {
    return this.#commits.write(c => this.#take(c, event, work));
  }

  async #take(c: Connection, e: Event, work: (tx: Tx) => Promise<string>): Promise<Done> {
    const [made] = await run(c, TAKE(c), e as unknown as Record<string, unknown>);
    if (!made) {
      const [before] = await run(c, TAKEN(c), e as unknown as Record<string, unknown>);
      return { duplicate: true, turn: before![0] as number, code: (before![1] ?? '') as string, posts: [] };
    }
    const turn = made[0] as number;
    const hands = this.#handsOf(turn, c, sourceOf(e));
    let done = false;
    try {
      const code = await work(hands);
      await run(c, FINISH(c), { state: code === 'failed' ? 'failed' : 'done', code, seq: turn });
      done = true;
      return { duplicate: false, turn, code, posts: hands.posts };
    } finally {
      hands.end(done);
    }
  }

  jobTurn(
    { job, slot, now }: { job: string; slot: Instant; now: Instant },
    work: (tx: Tx) => Promise<string>,
  ): Promise<{ duplicate: boolean }> {
    return this.#commits.write(async c => {
      const [first] = await run(c, RUN(c), { job, slot, ranAt: now, result: '' });
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
      await run(c, RAN(c), { result: code, job, slot });
      return { duplicate: false };
    });
  }

  async snapshot<T>(work: (read: Read) => Promise<T>): Promise<T> {
    const hidden = { ...this.#shared.hidden };
    const { connection, end } = await this.#engine.snapshot();
    try {
      // What was hidden when it began stays so.
      return await work(new Reads(readerOf(this.#engine, connection), { ...this.#shared, hidden }));
    } finally {
      await end();
    }
  }

  large(turn: number, source: string, changes: readonly Change[], by: Parameters<Tx['apply']>[1], leansOn: LeansOn = {}): Large {
    return largeTurn(turn, changes, by, leansOn, {
      commits: this.#commits,
      shared: this.#shared,
      hands: c => this.#handsOf(turn, c, source),
    });
  }

  /** At the start, and where another instance may have stopped. */
  interrupted(now: Instant): Promise<{ turn: number; to: ConversationKey } | undefined> {
    return takeAwayLeft(now, {
      commits: this.#commits,
      shared: this.#shared,
      handsOf: (turn, c) => this.#handsOf(turn, c, `${CLOCK}//interrupted@${turn}`),
    });
  }

  #handsOf(turn: number, c: Connection, source: string): Hands {
    return new Hands(turn, source, c, this.#engine, this.#shared);
  }

  async lastSlot(): Promise<Instant | undefined> {
    const [row] = await run(this.#reader, LAST_SLOT(this.#reader));
    return (row![0] as number | null) ?? undefined;
  }

  async keepProgramme(id: string, text: string, now: Instant): Promise<string> {
    const key = `${id}@${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
    const [known] = await run(this.#reader, KNOWN(this.#reader), { key });
    if (!known) {
      await this.#commits.write(async c => {
        await run(c, KEEP(c), { key, programme: id, text, at: now });
      });
    }
    return key;
  }

  verifyJournal(): Promise<{ rows: number; brokenAt: number | null }> {
    return verifyJournal(this.#reader);
  }

  async note(key: string, value: string | null): Promise<void> {
    await this.#commits.ride(c => writeNote(c, key, value));
  }

  sweep(now: Instant): Promise<void> {
    return sweep(this.#commits, now);
  }

  backup(file: string): Promise<void> {
    return this.#engine.backup(file);
  }

  async close(): Promise<void> {
    if (this.#leases !== noLeases) await this.#commits.ride(c => this.#leases.releaseAll(c)).catch(() => undefined);
    await this.#commits.close();
    await this.#engine.close();
  }
}
