/** Drafts of bulletins and summaries: what the records say in the words of a letter, and marked gaps for what only people can write. Units are named where something is missing; people are neither named nor ranked. */
import type { Programme, SummaryData } from '../programmes/schema.ts';
import { cite } from '../programmes/schema.ts';
import type { DocumentPart, OfficialDocument } from './card.ts';
import { type Day, dayAt, type Instant, type Month, monthOf, type Span, sayMonth, sayMonthDay, sayUntil } from './day.ts';
import type { Units } from './form.ts';

export interface DraftAsk {
  what: 'bulletin' | 'summary';
  /** Which summary. */
  summary: string | null;
  programme: string;
  span: Span;
  label: string;
  of: Units;
  /** Name of the unit that signs. */
  unit: string;
}

/** What the records say of a time and of some units. */
export interface WorkFacts {
  doctorDays: number;
  /** Doctor-days from paper, which stand in those by month and by unit as well. */
  paper: number;
  /** Doctor-days that wait for the clinic's word; of these, those of days before today. */
  waiting: number;
  unverified: number;
  notThere: number;
  leaves: number;
  physicians: number;
  hospitals: number;
  /** Clinics: with a posting, and with a verified doctor-day. */
  clinics: number;
  covered: number;
  byMonth: { month: Month; doctorDays: number }[];
  byUnit: { name: string; doctorDays: number; figures: (number | null)[] }[];
  /** Sums of the day's figures and of units' months, by the names and units of the programme; null: nobody reported it. */
  figures: { name: string; unit: string; sum: number | null }[];
  publicity: { name: string; unit: string; sum: number | null; yesNo: boolean }[];
  cost: { name: string; unit: string; sum: number | null }[];
  /** Reports of the span's months, of the units that file, or above the county of those whose reports come to the bureau: expected, filed, late, taken over by a later one; who has not filed one that was due; and when the last is due, where that is still to come. */
  filing: { months: number; expected: number; filed: number; late: number; merged: number; missing: string[]; dueOn: Day | null } | null;
  /** Against the programme's targets, where all of it is in these units: 对照年度目标… */
  targets: string | null;
  /** Whose work it is; and whether its time is still running. */
  /** The county has a general hospital. */
  general: boolean;
  whose: 'clinic' | 'hospital' | 'county' | 'city' | 'province';
  running: boolean;
  /** Clinics with a posting and without a verified visit. */
  empty: string[];
  /** Clinics that reported no studio. */
  noStudio: string[];
}

const NUMERALS = '一二三四五六七八九十';
/** The day is left to whoever signs. */
const signedOn = (d: Day): string => `${sayMonth(monthOf(d))}　　日`;
const listed = (names: readonly string[]): string => names.join('、');

const figureText = (figures: WorkFacts['figures']): string => {
  const known = figures.filter(f => f.sum !== null);
  return known.length ? `${known.map(f => `${f.name}${f.sum}${f.unit}`).join('，')}。` : '没有单位填报工作量。';
};

const presenceText = (f: WorkFacts, label: string): string => {
  const paper = f.paper ? `，另据纸质报表${f.paper}人次` : '';
  const who = {
    clinic: `${f.hospitals}家支援单位派来医师${f.physicians}人，经本单位核实下基层${f.doctorDays}人次${paper}`,
    hospital: `本院派出医师${f.physicians}人，对口支援${f.clinics}家基层医疗卫生机构，经受援单位核实下基层${f.doctorDays}人次${paper}，覆盖${f.covered}家`,
  };
  const all = `${f.hospitals}家支援单位共派出医师${f.physicians}人，对口支援${f.clinics}家基层医疗卫生机构，经受援单位核实下基层${f.doctorDays}人次${paper}，覆盖${f.covered}家`;
  const said = f.whose === 'clinic' || f.whose === 'hospital' ? who[f.whose] : all;
  return `${label}，${said}${f.waiting ? `，另有${f.waiting}人次待核实` : ''}。`;
};

