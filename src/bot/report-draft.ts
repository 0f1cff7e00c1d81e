/** What stands in a unit's report: its lines, what is missing and in whose hands, what it still owes, what changed since it was filed. */

import type { Day, Month } from '../core/day.ts';
import { shownOrg } from '../core/org-names.ts';
import { postedIn } from '../core/posting.ts';
import type { Confirmation, FiledLine, Filing, Report, UnitMonth, Visit } from '../core/records.ts';
import {
  isFiled,
  lineKey,
  lineNote,
  linesToFile,
  type Missing,
  type MonthFigures,
  mergedInto,
  missingOf,
  monthsTogether,
  type Period,
  periodsOf,
  type Since,
  samePeriod,
  sinceFiling,
  type ToFile,
} from '../core/report.ts';
import type { Line } from '../core/workload.ts';
import type { Programme } from '../programmes/schema.ts';
import { linesOf } from './lines.ts';
import type { Read } from './ports.ts';
import { countiesOf, feedsInto, filerOf, onPaper, type StandingUnit, standing, type Unit, unitsIn, unitsInEach } from './reports.ts';
import type { Scope } from './scope.ts';

/** Lines of a unit's filings that stand, by the report they are in. */
export const filedLinesOf = async (read: Read, programme: Programme, orgs: readonly string[], to?: Month): Promise<FiledLine[]> => {
  const filings = orgs.length
    ? await read.all('filings', { programme: programme.id, org: orgs, state: 'current', ...(to ? { month: { to } } : {}) })
    : [];
  return filings.length ? read.all('filedLines', { filing: filings.map(f => f.id) }) : [];
};

/** Units of a compiling one, and where they stand; of 年终补报 only those that had something left for it. */
export const feedersOf = async (read: Read, programme: Programme, unit: Unit, period: Period, today: Day): Promise<StandingUnit[]> =>
  (await feedersOfEach(read, programme, [unit], period, today))[0]!;

/** The same of each of several units, read together: a province's counties are a hundred. One that does not compile has none. */
export const feedersOfEach = async (
  read: Read,
  programme: Programme,
  units: readonly Unit[],
  period: Period,
  today: Day,
): Promise<StandingUnit[][]> => {
  const groups: string[][] = [];
  for (const u of units) groups.push(u.filer.does === 'compiles' ? await countiesOf(read, u.org) : []);
  const below = (await unitsInEach(read, programme, groups, period.month)).map((its, i) => {
    const feeds = feedsInto(programme, units[i]!.org);
    return its.filter(u => feeds(u.filer));
  });
  const stand = await standing(read, programme, below.flat(), period);
  const out: StandingUnit[][] = [];
  let from = 0;
  for (const { length } of below) {
    out.push(length ? await expectedOf(read, programme, stand.slice(from, from + length), period, today) : []);
    from += length;
  }
  return out;
};

/** Those who only confirm, beside the units that file to this bureau; 年终补报 asks nothing of them. */
export const confirmingOf = async (read: Read, programme: Programme, unit: Unit, period: Period): Promise<Unit[]> => {
  const feeds = feedsInto(programme, unit.org);
  if (period.kind === 'closing' || !programme.report?.filers.some(f => f.does === 'files' && feeds(f))) return [];
  return (await unitsIn(read, programme, await countiesOf(read, unit.org), period.month)).filter(u => u.filer.does === 'confirms');
};

/** Whoever a report is expected of: 年终补报 only of those with something left for it when December's is filed or overdue. */
export const expectedOf = async (
  read: Read,
  programme: Programme,
  units: readonly StandingUnit[],
  period: Period,
  today: Day,
): Promise<StandingUnit[]> => {
  if (period.kind !== 'closing') return [...units];
  const before = await read.all('reports', { programme: programme.id, month: period.month, org: units.map(u => u.org) });
  const late = today > (periodsOf(programme).find(p => p.month === period.month)?.due ?? today);
  const expected: StandingUnit[] = [];
  for (const u of units) {
    const december = before.find(r => r.org === u.org && r.kind !== 'closing');
    if (u.report?.filing || ((late || isFiled(december)) && isLeft((await outlinesOf(read, programme, [u], period, today))[0]!)))
      expected.push(u);
  }
  return expected;
};

