/** What a bureau over several counties is shown of a month: each county's sums. */

import type { Read } from '../../src/bot/ports.ts';
import { programmesOver } from '../../src/bot/programmes.ts';
import { byCountyCard } from '../../src/core/by-county.ts';
import type { Card } from '../../src/core/card.ts';
import { type Day, type Month, monthSpan, sayMonth } from '../../src/core/day.ts';
import type { Org } from '../../src/core/records.ts';
import type { Programme } from '../../src/programmes/schema.ts';

/** Doctor-days of a county's month. */
export interface CountyMonth {
  county: Org;
  planned: number;
  verified: number;
}

export const countyMonths = async (
  read: Read,
  programmes: readonly Programme[],
  counties: readonly string[],
  month: Month,
  today: Day,
): Promise<CountyMonth[]> => {
  const span = monthSpan(month);
  const sums = new Map(counties.map(c => [c, { planned: 0, verified: 0 }]));
  for (const { id } of await programmesOver(read, programmes, undefined, span))
    for (const row of await read.tally({ programme: id, span, by: 'county', scope: { counties }, upTo: today })) {
      const sum = sums.get(row.key)!;
      sum.planned += row.planned;
      sum.verified += row.verified;
    }
  return (await read.all('orgs', { id: [...counties] })).map(county => ({ county, ...sums.get(county.id)! }));
};

export const countiesCard = (months: readonly CountyMonth[], month: Month): Card => {
  const sum = (key: 'planned' | 'verified') => months.reduce((n, c) => n + c[key], 0);
  const of = new Map(months.map(m => [m.county.id, m]));
  return byCountyCard({
    code: 'schedule.counties',
    title: `${sayMonth(month)}排班`,
    lines: [`计划${sum('planned')}人次，已核实${sum('verified')}人次`],
    columns: ['计划人次', '已核实'],
    counties: months.map(m => m.county),
    cells: ({ id }) => [`${of.get(id)!.planned}`, `${of.get(id)!.verified}`],
    look: county => `/排班 ${county} ${sayMonth(month)}`,
  });
};
