/** Monthly reports (月报): which there are, when they are due, which lines stand in them, what is missing and in whose hands, and who may take them further. */
import type { FilerData, Programme } from '../programmes/schema.ts';
import { type AssumedCalendar, addWorkdays, lastWorkdayOnOrBefore, workdaysBack } from './calendar.ts';
import {
  addDays,
  addMonths,
  type Day,
  dayAt,
  firstOf,
  type Instant,
  lastOf,
  type Month,
  monthOf,
  type Span,
  sayMonth,
  yearOf,
  ymd,
} from './day.ts';
import type { Filing, Posting, Report, ReportKind, UnitMonth } from './records.ts';
import type { Line } from './workload.ts';

// ── Which reports there are ───────────────────────────────────────────────────

/** One report that is to be filed: of a month, the first one, or 年终补报. */
export interface Period {
  month: Month;
  kind: ReportKind;
  /** Days of visits that belong to it; earlier ones that no report contains stand in it as 补报. */
  span: Span;
  /** First day on which it may be filed. */
  opens: Day;
  /** Its last moment is 24:00 of this day; filing later is accepted and marked. */
  due: Day;
}

/** What of a programme its reports are made by. */
export type ReportRules = Pick<Programme, 'id' | 'key' | 'term' | 'report'>;
type Rules = Pick<ReportRules, 'term' | 'report'>;

/** The nth of a month; its last day where it has no such day. */
const nth = (month: Month, n: number): Day => ymd(yearOf(month), Number(month.slice(5)), n) ?? lastOf(month);

/** Every report of a programme, in order. `cutOff`: months run from the day after the last due day to the next. */
export const periodsOf = ({ term, report: rules }: Rules, cutOff = false): Period[] => {
  if (!rules) return [];
  const { 'due-day': n, covers, window, first, closing } = rules;
  const periods: Period[] = [];
  const last = monthOf(term.until);
  for (let month = first?.month ?? monthOf(term.from); month <= last; month = addMonths(month, 1)) {
    const due = nth(covers === 'same-month' ? month : addMonths(month, 1), n);
    const own = cutOff && covers === 'same-month';
    const span: Span = {
      from: own ? addDays(nth(addMonths(month, -1), n), 1) : firstOf(month),
      to: own ? due : lastOf(month),
    };
    const isFirst = month === first?.month;
    periods.push({
      month,
      kind: isFirst ? 'first' : 'month',
      span,
      opens: window === 'whole-month' ? addDays(span.to, 1) : span.from,
      due: isFirst && first.due ? first.due : due,
    });
  }
  const before = periods.at(-1);
  if (closing && before)
    periods.push({
      month: last,
      kind: 'closing',
      span: { from: addDays(before.span.to, 1), to: term.until },
      opens: before.opens,
      due: closing.due,
    });
  return periods;
};

/** 2024年4月月报, 2024年3月首次月报, 2024年年终补报. */
export const sayPeriod = ({ month, kind }: Pick<Period, 'month' | 'kind'>): string =>
  kind === 'closing' ? `${yearOf(month)}年终补报` : `${sayMonth(month)}${kind === 'first' ? '首次' : ''}月报`;

/** 4月月报, 年终补报. */
export const sayShort = ({ month, kind }: Pick<Period, 'month' | 'kind'>): string =>
  kind === 'closing' ? '年终补报' : `${Number(month.slice(5))}月${kind === 'first' ? '首次' : ''}月报`;

/** Filed after 24:00 of the due day. */
export const isLate = (due: Day, at: Instant): boolean => dayAt(at) > due;

/** Days of the nudges: three and one workdays before and the day itself, or the last workday before it; two that fall together are one. */
export const nudgeDays = (due: Day, calendar: AssumedCalendar): Day[] => [
  ...new Set([workdaysBack(calendar, due, 3), workdaysBack(calendar, due, 1), lastWorkdayOnOrBefore(calendar, due)]),
];

/** The first three workdays after the due day. */
export const overdueDays = (due: Day, calendar: AssumedCalendar): Day[] => [1, 2, 3].map(n => addWorkdays(calendar, due, n));

// ── Who reports ───────────────────────────────────────────────────────────────

/** Units that a filer of the programme stands for: those with a posting of the month and nobody else, so that no rate passes 100 %. `posted`: postings that hold in the month. */
export const expectedUnits = ({ by }: Pick<FilerData, 'by'>, posted: readonly Pick<Posting, 'clinic' | 'hospital'>[]): string[] =>
  by === 'clinic' || by === 'hospital' ? [...new Set(posted.map(p => p[by]))] : [];

