/** Doctor-days of whole months that were taken over from paper. */
import { firstOf, lastOf, monthOf, type Span } from '../core/day.ts';
import type { PaperTotal } from '../core/records.ts';
import type { Programme } from '../programmes/schema.ts';
import type { Read } from './ports.ts';
import type { Scope } from './scope.ts';

/** Of clinics in a scope; a hospital and a physician have none, since no visits were invented. */
export const paperMonths = async (read: Read, over: readonly Pick<Programme, 'id'>[], scope: Scope, span: Span): Promise<PaperTotal[]> => {
  if (scope.person || scope.hospital || scope.hospitals) return [];
  const county = scope.county ?? scope.counties;
  const rows = await read.all('paperTotals', {
    programme: over.map(p => p.id),
    ...(county === undefined ? {} : { county }),
    ...(scope.clinic ? { clinic: scope.clinic } : {}),
    month: { from: monthOf(span.from), to: monthOf(span.to) },
  });
  return rows.filter(r => span.from <= firstOf(r.month) && lastOf(r.month) <= span.to);
};
