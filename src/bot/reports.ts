/** Who reports: which programme and units a report is of, where each stands, and what lies above and below it. */
import type { To } from '../core/card.ts';
import { addMonths, type Day, type Month, monthOf } from '../core/day.ts';
import { annexOrder } from '../core/org-names.ts';
import { postedIn } from '../core/posting.ts';
import type { Filing, Org, PaperTotal, Posting, Report } from '../core/records.ts';
import { expectedUnits, mergedInto, type Period, periodsOf, type Rate, rateOf, samePeriod, type UnitReport } from '../core/report.ts';
import type { Settings } from '../core/settings.ts';
import type { FilerData, Programme } from '../programmes/schema.ts';
import type { Actor } from './command.ts';
import type { Read, Where } from './ports.ts';
import { withParents } from './programmes.ts';
import { countiesUnder } from './scope.ts';

/** A unit that has something to do with a report. */
export interface Unit {
  org: Org;
  filer: FilerData;
  /** County bureau that it is counted under; of an upper bureau, itself. */
  county: string;
}

/** To whom a unit's reports are a matter: those who file for it; of a bureau the office that compiles. */
export const filersAt = ({ org, filer }: Pick<Unit, 'org' | 'filer'>): To =>
  org.kind === 'bureau'
    ? { org: org.id, role: 'bureau', ...(filer.office ? { office: filer.office } : {}) }
    : { org: org.id, role: org.kind === 'hospital' ? 'hospital' : 'clinic' };

export const periodsFor = (programme: Programme, settings: Pick<Settings, 'get'>): Period[] =>
  periodsOf(programme, settings.get('report.span') === '截止日到截止日');

