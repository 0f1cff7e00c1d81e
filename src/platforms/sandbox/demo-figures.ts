/** The demo's figures: invented, and the same each time. */
import { z } from 'zod';
import { at, type Day, type Month, monthOf } from '../../core/day.ts';
import type { Change, UnitMonth, Workload } from '../../core/records.ts';

const Ranges = z.record(z.string(), z.tuple([z.int(), z.int()])).default({});
type Ranges = z.infer<typeof Ranges>;
/** By the programme's figure ids: from, to. */
export const FigureRanges = z.strictObject({
  workload: Ranges,
  /** A clinic's month. */
  publicity: Ranges,
  /** A hospital's month, for each doctor-day; in fen. */
  cost: Ranges,
});

interface Given {
  programme: string;
  figures: z.infer<typeof FigureRanges>;
  /** The demo's records so far. */
  changes: readonly Change[];
  month: Month;
  id(): string;
}

/** A number between two, the same whenever it is asked for the same thing. */
const invented = (seed: string, [least, most]: readonly [number, number]): number => {
  let h = 2_166_136_261;
  for (const c of seed) h = Math.imul(h ^ c.charCodeAt(0), 16_777_619);
  h ^= h >>> 15;
  h = Math.imul(h, 2_246_822_519);
  return least + (((h ^ (h >>> 13)) >>> 0) % (most - least + 1));
};
const inventedFigures = (seed: string, ranges: Ranges): Record<string, number> =>
  Object.fromEntries(Object.entries(ranges).map(([id, range]) => [id, invented(`${seed} ${id}`, range)]));

/** Figures of the visits that were verified before the start, and of the months that were over. Made after all they are figures of, so that nothing else changes its number. */
export const demoFigures = ({ programme, figures: ranges, changes: made, month, id }: Given): Change[] => {
  const { workload, publicity, cost } = ranges;
  const changes: Change[] = [];
  const done = made.flatMap(c => (c.table === 'visits' && c.to?.presence === 'present' ? [c.to] : []));
  const days = new Map(done.map(v => [`${v.day} ${v.person} ${v.clinic}`, v]));
  if (Object.keys(workload).length)
    for (const [key, v] of days) {
      const by = v.verifiedBy!;
      const row: Workload = {
        id: id(),
        programme,
        county: v.county,
        person: v.person,
        clinic: v.clinic,
        hospital: v.hospital,
        day: v.day,
        figures: inventedFigures(key, workload),
        words: {},
        by: v.person,
        at: at(v.day, '16:40'),
        as: 'self',
        late: false,
        confirmed: at(v.day, '16:40'),
        verifiedBy: by,
        verifiedAt: at(v.day, '17:10'),
        reason: null,
        proposal: null,
      };
      changes.push({ table: 'workloads', id: row.id, to: row });
    }
  const units = (of: 'clinic' | 'hospital', ranges: Ranges, figures: (key: string, days: number) => Record<string, number>) => {
    if (!Object.keys(ranges).length) return;
    const months = new Map<string, { by: string; county: string; days: number; last: Day }>();
    for (const v of days.values()) {
      if (monthOf(v.day) >= month) continue;
      const key = `${v[of]} ${monthOf(v.day)}`;
      const before = months.get(key);
      months.set(key, {
        by: v.verifiedBy!,
        county: v.county,
        days: (before?.days ?? 0) + 1,
        last: before && before.last > v.day ? before.last : v.day,
      });
    }
    for (const [key, { by, county, days: n, last }] of months) {
      const [org = '', m = ''] = key.split(' ');
      const row: UnitMonth = {
        id: id(),
        programme,
        county,
        org,
        month: m as Month,
        figures: figures(key, n),
        words: {},
        by,
        at: at(last, '17:30'),
        reason: null,
      };
      changes.push({ table: 'unitMonths', id: row.id, to: row });
    }
  };
  units('clinic', publicity, key => inventedFigures(key, publicity));
  units('hospital', cost, (key, n) =>
    Object.fromEntries(Object.entries(cost).map(([figure, range]) => [figure, n * invented(`${key} ${figure}`, range)])),
  );
  return changes;
};
