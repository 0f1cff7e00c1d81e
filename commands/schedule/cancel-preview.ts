/** What would be cancelled of several days: how many visits, which days, and what stays; one tap cancels just these. */

import type { Asked, Decision } from '../../src/bot/command.ts';
import { type Day, dayOfMonth, monthOf, sayMonth, yearOf } from '../../src/core/day.ts';
import { shownOrg } from '../../src/core/org-names.ts';
import type { Visit } from '../../src/core/records.ts';
import { sayHalves } from '../../src/core/visit.ts';
import { type Args, type Facts } from './asked.ts';

interface Sorted {
  name: string;
  /** Those that can be cancelled, and those that cannot: over, already done, already public, in place of a day that was public. */
  free: readonly Visit[];
  past: readonly Visit[];
  settled: readonly Visit[];
  published: readonly Visit[];
  promised: readonly Visit[];
}

/** 5月1日、8日下午；6月5日: every day, in few signs. */
export const sayDays = (visits: readonly Visit[], near: Day): string => {
  const months = [...new Set(visits.map(v => monthOf(v.day)))];
  return months
    .map(m => {
      const days = visits.filter(v => monthOf(v.day) === m).map(v => `${dayOfMonth(v.day)}日${sayHalves(v)}`);
      return `${yearOf(m) === yearOf(near) ? `${Number(m.slice(5))}月` : sayMonth(m)}${[...new Set(days)].join('、')}`;
    })
    .join('；');
};

const HALVES = { am: ' 上午', pm: ' 下午', day: '' } as const;
/** The visits' days as they can be typed, with what else narrows them. */
export const daysTyped = ({ half, clinic }: Args, visits: readonly Visit[], orgs: Facts['orgs']): string =>
  `${[...new Set(visits.map(v => v.day))].join('、')}${half ? HALVES[half] : ''}${clinic ? ` ${shownOrg(orgs.get(clinic))}` : ''}`;

export const preview = ({ args, today }: Asked<Args>, f: Facts, { name, free, past, settled, published, promised }: Sorted): Decision => {
  const months = [...new Set(published.map(v => monthOf(v.day)))];
  return {
    reply: {
      code: 'schedule.cancel-preview',
      title: `取消${name}这${free.length}班？`,
      tone: 'ask',
      lines: [
        [...new Set(free.map(v => shownOrg(f.orgs.get(v.clinic))))].join('、'),
        sayDays(free, today),
        ...(published.length ? [`${months.map(sayMonth).join('、')}已公布，${sayDays(published, today)}不取消，只能改期`] : []),
        ...(promised.length ? [`公布过的班改来的不取消，只能改期：${sayDays(promised, today)}`] : []),
        ...(past.length + settled.length ? [`已经过了或已签到、核实、改期的不取消：${sayDays([...past, ...settled], today)}`] : []),
        '还没有取消，点一下才办',
      ],
      buttons: [{ label: `取消这${free.length}班`, command: `/排班 取消 ${name} ${daysTyped(args, free, f.orgs)} 确认`, style: 'danger' }],
    },
  };
};
