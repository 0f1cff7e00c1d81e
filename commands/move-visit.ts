/** /改班 — moves a published visit for reasons of unit, clinic or weather. The physician's own reason goes by leave. */
import { z } from 'zod';
import { type Asked, type Decision, defineCommand, refuse } from '../src/bot/command.ts';
import { openLeavesOn } from '../src/bot/leaves.ts';
import type { Card, Outgoing } from '../src/core/card.ts';
import { type Day, type Instant, monthOf, parseDay, sayDay } from '../src/core/day.ts';
import { newsTime, sayTold } from '../src/core/hours.ts';
import { dropVisits } from '../src/core/leave.ts';
import type { LeaveFile } from '../src/core/leave-cards.ts';
import { mootNews } from '../src/core/leave-news.ts';
import { type Change, type Move, numbered, type Org, type Person, type Publication, type Visit } from '../src/core/records.ts';
import { isPublished, sayVisitDay } from '../src/core/schedule.ts';
import { clash, halvesFrom, newVisit } from '../src/core/visit.ts';
import { mayBeMeant, mayBeName } from '../src/core/words/strangers.ts';
import { cite } from '../src/programmes/schema.ts';

const day = z.string().transform(d => parseDay(d)!);
const half = z.enum(['am', 'pm', 'day']);
const found = z.array(z.object({ from: day, to: day, half: half.optional() }));
const args = z.object({
  answer: z.enum(['agree', 'refuse']).optional(),
  visit: z.string().optional(),
  days: found.optional(),
  all: z.literal('all').optional(),
  person: z.string().optional(),
  clinics: z.array(z.string()).optional(),
  to: found.optional(),
  reason: z.string().max(200, '原因不超过200字').optional(),
});
type Args = z.infer<typeof args>;

interface Facts {
  /** What is to be moved. */
  visits: Visit[];
  /** Everything of the same people on the old and the new day. */
  around: Visit[];
  publications: Publication[];
  people: Map<string, Person>;
  orgs: Map<string, Org>;
  /** The move that is answered. */
  move: Move | undefined;
  /** Open leaves from these visits: a visit that is moved falls out of its leave. */
  leaves: LeaveFile[];
}

const shown = (org: Org | undefined): string => org?.names[0] ?? org?.name ?? '';

export default defineCommand<Args, Facts>({
  name: '改班',
  aliases: ['调班', '改期', 'gb', 'gaiban', 'move'],
  summary: '因单位或天气原因改期',
  usage: '/改班 编号|日期 [医师|单位|全部] 原因 改到 日期',
  examples: ['/改班 4月12日 张三 卫生院停电 改到 4月19日', '/改班 7月25日 全部 台风 改到 7月27日'],
  slots: {
    answer: { kind: 'choice', words: { 同意: 'agree', 不同意: 'refuse', 拒绝: 'refuse' } },
    to: { kind: 'labelled', labels: ['改到', '改为', '调到', '推迟到', '提前到'], of: { kind: 'dates', prefer: 'future' } },
    days: { kind: 'dates', prefer: 'future' },
    visit: { kind: 'ref' },
    all: { kind: 'choice', words: { 全部: 'all', 所有: 'all' } },
    person: { kind: 'person' },
    clinics: { kind: 'org', many: true },
    reason: { kind: 'rest' },
  },
  args,
  needsProgramme: true,

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
    const visits = candidates.filter(v => !units.size || units.has(v.clinic) || units.has(v.hospital));
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
    const months = [...new Set(mine.map(v => monthOf(v.day)))];
    return {
      visits: mine,
      around,
      publications: months.length ? await read.all('publications', { month: months }) : [],
      people: new Map(people.map(p => [p.id, p])),
      orgs: new Map(orgs.map(o => [o.id, o])),
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
          lines: open.slice(0, 5).map(v => `${v.id}：${who(facts, v)} ${shown(facts.orgs.get(v.clinic))}`),
          buttons: [],
        },
      };
    }
    const done = open.filter(v => v.presence !== null || v.checkedIn !== null);
    if (done.length) return refuse('move.done', `${who(facts, done[0]!)}这一班已签到或核实，不能改`, '发 /核实 更正');
    const to = args.to?.[0];
    const units = (args.clinics ?? []).map(c => facts.orgs.get(c)?.name ?? '').join(' ');
    const whose = args.all || units ? `全部 ${units}`.trim() : (facts.people.get(open[0]!.person)?.name ?? '');
    const target = args.visit ?? `${args.days?.[0]?.from} ${whose}`;
    if (!to)
      return {
        reply: { code: 'move.to', title: '改到哪天？', tone: 'ask', lines: ['直接回复，如：4月19日 上午', '发 取消 不办'] },
        waitFor: `/改班 ${target} ${args.reason ?? ''} 改到`,
      };
    if (to.from < today) return refuse('move.past', `${sayDay(to.from, today)}已经过了`, '请改到今天以后');
    if (to.from < programme!.term.from || to.from > programme!.term.until)
      return refuse('schedule.outside', `${sayDay(to.from, today)}不在方案期内`);
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
        waitFor: `/改班 ${target} 改到 ${to.from}`,
      };
    }
    const moved = open.map(v => ({ v, halves: to.half ? halvesFrom(to.half) : { am: v.am, pm: v.pm } }));
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

