/** Messages that were sent are shown as done once their matter is settled, as fast as their platform lets them be changed. */
import type { Clock, OutboxRow, OutboxStore, Platform, Sent, Ticks } from '../bot/ports.ts';
import type { ConversationKey } from '../core/card.ts';
import { createLimiter, type Limits } from './limits.ts';
import { waitAfter } from './retry.ts';

/** Milliseconds of ticks. A click's own answer comes first: a message changed before it would be put back. Older cards cannot be changed. */
const CLOSES_AFTER = 3_000;
const CHANGEABLE = 13 * 86_400_000;
/** A late click is told what became of the matter: what does not go so often stays as it was. */
const TRIES = 5;

export interface Closing {
  /** Shows what was sent under these topics as done, a moment later, where the platform can. */
  close(topics: readonly string[]): void;
  stop(): void;
}

export const createClosing = (deps: {
  outbox: Pick<OutboxStore, 'arrived'>;
  clock: Clock;
  ticks: Ticks;
  /** Rates of changes: a message is the destination. */
  limits: Limits;
  platformOf(to: ConversationKey): Platform | undefined;
  random(): number;
  log: { warn(what: object, message: string): void };
}): Closing => {
  const { outbox, clock, ticks, platformOf } = deps;
  const limiter = createLimiter(deps.limits);
  let stopped = false;
  const lasts = (ms: number) => new Promise<void>(resolve => ticks.after(ms, resolve));

  /** One call, at a moment at which the platform takes it. */
  const change = async (row: OutboxRow, platform: Platform): Promise<Sent | undefined> => {
    const { buttons: _, form: __, remark: ___, ...card } = row.card;
    const providerId = row.providerId ?? '';
    for (;;) {
      if (stopped) return undefined;
      const taken = limiter.take({ ...row.to, conversation: providerId }, ticks.now());
      if (taken.ok) break;
      await lasts(taken.wait);
    }
    return platform.update?.(providerId, { ...card, title: `已办：${card.title}`, tone: 'info' }, row.place === 'direct');
  };
  const show = async (topics: readonly string[]): Promise<void> => {
    try {
      for (const row of await outbox.arrived(topics, clock.now() - CHANGEABLE)) {
        const platform = platformOf(row.to);
        if (!platform?.update || (!row.card.buttons?.length && !row.card.form)) continue;
        for (let tries = 1; ; tries++) {
          const became = await change(row, platform);
          if (became?.result !== 'later' || tries === TRIES) break;
          await lasts(waitAfter(tries, became.after, deps.random));
        }
      }
    } catch (err) {
      deps.log.warn({ err }, 'a message could not be shown as done');
    }
  };

  return {
    close(topics) {
      if (!stopped) ticks.after(CLOSES_AFTER, () => void show(topics));
    },
    stop() {
      stopped = true;
    },
  };
};
