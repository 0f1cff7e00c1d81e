/** Whom a leave's course is told to: the stations that are asked, and all whom its end concerns. */
import { cite, type LeaveRules, type Programme } from '../programmes/schema.ts';
import { assumeWeekdays, type Calendar } from './calendar.ts';
import { type Card, type Outgoing, type Paper, pointer, type To } from './card.ts';
import { addDays, at, type Day, dayAt, type Instant, sayDay } from './day.ts';
import { isEarlyEnd, lastDay } from './early-end.ts';
import { addWorkingHours, nextSpeakingTime, parseHours, sayTold } from './hours.ts';
import { leadDays } from './leave.ts';
import {
  askCards,
  joinHalves,
  type LeaveFile,
  leaveWord,
  type Names,
  sayLeaveDays,
  slipOf,
  stationName,
  stationNames,
  villagersText,
  visitLines,
} from './leave-cards.ts';
import { stepTopic } from './leave-steps.ts';
import type { Leave, LeaveStep, LeaveVisit, Person } from './records.ts';
import type { Settings } from './settings.ts';
import { sayHalves } from './visit.ts';

export interface Saying {
  names: Names;
  reason: string;
  /** The physician, for the slip. */
  physician: Person | undefined;
  today: Day;
  now: Instant;
  turn: number;
  programme: Programme;
  rules: LeaveRules;
  calendar: Calendar;
  settings: Settings;
  demo: boolean;
}
type Moment = Omit<Saying, 'names' | 'reason' | 'physician' | 'rules' | 'programme'> & { programme: Programme | null };
/** With what a leave's messages are made, in a turn or in a job's run; its programme is known by then. */
export const saying = (
  { today, now, turn, programme, calendar, settings, demo }: Moment,
  own: Pick<Saying, 'names' | 'reason' | 'physician' | 'rules'>,
): Saying => ({ ...own, today, now, turn, programme: programme!, calendar, settings, demo });

export const owes = (rules: LeaveRules): boolean => rules.states.includes('make-up');
export const basisOf = ({ programme, rules }: Pick<Saying, 'programme' | 'rules'>): string => cite(programme, rules);

/** `区卫健局须在6月9日 周日前收到，最后工作日6月7日 周五` */
export const leadLine = (
  steps: readonly LeaveStep[],
  start: Day,
  s: Pick<Saying, 'names' | 'rules' | 'calendar' | 'today'>,
): string | null => {
  const step = steps.find(x => x.kind !== 'filing' && x.due !== null);
  const lead = s.rules.steps.find(r => r.id === step?.step)?.lead;
  if (!step || !lead) return null;
  const { last, lastWorkday } = leadDays(start, lead, s.calendar);
  const who = stationName(step, s.names);
  return lastWorkday === last
    ? `须在${sayDay(last, s.today)}前报到${who}`
    : `须在${sayDay(last, s.today)}前报到${who}（之前最后一个工作日是${sayDay(lastWorkday, s.today)}）`;
};

/** What an approver must know beyond the request itself. */
const marksFor = ({ leave, steps }: LeaveFile, step: LeaveStep, s: Saying): string[] => {
  const slow = steps.filter(x => x.kind === 'consent' && x.at !== null && x.state === 'agreed');
  const due = steps.find(x => x.kind !== 'filing' && x.due !== null)?.due ?? null;
  const asked = dayAt(leave.at);
  return [
    ...(leave.emergency && due !== null && asked > due ? [`${sayDay(asked, s.today)}提出，按紧急情况，同意和批准可以事后补`] : []),
    ...(!leave.emergency && step.due !== null && step.askedAt !== null && dayAt(step.askedAt) > step.due
      ? [
          `${sayDay(asked, s.today)}提出，未超期；${slow.map(x => `${stationName(x, s.names)}${sayDay(dayAt(x.at!), s.today)}同意`).join('，')}，报到时已过${sayDay(step.due, s.today)}，由您决定`,
        ]
      : []),
    ...steps.filter(x => x.state === 'refused').map(x => `${stationName(x, s.names)}没有同意`),
    ...(leave.exception ? [`超出${leave.exception}，属例外，批准须写理由`] : []),
    ...(leave.follows ? [`再次调整编号${leave.follows}的补班日`] : []),
  ];
};

