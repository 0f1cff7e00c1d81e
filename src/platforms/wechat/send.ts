/** One card to ordinary WeChat: its words, then a picture or a file, two seconds between; the outcome classified. */
import type { Files, Platform, Sent, Ticks } from '../../bot/ports.ts';
import { APP, directOf, type Place, placeOf, WECHAT } from './receive.ts';
import { render } from './render.ts';

/** What the account can say, as the connection gives it. */
export interface Voice {
  /** Why nothing can be said now; null when it can. */
  mute(): string | null;
  /** Is the group or the friend there? @throws when that cannot be told now */
  reaches(to: Place): Promise<boolean>;
  /** Accounts are called by their names in front of the words. @throws */
  say(to: Place, what: string | { name: string; bytes: Uint8Array }, accounts: readonly string[]): Promise<void>;
}

const LOGIN_WAIT = 5_000;
/** Whoever would stand longer behind the parts of others comes again: the outbox waits for an answer a quarter of a minute. */
const LONGEST_QUEUE = 5_000;
/** A message that is not done by then holds up no other. */
const HANGS = 10_000;
const TOO_FAST_WAIT = 10 * 60_000;

/** What became of it: puppets only throw, each in its own words. Pure. */
export const classify = (failure: unknown): Exclude<Sent, { result: 'sent' }> => {
  const message = failure instanceof Error ? failure.message : String(failure);
  // 1100–1102: WeChat has ended the login.
  if (/not logged in|logged ?out|\b110[0-2]\b/i.test(message)) return { result: 'later', after: LOGIN_WAIT, why: '微信没有登录' };
  if (/频繁|\b1205\b/.test(message)) return { result: 'later', after: TOO_FAST_WAIT, why: '微信说发得太快，停十分钟' };
  return { result: 'unknown', why: '微信没有回应，是否送达不明' };
};

export interface SendDeps {
  voice: Voice;
  files: Files;
  /** Milliseconds between any two messages. */
  gap: number;
  ticks: Ticks;
}

export const wechatPlatform = ({ voice, files, gap, ticks }: SendDeps): Platform => {
  const lasts = (ms: number) => new Promise<void>(resolve => ticks.after(ms, resolve));
  // The outbox keeps its distance by whole cards; their parts keep it here, also from those of a card for another place.
  let turn: Promise<unknown> = Promise.resolve();
  let ahead = 0;
  const inTurn = (say: () => Promise<void>, hangs: () => void): Promise<void> => {
    const saying = turn.then(say);
    const over = saying.then(
      () => undefined,
      () => undefined,
    );
    turn = turn.then(() => Promise.race([over, lasts(HANGS).then(hangs)])).then(() => lasts(gap));
    return saying;
  };
  const send: Platform['send'] = async ({ key, to, card, mention }) => {
    const mute = voice.mute();
    if (mute !== null) return { result: 'later', after: LOGIN_WAIT, why: mute };
    const queue = ahead * gap;
    if (queue > LONGEST_QUEUE) return { result: 'later', after: queue, why: '微信限速：每条之间至少隔两秒' };
    const place = placeOf(to.conversation);
    try {
      if (!(await voice.reaches(place)))
        return { result: 'never', why: 'room' in place ? '微信里找不到这个群，或机器人不在群里' : '微信里找不到这个人，要先加好友' };
    } catch {
      return { result: 'later', after: LOGIN_WAIT, why: '微信通讯录还没有读到' };
    }
    const accounts = 'room' in place ? mention.flatMap(m => (m.account === null ? [] : [m.account])) : [];
    const named = 'room' in place ? mention.filter(m => m.account === null).map(m => m.name) : [];
    const parts: (string | { name: string; bytes: Uint8Array })[] = [render(card, named)];
    for (const file of [card.picture, card.file]) {
      if (!file) continue;
      const bytes = await files.open(file.id);
      parts.push(bytes?.length ? { name: file.name, bytes } : `文件 ${file.name} 没有发成，请用 /网页 取`);
    }
    // Parts of this card that others stand behind: none of what failed, and none behind one that hangs.
    let waits = parts.length;
    ahead += waits;
    const past = (n: number) => {
      const gone = Math.min(n, waits);
      waits -= gone;
      ahead -= gone;
    };
    for (const [i, part] of parts.entries()) {
      let done = false;
      const say = () => voice.say(place, part, i === 0 ? accounts : []).finally(() => (done = true));
      try {
        await inTurn(say, () => done || past(waits));
        past(1);
      } catch (e) {
        past(waits);
        const failed = classify(e);
        return i === 0 ? failed : { result: 'unknown', why: `前 ${i} 条已发，后面没有发成：${failed.why}` };
      }
    }
    // No puppet tells a number: the message goes by its own key.
    return { result: 'sent', providerId: key };
  };
  return { id: WECHAT, app: APP, idempotent: false, typesChoices: true, passing: true, direct: directOf, send };
};
