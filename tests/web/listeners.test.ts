import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Measure } from '../../src/web/health.ts';
import { type Listener, servePublic, serveSandbox } from '../../src/web/serve.ts';
import { makeFakeWorld } from '../harness/fake-bot.ts';

let folder: string;
let checks: Record<string, string | null>;
const measures: Measure[] = [
  { name: 'turns_total', help: 'Turns by outcome', type: 'counter', values: [{ labels: { code: 'check-in.done' }, value: 3 }] },
  { name: 'outbox_rows', help: 'Rows by state', type: 'gauge', values: [{ labels: { state: 'pending' }, value: 0 }] },
];
const health = { checks: async () => checks, measures: async () => measures };
const open: Listener[] = [];
const sandboxOn = async (port: number) => {
  const listener = await serveSandbox({ port, sandbox: makeFakeWorld(folder).sandbox, log: { error: () => {} }, health });
  open.push(listener);
  return listener;
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'listen-'));
  checks = { store: null, keys: null };
});
afterEach(async () => {
  await Promise.all(open.splice(0).map(l => l.close()));
  rmSync(folder, { recursive: true, force: true });
});

describe('health', () => {
  it('tells that it lives, whether it can work, and how it does', async () => {
    const { url } = await sandboxOn(0);
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ ok: true });
    expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ ok: true, checks: { store: 'ok', keys: 'ok' } });
    checks.store = '磁盘已满';
    const bad = await fetch(`${url}/readyz`);
    expect([bad.status, await bad.json()]).toEqual([503, { ok: false, checks: { store: '磁盘已满', keys: 'ok' } }]);
    for (let i = 0; i < 2; i++) {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      expect(metrics).toContain('turns_total{code="check-in.done"} 3');
      expect(metrics).toContain('outbox_rows{state="pending"} 0');
      expect(metrics).toContain('process_resident_memory_bytes');
    }
  });
  it('stands alone where a real platform is', async () => {
    const listener = await servePublic({ host: '127.0.0.1', port: 0, health });
    open.push(listener);
    expect((await fetch(`${listener.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${listener.url}/sandbox/api/reset`, { method: 'POST' })).status).toBe(403);
    expect((await fetch(`${listener.url}/sandbox/api/clock`, { method: 'POST' })).status).toBe(403);
  });
});

describe('listening', () => {
  it('says in one sentence that a port is taken', async () => {
    const { url } = await sandboxOn(0);
    const port = Number(new URL(url).port);
    await expect(sandboxOn(port)).rejects.toThrow(`端口 ${port} 已被占用`);
  });
  it('stops at once although pages are open', async () => {
    const { url, close } = await sandboxOn(0);
    const streams = await Promise.all(['/sandbox/api/events', '/sandbox/stream?as=lin&in=direct:lin'].map(p => fetch(`${url}${p}`)));
    const ends = streams.map(s => s.text());
    await close();
    // Ended, not broken off when the time for answers is over.
    await Promise.all(ends);
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });
});

describe('the page', () => {
  it('allows only its own scripts and styles, and has none inline', async () => {
    const { url } = await sandboxOn(0);
    const page = await fetch(url);
    const html = await page.text();
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self'; style-src 'self'/);
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|https?:\/\/(?!127)/);
    for (const [, asset] of html.matchAll(/(?:src|href)="(\/sandbox\/assets\/[^"]+)"/g)) {
      const got = await fetch(`${url}${asset}`);
      expect([asset, got.status, got.headers.get('cache-control')]).toEqual([asset, 200, 'public, max-age=31536000, immutable']);
    }
  });
  it('shows what people typed as text, never as markup', async () => {
    const { url } = await sandboxOn(0);
    const text = '<img src=x onerror=alert(1)>"\'&';
    await fetch(`${url}/sandbox/api/messages`, { method: 'POST', body: JSON.stringify({ conversation: 'direct', speaker: 'lin', text }) });
    const html = await (await fetch(`${url}/?as=lin&in=direct:lin`)).text();
    expect(html).not.toContain('<img src=x');
    expect(html).toContain('&lt;img src=x');
  });
  it('sends forms without a script too', async () => {
    const { url } = await sandboxOn(0);
    const said = await fetch(`${url}/sandbox/say`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ as: 'lin', in: 'g-guzhu', text: '/签到' }),
    });
    expect([said.status, said.headers.get('location')]).toEqual([303, '/?as=lin&in=g-guzhu']);
    expect(await (await fetch(`${url}/?as=lin&in=g-guzhu`)).text()).toContain('已签到：古竹卫生院');
  });
  it('falls back to somebody who is there', async () => {
    const { url } = await sandboxOn(0);
    expect(await (await fetch(`${url}/?as=gone&in=gone`)).text()).toContain('林知夏');
    expect((await fetch(`${url}/sandbox/stream?as=stranger-1&in=g-all`)).status).toBe(404);
  });
});
