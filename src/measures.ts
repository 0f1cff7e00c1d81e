/** Numbers for /metrics: no names, no texts. */
import type { Assembled } from './assemble.ts';
import type { OutboxState, Store } from './bot/ports.ts';
import type { Measure } from './web/health.ts';

const STATES: readonly OutboxState[] = ['pending', 'sending', 'failed', 'unknown'];
const MOST = 10_000;

export const measures = async (store: Store, { relay, fault }: Assembled): Promise<Measure[]> => {
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
    { name: 'bot_store_fault', help: '1 while nothing can be stored', type: 'gauge', values: [{ value: fault() === null ? 0 : 1 }] },
    {
      name: 'bot_last_job_slot_seconds',
      help: 'Slot of the last job that ran',
      type: 'gauge',
      values: runs.map(r => ({ value: r.slot / 1000 })),
    },
  ];
};
