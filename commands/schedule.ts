/** /排班 — shows a month's schedule, plans visits, and makes a month public. */
import { z } from 'zod';
import { type Actor, type Asked, type Decision, defineCommand, orgsAs, refuse } from '../src/bot/command.ts';
import type { Read } from '../src/bot/ports.ts';
import { inItsTerm } from '../src/bot/programmes.ts';
import { actsFor, type Scope, scopeIn, scopeNarrowed, scopeOf } from '../src/bot/scope.ts';
import { type Calendar, workday } from '../src/core/calendar.ts';
import type { Card, Outgoing } from '../src/core/card.ts';
import { addMonths, type Day, daysIn, type Month, monthOf, monthSpan, parseDay, sayDate, sayDay, sayMonth } from '../src/core/day.ts';
import { newsTime, nextSpeakingTime, sayTold } from '../src/core/hours.ts';
import { numbered, type Org, type Person, type Posting, type Publication, type Visit, type VisitType } from '../src/core/records.ts';
import { type CoverageGap, coverageGaps, isPublished, planVisits, sayVisitDay } from '../src/core/schedule.ts';
import { halvesFrom, VISIT_TYPE_NAMES } from '../src/core/visit.ts';
import { expand, type Pattern } from '../src/core/words/patterns.ts';
import { cite } from '../src/programmes/schema.ts';

const day = z.string().transform(d => parseDay(d)!);
const half = z.enum(['am', 'pm', 'day']);
const args = z.object({
  action: z.enum(['publish', 'cancel']).optional(),
  person: z.string().optional(),
  clinic: z.string().optional(),
  month: z
    .string()
    .transform(m => m as Month)
    .optional(),
  pattern: z.custom<Pattern>().optional(),
  days: z.array(z.object({ from: day, to: day, half: half.optional() })).optional(),
  half: half.optional(),
  type: z
    .string()
    .transform(t => t as VisitType)
    .optional(),
  visit: z.string().optional(),
  reason: z.string().max(200).optional(),
});
type Args = z.infer<typeof args>;

interface Facts {
  month: Month;
  scope: Scope | undefined;
  replyIn: 'here' | 'direct';
  visits: Visit[];
  postings: Posting[];
  publications: Publication[];
  people: Map<string, Person>;
  orgs: Map<string, Org>;
  /** Who is planned for: the named one, or the asking physician. */
  person: Person | undefined;
  visit: Visit | undefined;
  /** Where moved visits went, and which went by leave. */
  movedTo: Map<string, Visit>;
  onLeave: Set<string>;
}

const shown = (org: Org | undefined): string => org?.names[0] ?? org?.name ?? '';
const plans = (a: Args) => a.days !== undefined || a.pattern !== undefined;
/** What a schedule's list in chat shows at most; the rest is in the table. */
const MOST_LINES = 5;

