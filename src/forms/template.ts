/** Fills a bureau's own file: its title, widths, notes and other columns stay; its rows make room for ours, and what stands on sheets of its own comes after its sheets. Meant to run in the worker. */
import type { Cell as BookCell, CellValue, Sheet } from 'hucre';
import type { Cell, FormSheet, TotalCell } from '../core/form.ts';
import { isTail } from '../core/form-read.ts';
import { columnName } from './body-rows.ts';
import { cellValue, GREY, plainSheet } from './form.ts';

const total = (cell: TotalCell, column: number, first: number, last: number): Partial<BookCell> => {
  if (cell === null || typeof cell !== 'object') return { value: cellValue(cell) as CellValue };
  const range = `${columnName(column)}${first + 1}:${columnName(column)}${last + 1}`;
  const value = 'sum' in cell ? cell.sum : cell.yes;
  if (last < first) return { value };
  return { value, formula: 'sum' in cell ? `SUM(${range})` : `COUNTIF(${range},"是")`, formulaResult: value };
};

/** @throws Error where the file is not as it was when it was taken */
export const fillTemplate = async (bytes: Uint8Array, form: FormSheet, rows: Cell[][]): Promise<Uint8Array> => {
  const [{ openXlsx, saveXlsx }, { deleteRows, insertRows }] = await Promise.all([import('hucre/xlsx'), import('hucre')]);
  const { columns, firstRow, sheet: place } = form.template!;
  const book = await openXlsx(bytes, { readStyles: true });
  const sheet = book.sheets[place];
  if (!sheet) throw new Error('the template has lost its sheet');
  sheet.cells ??= new Map();
  const below = sheet.rows.slice(firstRow).findIndex(isTail);
  const end = below < 0 ? sheet.rows.length : firstRow + below;
  const look = new Map(form.keys.map(key => [key, sheet.cells!.get(`${firstRow},${columns[key]}`)?.style]));
  const height = sheet.rowDefs?.get(firstRow);
  if (end > firstRow) deleteRows(sheet, firstRow, end - firstRow);
  if (rows.length) insertRows(sheet, firstRow, rows.length);
  const put = (row: number, column: number, cell: Partial<BookCell>, style: BookCell['style']) => {
    const own = (sheet.rows[row] ??= []);
    while (own.length <= column) own.push(null);
    own[column] = cell.value ?? null;
    const type = cell.formula ? 'formula' : typeof cell.value === 'number' ? 'number' : cell.value === null ? 'empty' : 'string';
    sheet.cells!.set(`${row},${column}`, { value: null, ...cell, type, ...(style ? { style } : {}) } as BookCell);
  };
  // 填报单位：, 填报人：, 填报日期： over the table.
  const sayWho = (text: string): string => text.slice(0, text.indexOf('：') + 1);
  sheet.rows.slice(0, firstRow).forEach((row, r) => {
    row.forEach((value, c) => {
      const said = typeof value === 'string' ? value.replace(':', '：').replace(/\s/g, '') : '';
      const own = form.above.find(text => sayWho(text) !== '' && said.startsWith(sayWho(text)));
      if (own !== undefined) put(r, c, { value: cellValue(own) as CellValue }, sheet.cells!.get(`${r},${c}`)?.style);
    });
  });
  const marked = new Set(form.marks.map(([r, c]) => `${r},${c}`));
  rows.forEach((row, r) => {
    form.keys.forEach((key, c) => {
      const at = columns[key];
      if (at !== undefined)
        put(
          firstRow + r,
          at,
          { value: cellValue(row[c] ?? null) as CellValue },
          marked.has(`${r},${c}`) ? { ...look.get(key), fill: GREY } : look.get(key),
        );
    });
    if (height) (sheet.rowDefs ??= new Map()).set(firstRow + r, { ...height });
  });
  const tail = firstRow + rows.length;
  const totals = sheet.rows[tail];
  if (form.total && totals && isTail(totals) && /^(合计|总计|小计)/.test(String(totals.find(c => c !== null && c !== '') ?? '')))
    form.total.cells.forEach((cell, c) => {
      const at = columns[form.keys[c]!];
      if (at === undefined || c < form.total!.over) return;
      put(tail, at, total(cell, at, firstRow, tail - 1), sheet.cells!.get(`${tail},${at}`)?.style);
    });
  // The last rows say what there is to say of the numbers, and of when they are.
  const last = sheet.rows.length;
  for (const [i, note] of [...(form.watermark ? [form.watermark] : []), ...form.remarks].entries())
    put(last + i, 0, { value: cellValue(note) as CellValue }, undefined);
  for (const own of form.more) {
    const name = book.sheets.some(s => s.name === own.name) ? `${own.name}（系统）` : own.name;
    book.sheets.push({ ...plainSheet(own, form.watermark), name } as Sheet);
  }
  return saveXlsx(book);
};
