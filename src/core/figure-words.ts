/** How figures are shown, and what is asked when they were not understood. */
import { cite, type FigureData, type Programme } from '../programmes/schema.ts';
import type { Card, Form } from './card.ts';
import type { Workload } from './records.ts';
import { type FigureProblem, type FigureReading, figureLine, sayFigure } from './words/figures.ts';
import { type Difference, differences, unusualOf, type Values } from './workload.ts';

/** 诊疗30 讨论5 其他：协助转诊2人次 */
export const sayFigures = (figures: readonly FigureData[], values: Values): string =>
  [
    ...figures.flatMap(f => (values.figures[f.id] === undefined ? [] : [`${f.name}${sayFigure(f, values.figures[f.id]!)}`])),
    ...figures.flatMap(f => (values.words[f.id] === undefined ? [] : [`${f.name}：${values.words[f.id]!}`])),
  ].join(' ');

/** 其余0 left alone what was reported before; said only where it did. */
export const sparedLine = (figures: readonly FigureData[], before: Values | undefined, spared: readonly string[]): string[] => {
  const kept = figures.filter(f => spared.includes(f.id));
  return kept.length
    ? [`“其余0”没动报过的：${kept.map(f => `${f.name}${sayFigure(f, before!.figures[f.id]!)}`).join(' ')}（要改请写 ${kept[0]!.name}0）`]
    : [];
};

/** Asked for and not reported: named once, so that nobody takes an empty field for a zero. */
export const notReported = (figures: readonly FigureData[], values: Values): string[] =>
  figures.filter(f => !f.optional && f.kind !== 'text' && values.figures[f.id] === undefined).map(f => f.name);

const nameOf = (figures: readonly FigureData[], id: string): string => figures.find(f => f.id === id)?.name ?? id;
const saySide = (figures: readonly FigureData[], id: string, value: number | string): string => {
  const figure = figures.find(f => f.id === id);
  return typeof value === 'number' && figure ? sayFigure(figure, value) : `“${value}”`;
};
/** 诊疗 30→28 */
export const sayDifferences = (figures: readonly FigureData[], all: readonly Difference[]): string =>
  all.map(d => `${nameOf(figures, d.id)} ${saySide(figures, d.id, d.from)}→${saySide(figures, d.id, d.to)}`).join('，');

/** The line to copy and fill in. */
export const templateLine = (command: string, figures: readonly FigureData[]): string =>
  `${command} ${figures
    .filter(f => !f.optional)
    .map(f => `${f.name}:`)
    .join(' ')}`;

/** A field for each figure, as it stands now. */
export const figureForm = (command: string, figures: readonly FigureData[], values: Values): Form => ({
  command,
  submit: '提交',
  template: templateLine(command, figures),
  fields: figures.map(f => {
    const value =
      f.kind === 'text' ? values.words[f.id] : values.figures[f.id] === undefined ? undefined : sayFigure(f, values.figures[f.id]!);
    const label = `${f.name}${f.unit ? `（${f.unit}）` : ''}${f.optional ? '（可不填）' : ''}`;
    return f.kind === 'yes-no'
      ? {
          name: f.id,
          label,
          kind: 'choice' as const,
          options: [
            { label: '有', value: '有' },
            { label: '没有', value: '无' },
          ],
          ...(value === undefined ? {} : { value }),
        }
      : { name: f.id, label, kind: f.kind === 'text' ? ('long' as const) : ('number' as const), ...(value === undefined ? {} : { value }) };
  }),
});

