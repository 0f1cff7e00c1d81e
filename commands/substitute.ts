/** /换人 — another physician in place of one: for a day (替班), or lasting from a month on. */
import { z } from 'zod';
import { type Asked, type Decision, defineCommand, type Refusal, refuse } from '../src/bot/command.ts';
import { openLeavesOn } from '../src/bot/leaves.ts';
import { rosterHint } from '../src/bot/permissions.ts';
import type { Card, Outgoing } from '../src/core/card.ts';
import { addMonths, type Day, firstOf, type Instant, type Month, monthOf, parseDay, sayDate, sayDay, sayMonth } from '../src/core/day.ts';
import { newsTime, sayTold } from '../src/core/hours.ts';
import type { LeaveFile } from '../src/core/leave-cards.ts';
import { dropVisits } from '../src/core/leave-granted.ts';
import { mootNews } from '../src/core/leave-news.ts';
import {
  type Change,
  type Grant,
  numbered,
  type Org,
  type Person,
  type Posting,
  type RosterVersion,
  type Visit,
} from '../src/core/records.ts';
import { notMadeYet, sayVisitDay } from '../src/core/schedule.ts';
import { clash, newVisit } from '../src/core/visit.ts';
import { cite } from '../src/programmes/schema.ts';
import { askTwoUnits, dueElsewhere } from './substitute/two-units.ts';

const day = z.string().transform(d => parseDay(d)!);
const args = z.object({
  people: z.array(z.string(), { error: '请写明换下和换上的两位医师' }).length(2, '请写明换下和换上的两位医师'),
  since: z
    .string()
    .transform(m => m as Month)
    .optional(),
  days: z.array(z.object({ from: day, to: day })).optional(),
  clinic: z.string().optional(),
  both: z.literal('both').optional(),
  reason: z.string().max(200).optional(),
});
type Args = z.infer<typeof args>;

interface Facts {
  old: Person | undefined;
  next: Person | undefined;
  /** Where the new one is a physician. */
  nextAs: Grant[];
  postings: Posting[];
  /** Open visits of the old one from the day concerned on. */
  visits: Visit[];
  /** Visits of the new one on the same days. */
  theirs: Visit[];
  /** Open leaves from the visits that pass on: they are settled by it. */
  leaves: LeaveFile[];
  /** Units at which the new one is due on the same workdays. */
  elsewhere: Org[];
  orgs: Map<string, Org>;
}

const shown = (org: Org | undefined): string => org?.names[0] ?? org?.name ?? '';

