/** Leaves with all that belongs to them, as commands and jobs read them; and who may answer for a station. */

import { addDays, type Day, monthOf } from '../core/day.ts';
import { isEarlyEnd, lastDay } from '../core/early-end.ts';
import type { LeaveFile, Names } from '../core/leave-cards.ts';
import { shownOrg } from '../core/org-names.ts';
import { lastsTo } from '../core/posting.ts';
import type { Grant, Leave, LeaveStep, Org, Person } from '../core/records.ts';
import type { Programme } from '../programmes/schema.ts';
import { holders } from './address.ts';
import { type Actor, orgsAs } from './command.ts';
import type { Read } from './ports.ts';
import { whatStillHolds } from './programmes.ts';

export const leaveFiles = async (read: Read, leaves: readonly Leave[]): Promise<LeaveFile[]> => {
  const ids = leaves.map(l => l.id);
  if (!ids.length) return [];
  const visits = await read.all('leaveVisits', { leave: ids });
  const steps = await read.all('leaveSteps', { leave: ids });
  return leaves.map(leave => ({
    leave,
    visits: visits.filter(v => v.leave === leave.id).sort((a, b) => (a.day < b.day ? -1 : 1)),
    steps: steps.filter(s => s.leave === leave.id).sort((a, b) => Number(a.id.split('/')[1]) - Number(b.id.split('/')[1])),
  }));
};
export const leaveFile = async (read: Read, id: string): Promise<LeaveFile | undefined> => {
  const leave = await read.get('leaves', id);
  const file = leave && (await leaveFiles(read, [leave]))[0];
  return file && (file.leave.workdays !== null || isEarlyEnd(file.leave)) ? { ...file, clinics: await postedAt(read, file.leave) } : file;
};
const postedAt = async (read: Read, { person, programme, from }: Leave): Promise<string[]> => {
  const month = monthOf(addDays(from, -1));
  const postings = await read.all('postings', { person, programme, from: { to: monthOf(from) } });
  return [...new Set(postings.filter(p => lastsTo(p, month)).map(p => p.clinic))];
};
/** Days by which a line about leave is weighed: those of the leave that is named, also when its programme is over. */
export const daysOfLeave = async (read: Read, id: string | undefined, programme: Programme | null): Promise<Day[]> => {
  const leave = id === undefined ? undefined : await read.get('leaves', id);
  return leave ? [isEarlyEnd(leave) ? lastDay(leave) : leave.from] : whatStillHolds(programme);
};

/** Open leaves that touch some visits: what moves or passes on a visit settles them. */
export const openLeavesOn = async (read: Read, visits: readonly string[]): Promise<LeaveFile[]> => {
  if (!visits.length) return [];
  const lines = await read.all('leaveVisits', { visit: visits, state: 'on' });
  const ids = [...new Set(lines.map(l => l.leave))];
  return ids.length ? leaveFiles(read, await read.all('leaves', { id: ids, state: 'open' })) : [];
};

/** Names of everybody and every unit that a leave speaks of. */
export const namesOf = async (
  read: Read,
  people: readonly (string | null)[],
  orgs: readonly (string | null)[],
): Promise<Names & { people: Map<string, Person>; orgs: Map<string, Org> }> => {
  const ids = <T>(all: readonly (T | null)[]) => [...new Set(all.filter(x => x !== null))] as T[];
  const p = ids(people);
  const o = ids(orgs);
  const persons = new Map((p.length ? await read.all('people', { id: p }) : []).map(x => [x.id, x]));
  const units = new Map((o.length ? await read.all('orgs', { id: o }) : []).map(x => [x.id, x]));
  return {
    people: persons,
    orgs: units,
    person: id => persons.get(id)?.name ?? '',
    org: id => shownOrg(units.get(id)),
    full: id => units.get(id)?.name ?? '',
  };
};
export const namesFor = (read: Read, ...files: readonly LeaveFile[]) =>
  namesOf(
    read,
    files.flatMap(f => [f.leave.person, f.leave.by, ...f.steps.map(s => s.by)]),
    files.flatMap(f => [
      f.leave.hospital,
      f.leave.county,
      ...f.visits.map(v => v.clinic),
      ...f.steps.map(s => s.org),
      ...(f.clinics ?? []),
    ]),
  );