/** There is something that a report would hold, or may come to. */
export const isLeft = (draft: Pick<Draft, 'lines' | 'open' | 'feeders'>): boolean =>
  draft.lines.length + draft.open.length + draft.feeders.length > 0;

export interface Draft {
  report: Report | undefined;
  filing: Filing | undefined;
  /** Lines that would be filed now. */
  lines: ToFile<
    Pick<Line, 'person' | 'clinic' | 'hospital' | 'day' | 'counted' | 'half' | 'figures' | 'words'> & { note: string | null }
  >[];
  /** Visits of its days that wait for the clinic's word, and those planned that still lie ahead. */
  open: Visit[];
  ahead: number;
  missing: Missing[];
  unitMonth: Pick<UnitMonth, 'figures' | 'words'> | undefined;
  /** A compiling one's units. */
  feeders: StandingUnit[];
  names: Map<string, string>;
}

/** As much of a draft as says what is lacking. */
export type Outline = Pick<Draft, 'report' | 'lines' | 'open' | 'missing' | 'feeders'>;

/**
 * What units lack. Of one that compiles, who has filed beneath it says so: its lines, which may be a whole province's of all months,
 * stand in no outline, but where nothing else says whether something is left for 年终补报.
 */
export const outlinesOf = async (
  read: Read,
  programme: Programme,
  units: readonly StandingUnit[],
  period: Period,
  today: Day,
): Promise<Outline[]> => {
  const below = await feedersOfEach(
    read,
    programme,
    units.map(u => u.unit),
    period,
    today,
  );
  const out: Outline[] = [];
  for (const [i, u] of units.entries()) {
    const feeders = below[i]!;
    const told = u.unit.filer.does === 'compiles' && (period.kind !== 'closing' || feeders.length > 0);
    out.push(
      told ? { report: u.report, lines: [], open: [], missing: [], feeders } : await draftOf(read, programme, u.unit, period, today),
    );
  }
  return out;
};

const scopeOfUnit = (unit: Unit): Scope => (unit.filer.by === 'hospital' ? { hospital: unit.org.id } : { clinic: unit.org.id });

