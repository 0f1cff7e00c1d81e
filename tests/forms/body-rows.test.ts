/** A form's rows in its file: what each cell holds, read by two readers that did not write it. */
import { afterAll, expect, test } from 'vitest';
import type { Cell, FormSheet } from '../../src/core/form.ts';
import { office } from '../../src/forms/office.ts';
import { partsOf, readBook } from '../harness/book.ts';

afterAll(() => office.close());

const form = (width: number, more: Partial<FormSheet> = {}): FormSheet => ({
  label: '附件 9',
  name: '附件9',
  title: '某县情况表',
  above: [],
  head: [Array.from({ length: width }, (_, i) => `列${i + 1}`)],
  merges: [],
  widths: Array.from({ length: width }, () => 10),
  keys: Array.from({ length: width }, (_, i) => `${i}`),
  total: null,
  notes: ['备注：说明'],
  remarks: [],
  marks: [],
  watermark: null,
  more: [],
  template: null,
  ...more,
});
/** Over the rows: label, title, head. */
const FIRST = 3;

test('text stays text, whatever it looks like; 0 is a number and nothing is nothing', async () => {
  const rows: Cell[][] = [
    ['=1+1', '+86', '-5', '@SUM(A1)', '#N/A', 'TRUE', '007'],
    ['<b>&amp;</b>', ' 两边有空 ', '一行\n又一行', '䶮㛃龑𠮷', 'a\u0000b', '"', 0],
    [null, '', 0.5, 12_345_678, -0, null, null],
  ];
  const bytes = await office.writeForm(form(7), rows);
  const [sheet] = readBook(bytes);
  expect(sheet!.rows.slice(FIRST, FIRST + 3)).toEqual([
    rows[0],
    ['<b>&amp;</b>', ' 两边有空 ', '一行\n又一行', '䶮㛃龑𠮷', 'ab', '"', 0],
    ['', '', 0.5, 12_345_678, 0, '', ''],
  ]);
  expect(sheet!.formulas.size).toBe(0);
  const { readXlsx } = await import('hucre');
  const own = (await readXlsx(bytes)).sheets[0]!.rows.slice(FIRST, FIRST + 2);
  expect(own[0]).toEqual(rows[0]);
  expect(own[1]!.slice(3)).toEqual(['䶮㛃龑𠮷', 'ab', '"', 0]);
});

test('thousands of rows stand where the total and the notes expect them', async () => {
  const rows = Array.from({ length: 5000 }, (_, i): Cell[] => [`单位${i}`, i, i % 3 ? null : 1]);
  const sum = (5000 * 4999) / 2;
  const bytes = await office.writeForm(
    form(3, { total: { label: '合计', over: 1, cells: [null, { sum }, { sum: 1667 }] }, marks: [[4999, 1]] }),
    rows,
  );
  const [sheet] = readBook(bytes);
  expect(sheet!.rows[FIRST + 4999]).toEqual(['单位4999', 4999, '']);
  expect(sheet!.rows[FIRST + 5000]).toEqual(['合计', sum, 1667]);
  expect(sheet!.formulas.get('B5004')).toBe('SUM(B4:B5003)');
  expect(sheet!.rows[FIRST + 5001]![0]).toBe('备注：说明');
  expect([...sheet!.xml.matchAll(/<row r="(\d+)"/g)].map(m => Number(m[1]))).toEqual(Array.from({ length: 5005 }, (_, i) => i + 1));
  // What was taken over from paper is grey, and only that.
  const styleOf = (cell: string) => new RegExp(`<c r="${cell}" s="(\\d+)"`).exec(sheet!.xml)?.[1];
  expect(styleOf('A5003')).toBe(styleOf('B4'));
  expect(styleOf('B5003')).not.toBe(styleOf('B4'));
  const styles = partsOf(bytes).get('xl/styles.xml')!;
  const grey = [...styles.matchAll(/<fill>.*?<\/fill>/gs)].findIndex(m => m[0].includes('D9D9D9'));
  const looks = [...(/<cellXfs\b.*?<\/cellXfs>/s.exec(styles)?.[0] ?? '').matchAll(/<xf\b[^>]*>/g)].map(m => m[0]);
  expect(looks[Number(styleOf('B5003'))]).toContain(`fillId="${grey}"`);
  expect(looks[Number(styleOf('B4'))]).not.toContain(`fillId="${grey}"`);
});

test('a form without rows has its head, its total and its notes', async () => {
  const [sheet] = readBook(await office.writeForm(form(2, { total: { label: '合计', over: 1, cells: [null, { sum: 0 }] } }), []));
  expect(sheet!.rows.slice(2).map(r => r[0])).toEqual(['列1', '合计', '备注：说明']);
  expect(sheet!.rows[3]![1]).toBe(0);
  expect(sheet!.formulas.size).toBe(0);
});