export default defineCommand<Args, Facts>({
  name: '排班',
  aliases: ['班表', '安排', 'pb', 'paiban', 'schedule', 'rota'],
  summary: '看排班、排日子、公布',
  usage: '/排班 [月份|单位]，/排班 姓名 日期或规律 [上午|下午] [类型]，/排班 公布 5月',
  examples: ['/排班', '/排班 张三 5月12日 上午 上门送医', '/排班 张三 每月第二个周三', '/排班 公布 5月'],
  slots: {
    action: { kind: 'choice', words: { 公布: 'publish', 发布: 'publish', 取消: 'cancel', 删除: 'cancel' } },
    pattern: { kind: 'pattern' },
    days: { kind: 'dates', many: true, prefer: 'future' },
    month: { kind: 'month', prefer: 'near' },
    person: { kind: 'person' },
    clinic: { kind: 'org' },
    half: { kind: 'half' },
    type: { kind: 'visit-type' },
    visit: { kind: 'ref' },
    reason: { kind: 'rest' },
  },
  args,
  needsProgramme: true,

  async facts(read, { args, actor, today, conversation, programme, programmes }) {
    const month = args.month ?? (args.days?.[0] ? monthOf(args.days[0].from) : monthOf(today));
    const own = await scopeOf(read, actor);
    const shows = !plans(args) && args.action === undefined;
    const named = args.clinic ? await read.get('orgs', args.clinic) : undefined;
    const asked = own && named && shows ? scopeNarrowed(own, named) : own;
    const personId = args.person ?? (plans(args) && actor.grants.some(g => g.role === 'physician') ? actor.person!.id : undefined);
    const last = args.days?.at(-1)?.to;
    const end = args.pattern && !args.month ? (programme?.term.until ?? monthSpan(month).to) : monthSpan(month).to;
    const span = { from: monthSpan(month).from, to: last && last > end ? last : end };
    const visit = args.visit ? await read.get('visits', args.visit) : undefined;
    const within = async (scope: Scope | undefined) => {
      // Whoever plans for somebody must see all that is in the way; whoever looks sees what is theirs to see.
      if (shows && personId !== undefined && (scope?.person ?? personId) !== personId) return { visits: [], postings: [] };
      const where = { ...(shows || !personId ? scopeWhere(scope) : {}), ...(personId ? { person: personId } : {}) };
      const visits = await read.all('visits', { ...where, day: span });
      const postings = await read.all('postings', { ...where, from: { to: monthOf(span.to) } });
      return {
        visits: visits.sort((a, b) => (a.day + (a.am ? 0 : 1) < b.day + (b.am ? 0 : 1) ? -1 : 1)),
        postings: postings.filter(p => (p.until === null || p.until >= month) && inItsTerm(programmes, p, span)),
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
      ...visits.map(v => v.person),
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
      replyIn: here === 'direct-only' ? 'direct' : 'here',
      visits,
      postings,
      publications: await read.all('publications', { month: [...new Set([month, ...(visit ? [monthOf(visit.day)] : [])])] }),
      people,
      orgs,
      person: personId ? people.get(personId) : undefined,
      visit,
      movedTo,
      onLeave,
    };
  },

  decide(asked) {
    const { args, facts } = asked;
    const unseen = !plans(args) && args.action === undefined && facts.person && !facts.visits.length && !facts.postings.length;
    if (!facts.scope || unseen)
      return { ...refuse('schedule.nothing', '没有您能看的排班', '只能看本人、本单位和下级的，发 /排班 看'), private: true };
    if (args.action === 'publish') return publish(asked, facts);
    if (args.action === 'cancel') return cancel(asked, facts);
    if (plans(args)) return plan(asked, facts);
    return { reply: monthCard(asked, facts), replyIn: facts.replyIn };
  },
});

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

/** May the actor plan for this posting? The physician's own days, the hospital's people, the clinic's unit, or the whole county's. */
const mayPlan = (actor: Actor, p: { person: string; clinic: string; hospital: string; county: string }): boolean =>
  actor.grants.some(
    g =>
      (g.role === 'physician' && p.person === g.person) ||
      (g.role === 'hospital' && g.org === p.hospital) ||
      (g.role === 'clinic' && g.org === p.clinic) ||
      ((g.role === 'general' || g.role === 'bureau') && g.county === p.county),
  );

/** The month as it stands, with the gaps of those who may see them all. */
const monthCard = (asked: Asked<Args>, f: Facts): Card => {
  const on = f.visits.filter(v => v.state === 'on' && monthOf(v.day) === f.month);
  const rows = on.map(v => [
    sayVisitDay(v, asked.today),
    f.people.get(v.person)?.name ?? '',
    shown(f.orgs.get(v.clinic)),
    `${VISIT_TYPE_NAMES[v.type]}${v.planned ? '' : '（临时）'}${v.presence === 'present' ? ' ✓' : ''}`,
  ]);
  const of =
    f.person?.name ??
    (f.scope?.clinic
      ? shown(f.orgs.get(f.scope.clinic))
      : f.scope?.person
        ? (asked.actor.person?.name ?? '')
        : f.scope?.hospital
          ? shown(f.orgs.get(f.scope.hospital))
          : '');
  const moved = f.visits.filter(v => (v.state === 'moved' || v.state === 'leave') && monthOf(v.day) === f.month);
  const lines = [
    on.length ? `${on.length}班，已核实${on.filter(v => v.presence === 'present').length}班` : '这个月还没有排班',
    ...movedLines(moved, asked, f),
    ...(on.length && !on.every(v => isPublished(v, f.publications)) ? ['还没公布，可以随时改'] : []),
    ...gapLines(asked, f),
  ];
  return {
    code: 'schedule.shown',
    title: `${of ? `${of} ` : ''}${sayMonth(f.month)}排班`,
    tone: 'info',
    lines: [...lines, ...(rows.length <= MOST_LINES ? rows.map(r => r.filter(Boolean).join(' ')) : [])],
    ...(rows.length > MOST_LINES ? { table: { columns: ['日期', '医师', '单位', '内容'], rows } } : {}),
  };
};

/** Leave and moves, where they are looked for: who was to come, and when they come instead. */
const movedLines = (moved: readonly Visit[], { today }: Asked<Args>, f: Facts): string[] => {
  const lines = moved.map(v => {
    const to = f.movedTo.get(v.moved ?? '');
    const word = f.onLeave.has(v.id) ? '请假' : '改期';
    return `${f.people.get(v.person)?.name} ${sayDay(v.day, today)} ${word}${to && to.person === v.person ? `，改到${sayDay(to.day, today)}` : to ? `，由${f.people.get(to.person)?.name ?? '他人'}替` : ''}`;
  });
  const all = [...new Set(lines)];
  return all.length > 3 ? [...all.slice(0, 3), `等${all.length}处改动`] : all;
};

const gapLines = ({ programme }: Asked<Args>, f: Facts): string[] => {
  if (!f.scope || f.person || f.scope.person) return [];
  const clinics = f.scope.clinic
    ? [f.scope.clinic]
    : f.scope.county
      ? [...f.orgs.values()].filter(o => o.kind === 'clinic' && o.county === f.scope?.county).map(o => o.id)
      : [...new Set(f.postings.map(p => p.clinic))];
  const gaps = coverageGaps({
    clinics,
    postings: f.postings,
    visits: f.visits.filter(v => monthOf(v.day) === f.month),
    duty: programme?.duty?.['half-days'] ?? null,
    home: programme?.['home-visit']?.['half-days'] ?? null,
  });
  const names = (kind: CoverageGap['kind']) =>
    gaps.filter(g => g.kind === kind).map(g => (g.person ? f.people.get(g.person)?.name : shown(f.orgs.get(g.clinic))) ?? '');
  const line = (label: string, who: string[]) =>
    who.length ? [`${label}：${who.slice(0, 4).join('、')}${who.length > 4 ? `等${who.length}` : ''}`] : [];
  return [
    ...line('没有人来', names('no-visit')),
    ...line('不足每月应到', names('below-duty')),
    ...line('缺半天上门送医', names('no-home-visit')),
  ];
};

const monthsBetween = (from: Month, to: Month): Month[] => {
  const months: Month[] = [];
  for (let m = from; m <= to; m = addMonths(m, 1)) months.push(m);
  return months;
};
const patternDays = (pattern: Pattern, months: readonly Month[], calendar: Calendar): Day[] =>
  months.flatMap(m => expand(pattern, m, d => calendar.lunarDay(d)));

const plan = (asked: Asked<Args>, f: Facts): Decision => {
  const { args, actor, today, turn, programme, calendar } = asked;
  if (!f.person)
    return refuse('schedule.who', args.reason ? `没认出“${args.reason.slice(0, 20)}”，请写明排谁` : '请写明排谁', '例：/排班 张三 5月12日');
  if (args.pattern?.kind === 'third-of-month')
    return refuse('schedule.which-day', '这一旬的哪一天？', `例：/排班 ${f.person.name} 每月${args.pattern.third * 10 - 5}日`);
  if (args.pattern?.kind === 'every-other-week')
    return refuse('schedule.which-week', '隔周从哪一周起？', `请写日期或第几周，例：/排班 ${f.person.name} 每月第一、三个周三`);
  const halves = (h: Args['half']) => halvesFrom(h ?? args.half);
  const days = args.pattern
    ? patternDays(args.pattern, args.month ? [args.month] : monthsBetween(f.month, monthOf(programme!.term.until)), calendar)
        .filter(d => d >= today && d <= programme!.term.until)
        .map(d => ({ day: d, half: undefined as Args['half'] }))
    : (args.days ?? []).flatMap(d => daysIn({ from: d.from, to: d.to }).map(on => ({ day: on, half: d.half })));
  if (!days.length) return refuse('schedule.no-days', '按这个规律没有日子可排', '例：/排班 张三 每月第二个周三');
  if (days.length > 62) return refuse('schedule.too-many', `一次最多排62天，这里有${days.length}天`, '请分几次排');
  const wanted = days.map(d => ({ day: d.day, ...halves(d.half) }));
  const result = planVisits(
    { visits: f.visits, postings: f.postings },
    { wanted, clinic: args.clinic, type: args.type ?? 'outpatient', today, term: programme!.term, ids: n => numbered(turn, n) },
  );
  const name = f.person.name;
  if (!result.ok) {
    switch (result.code) {
      case 'no-posting':
        return refuse(
          'schedule.no-posting',
          `${name}${sayMonth(result.month)}没有派驻${args.clinic ? shown(f.orgs.get(args.clinic)) : '安排'}`,
          '请先更新安排表：/导入',
        );
      case 'which-clinic':
        return refuse(
          'schedule.which',
          `${name}这个月支援${result.clinics.length}家，请写明单位`,
          result.clinics.map(c => shown(f.orgs.get(c))).join('、'),
        );
      case 'clash':
        return refuse(
          'schedule.clash',
          '同一半天已有班次，都没有排',
          ...result.with.slice(0, 3).map(v => `${sayVisitDay(v, today)} ${shown(f.orgs.get(v.clinic))}`),
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
  const rest = result.visits.filter(v => workday(calendar, v.day) === 'rest');
  const unknown = result.visits.some(v => workday(calendar, v.day) === 'unknown');
  const first = result.visits[0]!;
  const late = result.visits.filter(v => isPublished(v, f.publications));
  return {
    changes: result.visits.map(v => ({ table: 'visits' as const, id: v.id, to: v })),
    tell: late.length ? addedTo(asked, f, late) : [],
    reply: {
      code: 'schedule.planned',
      title: `已排 ${name} ${shown(f.orgs.get(first.clinic))} ${result.visits.length}班`,
      tone: 'ok',
      lines: [
        `${result.visits
          .slice(0, 6)
          .map(v => sayVisitDay(v, today))
          .join('、')}${result.visits.length > 6 ? ` 等` : ''} ${VISIT_TYPE_NAMES[first.type]}`,
        ...(rest.length
          ? [
              `注意：${rest
                .slice(0, 3)
                .map(v => sayVisitDay(v, today))
                .join('、')}${rest.length > 3 ? `等${rest.length}天` : ''}是休息日`,
            ]
          : []),
        ...(unknown ? ['有的年份还没有放假安排，休息日未核对'] : []),
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
      `${shown(f.orgs.get(first.clinic))}`,
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

const cancel = (asked: Asked<Args>, f: Facts): Decision => {
  const { visit } = f;
  if (!visit) return refuse('schedule.which-visit', '请写明取消哪一班', '例：/排班 取消 57');
  if (!mayPlan(asked.actor, visit)) return { ...refuse('schedule.not-yours', '不能取消这一班'), private: true };
  if (visit.state !== 'on' || visit.presence !== null || visit.checkedIn !== null)
    return refuse('schedule.cannot-cancel', '这一班已签到、核实或改期，不能取消', '发 /排班 看现在的');
  if (isPublished(visit, f.publications))
    return refuse('schedule.published', '这个月已公布，不能直接取消', '单位原因请用 /改班，医师本人原因请走请假');
  return {
    changes: [
      { table: 'visits', id: visit.id, to: { ...visit, state: 'cancelled' }, was: { state: 'on', checkedIn: null, presence: null } },
    ],
    settles: [`visit/${visit.id}`],
    reply: {
      code: 'schedule.cancelled',
      title: `已取消 ${sayVisitDay(visit, asked.today)}`,
      tone: 'ok',
      lines: [shown(f.orgs.get(visit.clinic)), '取消错了发 /撤销'],
    },
  };
};

/** From then on a change goes through both sides; each clinic gets its month to pass on. */
const publish = (asked: Asked<Args>, f: Facts): Decision => {
  const { actor, turn, now, calendar, programme, today, args } = asked;
  const named = f.orgs.get(args.clinic ?? '');
  const org =
    // The county may publish for a single clinic.
    (named?.kind === 'clinic' && actsFor(actor, named, ['general', 'bureau']) ? named.id : undefined) ??
    actor.grants.find(g => (g.role === 'bureau' || g.role === 'general') && g.county)?.county ??
    orgsAs(actor, 'hospital')[0] ??
    orgsAs(actor, 'clinic')[0];
  if (!org) return { ...refuse('schedule.not-yours', '您不能公布排班', '由支援单位、受援单位、总医院或卫健局公布'), private: true };
  const month = args.month ?? f.month;
  if (f.publications.some(p => p.org === org && p.month === month && p.programme === programme!.id))
    return {
      reply: {
        code: 'schedule.already-published',
        title: `${sayMonth(month)}排班已经公布过`,
        tone: 'info',
        lines: ['新排的班自动通知双方'],
      },
    };
  const on = f.visits.filter(
    v => v.state === 'on' && v.planned && monthOf(v.day) === month && [v.clinic, v.hospital, v.county].includes(org),
  );
  if (!on.length) return refuse('schedule.empty', `${sayMonth(month)}还没有排班，不能公布`, '例：/排班 张三 每月第二个周三');
  const rule = programme!.schedule?.publish;
  const clinics = [...new Set(on.map(v => v.clinic))];
  return {
    changes: [
      { table: 'publications', id: `${turn}`, to: { id: `${turn}`, programme: programme!.id, org, month, at: now, by: actor.person!.id } },
    ],
    tell: clinics.map(c => ({
      key: `published/${turn}/${c}`,
      to: { org: c, role: 'clinic' },
      class: 'announcement',
      about: 'unit',
      card: {
        code: 'schedule.for-villagers',
        title: `${sayMonth(month)}医师下乡安排（可转发群众）`,
        tone: 'info',
        lines: [
          ...on
            .filter(v => v.clinic === c)
            .map(
              v =>
                `${sayVisitDay(v, today)} ${f.people.get(v.person)?.name} ${f.people.get(v.person)?.specialty ?? ''} ${VISIT_TYPE_NAMES[v.type]}`,
            ),
          ...(rule ? [cite(programme!, rule)] : []),
        ],
      },
    })),
    reply: {
      code: 'schedule.published',
      title: `已公布${sayMonth(month)}排班`,
      tone: 'ok',
      lines: [
        `${on.length}班，${sayTold(`发给${clinics.length}家受援单位转告群众`, now, nextSpeakingTime(now, calendar))}`,
        '以后改动要双方同意',
      ],
    },
  };
};
