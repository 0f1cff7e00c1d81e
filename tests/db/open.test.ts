import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OpenProblem } from '../../db/connection.ts';
import { columnsOf } from '../../db/kit.ts';
import { pgSchema } from '../../db/kit-pg.ts';
import { sqliteSchema } from '../../db/kit-sqlite.ts';
import { migrationTags, readMigration } from '../../db/migrate.ts';
import { tablesOf } from '../../db/schema.ts';
import { connect } from '../../db/sqlite.ts';
import { lockFolder, readyFile, storeFile } from '../../db/sqlite-file.ts';
import { packageRoot } from '../../src/root.ts';
import { meter } from '../harness/spent.ts';
import { by, DIALECTS, event, makePlace, NOW, type Place, person } from './stores.ts';

let place: Place;
afterEach(() => place.remove());
const fill = async () => {
  const store = await place.open();
  for (let i = 0; i < 20; i++) {
    await store.turn(event(`e${i}`), async tx => {
      await tx.apply([{ table: 'people', id: `d${i}`, to: person(`d${i}`) }], by);
      return 'ok';
    });
  }
  await store.close();
};

describe('a SQLite folder', () => {
  beforeEach(async () => {
    place = await makePlace('sqlite');
  });
  const file = () => storeFile(place.dataDir);
  const sentence = /^[^\n]+[\u4e00-\u9fff][^\n]*$/;

  const spoiled: [string, () => void, RegExp][] = [
    ['a damaged file', () => writeFileSync(file(), readFileSync(file()).fill(0x5a, 4096, 4096 * 12)), /已损坏/],
    ['a cut file', () => truncateSync(file(), 4096 * 3), /已损坏/],
    ['no database', () => writeFileSync(file(), 'hello '.repeat(500)), /已损坏或不是数据库/],
    [
      'a newer schema',
      () => {
        const db = new Database(file());
        db.exec(`update "meta" set "value" = '["0000_first","9999_later"]' where "key" = 'migrations'`);
        db.close();
      },
      /更新版本/,
    ],
    [
      'a foreign database',
      () => {
        rmSync(file());
        const db = new Database(file());
        db.exec('create table users (id integer); insert into users values (1)');
        db.close();
      },
      /不是本程序的数据库/,
    ],
  ];
  test.each(spoiled)('with %s is refused in one sentence and left as it is', async (_, spoil, says) => {
    await fill();
    spoil();
    const before = readFileSync(file());
    const problem = await place.open().catch((e: unknown) => e);
    expect(problem).toBeInstanceOf(OpenProblem);
    expect((problem as Error).message).toMatch(says);
    expect((problem as Error).message).toMatch(sentence);
    expect(readFileSync(file()).equals(before)).toBe(true);
    // The folder is free again.
    lockFolder(place.dataDir)();
  });

  test('is one process’s', async () => {
    const store = await place.open();
    await expect(place.open()).rejects.toThrow('正被另一个进程使用');
    await store.close();
    await (await place.open()).close();
  });

  test('commits to the disk before it answers', async () => {
    await fill();
    const db = connect(file());
    const pragma = (name: string) => db.pragma(name, { simple: true });
    // 2: every commit is synced. 2: temporary tables stay in memory, so that nothing of them reaches the disk.
    expect([pragma('journal_mode'), pragma('synchronous'), pragma('temp_store'), pragma('foreign_keys')]).toEqual(['wal', 2, 2, 1]);
    db.close();
  });

  test('opens quickly when it is there', async () => {
    await fill();
    const used = meter();
    const store = await place.open();
    expect(used()).toBeLessThan(500);
    await store.close();
  });
});

