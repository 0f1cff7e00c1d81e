/** Reports as commands and jobs read them: which programme and unit, what stands in a report, what is missing, who may. */
import { type Day, type Month, monthOf } from '../core/day.ts';
import type { Confirmation, FiledLine, Filing, Org, Posting, Report, UnitMonth, Visit } from '../core/records.ts';
import {
  expectedUnits,
  isFiled,
  lineKey,
  lineNote,
  linesToFile,
  type Missing,
  missingOf,
  type Period,
  periodsOf,
  postedIn,
  type Rate,
  rateOf,
  type Since,
  sinceFiling,
  sumOfMonths,
  type ToFile,
  type UnitReport,
} from '../core/report.ts';
import type { Settings } from '../core/settings.ts';
import type { Line } from '../core/workload.ts';
import type { FilerData, Programme } from '../programmes/schema.ts';
import type { Actor } from './command.ts';
import { linesOf } from './lines.ts';
import type { Read } from './ports.ts';
import { withParents } from './programmes.ts';
import { countiesUnder, type Scope } from './scope.ts';

/** A unit that has something to do with a report. */
export interface Unit {
  org: Org;
  filer: FilerData;
  /** County bureau that it is counted under; of an upper bureau, itself. */
  county: string;
}

export const shownOrg = (org: Org | undefined): string => org?.names[0] ?? org?.name ?? '';

export const periodsFor = (programme: Programme, settings: Pick<Settings, 'get'>): Period[] =>
  periodsOf(programme, settings.get('report.span') === '截止日到截止日');

/** Programmes of an actor's bureaus, those above and those beneath them. */
const programmesAt = async (read: Read, programmes: readonly Programme[], actor: Pick<Actor, 'grants'>): Promise<Programme[]> => {
  const names = new Set<string>();
  for (const id of new Set(actor.grants.flatMap(g => [g.county, g.org]))) {
    const org = id === null ? undefined : await read.get('orgs', id);
    if (org?.kind !== 'bureau') continue;
    for (const o of await withParents(read, org)) names.add(o.name);
    for (const o of await countiesUnder(read, org)) names.add(o.name);
  }
  return programmes.filter(p => names.has(p.bureau));
};

/** The programme whose reports are meant: of the month named, else the one in force, else the last that ended, whose last reports are due after its end. */
export const reportProgramme = async (
  read: Read,
  programmes: readonly Programme[],
  actor: Pick<Actor, 'grants'>,
  today: Day,
  month?: Month,
): Promise<Programme | undefined> => {
  const mine = (await programmesAt(read, programmes, actor)).sort((a, b) => (a.term.from < b.term.from ? 1 : -1));
  const inForce = mine.find(p => p.term.from <= today && today <= p.term.until);
  const named = month && mine.find(p => monthOf(p.term.from) <= month && month <= monthOf(p.term.until));
  return named ?? inForce ?? mine.find(p => p.term.until < today);
};

const KIND: Readonly<Record<FilerData['by'], (o: Org) => boolean>> = {
  clinic: o => o.kind === 'clinic',
  hospital: o => o.kind === 'hospital',
  county: o => o.kind === 'bureau' && o.level === 'county',
  city: o => o.kind === 'bureau' && o.level === 'city',
};
/** What the programme asks of an organisation. */
export const filerOf = (programme: Programme, org: Org): FilerData | undefined => programme.report?.filers.find(f => KIND[f.by](org));

const inOrder = (a: Unit, b: Unit): number => (a.org.order ?? 9999) - (b.org.order ?? 9999) || a.org.name.localeCompare(b.org.name, 'zh');

/** Postings of a month. */
const postingsOf = async (read: Read, programme: Programme, counties: readonly string[], month: Month): Promise<Posting[]> =>
  counties.length
    ? (await read.all('postings', { programme: programme.id, county: counties, from: { to: month } })).filter(p => postedIn(p, month))
    : [];

/** Everybody who is expected to report a month, in the order in which it goes up. */
export const unitsIn = async (read: Read, programme: Programme, counties: readonly string[], month: Month): Promise<Unit[]> => {
  const postings = await postingsOf(read, programme, counties, month);
  const bureaus = postings.length ? await read.all('orgs', { id: [...new Set(postings.map(p => p.county))] }) : [];
  const units: Unit[] = [];
  for (const filer of programme.report?.filers ?? []) {
    const ids =
      filer.by === 'county'
        ? bureaus.map(b => b.id)
        : filer.by === 'city'
          ? [...new Set(bureaus.flatMap(b => b.parent ?? []))]
          : expectedUnits(filer, postings, month);
    const orgs = ids.length ? await read.all('orgs', { id: ids }) : [];
    const county = new Map<string, string>();
    for (const p of postings.toReversed()) county.set(p[filer.by === 'clinic' ? 'clinic' : 'hospital'], p.county);
    units.push(
      ...orgs
        .map(org => ({
          org,
          filer,
          county: org.kind === 'bureau' ? org.id : (county.get(org.id) ?? ''),
        }))
        .sort(inOrder),
    );
  }
  return units;
};

