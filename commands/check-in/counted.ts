/** 算作: an unplanned visit of today takes the place of a planned one, and whoever expects that one hears of it. */

import { type Asked, type Decision, refuse } from '../../src/bot/command.ts';
import { openLeavesOn } from '../../src/bot/leaves.ts';
import type { Read } from '../../src/bot/ports.ts';
import type { Card } from '../../src/core/card.ts';
import { monthOf, sayDay } from '../../src/core/day.ts';
import type { LeaveFile } from '../../src/core/leave-cards.ts';
import { dropVisits } from '../../src/core/leave-granted.ts';
import { mootNews } from '../../src/core/leave-news.ts';
import { shownOrg } from '../../src/core/org-names.ts';
import type { Org, Person, Visit } from '../../src/core/records.ts';
import { isPublished } from '../../src/core/schedule.ts';
import { dayChanges, overWith, sayHalves } from '../../src/core/visit.ts';

export interface CountFacts {
  person: Person | undefined;
  day: readonly Visit[];
  month: readonly Visit[];
  orgs: ReadonlyMap<string, Org>;
  /** The visit that today's is to count as: leaves that were asked from it, and whether its month is public. */
  instead: { leaves: LeaveFile[]; published: boolean };
}

/** Today's unplanned visit takes the place of a planned one of the month. */
export const countAs = ({ today, turn, settings, actor }: Asked, facts: CountFacts, id: string): Decision => {
  const planned = facts.month.find(v => v.id === id && v.state === 'on' && v.planned && v.checkedIn === null && v.presence === null);
  const visit = facts.day.find(v => v.state === 'on' && !v.planned && v.clinic === planned?.clinic);
  if (!planned || !visit)
    return refuse('check-in.cannot-count', '算不了这个班次', '它已改期、已签到，或今天没有临时下乡', '发 /排班 看现在的安排');
  const halfCounts = settings.get('half-day') === '是';
  const others = facts.day.filter(v => v.id !== visit.id);
  const left = dropVisits(facts.instead.leaves, new Set([planned.id]));
  const name = facts.person?.name ?? '';
  const ahead = planned.day > today;
  const card: Card = {
    code: 'visit.moved',
    title: `${name}${sayDay(planned.day, today)}的班改为今天`,
    tone: 'info',
    lines: [
      `${shownOrg(facts.orgs.get(visit.clinic))}，${sayDay(today)}到岗，算作那一班`,
      ...(ahead ? [`${sayDay(planned.day, today)}${sayHalves(planned)}不再来`] : []),
    ],
  };
  return {
    changes: [
      ...dayChanges([planned], [{ ...planned, state: 'moved' as const, moved: visit.id, reason: '提前或推后到岗' }], halfCounts),
      ...dayChanges(facts.day, [...others, { ...visit, planned: true, moved: planned.id }], halfCounts),
      ...left.changes,
    ],
    settles: [...overWith(planned.id), `presence/${planned.id}`, ...left.topics],
    tell: [
      // Whoever expects the visit on its own day hears of it.
      {
        key: `counted/${turn}/clinic`,
        to: { org: visit.clinic, role: 'clinic' },
        class: 'news',
        about: 'unit',
        card: { ...card, lines: [...card.lines, ...(ahead && facts.instead.published ? ['请转告群众'] : [])] },
      },
      { key: `counted/${turn}/hospital`, to: { org: visit.hospital, role: 'hospital' }, class: 'news', about: 'unit', card },
      ...mootNews(left.moot, turn, { person: () => name }),
    ],
    reply: {
      code: 'check-in.counted',
      title: `今天算作${sayDay(planned.day)}的班次`,
      tone: 'ok' as const,
      lines: [
        `${shownOrg(facts.orgs.get(visit.clinic))}，${sayDay(today)}到岗`,
        `${sayDay(planned.day)}不用再去`,
        ...(facts.person?.id === actor.person?.id ? ['已告知双方单位'] : []),
      ],
    },
  };
};

/** What is known of the visit that is to be counted, where one is. */
export const insteadOf = async (read: Read, month: readonly Visit[], id: string | undefined): Promise<CountFacts['instead']> => {
  const planned = month.find(v => v.id === id);
  if (!planned) return { leaves: [], published: false };
  return {
    leaves: await openLeavesOn(read, [planned.id]),
    published: isPublished(planned, await read.all('publications', { month: monthOf(planned.day) })),
  };
};