/** What a unit's report would contain if it were filed now. */
export const draftOf = async (read: Read, programme: Programme, unit: Unit, period: Period, today: Day): Promise<Draft> => {
  const report = await read.first('reports', { programme: programme.id, month: period.month, kind: period.kind, org: unit.org.id });
  const filing = report?.filing ? await read.get('filings', report.filing) : undefined;
  const own = (await filedLinesOf(read, programme, [unit.org.id])).filter(l => l.report !== report?.id);
  const filed = new Set(own.map(lineKey));
  const to = period.span.to < today ? period.span.to : today;
  const base = { report, filing };
  if (unit.filer.does === 'compiles') {
    const feeders = await feedersOf(read, programme, unit, period, today);
    // Whoever only looks on sends nothing up.
    const lower = filerOf(programme, unit.org) ? await linesBelow(read, programme, unit, period.month) : [];
    const once = new Map(lower.map(l => [lineKey(l), l]));
    return {
      ...base,
      lines: linesToFile({ ...period, span: { ...period.span, to: today } }, [...once.values()].sort(byDay), filed, today),
      open: [],
      ahead: 0,
      missing: [],
      unitMonth: period.kind === 'closing' ? undefined : monthsTogether(await monthsBelow(read, programme, unit, period.month, feeders)),
      feeders,
      names: new Map(),
    };
  }
  const scope = scopeOfUnit(unit);
  const lines = await linesOf(read, programme.id, scope, { from: programme.term.from, to });
  const place = scope.clinic ? { clinic: scope.clinic } : { hospital: scope.hospital! };
  const visits = await read.all(
    'visits',
    {
      programme: programme.id,
      ...place,
      state: 'on',
      presence: null,
      // An earlier visit that is verified before the filing stands in it as 补报.
      day: { from: programme.term.from, to: period.kind === 'closing' ? programme.term.until : period.span.to },
    },
    { by: 'day' },
  );
  const open = visits.filter(v => v.day <= today);
  const toFile = linesToFile(period, lines, filed, today);
  const people = [...new Set([...open.map(v => v.person), ...toFile.map(t => t.line.person)])];
  const names = new Map((people.length ? await read.all('people', { id: people }) : []).map(p => [p.id, p.name]));
  const name = (id: string) => names.get(id) ?? '';
  const unitMonth = await read.first('unitMonths', { org: unit.org.id, month: period.month, programme: programme.id });
  return {
    ...base,
    lines: toFile.map(({ line, supplement }) => ({ line: { ...line, note: lineNote(line) }, supplement })),
    open,
    ahead: visits.length - open.length,
    missing: missingOf(programme, unit.filer, period, {
      unverified: open.map(v => name(v.person)),
      proposed: toFile.filter(t => t.line.workload?.proposal).map(t => name(t.line.person)),
      unreported: toFile.filter(t => !t.line.workload).map(t => name(t.line.person)),
      unconfirmed: toFile
        .filter(t => t.line.workload && t.line.workload.as !== 'self' && t.line.workload.confirmed === null)
        .map(t => name(t.line.person)),
      unitMonth,
      unchecked: await uncheckedBy(read, programme, period.month, [...new Set(toFile.map(t => t.line.hospital))]),
    }),
    unitMonth: period.kind === 'closing' ? undefined : unitMonth,
    feeders: [],
    names,
  };
};

/** What those beneath a compiling unit have filed up to a month, whoever of them is still posted, and was not given back. */
const linesBelow = async (read: Read, programme: Programme, unit: Unit, month: Month): Promise<FiledLine[]> => {
  const postings = await read.all('postings', { programme: programme.id, county: await countiesOf(read, unit.org) });
  const ids = [...new Set(postings.flatMap(p => [p.clinic, p.hospital, p.county]))];
  const feeds = feedsInto(programme, unit.org);
  const below = (ids.length ? await read.all('orgs', { id: ids }) : []).flatMap(o => {
    const filer = filerOf(programme, o);
    return filer && feeds(filer) ? [o.id] : [];
  });
  if (!below.length) return [];
  const returned = new Set((await read.all('reports', { programme: programme.id, org: below, state: 'returned' })).map(r => r.id));
  return (await filedLinesOf(read, programme, below, month)).filter(l => !returned.has(l.report));
};

const byDay = (a: { day: Day }, b: { day: Day }): number => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0);
/** What was said of a month below: as filed by those who file, and as it stands by those who only enter theirs, such as a hospital its cost. */
const monthsBelow = async (
  read: Read,
  programme: Programme,
  unit: Unit,
  month: Month,
  feeders: readonly StandingUnit[],
): Promise<(MonthFigures & { org: string })[]> => {
  const filed = feeders.flatMap(f => (isFiled(f.report) && f.filing ? [f.filing] : []));
  if (feeders.some(f => f.unit.filer.does === 'compiles')) return filed;
  const counties = await countiesOf(read, unit.org);
  const entered = counties.length ? await read.all('unitMonths', { programme: programme.id, county: counties, month }) : [];
  const orgs = new Map((entered.length ? await read.all('orgs', { id: entered.map(m => m.org) }) : []).map(o => [o.id, o]));
  const feeds = feedsInto(programme, unit.org);
  return [
    ...filed,
    ...entered.filter(m => {
      const org = orgs.get(m.org);
      const filer = org && filerOf(programme, org);
      return !filer || !feeds(filer);
    }),
  ];
};