export type ReportState = 'nothing' | Report['state'];
/** Where a unit's report stands. `something`: there are lines, figures or texts for it. */
export const stateOf = (report: Report | undefined, something: boolean): ReportState =>
  report && report.state !== 'draft' ? report.state : something || Object.keys(report?.parts ?? {}).length ? 'draft' : 'nothing';

export const STATE_NAMES: Readonly<Record<ReportState, string>> = {
  nothing: '未填',
  draft: '草稿',
  filed: '已报',
  returned: '已退回',
  accepted: '已受理',
  locked: '已锁定',
};

/** It lies with those above: filed and not returned. */
export const isFiled = <R extends Pick<Report, 'state'>>(report: R | undefined): report is R =>
  report !== undefined && (report.state === 'filed' || report.state === 'accepted' || report.state === 'locked');

/** An exception runs: what was accepted or locked may be corrected and filed again. */
export const isUnlocked = (report: Report | undefined, today: Day): boolean =>
  (report?.state === 'accepted' || report?.state === 'locked') && report.openUntil !== null && today <= report.openUntil;

/** Locked, and no exception runs. */
export const isShut = (report: Report | undefined, today: Day): boolean => report?.state === 'locked' && !isUnlocked(report, today);

/** Where a report stands, as people read it: an exception that runs goes before what was locked. */
export const sayState = (report: Report | undefined, something: boolean, today: Day): string =>
  isUnlocked(report, today) ? '已开锁' : STATE_NAMES[stateOf(report, something)];

/** May be filed (again): nothing lies with those above, or an exception runs. */
export const isOpen = (report: Report | undefined, today: Day): boolean => !isFiled(report) || isUnlocked(report, today);

/** One report of several of a unit. */
export const samePeriod = (a: Pick<Period, 'month' | 'kind'>, b: Pick<Period, 'month' | 'kind'>): boolean =>
  a.month === b.month && a.kind === b.kind;
/** Of one programme's reports, the first is the month's own, 年终补报 comes after it. */
const isAfter = (a: Pick<Period, 'month' | 'kind'>, b: Pick<Period, 'month' | 'kind'>): boolean =>
  a.month > b.month || (a.month === b.month && a.kind === 'closing' && b.kind !== 'closing');

/** The report of a unit that took over what an earlier, never filed one would have held (并入). */
export const mergedInto = (
  period: Pick<Period, 'month' | 'kind'>,
  own: Pick<Report, 'filing'> | undefined,
  all: readonly Pick<Report, 'filing' | 'month' | 'kind'>[],
): Pick<Period, 'month' | 'kind'> | undefined =>
  own?.filing ? undefined : all.filter(r => r.filing !== null && isAfter(r, period)).sort((a, b) => (isAfter(a, b) ? 1 : -1))[0];

// ── What stands in it ─────────────────────────────────────────────────────────

type Keyed = Pick<Line, 'person' | 'clinic' | 'day'>;
/** A line is one physician at one clinic on one day. */
export const lineKey = (l: Keyed): string => `${l.day} ${l.person} ${l.clinic}`;

export interface ToFile<L extends Keyed = Line> {
  line: L;
  /** 补报: of an earlier month. */
  supplement: boolean;
}

/** Lines that a report filed on a day contains: those of its span, and earlier ones that no other report of the unit contains. */
export const linesToFile = <L extends Keyed>(period: Period, lines: readonly L[], filed: ReadonlySet<string>, on: Day): ToFile<L>[] => {
  const to = period.span.to < on ? period.span.to : on;
  return lines
    .filter(l => l.day <= to && !filed.has(lineKey(l)))
    .map(line => ({ line, supplement: period.kind === 'closing' || line.day < period.span.from }));
};

/** What was not confirmed by the physician, or not typed by one. */
export const lineNote = ({ workload }: Pick<Line, 'workload'>): string | null => {
  if (!workload) return '未填工作量';
  const notes = [
    ...(workload.as === 'self' ? [] : [workload.confirmed === null ? '代填，未经医师确认' : '代填']),
    ...(workload.late ? ['补填'] : []),
  ];
  return notes.length ? notes.join('，') : null;
};

/** What a unit says of its month beside its lines. */
export type MonthFigures = Pick<UnitMonth, 'figures' | 'words'>;

/**
 * Units' months as one: sums under each figure's id, a yes counting 1, and each unit's own word under `unit/figure`, so that what is
 * sent up holds what was said below and stays as it was. Those of units that are made of others bring theirs along.
 */
