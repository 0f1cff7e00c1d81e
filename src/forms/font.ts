/** The font that ships with the program, and which characters it can draw. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../root.ts';

export const FONT = 'Noto Sans SC';
export const FONT_FILE: string = join(packageRoot, 'src/forms/fonts/NotoSansSC-Regular.ttf');

type Range = readonly [first: number, last: number];

/** Format 4 of the table: segments of the basic plane. The last one only marks the end. */
const segments = (at: DataView): Range[] => {
  const bytes = at.getUint16(6);
  return Array.from({ length: bytes / 2 - 1 }, (_, i): Range => [at.getUint16(16 + bytes + 2 * i), at.getUint16(14 + 2 * i)]);
};

/** Format 12 of the table: groups over all planes. */
const groups = (at: DataView): Range[] =>
  Array.from({ length: at.getUint32(12) }, (_, i): Range => [at.getUint32(16 + 12 * i), at.getUint32(20 + 12 * i)]);

/** Ranges of characters in a TrueType font's `cmap`. https://learn.microsoft.com/typography/opentype/spec/cmap */
const readRanges = (bytes: Uint8Array): Range[] => {
  const font = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tables = Array.from({ length: font.getUint16(4) }, (_, i) => 12 + 16 * i);
  const entry = tables.find(o => font.getUint32(o) === 0x636d6170);
  if (entry === undefined) throw new Error('the font has no cmap table');
  const cmap = font.getUint32(entry + 8);
  return Array.from({ length: font.getUint16(cmap + 2) }).flatMap((_, i) => {
    const offset = cmap + font.getUint32(cmap + 8 + 8 * i);
    const table = new DataView(font.buffer, font.byteOffset + offset);
    const format = table.getUint16(0);
    return format === 4 ? segments(table) : format === 12 ? groups(table) : [];
  });
};

let ranges: Range[] | undefined;

/** Characters of `text`, each once, that the shipped font cannot draw. Line ends and invisible marks do not count. */
export const missingGlyphs = (text: string): string[] => {
  ranges ??= readRanges(readFileSync(FONT_FILE));
  const known = ranges;
  return [...new Set(text)].filter(c => {
    const code = c.codePointAt(0) ?? 0;
    return !/[\p{Cc}\p{Cf}\p{Variation_Selector}]/u.test(c) && !known.some(([first, last]) => code >= first && code <= last);
  });
};
