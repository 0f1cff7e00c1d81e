/** /核实 — the clinic's word on who was there: every planned and unplanned visit of the day, checked in or not. */
import { z } from 'zod';
import { type Asked, type Decision, defineCommand, isRefusal, orgsAs, refuse } from '../src/bot/command.ts';
import { actsFor, mayVerifyFor } from '../src/bot/scope.ts';
import { newCase } from '../src/core/absence.ts';
import { type Card, type Outgoing, pointer } from '../src/core/card.ts';
import { fileOfPaper } from '../src/core/check-in-paper.ts';
import { addDays, type Day, parseDay, sayDay, timeOf } from '../src/core/day.ts';
import { sayFigures } from '../src/core/figure-words.ts';
import { type Case, type Change, type CheckIn, numbered, type Org, type Person, type Visit, type Workload } from '../src/core/records.ts';
import { verifyButtons } from '../src/core/verify-buttons.ts';
import { clash, compareIds, dayChanges, newVisit, sayHalves, VISIT_TYPE_NAMES } from '../src/core/visit.ts';
import { cite } from '../src/programmes/schema.ts';

const args = z.object({
  days: z.array(z.object({ from: z.string().transform(d => parseDay(d)!), to: z.string() })).optional(),
  clinic: z.string().optional(),
  visit: z.string().optional(),
  person: z.string().optional(),
  all: z.literal('all').optional(),
  verdict: z.enum(['present', 'not-there', 'moved', 'on-the-way']).optional(),
  look: z.literal('paper').optional(),
  reason: z.string().max(200).optional(),
});
type Args = z.infer<typeof args>;

interface Facts {
  /** Visits concerned: of the named record, or of the clinic's day. */
  visits: Visit[];
  /** Every visit of the same people on the days concerned, for the doctor-day flag and for clashes. */
  around: Visit[];
  people: Map<string, Person>;
  orgs: Map<string, Org>;
  clinic: Org | undefined;
  /** Check-ins of the day that somebody entered for another with paper beside. */
  papers: CheckIn[];
  /** Cases of these people on the day. */
  cases: Case[];
  /** What was reported of their day at this clinic. */
  workloads: Workload[];
  /** Days before that wait for the clinic's word, where the asker named no day and today has no visit. */
  earlier: Day[];
  day: Day;
  newDay: Day | undefined;
}

/** How far back a day that nobody asked for is offered. */
const BACK = 31;

const shown = (org: Org | undefined): string => org?.names[0] ?? org?.name ?? '';

const evidence = (v: Visit): string => {
  if (v.presence === 'present') return v.verifiedAs === 'stand-in' ? '已核实在岗（代核）' : '已核实在岗';
  if (v.presence === 'not-there') return '受援单位反映未到，待核实';
  if (v.checkedIn === null && v.onTheWay !== null) return '在路上';
  return v.checkedIn === null ? '没有签到记录' : `${timeOf(v.checkedIn)}签到`;
};

