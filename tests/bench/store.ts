/** What a store turn costs: a check-in with its event, journal and reply, one and 32 in flight, marks of the relay included. `node --import tsx tests/bench/store.ts` */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../db/open.ts';
import type { Day } from '../../src/core/day.ts';

const N = 3000;
const dir = mkdtempSync(join(tmpdir(), 'bench-'));
const store = await openStore({ dataDir: dir, url: process.env['TEST_DATABASE_URL'] });
const now = Date.now();
let next = 0;
const one = async (): Promise<void> => {
  const i = next++;
  const { posts } = await store.turn(
    { platform: 'sandbox', app: 'a', eventId: `e${now}-${i}`, conversation: 'g1', account: `u${i % 50}`, sentAt: now, receivedAt: now },
    async tx => {
      await tx.read.first('accounts', { platform: 'sandbox', app: 'a', account: `u${i % 50}`, state: 'bound' });
      await tx.read.all('visits', { person: `d${i % 50}`, day: '2024-06-12' as Day });
      await tx.apply(
        [
          {
            table: 'checkIns',
            id: `${tx.turn}-${now}`,
            to: {
              id: `${tx.turn}-${now}`,
              visit: 'v',
              person: `d${i % 50}`,
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
        { actor: 'd', command: '签到', sentAt: now, now },
      );
      await tx.post(
        [
          {
            key: `reply/${now}-${i}`,
            topic: null,
            to: { platform: 'sandbox', app: 'a', conversation: 'g1' },
            place: 'own-group',
            class: 'reply',
            notBefore: null,
            expires: null,
            replyTo: null,
            born: 'sending',
            card: { code: 'check-in.done', title: '签到成功', tone: 'ok', lines: ['古竹卫生院 上午 下午', '08:12'] },
          },
        ],
        now,
      );
      return 'check-in.done';
    },
  );
  void store.outbox.mark([{ seq: posts[0]!.seq, state: 'sent', at: now, providerId: `m${i}` }]);
};
for (const flight of [1, 32]) {
  for (let i = 0; i < 300; i++) await one();
  const commits = store.commits;
  const end = next + N;
  const times: number[] = [];
  const started = performance.now();
  await Promise.all(
    Array.from({ length: flight }, async () => {
      while (next < end) {
        const t = performance.now();
        await one();
        times.push(performance.now() - t);
      }
    }),
  );
  const took = performance.now() - started;
  times.sort((a, b) => a - b);
  const ms = (p: number) => times[Math.floor(times.length * p)]!.toFixed(2);
  console.log(
    `${flight} in flight: ${Math.round((N / took) * 1000)} turns/s, p50 ${ms(0.5)} ms, p99 ${ms(0.99)} ms, ${((store.commits - commits) / N).toFixed(3)} commits a message`,
  );
}
await store.close();
rmSync(dir, { recursive: true });
