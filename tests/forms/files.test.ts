import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Seals } from '../../db/seal.ts';
import { openFiles } from '../../src/forms/files.ts';

const folder = mkdtempSync(join(tmpdir(), 'files-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const seals = new Seals({ current: 'k1', cipher: { k1: Buffer.alloc(32, 1) }, index: Buffer.alloc(32, 2) });
const vault = { seal: seals.sealBytes.bind(seals), open: seals.openBytes.bind(seals) };

test('the same bytes, kept by many at once, are one file', async () => {
  const files = openFiles(folder, () => vault);
  const bytes = new Uint8Array(200_000).fill(7);
  const kept = await Promise.all(Array.from({ length: 40 }, (_, i) => files.keep(`图${i}.png`, bytes)));
  expect(new Set(kept.map(k => k.id)).size).toBe(1);
  expect(kept[3]).toMatchObject({ name: '图3.png', bytes: 200_000 });
  expect(readdirSync(folder, { recursive: true, withFileTypes: true }).filter(f => f.isFile())).toHaveLength(1);
  expect((await files.open(kept[0]!.id))?.length).toBe(200_000);
  expect(await files.open('../../etc/passwd')).toBeUndefined();
});

test('at rest they are sealed, and opened only under their own address', async () => {
  const files = openFiles(folder, () => vault);
  const { id } = await files.keep('名单.csv', Buffer.from('张三,13900001234'));
  const path = join(folder, id.slice(0, 2), id);
  expect(readFileSync(path).includes('13900001234')).toBe(false);
  expect(Buffer.from((await files.open(id))!).toString()).toBe('张三,13900001234');
  const other = await files.keep('另一份.csv', Buffer.from('x'));
  writeFileSync(join(folder, other.id.slice(0, 2), other.id), readFileSync(path));
  await expect(files.open(other.id)).rejects.toThrow();
});

test('what was kept before files were sealed is still read', async () => {
  const files = openFiles(folder, () => vault);
  const { id } = await files.keep('旧.txt', Buffer.from('old'));
  writeFileSync(join(folder, id.slice(0, 2), id), 'old');
  expect(Buffer.from((await files.open(id))!).toString()).toBe('old');
});

test('lists of people are gone after seven days, other files stay', async () => {
  const files = openFiles(folder, () => vault);
  const list = await files.keep('名单.xlsx', Buffer.from('people'), 'brief');
  const form = await files.keep('附件1.xlsx', Buffer.from('form'));
  const week = 7 * 86_400_000;
  utimesSync(join(folder, 'brief', list.id), new Date(0), new Date(1_000_000));
  await files.clear(1_000_000 + week);
  expect(await files.open(list.id)).toBeDefined();
  await files.clear(1_000_000 + week + 1);
  expect(await files.open(list.id)).toBeUndefined();
  expect(await files.open(form.id)).toBeDefined();
});
