/** What /换人 is asked with and weighed by. */
import { z } from 'zod';
import { firstOf, type Month, monthOf, parseDay } from '../../src/core/day.ts';
import type { LeaveFile } from '../../src/core/leave-cards.ts';
import type { Grant, Org, Person, Posting, Visit } from '../../src/core/records.ts';

const day = z.string().transform(d => parseDay(d)!);
const month = z.string().transform(m => m as Month);

export const args = z.object({
  people: z.array(z.string(), { error: '请写明换下和换上的两位医师' }).length(2, '请写明换下和换上的两位医师'),
  since: z.union([z.object({ month }), z.object({ day })]).optional(),
  month: month.optional(),
  days: z.array(z.object({ from: day, to: day, half: z.enum(['am', 'pm', 'day']).optional() })).optional(),
  clinic: z.string().optional(),
  both: z.literal('both').optional(),
  reason: z.string().max(200).optional(),
});
export type Args = z.infer<typeof args>;

export interface Facts {
  old: Person | undefined;
  next: Person | undefined;
  /** Where the new one is a physician. */
  nextAs: Grant[];
  postings: Posting[];
  /** Open visits of the old one: those concerned, or where it is not said which, all from today on. */
  visits: Visit[];
  /** Visits of the new one on the same days. */
  theirs: Visit[];
  /** Visits of the days that are asked for which the new one has taken over before. */
  taken: Visit[];
  /** Postings that the new one has taken over before, at the same units. */
  takenFrom: Posting[];
  /** Open leaves from the visits that pass on: they are settled by it. */
  leaves: LeaveFile[];
  /** Units at which the new one is due on the same workdays. */
  elsewhere: Org[];
  orgs: Map<string, Org>;
}

/** A change of posting begins with a month; a day means one only where it is its first. */
export const sinceMonth = ({ since }: Pick<Args, 'since'>): Month | undefined => {
  if (!since) return undefined;
  if ('month' in since) return since.month;
  return since.day === firstOf(monthOf(since.day)) ? monthOf(since.day) : undefined;
};
