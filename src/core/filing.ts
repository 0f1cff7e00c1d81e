/** A report goes from hand to hand: filed, returned, accepted, locked; and what a filing puts on record. */
import type { Programme } from '../programmes/schema.ts';
import type { Day, Instant } from './day.ts';
import type { FiledLine, Filing, Report, UnitMonth } from './records.ts';
import { isFiled, isLate, isShut, isUnlocked, type Period, type ToFile } from './report.ts';
import type { Line } from './workload.ts';

export type Step = 'accept' | 'return' | 'lock' | 'unlock';
export type StepProblem = 'not-filed' | 'already' | 'not-accepted' | 'below-open' | 'above-accepted' | 'locked' | 'not-locked';

/**
 * Why a step is not possible. Accepted below before accepted above (`below`: reports that it is made from); taken back only from
 * above (`above`: the report that was made from it).
 */
export const stepProblem = (
  step: Step,
  report: Report | undefined,
  { below, above, today }: { below: readonly (Report | undefined)[]; above: Report | undefined; today: Day },
): StepProblem | undefined => {
  const aboveHolds = above?.state === 'accepted' || above?.state === 'locked';
  switch (step) {
    case 'accept':
      if (report?.state === 'accepted' || report?.state === 'locked') return 'already';
      if (report?.state !== 'filed') return 'not-filed';
      return below.every(b => b?.state === 'accepted' || b?.state === 'locked') ? undefined : 'below-open';
    case 'return':
      if (report?.state === 'returned') return 'already';
      if (!isFiled(report)) return 'not-filed';
      if (isShut(report, today)) return 'locked';
      return aboveHolds ? 'above-accepted' : undefined;
    case 'lock':
      if (isShut(report, today)) return 'already';
      return report?.state === 'accepted' || report?.state === 'locked' ? undefined : 'not-accepted';
    case 'unlock':
      if (report?.state !== 'locked' && report?.state !== 'accepted') return 'not-locked';
      return isUnlocked(report, today) ? 'already' : aboveHolds ? 'above-accepted' : undefined;
  }
};

/** What a filing puts on record: its own row, its lines, and the report that now points to it; the filing before is superseded. */
export interface FilingDraft {
  period: Period;
  programme: Pick<Programme, 'id' | 'key'>;
  county: string;
  org: string;
  lines: readonly ToFile<
    Pick<Line, 'person' | 'clinic' | 'hospital' | 'day' | 'counted' | 'half' | 'figures' | 'words'> & { note: string | null }
  >[];
  zero: string | null;
  parts: Readonly<Record<string, string>>;
  unitMonth: Pick<UnitMonth, 'figures' | 'words'> | undefined;
  as: Filing['as'];
  by: string;
  at: Instant;
}

export const filingRows = (
  draft: FilingDraft,
  before: { report: Report | undefined; filing: Filing | undefined },
  number: (n: number) => string,
): { report: Report; filing: Filing; lines: FiledLine[]; superseded: Filing | undefined } => {
  const { period, county, org, by, at } = draft;
  const id = before.report?.id ?? number(0);
  const filing: Filing = {
    id: number(0),
    report: id,
    programme: draft.programme.id,
    county,
    org,
    month: period.month,
    kind: period.kind,
    at,
    by,
    as: draft.as,
    due: period.due,
    // What is filed again after it was returned is as late as it was the first time.
    late: before.filing ? before.filing.late : isLate(period.due, at),
    zero: draft.zero,
    parts: { ...draft.parts },
    figures: { ...draft.unitMonth?.figures },
    words: { ...draft.unitMonth?.words },
    state: 'current',
  };
  return {
    report: {
      ...(before.report ?? newReport(draft, id)),
      programmeKey: draft.programme.key,
      state: 'filed',
      filing: filing.id,
      parts: { ...draft.parts },
      why: null,
      by,
      at,
      openUntil: null,
    },
    filing,
    lines: draft.lines.map(({ line, supplement }, n) => ({
      id: number(n),
      filing: filing.id,
      report: id,
      county,
      month: period.month,
      person: line.person,
      clinic: line.clinic,
      hospital: line.hospital,
      day: line.day,
      counted: line.counted,
      half: line.half,
      supplement,
      figures: { ...line.figures },
      words: { ...line.words },
      note: line.note,
    })),
    superseded: before.filing && { ...before.filing, state: 'superseded' },
  };
};

/** A report that nothing was filed of yet. */
export const newReport = (
  of: { period: Pick<Period, 'month' | 'kind'>; programme: Pick<Programme, 'id' | 'key'>; county: string; org: string },
  id: string,
): Report => ({
  id,
  programme: of.programme.id,
  programmeKey: of.programme.key,
  county: of.county,
  org: of.org,
  month: of.period.month,
  kind: of.period.kind,
  state: 'draft',
  filing: null,
  parts: {},
  why: null,
  by: null,
  at: null,
  openUntil: null,
  reminded: null,
});
