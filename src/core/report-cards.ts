/** What is said of monthly reports. */

import { cite, type FilerData, type Programme } from '../programmes/schema.ts';
import type { Button, Card, Table } from './card.ts';
import { type Day, sayDay, sayInstant, sayMonth } from './day.ts';
import { filingPaper } from './form-paper.ts';
import { shownOrg } from './org-names.ts';
import type { Filing, Org, Report, Visit } from './records.ts';
import {
  isFiled,
  isOpen,
  isUnlocked,
  type Missing,
  type Period,
  partsOwed,
  type Rate,
  sayPeriod,
  sayRate,
  sayShort,
  sayState,
  type ToFile,
} from './report.ts';
import { verifyButtons } from './verify-buttons.ts';
import { sayHalves } from './visit.ts';
import { doctorDays, type Line, sumOf } from './workload.ts';

type Titled = Pick<Programme, 'id' | 'document' | 'report' | 'workload' | 'forms'>;
export type DraftLine = ToFile<Pick<Line, 'person' | 'clinic' | 'day' | 'counted' | 'figures'> & { note: string | null }>;

/** How a report is named in a command: its month, or 年终. */
export const periodWord = (p: Pick<Period, 'month' | 'kind'>): string => (p.kind === 'closing' ? '年终' : p.month);
/** How its file is named: 2024-05, 2024-12 年终. */
export const filedWord = (p: Pick<Period, 'month' | 'kind'>): string => (p.kind === 'closing' ? `${p.month} 年终` : p.month);
/** The same as people type it: 4月, 年终. */
export const typedPeriod = (p: Pick<Period, 'month' | 'kind'>): string => (p.kind === 'closing' ? '年终' : `${Number(p.month.slice(5))}月`);
/** Clause of what a report asks. */
export const basisOf = (programme: Titled, period: Pick<Period, 'kind'>): string => {
  const rules = programme.report!;
  return cite(
    programme,
    period.kind === 'first' && rules.first ? rules.first : period.kind === 'closing' && rules.closing ? rules.closing : rules,
  );
};

/** 4月22日 周一截止, or 已过4月22日 周一. */
export const sayDue = (due: Day, today: Day): string => (today > due ? `已过截止日${sayDay(due, today)}` : `${sayDay(due, today)}24时截止`);

/** 10月1日 周六起可报，10月5日 周三24时截止: a report of a whole month before its month is over. */
export const sayWindow = ({ opens, due }: Pick<Period, 'opens' | 'due'>, today: Day): string =>
  `${opens > today ? `${sayDay(opens, today)}起可报，` : ''}${sayDue(due, today)}`;

/** 人次 3（另补报 1）. */
export const sayCounts = (lines: readonly DraftLine[]): string => {
  const own = lines.filter(l => !l.supplement).map(l => l.line);
  const late = lines.filter(l => l.supplement).map(l => l.line);
  return `人次 ${doctorDays(own)}${late.length ? `，另补报以前的 ${doctorDays(late)}` : ''}`;
};

/** 待核实：张某（专人）; where that makes more lines than there is room for, one for each pair of hands: 专人：待核实 张某；宣传没填 传单. */
export const sayMissing = (missing: readonly Missing[], most: number): string[] => {
  if (missing.length <= most) return missing.map(m => `${m.what}（${m.hands}）`);
  const hands = [...new Set(missing.map(m => m.hands))];
  return hands.map(
    h =>
      `${h}：${missing
        .filter(m => m.hands === h)
        .map(m => m.what.replace('：', ' '))
        .join('；')}`,
  );
};

interface Lacking {
  report: Report | undefined;
  missing: readonly Missing[];
  /** Units that a compiling one is made from. */
  feeders: readonly { report: Report | undefined; merged?: unknown }[];
}
/** All that keeps a unit's report from being filed, for a reminder. */
export const sayLacks = (
  programme: Pick<Programme, 'report'>,
  period: Pick<Period, 'kind'>,
  filer: Pick<FilerData, 'does'>,
  { report, missing, feeders }: Lacking,
): string[] => {
  const below = feeders.filter(f => !isFiled(f.report) && f.merged === undefined).length;
  const parts = partsOwed(programme, period, filer).filter(p => !report?.parts[p]);
  return [
    ...(report?.state === 'returned' && report.why ? [`退回原因：${report.why}`] : []),
    ...(feeders.length ? [below ? `下级还有${below}家没报` : `下级${feeders.length}家都报了`] : []),
    ...(parts.length ? [`还没写：${parts.join('、')}`] : []),
    ...sayMissing(missing, 3),
  ];
};