/** Who enters by phone what a unit without anybody says: for a clinic the hospital, for a hospital the bureau. */
const standInFor = ({ leave, steps }: LeaveFile, step: LeaveStep, s: Saying): To | undefined => {
  if (step.role === 'clinic') return { org: leave.hospital, role: 'hospital', not: leave.person };
  const office = steps.find(x => x.kind === 'decision')?.office ?? s.programme.supervision?.hospitals.office;
  return step.role === 'hospital' && step.kind === 'consent'
    ? { org: leave.county, role: 'bureau', ...(office ? { office } : {}), not: leave.person }
    : undefined;
};

/** What a station is asked, and who is asked instead where it has nobody. */
export const question = (file: LeaveFile, step: LeaveStep, s: Saying, asked: (card: Card) => Card = card => card) => {
  const { leave } = file;
  const cards = askCards(file, step, s.names, {
    reason: s.reason,
    today: s.today,
    owed: owes(s.rules),
    lead: leave.emergency ? null : leadLine(file.steps, leave.from, s),
    marks: marksFor(file, step, s),
    basis: basisOf(s),
  });
  const card = asked(cards.card);
  const instead = standInFor(file, step, s);
  return {
    topic: stepTopic(step),
    to: { org: step.org, role: step.role, ...(step.office ? { office: step.office } : {}), not: leave.person },
    about: 'person' as const,
    among: { matter: `leave/${leave.id}`, unit: { shown: stationName(step, s.names), typed: s.names.full(step.org) } },
    card,
    inGroup: asked(cards.inGroup),
    ...(instead ? { otherwise: { to: instead, card: standInCard(file, card, step, s) } } : {}),
  };
};

/** When the stations are asked: at once where it begins soon, else in speaking hours. */
const askTime = (leave: Leave, s: Pick<Saying, 'now' | 'today' | 'calendar'>): Instant =>
  nextSpeakingTime(s.now, s.calendar, leave.emergency || leave.from <= addDays(s.today, 2));

/** The question to a station, at once or when people are at work. */
export const askStations = (file: LeaveFile, opened: readonly LeaveStep[], s: Saying): Outgoing[] =>
  opened
    .filter(step => step.kind !== 'filing' && step.state === 'waiting')
    .map(step => ({
      ...question(file, step, s),
      key: `${stepTopic(step)}/${s.turn}`,
      class: 'news',
      notBefore: askTime(file.leave, s),
    }));

/** When a station that has not answered is asked once more: some working hours after it was asked. */
export const remindedAt = (step: LeaveStep, s: Pick<Saying, 'calendar' | 'settings'>): Instant | null =>
  step.askedAt === null || step.kind === 'filing' || step.state !== 'waiting'
    ? null
    : addWorkingHours(step.askedAt, s.settings.number('leave.wait'), assumeWeekdays(s.calendar), parseHours(s.settings.get('hours')));

/** Once more, to whoever holds the role by then. */
export const remindStation = (file: LeaveFile, step: LeaveStep, s: Saying): Outgoing => ({
  ...question(file, step, s, card => waitingAgain(card, s)),
  key: `${stepTopic(step)}/again`,
  class: 'nudge',
  expires: at(addDays(file.leave.to, 7), '17:30'),
});
const standInCard = ({ leave }: LeaveFile, card: Card, step: LeaveStep, s: Saying): Card => ({
  ...card,
  code: 'leave.asked-stand-in',
  title: `${s.names.org(step.org)}没有${step.role === 'clinic' ? '专人' : '别的管理员'}，请代问：${card.title}`,
  buttons: [{ label: '录入线下同意', command: `/批准 ${leave.id} ${s.names.full(step.org)} 线下同意` }],
});
const waitingAgain = (card: Card, s: Saying): Card => ({
  ...card,
  code: 'leave.waiting',
  title: `还等您答复 ${card.title}`,
  lines: [...card.lines, `等满${s.settings.get('leave.wait')}个工作小时提醒一次，${s.settings.source('leave.wait')}`],
});

export const slipPaper = (file: LeaveFile, s: Saying): Paper => ({
  kind: 'leave-slip',
  name: `${isEarlyEnd(file.leave) ? '提前结束派驻申请' : '请假条'}-${s.names.person(file.leave.person)}-${isEarlyEnd(file.leave) ? lastDay(file.leave) : file.leave.from}.docx`,
  slip: slipOf(file, s.names, {
    reason: s.reason,
    title: s.programme.title,
    specialty: s.physician?.specialty ?? null,
    rank: s.physician?.title ?? null,
    today: s.today,
    now: s.now,
    owed: owes(s.rules),
    rules: s.rules,
    basis: basisOf(s),
    demo: s.demo,
  }),
});