export default defineCommand<Args, Facts>({
  name: '核实',
  aliases: ['确认在岗', 'hs', 'heshi', 'verify'],
  summary: '受援单位核实谁来了',
  usage: '/核实 [日期] [医师|编号|全部] [在岗|没到|已改期] [理由]',
  examples: ['/核实', '/核实 4月10日 全部 在岗', '/核实 张三 没到'],
  slots: {
    days: { kind: 'dates', prefer: 'past' },
    visit: { kind: 'ref' },
    person: { kind: 'person' },
    clinic: { kind: 'org' },
    all: { kind: 'choice', words: { 全部: 'all', 都: 'all', 所有: 'all' } },
    look: { kind: 'choice', words: { 看签到单: 'paper', 签到单: 'paper' } },
    verdict: {
      kind: 'choice',
      words: {
        在岗: 'present',
        到了: 'present',
        已到: 'present',
        没到: 'not-there',
        未到: 'not-there',
        没来: 'not-there',
        已改期: 'moved',
        改期: 'moved',
        在路上: 'on-the-way',
        在路上了: 'on-the-way',
        路上: 'on-the-way',
      },
    },
    reason: { kind: 'rest' },
  },
  args,
  needsProgramme: true,

  async facts(read, { args, actor, today, conversation }) {
    const held = orgsAs(actor, 'clinic');
    const headed = held.length ? [] : orgsAs(actor, 'head');
    const own = headed.length ? (await read.all('orgs', { id: headed, kind: 'clinic' })).map(o => o.id) : held;
    const typedDay = args.days?.[0]?.from;
    const named = args.visit ? await read.get('visits', args.visit) : undefined;
    const day = named?.day ?? typedDay ?? today;
    const groupClinic = conversation.group?.orgs.length === 1 ? conversation.group.orgs[0] : undefined;
    const theirs = args.person && !args.clinic && !own.length ? await read.all('visits', { person: args.person, day, state: 'on' }) : [];
    const only = new Set(theirs.map(v => v.clinic)).size === 1 ? theirs[0]!.clinic : undefined;
    const clinicId = named?.clinic ?? args.clinic ?? (own.length === 1 ? own[0] : (only ?? groupClinic));
    const of = clinicId ? await read.all('visits', { clinic: clinicId, day, state: 'on' }) : [];
    // A number that names nothing is never taken for the whole day.
    const visits = args.visit ? (named ? [named] : []) : args.person ? of.filter(v => v.person === args.person) : of;
    const ids = [...new Set(of.concat(visits).map(v => v.person))];
    const newDay = args.verdict === 'moved' && named ? typedDay : undefined;
    const around = ids.length ? await read.all('visits', { person: ids, day: newDay ? [day, newDay] : day }) : [];
    const people = ids.length ? await read.all('people', { id: ids }) : [];
    const orgIds = [...new Set([...(clinicId ? [clinicId] : []), ...of.concat(visits).flatMap(v => [v.clinic, v.hospital])])];
    const orgs = orgIds.length ? await read.all('orgs', { id: orgIds }) : [];
    const unasked = clinicId && !of.length && !typedDay && !args.visit && !args.person && !args.verdict;
    const before = unasked
      ? await read.all(
          'visits',
          { clinic: clinicId, state: 'on', presence: null, day: { from: addDays(today, -BACK), to: today } },
          { by: 'day' },
        )
      : [];
    return {
      visits: visits.sort((a, b) => compareIds(a.id, b.id)),
      around,
      people: new Map(people.map(p => [p.id, p])),
      orgs: new Map(orgs.map(o => [o.id, o])),
      clinic: orgs.find(o => o.id === clinicId),
      papers: ids.length ? (await read.all('checkIns', { person: ids, day })).filter(c => c.paper !== null) : [],
      workloads: clinicId && ids.length ? await read.all('workloads', { clinic: clinicId, day, person: ids }) : [],
      cases: ids.length && args.verdict ? await read.all('cases', { person: ids, day }) : [],
      earlier: [...new Set(before.filter(v => mayVerifyFor(actor, v) !== 'no' && mayVerifyFor(actor, v) !== 'own').map(v => v.day))],
      day,
      newDay,
    };
  },

  decide(asked) {
    const decision = weigh(asked);
    const shared = asked.conversation.kind === 'group' && asked.conversation.group?.orgs.length !== 1;
    const only = asked.conversation.group?.orgs[0];
    const { clinic, visits } = asked.facts;
    const theirs = only === clinic?.id || only === clinic?.county || visits.some(v => v.hospital === only);
    // Who was there is a matter of persons: in a group of several units, or of another one, it is said in direct chat.
    return (shared || (asked.conversation.kind === 'group' && !theirs)) && !isRefusal(decision)
      ? { ...decision, replyIn: 'direct' }
      : decision;
  },
});

const weigh = (asked: Asked<Args> & { facts: Facts }): Decision => {
  const { args, facts, actor, today } = asked;
  if (args.visit && !facts.visits.length) return refuse('verify.no-visit', `没有编号 ${args.visit} 的班次`, '发 /核实 看今天的');
  if (!facts.clinic) return refuse('verify.which-clinic', '请写明哪一家', '例：/核实 青山卫生院');
  if (facts.day > today) return refuse('verify.future', `${sayDay(facts.day)}还没到`, '当天起才能核实；看今天的发 /核实');
  const mine = actsFor(actor, facts.clinic, ['clinic', 'general', 'bureau']) || facts.visits.some(v => mayVerifyFor(actor, v) !== 'no');
  if (!mine)
    return {
      ...refuse('verify.not-yours', `不能核实${shown(facts.clinic)}`, '只有该单位、其支援单位、总医院或卫健局可以'),
      private: true,
    };
  if (args.look) return paperCard(asked, facts);
  if (!args.verdict) return { reply: listCard(asked, facts) };
  if (!args.all && !args.visit && !args.person && new Set(facts.visits.map(v => v.person)).size > 1)
    return { reply: listCard(asked, facts) };
  return settle(asked, facts);
};

