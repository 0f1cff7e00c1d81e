import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openFiles } from '../../src/forms/files.ts';

const folder = mkdtempSync(join(tmpdir(), 'files-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the same bytes, kept by many at once, are one file', async () => {
  const files = openFiles(folder);
  const bytes = new Uint8Array(200_000).fill(7);
  const kept = await Promise.all(Array.from({ length: 40 }, (_, i) => files.keep(`图${i}.png`, bytes)));
  expect(new Set(kept.map(k => k.id)).size).toBe(1);
  expect(kept[3]).toMatchObject({ name: '图3.png', bytes: 200_000 });
  expect(readdirSync(folder, { recursive: true, withFileTypes: true }).filter(f => f.isFile())).toHaveLength(1);
  expect((await files.open(kept[0]!.id))?.length).toBe(200_000);
  expect(await files.open('../../etc/passwd')).toBeUndefined();
});