const sayProblem = (figures: readonly FigureData[], p: FigureProblem): string => {
  switch (p.kind) {
    case 'missing':
      return `“${nameOf(figures, p.figure)}”后面没有数；没有请写0，没统计就别写`;
    case 'repeated':
      return `“${nameOf(figures, p.figure)}”写了两个：${p.said}，以哪个为准？`;
    case 'parts':
      return `“${nameOf(figures, p.figure)}”要合起来的一个数：${p.said}，共${p.value}？`;
    case 'other-unit':
      return `“${nameOf(figures, p.figure)}”要写几${figures.find(f => f.id === p.figure)?.unit ?? ''}，“${p.said}”记不了`;
    case 'negative':
      return `“${nameOf(figures, p.figure)}${p.said}”不能是负数`;
    case 'fraction':
      return figures.find(f => f.id === p.figure)?.kind === 'money'
        ? `“${p.said}”请写到分为止`
        : `“${nameOf(figures, p.figure)}${p.said}”不是整数`;
    case 'enormous':
      return `“${nameOf(figures, p.figure)}${p.said.length > 12 ? `${p.said.slice(0, 12)}…` : p.said}”太大了，请核对`;
    case 'inexact':
      return `“${nameOf(figures, p.figure)}”请写准数，“${p.said}”记不了`;
    case 'not-yes-no':
      return `“${nameOf(figures, p.figure)}”只填 有 或 无`;
    case 'unknown':
      return `没有“${p.said.slice(0, 12)}”这一项${p.near.length ? `，是不是：${p.near.map(n => nameOf(figures, n)).join('、')}` : ''}`;
    case 'bare':
      return `“${p.said.slice(0, 20)}”是哪一项？请带上名称`;
    case 'unclear':
      return `“${p.said.slice(0, 20)}”没看明白，请一项一个数`;
    case 'long':
      return '太长了，没有读；请只写各项的数';
    case 'stray':
      return `“${p.said.slice(0, 20)}”不知道记到哪一项`;
  }
};

/**
 * What was not understood, with what would be: nothing is written yet. `again` makes the whole command of a line of figures.
 * Buttons are offered only where one thing is to be chosen.
 */
export const figureProblemCard = (figures: readonly FigureData[], reading: FigureReading, again: (line: string) => string): Card => {
  const { problems } = reading;
  const [only] = problems;
  const one = problems.length === 1 ? only : undefined;
  const withValue = (id: string, value: number | string): string => {
    const text = typeof value === 'string';
    return again(
      figureLine(figures, {
        others: reading.others,
        figures: text ? reading.figures : { ...reading.figures, [id]: value },
        words: text ? { ...reading.words, [id]: value } : reading.words,
      }),
    );
  };
  const money = (id: string, value: number): number => (figures.find(f => f.id === id)?.kind === 'money' ? value * 100 : value);
  const text = figures.find(f => f.kind === 'text');
  // Work of another kind has its place among the words.
  const asText = (said: string) =>
    text && reading.words[text.id] === undefined ? [{ label: `记到“${text.name}”`, command: withValue(text.id, said) }] : [];
  const counts = figures.filter(f => f.kind === 'count' && !f.optional);
  const offers: { label: string; command: string }[] = !one
    ? []
    : one.kind === 'repeated'
      ? one.values.map(v => ({
          label: `${nameOf(figures, one.figure)}${saySide(figures, one.figure, v)}`,
          command: withValue(one.figure, v),
        }))
      : (one.kind === 'negative' || one.kind === 'parts') && one.value !== null
        ? [{ label: `${nameOf(figures, one.figure)}${one.value}`, command: withValue(one.figure, money(one.figure, one.value)) }]
        : one.kind === 'unknown' && one.value !== null && Number.isInteger(one.value) && one.value >= 0
          ? [
              ...one.near
                .filter(id => reading.figures[id] === undefined)
                .map(id => ({ label: `${nameOf(figures, id)}${one.value}`, command: withValue(id, money(id, one.value!)) })),
              ...(one.whole === undefined ? [] : asText(one.whole)),
            ]
          : one.kind === 'missing' && figures.find(f => f.id === one.figure)?.kind === 'yes-no'
            ? [1, 0].map(v => ({ label: v ? '有' : '没有', command: withValue(one.figure, v) }))
            : one.kind === 'stray'
              ? asText(one.said)
              : one.kind === 'bare' && one.values.length === counts.length && one.values.every(v => Number.isInteger(v) && v >= 0)
                ? [
                    {
                      label: counts.map((f, i) => `${f.name}${one.values[i]}`).join(' '),
                      command: again(
                        figureLine(figures, { ...reading, figures: Object.fromEntries(counts.map((f, i) => [f.id, one.values[i]!])) }),
                      ),
                    },
                  ]
                : [];
  const doubtful = new Set(problems.flatMap(p => ('figure' in p ? [p.figure] : [])));
  const sure = <V>(of: Readonly<Record<string, V>>) => Object.fromEntries(Object.entries(of).filter(([id]) => !doubtful.has(id)));
  const understood = sayFigures(figures, { figures: sure(reading.figures), words: sure(reading.words) });
  return {
    code: 'figures.unclear',
    title: '没有记下，请看一下',
    tone: offers.length ? 'ask' : 'no',
    lines: [
      ...problems.slice(0, 3).map(p => sayProblem(figures, p)),
      ...(problems.length > 3 ? [`另有${problems.length - 3}处`] : []),
      understood ? `看懂的：${understood}；请改好整行重发` : `这样发：${again(example(figures))}`,
    ],
    ...(offers.length ? { buttons: offers } : {}),
  };
};