/** The day's visits with a button for each answer. */
const listCard = (asked: Asked<Args>, { visits, people, clinic, day, earlier, papers, workloads }: Facts): Card => {
  const open = visits.filter(v => v.presence === null);
  const shows = (v: Visit) => papers.some(c => c.visit === v.id) && mayVerifyFor(asked.actor, v) !== 'no';
  const figures = asked.programme?.workload?.figures ?? [];
  // Figures that came after the clinic's word on presence wait for it too.
  const unseen = visits.filter(v => v.presence === 'present' && workloads.some(w => w.person === v.person && w.verifiedAt === null));
  const buttons = [
    ...verifyButtons(open, day, clinic?.name ?? '', p => people.get(p)?.name ?? ''),
    ...[...new Map(unseen.map(v => [v.person, v])).values()].map(v => ({
      label: `${people.get(v.person)?.name ?? ''} 数字无误`,
      command: `/核实 ${v.id} 在岗`,
    })),
    ...earlier.slice(0, 4).map(d => ({ label: `核实${sayDay(d)}`, command: `/核实 ${d} ${clinic?.name ?? ''}` })),
    ...visits.filter(shows).map(v => ({ label: `看${people.get(v.person)?.name ?? ''}签到单`, command: `/核实 ${v.id} 看签到单` })),
  ];
  /** A day's figures stand beside the first of its visits. */
  const reported = (v: Visit): string => {
    const w = workloads.find(x => x.person === v.person);
    if (!w || visits.find(x => x.person === v.person) !== v) return '';
    return `；${sayFigures(figures, w)}${w.verifiedAt === null && v.presence === 'present' ? '（待核实）' : ''}`;
  };
  return {
    code: open.length ? 'verify.list' : visits.length ? 'verify.all-done' : 'verify.none',
    title: visits.length ? `${shown(clinic)} ${sayDay(day, asked.today)}` : `${shown(clinic)} ${sayDay(day, asked.today)}没有班次`,
    tone: open.length || earlier.length ? 'ask' : 'info',
    lines: visits
      .map(
        v =>
          `${people.get(v.person)?.name} ${sayHalves(v)}${VISIT_TYPE_NAMES[v.type]}${v.planned ? '' : '（临时）'}：${evidence(v)}${papers.some(c => c.visit === v.id) ? '（代签，有签到单）' : ''}${reported(v)}`,
      )
      .concat(earlier.length ? [`以前还没核实：${earlier.map(d => sayDay(d, asked.today)).join('、')}`] : [])
      .concat(workloads.length ? ['数字不对发：/改报 姓名 诊疗28 原因：…'] : []),
    ...(buttons.length ? { buttons } : {}),
  };
};

/** The paper behind a check-in: to those who verify it and to the physician, in direct chat. */
const paperCard = ({ actor, today }: Asked<Args>, { visits, papers, people }: Facts): Decision => {
  const visit = visits[0];
  const paper = papers.find(c => c.visit === visit?.id)?.paper;
  if (!visit || !paper) return refuse('verify.no-paper', '这一班没有附签到单', '发 /核实 看当天的');
  if (mayVerifyFor(actor, visit) === 'no')
    return { ...refuse('verify.not-yours', '看不了这张签到单', '只有本人、受援单位、其支援单位、总医院或卫健局能看'), private: true };
  const who = people.get(visit.person)?.name ?? '';
  return {
    reply: {
      code: 'verify.paper',
      title: `${who} ${sayDay(visit.day, today)}的签到单`,
      tone: 'info',
      lines: ['代签时附上的'],
      file: fileOfPaper(paper, `签到单-${who}-${visit.day}`),
    },
    replyIn: 'direct',
  };
};

