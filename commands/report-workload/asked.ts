/** What /填报 is asked with and weighed by. */
import { z } from 'zod';
import type { Asked } from '../../src/bot/command.ts';
import type { DayFacts } from '../../src/bot/workloads.ts';
import { parseDay } from '../../src/core/day.ts';
import type { Person, Visit, Workload } from '../../src/core/records.ts';
import { type FigureReading, figureLine } from '../../src/core/words/figures.ts';

export const args = z.object({
  days: z
    .array(z.object({ from: z.string().transform(d => parseDay(d)!), to: z.string() }))
    .refine(days => days.length === 1 && days[0]!.from === days[0]!.to, '一次填一天')
    .optional(),
  person: z.string().optional(),
  clinic: z.string().optional(),
  visit: z.string().optional(),
  workload: z.string().optional(),
  does: z.enum(['sure', 'unplanned', 'other-day', 'agree', 'disagree', 'correct']).optional(),
  reason: z.string().max(100, '原因不超过100字').optional(),
  figures: z.custom<FigureReading>().optional(),
});

export type Args = z.infer<typeof args>;

export interface Facts extends DayFacts {
  /** The visit that was named by its number. */
  visit: Visit | undefined;
  /** The figures that were named by their number. */
  workload: Workload | undefined;
  /** Nobody was named: visits of the asker's units that day, to choose from. */
  choice: Visit[] | undefined;
  names: Map<string, Person>;
}

export type Filing = Asked<Args> & { facts: Facts };

export const NO_FIGURES: FigureReading = { figures: {}, words: {}, problems: [] };

export const again = ({ args, facts, actor, programme }: Filing, words: string): string =>
  [
    '/填报',
    facts.person?.id === actor.person?.id ? '' : (facts.person?.name ?? ''),
    facts.day,
    words,
    args.figures ? figureLine(programme!.workload!.figures, args.figures) : '',
  ]
    .filter(Boolean)
    .join(' ');
