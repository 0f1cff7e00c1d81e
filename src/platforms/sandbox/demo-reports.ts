/** The demo's reports of months that are over when it begins: filed in time by each clinic, confirmed by hospitals, accepted, sent up by the bureau. */

import { assumeWeekdays, type Calendar, lastWorkdayOnOrBefore } from '../../core/calendar.ts';
import { at, type Day } from '../../core/day.ts';
import { filingRows } from '../../core/filing.ts';
import { postedIn } from '../../core/posting.ts';
import type { Change, Filing, Org, Records, Report, Table } from '../../core/records.ts';
import {
  expectedUnits,
  lineKey,
  lineNote,
  linesToFile,
  monthsTogether,
  type Period,
  periodsOf,
  type ReportRules,
} from '../../core/report.ts';
import { linesFrom } from '../../core/workload.ts';

interface Given {
  rules: ReportRules;
  calendar: Calendar;
  today: Day;
  /** The demo's records so far. */
  changes: readonly Change[];
  /** Texts of a report that goes up. */
  parts: Readonly<Record<string, string>>;
  id(): string;
}

export const demoReports = ({ rules, calendar, today, changes, parts, id }: Given): Change[] => {
  const rows = <T extends Table>(table: T): Records[T][] => changes.flatMap(c => (c.table === table && c.to ? [c.to as Records[T]] : []));
  const orgs = new Map(rows('orgs').map(o => [o.id, o]));
  const grants = rows('grants');
  const postings = rows('postings');
  const unitMonths = rows('unitMonths');
  const lines = linesFrom(rows('visits'), rows('workloads'));
  const filers = rules.report?.filers ?? [];
  const whoever = (role: string, org: string) => grants.find(g => g.role === role && g.org === org)?.person;
  const out: Change[] = [];
  const filed = new Map<string, Set<string>>();

  const put = (
    period: Period,
    org: Org,
    county: string,
    by: string,
    as: Filing['as'],
    own: typeof lines,
    time: string,
    more: Pick<Report, 'state' | 'parts'>,
  ) => {
    const day = lastWorkdayOnOrBefore(assumeWeekdays(calendar), period.due);
    const before = filed.get(org.id) ?? new Set<string>();
    const months = unitMonths.filter(u => u.month === period.month && (org.kind === 'bureau' ? u.county === county : u.org === org.id));
    const toFile = linesToFile(period, own, before, day).map(({ line, supplement }) => ({
      line: { ...line, note: lineNote(line) },
      supplement,
    }));
    if (!toFile.length) return;
    const made = filingRows(
      {
        period,
        programme: rules,
        county,
        org: org.id,
        lines: toFile,
        zero: null,
        parts: more.parts,
        unitMonth: org.kind === 'bureau' ? monthsTogether(months) : months[0],
        as,
        by,
        at: at(day, time),
      },
      { report: undefined, filing: undefined },
      id,
    );
    for (const l of made.lines) before.add(lineKey(l));
    filed.set(org.id, before);
    out.push({ table: 'reports', id: made.report.id, to: { ...made.report, state: more.state } });
    out.push({ table: 'filings', id: made.filing.id, to: made.filing });
    for (const l of made.lines) out.push({ table: 'filedLines', id: l.id, to: l });
  };

  for (const period of periodsOf(rules).filter(p => p.due < today && p.kind !== 'closing')) {
    for (const filer of filers) {
      if (filer.does === 'compiles') {
        for (const org of orgs.values()) {
          if (org.kind !== 'bureau' || org.level !== filer.by) continue;
          const by = whoever('bureau', org.id);
          if (by)
            put(
              period,
              org,
              org.id,
              by,
              'self',
              lines.filter(l => orgs.get(l.clinic)?.county === org.id),
              '16:20',
              { state: 'filed', parts },
            );
        }
        continue;
      }
      for (const unit of expectedUnits(
        filer,
        postings.filter(p => postedIn(p, period.month)),
      )) {
        const org = orgs.get(unit)!;
        const county = org.county ?? postings.find(p => p.hospital === unit)?.county ?? '';
        const theirs = lines.filter(l => (filer.by === 'clinic' ? l.clinic : l.hospital) === unit);
        const own = whoever(filer.by, unit);
        const by = own ?? whoever('bureau', county) ?? '';
        if (filer.does === 'files')
          put(period, org, county, by, own ? 'self' : 'stand-in', theirs, '10:05', { state: 'accepted', parts: {} });
        else {
          const n = theirs.filter(l => period.span.from <= l.day && l.day <= period.span.to).length;
          const confirmation = id();
          if (n && own)
            out.push({
              table: 'confirmations',
              id: confirmation,
              to: {
                id: confirmation,
                programme: rules.id,
                county,
                org: unit,
                month: period.month,
                lines: n,
                by: own,
                at: at(lastWorkdayOnOrBefore(assumeWeekdays(calendar), period.due), '11:30'),
              },
            });
        }
      }
    }
  }
  return out;
};
