/** Listeners: the sandbox on this machine only; webhooks, health and pages where a real platform reaches them. */
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import type { Desk } from '../bot/desk.ts';
import { deskPages } from './desk/app.tsx';
import { localOnly, ownOnly } from './guard.ts';
import { type HealthDeps, health } from './health.ts';
import { type SandboxPages, sandboxPages } from './sandbox/app.tsx';
import { makeStreams, type Streams } from './streams.ts';

export interface Listener {
  url: string;
  /** Ends open streams, waits briefly for answers that are under way, and stops. */
  close(): Promise<void>;
}

/** Answers that are still under way get this long after a stop. */
const GRACE = 2_000;

const listen = (app: Hono, host: string, port: number, streams: Streams): Promise<Listener> =>
  new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port }, (info: AddressInfo) => {
      server.off('error', failed);
      const shown = host === '::' || host === '0.0.0.0' ? '127.0.0.1' : host;
      resolve({ url: `http://${shown.includes(':') ? `[${shown}]` : shown}:${info.port}`, close });
    });
    const failed = (e: NodeJS.ErrnoException) => reject(new Error(inWords(e, host, port), { cause: e }));
    server.once('error', failed);
    const close = () =>
      new Promise<void>(done => {
        streams.closeAll();
        // A connection that has just become idle is kept alive by default, and would hold the close.
        const idle = setInterval(() => 'closeIdleConnections' in server && server.closeIdleConnections(), 25);
        const late = setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), GRACE);
        server.close(() => {
          clearInterval(idle);
          clearTimeout(late);
          done();
        });
      });
  });

const inWords = (e: NodeJS.ErrnoException, host: string, port: number): string => {
  if (e.code === 'EADDRINUSE') return `端口 ${port} 已被占用：关掉占用它的程序，或用 PORT 换一个`;
  if (e.code === 'EACCES') return `没有权限使用端口 ${port}：请用 1024 以上的端口`;
  if (e.code === 'EADDRNOTAVAIL' || e.code === 'ENOTFOUND') return `本机没有地址 ${host}：请检查 WEB_HOST`;
  return `不能在 ${host}:${port} 上监听：${e.message}`;
};

/** The sandbox page and its API, with health beside. Port 0 takes any free one. @throws Error with one sentence when it cannot listen */
export const serveSandbox = (
  deps: { port: number; health: HealthDeps; desk?: Desk } & Omit<SandboxPages, 'streams'>,
): Promise<Listener> => {
  const streams = makeStreams();
  const app = new Hono().route('/', health(deps.health));
  if (deps.desk) app.use('/web/*', localOnly).route('/', deskPages({ desk: deps.desk, log: deps.log }));
  app.route('/', sandboxPages({ ...deps, streams }));
  return listen(app, '127.0.0.1', deps.port, streams);
};

/** Health and whatever routes are given (webhooks, pages), for a real platform. @throws Error with one sentence when it cannot listen */
export const servePublic = (deps: { host: string; port: number; health: HealthDeps; routes?: Hono }): Promise<Listener> => {
  const app = new Hono().use(ownOnly).route('/', health(deps.health));
  if (deps.routes) app.route('/', deps.routes);
  return listen(app, deps.host, deps.port, makeStreams());
};
