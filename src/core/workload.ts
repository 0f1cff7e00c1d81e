/** Lines of work: one for each physician, clinic and day that was verified, with the figures that were reported of it. Statistics, reports and official forms are all made from these. */
import type { Day } from './day.ts';
import type { Visit, Workload } from './records.ts';

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
