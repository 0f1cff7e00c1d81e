/** What a bureau over several counties is shown of a day: each county's numbers and no names. */

import { byCountyCard } from '../../src/core/by-county.ts';
import type { Card } from '../../src/core/card.ts';
import { type Day, sayDay } from '../../src/core/day.ts';
import type { Presence, PresenceState } from '../../src/core/presence.ts';
import type { Org } from '../../src/core/records.ts';

/** How many of a day are in these states. */
export const inStates = (all: readonly Presence[], states: readonly PresenceState[]): number =>
  all.filter(p => states.includes(p.state)).length;
/** Who was to come on the day: not whose visit was moved or who has leave. */
export const expectedOf = (all: readonly Presence[]): number => all.length - inStates(all, ['moved', 'on-leave']);

/** Columns after the county's name and who was to come; those in which nobody stands are left out. */
const COLUMNS: readonly [name: string, states: readonly PresenceState[], always?: true][] = [
  ['在岗', ['verified'], true],
  ['已签到', ['checked-in'], true],
  ['准假', ['on-leave']],
  ['请假待办', ['leave-open', 'emergency']],
  ['尚无记录', ['unknown', 'on-the-way']],
  ['待认定', ['reported']],
];

/** `counties`: all that are asked about; `countyOf`: of a clinic. */
export const countiesCard = (
  all: readonly Presence[],
  {
    counties,
    countyOf,
    label,
    lines,
    day,
    today,
  }: {
    counties: readonly Org[];
    countyOf: (clinic: string) => string | null | undefined;
    label: string;
    lines: string[];
    day: Day;
    today: Day;
  },
): Card => {
  const of = new Map<string, Presence[]>(counties.map(c => [c.id, []]));
  for (const p of all) of.get(countyOf(p.clinic) ?? '')?.push(p);
  const columns = COLUMNS.filter(([, states, always]) => always || inStates(all, states));
  return byCountyCard({
    code: 'presence.counties',
    title: `${label} 在岗情况`,
    lines,
    columns: ['应到', ...columns.map(([name]) => name)],
    counties,
    cells({ id }) {
      const its = of.get(id)!;
      return [`${expectedOf(its)}`, ...columns.map(([, states]) => `${inStates(its, states)}`)];
    },
    look: county => `/在岗 ${county}${day === today ? '' : ` ${sayDay(day, today).split(' ')[0]}`}`,
  });
};
