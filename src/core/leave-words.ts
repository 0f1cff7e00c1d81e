/** What is said about make-up days and about what leave does to a month. */
import type { LeaveRules, Programme } from '../programmes/schema.ts';
import { type Calendar, workday } from './calendar.ts';
import { type Day, type Month, monthOf, type Span, sayDay, sayMonth, yearOf, ymd } from './day.ts';
import type { Names } from './leave-cards.ts';
import { creditNotes } from './leave-limits.ts';
import { type MakeUp, type MakeUpProblem, type Taken } from './leave-make-up.ts';
import type { Visit } from './records.ts';
import { sayVisitDay } from './schedule.ts';

/** Why a make-up day is asked for again. */
export const problemWords = (p: MakeUpProblem, names: Names, today: Day): [string, ...string[]] => {
  const on = sayDay(p.day, today);
  switch (p.code) {
    case 'past':
      return [`${on}已经过了，请换一天补班`];
    case 'outside':
      return [`${on}不在方案期内，请换一天补班`];
    case 'own-leave':
      return [`${on}正在请假，请换一天补班`];
    case 'other-leave':
      return [`${on}在另一件请假里（编号${p.leave}），请换一天`];
    case 'taken':
      return [`${on}已有班次，请换一天补班`, `${names.org(p.visit.clinic)} ${sayVisitDay(p.visit, today)}`];
    case 'twice':
      return [`两班放不进${on}的同一个半天`, '写整天，或两个半天，如：6月19日上午、6月20日上午'];
    case 'shorter':
      return [`${on}补的半天不够，全天的班要补一整天`];
  }
};

/** What is allowed and still worth a word: a rest day, another month, after the report, somebody else there. */
export const makeUpWarnings = (
  { today, programme, calendar }: { today: Day; programme: Programme; calendar: Calendar },
  f: { others: readonly Visit[]; names: Names },
  taken: readonly Taken[],
  makeUps: readonly MakeUp[],
): string[] => {
  const out = new Set<string>();
  makeUps.forEach((m, i) => {
    const visit = taken[i]!.visit;
    const on = sayDay(m.day, today);
    const kind = workday(calendar, m.day);
    if (kind === 'rest') out.add(`注意：${on}是休息日`);
    if (kind === 'unknown') out.add(`注意：${yearOf(m.day)}年放假安排还没有，${on}未核对`);
    if (monthOf(m.day) !== monthOf(visit.day)) out.add(`注意：改到${sayMonth(monthOf(m.day))}，${sayMonth(monthOf(visit.day))}就少这一班`);
    const cutOff = programme.report && ymd(yearOf(m.day), Number(m.day.slice(5, 7)), programme.report['due-day']);
    if (cutOff && m.day > cutOff) out.add(`注意：在${sayDay(cutOff, today)}报送之后，列入下次补报`);
    const other = f.others.find(o => o.day === m.day && o.clinic === visit.clinic);
    if (other) out.add(`注意：${on}${f.names.person(other.person)}也在${f.names.org(visit.clinic)}`);
  });
  return [...out].slice(0, 3);
};

/** Months that allowed leave brings below the share of workdays that counts. */
export const creditLines = (calendar: Calendar, rules: LeaveRules, span: Span, others: readonly Span[]): string[] => {
  const { credit } = rules;
  if (!credit) return [];
  const months: Month[] = [...new Set([monthOf(span.from), monthOf(span.to)])];
  return creditNotes(credit.share, [span, ...others], calendar, months).map(n =>
    n === null
      ? '有的月份放假安排还没有，在岗比例未核对'
      : `注意：${sayMonth(n.month)}${n.workdays}个工作日，请假后在岗${n.left}天，不足${n.needed}天（${credit.clause}：${credit.says}${credit.scope === 'early-end' ? '，限提前结束派驻的' : ''}）`,
  );
};
