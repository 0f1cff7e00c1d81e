/** `npm start` under a service: whoever stops npm stops the program. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { packageRoot } from '../src/root.ts';

let folder: string | undefined;
let left: number | undefined;
afterEach(() => {
  if (left !== undefined) process.kill(left, 'SIGKILL');
  left = undefined;
  if (folder) rmSync(folder, { recursive: true, force: true });
});
const lives = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

it('hands on SIGTERM, and ends when the program has ended', async () => {
  folder = mkdtempSync(join(tmpdir(), 'start-'));
  const { scripts } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { scripts: { start: string } };
  // The script as it stands, on a program that is built at once.
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ scripts: { start: scripts.start, build: 'node -e 0' } }));
  mkdirSync(join(folder, 'dist/src'), { recursive: true });
  writeFileSync(
    join(folder, 'dist/src/main.js'),
    `process.on('SIGTERM', () => setTimeout(() => { console.log('stopped'); process.exit(0); }, 200));
     setInterval(() => {}, 1000); console.log('up ' + process.pid);`,
  );
  const npm = spawn('npm', ['start'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  npm.stdout.on('data', (text: Buffer) => {
    said += text;
  });
  const ended = new Promise<number | null>(done => npm.on('exit', done));
  await expect.poll(() => said, { timeout: 40_000 }).toMatch(/up \d+/);
  const pid = Number(/up (\d+)/.exec(said)![1]);
  left = pid;
  npm.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(said).toContain('stopped');
  expect(lives(pid)).toBe(false);
  left = undefined;
});
