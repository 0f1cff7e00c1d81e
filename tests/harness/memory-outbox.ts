/** An outbox in memory, with the semantics of the store's. */
import type { Mark, OutboxRow, OutboxState, OutboxStore, Post } from '../../src/bot/ports.ts';
import { laneId } from '../../src/outbox/lane.ts';

const SETTLED: readonly OutboxState[] = ['sent', 'failed', 'unknown', 'expired', 'withdrawn'];

export interface MemoryOutbox extends OutboxStore {
  rows: OutboxRow[];
  /** Marks in the order in which they were stored. */
  marks: Mark[];
  /** Calls of `due` so far. */
  reads: number;
  /** While set, everything fails as with a full disk. */
  broken: boolean;
  /** While set, marks wait for it. */
  gate: Promise<void> | undefined;
  /** While set, what `due` has found is handed out only after it. */
  readGate: Promise<void> | undefined;
  /** What a turn does: writes rows, a key once, and returns those written. */
  post(posts: readonly Post[], now: number): OutboxRow[];
  /** What a turn does: withdraws by topic. */
  settle(topics: readonly string[], now: number): void;
  row(key: string): OutboxRow;
}

export const memoryOutbox = (): MemoryOutbox => {
  const check = () => {
    if (store.broken) throw new Error('disk full');
  };
  const copy = (r: OutboxRow): OutboxRow => ({ ...r });
  const pending = (now: number) => store.rows.filter(r => r.state === 'pending' && (r.notBefore ?? 0) <= now);
  const store: MemoryOutbox = {
    rows: [],
    marks: [],
    reads: 0,
    broken: false,
    gate: undefined,
    readGate: undefined,
    post(posts, now) {
      const written: OutboxRow[] = [];
      for (const { born, ...post } of posts) {
        if (store.rows.some(r => r.key === post.key)) continue;
        const unreachable = born === 'unreachable';
        written.push({
          ...post,
          seq: store.rows.length + 1,
          turn: 1,
          state: unreachable ? 'failed' : born,
          attempts: born === 'sending' ? 1 : 0,
          providerId: null,
          error: unreachable ? 'unreachable' : null,
          createdAt: now,
          settledAt: unreachable ? now : null,
        });
        store.rows.push(written.at(-1)!);
      }
      return written.map(copy);
    },
    settle(topics, now) {
      for (const r of store.rows.filter(x => x.topic !== null && topics.includes(x.topic))) {
        if (r.state === 'pending') Object.assign(r, { state: 'withdrawn', settledAt: now });
        if (r.state === 'sending') r.settledAt = now;
      }
    },
    row: key => store.rows.find(r => r.key === key)!,
    async due(now, limit, after = 0) {
      store.reads++;
      check();
      const rows = pending(now)
        .filter(r => r.seq > after)
        .slice(0, limit)
        .map(copy);
      await store.readGate;
      return rows;
    },
    async mark(marks) {
      await store.gate;
      await new Promise(setImmediate);
      check();
      for (const m of marks) {
        store.marks.push(m);
        const { seq, at, ...set } = m;
        const row = store.rows.find(r => r.seq === seq);
        if (!row) continue;
        if (m.state === 'pending' && row.settledAt !== null)
          Object.assign(row, set, { state: row.state === 'sending' ? 'withdrawn' : row.state });
        else Object.assign(row, set, { settledAt: SETTLED.includes(m.state) ? at : null });
      }
    },
    async claim(_to, marks) {
      const open = () => marks.filter(m => store.rows.some(r => r.seq === m.seq && /^(pending|sending)$/.test(r.state) && !r.settledAt));
      await store.gate;
      const going = open();
      await store.mark(going);
      return { held: false, seqs: going.map(m => m.seq) };
    },
    release: async () => undefined,
    async recover(now, remembers) {
      for (const r of store.rows.filter(x => x.state === 'sending'))
        Object.assign(
          r,
          Math.max(r.createdAt, r.notBefore ?? 0) > now - remembers(r.to.platform)
            ? { state: 'pending', notBefore: r.notBefore || r.createdAt }
            : { state: 'unknown', settledAt: now, error: 'stopped while sending' },
        );
    },
    async nextMoments(now, limit) {
      return store.rows
        .filter(r => r.state === 'pending')
        .flatMap(r => [r.notBefore, r.expires].map(at => ({ at: at ?? 0, what: r.card.title })))
        .filter(m => m.at > now)
        .sort((a, b) => a.at - b.at)
        .slice(0, limit);
    },
    async sentSince(to, since) {
      const here = store.rows.filter(r => laneId(r.to) === laneId(to) && r.state === 'sent' && r.settledAt! >= since);
      return new Set(here.map(r => r.providerId ?? r.key)).size;
    },
    async unaskedSince(to, since) {
      check();
      const sent = store.rows.filter(
        r => r.state === 'sent' && r.class !== 'reply' && (r.settledAt ?? 0) >= since && laneId(r.to) === laneId(to),
      );
      return new Set(sent.map(r => r.providerId ?? r.key)).size;
    },
    async unaskedOfCalled(seqs, since) {
      check();
      const called = new Set(store.rows.filter(r => seqs.includes(r.seq)).flatMap(r => r.calls ?? []));
      const sent = store.rows.filter(r => r.state === 'sent' && r.class !== 'reply' && (r.settledAt ?? 0) >= since);
      return new Map([...called].map(p => [p, new Set(sent.filter(r => r.calls?.includes(p)).map(r => r.providerId ?? r.key)).size]));
    },
    async arrived(topics) {
      return this.rows.filter(r => r.state === 'sent' && r.topic !== null && topics.includes(r.topic));
    },
    async get(seq) {
      check();
      const row = store.rows.find(r => r.seq === seq);
      return row && copy(row);
    },
    async byKey(key) {
      const row = store.rows.find(r => r.key === key);
      return row && copy(row);
    },
  };
  return store;
};
