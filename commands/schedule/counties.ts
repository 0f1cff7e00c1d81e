/** What a bureau over several counties is shown of a month: each county's sums, and how one of them is looked at. */

import type { Read } from '../../src/bot/ports.ts';
import { programmesOver } from '../../src/bot/programmes.ts';
import type { Card } from '../../src/core/card.ts';
import { type Day, type Month, monthSpan, sayMonth } from '../../src/core/day.ts';
import { annexOrder, placeOf } from '../../src/core/org-names.ts';
import type { Programme } from '../../src/programmes/schema.ts';

/** Doctor-days of a county's month. */
export interface CountyMonth {
  name: string;
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
  const orgs = await read.all('orgs', { id: [...counties] });
  return orgs.sort(annexOrder).map(o => ({ name: placeOf(o), ...sums.get(o.id)! }));
};

export const countiesCard = (counties: readonly CountyMonth[], month: Month): Card => {
  const sum = (key: 'planned' | 'verified') => counties.reduce((n, c) => n + c[key], 0);
  return {
    code: 'schedule.counties',
    title: `${sayMonth(month)}排班：${counties.length}个区县`,
    tone: 'info',
    lines: [`计划${sum('planned')}人次，已核实${sum('verified')}人次`, `看一个区县的：/排班 ${counties[0]!.name} ${sayMonth(month)}`],
    table: { columns: ['区县', '计划人次', '已核实'], rows: counties.map(c => [c.name, `${c.planned}`, `${c.verified}`]) },
  };
};