const settle = (asked: Asked<Args>, facts: Facts): Decision => {
  const { args, actor, now, today, settings } = asked;
  const verdict = args.verdict!;
  const late = verdict === 'present' && !args.all ? figuresOnly(asked, facts) : undefined;
  if (late) return late;
  const settled = verdict === 'moved' ? [] : facts.visits.filter(v => v.presence === verdict);
  const open = facts.visits
    .filter(v => v.state === 'on' && (verdict === 'moved' || v.presence !== verdict) && (verdict !== 'on-the-way' || v.presence === null))
    .filter(v => !args.all || v.presence === null);
  const gone = facts.visits.find(v => v.state !== 'on');
  if (!open.length && gone) return refuse('verify.moved-away', '这个班次已改期或取消', '发 /核实 看现在的');
  if (!open.length) {
    const first = settled[0];
    return {
      reply: {
        code: 'verify.already',
        title: first ? '已经核实过' : '没有要核实的',
        tone: 'info',
        lines: first
          ? [`${facts.people.get(first.person)?.name} ${sayDay(first.day)}：${evidence(first)}`]
          : [
              `${shown(facts.clinic)}${sayDay(facts.day, today)}没有待核实的班次`,
              ...(args.reason && !args.person && !args.all ? [`没认出“${args.reason}”，请写医师全名`] : []),
              '发 /核实 日期 看那天的',
            ],
      },
    };
  }
  const may = open.map(v => mayVerifyFor(actor, v));
  if (may.includes('own')) return refuse('verify.own', '不能核实自己', '请由副岗或单位负责人核实');
  if (may.includes('no'))
    return { ...refuse('verify.not-yours', '不能核实这个班次', '只有受援单位、其支援单位、总医院或卫健局可以'), private: true };
  const standIn = may.includes('stand-in');
  const what = args.all ? `${facts.day} ${facts.clinic?.name} 全部` : (args.visit ?? open[0]!.id);
  const word = { present: '在岗', 'not-there': '没到', moved: '已改期', 'on-the-way': '在路上' }[verdict];
  if (standIn && !args.reason) {
    return {
      reply: { code: 'verify.reason', title: '代核请写理由', tone: 'ask', lines: ['直接回复理由，如：专人请假', '发 取消 不办'] },
      waitFor: `/核实 ${what} ${word}`,
    };
  }
  if (verdict === 'moved') return moveAway(asked, facts, open[0]!);
  if (verdict === 'on-the-way') return onTheWay(asked, facts, open);

  const halfCounts = settings.get('half-day') === '是';
  const mark = (v: Visit): Visit =>
    open.some(o => o.id === v.id)
      ? {
          ...v,
          presence: verdict,
          verifiedBy: actor.person!.id,
          verifiedAt: now,
          verifiedAs: standIn ? 'stand-in' : 'clinic',
          reason: standIn ? (args.reason ?? v.reason) : v.reason,
        }
      : v;
  const persons = [...new Set(open.map(v => v.person))];
  const cases = verdict === 'present' ? closed(facts, persons) : opened(asked, facts, open);
  const changes: Change[] = persons.flatMap(p => {
    const day = facts.around.filter(v => v.person === p && v.day === facts.day);
    return dayChanges(day, day.map(mark), halfCounts);
  });
  const names = persons.map(p => facts.people.get(p)?.name).join('、');
  const left = facts.around.filter(
    v => v.clinic === facts.clinic!.id && v.day === facts.day && v.state === 'on' && v.presence === null && !open.some(o => o.id === v.id),
  );
  return {
    changes: [
      ...changes,
      ...cases.changes,
      ...(verdict === 'present' ? verifiedFigures(asked, facts, persons) : openFigures(facts, persons)),
    ],
    settles: [...(left.length ? [] : [`verify/${facts.clinic!.id}/${facts.day}`]), ...open.map(v => `presence/${v.id}`), ...cases.settles],
    tell: verdict === 'not-there' ? open.flatMap(v => notThere(asked, facts, v, cases.made.get(v.id))) : [],
    reply: {
      code: verdict === 'present' ? 'verify.done' : 'verify.not-there',
      title: verdict === 'present' ? `已核实 ${names} 在岗` : `已上报 ${names} 未到`,
      tone: verdict === 'present' ? 'ok' : 'info',
      lines: [
        `${shown(facts.clinic)} ${sayDay(facts.day, today)}${standIn ? '（代核）' : ''}`,
        ...(verdict === 'present'
          ? [...(open.some(v => v.checkedIn === null) ? ['没签到的按受援单位登记'] : []), ...reportedLines(asked, facts, persons)]
          : ['已告知支援单位、总医院和卫健局，待核实', '误点了发 /撤销']),
        ...(left.length ? [`还有${new Set(left.map(v => v.person)).size}人没核实，发 /核实`] : []),
      ],
    },
  };
};

/** 在岗 covers the day's figures: they are verified with it. */
const verifiedFigures = ({ actor, now }: Asked<Args>, facts: Facts, persons: readonly string[]): Change[] =>
  facts.workloads
    .filter(w => persons.includes(w.person) && w.verifiedAt === null)
    .map(w => ({
      table: 'workloads' as const,
      id: w.id,
      to: { ...w, verifiedBy: actor.person!.id, verifiedAt: now },
      was: { at: w.at, verifiedAt: null },
    }));