/** County bureaus that a unit's report speaks of. */
export const countiesOf = async (read: Read, org: Org): Promise<string[]> =>
  org.kind === 'bureau' ? (await countiesUnder(read, org)).map(c => c.id) : org.county === null ? [] : [org.county];

/** Filers whose reports a compiling one is made from: those right beneath it. */
const feederOf = (programme: Programme, filer: FilerData): ((f: FilerData) => boolean) => {
  const all = programme.report?.filers ?? [];
  const under = all.slice(0, all.indexOf(filer));
  const compiler = under.findLast(f => f.does === 'compiles');
  return f => (compiler ? f === compiler : f.does === 'files');
};

export interface StandingUnit extends UnitReport {
  unit: Unit;
}
/** Where the reports of units stand. */
export const standing = async (read: Read, programme: Programme, units: readonly Unit[], period: Period): Promise<StandingUnit[]> => {
  const reports = units.length
    ? await read.all('reports', { programme: programme.id, month: period.month, kind: period.kind, org: units.map(u => u.org.id) })
    : [];
  const ids = reports.flatMap(r => r.filing ?? []);
  const filings = new Map((ids.length ? await read.all('filings', { id: ids }) : []).map(f => [f.id, f]));
  const byOrg = new Map(reports.map(r => [r.org, r]));
  return units.map(unit => {
    const report = byOrg.get(unit.org.id);
    return { unit, org: unit.org.id, report, filing: report?.filing ? filings.get(report.filing) : undefined };
  });
};

/** Units of a compiling one, and where they stand. */
export const feedersOf = async (read: Read, programme: Programme, unit: Unit, period: Period): Promise<StandingUnit[]> => {
  if (unit.filer.does !== 'compiles') return [];
  const feeds = feederOf(programme, unit.filer);
  const units = (await unitsIn(read, programme, await countiesOf(read, unit.org), period.month)).filter(u => feeds(u.filer));
  return standing(read, programme, units, period);
};

/** The report that is made from a unit's. */
export const aboveOf = async (
  read: Read,
  programme: Programme,
  unit: Pick<Unit, 'org' | 'county'>,
  period: Pick<Period, 'month' | 'kind'>,
): Promise<Report | undefined> => {
  const chain = unit.org.kind === 'bureau' ? unit.org : await read.get('orgs', unit.county);
  if (!chain) return undefined;
  const over = (await withParents(read, chain))
    .filter(o => o.id !== unit.org.id && filerOf(programme, o)?.does === 'compiles')
    .map(o => o.id);
  return over[0] === undefined
    ? undefined
    : read.first('reports', { programme: programme.id, month: period.month, kind: period.kind, org: over[0] });
};

/** Lines of a unit's filings that stand, by the report they are in. */
export const filedLinesOf = async (read: Read, programme: Programme, orgs: readonly string[], to?: Month): Promise<FiledLine[]> => {
  const filings = orgs.length
    ? await read.all('filings', { programme: programme.id, org: orgs, state: 'current', ...(to ? { month: { to } } : {}) })
    : [];
  return filings.length ? read.all('filedLines', { filing: filings.map(f => f.id) }) : [];
};

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
    const feeders = await feedersOf(read, programme, unit, period);
    const lower = await filedLinesOf(
      read,
      programme,
      feeders.map(f => f.org),
      period.month,
    );
    const once = new Map(lower.map(l => [lineKey(l), l]));
    const months = await monthsOf(read, programme, unit, period.month);
    return {
      ...base,
      lines: linesToFile({ ...period, span: { ...period.span, to: today } }, [...once.values()].sort(byDay), filed, today),
      open: [],
      ahead: 0,
      missing: [],
      unitMonth: months.length && period.kind !== 'closing' ? { figures: sumOfMonths(months), words: {} } : undefined,
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
      day: { from: period.kind === 'first' ? programme.term.from : period.span.from, to: period.span.to },
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

const byDay = (a: { day: Day }, b: { day: Day }): number => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0);
/** What the units of a bureau reported of their month. */
const monthsOf = async (read: Read, programme: Programme, unit: Unit, month: Month): Promise<UnitMonth[]> => {
  const counties = await countiesOf(read, unit.org);
  return counties.length ? read.all('unitMonths', { programme: programme.id, county: counties, month }) : [];
};

/** Hospitals that have not confirmed their people's lines, where the programme asks it. */
const uncheckedBy = async (read: Read, programme: Programme, month: Month, hospitals: readonly string[]): Promise<string[]> => {
  if (!hospitals.length || !programme.report?.filers.some(f => f.by === 'hospital' && f.does === 'confirms')) return [];
  const done = new Set((await read.all('confirmations', { programme: programme.id, month, org: hospitals })).map(c => c.org));
  const open = hospitals.filter(h => !done.has(h));
  return open.length ? (await read.all('orgs', { id: open })).map(shownOrg) : [];
};

