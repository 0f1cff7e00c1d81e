import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { restore } from '../../db/restore.ts';
import { storeFile } from '../../db/sqlite-file.ts';
import { packageRoot } from '../../src/root.ts';
import { by, DIALECTS, event, makePlace, NOW, type Place, person, post, type TestStore } from './stores.ts';

let place: Place;
let store: TestStore;
let n = 0;
const add = (id: string) =>
  store.turn(event(`e${n++}`), async tx => {
    await tx.apply([{ table: 'people', id, to: person(id, { phone: '13900001234', phoneMask: '139****1234', phoneFull: true }) }], by);
    await tx.post([post(`reply/${id}`)], NOW);
    return 'ok';
  });

describe('backup and restore of SQLite', () => {
  beforeEach(async () => {
    place = await makePlace('sqlite');
    store = await place.open();
  });
  afterEach(async () => {
    await store.close();
    await place.remove();
  });
  const file = () => join(place.dataDir, 'copy.db');

  test('the drill: back up under load, lose everything after, restore, go on', async () => {
    for (let i = 0; i < 50; i++) await add(`a${i}`);
    const during = Promise.all(Array.from({ length: 50 }, (_, i) => add(`b${i}`)));
    await store.backup(file());
    await during;
    await add('after');
    await store.close();
    expect(existsSync(`${file()}-wal`)).toBe(false);
    const { kept } = restore(file(), place.dataDir, NOW);
    store = await place.open();
    expect(await store.read.get('people', 'a49')).toBeDefined();
    expect(await store.read.get('people', 'after')).toBeUndefined();
    expect(await store.read.unseal('people', 'a1', 'phone')).toBe('13900001234');
    expect((await store.verifyJournal()).brokenAt).toBeNull();
    await add('again');
    // What was there before can still be had.
    const old = new Database(kept!, { readonly: true });
    expect(old.prepare(`select count(*) from "people"`).pluck().get()).toBe(101);
    old.close();
  });

  test('a backup holds no key and no phone', async () => {
    await add('a');
    await store.backup(file());
    const bytes = readFileSync(file());
    const keys = JSON.parse(readFileSync(join(place.dataDir, 'keys.json'), 'utf8')) as { cipher: { k1: string }; index: string };
    for (const secret of ['13900001234', keys.cipher.k1, keys.index, Buffer.from(keys.cipher.k1, 'base64')])
      expect(bytes.includes(secret)).toBe(false);
  });

  const broken: [string, () => void, RegExp][] = [
    ['truncated', () => truncateSync(file(), 8192), /已损坏/],
    ['overwritten inside', () => overwrite(file()), /已损坏/],
    ['a text', () => writeFileSync(file(), 'not a database at all, '.repeat(100)), /已损坏/],
    ['empty', () => writeFileSync(file(), ''), /是空的/],
    ['of another program', () => foreign(file()), /不是本程序/],
    ['missing', () => rmSync(file()), /没有这个备份文件/],
    ['of a newer program', () => newer(file()), /更新版本/],
  ];
  test.each(broken)('a backup that is %s is refused and nothing is touched', async (_, spoil, says) => {
    for (let i = 0; i < 20; i++) await add(`a${i}`);
    await store.backup(file());
    await store.close();
    spoil();
    const before = readFileSync(storeFile(place.dataDir));
    expect(() => restore(file(), place.dataDir, NOW)).toThrow(says);
    expect(readFileSync(storeFile(place.dataDir)).equals(before)).toBe(true);
    store = await place.open();
    expect(await store.read.count('people', {})).toBe(20);
  });

  test('a folder in use is not restored into', async () => {
    await store.backup(file());
    expect(() => restore(file(), place.dataDir, NOW)).toThrow('正被另一个进程使用');
  });

  test('from the terminal', async () => {
    await add('a');
    const run = (cli: string, ...args: string[]) =>
      execFileSync(process.execPath, ['--import', 'tsx', join(packageRoot, 'db', cli), ...args], {
        env: { ...process.env, DATA_DIR: place.dataDir, DATABASE_URL: '' },
        encoding: 'utf8',
        stdio: 'pipe',
      });
    expect(run('backup-cli.ts', file())).toContain('不含密钥');
    expect(() => run('backup-cli.ts', file())).toThrow('没有覆盖');
    expect(run('journal-cli.ts')).toBe('日志完好，共 1 条\n');
    expect(() => run('restore-cli.ts', file())).toThrow('正被另一个进程使用');
    expect(() => run('restore-cli.ts')).toThrow('npm run restore');
    await store.close();
    const empty = mkdtempSync(join(tmpdir(), 'store-'));
    copyFileSync(file(), join(empty, 'b.db'));
    expect(run('restore-cli.ts', file())).toContain('原来的数据库保留为');
    rmSync(empty, { recursive: true });
    const db = new Database(storeFile(place.dataDir));
    db.exec(`update "journal" set "row" = 'b'`);
    db.close();
    expect(() => run('journal-cli.ts')).toThrow('从第 1 条起对不上');
    store = await place.open();
  });
});

describe.runIf(DIALECTS.includes('postgres'))('backup of PostgreSQL', () => {
  test('pg_dump writes what pg_restore reads', async () => {
    place = await makePlace('postgres');
    store = await place.open();
    await add('a');
    const file = join(place.dataDir, 'copy.dump');
    await store.backup(file);
    expect(execFileSync('pg_restore', ['--list', file], { encoding: 'utf8' })).toContain('TABLE DATA public people');
    await expect(store.backup('/nowhere/at/all')).rejects.toThrow('pg_dump');
    await store.close();
    await place.remove();
  });
});

const overwrite = (file: string) => {
  const bytes = readFileSync(file);
  bytes.fill(0x5a, 4096, 4096 * 12);
  writeFileSync(file, bytes);
};
const foreign = (file: string) => {
  rmSync(file);
  const db = new Database(file);
  db.exec('create table users (id integer)');
  db.close();
};
const newer = (file: string) => {
  const db = new Database(file);
  db.exec(`update "meta" set "value" = '["0000_first","9999_later"]' where "key" = 'migrations'`);
  db.close();
};
