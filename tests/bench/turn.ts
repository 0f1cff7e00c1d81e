/** The whole turn in process: parse, who, may, decide, commit with synchronous=FULL, reply handed to the platform, relay included. Beside it the raw floor of the same work. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openStage } from './stage.ts';

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

/** `/签到 备注` by the demo's physicians: each message is one that was not said before. */
export const turns = async (conc: number, n: number): Promise<Figures & { commits_per_message: number }> => {
  const stage = await openStage();
  await stage.plan(Math.ceil((n + 400) / stage.physicians.length) + 1);
  const begin = stage.store.commits;
  const figures = await loop('turn', conc, n, stage.checkIn);
  await stage.drain();
  const commits = (stage.store.commits - begin) / (n + 200);
  await stage.close();
  return { ...figures, commits_per_message: +commits.toFixed(3) };
};
