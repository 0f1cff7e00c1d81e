/** Visits planned for one physician: by days or by a pattern, all or none. */

import { type Asked, type Decision, refuse } from '../../src/bot/command.ts';
import { rosterHint } from '../../src/bot/permissions.ts';
import type { Card, Outgoing } from '../../src/core/card.ts';
import { type Day, daysIn, sayDate, sayMonth } from '../../src/core/day.ts';
import { newsTime } from '../../src/core/hours.ts';
import { shownOrg } from '../../src/core/org-names.ts';
import { numbered, type Visit } from '../../src/core/records.ts';
import { isPublished, planVisits, restDayLines, sayVisitDay } from '../../src/core/schedule.ts';
import { halvesFrom, VISIT_TYPE_NAMES } from '../../src/core/visit.ts';
import type { Pattern } from '../../src/core/words/patterns.ts';
import { type Args, type Facts, mayPlan } from './asked.ts';
import { patternDays, whichWeek } from './pattern.ts';
import { whichDay } from './third.ts';

export const plan = (asked: Asked<Args>, f: Facts): Decision => {
  const { args } = asked;
  if (!f.person) return refuse('schedule.who', '请写明排谁', '例：/排班 张三 5月12日');
  if (args.pattern?.kind === 'third-of-month')
    return whichDay(asked, f, args.pattern, pattern => planDays(asked, f, f.person!.name, daysOf(asked, f, pattern)));
  if (args.pattern?.kind === 'every-other-week') return whichWeek(`/排班 ${f.person.name}`);
  const days = args.pattern
    ? daysOf(asked, f, args.pattern)
    : (args.days ?? []).flatMap(d => daysIn({ from: d.from, to: d.to }).map(on => ({ day: on, half: d.half })));
  return planDays(asked, f, f.person.name, days);
};

const daysOf = (asked: Asked<Args>, f: Facts, pattern: Pattern): OnDay[] =>
  patternDays(asked, f, pattern).map(day => ({ day, half: undefined }));

type OnDay = { day: Day; half: Args['half'] };

const planDays = (asked: Asked<Args>, f: Facts, name: string, days: readonly OnDay[]): Decision => {
  const { args, actor, today, turn, programme, calendar } = asked;
  const halves = (h: Args['half']) => halvesFrom(h ?? args.half);
  if (!days.length) return refuse('schedule.no-days', '按这个规律没有日子可排', '例：/排班 张三 每月第二个周三');
  if (days.length > 62) return refuse('schedule.too-many', `一次最多排62天，这里有${days.length}天`, '请分几次排');
  const wanted = days.map(d => ({ day: d.day, ...halves(d.half) }));
  const result = planVisits(
    { visits: f.visits, postings: f.postings },
    { wanted, clinic: args.clinic, type: args.type ?? 'outpatient', today, term: programme!.term, ids: n => numbered(turn, n) },
  );
  if (!result.ok) {
    switch (result.code) {
      case 'no-posting':
        return refuse(
          'schedule.no-posting',
          `${name}${sayMonth(result.month)}没有派驻${args.clinic ? shownOrg(f.orgs.get(args.clinic)) : '安排'}`,
          rosterHint(actor.grants.map(g => g.role)),
        );
      case 'which-clinic':
        return refuse(
          'schedule.which',
          `${name}这个月支援${result.clinics.length}家，请写明单位`,
          result.clinics.map(c => shownOrg(f.orgs.get(c))).join('、'),
        );
      case 'clash':
        return refuse(
          'schedule.clash',
          '同一半天已有班次，都没有排',
          ...result.with.slice(0, 3).map(v => `${sayVisitDay(v, today)} ${shownOrg(f.orgs.get(v.clinic))}`),
          '换个半天，或先 /改班',
        );
      case 'outside':
        return refuse(
          'schedule.outside',
          `${sayVisitDay({ day: result.days[0]!, am: true, pm: true }, today)}不在方案期内`,
          `方案期${sayDate(programme!.term.from)}至${sayDate(programme!.term.until)}，请写这之间的日子`,
        );
      case 'past':
        return refuse(
          'schedule.past',
          `${sayVisitDay({ day: result.days[0]!, am: true, pm: true }, today)}已经过了`,
          '去过的请用 /补签，或由受援单位 /核实',
        );
    }
  }
  if (!result.visits.every(v => mayPlan(actor, v)))
    return { ...refuse('schedule.not-yours', `不能给${name}排班`, '只有本人、其支援单位、受援单位、总医院或卫健局可以'), private: true };
  const first = result.visits[0]!;
  const late = result.visits.filter(v => isPublished(v, f.publications));
  return {
    changes: result.visits.map(v => ({ table: 'visits' as const, id: v.id, to: v })),
    tell: late.length ? addedTo(asked, f, late) : [],
    reply: {
      code: 'schedule.planned',
      title: `已排 ${name} ${shownOrg(f.orgs.get(first.clinic))} ${result.visits.length}班`,
      tone: 'ok',
      lines: [
        `${result.visits
          .slice(0, 6)
          .map(v => sayVisitDay(v, today))
          .join('、')}${result.visits.length > 6 ? ` 等` : ''} ${VISIT_TYPE_NAMES[first.type]}`,
        ...restDayLines(result.visits, calendar, today),
        '排错了发 /撤销',
      ],
    },
  };
};

/** Added to a month that is public: both sides hear of it. */
const addedTo = ({ today, turn, now, calendar }: Asked<Args>, f: Facts, visits: readonly Visit[]): Outgoing[] => {
  const first = visits[0]!;
  const card: Card = {
    code: 'visit.added',
    title: `新增下乡 ${f.people.get(first.person)?.name}`,
    tone: 'info',
    lines: [
      `${shownOrg(f.orgs.get(first.clinic))}`,
      ...visits.slice(0, 3).map(v => `${sayVisitDay(v, today)} ${VISIT_TYPE_NAMES[v.type]}`),
      ...(visits.length > 3 ? [`等共${visits.length}班，发 /排班 看`] : []),
    ],
  };
  const notBefore = newsTime(
    now,
    calendar,
    visits.map(v => v.day),
  );
  return [
    { key: `added/${turn}/clinic`, to: { org: first.clinic, role: 'clinic' }, class: 'news', about: 'unit', notBefore, card },
    { key: `added/${turn}/physician`, to: { person: first.person }, class: 'news', about: 'person', notBefore, card },
  ];
};
