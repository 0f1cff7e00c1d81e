/** 已改期 in a clinic's word: the visit goes to another day. */

import { type Asked, type Decision, refuse } from '../../src/bot/command.ts';
import type { Card } from '../../src/core/card.ts';
import { addDays, sayDate, sayDay, within } from '../../src/core/day.ts';
import { dropVisits } from '../../src/core/leave-granted.ts';
import { mootNews } from '../../src/core/leave-news.ts';
import { shownOrg } from '../../src/core/org-names.ts';
import type { Visit } from '../../src/core/records.ts';
import { clash, dayChanges, halvesFrom, newVisit, overWith, sayHalves, UNSAID } from '../../src/core/visit.ts';
import { type Args, type Facts } from './day.ts';
import { openFigures } from './figures.ts';
import { sayHalf } from './halves.ts';
import { closed, correctedNews } from './not-there.ts';

/** The clinic says it was moved: to which day? Both sides hear of it. */
export const moveAway = (asked: Asked<Args>, facts: Facts, visit: Visit): Decision => {
  const { args, today, turn, settings } = asked;
  const name = facts.people.get(visit.person)?.name ?? '';
  if (!facts.newDay) {
    return {
      reply: {
        code: 'verify.moved-to',
        title: `${name}改到哪天？`,
        tone: 'ask',
        lines: ['直接回复日期，如：4月19日 上午', '发 取消 不办'],
      },
      waitFor: `/核实 ${visit.id} 已改期${args.correct ? ' 更正' : ''}`,
    };
  }
  if (facts.newDay === visit.day) return refuse('verify.same-day', '改到的日期和原来一样', `原来就是${sayDay(visit.day)}`);
  const outside = asked.programme && !within(facts.newDay, { from: asked.programme.term.from, to: asked.programme.term.until });
  if (outside)
    return refuse(
      'schedule.outside',
      `${sayDay(facts.newDay, today)}不在方案期内，没有改`,
      `方案期${sayDate(asked.programme!.term.from)}至${sayDate(asked.programme!.term.until)}，请写这之间的日子`,
    );
  // A half that is said with the new day is the new visit's.
  const halves = sayHalf(args) ? halvesFrom(args.half) : { am: visit.am, pm: visit.pm };
  const taken = clash(
    facts.around.filter(v => v.person === visit.person && v.day === facts.newDay),
    halves,
  );
  if (taken)
    return refuse(
      'verify.clash',
      `${name}${sayDay(facts.newDay)}已有班次`,
      '请换一天',
      `例：/核实 ${visit.id} 已改期 ${addDays(facts.newDay, 1)}`,
    );
  const { programme, county, person, clinic, hospital, posting, type, planned } = visit;
  const to = newVisit({
    ...{ programme, county, person, clinic, hospital, posting, type, planned, ...halves },
    id: String(turn),
    day: facts.newDay,
    moved: visit.id,
  });
  const day = facts.around.filter(v => v.person === visit.person && v.day === visit.day);
  const cases = visit.presence === 'not-there' ? closed(facts, [visit.person], [visit]) : { changes: [], settles: [] };
  // Moved, it falls out of a leave that was asked from it, as with every other move.
  const left = dropVisits(facts.openLeaves, new Set([visit.id]));
  const others = facts.around.some(
    v => v.id !== visit.id && v.clinic === visit.clinic && v.day === visit.day && v.state === 'on' && v.presence === null,
  );
  const stillThere = day.some(v => v.id !== visit.id && v.clinic === visit.clinic && v.presence === 'present');
  const halfCounts = settings.get('half-day') === '是';
  const card = (code: string): Card => ({
    code,
    title: `${name}改到${sayDay(to.day, today)}${sayHalves(to)}`,
    tone: 'info',
    lines: [`${shownOrg(facts.clinic)}，原${sayDay(visit.day, today)}${sayHalves(visit)}`, '由受援单位登记'],
  });
  return {
    changes: [
      ...dayChanges(
        day,
        day.map(v => (v.id === visit.id ? { ...v, ...UNSAID, state: 'moved' as const, moved: to.id } : v)),
        halfCounts,
      ),
      { table: 'visits', id: to.id, to },
      ...cases.changes,
      ...openFigures(facts, stillThere ? [] : [visit.person]),
      ...left.changes,
    ],
    settles: [
      ...overWith(visit.id),
      `presence/${visit.id}`,
      ...(others ? [] : [`verify/${visit.clinic}/${visit.day}`]),
      ...cases.settles,
      ...left.topics,
    ],
    tell: [
      ...mootNews(left.moot, turn, { person: id => facts.people.get(id)?.name ?? '' }),
      ...correctedNews(asked, facts, [visit], 'moved'),
      {
        key: `moved/${visit.id}/${turn}/physician`,
        to: { person: visit.person },
        class: 'news',
        about: 'person',
        card: card('visit.moved'),
      },
      {
        key: `moved/${visit.id}/${turn}/hospital`,
        to: { org: visit.hospital, role: 'hospital' },
        class: 'news',
        about: 'unit',
        card: card('visit.moved'),
      },
    ],
    reply: card('verify.moved'),
  };
};
