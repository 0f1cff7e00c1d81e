/** kill -9 under load, again and again, with redelivery: nothing acknowledged is lost, nothing is done twice. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { openStore } from '../../db/open.ts';
import { packageRoot } from '../../src/root.ts';

const KILLS = 30;
const IN_FLIGHT = 24;

interface Acknowledged {
  turn: string;
  times: number;
}

const run = async (
  dataDir: string,
): Promise<{ sent: number; acknowledged: Map<string, Acknowledged>; said: Set<string>; kills: number; redelivered: number }> => {
  const acknowledged = new Map<string, Acknowledged>();
  const said = new Set<string>();
  const waiting = new Set<string>();
  let sent = 0;
  let kills = 0;
  let redelivered = 0;

  const life = (last: boolean): Promise<void> =>
    new Promise((done, fail) => {
      const child: ChildProcessByStdio<Writable, Readable, null> = spawn(
        process.execPath,
        ['--import', 'tsx', join(packageRoot, 'tests/faults/driver.ts'), dataDir],
        { stdio: ['pipe', 'pipe', 'inherit'] },
      );
      child.stdin.on('error', () => undefined);
      let killed = false;
      const deliver = (id: string) => child.stdin.write(`${id}\n`);
      const fill = () => {
        while (!last && !killed && waiting.size < IN_FLIGHT) {
          const id = `e${sent++}`;
          waiting.add(id);
          deliver(id);
        }
        if (last && waiting.size === 0) setTimeout(() => child.kill('SIGKILL'), 300);
      };
      createInterface({ input: child.stdout }).on('line', line => {
        const [word, id = '', turn = ''] = line.split(' ');
        if (word === 'said') said.add(id);
        if (word === 'ready') {
          // Everything that has no acknowledgement comes again, and some that have one too.
          for (const w of waiting) deliver(w);
          for (const a of [...acknowledged.keys()].slice(-5)) deliver(a);
          redelivered += waiting.size;
          if (!last) {
            setTimeout(
              () => {
                killed = true;
                kills++;
                child.kill('SIGKILL');
              },
              3 + Math.random() * 60,
            );
          }
          fill();
        }
        if (word === 'ack') {
          const before = acknowledged.get(id);
          if (before && before.turn !== turn) fail(new Error(`${id} was turn ${before.turn} and then ${turn}`));
          acknowledged.set(id, { turn, times: (before?.times ?? 0) + 1 });
          waiting.delete(id);
          fill();
        }
      });
      child.on('close', (code, signal) => (signal === 'SIGKILL' ? done() : fail(new Error(`the driver ended by itself: ${code}`))));
    });

  while (kills < KILLS) await life(false);
  await life(true);
  return { sent, acknowledged, said, kills, redelivered };
};

test(`killed ${KILLS} times under load`, { timeout: 180_000 }, async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'kill-'));
  const { sent, acknowledged, said, kills, redelivered } = await run(dataDir);
  expect(kills).toBeGreaterThanOrEqual(KILLS);
  expect(redelivered).toBeGreaterThan(KILLS);
  expect(acknowledged.size).toBe(sent);

  const store = await openStore({ dataDir });
  const checkIns = await store.read.all('checkIns', {});
  expect(checkIns.map(c => c.visit).sort()).toEqual([...acknowledged.keys()].sort());
  for (const c of checkIns) expect(acknowledged.get(c.visit)?.turn).toBe(c.id);
  expect((await store.read.get('locks', 'count'))?.wrong).toBe(sent);
  expect(await store.verifyJournal()).toEqual({ rows: 2 * sent, brokenAt: null });
  const replies = await store.read.outbox({ limit: sent * 2 });
  expect(replies).toHaveLength(sent);
  expect(replies.every(r => r.state === 'sent')).toBe(true);
  expect(said.size).toBe(sent);
  await store.close();
  rmSync(dataDir, { recursive: true });
});
