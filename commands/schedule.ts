/** /排班 — shows a month's schedule, plans visits and cancels them, and makes a month public. */

import { defineCommand, refuse } from '../src/bot/command.ts';
import { openLeavesOn } from '../src/bot/leaves.ts';
import type { Read } from '../src/bot/ports.ts';
import { inItsTerm } from '../src/bot/programmes.ts';
import { isWide, type Scope, scopeIn, scopeNarrowed, scopeOf } from '../src/bot/scope.ts';
import { reportedOf } from '../src/bot/workloads.ts';
import { type Day, monthOf, monthSpan, type Span } from '../src/core/day.ts';
import { AWAY } from '../src/core/leave.ts';
import { shownOrg } from '../src/core/org-names.ts';
import { lastsTo } from '../src/core/posting.ts';
import type { Leave, Visit } from '../src/core/records.ts';
import { isPublished } from '../src/core/schedule.ts';
import { byDay } from '../src/core/visit.ts';
import { type Args, args, type Facts } from './schedule/asked.ts';
import { cancel } from './schedule/cancel.ts';
import { countiesCard, countyMonths } from './schedule/counties.ts';
import { monthCard } from './schedule/month.ts';
import { plan } from './schedule/plan.ts';
import { publish } from './schedule/publish.ts';

/** A named unit as far as the asker sees it: own visits there, or those of one's own people. */
const isPart = ({ person, clinic, hospital, county, counties }: Scope): boolean =>
  person !== undefined || (clinic !== undefined && hospital !== undefined && county === undefined && counties === undefined);
const plans = (a: Args) => a.days !== undefined || a.pattern !== undefined;

