/** /统计 — doctor-days of the asker's subtree in a period, in at most eight lines. */

import { z } from 'zod';
import { type Asked, defineCommand, refuse } from '../src/bot/command.ts';
import { doneIn } from '../src/bot/lines.ts';
import { openCases, unweighedReports } from '../src/bot/open-cases.ts';
import { paperMonths } from '../src/bot/paper-months.ts';
import type { Read, TallyQuery, TallyRow } from '../src/bot/ports.ts';
import { nearestYear, programmesOver, withParents } from '../src/bot/programmes.ts';
import { type Scope, scopeIn, scopeNarrowed, scopeOf } from '../src/bot/scope.ts';
import {
  addMonths,
  type Day,
  firstOf,
  lastOf,
  type Month,
  monthOf,
  monthSpan,
  parseDay,
  type Span,
  sayMonth,
  within,
} from '../src/core/day.ts';
import { AWAY } from '../src/core/leave.ts';
import { annexOrder, placeOf, shownOrg } from '../src/core/org-names.ts';
import { lastsTo } from '../src/core/posting.ts';
import { halvesOf, type Org, type Posting } from '../src/core/records.ts';
import { type StatisticsFacts, statisticsCard } from '../src/core/statistics.ts';
import { homeHalfDays } from '../src/core/workload.ts';
import type { Programme } from '../src/programmes/schema.ts';
import { isWhole, reportsOver, targetsOver } from './statistics/lines.ts';

const day = z.string().transform(d => parseDay(d)!);
const args = z.object({ period: z.object({ from: day, to: day, label: z.string() }).optional(), org: z.string().optional() });
type Args = z.infer<typeof args>;

type Facts =
  | { kind: 'shown'; facts: StatisticsFacts; replyIn: 'here' | 'direct' }
  | { kind: 'nothing' }
  | { kind: 'no-programme'; label: string; year: number | undefined }
  | { kind: 'not-yours'; said: string };

export default defineCommand<Args, Facts>({
  name: '统计',
  aliases: ['汇总', 'tj', 'tongji', 'stats'],
  sayings:
    /统计|汇总|年度目标|今年的?目标|^全[县区市省]$|^(?:全[县区市省])?(?:人次|覆盖率?|缺口|进度|(?:工作)?情况)$|^各[县区市]的?(?:数据|情况)$|^今年多少|^[本上这]个?月(?:几|多少)次|多少(?:人次|班次)|[去来]了?(?:几|多少)[次趟天回]|下乡了?(?:几|多少)|(?<![填报交写])(?:今年|全年|[本上这]个?月|[本上这]个?季度?|[一二三四]季度)的?(?:累计|情况|怎么样|如何|工作量)(?!.{0,4}[填报交写])|看了(?:几|多少)个?(?:病?人|患者)/,
  bare: ['period', 'org'],
  shows: true,
  daily: ['hospital', 'head', 'general', 'bureau', 'chief'],
  summary: '看人次、覆盖和缺口',
  usage: '/统计 [本月|5月|今年|第二季度|日期-日期] [单位]',
  examples: ['/统计', '/统计 5月', '/统计 今年 青山卫生院'],
  slots: { period: { kind: 'period' }, org: { kind: 'org', regions: true } },
  args,

  async facts(read, { args, actor, today, conversation, programmes, demo, settings }) {
    const own = await scopeOf(read, actor);
    if (!own) return { kind: 'nothing' };
    let scope: Scope = own;
    if (args.org) {
      const named = await read.get('orgs', args.org);
      const inside = named && (await scopeNarrowed(read, own, named));
      if (!inside) return { kind: 'not-yours', said: shownOrg(named) };
      scope = inside;
    }
    const shown = await scopeIn(read, scope, conversation);
    const direct = shown === 'direct-only';
    const period = periodOf(args, today);
    // What is past is counted by what was in force then: a new year's programme or none at all takes nothing from it.
    const over = await programmesOver(read, programmes, (direct ? scope : shown).county, period.span);
    if (!over.length)
      return {
        kind: 'no-programme',
        label: period.label,
        year: await nearestYear(read, programmes, (direct ? scope : shown).county, period.span.from),
      };
    return {
      kind: 'shown',
      facts: await gather(read, direct ? scope : shown, over, period, today, demo, settings),
      replyIn: direct ? 'direct' : 'here',
    };
  },

  decide({ facts, programme }) {
    if (facts.kind === 'not-yours')
      return { ...refuse('statistics.not-yours', `看不到${facts.said}`, '只能看本单位和下级的'), private: true };
    if (facts.kind === 'nothing') return { ...refuse('statistics.nothing', '这里没有您能看的统计', '请联系卫健局管理员'), private: true };
    if (facts.kind === 'no-programme')
      return refuse(
        'programme.none',
        `${facts.label}没有方案`,
        ...(facts.year === undefined ? ['请联系卫健局管理员'] : [`看别的时候，例：/统计 ${facts.year}年`]),
        ...(programme ? [] : ['发 /排班 看新方案怎么开']),
      );
    return { reply: statisticsCard(facts.facts), replyIn: facts.replyIn };
  },
});

