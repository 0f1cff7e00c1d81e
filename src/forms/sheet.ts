/** Reads table files; meant to run in the worker. */
import type { SheetTraits } from '../bot/ports.ts';

export type SheetRead =
  | { ok: true; rows: string[][]; notices: string[]; traits?: SheetTraits }
  | { ok: false; code: 'empty' | 'not-a-sheet' | 'encrypted' | 'too-big' | 'too-many-rows' | 'bomb' | 'broken'; message: string };

/** Of the file, of what it unpacks to, and of its rows of data. */
export const LIMITS = { bytes: 5 * 1024 * 1024, unpacked: 50 * 1024 * 1024, rows: 10_000, cell: 2_000, formulas: 500 } as const;

const no = (code: Extract<SheetRead, { ok: false }>['code'], message: string): SheetRead => ({ ok: false, code, message });

/** Sum of uncompressed sizes that a ZIP's central directory names; undefined when it is no ZIP. What the directory hides is caught by the worker's memory limit. */
const unpackedSize = (b: Buffer): number | undefined => {
  if (b.length < 22 || b.readUInt32LE(0) !== 0x04034b50) return undefined;
  let end = b.length - 22;
  while (end >= 0 && b.readUInt32LE(end) !== 0x06054b50) end--;
  if (end < 0) return undefined;
  let at = b.readUInt32LE(end + 16);
  const entries = b.readUInt16LE(end + 10);
  let total = 0;
  for (let i = 0; i < entries && at + 46 <= b.length && b.readUInt32LE(at) === 0x02014b50; i++) {
    total += b.readUInt32LE(at + 24);
    at += 46 + b.readUInt16LE(at + 28) + b.readUInt16LE(at + 30) + b.readUInt16LE(at + 32);
  }
  return total;
};

const cellText = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  if (typeof value === 'object' && 'result' in value) return cellText((value as { result: unknown }).result);
  return String(value)
    .normalize('NFKC')
    .replace(/[\u200b-\u200d\u2060\ufeff]/g, '')
    .trim()
    .slice(0, LIMITS.cell);
};

const filled = (rows: string[][]): string[][] => {
  const last = rows.findLastIndex(r => r.some(c => c !== ''));
  return rows.slice(0, last + 1);
};

const checked = (rows: string[][], notices: string[], traits?: SheetTraits): SheetRead => {
  const own = filled(rows);
  if (!own.length) return no('empty', '表里没有内容');
  const data = own.filter(r => r.some(c => c !== '')).length;
  // Title and header rows stand above the data.
  if (data > LIMITS.rows + 4) return no('too-many-rows', `超过 ${LIMITS.rows} 行，请分几次导入`);
  return { ok: true, rows: own, notices, ...(traits ? { traits } : {}) };
};

const decodeText = (b: Buffer): string | undefined => {
  if (b.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(b);
  } catch {
    try {
      return new TextDecoder('gb18030', { fatal: true }).decode(b);
    } catch {
      return undefined;
    }
  }
};

/** Filled cells of a row that make a table of its sheet. */
const TABLE = 3;

/** Rows of the first sheet that holds a table, else of the first that holds anything, as trimmed text. */
export const readSheet = async (bytes: Uint8Array, name: string): Promise<SheetRead> => {
  const b = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (b.length === 0) return no('empty', '这是空文件');
  if (b.length > LIMITS.bytes) return no('too-big', '文件超过 5 MB，请只留要导入的表');
  if (/\.(csv|tsv|txt)$/i.test(name)) {
    const text = decodeText(b);
    if (text === undefined) return no('not-a-sheet', '这个文件不是表格，请发 xlsx 或 csv');
    const rows = text.includes('\t')
      ? text.split(/\r?\n/).map(l => l.split('\t').map(cellText))
      : (await import('hucre')).parseCsv(text.replace(/^\ufeff/, '')).map(r => r.map(cellText));
    return checked(rows, []);
  }
  if (!/\.(xlsx|xlsm|xls|xlsb|ods)$/i.test(name)) return no('not-a-sheet', '只认表格文件：xlsx、xls、ods、csv');
  const size = unpackedSize(b);
  if (size !== undefined && size > LIMITS.unpacked) return no('bomb', '这个文件展开后太大，没有读');
  const hucre = await import('hucre');
  try {
    const book = await hucre.read(bytes);
    const notices: string[] = [];
    const hidden = book.sheets.filter(s => s.hidden || s.veryHidden);
    if (hidden.length) notices.push(`有 ${hidden.length} 张隐藏的表，没有读`);
    const holds = (s: (typeof book.sheets)[number], cells: number) =>
      s.rows.some(r => Array.from(r).filter(c => cellText(c) !== '').length >= cells);
    const seen = book.sheets.filter(s => !hidden.includes(s) && holds(s, 1));
    // A sheet of explanations in front is no table.
    const sheet = seen.find(s => holds(s, TABLE)) ?? seen[0];
    if (!sheet) return no('empty', '表里没有内容');
    if (seen.length > 1) notices.push(`只读了“${sheet.name}”，另外 ${seen.length - 1} 张没有读`);
    if (sheet.merges?.length) notices.push('有合并单元格，按左上角的内容读');
    const formulas = [...(sheet.cells ?? [])].filter(([, c]) => c.formula).map(([at]) => at.split(',').map(Number) as [number, number]);
    if (formulas.length) notices.push('有公式，按算好的值读');
    return checked(
      sheet.rows.map(r => Array.from(r, cellText)),
      notices,
      {
        sheet: book.sheets.indexOf(sheet),
        hidden: hidden.length,
        formulas: formulas.slice(0, LIMITS.formulas),
        down: (sheet.merges ?? [])
          .filter(m => m.endRow > m.startRow && m.endRow < LIMITS.rows)
          .slice(0, LIMITS.rows)
          .map(m => [m.startRow, m.startCol, m.endRow]),
      },
    );
  } catch (e) {
    const kind = e instanceof Error ? e.name : '';
    if (/Encrypt|Decrypt/.test(kind)) return no('encrypted', '文件有密码，请去掉密码再发');
    if (/Unsupported|Zip/.test(kind)) return no('not-a-sheet', '这不是能读的表格，请另存为 xlsx 再发');
    return no('broken', '这个文件读不了，请另存为 xlsx 再发');
  }
};
