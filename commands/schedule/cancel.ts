/** Planned visits are cancelled by name and day or pattern: freely before their month is public, as they were planned; afterwards they are moved. Of more than one day they are shown first. */

import { type Asked, type Decision, refuse } from '../../src/bot/command.ts';
import { type Day, monthOf, sayDay, sayMonth } from '../../src/core/day.ts';
import { dropVisits } from '../../src/core/leave-granted.ts';
import { mootNews } from '../../src/core/leave-news.ts';
import { shownOrg } from '../../src/core/org-names.ts';
import type { Visit } from '../../src/core/records.ts';
import { isPublished, sayVisitDay } from '../../src/core/schedule.ts';
import { overWith } from '../../src/core/visit.ts';
import { type Args, type Facts, mayPlan } from './asked.ts';
import { daysTyped, preview, sayDays } from './cancel-preview.ts';
import { allDaysOf, whichWeek } from './pattern.ts';

/** People who can be offered at once. */
const MOST_PEOPLE = 8;
const EXAMPLE = '例：/排班 取消 张三 5月15日';

/** All or none of the visits that are named. */
export const cancel = (asked: Asked<Args>, f: Facts): Decision => {
  const { args, actor, today, turn } = asked;
  const days = args.days ?? [];
  if (args.pattern?.kind === 'every-other-week') return whichWeek(`/排班 取消 ${f.person?.name ?? '张三'}`);
  if (!f.visit && !days.length && !args.pattern && !args.month)
    return refuse('schedule.which-visit', '请写明取消哪天的班', f.person ? `例：/排班 取消 ${f.person.name} 5月15日` : EXAMPLE);
  const isOn = daysMeant(asked, f);
  const meant = f.visit ? [f.visit] : f.visits.filter(v => v.state === 'on' && isMeant(v, args) && isOn(v.day));
  const mine = meant.filter(v => mayPlan(actor, v));
  const first = mine[0];
  if (!first)
    return meant.length
      ? { ...refuse('schedule.not-yours', '不能取消这一班', '只有本人、其支援单位、受援单位、总医院或卫健局可以'), private: true }
      : refuse(
          'schedule.no-visit',
          `${f.person?.name ?? ''}${days[0] ? sayDay(days[0].from, today) : args.pattern ? '按这个规律' : ''}没有能取消的班`,
          f.person && days[0] ? `看当月的：/排班 ${f.person.name} ${sayMonth(monthOf(days[0].from))}` : EXAMPLE,
        );
  const people = [...new Set(mine.map(v => v.person))];
  if (people.length > 1 || !(f.visit || f.person)) return whoseVisits(asked, f, mine, people);
  const name = f.people.get(first.person)?.name ?? '';
  const halved = days.find(d => d.half && d.half !== 'day') ?? (args.half && args.half !== 'day');
  const whole = halved && mine.find(v => v.am && v.pm);
  if (whole)
    return refuse('schedule.whole-day', `${name}${sayDay(whole.day, today)}是全天的一班，不能只取消半天`, '不写上午下午，整天取消');
  const past = mine.filter(v => v.day < today);
  const settled = mine.filter(
    v => v.day >= today && (!v.planned || v.state !== 'on' || v.presence !== null || v.checkedIn !== null || f.reported.has(v.id)),
  );
  const published = mine.filter(v => !past.includes(v) && !settled.includes(v) && isPublished(v, f.publications));
  const promised = mine.filter(v => ![past, settled, published].some(kept => kept.includes(v)) && f.promised.has(v.id));
  const free = mine.filter(v => ![past, settled, published, promised].some(kept => kept.includes(v)));
  const several = args.pattern !== undefined || new Set(mine.map(v => v.day)).size > 1;
  if (!f.visit && several && free.length && !(args.sure && !args.pattern && free.length === mine.length))
    return preview(asked, f, { name, free, past, settled, published, promised });
  if (past[0]) return refuse('schedule.past', `${sayVisitDay(past[0], today)}已经过了，不能取消`, '来没来由受援单位 /核实');
  if (settled.length) return refuse('schedule.cannot-cancel', '这一班已签到、填报、核实或改期，不能取消', `看现在的：/排班 ${name}`.trim());
  if (published[0]) return isPublic(asked, published[0], name, `${sayMonth(monthOf(published[0].day))}已公布`);
  if (promised[0]) return isPublic(asked, promised[0], name, `${sayVisitDay(promised[0], today)}是公布过的班改来的`);
  const left = dropVisits(f.leaves, new Set(mine.map(v => v.id)));
  return {
    changes: [
      ...mine.map(v => ({
        table: 'visits' as const,
        id: v.id,
        to: { ...v, state: 'cancelled' as const },
        was: { state: 'on' as const, checkedIn: null, presence: null },
      })),
      ...left.changes,
    ],
    settles: [...mine.flatMap(v => overWith(v.id)), ...left.topics],
    tell: mootNews(left.moot, turn, { person: id => f.people.get(id)?.name ?? '' }),
    reply: {
      code: 'schedule.cancelled',
      title: `已取消 ${name} ${mine.length === 1 ? sayVisitDay(first, today) : `${mine.length}班`}`,
      tone: 'ok',
      lines: [
        [...new Set(mine.map(v => shownOrg(f.orgs.get(v.clinic))))].join('、'),
        ...(mine.length > 1 ? [sayDays(mine, today)] : []),
        '取消错了发 /撤销',
      ],
    },
  };
};

