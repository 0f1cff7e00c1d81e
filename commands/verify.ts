/** /核实 — the clinic's word on who was there: every planned and unplanned visit of the day, checked in or not. */

import { type Asked, type Decision, defineCommand, isRefusal, orgsAs, refuse } from '../src/bot/command.ts';
import { openLeavesOn } from '../src/bot/leaves.ts';
import type { Read } from '../src/bot/ports.ts';
import { whatStillHolds } from '../src/bot/programmes.ts';
import { actsFor, mayVerifyFor } from '../src/bot/scope.ts';
import { unverified } from '../src/bot/unverified.ts';
import { type Day, daysIn, sayDay } from '../src/core/day.ts';
import { shownOrg } from '../src/core/org-names.ts';
import { whoHeard } from '../src/core/presence-news.ts';
import type { Change, Report, Visit } from '../src/core/records.ts';
import { compareIds, dayChanges, overWith, sayHalves } from '../src/core/visit.ts';
import { takePeriod } from '../src/core/words/periods.ts';
import { calledBySurname, mayBeName } from '../src/core/words/strangers.ts';
import { type Args, args, evidence, type Facts, listCard, paperCard } from './verify/day.ts';
import { figuresOnly, openFigures, reportedLines, verifiedFigures } from './verify/figures.ts';
import { halvesOf, isIn, sayHalf, stillReported, typedDay, wholeDay } from './verify/halves.ts';
import { moveAway } from './verify/moved.ts';
import { closed, correctedNews, notThere, opened } from './verify/not-there.ts';
import { openLeaveLines, openLeaveNews, pendingLeaves, pendingMoves } from './verify/open-leave.ts';
import { howItStands } from './verify/settled.ts';
import { MOST_DAYS, severalDays } from './verify/several.ts';
import { waitingIn, whichClinic } from './verify/which-clinic.ts';

