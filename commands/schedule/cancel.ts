/** A planned visit is cancelled by name and day: freely before its month is public, as it was planned; afterwards it is moved. */
import { type Asked, type Decision, refuse } from '../../src/bot/command.ts';
import { type Day, monthOf, sayDay, sayMonth } from '../../src/core/day.ts';
import { dropVisits } from '../../src/core/leave-granted.ts';
import { mootNews } from '../../src/core/leave-news.ts';
import type { Visit } from '../../src/core/records.ts';
import { isPublished, sayVisitDay } from '../../src/core/schedule.ts';
import { type Args, type Facts, mayPlan, shown } from './asked.ts';

const EXAMPLE = '例：/排班 取消 张三 5月15日';

/** All or none of the visits that are named. */
export const cancel = (asked: Asked<Args>, f: Facts): Decision => {
  const { args, actor, today, turn } = asked;
  const days = args.days ?? [];
  if (!f.visit && !days.length)
    return refuse('schedule.which-visit', '请写明取消哪天的班', f.person ? `例：/排班 取消 ${f.person.name} 5月15日` : EXAMPLE);
  const meant = f.visit ? [f.visit] : f.visits.filter(v => v.state === 'on' && isMeant(v, args));
  const mine = meant.filter(v => mayPlan(actor, v));
  const first = mine[0];
  if (!first)
    return meant.length
      ? { ...refuse('schedule.not-yours', '不能取消这一班', '只有本人、其支援单位、受援单位、总医院或卫健局可以'), private: true }
      : refuse(
          'schedule.no-visit',
          `${f.person?.name ?? ''}${days[0] ? sayDay(days[0].from, today) : ''}没有能取消的班`,
          f.person && days[0] ? `看当月的：/排班 ${f.person.name} ${sayMonth(monthOf(days[0].from))}` : EXAMPLE,
        );
  const people = [...new Set(mine.map(v => v.person))];
  if (people.length > 1 || !(f.visit || f.person)) return whoseVisit(asked, f, mine, people);
  const name = f.people.get(first.person)?.name ?? '';
  const halved = days.find(d => d.half && d.half !== 'day') ?? (args.half && args.half !== 'day');
  if (halved && mine.some(v => v.am && v.pm))
    return refuse('schedule.whole-day', `${name}${sayDay(first.day, today)}是全天的一班，不能只取消半天`, '不写上午下午，整天取消');
  const past = mine.find(v => v.day < today);
  if (past) return refuse('schedule.past', `${sayVisitDay(past, today)}已经过了，不能取消`, '来没来由受援单位 /核实');
  if (mine.some(v => !v.planned || v.state !== 'on' || v.presence !== null || v.checkedIn !== null))
    return refuse('schedule.cannot-cancel', '这一班已签到、核实或改期，不能取消', `看现在的：/排班 ${name}`.trim());
  const published = mine.find(v => isPublished(v, f.publications));
  if (published) return isPublic(asked, published, name);
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
    settles: [...mine.map(v => `visit/${v.id}`), ...left.topics],
    tell: mootNews(left.moot, turn, { person: id => f.people.get(id)?.name ?? '' }),
    reply: {
      code: 'schedule.cancelled',
      title: `已取消 ${name} ${mine.length === 1 ? sayVisitDay(first, today) : `${mine.length}班`}`,
      tone: 'ok',
      lines: [
        shown(f.orgs.get(first.clinic)),
        ...(mine.length > 1
          ? [
              `${mine
                .slice(0, 6)
                .map(v => sayVisitDay(v, today))
                .join('、')}${mine.length > 6 ? '等' : ''}`,
            ]
          : []),
        '取消错了发 /撤销',
      ],
    },
  };
};

const isMeant = (v: Visit, { days = [], half, clinic }: Args): boolean =>
  (!clinic || v.clinic === clinic) &&
  days.some(d => {
    const of = d.half ?? half;
    return d.from <= v.day && v.day <= d.to && (!of || of === 'day' || v[of]);
  });

/** Several may be meant, or nobody was named: each is a tap away, and nothing is cancelled before it. */
const whoseVisit = ({ args, today }: Asked<Args>, f: Facts, mine: readonly Visit[], people: readonly string[]): Decision => {
  const day = args.days![0]!;
  const typed = `${day.from}${day.to === day.from ? '' : `-${day.to}`}`;
  return {
    reply: {
      code: 'schedule.whose',
      title: '取消谁的班？',
      tone: 'ask',
      lines: mine.slice(0, 5).map(v => `${f.people.get(v.person)?.name ?? ''} ${shown(f.orgs.get(v.clinic))} ${sayVisitDay(v, today)}`),
      buttons: people.slice(0, 8).map(p => {
        const name = f.people.get(p)?.name ?? '';
        return { label: name, command: `/排班 取消 ${name} ${typed}` };
      }),
    },
  };
};

/** What is public is not taken back: it is moved, by the unit with its reason, by the physician as a leave. */
const isPublic = ({ actor, today }: Asked<Args>, v: Visit, name: string): Decision => {
  const typed = (d: Day) => sayDay(d, today).split(' ')[0];
  return refuse(
    'schedule.published',
    `${sayMonth(monthOf(v.day))}已公布，不能取消，只能改期`,
    ...(actor.person?.id === v.person
      ? [`您本人原因：/请假 ${typed(v.day)} 事由 改到 日期`, '单位原因请单位发 /改班']
      : [`单位原因：/改班 ${typed(v.day)} ${name} 停电 改到 日期`, '医师本人原因请其本人发 /请假']),
  );
};
