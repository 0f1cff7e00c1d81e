/** Lines of work: one for each physician, clinic and day that was verified, with the figures that were reported of it. Statistics, reports and official forms are all made from these. */
import type { FigureData } from '../programmes/schema.ts';
import type { Day } from './day.ts';
import type { Report, Visit, Workload } from './records.ts';
import { halvesOf } from './records.ts';
import { isUnlocked } from './report.ts';

export interface Line {
  person: string;
  clinic: string;
  hospital: string;
  day: Day;
  /** It carries the doctor-day. */
  counted: boolean;
  /** Of a day at several clinics: the clinic whose line carries the doctor-day, where it is not this one. */
  countedAt: string | null;
  half: boolean;
  /** Absent: not reported. */
  figures: Readonly<Record<string, number>>;
  words: Readonly<Record<string, string>>;
  workload: Workload | undefined;
}

const keyOf = (v: { person: string; day: Day; clinic: string }): string => `${v.day} ${v.person} ${v.clinic}`;

/** Lines of verified visits, by day, then in the order of `visits`. Figures of a day that nobody verified are no line. */
export const linesFrom = (visits: readonly Visit[], workloads: readonly Workload[]): Line[] => {
  const present = visits.filter(v => v.state === 'on' && v.presence === 'present');
  const counting = new Map(present.filter(v => v.tally === 'verified').map(v => [`${v.day} ${v.person}`, v]));
  const reported = new Map(workloads.map(w => [keyOf(w), w]));
  const lines = new Map<string, Line>();
  for (const v of present) {
    const key = keyOf(v);
    if (lines.has(key)) continue;
    const holder = counting.get(`${v.day} ${v.person}`);
    const workload = reported.get(key);
    lines.set(key, {
      person: v.person,
      clinic: v.clinic,
      hospital: v.hospital,
      day: v.day,
      counted: holder?.clinic === v.clinic,
      countedAt: holder && holder.clinic !== v.clinic ? holder.clinic : null,
      half: holder?.clinic === v.clinic ? holder.tallyHalf : false,
      figures: workload?.figures ?? {},
      words: workload?.words ?? {},
      workload,
    });
  }
  return [...lines.values()].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
};

/** Sum of a figure over lines; null when none of them reported it. */
export const sumOf = (lines: readonly Pick<Line, 'figures'>[], figure: string): number | null => {
  const reported = lines.flatMap(l => (l.figures[figure] === undefined ? [] : [l.figures[figure]]));
  return reported.length ? reported.reduce((a, b) => a + b, 0) : null;
};

/** Doctor-days of lines. */
export const doctorDays = (lines: readonly Pick<Line, 'counted'>[]): number => lines.filter(l => l.counted).length;

/** Figures and texts by the programme's ids. */
export interface Values {
  figures: Readonly<Record<string, number>>;
  words: Readonly<Record<string, string>>;
}
export interface Difference {
  id: string;
  from: number | string;
  to: number | string;
}

/** What is said anew of what was said before. What was not said before is no difference. */
export const differences = (before: Values | undefined, given: Values): Difference[] =>
  before
    ? (['figures', 'words'] as const).flatMap(of =>
        Object.entries(given[of]).flatMap(([id, to]) => {
          const from = before[of][id];
          return from !== undefined && from !== to ? [{ id, from, to }] : [];
        }),
      )
    : [];
/** Nothing new: every value that is given stands there already. */
export const saysNothingNew = (before: Values, given: Values): boolean =>
  Object.entries(given.figures).every(([id, v]) => before.figures[id] === v) &&
  Object.entries(given.words).every(([id, v]) => before.words[id] === v);
/** What is given laid over what was there; values never add up. */
export const merged = (before: Values | undefined, given: Values): { figures: Record<string, number>; words: Record<string, string> } => ({
  figures: { ...before?.figures, ...given.figures },
  words: { ...before?.words, ...given.words },
});

/** 其余0 is of what was not reported before: what was stays, and is named. */
export const sparing = <V extends Values & { others?: readonly string[] }>(
  before: Values | undefined,
  given: V,
): { given: V; spared: string[] } => {
  const spared = (given.others ?? []).filter(id => (before?.figures[id] ?? 0) !== 0);
  if (!spared.length) return { given, spared };
  const figures = Object.fromEntries(Object.entries(given.figures).filter(([id]) => !spared.includes(id)));
  return { given: { ...given, figures }, spared };
};

/** Figures above what is usual: asked about, never refused. */
export const unusualOf = (figures: readonly FigureData[], given: Values): { figure: FigureData; value: number }[] =>
  figures.flatMap(figure => {
    const value = given.figures[figure.id];
    const most = figure.unusual === undefined ? undefined : figure.kind === 'money' ? figure.unusual * 100 : figure.unusual;
    return value !== undefined && most !== undefined && value > most ? [{ figure, value }] : [];
  });

/** A unit's month takes no figures any more: its report is accepted or locked, and nobody has unlocked it for today. */
export const closedReport = (reports: readonly Report[], today: Day): Report | undefined =>
  reports.find(r => (r.state === 'locked' || r.state === 'accepted') && !isUnlocked(r, today));

/** What went up of the month is not changed by what is entered now; whoever enters it is told so. undefined: nothing went up, or it was given back. */
export const afterFiling = (reports: readonly Pick<Report, 'state' | 'month' | 'kind'>[]): string | undefined => {
  const filed = reports.find(r => r.kind !== 'closing' && (r.state === 'filed' || r.state === 'accepted' || r.state === 'locked'));
  return filed && `${Number(filed.month.slice(5))}月月报已报，报上去的那份不变，要改请上级退回`;
};

/**
 * Half days of home visits, by person: those of visits of that type, and where a day has none a half day for figures that meet the duty.
 * `visits`: whichever count for the asker (done, or planned as well); figures count where the day has such a visit at that clinic.
 */
export const homeHalfDays = (
  visits: readonly Pick<Visit, 'person' | 'clinic' | 'day' | 'am' | 'pm' | 'type'>[],
  workloads: readonly Pick<Workload, 'person' | 'clinic' | 'day' | 'figures'>[],
  figures: readonly FigureData[],
): Map<string, number> => {
  const meets = figures.filter(f => f.meets === 'home-visit').map(f => f.id);
  const there = new Set(visits.map(keyOf));
  const days = new Map<string, number>();
  for (const v of visits)
    if (v.type === 'home') days.set(`${v.person} ${v.day}`, (days.get(`${v.person} ${v.day}`) ?? 0) + halvesOf(v).length);
  for (const w of workloads) {
    const day = `${w.person} ${w.day}`;
    if (!days.has(day) && there.has(keyOf(w)) && meets.some(id => (w.figures[id] ?? 0) > 0)) days.set(day, 1);
  }
  const people = new Map<string, number>();
  for (const [key, halves] of days) {
    const person = key.slice(0, key.indexOf(' '));
    people.set(person, (people.get(person) ?? 0) + halves);
  }
  return people;
};
