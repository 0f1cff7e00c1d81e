/** The built program on an existing database, without a messenger's SDK: from the start of its process to the first reply, and what it takes of memory by then. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/root.ts';

export interface Startup {
  name: 'startup';
  listening_ms: number;
  reply_ms: number;
  /** Processor time: what a busy machine disturbs least. */
  cpu_ms: number;
  mb: number;
}

const TICK = 10;
/** Most that it has taken so far, in MB, and its processor time; as Linux tells them. */
const spentBy = (pid: number) => {
  const after = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return {
    mb: Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024),
    cpu_ms: (Number(after[11]) + Number(after[12])) * TICK,
  };
};

const start = async (folder: string, nth: number): Promise<Startup> => {
  const began = performance.now();
  const program = spawn(process.execPath, ['--enable-source-maps', join(packageRoot, 'dist/src/main.js')], {
    env: { PATH: process.env['PATH'], DATA_DIR: folder, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(program, 'exit');
  try {
    const url = await new Promise<string>((resolve, reject) => {
      let said = '';
      program.stdout.on('data', (part: Buffer) => {
        const address = /http:\/\/[\d.]+:\d+/.exec((said += part.toString()));
        if (address) resolve(address[0]);
      });
      void ended.then(() => reject(new Error('the program ended')));
    });
    const listening = performance.now();
    const answer = await fetch(`${url}/sandbox/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ conversation: 'direct', speaker: 'u1', text: '/待办', eventId: `start-${nth}` }),
    });
    const { messages } = (await answer.json()) as { messages?: unknown[] };
    const replied = performance.now();
    if (!messages?.length) throw new Error(`no reply, ${answer.status}`);
    return {
      name: 'startup',
      listening_ms: Math.round(listening - began),
      reply_ms: Math.round(replied - began),
      ...spentBy(program.pid!),
    };
  } finally {
    program.kill('SIGTERM');
    await ended;
  }
};

export const startups = async (rounds: number): Promise<Startup[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-startup-'));
  try {
    // The first start makes the database.
    await start(folder, 0);
    const all: Startup[] = [];
    for (let nth = 1; nth <= rounds; nth++) all.push(await start(folder, nth));
    return all;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
