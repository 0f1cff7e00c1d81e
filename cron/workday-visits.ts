/** Where every workday is expected, the day's visits are made from the postings, so that check-in, questions and verification are the same as for planned ones. */

import { defineJob } from '../src/bot/job.ts';
import { leaveFiles } from '../src/bot/leaves.ts';
import { assumedWorkday } from '../src/core/calendar.ts';
import { at, monthOf } from '../src/core/day.ts';
import { hasEnded } from '../src/core/early-end.ts';
import type { LeaveFile } from '../src/core/leave-cards.ts';
import { lastsTo } from '../src/core/posting.ts';
import { type Change, type Leave, type LeaveVisit, numbered, type Posting, type Visit } from '../src/core/records.ts';
import { newVisit } from '../src/core/visit.ts';

interface Facts {
  postings: Posting[];
  visits: Visit[];
  leaves: LeaveFile[];
  /** Postings that ended early. */
  ends: Leave[];
}

export default defineJob<Facts>({
  name: 'workday-visits',
  title: '当日在岗名单',
  per: 'programme',
  times: (day, { programme, calendar }) =>
    programme?.presence?.kind === 'every-workday' && assumedWorkday(calendar, day) ? [at(day, '06:00')] : [],
  facts: async (read, { programme, county, today }) => {
    const month = monthOf(today);
    const postings = (await read.all('postings', { programme: programme!.id, county, from: { to: month } })).filter(p => lastsTo(p, month));
    const people = [...new Set(postings.map(p => p.person))];
    return {
      postings,
      visits: people.length ? await read.all('visits', { person: people, day: today }) : [],
      leaves: people.length
        ? await leaveFiles(
            read,
            await read.all('leaves', { person: people, state: ['open', 'approved'], from: { to: today }, to: { from: today } }),
          )
        : [],
      ends: people.length ? await read.all('leaves', { person: people, kind: 'end', state: 'approved' }) : [],
    };
  },
  due: ({ facts, today, turn }) => {
    const changes: Change[] = [];
    let made = 0;
    for (const p of facts.postings) {
      if (hasEnded(p, facts.ends, today)) continue;
      if (facts.visits.some(v => v.person === p.person && v.clinic === p.clinic && v.state !== 'cancelled')) continue;
      const id = numbered(turn, made++);
      const file = facts.leaves.find(l => l.leave.person === p.person && l.leave.workdays !== null);
      const visit = newVisit({
        id,
        programme: p.programme,
        county: p.county,
        person: p.person,
        clinic: p.clinic,
        hospital: p.hospital,
        posting: p.id,
        day: today,
        state: file?.leave.state === 'approved' ? 'leave' : 'on',
      });
      changes.push({ table: 'visits', id, to: visit });
      if (file) {
        const line: LeaveVisit = {
          id,
          leave: file.leave.id,
          person: p.person,
          visit: id,
          clinic: p.clinic,
          day: today,
          am: true,
          pm: true,
          toDay: null,
          toAm: false,
          toPm: false,
          made: null,
          told: null,
          toldBy: null,
          state: 'on',
        };
        changes.push({ table: 'leaveVisits', id, to: line });
      }
    }
    return { tell: [], changes, result: `${made}` };
  },
});
