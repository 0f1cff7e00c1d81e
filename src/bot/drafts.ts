/** The facts of bulletins and summaries, gathered in slices of one snapshot as those of forms are. */

import type { OfficialDocument } from '../core/card.ts';
import { addDays, addMonths, dayAt, type Month, monthOf, sayInstant } from '../core/day.ts';
import { bulletin, type DraftAsk, gapsOf, problemsOf, summary, type WorkFacts } from '../core/draft.ts';
import { AWAY } from '../core/leave.ts';
import { annexOrder, shownOrg } from '../core/org-names.ts';
import { lastsTo } from '../core/posting.ts';
import type { Org, Posting } from '../core/records.ts';
import { isFiled, rateOf } from '../core/report.ts';
import { targetsText } from '../core/target.ts';
import type { FigureData, Programme } from '../programmes/schema.ts';
import { type Gathering, settingsFor } from './form-desk.ts';
import { linesOf } from './lines.ts';
import { openCases, unweighedReports } from './open-cases.ts';
import { paperMonths } from './paper-months.ts';
import type { Read } from './ports.ts';
import { feedsInto, periodsFor, standing, type Unit, unitsIn } from './reports.ts';
import { targetsOf } from './targets.ts';

const MANY = 200;

/** @throws Error where the programme has no such summary */
export const gatherDraft = async (read: Read, ask: DraftAsk, given: Gathering): Promise<{ document: OfficialDocument; says: string[] }> => {
  const programme = given.programmes.find(p => p.id === ask.programme);
  const data = programme?.summaries.find(s => s.id === ask.summary);
  if (!programme || (ask.what === 'summary' && !data)) throw new Error(`no draft ${ask.summary} in ${ask.programme}`);
  const facts = await workFacts(read, ask, programme, given);
  const document = data
    ? summary(facts, ask, { data, programme, now: given.now, demo: given.demo })
    : bulletin(facts, ask, programme, given.now, given.demo);
  const gaps = gapsOf(document);
  return {
    document,
    says: [
      `${facts.doctorDays} 人次，覆盖 ${facts.covered} 家，问题 ${problemsOf(facts).length} 条`,
      ...(gaps ? [`有 ${gaps} 处【待补充】要您写`] : []),
      `草稿，不盖章不发送，截至 ${sayInstant(given.now, dayAt(given.now))}`,
    ],
  };
};

