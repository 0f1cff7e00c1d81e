/** Past visits of which no clinic has said who was there. */
import { addDays, type Day, type Span } from '../core/day.ts';
import type { Visit } from '../core/records.ts';
import type { Programme } from '../programmes/schema.ts';
import type { Read } from './ports.ts';

/** Days back that are shown one by one; what is older is said together. */
const ONE_BY_ONE = 31;
/** What is older than a quarter and of a programme that is over is nobody's to do any more. */
const AFTER_END = 92;

/** Visits of these clinics up to today that wait for their word, by day: of every programme that runs or has just ended. */
export const unverified = (read: Read, clinics: readonly string[], programmes: readonly Programme[], today: Day): Promise<Visit[]> => {
  const late = addDays(today, -AFTER_END);
  const from = programmes.filter(p => p.term.from <= today && p.term.until >= late).map(p => p.term.from);
  return read.all(
    'visits',
    { clinic: [...clinics], state: 'on', presence: null, day: { from: [...from, late].sort()[0]!, to: today } },
    { by: 'day' },
  );
};

/** Days in their order: those that are shown one by one, and the stretch of what is older. */
export const oldAndNew = (days: readonly Day[], today: Day): { near: Day[]; old: Day[]; span: Span | undefined } => {
  const limit = addDays(today, -ONE_BY_ONE);
  const old = days.filter(d => d < limit);
  return { near: days.filter(d => d >= limit), old, span: old.length ? { from: old[0]!, to: old.at(-1)! } : undefined };
};
