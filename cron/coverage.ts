/** Mid-month: who has no visit done or planned; some days later: nothing done and no day planned before the report's cut-off or the month's end. To each hospital about its own people, to general hospital and bureau by unit. */

import { defineJob } from '../src/bot/job.ts';
import { assumeWeekdays, type Calendar, lastWorkdayOnOrBefore } from '../src/core/calendar.ts';
import type { Card, Outgoing } from '../src/core/card.ts';
import { at, type Day, lastOf, type Month, monthOf, monthSpan, sayMonth, yearOf, ymd } from '../src/core/day.ts';
import { officeOver } from '../src/core/offices.ts';
import { shownOrg } from '../src/core/org-names.ts';
import { lastsTo } from '../src/core/posting.ts';
import type { Posting, Visit, Workload } from '../src/core/records.ts';
import { homeHalfDays } from '../src/core/workload.ts';
import { cite } from '../src/programmes/schema.ts';
import { type VisitFacts, visitsIn } from './visits-ahead.ts';

interface Facts extends VisitFacts {
  postings: Posting[];
  workloads: Workload[];
  county: string;
}

/** The day of a month, or the workday before where that is a rest day; the month's last day where it has no such day. */
const workdayOnOrBefore = (calendar: Calendar, month: Month, n: number): Day => {
  const d = ymd(yearOf(month), Number(month.slice(5)), n) ?? lastOf(month);
  return lastWorkdayOnOrBefore(assumeWeekdays(calendar), d);
};

const short = (names: readonly string[]): string =>
  names.length <= 5 ? names.join('、') : `${names.slice(0, 5).join('、')}等${names.length}`;

const gap = (which: 'first' | 'last') =>
  defineJob<Facts>({
    name: which === 'first' ? 'coverage' : 'coverage-last',
    title: which === 'first' ? '本月尚无安排的提示' : '本月截止前难以完成的提示',
    per: 'programme',
    times: (day, { calendar, settings }) => {
      const target = workdayOnOrBefore(calendar, monthOf(day), settings.number(which === 'first' ? 'gap.day' : 'gap.last-day'));
      return target === day ? [at(day, settings.get('gap.time'))] : [];
    },
    facts: async (read, context) => {
      const { programme, county, today } = context;
      const month = monthOf(today);
      const base = await visitsIn(read, context, monthSpan(month));
      const postings = (await read.all('postings', { programme: programme!.id, county, from: { to: month } })).filter(p =>
        lastsTo(p, month),
      );
      const people = await read.all('people', { id: [...new Set(postings.map(p => p.person))] });
      const orgs = await read.all('orgs', { id: [...new Set(postings.flatMap(p => [p.clinic, p.hospital]))] });
      for (const p of people) base.people.set(p.id, p);
      for (const o of orgs) base.orgs.set(o.id, o);
      const workloads = await read.all('workloads', { programme: programme!.id, county, day: monthSpan(month) });
      return { ...base, postings, workloads, county };
    },
    due: ({ facts, programme, settings, slot, today }) => {
      const month = monthOf(today);
      // A report that closes within its month is too early for a day after it; else the month's end is the last.
      const { report } = programme!;
      const closes =
        report?.window === 'until-filing' && report.covers === 'same-month'
          ? ymd(yearOf(month), Number(month.slice(5)), report['due-day'])
          : undefined;
      const cutOff = closes ?? lastOf(month);
      const done = (v: Visit) => v.presence === 'present' || v.checkedIn !== null;
      const lacking = (p: Posting): boolean => {
        const own = facts.visits.filter(v => v.person === p.person && v.presence !== 'not-there');
        if (which === 'first') return own.length === 0;
        return !own.some(done) && !own.some(v => v.day >= today && v.day <= cutOff);
      };
      const owing = facts.postings.filter(p => !p.arranged);
      const missing = programme!.duty ? owing.filter(lacking) : [];
      const home = programme!['home-visit'];
      // Planned or done, by the visit's type or by the day's figures; who has it is not asked.
      const homes = homeHalfDays(
        facts.visits.filter(v => v.presence !== 'not-there'),
        facts.workloads,
        programme!.workload?.figures ?? [],
      );
      const noHome = which === 'first' && home ? owing.filter(p => (homes.get(p.person) ?? 0) < home['half-days']) : [];
      if (!missing.length && !noHome.length) return { tell: [] };
      const name = (p: Posting) => facts.people.get(p.person)?.name ?? '';
      const unit = (p: Posting) => shownOrg(facts.orgs.get(p.clinic));
      const source = (rule: { clause: string; says: string } | undefined) =>
        rule ? cite(programme!, rule) : `时间：${settings.source('gap.day')}`;
      const title =
        which === 'first' ? `${sayMonth(month)}还有人没排下乡` : `${sayMonth(month)}${closes ? '截止前' : '到月底'}可能没有人次`;
      const card = (people: string, homes: string, action: string): Card => ({
        code: which === 'first' ? 'coverage.gap' : 'coverage.last',
        title: people ? title : `${sayMonth(month)}缺半天上门送医`,
        tone: 'info',
        lines: [
          ...(people ? [people] : []),
          ...(homes ? [`缺半天上门送医：${homes}`] : []),
          action,
          source(people ? programme!.duty : home),
        ],
      });
      const base = { class: 'nudge' as const, about: 'person' as const, expires: at(lastOf(month), '17:00') };
      const hospitals = [...new Set([...missing, ...noHome].map(p => p.hospital))];
      const tell: Outgoing[] = hospitals.map(h => ({
        ...base,
        key: `coverage/${slot}/${h}`,
        to: { org: h, role: 'hospital' },
        card: card(
          short(missing.filter(p => p.hospital === h).map(p => `${name(p)}（${unit(p)}）`)),
          short(noHome.filter(p => p.hospital === h).map(name)),
          '排一天：/排班 姓名 日期',
        ),
      }));
      const units = [...new Set(missing.map(unit))];
      const withoutHome = new Set(noHome.map(p => p.person)).size;
      const summary = card(
        units.length ? `${units.length}家${units.length < missing.length ? `${missing.length}人` : ''}：${short(units)}` : '',
        withoutHome ? `${withoutHome}人` : '',
        '已提示各支援单位',
      );
      tell.push({ ...base, key: `coverage/${slot}/general`, to: { org: facts.county, role: 'general' }, card: summary });
      tell.push({
        ...base,
        key: `coverage/${slot}/bureau`,
        to: { org: facts.county, role: 'bureau', office: officeOver(programme, 'hospitals') },
        card: summary,
      });
      return { tell };
    },
  });

export const coverage = gap('first');
export const coverageLast = gap('last');
