/** A new leave: weighed step by step; the first thing that stands in the way is said with the way out. */

import { type Asked, type Decision, refuse } from '../../src/bot/command.ts';
import { workdaysIn } from '../../src/core/calendar.ts';
import { pointer } from '../../src/core/card.ts';
import { addDays, type Day, daysBetween, monthOf, sayDate, sayDay, within, yearOf } from '../../src/core/day.ts';
import { hasEnded } from '../../src/core/early-end.ts';
import { leadDays, leadOf, leaveKind } from '../../src/core/leave.ts';
import { type LeaveFile, sayLeaveDays, visitLines } from '../../src/core/leave-cards.ts';
import { countLimits, sayCounted } from '../../src/core/leave-limits.ts';
import { type Taken, takenBy } from '../../src/core/leave-make-up.ts';
import { askedOf, askStations, basisOf, leadLine, owes, saying } from '../../src/core/leave-news.ts';
import { stepsOf } from '../../src/core/leave-steps.ts';
import { creditLines, makeUpWarnings } from '../../src/core/leave-words.ts';
import { lastsTo } from '../../src/core/posting.ts';
import { type Change, type Leave, type LeaveVisit, numbered, type Person } from '../../src/core/records.ts';
import { sayVisitDay } from '../../src/core/schedule.ts';
import { halvesFrom, overWith } from '../../src/core/visit.ts';
import { cite, type LeaveRules } from '../../src/programmes/schema.ts';
import { type Args, type Facts, halfDays, LONGEST, live, sayHalfDays, termOf, toldAlone } from './asked.ts';
import { makeUpsOf } from './make-up.ts';
import { noVisit, overlapping, tooLate, which } from './offers.ts';

