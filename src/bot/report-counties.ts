/** Where reports stand beneath a bureau whose counties have each a programme of their own, which asks nothing of that bureau. */
import { byCountyCard } from '../core/by-county.ts';
import type { Card } from '../core/card.ts';
import { placeOf } from '../core/org-names.ts';
import type { Org, Report } from '../core/records.ts';
import { type Rate, rateOf, samePeriod, sayPeriod, sayRate, sayShort, sayState, sumOfRates } from '../core/report.ts';
import { sayDue, typedPeriod } from '../core/report-cards.ts';
import type { Asked } from './command.ts';
import type { Read } from './ports.ts';
import { feedersOf } from './report-draft.ts';
import { compiles, isProblem, ownUnits, type ReportWords, type Target, targetOf } from './report-target.ts';
import { filerOf, reportProgramme, standing } from './reports.ts';
import { countiesUnder } from './scope.ts';

interface CountyReport {
  target: Target;
  rate: Rate;
  /** What the county itself makes of them; null: it makes none. */
  own: { report: Report | undefined } | null;
}
export interface CountyReports {
  org: Org;
  counties: Org[];
  /** By county; one without a programme, or of which nothing is asked yet, is not there. */
  of: ReadonlyMap<string, CountyReport>;
}

/** undefined: one programme is meant, or one county. */
export const countyReports = async (
  read: Read,
  asked: Pick<Asked, 'actor' | 'conversation' | 'programmes' | 'settings' | 'today'>,
  words: ReportWords,
): Promise<CountyReports | undefined> => {
  const { actor, programmes, today } = asked;
  const org = words.org === undefined ? (await ownUnits(read, asked))[0] : await read.get('orgs', words.org);
  if (org?.kind !== 'bureau' || org.level === 'county') return undefined;
  const its = await reportProgramme(read, programmes, actor, today, { month: words.month, about: org });
  if (!its || filerOf(its, org)) return undefined;
  const counties = await countiesUnder(read, org);
  const theirs = new Set(counties.map(c => c.name));
  const bureaus = new Set(programmes.filter(p => p.report && theirs.has(p.bureau)).map(p => p.bureau));
  if (!theirs.has(its.bureau) || bureaus.size < 2) return undefined;
  const of = new Map<string, CountyReport>();
  for (const county of counties) {
    const target = await targetOf(read, asked, { ...words, org: county.id, about: undefined }, true);
    if (isProblem(target)) continue;
    const { programme, unit, period } = target;
    const stand = await feedersOf(read, programme, unit, period, today);
    const [own] = compiles(programme, county) ? await standing(read, programme, [unit], period) : [];
    of.set(county.id, { target, rate: rateOf(stand, period.due, today), own: own ? { report: own.report } : null });
  }
  return of.size ? { org, counties, of } : undefined;
};

/** `verb`: the command by which one of them is taken further. */
export const countyReportsCard = ({ org, counties, of }: CountyReports, today: Asked['today'], verb: '月报' | '催报'): Card => {
  const all = [...of.values()];
  const { period } = all[0]!.target;
  const same = all.every(c => samePeriod(c.target.period, period));
  const due = all.every(c => c.target.period.due === period.due);
  const owes = (c: CountyReport) => c.rate.expected - c.rate.filed - c.rate.merged;
  const first = counties.find(c => of.has(c.id) && (verb === '月报' || owes(of.get(c.id)!) > 0 || !of.get(c.id)!.own?.report));
  return byCountyCard({
    code: verb === '月报' ? 'report.counties' : 'chase.counties',
    title: `${placeOf(org)} ${same ? sayPeriod(period) : '月报'}`,
    lines: [sayRate(sumOfRates(all.map(c => c.rate))), ...(same && due ? [sayDue(period.due, today)] : [])],
    columns: [...(same ? [] : ['月报']), '应报', '已报', '没报', '县里汇总'],
    counties,
    cells({ id }) {
      const c = of.get(id);
      if (!c) return [...(same ? [] : ['']), '', '', '', '没有方案'];
      const report = c.own?.report;
      const state = !c.own ? '不用报' : report && report.state !== 'draft' ? sayState(report, false, today) : '未报';
      return [...(same ? [] : [sayShort(c.target.period)]), `${c.rate.expected}`, `${c.rate.filed}`, `${owes(c)}`, state];
    },
    look: county => `/${verb} ${same ? typedPeriod(period) : ''} ${county}`.replace(/ +/g, ' '),
    looks: verb === '月报' ? '看一个区县的' : '一次催一个区县',
    ...(first ? { first } : {}),
  });
};
