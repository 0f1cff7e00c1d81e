/** When somebody was not there: a case that is heard, then weighed by a named person. No machine calls anybody absent. */
import type { AbsenceRules, Measure, Programme } from '../programmes/schema.ts';
import { addWorkdays, assumeWeekdays, type Calendar } from './calendar.ts';
import { type Day, type Instant, spanAround, within } from './day.ts';
import { type Case, type LeaveVisit, numbered, type Visit } from './records.ts';
import type { Settings } from './settings.ts';

/** What opening a case needs to know. */
export interface CaseContext {
  programme: Programme | null;
  settings: Settings;
  calendar: Calendar;
  today: Day;
  now: Instant;
  turn: number;
}

/** The last day to be heard, and to object: workdays after a day. */
export const limitDay = (calendar: Calendar, from: Day, workdays: number): Day => addWorkdays(assumeWeekdays(calendar), from, workdays);

export const newCase = (visit: Visit, from: Case['from'], leave: string | null, context: CaseContext, id: string): Case => ({
  id,
  programme: visit.programme,
  programmeKey: context.programme?.key ?? '',
  county: visit.county,
  person: visit.person,
  hospital: visit.hospital,
  clinic: visit.clinic,
  visit: visit.id,
  day: visit.day,
  from,
  leave,
  state: 'open',
  at: context.now,
  hearUntil: limitDay(context.calendar, context.today, context.settings.number('hear.days')),
  finding: null,
  why: null,
  by: null,
  decidedAt: null,
  objectUntil: null,
});

/** An emergency leave that was not agreed to: each of its days that has come is to be weighed, one case a day. `known`: cases of these days that there are already. */
export const casesFromLeave = (
  context: CaseContext,
  lines: readonly LeaveVisit[],
  visits: readonly Visit[],
  known: readonly Case[] = [],
): Case[] => {
  const cases: Case[] = [];
  for (const line of lines) {
    const visit = visits.find(v => v.id === line.visit);
    if (line.state !== 'on' || !visit || visit.state !== 'on' || visit.presence === 'present') continue;
    if (visit.day > context.today || [...known, ...cases].some(c => c.day === visit.day)) continue;
    cases.push(newCase(visit, 'leave', line.leave, context, numbered(context.turn, cases.length)));
  }
  return cases;
};

export interface Consequence {
  per: 'month' | 'quarter' | 'year';
  n: number;
  clause: string;
  measures: readonly Measure[];
}

/**
 * What follows a finding on a day: the rung that so many of the month reach, then of the quarter, then of the year.
 * `days`: calendar days found so before, of the same physician; one a day.
 */
export const consequences = (rules: AbsenceRules, days: readonly Day[], on: Day): Consequence[] =>
  (['month', 'quarter', 'year'] as const).flatMap(per => {
    const n = new Set([...days, on].filter(d => within(d, spanAround(per, on)))).size;
    const rung = rules.ladder.filter(r => r.per === per && r.times <= n).sort((a, b) => b.times - a.times)[0];
    return rung ? [{ per, n, clause: rung.clause, measures: rung.measures }] : [];
  });

/** What the finding is called, said only after it. */
export const findingWords = (rules: AbsenceRules | undefined, finding: Case['finding']): string =>
  finding === 'unexcused' ? (rules?.label ?? '未按要求到岗') : '有正当理由';

/** 已认定：有正当理由. Undefined as long as nobody has weighed it. */
export const sayFinding = (rules: AbsenceRules | undefined, c: Case): string | undefined =>
  c.finding === null || c.state === 'open' || c.state === 'closed'
    ? undefined
    : `已认定：${findingWords(rules, c.finding)}${c.state === 'objected' ? '，异议复核中' : ''}`;