export const ask = (asked: Asked<Args>, f: Facts, rules: LeaveRules, person: Person, own: boolean): Decision => {
  const { args, today, programme, calendar, settings, turn, now, actor } = asked;
  const wanted = halfDays(args.days, args.half);
  const who = own ? '' : `${person.name} `;
  const said = (more: { days?: string; reason?: string; to?: string; emergency?: boolean }) =>
    [
      '/请假',
      who.trim(),
      args.emergency || more.emergency ? '紧急' : '',
      more.days ?? sayHalfDays(wanted),
      more.reason ?? args.reason ?? '',
      more.to ?? '',
    ]
      .filter(Boolean)
      .join(' ');
  const first = wanted[0]?.day;
  const last = wanted.at(-1)?.day;
  if (first === undefined || last === undefined) return which(asked, f, who);
  if (daysBetween(first, last) >= LONGEST || wanted.length > LONGEST)
    return refuse('leave.too-long', `一次最多请${LONGEST}天`, '更久请支援单位换人：/换人');
  const outside = [first, last].find(d => !within(d, termOf(programme!)));
  if (outside)
    return refuse(
      'leave.outside',
      `${sayDay(outside, today)}不在方案期内`,
      `方案期${sayDate(programme!.term.from)}至${sayDate(programme!.term.until)}，请写这之间的日子`,
    );

  const taken = takenBy(f.visits, wanted);
  const span = { from: first, to: last };
  const overlap = overlapping(f, taken, wanted, rules);
  if (overlap) return overlap(asked);
  const done = taken.find(t => t.visit.presence === 'present');
  if (done) return refuse('leave.verified', `${sayVisitDay(done.visit, today)}已核实在岗，不用请假`, '核实有误请受援单位更正');
  const workdays = rules.of === 'workdays' ? workdaysIn(calendar, span) : null;
  if (rules.of === 'visits' && !taken.length) return noVisit(asked, f, first, who);
  if (workdays === undefined) return refuse('leave.calendar', `${yearOf(last)}年放假安排还没有，算不出工作日`, '请联系卫健局');
  if (workdays === 0) return refuse('leave.rest-days', `${sayDay(first, today)}是休息日，不用请假`);
  const ends = f.files.map(x => x.leave);
  const postings = f.postings.filter(p => p.from <= monthOf(last) && lastsTo(p, monthOf(first)) && !hasEnded(p, ends, first));
  if (rules.of === 'workdays' && !postings.length) return refuse('leave.no-posting', '这几天没有派驻，不用请假');
  const back = settings.number('leave.back');
  const past = first < today;
  if (past && first < addDays(today, -back))
    return refuse(
      'leave.past',
      `${sayDay(first, today)}已经过了`,
      `事后补请假最多往前${back}天（${settings.source('leave.back')}）`,
      '更早的请在待认定时作说明：/说明',
    );

  const reason = args.reason;
  if (!reason && rules.states.includes('reason'))
    return {
      reply: {
        code: 'leave.reason',
        title: '请写请假原因',
        tone: 'ask',
        lines: [
          `请的是${first === last ? sayVisitDay({ day: first, ...halvesFrom(wanted[0]!.half) }, today) : `${sayDay(first, today)}至${sayDay(last, today)}`}`,
          '直接回复，如：家中有事',
          '发 取消 不办',
          basisOf({ programme: programme!, rules }),
        ],
      },
      waitFor: said({ to: args.to ? `改到 ${sayHalfDays(halfDays(args.to, undefined))}` : args.open ? '待定' : '' }),
    };
  const kind = leaveKind(reason ?? '');
  const start = taken[0]?.visit.day ?? first;
  const lead = leadOf(rules);
  const due = lead ? leadDays(start, lead, calendar) : null;
  const late = past || (due !== null && today > due.last);
  const emergency = late && (args.emergency !== undefined || kind !== 'other');
  if (late && !emergency) return tooLate(asked, f, rules, start, said);

  const makeUp = makeUpsOf(asked, f, rules, taken, wanted, emergency, said);
  if ('decision' in makeUp) return makeUp.decision;

  const earlier = f.files.map(x => x.leave);
  const counted = countLimits(rules.limits, { from: first, workdays: workdays ?? taken.length }, earlier);
  const blocked = counted.find(c => c.over && c.limit.force === 'must');
  if (blocked) return refuse('leave.over-limit', `超出${blocked.limit.says}`, sayCounted(blocked), cite(programme!, blocked.limit));
  const over = counted.filter(c => c.over && c.limit.force === 'in-principle');

  const hospital = taken[0]?.visit.hospital ?? postings[0]!.hospital;
  const county = taken[0]?.visit.county ?? postings[0]!.county;
  const clinics = [
    ...new Set(
      rules.of === 'visits' ? taken.map(t => t.visit.clinic) : [...taken.map(t => t.visit.clinic), ...postings.map(p => p.clinic)],
    ),
  ];
  const follows = f.files.find(x => x.visits.some(v => v.made !== null && taken.some(t => t.visit.id === v.made)))?.leave.id ?? null;
  const leave: Leave = {
    id: `${turn}`,
    programme: programme!.id,
    programmeKey: programme!.key,
    county,
    person: person.id,
    hospital,
    from: rules.of === 'visits' ? taken[0]!.visit.day : first,
    to: rules.of === 'visits' ? taken.at(-1)!.visit.day : last,
    kind,
    reason: reason ?? null,
    workdays,
    emergency,
    exception: over.length ? over.map(c => c.limit.says).join('、') : null,
    state: 'open',
    at: now,
    by: actor.person!.id,
    follows,
  };
  const visits = taken.map(
    (t, n): LeaveVisit => ({
      id: numbered(turn, n),
      leave: leave.id,
      person: person.id,
      visit: t.visit.id,
      clinic: t.visit.clinic,
      day: t.visit.day,
      am: t.am,
      pm: t.pm,
      toDay: makeUp.days?.[n]?.day ?? null,
      toAm: makeUp.days?.[n]?.am ?? false,
      toPm: makeUp.days?.[n]?.pm ?? false,
      made: null,
      told: null,
      toldBy: null,
      state: 'on',
    }),
  );
  const steps = stepsOf(rules, leave, { hospital, clinics, county }, start, calendar, approverOf(asked, rules));
  const file: LeaveFile = { leave, visits, steps };
  const s = saying(asked, { names: f.names, reason: reason ?? '', physician: f.person, rules });
  const changes: Change[] = [
    { table: 'leaves', id: leave.id, to: leave },
    ...visits.map((v): Change => ({ table: 'leaveVisits', id: v.id, to: v })),
    ...steps.map((x): Change => ({ table: 'leaveSteps', id: x.id, to: x })),
  ];
  const lines = [
    ...visitLines(file, f.names, today, owes(rules)),
    ...(workdays !== null && wanted.some(d => d.half === 'am' || d.half === 'pm') ? ['按工作日请假，不分上午下午，按整天算'] : []),
    ...freeDays(args, taken, rules).map(d => `${sayDay(d, today)}没有班次，不用请`),
    askedOf(file, s),
    ...toldAlone(asked),
    ...counted.map(c => `${sayCounted(c)}${c.over ? '，超出，属例外' : ''}`),
    ...creditLines(
      asked.calendar,
      rules,
      span,
      f.files.filter(x => live(x.leave)).map(x => x.leave),
    ),
    ...(emergency ? ['准假可以事后补批，返岗后补交材料即可'] : [leadLine(steps, start, s) ?? '批准后方可离岗']),
    ...(makeUp.days
      ? makeUpWarnings({ ...asked, programme: programme! }, f, taken, makeUp.days)
      : emergency && owes(rules)
        ? [`补班日返岗后发：/请假 ${leave.id} 改到 日期`]
        : []),
  ];
  return {
    changes,
    // Nobody on leave is reminded of the visit.
    settles: emergency ? taken.flatMap(t => overWith(t.visit.id)) : [],
    tell: [
      ...askStations(file, steps, s),
      ...(own
        ? []
        : [
            {
              key: `leave/${leave.id}/for-you`,
              to: { person: person.id },
              class: 'news' as const,
              about: 'person' as const,
              inGroup: pointer(person.name),
              card: {
                code: 'leave.for-you',
                title: `${actor.person!.name}代您请假：${sayLeaveDays(file, today)}`,
                tone: 'info' as const,
                lines: visitLines(file, f.names, today, owes(rules)),
              },
            },
          ]),
    ],
    reply: {
      code: emergency ? 'leave.emergency' : 'leave.asked-for',
      title: `${emergency ? '紧急请假' : '请假'}已提交，编号${leave.id}`,
      tone: 'ok',
      lines,
      buttons: [{ label: '撤回', command: `/销假 ${leave.id}` }],
    },
  };
};

/** Days that were named one by one and have no visit: said, so that nothing named is passed over in silence. */
const freeDays = (args: Args, taken: readonly Taken[], rules: LeaveRules): Day[] =>
  rules.of === 'visits' ? (args.days ?? []).filter(d => d.from === d.to && !taken.some(t => t.visit.day === d.from)).map(d => d.from) : [];

/** The office that decides for the bureau: the programme's, unless the bureau has named a 分管领导. */
const approverOf = ({ settings }: Asked<Args>, rules: LeaveRules): string | undefined => {
  const office = rules.steps.find(s => s.by === 'bureau')?.office;
  return office === undefined ? undefined : settings.source('leave.approver') === '系统默认' ? office : settings.get('leave.approver');
};