/** What a hospital that only confirms has still to do. */
export const sayUnchecked = (check: { lines: readonly unknown[]; confirmation: unknown; cost: readonly string[] }): string[] => [
  ...(check.lines.length && !check.confirmation ? [`本院人员${check.lines.length}条待核对`] : []),
  ...check.cost.map(c => `${c}没填`),
];

const MOST_ROWS = 60;
export const linesTable = (programme: Titled, lines: readonly DraftLine[], name: (person: string) => string, today: Day): Table => {
  const shown = (programme.workload?.figures ?? []).filter(f => f.kind === 'count' && !f.optional).slice(0, 3);
  return {
    columns: ['日期', '医师', ...shown.map(f => f.name), '备注'],
    rows: lines
      .slice(0, MOST_ROWS)
      .map(({ line, supplement }) => [
        sayDay(line.day, today),
        name(line.person),
        ...shown.map(f => (line.figures[f.id] === undefined ? '' : `${line.figures[f.id]}`)),
        [...(supplement ? ['补报'] : []), ...(line.counted ? [] : ['当天人次记在别处']), ...(line.note ? [line.note] : [])].join('，'),
      ]),
  };
};

export interface DraftView {
  programme: Titled;
  org: Org;
  period: Period;
  today: Day;
  report: Report | undefined;
  filing: Filing | undefined;
  /** Who filed, by name. */
  filer: string;
  lines: readonly DraftLine[];
  open: readonly Visit[];
  ahead: number;
  missing: readonly Missing[];
  name(person: string): string;
  /** The reader may file it; is over it. */
  files: boolean;
  over: boolean;
  /** 填报后补报 1. */
  since: string | null;
  /** Text parts that are owed and not there yet; what was typed. */
  owed: readonly string[];
  /** A part's first sentence, from the figures. */
  offer: string | null;
}

/** Days that have a button of their own where there are many. */
const MOST_DAYS = 4;
/** Buttons for visits that wait for the clinic's word: each its own where they are few, with its day where there are two; else one for each day. */
export const openButtons = (open: readonly Visit[], org: Org, name: (person: string) => string): Button[] => {
  const days = [...new Set(open.map(v => v.day))];
  if (open.length > 2) return days.slice(0, MOST_DAYS).map(d => ({ label: `核实${sayDay(d)}`, command: `/核实 ${d} ${org.name}` }));
  return days.flatMap(d => {
    const buttons = verifyButtons(
      open.filter(v => v.day === d),
      d,
      org.name,
      name,
    );
    return days.length === 1
      ? buttons
      : buttons.filter(b => !b.label.includes('已改期')).map(b => ({ ...b, label: `${sayDay(d)} ${b.label}` }));
  });
};

/** Every visit that waits for the clinic's word: in lines where they are few, else in a table, with what to type for days that have no button. */
export const openVisits = (open: readonly Visit[], name: (person: string) => string, today: Day): Pick<Card, 'lines' | 'table'> => {
  const days = [...new Set(open.map(v => v.day))];
  if (open.length <= 3)
    return { lines: open.map(v => `${name(v.person)} ${sayDay(v.day, today)}${sayHalves(v)}${v.checkedIn === null ? '' : '，已签到'}`) };
  return {
    lines: days.length > MOST_DAYS ? [`其余日期发：/核实 ${sayDay(days[MOST_DAYS]!, today).split(' ')[0]}`] : [],
    table: {
      columns: ['医师', '日期', '签到'],
      rows: open.map(v => [name(v.person), `${sayDay(v.day, today)}${sayHalves(v)}`, v.checkedIn === null ? '' : '已签到']),
    },
  };
};

