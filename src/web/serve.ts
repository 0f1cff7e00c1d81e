/** Listeners: the sandbox on this machine only; webhooks, health and pages where a real platform reaches them. */
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Desk, LoginView } from '../bot/desk.ts';
import { deskPages } from './desk/app.tsx';
import { localOnly, ownOnly, refusal } from './guard.ts';
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
/** More than a messenger's callback ever holds. */
const CALLBACK_BYTES = 1024 * 1024;

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

/** Health, the pages behind one-time links and messengers' callbacks, for a real installation. @throws Error with one sentence when it cannot listen */
export const servePublic = (deps: {
  host: string;
  port: number;
  health: HealthDeps;
  desk?: Desk;
  logins?: () => LoginView[];
  /** By path. */
  callbacks?: Readonly<Record<string, (request: Request) => Promise<Response>>>;
  log?: { error(what: object, message: string): void };
}): Promise<Listener> => {
  const app = new Hono().use(ownOnly).route('/', health(deps.health));
  for (const [path, answer] of Object.entries(deps.callbacks ?? {}))
    app.post(path, bodyLimit({ maxSize: CALLBACK_BYTES, onError: c => refusal(c, 413, 'body.too-large', '内容太大') }), c =>
      answer(c.req.raw),
    );
  // The rehearsal's clock and reset are for rehearsals.
  app.all('/sandbox/*', c => refusal(c, 403, 'sandbox.closed', '已接入真实平台，演练台不开放'));
  if (deps.desk)
    app.route(
      '/',
      deskPages({
        desk: deps.desk,
        log: deps.log ?? { error: () => undefined },
        ...(deps.logins ? { logins: deps.logins } : {}),
      }),
    );
  return listen(app, deps.host, deps.port, makeStreams());
};
