/** Who is there: one state for each physician expected on a day, with its evidence. Nothing here calls anybody absent. */
import type { Programme } from '../programmes/schema.ts';
import { sayFinding } from './absence.ts';
import type { Calendar } from './calendar.ts';
import { type Day, dayAt, type Half, type Instant, sayDay, timeOf, within } from './day.ts';
import { hasEnded, isEarlyEnd } from './early-end.ts';
import { beginOf, type Hours } from './hours.ts';
import type { Case, Leave, LeaveVisit, Posting, Visit } from './records.ts';
import { sayVisitDay } from './schedule.ts';
import { sameCheckIn, sayHalves } from './visit.ts';

export type PresenceState =
  | 'verified'
  | 'checked-in'
  | 'on-the-way'
  | 'unknown'
  | 'planned'
  | 'on-leave'
  | 'leave-open'
  | 'emergency'
  | 'moved'
  | 'reported'
  | 'found';

export interface Presence {
  person: string;
  clinic: string;
  hospital: string;
  state: PresenceState;
  /** 上午, 下午 or nothing for the day. */
  half: string;
  /** 已签到待核实（08:20） */
  says: string;
}

export interface PresenceFacts {
  /** Every visit of the day that somebody may ask about, whatever its state. */
  visits: readonly Visit[];
  /** Visits that those of the day were moved to. */
  movedTo: readonly Visit[];
  leaves: readonly { leave: Leave; visits: readonly LeaveVisit[] }[];
  cases: readonly Case[];
  /** Postings that hold on the day, where every workday is expected. */
  postings: readonly Posting[];
}

const LABEL: Readonly<Record<Exclude<PresenceState, 'found'>, string>> = {
  verified: '已核实在岗',
  'checked-in': '已签到待核实',
  'on-the-way': '尚无到岗记录（受援单位说在路上）',
  unknown: '尚无到岗记录',
  planned: '已安排，还没到时间',
  'on-leave': '已准假',
  'leave-open': '请假待批',
  emergency: '紧急请假待认定',
  moved: '已改期',
  reported: '受援单位反映未到（待认定）',
};

/** Morning and afternoon of which the same is known are one line. */
const joined = (lines: readonly Presence[]): Presence[] => {
  const plain = (x: Presence) => x.says.replace(/(周.)[上下]午/, '$1');
  const once = new Map<string, Presence>();
  for (const p of lines) {
    const key = `${p.person} ${p.clinic} ${plain(p)}`;
    const same = once.get(key);
    once.set(key, same ? { ...same, half: '', says: plain(same) } : p);
  }
  return [...once.values()];
};

/** By what they are found, in their order. */
const grouped = <T>(all: readonly T[], key: (of: T) => string): ReadonlyMap<string, T[]> => {
  const map = new Map<string, T[]>();
  for (const x of all) {
    const its = map.get(key(x));
    if (its) its.push(x);
    else map.set(key(x), [x]);
  }
  return map;
};

