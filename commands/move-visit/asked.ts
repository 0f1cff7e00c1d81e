/** What /改班 is asked with and weighed by. */
import { z } from 'zod';
import { type Day, parseDay } from '../../src/core/day.ts';
import type { LeaveFile } from '../../src/core/leave-cards.ts';
import type { Move, Org, Person, Publication, Visit } from '../../src/core/records.ts';

const day = z.string().transform(d => parseDay(d)!);

const half = z.enum(['am', 'pm', 'day']);

const found = z.array(z.object({ from: day, to: day, half: half.optional() }));

export const args = z
  .object({
    answer: z.enum(['agree', 'refuse']).optional(),
    visit: z.string().optional(),
    days: found.optional(),
    half: half.optional(),
    all: z.literal('all').optional(),
    person: z.string().optional(),
    clinics: z.array(z.string()).optional(),
    to: found.optional(),
    reason: z.string().max(200, '原因不超过200字').optional(),
  })
  // 4月17日 张三 下午 is the day's afternoon as well.
  .transform(({ half: alone, days, ...rest }) => ({
    ...rest,
    days: days?.map(d => (d.half === undefined && alone !== undefined ? { ...d, half: alone } : d)),
  }));

export type Args = z.infer<typeof args>;

export interface Facts {
  /** What is to be moved. */
  visits: Visit[];
  /** Everything of the same people on the old and the new day. */
  around: Visit[];
  publications: Publication[];
  people: Map<string, Person>;
  orgs: Map<string, Org>;
  /** Where a visit goes to another month: all visits of its physician in the month that it leaves. */
  months: Visit[];
  /** Who is posted by the clinic's arrangement, and owes no monthly minimum. */
  arranged: ReadonlySet<string>;
  /** Of which visits figures were reported. */
  reported: ReadonlySet<string>;
  /** The move that is answered. */
  move: Move | undefined;
  /** Open leaves from these visits: a visit that is moved falls out of its leave. */
  leaves: LeaveFile[];
}

export const HALF_WORDS = { am: ' 上午', pm: ' 下午', day: ' 全天' } as const;

/** A day as it is typed: `2024-04-17 上午`. */
export const typedDay = (d: { from: Day; half?: keyof typeof HALF_WORDS | undefined }): string =>
  `${d.from}${d.half ? HALF_WORDS[d.half] : ''}`;

export const who = (f: Facts, v: Visit): string => f.people.get(v.person)?.name ?? '';

/** Something is known of the visit that was: it is corrected, not moved. */
export const isDone = (f: Facts, v: Visit): boolean => v.presence !== null || v.checkedIn !== null || f.reported.has(v.id);
export const toCorrect = (v: Visit): string => `更正发：/核实 ${v.id} 已改期，或 没到`;