/** A line that would work. */
const example = (figures: readonly FigureData[]): string =>
  figures
    .filter(f => !f.optional && f.kind !== 'text')
    .slice(0, 3)
    .map((f, i) => `${f.name}${f.kind === 'yes-no' ? '有' : f.kind === 'money' ? 1000 : [30, 5, 6][i]}`)
    .join(' ');

/** Above what is usual: asked once, by a button. */
export const unusualCard = (figures: readonly FigureData[], given: Values, command: string): Card | undefined => {
  const all = unusualOf(figures, given);
  if (!all.length) return undefined;
  return {
    code: 'figures.unusual',
    title: '数字比平常大，请核对',
    tone: 'ask',
    lines: [
      all.map(u => `${u.figure.name}${sayFigure(u.figure, u.value)}${u.figure.unit}（平常不超过${u.figure.unusual}）`).join('，'),
      '还没有记下；数字对就点确认，不对请重发',
    ],
    buttons: [{ label: '确认无误', command, style: 'primary' }],
  };
};

/** A5.1: few patients and guidance instead is a full day's work, said so. */
export const guidanceLine = (programme: Programme, values: Values): string[] => {
  const rule = programme.workload?.guidance;
  const figures = programme.workload?.figures ?? [];
  const patients = figures.find(f => f.kind === 'count');
  const seen = patients && values.figures[patients.id];
  if (!rule || seen === undefined || seen > rule.few) return [];
  return figures.some(f => f.guidance && (values.figures[f.id] ?? 0) > 0) ? [cite(programme, rule)] : [];
};

/** What the clinic is asked where verified figures are to be changed. */
export const proposalCard = (figures: readonly FigureData[], row: Workload, name: string, where: string): Card => {
  const p = row.proposal!;
  const changed = differences(row, p);
  const added = Object.fromEntries(Object.entries(p.figures).filter(([id]) => row.figures[id] === undefined));
  const line = figureLine(figures, p);
  return {
    code: 'figures.proposal',
    title: `${name}要改已核实的工作量`,
    tone: 'ask',
    lines: [
      where,
      [sayDifferences(figures, changed), Object.keys(added).length ? `加 ${figureLine(figures, { figures: added, words: {} })}` : '']
        .filter(Boolean)
        .join('；'),
      `原因：${p.reason}`,
    ],
    buttons: [
      { label: '同意改报', command: `/填报 编号${row.id} 同意改报 ${line}`, style: 'primary' },
      { label: '不同意', command: `/填报 编号${row.id} 不同意改报 ${line}` },
    ],
  };
};
