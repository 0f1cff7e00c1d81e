/** What /排班 is asked with and answered from: arguments, facts, and who may plan. */
import { z } from 'zod';
import type { Actor } from '../../src/bot/command.ts';
import type { Scope } from '../../src/bot/scope.ts';
import { type Month, parseDay } from '../../src/core/day.ts';
import type { LeaveFile } from '../../src/core/leave-cards.ts';
import type { Leave, Org, Person, Posting, Publication, Visit, VisitType } from '../../src/core/records.ts';
import type { Pattern } from '../../src/core/words/patterns.ts';
import type { CountyMonth } from './counties.ts';

const day = z.string().transform(d => parseDay(d)!);

const half = z.enum(['am', 'pm', 'day']);

export const args = z.object({
  action: z.enum(['publish', 'cancel']).optional(),
  person: z.string().optional(),
  clinic: z.string().optional(),
  month: z
    .string()
    .transform(m => m as Month)
    .optional(),
  pattern: z.custom<Pattern>().optional(),
  days: z.array(z.object({ from: day, to: day, half: half.optional() })).optional(),
  half: half.optional(),
  type: z
    .string()
    .transform(t => t as VisitType)
    .optional(),
  visit: z.string().optional(),
  sure: z.literal('sure').optional(),
});

export type Args = z.infer<typeof args>;

export interface Facts {
  month: Month;
  scope: Scope | undefined;
  /** Of a bureau over several counties that names none of them. */
  counties: CountyMonth[] | undefined;
  replyIn: 'here' | 'direct';
  visits: Visit[];
  postings: Posting[];
  publications: Publication[];
  people: Map<string, Person>;
  orgs: Map<string, Org>;
  /** Who is planned for: the named one, or the asking physician. */
  person: Person | undefined;
  visit: Visit | undefined;
  /** Of which visits, where some may be cancelled, figures were reported. */
  reported: ReadonlySet<string>;
  /** Those that make up for the physician's own day of a month that was public. */
  promised: ReadonlySet<string>;
  /** Open leaves from visits that may be cancelled. */
  leaves: LeaveFile[];
  /** Where moved visits went, and which went by leave. */
  movedTo: Map<string, Visit>;
  onLeave: Set<string>;
  /** Granted leaves of workdays within the month, whose visits are made on their mornings. */
  away: Leave[];
}

/** May the actor plan for this posting? The physician's own days, the hospital's people, the clinic's unit, or the whole county's. */
export const mayPlan = (actor: Actor, p: { person: string; clinic: string; hospital: string; county: string }): boolean =>
  actor.grants.some(
    g =>
      (g.role === 'physician' && p.person === g.person) ||
      (g.role === 'hospital' && g.org === p.hospital) ||
      (g.role === 'clinic' && g.org === p.clinic) ||
      ((g.role === 'general' || g.role === 'bureau') && g.county === p.county),
  );