const isMeant = (v: Visit, { days = [], half, clinic, pattern, month }: Args): boolean =>
  (!clinic || v.clinic === clinic) &&
  (!month || monthOf(v.day) === month) &&
  (pattern || !days.length ? [{ from: v.day, to: v.day, half: undefined }] : days).some(d => {
    const of = d.half ?? half;
    return d.from <= v.day && v.day <= d.to && (!of || of === 'day' || v[of]);
  });

/** Is a day one of the pattern's, where there is one? */
const daysMeant = (asked: Asked<Args>, f: Facts): ((d: Day) => boolean) => {
  const { pattern } = asked.args;
  if (!pattern) return () => true;
  const days = new Set(allDaysOf(asked, f, pattern));
  return d => days.has(d);
};

/** Several may be meant, or nobody was named: each is a tap away, and nothing is cancelled before it. */
const whoseVisits = ({ args, today }: Asked<Args>, f: Facts, mine: readonly Visit[], people: readonly string[]): Decision => {
  const nameOf = (id: string) => f.people.get(id)?.name ?? '';
  if (people.length > MOST_PEOPLE)
    return refuse('schedule.whose', `这几天有${people.length}人的班，请写姓名`, `例：/排班 取消 ${nameOf(people[0]!)} …`);
  return {
    reply: {
      code: 'schedule.whose',
      title: '取消谁的班？',
      tone: 'ask',
      lines: people.slice(0, 5).map(p => {
        const own = mine.filter(v => v.person === p);
        return `${nameOf(p)} ${shownOrg(f.orgs.get(own[0]!.clinic))} ${sayDays(own, today)}`;
      }),
      buttons: people.map(p => ({
        label: nameOf(p),
        command: `/排班 取消 ${nameOf(p)} ${daysTyped(
          args,
          mine.filter(v => v.person === p),
          f.orgs,
        )}`,
      })),
    },
  };
};

/** What is public is not taken back: it is moved, by the unit with its reason, by the physician as a leave. */
const isPublic = ({ actor, today }: Asked<Args>, v: Visit, name: string, why: string): Decision => {
  const typed = (d: Day) => sayDay(d, today).split(' ')[0];
  return refuse(
    'schedule.published',
    `${why}，不能取消，只能改期`,
    ...(actor.person?.id === v.person
      ? [`您本人原因：/请假 ${typed(v.day)} 事由 改到 日期`, '单位原因请单位发 /改班']
      : [`单位原因：/改班 ${typed(v.day)} ${name} 停电 改到 日期`, '医师本人原因请其本人发 /请假']),
  );
};