const clinicsOf = (file: LeaveFile): string[] => [
  ...new Set([
    ...file.visits.filter(v => v.state === 'on').map(v => v.clinic),
    ...file.steps.filter(x => x.role === 'clinic').map(x => x.org),
  ]),
];

/** To the applicant only, and to whoever asked for somebody without an account; a group hears that there is something, and no more. */
export const toApplicant = ({ leave }: LeaveFile, key: string, card: Card, names: Names): Outgoing[] => {
  const base = { class: 'news' as const, about: 'person' as const };
  const who = names.person(leave.person);
  return [
    { ...base, key, to: { person: leave.person }, card, inGroup: pointer(who) },
    ...(leave.by === leave.person
      ? []
      : [
          { ...base, key: `${key}/by`, to: { person: leave.by }, card: { ...card, title: `${who}：${card.title}` }, inGroup: pointer(who) },
        ]),
  ];
};

/** The leave is granted: to physician, clinics, hospital. `after`: lines as they are now. */
export const grantedNews = (file: LeaveFile, s: Saying, unsettled: readonly LeaveVisit[]): Outgoing[] => {
  const { leave } = file;
  const key = `leave/${leave.id}/granted`;
  const owed = owes(s.rules);
  const who = s.names.person(leave.person);
  const lines = visitLines(file, s.names, s.today, owed);
  const base = { class: 'news' as const, about: 'person' as const };
  const out: Outgoing[] = toApplicant(
    file,
    `${key}/physician`,
    {
      code: 'leave.granted',
      title: `已准假：${sayLeaveDays(file, s.today)}`,
      tone: 'ok',
      lines: [
        ...lines,
        ...(unsettled.length && s.today <= s.programme.term.until ? [`补班日还没定，发：/请假 ${leave.id} 改到 日期`] : []),
        ...(leave.to >= s.today ? ['提前回来发 /销假'] : []),
      ],
      paper: slipPaper(file, s),
    },
    s.names,
  );
  for (const clinic of clinicsOf(file)) {
    // Of a day that is over, whose make-up day is not ahead either, there is nothing to tell villagers.
    const own = file.visits.filter(
      v => v.clinic === clinic && v.state === 'on' && (v.toDay !== null && v.toDay > v.day ? v.toDay : v.day) >= s.today,
    );
    const notice = s.rules.notice && own.length > 0;
    out.push({
      ...base,
      key: `${key}/clinic/${clinic}`,
      topic: `leave-told/${leave.id}/${clinic}`,
      to: { org: clinic, role: 'clinic' },
      // Leave is a matter of one person; the text for villagers is one of the unit.
      about: notice ? 'unit' : 'person',
      card: {
        code: 'leave.for-villagers',
        title: notice ? `请告知群众：${who}医师停诊` : `${who}已准假：${sayLeaveDays(file, s.today)}`,
        tone: notice ? 'ask' : 'info',
        lines: notice
          ? [
              ...villagersText(s.names.org(clinic), own, who, s.physician?.specialty ?? null, s.today),
              '可直接转发',
              cite(s.programme, s.rules.notice!),
            ]
          : lines,
        ...(notice ? { buttons: [{ label: '已告知群众', command: `/已告知 ${leave.id}`, style: 'primary' as const }] } : {}),
      },
    });
  }
  out.push({
    ...base,
    // For the hospital it is no more than good to know, unless it is about the next two days.
    class: leave.from > addDays(s.today, 2) ? 'nudge' : 'news',
    key: `${key}/hospital`,
    to: { org: leave.hospital, role: 'hospital' },
    card: { code: 'leave.granted-told', title: `${who}已准假：${sayLeaveDays(file, s.today)}`, tone: 'info', lines },
  });
  return out;
};