export const monthsTogether = (months: readonly (MonthFigures & { org: string })[]): MonthFigures => {
  const figures: Record<string, number> = {};
  const words: Record<string, string> = {};
  for (const m of months) {
    const made = Object.keys({ ...m.figures, ...m.words }).some(id => id.includes('/'));
    for (const [id, n] of Object.entries(m.figures)) {
      if (id.includes('/')) figures[id] = n;
      else {
        figures[id] = (figures[id] ?? 0) + n;
        if (!made) figures[`${m.org}/${id}`] = n;
      }
    }
    for (const [id, text] of Object.entries(m.words)) words[id.includes('/') ? id : `${m.org}/${id}`] = text;
  }
  return { figures, words };
};

/** Each unit's own word in what was sent up. */
export const monthsWithin = ({ figures, words }: MonthFigures): Map<string, MonthFigures> => {
  const units = new Map<string, { figures: Record<string, number>; words: Record<string, string> }>();
  const of = (key: string) => {
    const [org = '', id = ''] = key.split('/');
    const own = units.get(org) ?? { figures: {}, words: {} };
    units.set(org, own);
    return { own, id };
  };
  for (const [key, n] of Object.entries(figures)) if (key.includes('/')) of(key).own.figures[of(key).id] = n;
  for (const [key, text] of Object.entries(words)) if (key.includes('/')) of(key).own.words[of(key).id] = text;
  return units;
};

// ── What changed since ────────────────────────────────────────────────────────

type Counted = Keyed & Pick<Line, 'counted' | 'figures' | 'words'>;
const daysOf = (lines: readonly Counted[]): Set<string> => new Set(lines.filter(l => l.counted).map(l => `${l.day} ${l.person}`));

/** One figure that is not what was filed; undefined: not reported. */
export interface ChangedCell {
  line: Counted;
  figure: string;
  from: number | string | undefined;
  to: number | string | undefined;
}
export interface Since {
  /** Lines that no filing contains. */
  added: Counted[];
  /** Lines that were filed and are no more. */
  gone: Counted[];
  changed: ChangedCell[];
  /** Doctor-days as filed and now: now = filed + added − gone. */
  doctorDays: { filed: number; now: number; added: number; gone: number };
}

/** What is different now from what was filed, of the same days and units. Several filings of a line (main and 补报, unit and bureau) are one. */
export const sinceFiling = (filed: readonly Counted[], now: readonly Counted[]): Since => {
  const before = new Map(filed.map(l => [lineKey(l), l]));
  const after = new Map(now.map(l => [lineKey(l), l]));
  const was = daysOf(filed);
  const is = daysOf(now);
  const changed: ChangedCell[] = [];
  for (const [key, line] of after) {
    const old = before.get(key);
    if (!old) continue;
    for (const of of ['figures', 'words'] as const)
      for (const figure of new Set([...Object.keys(old[of]), ...Object.keys(line[of])]))
        if (old[of][figure] !== line[of][figure]) changed.push({ line, figure, from: old[of][figure], to: line[of][figure] });
  }
  return {
    added: [...after].filter(([key]) => !before.has(key)).map(([, l]) => l),
    gone: [...before].filter(([key]) => !after.has(key)).map(([, l]) => l),
    changed,
    doctorDays: {
      filed: was.size,
      now: is.size,
      added: [...is].filter(d => !was.has(d)).length,
      gone: [...was].filter(d => !is.has(d)).length,
    },
  };
};

/** 填报后补报 2，核减 1; null when nothing changed. */
export const saySince = ({ doctorDays: { added, gone }, changed }: Since): string | null => {
  const parts = [
    ...(added ? [`填报后补报 ${added}`] : []),
    ...(gone ? [`填报后核减 ${gone}`] : []),
    ...(changed.length ? [`填报后改动 ${changed.length} 处`] : []),
  ];
  return parts.length ? parts.join('，') : null;
};

// ── What is missing ───────────────────────────────────────────────────────────

export interface Missing {
  what: string;
  /** Whose turn it is. */
  hands: string;
  /** The unit's own figures of the month, which a filing holds as they stand then. */
  own?: true;
}

export interface UnitFacts {
  /** Physicians whose correction of verified figures waits for the clinic's answer. */
  proposed: string[];
  /** Physicians whose visits wait for the clinic's word. */
  unverified: string[];
  /** Lines whose physician reported no figures: names. */
  unreported: string[];
  /** Figures typed by another that the physician has not confirmed: names. */
  unconfirmed: string[];
  unitMonth: UnitMonth | undefined;
  /** Hospitals that have not confirmed their people's lines: names. */
  unchecked: string[];
}