type Sums = Omit<TallyRow, 'key'>;
const none: Sums = {
  verified: 0,
  halfOnly: 0,
  waiting: 0,
  checkedIn: 0,
  plannedSoFar: 0,
  planned: 0,
  notThere: 0,
};
const sum = (rows: Iterable<Sums>, into: Sums = { ...none }): Sums => {
  for (const r of rows) {
    into.verified += r.verified;
    into.halfOnly += r.halfOnly;
    into.waiting += r.waiting;
    into.checkedIn += r.checkedIn;
    into.plannedSoFar += r.plannedSoFar;
    into.planned += r.planned;
    into.notThere += r.notThere;
  }
  return into;
};

/** Every figure of the card; each total is the sum of its printed rows. */
interface Period {
  span: Span;
  label: string;
}
const periodOf = (args: Args, today: Day): Period =>
  args.period
    ? { span: { from: args.period.from, to: args.period.to }, label: args.period.label }
    : { span: monthSpan(monthOf(today)), label: sayMonth(monthOf(today)) };

/** One row for each key. */
const byKey = (rows: readonly TallyRow[]): TallyRow[] => {
  const known = new Map<string, TallyRow>();
  for (const r of rows) {
    const row = known.get(r.key);
    if (row) sum([r], row);
    else known.set(r.key, { ...r });
  }
  return [...known.values()];
};

/** The sums of all the programmes, by the same keys. */
const tallied = async (read: Read, over: readonly Programme[], query: Omit<TallyQuery, 'programme'>): Promise<TallyRow[]> => {
  const rows: TallyRow[] = [];
  for (const p of over) rows.push(...unweighedReports(p, await read.tally({ ...query, programme: p.id })));
  return over.length === 1 ? rows : byKey(rows);
};

