/** What of a physician's day stands against a check-in, or beside it: leave, and the clinic's word. */
import type { Read } from '../../src/bot/ports.ts';
import type { Day } from '../../src/core/day.ts';
import type { Visit } from '../../src/core/records.ts';

/** Number of the approved leave that a person is on, on a day with these visits. */
export const leaveOn = async (read: Read, person: string, day: Day, visits: readonly Visit[]): Promise<string | undefined> => {
  const lines = visits.length ? await read.all('leaveVisits', { visit: visits.map(v => v.id), state: 'on' }) : [];
  const ids = lines.map(l => l.leave);
  const leaves = await read.all('leaves', { person, state: 'approved', from: { to: day }, to: { from: day } });
  return leaves.find(l => ids.includes(l.id) || l.workdays !== null)?.id;
};

/** How the clinic's word on a visit stands that is checked in to. */
export const sayWord = ({ presence }: Pick<Visit, 'presence'>): string =>
  presence === 'present' ? '受援单位已核实在岗' : presence === 'not-there' ? '受援单位先前反映未到，请联系其更正' : '等受援单位核实';
