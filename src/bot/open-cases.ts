/** Cases that wait for a named person: what is counted as reported and not weighed. */
import type { Span } from '../core/day.ts';
import type { Case } from '../core/records.ts';
import type { Programme } from '../programmes/schema.ts';
import type { Read, TallyRow } from './ports.ts';
import type { Scope } from './scope.ts';

/** How many of a scope's days nobody has weighed, or are weighed again after an objection. `from`: only those that began so. */
export const openCases = (read: Read, over: readonly Programme[], scope: Scope, span: Span, from?: Case['from']): Promise<number> => {
  const { person } = scope;
  const county = scope.county ?? scope.counties;
  const clinic = scope.clinic ?? scope.clinics;
  const hospital = scope.hospital ?? scope.hospitals;
  return read.count('cases', {
    programme: over.map(p => p.id),
    ...(county === undefined ? {} : { county }),
    ...(clinic === undefined ? {} : { clinic }),
    ...(hospital === undefined ? {} : { hospital }),
    ...(person === undefined ? {} : { person }),
    ...(from === undefined ? {} : { from }),
    state: ['open', 'objected'],
    day: span,
  });
};

/** A clinic's report opens a case wherever the programme weighs it; only elsewhere do the reports themselves stay what is open. */
export const unweighedReports = (programme: Programme, rows: readonly TallyRow[]): TallyRow[] =>
  rows.map(r => (programme.absence && r.notThere ? { ...r, notThere: 0 } : r));
