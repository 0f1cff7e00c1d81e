/** Leave: its kinds, and how long before a day it must be with whom it concerns. Which stations and limits there are stands in the programme. */
import type { Lead, LeaveRules } from '../programmes/schema.ts';
import { assumeWeekdays, type Calendar, lastWorkdayOnOrBefore, workdaysBack } from './calendar.ts';
import { addDays, type Day } from './day.ts';
import type { LeaveKind } from './records.ts';

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