const who = (f: Facts, v: Visit): string => f.people.get(v.person)?.name ?? '';

const HALF_WORDS = { am: ' 上午', pm: ' 下午', day: ' 全天' } as const;

/** A word that may be a name and is nobody's: neither taken for a reason, nor is somebody else's visit moved. */
const whoIsMeant = ({ args, today }: Asked<Args>, f: Facts, open: readonly Visit[], said: string): Decision => {
  const day = args.days![0]!.from;
  const to = args.to?.[0];
  const units = (args.clinics ?? []).map(c => f.orgs.get(c)?.name ?? '').filter(Boolean);
  const line = (whose: string, reason: string) =>
    ['/改班', day, whose, reason, ...(to ? [`改到 ${to.from}${to.half ? HALF_WORDS[to.half] : ''}`] : [])].filter(Boolean).join(' ');
  const people = [...new Set(open.map(v => v.person))].flatMap(id => f.people.get(id) ?? []);
  const reason = args.reason ?? '';
  const without = reason.replace(said, ' ').replace(/\s+/g, ' ').trim();
  const [only, ...others] = people;
  const asReason = units.length
    ? { whose: `全部 ${units.join(' ')}`, label: `“${said}”是原因，改${units.length > 1 ? '这些单位' : '这家'}的` }
    : only && !others.length
      ? { whose: only.name, label: `“${said}”是原因，改${only.name}` }
      : undefined;
  return {
    reply: {
      code: 'move.who',
      title: `没有叫“${said}”的医师，没有改`,
      tone: 'ask',
      lines: [
        `${sayDay(day, today)}有${people
          .slice(0, 5)
          .map(p => p.name)
          .join('、')}${people.length > 5 ? `等${people.length}人` : ''}的班`,
        asReason ? '点一下要改的，或写明医师再发' : '请写明医师再发；全都改写 全部',
      ],
      buttons: [
        ...mayBeMeant(said, people).map(p => ({ label: p.name, command: line(p.name, without) })),
        ...(asReason ? [{ label: asReason.label, command: line(asReason.whose, reason) }] : []),
      ],
    },
  };
};

interface Moved {
  v: Visit;
  halves: { am: boolean; pm: boolean };
}

/** The old visit is marked as moved and the new one takes its place; nobody counts as missing. */
const changesOf = (asked: Asked<Args>, moved: readonly Moved[], to: Day, reason: string | null): Change[] =>
  moved.flatMap(({ v, halves }, n) => {
    const id = numbered(asked.turn, n);
    const next = newVisit({
      id,
      programme: v.programme,
      county: v.county,
      person: v.person,
      clinic: v.clinic,
      hospital: v.hospital,
      posting: v.posting,
      type: v.type,
      ...halves,
      day: to,
      moved: v.id,
    });
    return [
      {
        table: 'visits' as const,
        id: v.id,
        to: { ...v, state: 'moved' as const, moved: id, reason },
        was: { state: v.state, checkedIn: null, presence: null },
      },
      { table: 'visits' as const, id, to: next },
    ];
  });

const movedCard = (asked: Asked<Args>, f: Facts, moved: readonly Moved[], to: Day, reason: string | null): Card => ({
  code: 'visit.moved',
  title: moved.length === 1 ? `${who(f, moved[0]!.v)}改到${sayDay(to, asked.today)}` : `${moved.length}班改到${sayDay(to, asked.today)}`,
  tone: 'urgent',
  lines: [
    ...moved.slice(0, 4).map(({ v }) => `${who(f, v)} ${shown(f.orgs.get(v.clinic))} 原${sayVisitDay(v, asked.today)}`),
    ...(reason ? [`原因：${reason}`] : []),
  ],
});