const workFacts = async (read: Read, ask: DraftAsk, programme: Programme, given: Gathering): Promise<WorkFacts> => {
  const { of, span } = ask;
  const today = dayAt(given.now);
  const from = monthOf(span.from);
  const to = monthOf(span.to);
  const own = { ...(of.clinic ? { clinic: of.clinic } : {}), ...(of.hospital ? { hospital: of.hospital } : {}) };
  const counties: readonly (string | undefined)[] = of.counties ?? [of.county];
  const postings: Posting[] = [];
  for (const county of counties) {
    const some = await read.all('postings', { programme: programme.id, ...(county ? { county } : {}), ...own });
    for (const p of some) if (p.from <= to && lastsTo(p, from)) postings.push(p);
    await given.pause();
  }
  const clinicIds = [...new Set(postings.map(p => p.clinic))];
  const orgs = new Map<string, Org>();
  for (let i = 0; i < clinicIds.length; i += MANY) {
    for (const o of await read.all('orgs', { id: clinicIds.slice(i, i + MANY) })) orgs.set(o.id, o);
    await given.pause();
  }
  const clinics = [...orgs.values()].sort(annexOrder);

  const tally = new Map(
    unweighedReports(programme, await read.tally({ programme: programme.id, span, by: 'clinic', scope: of, upTo: today })).map(r => [
      r.key,
      r,
    ]),
  );
  const total = [...tally.values()].reduce(
    (a, r) => ({ verified: a.verified + r.verified, waiting: a.waiting + r.waiting, notThere: a.notThere + r.notThere }),
    { verified: 0, waiting: 0, notThere: 0 },
  );
  // A clinic is asked at the end of the day: what is of today is no problem yet.
  const over = addDays(today, -1);
  const earlier =
    span.to < today
      ? total
      : span.from <= over &&
        (await read.tally({ programme: programme.id, span: { from: span.from, to: over }, by: 'all', scope: of, upTo: over }))[0];
  const paper = await paperMonths(read, [programme], of, span);
  const fromPaper = (of: (r: (typeof paper)[number]) => boolean) => paper.filter(of).reduce((n, r) => n + r.doctorDays, 0);
  const byMonth: WorkFacts['byMonth'] = [];
  const months = await read.tally({ programme: programme.id, span, by: 'month', scope: of, upTo: today });
  for (let m = from; m <= to; m = addMonths(m, 1))
    byMonth.push({ month: m, doctorDays: (months.find(r => r.key === m)?.verified ?? 0) + fromPaper(r => r.month === m) });

  const counted = (programme.workload?.figures ?? []).filter(f => f.kind !== 'text' && !f.optional);
  const sums = await lineSums(read, ask, programme, given);
  const all: Record<string, number> = {};
  for (const s of sums.values()) for (const [id, n] of Object.entries(s)) all[id] = (all[id] ?? 0) + n;

  const unit = { publicity: {} as Record<string, number>, cost: {} as Record<string, number>, without: new Set<string>() };
  const yesNo = (programme.publicity?.figures ?? []).filter(f => f.kind === 'yes-no');
  const publicity = new Set(programme.publicity?.figures.map(f => f.id));
  const cost = new Set(programme.cost?.figures.map(f => f.id));
  const latest = new Map<string, { month: Month; figures: Record<string, number> }>();
  for (const county of counties) {
    const rows = await read.all('unitMonths', {
      programme: programme.id,
      month: { from, to },
      ...(county ? { county } : {}),
      ...(of.clinic ? { org: of.clinic } : of.hospital && !of.county ? { org: of.hospital } : {}),
    });
    for (const m of rows) {
      if (!latest.has(m.org) || latest.get(m.org)!.month < m.month) latest.set(m.org, m);
      for (const [id, n] of Object.entries(m.figures)) {
        if (publicity.has(id) && !yesNo.some(f => f.id === id)) unit.publicity[id] = (unit.publicity[id] ?? 0) + n;
        if (cost.has(id)) unit.cost[id] = (unit.cost[id] ?? 0) + n;
      }
    }
    await given.pause();
  }
  for (const f of yesNo)
    for (const [org, m] of latest) {
      if (m.figures[f.id] === undefined) continue;
      unit.publicity[f.id] = (unit.publicity[f.id] ?? 0) + (m.figures[f.id] ? 1 : 0);
      if (!m.figures[f.id]) unit.without.add(org);
    }
  const shown = (figures: readonly FigureData[] | undefined, of: Record<string, number>) =>
    (figures ?? [])
      .filter(f => f.kind !== 'text')
      .map(f => ({
        name: f.name,
        unit: f.unit,
        yesNo: f.kind === 'yes-no',
        sum: of[f.id] === undefined ? null : f.kind === 'money' ? of[f.id]! / 100 : of[f.id]!,
      }));

  const where = { programme: programme.id, ...(of.county ? { county: of.county } : {}), ...(of.counties ? { county: of.counties } : {}) };
  const bureau = of.bureau === undefined ? undefined : await read.get('orgs', of.bureau);
  const comes = bureau && feedsInto(programme, bureau);
  const filing = await filingOf(read, ask, programme, given, clinicIds, ({ org, filer }) =>
    comes ? comes(filer) : filer.does === 'files' && orgs.has(org.id),
  );
  const leaves = of.clinic
    ? 0
    : await read.count('leaves', {
        ...where,
        ...(of.hospital ? { hospital: of.hospital } : {}),
        kind: AWAY,
        state: ['approved', 'ended'],
        from: { to: span.to },
        to: { from: span.from },
      });
  const reached = (o: Org) => (tally.get(o.id)?.verified ?? 0) > 0 || fromPaper(r => r.clinic === o.id) > 0;
  return {
    doctorDays: total.verified,
    paper: fromPaper(() => true),
    waiting: total.waiting,
    unverified: earlier ? earlier.waiting : 0,
    notThere: total.notThere + (await openCases(read, [programme], of, span, 'report')),
    leaves,
    physicians: new Set(postings.map(p => p.person)).size,
    hospitals: new Set(postings.map(p => p.hospital)).size,
    clinics: clinics.length,
    covered: new Set(
      [...tally.values()]
        .filter(r => r.verified > 0)
        .map(r => r.key)
        .concat(paper.filter(r => r.doctorDays > 0).map(r => r.clinic)),
    ).size,
    byMonth,
    byUnit: of.counties
      ? []
      : clinics.map(o => ({
          name: shownOrg(o),
          doctorDays: (tally.get(o.id)?.verified ?? 0) + fromPaper(r => r.clinic === o.id),
          figures: counted.map(f => sums.get(o.id)?.[f.id] ?? null),
        })),
    figures: counted.map(f => ({ name: f.name, unit: f.unit, sum: all[f.id] ?? null })),
    publicity: shown(programme.publicity?.figures, unit.publicity),
    cost: shown(programme.cost?.figures, unit.cost),
    filing,
    targets:
      ask.what === 'summary'
        ? targetsText(await targetsOf(read, programme, of, { upTo: span.to < today ? span.to : today, today }, given.pause), today)
        : null,
    general: (await read.first('orgs', { kind: 'general', ...(of.county ? { county: of.county } : {}) })) !== undefined,
    whose: of.clinic ? 'clinic' : of.hospital ? 'hospital' : !bureau ? 'county' : bureau.level === 'province' ? 'province' : 'city',
    running: span.to >= today,
    empty: clinics.filter(o => !reached(o)).map(shownOrg),
    noStudio: clinics.filter(o => unit.without.has(o.id)).map(shownOrg),
  };
};

