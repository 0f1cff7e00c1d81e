/** Writes official forms as .xlsx, as issued: merged headers, totals as formulas with their values, A4 landscape, header rows on every page. Meant to run in the worker. */
import type { Cell as BookCell, CellStyle, WriteSheet } from 'hucre';
import type { Cell, FormSheet, PlainSheet, TotalCell } from '../core/form.ts';
import { type BodyRows, columnName, withBodyRows } from './body-rows.ts';

/** The longest text that a cell may hold. */
const LONGEST = 32_767;
const CUT = '…（过长，已截）';

/** Text stays text, whatever it begins with; what is too long is cut, and says so. */
export const cellValue = (cell: Cell): Cell => {
  if (typeof cell !== 'string') return cell;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML has no place for them
  const text = cell.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
  return text.length > LONGEST ? `${[...text.slice(0, LONGEST - CUT.length)].join('').replace(/[\ud800-\udbff]$/, '')}${CUT}` : text;
};

const thin = { style: 'thin' as const };
const BORDER = { top: thin, bottom: thin, left: thin, right: thin };
const CENTER = { horizontal: 'center', vertical: 'center', wrapText: true } as const;
const STYLE = {
  label: { font: { name: '黑体', size: 14 } },
  mark: { font: { name: '黑体', size: 11, color: { rgb: 'B03A2E' } }, alignment: { horizontal: 'right' } },
  second: { font: { name: '黑体', size: 12 }, alignment: CENTER },
  title: { font: { name: '方正小标宋简体', size: 18 }, alignment: { horizontal: 'center', vertical: 'center' } },
  above: { font: { name: '仿宋_GB2312', size: 11 }, alignment: { vertical: 'center' } },
  head: { font: { name: '黑体', size: 10 }, alignment: CENTER, border: BORDER },
  body: { font: { name: '宋体', size: 10 }, alignment: CENTER, border: BORDER },
  /** Taken over from paper. */
  paper: {
    font: { name: '宋体', size: 10 },
    alignment: CENTER,
    border: BORDER,
    fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: 'D9D9D9' } },
  },
  total: { font: { name: '黑体', size: 10 }, alignment: CENTER, border: BORDER },
  note: { font: { name: '仿宋_GB2312', size: 10 }, alignment: { horizontal: 'left', vertical: 'center', wrapText: true } },
} as const satisfies Record<string, CellStyle>;

/** Styles of the table's own cells: as usual, and taken over from paper. */
const BODY = [STYLE.body, STYLE.paper] as const;

/** The ground of what was taken over from paper. */
export const GREY = STYLE.paper.fill;

type Cells = Map<string, Partial<BookCell>>;

const totalCell = (cell: TotalCell, column: number, first: number, last: number): Partial<BookCell> => {
  const range = `${columnName(column)}${first + 1}:${columnName(column)}${last + 1}`;
  if (cell === null || typeof cell !== 'object') return { value: cellValue(cell), style: STYLE.total };
  // A sum of no rows is nothing to calculate.
  if (last < first) return { value: 'sum' in cell ? cell.sum : cell.yes, style: STYLE.total };
  return 'sum' in cell
    ? { value: cell.sum, formula: `SUM(${range})`, formulaResult: cell.sum, style: STYLE.total }
    : { value: cell.yes, formula: `COUNTIF(${range},"是")`, formulaResult: cell.yes, style: STYLE.total };
};

/** Lines of a text in a column of so many characters; Chinese ones are two wide. */
const linesIn = (text: string, width: number): number => {
  let wide = 0;
  for (const c of text) wide += c > '\u2e7f' ? 2 : 1;
  return Math.max(1, Math.ceil(wide / Math.max(2, width)));
};

const FOOTER = '&C第 &P 页，共 &N 页';
const PAGE_MARGINS = { top: 0.6, bottom: 0.6, left: 0.4, right: 0.4, header: 0.3, footer: 0.3 };

