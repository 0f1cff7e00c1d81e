/** What a messenger that sells its calls by the month has had of them: counted, kept over a restart, shown in /体检 and /metrics. */
import { dayAt, type Instant } from '../core/day.ts';
import type { Read } from './ports.ts';

/** One app's calls of a month. `calls`: to its interface; `pushes`: what it hands us, and answers by a conversation's own address. */
export interface Used {
  platform: string;
  app: string;
  month: string;
  calls: number;
  pushes: number;
  /** What the organisation's edition includes, as it was set. */
  mostCalls: number;
  mostPushes: number;
  /** The minute that is counted now, in minutes since 1970, its calls, and the most there were in one. */
  minute: number;
  inMinute: number;
  busiest: number;
}

const QUOTA = 'quota/';
export const quotaKey = (u: Pick<Used, 'platform' | 'app' | 'month'>): string => `${QUOTA}${u.platform}/${u.app}/${u.month}`;
export const monthOf = (now: Instant): string => dayAt(now).slice(0, 7);

/** This month's use of every app that has one. */
export const usedIn = async (read: Pick<Read, 'notes'>, now: Instant): Promise<Used[]> =>
  [...(await read.notes(QUOTA)).values()].map(v => JSON.parse(v) as Used).filter(u => u.month === monthOf(now));

/** From here on it is time to buy more, or to say less. */
const NEARLY = 0.8;
export const isNearlySpent = (u: Used): boolean => u.calls >= NEARLY * u.mostCalls || u.pushes >= NEARLY * u.mostPushes;
/** 本月接口 812/10000 次，收发 120/5000 次，最忙一分钟 9 次 */
export const sayUsed = (u: Used): string =>
  `本月接口 ${u.calls}/${u.mostCalls} 次，收发 ${u.pushes}/${u.mostPushes} 次，最忙一分钟 ${u.busiest} 次${isNearlySpent(u) ? '，快用完了' : ''}`;
