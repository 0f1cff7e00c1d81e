/** The one way to lines of work: verified visits of a scope and span with their figures. */
import type { Span } from '../core/day.ts';
import type { Visit, Workload } from '../core/records.ts';
import { type Line, linesFrom } from '../core/workload.ts';
import type { Read, Where } from './ports.ts';
import type { Scope } from './scope.ts';

const placed = (scope: Scope) => ({
  ...(scope.counties ? { county: scope.counties } : {}),
  ...(scope.county ? { county: scope.county } : {}),
  ...(scope.clinics ? { clinic: scope.clinics } : {}),
  ...(scope.clinic ? { clinic: scope.clinic } : {}),
  ...(scope.hospitals ? { hospital: scope.hospitals } : {}),
  ...(scope.hospital ? { hospital: scope.hospital } : {}),
  ...(scope.person ? { person: scope.person } : {}),
});

/** Half days that were done in a scope and span, and what was reported of them: no more than a month's duties are weighed by. */
export const doneIn = async (read: Read, programme: string, scope: Scope, span: Span) => {
  const where = { programme, day: span, ...placed(scope) };
  return {
    visits: await read.distinct('visits', ['id', 'person', 'clinic', 'day', 'am', 'pm', 'type'], {
      ...where,
      state: 'on',
      presence: 'present',
    } satisfies Where<Visit>),
    workloads: await read.all('workloads', where satisfies Where<Workload>),
  };
};

/** Present visits of a scope in a span, what was reported of them, and the lines that they make. */
export interface Work {
  visits: Visit[];
  workloads: Workload[];
  lines: Line[];
}

/**
 * Lines of a scope in a span, in the order of their days. A doctor-day at two clinics is judged by both,
 * so that a clinic's line says where the day was counted.
 */
export const linesOf = async (read: Read, programme: string, scope: Scope, span: Span): Promise<Line[]> =>
  (await workOf(read, programme, scope, span)).lines;

export const workOf = async (read: Read, programme: string, scope: Scope, span: Span): Promise<Work> => {
  const where = { programme, day: span, ...placed(scope) };
  const own = await read.all('visits', { ...where, state: 'on', presence: 'present' } satisfies Where<Visit>, { by: 'day' });
  const workloads = await read.all('workloads', where satisfies Where<Workload>);
  // The visit that carries a day may be at a clinic outside the scope.
  const uncounted = own.filter(v => v.tally === null);
  const elsewhere =
    uncounted.length && (scope.clinic ?? scope.clinics)
      ? (
          await read.all('visits', {
            person: [...new Set(uncounted.map(v => v.person))],
            day: [...new Set(uncounted.map(v => v.day))],
            tally: 'verified',
          })
        ).filter(v => !own.some(o => o.id === v.id))
      : [];
  const all = linesFrom([...own, ...elsewhere], workloads);
  const inside = new Set(own.map(v => `${v.day} ${v.person} ${v.clinic}`));
  return {
    visits: own,
    workloads,
    lines: elsewhere.length ? all.filter(l => inside.has(`${l.day} ${l.person} ${l.clinic}`)) : all,
  };
};
