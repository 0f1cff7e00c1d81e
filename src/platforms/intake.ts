/** What every messenger's `connect` does with an event: read it, fetch its file, name its group, hand it to the bot; and know what is still under way. */
import type { Bot, Received } from '../bot/bot.ts';
import type { LoginView } from '../bot/desk.ts';
import type { Content, Files, Inbound, Platform, RowsRead } from '../bot/ports.ts';
import { isPaper } from '../core/check-in-paper.ts';
import type { Instant } from '../core/day.ts';

/** A file that has to be fetched before the turn. */
export interface Resource {
  kind: 'resource';
  name: string;
  /** What the messenger wants to be told to hand it out. */
  ref: Record<string, string>;
  /** What was written beside it, in one message. */
  text?: string;
  /** These words called the bot. */
  mentioned?: boolean;
}
export type Heard = Omit<Inbound, 'content' | 'receivedAt'> & { content: Content | Resource };

export interface Log {
  info(what: object, message: string): void;
  warn(what: object, message: string): void;
  error(what: object, message: string): void;
}

/** What a messenger keeps between starts: nothing that people said. */
export interface Notes {
  /** By key, of keys that begin so. */
  all(prefix: string): Promise<Map<string, string>>;
  /** Stored a moment later; null forgets. Never throws. */
  keep(key: string, value: string | null): void;
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
  files: Files;
  readRows(name: string, bytes: Uint8Array): Promise<RowsRead>;
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

  const fetched = async (
    { ref, name, text, mentioned }: Resource,
    who: { platform: string; app: string; account: string },
  ): Promise<Content> => {
    const beside = { ...(text === undefined ? {} : { text }), ...(mentioned ? { mentioned } : {}) };
    const unread = { kind: 'file' as const, file: { id: '', name, bytes: 0 }, ...beside, rows: null, notices: [] };
    // A picture is fetched and kept where it is the paper of a check-in, and nowhere else.
    const paper = isPaper(name);
    if (paper && !(await deps.bot().awaitsPaper(who, text))) return unread;
    let bytes: Uint8Array;
    try {
      bytes = await deps.fetch(ref);
    } catch (e) {
      return { ...unread, problem: (e as Error).message };
    }
    try {
      if (paper) return { ...unread, file: await deps.files.keep(name, bytes) };
      // A table is read and let go: a roster with phones is not left lying about.
      return { ...unread, file: { ...unread.file, bytes: bytes.length }, ...(await deps.readRows(name, bytes)) };
    } catch (e) {
      // What the machine says is no sentence for people.
      deps.log.error(
        { platform: deps.platform, error: (e as NodeJS.ErrnoException).code ?? (e as Error).name },
        'a file could not be taken',
      );
      return { ...unread, problem: '文件没有收成，请过一会儿再发' };
    }
  };
  const hand = async (heard: Heard): Promise<Received> => {
    const { content, conversation } = heard;
    const whole =
      content.kind === 'resource' ? await fetched(content, { platform: heard.platform, app: heard.app, account: heard.account }) : content;
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