/** Hospitals that have not confirmed their people's lines, where the programme asks it. */
const uncheckedBy = async (read: Read, programme: Programme, month: Month, hospitals: readonly string[]): Promise<string[]> => {
  if (!hospitals.length || !programme.report?.filers.some(f => f.by === 'hospital' && f.does === 'confirms')) return [];
  const done = new Set((await read.all('confirmations', { programme: programme.id, month, org: hospitals })).map(c => c.org));
  const open = hospitals.filter(h => !done.has(h));
  return open.length ? (await read.all('orgs', { id: open })).map(shownOrg) : [];
};

/** Reports of a unit that are open, due and expected, neither with those above nor taken over by a later one, oldest first; 年终补报 only where something is left for it. */
export const owedBy = async (
  read: Read,
  programme: Programme,
  periods: readonly Period[],
  unit: Unit,
  today: Day,
): Promise<{ period: Period; report: Report | undefined }[]> => {
  const reports = await read.all('reports', { programme: programme.id, org: unit.org.id });
  const where =
    unit.org.kind === 'bureau'
      ? { county: await countiesOf(read, unit.org) }
      : unit.org.kind === 'hospital'
        ? { hospital: unit.org.id }
        : { clinic: unit.org.id };
  const postings = await read.all('postings', { programme: programme.id, ...where });
  const paper = await onPaper(read, programme, { clinic: [...new Set(postings.map(p => p.clinic))] });
  const owed: { period: Period; report: Report | undefined }[] = [];
  for (const period of periods) {
    if (period.opens > today || !postings.some(p => postedIn(p, period.month) && !paper.has(`${p.clinic} ${period.month}`))) continue;
    const report = reports.find(r => samePeriod(r, period));
    if (isFiled(report) || mergedInto(period, report, reports)) continue;
    if (period.kind === 'closing') {
      const before = reports.find(r => r.month === period.month && r.kind !== 'closing');
      if (!isFiled(before) || !isLeft(await draftOf(read, programme, unit, period, today))) continue;
    }
    owed.push({ period, report });
  }
  return owed;
};

/** A hospital's part: its own people's lines of a month, its yes to them, its cost. */
export interface Check {
  lines: (Line & { note: string | null })[];
  confirmation: Confirmation | undefined;
  /** Names of cost figures that are not entered. */
  cost: string[];
  names: Map<string, string>;
}
export const checkOf = async (read: Read, programme: Programme, unit: Unit, period: Period): Promise<Check> => {
  const lines = await linesOf(
    read,
    programme.id,
    { hospital: unit.org.id, counties: await countiesServed(read, programme, unit) },
    period.span,
  );
  const people = [...new Set(lines.map(l => l.person))];
  const where = { org: unit.org.id, month: period.month, programme: programme.id };
  const own = await read.first('unitMonths', where);
  return {
    lines: lines.map(l => ({ ...l, note: lineNote(l) })),
    confirmation: await read.first('confirmations', where),
    cost: (programme.cost?.figures ?? []).filter(f => !f.optional && own?.figures[f.id] === undefined).map(f => f.name),
    names: new Map((people.length ? await read.all('people', { id: people }) : []).map(p => [p.id, p.name])),
  };
};
/** Counties in which a hospital's people are posted. */
const countiesServed = async (read: Read, programme: Programme, unit: Unit): Promise<string[]> => [
  ...new Set((await read.all('postings', { programme: programme.id, hospital: unit.org.id })).map(p => p.county)),
];

/** What a filed report's own month looks like now, beside what was filed. */
export const sinceOf = async (read: Read, programme: Programme, unit: Unit, period: Period, filing: Filing): Promise<Since> => {
  const filed = (await read.all('filedLines', { filing: filing.id })).filter(l => !l.supplement);
  return sinceFiling(filed, await linesOf(read, programme.id, scopeOfUnit(unit), period.span));
};
