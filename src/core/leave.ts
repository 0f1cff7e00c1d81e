/** Leave: what is asked, whether in time, over which stations it goes, and what its yes changes. Which stations and limits there are stands in the programme. */
import type { Lead, LeaveLimit, LeaveRules } from '../programmes/schema.ts';
import { assumeWeekdays, type Calendar, lastWorkdayOnOrBefore, workdaysBack, workdaysIn } from './calendar.ts';
import {
  addDays,
  type Day,
  daysIn,
  type Half,
  type Instant,
  type Month,
  monthOf,
  monthSpan,
  quarterSpan,
  type Span,
  within,
  yearOf,
} from './day.ts';
import { type Change, type Leave, type LeaveKind, type LeaveStep, type LeaveVisit, numbered, type Posting, type Visit } from './records.ts';
import { clash, newVisit } from './visit.ts';

/** Kinds of leave from which somebody comes back. */
export const AWAY: readonly LeaveKind[] = ['sick', 'urgent', 'other'];

/** Why, in the three words that a group may see. Of others' illness it is an urgent matter. */
export const leaveKind = (reason: string): LeaveKind =>
  OTHERS.test(reason) ? 'urgent' : ILLNESS.test(reason) ? 'sick' : URGENT.test(reason) ? 'urgent' : 'other';
const ILLNESS =
  /病|炎|疼|痛|感冒|咳|血压|心脏|烧|发热|住院|手术|急诊|伤|骨折|椎|突出|复查|化疗|摔|晕|呕|腹泻|拉肚子|过敏|感染|流感|阳了|不适|不舒服|就医|产检|流产/;
const OTHERS = new RegExp(
  `(?:父|母|爸|妈|爷|奶|外公|外婆|岳|公公|婆婆|孩子|小孩|儿子|女儿|爱人|妻|丈夫|老婆|老公|老人|家人|家属|家里|家中|亲属)[^，。；]{0,6}(?:${ILLNESS.source}|去世|过世|急|车祸)`,
);
const URGENT = /急|意外|车祸|丧|去世|过世|抢险|灾|塌方|台风/;
export const LEAVE_KIND_NAMES: Readonly<Record<LeaveKind, string>> = { sick: '因病', urgent: '因急事', other: '其他', end: '提前结束派驻' };

/** The last day on which a lead time before a day is kept, and the last workday on or before it. */
export const leadDays = (start: Day, lead: Lead, calendar: Calendar): { last: Day; lastWorkday: Day } => {
  const sure = assumeWeekdays(calendar);
  const last = lead.counted === 'calendar' ? addDays(start, -lead.days) : lead.days === 0 ? start : workdaysBack(sure, start, lead.days);
  return { last, lastWorkday: lastWorkdayOnOrBefore(sure, last) };
};

/** The longest lead of the steps: on its day the matter must be with whom it concerns. */
export const leadOf = (rules: LeaveRules): Lead | undefined =>
  rules.steps.flatMap(s => (s.lead ? [s.lead] : [])).sort((a, b) => b.days - a.days)[0];

// ── Which visits, and when they are made up ─────────────────────────────────────

export interface HalfDay {
  day: Day;
  half: Half | 'day' | undefined;
}
export interface Taken {
  visit: Visit;
  am: boolean;
  pm: boolean;
}
const ofHalf = (half: HalfDay['half']): { am: boolean; pm: boolean } => ({ am: half !== 'pm', pm: half !== 'am' });

/** The visits that leave is asked from: those that are on in the span, of a half day only that half. */
export const takenBy = (visits: readonly Visit[], days: readonly HalfDay[]): Taken[] =>
  visits
    .filter(v => v.state === 'on')
    .flatMap(visit => {
      const asked = days.find(d => d.day === visit.day);
      if (!asked) return [];
      const { am, pm } = ofHalf(asked.half);
      const taken = { visit, am: visit.am && am, pm: visit.pm && pm };
      return taken.am || taken.pm ? [taken] : [];
    })
    .sort((a, b) => (a.visit.day + (a.am ? 0 : 1) < b.visit.day + (b.am ? 0 : 1) ? -1 : 1));

