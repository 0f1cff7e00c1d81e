/**
 * One form from the question to the file handed to the messenger, in a process that has loaded what the product loads: how long it
 * takes, how long others wait for their answers meanwhile, and the most memory that the process ever took, its worker included.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands } from '../../commands/index.ts';
import { openStore } from '../../db/open.ts';
import { assemble } from '../../src/assemble.ts';
import { calendarSource } from '../../src/bot/calendar-source.ts';
import type { Platform } from '../../src/bot/ports.ts';
import { realTicks } from '../../src/bot/real-time.ts';
import { openFiles } from '../../src/forms/files.ts';
import { office } from '../../src/forms/office.ts';
import { renderCard } from '../../src/forms/render.ts';
import { loadProgrammes } from '../../src/programmes/load.ts';
import { packageRoot } from '../../src/root.ts';
// What `src/main.ts` loads besides, with one messenger: only for what it weighs.
import 'pino';
import '../../src/open-live.ts';
import '../../src/open-sandbox.ts';
import '../../src/platforms/feishu/connect.ts';
import '../../src/web/serve.ts';
import { type ExportRow, NOW, PLATFORM } from './export.ts';

/** The most that this process ever took, in kB. What `getrusage` tells begins with what was there before the program was started. */
const peak = (): number => {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))![1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
};

/** Asks for a form and answers others meanwhile. */
const measure = async (folder: string, who: string, line: string): Promise<Omit<ExportRow, 'name'>> => {
  const programmes = loadProgrammes([join(packageRoot, 'src/programmes')]).map(p => p.programme);
  const store = await openStore({ dataDir: folder });
  const files = openFiles(join(folder, 'files'), () => store.vault);
  let got: ((bytes: number) => void) | undefined;
  let answered: (() => void) | undefined;
  const platform: Platform = {
    id: 'bench',
    app: 'bench',
    idempotent: true,
    direct: account => account,
    async send({ key, card }) {
      const made = card.file ?? card.picture;
      if (made) got?.(made.bytes);
      else if (key.includes('chat')) answered?.();
      return { result: 'sent', providerId: key };
    },
  };
  const { bot, relay } = assemble({
    store,
    platforms: new Map([[platform.id, platform]]),
    programmes,
    commands,
    jobs: [],
    calendars: calendarSource(),
    clock: { now: () => NOW },
    ticks: realTicks,
    demo: false,
    render: card => renderCard(card, files, { store: () => store, programmes, now: () => NOW, demo: () => false }),
    log: { info: () => undefined, warn: () => undefined, error: (what, message) => console.error(message, what) },
  });
  let events = 0;
  const run = `${Date.now()}`;
  const say = (account: string, text: string, kind: string) =>
    bot.receive({
      ...PLATFORM,
      eventId: `${kind}-${run}-${events++}`,
      conversation: { id: account, kind: 'direct', name: '' },
      account,
      accountName: '',
      sentAt: NOW,
      receivedAt: NOW,
      content: { kind: 'text', text },
    });
  // The worker and its libraries are there, those of charts as well, as in a program that has run for a while.
  for (const warm of ['/导出 附件2', '/统计 2024年'])
    await new Promise<void>((resolve, reject) => {
      got = () => resolve();
      say('county', warm, 'warm').catch(reject);
    });
  const times: number[] = [];
  let done = false;
  const chat = (async () => {
    while (!done) {
      const t = performance.now();
      await new Promise<void>((resolve, reject) => {
        answered = resolve;
        say('county', '/待办', 'chat').catch(reject);
      });
      times.push(performance.now() - t);
      await new Promise(r => setTimeout(r, 5));
    }
  })();
  const t = performance.now();
  const bytes = await new Promise<number>((resolve, reject) => {
    got = resolve;
    say(who, line, 'ask').catch(reject);
  });
  const ms = performance.now() - t;
  done = true;
  await chat;
  await relay.stop();
  await store.close();
  await office.close();
  times.sort((a, b) => a - b);
  return {
    ms: Math.round(ms),
    kB: Math.round(bytes / 1024),
    answers: times.length,
    p99: +(times[Math.min(times.length - 1, Math.floor(times.length * 0.99))] ?? 0).toFixed(1),
    mb: Math.round(peak() / 1024),
  };
};

const [folder, who, line] = process.argv.slice(2);
const row = await measure(folder!, who!, line!);
process.send!(row, () => process.exit(0));