/** 应报24家，已报23家（其中逾期1家），未报1家：甲. Before the last day nobody is told to have missed it. */
const filingText = (f: NonNullable<WorkFacts['filing']>, whose: WorkFacts['whose']): string => {
  const unit = f.months > 1 || whose === 'clinic' ? '份' : '家';
  const filed = `应报${f.expected}${unit}，已报${f.filed}${unit}${f.late ? `（其中逾期${f.late}${unit}）` : ''}${f.merged ? `，并入后报${f.merged}${unit}` : ''}`;
  const open = f.expected - f.filed - f.merged;
  if (f.missing.length) return `${filed}，未报${open}${unit}：${listed(f.missing)}。`;
  if (f.dueOn && open) return `${filed}，${sayMonthDay(f.dueOn)}前报送，尚未到期。`;
  return `${filed}。`;
};

/** Problems that the records show, each with its units in the order of the annex. `told`: who has not filed is named elsewhere in the letter. */
export const problemsOf = (f: WorkFacts, told = false): string[] => [
  ...(f.empty.length && f.whose !== 'clinic'
    ? [`${f.running ? '截至目前，' : ''}${f.empty.length}家单位没有经核实的下基层记录：${listed(f.empty)}。`]
    : []),
  ...(f.empty.length && f.whose === 'clinic' ? [`${f.running ? '截至目前，' : ''}没有经核实的下基层记录。`] : []),
  ...(f.filing?.missing.length
    ? [
        `${f.filing.missing.length}${f.filing.months > 1 ? '份月报没有报送' : '家单位没有报送月报'}${told ? '（名单见上）' : `：${listed(f.filing.missing)}`}。`,
      ]
    : []),
  ...(f.filing?.late ? [`${f.filing.late}${f.filing.months > 1 || f.whose === 'clinic' ? '份月报' : '家单位'}逾期报送。`] : []),
  ...(f.unverified ? [`${f.unverified}人次受援单位没有核实，请及时核实。`] : []),
  ...(f.notThere ? [`受援单位反映未到岗${f.notThere}次，正在按程序听取说明，未认定前不作结论。`] : []),
  ...(f.noStudio.length ? [`${f.noStudio.length}家单位填报没有设置支援专家工作室：${listed(f.noStudio)}。`] : []),
];

const numbered = (sections: { head: string; parts: DocumentPart[] }[]): DocumentPart[] =>
  sections.flatMap((s, i) => [{ kind: 'head' as const, text: `${NUMERALS[i]}、${s.head}` }, ...s.parts]);
const text = (t: string): DocumentPart => ({ kind: 'text', text: t });
const gap = (t: string): DocumentPart => ({ kind: 'gap', text: t });

const problemParts = (f: WorkFacts, told: boolean): DocumentPart[] => {
  const problems = problemsOf(f, told);
  return problems.length
    ? problems.map((p, i) => text(`${problems.length > 1 ? `（${NUMERALS[i]}）` : ''}${p}`))
    : [text('系统记录中没有发现问题。')];
};

const unitTable = (f: WorkFacts, label: string): DocumentPart[] =>
  f.byUnit.length > 1
    ? [
        {
          kind: 'table',
          title: `${label}各单位情况`,
          columns: ['单位', '人次', ...f.figures.map(x => x.name)],
          rows: [
            ...f.byUnit.map(u => [u.name, `${u.doctorDays}`, ...u.figures.map(n => (n === null ? '' : `${n}`))]),
            ['合计', `${f.byUnit.reduce((n, u) => n + u.doctorDays, 0)}`, ...f.figures.map(x => (x.sum === null ? '' : `${x.sum}`))],
          ],
        },
      ]
    : [];

/** Whom a bureau writes to before the units themselves. */
const beneath = ({ whose, general }: WorkFacts): string =>
  whose === 'province' ? '各设区市卫生健康委，' : whose === 'city' ? '各县（市、区）卫生健康局，' : general ? '总医院，' : '';

