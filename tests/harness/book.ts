/** Reads .xlsx and .docx back without the library that wrote them: a zip by node's zlib, and the few elements of XML that are asked about. */
import { inflateRawSync } from 'node:zlib';

/** Names and texts of a zip's parts, by its central directory. */
export const partsOf = (bytes: Uint8Array): Map<string, string> => {
  const b = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts = new Map<string, string>();
  for (let i = b.indexOf('PK\u0001\u0002', 0, 'latin1'); i >= 0; i = b.indexOf('PK\u0001\u0002', i + 4, 'latin1')) {
    const [method, size, nameLength, at] = [b.readUInt16LE(i + 10), b.readUInt32LE(i + 20), b.readUInt16LE(i + 28), b.readUInt32LE(i + 42)];
    const name = b.subarray(i + 46, i + 46 + nameLength).toString();
    const from = at + 30 + b.readUInt16LE(at + 26) + b.readUInt16LE(at + 28);
    const data = b.subarray(from, from + size);
    parts.set(name, (method === 8 ? inflateRawSync(data) : data).toString());
  }
  return parts;
};

const unescape = (s: string): string =>
  s
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&apos;/g, "'")
    .replace(/&#(x?)([0-9a-f]+);/gi, (_, x: string, n: string) => String.fromCodePoint(Number.parseInt(n, x ? 16 : 10)))
    .replace(/&amp;/g, '&');
const textsIn = (xml: string): string => [...xml.matchAll(/<t(?:\s[^>]*)?>([\s\S]*?)<\/t>/g)].map(m => unescape(m[1]!)).join('');

export interface ReadSheet {
  name: string;
  /** Values by rows, from A1; empty cells are ''. */
  rows: (string | number)[][];
  /** Formulas by cell name. */
  formulas: Map<string, string>;
  merges: string[];
  xml: string;
}

export const columnIndex = (ref: string): number => [.../^[A-Z]+/.exec(ref)![0]].reduce((n, c) => n * 26 + c.charCodeAt(0) - 64, 0) - 1;

/** Sheets of a book in their order. */
export const readBook = (bytes: Uint8Array): ReadSheet[] => {
  const parts = partsOf(bytes);
  const shared = [...(parts.get('xl/sharedStrings.xml') ?? '').matchAll(/<si>([\s\S]*?)<\/si>/g)].map(m => textsIn(m[1]!));
  const links = new Map(
    [...(parts.get('xl/_rels/workbook.xml.rels') ?? '').matchAll(/<Relationship\b[^>]*>/g)].map(m => [
      /\bId="([^"]+)"/.exec(m[0])![1]!,
      /\bTarget="\/?(?:xl\/)?([^"]+)"/.exec(m[0])![1]!,
    ]),
  );
  return [...(parts.get('xl/workbook.xml') ?? '').matchAll(/<sheet\b[^>]*>/g)].map(m => {
    const name = unescape(/\bname="([^"]*)"/.exec(m[0])![1]!);
    const xml = parts.get(`xl/${links.get(/r:id="([^"]+)"/.exec(m[0])![1]!)}`) ?? '';
    const rows: (string | number)[][] = [];
    const formulas = new Map<string, string>();
    for (const c of xml.matchAll(/<c\b([^>]*?)(?:\/>|>([\s\S]*?)<\/c>)/g)) {
      const ref = /\br="([A-Z]+\d+)"/.exec(c[1]!)![1]!;
      const type = /\bt="(\w+)"/.exec(c[1]!)?.[1];
      const inner = c[2] ?? '';
      const v = /<v>([\s\S]*?)<\/v>/.exec(inner)?.[1];
      const formula = /<f\b[^>]*>([\s\S]*?)<\/f>/.exec(inner)?.[1];
      if (formula) formulas.set(ref, unescape(formula));
      const value =
        type === 'inlineStr'
          ? textsIn(inner)
          : v === undefined
            ? ''
            : type === 's'
              ? shared[Number(v)]!
              : type === 'str'
                ? unescape(v)
                : Number(v);
      const row = Number(/\d+/.exec(ref)![0]) - 1;
      const column = columnIndex(ref);
      while (rows.length <= row) rows.push([]);
      const own = rows[row]!;
      while (own.length <= column) own.push('');
      own[column] = value;
    }
    return { name, rows, formulas, merges: [...xml.matchAll(/<mergeCell ref="([^"]+)"/g)].map(x => x[1]!), xml };
  });
};

/** The row whose first cell begins so. */
export const rowOf = (sheet: ReadSheet, first: string): (string | number)[] | undefined =>
  sheet.rows.find(r => String(r.find(c => c !== '') ?? '').startsWith(first));

/** Paragraphs of a docx as text. */
export const readDocument = (bytes: Uint8Array): string =>
  (partsOf(bytes).get('word/document.xml') ?? '')
    .replace(/<\/w:p>/g, '\n')
    .replace(/<[^>]+>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');