export default defineCommand<Args, Facts>({
  name: '排班',
  aliases: ['班表', '排班表', '安排', 'pb', 'paiban', 'schedule', 'rota'],
  sayings: [
    /我的?(?:排班|班)表?|排班|(?:[今明后]天|(?:下|这|本)?(?:周|星期|礼拜)[一二三四五六日天])(?:我|该|要)*去哪|(?:通知|告诉)(?:村民|群众|老?百姓)|给(?:村民|群众|老?百姓)(?:看的?|发|的)?(?:通知|消息|安排)?$|(?:哪几?天|几号|什么时候).{0,4}(?:去|下乡|坐诊|有班)|(?:下下?个?|这个?|本)(?:周|星期|礼拜|月)(?:[一二三四五六日天末])?.{0,4}(?:谁|哪位|有人|有没有人).{0,3}[来去到]/,
    /^把?.{0,5}月?的?(?:排班|班表|安排)?公布(?:一下|了)?$|^公布.{1,4}月的?(?:排班|班表|安排)?(?:一下|吧)?$/,
    /给.{2,4}排(?:个|一个?)?班?.{0,2}(?:\d|[下本每明后])|^(?:我|帮我|请)?[要想]?排(?:个|一个?)?班?(?=\d|[下本每明后])|每月(?:第.个|逢|.{1,6}[号日]).{0,6}去.{2,10}|[号日天].{0,2}去(?!了).{2,8}(?:卫生院|服务中心)$/,
  ],
  around: /[我]?[要想](?=排)|帮我|请|把|给|的|排(?:个|一个?)?班?表?|班表|一下|下乡|了$/g,
  bare: ['month', 'person', 'org'],
  shows: true,
  daily: ['physician', 'hospital', 'clinic', 'general'],
  summary: '看排班、排日子、取消、公布',
  usage: '/排班 [月份|单位]，/排班 姓名 日期或规律 [上午|下午] [类型]，/排班 取消 姓名 日期或规律，/排班 公布 5月',
  examples: ['/排班', '/排班 张三 5月12日 上午 上门送医', '/排班 张三 每月第二个周三', '/排班 取消 张三 5月12日', '/排班 公布 5月'],
  slots: {
    action: { kind: 'choice', words: { 公布: 'publish', 发布: 'publish', 取消: 'cancel', 删除: 'cancel' } },
    // Said behind the list of what would be cancelled.
    sure: { kind: 'choice', words: { 确认: 'sure' } },
    pattern: { kind: 'pattern' },
    days: { kind: 'dates', many: true, prefer: 'future' },
    month: { kind: 'month', prefer: 'near' },
    person: { kind: 'person' },
    clinic: { kind: 'org', regions: true, toward: true },
    half: { kind: 'half' },
    type: { kind: 'visit-type' },
    visit: { kind: 'ref' },
  },
  args,
  needsProgramme: true,

  async facts(read, { args, actor, today, conversation, programme, programmes }) {
    const days = [...(args.days ?? [])].sort((a, b) => (a.from < b.from ? -1 : 1));
    const month = args.month ?? (days[0] ? monthOf(days[0].from) : monthOf(today));
    const own = await scopeOf(read, actor);
    const shows = !plans(args) && args.action === undefined;
    const named = args.clinic ? await read.get('orgs', args.clinic) : undefined;
    const asked = own && named && shows ? await scopeNarrowed(read, own, named) : own;
    const personId = args.person ?? (plans(args) && actor.grants.some(g => g.role === 'physician') ? actor.person!.id : undefined);
    const last = days.reduce<Day | undefined>((to, d) => (to === undefined || d.to > to ? d.to : to), undefined);
    const end = args.pattern && !args.month ? (programme?.term.until ?? monthSpan(month).to) : monthSpan(month).to;
    const first = days[0] && monthOf(days[0].from) < month ? monthOf(days[0].from) : month;
    const span = { from: monthSpan(first).from, to: last && last > end ? last : end };
    const visit = args.visit ? await read.get('visits', args.visit) : undefined;
    const within = async (scope: Scope | undefined) => {
      // Whoever plans for somebody must see all that is in the way; whoever looks sees what is theirs to see.
      if (shows && personId !== undefined && (scope?.person ?? personId) !== personId) return { visits: [], postings: [] };
      if (shows && personId === undefined && isWide(scope)) return { visits: [], postings: [] };
      const where = { ...(shows || !personId ? scopeWhere(scope) : {}), ...(personId ? { person: personId } : {}) };
      const visits = await read.all('visits', { ...where, day: span });
      const postings = await read.all('postings', { ...where, from: { to: monthOf(span.to) } });
      return {
        visits: visits.sort(byDay),
        postings: postings.filter(p => lastsTo(p, first) && inItsTerm(programmes, p, span)),
      };
    };
    const inGroup = asked && shows ? await scopeIn(read, asked, conversation) : 'direct-only';
    const there = inGroup === 'direct-only' ? undefined : await within(inGroup);
    // A physician who is not of the group's unit is shown in direct chat.
    const here = there && (!personId || there.visits.length || there.postings.length) ? inGroup : 'direct-only';
    const scope = here === 'direct-only' ? asked : here;
    const { visits, postings } = there && here !== 'direct-only' ? there : await within(asked);
    const gone = visits.filter(v => v.state === 'moved' || v.state === 'leave');
    const targets = gone.flatMap(v => (v.moved ? [v.moved] : []));
    const movedTo = new Map((targets.length ? await read.all('visits', { id: targets }) : []).map(v => [v.id, v]));
    const onLeave = new Set(
      (gone.length ? await read.all('leaveVisits', { visit: gone.map(v => v.id), state: 'on' }) : []).map(l => l.visit),
    );
    const people = await byId(read, 'people', [
      ...[...movedTo.values()].map(v => v.person),
      ...visits.concat(visit ?? []).map(v => v.person),
      ...postings.map(p => p.person),
      ...(personId ? [personId] : []),
    ]);
    const orgs = await byId(read, 'orgs', [
      ...visits.concat(visit ?? []).flatMap(v => [v.clinic, v.hospital]),
      ...postings.map(p => p.clinic),
      ...actor.grants.map(g => g.org),
      ...(args.clinic ? [args.clinic] : []),
    ]);
    if (scope?.county) for (const o of await read.all('orgs', { kind: 'clinic', county: scope.county })) orgs.set(o.id, o);
    return {
      month,
      scope,
      counties: shows && !personId && isWide(scope) ? await countyMonths(read, programmes, scope!.counties!, month, today) : undefined,
      replyIn: here === 'direct-only' ? 'direct' : 'here',
      visits,
      postings,
      // Of every month that is planned in: what is added to a published one is told.
      publications: [
        ...(await read.all('publications', { month: { from: first, to: monthOf(span.to) } })),
        ...(visit ? await read.all('publications', { month: monthOf(visit.day) }) : []),
      ],
      people,
      orgs,
      person: personId ? people.get(personId) : undefined,
      visit,
      leaves:
        args.action === 'cancel'
          ? await openLeavesOn(
              read,
              visits.concat(visit ?? []).map(v => v.id),
            )
          : [],
      reported: args.action === 'cancel' ? await reportedOf(read, visits.concat(visit ?? [])) : new Set(),
      promised: args.action === 'cancel' ? await promisedOf(read, visits.concat(visit ?? [])) : new Set(),
      movedTo,
      onLeave,
      away: shows && programme?.presence?.kind === 'every-workday' ? await awayIn(read, [...people.keys()], monthSpan(month)) : [],
    };
  },

  decide(asked) {
    const { args, facts } = asked;
    const unseen = !plans(args) && args.action === undefined && facts.person && !facts.visits.length && !facts.postings.length;
    if (!facts.scope || unseen)
      return { ...refuse('schedule.nothing', '没有您能看的排班', '只能看本人、本单位和下级的，发 /排班 看'), private: true };
    const named = args.clinic === undefined ? undefined : facts.orgs.get(args.clinic);
    // Of a unit that is seen in part only, nothing there is not said to be nothing at all.
    if (named && !plans(args) && args.action === undefined && isPart(facts.scope) && !facts.visits.length && !facts.postings.length)
      return {
        ...refuse('schedule.not-yours', `看不到${shownOrg(named)}的排班`, '只能看本人、本单位和下级的，发 /排班 看'),
        private: true,
      };
    if (args.action === 'publish') return publish(asked, facts);
    if (args.action === 'cancel') return cancel(asked, facts);
    if (plans(args)) return plan(asked, facts);
    if (facts.counties) return { reply: countiesCard(facts.counties, facts.month), replyIn: facts.replyIn };
    return { reply: monthCard(asked, facts), replyIn: facts.replyIn };
  },
});

