/** A list of people to be called, as a sheet: names and numbers as text, empty columns for what is heard. */
import { type CellStyle, type CellValue, writeXlsx } from 'hucre';
import type { PeopleList } from '../core/card.ts';
import { sayDay } from '../core/day.ts';

const FONT = '仿宋_GB2312';
const BORDER = { style: 'thin', color: { rgb: '000000' } } as const;
const CELL: CellStyle = {
  font: { name: FONT, size: 11 },
  alignment: { horizontal: 'center', vertical: 'center', wrapText: true },
  border: { top: BORDER, right: BORDER, bottom: BORDER, left: BORDER },
  numFmt: '@',
};

/** xlsx bytes. `opened` has name, number and wish of each row. */
export const peopleList = async (list: PeopleList, opened: readonly (readonly string[])[]): Promise<Uint8Array> => {
  const head = ['编号', '受援单位', '医师', '服务日期', '姓名', '联系电话', '诉求', ...(list.result ? ['回访结果', '备注'] : [])];
  const body = list.rows.map((r, i) => [
    r.id,
    r.clinic,
    r.person,
    sayDay(r.day),
    ...(opened[i] ?? ['', '', '']),
    ...(list.result ? ['', ''] : []),
  ]);
  const rows: CellValue[][] = [[list.title], [list.note.join('；')], head, ...body];
  const cells = new Map<string, { style: CellStyle }>();
  cells.set('0,0', { style: { font: { name: '黑体', size: 16 }, alignment: { horizontal: 'center' } } });
  cells.set('1,0', { style: { font: { name: FONT, size: 10 }, alignment: { horizontal: 'left' } } });
  for (let r = 2; r < rows.length; r++)
    for (let c = 0; c < head.length; c++) cells.set(`${r},${c}`, { style: r === 2 ? { ...CELL, font: { name: '黑体', size: 11 } } : CELL });
  return writeXlsx({
    sheets: [
      {
        name: '名单',
        rows,
        cells,
        columns: [8, 26, 10, 14, 10, 16, 24, ...(list.result ? [12, 20] : [])].map(width => ({ width })),
        merges: [0, 1].map(row => ({ startRow: row, endRow: row, startCol: 0, endCol: head.length - 1 })),
        pageSetup: { paperSize: 'a4', orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0 },
      },
    ],
  });
};
