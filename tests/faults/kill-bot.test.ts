/** kill -9 of the whole bot — commands, store, relay, messenger — under load over HTTP, with redelivery. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../db/open.ts';
import type { Message } from '../../src/bot/stage.ts';
import { day } from '../../src/core/day.ts';
import { packageRoot } from '../../src/root.ts';

const KILLS = 30;
const IN_FLIGHT = 8;
/** Planned for each physician, so that every life has something new to do. */
const DAYS = 20;

const freePort = (): Promise<number> =>
  new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

interface Event {
  eventId: string;
  speaker: string;
  text: string;
}
/** Every physician checks in, the hospitals plan days of May, physicians ask leave: each must happen once. */
const eventsOf = (people: { id: string; name: string; roles: { role: string; org: string }[] }[]): Event[] => {
  const physicians = people.filter(p => p.roles.some(r => r.role === 'physician'));
  const admins = new Map(people.flatMap(p => p.roles.filter(r => r.role === 'hospital').map(r => [r.org, p.id] as const)));
  const events: Event[] = [];
  for (const p of physicians) {
    const admin = admins.get(p.roles.find(r => r.role === 'physician')!.org)!;
    events.push({ eventId: `in-${p.id}`, speaker: p.id, text: '/签到' });
    for (let d = 1; d <= DAYS; d++) events.push({ eventId: `plan-${p.id}-${d}`, speaker: admin, text: `/排班 ${p.name} 5月${d}日 上午` });
    events.push({ eventId: `leave-${p.id}`, speaker: p.id, text: '/请假 5月27日上午 有事 改到 5月28日下午' });
  }
  return events;
};

test(`${KILLS} kills: nothing acknowledged is lost, nothing is done twice, every answer is said once`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kill-bot-'));
  const port = await freePort();
  const api = `http://127.0.0.1:${port}/sandbox/api`;
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    child = spawn(process.execPath, ['--import', 'tsx', join(packageRoot, 'src/main.ts')], {
      env: { ...process.env, DATA_DIR: folder, PORT: String(port) },
      stdio: 'ignore',
    });
    for (;;) {
      if (child.exitCode !== null) throw new Error('the bot did not start');
      const ready = await fetch(`http://127.0.0.1:${port}/readyz`).then(
        r => r.ok,
        () => false,
      );
      if (ready) return;
      await new Promise(r => setTimeout(r, 20));
    }
  };
  const kill = async (): Promise<void> => {
    const gone = new Promise(resolve => child?.once('exit', resolve));
    child?.kill('SIGKILL');
    await gone;
  };
  const say = async (e: Event): Promise<boolean | undefined> => {
    const r = await fetch(`${api}/messages`, { method: 'POST', body: JSON.stringify({ conversation: 'direct', ...e }) }).catch(
      () => undefined,
    );
    if (!r?.ok) return undefined;
    return ((await r.json()) as { duplicate: boolean }).duplicate;
  };
  try {
    await start();
    const { people } = (await (await fetch(`${api}/state`)).json()) as { people: Parameters<typeof eventsOf>[0] };
    const events = eventsOf(people);
    const open = [...events];
    const acknowledged = new Set<string>();
    let kills = 0;
    let redelivered = 0;
    while (open.length || kills < KILLS) {
      let dead = false;
      const worker = async () => {
        while (!dead) {
          // What was acknowledged comes again now and then, as platforms do.
          const e = (Math.random() < 0.8 ? open.shift() : undefined) ?? events[Math.floor(Math.random() * events.length)]!;
          const known = acknowledged.has(e.eventId);
          const duplicate = await say(e);
          if (duplicate === undefined) {
            if (!known && !open.includes(e)) open.unshift(e);
            return;
          }
          if (known || duplicate) {
            redelivered++;
            if (known) expect(duplicate, e.eventId).toBe(true);
          }
          acknowledged.add(e.eventId);
          if (open.includes(e)) open.splice(open.indexOf(e), 1);
          if (kills >= KILLS && !open.length) return;
        }
      };
      const workers = Array.from({ length: IN_FLIGHT }, worker);
      if (kills < KILLS) {
        await new Promise(r => setTimeout(r, 5 + Math.random() * 120));
        dead = true;
        await kill();
        kills++;
        await Promise.all(workers);
        await start();
      } else await Promise.all(workers);
    }
    // Everything once more: nothing happens.
    for (const e of events) expect(await say(e), e.eventId).toBe(true);
    const { messages } = (await (await fetch(`${api}/messages`)).json()) as { messages: Message[] };
    await kill();

    expect(kills).toBe(KILLS);
    expect(redelivered).toBeGreaterThan(0);
    expect(acknowledged.size).toBe(events.length);
    // Each thing that was said is there once, and answered once.
    for (const p of people) {
      const said = messages.filter(m => m.from === p.id);
      const answers = messages.filter(m => m.from === 'bot' && said.some(s => s.id === m.replyTo));
      expect(answers.map(m => m.replyTo).sort(), p.name).toEqual(said.map(m => m.id).sort());
    }
    const store = await openStore({ dataDir: join(folder, 'sandbox') });
    const { read } = store;
    const physicians = events.filter(e => e.text === '/签到').length;
    const checkIns = await read.all('checkIns', {});
    expect(checkIns).toHaveLength(physicians);
    expect(new Set(checkIns.map(c => `${c.person} ${c.day}`)).size).toBe(physicians);
    const may = await read.all('visits', { day: { from: day('2024-05-01'), to: day('2024-05-31') } });
    expect(may).toHaveLength(physicians * DAYS);
    expect(new Set(may.map(v => `${v.person} ${v.day}`)).size).toBe(physicians * DAYS);
    const leaves = await read.all('leaves', {});
    expect(new Set(leaves.map(l => l.person)).size).toBe(leaves.length);
    expect(await store.verifyJournal()).toMatchObject({ brokenAt: null });
    expect(await read.outbox({ states: ['unknown', 'sending'], limit: 10 })).toEqual([]);
    await store.close();
  } finally {
    if (child && child.exitCode === null) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}, 600_000);
