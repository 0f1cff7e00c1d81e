/** What a bureau over several counties is shown: a row for each county, and how one of them is looked at. Pure. */
import type { Card } from './card.ts';
import { annexOrder, placeOf } from './org-names.ts';
import type { Org } from './records.ts';

export interface ByCounty {
  code: string;
  /** How many counties there are is said behind it. */
  title: string;
  lines: readonly string[];
  /** Behind the county's name. */
  columns: readonly string[];
  counties: readonly Org[];
  cells(county: Org): readonly string[];
  /** The line by which one of them is looked at, and what it is called. */
  look(county: string): string;
  looks?: string;
  /** Which is named; else the first. */
  first?: Org;
}

/** In the order of the annex. */
export const byCountyCard = ({
  code,
  title,
  lines,
  columns,
  counties,
  cells,
  look,
  looks = '看一个区县的',
  first: named,
}: ByCounty): Card => {
  const sorted = [...counties].sort(annexOrder);
  const first = named ?? sorted[0];
  return {
    code,
    title: `${title}：${sorted.length}个区县`,
    tone: 'info',
    lines: [...lines, ...(first ? [`${looks}：${look(placeOf(first))}`] : [])],
    table: { columns: ['区县', ...columns], rows: sorted.map(c => [placeOf(c), ...cells(c)]) },
  };
};
