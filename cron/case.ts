/** Hearings and objections whose time runs out: to those concerned, and to whoever weighs. */

import { defineJob } from '../src/bot/job.ts';
import { namesOf } from '../src/bot/leaves.ts';
import { assumedWorkday, assumeWeekdays, previousWorkday } from '../src/core/calendar.ts';
import { type Outgoing, pointer } from '../src/core/card.ts';
import { addDays, at, sayDay } from '../src/core/day.ts';
import type { Names } from '../src/core/leave-cards.ts';
import { officeOfCases } from '../src/core/offices.ts';
import type { Case, Statement } from '../src/core/records.ts';

interface Facts {
  cases: Case[];
  statements: Statement[];
  names: Names;
}

export default defineJob<Facts>({
  name: 'case-due',
  title: '说明和异议到期',
  per: 'programme',
  lingers: true,
  times: (day, { calendar }) => (assumedWorkday(calendar, day) ? [at(day, '09:00')] : []),
  facts: async (read, { county, programme }) => {
    const cases = await read.all('cases', { county, programme: programme!.id, state: ['open', 'decided'] });
    const statements = cases.length ? await read.all('statements', { case: cases.map(c => c.id) }) : [];
    const names = await namesOf(
      read,
      cases.map(c => c.person),
      cases.map(c => c.clinic),
    );
    return { cases, statements, names };
  },
  due: ({ facts: { cases, statements, names }, programme, county, settings, calendar, today }) => {
    const tell: Outgoing[] = [];
    for (const c of cases) {
      const about = `${names.person(c.person)} ${sayDay(c.day, today)} ${names.org(c.clinic)}`;
      const base = { class: 'nudge' as const, about: 'person' as const, expires: at(addDays(today, 1), '17:30') };
      const spoke = (side: Statement['side']) => statements.some(s => s.case === c.id && s.side === side);
      if (c.state === 'open' && c.hearUntil === today) {
        const card = {
          code: 'case.hear-last',
          title: `今天是说明的最后一天：${about}`,
          tone: 'ask' as const,
          lines: [`发：/说明 ${c.id} 情况`, `期限${settings.get('hear.days')}个工作日，${settings.source('hear.days')}`],
        };
        if (!spoke('physician'))
          tell.push({
            ...base,
            topic: `case-hear/${c.id}`,
            key: `case/${c.id}/hear-last/physician`,
            to: { person: c.person },
            card,
            inGroup: pointer(names.person(c.person)),
          });
        if (!spoke('hospital'))
          tell.push({
            ...base,
            topic: `case-hear/${c.id}`,
            key: `case/${c.id}/hear-last/hospital`,
            to: { org: c.hospital, role: 'hospital' },
            card,
          });
      }
      if (c.state === 'open' && c.hearUntil < today && previousWorkday(assumeWeekdays(calendar), today) <= c.hearUntil)
        tell.push({
          ...base,
          expires: at(addDays(today, 14), '17:30'),
          topic: `case-weigh/${c.id}`,
          key: `case/${c.id}/weigh`,
          to: { org: county, role: 'bureau', office: officeOfCases(programme) },
          card: {
            code: 'case.weigh-due',
            title: `说明期已满，可以办理：${about}`,
            tone: 'ask',
            lines: [
              `本人${spoke('physician') ? '已' : '未'}说明，支援单位${spoke('hospital') ? '已' : '未'}说明`,
              `期限${settings.get('hear.days')}个工作日，${settings.source('hear.days')}`,
            ],
            buttons: [{ label: '看材料', command: `/认定 ${c.id}`, style: 'primary' }],
          },
        });
      if (c.state === 'decided' && c.objectUntil === today)
        tell.push({
          ...base,
          topic: `case-object/${c.id}`,
          key: `case/${c.id}/object-last`,
          to: { person: c.person },
          inGroup: pointer(names.person(c.person)),
          card: {
            code: 'case.object-last',
            title: `今天是提异议的最后一天：${about}`,
            tone: 'ask',
            lines: [`不同意的，发：/异议 ${c.id} 理由`, `期限${settings.get('object.days')}个工作日，${settings.source('object.days')}`],
          },
        });
    }
    return { tell };
  },
});