export default defineCommand<Args, Facts>({
  name: '换人',
  aliases: ['替班', '换医师', 'hr', 'huanren', 'substitute'],
  summary: '一次替班，或从某月起换人',
  usage: '/换人 旧医师 新医师 [日期|自6月起]',
  examples: ['/换人 张三 李四 5月12日', '/换人 张三 李四 自6月起'],
  slots: {
    people: { kind: 'person', many: true },
    since: { kind: 'labelled', labels: ['自', '从'], of: { kind: 'month', prefer: 'future' } },
    days: { kind: 'dates', prefer: 'future' },
    clinic: { kind: 'org' },
    both: { kind: 'choice', words: { 两家都去: 'both' } },
    reason: { kind: 'rest' },
  },
  args,
  needsProgramme: true,

  async facts(read, { args, today, programme }) {
    const [oldId = '', nextId = ''] = args.people;
    const from: Day = args.days?.[0]?.from ?? (args.since ? firstOf(args.since) : today);
    const visits = (
      await read.all('visits', { person: oldId, state: 'on', day: args.days ? from : { from: from > today ? from : today } })
    ).filter(v => v.presence === null && v.checkedIn === null && (!args.clinic || v.clinic === args.clinic));
    const theirs = visits.length
      ? await read.all('visits', { person: nextId, state: 'on', day: [...new Set(visits.map(v => v.day))] })
      : [];
    const month = monthOf(from);
    const postings = (await read.all('postings', { person: oldId, from: { to: args.since ?? month } })).filter(
      p => (p.until === null || p.until >= month) && (!args.clinic || p.clinic === args.clinic) && p.programme === programme?.id,
    );
    const nextAs = await read.all('grants', { person: nextId, role: 'physician', until: null });
    const orgIds = [
      ...new Set([...visits.map(v => v.clinic), ...postings.flatMap(p => [p.clinic, p.hospital]), ...nextAs.map(g => g.org)]),
    ];
    const orgs = orgIds.length ? await read.all('orgs', { id: orgIds }) : [];
    return {
      old: await read.get('people', oldId),
      next: await read.get('people', nextId),
      nextAs,
      postings,
      visits,
      theirs,
      leaves: await openLeavesOn(
        read,
        visits.map(v => v.id),
      ),
      orgs: new Map(orgs.map(o => [o.id, o])),
      elsewhere:
        args.days || args.both ? [] : await dueElsewhere(read, programme, nextId, postings, args.since ?? addMonths(monthOf(today), 1)),
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
    const concerned = [...facts.postings, ...facts.visits];
    if (concerned.length && !concerned.every(mine))
      return { ...refuse('substitute.not-yours', `不能换${old.name}`, '由其支援单位、总医院或卫健局换人'), private: true };
    if (concerned.length && !facts.nextAs.some(g => mine({ hospital: g.org, county: g.county })))
      return { ...othersPhysician(asked, facts), private: true };
    const taken = facts.visits
      .map(v =>
        clash(
          facts.theirs.filter(t => t.day === v.day),
          v,
        ),
      )
      .find(v => v);
    if (taken) return refuse('schedule.clash', `${next.name}${sayVisitDay(taken, today)}已有班次，没有换`, '先改那一班，或换别人');
    if (args.days) {
      const on = args.days[0]!.from;
      if (!facts.visits.length && facts.postings.length && notMadeYet(asked.programme, on, today))
        return refuse(
          'substitute.not-made',
          `${sayDay(on, today)}的班当天早上才排出，现在换不了`,
          '那天早上再发这一条',
          `从某月起长期换：/换人 ${old.name} ${next.name} 自${Number(addMonths(monthOf(on), 1).slice(5))}月起`,
        );
      if (!facts.visits.length)
        return refuse('substitute.no-visit', `${old.name}${sayDay(args.days[0]!.from, today)}没有可替的班次`, '已签到或核实的不能替');
      return swap(asked, facts);
    }
    const since = args.since ?? addMonths(monthOf(today), 1);
    if (since < monthOf(today)) return refuse('substitute.past', `${sayMonth(since)}已经过去`, '以前月份的人员不改，请写本月或以后');
    if (!facts.postings.length)
      return refuse('substitute.no-posting', `${old.name}从${sayMonth(since)}起没有派驻`, '发 /排班 看现在的安排');
    if (facts.elsewhere.length) return askTwoUnits(old.name, next.name, facts.elsewhere, since);
    return lasting(asked, facts, since);
  },
});

/** Whom one hospital sends is not another one's to say. */
const othersPhysician = ({ args, actor }: Asked<Args>, { old, next, nextAs, orgs }: Facts): Refusal => {
  const when = args.days ? ` ${sayDate(args.days[0]!.from)}` : args.since ? ` 自${sayMonth(args.since)}起` : '';
  return refuse(
    'substitute.others-physician',
    `${next!.name}是${shown(orgs.get(nextAs[0]!.org))}的医师，没有换`,
    ...(actor.grants.some(g => g.role === 'general' || g.role === 'bureau')
      ? ['不在本县派驻', rosterHint(actor.grants.map(g => g.role))]
      : ['派别家医师要由总医院或卫健局换人', `请他们发：/换人 ${old!.name} ${next!.name}${when}`]),
  );
};

/** The visits pass to the new physician under new numbers; the old ones stay on record as moved. */
const passOn = (asked: Asked<Args>, f: Facts, hospital: string | null): { changes: Change[]; visits: Visit[] } => {
  const visits = f.visits.map((v, n) =>
    newVisit({
      id: numbered(asked.turn, n),
      programme: v.programme,
      county: v.county,
      person: f.next!.id,
      clinic: v.clinic,
      hospital: hospital ?? v.hospital,
      posting: null,
      day: v.day,
      am: v.am,
      pm: v.pm,
      type: v.type,
      moved: v.id,
    }),
  );
  return {
    visits,
    changes: f.visits.flatMap((v, n): Change[] => [
      {
        table: 'visits',
        id: v.id,
        to: { ...v, state: 'moved', moved: visits[n]!.id, reason: asked.args.reason ?? '换人' },
        was: { state: 'on', checkedIn: null, presence: null },
      },
      { table: 'visits', id: visits[n]!.id, to: visits[n]! },
    ]),
  };
};

const toldAt = ({ now, calendar }: Asked<Args>, f: Facts): Instant =>
  newsTime(
    now,
    calendar,
    f.visits.map(v => v.day),
  );

const news = (asked: Asked<Args>, f: Facts, card: Card): Outgoing[] => {
  const clinics = [...new Set([...f.visits.map(v => v.clinic), ...(asked.args.days ? [] : f.postings.map(p => p.clinic))])];
  const key = `substitute/${asked.turn}`;
  const notBefore = toldAt(asked, f);
  // Who changed it knows; the physicians' hospitals do not where the county did it.
  const own = new Set(asked.actor.grants.filter(g => g.role === 'hospital').map(g => g.org));
  const hospitals = new Set([...[...f.visits, ...(asked.args.days ? [] : f.postings)].map(x => x.hospital), f.next!.hospital]);
  return [
    { key: `${key}/old`, to: { person: f.old!.id }, class: 'news', about: 'person', notBefore, card },
    { key: `${key}/new`, to: { person: f.next!.id }, class: 'news', about: 'person', notBefore, card },
    ...clinics.map(
      (c): Outgoing => ({
        key: `${key}/${c}`,
        to: { org: c, role: 'clinic' },
        class: 'news',
        about: 'unit',
        notBefore,
        card: { ...card, lines: [...card.lines, '请转告群众'] },
      }),
    ),
    ...[...hospitals]
      .filter(h => h !== null && !own.has(h))
      .map(
        (h): Outgoing => ({
          key: `${key}/${h}`,
          to: { org: h!, role: 'hospital' },
          class: 'news',
          about: 'unit',
          notBefore,
          card: asked.args.days ? card : { ...card, lines: [...card.lines, '安排表已出新版，请重新报送'] },
        }),
      ),
  ];
};

const swap = (asked: Asked<Args>, f: Facts): Decision => {
  const { changes } = passOn(asked, f, f.next!.hospital);
  const left = dropVisits(f.leaves, new Set(f.visits.map(v => v.id)));
  const v = f.visits[0]!;
  const card: Card = {
    code: 'substitute.done',
    title: `${sayDay(v.day, asked.today)}由${f.next!.name}替${f.old!.name}`,
    tone: 'info',
    lines: f.visits.map(x => `${shown(f.orgs.get(x.clinic))} ${sayVisitDay(x, asked.today)}`),
  };
  return {
    changes: [...changes, ...left.changes],
    settles: [...f.visits.map(x => `visit/${x.id}`), ...left.topics],
    tell: [...news(asked, f, card), ...mootNews(left.moot, asked.turn, { person: id => (id === f.old?.id ? f.old.name : '') })],
    reply: { ...card, tone: 'ok', lines: [...card.lines, ...mismatch(f), sayTold('通知两位医师和受援单位', asked.now, toldAt(asked, f))] },
  };
};

const mismatch = (f: Facts): string[] => {
  const need = f.postings.find(p => p.need !== null)?.need;
  return need && f.next!.specialty && need !== f.next!.specialty ? [`提示：需求${need}，${f.next!.name}是${f.next!.specialty}`] : [];
};

/** Closes the old posting, opens the new one and makes a new version of the roster. */
const lasting = (asked: Asked<Args>, f: Facts, since: Month): Decision => {
  const { turn, now, actor, programme, today } = asked;
  const { changes } = passOn(asked, f, f.next!.hospital);
  const left = dropVisits(f.leaves, new Set(f.visits.map(v => v.id)));
  const version: RosterVersion = {
    id: `${turn}`,
    programme: programme!.id,
    county: f.postings[0]!.county,
    from: since,
    at: now,
    by: actor.person!.id,
    rows: f.postings.length,
    says: `${f.old!.name}换为${f.next!.name}`,
  };
  const before = addMonths(since, -1);
  const postings = f.postings.flatMap((p, n): Change[] => [
    p.from > before
      ? { table: 'postings', id: p.id, to: null, was: { person: p.person } }
      : { table: 'postings', id: p.id, to: { ...p, until: before }, was: { until: p.until } },
    {
      table: 'postings',
      id: numbered(turn, n),
      to: {
        ...p,
        id: numbered(turn, n),
        person: f.next!.id,
        hospital: f.next!.hospital ?? p.hospital,
        title: f.next!.title,
        specialty: f.next!.specialty,
        from: since,
        until: p.until,
        roster: version.id,
      },
    },
  ]);
  const rule = programme!.roster?.change;
  const card: Card = {
    code: 'substitute.lasting',
    title: `${sayMonth(since)}起由${f.next!.name}接替${f.old!.name}`,
    tone: 'info',
    lines: [
      [...new Set(f.postings.map(p => shown(f.orgs.get(p.clinic))))].join('、'),
      ...(f.visits.length ? [`${f.visits.length}班一并转过来，首班${sayDay(f.visits[0]!.day, today)}`] : []),
    ],
  };
  return {
    changes: [...postings, ...changes, { table: 'rosters', id: version.id, to: version }, ...left.changes],
    settles: [...f.visits.map(v => `visit/${v.id}`), ...left.topics],
    tell: [...news(asked, f, card), ...mootNews(left.moot, asked.turn, { person: id => (id === f.old?.id ? f.old.name : '') })],
    reply: {
      ...card,
      tone: 'ok',
      lines: [...card.lines, ...mismatch(f), '安排表已出新版，请重新报送', ...(rule ? [cite(programme!, rule)] : [])],
    },
  };
};
