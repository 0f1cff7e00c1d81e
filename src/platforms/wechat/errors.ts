/** Errors of a puppet: logged without what people wrote, the same one once a minute; and when they come in a storm. */
import type { Log } from '../intake.ts';

/** Errors of puppets may hold what people wrote: only plain codes are told. */
export const plain = (e: unknown): string => {
  const { name, message } = e instanceof Error ? e : new Error(String(e));
  return /^[\x20-\x7e]{1,200}$/.test(message) ? `${name}: ${message}` : name;
};

/** Wraps what a listener does: nothing of it may be lost on the way, or end the process. */
export const makeSafely =
  (log: Log) =>
  <A extends unknown[]>(what: string, work: (...args: A) => unknown) =>
  (...args: A): void => {
    void (async () => work(...args))().catch((e: unknown) => log.error({ platform: 'wechat', error: plain(e) }, what));
  };

/** So many within so many milliseconds are a storm: a puppet that tries again without a pause. */
const STORM = 20;
const WITHIN = 10_000;
const ONCE_IN = 60_000;

/** Notes an error at a moment in ticks. True: it is one of a storm. */
export const makeErrorTeller = (log: Log): ((e: unknown, at: number) => boolean) => {
  let recent: number[] = [];
  const told = new Map<string, number>();
  return (e, at) => {
    const error = plain(e);
    if (at - (told.get(error) ?? Number.NEGATIVE_INFINITY) >= ONCE_IN) {
      for (const [known, when] of told) if (at - when >= ONCE_IN) told.delete(known);
      told.set(error, at);
      log.warn({ platform: 'wechat', error }, 'wechat: the puppet had an error');
    }
    recent = [...recent.filter(t => at - t < WITHIN), at].slice(-STORM);
    return recent.length >= STORM;
  };
};
