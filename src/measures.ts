/** Numbers for /metrics: no names, no texts. */
import type { Assembled } from './assemble.ts';
import type { OutboxState, Store } from './bot/ports.ts';
import { type Used, usedIn } from './bot/quota.ts';
import type { Instant } from './core/day.ts';
import type { Measure } from './web/health.ts';

const STATES: readonly OutboxState[] = ['pending', 'sending', 'failed', 'unknown'];
const MOST = 10_000;

export const measures = async (store: Store, { relay, fault }: Assembled, now: Instant): Promise<Measure[]> => {
  const used = await usedIn(store.read, now);
  const minute = Math.floor(now / 60_000);
  const perApp = (of: (u: Used) => { labels?: Record<string, string>; value: number }[]) =>
    used.flatMap(u => of(u).map(v => ({ value: v.value, labels: { platform: u.platform, app: u.app, ...v.labels } })));
  const rows = await store.read.outbox({ states: STATES, limit: MOST });
  const stats = relay.stats();
  const runs = await store.read.jobRuns(1);
  return [
    {
      name: 'bot_outbox_rows',
      help: 'Messages not yet settled, by state',
      type: 'gauge',
      values: STATES.map(state => ({ labels: { state }, value: rows.filter(r => r.state === state).length })),
    },
    {
      name: 'bot_messages_total',
      help: 'Messages handed to platforms since the start, by outcome',
      type: 'counter',
      values: Object.entries(stats)
        .filter(([, v]) => typeof v === 'number')
        .map(([outcome, value]) => ({ labels: { outcome }, value: value as number })),
    },
    {
      name: 'bot_platform_calls_month',
      help: 'Calls of this month that the messenger counts, by kind',
      type: 'gauge',
      values: perApp(u => [
        { labels: { kind: 'calls' }, value: u.calls },
        { labels: { kind: 'pushes' }, value: u.pushes },
      ]),
    },
    {
      name: 'bot_platform_calls_month_limit',
      help: 'What the edition includes in a month',
      type: 'gauge',
      values: perApp(u => [
        { labels: { kind: 'calls' }, value: u.mostCalls },
        { labels: { kind: 'pushes' }, value: u.mostPushes },
      ]),
    },
    {
      name: 'bot_platform_calls_minute',
      help: 'Calls of this minute, and of the busiest of the month',
      type: 'gauge',
      values: perApp(u => [
        { labels: { minute: 'now' }, value: u.minute === minute ? u.inMinute : 0 },
        { labels: { minute: 'busiest' }, value: u.busiest },
      ]),
    },
    { name: 'bot_store_fault', help: '1 while nothing can be stored', type: 'gauge', values: [{ value: fault() === null ? 0 : 1 }] },
    {
      name: 'bot_last_job_slot_seconds',
      help: 'Slot of the last job that ran',
      type: 'gauge',
      values: runs.map(r => ({ value: r.slot / 1000 })),
    },
  ];
};
