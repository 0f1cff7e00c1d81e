/** The written leave (请假条) as a docx: what was done in the system, and empty boxes for signature and seal. The only module that knows the document library. */
import {
  AlignmentType,
  BorderStyle,
  Document,
  Header,
  type IRunOptions,
  LineRuleType,
  Packer,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
  VerticalAlign,
  WidthType,
} from 'docx';
import type { LeaveSlip } from '../core/card.ts';
import { FANG_SONG, HEI, TITLE } from './named-fonts.ts';

/** Half points: 2号 44, 3号 32, 4号 28, 小四 24. */
const SIZE = { title: 40, text: 24, small: 21 } as const;
/** Width between the margins of A4, in twentieths of a point. */
const WIDTH = 9360;

const lines = (
  text: string,
  run: Partial<IRunOptions>,
  alignment: (typeof AlignmentType)[keyof typeof AlignmentType] = AlignmentType.LEFT,
): Paragraph[] =>
  text.split('\n').map(
    t =>
      new Paragraph({
        alignment,
        spacing: { line: 340, lineRule: LineRuleType.AT_LEAST },
        children: [new TextRun({ text: t, font: FANG_SONG, size: SIZE.text, ...run })],
      }),
  );
const cell = (text: string, width: number, run: Partial<IRunOptions> = {}, more: { span?: number; center?: boolean } = {}): TableCell =>
  new TableCell({
    width: { size: width, type: WidthType.DXA },
    verticalAlign: VerticalAlign.CENTER,
    margins: { top: 60, bottom: 60, left: 100, right: 100 },
    ...(more.span ? { columnSpan: more.span } : {}),
    children: lines(text, run, more.center ? AlignmentType.CENTER : AlignmentType.LEFT),
  });
const table = (widths: number[], rows: TableRow[]): Table =>
  new Table({ width: { size: WIDTH, type: WidthType.DXA }, columnWidths: widths, rows });

const LABEL = { font: HEI } as const;

/** The bytes of the docx. */
export const leaveSlip = async (slip: LeaveSlip): Promise<Uint8Array> => {
  const small = { size: SIZE.small } as const;
  const fields = table(
    [2600, WIDTH - 2600],
    slip.fields.map(
      f => new TableRow({ cantSplit: true, children: [cell(f.label, 2600, LABEL, { center: true }), cell(f.value, WIDTH - 2600)] }),
    ),
  );
  const stepWidths = [2500, 1700, 3060, 2100];
  const steps = table(stepWidths, [
    new TableRow({
      tableHeader: true,
      children: ['环节', '经办人', '时间', '结果'].map((h, i) => cell(h, stepWidths[i]!, { ...LABEL, ...small }, { center: true })),
    }),
    ...slip.steps.map(r => new TableRow({ cantSplit: true, children: r.map((t, i) => cell(t, stepWidths[i]!, small)) })),
  ]);
  const half = WIDTH / 2;
  const boxes: TableRow[] = [];
  for (let i = 0; i < slip.signs.length; i += 2) {
    const pair = [slip.signs[i]!, slip.signs[i + 1] ?? ''];
    boxes.push(
      new TableRow({
        cantSplit: true,
        children: pair.map(
          (who, n) =>
            new TableCell({
              width: { size: half, type: WidthType.DXA },
              margins: { top: 60, bottom: 40, left: 120, right: 120 },
              children: who
                ? [
                    ...lines(who, { ...LABEL, ...small }),
                    ...lines(i + n === 0 ? '签名：' : '签名：　　　　　　　　　（公章）', small),
                    ...lines('年　　月　　日', small, AlignmentType.RIGHT),
                  ]
                : lines('', small),
            }),
        ),
      }),
    );
  }
  const document = new Document({
    creator: '',
    title: slip.title,
    sections: [
      {
        properties: { page: { size: { width: 11906, height: 16838 }, margin: { top: 1200, bottom: 900, left: 1273, right: 1273 } } },
        ...(slip.watermark
          ? {
              headers: {
                default: new Header({
                  children: [
                    new Paragraph({
                      alignment: AlignmentType.CENTER,
                      children: [new TextRun({ text: slip.watermark, font: HEI, size: SIZE.small, color: 'B03A2E' })],
                    }),
                  ],
                }),
              },
            }
          : {}),
        children: [
          new Paragraph({
            alignment: AlignmentType.CENTER,
            spacing: { after: 120 },
            children: [new TextRun({ text: slip.title, font: TITLE, size: SIZE.title })],
          }),
          ...lines(`编号：${slip.number}`, small, AlignmentType.RIGHT),
          fields,
          new Paragraph({
            spacing: { before: 140, after: 60 },
            children: [new TextRun({ text: '系统内办理记录', font: HEI, size: SIZE.text })],
          }),
          steps,
          new Paragraph({ spacing: { before: 140, after: 60 }, children: [new TextRun({ text: '签名盖章', font: HEI, size: SIZE.text })] }),
          table([half, half], boxes),
          ...slip.basis.flatMap(b => lines(b, small)),
          new Paragraph({
            alignment: AlignmentType.RIGHT,
            border: { top: { style: BorderStyle.NONE, size: 0, color: 'auto' } },
            children: [new TextRun({ text: slip.printed, font: FANG_SONG, size: SIZE.small })],
          }),
        ],
      },
    ],
  });
  return new Uint8Array(await Packer.toBuffer(document));
};
