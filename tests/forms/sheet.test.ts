import { deflateRawSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { office } from '../../src/forms/office.ts';
import { LIMITS, readSheet } from '../../src/forms/sheet.ts';
import { xlsxOf } from '../harness/xlsx.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
afterAll(() => office.close());

/** A ZIP with one entry whose directory tells the truth of its size. */
const zipOf = (size: number): Uint8Array => {
  const packed = deflateRawSync(Buffer.alloc(size));
  const name = Buffer.from('xl/worksheets/sheet1.xml');
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(20, 4);
  local.writeUInt16LE(8, 8);
  local.writeUInt32LE(packed.length, 18);
  local.writeUInt32LE(size, 22);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(8, 10);
  central.writeUInt32LE(packed.length, 20);
  central.writeUInt32LE(size, 24);
  central.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(46 + name.length, 12);
  end.writeUInt32LE(30 + name.length + packed.length, 16);
  return Buffer.concat([local, name, packed, central, name, end]);
};

describe('a table file', () => {
  test('.xlsx with merged cells: their text once, and a notice', async () => {
    const read = await readSheet(
      await xlsxOf(
        [
          ['受援单位', '', '姓名'],
          ['东村', '５５５１００１', '林知夏'],
        ],
        [{ startRow: 0, startCol: 0, endRow: 0, endCol: 1 }],
      ),
      'a.xlsx',
    );
    expect(read).toEqual({
      ok: true,
      rows: [
        ['受援单位', '', '姓名'],
        ['东村', '5551001', '林知夏'],
      ],
      notices: ['有合并单元格，按左上角的内容读'],
      traits: { hidden: 0, formulas: [], sheet: 0, down: [] },
    });
  });

  test('CSV in UTF-8 with a mark, and in GBK', async () => {
    expect(await readSheet(bytes('\ufeff单位,姓名\n东村,林知夏\n\n'), 'a.csv')).toMatchObject({
      ok: true,
      rows: [
        ['单位', '姓名'],
        ['东村', '林知夏'],
      ],
    });
    const gbk = Uint8Array.from([0xb5, 0xa5, 0xce, 0xbb, 0x2c, 0xd0, 0xd5, 0xc3, 0xfb]);
    expect(await readSheet(gbk, 'a.csv')).toMatchObject({ ok: true, rows: [['单位', '姓名']] });
  });

  test.each<[string, () => Uint8Array | Promise<Uint8Array>, string, string]>([
    ['empty', () => new Uint8Array(), 'a.xlsx', 'empty'],
    ['without a filled cell', () => xlsxOf([['', '']]), 'a.xlsx', 'empty'],
    ['of random bytes', () => Uint8Array.from({ length: 500 }, (_, i) => (i * 37) % 251), 'a.xlsx', 'not-a-sheet'],
    ['of another kind', () => bytes('hello'), 'a.pdf', 'not-a-sheet'],
    ['of binary text', () => Uint8Array.from([0, 1, 2, 3]), 'a.csv', 'not-a-sheet'],
    ['over 5 MB', () => new Uint8Array(LIMITS.bytes + 1), 'a.xlsx', 'too-big'],
    ['that unpacks to over 50 MB', () => zipOf(LIMITS.unpacked + 1), 'a.xlsx', 'bomb'],
    ['of 10,005 lines', () => bytes(Array.from({ length: LIMITS.rows + 5 }, (_, i) => `a,${i}`).join('\n')), 'a.csv', 'too-many-rows'],
  ])('%s is refused in words', async (_what, make, name, code) => {
    const read = await readSheet(await make(), name);
    expect(read).toMatchObject({ ok: false, code });
    expect(!read.ok && read.message).toMatch(/[\u4e00-\u9fff]/);
  });

  test('whose directory lies about what it unpacks to is not read', async () => {
    const file = Buffer.from(await xlsxOf([['单位'], ['长'.repeat(3_000_000)]]));
    // Uncompressed sizes stand in the local headers and once more in the directory.
    for (const [mark, at] of [
      [0x04034b50, 22],
      [0x02014b50, 24],
    ] as const)
      for (let i = 0; i + at + 4 < file.length; i++)
        if (file.readUInt32LE(i) === mark && file.readUInt32LE(i + at) > 1_000_000) file.writeUInt32LE(1000, i + at);
    expect(await readSheet(file, 'a.xlsx')).toMatchObject({ ok: false });
  });

  test('a truncated one is an answer, not an exception', async () => {
    const whole = await xlsxOf([
      ['单位', '姓名'],
      ['东村', '林知夏'],
    ]);
    for (const part of [10, 100, whole.length - 40]) expect((await readSheet(whole.slice(0, part), 'a.xlsx')).ok).toBe(false);
  });

  test('the worker reads it too', async () => {
    expect(await office.readSheet(await xlsxOf([['单位'], ['东村']]), 'a.xlsx')).toMatchObject({ ok: true, rows: [['单位'], ['东村']] });
  });
});
