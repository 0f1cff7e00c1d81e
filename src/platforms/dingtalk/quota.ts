/** DingTalk sells its calls by the month: each is counted, and the count kept over a restart. */
import { monthOf, quotaKey, type Used } from '../../bot/quota.ts';
import type { Instant } from '../../core/day.ts';
import type { Notes } from '../intake.ts';
import { DINGTALK } from './receive.ts';

/** What the organisation's edition includes in a month. */
export interface Allowance {
  calls: number;
  pushes: number;
}
export interface Quota {
  count(kind: 'calls' | 'pushes'): void;
}

export const openQuota = async (app: string, most: Allowance, notes: Notes, now: () => Instant): Promise<Quota> => {
  const begin = (month: string): Used => ({
    platform: DINGTALK,
    app,
    month,
    calls: 0,
    pushes: 0,
    mostCalls: most.calls,
    mostPushes: most.pushes,
    minute: 0,
    inMinute: 0,
    busiest: 0,
  });
  const fresh = begin(monthOf(now()));
  const kept = (await notes.all(quotaKey(fresh))).get(quotaKey(fresh));
  let used: Used = { ...fresh, ...(kept ? (JSON.parse(kept) as Used) : {}), mostCalls: most.calls, mostPushes: most.pushes };
  return {
    count(kind) {
      const month = monthOf(now());
      if (month !== used.month) used = begin(month);
      used[kind]++;
      const minute = Math.floor(now() / 60_000);
      if (minute !== used.minute) Object.assign(used, { minute, inMinute: 0 });
      used.busiest = Math.max(used.busiest, ++used.inMinute);
      notes.keep(quotaKey(used), JSON.stringify(used));
    },
  };
};
