/** What must hold of the daily records whatever was said: each fault names the physician it is about. */
import type { Read } from '../../src/bot/ports.ts';
import { dayAt } from '../../src/core/day.ts';
import type { Case, CheckIn, Leave, LeaveStep, LeaveVisit, Move, Visit, Workload } from '../../src/core/records.ts';
import { withTally } from '../../src/core/visit.ts';

export interface Fault {
  person: string;
  says: string;
}

export interface Rows {
  visits: Visit[];
  checkIns: CheckIn[];
  leaves: Leave[];
  leaveVisits: LeaveVisit[];
  leaveSteps: LeaveStep[];
  cases: Case[];
  moves: Move[];
  workloads: Workload[];
}

export const rowsOf = async (read: Read): Promise<Rows> => ({
  visits: await read.all('visits', {}),
  checkIns: await read.all('checkIns', {}),
  leaves: await read.all('leaves', {}),
  leaveVisits: await read.all('leaveVisits', {}),
  leaveSteps: await read.all('leaveSteps', {}),
  cases: await read.all('cases', {}),
  moves: await read.all('moves', {}),
  workloads: await read.all('workloads', {}),
});

const said = (v: Visit): string =>
  `${v.id} ${v.day}${v.am ? ' am' : ''}${v.pm ? ' pm' : ''} ${v.state}${v.presence ? ` ${v.presence}` : ''}${v.checkedIn === null ? '' : ' checked in'}`;

/** Of one person's one day. */
const dayFaults = (visits: readonly Visit[], cases: readonly Case[]): string[] => {
  const on = visits.filter(v => v.state === 'on');
  const twice = on.some((v, i) => on.some((w, j) => j > i && ((v.am && w.am) || (v.pm && w.pm))));
  const tally = withTally(visits, true).some((v, i) => v.tally !== visits[i]!.tally || v.tallyHalf !== visits[i]!.tallyHalf);
  const reported = on.some(v => v.presence === 'not-there');
  const standing = cases.filter(c => c.state !== 'closed');
  return [
    ...(twice ? ['two visits in one half day'] : []),
    ...(tally ? ['the doctor-day is not where it belongs'] : []),
    ...(reported && !standing.length ? ['reported as not there, and nobody weighs it'] : []),
    ...(standing.length > 1 ? ['two cases of one day'] : []),
    ...(standing.some(c => c.state === 'open' && c.from === 'report') && !reported ? ['a case without a report'] : []),
  ];
};

const visitFaults = (v: Visit, rows: Rows): string[] => {
  const to = v.state === 'moved' ? rows.visits.find(w => w.id === v.moved) : undefined;
  const lines = rows.leaveVisits.filter(l => l.visit === v.id && l.state === 'on');
  const leaves = (...states: Leave['state'][]) =>
    lines.filter(l => rows.leaves.some(x => x.id === l.leave && states.includes(x.state) && ((l.am && v.am) || (l.pm && v.pm))));
  return [
    ...(v.state !== 'on' && v.presence !== null ? ['there or not there, and not expected'] : []),
    ...(v.presence === null && v.verifiedBy !== null ? ['verified by somebody, as nothing'] : []),
    ...(v.verifiedBy !== null && v.verifiedBy === v.person ? ['verified by oneself'] : []),
    ...(v.state === 'moved' && !to ? ['moved to nowhere'] : []),
    ...(v.state === 'leave' && !leaves('approved', 'ended').length ? ['on leave without a leave'] : []),
    ...(v.state === 'on' && leaves('approved').length ? ['expected, though on leave'] : []),
    ...(v.state !== 'on' && leaves('open').length ? ['leave is still asked from what is no more'] : []),
    ...(leaves('open').length > 1 ? ['asked for in two leaves'] : []),
  ];
};

const leaveFaults = (l: Leave, { leaveSteps, leaveVisits }: Rows): string[] => {
  const steps = leaveSteps.filter(s => s.leave === l.id && s.kind !== 'filing');
  const waits = steps.some(s => s.state === 'waiting');
  return [
    ...(l.state === 'open' && !waits ? [`leave ${l.id} waits for nobody`] : []),
    ...(['refused', 'withdrawn', 'moot'].includes(l.state) && waits ? [`leave ${l.id} is over, and somebody is still asked`] : []),
    ...leaveVisits
      .filter(x => x.leave === l.id && x.state === 'on' && l.state === 'approved' && x.toDay !== null && x.made === null)
      .map(() => `the make-up day of leave ${l.id} is nowhere planned`),
  ];
};

/** What somebody said or did leads to a visit that there is. */
const strayFaults = ({ visits, checkIns, leaves, leaveVisits, cases, moves, workloads }: Rows): Fault[] => {
  const known = new Set(visits.map(v => v.id));
  const there = new Set(visits.map(v => `${v.person} ${v.clinic} ${v.day}`));
  const stray = (what: string, all: readonly { id: string; person: string; visit: string }[]) =>
    all.filter(x => !known.has(x.visit)).map(x => ({ person: x.person, says: `${what} ${x.id} belongs to no visit` }));
  const asker = new Map(leaves.map(l => [l.id, l.person]));
  return [
    ...stray('check-in', checkIns),
    ...stray('case', cases),
    ...stray(
      'leave line',
      leaveVisits.map(l => ({ ...l, person: asker.get(l.leave) ?? '' })),
    ),
    ...stray(
      'move',
      moves.map(m => ({ ...m, person: m.by })),
    ),
    ...workloads
      .filter(w => !there.has(`${w.person} ${w.clinic} ${w.day}`))
      .map(w => ({ person: w.person, says: `figures ${w.id} belong to no visit` })),
  ];
};

/** What was done at a visit that nobody has given his word on yet, and the visit has gone from under it. Not for corrections, which say so. */
export const goneFaults = (before: Rows, after: Rows): Fault[] =>
  before.visits
    .filter(v => v.state === 'on' && v.presence === null)
    .flatMap(v => {
      const now = after.visits.find(w => w.id === v.id);
      if (!now || now.state === 'on') return [];
      const figures = ({ workloads }: Rows) => workloads.some(w => w.person === v.person && w.clinic === v.clinic && w.day === v.day);
      const done = [
        ...(v.checkedIn !== null && now.checkedIn !== null ? ['check-in'] : []),
        ...(figures(before) && figures(after) ? ['figures'] : []),
      ];
      return done.map(what => ({ person: v.person, says: `gone from under its ${what}: ${said(now)}` }));
    });

export const faultsOf = (rows: Rows): Fault[] => {
  const days = new Map<string, Visit[]>();
  for (const v of rows.visits) days.set(`${v.person} ${v.day}`, [...(days.get(`${v.person} ${v.day}`) ?? []), v]);
  const of = (person: string, says: readonly string[], about = ''): Fault[] =>
    says.map(s => ({ person, says: about ? `${s}: ${about}` : s }));
  return [
    ...[...days.values()].flatMap(all => {
      const { person, day } = all[0]!;
      const cases = rows.cases.filter(c => c.person === person && c.day === day);
      return of(person, dayFaults(all, cases), all.map(said).join('; '));
    }),
    ...rows.visits.flatMap(v => of(v.person, visitFaults(v, rows), said(v))),
    ...rows.leaves.flatMap(l => of(l.person, leaveFaults(l, rows))),
    ...rows.cases.filter(c => c.day > dayAt(c.at)).flatMap(c => of(c.person, [`case ${c.id} is of a day that was still ahead`])),
    ...strayFaults(rows),
  ];
};
