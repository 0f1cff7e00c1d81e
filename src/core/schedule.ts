/** Planning visits: which days, whose, and what stands in the way. */

import type { Programme } from '../programmes/schema.ts';
import { type Calendar, workday } from './calendar.ts';
import { type Day, type Month, monthOf, sayDay } from './day.ts';
import { postedIn } from './posting.ts';
import type { Posting, Publication, Visit, VisitType } from './records.ts';
import { clash, newVisit, sayHalves } from './visit.ts';

export interface WantedVisit {
  day: Day;
  am: boolean;
  pm: boolean;
}

export interface PlanFacts {
  /** Visits of the physician on the wanted days, whatever their state. */
  visits: readonly Visit[];
  /** Postings of the physician that touch the wanted months. */
  postings: readonly Posting[];
}

export type Plan =
  | { ok: true; visits: Visit[] }
  | { ok: false; code: 'no-posting'; month: Month }
  | { ok: false; code: 'which-clinic'; clinics: string[] }
  | { ok: false; code: 'clash'; with: Visit[] }
  | { ok: false; code: 'outside'; days: Day[] }
  | { ok: false; code: 'past'; days: Day[] };

/** All or nothing: what is in the way is named and nothing is planned. `ids` gives the id of the nth new visit. */
export const planVisits = (
  facts: PlanFacts,
  asked: {
    wanted: readonly WantedVisit[];
    clinic: string | undefined;
    type: VisitType;
    today: Day;
    term: { from: Day; until: Day };
    ids: (n: number) => string;
  },
): Plan => {
  const outside = asked.wanted.filter(w => w.day < asked.term.from || w.day > asked.term.until).map(w => w.day);
  if (outside.length) return { ok: false, code: 'outside', days: outside };
  const past = asked.wanted.filter(w => w.day < asked.today).map(w => w.day);
  if (past.length) return { ok: false, code: 'past', days: past };
  const inTheWay: Visit[] = [];
  const visits: Visit[] = [];
  for (const [n, w] of asked.wanted.entries()) {
    const held = facts.postings.filter(p => postedIn(p, monthOf(w.day)) && (asked.clinic === undefined || p.clinic === asked.clinic));
    const clinics = [...new Set(held.map(p => p.clinic))];
    if (!held[0]) return { ok: false, code: 'no-posting', month: monthOf(w.day) };
    if (clinics.length > 1) return { ok: false, code: 'which-clinic', clinics };
    const p = held[0];
    const taken = clash(
      [...facts.visits, ...visits].filter(v => v.day === w.day),
      w,
    );
    if (taken) {
      inTheWay.push(taken);
      continue;
    }
    visits.push(
      newVisit({
        id: asked.ids(n),
        programme: p.programme,
        county: p.county,
        person: p.person,
        clinic: p.clinic,
        hospital: p.hospital,
        posting: p.id,
        ...w,
        type: asked.type,
      }),
    );
  }
  return inTheWay.length ? { ok: false, code: 'clash', with: inTheWay } : { ok: true, visits };
};

/** A visit's month was made public for its clinic, its hospital, or the whole county. */
export const isPublished = (
  visit: Pick<Visit, 'day' | 'clinic' | 'hospital' | 'county' | 'programme'>,
  publications: readonly Publication[],
): boolean =>
  publications.some(
    p => p.programme === visit.programme && p.month === monthOf(visit.day) && [visit.clinic, visit.hospital, visit.county].includes(p.org),
  );

/** Where every workday is expected, a day's visits are made on its morning: of a later day there is none to move or to pass on yet. */
export const notMadeYet = (programme: Programme | null, day: Day, today: Day): boolean =>
  programme?.presence?.kind === 'every-workday' && day > today;

/** `6月12日 周三上午`. */
export const sayVisitDay = (v: { day: Day; am: boolean; pm: boolean }, near?: Day): string => `${sayDay(v.day, near)}${sayHalves(v)}`;

/** What is worth a word of the days of new visits: rest days, and days of which nobody knows yet. */
export const restDayLines = (visits: readonly { day: Day; am: boolean; pm: boolean }[], calendar: Calendar, near: Day): string[] => {
  const rest = [...new Set(visits.filter(v => workday(calendar, v.day) === 'rest').map(v => sayVisitDay(v, near)))];
  return [
    ...(rest.length ? [`注意：${rest.slice(0, 3).join('、')}${rest.length > 3 ? `等${rest.length}天` : ''}是休息日`] : []),
    ...(visits.some(v => workday(calendar, v.day) === 'unknown') ? ['有的年份还没有放假安排，休息日未核对'] : []),
  ];
};

/** What a month has left of a physician's half days, where visits that go to another month bring it below the duty. */
export interface Lacking {
  person: string;
  month: Month;
  left: number;
}

/** `visits`: those physicians' visits of the months that lose one. `exempt`: who owes no monthly minimum. */
export const lackingAfter = (
  moved: readonly Pick<Visit, 'id' | 'person' | 'day'>[],
  to: Day,
  { visits, exempt, duty }: { visits: readonly Visit[]; exempt: ReadonlySet<string>; duty: number },
): Lacking[] => {
  const out = new Map<string, Lacking>();
  for (const { person, day } of moved) {
    const month = monthOf(day);
    if (month === monthOf(to) || exempt.has(person) || out.has(`${person} ${month}`)) continue;
    const left = visits
      .filter(v => v.person === person && monthOf(v.day) === month && v.state === 'on' && v.presence !== 'not-there')
      .filter(v => !moved.some(m => m.id === v.id))
      .reduce((n, v) => n + Number(v.am) + Number(v.pm), 0);
    if (left < duty) out.set(`${person} ${month}`, { person, month, left });
  }
  return [...out.values()];
};

export interface CoverageGap {
  kind: 'no-visit' | 'below-duty' | 'no-home-visit';
  clinic: string;
  person: string | null;
}

/** Clinics with nobody, physicians below the month's duty, no half day of home visits: of what is planned or done in a month. */
export const coverageGaps = (facts: {
  clinics: readonly string[];
  postings: readonly Posting[];
  /** Visits of the month that are on. */
  visits: readonly Visit[];
  duty: number | null;
  home: number | null;
}): CoverageGap[] => {
  const visits = facts.visits.filter(v => v.state === 'on' && v.presence !== 'not-there');
  const reached = new Set(visits.map(v => v.clinic));
  const arranged = new Set(facts.postings.flatMap(p => (p.arranged ? [p.clinic] : [])));
  const ofPerson = new Map<string, Visit[]>();
  for (const v of visits) ofPerson.set(v.person, [...(ofPerson.get(v.person) ?? []), v]);
  const gaps: CoverageGap[] = facts.clinics
    .filter(c => !reached.has(c) && !arranged.has(c))
    .map(clinic => ({ kind: 'no-visit', clinic, person: null }));
  const without = new Set(gaps.map(g => g.clinic));
  const halves = (of: readonly Visit[]) => of.reduce((n, v) => n + Number(v.am) + Number(v.pm), 0);
  const seen = new Set<string>();
  for (const p of facts.postings) {
    if (p.arranged || seen.has(p.person)) continue;
    seen.add(p.person);
    const own = ofPerson.get(p.person) ?? [];
    if (facts.duty !== null && halves(own) < facts.duty && !without.has(p.clinic))
      gaps.push({ kind: 'below-duty', clinic: p.clinic, person: p.person });
    if (facts.home !== null && halves(own.filter(v => v.type === 'home')) < facts.home)
      gaps.push({ kind: 'no-home-visit', clinic: p.clinic, person: p.person });
  }
  return gaps;
};
