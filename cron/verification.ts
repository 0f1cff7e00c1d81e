/** Asks each clinic at the end of a day with visits who was there, and on the next workday once more. */

import { defineJob } from '../src/bot/job.ts';
import { assumedWorkday, assumeWeekdays, type Calendar, nextWorkday, previousWorkday } from '../src/core/calendar.ts';
import { addDays, at, type Day, sayDay } from '../src/core/day.ts';
import { sayFigures } from '../src/core/figure-words.ts';
import { shownOrg } from '../src/core/org-names.ts';
import type { Visit, Workload } from '../src/core/records.ts';
import type { Settings } from '../src/core/settings.ts';
import { verifyButtons } from '../src/core/verify-buttons.ts';
import { sameCheckIn, sayHalves, VISIT_TYPE_NAMES } from '../src/core/visit.ts';
import { cite } from '../src/programmes/schema.ts';
import { type AskedFacts, askedIn, byWhoIsAsked, openLeaveOf } from './visits-ahead.ts';

/** The last workday and the rest days before it: what was asked on that workday, for nobody is asked on a rest day. */
const askedLastWorkday = (calendar: Calendar, today: Day) => {
  const to = previousWorkday(assumeWeekdays(calendar), today);
  return { from: addDays(previousWorkday(assumeWeekdays(calendar), to), 1), to };
};

interface Facts extends AskedFacts {
  workloads: Workload[];
}

/** 今天 is said that day only; what is asked of a rest day, until it is asked again. */
const firstUntil = (calendar: Calendar, settings: Settings, today: Day) => {
  if (assumedWorkday(calendar, today)) return at(today, '21:00');
  const sure = assumeWeekdays(calendar);
  return at(nextWorkday(sure, nextWorkday(sure, today)), settings.get('verify.again'));
};

const ask = (when: 'first' | 'again') =>
  defineJob<Facts>({
    name: when === 'first' ? 'verification' : 'verification-again',
    title: when === 'first' ? '请受援单位核实当天' : '再次请受援单位核实',
    per: 'programme',
    lingers: true,
    times: (day, { calendar, settings }) =>
      when === 'first'
        ? [at(day, settings.get('verify.time'))]
        : assumedWorkday(calendar, day)
          ? [at(day, settings.get('verify.again'))]
          : [],
    facts: async (read, context) => {
      const span = when === 'first' ? { from: context.today, to: context.today } : askedLastWorkday(context.calendar, context.today);
      return {
        ...(await askedIn(read, context, span)),
        workloads: await read.all('workloads', { county: context.county, programme: context.programme!.id, day: span }),
      };
    },
    due: ({ facts, programme, settings, calendar, slot, today }) => {
      const open = facts.visits.filter(v => v.presence === null);
      const rule = programme!.reporter ?? programme!.presence?.report;
      const days = [...new Set(open.map(v => v.day))];
      /** The day's figures join the question, beside the first of its visits; there is none of their own. */
      const reported = (visits: readonly Visit[], i: number): string => {
        const v = visits[i]!;
        const w = facts.workloads.find(x => x.person === v.person && x.day === v.day && x.clinic === v.clinic);
        return w && visits.findIndex(x => x.person === v.person) === i ? `；${sayFigures(programme!.workload?.figures ?? [], w)}` : '';
      };
      return {
        tell: days.flatMap(day =>
          byWhoIsAsked(
            open.filter(v => v.day === day),
            facts.held,
          ).map(({ clinic, visits, not }) => {
            const own = not === undefined ? {} : { not };
            const card = {
              code: not === undefined ? 'verify.asked' : 'verify.asked-other',
              // What is asked of a rest day is said on a later one.
              title: `${day === today && assumedWorkday(calendar, day) ? '今天' : sayDay(day, today)}谁来了？`,
              tone: 'ask' as const,
              lines: [
                ...visits.map(
                  (v, i) =>
                    `${facts.people.get(v.person)?.name} ${sayHalves(v)}${VISIT_TYPE_NAMES[v.type]}${v.checkedIn === null && !sameCheckIn(facts.visits, v) ? '' : '，已签到'}${openLeaveOf(facts, v) ? '，请假待批' : ''}${reported(visits, i)}`,
                ),
                rule ? cite(programme!, rule) : `时间：${settings.source(when === 'first' ? 'verify.time' : 'verify.again')}`,
              ],
              buttons: verifyButtons(visits, day, facts.orgs.get(clinic)?.name ?? '', p => facts.people.get(p)?.name ?? ''),
            };
            return {
              key: `verify/${slot}/${clinic}/${day}${not === undefined ? '' : `/${not}`}`,
              topic: `verify/${clinic}/${day}`,
              to: { org: clinic, role: 'clinic' as const, ...own },
              class: 'nudge' as const,
              about: 'person' as const,
              expires: when === 'first' ? firstUntil(calendar, settings, today) : at(addDays(day, 7), '17:00'),
              card,
              // Without anybody there to ask, the hospital stands in.
              otherwise: {
                to: { org: visits[0]!.hospital, role: 'hospital' as const, ...own },
                card: { ...card, title: `${shownOrg(facts.orgs.get(clinic))}没有专人，请代核：${card.title}` },
              },
            };
          }),
        ),
      };
    },
  });

export const verification = ask('first');
export const verificationAgain = ask('again');
