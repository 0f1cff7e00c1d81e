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
    title: d.title,
    evenAndOddHeaderAndFooters: true,
    sections: [
      {
        properties: { page: PAGE, grid: { type: 'linesAndChars', linePitch: LINE } },
        headers: { default: header, even: header },
        footers: { default: pageNumber(AlignmentType.RIGHT), even: pageNumber(AlignmentType.LEFT) },
        children: [
          new Paragraph({ spacing: LINES, children: [] }),
          ...d.title.split('\n').map(
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
          ...(d.annexes.length
            ? [
                new Paragraph({ spacing: LINES, children: [] }),
                ...d.annexes.map((a, i) => body(run(`${i === 0 ? '附件：' : '　　　'}${d.annexes.length > 1 ? `${i + 1}. ` : ''}${a}`))),
              ]
            : []),
          new Paragraph({ spacing: LINES, children: [] }),
          right(d.signed, 2),
          right(d.date, 4),
        ],
      },
    ],
  });
  return new Uint8Array(await Packer.toBuffer(document));
};