/** One line for each physician and clinic of a day, in the order of the visits. */
export const presenceOn = (
  f: PresenceFacts,
  { day, now, hours, programme, calendar }: { day: Day; now: Instant; hours: Hours; programme: Programme; calendar: Calendar },
): Presence[] => {
  const today = dayAt(now);
  /** Before its hours nobody is expected yet. */
  const ahead = (half: Half) => now < beginOf(day, half, hours);
  // A province has thousands of a day: each is looked up, none is searched for.
  const movedTo = new Map(f.movedTo.filter(m => m.state !== 'cancelled').map(m => [m.id, m]));
  const casesOf = grouped(f.cases, c => c.person);
  const leavesOf = grouped(f.leaves, l => l.leave.person);
  const leavesAbout = grouped(
    f.leaves.flatMap(l => l.visits.flatMap(x => (x.state === 'on' ? [{ leave: l.leave, visit: x.visit }] : []))),
    x => x.visit,
  );
  const visitsOf = grouped(f.visits, v => v.person);
  const shown = new Set(f.visits.filter(v => v.state !== 'cancelled').map(v => v.id));
  const wentTo = (v: Visit) => (v.moved === null ? undefined : movedTo.get(v.moved));
  const of = (v: Visit): Presence => {
    const base = { person: v.person, clinic: v.clinic, hospital: v.hospital };
    const with_ = (state: keyof typeof LABEL, more = '') => ({ ...base, state, half: sayHalves(v), says: `${LABEL[state]}${more}` });
    const found = casesOf.get(v.person)?.find(c => c.day === v.day && c.state !== 'closed');
    const leave = leavesAbout.get(v.id)?.find(({ leave: l }) => l.state === 'open' || l.state === 'approved' || l.state === 'ended');
    const finding = found && sayFinding(programme.absence, found);
    if (finding) return { ...base, state: 'found', half: sayHalves(v), says: finding };
    if (v.presence === 'present')
      return with_(
        'verified',
        v.verifiedAs === 'stand-in' ? '（代核）' : v.checkedIn === null ? '（受援单位登记）' : `（${timeOf(v.checkedIn)}签到）`,
      );
    if (v.state === 'leave' || (v.state === 'moved' && leave)) {
      const to = wentTo(v);
      return with_('on-leave', to ? `，补班${sayVisitDay(to, today)}` : '');
    }
    if (v.state === 'moved') {
      const to = wentTo(v);
      return with_('moved', to ? `，改到${sayVisitDay(to, today)}` : '');
    }
    if (v.presence === 'not-there') return with_('reported', v.checkedIn === null ? '' : `，本人${timeOf(v.checkedIn)}签到过`);
    const checked = v.checkedIn === null ? sameCheckIn(visitsOf.get(v.person)!, v) : v;
    if (checked) return with_('checked-in', `（${timeOf(checked.checkedIn!)}${checked.late ? '补签' : ''}）`);
    if (leave) return with_(leave.leave.emergency ? 'emergency' : 'leave-open', `，编号${leave.leave.id}`);
    if (v.onTheWay !== null) return with_('on-the-way');
    return with_(ahead(v.am ? 'am' : 'pm') ? 'planned' : 'unknown');
  };
  // A visit that came back, or that was moved within the day, is told once.
  const told = f.visits.filter(v => v.state !== 'cancelled' && !(v.state === 'moved' && v.moved !== null && shown.has(v.moved)));
  const lines = joined(told.map(of));
  if (programme.presence?.kind === 'every-workday' && calendar.kind(day) === 'work') {
    const there = new Set(lines.map(l => l.person));
    for (const p of f.postings) {
      const its = leavesOf.get(p.person) ?? [];
      if (
        there.has(p.person) ||
        hasEnded(
          p,
          its.map(l => l.leave),
          day,
        )
      )
        continue;
      there.add(p.person);
      const leave = its.find(
        l => !isEarlyEnd(l.leave) && within(day, l.leave) && (l.leave.state === 'open' || l.leave.state === 'approved'),
      );
      const base = { person: p.person, clinic: p.clinic, hospital: p.hospital, half: '' };
      const finding = (casesOf.get(p.person) ?? []).filter(c => c.day === day).flatMap(c => sayFinding(programme.absence, c) ?? [])[0];
      if (finding) {
        lines.push({ ...base, state: 'found', says: finding });
        continue;
      }
      const state = leave
        ? leave.leave.state === 'approved'
          ? 'on-leave'
          : leave.leave.emergency
            ? 'emergency'
            : 'leave-open'
        : ahead('am')
          ? 'planned'
          : 'unknown';
      lines.push({
        ...base,
        state,
        says: `${LABEL[state]}${leave ? `，${leave.leave.from === leave.leave.to ? sayDay(day, today) : `到${sayDay(leave.leave.to, today)}`}` : ''}`,
      });
    }
  }
  return lines;
};

/** Nothing is known of a visit that should have begun: nobody has checked in or spoken, and no leave was asked. */
export const nothingKnown = (v: Visit, leaves: readonly { leave: Leave; visits: readonly LeaveVisit[] }[]): boolean =>
  v.state === 'on' &&
  v.checkedIn === null &&
  v.presence === null &&
  v.onTheWay === null &&
  !leaves.some(l => (l.leave.state === 'open' || l.leave.state === 'approved') && l.visits.some(x => x.visit === v.id && x.state === 'on'));