export interface Answerer {
  step: LeaveStep;
  /** self: holds the role. stand-in: only for a consent said by phone or on paper. */
  as: 'self' | 'stand-in' | 'own' | 'no';
}

/**
 * As what the actor may answer for a station. Nobody answers for the own leave: it goes to whoever else holds the role, else to the head.
 * Hospital, general hospital and bureau may enter a consent that a unit gave by phone or on paper.
 */
export const answererOf = async (read: Read, actor: Actor, { leave }: LeaveFile, step: LeaveStep, today: Day): Promise<Answerer> => {
  const there = await holders(read, step.org, step.role, today, step.office ?? undefined);
  const mine = there.some(g => g.person === actor.person?.id);
  if (mine && leave.person === actor.person?.id) return { step, as: 'own' };
  if (mine) return { step, as: 'self' };
  const others = there.filter(g => g.person !== leave.person);
  if (!others.length && leave.person !== actor.person?.id && actor.grants.some(g => g.role === 'head' && g.org === step.org))
    return { step, as: 'self' };
  if (step.kind !== 'consent' || leave.person === actor.person?.id) return { step, as: 'no' };
  const helps = (g: Grant) =>
    ((g.role === 'bureau' || g.role === 'general') && g.county === leave.county) || (g.role === 'hospital' && g.org === leave.hospital);
  return { step, as: actor.grants.some(helps) ? 'stand-in' : 'no' };
};

/** Open leaves with the stations that the actor may answer for. */
export const leavesWaiting = async (
  read: Read,
  { actor, today }: { actor: Actor; today: Day },
): Promise<(LeaveFile & { mine: LeaveStep[] })[]> => {
  const orgs = [...new Set(actor.grants.flatMap(g => [g.org, ...(g.role === 'bureau' || g.role === 'general' ? [g.county ?? ''] : [])]))];
  const steps = orgs.length ? (await read.all('leaveSteps', { org: orgs, state: 'waiting' })).filter(s => s.kind !== 'filing') : [];
  const ids = [...new Set(steps.map(s => s.leave))];
  const files = ids.length ? await leaveFiles(read, await read.all('leaves', { id: ids })) : [];
  const found: (LeaveFile & { mine: LeaveStep[] })[] = [];
  for (const file of files) {
    const mine: LeaveStep[] = [];
    for (const s of file.steps.filter(x => x.state === 'waiting' && x.kind !== 'filing'))
      if ((await answererOf(read, actor, file, s, today)).as === 'self') mine.push(s);
    if (mine.length) found.push({ ...file, mine });
  }
  return found;
};

/** Open leaves of the actor's hospitals with the consents that nobody at the unit can give, which the hospital asks for and enters. */
export const leavesToAskFor = async (
  read: Read,
  { actor, today }: { actor: Actor; today: Day },
): Promise<(LeaveFile & { unheld: LeaveStep[] })[]> => {
  const hospitals = orgsAs(actor, 'hospital');
  const leaves = hospitals.length ? await read.all('leaves', { hospital: hospitals, state: 'open' }) : [];
  const found: (LeaveFile & { unheld: LeaveStep[] })[] = [];
  for (const file of await leaveFiles(read, leaves)) {
    const unheld: LeaveStep[] = [];
    for (const s of file.steps.filter(x => x.state === 'waiting' && x.kind === 'consent' && !hospitals.includes(x.org)))
      if (!(await holders(read, s.org, s.role, today, s.office ?? undefined)).length) unheld.push(s);
    if (unheld.length) found.push({ ...file, unheld });
  }
  return found;
};
