/** A puppet that leaves a promise without a catch, or an emitter without a listener, does not end the process; an error of our own does, as before. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../../src/root.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'strays-'));
  const puppet = join(folder, 'node_modules/wechaty-puppet-broken');
  mkdirSync(puppet, { recursive: true });
  writeFileSync(
    join(puppet, 'index.mjs'),
    `import { EventEmitter } from 'node:events';
     export const leave = () => void Promise.reject(new Error('left alone'));
     export const shout = () => setTimeout(() => new EventEmitter().emit('error', new Error('nobody listens')), 1);
     export const mutter = () => void Promise.reject('no error at all');`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (body: string): Promise<{ code: number | null; out: string }> =>
  new Promise(resolve => {
    const script = join(folder, 'run.mts');
    writeFileSync(
      script,
      `import { leave, shout, mutter } from ${JSON.stringify(join(folder, 'node_modules/wechaty-puppet-broken/index.mjs'))};
       import { catchStrays } from ${JSON.stringify(join(packageRoot, 'src/platforms/wechat/strays.ts'))};
       const seen: unknown[] = [];
       const off = catchStrays(e => seen.push(e));
       ${body}
       setTimeout(() => { off(); console.log('alive', seen.length); }, 100);`,
    );
    const child = spawn(process.execPath, ['--import', 'tsx', script], { cwd: packageRoot, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    child.stdout.on('data', (d: Buffer) => {
      out += d;
    });
    child.stderr.on('data', (d: Buffer) => {
      out += d;
    });
    child.on('close', code => resolve({ code, out }));
  });

test('theirs are caught', async () => {
  const { code, out } = await run('leave(); shout(); mutter();');
  expect({ code, out: out.trim() }).toEqual({ code: 0, out: 'alive 3' });
});

test('ours end the process and are shown', async () => {
  const { code, out } = await run(`void Promise.reject(new Error('a bug of our own'));`);
  expect(code).toBe(1);
  expect(out).toContain('a bug of our own');
  expect(out).not.toContain('alive');
});
