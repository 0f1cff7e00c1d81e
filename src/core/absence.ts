/** When somebody was not there: a case that is heard, then weighed by a named person. No machine calls anybody absent. */
import type { AbsenceRules, Measure, Programme } from '../programmes/schema.ts';
import { addWorkdays, assumeWeekdays, type Calendar } from './calendar.ts';
import type { Card, Outgoing } from './card.ts';
import { type Day, type Instant, monthOf, monthSpan, quarterSpan, type Span, sayDay, within, yearOf } from './day.ts';
import type { LeaveFile, Names } from './leave-cards.ts';
import { type Case, type Change, numbered, type Visit } from './records.ts';
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

/** What both sides are asked: their account, by a day. */
export const hearingNews = (c: Case, names: Names, about: string, today: Day): Outgoing[] => {
  const card: Card = {
    code: 'case.hear',
    title: `请说明：${names.person(c.person)} ${sayDay(c.day, today)} ${names.org(c.clinic)}`,
    tone: 'ask',
    lines: [about, `${sayDay(c.hearUntil, today)}前发：/说明 ${c.id} 情况`, '还没有认定，说明后由卫健局具名办理'],
  };
  const base = { topic: `case-hear/${c.id}`, class: 'news' as const, about: 'person' as const, card };
  return [
    { ...base, key: `case/${c.id}/hear/physician`, to: { person: c.person } },
    { ...base, key: `case/${c.id}/hear/hospital`, to: { org: c.hospital, role: 'hospital' } },
  ];
};

/** An emergency leave that was not agreed to: each of its days is to be weighed, one case a day. */
export const casesFromLeave = (
  context: CaseContext,
  file: LeaveFile,
  visits: readonly Visit[],
  names: Names,
): { changes: Change[]; tell: Outgoing[] } => {
  const days = new Set<Day>();
  const changes: Change[] = [];
  const tell: Outgoing[] = [];
  for (const line of file.visits) {
    const visit = visits.find(v => v.id === line.visit);
    if (line.state !== 'on' || !visit || visit.state !== 'on' || visit.presence === 'present' || days.has(visit.day)) continue;
    days.add(visit.day);
    const c = newCase(visit, 'leave', file.leave.id, context, numbered(context.turn, changes.length));
    changes.push({ table: 'cases', id: c.id, to: c });
    tell.push(...hearingNews(c, names, '紧急请假没有批准', context.today));
  }
  return { changes, tell };
};

const spanOf = (per: 'month' | 'quarter' | 'year', on: Day): Span =>
  per === 'month'
    ? monthSpan(monthOf(on))
    : per === 'quarter'
      ? quarterSpan(on)
      : { from: `${yearOf(on)}-01-01` as Day, to: `${yearOf(on)}-12-31` as Day };

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
    const n = new Set([...days, on].filter(d => within(d, spanOf(per, on)))).size;
    const rung = rules.ladder.filter(r => r.per === per && r.times <= n).sort((a, b) => b.times - a.times)[0];
    return rung ? [{ per, n, clause: rung.clause, measures: rung.measures }] : [];
  });

/** What the finding is called, said only after it. */
export const findingWords = (rules: AbsenceRules | undefined, finding: Case['finding']): string =>
  finding === 'unexcused' ? (rules?.label ?? '未按要求到岗') : '有正当理由';
