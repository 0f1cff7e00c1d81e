/** Papers that take a while are made beside the relay: the conversation goes on, and the row is sent as soon as its file is there. */
import type { Card } from '../core/card.ts';
import type { Instant } from '../core/day.ts';
import type { Clock, OutboxRow, OutboxStore } from './ports.ts';

/** A row whose paper is not made by then is made on its way, as after a stop. */
export const MADE_WITHIN = 120_000;

/** Is its paper made beside the relay? */
export const madeBeside = (card: Card): boolean => (card.paper?.kind === 'form' || card.paper?.kind === 'draft') && !card.file;

/** When a row that is made beside the relay goes out at the latest. */
export const latest = (card: Card, now: Instant): Instant | null => (madeBeside(card) ? now + MADE_WITHIN : null);

/** Does it take so long that this is said first? */
export const isSlow = (card: Card): boolean => madeBeside(card) && card.paper !== undefined && 'slow' in card.paper && card.paper.slow;

/** What is said first of a paper that takes a while. */
export const making = (card: Card): Card => ({
  code: 'paper.making',
  title: '正在生成，好了就发给您',
  tone: 'info',
  lines: card.paper ? [card.paper.name] : [],
});

export interface Maker {
  /** Takes rows just committed; those with such a paper are made at once, one after the other. */
  take(posts: readonly OutboxRow[]): void;
  /** Resolves when nothing is being made. */
  idle(): Promise<void>;
}

export const createMaker = (deps: {
  outbox: OutboxStore;
  clock: Clock;
  render(card: Card): Promise<Card>;
  /** Hands a row to the relay. */
  kick(posts: readonly OutboxRow[]): void;
  log: { error(what: object, message: string): void };
}): Maker => {
  const { outbox, clock, log } = deps;
  let work: Promise<void> = Promise.resolve();
  const make = async (row: OutboxRow): Promise<void> => {
    let card: Card;
    try {
      card = await deps.render(row.card);
    } catch (err) {
      log.error({ err, row: row.seq }, 'a paper was not made');
      const { paper: _, ...rest } = row.card;
      card = { ...rest, tone: 'no', lines: [...rest.lines, '文件没有做成，请稍后再发一次，仍不行请告诉管理员'] };
    }
    try {
      // Stored with its file before it goes: sent again it is the same.
      await outbox.mark([{ seq: row.seq, state: 'pending', at: clock.now(), notBefore: null, card }]);
      deps.kick([{ ...row, card, notBefore: null }]);
    } catch (err) {
      log.error({ err, row: row.seq }, 'a paper that was made was not stored, will be made again');
    }
  };
  return {
    take(posts) {
      for (const row of posts) if (row.state === 'pending' && madeBeside(row.card)) work = work.then(() => make(row));
    },
    idle: () => work,
  };
};