const few = (names: readonly string[]): string => {
  const all = [...new Set(names)];
  return all.length > 3 ? `${all.slice(0, 3).join('、')}等${all.length}` : all.join('、');
};

/** What a unit that files its own lines still lacks; beside them a receiving unit owes its publicity, a supporting one its cost. */
export const missingOf = (
  programme: Pick<Programme, 'workload' | 'publicity' | 'cost'>,
  filer: Pick<FilerData, 'by'>,
  period: Pick<Period, 'kind'>,
  f: UnitFacts,
): Missing[] => {
  const clinic = filer.by === 'clinic';
  // 年终补报 has lines only: the unit's own figures stand in December's.
  const own = ((clinic ? programme.publicity : programme.cost)?.figures ?? []).filter(
    x => period.kind !== 'closing' && !x.optional && x.kind !== 'text' && f.unitMonth?.figures[x.id] === undefined,
  );
  const hands = clinic ? '专人' : '支援单位';
  return [
    ...(f.proposed.length ? [{ what: `改报待答复：${few(f.proposed)}`, hands: '专人' }] : []),
    ...(f.unverified.length ? [{ what: `待核实：${few(f.unverified)}`, hands: '专人' }] : []),
    ...(programme.workload && f.unreported.length ? [{ what: `没填工作量：${few(f.unreported)}`, hands: '医师' }] : []),
    ...(f.unconfirmed.length ? [{ what: `代填待确认：${few(f.unconfirmed)}`, hands: '医师' }] : []),
    ...(own.length ? [{ what: `${clinic ? '宣传' : ''}没填：${own.map(x => x.name).join('、')}`, hands, own: true as const }] : []),
    ...(f.unchecked.length ? [{ what: `待核对：${few(f.unchecked)}`, hands: '支援单位' }] : []),
  ];
};

/** Text parts that a filer owes: those who send the first report up write them; whoever files below may. */
export const partsOwed = (programme: Pick<Programme, 'report'>, period: Pick<Period, 'kind'>, filer: Pick<FilerData, 'does'>): string[] => {
  const rules = programme.report;
  if (!rules?.first || period.kind !== 'first') return [];
  const compiled = rules.filers.some(f => f.does === 'compiles');
  return filer.does === (compiled ? 'compiles' : 'files') ? rules.first.parts : [];
};

// ── Rates ─────────────────────────────────────────────────────────────────────

export interface Rate {
  expected: number;
  filed: number;
  onTime: number;
  /** Filed after the due day. */
  late: number;
  /** Not filed; what it would have held stands in a later one. */
  merged: number;
  /** Past the due day and not filed. */
  overdue: number;
}

export interface UnitReport<R extends Pick<Report, 'state'> = Report> {
  org: string;
  report: R | undefined;
  /** What was filed last. */
  filing: Pick<Filing, 'late' | 'at' | 'as'> | undefined;
  /** Never filed, and taken over by this later one. */
  merged?: Pick<Period, 'month' | 'kind'> | undefined;
}

export const rateOf = (units: readonly UnitReport<Pick<Report, 'state'>>[], due: Day, today: Day): Rate => {
  const filed = units.filter(u => isFiled(u.report));
  const merged = units.filter(u => !isFiled(u.report) && u.merged).length;
  return {
    expected: units.length,
    filed: filed.length,
    onTime: filed.filter(u => !u.filing?.late).length,
    late: filed.filter(u => u.filing?.late).length,
    merged,
    overdue: today > due ? units.length - filed.length - merged : 0,
  };
};

/** Of several months or counties together. */
export const sumOfRates = (rates: readonly Rate[]): Rate => {
  const all = (key: keyof Rate) => rates.reduce((n, r) => n + r[key], 0);
  return {
    expected: all('expected'),
    filed: all('filed'),
    onTime: all('onTime'),
    late: all('late'),
    merged: all('merged'),
    overdue: all('overdue'),
  };
};

/** 应报 24，已报 23，按时 22，逾期未报 1. */
export const sayRate = (r: Rate): string =>
  `应报 ${r.expected}，已报 ${r.filed}，按时 ${r.onTime}${r.late ? `，逾期报 ${r.late}` : ''}${r.merged ? `，并入后报 ${r.merged}` : ''}${r.overdue ? `，逾期未报 ${r.overdue}` : ''}`;