/** 通报: to the units below, as a draft. */
export const bulletin = (f: WorkFacts, ask: DraftAsk, programme: Programme, now: Instant, demo: boolean): OfficialDocument => {
  const today = dayAt(now);
  const filing = f.filing;
  return {
    title: `关于${ask.label}“医师下基层”\n对口支援工作情况的通报`,
    to: `${beneath(f)}各有关医疗卫生单位`,
    parts: [
      text(
        `根据《${programme.document.title}》${programme.document.number ? `（${programme.document.number}）` : ''}要求，现将${ask.label}工作情况通报如下。`,
      ),
      ...numbered([
        {
          head: '总体情况',
          parts: [text(presenceText(f, ask.label)), ...(f.leaves ? [text(`准假${f.leaves}件。`)] : [])],
        },
        { head: '工作量', parts: [text(figureText(f.figures)), ...unitTable(f, ask.label)] },
        ...(filing
          ? [
              {
                head: '报送情况',
                parts: [text(filingText(filing, f.whose))],
              },
            ]
          : []),
        { head: '存在问题', parts: problemParts(f, true) },
        { head: '工作要求', parts: [gap('下一步工作要求')] },
      ]),
      text(`（以上数据截至${sayUntil(now)}。）`),
    ],
    annexes: programme.forms.filter(x => x.issued && x.rows !== 'postings').map(x => x.title),
    signed: ask.unit,
    date: signedOn(today),
    watermark: demo ? '演示数据' : null,
  };
};

/** 总结和自评: of a unit or a bureau, by the sections of the programme. */
export const summary = (
  f: WorkFacts,
  ask: DraftAsk,
  { data, programme, now, demo }: { data: SummaryData; programme: Programme; now: Instant; demo: boolean },
): OfficialDocument => {
  const today = dayAt(now);
  const fill = (s: SummaryData['sections'][number]): DocumentPart[] => {
    switch (s.fill) {
      case 'presence':
        return [
          text(presenceText(f, ask.label)),
          ...(f.byMonth.length > 1
            ? [text(`各月人次：${f.byMonth.map(m => `${Number(m.month.slice(5))}月${m.doctorDays}`).join('，')}。`)]
            : []),
          ...(s.ask ? [gap(s.ask)] : []),
        ];
      case 'figures':
        return [
          text(figureText(f.figures)),
          ...(f.targets ? [text(f.targets)] : []),
          ...(f.cost.some(c => c.sum !== null) ? [text(figureText(f.cost))] : []),
          ...(f.filing ? [text(`月报${filingText(f.filing, f.whose)}`)] : []),
          ...unitTable(f, ask.label),
          ...(s.ask ? [gap(s.ask)] : []),
        ];
      case 'publicity': {
        const known = f.publicity.filter(p => p.sum !== null);
        return [
          text(
            known.length
              ? `${known.map(p => (p.yesNo ? `设置${p.name}${p.sum}家` : `${p.name}${p.sum}${p.unit}`)).join('，')}。`
              : '没有单位填报宣传情况。',
          ),
          ...(s.ask ? [gap(s.ask)] : []),
        ];
      }
      case 'problems':
        return [
          ...problemParts(
            f,
            data.sections.some(x => x.fill === 'figures'),
          ),
          gap(s.ask ?? '系统记录以外的问题'),
        ];
      case 'write':
        return [gap(s.ask ?? s.head)];
    }
  };
  return {
    title: data.title,
    to: null,
    parts: [
      ...numbered(data.sections.map(s => ({ head: s.head, parts: fill(s) }))),
      text(`（${cite(programme, data)}。以上数据截至${sayUntil(now)}。）`),
    ],
    annexes: [],
    signed: ask.unit,
    date: signedOn(today),
    watermark: demo ? '演示数据' : null,
  };
};

/** How many gaps people still have to write. */
export const gapsOf = (d: OfficialDocument): number => d.parts.filter(p => p.kind === 'gap').length;
