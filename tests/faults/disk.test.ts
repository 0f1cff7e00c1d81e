/** A disk that is full, a file that goes bad under a running program, a second process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Commits } from '../../db/commits.ts';
import { openStore } from '../../db/open.ts';
import { openSqlite } from '../../db/sqlite.ts';
import { storeFile } from '../../db/sqlite-file.ts';
import { StoreFault } from '../../src/bot/ports.ts';
import { packageRoot } from '../../src/root.ts';

const NOW = Date.parse('2024-06-12T09:30:00+08:00');
const event = (eventId: string) => ({ platform: 'p', app: 'a', eventId, conversation: 'g', account: 'u', sentAt: NOW, receivedAt: NOW });
const by = { actor: null, command: 't', sentAt: NOW, now: NOW };
let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'disk-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

type Opened = Awaited<ReturnType<typeof openStore>>;
const add = (store: Opened, id: string, text = 'x') =>
  store.turn(event(id), async tx => {
    await tx.apply([{ table: 'acceptances', id, to: { id, by: text, at: NOW } }], by);
    return 'ok';
  });

describe('a full disk', () => {
  // SQLite answers as on a full disk once the file may not grow; lifting the limit is freeing space.
  test('fails every turn of the commit, writes nothing, and the next goes on when there is room', async () => {
    const engineFile = storeFile(dataDir);
    await (await openStore({ dataDir })).close();
    const engine = openSqlite(engineFile, () => undefined);
    const commits = new Commits(engine, { begun: async () => undefined, undone: () => undefined });
    const insert = (id: string, text: string) =>
      commits.write(async c => {
        await c.rows('insert into "acceptances" ("id", "by", "at") values (?, ?, ?)', [id, text, 1]);
        return id;
      });
    const pages = (n: number) =>
      commits.write(async c => {
        await c.rows(`pragma max_page_count = ${n}`);
      });
    const count = async () => (await engine.reader.rows('select count(*) from "acceptances"'))[0]![0];
    await insert('a', 'x');
    await pages(1);
    const big = 'x'.repeat(200_000);
    const results = await Promise.allSettled([insert('b', 'x'), insert('c', big), insert('d', 'x')]);
    expect(results.map(r => r.status === 'rejected' && r.reason instanceof StoreFault)).toEqual([true, true, true]);
    expect(await count()).toBe(1);
    await expect(insert('lone', big)).rejects.toBeInstanceOf(StoreFault);
    expect(await count()).toBe(1);
    await pages(1_000_000);
    await Promise.all([insert('b', 'x'), insert('c', big)]);
    expect(await count()).toBe(3);
    await commits.close();
    await engine.close();
  });
});

describe('a file that goes bad while it is used', () => {
  test('is a fault, and nothing is acknowledged', async () => {
    const store = await openStore({ dataDir });
    for (let i = 0; i < 50; i++) await add(store, `a${i}`);
    await store.close();
    const file = storeFile(dataDir);
    const db = new Database(file, { readonly: true });
    const root = db.prepare(`select rootpage from sqlite_master where name = 'journal'`).pluck().get() as number;
    const size = db.pragma('page_size', { simple: true }) as number;
    db.close();
    const again = await openStore({ dataDir });
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0x5a, (root - 1) * size, root * size));
    await expect(add(again, 'b')).rejects.toBeInstanceOf(StoreFault);
    expect(await again.read.get('acceptances', 'b')).toBeUndefined();
    await expect(again.read.journal({}, 1)).rejects.toBeInstanceOf(StoreFault);
    await again.close().catch(() => undefined);
  });
});

describe('a second process on the folder', () => {
  const second = () => {
    const child = spawn(process.execPath, ['--import', 'tsx', join(packageRoot, 'tests/faults/driver.ts'), dataDir], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (part: Buffer) => {
      said += part.toString();
    });
    return { child, said: () => said };
  };

  test('is refused while the first lives, and taken as soon as that is killed', { timeout: 60_000 }, async () => {
    const first = second();
    await once(first.child.stdout, 'data');
    const other = second();
    const [code] = (await once(other.child, 'close')) as [number];
    expect(code).not.toBe(0);
    expect(other.said()).toContain('正被另一个进程使用');
    first.child.kill('SIGKILL');
    await once(first.child, 'close');
    const store = await openStore({ dataDir });
    await add(store, 'a');
    await store.close();
  });
});