const gather = async (
  read: Read,
  scope: Scope,
  over: readonly Programme[],
  { span, label }: Period,
  today: Day,
  demo: boolean,
  settings: Asked['settings'],
): Promise<StatisticsFacts> => {
  const upper = scope.counties !== undefined && !scope.clinic && !scope.hospital;
  const county = scope.county !== undefined && !scope.clinic && !scope.hospital && !scope.person;
  const by = upper ? 'county' : 'clinic';
  // Month by month rows are found in the order of the index, and the trend is in what the table is summed from.
  const spans = monthsOf(span, over);
  const months: { month: Month; rows: TallyRow[] }[] = [];
  for (const { month, span: its } of spans) months.push({ month, rows: await tallied(read, over, { span: its, by, scope, upTo: today }) });
  const tallies = byKey(months.flatMap(m => m.rows));
  const rows = new Map(tallies.map(r => [r.key, r]));
  const keys = [...rows.keys()];
  const orgs = upper
    ? await read.all('orgs', { id: [...(scope.counties ?? [])] })
    : county
      ? await read.all('orgs', { kind: 'clinic', county: scope.county! })
      : keys.length
        ? await read.all('orgs', { id: keys })
        : [];
  orgs.sort(annexOrder);
  const units = orgs.map(o => {
    const r = rows.get(o.id) ?? { ...none, key: o.id };
    return {
      name: placeOf(o),
      verified: r.verified,
      waiting: r.waiting,
      plannedSoFar: r.plannedSoFar,
      planned: r.planned,
    };
  });
  const where = { programme: over.map(p => p.id), ...concerned(scope) };
  const leaves = await read.all('leaves', {
    ...where,
    kind: AWAY,
    state: ['approved', 'ended'],
    from: { to: span.to },
    to: { from: span.from },
  });
  const clinicLeaves =
    scope.clinic && leaves.length
      ? new Set((await read.all('leaveVisits', { leave: leaves.map(l => l.id), clinic: scope.clinic })).map(v => v.leave))
      : undefined;
  const cases = await openCases(read, over, scope, span);
  const paper = await paperMonths(read, over, scope, span);
  const onPaper = new Set(paper.map(r => r.clinic));
  const reached = new Set([
    ...tallies.filter(r => r.verified > 0).map(r => r.key),
    ...paper.filter(r => r.doctorDays > 0).map(r => r.clinic),
  ]);
  const one = span.from.slice(0, 7) === span.to.slice(0, 7);
  // What is owed by the month is weighed by whole months: a day or a week of it owes nothing.
  const month = one && isWhole(monthOf(span.from), span) ? monthOf(span.from) : undefined;
  const programme = over.find(p => within(span.from, { from: p.term.from, to: p.term.until })) ?? over[0]!;
  const sums: { programme: Programme; sums: Record<string, number> }[] = [];
  for (const p of over) {
    if (!p.workload) continue;
    for (const { span: its } of spans) sums.push({ programme: p, sums: await read.figures({ programme: p.id, span: its, scope }) });
  }
  return {
    label,
    of: await nameOf(read, scope),
    total: sum(tallies),
    ahead: over.some(p => p.presence?.kind !== 'every-workday'),
    units: upper || county || units.length > 1 ? units : [],
    upper,
    covered: county ? { n: orgs.filter(o => reached.has(o.id)).length, of: orgs.length } : null,
    ...(month && !upper ? await dutiesOf(read, scope, programme, month) : { duty: null, home: null }),
    figures: sumsOf(sums),
    trend: one
      ? null
      : months
          .filter(m => m.month <= monthOf(today))
          .map(({ month, rows: its }) => ({ month, verified: sum(its).verified, waiting: sum(its).waiting })),
    leaves: clinicLeaves ? clinicLeaves.size : leaves.length,
    cases,
    reports: scope.person || !(county || upper) ? null : month || !one ? await reportsOver(read, scope, over, settings, span, today) : null,
    targets: await targetsOver(read, scope, over, span, today),
    paper: paper.reduce((n, r) => n + r.doctorDays, 0),
    gaps: county
      ? orgs
          .filter(
            o =>
              !onPaper.has(o.id) && (rows.get(o.id)?.planned ?? 0) + (rows.get(o.id)?.verified ?? 0) + (rows.get(o.id)?.waiting ?? 0) === 0,
          )
          .map(o => shownOrg(o))
      : [],
    watermark: demo ? '演示数据' : null,
  };
};

/** A scope's leaves; a clinic's are found by its visits. */
const concerned = ({ counties, county, hospital, person }: Scope) => ({
  ...(counties ? { county: counties } : {}),
  ...(county ? { county } : {}),
  ...(hospital ? { hospital } : {}),
  ...(person ? { person } : {}),
});

/** Bureaus over a county, nearest first. */
const overCounty = async (read: Read, county: string): Promise<Org[]> => {
  const org = await read.get('orgs', county);
  return org ? (await withParents(read, org)).slice(1) : [];
};

