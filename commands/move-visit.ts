/** /改班 — moves a published visit for reasons of unit, clinic or weather. The physician's own reason goes by leave. */

import { defineCommand, refuse } from '../src/bot/command.ts';
import { openLeavesOn } from '../src/bot/leaves.ts';
import type { Read } from '../src/bot/ports.ts';
import { reportedOf } from '../src/bot/workloads.ts';
import { monthOf, monthSpan, sayDate, sayDay } from '../src/core/day.ts';
import { shownOrg } from '../src/core/org-names.ts';
import { postedIn } from '../src/core/posting.ts';
import type { Visit } from '../src/core/records.ts';
import { isPublished, notMadeYet, sayVisitDay } from '../src/core/schedule.ts';
import { clash, halvesFrom } from '../src/core/visit.ts';
import { MOVED_TO } from '../src/core/words/place.ts';
import { mayBeName } from '../src/core/words/strangers.ts';
import { cite } from '../src/programmes/schema.ts';
import { type Args, args, type Facts, isDone, toCorrect, typedDay, who } from './move-visit/asked.ts';
import { answer, request } from './move-visit/consent.ts';
import { halfOfDay } from './move-visit/half.ts';
import { apply } from './move-visit/moved.ts';
import { whoIsMeant } from './move-visit/named.ts';

/** All visits of the same physicians in the same month, which is one for every day that is moved. */
const inMonths = async (read: Read, visits: readonly Visit[]): Promise<Visit[]> => {
  const month = visits[0] && monthOf(visits[0].day);
  return month ? read.all('visits', { person: [...new Set(visits.map(v => v.person))], day: monthSpan(month), state: 'on' }) : [];
};

