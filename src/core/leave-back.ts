/** What /销假 puts back: the half days that were on leave from today on, beside what was said of the rest of the day meanwhile. */

import { type Day, sayDay } from './day.ts';
import { type Change, type LeaveVisit, numbered, type Visit } from './records.ts';
import { clash, dayChanges, newVisit } from './visit.ts';

export interface PutBack {
  changes: Change[];
  /** Lines whose half days are on again. */
  back: LeaveVisit[];
  /** What is not put back, and why. */
  kept: string[];
}

/**
 * `visits`: the visits of the leave, their make-ups, and all of the same days. `sources`: what the visits of the leave were moved from; a visit that
 * moved to its make-up day has lost its own word of it.
 */
export const putBack = (
  lines: readonly LeaveVisit[],
  facts: { visits: readonly Visit[]; sources: readonly Visit[]; today: Day; turn: number; halfCounts: boolean },
): PutBack => {
  const out: PutBack = { changes: [], back: [], kept: [] };
  const now = new Map(facts.visits.map(v => [v.id, v]));
  const touched = new Set<Day>();
  let n = 0;
  for (const line of lines.filter(l => l.state === 'on' && l.day >= facts.today)) {
    const old = now.get(line.visit);
    const made = line.made === null ? undefined : now.get(line.made);
    if (!old || (made && (made.state !== 'on' || made.checkedIn !== null || made.presence !== null))) {
      out.kept.push(`${sayDay(line.day, facts.today)}的班已补或另改，不再恢复`);
      continue;
    }
    const others = [...now.values()].filter(v => v.person === line.person && v.day === line.day && v.id !== made?.id);
    if (clash(others, line)) {
      out.kept.push(`${sayDay(line.day, facts.today)}已另有班次，不再恢复`);
      continue;
    }
    if (made) {
      now.set(made.id, { ...made, state: 'cancelled' });
      touched.add(made.day);
    }
    // The whole visit was on leave: it is on again, and knows where it came from.
    if (clash([{ ...old, state: 'on' }], line))
      now.set(old.id, { ...old, state: 'on', moved: old.state === 'moved' ? cameFrom(old, facts.sources) : old.moved });
    // The other half is as it was planned: one visit again.
    else if (old.state === 'on' && old.day === line.day && old.presence === null)
      now.set(old.id, { ...old, am: old.am || line.am, pm: old.pm || line.pm });
    // The other half was verified, reported, moved or is on leave itself: that stays what it is, and the half comes back beside it.
    else {
      const half = besides(old, line, numbered(facts.turn, n++), facts.sources);
      now.set(half.id, half);
    }
    touched.add(line.day);
    out.changes.push({ table: 'leaveVisits', id: line.id, to: { ...line, state: 'dropped' } });
    out.back.push(line);
  }
  const person = lines[0]?.person;
  for (const day of touched) {
    const of = (all: Iterable<Visit>) => [...all].filter(v => v.person === person && v.day === day);
    out.changes.push(...dayChanges(of(facts.visits), of(now.values()), facts.halfCounts));
  }
  return out;
};

const cameFrom = (visit: Visit, sources: readonly Visit[]): string | null =>
  sources.find(s => s.moved === visit.id && s.state === 'moved')?.id ?? null;

const besides = (old: Visit, line: LeaveVisit, id: string, sources: readonly Visit[]): Visit => {
  const { programme, county, person, clinic, hospital, posting, type, planned } = old;
  const { day, am, pm } = line;
  const moved = old.state === 'moved' ? cameFrom(old, sources) : old.moved;
  return newVisit({ id, programme, county, person, clinic, hospital, posting, type, planned, day, am, pm, moved });
};
