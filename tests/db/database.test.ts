/** What is made by better-sqlite3 stays until the process ends: see db/database.ts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { openDatabase } from '../../db/database.ts';
import { openSqlite } from '../../db/sqlite.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

test('a closed database, its statements and its copies are not garbage-collected', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'held-'));
  const letGo = new WeakRef({});
  const made: WeakRef<object>[] = [];
  const use = async () => {
    const db = openDatabase(join(folder, 'a.db'));
    const native = Object.getOwnPropertySymbols(db)
      .map(s => (db as unknown as Record<symbol, object>)[s]!)
      .find(o => 'backup' in o)!;
    const of = native as unknown as { backup(...given: unknown[]): object };
    const ofPrototype = of.backup;
    // The library keeps its copies to itself: they are seen where it asks for them.
    of.backup = function (...given) {
      const it = ofPrototype.apply(this, given);
      made.push(new WeakRef(it));
      return it;
    };
    db.exec('create table t(a)');
    const statement = db.prepare('select a from t');
    made.push(new WeakRef(native), new WeakRef(db), new WeakRef(statement));
    await db.backup(join(folder, 'b.db'));
    db.close();
  };
  await use();
  for (let i = 0; i < 5; i++) {
    await new Promise(setImmediate);
    collect();
  }
  expect(letGo.deref()).toBeUndefined();
  expect(made.map(m => m.deref() !== undefined)).toEqual([true, true, true, true]);
  rmSync(folder, { recursive: true });
});

test('a snapshot goes on with the connection of one that is over, and sees what is there by then', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'held-'));
  const file = join(folder, 'a.db');
  const writer = openDatabase(file);
  writer.pragma('journal_mode = WAL');
  writer.exec('create table t(a)');
  const engine = openSqlite(file, () => undefined);
  const count = (c: { rows: (sql: string) => unknown }) => (c.rows('select count(*) from t') as unknown[][])[0]![0];
  const first = await engine.snapshot();
  writer.exec('insert into t values (1)');
  const second = await engine.snapshot();
  expect([count(first.connection), count(second.connection)]).toEqual([0, 1]);
  await first.end();
  const third = await engine.snapshot();
  expect(third.connection).toBe(first.connection);
  expect(count(third.connection)).toBe(1);
  await second.end();
  await third.end();
  // Nothing of them holds the log back.
  expect(writer.pragma('wal_checkpoint(TRUNCATE)')).toEqual([{ busy: 0, log: 0, checkpointed: 0 }]);
  await engine.close();
  writer.close();
  rmSync(folder, { recursive: true });
});