/** Without the clinic's word that somebody was there, nobody has verified what was done there. */
const openFigures = (facts: Facts, persons: readonly string[]): Change[] =>
  facts.workloads
    .filter(w => persons.includes(w.person) && w.verifiedAt !== null)
    .map(w => ({
      table: 'workloads' as const,
      id: w.id,
      to: { ...w, verifiedBy: null, verifiedAt: null },
      was: { at: w.at, verifiedAt: w.verifiedAt },
    }));
const reportedLines = ({ programme }: Asked<Args>, facts: Facts, persons: readonly string[]): string[] => {
  const figures = programme?.workload?.figures ?? [];
  const several = persons.length > 1;
  const reported = facts.workloads.filter(w => persons.includes(w.person));
  return reported.length > 2
    ? [`工作量一并核实 ${reported.length}人`]
    : reported.map(w => `工作量 ${several ? `${facts.people.get(w.person)?.name}：` : ''}${sayFigures(figures, w)}`);
};
/** Presence stood already; only figures that came later are still open. */
const figuresOnly = (asked: Asked<Args>, facts: Facts): Decision | undefined => {
  const { actor, args, today } = asked;
  const there = facts.visits.filter(v => v.state === 'on' && v.presence === 'present');
  const persons = [...new Set(there.map(v => v.person))];
  const open = verifiedFigures(asked, facts, persons);
  if (!open.length || there.length !== facts.visits.length) return undefined;
  const may = there.map(v => mayVerifyFor(actor, v));
  if (may.includes('own')) return refuse('verify.own', '不能核实自己', '请由副岗或单位负责人核实');
  if (may.includes('no') || (may.includes('stand-in') && !args.reason)) return undefined;
  return {
    changes: open,
    reply: {
      code: 'verify.figures',
      title: `已核实 ${persons.map(p => facts.people.get(p)?.name).join('、')} 的工作量`,
      tone: 'ok',
      lines: [`${shown(facts.clinic)} ${sayDay(facts.day, today)}`, ...reportedLines(asked, facts, persons)],
    },
  };
};

/** The clinic has heard from the physician: the question is answered, and nothing is verified yet. */
const onTheWay = ({ now, today }: Asked<Args>, facts: Facts, open: readonly Visit[]): Decision => ({
  changes: open.map(v => ({ table: 'visits' as const, id: v.id, to: { ...v, onTheWay: now }, was: { presence: null } })),
  settles: open.map(v => `presence/${v.id}`),
  reply: {
    code: 'verify.on-the-way',
    title: `记下了：${[...new Set(open.map(v => facts.people.get(v.person)?.name ?? ''))].join('、')}在路上`,
    tone: 'ok',
    lines: [`${shown(facts.clinic)} ${sayDay(facts.day, today)}`, '到了请发 /核实'],
  },
});

interface Cases {
  changes: Change[];
  settles: string[];
  /** New cases, by visit. */
  made: Map<string, Case>;
}
/** The clinic's report opens a case, one for each person and day. */
const opened = (asked: Asked<Args>, facts: Facts, open: readonly Visit[]): Cases => {
  const out: Cases = { changes: [], settles: [], made: new Map() };
  for (const visit of open) {
    const there = [...facts.cases, ...out.made.values()].some(
      c => c.person === visit.person && c.day === visit.day && c.state !== 'closed',
    );
    if (there || !asked.programme?.absence) continue;
    const c = newCase(visit, 'report', null, asked, numbered(asked.turn, out.changes.length));
    out.changes.push({ table: 'cases', id: c.id, to: c });
    out.made.set(visit.id, c);
  }
  return out;
};
/** Corrected to 在岗: a case that nobody has weighed is closed. */
const closed = (facts: Facts, persons: readonly string[]): Cases => {
  const open = facts.cases.filter(c => persons.includes(c.person) && c.state === 'open');
  return {
    changes: open.map(c => ({
      table: 'cases' as const,
      id: c.id,
      to: { ...c, state: 'closed' as const },
      was: { state: 'open' as const },
    })),
    settles: open.flatMap(c => [`case-hear/${c.id}`, `case-weigh/${c.id}`, `not-there/${c.visit}`]),
    made: new Map(),
  };
};

