/** Tables as pictures, for platforms whose messages cannot hold one. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import type { Table } from '../core/card.ts';
import { balanced, canvasLibrary, encode, font, INK, MARGIN, ratioFor, stamp, WIDTH, WORDS, wrap } from './drawing.ts';

export interface TablePicture extends Table {
  title?: string;
  note?: string;
  watermark?: string;
}

const SIZE = { title: 34, cell: 26, note: 22 } as const;
const LINE = 1.35;
const PAD = 14;
const HEAD = '#e4edf3';
const STRIPE = '#f6f8fa';
/** A date or a phone number is not broken, and a table of many columns grows wider than the phone rather than thinner. */
const LEAST = 160;
const LONGEST_WORD = 320;

/** A column of figures only stands right-aligned, so that digits stand under digits. */
const isFigures = (table: Table, column: number): boolean => {
  const cells = table.rows.map(r => r[column] ?? '').filter(c => c !== '' && c !== '—');
  return cells.length > 0 && cells.every(c => /^[-+]?[\d.,]+%?$/.test(c));
};

/** Widths that fill the picture: what each column needs; what is too wide gives way first, down to its longest word. */
const columnWidths = (needs: readonly number[], words: readonly number[]): number[] => {
  const room = WIDTH - 2 * MARGIN;
  const total = needs.reduce((a, b) => a + b, 0);
  if (total <= room) return needs.map(n => n + (room - total) / needs.length);
  const sorted = needs.toSorted((a, b) => a - b);
  let left = room;
  let most = 0;
  for (const [i, need] of sorted.entries()) {
    most = left / (sorted.length - i);
    if (need > most) break;
    left -= need;
  }
  return needs.map((n, i) => Math.min(n, Math.max(most, LEAST, words[i] ?? 0)));
};

const layOut = (ctx: SKRSContext2D, table: TablePicture) => {
  ctx.font = font(SIZE.cell);
  const all = [table.columns, ...table.rows];
  const count = Math.max(1, ...all.map(r => r.length));
  const places = Array.from({ length: count }, (_, column) => column);
  const widest = (column: number, pieces: RegExp) =>
    2 * PAD + Math.ceil(Math.max(0, ...all.flatMap(r => (r[column] ?? '').match(pieces) ?? []).map(text => ctx.measureText(text).width)));
  const widths = columnWidths(
    places.map(column => widest(column, /.+/g)),
    places.map(column => Math.min(LONGEST_WORD, widest(column, WORDS))),
  );
  const rows = all.map(row => {
    const cells = widths.map((width, column) => wrap(ctx, row[column] ?? '', width - 2 * PAD + 1));
    return { cells, height: Math.max(...cells.map(c => c.length)) * SIZE.cell * LINE + 2 * PAD };
  });
  const inner = widths.reduce((a, b) => a + b, 0);
  const lines = (size: number, text: string | undefined) => {
    ctx.font = font(size);
    return text ? balanced(ctx, text, inner) : [];
  };
  const title = lines(SIZE.title, table.title);
  const note = lines(SIZE.note, table.note);
  const top = MARGIN + (title.length ? title.length * SIZE.title * LINE + 14 : 0);
  const bottom = top + rows.reduce((sum, r) => sum + r.height, 0);
  const foot = note.length ? note.length * SIZE.note * LINE + 14 : 0;
  const right = places.map(column => isFigures(table, column));
  return {
    widths,
    rows,
    title,
    note,
    top,
    bottom,
    right,
    inner,
    width: Math.round(inner + 2 * MARGIN),
    height: Math.ceil(bottom + foot + MARGIN),
  };
};

/** PNG of a table in the order given: long cells take several lines, columns of figures stand right-aligned. @throws Error when there are too many rows for one picture */
export const drawTable = async (table: TablePicture): Promise<Uint8Array> => {
  const canvas = await canvasLibrary();
  const at = layOut(canvas.createCanvas(1, 1).getContext('2d'), table);
  const ratio = ratioFor(at.width, at.height);
  const surface = canvas.createCanvas(Math.round(at.width * ratio), Math.round(at.height * ratio));
  const ctx = surface.getContext('2d');
  ctx.scale(ratio, ratio);
  ctx.fillStyle = '#ffffff';
  ctx.fillRect(0, 0, at.width, at.height);
  ctx.textBaseline = 'middle';
  const write = (lines: readonly string[], size: number, color: string, x: number, top: number) => {
    ctx.font = font(size);
    ctx.fillStyle = color;
    lines.forEach((text, i) => ctx.fillText(text, x, top + (i + 0.5) * size * LINE));
  };
  const rule = (y: number, color: string) => {
    ctx.fillStyle = color;
    ctx.fillRect(MARGIN, y - 0.5, at.inner, 1);
  };
  write(at.title, SIZE.title, INK.text, MARGIN, MARGIN);
  let y = at.top;
  at.rows.forEach((row, r) => {
    ctx.fillStyle = r === 0 ? HEAD : r % 2 === 0 ? STRIPE : '#ffffff';
    ctx.fillRect(MARGIN, y, at.inner, row.height);
    let x = MARGIN;
    row.cells.forEach((lines, column) => {
      const width = at.widths[column] ?? 0;
      const right = at.right[column];
      ctx.textAlign = right ? 'right' : 'left';
      const top = y + (row.height - lines.length * SIZE.cell * LINE) / 2;
      write(lines, SIZE.cell, INK.text, right ? x + width - PAD : x + PAD, top);
      x += width;
    });
    ctx.textAlign = 'left';
    y += row.height;
    rule(y, r === 0 ? INK.soft : INK.faint);
  });
  write(at.note, SIZE.note, INK.soft, MARGIN, at.bottom + 14);
  if (table.watermark) stamp(ctx, table.watermark, at.width, at.height);
  return encode(surface);
};