describe('migrations', () => {
  let folder: string;
  beforeEach(async () => {
    place = await makePlace('sqlite');
    folder = mkdtempSync(join(tmpdir(), 'migrations-'));
    cpSync(join(packageRoot, 'db', 'migrations', 'sqlite'), folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const addMigration = (tag: string, sql: string) => {
    writeFileSync(join(folder, `${tag}.sql`), sql);
    const journal = join(folder, 'meta', '_journal.json');
    const read = JSON.parse(readFileSync(journal, 'utf8')) as { entries: { tag: string }[] };
    writeFileSync(journal, JSON.stringify({ ...read, entries: [...read.entries, { tag }] }));
  };
  const db = <T>(work: (db: Database.Database) => T): T => {
    const open = new Database(storeFile(place.dataDir));
    try {
      return work(open);
    } finally {
      open.close();
    }
  };

  test('of both engines have the same names in the same order', () => {
    expect(migrationTags('pg')).toEqual(migrationTags('sqlite'));
  });

  test.each(['sqlite', 'pg'])('hold every declared table and column (%s)', dialect => {
    const statements = migrationTags(dialect as 'sqlite' | 'pg').flatMap(tag => readMigration(dialect as 'sqlite' | 'pg', tag).statements);
    for (const [name, table] of Object.entries(tablesOf(dialect === 'pg' ? pgSchema : sqliteSchema))) {
      const made = statements.filter(s => new RegExp(`(CREATE|ALTER) TABLE [\`"]${name}[\`"]`).test(s)).join('\n');
      for (const column of columnsOf(table)) expect(made, name).toMatch(new RegExp(`[\`"]${column.name}[\`"]`));
    }
  });

  // drizzle-kit rebuilds a table so; with foreign keys on, the drop would take every child row with it.
  test('a rebuilt parent keeps its children, and the file before is kept', async () => {
    await fill();
    db(d =>
      d.exec(
        `create table child (id text, person text references people (id) on delete cascade); insert into child select "id", "id" from people`,
      ),
    );
    addMigration(
      '0001_rebuild',
      [
        'PRAGMA foreign_keys=OFF;',
        'CREATE TABLE `__new_people` (`seq` integer PRIMARY KEY NOT NULL, `id` text NOT NULL UNIQUE, `name` text NOT NULL, `phone` text, `phoneMask` text, `phoneIndex` text, `phoneFull` integer NOT NULL, `title` text, `specialty` text, `hospital` text);',
        'INSERT INTO `__new_people` SELECT * FROM `people`;',
        'DROP TABLE `people`;',
        'ALTER TABLE `__new_people` RENAME TO `people`;',
        'PRAGMA foreign_keys=ON;',
      ].join('\n--> statement-breakpoint\n'),
    );
    readyFile(place.dataDir, () => NOW, folder);
    expect(db(d => d.prepare('select count(*) from child').pluck().get())).toBe(20);
    expect(db(d => d.prepare('select count(*) from people').pluck().get())).toBe(20);
    const [snapshot] = readdirSync(join(place.dataDir, 'backups'));
    expect(snapshot).toBe(`before-0001_rebuild-${NOW}.db`);
    readyFile(place.dataDir, () => NOW + 1, folder);
    expect(readdirSync(join(place.dataDir, 'backups'))).toHaveLength(1);
    // The program of before does not open what it does not know.
    await expect(place.open()).rejects.toThrow('更新版本');
  });

  test.each([
    ['that fails', 'ALTER TABLE `nowhere` ADD `x` text;'],
    ['that leaves orphans', `CREATE TABLE o (id text, person text references people (id)); INSERT INTO o VALUES ('1', 'nobody');`],
  ])('one %s is taken back whole', async (_, sql) => {
    await fill();
    addMigration('0001_good', 'CREATE TABLE `new` (`id` text);');
    addMigration('0002_bad', sql);
    expect(() => readyFile(place.dataDir, () => NOW, folder)).toThrow('已全部退回');
    expect(db(d => d.prepare(`select count(*) from sqlite_master where name in ('new', 'o')`).pluck().get())).toBe(0);
    const store = await place.open();
    expect(await store.read.count('people', {})).toBe(20);
    await store.close();
  });
});

describe.runIf(DIALECTS.includes('postgres'))('a PostgreSQL database', () => {
  beforeEach(async () => {
    place = await makePlace('postgres');
  });
  const sql = async (text: string) => {
    const { default: pg } = await import('pg');
    const client = new pg.Client({ connectionString: place.url });
    await client.connect();
    try {
      await client.query(text);
    } finally {
      await client.end();
    }
  };

  test('of another program or a newer one is refused', async () => {
    await sql('create table users (id int)');
    await expect(place.open()).rejects.toThrow('别的程序的表');
    await sql('drop table users');
    await fill();
    await sql(`update "meta" set "value" = '["0000_first","9999_later"]' where "key" = 'migrations'`);
    await expect(place.open()).rejects.toThrow('更新版本');
  });

  test('that cannot be reached is one sentence', async () => {
    const { openStore } = await import('../../db/open.ts');
    await expect(openStore({ dataDir: place.dataDir, url: 'postgres://x@127.0.0.1:1/none' })).rejects.toThrow(/^连不上 PostgreSQL/);
    expect(existsSync(join(place.dataDir, 'keys.json'))).toBe(false);
  });

  test('has one writer among several instances', async () => {
    const first = await place.open();
    const second = await place.open();
    await first.turn(event('start'), async tx => {
      await tx.apply([{ table: 'locks', id: 'l', to: { id: 'l', wrong: 0, until: null } }], by);
      return 'ok';
    });
    await Promise.all(
      Array.from({ length: 40 }, async (_, i) => {
        await new Promise(done => setTimeout(done, i));
        return (i % 2 ? first : second).turn(event(`e${i}`), async tx => {
          const lock = (await tx.read.get('locks', 'l'))!;
          await tx.apply([{ table: 'locks', id: 'l', to: { ...lock, wrong: lock.wrong + 1 }, was: { wrong: lock.wrong } }], by);
          return 'ok';
        });
      }),
    );
    expect((await first.read.get('locks', 'l'))?.wrong).toBe(40);
    expect(await second.verifyJournal()).toEqual({ rows: 41, brokenAt: null });
    await first.close();
    await second.close();
  });

  test('that cuts a turn off is a fault, and the next turn goes on', async () => {
    const store = await place.open();
    const cut = store.turn(event('cut'), async tx => {
      await tx.apply([{ table: 'people', id: 'd1', to: person('d1') }], by);
      await sql(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state = 'idle in transaction'`,
      );
      await tx.read.get('people', 'd1');
      return 'ok';
    });
    const { StoreFault } = await import('../../src/bot/ports.ts');
    await expect(cut).rejects.toBeInstanceOf(StoreFault);
    expect((await store.turn(event('cut'), async () => 'again')).duplicate).toBe(false);
    expect(await store.read.count('people', {})).toBe(0);
    await store.close();
  });
});