export default defineCommand<Args, Facts>({
  name: '改班',
  sayings: [
    /(?:别|不用|不要|不必)(?:过)?来|停[电水诊].{0,8}(?:改|换|推)/,
    // What keeps the clinic shut, not the physician away.
    /^(?!.*(?:[去来到]不|不能?[去来]|我(?!院))).*(?:改|换|推|调)[到成至]?.{1,12}(?<reason>停[电水诊]|断电|台风|[暴大]雨|大雪|塌方|断路|封路|体检)/,
    /^(?!.*(?:[去来到]不|不能?[去来]|我(?!院))).*(?<reason>断电|台风|[暴大]雨|大雪|塌方|断路|封路|体检).{0,8}(?:改|换|推|调)[到成至]/,
  ],
  around: /^把|的(?=改|换|推|调)|因为/g,
  aliases: ['调班', '改期', 'gb', 'gaiban', 'move'],
  summary: '因单位或天气原因改期',
  usage: '/改班 编号|日期 [医师|单位|全部] 原因 改到 日期',
  examples: ['/改班 4月12日 张三 卫生院停电 改到 4月19日', '/改班 7月25日 全部 台风 改到 7月27日'],
  slots: {
    answer: { kind: 'choice', words: { 同意: 'agree', 不同意: 'refuse', 拒绝: 'refuse' } },
    to: { kind: 'labelled', labels: MOVED_TO, of: { kind: 'dates', single: true, prefer: 'future' } },
    days: { kind: 'dates', single: true, prefer: 'future' },
    half: { kind: 'half' },
    visit: { kind: 'ref' },
    all: { kind: 'choice', words: { 全部: 'all', 所有: 'all' } },
    person: { kind: 'person' },
    clinics: { kind: 'org', many: true },
    reason: { kind: 'rest' },
  },
  args,
  needsProgramme: true,
  asksFreely: true,

  async facts(read, { args, actor }) {
    const move = args.answer && args.visit ? await read.get('moves', args.visit) : undefined;
    const ref = move?.visit ?? args.visit;
    const county = actor.grants.find(g => g.county !== null)?.county ?? '';
    const on = args.days?.[0]?.from;
    const named = ref ? await read.get('visits', ref) : undefined;
    const candidates = named
      ? [named]
      : on
        ? await read.all('visits', { county, day: on, state: 'on', ...(args.person ? { person: args.person } : {}) })
        : [];
    const units = new Set(args.clinics ?? []);
    const half = args.days?.[0]?.half;
    const visits = candidates.filter(
      v => (!units.size || units.has(v.clinic) || units.has(v.hospital)) && (!half || half === 'day' || v[half]),
    );
    const countyWide = actor.grants.some(g => (g.role === 'general' || g.role === 'bureau') && g.county === county);
    // 全部 means all that the asker's unit has a say in.
    const mine =
      (args.all && countyWide) || args.clinics || args.person || named
        ? visits
        : visits.filter(v => actor.grants.some(g => g.org === v.clinic || g.org === v.hospital));
    const persons = [...new Set(mine.map(v => v.person))];
    const to = move?.toDay ?? args.to?.[0]?.from;
    const days = [...new Set([...mine.map(v => v.day), ...(to ? [to] : [])])];
    const around = persons.length && days.length ? await read.all('visits', { person: persons, day: days }) : [];
    const people = persons.length ? await read.all('people', { id: persons }) : [];
    const orgIds = [
      ...new Set(
        mine
          .flatMap(v => [v.clinic, v.hospital, v.county])
          .concat(
            actor.grants.map(g => g.org),
            args.clinics ?? [],
          ),
      ),
    ];
    const orgs = orgIds.length ? await read.all('orgs', { id: orgIds }) : [];
    const months = [...new Set([...mine.map(v => v.day), ...(to ? [to] : [])].map(monthOf))];
    const leaves = to ? mine.filter(v => monthOf(v.day) !== monthOf(to)) : [];
    const postings = leaves.length ? await read.all('postings', { person: persons }) : [];
    return {
      visits: mine,
      around,
      months: await inMonths(read, leaves),
      arranged: new Set(
        postings.filter(p => p.arranged && leaves.some(v => v.person === p.person && postedIn(p, monthOf(v.day)))).map(p => p.person),
      ),
      publications: months.length ? await read.all('publications', { month: months }) : [],
      people: new Map(people.map(p => [p.id, p])),
      orgs: new Map(orgs.map(o => [o.id, o])),
      reported: await reportedOf(read, around),
      move,
      leaves: await openLeavesOn(
        read,
        mine.map(v => v.id),
      ),
    };
  },

  decide(asked) {
    const { args, facts, actor, today, programme } = asked;
    if (args.answer) return answer(asked, facts);
    if (!args.visit && !args.days) return refuse('move.which', '请写明哪天的班', '例：/改班 4月12日 张三 停电 改到 4月19日');
    const open = facts.visits.filter(v => v.state === 'on');
    const on = args.days?.[0]?.from;
    if (!open.length && on !== undefined && notMadeYet(programme, on, today))
      return refuse(
        'move.not-made',
        `${sayDay(on, today)}的班当天早上才排出，现在没有可改的`,
        '那天早上再发；本人有事现在就能请假',
        `例：/请假 ${sayDay(on).split(' ')[0]} 事由`,
      );
    if (!open.length)
      return refuse(
        'move.none',
        args.days?.[0] ? `${sayDay(args.days[0].from, today)}没有可改的班次` : '没有这一班，或已改期',
        '发 /排班 看现在的',
      );
    const alone = (v: Visit) => actor.grants.some(g => (g.role === 'general' || g.role === 'bureau') && g.county === v.county);
    const side = (v: Visit): 'hospital' | 'clinic' | undefined =>
      actor.grants.some(g => g.role === 'hospital' && g.org === v.hospital)
        ? 'hospital'
        : actor.grants.some(g => g.role === 'clinic' && g.org === v.clinic)
          ? 'clinic'
          : undefined;
    if (!open.every(v => alone(v) || side(v)))
      return { ...refuse('move.not-yours', '不能改这一班', '由其支援单位、受援单位、总医院或卫健局改；本人原因请走请假'), private: true };
    const stranger = args.visit || args.person || args.all ? undefined : mayBeName(args.reason);
    if (stranger !== undefined) return whoIsMeant(asked, facts, open, stranger);
    // Morning and afternoon of one physician at one clinic are one journey and move together.
    const journeys = new Set(open.map(v => `${v.person} ${v.clinic} ${v.day}`)).size;
    if (journeys > 1 && !args.all && !args.clinics) {
      return {
        reply: {
          code: 'move.which',
          title: '改哪一班？',
          tone: 'ask',
          lines: open.slice(0, 5).map(v => `${v.id}：${who(facts, v)} ${shownOrg(facts.orgs.get(v.clinic))}`),
          buttons: [],
        },
      };
    }
    const done = open.find(v => isDone(facts, v));
    if (done) return refuse('move.done', `${who(facts, done)}这一班已签到、填报或核实，不能改`, toCorrect(done));
    const to = args.to?.[0];
    const units = (args.clinics ?? []).map(c => facts.orgs.get(c)?.name ?? '').join(' ');
    const whose = args.all || units ? `全部 ${units}`.trim() : (facts.people.get(open[0]!.person)?.name ?? '');
    const target = args.visit ?? `${typedDay(args.days![0]!)} ${whose}`;
    if (!to)
      return {
        reply: { code: 'move.to', title: '改到哪天？', tone: 'ask', lines: ['直接回复，如：4月19日 上午', '发 取消 不办'] },
        waitFor: `/改班 ${target} ${args.reason ?? ''} 改到`,
      };
    if (to.from < today) return refuse('move.past', `${sayDay(to.from, today)}已经过了`, '请改到今天以后');
    if (to.from < programme!.term.from || to.from > programme!.term.until)
      return refuse(
        'schedule.outside',
        `${sayDay(to.from, today)}不在方案期内`,
        `方案期${sayDate(programme!.term.from)}至${sayDate(programme!.term.until)}，请写这之间的日子`,
      );
    const published = open.some(v => isPublished(v, facts.publications));
    if (published && !args.reason) {
      const rule = programme!.schedule?.change;
      return {
        reply: {
          code: 'move.reason',
          title: '排班已公布，请写原因',
          tone: 'ask',
          lines: ['直接回复原因，如：台风', ...(rule ? [cite(programme!, rule)] : [])],
        },
        waitFor: `/改班 ${target} 改到 ${typedDay(to)}`,
      };
    }
    const only = args.days?.[0]?.half;
    const whole = only && only !== 'day' ? open.find(v => v.am && v.pm) : undefined;
    if (whole)
      return refuse(
        'move.whole-day',
        `${who(facts, whole)}${sayDay(whole.day, today)}是全天的一班，不能只改半天`,
        '不写上午下午，整天一起改',
      );
    if (to.half && to.half !== 'day' && open.length > journeys) return halfOfDay(asked, facts, open, to.half);
    const half = only && to.half === 'day' ? undefined : to.half;
    const moved = open.map(v => ({ v, halves: half ? halvesFrom(half) : { am: v.am, pm: v.pm } }));
    if (moved.every(({ v, halves }) => v.day === to.from && v.am === halves.am && v.pm === halves.pm))
      return refuse('move.same-day', `这一班就在${sayVisitDay(open[0]!, today)}，没有改`, '请改到别的日子，或另一个半天');
    const taken = moved
      .map(m =>
        clash(
          facts.around.filter(v => v.person === m.v.person && v.day === to.from && v.id !== m.v.id),
          m.halves,
        ),
      )
      .find(v => v);
    if (taken) return refuse('schedule.clash', `${who(facts, taken)}${sayVisitDay(taken, today)}已有班次，都没有改`, '请换一天或半天');

    const free = open.every(v => alone(v) || !isPublished(v, facts.publications));
    return free ? apply(asked, facts, moved, to.from) : request(asked, facts, moved, to.from, v => side(v) ?? 'hospital');
  },
});
