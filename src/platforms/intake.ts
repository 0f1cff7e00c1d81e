/** What every messenger's `connect` does with an event: read it, fetch its file, name its group, hand it to the bot; and know what is still under way. */
import type { Bot, Received } from '../bot/bot.ts';
import type { LoginView } from '../bot/desk.ts';
import type { Content, Inbound, Platform } from '../bot/ports.ts';
import type { Instant } from '../core/day.ts';

/** A file that has to be fetched before the turn. */
export interface Resource {
  kind: 'resource';
  name: string;
  /** What the messenger wants to be told to hand it out. */
  ref: Record<string, string>;
}
export type Heard = Omit<Inbound, 'content' | 'receivedAt'> & { content: Content | Resource };

export interface Log {
  info(what: object, message: string): void;
  warn(what: object, message: string): void;
  error(what: object, message: string): void;
}

/** A step of the doctor. `fix`: what to do in the console; null when the step is well. */
export interface Step {
  what: string;
  told: string;
  fix: string | null;
}

/** A messenger as the assembly sees it. */
export interface Messenger {
  platform: Platform;
  /** Begins to listen; the connection comes when it can. */
  start(): Promise<void>;
  /** A callback by HTTP; 404 where there are none. */
  callback(request: Request): Promise<Response>;
  /** null when well, else in words. */
  trouble(): string | null;
  /** Where it is logged in by scanning. */
  login?(): LoginView;
  /** Finishes what is under way, and its acknowledgements. */
  stop(): Promise<void>;
}

export interface IntakeDeps {
  platform: string;
  bot(): Bot;
  readRows(name: string, bytes: Uint8Array): Promise<{ rows: string[][] | null; notices: string[]; problem?: string }>;
  now(): Instant;
  log: Log;
  /** @throws Error with one sentence */
  fetch(ref: Record<string, string>): Promise<Uint8Array>;
  /** A group's name, where the event does not carry it. */
  groupName?(id: string): Promise<string>;
}

export interface Intake {
  /** undefined: nothing for the bot, or unreadable; sent again it would be no better. Rejects when it was not stored: it may not be acknowledged. */
  take(raw: unknown, read: (raw: unknown, now: Instant) => Heard | undefined): Promise<Received | undefined>;
  /** Nothing more is taken. Resolves when what was under way is over, whoever still waits for it. */
  stop(): Promise<void>;
}

export const makeIntake = (deps: IntakeDeps): Intake => {
  const working = new Set<Promise<unknown>>();
  let stopped = false;

  const fetched = async ({ ref, name }: Resource): Promise<Content> => {
    try {
      const bytes = await deps.fetch(ref);
      // Read and let go: a roster with phones is not left lying about.
      return { kind: 'file', file: { id: '', name, bytes: bytes.length }, ...(await deps.readRows(name, bytes)) };
    } catch (e) {
      return { kind: 'file', file: { id: '', name, bytes: 0 }, rows: null, notices: [], problem: (e as Error).message };
    }
  };
  const hand = async (heard: Heard): Promise<Received> => {
    const { content, conversation } = heard;
    const whole = content.kind === 'resource' ? await fetched(content) : content;
    const name = conversation.name || (conversation.kind === 'group' ? ((await deps.groupName?.(conversation.id)) ?? '') : '');
    return deps.bot().receive({ ...heard, conversation: { ...conversation, name }, content: whole, receivedAt: deps.now() });
  };

  return {
    async take(raw, read) {
      if (stopped) throw new Error('stopping');
      let heard: Heard | undefined;
      try {
        heard = read(raw, deps.now());
      } catch (e) {
        deps.log.error({ platform: deps.platform, error: (e as Error).name }, 'an event could not be read');
      }
      if (!heard) return undefined;
      const work = hand(heard);
      const held = work.then(
        () => undefined,
        () => undefined,
      );
      working.add(held);
      void held.then(() => working.delete(held));
      return work;
    },
    async stop() {
      stopped = true;
      await Promise.all(working);
    },
  };
};

/** The result, or `otherwise` when it takes longer. */
export const within = async <T, O>(ms: number, work: Promise<T>, otherwise: O): Promise<T | O> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<O>(resolve => {
    timer = setTimeout(() => resolve(otherwise), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};
