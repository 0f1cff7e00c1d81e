/** What an answer to a leave is asked with, and what is known for it. */

import { z } from 'zod';
import type { Asked } from '../../src/bot/command.ts';
import { type Answerer, answererOf, leaveFile, leavesWaiting, namesFor } from '../../src/bot/leaves.ts';
import type { Read } from '../../src/bot/ports.ts';
import { reportedOf } from '../../src/bot/workloads.ts';
import { type EndFacts, isEarlyEnd } from '../../src/core/early-end.ts';
import type { LeaveFile } from '../../src/core/leave-cards.ts';
import type { Case, Posting, Visit } from '../../src/core/records.ts';
import { endFacts } from '../end-posting/granted.ts';

export const args = z.object({
  leave: z.string().optional(),
  org: z.string().optional(),
  offline: z.literal('offline').optional(),
  note: z.string().max(200, '意见不超过200字').optional(),
});
export type Args = z.infer<typeof args>;

export interface Facts {
  file: LeaveFile | undefined;
  answerers: Answerer[];
  names: Awaited<ReturnType<typeof namesFor>> | undefined;
  reason: string;
  /** Visits of the leave as they are now. */
  visits: Visit[];
  /** Visits of the physician on the make-up days. */
  theirs: Visit[];
  postings: Posting[];
  /** All visits of the physician on the leave's days. */
  days: Visit[];
  /** Cases of the leave's days that hold. */
  cases: Case[];
  /** Of which of the leave's visits figures were reported. */
  reported: ReadonlySet<string>;
  /** Of a posting that ends early: what goes with it. */
  end: EndFacts | undefined;
  /** What waits for the actor, when no number is given. */
  waiting: { file: LeaveFile; name: string }[];
}

export const facts = async (read: Read, asked: Asked<Args>): Promise<Facts> => {
  const { args, actor, today } = asked;
  const file = args.leave ? await leaveFile(read, args.leave) : undefined;
  if (!file) {
    const waiting = args.leave ? [] : await leavesWaiting(read, asked);
    const people = waiting.length ? await read.all('people', { id: waiting.map(w => w.leave.person) }) : [];
    return {
      file,
      answerers: [],
      names: undefined,
      reason: '',
      visits: [],
      theirs: [],
      postings: [],
      days: [],
      cases: [],
      reported: new Set(),
      end: undefined,
      waiting: waiting.map(w => ({ file: w, name: people.find(p => p.id === w.leave.person)?.name ?? '' })),
    };
  }
  const answerers: Answerer[] = [];
  for (const step of file.steps) if (step.kind !== 'filing') answerers.push(await answererOf(read, actor, file, step, today));
  const visitIds = file.visits.map(v => v.visit);
  const days = file.visits.flatMap(v => (v.toDay ? [v.toDay] : []));
  const names = await namesFor(read, file);
  const person = file.leave.person;
  const cases = file.visits.length
    ? await read.all('cases', { person, day: file.visits.map(v => v.day), state: ['open', 'decided', 'objected'] })
    : [];
  const visits = visitIds.length ? await read.all('visits', { id: visitIds }) : [];
  return {
    file,
    answerers,
    names: { ...names, person: id => (id === actor.person?.id ? actor.person.name : names.person(id)) },
    reason: (await read.unseal('leaves', file.leave.id, 'reason')) ?? '',
    visits,
    theirs: days.length ? await read.all('visits', { person, day: days }) : [],
    postings: await read.all('postings', { person }),
    days: file.visits.length ? await read.all('visits', { person, day: [...new Set(file.visits.map(v => v.day))] }) : [],
    cases,
    reported: await reportedOf(read, visits),
    end: isEarlyEnd(file.leave) ? await endFacts(read, file.leave) : undefined,
    waiting: [],
  };
};
