/** Once a week: units whose 专人 is not bound, to the office that looks after clinics. */

import { heldOn } from '../src/bot/address.ts';
import { defineJob } from '../src/bot/job.ts';
import { assumeWeekdays, lastWorkdayOfWeek } from '../src/core/calendar.ts';
import { at } from '../src/core/day.ts';
import { officeOver } from '../src/core/offices.ts';
import { shownOrg } from '../src/core/org-names.ts';
import type { Org } from '../src/core/records.ts';
import { cite } from '../src/programmes/schema.ts';

interface Facts {
  county: string;
  without: Org[];
}

export default defineJob<Facts>({
  name: 'missing-reporter',
  title: '尚无专人的受援单位',
  per: 'programme',
  times: (day, { calendar }) => (lastWorkdayOfWeek(assumeWeekdays(calendar), day) === day ? [at(day, '09:00')] : []),
  facts: async (read, { county, today }) => {
    const clinics = await read.all('orgs', { kind: 'clinic', county }, { by: 'order' });
    const grants = (await read.all('grants', { role: 'clinic', county })).filter(g => heldOn(g, today));
    const bound = new Set((await read.all('accounts', { state: 'bound' })).map(a => a.person));
    return { county, without: clinics.filter(c => !grants.some(g => g.org === c.id && bound.has(g.person))) };
  },
  due: ({ facts, programme, slot }) => ({
    tell: !facts.without.length
      ? []
      : [
          {
            key: `missing-reporter/${slot}`,
            to: { org: facts.county, role: 'bureau', office: officeOver(programme, 'clinics') },
            class: 'nudge',
            about: 'person',
            expires: slot + 3 * 86_400_000,
            card: {
              code: 'reporter.missing',
              title: `${facts.without.length}家还没有绑定专人`,
              tone: 'info',
              lines: [
                facts.without.slice(0, 8).map(shownOrg).join('、') + (facts.without.length > 8 ? '等' : ''),
                '期间由副岗、支援单位或卫健局代办',
                ...(programme!.reporter ? [cite(programme!, programme!.reporter)] : []),
              ],
            },
          },
        ],
  }),
});
