/** A process that may be killed at any moment: takes events by line, acknowledges each after its turn's commit, and says its replies. */
import { createInterface } from 'node:readline';
import { openStore } from '../../db/open.ts';
import type { OutboxRow } from '../../src/bot/ports.ts';
import type { Day } from '../../src/core/day.ts';

const store = await openStore({ dataDir: process.argv[2]! });
const now = Date.now();
const tell = (...words: (string | number)[]): void => {
  process.stdout.write(`${words.join(' ')}\n`);
};

const say = (rows: readonly OutboxRow[]): void => {
  for (const row of rows) {
    tell('said', row.key);
    void store.outbox.mark([{ seq: row.seq, state: 'sent', at: now, providerId: row.key }]);
  }
};

await store.outbox.recover(now, () => Number.POSITIVE_INFINITY);
const left = await store.outbox.due(now, 10_000);
await store.outbox.mark(left.map(r => ({ seq: r.seq, state: 'sending' as const, at: now })));
say(left);
tell('ready');

for await (const id of createInterface({ input: process.stdin })) {
  void (async () => {
    const { duplicate, turn, posts } = await store.turn(
      { platform: 'sandbox', app: 'a', eventId: id, conversation: 'g', account: 'u', sentAt: now, receivedAt: now },
      async tx => {
        const by = { actor: null, command: '签到', sentAt: now, now };
        const count = (await tx.read.get('locks', 'count'))?.wrong ?? 0;
        await tx.apply([{ table: 'locks', id: 'count', to: { id: 'count', wrong: count + 1, until: null } }], by);
        await tx.apply(
          [
            {
              table: 'checkIns',
              id: `${tx.turn}`,
              to: {
                id: `${tx.turn}`,
                visit: id,
                person: 'd',
                clinic: 'k',
                day: '2024-06-12' as Day,
                at: now,
                by: 'd',
                kind: 'self',
                note: null,
                near: null,
                leftAt: null,
                delayed: false,
                paper: null,
              },
            },
          ],
          by,
        );
        await tx.post(
          [
            {
              key: `reply/${id}`,
              topic: null,
              to: { platform: 'sandbox', app: 'a', conversation: 'g' },
              place: 'direct',
              class: 'reply',
              notBefore: null,
              expires: null,
              replyTo: id,
              born: 'sending',
              card: { code: 'check-in.done', title: '签到成功', tone: 'ok', lines: [] },
            },
          ],
          now,
        );
        return 'check-in.done';
      },
    );
    tell('ack', id, turn, duplicate ? 'again' : 'new');
    say(posts);
  })();
}
