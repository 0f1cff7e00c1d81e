/** Part of `npm run build`: the program and the libraries that every start needs as one file, since opening five hundred takes most of a start. What is loaded on first use stays apart. */
import { readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const TAKEN_IN = ['zod', 'drizzle-orm', 'hono', '@hono/node-server'];
const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));

rmSync('dist/src/main', { recursive: true, force: true });
await build({
  entryPoints: ['dist/src/main.js'],
  outdir: 'dist/src',
  allowOverwrite: true,
  chunkNames: 'main/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: Object.keys(dependencies).filter(name => !TAKEN_IN.includes(name)),
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
});
