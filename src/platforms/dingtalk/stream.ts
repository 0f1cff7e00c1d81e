/** DingTalk's Stream: one connection that is always replaced before it ends, one way of trying again, acknowledged after the commit. */
import { WebSocket } from 'ws';
import type { Log } from '../intake.ts';

export interface Frame {
  type: string;
  headers: { topic?: string; messageId?: string };
  /** JSON as text. */
  data: string;
}

export interface StreamDeps {
  clientId: string;
  clientSecret: string;
  /** Without a slash at the end. */
  apiUrl: string;
  topics: readonly string[];
  /** Resolves with what is answered (undefined: nothing) when the event is stored. A rejection leaves it unacknowledged, so that it comes again. */
  onEvent(topic: string, data: string, id: string): Promise<unknown>;
  /** Hears of every event that is pushed. */
  counts?(): void;
  log: Log;
  pace?: Partial<typeof STREAM_PACE>;
}

export interface Stream {
  start(): void;
  /** null while connected, else why not. */
  trouble(): string | null;
  stop(): Promise<void>;
}

/** Milliseconds. */
export const STREAM_PACE = { open: 10_000, ping: 25_000, silent: 60_000, first: 1_000, longest: 60_000 };

const OWN_ADDRESS = '127.0.0.1';

export const openStream = (deps: StreamDeps): Stream => {
  const pace = { ...STREAM_PACE, ...deps.pace };
  const { log } = deps;
  let current: WebSocket | undefined;
  let stopped = false;
  let failures = 0;
  let retry: NodeJS.Timeout | undefined;
  let opening = false;
  let why: string | null = '正在连接';

  const ticket = async (): Promise<string> => {
    const response = await fetch(`${deps.apiUrl}/v1.0/gateway/connections/open`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({
        clientId: deps.clientId,
        clientSecret: deps.clientSecret,
        localIp: OWN_ADDRESS,
        ua: 'xiajiceng/1',
        subscriptions: deps.topics.map(topic => ({ type: 'CALLBACK', topic })),
      }),
      signal: AbortSignal.timeout(pace.open),
      redirect: 'error',
    });
    const told = (await response.json().catch(() => ({}))) as { endpoint?: string; ticket?: string; code?: string };
    if (!response.ok || !told.endpoint || !told.ticket) throw new Error(`钉钉网关拒绝：${told.code ?? `HTTP ${response.status}`}`);
    return `${told.endpoint}?ticket=${encodeURIComponent(told.ticket)}`;
  };

  const again = () => {
    if (stopped || retry || opening) return;
    const wait = Math.min(pace.longest, pace.first * 2 ** Math.min(failures++, 10)) * (0.5 + Math.random() / 2);
    retry = setTimeout(() => {
      retry = undefined;
      void connect();
    }, wait);
  };

  /** Opens a connection; the one before is closed only when this one stands. */
  const connect = async (): Promise<void> => {
    if (stopped || opening) return;
    opening = true;
    try {
      const socket = new WebSocket(await ticket(), { handshakeTimeout: pace.open });
      // At once: the first frames may come together with the answer to the handshake.
      listen(socket);
      await new Promise<void>((done, fail) => {
        socket.once('open', () => {
          take(socket);
          done();
        });
        socket.once('error', fail);
      });
    } catch (e) {
      // A socket that still stands goes on; what failed was its replacement.
      if (current?.readyState !== WebSocket.OPEN) why = (e as Error).message;
      log.warn({ platform: 'dingtalk', error: (e as Error).name }, 'dingtalk: no connection');
      opening = false;
      again();
    }
  };

  /** In the very moment it opens: a frame that comes with it is for the connection of now. */
  const take = (socket: WebSocket) => {
    if (stopped) return socket.terminate();
    const before = current;
    current = socket;
    opening = false;
    if (why !== null) log.info({ platform: 'dingtalk' }, 'dingtalk: connected');
    why = null;
    before?.close();
  };

  const listen = (socket: WebSocket) => {
    let heard = Date.now();
    /** It lives: one that is only opened and closed again is no success. */
    const hears = () => {
      heard = Date.now();
      failures = 0;
    };
    const alive = setInterval(() => {
      // Silent for too long: the other end is gone although nothing was closed.
      if (Date.now() - heard > pace.silent) socket.terminate();
      else if (socket.readyState === WebSocket.OPEN) socket.ping();
    }, pace.ping);
    alive.unref();
    socket.on('pong', hears);
    socket.on('error', e => log.warn({ platform: 'dingtalk', error: e.name }, 'dingtalk: the connection failed'));
    socket.on('close', () => {
      clearInterval(alive);
      if (socket !== current) return;
      current = undefined;
      if (!stopped) why = '断开，正在重连';
      again();
    });
    socket.on('message', raw => {
      hears();
      let frame: Frame;
      try {
        frame = JSON.parse(String(raw)) as Frame;
      } catch {
        return log.warn({ platform: 'dingtalk' }, 'dingtalk: a frame could not be read');
      }
      void onFrame(socket, frame).catch((e: unknown) =>
        log.error({ platform: 'dingtalk', error: (e as Error).name }, 'an event was not stored, it will come again'),
      );
    });
  };

  const answer = (socket: WebSocket, frame: Frame, code: number, data: string) => {
    if (socket.readyState !== WebSocket.OPEN) return;
    const headers = { messageId: frame.headers?.messageId ?? '', contentType: 'application/json' };
    socket.send(JSON.stringify({ code, message: code === 200 ? 'OK' : 'error', headers, data }));
  };
  const onFrame = async (socket: WebSocket, frame: Frame): Promise<void> => {
    const topic = frame.headers?.topic ?? '';
    if (frame.type === 'SYSTEM') {
      if (topic === 'ping') answer(socket, frame, 200, frame.data);
      // It is about to end: what comes meanwhile would be lost.
      else if (topic === 'disconnect' && socket === current) void connect();
      return;
    }
    if (frame.type !== 'CALLBACK' || !deps.topics.includes(topic)) return answer(socket, frame, 404, JSON.stringify({ response: null }));
    deps.counts?.();
    const response = await deps.onEvent(topic, frame.data, frame.headers.messageId ?? '');
    answer(socket, frame, 200, JSON.stringify({ response: response ?? null }));
  };

  return {
    start: () => void connect(),
    trouble: () => (why === null ? null : why),
    async stop() {
      stopped = true;
      clearTimeout(retry);
      const socket = current;
      if (!socket || socket.readyState !== WebSocket.OPEN) return socket?.terminate();
      await new Promise<void>(done => {
        const late = setTimeout(() => {
          socket.terminate();
          done();
        }, 500);
        socket.once('close', () => {
          clearTimeout(late);
          done();
        });
        socket.close();
      });
    },
  };
};