/** A unit's own report: the draft with what is missing, or what was filed. */
export const draftCard = (v: DraftView): Card => {
  const { programme, org, period, today, report, filing } = v;
  const state = sayState(report, v.lines.length > 0, today);
  const which = `${periodWord(period)} ${org.name}`;
  const title = `${shownOrg(org)} ${sayPeriod(period)}：${state}`;
  if (isFiled(report) && filing && !isOpen(report, today)) {
    const paper = filingPaper(filing, { programme, org, label: sayPeriod(period), reporter: v.filer });
    return {
      code: 'report.filed-shown',
      title,
      tone: 'info',
      lines: [
        filedLine(filing, v.filer, today),
        ...(filing.zero ? [`零报告：${filing.zero}`] : [sayCounts(v.lines)]),
        ...(v.since ? [v.since] : []),
        ...(v.over ? [] : ['要改请上级退回']),
      ],
      ...(v.lines.length ? { table: linesTable(programme, v.lines, v.name, today) } : {}),
      ...(v.over ? { buttons: stepButtons(report, which) } : {}),
      ...(paper ? { paper } : {}),
    };
  }
  const buttons: Button[] = v.files
    ? [...openButtons(v.open, org, v.name), { label: '上报', command: `/月报 上报 ${which}`, style: 'primary' }]
    : [];
  return {
    code: 'report.draft',
    title,
    tone: v.files ? 'ask' : 'info',
    lines: [
      ...(report?.state === 'returned' && report.why ? [`退回原因：${report.why}`] : []),
      ...(isUnlocked(report, today) ? [`到${sayDay(report!.openUntil!, today)}24时；改好再点上报，到期没报的按原来报的`] : []),
      `${v.lines.length ? sayCounts(v.lines) : '还没有已核实的下基层'}，${sayWindow(period, today)}`,
      ...sayMissing(v.missing, 4),
      ...(v.owed.length ? [`还没写：${v.owed.join('、')}`] : []),
      ...(v.ahead ? [`后面还有${v.ahead}班，上报后核实的进下次补报`] : []),
      basisOf(programme, period),
    ],
    ...(v.lines.length ? { table: linesTable(programme, v.lines, v.name, today) } : {}),
    ...(buttons.length ? { buttons } : {}),
    ...(v.files && v.owed.length ? { form: partsForm(v) } : {}),
  };
};

/** 截至4月22日 周一 10:20，黄某报（代办）（逾期）. */
export const filedLine = (filing: Filing, by: string, today: Day): string =>
  `截至${sayInstant(filing.at, today)}，${by}报${filing.as === 'stand-in' ? '（代办）' : ''}${filing.late ? '（逾期）' : ''}`;

/** 4月22日 10:20，代办，逾期: for a column of a table. */
export const sayFiled = (filing: Pick<Filing, 'at' | 'as' | 'late'>, today: Day): string =>
  `${sayInstant(filing.at, today)}${filing.as === 'stand-in' ? '，代办' : ''}${filing.late ? '，逾期' : ''}`;

/** A sentence for the first text part, from the figures; people change it as they like. */
export const firstSentence = (
  programme: Titled,
  period: Period,
  lines: readonly Pick<Line, 'person' | 'clinic' | 'counted' | 'figures'>[],
): string | null => {
  if (!lines.length) return null;
  const figures = (programme.workload?.figures ?? []).flatMap(f => {
    const n = f.kind === 'count' ? sumOf(lines, f.id) : null;
    return n === null ? [] : [`${f.name}${n}${f.unit}`];
  });
  return `截至${sayMonth(period.month)}，${new Set(lines.map(l => l.person)).size}名医师到${new Set(lines.map(l => l.clinic)).size}家受援单位下基层${doctorDays(lines)}人次${figures.length ? `，${figures.join('、')}` : ''}。`;
};

/** The text parts as a form; the first carries a sentence made from the figures, which people change as they like. */
export const partsForm = ({
  period,
  report,
  owed,
  offer,
}: Pick<DraftView, 'period' | 'report' | 'owed' | 'offer'>): NonNullable<Card['form']> => ({
  command: '/月报',
  fields: [
    {
      name: 'month',
      label: '月份',
      kind: 'choice',
      options: [{ label: sayShort(period), value: period.month }],
      value: period.month,
      required: true,
    },
    ...owed.map((part, i) => ({
      name: `part${i + 1}`,
      label: part,
      kind: 'long' as const,
      value: report?.parts[part] ?? (i === 0 && offer ? offer : ''),
    })),
  ],
  submit: '保存',
});

/** What whoever is over a report may do next. */
const stepButtons = (report: Report, which: string): Button[] =>
  report.state === 'filed'
    ? [
        { label: '受理', command: `/月报 受理 ${which}`, style: 'primary' },
        { label: '退回', command: `/月报 退回 ${which}` },
      ]
    : report.state === 'accepted'
      ? [
          { label: '锁定', command: `/月报 锁定 ${which}` },
          { label: '退回', command: `/月报 退回 ${which}` },
        ]
      : [];

