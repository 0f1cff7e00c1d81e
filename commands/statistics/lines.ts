/** Lines of 统计 that the whole of a programme or of several says, not its visits: how many reports were filed, where its targets stand. */

import type { Asked } from '../../src/bot/command.ts';
import type { Read } from '../../src/bot/ports.ts';
import { ratesOf } from '../../src/bot/reports.ts';
import type { Scope } from '../../src/bot/scope.ts';
import { targetsOf } from '../../src/bot/targets.ts';
import { addMonths, type Day, firstOf, lastOf, type Month, monthOf, type Span, sayMonth, within } from '../../src/core/day.ts';
import { type Rate, sayRate, sumOfRates } from '../../src/core/report.ts';
import { showsTargets, targetsLine } from '../../src/core/target.ts';
import type { Programme } from '../../src/programmes/schema.ts';

/** Above the county it is said whose reports are counted: those of its counties or cities are others. */
const whoFiles = ({ report }: Programme): string =>
  report?.filers.find(f => f.does === 'files')?.by === 'hospital' ? '支援单位' : '受援单位';

/** All of a month lies in the span. */
export const isWhole = (month: Month, span: Span): boolean => span.from <= firstOf(month) && lastOf(month) <= span.to;

/** How many of the units that file have filed, each month by the programmes of its time: of one month, once it may be filed; of several, of those whole ones that were due, over several counties the last of them. */
export const reportsOver = async (
  read: Read,
  scope: Scope,
  over: readonly Programme[],
  settings: Asked['settings'],
  span: Span,
  today: Day,
): Promise<string | null> => {
  const counties = scope.county ? [scope.county] : (scope.counties ?? []);
  const one = monthOf(span.from) === monthOf(span.to);
  const whole: Month[] = [];
  for (let m = monthOf(span.from); m <= monthOf(span.to) && m <= monthOf(today); m = addMonths(m, 1)) if (isWhole(m, span)) whole.push(m);
  const rates: Rate[] = [];
  const months = new Set<Month>();
  const asking = new Set<Programme>();
  for (const p of over) {
    // A whole year of a province is tens of thousands of reports: of several months over several counties the last that was due speaks for itself.
    const asked = one || scope.county ? [whole] : whole.toReversed().map(m => [m]);
    for (const some of asked) {
      const its = await ratesOf(read, p, settings, counties, some, today, one ? 'opens' : 'due');
      if (!its.size) continue;
      for (const [month, rate] of its) {
        rates.push(rate);
        months.add(month);
      }
      asking.add(p);
      break;
    }
  }
  if (!rates.length) return null;
  const whose = scope.county ? new Set(['']) : new Set([...asking].map(whoFiles));
  const when = one
    ? ''
    : `${
        scope.county
          ? `${months.size}个月`
          : [...months]
              .sort()
              .map(m => sayMonth(m))
              .join('、')
      }，`;
  return `${when}${[...whose].join('、')}${sayRate(sumOfRates(rates))}`;
};

/** Of the programme that runs in the span or, where two do, of the one that holds now; of several bureaus' each says its own. */
export const targetsOver = async (read: Read, scope: Scope, over: readonly Programme[], span: Span, today: Day): Promise<string | null> => {
  const shown = over.filter(p => p.targets.length && showsTargets(p, span, today)).sort((a, b) => (a.term.until < b.term.until ? 1 : -1));
  const holds = shown.find(p => within(today, { from: p.term.from, to: p.term.until })) ?? shown[0];
  if (!holds || shown.some(p => p.bureau !== holds.bureau)) return null;
  const { term } = holds;
  const upTo = [today, term.until].sort()[0] as Day;
  return targetsLine(
    await targetsOf(read, holds, scope, { upTo, today }),
    today,
    monthOf(span.from) > monthOf(term.from) ? term.from : null,
  );
};
