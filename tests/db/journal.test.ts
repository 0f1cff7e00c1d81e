import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { storeFile } from '../../db/sqlite-file.ts';
import { by, DIALECTS, event, makePlace, type Place, type TestStore } from './stores.ts';

describe.each(DIALECTS)('the journal on %s', dialect => {
  let place: Place;
  let store: TestStore;
  beforeEach(async () => {
    place = await makePlace(dialect);
    store = await place.open();
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        store
          .turn(event(`e${i}`), async tx => {
            for (const part of ['a', 'b'])
              await tx.apply([{ table: 'locks', id: `${i}${part}`, to: { id: `${i}${part}`, wrong: i, until: null } }], by);
            if (i % 3 === 0) throw new Error('taken back');
            return 'ok';
          })
          .catch(() => undefined),
      ),
    );
  });
  afterEach(async () => {
    await store.close();
    await place.remove();
  });

  test('is read in stretches: no more rows than lie between two numbers', async () => {
    const all = await store.read.journal({}, 1_000);
    const between = await store.read.journal({ command: by.command, above: 3, below: 9 }, 1_000);
    expect(between).toEqual(all.filter(r => r.seq > 3 && r.seq < 9));
    expect(between).toHaveLength(5);
  });

  /** What somebody with the database in his hands may do. */
  const tamper = async (sql: string) => {
    if (place.url) {
      const { default: pg } = await import('pg');
      const client = new pg.Client({ connectionString: place.url });
      await client.connect();
      try {
        await client.query(sql);
      } finally {
        await client.end();
      }
    } else {
      const { default: Database } = await import('better-sqlite3');
      const db = new Database(storeFile(place.dataDir));
      db.exec(sql);
      db.close();
    }
  };

  test('is one chain, also over turns that were taken back and a new start', async () => {
    expect(await store.verifyJournal()).toEqual({ rows: 26, brokenAt: null });
    await store.close();
    store = await place.open();
    await store.turn(event('more'), async tx => {
      await tx.apply([{ table: 'locks', id: '1a', to: null }], by);
      return 'ok';
    });
    expect(await store.verifyJournal()).toEqual({ rows: 27, brokenAt: null });
  });

  test.each([
    ['a changed value', `update "journal" set "after" = replace("after", '"wrong":', '"wrong":1') where "seq" = 7`, 7],
    ['another actor', `update "journal" set "actor" = 'somebody' where "seq" = 7`, 7],
    ['a moved time', `update "journal" set "at" = "at" + 1 where "seq" = 7`, 7],
    ['a dropped row', `delete from "journal" where "seq" = 7`, 7],
    ['a dropped beginning', `delete from "journal" where "seq" < 3`, 1],
    ['a new hash', `update "journal" set "hash" = 'x' where "seq" = 7`, 7],
  ])('%s shows', async (_, sql, brokenAt) => {
    await tamper(sql);
    expect(await store.verifyJournal()).toEqual({ rows: brokenAt - 1, brokenAt });
  });
});
