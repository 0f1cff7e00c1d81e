/** Scripts and styles of the pages, read once, named by their content so that browsers may keep them for good. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Hono } from 'hono';
import { packageRoot } from '../root.ts';

const require = createRequire(import.meta.url);
const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

export interface Assets {
  /** Where the page finds a file. @throws Error for a name that is not served */
  href(name: string): string;
  routes: Hono;
}

/** `files` by the name they are served under; a value that is no path under the package is a module's file. */
export const makeAssets = (base: string, files: Readonly<Record<string, string>>): Assets => {
  const loaded = new Map(
    Object.entries(files).map(([name, from]) => {
      const bytes = readFileSync(from.startsWith('src/') ? join(packageRoot, from) : require.resolve(from));
      return [name, { bytes, version: createHash('sha256').update(bytes).digest('hex').slice(0, 12) }] as const;
    }),
  );
  const routes = new Hono().get('/:name', c => {
    const file = loaded.get(c.req.param('name'));
    if (!file) return c.notFound();
    return c.body(new Uint8Array(file.bytes), 200, {
      'content-type': TYPES[c.req.param('name').split('.').at(-1) ?? ''] ?? 'application/octet-stream',
      'cache-control': c.req.query('v') === file.version ? 'public, max-age=31536000, immutable' : 'no-cache',
    });
  });
  return {
    href: name => {
      const file = loaded.get(name);
      if (!file) throw new Error(`no such asset: ${name}`);
      return `${base}/${name}?v=${file.version}`;
    },
    routes,
  };
};
