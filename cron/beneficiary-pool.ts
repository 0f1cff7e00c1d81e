/** Once a month from the second quarter on: will there be enough beneficiaries for the year's sample? To those who call, while there is time to do something. */
import { CALLER } from '../src/bot/callers.ts';
import { defineJob } from '../src/bot/job.ts';
import { poolForecast } from '../src/core/beneficiary.ts';
import { assumeWeekdays, firstWorkdayOnOrAfter } from '../src/core/calendar.ts';
import { at, daysBetween, firstOf, monthOf } from '../src/core/day.ts';
import { cite } from '../src/programmes/schema.ts';

/** Too early for a forecast, in days from the programme's start. */
const EARLY = 90;

export default defineJob<{ county: string; registered: number }>({
  name: 'beneficiary-pool',
  title: '全年回访人数是否够',
  per: 'programme',
  times: (day, { calendar, programme }) =>
    programme?.beneficiaries?.pool &&
    daysBetween(programme.term.from, day) >= EARLY &&
    firstWorkdayOnOrAfter(assumeWeekdays(calendar), firstOf(monthOf(day))) === day
      ? [at(day, '09:00')]
      : [],
  facts: async (read, { county, programme, today }) => {
    const all = await read.all('beneficiaries', {
      county,
      programme: programme!.id,
      state: 'kept',
      day: { from: programme!.term.from, to: today },
    });
    return { county, registered: new Set(all.map(b => b.phoneIndex ?? b.id)).size };
  },
  due: ({ facts, programme, today, slot }) => {
    const pool = programme!.beneficiaries!.pool!;
    const { from, until } = programme!.term;
    const forecast = poolForecast(facts.registered, daysBetween(from, today), daysBetween(from, until) + 1);
    if (forecast > pool.people) return { tell: [] };
    return {
      tell: [
        {
          key: `beneficiary-pool/${facts.county}/${monthOf(today)}`,
          to: { org: facts.county, role: 'bureau', office: CALLER },
          class: 'nudge',
          about: 'person',
          expires: slot + 5 * 86_400_000,
          card: {
            code: 'beneficiary.pool',
            title: `受益群众 ${facts.registered} 人，到年底可能不够`,
            tone: 'info',
            lines: [
              `照现在的进度到年底约 ${forecast} 人，要有 ${pool.people} 人以上`,
              '可请受援单位和医师登记：/受益',
              cite(programme!, pool),
            ],
          },
        },
      ],
    };
  },
});
