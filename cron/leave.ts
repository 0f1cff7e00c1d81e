/** What time brings to leave: the day itself, the last workday of a lead time, what is owed afterwards. */

import { defineJob, type JobContext } from '../src/bot/job.ts';
import { leaveFiles, namesOf } from '../src/bot/leaves.ts';
import type { Read } from '../src/bot/ports.ts';
import { assumedWorkday, assumeWeekdays, type Calendar, lastWorkdayOnOrBefore, previousWorkday } from '../src/core/calendar.ts';
import { type Outgoing, pointer } from '../src/core/card.ts';
import { addDays, at, type Day, sayDay } from '../src/core/day.ts';
import { isEarlyEnd } from '../src/core/early-end.ts';
import { type LeaveFile, type Names, sayLeaveDays, stationNames, villagersText, visitLines } from '../src/core/leave-cards.ts';
import { owes } from '../src/core/leave-news.ts';
import type { Person } from '../src/core/records.ts';
import { sayVisitDay } from '../src/core/schedule.ts';
import { sayHalves } from '../src/core/visit.ts';
import { cite } from '../src/programmes/schema.ts';

interface Facts {
  files: LeaveFile[];
  names: Names & { people: Map<string, Person> };
}

/** How long after its end a leave may still owe something. */
const BACK = 62;

const facts = async (read: Read, { county, programme, today }: JobContext): Promise<Facts> => {
  const leaves = await read.all('leaves', {
    county,
    programme: programme!.id,
    state: ['open', 'approved', 'ended'],
    to: { from: addDays(today, -BACK) },
  });
  const files = await leaveFiles(read, leaves);
  const names = await namesOf(
    read,
    files.map(f => f.leave.person),
    files.flatMap(f => [f.leave.hospital, ...f.visits.map(v => v.clinic), ...f.steps.map(s => s.org)]),
  );
  return { files, names };
};

/** A workday speaks for itself and for the rest days behind it. */
const spokenFor = (calendar: Calendar, today: Day, day: Day): boolean => {
  if (day < today) return false;
  for (let d = addDays(today, 1); d <= day; d = addDays(d, 1)) if (assumedWorkday(calendar, d)) return false;
  return true;
};

export const leaveDay = defineJob<Facts>({
  name: 'leave-day',
  title: '当天有人请假',
  per: 'programme',
  times: (day, { calendar }) => (assumedWorkday(calendar, day) ? [at(day, '08:00')] : []),
  facts,
  due: ({ facts: { files, names }, programme, calendar, today }) => {
    const rules = programme!.leave;
    if (!rules) return { tell: [] };
    const tell: Outgoing[] = [];
    for (const file of files) {
      const { leave } = file;
      const who = names.person(leave.person);
      const known = !isEarlyEnd(leave) && (leave.state === 'approved' || (leave.state === 'open' && leave.emergency));
      const first = file.visits.find(v => v.state === 'on')?.day ?? leave.from;
      if (known && spokenFor(calendar, today, first)) {
        const card = {
          code: 'leave.today',
          title: `${who}${sayLeaveDays(file, today)}请假，不来下乡`,
          tone: 'info' as const,
          lines: [
            ...visitLines(file, names, today, owes(rules)),
            ...(leave.state === 'open' ? ['紧急请假，准假待补批'] : []),
            cite(programme!, rules),
          ],
        };
        const base = {
          class: 'nudge' as const,
          about: 'person' as const,
          expires: at(leave.to, '17:30'),
          topic: `leave/${leave.id}`,
          card,
        };
        for (const clinic of new Set(file.steps.filter(s => s.role === 'clinic').map(s => s.org)))
          tell.push({ ...base, key: `leave-day/${leave.id}/${clinic}`, to: { org: clinic, role: 'clinic' } });
        tell.push({ ...base, key: `leave-day/${leave.id}/hospital`, to: { org: leave.hospital, role: 'hospital' } });
      }
      const owed = file.visits.filter(v => v.state === 'on' && v.toDay === null);
      const last = owed.at(-1)?.day;
      if (owes(rules) && known && last !== undefined && last < today && previousWorkday(assumeWeekdays(calendar), today) <= last)
        tell.push({
          key: `leave-make-up/${leave.id}`,
          topic: `leave-make-up/${leave.id}`,
          to: { person: leave.person },
          inGroup: pointer(who),
          class: 'nudge',
          about: 'person',
          expires: at(addDays(today, 14), '17:30'),
          card: {
            code: 'leave.make-up-owed',
            title: '请定补班日',
            tone: 'ask',
            lines: [
              owed.map(v => `${names.org(v.clinic)} ${sayVisitDay(v, today)}`).join('、'),
              `发：/请假 ${leave.id} 改到 日期`,
              cite(programme!, rules),
            ],
          },
        });
    }
    return { tell };
  },
});

