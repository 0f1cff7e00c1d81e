/**
 * Puts the rows of a form's table into the .xlsx that was made around them. The spreadsheet library holds each cell as an object and
 * the sheet as one text, several times over; here a row is written, compressed and let go. Meant to run in the worker.
 */
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createDeflateRaw, inflateRawSync } from 'node:zlib';
import type { Cell } from '../core/form.ts';

export interface BodyRows {
  /** Where the first of them stands, from 0. In the file as it comes, this row holds one empty cell of each style, and those below it nothing. */
  first: number;
  rows: readonly Cell[][];
  /** What may be written of a cell. */
  cell(cell: Cell): Cell;
  height(row: number): number;
  /** Which of the styles a cell has, by its place among them. */
  style(row: number, column: number): number;
}

/** A part of a ZIP as it lies there: compressed or not. */
interface Part {
  name: Buffer;
  method: number;
  crc: number;
  size: number;
  data: Buffer;
}

const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END = 0x06054b50;
const DEFLATED = 8;
/** Names are UTF-8; the first day that a ZIP can name. */
const UTF8 = 0x0800;
const NO_DAY = 0x0021;

const partsOf = (b: Buffer): Part[] => {
  const end = b.lastIndexOf('PK\u0005\u0006', undefined, 'latin1');
  const parts: Part[] = [];
  let at = b.readUInt32LE(end + 16);
  for (let n = b.readUInt16LE(end + 10); n > 0; n--) {
    const [length, extra, comment] = [b.readUInt16LE(at + 28), b.readUInt16LE(at + 30), b.readUInt16LE(at + 32)];
    const local = b.readUInt32LE(at + 42);
    const from = local + 30 + b.readUInt16LE(local + 26) + b.readUInt16LE(local + 28);
    parts.push({
      name: b.subarray(at + 46, at + 46 + length),
      method: b.readUInt16LE(at + 10),
      crc: b.readUInt32LE(at + 16),
      size: b.readUInt32LE(at + 24),
      data: b.subarray(from, from + b.readUInt32LE(at + 20)),
    });
    at += 46 + length + extra + comment;
  }
  return parts;
};

const zipOf = (parts: readonly Part[]): Buffer => {
  const [files, directory]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const { name, method, crc, size, data } of parts) {
    const local = Buffer.alloc(30);
    local.writeUInt32LE(LOCAL, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt16LE(UTF8, 6);
    local.writeUInt16LE(method, 8);
    local.writeUInt16LE(NO_DAY, 12);
    local.writeUInt32LE(crc, 14);
    local.writeUInt32LE(data.length, 18);
    local.writeUInt32LE(size, 22);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(CENTRAL, 0);
    central.writeUInt16LE(20, 4);
    local.copy(central, 6, 4, 30);
    central.writeUInt32LE(offset, 42);
    files.push(local, name, data);
    directory.push(central, name);
    offset += 30 + name.length + data.length;
  }
  const size = directory.reduce((n, b) => n + b.length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, ...directory, end]);
};

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** `A`, `B` … `AA`. */
export const columnName = (index: number): string =>
  index < 26 ? String.fromCharCode(65 + index) : `${columnName(Math.floor(index / 26) - 1)}${columnName(index % 26)}`;

/** Rows as XML, a few thousand characters at a time. */
function* xmlOf(
  { first, rows, cell: written, height, style }: BodyRows,
  styles: readonly string[],
  head: string,
  tail: string,
): Generator<Buffer> {
  const columns = Array.from({ length: Math.max(0, ...rows.map(r => r.length)) }, (_, c) => columnName(c));
  let some = head;
  for (const [r, row] of rows.entries()) {
    const line = first + r + 1;
    some += `<row r="${line}" ht="${height(r)}" customHeight="1">`;
    row.forEach((own, c) => {
      const cell = written(own);
      const open = `<c r="${columns[c]}${line}" s="${styles[style(r, c)]}"`;
      some +=
        cell === null
          ? `${open}/>`
          : typeof cell === 'number'
            ? `${open}><v>${cell}</v></c>`
            : `${open} t="inlineStr"><is><t xml:space="preserve">${cell.replace(/[&<>]/g, x => ENTITIES[x]!)}</t></is></c>`;
    });
    some += '</row>';
    if (some.length > 60_000) {
      yield Buffer.from(some);
      some = '';
    }
  }
  yield Buffer.from(some + tail);
}

/** The file with its rows. @throws Error where the file is not as described */
export const withBodyRows = async (frame: Uint8Array, body: BodyRows): Promise<Uint8Array> => {
  if (!body.rows.length) return frame;
  const parts = partsOf(Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength));
  const sheet = parts.find(p => p.name.toString() === 'xl/worksheets/sheet1.xml');
  if (!sheet) throw new Error('the file has no sheet');
  const xml = (sheet.method === DEFLATED ? inflateRawSync(sheet.data) : sheet.data).toString();
  const place = new RegExp(`<row r="${body.first + 1}"[^>]*>(.*?)</row>`, 's').exec(xml);
  const styles = [...(place?.[1] ?? '').matchAll(/<c [^>]*\bs="(\d+)"/g)].map(m => m[1]!);
  if (!place || !styles.length) throw new Error('the sheet has no place for its rows');
  const packed: Buffer[] = [];
  let [crc, size] = [0, 0];
  const counted = function* () {
    for (const some of xmlOf(body, styles, xml.slice(0, place.index), xml.slice(place.index + place[0].length))) {
      crc = crc32(some, crc);
      size += some.length;
      yield some;
    }
  };
  await pipeline(
    Readable.from(counted()),
    createDeflateRaw(),
    new Writable({
      write(some: Buffer, _, done) {
        packed.push(some);
        done();
      },
    }),
  );
  return zipOf(parts.map(p => (p === sheet ? { ...p, method: DEFLATED, crc, size, data: Buffer.concat(packed) } : p)));
};
