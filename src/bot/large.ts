/** A turn that changes thousands of rows: answered at once with what it is about to do, done in steps, answered again when all of it is there (src/decisions/0013-large-turns.md). */
import type { Card } from '../core/card.ts';
import type { Change, LeansOn } from '../core/records.ts';
import type { Steps } from '../core/steps.ts';
import { Conflict, type OutboxRow, type Post, type Store, StoreFault, type Tx } from './ports.ts';

/** More changes than this would keep others waiting. */
export const LARGE = 500;
/** Milliseconds between two words on how far it is. */
const TELL_EVERY = 3_000;
/** Milliseconds of planning between which others have their turns. */
const SLICE = 8;

/** One at a time. */
export const BUSY: Card = { code: 'large.busy', title: '正在导入另一张表', tone: 'info', lines: ['过一会儿再来一次'] };

/** What is to be done when it is known. */
export interface LargePlan {
  changes: readonly Change[];
  settles: readonly string[];
  /** What no other turn may have changed since. */
  leansOn: LeansOn;
  /** What is said when all is there. */
  posts: readonly Post[];
}
export const NOTHING: LargePlan = { changes: [], settles: [], leansOn: {}, posts: [] };

export interface LargeWork {
  turn: number;
  source: string;
  by: Parameters<Tx['apply']>[1];
  /** Made beside the turns, from what is committed; `slowly` lets them have theirs in between. */
  plan(slowly: <T extends object>(made: T | Steps<T>) => Promise<T>): Promise<LargePlan>;
  /** What is said on the way. */
  meanwhile: Card;
  /** An answer in the place where it was asked for; each `nth` once. */
  answer(card: Card, nth: string): Post;
}

export interface LargeTurns {
  /** Goes on after the commit of the turn that began it; gives what it said on the way and at its end. Never rejects. */
  begin(work: LargeWork): Promise<OutboxRow[]>;
  /** Resolves when nothing is under way. */
  finished(): Promise<void>;
}

export const makeLargeTurns = (deps: {
  store: Store;
  ticks: { now(): number };
  kick(posts: OutboxRow[]): void;
  settled(topics: readonly string[]): void;
  log: { error(what: object, message: string): void };
  onFault(fault: StoreFault): void;
}): LargeTurns => {
  const { store } = deps;
  let running: Promise<void> | undefined;

  const say = async (work: LargeWork, card: Card, nth: string, said: OutboxRow[]): Promise<void> => {
    const event = {
      platform: 'large',
      app: '',
      eventId: `${work.turn}${nth}`,
      conversation: '',
      account: '',
      sentAt: work.by.sentAt,
      receivedAt: work.by.now,
    };
    const { posts } = await store.turn(event, async tx => {
      await tx.post([work.answer(card, nth)], work.by.now);
      return card.code;
    });
    said.push(...posts);
    deps.kick(posts);
  };

  const slowly = async <T extends object>(made: T | Steps<T>): Promise<T> => {
    if (!('next' in made)) return made;
    for (;;) {
      await new Promise(setImmediate);
      const until = deps.ticks.now() + SLICE;
      do {
        const step = made.next();
        if (step.done) return step.value;
      } while (deps.ticks.now() < until);
    }
  };

  const carry = async (work: LargeWork, said: OutboxRow[]): Promise<void> => {
    let large = store.large(work.turn, work.source, [], work.by);
    try {
      const { changes, settles, leansOn, posts: answers } = await work.plan(slowly);
      large = store.large(work.turn, work.source, changes, work.by, leansOn);
      let told = deps.ticks.now();
      let saying: Promise<void> = Promise.resolve();
      await large.prepare((done, all) => {
        if (deps.ticks.now() - told < TELL_EVERY) return;
        told = deps.ticks.now();
        const part = `${Math.floor((done / all) * 100)}%`;
        saying = saying.then(() => say(work, { ...work.meanwhile, lines: [`已写入${part}`] }, `/${part}`, said));
      });
      await saying;
      const posts = await large.show(async tx => {
        await tx.settle(settles, work.by.now);
        await tx.post(answers, work.by.now);
      });
      said.push(...posts);
      deps.kick(posts);
      if (settles.length) deps.settled(settles);
    } catch (err) {
      // Nothing could be written: what is there is hidden, and taken away at the next start.
      if (err instanceof StoreFault) return deps.onFault(err);
      const conflict = err instanceof Conflict;
      if (!conflict) deps.log.error({ err, turn: work.turn }, 'a large turn failed');
      await large.withdraw();
      await say(
        work,
        conflict
          ? { code: 'conflict', title: '刚才已被别人改过，没有改动', tone: 'no', lines: ['请重新查看后再试'] }
          : { code: 'failed', title: `出错了，编号 ${work.turn}`, tone: 'no', lines: ['这条没有生效，请把编号告诉管理员'] },
        '/failed',
        said,
      );
    }
  };

  return {
    async begin(work) {
      const said: OutboxRow[] = [];
      running = carry(work, said)
        .catch((err: unknown) => deps.log.error({ err, turn: work.turn }, 'a large turn could not be ended'))
        .finally(() => {
          running = undefined;
        });
      await running;
      return said;
    },
    finished: () => running ?? Promise.resolve(),
  };
};

/** After a stop in the middle: nothing of it is left, and whoever asked for it is told. */
export const tellInterrupted = async (store: Store, now: number): Promise<void> => {
  const left = await store.interrupted(now);
  if (!left) return;
  const { turn, to } = left;
  const event = { platform: 'large', app: '', eventId: `${turn}/interrupted`, conversation: '', account: '', sentAt: now, receivedAt: now };
  await store.turn(event, async tx => {
    const card: Card = {
      code: 'interrupted',
      title: `编号${turn}没有做完，没有改动`,
      tone: 'no',
      lines: ['程序中途停过，请再发一次或再点一次确认'],
    };
    await tx.post(
      [
        {
          key: `interrupted/${turn}`,
          topic: null,
          to,
          place: 'direct',
          class: 'reply',
          card,
          notBefore: null,
          expires: null,
          replyTo: null,
          born: 'pending',
        },
      ],
      now,
    );
    return card.code;
  });
};