const nameOf = async (read: Read, scope: Scope): Promise<string> => {
  if (scope.person) {
    const [person, org] = [await read.get('people', scope.person), await read.get('orgs', scope.clinic ?? scope.hospital ?? '')];
    return `${person?.name ?? ''}${org ? `（${shownOrg(org)}）` : ''}`;
  }
  if (scope.clinic && scope.hospital) {
    const [clinic, hospital] = [await read.get('orgs', scope.clinic), await read.get('orgs', scope.hospital)];
    return `${shownOrg(clinic)}（${shownOrg(hospital)}派来的）`;
  }
  const id = scope.clinic ?? scope.hospital ?? scope.county;
  if (!id) {
    // Of what lies over several counties, the nearest bureau over all of them.
    const above = await Promise.all((scope.counties ?? []).map(async c => overCounty(read, c)));
    const over = above[0]?.find(o => above.every(chain => chain.some(x => x.id === o.id)));
    return over?.city ?? over?.name ?? '全部';
  }
  return placeOf(await read.get('orgs', id));
};

/** Postings of a scope that hold in a month. */
const postingsOf = async (read: Read, scope: Scope, programme: Programme, month: Month): Promise<Posting[]> =>
  (
    await read.all('postings', {
      programme: programme.id,
      from: { to: month },
      ...(scope.county ? { county: scope.county } : {}),
      ...(scope.clinic ? { clinic: scope.clinic } : {}),
      ...(scope.hospital ? { hospital: scope.hospital } : {}),
      ...(scope.person ? { person: scope.person } : {}),
    })
  ).filter(p => lastsTo(p, month));

/** The month's duty is measured in half days, and only of those who owe one. */
const dutiesOf = async (read: Read, scope: Scope, programme: Programme, month: Month): Promise<Pick<StatisticsFacts, 'duty' | 'home'>> => {
  const postings = await postingsOf(read, scope, programme, month);
  const { visits, workloads } = postings.length ? await doneIn(read, programme.id, scope, monthSpan(month)) : { visits: [], workloads: [] };
  const owing = new Set(postings.filter(p => !p.arranged).map(p => p.person));
  const exempt = new Set(postings.filter(p => p.arranged && !owing.has(p.person)).map(p => p.person));
  const halves = new Map<string, number>();
  for (const v of visits) halves.set(v.person, (halves.get(v.person) ?? 0) + halvesOf(v).length);
  const homes = homeHalfDays(visits, workloads, programme.workload?.figures ?? []);
  const done = (need: number, of: ReadonlyMap<string, number>) => [...owing].filter(p => (of.get(p) ?? 0) >= need).length;
  const { duty, 'home-visit': home } = programme;
  return {
    duty: duty
      ? { done: done(duty['half-days'], halves), owe: owing.size, exempt: exempt.size, says: `每月${duty['half-days'] / 2}天` }
      : null,
    home: home ? { done: done(home['half-days'], homes), owe: owing.size } : null,
  };
};

/** Sums by the figure's name, in the programme's order; nothing reported is no sum. */
const sumsOf = (of: readonly { programme: Programme; sums: Readonly<Record<string, number>> }[]): StatisticsFacts['figures'] => {
  const named = new Map<string, number>();
  for (const { programme, sums } of of)
    for (const f of programme.workload?.figures ?? []) {
      const sum = f.kind === 'text' ? undefined : sums[f.id];
      if (sum !== undefined) named.set(f.name, (named.get(f.name) ?? 0) + (f.kind === 'money' ? sum / 100 : sum));
    }
  return [...named].map(([name, sum]) => ({ name, sum }));
};

/** A span by the months that the programmes run in; what lies before or after them stands with the first and the last. */
const monthsOf = (span: Span, over: readonly Programme[]): { month: Month; span: Span }[] => {
  const terms = over.map(p => p.term);
  const from = [monthOf(span.from), terms.map(t => monthOf(t.from)).sort()[0]!].sort()[1]!;
  const to = [
    monthOf(span.to),
    terms
      .map(t => monthOf(t.until))
      .sort()
      .at(-1)!,
  ].sort()[0]!;
  const months: { month: Month; span: Span }[] = [];
  for (let month = from; month <= to; month = addMonths(month, 1))
    months.push({ month, span: { from: month === from ? span.from : firstOf(month), to: month === to ? span.to : lastOf(month) } });
  return months;
};
