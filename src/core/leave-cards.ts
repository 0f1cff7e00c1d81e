/** How leave is said. The reason stands only in cards for direct chat; a group reads name and days, and never whether somebody is ill. */
import type { LeaveRules } from '../programmes/schema.ts';
import type { Card, LeaveSlip } from './card.ts';
import { type Day, dayAt, type Instant, sayDay, sayInstant } from './day.ts';
import { isEarlyEnd, lastDay } from './early-end.ts';
import { LEAVE_KIND_NAMES } from './leave.ts';
import type { Leave, LeaveStep, LeaveVisit, Visit } from './records.ts';
import { sayVisitDay } from './schedule.ts';
import { sayHalves } from './visit.ts';

/** Names of what a leave speaks of. */
export interface Names {
  person(id: string): string;
  org(id: string): string;
  /** The full name, which no other unit has. */
  full(id: string): string;
}

/** A leave with all that belongs to it. */
export interface LeaveFile {
  leave: Leave;
  visits: LeaveVisit[];
  steps: LeaveStep[];
  /** Where the physician is posted, of what names no visits: workdays, and a posting's end. */
  clinics?: string[];
}

/** Morning and afternoon at one clinic, made up on one day, are said as one. */
export const joinHalves = <V extends Pick<LeaveVisit, 'clinic' | 'day' | 'am' | 'pm' | 'toDay' | 'toAm' | 'toPm'>>(
  visits: readonly V[],
): V[] => {
  const days = new Map<string, V>();
  for (const v of visits) {
    const key = `${v.clinic} ${v.day} ${v.toDay}`;
    const other = days.get(key);
    days.set(
      key,
      other ? { ...other, am: other.am || v.am, pm: other.pm || v.pm, toAm: other.toAm || v.toAm, toPm: other.toPm || v.toPm } : v,
    );
  }
  return [...days.values()];
};

/** What it is, in front of whose it is. */
export const leaveWord = (leave: Pick<Leave, 'kind'>): string => (isEarlyEnd(leave) ? LEAVE_KIND_NAMES.end : '请假');

/** `6月12日 周三上午`, or the span where it is of workdays. */
export const sayLeaveDays = ({ leave, visits }: Pick<LeaveFile, 'leave' | 'visits'>, today: Day): string => {
  if (isEarlyEnd(leave)) return `最后一天${sayDay(lastDay(leave), today)}`;
  const on = visits.filter(v => v.state === 'on');
  if (leave.workdays === null && on.length)
    return [...new Set(joinHalves(on).map(v => `${sayDay(v.day, today)}${sayHalves(v)}`))].join('、');
  return leave.from === leave.to ? sayDay(leave.from, today) : `${sayDay(leave.from, today)}至${sayDay(leave.to, today)}`;
};

/** One line a visit: where, when, made up when. */
export const visitLines = ({ leave, visits }: Pick<LeaveFile, 'leave' | 'visits'>, names: Names, today: Day, owed: boolean): string[] =>
  leave.workdays !== null && !visits.some(v => v.state === 'on')
    ? [`共${leave.workdays}个工作日`]
    : joinHalves(visits.filter(v => v.state === 'on')).map(v => {
        const from = `${names.org(v.clinic)} ${sayDay(v.day, today)}${sayHalves(v)}`;
        if (v.toDay === null) return owed ? `${from} → 补班日待定` : from;
        return `${from} → ${sayVisitDay({ day: v.toDay, am: v.toAm, pm: v.toPm }, today)}`;
      });

/** Whose answer a step is; the general hospital is named by the county it works for. */
export const stationName = (s: Pick<LeaveStep, 'org' | 'role'>, names: Names): string =>
  s.role === 'general' ? '总医院' : names.org(s.org);
/** 区医院、高头卫生院 */
export const stationNames = (steps: readonly LeaveStep[], names: Names): string =>
  [...new Set(steps.map(s => stationName(s, names)))].join('、');

/** `区医院 王某 4月9日 周二 09:10 同意（线下）`; what waits says so. */
export const stepLine = (s: LeaveStep, names: Names, today: Day): string => {
  const where = s.kind === 'filing' ? s.step : stationName(s, names);
  switch (s.state) {
    case 'agreed':
      return s.kind === 'filing'
        ? `${where} ${s.on ? sayDay(s.on, today) : ''}${s.number ? ` ${s.number}` : ''}`
        : `${where} ${names.person(s.by ?? '')} ${sayInstant(s.at!, today)} 同意${s.how === 'self' ? '' : '（线下同意，代录）'}`;
    case 'refused':
      return `${where} ${names.person(s.by ?? '')} ${sayInstant(s.at!, today)} 没有同意`;
    case 'waiting':
      return s.kind === 'filing' ? `${where} 待备案` : `${where} 待答复`;
    case 'later':
      return `${where} 还没到`;
    case 'void':
      return `${where} 不再办理`;
  }
};

/** Where it stands, in a word or two. */
export const leaveState = ({ leave, steps }: Pick<LeaveFile, 'leave' | 'steps'>, names: Names): string => {
  switch (leave.state) {
    case 'open':
      return `${leave.emergency ? '紧急，' : ''}待${stationNames(
        steps.filter(s => s.state === 'waiting'),
        names,
      )}答复`;
    case 'approved':
      return isEarlyEnd(leave) ? '已同意，派驻已结束' : '已准假';
    case 'refused':
      return '没有批准';
    case 'withdrawn':
      return '已撤回';
    case 'moot':
      return '班次已另改，不用再批';
    case 'ended':
      return '已销假';
  }
};

