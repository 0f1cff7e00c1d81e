/** What a yes changes in the visits, and what falls out of a leave when visits move otherwise. */

import { type Day, monthOf, sayDays } from './day.ts';
import { topicsOf } from './leave-steps.ts';
import { postedIn } from './posting.ts';
import { type Case, type Change, type Leave, type LeaveStep, type LeaveVisit, numbered, type Posting, type Visit } from './records.ts';
import { clash, dayChanges, newVisit, UNSAID } from './visit.ts';

export interface Granted {
  changes: Change[];
  /** Leave visits as they are now, make-up visits named. */
  visits: LeaveVisit[];
  /** Lines whose visit was moved or passed on meanwhile. */
  lapsed: LeaveVisit[];
  /** Lines whose make-up day no longer fits: it is to be named anew. */
  unsettled: LeaveVisit[];
}

/**
 * Cases that nobody has weighed and whose visit goes on leave now: closed, where nothing else of the day is to be weighed. `days`: all visits of
 * those days as they were.
 */
export const answeredCases = (
  cases: readonly Case[],
  days: readonly Visit[],
  granted: readonly Change[],
): { changes: Change[]; closed: Case[] } => {
  const now = days.map(v => granted.flatMap(c => (c.table === 'visits' && c.id === v.id && c.to ? [c.to] : [])).at(-1) ?? v);
  const out: { changes: Change[]; closed: Case[] } = { changes: [], closed: [] };
  for (const c of cases) {
    const on = now.filter(v => v.day === c.day && v.state === 'on');
    if (on.some(v => v.id === c.visit)) continue;
    const other = on.find(v => (c.from === 'report' ? v.presence === 'not-there' : v.presence !== 'present'));
    if (!other) out.closed.push(c);
    out.changes.push({
      table: 'cases',
      id: c.id,
      to: other ? { ...c, visit: other.id, clinic: other.clinic, hospital: other.hospital } : { ...c, state: 'closed' },
      was: { state: 'open' },
    });
  }
  return out;
};

/** A leave's days on which the clinic has said that the physician was there, and whether nothing of the leave is left beside them. */
export const workedOn = (
  leave: Pick<Leave, 'to'>,
  lines: readonly LeaveVisit[],
  visits: readonly Visit[],
): { days: Day[]; visit: Visit | undefined; whole: boolean } => {
  const on = lines.filter(l => l.state === 'on');
  const there = visits.filter(v => v.state === 'on' && v.presence === 'present' && on.some(l => l.visit === v.id && l.day === v.day));
  const days = [...new Set(there.map(v => v.day))].sort();
  const last = on
    .map(l => l.day)
    .sort()
    .at(-1);
  return {
    days,
    visit: there[0],
    whole: days.length > 0 && on.every(l => there.some(v => v.id === l.visit)) && last !== undefined && last >= leave.to,
  };
};

/** Visits that are no part of the leave any more: because the physician was there, or because they were moved. */
export const lapsedLines = (lapsed: readonly LeaveVisit[], worked: readonly Day[], today: Day): string[] => {
  const moved = lapsed.filter(l => !worked.includes(l.day)).length;
  return [
    ...(worked.length ? [`${sayDays(worked, today)}已核实在岗，不在这次请假里`] : []),
    ...(moved ? [`${moved}班已另改，不在这次请假里`] : []),
  ];
};

/**
 * The visits of an approved leave move to their make-up days. `visits`: as they are now. `days`: all visits of the leave's days, whose flags are put
 * right. `theirs`: of the physician on the make-up days.
 */
