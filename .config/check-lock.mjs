// The lock file must install everywhere: an entry for one system only has to be optional, and other systems' trees must resolve.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
const bound = Object.entries(lock.packages).filter(([, p]) => (p.os || p.cpu) && !p.optional);
if (bound.length) {
  console.error('bound to a system and not optional:', bound.map(([name]) => name).join(', '));
  process.exit(1);
}
const pkg = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const loose = Object.entries({ ...pkg.dependencies, ...pkg.devDependencies }).filter(([, v]) => !/^\d/.test(v));
if (loose.length) {
  console.error('not pinned:', loose.map(([name, v]) => `${name}@${v}`).join(', '));
  process.exit(1);
}
for (const [os, cpu] of [
  ['darwin', 'arm64'],
  ['win32', 'x64'],
  ['linux', 'arm64'],
]) {
  execFileSync('npm', ['ci', '--dry-run', '--ignore-scripts', `--os=${os}`, `--cpu=${cpu}`], { stdio: 'pipe' });
}