/** The clinic says it was moved: to which day? Both sides hear of it. */
const moveAway = (asked: Asked<Args>, facts: Facts, visit: Visit): Decision => {
  const { today, turn, settings } = asked;
  const name = facts.people.get(visit.person)?.name ?? '';
  if (!facts.newDay) {
    return {
      reply: {
        code: 'verify.moved-to',
        title: `${name}改到哪天？`,
        tone: 'ask',
        lines: ['直接回复日期，如：4月19日 上午', '发 取消 不办'],
      },
      waitFor: `/核实 ${visit.id} 已改期`,
    };
  }
  if (facts.newDay === visit.day) return refuse('verify.same-day', '改到的日期和原来一样', `原来就是${sayDay(visit.day)}`);
  const taken = clash(
    facts.around.filter(v => v.person === visit.person && v.day === facts.newDay),
    visit,
  );
  if (taken)
    return refuse(
      'verify.clash',
      `${name}${sayDay(facts.newDay)}已有班次`,
      '请换一天',
      `例：/核实 ${visit.id} 已改期 ${addDays(facts.newDay, 1)}`,
    );
  const to = newVisit({
    ...visit,
    id: String(turn),
    day: facts.newDay,
    state: 'on',
    moved: visit.id,
    checkedIn: null,
    tally: null,
    tallyHalf: false,
    presence: null,
  });
  const day = facts.around.filter(v => v.person === visit.person && v.day === visit.day);
  const halfCounts = settings.get('half-day') === '是';
  const card = (code: string): Card => ({
    code,
    title: `${name}改到${sayDay(to.day, today)}`,
    tone: 'info',
    lines: [`${shown(facts.clinic)}，原${sayDay(visit.day, today)}${sayHalves(visit)}`, '由受援单位登记'],
  });
  return {
    changes: [
      ...dayChanges(
        day,
        day.map(v => (v.id === visit.id ? { ...v, state: 'moved' as const, moved: to.id } : v)),
        halfCounts,
      ),
      { table: 'visits', id: to.id, to },
    ],
    settles: [`visit/${visit.id}`],
    tell: [
      { key: `moved/${visit.id}/physician`, to: { person: visit.person }, class: 'news', about: 'person', card: card('visit.moved') },
      {
        key: `moved/${visit.id}/hospital`,
        to: { org: visit.hospital, role: 'hospital' },
        class: 'news',
        about: 'unit',
        card: card('visit.moved'),
      },
    ],
    reply: card('verify.moved'),
  };
};

/** A5.9: the clinic's report goes to hospital, general hospital and bureau; the physician hears of it too. */
const notThere = (asked: Asked<Args>, facts: Facts, visit: Visit, c: Case | undefined): Outgoing[] => {
  const hearing = c ? [`有情况请在${sayDay(c.hearUntil, asked.today)}前发：/说明 ${c.id} 情况`] : [];
  const report = asked.programme?.presence?.report;
  const name = facts.people.get(visit.person)?.name ?? '';
  const card: Card = {
    code: 'presence.reported',
    title: `受援单位反映未到，待核实：${name}`,
    tone: 'urgent',
    lines: [
      `${shown(facts.clinic)} ${sayDay(visit.day, asked.today)}${sayHalves(visit)}`,
      visit.checkedIn === null ? '没有签到记录' : `本人${timeOf(visit.checkedIn)}签到过，请核对`,
      ...(report && asked.programme ? [cite(asked.programme, report)] : []),
    ],
  };
  const hospital: Card = { ...card, lines: [...card.lines, ...hearing] };
  const own: Card = {
    code: 'presence.reported-you',
    title: `${shown(facts.clinic)}反映您${sayDay(visit.day, asked.today)}未到`,
    tone: 'urgent',
    lines: ['这只是反映，尚未认定', '您到了或另有安排，请联系受援单位更正', ...hearing],
  };
  const key = `not-there/${visit.id}/${asked.turn}`;
  const base = { class: 'news', about: 'person', topic: `not-there/${visit.id}` } as const;
  return [
    { ...base, key: `${key}/hospital`, to: { org: visit.hospital, role: 'hospital' }, card: hospital },
    { ...base, key: `${key}/general`, to: { org: visit.county, role: 'general' }, card },
    {
      ...base,
      key: `${key}/bureau`,
      to: { org: visit.county, role: 'bureau', office: asked.programme?.supervision?.hospitals.office ?? '医政股' },
      card,
    },
    { ...base, key: `${key}/physician`, to: { person: visit.person }, card: own, inGroup: pointer(name) },
  ];
};