export const leaveDue = defineJob<Facts>({
  name: 'leave-due',
  title: '请假的最后期限',
  per: 'programme',
  lingers: true,
  times: (day, { calendar }) => (assumedWorkday(calendar, day) ? [at(day, '09:00')] : []),
  facts,
  due: ({ facts: { files, names }, programme, calendar, today }) => {
    const rules = programme!.leave;
    if (!rules) return { tell: [] };
    const lastWorkday = (due: Day) => lastWorkdayOnOrBefore(assumeWeekdays(calendar), due);
    const tell: Outgoing[] = [];
    for (const file of files) {
      const { leave, steps } = file;
      const who = names.person(leave.person);
      const days = sayLeaveDays(file, today);
      const lead = steps.find(s => s.kind !== 'filing' && s.due !== null);
      const rule = rules.steps.find(r => r.id === lead?.step);
      if (leave.state === 'open' && !leave.emergency && lead?.due && rule && lastWorkday(lead.due) === today)
        for (const s of steps.filter(x => x.state === 'waiting' && x.kind !== 'filing'))
          tell.push({
            key: `leave-due/${s.id}`,
            topic: `leave-step/${s.id}`,
            to: { org: s.org, role: s.role, ...(s.office ? { office: s.office } : {}) },
            class: 'nudge',
            about: 'person',
            expires: at(leave.to, '17:30'),
            card: {
              code: 'leave.last-day',
              title: `今天是最后一个工作日：${who}请假 ${days}`,
              tone: 'urgent',
              lines: [
                ...visitLines(file, names, today, owes(rules)),
                s.kind === 'decision' ? '今天没批就超期了' : `今天同意才来得及报${names.org(lead.org)}`,
                cite(programme!, rule),
              ],
              buttons: [
                { label: '同意', command: `/批准 ${leave.id}`, style: 'primary' },
                { label: '不同意', command: `/驳回 ${leave.id}` },
              ],
            },
          });
      // A unit was slow until the lead time was over: whoever decides hears of it, and may decide.
      const decision = steps.find(s => s.kind === 'decision' && s.state === 'later');
      if (leave.state === 'open' && decision?.due && decision.due < today && leave.to >= today)
        tell.push({
          key: `leave-slow/${leave.id}`,
          topic: `leave/${leave.id}`,
          to: { org: decision.org, role: decision.role, ...(decision.office ? { office: decision.office } : {}) },
          class: 'nudge',
          about: 'person',
          expires: at(leave.to, '17:30'),
          card: {
            code: 'leave.slow',
            title: `还差${stationNames(
              steps.filter(s => s.state === 'waiting'),
              names,
            )}同意：${who} ${days}`,
            tone: 'ask',
            lines: [`${sayDay(decision.due, today)}前应报到，本人提出时未超期`, '可以先批，同意后补', cite(programme!, rules)],
            buttons: [
              { label: '同意', command: `/批准 ${leave.id}`, style: 'primary' },
              { label: '不同意', command: `/驳回 ${leave.id}` },
            ],
          },
        });
      const hop = steps.find(s => s.kind === 'filing' && s.state === 'waiting');
      if (leave.state === 'approved' && hop?.due && rules.filing && lastWorkday(hop.due) === today)
        tell.push({
          key: `leave-filing/${hop.id}`,
          topic: `leave-filing/${leave.id}/${hop.step}`,
          to: { org: hop.org, role: 'bureau', ...(hop.office ? { office: hop.office } : {}) },
          class: 'nudge',
          about: 'person',
          expires: at(leave.to, '17:30'),
          card: {
            code: 'leave.filing-last',
            title: `今天是备案最后一个工作日：${who} ${days}`,
            tone: 'urgent',
            lines: [`${hop.step}还没登记`, cite(programme!, rules.filing)],
            buttons: [{ label: `今天已${hop.step}`, command: `/备案 ${leave.id} ${hop.step} ${today}`, style: 'primary' }],
          },
        });
      if (leave.state === 'approved' && rules.notice)
        for (const clinic of new Set(file.visits.map(v => v.clinic))) {
          const open = file.visits.filter(v => v.clinic === clinic && v.state === 'on' && v.told === null);
          const first = open[0]?.day;
          if (first === undefined || previousWorkday(assumeWeekdays(calendar), first) !== today) continue;
          tell.push({
            key: `leave-told/${leave.id}/${clinic}/again`,
            topic: `leave-told/${leave.id}/${clinic}`,
            to: { org: clinic, role: 'clinic' },
            class: 'nudge',
            about: 'unit',
            expires: at(first, '17:30'),
            card: {
              code: 'leave.villagers-owed',
              title: `群众告知了吗：${who}${sayDay(first, today)}${sayHalves(open[0]!)}停诊`,
              tone: 'ask',
              lines: [
                ...villagersText(names.org(clinic), open, who, names.people.get(leave.person)?.specialty ?? null, today),
                cite(programme!, rules.notice),
              ],
              buttons: [{ label: '已告知群众', command: `/已告知 ${leave.id}`, style: 'primary' }],
            },
          });
        }
    }
    return { tell };
  },
});
