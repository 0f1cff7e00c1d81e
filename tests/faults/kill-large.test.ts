/** kill -9 in the middle of an import of thousands of rows: all of it is there or nothing, and what others said meanwhile stays. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { openStore } from '../../db/open.ts';

const LIVES = 8;
const ROWS = 2_000;

test('nothing half-done stays', { timeout: 240_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kill-large-'));
  const said: string[] = [];
  const shown: string[] = [];
  let cut = 0;
  try {
    for (let life = 0; life < LIVES; life++) {
      const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'large-driver.ts'), folder, `${life}`], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const gone = new Promise(resolve => child.once('exit', resolve));
      // The first lives are cut ever later, the last one lives.
      const after = life === LIVES - 1 ? Number.POSITIVE_INFINITY : 1 + life * 4;
      let here = 0;
      for await (const line of createInterface({ input: child.stdout })) {
        const [word, id = '', rosters = '', titles = ''] = line.split(' ');
        // Whoever reads after the start sees whole imports only.
        if (word === 'ready') {
          expect([Number(id) % ROWS, Number(id) / ROWS]).toEqual([0, Number(rosters)]);
          expect(Number(titles)).toBeLessThanOrEqual(1);
        }
        if (word === 'said') said.push(id);
        if (word === 'shown') shown.push(id);
        if (word === 'said' && ++here >= after) child.kill('SIGKILL');
      }
      await gone;
      if (!shown.length || child.signalCode === 'SIGKILL') cut++;
    }
    const store = await openStore({ dataDir: folder });
    expect(await store.interrupted(Date.now())).toBeUndefined();
    expect(cut).toBeGreaterThan(3);
    const rosters = await store.read.count('rosters', {});
    expect(rosters).toBeGreaterThanOrEqual(shown.length);
    expect(shown.length).toBeGreaterThan(0);
    expect(await store.read.count('people', {})).toBe(rosters * ROWS);
    for (const id of said) expect(await store.read.get('locks', id), id).toBeDefined();
    expect((await store.verifyJournal()).brokenAt).toBeNull();
    await store.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