/** As what an actor may file a unit's report. */
export const mayFile = async (
  read: Read,
  programme: Programme,
  actor: Pick<Actor, 'grants'>,
  unit: Unit,
  month: Month,
): Promise<Filing['as'] | 'no'> => {
  const { org, filer } = unit;
  const role = org.kind === 'clinic' ? 'clinic' : org.kind === 'hospital' ? 'hospital' : 'bureau';
  if (actor.grants.some(g => g.role === role && g.org === org.id)) return 'self';
  if (filer.does === 'compiles') return 'no';
  if (actor.grants.some(g => (g.role === 'bureau' || g.role === 'general') && g.county !== null && g.county === unit.county))
    return 'stand-in';
  const hospitals = actor.grants.filter(g => g.role === 'hospital').map(g => g.org);
  if (org.kind !== 'clinic' || !hospitals.length) return 'no';
  const postings = (await read.all('postings', { programme: programme.id, clinic: org.id, hospital: hospitals })).filter(p =>
    postedIn(p, month),
  );
  return postings.length ? 'stand-in' : 'no';
};

/** Somebody of a bureau over the unit; nobody accepts or returns their own. */
export const isOver = async (read: Read, actor: Pick<Actor, 'grants'>, unit: Unit): Promise<boolean> => {
  const bureaus = new Set(actor.grants.filter(g => g.role === 'bureau').map(g => g.org));
  if (!bureaus.size) return false;
  const from = unit.org.kind === 'bureau' ? unit.org : await read.get('orgs', unit.county);
  const chain = from ? await withParents(read, from) : [];
  return chain.some(o => o.id !== unit.org.id && bureaus.has(o.id));
};

/**
 * A bureau that compiles a report while nobody above it is in the bot: what its superiors said of it on paper or by telephone is
 * recorded by itself, with where it stands.
 */
export const isAlone = async (read: Read, programme: Programme, actor: Pick<Actor, 'grants'>, unit: Unit, today: Day): Promise<boolean> => {
  if (unit.org.kind !== 'bureau' || filerOf(programme, unit.org)?.does !== 'compiles') return false;
  if (!actor.grants.some(g => g.role === 'bureau' && g.org === unit.org.id)) return false;
  const over = (await withParents(read, unit.org)).slice(1).map(o => o.id);
  if (!over.length) return true;
  const there = (await read.all('grants', { org: over, role: 'bureau' })).filter(
    g => g.from <= today && (g.until === null || g.until >= today),
  );
  return !there.length || (await read.count('accounts', { person: there.map(g => g.person), state: 'bound' })) === 0;
};

/** May be shown a unit's report: those who have a part in it, and everybody over it. */
export const maySee = async (
  read: Read,
  programme: Programme,
  actor: Pick<Actor, 'grants'>,
  unit: Unit,
  month: Month,
): Promise<boolean> => {
  if (actor.grants.some(g => g.role !== 'physician' && g.org === unit.org.id)) return true;
  if (
    actor.grants.some(
      g => (g.role === 'bureau' || g.role === 'general' || g.role === 'chief') && g.county !== null && g.county === unit.county,
    )
  )
    return true;
  if ((await mayFile(read, programme, actor, unit, month)) !== 'no') return true;
  const upper = new Set(actor.grants.filter(g => g.role === 'bureau' || g.role === 'chief').map(g => g.org));
  const from = unit.org.kind === 'bureau' ? unit.org : await read.get('orgs', unit.county);
  return from !== undefined && (await withParents(read, from)).some(o => upper.has(o.id));
};

/** Filing rates of the units that file their own lines, for a month and counties; undefined where nothing is due yet or asked. */
export const ratesOf = async (
  read: Read,
  programme: Programme,
  settings: Pick<Settings, 'get'>,
  counties: readonly string[],
  month: Month,
  today: Day,
): Promise<Rate | undefined> => {
  const period = periodsFor(programme, settings).find(p => p.month === month && p.kind !== 'closing');
  if (!period || period.opens > today) return undefined;
  const units = (await unitsIn(read, programme, counties, month)).filter(u => u.filer.does === 'files');
  return units.length ? rateOf(await standing(read, programme, units, period), period.due, today) : undefined;
};

/** Reports of a unit that are open, due and expected, and not with those above, oldest first; 年终补报 only where something is left for it. */
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
  const owed: { period: Period; report: Report | undefined }[] = [];
  for (const period of periods) {
    if (period.opens > today || !postings.some(p => postedIn(p, period.month))) continue;
    const report = reports.find(r => r.month === period.month && r.kind === period.kind);
    if (isFiled(report)) continue;
    if (period.kind === 'closing') {
      const before = reports.find(r => r.month === period.month && r.kind !== 'closing');
      if (!isFiled(before) || !(await draftOf(read, programme, unit, period, today)).lines.length) continue;
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
