/** What a leave is asked with and weighed by: arguments, facts, and the small words that every part of /请假 shares. */
import { z } from 'zod';
import { type Asked } from '../../src/bot/command.ts';
import { daysIn, parseDay } from '../../src/core/day.ts';
import { leaveKind, noWeekday, reasonSaid } from '../../src/core/leave.ts';
import { type LeaveFile, type Names } from '../../src/core/leave-cards.ts';
import { type HalfDay } from '../../src/core/leave-make-up.ts';
import { type Leave, type Org, type Person, type Posting, type Visit } from '../../src/core/records.ts';
import type { Programme } from '../../src/programmes/schema.ts';
import type { Going } from './going.ts';

const day = z.string().transform(d => parseDay(d)!);
const half = z.enum(['am', 'pm', 'day']);
const days = z.array(z.object({ from: day, to: day, half: half.optional() }));
export const args = z.object({
  leave: z.string().optional(),
  person: z.string().optional(),
  emergency: z.literal('emergency').optional(),
  open: z.literal('open').optional(),
  days: days.optional(),
  half: half.optional(),
  to: days.optional(),
  reason: z
    .string()
    .max(200, '事由不超过200字')
    .superRefine((said, { addIssue }) => {
      const wrong = noWeekday(said);
      if (wrong) addIssue(`“${wrong}”不是哪一天`);
    })
    .transform(reasonSaid)
    .optional(),
});
export type Args = z.infer<typeof args>;

export interface Facts {
  person: Person | undefined;
  /** Visits of the physician: in the span, on the make-up days, and what comes next. */
  visits: Visit[];
  postings: Posting[];
  /** Every leave of the physician that may matter here, newest first. */
  files: LeaveFile[];
  /** The leave that was named. */
  file: LeaveFile | undefined;
  /** The actor may read why, and has the slip. */
  handles: boolean;
  reason: string | null;
  /** Why stations of the named leave did not agree, by step: for the applicant, for who said it, and where another decides for the bureau. */
  whyNot: ReadonlyMap<string, string>;
  /** Where the actor asks none and names none: leaves of the county that are looked at. */
  going: Going | undefined;
  /** The actor has to do with the named leave. */
  concerned: boolean;
  /** Other physicians' visits at the clinics on the make-up days. */
  others: Visit[];
  names: Names & { people: Map<string, Person>; orgs: Map<string, Org> };
}

/** Longest span that is leave; what is longer is another physician's posting. */
export const LONGEST = 62;

export const halfDays = (said: Args['days'], half: Args['half']): HalfDay[] =>
  (said ?? []).flatMap(d => daysIn({ from: d.from, to: d.to }).map(on => ({ day: on, half: d.half ?? half })));
export const sayHalfDays = (all: readonly HalfDay[]): string =>
  all.map(d => `${d.day}${d.half === 'am' ? '上午' : d.half === 'pm' ? '下午' : ''}`).join('、');

export const live = (l: Leave) => l.state === 'open' || l.state === 'approved';
export const termOf = (p: Programme) => ({ from: p.term.from, to: p.term.until });

/** The reason, for a question that goes on from it. Where others read it is not said again; who has just typed an illness there is told, once. */
export const reasonLines = ({
  args: { reason },
  conversation,
  content,
}: Pick<Asked<Args>, 'args' | 'conversation' | 'content'>): string[] => {
  if (!reason) return [];
  if (conversation.kind === 'direct') return [`事由：${reason.slice(0, 40)}`];
  return leaveKind(reason) === 'sick' && content.kind === 'text' && content.text.includes(reason) ? [TELL_ALONE] : [];
};
const TELL_ALONE = '这里大家看得到：病情请撤回，以后私聊我请假';
/** The same for an answer that ends it. */
export const toldAlone = (asked: Pick<Asked<Args>, 'args' | 'conversation' | 'content'>): string[] =>
  reasonLines(asked).filter(l => l === TELL_ALONE);
