/** Bulletins and summaries as docx in the layout of GB/T 9704: margins 37, 28, 26, 35 mm, lines of 28.95 points, 28 characters a line. Drafts: never sealed. */
import {
  AlignmentType,
  Document,
  Footer,
  Header,
  HighlightColor,
  type IRunOptions,
  LineRuleType,
  Packer,
  PageNumber,
  Paragraph,
  Tab,
  Table,
  TableCell,
  TableRow,
  TextRun,
  VerticalAlign,
  WidthType,
} from 'docx';
import type { DocumentPart, OfficialDocument } from '../core/card.ts';
import { FANG_SONG, HEI, SONG, TITLE } from './named-fonts.ts';

/** Half points: 2号, 3号, 4号, 五号. */
const SIZE = { title: 44, body: 32, page: 28, table: 21 } as const;
/** Twentieths of a point: 28.95 points, and millimetres. */
const LINE = 579;
const mm = (n: number): number => Math.round((n * 1440) / 25.4);
const PAGE = {
  size: { width: mm(210), height: mm(297) },
  margin: { top: mm(37), bottom: mm(35), left: mm(28), right: mm(26), header: mm(15), footer: mm(28) },
};
const WIDTH = mm(210 - 28 - 26);
const LINES = { line: LINE, lineRule: LineRuleType.EXACT } as const;

const run = (text: string, more: Partial<IRunOptions> = {}): TextRun => new TextRun({ text, font: FANG_SONG, size: SIZE.body, ...more });
const body = (...children: TextRun[]): Paragraph =>
  new Paragraph({
    alignment: AlignmentType.BOTH,
    spacing: LINES,
    indent: { firstLineChars: 200, firstLine: 2 * SIZE.body * 10 },
    children,
  });
const pageNumber = (alignment: (typeof AlignmentType)[keyof typeof AlignmentType]): Footer =>
  new Footer({
    children: [
      new Paragraph({
        alignment,
        indent: { left: 320, right: 320 },
        children: [new TextRun({ children: ['— ', PageNumber.CURRENT, ' —'], font: SONG, size: SIZE.page })],
      }),
    ],
  });

/** Characters of 2号 in a line. */
const TITLE_LINE = 20;
const words = new Intl.Segmenter('zh', { granularity: 'word' });
const wide = (text: string): number => [...text].reduce((n, c) => n + (/[\u2e80-\uffff“”‘’—…]/.test(c) ? 1 : 0.5), 0);

/** Lines of a title: where it says so itself, else between words and outside of quotation marks, in lines of about one length. */
const titleLines = (title: string): string[] =>
  title.split('\n').flatMap(own => {
    const lines = Math.ceil(wide(own) / TITLE_LINE);
    if (lines < 2) return [own];
    const open = (text: string) => /[“‘（《][^”’）》]*$/.test(text);
    const places = [...words.segment(own)]
      .map(w => w.index)
      .filter(i => i > 0 && !open(own.slice(0, i)) && !/^[”’）》、，。：]/.test(own.slice(i)));
    const cuts = Array.from({ length: lines - 1 }, (_, n) => {
      const wanted = (wide(own) * (n + 1)) / lines;
      const off = (i: number) => Math.abs(wide(own.slice(0, i)) - wanted);
      return places.reduce((best, i) => (off(i) < off(best) ? i : best), 0);
    });
    const ends = [...new Set([...cuts, own.length])].filter(i => i > 0).sort((a, b) => a - b);
    return ends.map((end, n) => own.slice(ends[n - 1] ?? 0, end));
  });

/** The list of annexes: what goes on in a second line stands under the first character of the name. */
const annexList = (annexes: readonly string[]): Paragraph[] => {
  const many = annexes.length > 1;
  const em = SIZE.body * 10;
  return annexes.map((name, i) => {
    const before = `${i === 0 ? '附件：' : ''}${many ? `${i + 1}.` : ''}`;
    return new Paragraph({
      spacing: LINES,
      indent: { left: (many ? 6 : 5) * em, hanging: ((i === 0 ? 3 : 0) + (many ? 1 : 0)) * em },
      children: [run(before), new TextRun({ children: [...(many ? [new Tab()] : []), name], font: FANG_SONG, size: SIZE.body })],
    });
  });
};