/** Programmes of an actor's bureaus, those above and those beneath them. `about`: of the bureau or clinic that is asked about, whose county may have one of its own. */
const programmesAt = async (
  read: Read,
  programmes: readonly Programme[],
  actor: Pick<Actor, 'grants'>,
  about: Org | undefined,
): Promise<Programme[]> => {
  const its = about?.kind === 'bureau' ? about.id : about?.kind === 'clinic' ? about.county : null;
  const names = new Set<string>();
  for (const id of new Set(its === null ? actor.grants.flatMap(g => [g.county, g.org]) : [its])) {
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
  { month, about }: { month?: Month | undefined; about?: Org | undefined } = {},
): Promise<Programme | undefined> => {
  const mine = (await programmesAt(read, programmes, actor, about)).sort((a, b) => (a.term.from < b.term.from ? 1 : -1));
  const inForce = mine.find(p => p.term.from <= today && today <= p.term.until);
  const named = month && mine.find(p => monthOf(p.term.from) <= month && month <= monthOf(p.term.until));
  return named ?? inForce ?? mine.find(p => p.term.until < today);
};

/** Of which programmes reports may be asked now, older first: the one in force, and the one of the same bureau before it, whose last months are done in the new year. */
export const reportProgrammes = async (
  read: Read,
  programmes: readonly Programme[],
  actor: Pick<Actor, 'grants'>,
  today: Day,
  about?: Org,
): Promise<Programme[]> => {
  const now = await reportProgramme(read, programmes, actor, today, { about });
  if (!now) return [];
  const before = programmes
    .filter(p => p.bureau === now.bureau && p.term.until < now.term.from)
    .sort((a, b) => (a.term.from < b.term.from ? 1 : -1))[0];
  return before ? [before, now] : [now];
};

const KIND: Readonly<Record<FilerData['by'], (o: Org) => boolean>> = {
  clinic: o => o.kind === 'clinic',
  hospital: o => o.kind === 'hospital',
  county: o => o.kind === 'bureau' && o.level === 'county',
  city: o => o.kind === 'bureau' && o.level === 'city',
};
/** What the programme asks of an organisation. */
export const filerOf = (programme: Programme, org: Org): FilerData | undefined => programme.report?.filers.find(f => KIND[f.by](org));

const inOrder = (a: Unit, b: Unit): number => annexOrder(a.org, b.org);

/** Receiving units' months, `clinic month`, that were reported on paper before the county began here: nothing more is expected of them. */
export const onPaper = async (
  read: Read,
  programme: Pick<Programme, 'id'>,
  where: Pick<Where<PaperTotal>, 'county' | 'clinic' | 'month'>,
): Promise<ReadonlySet<string>> =>
  new Set((await read.all('paperTotals', { programme: programme.id, ...where })).map(p => `${p.clinic} ${p.month}`));

/** Who sends physicians where in each of some months in a row that somebody still has to report of. */
const postedOver = async (
  read: Read,
  programme: Programme,
  counties: readonly string[],
  months: { from: Month; to: Month },
): Promise<(month: Month) => Posted> => {
  if (!counties.length) return () => [];
  const paper = await onPaper(read, programme, { county: counties, month: months });
  const one = months.from === months.to;
  const posted = async (until: null | { from: Month }) => {
    const where = { programme: programme.id, county: counties, from: { to: months.to }, until };
    // Of one month all that is found holds in it: without its days the answer is half as dear.
    return one
      ? read.distinct('postings', ['county', 'clinic', 'hospital'], where)
      : read.distinct('postings', ['county', 'clinic', 'hospital', 'from', 'until'], where);
  };
  const all: (Posted[number] & Partial<Pick<Posting, 'from' | 'until'>>)[] = [
    ...(await posted(null)),
    ...(await posted({ from: months.from })),
  ];
  return month =>
    all.filter(
      ({ from, until = null, ...p }) => (from === undefined || postedIn({ from, until }, month)) && !paper.has(`${p.clinic} ${month}`),
    );
};

interface Expected {
  /** The unit. */
  id: string;
  filer: FilerData;
  county: string;
}
type Posted = Pick<Posting, 'county' | 'clinic' | 'hospital'>[];
/** Everybody who is expected to report a month, of those who send physicians and of the bureaus that they are counted under. */
const expectedFrom = (programme: Programme, posted: Posted, bureaus: ReadonlyMap<string, Org>): Expected[] => {
  const counties = [...new Set(posted.map(p => p.county))];
  const expected: Expected[] = [];
  for (const filer of programme.report?.filers ?? []) {
    if (filer.by === 'clinic' || filer.by === 'hospital') {
      const county = new Map(posted.toReversed().map(p => [p[filer.by as 'clinic' | 'hospital'], p.county]));
      expected.push(...expectedUnits(filer, posted).map(id => ({ id, filer, county: county.get(id)! })));
    } else if (filer.by === 'county') expected.push(...counties.map(id => ({ id, filer, county: id })));
    else expected.push(...[...new Set(counties.flatMap(c => bureaus.get(c)?.parent ?? []))].map(id => ({ id, filer, county: id })));
  }
  return expected;
};

/** Bureaus of counties, where a programme asks something of what is above them. */
const bureausOf = async (read: Read, programme: Programme, posted: Posted): Promise<Map<string, Org>> =>
  posted.length && programme.report?.filers.some(f => f.by === 'city')
    ? new Map((await read.all('orgs', { id: [...new Set(posted.map(p => p.county))] })).map(o => [o.id, o]))
    : new Map();

/** Everybody who is expected to report a month, in the order in which it goes up. */
export const unitsIn = async (read: Read, programme: Programme, counties: readonly string[], month: Month): Promise<Unit[]> =>
  (await unitsInEach(read, programme, [counties], month))[0]!;

/** The same of each of several groups of counties: what there is of a whole province is read once. */
export const unitsInEach = async (
  read: Read,
  programme: Programme,
  groups: readonly (readonly string[])[],
  month: Month,
): Promise<Unit[][]> => {
  const posted = (await postedOver(read, programme, [...new Set(groups.flat())], { from: month, to: month }))(month);
  const bureaus = await bureausOf(read, programme, posted);
  const expected = groups.map(counties => {
    const within = new Set(counties);
    return expectedFrom(
      programme,
      posted.filter(p => within.has(p.county)),
      bureaus,
    );
  });
  const ids = [...new Set(expected.flat().map(e => e.id))];
  const orgs = new Map((ids.length ? await read.all('orgs', { id: ids }) : []).map(o => [o.id, o]));
  return expected.map(its => {
    const units = its.flatMap(({ id, filer, county }) => (orgs.has(id) ? [{ org: orgs.get(id)!, filer, county }] : []));
    return (programme.report?.filers ?? []).flatMap(f => units.filter(u => u.filer === f).sort(inOrder));
  });
};

/** County bureaus that a unit's report speaks of. */
export const countiesOf = async (read: Read, org: Org): Promise<string[]> =>
  org.kind === 'bureau' ? (await countiesUnder(read, org)).map(c => c.id) : org.county === null ? [] : [org.county];

/** How far up a report of these goes. */
const RANK: Readonly<Record<FilerData['by'], number>> = { clinic: 0, hospital: 0, county: 1, city: 2 };
const rankOf = (org: Org): number => (org.kind !== 'bureau' ? 0 : org.level === 'county' ? 1 : org.level === 'city' ? 2 : 3);

/** Filers right beneath a bureau: whose reports its own is made from, or, where it makes none, whose it looks after. */
export const feedsInto = (programme: Programme, org: Org): ((f: FilerData) => boolean) => {
  const under = (programme.report?.filers ?? []).filter(f => RANK[f.by] < rankOf(org));
  const compiler = under.filter(f => f.does === 'compiles').sort((a, b) => RANK[b.by] - RANK[a.by])[0];
  return f => (compiler ? f === compiler : f.does === 'files' && under.includes(f));
};

export interface StandingUnit extends UnitReport {
  unit: Unit;
  filing: Filing | undefined;
}
/** Where the reports of units stand. */
export const standing = async (read: Read, programme: Programme, units: readonly Unit[], period: Period): Promise<StandingUnit[]> => {
  const ids = units.map(u => u.org.id);
  const of = async (org: string[], month: Where<Report>['month']) =>
    org.length ? await read.all('reports', { programme: programme.id, month: month!, org }) : [];
  const own = (await of(ids, period.month)).filter(r => samePeriod(r, period));
  const filed = new Map(own.flatMap(r => (r.filing ? [[r.org, r.filing] as const] : [])));
  // Only what was never filed may stand in a later one.
  const later = await of(
    ids.filter(id => !filed.has(id)),
    { from: period.month },
  );
  const filings = filed.size ? await read.all('filings', { id: [...filed.values()] }) : [];
  return standingFrom(ids, period, [...own, ...later], filings).map((r, i) => ({ ...r, unit: units[i]! }));
};

type Rated = Pick<Report, 'org' | 'month' | 'kind' | 'state' | 'filing'>;
type Late = Pick<Filing, 'id' | 'late' | 'at' | 'as'>;

/** Of reports from the period's month on, those of the units, and in which later one a missing report stands. */
const standingFrom = <R extends Rated, F extends Late>(
  ids: readonly string[],
  period: Period,
  reports: readonly R[],
  filings: readonly F[],
): (UnitReport<R> & { filing: F | undefined })[] => {
  const own = new Map(reports.filter(r => samePeriod(r, period)).map(r => [r.org, r]));
  const others = new Map<string, R[]>();
  for (const r of reports) {
    if (own.get(r.org)?.filing) continue;
    const its = others.get(r.org);
    if (its) its.push(r);
    else others.set(r.org, [r]);
  }
  const filed = new Map(filings.map(f => [f.id, f]));
  return ids.map(org => {
    const report = own.get(org);
    return {
      org,
      report,
      filing: report?.filing ? filed.get(report.filing) : undefined,
      merged: mergedInto(period, report, others.get(org) ?? []),
    };
  });
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

/**
 * Filing rates of the units that file their own lines, of each of some months in a row that is open (`due`: over its day). What there is of
 * several months is read at once: a province's are thousands of reports. A month of which nothing is asked is not there.
 */
export const ratesOf = async (
  read: Read,
  programme: Programme,
  settings: Pick<Settings, 'get'>,
  counties: readonly string[],
  months: readonly Month[],
  today: Day,
  once: 'opens' | 'due' = 'opens',
): Promise<Map<Month, Rate>> => {
  const periods = periodsFor(programme, settings).filter(
    p => p.kind !== 'closing' && months.includes(p.month) && (once === 'due' ? p.due < today : p.opens <= today),
  );
  const [first] = periods;
  if (!first) return new Map();
  const between = { from: first.month, to: periods.at(-1)!.month };
  const posted = await postedOver(read, programme, counties, between);
  const filers = (programme.report?.filers ?? []).filter(f => f.does === 'files');
  const bureaus = await bureausOf(
    read,
    programme,
    periods.flatMap(p => posted(p.month)),
  );
  const owed = periods.map(period => ({
    period,
    ids: expectedFrom(programme, posted(period.month), bureaus).flatMap(e => (filers.includes(e.filer) ? e.id : [])),
  }));
  const org = [...new Set(owed.flatMap(o => o.ids))];
  if (!org.length) return new Map();
  const of = (units: readonly string[], month: Where<Report>['month']) =>
    read.distinct('reports', ['org', 'month', 'kind', 'state', 'filing'], { programme: programme.id, month: month!, org: [...units] });
  const theirs = await of(org, between);
  const has = new Set(theirs.flatMap(r => (r.filing ? `${r.org} ${r.month}` : [])));
  // Only what was never filed may stand in a later one.
  const never = [...new Set(owed.flatMap(({ period, ids }) => ids.filter(id => !has.has(`${id} ${period.month}`))))];
  const reports = [...theirs, ...(never.length ? await of(never, { from: addMonths(between.to, 1) }) : [])];
  const filed = reports.flatMap(r => r.filing ?? []);
  // What is not among the late ones came in time.
  const late = filed.length ? await read.distinct('filings', ['id', 'late', 'at', 'as'], { id: filed, late: true }) : [];
  return new Map(
    owed.flatMap(({ period, ids }) => {
      const its = standingFrom(
        ids,
        period,
        reports.filter(r => r.month >= period.month),
        late,
      );
      return ids.length ? [[period.month, rateOf(its, period.due, today)] as const] : [];
    }),
  );
};