export interface MakeUp {
  day: Day;
  am: boolean;
  pm: boolean;
}
/**
 * A make-up for each visit, in order: as many as there are visits, or one day for visits of one day.
 * A half that was not said is the visit's own. Undefined: they do not fit.
 */
export const makeUpsFor = (taken: readonly Taken[], said: readonly HalfDay[]): MakeUp[] | undefined => {
  // 全天 of a day whose morning and afternoon are two visits is what each of them is.
  const several = (t: Taken) => taken.filter(x => x.visit.day === t.visit.day).length > 1;
  const own = (t: Taken, d: HalfDay): MakeUp => ({
    day: d.day,
    ...(d.half === undefined || (d.half === 'day' && several(t)) ? { am: t.am, pm: t.pm } : ofHalf(d.half)),
  });
  if (said.length === taken.length) return taken.map((t, i) => own(t, said[i]!));
  const days = [...new Set(taken.map(t => t.visit.day))];
  if (said.length === days.length) return taken.map(t => own(t, said[days.indexOf(t.visit.day)]!));
  return undefined;
};

export type MakeUpProblem =
  | { code: 'past'; day: Day }
  | { code: 'outside'; day: Day }
  | { code: 'own-leave'; day: Day }
  | { code: 'other-leave'; day: Day; leave: string }
  | { code: 'taken'; day: Day; visit: Visit }
  | { code: 'twice'; day: Day }
  | { code: 'shorter'; day: Day };

export interface MakeUpFacts {
  /** Visits of the physician on the make-up days. */
  theirs: readonly Visit[];
  /** Other leaves of the physician that are open or approved, with their visits. */
  leaves: readonly { leave: Leave; visits: readonly LeaveVisit[] }[];
}

/** What stands in the way of a make-up; the first thing found. */
export const makeUpProblem = (
  taken: readonly Taken[],
  makeUps: readonly MakeUp[],
  facts: MakeUpFacts,
  { today, term, days }: { today: Day; term: Span; days: readonly HalfDay[] },
): MakeUpProblem | undefined => {
  for (const [i, m] of makeUps.entries()) {
    const t = taken[i]!;
    if (m.day < today) return { code: 'past', day: m.day };
    if (!within(m.day, term)) return { code: 'outside', day: m.day };
    const same = days.find(d => d.day === m.day);
    if (same && ((m.am && ofHalf(same.half).am) || (m.pm && ofHalf(same.half).pm))) return { code: 'own-leave', day: m.day };
    if (Number(m.am) + Number(m.pm) < Number(t.am) + Number(t.pm)) return { code: 'shorter', day: m.day };
    for (const { leave, visits } of facts.leaves) {
      const on = visits.some(v => v.state === 'on' && v.day === m.day && ((v.am && m.am) || (v.pm && m.pm)));
      const awaited =
        leave.state === 'open' && visits.some(v => v.state === 'on' && v.toDay === m.day && ((v.toAm && m.am) || (v.toPm && m.pm)));
      if (on || awaited || (leave.workdays !== null && within(m.day, leave))) return { code: 'other-leave', day: m.day, leave: leave.id };
    }
    const visit = clash(
      facts.theirs.filter(v => v.day === m.day && !taken.some(x => x.visit.id === v.id)),
      m,
    );
    if (visit) return { code: 'taken', day: m.day, visit };
    if (makeUps.some((o, j) => j < i && o.day === m.day && ((o.am && m.am) || (o.pm && m.pm)))) return { code: 'twice', day: m.day };
  }
  return undefined;
};

// ── Limits, and what a month keeps ──────────────────────────────────────────────

/** Leaves count while they are open or approved; once, in the month they begin in. */
const counts = (l: Leave) => l.kind !== 'end' && (l.state === 'open' || l.state === 'approved' || l.state === 'ended');
const spanOf = (per: LeaveLimit['per'], on: Day): Span | undefined =>
  per === 'leave'
    ? undefined
    : per === 'month'
      ? monthSpan(monthOf(on))
      : per === 'quarter'
        ? quarterSpan(on)
        : { from: `${yearOf(on)}-01-01` as Day, to: `${yearOf(on)}-12-31` as Day };