/** The sheet around the rows: what stands over and under them, with room for them and a cell of each of their styles in its first row. */
const formSheet = (sheet: FormSheet, rows: readonly Cell[][]): { around: WriteSheet; body: BodyRows } => {
  const width = sheet.widths.length;
  const cells: Cells = new Map();
  const merges = [];
  const heights = new Map<number, { height: number }>();
  const all: Cell[][] = [];
  const put = (row: number, column: number, cell: Partial<BookCell>) => cells.set(`${row},${column}`, cell);
  /** A row outside the table: what no cell is put in has no border of the column either. */
  const outside = (): number => {
    const at = all.length;
    all.push([]);
    return at;
  };
  const whole = (row: number, value: string, style: CellStyle) => {
    put(row, 0, { value, style });
    if (width > 1) merges.push({ startRow: row, startCol: 0, endRow: row, endCol: width - 1 });
  };

  if (sheet.label || sheet.watermark) {
    const at = outside();
    if (sheet.label) put(at, 0, { value: sheet.label, style: STYLE.label });
    if (sheet.label && width > 2) merges.push({ startRow: at, startCol: 0, endRow: at, endCol: Math.min(2, width - 2) });
    if (sheet.watermark) put(at, width - 1, { value: sheet.watermark, style: STYLE.mark });
    heights.set(at, { height: 18 });
  }
  const title = outside();
  whole(title, sheet.title, STYLE.title);
  heights.set(title, { height: 29 });
  if (sheet.above.length) {
    const at = outside();
    const share = width / sheet.above.length;
    sheet.above.forEach((text, i) => {
      const from = Math.round(i * share);
      const to = Math.max(from, Math.round((i + 1) * share) - 1);
      put(at, from, { value: cellValue(text), style: STYLE.above });
      if (to > from) merges.push({ startRow: at, startCol: from, endRow: at, endCol: to });
    });
    heights.set(at, { height: 19 });
  }
  const headAt = all.length;
  for (const [level, texts] of sheet.head.entries()) {
    const at = outside();
    const span = sheet.head.length - level;
    texts.forEach((value, column) => put(at, column, { value: value || null, style: STYLE.head }));
    const most = Math.max(
      ...texts.map((t, c) => {
        const merge = sheet.merges.find(m => m.startRow === level && m.startCol === c);
        if (merge && merge.endCol > merge.startCol) return 1;
        return Math.ceil(linesIn(t, sheet.widths[c]!) / (merge ? merge.endRow - merge.startRow + 1 : 1));
      }),
    );
    heights.set(at, { height: Math.max(span > 1 ? 18 : 20, most * 13.5 + 4) });
  }
  for (const m of sheet.merges) merges.push({ ...m, startRow: m.startRow + headAt, endRow: m.endRow + headAt });
  const first = all.length;
  rows.forEach(outside);
  if (rows.length) BODY.forEach((style, c) => put(first, c, { value: null, style }));
  const marked = new Set(sheet.marks.map(([r, c]) => `${r},${c}`));
  const body: BodyRows = {
    first,
    rows,
    cell: cellValue,
    height: r => {
      const most = rows[r]!.reduce<number>((n, c, i) => (typeof c === 'string' ? Math.max(n, linesIn(c, sheet.widths[i]!)) : n), 1);
      return Math.min(400, most > 1 ? most * 13 + 3 : 16.5);
    },
    style: (r, c) => (marked.size && marked.has(`${r},${c}`) ? 1 : 0),
  };
  const last = all.length - 1;
  if (sheet.total) {
    const at = outside();
    sheet.total.cells.forEach((cell, c) => put(at, c, totalCell(cell, c, first, last)));
    const { over } = sheet.total;
    for (let c = 0; c < over; c++) put(at, c, { value: c === 0 ? sheet.total.label : null, style: STYLE.total });
    if (over > 1) merges.push({ startRow: at, startCol: 0, endRow: at, endCol: over - 1 });
    heights.set(at, { height: 18 });
  }
  const inWidth = sheet.widths.reduce((a, b) => a + b, 0);
  for (const note of [...sheet.notes, ...sheet.remarks]) {
    const at = outside();
    whole(at, cellValue(note) as string, STYLE.note);
    heights.set(at, { height: linesIn(note, inWidth) * 14 + 3 });
  }
  const around: WriteSheet = {
    name: sheet.name,
    columns: sheet.widths.map(width => ({ width })),
    rows: all,
    cells,
    merges,
    rowDefs: heights,
    freezePane: { rows: first },
    pageSetup: {
      paperSize: 'a4',
      orientation: 'landscape',
      fitToPage: true,
      fitToWidth: 1,
      fitToHeight: 0,
      margins: PAGE_MARGINS,
      horizontalCentered: true,
      printTitlesRow: `$${headAt + 1}:$${first}`,
    },
    headerFooter: {
      oddFooter: FOOTER,
      firstFooter: FOOTER,
      // The first page says so in its own corner.
      ...(sheet.watermark ? { oddHeader: `&R${sheet.watermark}`, differentFirst: true } : {}),
    },
  };
  return { around, body };
};

/** A plain second sheet. */
export const plainSheet = (
  sheet: PlainSheet,
  watermark: string | null,
): Pick<WriteSheet, 'name' | 'columns' | 'rows' | 'cells' | 'merges' | 'rowDefs' | 'freezePane' | 'pageSetup' | 'headerFooter'> => {
  const cells: Cells = new Map();
  const widths = sheet.columns.map((c, i) =>
    Math.min(
      40,
      Math.max(6, ...[c, ...sheet.rows.map(r => r[i])].map(v => [...String(v ?? '')].reduce((n, x) => n + (x > '\u2e7f' ? 2 : 1), 2))),
    ),
  );
  cells.set('0,0', { value: `${sheet.title}${watermark ? `（${watermark}）` : ''}`, style: STYLE.second });
  sheet.columns.forEach((c, i) => cells.set(`1,${i}`, { value: c, style: STYLE.head }));
  return {
    name: sheet.name,
    columns: widths.map(width => ({ width, style: STYLE.body })),
    rows: [[], [], ...sheet.rows.map(r => r.map(cellValue))],
    cells,
    merges: sheet.columns.length > 1 ? [{ startRow: 0, startCol: 0, endRow: 0, endCol: sheet.columns.length - 1 }] : [],
    rowDefs: new Map([[0, { height: 16 * linesIn(sheet.title + (watermark ?? ''), widths.reduce((a, b) => a + b, 0) * 0.8) + 6 }]]),
    freezePane: { rows: 2 },
    pageSetup: {
      paperSize: 'a4',
      orientation: 'landscape',
      fitToPage: true,
      fitToWidth: 1,
      fitToHeight: 0,
      margins: PAGE_MARGINS,
      printTitlesRow: '$2:$2',
    },
    headerFooter: { oddFooter: FOOTER },
  };
};

/** The bytes of the .xlsx. */
export const writeForm = async (sheet: FormSheet, rows: Cell[][]): Promise<Uint8Array> => {
  const { writeXlsx } = await import('hucre/xlsx');
  const { around, body } = formSheet(sheet, rows);
  return withBodyRows(await writeXlsx({ sheets: [around, ...sheet.more.map(s => plainSheet(s, sheet.watermark))] }), body);
};