const toldAt = ({ now, calendar }: Asked<Args>, moved: readonly Moved[], to: Day): Instant =>
  newsTime(now, calendar, [to, ...moved.map(m => m.v.day)]);

const newsOf = (asked: Asked<Args>, f: Facts, moved: readonly Moved[], to: Day, reason: string | null): Outgoing[] => {
  const by = (key: 'person' | 'clinic' | 'hospital') => new Map(moved.map(m => [m.v[key], moved.filter(o => o.v[key] === m.v[key])]));
  const key = `moved/${asked.turn}`;
  const notBefore = toldAt(asked, moved, to);
  return [
    ...[...by('person')].map(
      ([person, own]): Outgoing => ({
        key: `${key}/p/${person}`,
        to: { person },
        class: 'news',
        about: 'person',
        notBefore,
        card: movedCard(asked, f, own, to, reason),
      }),
    ),
    ...[...by('clinic')].map(
      ([org, own]): Outgoing => ({
        key: `${key}/c/${org}`,
        to: { org, role: 'clinic' },
        class: 'news',
        about: 'unit',
        notBefore,
        card: { ...movedCard(asked, f, own, to, reason), lines: [...movedCard(asked, f, own, to, reason).lines, '请转告群众'] },
      }),
    ),
    ...[...by('hospital')].map(
      ([org, own]): Outgoing => ({
        key: `${key}/h/${org}`,
        to: { org, role: 'hospital' },
        class: 'news',
        about: 'unit',
        notBefore,
        card: movedCard(asked, f, own, to, reason),
      }),
    ),
  ];
};

const apply = (asked: Asked<Args>, f: Facts, moved: readonly Moved[], to: Day): Decision => {
  const reason = asked.args.reason ?? null;
  const card = movedCard(asked, f, moved, to, reason);
  const left = dropVisits(f.leaves, new Set(moved.map(m => m.v.id)));
  return {
    changes: [...changesOf(asked, moved, to, reason), ...left.changes],
    settles: [...moved.map(m => `visit/${m.v.id}`), ...left.topics],
    tell: [...newsOf(asked, f, moved, to, reason), ...mootNews(left.moot, asked.turn, { person: id => f.people.get(id)?.name ?? '' })],
    reply: {
      ...card,
      code: 'move.done',
      title: `已改：${card.title}`,
      tone: 'ok',
      lines: [...card.lines, sayTold('通知医师和双方单位', asked.now, toldAt(asked, moved, to))].slice(0, 6),
    },
  };
};

const joined = (all: readonly { am: boolean; pm: boolean }[]): { am: boolean; pm: boolean } => ({
  am: all.some(h => h.am),
  pm: all.some(h => h.pm),
});

/** The halves of one physician's day at one clinic. */
const journeysOf = (moved: readonly Moved[]): Moved[][] => {
  const key = ({ v }: Moved) => `${v.person} ${v.clinic} ${v.day}`;
  return [...new Set(moved.map(key))].map(k => moved.filter(m => key(m) === k));
};

/** Of a published month one side asks and the other side's button decides, for each journey on its own. */
const request = (asked: Asked<Args>, f: Facts, moved: readonly Moved[], to: Day, sideOf: (v: Visit) => 'hospital' | 'clinic'): Decision => {
  const { turn, actor, args, today, now } = asked;
  const requests = journeysOf(moved).map((journey, n) => {
    const { v } = journey[0]!;
    const side = sideOf(v);
    const halves = joined(journey.map(m => m.halves));
    const move: Move = {
      id: numbered(turn, n),
      visit: v.id,
      toDay: to,
      ...halves,
      reason: args.reason ?? '',
      by: actor.person!.id,
      waitsFor: side === 'hospital' ? v.clinic : v.hospital,
      state: 'waiting',
    };
    const line = `${who(f, v)} ${shown(f.orgs.get(v.clinic))} ${sayVisitDay({ day: v.day, ...joined(journey.map(m => m.v)) }, today)} → ${sayVisitDay({ day: to, ...halves }, today)}`;
    return { move, line, side, by: shown(f.orgs.get(side === 'hospital' ? v.hospital : v.clinic)) };
  });
  const lines = requests.map(r => r.line);
  return {
    changes: requests.map(({ move }) => ({ table: 'moves', id: move.id, to: move })),
    tell: requests.map(({ move, line, side, by }) => ({
      key: `move/${move.id}`,
      topic: `move/${move.id}`,
      to: { org: move.waitsFor, role: side === 'hospital' ? 'clinic' : 'hospital' },
      class: 'news',
      about: 'unit',
      notBefore: toldAt(asked, moved, to),
      card: {
        code: 'move.asked',
        title: '请答复：改期',
        tone: 'ask',
        lines: [line, `原因：${move.reason}`, `${by}提出`],
        buttons: [
          { label: '同意', command: `/改班 同意 ${move.id}`, style: 'primary' },
          { label: '不同意', command: `/改班 不同意 ${move.id}` },
        ],
      },
    })),
    reply: {
      code: 'move.waiting',
      title: sayTold(
        `请${[...new Set(requests.map(r => shown(f.orgs.get(r.move.waitsFor))))].join('、')}答复`,
        now,
        toldAt(asked, moved, to),
      ),
      tone: 'ok',
      lines: [...lines.slice(0, 4), ...(lines.length > 4 ? [`等${lines.length}班`] : []), '对方同意后才改，原班次先不变'],
    },
  };
};