export interface ProgressRow {
  org: Org;
  state: string;
  detail: string;
  filed: boolean;
}
export interface ProgressView {
  programme: Titled;
  /** Whose view: 永定区. */
  of: string;
  period: Period;
  today: Day;
  rate: Rate;
  rows: readonly ProgressRow[];
  /** Hospitals that have not confirmed, that have not entered their cost. */
  unchecked: readonly string[];
  costless: readonly string[];
  /** The reader's own report that is made from these. */
  own: {
    report: Report | undefined;
    filing: Filing | undefined;
    filer: string;
    which: string;
    compiles: boolean;
    owed: readonly string[];
    /** Nobody above is in the bot. */
    alone: boolean;
  } | null;
  /** Reports that wait for the reader's 受理; and units whose own have to accept first. */
  waiting: number;
  held: readonly string[];
  coordinates: boolean;
  offer: string | null;
}

const few = (names: readonly string[]): string =>
  names.length > 3 ? `${names.slice(0, 3).join('、')}等${names.length}家` : names.join('、');

/** Filed, and not to be accepted yet. */
export const heldLine = (names: readonly string[]): string => `${few(names)}报了，等${names.length > 1 ? '它们' : '它'}受理完下级再受理`;

/** Where all units stand, for the bureau. */
export const progressCard = (v: ProgressView): Card => {
  const { period, today, own } = v;
  const open = v.rows.filter(r => !r.filed).map(r => shownOrg(r.org));
  const word = periodWord(period);
  const buttons: Button[] = [
    ...(own?.compiles && isOpen(own.report, today)
      ? [{ label: '汇总上报', command: `/月报 上报 ${own.which}`, style: 'primary' as const }]
      : []),
    ...(own?.filing && !isOpen(own.report, today)
      ? v.programme.forms
          .filter(f => f.rows !== 'postings')
          .map(f => ({ label: `${f.id}报送稿`, command: `/导出 ${f.id} ${filedWord(period)} 报送稿` }))
      : []),
    ...(own?.alone && own.report?.state === 'filed' ? [{ label: '登记上级受理', command: `/月报 受理 ${own.which}` }] : []),
    ...(v.waiting && v.coordinates ? [{ label: `受理已报的${v.waiting}家`, command: `/月报 受理 全部 ${word}` }] : []),
    ...(open.length && v.coordinates ? [{ label: '催报', command: `/催报 ${word}` }] : []),
  ];
  return {
    code: 'report.progress',
    title: `${v.of} ${sayPeriod(period)}`,
    tone: 'info',
    lines: [
      v.rows.length ? sayRate(v.rate) : '还没有单位要报：没有派驻安排',
      ...(open.length ? [`未报：${few(open)}`] : []),
      ...(v.coordinates && v.held.length ? [heldLine(v.held)] : []),
      ...(v.unchecked.length || v.costless.length
        ? [
            `支援单位${[
              ...(v.unchecked.length ? [`待核对：${few(v.unchecked)}`] : []),
              ...(v.costless.length ? [`经费没填：${few(v.costless)}`] : []),
            ].join('；')}`,
          ]
        : []),
      ...(own
        ? [
            own.report && own.filing && !isOpen(own.report, today)
              ? `汇总：${sayState(own.report, true, today)}，${filedLine(own.filing, own.filer, today)}`
              : `汇总：${own.report?.state === 'returned' ? `已退回，${own.report.why}` : '未报'}${own.owed.length ? `，还没写：${own.owed.join('、')}` : ''}`,
          ]
        : []),
      ...(own?.report?.state === 'accepted' && own.report.why ? [`上级受理：${own.report.why}`] : []),
      ...(today <= period.due || v.rate.overdue ? [sayWindow(period, today)] : []),
      basisOf(v.programme, period),
    ],
    ...(v.rows.length ? { table: { columns: ['单位', '月报', '时间'], rows: v.rows.map(r => [shownOrg(r.org), r.state, r.detail]) } } : {}),
    ...(buttons.length ? { buttons } : {}),
    ...(own?.compiles && own.owed.length && isOpen(own.report, today)
      ? { form: partsForm({ period, report: own.report, owed: own.owed, offer: v.offer }) }
      : {}),
  };
};
