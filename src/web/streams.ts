/** Server-sent events that end: with a heartbeat while they live, and closed by the server when it stops. */
import type { Context } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';

/** Proxies and browsers drop what is silent for long. */
const HEARTBEAT = 15_000;

export interface Streams {
  /** A stream that lives until the browser leaves or the server stops. `begin` returns how to end what it began. */
  open(c: Context, begin: (stream: SSEStreamingApi) => () => void): Response;
  closeAll(): void;
  readonly size: number;
}

export const makeStreams = (heartbeat = HEARTBEAT): Streams => {
  const open = new Set<() => void>();
  return {
    open: (c, begin) =>
      streamSSE(c, async stream => {
        await new Promise<void>(resolve => {
          // The first bytes carry the headers, so that the other side knows that it is connected.
          void stream.write(': open\n\n');
          const stop = begin(stream);
          const beat = setInterval(() => void stream.write(': still here\n\n'), heartbeat);
          const end = () => {
            if (!open.delete(end)) return;
            clearInterval(beat);
            stop();
            resolve();
          };
          open.add(end);
          stream.onAbort(end);
        });
      }),
    closeAll: () => {
      for (const end of [...open]) end();
    },
    get size() {
      return open.size;
    },
  };
};
