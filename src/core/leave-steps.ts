/** The way of a leave: its stations in the programme's order, and what each answer makes of it. */
import type { LeaveRules } from '../programmes/schema.ts';
import type { Calendar } from './calendar.ts';
import type { Day, Instant } from './day.ts';
import { leadDays } from './leave.ts';
import type { Leave, LeaveStep } from './records.ts';

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

/** Topic of what is asked of a station; all topics of a leave. */
export const stepTopic = (step: Pick<LeaveStep, 'id'>): string => `leave-step/${step.id}`;

export const topicsOf = (leave: string, steps: readonly LeaveStep[]): string[] => [`leave/${leave}`, ...steps.map(stepTopic)];
