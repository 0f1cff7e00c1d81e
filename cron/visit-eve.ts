/** The day before (before a rest day, the last workday before): tomorrow's visit, to physician and clinic. */

import { defineJob } from '../src/bot/job.ts';
import { assumedWorkday, type Calendar } from '../src/core/calendar.ts';
import { addDays, at, type Day, sayDay } from '../src/core/day.ts';
import { shownOrg } from '../src/core/org-names.ts';
import type { Visit } from '../src/core/records.ts';
import { sayHalves, VISIT_TYPE_NAMES } from '../src/core/visit.ts';
import { openLeaveOf, type VisitFacts, visitsIn } from './visits-ahead.ts';

/** From tomorrow to the next workday: what no later workday's evening comes before. */
const ahead = (calendar: Calendar, today: Day) => {
  let to = addDays(today, 1);
  while (!assumedWorkday(calendar, to)) to = addDays(to, 1);
  return { from: addDays(today, 1), to };
};

export default defineJob<VisitFacts>({
  name: 'visit-eve',
  title: '提醒次日下乡',
  per: 'programme',
  times: (day, { calendar, settings }) => (assumedWorkday(calendar, day) ? [at(day, settings.get('eve.time'))] : []),
  facts: (read, context) => visitsIn(read, context, ahead(context.calendar, context.today)),
  due: ({ facts, settings, today }) => {
    // Nobody on leave is reminded; a request that still waits is said beside the visit.
    const open = facts.visits.filter(v => v.presence === null && v.checkedIn === null && !openLeaveOf(facts, v)?.leave.emergency);
    // Morning and afternoon at one clinic are one journey, and one message.
    const journeys = new Map<string, Visit[]>();
    for (const v of open)
      journeys.set(`${v.person} ${v.clinic} ${v.day}`, [...(journeys.get(`${v.person} ${v.clinic} ${v.day}`) ?? []), v]);
    const source = `提醒时间：${settings.source('eve.time')}`;
    return {
      tell: [...journeys.values()].flatMap(visits => {
        const [v] = visits as [Visit, ...Visit[]];
        const what = visits.map(x => `${sayHalves(x)}${VISIT_TYPE_NAMES[x.type]}`).join('，');
        const day = sayDay(v.day, today);
        const base = { topic: `visit/${v.id}`, class: 'nudge' as const, expires: at(v.day, v.am ? '08:30' : '14:30') };
        return [
          {
            ...base,
            key: `visit-eve/${v.id}/${v.day}/physician`,
            to: { person: v.person },
            about: 'person' as const,
            card: {
              code: 'visit.eve',
              title: `${day}去${shownOrg(facts.orgs.get(v.clinic))}`,
              tone: 'info' as const,
              lines: [what, openLeaveOf(facts, v) ? '您的请假还没批下来，批了会告诉您' : '到了发 签到', source],
            },
          },
          {
            ...base,
            key: `visit-eve/${v.id}/${v.day}/clinic`,
            to: { org: v.clinic, role: 'clinic' as const },
            about: 'unit' as const,
            card: {
              code: 'visit.eve-clinic',
              title: `${day} ${facts.people.get(v.person)?.name}来${shownOrg(facts.orgs.get(v.clinic))}`,
              tone: 'info' as const,
              lines: [what, source],
            },
          },
        ];
      }),
    };
  },
});