export interface Counted {
  limit: LeaveLimit;
  /** With this leave counted in. */
  n: number;
  over: boolean;
}
/** Where this leave stands against each limit. */
export const countLimits = (limits: readonly LeaveLimit[], asked: { from: Day; workdays: number }, earlier: readonly Leave[]): Counted[] =>
  limits.map(limit => {
    const span = spanOf(limit.per, asked.from);
    const others = span ? earlier.filter(l => counts(l) && within(l.from, span)) : [];
    const n = limit.times !== undefined ? others.length + 1 : others.reduce((sum, l) => sum + (l.workdays ?? 0), asked.workdays);
    return { limit, n, over: n > (limit.times ?? limit.workdays!) };
  });

/** Said aloud in the reply: 本月第2次（每月不超过1次）. */
export const sayCounted = ({ limit, n }: Counted): string => {
  const per = { leave: '这次', month: '本月', quarter: '本季度', year: '今年' }[limit.per];
  return limit.times !== undefined ? `${per}第${n}次（${limit.says}）` : `${per}${n}个工作日（${limit.says}）`;
};

export interface CreditNote {
  month: Month;
  workdays: number;
  /** Workdays left when all leave of the month is taken off. */
  left: number;
  needed: number;
}
/** Months that leave brings below the share of workdays that counts; null for a month whose calendar is not known. */
export const creditNotes = (share: number, leaves: readonly Span[], calendar: Calendar, months: readonly Month[]): (CreditNote | null)[] =>
  months.flatMap((month): (CreditNote | null)[] => {
    const span = monthSpan(month);
    const workdays = workdaysIn(calendar, span);
    if (workdays === undefined) return [null];
    const away = new Set(leaves.flatMap(l => daysIn(l).filter(d => within(d, span) && calendar.kind(d) === 'work'))).size;
    const needed = Math.ceil(share * workdays - 1e-9);
    return workdays - away < needed ? [{ month, workdays, left: workdays - away, needed }] : [];
  });

// ── Its way ─────────────────────────────────────────────────────────────────────

export interface Stations {
  hospital: string;
  clinics: readonly string[];
  county: string;
}
/** The stations of a leave, in the programme's order; of an emergency all are asked at once. */
export const stepsOf = (
  rules: LeaveRules,
  leave: Pick<Leave, 'id' | 'emergency' | 'at'>,
  to: Stations,
  start: Day,
  calendar: Calendar,
  approver: string | undefined,
): LeaveStep[] => {
  const orgsOf = (by: 'hospital' | 'clinic' | 'bureau' | 'general') =>
    by === 'hospital' ? [to.hospital] : by === 'clinic' ? to.clinics : [to.county];
  const first = Math.min(...rules.steps.map(s => s.stage));
  const steps = rules.steps.flatMap(s =>
    orgsOf(s.by).map((org): LeaveStep => {
      const asked = leave.emergency || s.stage === first;
      return {
        id: '',
        leave: leave.id,
        county: to.county,
        step: s.id,
        kind: s.decides ? 'decision' : 'consent',
        stage: s.stage,
        org,
        role: s.by,
        office: s.by === 'bureau' ? (approver ?? s.office ?? null) : null,
        state: asked ? 'waiting' : 'later',
        due: s.lead ? leadDays(start, s.lead, calendar).last : null,
        askedAt: asked ? leave.at : null,
        by: null,
        at: null,
        how: null,
        note: null,
        on: null,
        number: null,
      };
    }),
  );
  const last = Math.max(...rules.steps.map(s => s.stage));
  const filing = (rules.filing?.hops ?? []).map(
    (hop, i): LeaveStep => ({
      id: '',
      leave: leave.id,
      county: to.county,
      step: hop,
      kind: 'filing',
      stage: last + 1 + i,
      org: to.county,
      role: 'bureau',
      office: approver ?? rules.steps.find(s => s.by === 'bureau')?.office ?? null,
      state: 'later',
      due: rules.filing?.lead ? leadDays(start, rules.filing.lead, calendar).last : null,
      askedAt: null,
      by: null,
      at: null,
      how: null,
      note: null,
      on: null,
      number: null,
    }),
  );
  return [...steps, ...filing].map((s, n) => ({ ...s, id: `${leave.id}/${n + 1}` }));
};

