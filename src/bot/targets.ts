/** Where a programme's targets stand, for those who see all of it. */
import { addMonths, type Day, firstOf, lastOf, type Month, monthOf } from '../core/day.ts';
import { type Standing, standingsOf, type TargetSums } from '../core/target.ts';
import type { Programme } from '../programmes/schema.ts';
import { paperMonths } from './paper-months.ts';
import type { Read } from './ports.ts';
import { countiesUnder, type Scope } from './scope.ts';

/** The scope holds every county under the bureau that runs the programme. */
const isWhole = async (read: Read, programme: Programme, scope: Scope): Promise<boolean> => {
  if (Object.entries(scope).some(([by, of]) => of !== undefined && by !== 'county' && by !== 'counties' && by !== 'bureau')) return false;
  const mine = scope.county ? [scope.county] : (scope.counties ?? []);
  const bureau = await read.first('orgs', { kind: 'bureau', name: programme.bureau });
  const under = bureau ? await countiesUnder(read, bureau) : [];
  return under.length > 0 && under.every(c => mine.includes(c.id));
};

/**
 * What was verified up to each target's day, and not after `upTo`; nothing where the programme has none or the scope is only a part of it.
 * Whole months are asked for, as they are in statistics, whose sums are kept.
 */
export const targetsOf = async (
  read: Read,
  programme: Programme,
  scope: Scope,
  { upTo, today }: { upTo: Day; today: Day },
  pause: () => Promise<void> = async () => {},
): Promise<Standing[]> => {
  const { targets, term } = programme;
  if (!targets.length || upTo < term.from || !(await isWhole(read, programme, scope))) return [];
  const counted = (what: string) => targets.some(t => t.counts.startsWith(what));
  const known = new Map<string, Pick<TargetSums, 'doctorDays' | 'figures'>>();
  const ofMonth = async (month: Month, to: Day) => {
    const sums = known.get(`${month} ${to}`);
    if (sums) return sums;
    const span = { from: firstOf(month), to };
    const rows = counted('doctor-days')
      ? await read.tally({ programme: programme.id, span, by: scope.county ? 'clinic' : 'county', scope, upTo: today })
      : [];
    const figures = counted('figure.') ? await read.figures({ programme: programme.id, span, scope }) : {};
    const made = { doctorDays: rows.reduce((n, r) => n + r.verified, 0), figures };
    known.set(`${month} ${to}`, made);
    await pause();
    return made;
  };
  const sums = new Map<Day, TargetSums>();
  for (const { until } of targets) {
    if (sums.has(until)) continue;
    const end = until < upTo ? until : upTo;
    // Nothing is verified of what lies ahead: the month of today is a whole one.
    const to = end === today ? lastOf(monthOf(end)) : end;
    let doctorDays = 0;
    const figures: Record<string, number> = {};
    for (let month = monthOf(term.from); month <= monthOf(to); month = addMonths(month, 1)) {
      const of = await ofMonth(month, month < monthOf(to) ? lastOf(month) : to);
      doctorDays += of.doctorDays;
      for (const [id, n] of Object.entries(of.figures)) figures[id] = (figures[id] ?? 0) + n;
    }
    const its = targets.filter(t => t.until === until).map(t => t.counts);
    sums.set(until, {
      doctorDays,
      figures,
      people: its.includes('people')
        ? (await read.tally({ programme: programme.id, span: { from: term.from, to }, by: 'person', scope, upTo: today })).filter(
            r => r.verified > 0,
          ).length
        : 0,
      paper: its.includes('doctor-days')
        ? (await paperMonths(read, [programme], scope, { from: firstOf(monthOf(term.from)), to })).reduce((n, r) => n + r.doctorDays, 0)
        : 0,
    });
  }
  return standingsOf(programme, until => sums.get(until)!);
};