export const reasonLine = (leave: Leave, reason: string | null): string =>
  isEarlyEnd(leave) ? `原因：${reason ?? ''}` : `${LEAVE_KIND_NAMES[leave.kind]}${reason ? `：${reason}` : ''}`;

/** What an approver is asked, with the reason for direct chat and without it for a group. */
export const askCards = (
  file: LeaveFile,
  step: LeaveStep,
  names: Names,
  said: { reason: string; today: Day; owed: boolean; lead: string | null; marks: readonly string[]; basis: string },
): { card: Card; inGroup: Card } => {
  const { leave } = file;
  const title = `${leave.emergency ? '紧急' : ''}${leaveWord(leave)}：${names.person(leave.person)} ${sayLeaveDays(file, said.today)}`;
  const visits = visitLines(file, names, said.today, said.owed);
  const buttons = [
    { label: '同意', command: `/批准 ${leave.id}`, style: 'primary' as const },
    { label: '不同意', command: `/驳回 ${leave.id}` },
  ];
  const remark = { name: 'note', label: '意见（可不填；不同意请写理由）', most: 200 };
  const base = { code: 'leave.asked', remark, title, tone: leave.emergency ? ('urgent' as const) : ('ask' as const) };
  const tail = [...said.marks, ...(said.lead ? [said.lead] : []), said.basis];
  return {
    card: { ...base, lines: [...visits, reasonLine(leave, said.reason), ...tail], buttons },
    inGroup: { ...base, lines: [...visits, ...tail], buttons },
  };
};

/** The text for villagers: no reason, no phone. */
export const villagersText = (
  clinic: string,
  lines: readonly LeaveVisit[],
  person: string,
  specialty: string | null,
  today: Day,
): string[] =>
  joinHalves(lines).map(l => {
    const who = `${person}医师${specialty ? `（${specialty}）` : ''}`;
    const off = `${clinic}通知：${sayDay(l.day, today)}${sayHalves(l)}${who}停诊`;
    return l.toDay === null ? `${off}，补诊时间另行通知` : `${off}，改到${sayVisitDay({ day: l.toDay, am: l.toAm, pm: l.toPm }, today)}`;
  });

/** On paper every day carries its year. */
const WITH_YEAR = '0001-01-01' as Day;

/** The slip as it is printed: steps of the system, empty boxes for signatures and seals. */
export const slipOf = (
  file: LeaveFile,
  names: Names,
  said: {
    reason: string;
    title: string;
    specialty: string | null;
    rank: string | null;
    today: Day;
    now: Instant;
    owed: boolean;
    rules: LeaveRules;
    basis: string;
    demo: boolean;
  },
): LeaveSlip => {
  const { leave, steps } = file;
  const kept = steps.filter(s => s.state !== 'void');
  return {
    title: isEarlyEnd(leave) ? '提前结束派驻申请' : '请假条',
    number: leave.id,
    fields: [
      { label: '姓名', value: names.person(leave.person) },
      { label: '职称、专业', value: [said.rank, said.specialty].filter(Boolean).join('，') },
      { label: '所在单位', value: names.org(leave.hospital) },
      ...(file.clinics?.length ? [{ label: '受援单位', value: file.clinics.map(c => names.org(c)).join('、') }] : []),
      ...(isEarlyEnd(leave)
        ? [
            { label: '最后在岗日', value: sayDay(lastDay(leave), WITH_YEAR) },
            { label: '原因', value: said.reason },
          ]
        : [
            {
              label: '请假时间',
              value: `${sayLeaveDays(file, WITH_YEAR)}${leave.workdays === null ? '' : `，共${leave.workdays}个工作日`}`,
            },
            { label: '请假原因', value: reasonLine(leave, said.reason) },
            ...(leave.workdays === null
              ? [
                  {
                    label: said.owed ? '原班次及调整后的支援时间' : '班次',
                    value: visitLines(file, names, WITH_YEAR, said.owed).join('\n'),
                  },
                ]
              : []),
          ]),
      { label: '提出时间', value: sayInstant(leave.at, WITH_YEAR) + (leave.emergency ? '（紧急情况）' : '') },
    ],
    steps: kept.map(s => [
      s.kind === 'filing' ? s.step : stationName(s, names),
      s.by ? names.person(s.by) : '',
      s.kind === 'filing' ? (s.on ? sayDay(s.on, WITH_YEAR) : '') : s.at ? sayInstant(s.at, WITH_YEAR) : '',
      s.state === 'agreed'
        ? s.kind === 'filing'
          ? (s.number ?? '已报')
          : s.how === 'self'
            ? `同意${dayAt(s.at!) > leave.from ? '（事后补批）' : ''}`
            : '线下同意，代录'
        : s.state === 'refused'
          ? '没有同意'
          : '待办',
    ]),
    signs: [...new Set([names.person(leave.person), ...kept.filter(s => s.kind !== 'filing').map(s => stationName(s, names))])],
    basis: [said.basis],
    printed: `系统内办理记录，打印于${sayInstant(said.now, WITH_YEAR)}`,
    watermark: said.demo ? '演示数据' : null,
  };
};

/** The next days with visits, to be offered as buttons: morning and afternoon at one clinic as one. */
export const nextVisits = (visits: readonly Visit[], today: Day, most: number): Pick<Visit, 'day' | 'clinic' | 'am' | 'pm'>[] =>
  joinHalves(
    visits
      .filter(v => v.state === 'on' && v.day >= today && v.presence === null)
      .map(v => ({ clinic: v.clinic, day: v.day, am: v.am, pm: v.pm, toDay: null, toAm: false, toPm: false })),
  ).slice(0, most);