export interface Answer {
  yes: boolean;
  by: string;
  at: Instant;
  how: 'self' | 'stand-in' | 'offline';
  note: string | null;
}
export interface Answered {
  steps: LeaveStep[];
  /** Where the leave stands now. */
  state: 'open' | 'approved' | 'refused';
  /** Steps whose turn has come by this answer. */
  opened: LeaveStep[];
}

/**
 * One station's answer. A no of a station ends an ordinary leave; of an emergency only the decision's does, where there is one.
 * The rest of the way is void once it has ended; after a yes that grants it the filing begins.
 */
export const answerStep = (leave: Pick<Leave, 'emergency'>, steps: readonly LeaveStep[], id: string, answer: Answer): Answered => {
  const after = steps.map(
    (s): LeaveStep =>
      s.id === id
        ? { ...s, state: answer.yes ? 'agreed' : 'refused', by: answer.by, at: answer.at, how: answer.how, note: answer.note }
        : s,
  );
  const step = after.find(s => s.id === id)!;
  const asked = after.filter(s => s.kind !== 'filing');
  const decision = asked.find(s => s.kind === 'decision');
  const ended = !answer.yes && (step.kind === 'decision' || !leave.emergency || decision === undefined);
  if (ended)
    return {
      steps: after.map(s => (s.state === 'later' || s.state === 'waiting' ? { ...s, state: 'void' } : s)),
      state: 'refused',
      opened: [],
    };
  const granted = decision ? decision.state === 'agreed' : asked.every(s => s.state === 'agreed');
  const open = (s: LeaveStep): LeaveStep => ({ ...s, state: 'waiting', askedAt: answer.at });
  if (granted) {
    const files = after.some(s => s.kind === 'filing' && s.state !== 'later')
      ? []
      : after.filter(s => s.kind === 'filing' && s.state === 'later').slice(0, 1);
    const opened = files.map(open);
    return { steps: after.map(s => opened.find(o => o.id === s.id) ?? s), state: 'approved', opened };
  }
  if (asked.some(s => s.state === 'waiting')) return { steps: after, state: 'open', opened: [] };
  const next = Math.min(...asked.filter(s => s.state === 'later').map(s => s.stage));
  const opened = asked.filter(s => s.state === 'later' && s.stage === next).map(open);
  return { steps: after.map(s => opened.find(o => o.id === s.id) ?? s), state: 'open', opened };
};

/** May the decision be taken although consents are missing? In an emergency, and when a unit was slow until the lead time was over. */
export const mayDecideEarly = (leave: Pick<Leave, 'emergency'>, decision: LeaveStep, today: Day): boolean =>
  leave.emergency || (decision.due !== null && today >= decision.due);

// ── What a yes changes, and how it is put back ──────────────────────────────────

export interface Granted {
  changes: Change[];
  /** Leave visits as they are now, make-up visits named. */
  visits: LeaveVisit[];
  /** Lines whose visit was moved or passed on meanwhile. */
  lapsed: LeaveVisit[];
  /** Lines whose make-up day no longer fits: it is to be named anew. */
  unsettled: LeaveVisit[];
}

