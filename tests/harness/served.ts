/** The rehearsal behind its pages, at an address of its own. */
import { type Listener, serveSandbox } from '../../src/web/serve.ts';
import { type Chat, chat } from './chat.ts';

type Options = Parameters<typeof serveSandbox>[0];

export interface Served {
  room: Chat;
  listener: Listener;
  close(): Promise<void>;
}

/** `desk`: with the page behind one-time links. */
export const served = async ({ desk, log, health }: { desk?: true } & Partial<Pick<Options, 'log' | 'health'>> = {}): Promise<Served> => {
  const room = await chat();
  const listener = await serveSandbox({
    port: 0,
    sandbox: room.open.sandbox,
    ...(desk ? { desk: room.open.desk } : {}),
    log: log ?? { error: () => undefined },
    health: health ?? { checks: async () => ({}), measures: async () => [] },
  });
  return {
    room,
    listener,
    async close() {
      await listener.close();
      await room.close();
    },
  };
};
