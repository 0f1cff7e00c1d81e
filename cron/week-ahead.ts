/** Last workday of the week: next week's visits to each clinic, as a text to pass on to villagers. */

import { defineJob } from '../src/bot/job.ts';
import { assumeWeekdays, lastWorkdayOfWeek } from '../src/core/calendar.ts';
import { addDays, at, weekSpan } from '../src/core/day.ts';
import { shownOrg } from '../src/core/org-names.ts';
import { sayVisitDay } from '../src/core/schedule.ts';
import { VISIT_TYPE_NAMES } from '../src/core/visit.ts';
import { cite } from '../src/programmes/schema.ts';
import { byClinic, type VisitFacts, visitsIn } from './visits-ahead.ts';

const nextWeek = (today: Parameters<typeof weekSpan>[0]) => weekSpan(addDays(weekSpan(today).to, 1));

export default defineJob<VisitFacts>({
  name: 'week-ahead',
  title: '下周排班告知受援单位',
  per: 'programme',
  times: (day, { calendar, settings }) =>
    lastWorkdayOfWeek(assumeWeekdays(calendar), day) === day ? [at(day, settings.get('week.time'))] : [],
  facts: (read, context) => visitsIn(read, context, nextWeek(context.today)),
  due: ({ facts, programme, settings, slot, today }) => {
    const rule = programme!.schedule?.publish;
    return {
      tell: [...byClinic(facts.visits)].map(([clinic, visits]) => ({
        key: `week-ahead/${slot}/${clinic}`,
        topic: `week-ahead/${clinic}`,
        to: { org: clinic, role: 'clinic' },
        class: 'nudge',
        about: 'unit',
        expires: at(nextWeek(today).to, '17:00'),
        card: {
          code: 'visit.week-ahead',
          title: `${shownOrg(facts.orgs.get(clinic))} 下周医师下乡（可转发群众）`,
          tone: 'info',
          lines: [
            ...visits.map(
              v =>
                `${sayVisitDay(v, today)} ${facts.people.get(v.person)?.name} ${facts.people.get(v.person)?.specialty ?? ''} ${VISIT_TYPE_NAMES[v.type]}`,
            ),
            rule ? cite(programme!, rule) : `发送时间：${settings.source('week.time')}`,
          ],
        },
      })),
    };
  },
});
