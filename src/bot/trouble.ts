/** What the outbox could not do is told to the admins: in words, once a day for each reason, with the way to look and to settle it. */
import { dayAt, type Instant } from '../core/day.ts';
import { address } from './address.ts';
import type { Clock, OutboxRow, Platform, Store } from './ports.ts';
import { digestOf } from './secret.ts';

/** As the relay tells it, or a messenger of itself (`down`); store trouble is told by the pages of health instead, for nothing can be stored then. */
export interface OutboxTrouble {
  kind: 'failed' | 'unknown' | 'slow' | 'store' | 'down';
  rows: readonly number[];
  why: string;
}

const TITLES = { failed: '有消息没送到', unknown: '有消息不知是否送到', slow: '有消息两分钟还没发出', down: '聊天平台断开了' } as const;
const WORTH = 24 * 3_600_000;

export const makeTroubleTeller =
  (deps: {
    store: Store;
    platforms: ReadonlyMap<string, Platform>;
    clock: Clock;
    speakAt(at: Instant): Instant;
    kick(posts: OutboxRow[]): void;
    log: { error(what: object, message: string): void };
  }): ((trouble: OutboxTrouble) => Promise<void>) =>
  async ({ kind, rows, why }) => {
    if (kind === 'store') return;
    const stored = await Promise.all(rows.map(seq => deps.store.outbox.get(seq))).catch(() => []);
    // That the admin cannot be told is not told to the admin.
    if (stored.length > 0 && stored.every(r => r?.key.startsWith('trouble/'))) return;
    const now = deps.clock.now();
    const today = dayAt(now);
    const eventId = `trouble/${kind}/${today}/${digestOf('trouble', why).slice(0, 16)}`;
    const event = { platform: 'outbox', app: '', eventId, conversation: '', account: '', sentAt: now, receivedAt: now };
    await deps.store
      .turn(event, async tx => {
        const admins = [...new Set((await tx.read.all('grants', { role: 'admin' })).map(g => g.person))];
        const posts = await address(
          { read: tx.read, today, now, platforms: deps.platforms, speakAt: deps.speakAt },
          admins.map(person => ({
            key: `${eventId}/${person}`,
            to: { person },
            class: 'nudge',
            about: 'person',
            expires: now + WORTH,
            card: {
              code: 'outbox.trouble',
              title: TITLES[kind],
              tone: 'ask',
              lines: [`原因：${why}`],
              buttons: [{ label: '看发件箱', command: '/发件箱' }],
            },
          })),
        );
        await tx.post(posts, now);
        return 'outbox.trouble';
      })
      .then(({ posts }) => deps.kick(posts))
      .catch((err: unknown) => deps.log.error({ err }, 'trouble of the outbox could not be told'));
  };
