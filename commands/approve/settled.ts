/** There is nothing here for the actor to answer: because it is done, because others come first, or because it is not theirs. */

import { type Asked, type Decision, refuse } from '../../src/bot/command.ts';
import { sayDay, sayInstant } from '../../src/core/day.ts';
import { type LeaveFile, leaveState, leaveWord, sayLeaveDays, stationName, stationNames } from '../../src/core/leave-cards.ts';
import type { Args, Facts } from './asked.ts';

export const settledOrNot = ({ today }: Asked<Args>, f: Facts, file: LeaveFile): Decision => {
  const names = f.names!;
  const seen = f.answerers.filter(a => a.as === 'self').map(a => a.step);
  const done = seen.find(s => s.state === 'agreed' || s.state === 'refused');
  if (file.leave.state !== 'open' && (seen.length || f.answerers.some(a => a.as === 'stand-in')))
    return {
      reply: {
        code: 'leave.settled',
        title: `这件${leaveWord(file.leave)}${leaveState(file, names)}`,
        tone: 'info',
        lines: done?.at
          ? [`${stationName(done, names)} ${names.person(done.by ?? '')} ${sayInstant(done.at, today)}答复过`]
          : [`编号${file.leave.id} ${sayLeaveDays(file, today)}`],
      },
    };
  if (done?.at)
    return {
      reply: {
        code: 'leave.settled',
        title: '已经答复过',
        tone: 'info',
        lines: [
          `${stationName(done, names)} ${names.person(done.by ?? '')} ${sayInstant(done.at, today)}${done.state === 'agreed' ? '同意' : '没有同意'}`,
        ],
      },
    };
  const later = seen.find(s => s.state === 'later');
  if (later) {
    const waiting = file.steps.filter(s => s.state === 'waiting');
    return {
      reply: {
        code: 'leave.not-yet',
        title: `还在等${stationNames(waiting, names)}同意`,
        tone: 'info',
        lines: ['同意后会报给您', ...(later.due ? [`过了${sayDay(later.due, today)}还没同意，可以先批`] : [])],
      },
    };
  }
  const help = f.answerers.find(a => a.as === 'stand-in' && a.step.state === 'waiting');
  if (help)
    return {
      ...refuse(
        'leave.offline-hint',
        `这一步由${stationName(help.step, names)}答复`,
        `对方线下已同意的，可录入：/批准 ${file.leave.id} ${names.org(help.step.org)} 线下同意 电话`,
      ),
      private: true,
    };
  return { ...refuse('leave.not-yours', '这件请假不由您答复'), private: true };
};
