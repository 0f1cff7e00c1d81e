/** /换人 — another physician in place of one: for a day (替班), or lasting from a month on. */

import { type Asked, defineCommand, type Refusal, refuse } from '../src/bot/command.ts';
import { openLeavesOn } from '../src/bot/leaves.ts';
import { rosterHint } from '../src/bot/permissions.ts';
import type { Read } from '../src/bot/ports.ts';
import { reportedOf } from '../src/bot/workloads.ts';
import { addMonths, daysIn, firstOf, monthOf, sayDay, sayMonth } from '../src/core/day.ts';
import { shownOrg } from '../src/core/org-names.ts';
import { lastsTo } from '../src/core/posting.ts';
import type { Posting, Visit } from '../src/core/records.ts';
import { notMadeYet, sayVisitDay } from '../src/core/schedule.ts';
import { clash } from '../src/core/visit.ts';
import { type Args, args, type Facts, sinceMonth } from './substitute/asked.ts';
import { lasting, swap } from './substitute/pass-on.ts';
import { askTwoUnits, dueElsewhere } from './substitute/two-units.ts';
import { noPosting, takenOver, typedTime, which } from './substitute/which.ts';

/** Days that one line may name. */
const MOST_DAYS = 62;

export default defineCommand<Args, Facts>({
  name: '换人',
  aliases: ['替班', '换医师', 'hr', 'huanren', 'substitute'],
  sayings: /^把?(?<behind>(?!.*(?:[号日天月周午\d]|星期))\p{Script=Han}{2,4}换成\p{Script=Han}{2,4})$|替[我他她]?[去来]|[跟和].{1,4}换班/u,
  daily: ['hospital'],
  summary: '一次替班，或从某月起换人',
  usage: '/换人 旧医师 新医师 [日期|自6月起]',
  examples: ['/换人 张三 李四 5月12日', '/换人 张三 李四 自6月起'],
  slots: {
    people: { kind: 'person', many: true },
    since: { kind: 'since' },
    days: { kind: 'dates', prefer: 'future' },
    month: { kind: 'month', prefer: 'future' },
    clinic: { kind: 'org' },
    instead: { kind: 'choice', words: { 换成: 'next', 换为: 'next', 替换成: 'next' } },
    both: { kind: 'choice', words: { 两家都去: 'both' } },
    reason: { kind: 'rest' },
  },
  args,
  needsProgramme: true,
  asksFreely: true,

  async facts(read, { args, today, programme }) {
    const [oldId = '', nextId = ''] = args.people;
    const since = sinceMonth(args);
    const days = args.days?.flatMap(d => daysIn(d).slice(0, MOST_DAYS));
    const from = args.days?.[0]?.from ?? (since ? firstOf(since) : today);
    const own = { person: oldId, ...(args.clinic ? { clinic: args.clinic } : {}) };
    const halves = new Map(
      args.days?.flatMap(d =>
        daysIn(d)
          .slice(0, MOST_DAYS)
          .map(on => [on, d.half] as const),
      ),
    );
    const meant = (v: Visit) => {
      const half = halves.get(v.day);
      return half === undefined || half === 'day' || v[half];
    };
    const named = await read.all('visits', { ...own, day: days ?? { from: from > today ? from : today } }, { by: 'day' });
    const reported = await reportedOf(read, named);
    const visits = named.filter(v => v.state === 'on' && v.presence === null && v.checkedIn === null && !reported.has(v.id) && meant(v));
    const theirs = visits.length
      ? await read.all('visits', { person: nextId, state: 'on', day: [...new Set(visits.map(v => v.day))] })
      : [];
    const passed = days ? named.filter(v => v.state === 'moved' && v.moved !== null && meant(v)) : [];
    const month = monthOf(from);
    const of = (p: Posting) => p.programme === programme?.id;
    const all = (await read.all('postings', own)).filter(of);
    const postings = all.filter(p => p.from <= (since ?? month) && lastsTo(p, month));
    const nextAs = await read.all('grants', { person: nextId, role: 'physician', until: null });
    const orgIds = [
      ...new Set([
        ...named.map(v => v.clinic),
        ...all.flatMap(p => [p.clinic, p.hospital]),
        ...nextAs.map(g => g.org),
        ...(args.clinic ? [args.clinic] : []),
      ]),
    ];
    const orgs = orgIds.length ? await read.all('orgs', { id: orgIds }) : [];
    return {
      old: await read.get('people', oldId),
      next: await read.get('people', nextId),
      nextAs,
      postings,
      visits,
      theirs,
      taken: passed.length ? await read.all('visits', { id: passed.map(v => v.moved!), person: nextId, state: 'on' }) : [],
      takenFrom: await passedOn(read, all, nextId),
      leaves: await openLeavesOn(
        read,
        visits.map(v => v.id),
      ),
      orgs: new Map(orgs.map(o => [o.id, o])),
      elsewhere: since && !args.both ? await dueElsewhere(read, programme, nextId, postings, since) : [],
    };
  },

  decide(asked) {
    const { args, facts, actor, today } = asked;
    const { old, next } = facts;
    if (!old || !next) return refuse('substitute.who', '请写明换下和换上的两位医师', '例：/换人 张三 李四 5月12日');
    if (old.id === next.id) return refuse('substitute.same', '换下和换上是同一人');
    if (!facts.nextAs.length)
      return refuse('substitute.not-physician', `${next.name}还不是派驻医师`, rosterHint(actor.grants.map(g => g.role)));
    const mine = (p: { hospital: string; county: string | null }) =>
      actor.grants.some(
        g =>
          (g.role === 'hospital' && g.org === p.hospital) ||
          ((g.role === 'general' || g.role === 'bureau') && g.county !== null && g.county === p.county),
      );
    const own = [...facts.postings, ...facts.visits];
    const concerned = own.length ? own : [...facts.taken, ...facts.takenFrom];
    if (concerned.length && !concerned.every(mine))
      return { ...refuse('substitute.not-yours', `不能换${old.name}`, '由其支援单位、总医院或卫健局换人'), private: true };
    if (concerned.length && !facts.nextAs.some(g => mine({ hospital: g.org, county: g.county })))
      return { ...othersPhysician(asked, facts), private: true };
    const since = sinceMonth(args);
    if ((!since && !args.days) || (args.since && args.days) || args.month) return which(asked, facts);
    if (since && since < monthOf(today))
      return refuse('substitute.past', `${sayMonth(since)}已经过去`, '以前月份的人员不改，请写本月或以后');
    if (since && !facts.postings.length) return takenOver(asked, facts) ?? noPosting(facts, since);
    const on = args.days?.[0]?.from;
    if (on && !facts.visits.length && facts.postings.length && notMadeYet(asked.programme, on, today))
      return refuse(
        'substitute.not-made',
        `${sayDay(on, today)}的班当天早上才排出，现在换不了`,
        '那天早上再发这一条',
        `从某月起长期换：/换人 ${old.name} ${next.name} 自${Number(addMonths(monthOf(on), 1).slice(5))}月起`,
      );
    if (args.days && !facts.visits.length)
      return (
        takenOver(asked, facts) ??
        refuse('substitute.no-visit', `${old.name}${sayDay(args.days[0]!.from, today)}没有可替的班次`, '已签到、填报或核实的不能替')
      );
    const whole = facts.visits.find(
      v => v.am && v.pm && args.days?.some(d => d.half && d.half !== 'day' && d.from <= v.day && v.day <= d.to),
    );
    if (whole)
      return refuse('substitute.whole-day', `${old.name}${sayDay(whole.day, today)}是全天的一班，不能只替半天`, '不写上午下午，整天替');
    const taken = facts.visits
      .map(v =>
        clash(
          facts.theirs.filter(t => t.day === v.day),
          v,
        ),
      )
      .find(v => v);
    if (taken) return refuse('schedule.clash', `${next.name}${sayVisitDay(taken, today)}已有班次，没有换`, '先改那一班，或换别人');
    if (since && facts.elsewhere.length) return askTwoUnits(old.name, next.name, facts.elsewhere, since);
    return since ? lasting(asked, facts, since) : swap(asked, facts);
  },
});

/** Postings of somebody that go on where those of another were ended. */
const passedOn = async (read: Read, ended: readonly Posting[], nextId: string): Promise<Posting[]> =>
  (await read.all('postings', { person: nextId })).filter(n =>
    ended.some(p => p.until !== null && p.clinic === n.clinic && p.programme === n.programme && n.from === addMonths(p.until, 1)),
  );

/** Whom one hospital sends is not another one's to say. */
const othersPhysician = ({ args, actor }: Asked<Args>, { old, next, nextAs, orgs }: Facts): Refusal =>
  refuse(
    'substitute.others-physician',
    `${next!.name}是${shownOrg(orgs.get(nextAs[0]!.org))}的医师，没有换`,
    ...(actor.grants.some(g => g.role === 'general' || g.role === 'bureau')
      ? ['不在本县派驻', rosterHint(actor.grants.map(g => g.role))]
      : ['派别家医师要由总医院或卫健局换人', `请他们发：/换人 ${old!.name} ${next!.name}${typedTime(args)}`]),
  );
