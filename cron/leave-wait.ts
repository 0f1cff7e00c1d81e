/** Some working hours after a station of leave was asked: once more, to whoever holds the role by then. */

import { defineJob, type JobContext } from '../src/bot/job.ts';
import { leaveFiles, namesFor } from '../src/bot/leaves.ts';
import type { Read } from '../src/bot/ports.ts';
import { rulesFor } from '../src/core/early-end.ts';
import type { LeaveFile, Names } from '../src/core/leave-cards.ts';
import { remindedAt, remindStation, saying } from '../src/core/leave-news.ts';
import type { LeaveStep, Person } from '../src/core/records.ts';

interface Facts {
  files: LeaveFile[];
  reasons: Map<string, string>;
  names: Names & { people: Map<string, Person> };
}

const waiting = (read: Read, county: string): Promise<LeaveStep[]> => read.all('leaveSteps', { county, state: 'waiting' });

export default defineJob<Facts>({
  name: 'leave-wait',
  title: '请假还没答复的再提醒一次',
  per: 'programme',
  times: () => [],
  moments: async (read, _span, context) =>
    context.programme?.leave || context.programme?.['early-end']
      ? (await waiting(read, context.county)).map(step => remindedAt(step, context)).filter(moment => moment !== null)
      : [],
  facts: async (read, context: JobContext) => {
    const due = (await waiting(read, context.county)).filter(step => remindedAt(step, context) === context.slot);
    const ids = [...new Set(due.map(s => s.leave))];
    const leaves = ids.length ? await read.all('leaves', { id: ids, programme: context.programme!.id }) : [];
    const files = await leaveFiles(read, leaves);
    const reasons = new Map<string, string>();
    for (const l of leaves) reasons.set(l.id, (await read.unseal('leaves', l.id, 'reason')) ?? '');
    return { files, reasons, names: await namesFor(read, ...files) };
  },
  due: ({ facts: { files, reasons, names }, programme, ...context }) => {
    const { slot } = context;
    return {
      tell: files.flatMap(file => {
        const { leave } = file;
        const rules = rulesFor(programme, leave);
        if (!rules) return [];
        const own = { names, reason: reasons.get(leave.id) ?? '', physician: names.people.get(leave.person), rules };
        return file.steps
          .filter(step => remindedAt(step, context) === slot)
          .map(step => remindStation(file, step, saying({ ...context, programme, now: slot }, own)));
      }),
    };
  },
});
