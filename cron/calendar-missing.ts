/** From 1 December: next year's holiday calendar is not yet known. */
import { defineJob } from '../src/bot/job.ts';
import { assumedWorkday } from '../src/core/calendar.ts';
import { at, yearOf } from '../src/core/day.ts';

export default defineJob<string[]>({
  name: 'calendar-missing',
  title: '下一年放假安排未录入',
  per: 'installation',
  times: (day, { calendar }) =>
    day.slice(5, 7) === '12' && assumedWorkday(calendar, day) && !calendar.knows(yearOf(day) + 1) ? [at(day, '09:00')] : [],
  facts: async read => (await read.all('orgs', { kind: 'bureau', level: 'county' })).map(o => o.id),
  due: ({ facts, slot, today }) => ({
    tell: facts.map(org => ({
      key: `calendar-missing/${slot}/${org}`,
      topic: `calendar/${yearOf(today) + 1}`,
      to: { org, role: 'admin' },
      class: 'nudge',
      about: 'person',
      expires: at(today, '21:00'),
      card: {
        code: 'calendar.missing',
        title: `${yearOf(today) + 1}年放假安排还没有`,
        tone: 'info',
        lines: ['国务院通知发布后请录入，或升级程序', '录入前跨年的工作日无法计算', '时间：系统默认'],
      },
    })),
  }),
});
