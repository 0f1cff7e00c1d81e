/** The whole bot in process, with the demo's people and a platform that hands each reply back to whoever waits for it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands } from '../../commands/index.ts';
import { jobs } from '../../cron/index.ts';
import { openStore } from '../../db/open.ts';
import { assemble } from '../../src/assemble.ts';
import { calendarSource, makeCalendar } from '../../src/bot/calendar-source.ts';
import type { Content, Platform } from '../../src/bot/ports.ts';
import { realTicks } from '../../src/bot/real-time.ts';
import type { Card } from '../../src/core/card.ts';
import { dayAt } from '../../src/core/day.ts';
import { newVisit } from '../../src/core/visit.ts';
import { loadDemo, readDemo } from '../../src/platforms/sandbox/demo.ts';
import { loadProgrammes } from '../../src/programmes/load.ts';
import { packageRoot } from '../../src/root.ts';

const A_DAY = 86_400_000;

export const openStage = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-turn-'));
  const programmes = loadProgrammes([join(packageRoot, 'src/programmes')]).map(p => p.programme);
  const demos = join(packageRoot, 'src/programmes/demo');
  const demo = programmes.map(p => readDemo(demos, p.id)).find(d => d.first)!;
  const waiting = new Map<string, (card: Card) => void>();
  const platform: Platform = {
    id: 'bench',
    app: 'bench',
    idempotent: true,
    direct: account => `direct:${account}`,
    async send({ key, card }) {
      waiting.get(key)?.(card);
      waiting.delete(key);
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
  const withRole = (role: string) => demo.people.flatMap((p, i) => (p.account && p.roles.some(r => r.role === role) ? [`u${i + 1}`] : []));
  const physicians = withRole('physician');

  /** Each physician has a planned visit on each of the days that follow, as a published schedule has. */
  const plan = async (days: number) => {
    const everybody = await store.read.all('accounts', { platform: platform.id });
    const postings = await store.read.all('postings', {});
    const visits = physicians.flatMap((account, k) => {
      const person = everybody.find(a => a.account === account)!.person;
      const p = postings.find(x => x.person === person)!;
      return Array.from({ length: days }, (_, d) =>
        newVisit({
          id: `plan-${k}-${d}`,
          programme: p.programme,
          county: p.county,
          person,
          clinic: p.clinic,
          hospital: p.hospital,
          posting: p.id,
          day: dayAt(demo.start + (d + 1) * A_DAY),
        }),
      );
    });
    const event = { platform: 'bench', app: 'bench', eventId: 'plan', conversation: '', account: '', sentAt: now, receivedAt: now };
    await store.turn(event, async tx => {
      await tx.apply(
        visits.map(v => ({ table: 'visits' as const, id: v.id, to: v })),
        { actor: null, command: 'bench', sentAt: now, now },
      );
      return 'planned';
    });
  };

  /** Says something and waits for its answer at the platform. */
  const say = (account: string, eventId: string, at: number, content: Content): Promise<Card> =>
    new Promise((resolve, reject) => {
      now = Math.max(now, at);
      waiting.set(`reply/bench/bench/${eventId}`, resolve);
      bot
        .receive({
          platform: 'bench',
          app: 'bench',
          eventId,
          conversation: { id: `direct:${account}`, kind: 'direct', name: '' },
          account,
          accountName: '',
          sentAt: at,
          receivedAt: at,
          content,
        })
        .catch(reject);
    });
  /** The next card under this key. */
  const said = (key: string): Promise<Card> => new Promise(resolve => waiting.set(key, resolve));
  /** Each physician goes on to the next day after a check-in, so that every message changes something. */
  const checkIn = (i: number): Promise<Card> => {
    const day = Math.floor((i + 200) / physicians.length) % 200;
    const at = demo.start + (day + 1) * A_DAY + 3_600_000;
    return say(physicians[Math.abs(i) % physicians.length]!, `e${i}`, at, { kind: 'text', text: `/签到 备注${i}` });
  };

  return {
    store,
    bot,
    start: demo.start,
    physicians,
    withRole,
    plan,
    say,
    said,
    checkIn,
    drain: () => relay.drain(),
    async close() {
      await relay.stop();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
export type Stage = Awaited<ReturnType<typeof openStage>>;
