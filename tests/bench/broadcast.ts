/** `npm run bench:broadcast`: a Monday announcement to 2,000 groups on each messenger, on virtual time, before a platform that counts as the real one does. */
import { pathToFileURL } from 'node:url';
import type { Platform } from '../../src/bot/ports.ts';
import { DAY_CAPS, PLATFORM_LIMITS } from '../../src/outbox/platform-limits.ts';
import { createRelay } from '../../src/outbox/relay.ts';
import { memoryOutbox } from '../harness/memory-outbox.ts';
import { VirtualTicks } from '../harness/ticks.ts';

/** What the platforms' documents say, counted over every stretch of time. */
const REAL: Record<string, { per: 'destination' | 'app'; count: number; seconds: number }[]> = {
  feishu: [
    { per: 'destination', count: 5, seconds: 1 },
    { per: 'app', count: 50, seconds: 1 },
    { per: 'app', count: 1000, seconds: 60 },
  ],
  dingtalk: [
    { per: 'destination', count: 20, seconds: 60 },
    { per: 'app', count: 20, seconds: 1 },
  ],
  wecom: [
    { per: 'destination', count: 30, seconds: 60 },
    { per: 'destination', count: 1000, seconds: 3600 },
  ],
  // No document: what the product promises for the account's sake.
  wechat: [
    { per: 'app', count: 1, seconds: 2 },
    { per: 'destination', count: 60, seconds: 86_400 },
  ],
};

export interface Broadcast {
  platform: string;
  /** Refused by the platform for a limit. */
  violations: number;
  sent: number;
  /** Seconds of virtual time, and the fewest that a steady rate of the limits allows. */
  took: number;
  least: number;
  /** Seconds that the slowest of the replies waited meanwhile until it was handed over. */
  slowestReply: number;
}

/** A Monday, half past nine. */
const NOW = Date.parse('2024-06-17T09:30:00+08:00');
/** A platform answers in this many milliseconds. */
const ANSWERS = 80;
const REPLY_EVERY = 700;
/** Where only one message goes in two seconds, fewer questions can be answered; an odd time, so that they meet every moment between two. */
const SLOW_REPLY_EVERY = 7_003;

export const broadcast = async (id: string, groups: number): Promise<Broadcast> => {
  const ticks = new VirtualTicks();
  const outbox = memoryOutbox();
  const windows = (REAL[id] ?? []).map(l => ({ ...l, sent: new Map<string, number[]>() }));
  let violations = 0;
  const arrived = new Map<string, number>();
  const handed = new Map<string, number>();
  const every = id === 'wechat' ? SLOW_REPLY_EVERY : REPLY_EVERY;
  const platform: Platform = {
    id,
    app: 'app',
    idempotent: id === 'feishu',
    direct: a => a,
    async send({ key, to }) {
      const now = ticks.now();
      handed.set(key, now);
      for (const w of windows) {
        const who = w.per === 'app' ? '' : to.conversation;
        const recent = (w.sent.get(who) ?? []).filter(t => now - t < w.seconds * 1000);
        if (recent.length >= w.count) violations++;
        w.sent.set(who, [...recent, now]);
      }
      await new Promise<void>(resolve => ticks.after(ANSWERS, resolve));
      arrived.set(key, ticks.now());
      return { result: 'sent', providerId: key };
    },
  };
  const relay = createRelay({
    outbox,
    platforms: new Map([[id, platform]]),
    clock: { now: () => NOW + Math.round(ticks.now()) },
    ticks,
    limits: PLATFORM_LIMITS,
    caps: DAY_CAPS,
    mentions: async () => [],
    speakAt: at => at,
    random: () => 0,
    log: { warn: () => undefined, error: (what, m) => console.error(m, what) },
  });
  const post = (key: string, conversation: string, kind: 'announcement' | 'reply') => ({
    key,
    topic: null,
    to: { platform: id, app: 'app', conversation },
    place: 'own-group' as const,
    class: kind,
    card: { code: 'x', title: '本周安排', tone: 'info' as const, lines: [] },
    notBefore: null,
    expires: null,
    replyTo: null,
    born: 'pending' as const,
  });
  relay.kick(
    outbox.post(
      Array.from({ length: groups }, (_, i) => post(`a${i}`, `g${i}`, 'announcement')),
      NOW,
    ),
  );
  const asked = new Map<string, number>();
  for (let n = 0; [...arrived.keys()].filter(k => k.startsWith('a')).length < groups && n < 20_000; n++) {
    await ticks.advance(every);
    // People go on asking, in groups whose announcement is still to come.
    const key = `r${n}`;
    asked.set(key, ticks.now());
    relay.kick(outbox.post([post(key, `g${(groups - 1 - (n % groups) + groups) % groups}`, 'reply')], NOW + Math.round(ticks.now())));
  }
  const took = Math.max(...[...arrived].filter(([k]) => k.startsWith('a')).map(([, at]) => at)) / 1000;
  await ticks.advance(5_000);
  await relay.stop();
  const replies = [...handed].filter(([k]) => k.startsWith('r')).map(([k, at]) => at - (asked.get(k) ?? 0));
  const all = groups + replies.length;
  // The replies go out of the same limits.
  const least = Math.max(0, ...windows.filter(w => w.per === 'app').map(w => (all * w.seconds) / w.count));
  return { platform: id, violations, sent: arrived.size, took, least, slowestReply: Math.max(...replies) / 1000 };
};

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  let failed = false;
  for (const id of Object.keys(REAL)) {
    const b = await broadcast(id, 2_000);
    const ok = b.violations === 0 && b.slowestReply < 2 && b.took <= Math.max(1.1 * b.least, 2);
    failed ||= !ok;
    console.log(
      `${id}: 2,000 groups in ${b.took.toFixed(1)} s (least ${b.least.toFixed(1)} s, ratio ${b.least ? (b.took / b.least).toFixed(2) : '–'}), ${b.violations} violations, slowest reply ${b.slowestReply.toFixed(2)} s${ok ? '' : '  ← not met'}`,
    );
  }
  if (failed) process.exitCode = 1;
}