const awayIn = async (read: Read, person: string[], { from, to }: Span): Promise<Leave[]> =>
  person.length
    ? (await read.all('leaves', { person, kind: AWAY, state: ['approved', 'ended'], from: { to }, to: { from } })).filter(
        l => l.workdays !== null,
      )
    : [];

/** Visits to which a published day of the same physician was moved, at once or by several moves. */
const promisedOf = async (read: Read, visits: readonly Visit[]): Promise<ReadonlySet<string>> => {
  const promised = new Set<string>();
  // By the number of a visit on the way, the one that it led to.
  let to = new Map(visits.filter(v => v.state === 'on' && v.moved !== null).map(v => [v.id, v]));
  while (to.size) {
    const from = (await read.all('visits', { moved: [...to.keys()], state: 'moved' })).filter(v => v.person === to.get(v.moved!)!.person);
    const publications = from.length ? await read.all('publications', { month: [...new Set(from.map(v => monthOf(v.day)))] }) : [];
    for (const v of from) if (isPublished(v, publications)) promised.add(to.get(v.moved!)!.id);
    to = new Map(from.map(v => [v.id, to.get(v.moved!)!]));
  }
  return promised;
};

const byId = async <T extends 'people' | 'orgs'>(read: Read, table: T, ids: readonly string[]) => {
  const unique = [...new Set(ids)];
  const rows = unique.length ? await read.all(table, { id: unique } as never) : [];
  return new Map(rows.map(r => [r.id, r]));
};

const scopeWhere = (scope: Scope | undefined) => {
  if (!scope) return { id: '' };
  const { counties, county, clinic, hospital, person } = scope;
  return {
    ...(counties ? { county: counties } : {}),
    ...(county ? { county } : {}),
    ...(clinic ? { clinic } : {}),
    ...(hospital ? { hospital } : {}),
    ...(person ? { person } : {}),
  };
};
