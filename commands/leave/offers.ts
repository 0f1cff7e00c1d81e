/** What is offered instead, where a leave cannot be asked as it was typed: the days there are, the leave there is, the emergency path. */

import { type Asked, type Decision, refuse } from '../../src/bot/command.ts';
import { type Day, sayDay, within } from '../../src/core/day.ts';
import { isEarlyEnd } from '../../src/core/early-end.ts';
import { leadDays } from '../../src/core/leave.ts';
import { leaveState, nextVisits, sayLeaveDays } from '../../src/core/leave-cards.ts';
import { type HalfDay, type Taken } from '../../src/core/leave-make-up.ts';
import { basisOf } from '../../src/core/leave-news.ts';
import { sayVisitDay } from '../../src/core/schedule.ts';
import { sayHalves } from '../../src/core/visit.ts';
import { cite, type LeaveRules } from '../../src/programmes/schema.ts';
import { type Args, type Facts, halfDays, live, reasonLines, sayHalfDays } from './asked.ts';

/** Which days? The next visits as buttons, or the leaves there are. */
export const which = (asked: Asked<Args>, f: Facts, who: string): Decision => {
  const { args, today } = asked;
  const open = f.files.filter(x => live(x.leave) && x.leave.to >= today);
  const reason = args.reason ? ` ${args.reason}` : '';
  const next = nextVisits(f.visits, today, 4);
  return {
    reply: {
      code: 'leave.which',
      title: '请哪天的假？',
      tone: 'ask',
      lines: [
        ...open.slice(0, 3).map(x => `编号${x.leave.id} ${sayLeaveDays(x, today)}：${leaveState(x, f.names)}`),
        ...reasonLines(asked),
        '直接回复，如：6月12日 家中有事 改到 6月19日',
        '发 取消 不办',
      ],
      buttons: next.map(v => ({
        label: `${sayVisitDay(v, today)} ${f.names.org(v.clinic)}`,
        command: `/请假 ${who}${v.day}${sayHalves(v)}${reason}`,
      })),
    },
    waitFor: `/请假${who ? ` ${who.trim()}` : ''}${reason}`,
  };
};

/** A day without a planned visit needs no leave. */
export const noVisit = ({ today, programme }: Asked<Args>, f: Facts, first: Day, who: string): Decision => {
  const next = nextVisits(f.visits, today, 3);
  return {
    reply: {
      code: 'leave.no-visit',
      title: `${sayDay(first, today)}没有下乡班次，不用请假`,
      tone: 'info',
      lines: next.length ? ['要请的是不是：'] : [`${programme!.title}近期没有您的班次`],
      ...(next.length
        ? {
            buttons: next.map(v => ({
              label: `${sayVisitDay(v, today)} ${f.names.org(v.clinic)}`,
              command: `/请假 ${who}${v.day}${sayHalves(v)}`,
            })),
          }
        : {}),
    },
  };
};

/** The same days are on leave already, or are the make-up of a leave that is still open. */
export const overlapping = (
  f: Facts,
  taken: readonly Taken[],
  wanted: readonly HalfDay[],
  rules: LeaveRules,
): ((asked: Asked<Args>) => Decision) | undefined => {
  for (const file of f.files.filter(x => live(x.leave) && !isEarlyEnd(x.leave))) {
    const same =
      rules.of === 'workdays'
        ? wanted.some(d => within(d.day, file.leave))
        : file.visits.some(
            v => v.state === 'on' && (taken.some(t => t.visit.id === v.visit) || (!taken.length && wanted.some(d => d.day === v.day))),
          );
    if (same)
      return ({ today }) => ({
        reply: {
          code: 'leave.already',
          title: `${sayLeaveDays(file, today)}已经请过假`,
          tone: 'info',
          lines: [`编号${file.leave.id}：${leaveState(file, f.names)}`, '要改请先撤回再请'],
          buttons: [{ label: file.leave.state === 'open' ? '撤回' : '销假', command: `/销假 ${file.leave.id}` }],
        },
      });
    const awaited =
      file.leave.state === 'open' && file.visits.some(v => v.state === 'on' && !taken.length && wanted.some(d => d.day === v.toDay));
    if (awaited)
      return ({ today }) =>
        refuse(
          'leave.make-up-open',
          `这天是编号${file.leave.id}请假的补班日，还没批下来`,
          `${sayLeaveDays(file, today)}：${leaveState(file, f.names)}`,
          `要换补班日，先 /销假 ${file.leave.id} 再重请`,
        );
  }
  return undefined;
};

/** Too late for the ordinary path: nothing is lost or retyped. */
export const tooLate = (
  asked: Asked<Args>,
  f: Facts,
  rules: LeaveRules,
  start: Day,
  said: (more: { emergency?: boolean; to?: string }) => string,
): Decision => {
  const { today, programme, args } = asked;
  const step = rules.steps.find(s => s.lead);
  const to = args.to ? `改到 ${sayHalfDays(halfDays(args.to, undefined))}` : args.open ? '待定' : '';
  const due = step?.lead ? leadDays(start, step.lead, asked.calendar).last : null;
  return {
    reply: {
      code: 'leave.too-late',
      title: due === null ? `${sayDay(start, today)}已经过了` : `${sayDay(start, today)}的假要在${sayDay(due, today)}前请`,
      tone: 'no',
      lines: ['确有急事，点下面的按钮即可，不用重写', ...(step ? [cite(programme!, step)] : [basisOf({ programme: programme!, rules })])],
      buttons: [{ label: '按紧急情况提交', command: said({ emergency: true, to }), style: 'primary' }],
    },
  };
};