/** The visits of an approved leave move to their make-up days. `visits`: as they are now. `theirs`: of the physician on the make-up days. */
export const grantVisits = (
  lines: readonly LeaveVisit[],
  facts: { visits: readonly Visit[]; theirs: readonly Visit[]; postings: readonly Posting[]; today: Day; turn: number; owed: boolean },
): Granted => {
  const out: Granted = { changes: [], visits: [], lapsed: [], unsettled: [] };
  let n = 0;
  for (const line of lines) {
    if (line.state !== 'on') continue;
    const visit = facts.visits.find(v => v.id === line.visit);
    if (!visit || visit.state !== 'on' || visit.day !== line.day || visit.person !== line.person || visit.presence === 'present') {
      const dropped: LeaveVisit = { ...line, state: 'dropped' };
      out.lapsed.push(dropped);
      out.changes.push({ table: 'leaveVisits', id: line.id, to: dropped });
      continue;
    }
    const whole = (!visit.am || line.am) && (!visit.pm || line.pm);
    const posted = facts.postings.some(
      p =>
        p.clinic === visit.clinic &&
        line.toDay !== null &&
        p.from <= monthOf(line.toDay) &&
        (p.until === null || p.until >= monthOf(line.toDay)),
    );
    const free =
      line.toDay !== null &&
      line.toDay >= facts.today &&
      posted &&
      !clash(
        facts.theirs.filter(v => v.day === line.toDay && v.id !== visit.id),
        { am: line.toAm, pm: line.toPm },
      );
    const made = free ? numbered(facts.turn, n++) : null;
    const kept: LeaveVisit = free ? { ...line, made } : { ...line, toDay: null, made: null };
    out.visits.push(kept);
    if (facts.owed && !free) out.unsettled.push(kept);
    out.changes.push({ table: 'leaveVisits', id: line.id, to: kept });
    out.changes.push({
      table: 'visits',
      id: visit.id,
      to: whole
        ? {
            ...visit,
            state: made === null ? 'leave' : 'moved',
            moved: made ?? visit.moved,
            checkedIn: visit.checkedIn,
            tally: null,
            tallyHalf: false,
          }
        : { ...visit, am: visit.am && !line.am, pm: visit.pm && !line.pm },
      was: { state: 'on', presence: visit.presence },
    });
    if (made !== null) out.changes.push({ table: 'visits', id: made, to: makeUpVisit(visit, line, made) });
  }
  return out;
};

export const makeUpVisit = (visit: Visit, line: Pick<LeaveVisit, 'toDay' | 'toAm' | 'toPm'>, id: string): Visit =>
  newVisit({
    id,
    programme: visit.programme,
    county: visit.county,
    person: visit.person,
    clinic: visit.clinic,
    hospital: visit.hospital,
    posting: visit.posting,
    type: visit.type,
    day: line.toDay!,
    am: line.toAm,
    pm: line.toPm,
    moved: visit.id,
  });

/** Lines that touch visits which are moved or passed on: they fall out of their leave, and a leave with none left is moot. */
export const dropVisits = (
  open: readonly { leave: Leave; visits: readonly LeaveVisit[]; steps: readonly LeaveStep[] }[],
  gone: ReadonlySet<string>,
): { changes: Change[]; moot: Leave[]; topics: string[] } => {
  const changes: Change[] = [];
  const moot: Leave[] = [];
  const topics: string[] = [];
  for (const { leave, visits, steps } of open) {
    const hit = visits.filter(v => v.state === 'on' && gone.has(v.visit));
    if (!hit.length || leave.state !== 'open') continue;
    for (const v of hit) changes.push({ table: 'leaveVisits', id: v.id, to: { ...v, state: 'dropped' } });
    if (visits.some(v => v.state === 'on' && !gone.has(v.visit))) continue;
    changes.push({ table: 'leaves', id: leave.id, to: { ...leave, state: 'moot' }, was: { state: 'open' } });
    for (const s of steps)
      if (s.state === 'waiting' || s.state === 'later') changes.push({ table: 'leaveSteps', id: s.id, to: { ...s, state: 'void' } });
    moot.push(leave);
    topics.push(...topicsOf(leave.id, steps));
  }
  return { changes, moot, topics };
};

/** Topic of what is asked of a station; all topics of a leave. */
export const stepTopic = (step: Pick<LeaveStep, 'id'>): string => `leave-step/${step.id}`;
export const topicsOf = (leave: string, steps: readonly LeaveStep[]): string[] => [`leave/${leave}`, ...steps.map(stepTopic)];