const answer = (asked: Asked<Args>, f: Facts): Decision => {
  const { move } = f;
  const { actor, today, args } = asked;
  const v = f.visits[0];
  if (!move || !v) return refuse('move.unknown', '没有这个改期申请', '发 /待办 看等您的事');
  if (
    !actor.grants.some(g => g.org === move.waitsFor && (g.role === 'hospital' || g.role === 'clinic')) &&
    !actor.grants.some(g => g.role === 'bureau' && g.county === v.county)
  )
    return { ...refuse('move.not-yours', '这件事不由您答复'), private: true };
  if (actor.person?.id === move.by) return { ...refuse('move.own', '不能答复自己提的', '请由另一方答复'), private: true };
  if (move.state !== 'waiting' || v.state !== 'on' || v.checkedIn !== null)
    return {
      reply: {
        code: 'move.settled',
        title: '这件事已经有结果',
        tone: 'info',
        lines: [`${who(f, v)} ${sayVisitDay(v, today)}${v.state === 'moved' ? ' 已改期' : ''}`],
      },
    };
  const to = move.toDay!;
  const settled = (state: Move['state']): Change => ({ table: 'moves', id: move.id, to: { ...move, state }, was: { state: 'waiting' } });
  const line = `${who(f, v)} ${shown(f.orgs.get(v.clinic))} ${sayVisitDay(v, today)} → ${sayDay(to, today)}`;
  if (args.answer === 'refuse') {
    return {
      changes: [settled('refused')],
      settles: [`move/${move.id}`],
      tell: [
        {
          key: `move/${move.id}/refused`,
          to: { person: move.by },
          class: 'news',
          about: 'person',
          card: { code: 'move.refused', title: '改期没有同意', tone: 'no', lines: [line, '原班次不变'] },
        },
      ],
      reply: { code: 'move.refused', title: '已答复不同意', tone: 'ok', lines: [line, '原班次不变'] },
    };
  }
  // The other half of the same journey goes with it.
  const journey = f.around.filter(
    o =>
      o.person === v.person && o.clinic === v.clinic && o.day === v.day && o.state === 'on' && o.checkedIn === null && o.presence === null,
  );
  const moved = journey.map(o => ({ v: o, halves: journey.length === 1 ? { am: move.am, pm: move.pm } : { am: o.am, pm: o.pm } }));
  const taken = moved
    .map(m =>
      clash(
        f.around.filter(o => o.person === v.person && o.day === to && !journey.includes(o)),
        m.halves,
      ),
    )
    .find(x => x);
  if (taken) return refuse('schedule.clash', `${sayDay(to, today)}已另有班次，不能改到这天`, '请双方另约日子');
  const left = dropVisits(f.leaves, new Set(journey.map(o => o.id)));
  return {
    changes: [...changesOf(asked, moved, to, move.reason), settled('agreed'), ...left.changes],
    settles: [`move/${move.id}`, ...journey.map(o => `visit/${o.id}`), ...left.topics],
    tell: [...newsOf(asked, f, moved, to, move.reason), ...mootNews(left.moot, asked.turn, { person: id => f.people.get(id)?.name ?? '' })],
    reply: {
      code: 'move.agreed',
      title: '已同意改期',
      tone: 'ok',
      lines: [line, sayTold('通知医师和双方单位', asked.now, toldAt(asked, moved, to))],
    },
  };
};