export const grantVisits = (
  lines: readonly LeaveVisit[],
  facts: {
    visits: readonly Visit[];
    days: readonly Visit[];
    theirs: readonly Visit[];
    postings: readonly Posting[];
    today: Day;
    turn: number;
    owed: boolean;
    halfCounts: boolean;
  },
): Granted => {
  const out: Granted = { changes: [], visits: [], lapsed: [], unsettled: [] };
  const now = new Map<string, Visit>();
  let n = 0;
  for (const line of lines) {
    if (line.state !== 'on') continue;
    const visit = facts.visits.find(v => v.id === line.visit);
    if (!visit || visit.state !== 'on' || visit.day !== line.day || visit.person !== line.person || visit.presence === 'present') {
      const dropped: LeaveVisit = { ...line, state: 'dropped' };
      out.lapsed.push(dropped);
      out.changes.push({ table: 'leaveVisits', id: line.id, to: dropped });
      continue;
    }
    const whole = (!visit.am || line.am) && (!visit.pm || line.pm);
    const posted = facts.postings.some(p => p.clinic === visit.clinic && line.toDay !== null && postedIn(p, monthOf(line.toDay)));
    const free =
      line.toDay !== null &&
      line.toDay >= facts.today &&
      posted &&
      !clash(
        facts.theirs.filter(v => v.day === line.toDay && v.id !== visit.id),
        { am: line.toAm, pm: line.toPm },
      );
    const made = free ? numbered(facts.turn, n++) : null;
    const kept: LeaveVisit = free ? { ...line, made } : { ...line, toDay: null, made: null };
    out.visits.push(kept);
    if (facts.owed && !free) out.unsettled.push(kept);
    out.changes.push({ table: 'leaveVisits', id: line.id, to: kept });
    now.set(
      visit.id,
      whole
        ? {
            ...visit,
            state: made === null ? 'leave' : 'moved',
            moved: made ?? visit.moved,
            // Who was on leave was not expected: that somebody was not there is no report any more.
            ...(visit.presence === null ? {} : UNSAID),
          }
        : { ...visit, am: visit.am && !line.am, pm: visit.pm && !line.pm },
    );
    if (made !== null) out.changes.push({ table: 'visits', id: made, to: makeUpVisit(visit, line, made) });
  }
  for (const day of new Set([...now.values()].map(v => v.day))) {
    const before = facts.days.filter(v => v.day === day);
    out.changes.push(
      ...dayChanges(
        before,
        before.map(v => now.get(v.id) ?? v),
        facts.halfCounts,
      ),
    );
  }
  return out;
};

export const makeUpVisit = (visit: Visit, line: Pick<LeaveVisit, 'toDay' | 'toAm' | 'toPm'>, id: string): Visit =>
  newVisit({
    id,
    programme: visit.programme,
    county: visit.county,
    person: visit.person,
    clinic: visit.clinic,
    hospital: visit.hospital,
    posting: visit.posting,
    type: visit.type,
    day: line.toDay!,
    am: line.toAm,
    pm: line.toPm,
    moved: visit.id,
  });

/** Lines that touch visits which are moved or passed on: they fall out of their leave, and a leave with none left is moot. */
export const dropVisits = (
  open: readonly { leave: Leave; visits: readonly LeaveVisit[]; steps: readonly LeaveStep[] }[],
  gone: ReadonlySet<string>,
): { changes: Change[]; moot: Leave[]; topics: string[] } => {
  const changes: Change[] = [];
  const moot: Leave[] = [];
  const topics: string[] = [];
  for (const { leave, visits, steps } of open) {
    const hit = visits.filter(v => v.state === 'on' && gone.has(v.visit));
    if (!hit.length || leave.state !== 'open') continue;
    for (const v of hit) changes.push({ table: 'leaveVisits', id: v.id, to: { ...v, state: 'dropped' } });
    if (visits.some(v => v.state === 'on' && !gone.has(v.visit))) continue;
    changes.push({ table: 'leaves', id: leave.id, to: { ...leave, state: 'moot' }, was: { state: 'open' } });
    for (const s of steps)
      if (s.state === 'waiting' || s.state === 'later') changes.push({ table: 'leaveSteps', id: s.id, to: { ...s, state: 'void' } });
    moot.push(leave);
    topics.push(...topicsOf(leave.id, steps));
  }
  return { changes, moot, topics };
};