export default defineCommand<Args, Facts>({
  name: '核实',
  aliases: ['确认在岗', 'hs', 'heshi', 'verify'],
  sayings: [
    /^(?:全部?|都)[在到](?:岗|的|了|呢|$)|没[到来]|谁.{0,2}[到来]|^人?(?:都|已经?)*[到来]齐?了/,
    /^(?<behind>(?![我你您他她咱们都也已刚今昨明现人没不谁有])(?!.{0,3}[签忘补])\p{Script=Han}{2,4}(?:今天)?(?:[上下]午)?(?:在岗|[到来]了))[啦呢]?$/u,
    /^(?:(?:[今昨前]天|(?:\d{1,2}月)?\d{1,2}[日号])(?:[上下]午)?(?![我你您他她咱们都也已刚人没不谁有])\p{Script=Han}{2,4}|(?![我你您他她咱们让叫请])\p{Script=Han}{2,4}(?:[昨前]天|(?:\d{1,2}月)?\d{1,2}[日号])(?:[上下]午)?)(?:在岗|[到来]过?了?)[啦呢]?$/u,
  ],
  daily: ['clinic', 'head'],
  summary: '受援单位核实谁来了',
  usage: '/核实 [日期…] [上午|下午] [医师|编号|全部] [在岗|没到|已改期] [理由]',
  examples: ['/核实', '/核实 4月10日 全部 在岗', '/核实 张三 没到', '/核实 张三 下午 没到'],
  slots: {
    days: { kind: 'dates', prefer: 'past' },
    half: { kind: 'half' },
    visit: { kind: 'ref' },
    person: { kind: 'person' },
    clinic: { kind: 'org' },
    all: { kind: 'choice', words: { 全部: 'all', 都: 'all', 所有: 'all' } },
    look: { kind: 'choice', words: { 看签到单: 'paper', 签到单: 'paper' } },
    correct: { kind: 'choice', words: { 更正: 'correct' } },
    verdict: {
      kind: 'choice',
      words: {
        在岗: 'present',
        到了: 'present',
        来了: 'present',
        到岗: 'present',
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
    reason: { kind: 'rest', personal: true },
  },
  args,
  needsProgramme: true,
  asksFreely: true,
  async concerns(read, { visit, days }, { programme }) {
    const named = visit ? await read.get('visits', visit) : undefined;
    return named ? [named.day] : days ? days.flatMap(d => [d.from, d.to]) : whatStillHolds(programme);
  },

  async facts(read, asked) {
    const { args } = asked;
    const days = args.visit ? [] : daysNamed(args);
    const first = await factsOfDay(read, asked);
    if (days.length < 2 || days.length > MOST_DAYS) return first;
    const each: Facts[] = [];
    for (const d of days) each.push(await factsOfDay(read, { ...asked, args: { ...args, days: [{ from: d, to: d }] } }));
    return { ...first, each };
  },

  decide(asked) {
    const days = daysNamed(asked.args);
    const decision = days.length < 2 ? (wholeMonth(asked) ?? weigh(asked)) : weighDays(asked, days);
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

/** All that is known of the day named, or of today. */
const factsOfDay = async (read: Read, { args, actor, today, conversation, programmes }: Asked<Args>): Promise<Facts> => {
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
  const theDay = args.visit ? (named ? [named] : []) : args.person ? of.filter(v => v.person === args.person) : of;
  const visits = args.visit ? theDay : theDay.filter(v => isIn(args.half, v));
  const ids = [...new Set(of.concat(visits).map(v => v.person))];
  const newDay = args.verdict === 'moved' && named ? typedDay : undefined;
  const around = ids.length ? await read.all('visits', { person: ids, day: newDay ? [day, newDay] : day }) : [];
  const people = ids.length ? await read.all('people', { id: ids }) : [];
  const orgIds = [...new Set([...(clinicId ? [clinicId] : []), ...of.concat(visits).flatMap(v => [v.clinic, v.hospital])])];
  const orgs = orgIds.length ? await read.all('orgs', { id: orgIds }) : [];
  const hospitals = orgsAs(actor, 'hospital');
  const sends = clinicId !== undefined && hospitals.length > 0 && !of.length;
  const unasked = clinicId && !of.length && !typedDay && !args.visit && !args.person && !args.verdict;
  const before = unasked ? await unverified(read, [clinicId], programmes, today) : [];
  return {
    visits: visits.sort((a, b) => compareIds(a.id, b.id)),
    around,
    people: new Map(people.map(p => [p.id, p])),
    orgs: new Map(orgs.map(o => [o.id, o])),
    clinic: orgs.find(o => o.id === clinicId),
    elsewhere: clinicId === undefined && !args.visit ? await waitingIn(read, actor, day) : [],
    sends: sends && (await read.first('postings', { clinic: clinicId, hospital: hospitals })) !== undefined,
    papers: ids.length ? (await read.all('checkIns', { person: ids, day })).filter(c => c.paper !== null) : [],
    workloads: clinicId && ids.length ? await read.all('workloads', { clinic: clinicId, day, person: ids }) : [],
    reports: args.verdict ? await reportsWith(read, visits) : [],
    openLeaves: await openLeavesOn(read, args.verdict ? visits.map(v => v.id) : []),
    moves: args.verdict === 'not-there' && visits.length ? await read.all('moves', { visit: visits.map(v => v.id), state: 'waiting' }) : [],
    reportedBefore: args.verdict === 'not-there' ? await reportedBefore(read, visits) : new Set(),
    cases: ids.length ? await read.all('cases', { person: ids, day }) : [],
    earlier: [...new Set(before.filter(v => mayVerifyFor(actor, v) !== 'no' && mayVerifyFor(actor, v) !== 'own').map(v => v.day))],
    day,
    newDay,
    each: [],
  };
};

/** Accepted or locked reports that hold one of these visits as it was filed. */
const reportsWith = async (read: Read, visits: readonly Visit[]): Promise<Report[]> => {
  const verified = visits.filter(v => v.presence === 'present');
  if (!verified.length) return [];
  const lines = await read.all('filedLines', {
    person: [...new Set(verified.map(v => v.person))],
    day: [...new Set(verified.map(v => v.day))],
  });
  const filed = lines.filter(l => verified.some(v => v.person === l.person && v.clinic === l.clinic));
  if (!filed.length) return [];
  const reports = await read.all('reports', { id: [...new Set(filed.map(l => l.report))], state: ['accepted', 'locked'] });
  return reports.filter(r => filed.some(l => l.filing === r.filing));
};

/** Of which visits others were told already that nobody came, and then otherwise. */
const reportedBefore = async (read: Read, visits: readonly Visit[]): Promise<Set<string>> => {
  const before = new Set<string>();
  for (const { id } of visits) {
    const reports = (await read.journal({ table: 'visits', row: id }, 20)).filter(
      r => r.after !== null && (JSON.parse(r.after) as Visit).presence === 'not-there',
    );
    for (const { turn } of reports) {
      const told = (await read.told(turn)).filter(r => whoHeard(r.key, [id], turn) !== undefined);
      // What was taken back before it was sent, nobody has heard.
      if (!told.length || told.some(r => r.state !== 'withdrawn')) before.add(id);
    }
  }
  return before;
};

const daysNamed = ({ days = [] }: Args): Day[] => [...new Set(days.flatMap(daysIn))].sort();

/** 1月 全部 在岗 names no day: it is not taken for a reason, and today not for what was meant. */
const wholeMonth = ({ args, today }: Asked<Args>): Decision | undefined => {
  const said = args.days || args.visit || !args.reason ? undefined : takePeriod(args.reason, today);
  if (!said || said.rest !== '' || said.value.from > today) return undefined;
  const { from, to, label } = said.value;
  return {
    reply: {
      code: 'verify.which-days',
      title: `${label}的每一天吗？还没有核实`,
      tone: 'ask',
      lines: ['也可以写明日子，如：4月1日-4月12日'],
      buttons: [{ label: `看${label}待核实的`, command: `/核实 ${from}至${to < today ? to : today}` }],
    },
  };
};

const weighDays = (asked: Asked<Args> & { facts: Facts }, days: readonly Day[]): Decision =>
  asked.facts.each.length && !asked.facts.each.some(f => f.clinic)
    ? refuse('verify.which-clinic', '一次核实几天的，请写明哪一家', `例：/核实 ${days[0]}至${days.at(-1)} 单位名`)
    : asked.facts.each.length
      ? severalDays(asked, asked.facts.each, weigh)
      : refuse(
          'verify.too-many-days',
          `一次写了${days.length}天，没有办`,
          asked.args.visit ? '有编号的班次只写一天' : `一次最多${MOST_DAYS}天`,
          '例：/核实 4月1日-4月30日 全部 在岗',
        );

const weigh = (asked: Asked<Args> & { facts: Facts }): Decision => {
  const { args, facts, actor, today } = asked;
  if (args.visit && !facts.visits.length) return refuse('verify.no-visit', `没有编号 ${args.visit} 的班次`, '发 /核实 看今天的');
  if (!facts.clinic) return whichClinic(asked, facts);
  if (facts.day > today) return refuse('verify.future', `${sayDay(facts.day)}还没到`, '当天起才能核实；看今天的发 /核实');
  const mine =
    facts.sends || actsFor(actor, facts.clinic, ['clinic', 'general', 'bureau']) || facts.visits.some(v => mayVerifyFor(actor, v) !== 'no');
  if (!mine)
    return {
      ...refuse('verify.not-yours', `不能核实${shownOrg(facts.clinic)}`, '只有该单位、其支援单位、总医院或卫健局可以'),
      private: true,
    };
  if (args.look) return paperCard(asked, facts);
  if (!args.verdict) return { reply: listCard(asked, facts) };
  if (!args.all && !args.visit && !args.person && new Set(facts.visits.map(v => v.person)).size > 1)
    return { reply: listCard(asked, facts) };
  const strange = args.all || args.visit || args.person ? undefined : mayBeName(args.reason);
  if (strange !== undefined && facts.visits.length) {
    const meant = calledBySurname(
      strange,
      [...new Set(facts.visits.map(v => v.person))].flatMap(p => facts.people.get(p) ?? []),
    );
    const theirs = { ...facts, visits: facts.visits.filter(v => !meant.length || meant.some(p => p.id === v.person)) };
    const title = meant.length ? `“${strange}”是${meant.map(p => p.name).join('还是')}吗？还没有核实` : `没认出“${strange}”，没有核实`;
    return { reply: { ...listCard(asked, theirs), code: 'verify.who', title, tone: 'ask' } };
  }
  return settle(asked, facts);
};

const WORDS = { present: '在岗', 'not-there': '没到', moved: '已改期', 'on-the-way': '在路上' } as const;

const settle = (asked: Asked<Args>, facts: Facts): Decision => {
  const { args, actor, now, today, settings } = asked;
  const verdict = args.verdict!;
  const word = WORDS[verdict];
  const undivided = wholeDay(asked, facts, word);
  if (undivided) return undivided;
  const late = verdict === 'present' && !args.all ? figuresOnly(asked, facts) : undefined;
  if (late) return late;
  const settled = verdict === 'moved' ? [] : facts.visits.filter(v => v.presence === verdict);
  const meant = facts.visits
    .filter(v => v.state === 'on' && (verdict === 'moved' || v.presence !== verdict) && (verdict !== 'on-the-way' || v.presence === null))
    .filter(v => !args.all || v.presence === null);
  // Where half of a day still waits for a word, the word is about that half.
  const waiting = meant.filter(v => v.presence === null);
  const open = verdict !== 'present' && !args.correct && waiting.length ? waiting : meant;
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
          ? [`${facts.people.get(first.person)?.name} ${sayDay(first.day)}：${evidence(asked, facts, first)}`]
          : [
              `${shownOrg(facts.clinic)}${sayDay(facts.day, today)}${sayHalf(args)}没有待核实的班次`,
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
  const whose = args.all ? '全部' : (facts.people.get(open[0]!.person)?.name ?? '');
  const what = args.all || open.length > 1 ? `${typedDay(asked, facts)} ${facts.clinic?.name} ${whose}` : (args.visit ?? open[0]!.id);
  const stands = howItStands(asked, facts, open);
  if (stands) return stands;
  if (standIn && !args.reason) {
    return {
      reply: { code: 'verify.reason', title: '代核请写理由', tone: 'ask', lines: ['直接回复理由，如：专人请假', '发 取消 不办'] },
      waitFor: `/核实 ${what} ${word}${args.correct ? ' 更正' : ''}`,
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
  const cases = verdict === 'present' ? closed(facts, persons, open) : opened(asked, facts, open);
  const changes: Change[] = persons.flatMap(p => {
    const day = facts.around.filter(v => v.person === p && v.day === facts.day);
    return dayChanges(day, day.map(mark), halfCounts);
  });
  const names = persons.map(p => facts.people.get(p)?.name).join('、');
  const of = (p: string) => open.filter(v => v.person === p);
  const still = verdict === 'present' ? persons.flatMap(p => stillReported(facts, p, open) ?? []) : [];
  const left = facts.around.filter(
    v => v.clinic === facts.clinic!.id && v.day === facts.day && v.state === 'on' && v.presence === null && !open.some(o => o.id === v.id),
  );
  return {
    changes: [
      ...changes,
      ...cases.changes,
      ...(verdict === 'present'
        ? verifiedFigures(asked, facts, persons)
        : openFigures(
            facts,
            persons.filter(p => !facts.around.some(v => v.person === p && v.clinic === facts.clinic!.id && mark(v).presence === 'present')),
          )),
    ],
    settles: [
      ...(left.length ? [] : [`verify/${facts.clinic!.id}/${facts.day}`]),
      ...open.flatMap(v => [`presence/${v.id}`, ...overWith(v.id)]),
      ...cases.settles,
    ],
    tell:
      verdict === 'not-there'
        ? persons.flatMap(p => notThere(asked, facts, of(p), cases.made.get(of(p)[0]!.id)))
        : [...correctedNews(asked, facts, open, 'present'), ...openLeaveNews(asked, facts, persons)],
    reply: {
      code: verdict === 'present' ? 'verify.done' : 'verify.not-there',
      title: verdict === 'present' ? `已核实 ${names} 在岗` : `已上报 ${names} 未到`,
      tone: verdict === 'present' ? 'ok' : 'info',
      lines: [
        `${shownOrg(facts.clinic)} ${sayDay(facts.day, today)}${halvesOf(open)}${standIn ? '（代核）' : ''}`,
        ...still.map(v => `${persons.length > 1 ? facts.people.get(v.person)?.name : ''}${sayHalves(v)}反映的未到不变`),
        ...(verdict === 'present'
          ? [
              ...(open.some(v => v.checkedIn === null) ? ['没签到的按受援单位登记'] : []),
              ...reportedLines(asked, facts, persons),
              ...openLeaveLines(facts, persons),
            ]
          : [
              '已告知支援单位、总医院和卫健局，待核实',
              ...pendingLeaves(facts, persons),
              ...pendingMoves(facts, persons, today),
              '误点了发 /撤销',
            ]),
        ...(left.length ? [`还有${new Set(left.map(v => v.person)).size}人没核实，发 /核实`] : []),
      ],
    },
  };
};

/** The clinic has heard from the physician: the question is answered, and nothing is verified yet. */
const onTheWay = ({ now, today }: Asked<Args>, facts: Facts, open: readonly Visit[]): Decision => ({
  changes: open.map(v => ({ table: 'visits' as const, id: v.id, to: { ...v, onTheWay: now }, was: { presence: null } })),
  settles: open.flatMap(v => [`presence/${v.id}`, ...overWith(v.id)]),
  reply: {
    code: 'verify.on-the-way',
    title: `记下了：${[...new Set(open.map(v => facts.people.get(v.person)?.name ?? ''))].join('、')}在路上`,
    tone: 'ok',
    lines: [`${shownOrg(facts.clinic)} ${sayDay(facts.day, today)}`, '到了请发 /核实'],
  },
});
