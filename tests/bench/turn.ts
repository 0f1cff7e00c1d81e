/** The whole turn in process: parse, who, may, decide, commit with synchronous=FULL, reply handed to the platform, relay included. Beside it the raw floor of the same work. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { commands } from '../../commands/index.ts';
import { jobs } from '../../cron/index.ts';
import { openStore } from '../../db/open.ts';
import { assemble } from '../../src/assemble.ts';
import { calendarSource, makeCalendar } from '../../src/bot/calendar-source.ts';
import type { Inbound, Platform } from '../../src/bot/ports.ts';
import { realTicks } from '../../src/bot/real-time.ts';
import { dayAt } from '../../src/core/day.ts';
import { newVisit } from '../../src/core/visit.ts';
import { loadDemo, readDemo } from '../../src/platforms/sandbox/demo.ts';
import { loadProgrammes } from '../../src/programmes/load.ts';
import { packageRoot } from '../../src/root.ts';

export interface Figures {
  name: string;
  conc: number;
  n: number;
  msgs_per_s: number;
  p50_ms: number;
  p99_ms: number;
  /** Processor time: what a busy machine disturbs least. */
  cpu_us_per_msg: number;
}

const quantile = (sorted: readonly number[], p: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? 0;

/** A closed loop of `conc` speakers. */
const loop = async (name: string, conc: number, n: number, send: (i: number) => Promise<unknown>): Promise<Figures> => {
  for (let i = 0; i < 200; i++) await send(-i - 1);
  const took: number[] = [];
  let next = 0;
  const spent = process.cpuUsage();
  const began = performance.now();
  const speaker = async () => {
    for (let i = next++; i < n; i = next++) {
      const t = performance.now();
      await send(i);
      took.push(performance.now() - t);
    }
  };
  await Promise.all(Array.from({ length: conc }, speaker));
  const ms = performance.now() - began;
  const { user, system } = process.cpuUsage(spent);
  took.sort((a, b) => a - b);
  return {
    name,
    conc,
    n,
    msgs_per_s: Math.round((n / ms) * 1000),
    p50_ms: +quantile(took, 0.5).toFixed(3),
    p99_ms: +quantile(took, 0.99).toFixed(3),
    cpu_us_per_msg: Math.round((user + system) / n),
  };
};

/** Duplicate check, row and outbox row by hand-written SQL in one transaction for each message. */
export const raw = async (conc: number, n: number): Promise<Figures> => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-raw-'));
  const db = new Database(join(folder, 'raw.db'));
  db.pragma('journal_mode=WAL');
  db.pragma('synchronous=FULL');
  db.exec(`create table checkin(id integer primary key, uid text not null, room text not null, msg text not null, at integer not null);
    create table inbox(k text primary key, at integer) without rowid;
    create table outbox(id integer primary key, room text, body text, state int, at integer);`);
  const [ins, inb, outb] = [
    'insert into checkin(uid,room,msg,at) values(?,?,?,?)',
    'insert or ignore into inbox values(?,?)',
    'insert into outbox(room,body,state,at) values(?,?,0,?)',
  ].map(s => db.prepare(s));
  const one = db.transaction((i: number) => {
    if (!inb!.run(`e${i}`, 1).changes) return;
    const id = ins!.run(`u${Math.abs(i) % 50}`, `g${Math.abs(i) % 5}`, `备注${i}`, 1).lastInsertRowid;
    outb!.run(`g${Math.abs(i) % 5}`, `ok #${id}`, 1);
  });
  const figures = await loop('raw', conc, n, async i => one(i));
  db.close();
  rmSync(folder, { recursive: true, force: true });
  return figures;
};

/** `/签到 备注` by fifty physicians in five groups: each message is one that was not said before. */
export const turns = async (conc: number, n: number): Promise<Figures & { commits_per_message: number }> => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-turn-'));
  const programmes = loadProgrammes([join(packageRoot, 'src/programmes')]).map(p => p.programme);
  const demos = join(packageRoot, 'src/programmes/demo');
  const demo = programmes.map(p => readDemo(demos, p.id)).find(d => d.first)!;
  const waiting = new Map<string, () => void>();
  const platform: Platform = {
    id: 'bench',
    app: 'bench',
    idempotent: true,
    direct: account => `direct:${account}`,
    async send({ key }) {
      waiting.get(key)?.();
      return { result: 'sent', providerId: key };
    },
  };
  const store = await openStore({ dataDir: folder });
  await loadDemo(store, demo, makeCalendar([]), { id: platform.id, app: platform.app }, demo.start);
  let now = demo.start;
  const { bot, relay } = assemble({
    store,
    platforms: new Map([[platform.id, platform]]),
    programmes,
    commands,
    jobs,
    calendars: calendarSource(),
    clock: { now: () => now },
    ticks: realTicks,
    demo: true,
    log: { info: () => undefined, warn: () => undefined, error: (what, message) => console.error(message, what) },
  });
  const physicians = demo.people.flatMap((p, i) => (p.account && p.roles.some(r => r.role === 'physician') ? [`u${i + 1}`] : []));
  // Each physician has a planned visit on each of the days that follow, as a published schedule has.
  const everybody = await store.read.all('accounts', { platform: platform.id });
  const postings = await store.read.all('postings', {});
  const last = Math.ceil((n + 400) / physicians.length);
  await store.turn(
    { platform: 'bench', app: 'bench', eventId: 'plan', conversation: '', account: '', sentAt: now, receivedAt: now },
    async tx => {
      const visits = physicians.flatMap((account, k) => {
        const person = everybody.find(a => a.account === account)!.person;
        const p = postings.find(x => x.person === person)!;
        return Array.from({ length: last + 1 }, (_, d) =>
          newVisit({
            id: `plan-${k}-${d}`,
            programme: p.programme,
            county: p.county,
            person,
            clinic: p.clinic,
            hospital: p.hospital,
            posting: p.id,
            day: dayAt(demo.start + (d + 1) * 86_400_000),
          }),
        );
      });
      await tx.apply(
        visits.map(v => ({ table: 'visits' as const, id: v.id, to: v })),
        { actor: null, command: 'bench', sentAt: now, now },
      );
      return 'planned';
    },
  );
  const begin = store.commits;
  // Each physician goes on to the next day after a check-in, so that every message changes something.
  const send = (i: number) =>
    new Promise<void>((resolve, reject) => {
      const eventId = `e${i}`;
      const who = Math.abs(i) % physicians.length;
      const day = Math.floor((i + 200) / physicians.length) % 200;
      const at = demo.start + (day + 1) * 86_400_000 + 3_600_000;
      now = Math.max(now, at);
      waiting.set(`reply/bench/bench/${eventId}`, () => {
        waiting.delete(`reply/bench/bench/${eventId}`);
        resolve();
      });
      const inbound: Inbound = {
        platform: 'bench',
        app: 'bench',
        eventId,
        conversation: { id: `direct:${physicians[who]}`, kind: 'direct', name: '' },
        account: physicians[who]!,
        accountName: '',
        sentAt: at,
        receivedAt: at,
        content: { kind: 'text', text: `/签到 备注${i}` },
      };
      bot.receive(inbound).catch(reject);
    });
  const figures = await loop('turn', conc, n, send);
  await relay.drain();
  const commits = (store.commits - begin) / (n + 200);
  await relay.stop();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
  return { ...figures, commits_per_message: +commits.toFixed(3) };
};
