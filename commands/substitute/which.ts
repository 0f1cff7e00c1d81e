/** A day is a stand-in, a month is for good: where it is not said which, it is asked, and what was done before is only said. */

import { type Asked, type Decision, refuse } from '../../src/bot/command.ts';
import { addMonths, type Day, firstOf, type Month, monthOf, monthSpan, sayDate, sayDay, sayMonth, within } from '../../src/core/day.ts';
import { shownOrg } from '../../src/core/org-names.ts';
import { postedIn } from '../../src/core/posting.ts';
import type { Visit } from '../../src/core/records.ts';
import { sayVisitDay } from '../../src/core/schedule.ts';
import { type Args, type Facts, sinceMonth } from './asked.ts';

const MOST = 3;
/** What was meant as a time and is not read as one. */
const TIMELIKE = /[\d一二三四五六七八九十](?:月|日|号|旬)|[上中下]旬|起$|开始/;
const HALVES = { am: '上午', pm: '下午', day: '' } as const;

/** The time of a line as it is typed, with a space before it; empty where there is none. */
export const typedTime = ({ days = [], since, month }: Args): string => {
  const on = days.map(d => `${sayDate(d.from)}${d.to === d.from ? '' : `-${sayDate(d.to)}`}${d.half ? HALVES[d.half] : ''}`);
  const from = !since ? [] : [`自${'month' in since ? sayMonth(since.month) : sayDate(since.day)}起`];
  return [...on, ...from, ...(month ? [sayMonth(month)] : [])].map(t => ` ${t}`).join('');
};

/** The first day and the month that are offered. */
const offered = ({ args, today }: Asked<Args>): { from: Day; month: Month; meant: (v: Visit) => boolean } => {
  const { since, month, days } = args;
  if (month) return { from: firstOf(month), month, meant: v => within(v.day, monthSpan(month)) };
  const from = since && 'day' in since ? since.day : (days?.[0]?.from ?? today);
  return { from, month: sinceMonth(args) ?? addMonths(monthOf(from), 1), meant: v => v.day >= from };
};

export const which = (asked: Asked<Args>, f: Facts): Decision => {
  const { args, today } = asked;
  const { month, meant } = offered(asked);
  const [old, next] = [f.old!.name, f.next!.name];
  const lasts = f.postings.some(p => postedIn(p, month));
  const visits = f.visits.filter(meant);
  if (!lasts && !visits.length) return takenOver(asked, f) ?? noPosting(f, month);
  const unread = args.reason && TIMELIKE.test(args.reason) ? args.reason : undefined;
  const more = [f.orgs.get(args.clinic ?? '')?.name ?? '', unread ? '' : (args.reason ?? '')].filter(Boolean);
  const line = (...when: string[]) => ['/换人', old, next, ...when, ...more].join(' ');
  const days = [...new Set(visits.map(v => v.day))];
  const typed = (d: Day) => sayDay(d, today).split(' ')[0]!;
  return {
    reply: {
      code: 'substitute.which',
      title: '哪天，还是从哪个月起？',
      tone: 'ask',
      lines: [
        ...(unread ? [`没认出“${unread.slice(0, 20)}”，还没有换`] : [`${next}替${old}，还没有换`]),
        ...(args.since && !sinceMonth(args) ? ['长期换人从月初算，月中的班一班一班地替'] : []),
        ...(lasts ? [] : f.takenFrom.slice(0, 1).map(p => `${sayMonth(p.from)}起已由${next}接替`)),
        `直接回复也行，如：${days[0] ? typed(days[0]) : ''}${days[0] && lasts ? '，或 ' : ''}${lasts ? `自${Number(month.slice(5))}月起` : ''}`,
        '发 取消 不办',
      ],
      buttons: [
        ...days.slice(0, MOST).map(d => ({ label: `这一班 ${typed(d)}`, command: line(d) })),
        ...(lasts ? [{ label: `自${Number(month.slice(5))}月起`, command: line(`自${sayMonth(month)}起`) }] : []),
      ],
    },
    waitFor: line(),
  };
};

/** What is done already is said, and nobody is told of it again. */
export const takenOver = ({ args, today }: Asked<Args>, f: Facts): Decision | undefined => {
  const [visit] = f.taken;
  const [posting] = f.takenFrom;
  const done = args.days ? visit && `${sayDay(visit.day, today)}已由` : posting && `${sayMonth(posting.from)}起已由`;
  if (!done) return undefined;
  return {
    reply: {
      code: 'substitute.already',
      title: `${done}${f.next!.name}${args.days ? '替' : '接替'}${f.old!.name}`,
      tone: 'info',
      lines: args.days
        ? f.taken.slice(0, MOST).map(v => `${shownOrg(f.orgs.get(v.clinic))} ${sayVisitDay(v, today)}`)
        : [[...new Set(f.takenFrom.map(p => shownOrg(f.orgs.get(p.clinic))))].join('、'), '不用再换'],
    },
  };
};

export const noPosting = (f: Facts, since: Month): Decision =>
  refuse('substitute.no-posting', `${f.old!.name}从${sayMonth(since)}起没有派驻`, '发 /排班 看现在的安排');