/** What the bureau is to file, and the sheet for it. */
export const filingCard = (file: LeaveFile, s: Saying): Card => {
  const hop = file.steps.find(x => x.kind === 'filing' && x.state === 'waiting');
  const rule = s.rules.filing;
  const due = hop?.due ?? null;
  const last = due === null ? null : rule?.lead ? leadDays(file.leave.from, rule.lead, s.calendar).lastWorkday : due;
  return {
    code: 'leave.filing',
    title: hop
      ? `请逐级${isEarlyEnd(file.leave) ? '报送' : '备案'}：${s.names.person(file.leave.person)} ${sayLeaveDays(file, s.today)}`
      : `备案已办完：编号${file.leave.id}`,
    tone: hop ? 'ask' : 'ok',
    lines: [
      ...file.steps
        .filter(x => x.kind === 'filing')
        .map(x => `${x.step}：${x.state === 'agreed' ? `${x.on ? sayDay(x.on, s.today) : ''}${x.number ? ` ${x.number}` : ''}` : '未报'}`),
      ...(hop && due !== null
        ? [
            due >= s.today
              ? `最迟${sayDay(due, s.today)}${last !== due && last !== null ? `，最后工作日${sayDay(last, s.today)}` : ''}`
              : `已过${sayDay(due, s.today)}，补报并注明`,
          ]
        : []),
      ...(hop ? [`系统不对外报送，请打印${isEarlyEnd(file.leave) ? '申请' : '请假条'}上报后登记`] : []),
      ...(rule ? [cite(s.programme, rule)] : []),
    ],
    ...(hop
      ? { buttons: [{ label: `今天已${hop.step}`, command: `/备案 ${file.leave.id} ${hop.step} ${s.today}`, style: 'primary' as const }] }
      : {}),
    paper: slipPaper(file, s),
  };
};

/** Taken back or reported back: everybody who had heard of it hears that the visits stand. */
export const backNews = (
  file: LeaveFile,
  back: readonly LeaveVisit[],
  s: Pick<Saying, 'names' | 'today' | 'turn'> & {
    /** Clinics were sent a text for villagers. */
    notice: boolean;
  },
): Outgoing[] => {
  const { leave, steps } = file;
  const who = s.names.person(leave.person);
  const told = steps.filter(x => x.kind !== 'filing' && x.askedAt !== null);
  const lines = joinHalves(back).map(
    v => `${s.names.org(v.clinic)} ${sayDay(v.day, s.today)}${sayHalves(v)} 照常${v.made ? '，补班日取消' : ''}`,
  );
  const filed = steps.some(x => x.kind === 'filing' && x.state === 'agreed');
  const againstNotice = (own: readonly LeaveVisit[]): string[] =>
    own.some(v => v.told !== null)
      ? ['停诊已告知群众的，请再告知照常出诊']
      : s.notice && own.length
        ? ['停诊的话如已转发，请再告知群众照常出诊']
        : [];
  /** What was done for the leave and is to be undone outside of the system. */
  const undo = (x: LeaveStep): string[] => [
    ...(x.role === 'clinic' ? againstNotice(back.filter(v => v.clinic === x.org)) : []),
    ...(x.role === 'bureau' && filed ? ['已逐级备案的，请一并说明撤回'] : []),
  ];
  return told.map(x => ({
    key: `leave/${leave.id}/back/${s.turn}/${x.id}`,
    to: { org: x.org, role: x.role, ...(x.office ? { office: x.office } : {}) },
    class: 'news',
    about: 'person',
    card: {
      code: 'leave.back',
      title: leave.state === 'open' ? `${who}撤回了${leaveWord(leave)}：${sayLeaveDays(file, s.today)}` : `${who}已销假`,
      tone: 'info',
      lines: [...(lines.length ? lines : [isEarlyEnd(leave) ? '派驻照旧' : '班次不变']), ...undo(x)],
    },
  }));
};

/** `已请区医院、高头卫生院答复`, or when they will be asked. */
export const askedOf = ({ leave, steps }: LeaveFile, s: Pick<Saying, 'names' | 'now' | 'today' | 'calendar'>): string => {
  const waiting = steps.filter(x => x.state === 'waiting' && x.kind !== 'filing');
  const later = steps.filter(x => x.state === 'later' && x.kind !== 'filing');
  const asked = sayTold(`请${stationNames(waiting, s.names)}答复`, s.now, askTime(leave, s));
  return `${asked}${later.length ? `，再报${stationNames(later, s.names)}` : ''}`;
};
/** A leave that has nothing left: its visits were moved or passed on by others. */
export const mootNews = (moot: readonly Leave[], turn: number, names: Pick<Names, 'person'>): Outgoing[] =>
  moot.map(l => ({
    key: `leave/${l.id}/moot/${turn}`,
    to: { person: l.person },
    inGroup: pointer(names.person(l.person)),
    class: 'news',
    about: 'person',
    card: { code: 'leave.moot', title: `编号${l.id}的请假不用再批`, tone: 'info', lines: ['班次已另改或换人', '发 /排班 看现在的'] },
  }));