/** Where the reports of the clinics stand, or those that come to a bureau above the county; of each month that has been opened; those not yet due are counted for a single month only. */
const filingOf = async (
  read: Read,
  { of, span }: DraftAsk,
  programme: Programme,
  given: Gathering,
  clinics: readonly string[],
  counts: (unit: Unit) => boolean,
): Promise<WorkFacts['filing']> => {
  const today = dayAt(given.now);
  const single = monthOf(span.from) === monthOf(span.to);
  const settings = await settingsFor(read, of);
  const periods = periodsFor(programme, settings).filter(
    p =>
      p.kind !== 'closing' && p.month >= monthOf(span.from) && p.month <= monthOf(span.to) && (single ? p.opens <= today : p.due < today),
  );
  const counties = of.counties ?? (of.county ? [of.county] : await countiesWith(read, clinics));
  const sum: NonNullable<WorkFacts['filing']> = {
    months: periods.length,
    expected: 0,
    filed: 0,
    late: 0,
    merged: 0,
    missing: [],
    dueOn: null,
  };
  for (const period of periods) {
    if (today <= period.due) sum.dueOn = period.due;
    const known = new Set<string>();
    for (const county of counties) {
      // A city is met with each of its counties.
      const units = (await unitsIn(read, programme, [county], period.month)).filter(u => counts(u) && !known.has(u.org.id));
      for (const u of units) known.add(u.org.id);
      const standings = await standing(read, programme, units, period);
      const rate = rateOf(standings, period.due, today);
      sum.expected += rate.expected;
      sum.filed += rate.filed;
      sum.late += rate.late;
      sum.merged += rate.merged;
      if (rate.overdue)
        for (const s of standings)
          if (!isFiled(s.report) && !s.merged)
            sum.missing.push(`${shownOrg(s.unit.org)}${single ? '' : `（${Number(period.month.slice(5))}月）`}`);
      await given.pause();
    }
  }
  return sum.expected ? sum : null;
};

const countiesWith = async (read: Read, clinics: readonly string[]): Promise<string[]> =>
  clinics.length ? [...new Set((await read.all('orgs', { id: clinics })).flatMap(o => o.county ?? []))] : [];

/** Figures by clinic, a month's days at a time. */
const lineSums = async (
  read: Read,
  { of, span }: DraftAsk,
  programme: Programme,
  given: Gathering,
): Promise<Map<string, Record<string, number>>> => {
  const sums = new Map<string, Record<string, number>>();
  const days = of.counties ? 3 : 10;
  for (let from = span.from; from <= span.to; from = addDays(from, days)) {
    const end = addDays(from, days - 1);
    for (const l of await linesOf(read, programme.id, of, { from, to: end < span.to ? end : span.to })) {
      const own = sums.get(l.clinic) ?? {};
      for (const [id, n] of Object.entries(l.figures)) own[id] = (own[id] ?? 0) + n;
      sums.set(l.clinic, own);
    }
    await given.pause();
  }
  return sums;
};