/** Widths in proportion to the longest text of each column. */
const widthsOf = (columns: readonly string[], rows: readonly string[][]): number[] => {
  const needs = columns.map((c, i) => Math.min(16, Math.max(3, c.length, ...rows.map(r => (r[i] ?? '').length))));
  const all = needs.reduce((a, b) => a + b, 0);
  return needs.map(n => Math.floor((n / all) * WIDTH));
};

const table = (part: Extract<DocumentPart, { kind: 'table' }>): (Paragraph | Table)[] => {
  const widths = widthsOf(part.columns, part.rows);
  const row = (texts: readonly string[], head: boolean): TableRow =>
    new TableRow({
      tableHeader: head,
      cantSplit: true,
      children: widths.map(
        (width, i) =>
          new TableCell({
            width: { size: width, type: WidthType.DXA },
            verticalAlign: VerticalAlign.CENTER,
            margins: { top: 30, bottom: 30, left: 60, right: 60 },
            children: [
              new Paragraph({
                alignment: AlignmentType.CENTER,
                children: [run(texts[i] ?? '', { size: SIZE.table, font: head ? HEI : FANG_SONG })],
              }),
            ],
          }),
      ),
    });
  return [
    new Paragraph({
      alignment: AlignmentType.CENTER,
      keepNext: true,
      spacing: { ...LINES, before: 120 },
      children: [run(part.title, { font: HEI, size: 28 })],
    }),
    new Table({
      width: { size: widths.reduce((a, b) => a + b, 0), type: WidthType.DXA },
      columnWidths: widths,
      alignment: AlignmentType.CENTER,
      rows: [row(part.columns, true), ...part.rows.map(r => row(r, false))],
    }),
    new Paragraph({ spacing: LINES, children: [] }),
  ];
};

const partOf = (part: DocumentPart): (Paragraph | Table)[] => {
  switch (part.kind) {
    case 'head':
      return [
        new Paragraph({
          keepNext: true,
          spacing: LINES,
          indent: { firstLineChars: 200, firstLine: 2 * SIZE.body * 10 },
          children: [run(part.text, { font: HEI })],
        }),
      ];
    case 'text':
      return part.text.split('\n').map(t => body(run(t)));
    case 'gap':
      return [body(run(`【待补充：${part.text}】`, { highlight: HighlightColor.YELLOW }))];
    case 'table':
      return table(part);
  }
};

/** The bytes of the docx. */
export const officialDocument = async (d: OfficialDocument): Promise<Uint8Array> => {
  const header = new Header({
    children: [
      new Paragraph({
        alignment: AlignmentType.RIGHT,
        children: [run(`草稿，未盖章${d.watermark ? `　${d.watermark}` : ''}`, { font: HEI, size: SIZE.table, color: 'B03A2E' })],
      }),
    ],
  });
  const right = (text: string, blank: number): Paragraph =>
    new Paragraph({
      alignment: AlignmentType.RIGHT,
      spacing: LINES,
      indent: { rightChars: blank * 100, right: blank * SIZE.body * 10 },
      children: [run(text)],
    } as ConstructorParameters<typeof Paragraph>[0]);
  const document = new Document({
    creator: '',
    title: d.title.replaceAll('\n', ''),
    evenAndOddHeaderAndFooters: true,
    sections: [
      {
        properties: { page: PAGE, grid: { type: 'linesAndChars', linePitch: LINE } },
        headers: { default: header, even: header },
        footers: { default: pageNumber(AlignmentType.RIGHT), even: pageNumber(AlignmentType.LEFT) },
        children: [
          new Paragraph({ spacing: LINES, children: [] }),
          ...titleLines(d.title).map(
            t =>
              new Paragraph({
                alignment: AlignmentType.CENTER,
                spacing: { line: 700, lineRule: LineRuleType.EXACT },
                children: [run(t, { font: TITLE, size: SIZE.title })],
              }),
          ),
          new Paragraph({ spacing: LINES, children: [] }),
          ...(d.to ? [new Paragraph({ spacing: LINES, children: [run(`${d.to}：`)] })] : []),
          ...d.parts.flatMap(partOf),
          ...(d.annexes.length ? [new Paragraph({ spacing: LINES, children: [] }), ...annexList(d.annexes)] : []),
          new Paragraph({ spacing: LINES, children: [] }),
          right(d.signed, 2),
          right(d.date, 4),
        ],
      },
    ],
  });
  return new Uint8Array(await Packer.toBuffer(document));
};
