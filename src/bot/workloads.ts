/** What a report of a day's figures needs to know: the physician's visits around that day, what was reported, and whether the month still takes figures. */

import { type Day, monthOf, monthSpan } from '../core/day.ts';
import { lastsTo } from '../core/posting.ts';
import type { Leave, Org, Person, Posting, Report, Visit, Workload } from '../core/records.ts';
import { type Actor, orgsAs } from './command.ts';
import type { Read } from './ports.ts';

export interface DayFacts {
  person: Person | undefined;
  /** Has an account, so that figures typed by a unit can be confirmed. */
  bound: boolean;
  day: Day;
  /** Visits of the person on the day, and on the other days of its month. */
  visits: Visit[];
  month: Visit[];
  postings: Posting[];
  workloads: Workload[];
  /** Approved leaves that take the day. */
  leaves: Leave[];
  reports: Report[];
  orgs: Map<string, Org>;
  people: Map<string, Person>;
}

export const dayFacts = async (
  read: Read,
  person: string,
  day: Day,
  extra: { orgs?: string[]; people?: string[] } = {},
): Promise<DayFacts> => {
  const all = await read.all('visits', { person, day: monthSpan(monthOf(day)) }, { by: 'day' });
  const visits = all.filter(v => v.day === day);
  const postings = (await read.all('postings', { person, from: { to: monthOf(day) } })).filter(p => lastsTo(p, monthOf(day)));
  const workloads = await read.all('workloads', { person, day: monthSpan(monthOf(day)) });
  const lines = visits.length ? await read.all('leaveVisits', { visit: visits.map(v => v.id), state: 'on' }) : [];
  const ids = lines.map(l => l.leave);
  const leaves = (await read.all('leaves', { person, state: 'approved', from: { to: day }, to: { from: day } })).filter(
    l => ids.includes(l.id) || l.workdays !== null,
  );
  const clinics = [...new Set([...all, ...postings].map(v => v.clinic))];
  const orgIds = [...new Set([...clinics, ...(extra.orgs ?? [])])];
  const peopleIds = [
    ...new Set([person, ...workloads.flatMap(w => [w.by, ...(w.proposal ? [w.proposal.by] : [])]), ...(extra.people ?? [])]),
  ];
  const people = await read.all('people', { id: peopleIds });
  return {
    person: people.find(p => p.id === person),
    bound: (await read.count('accounts', { person, state: 'bound' })) > 0,
    day,
    visits,
    month: all.filter(v => v.day !== day),
    postings,
    workloads,
    leaves,
    reports: clinics.length ? await read.all('reports', { org: clinics, month: monthOf(day) }) : [],
    orgs: new Map((orgIds.length ? await read.all('orgs', { id: orgIds }) : []).map(o => [o.id, o])),
    people: new Map(people.map(p => [p.id, p])),
  };
};

/** As what somebody may say a physician's figures: only the physician, the clinic and the supporting hospital. */
export const saysFiguresAs = (actor: Actor, of: { person: string; clinic: string; hospital: string }): Workload['as'] | undefined => {
  if (actor.person?.id === of.person) return 'self';
  if (actor.grants.some(g => g.role === 'clinic' && g.org === of.clinic)) return 'clinic';
  return actor.grants.some(g => g.role === 'hospital' && g.org === of.hospital) ? 'hospital' : undefined;
};

/** Visits of a day at the units that somebody reports for. */
export const visitsOfUnits = async (read: Read, actor: Actor, day: Day, clinic: string | undefined): Promise<Visit[]> => {
  const clinics = orgsAs(actor, 'clinic');
  const hospitals = orgsAs(actor, 'hospital');
  const all = [
    ...(clinics.length ? await read.all('visits', { clinic: clinics, day, state: 'on' }) : []),
    ...(hospitals.length ? await read.all('visits', { hospital: hospitals, day, state: 'on' }) : []),
  ].filter(v => clinic === undefined || v.clinic === clinic);
  return [...new Map(all.map(v => [v.id, v])).values()];
};

/** Of which visits something was reported as done: whoever reported it was there, so that none of them is moved away without a word. */
export const reportedOf = async (
  read: Read,
  visits: readonly Pick<Visit, 'id' | 'person' | 'clinic' | 'day'>[],
): Promise<ReadonlySet<string>> => {
  const of = <K extends 'person' | 'day'>(field: K) => [...new Set(visits.map(v => v[field]))];
  const reported = visits.length ? await read.all('workloads', { person: of('person'), day: of('day') }) : [];
  return new Set(visits.filter(v => reported.some(w => w.person === v.person && w.clinic === v.clinic && w.day === v.day)).map(v => v.id));
};
