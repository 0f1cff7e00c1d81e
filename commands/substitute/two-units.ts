/** Where every workday is expected, whoever takes over a second posting would be due at two units on one day: it is asked first. */

import type { Decision } from '../../src/bot/command.ts';
import type { Read } from '../../src/bot/ports.ts';
import { type Month, sayMonth } from '../../src/core/day.ts';
import { shownOrg } from '../../src/core/org-names.ts';
import { lastsTo } from '../../src/core/posting.ts';
import type { Org, Posting } from '../../src/core/records.ts';
import type { Programme } from '../../src/programmes/schema.ts';

/** Units at which somebody is due on every workday from a month on, beside those that would be taken over. */
export const dueElsewhere = async (
  read: Read,
  programme: Programme | null,
  person: string,
  taken: readonly Pick<Posting, 'clinic'>[],
  since: Month,
): Promise<Org[]> => {
  if (programme?.presence?.kind !== 'every-workday') return [];
  const own = (await read.all('postings', { person, programme: programme.id })).filter(
    p => lastsTo(p, since) && !taken.some(t => t.clinic === p.clinic),
  );
  return own.length ? read.all('orgs', { id: [...new Set(own.map(p => p.clinic))] }) : [];
};

export const askTwoUnits = (old: string, next: string, elsewhere: readonly Org[], since: Month): Decision => ({
  reply: {
    code: 'substitute.two-units',
    title: `${next}已派驻${elsewhere.map(o => shownOrg(o)).join('、')}，没有换`,
    tone: 'ask',
    lines: ['每个工作日都要在岗，换了同一天要去两家', '可换别人，或先安排人接替他现在的单位'],
    buttons: [{ label: '两家都去，仍要换', command: `/换人 ${old} ${next} 自${sayMonth(since)}起 两家都去` }],
  },
});
