import { describe, expect, test } from 'vitest';
import type { Sent } from '../../src/bot/ports.ts';
import type { Chart } from '../../src/core/chart.ts';
import { born, card, HOUR, nudge, post, scene, settle } from './scene.ts';

const plain = { to: { platform: 'plain', app: 'app', conversation: 'x' } };
const never = () => new Promise<Sent>(() => undefined);
const held = () => {
  let release!: (sent: Sent) => void;
  const sent = new Promise<Sent>(r => (release = r));
  return { sent, release };
};

describe('after a crash', () => {
  test('what was under way is resent with its key where that is harmless, else unknown and not repeated', async () => {
    const s = scene();
    s.box.answer = s.plain.answer = (_, n) => (n === 1 ? never() : undefined);
    s.say(born('a'), post('b', plain), post('c', plain));
    await settle();
    expect(s.states()).toEqual({ a: 'sending', b: 'sending', c: 'pending' });
    await s.restart();
    expect(s.states()).toEqual({ a: 'sent', b: 'unknown', c: 'sent' });
    expect(s.box.said.map(m => m.key)).toEqual(['a', 'a']);
    expect(s.plain.said.map(m => m.key)).toEqual(['b', 'c']);
  });

  test('what was joined goes again as it was: a newcomer under the same key would be lost', async () => {
    const s = scene();
    s.box.answer = (_, n) => (n === 1 ? never() : undefined);
    s.say(nudge('a', { topic: 't' }), nudge('b'));
    await settle();
    s.outbox.post([nudge('c')], s.clock.at);
    await s.restart();
    expect(s.box.said.map(m => [m.key, m.title])).toEqual([
      ['a', '2件事'],
      ['a', '2件事'],
      ['c', 'c'],
    ]);
    expect(s.states()).toEqual({ a: 'sent', b: 'sent', c: 'sent' });
  });

  test('a reply of over an hour ago that may have arrived is unknown; one never tried is still said', async () => {
    const s = scene();
    s.box.answer = (_, n) => (n === 1 ? never() : undefined);
    s.say(born('a'));
    s.outbox.post([post('b', { conversation: 'g2' })], s.clock.at);
    s.clock.at += HOUR;
    await s.restart();
    expect(s.states()).toEqual({ a: 'unknown', b: 'sent' });
    expect(s.troubles).toMatchObject([{ kind: 'unknown', rows: [1] }]);
  });
});

test('what joins a message is looked at anew as well: it may have been withdrawn while it waited', async () => {
  const s = scene();
  const slow = held();
  s.box.answer = (_, n) => (n === 1 ? slow.sent : undefined);
  s.say(post('first'), nudge('old', { class: 'announcement' }));
  await s.ticks.advance(1_000);
  await s.outbox.mark([{ seq: s.outbox.row('old').seq, state: 'withdrawn', at: s.clock.at }]);
  s.say(nudge('new'));
  slow.release({ result: 'sent', providerId: 'm' });
  await s.relay.drain();
  expect(s.titles()).toEqual(['first', 'new']);
  expect(s.states()).toEqual({ first: 'sent', old: 'withdrawn', new: 'sent' });
});

describe('a key that the platform forgets', () => {
  const MINUTES = 60_000;
  const away = async (first: Sent | Promise<Sent>, rest: Sent) => {
    const s = scene();
    s.box.remembers = 55 * MINUTES;
    let back = false;
    s.box.answer = (_, n) => (n === 1 ? first : back ? undefined : rest);
    s.say(nudge('a'));
    await s.ticks.advance(54 * MINUTES);
    expect(s.states()).toEqual({ a: 'pending' });
    await s.ticks.advance(2 * MINUTES);
    back = true;
    await s.ticks.advance(2 * MINUTES);
    await s.relay.drain();
    return s;
  };
  const later: Sent = { result: 'later', after: 0, why: '没有回应' };

  const perhaps: Sent = { ...later, perhaps: true };
  test.each<[string, Sent | Promise<Sent>, Sent]>([
    ['was not answered', never(), later],
    ['was answered by a failing server', perhaps, later],
    ['was never answered well', perhaps, perhaps],
  ])('is not used again for what %s: it may have arrived, and the admin decides', async (_, first, rest) => {
    const s = await away(first, rest);
    expect(s.states()).toEqual({ a: 'unknown' });
    expect(s.troubles).toContainEqual(expect.objectContaining({ kind: 'unknown', rows: [1] }));
    expect(s.box.said.at(-1)!.at).toBeLessThan(57 * MINUTES);
  });

  /** Tried once, with that outcome; stopped a while later, and begun again for another while in which it does not go. */
  const stopped = async (first: Sent | Promise<Sent>, { before, after }: { before: number; after: number }) => {
    const s = scene();
    const pass = async (minutes: number) => {
      for (let i = 0; i < minutes; i++) {
        s.clock.at += MINUTES;
        await s.ticks.advance(MINUTES);
      }
    };
    s.box.remembers = 55 * MINUTES;
    let back = false;
    s.box.answer = (_, n) => (n === 1 ? first : back ? undefined : later);
    s.say(nudge('a'));
    await pass(before);
    void s.relay.stop();
    await s.restart();
    await pass(after);
    back = true;
    await pass(2);
    await s.relay.drain();
    return s;
  };
  test.each<[string, Sent | Promise<Sent>, number, number, string]>([
    ['a stop does not begin the hour anew', perhaps, 30, 30, 'unknown'],
    ['nor does one in which nobody answered', never(), 30, 30, 'unknown'],
    ['after so long a stop it is not given away once more', perhaps, 56, 0, 'unknown'],
    ['within the hour it is, with its key', perhaps, 30, 20, 'sent'],
    ['what never reached it is said however long', later, 30, 60, 'sent'],
  ])('%s', async (_name, first, before, after, state) => {
    const s = await stopped(first, { before, after });
    expect(s.states()).toEqual({ a: state });
    expect(new Set(s.box.said.map(m => m.key)).size).toBe(1);
    if (state === 'unknown') expect(s.box.said.at(-1)!.at).toBeLessThan(57 * MINUTES);
  });

  test('what may have arrived is not put off till the morning, when its key is forgotten', async () => {
    let quiet = false;
    const s = scene({ speakAt: i => (quiet ? i + 10 * HOUR : i) });
    s.box.remembers = 55 * MINUTES;
    s.box.answer = (_, n) => (n === 1 ? perhaps : undefined);
    s.say(nudge('a'));
    await settle();
    quiet = true;
    await s.ticks.advance(5 * MINUTES);
    await s.relay.drain();
    expect(s.states()).toEqual({ a: 'unknown' });
    expect(s.box.said).toHaveLength(1);
  });

  test('holds for what never reached it, however long', async () => {
    const s = await away(later, later);
    expect(s.states()).toEqual({ a: 'sent' });
    expect(s.troubles.filter(t => t.kind === 'unknown')).toEqual([]);
  });
});

describe('a drawing', () => {
  test('may take half a minute behind others; then the words go, and say so', async () => {
    const paper = { code: 'x', title: '表', tone: 'info' as const, lines: ['字'], paper: { kind: 'leave-slip', name: '单.docx' } as never };
    const made = held();
    const s = scene({ render: async c => (await made.sent, { ...c, file: { id: 'f', name: '单.docx', bytes: 1 } }) });
    s.say(post('a', { card: paper }));
    await s.ticks.advance(29_999);
    expect(s.box.said).toEqual([]);
    made.release({ result: 'sent', providerId: '' });
    await s.relay.drain();
    expect(s.box.said[0]!.card.file).toMatchObject({ name: '单.docx' });
    const t = scene({ render: () => new Promise(() => undefined) });
    t.say(post('a', { card: paper }));
    await t.ticks.advance(30_000);
    await t.relay.drain();
    expect(t.box.said.map(m => m.card.lines)).toEqual([['字', '（附件没有做成，请先看文字）']]);
  });
});

describe('a platform that does not answer in time', () => {
  test('gets the same key again where that is harmless', async () => {
    const s = scene();
    s.box.answer = (_, n) => (n === 1 ? never() : undefined);
    s.say(born('a'));
    await s.ticks.advance(14_999);
    expect(s.box.said).toHaveLength(1);
    await s.ticks.advance(2_001);
    expect(s.box.said.map(m => m.at)).toEqual([0, 17_000]);
    await s.relay.drain();
    expect(s.states()).toEqual({ a: 'sent' });
  });

  test('is unknown elsewhere, and does not hold up the next; a late yes settles it', async () => {
    const s = scene();
    const slow = held();
    s.plain.answer = (_, n) => (n === 1 ? slow.sent : undefined);
    s.say(post('a', plain), post('b', plain));
    await s.ticks.advance(15_000);
    await s.relay.drain();
    expect(s.states()).toEqual({ a: 'unknown', b: 'sent' });
    expect(s.troubles).toMatchObject([{ kind: 'unknown', rows: [1] }]);
    slow.release({ result: 'sent', providerId: 'late' });
    await settle();
    await s.relay.drain();
    expect(s.outbox.row('a')).toMatchObject({ state: 'sent', providerId: 'late', error: null });
  });

  test('a late yes does not touch what was settled by hand', async () => {
    const s = scene();
    const slow = held();
    s.plain.answer = () => slow.sent;
    s.say(post('a', plain));
    await s.ticks.advance(15_000);
    await s.outbox.mark([{ seq: 1, state: 'withdrawn', at: s.clock.at }]);
    slow.release({ result: 'sent', providerId: 'late' });
    await settle();
    expect(s.states()).toEqual({ a: 'withdrawn' });
  });

  test('costs one timer, however many messages are under way', async () => {
    const s = scene();
    s.box.answer = never;
    s.say(...Array.from({ length: 100 }, (_, i) => born(`a${i}`, { conversation: `g${i}` })));
    await settle();
    expect(s.ticks.set).toBe(1);
  });

  test('is given up at its own moment, one after the other', async () => {
    const s = scene();
    s.plain.answer = never;
    s.say(post('a', plain));
    await s.ticks.advance(10_000);
    s.say(post('b', { to: { ...plain.to, conversation: 'y' } }));
    await s.ticks.advance(14_999);
    expect(s.states()).toEqual({ a: 'unknown', b: 'sending' });
    await s.ticks.advance(1);
    expect(s.states()).toEqual({ a: 'unknown', b: 'unknown' });
  });

  test.each(['box', 'plain'])('a throw of %s is an unknown outcome', async platform => {
    const s = scene();
    s[platform as 'box' | 'plain'].answer = () => {
      throw new Error('bug');
    };
    s.say(post('a', { to: { platform, app: 'app', conversation: 'x' } }));
    await s.relay.drain();
    expect(s.outbox.row('a')).toMatchObject({ state: 'unknown', error: '发送时出错，是否送达不明' });
  });
});

describe('not said', () => {
  test('before its time, and after it has expired', async () => {
    const s = scene();
    s.say(
      post('later', { notBefore: s.clock.at + 1 }),
      post('expired', { expires: s.clock.at, conversation: 'g2' }),
      post('just', { expires: s.clock.at + 1, conversation: 'g3' }),
    );
    await s.relay.drain();
    expect(s.titles()).toEqual(['just']);
    expect(s.states()).toEqual({ later: 'pending', expired: 'expired', just: 'sent' });
    s.clock.at += 1;
    await s.relay.drain();
    expect(s.titles()).toEqual(['just', 'later']);
  });

  test('when it was withdrawn while it waited here', async () => {
    const s = scene();
    s.box.answer = (_, n) => (n === 1 ? { result: 'later', after: 0, why: '忙' } : undefined);
    s.say(post('a', { topic: 't', class: 'news' }), post('b', { class: 'news' }));
    await settle();
    s.outbox.settle(['t'], s.clock.at);
    await s.ticks.advance(5000);
    expect(s.titles()).toEqual(['a', 'b']);
    expect(s.states()).toEqual({ a: 'withdrawn', b: 'sent' });
  });

  test('when it was settled while it was being sent', async () => {
    const s = scene();
    let answer: ((sent: Sent) => void) | undefined;
    s.box.answer = (_, n) => (n === 1 ? new Promise<Sent>(resolve => (answer = resolve)) : undefined);
    s.say(post('a', { topic: 't', class: 'news' }));
    await settle();
    s.outbox.settle(['t'], s.clock.at);
    answer?.({ result: 'later', after: 0, why: '忙' });
    await s.ticks.advance(5000);
    expect(s.titles()).toEqual(['a']);
    expect(s.states()).toEqual({ a: 'withdrawn' });
    expect(s.relay.waiting()).toEqual([]);
  });

  test('when it was settled while it was being announced', async () => {
    const s = scene();
    let open: (() => void) | undefined;
    s.outbox.gate = new Promise<void>(resolve => (open = resolve));
    s.say(post('a', { topic: 't', class: 'news' }));
    await settle();
    s.outbox.settle(['t'], s.clock.at);
    open?.();
    await s.ticks.advance(5000);
    expect(s.titles()).toEqual([]);
    expect(s.states()).toEqual({ a: 'withdrawn' });
  });

  test('and what was withdrawn is not listed as waiting after the next look', async () => {
    const s = scene();
    s.box.answer = () => ({ result: 'later', after: HOUR, why: '忙' });
    s.say(post('a', { topic: 't', class: 'news' }));
    await s.relay.drain();
    expect(s.relay.waiting()).toHaveLength(1);
    s.outbox.settle(['t'], s.clock.at);
    await s.relay.drain();
    expect(s.relay.waiting()).toEqual([]);
  });

  test('on a platform or an app that is not there: it waits, and says so', async () => {
    const s = scene();
    s.say(
      post('a', { to: { platform: 'none', app: 'app', conversation: 'x' } }),
      post('b', { to: { platform: 'box', app: 'old', conversation: 'x' } }),
      born('c'),
    );
    await s.relay.drain();
    expect(s.states()).toEqual({ a: 'pending', b: 'pending', c: 'sent' });
    expect(s.relay.waiting()).toMatchObject([
      { seq: 1, why: '平台没有接入：none', until: null },
      { seq: 2, why: '平台没有接入：box', until: null },
    ]);
    await s.ticks.advance(180_000);
    expect(s.troubles.map(t => t.kind)).toEqual(['slow', 'slow']);
  });

  test('rows of a platform that is not there do not keep others from being read', async () => {
    const s = scene();
    s.outbox.post(
      Array.from({ length: 1200 }, (_, i) => post(`n${i}`, { to: { platform: 'none', app: 'app', conversation: 'x' } })),
      s.clock.at,
    );
    s.outbox.post([post('a')], s.clock.at);
    await s.relay.drain();
    expect(s.titles()).toEqual(['a']);
  });
});

describe('the store', () => {
  const gate = () => {
    let open!: () => void;
    const closed = new Promise<void>(r => (open = r));
    return { closed, open };
  };

  test('a row whose outcome is being stored is not sent again', async () => {
    const s = scene();
    const marks = gate();
    s.outbox.gate = marks.closed;
    s.say(born('a'));
    // To a reader it looks as if nothing had been done with it.
    s.outbox.row('a').state = 'pending';
    s.relay.kick();
    await s.ticks.advance(500);
    expect(s.outbox.reads).toBe(1);
    marks.open();
    await s.relay.drain();
    expect(s.titles()).toEqual(['a']);
    expect(s.states()).toEqual({ a: 'sent' });
  });

  test('a row that was sent while a read was under way is not sent again', async () => {
    const s = scene();
    const first = held();
    const read = gate();
    s.box.answer = (_, n) => (n === 1 ? first.sent : undefined);
    s.say(born('a'), post('b'));
    s.outbox.readGate = read.closed;
    s.relay.kick();
    await s.ticks.advance(500);
    first.release({ result: 'sent', providerId: 'm' });
    await settle();
    expect(s.states()).toEqual({ a: 'sent', b: 'sent' });
    read.open();
    await s.relay.drain();
    expect(s.titles()).toEqual(['a', 'b']);
  });

  test('a row whose retry is being stored is not taken for withdrawn', async () => {
    const s = scene();
    s.box.answer = () => ({ result: 'later', after: HOUR, why: '忙' });
    const marks = gate();
    s.outbox.gate = marks.closed;
    s.say(born('a'));
    await settle();
    s.relay.kick();
    await s.ticks.advance(500);
    expect(s.outbox.reads).toBe(1);
    marks.open();
    await s.relay.drain();
    expect(s.titles()).toEqual(['a']);
    expect(s.relay.waiting()).toHaveLength(1);
  });

  test('outcomes that could not be stored are stored later, and nothing is sent twice', async () => {
    const s = scene();
    s.outbox.broken = true;
    s.say(born('a'), post('b', { conversation: 'g2' }));
    await settle();
    // What must be announced first is not sent.
    expect(s.titles()).toEqual(['a']);
    await expect(s.relay.drain()).rejects.toThrow('disk full');
    expect(s.relay.waiting()).toMatchObject([{ seq: 2, why: '数据库暂时不可用' }]);
    await s.ticks.advance(60_000);
    expect(s.troubles.filter(t => t.rows.includes(1))).toEqual([{ kind: 'store', rows: [1], why: '数据库暂时不可用' }]);
    s.outbox.broken = false;
    await s.ticks.advance(10_000);
    expect(s.titles()).toEqual(['a', 'b']);
    expect(s.states()).toEqual({ a: 'sent', b: 'sent' });
  });

  test('an outbox that cannot be read is read again', async () => {
    const s = scene();
    s.outbox.post([post('a')], s.clock.at);
    s.outbox.broken = true;
    s.relay.kick();
    await s.ticks.advance(1_000);
    expect(s.troubles).toMatchObject([{ kind: 'store' }]);
    s.outbox.broken = false;
    await s.ticks.advance(5_000);
    expect(s.states()).toEqual({ a: 'sent' });
  });
});

describe('stopping', () => {
  test('finishes what is under way and leaves the rest', async () => {
    const s = scene();
    const slow = held();
    s.box.answer = (_, n) => (n === 1 ? slow.sent : undefined);
    s.say(born('a'), born('b'), post('c'));
    await settle();
    let stopped = false;
    const stop = s.relay.stop().then(() => (stopped = true));
    await settle();
    expect(stopped).toBe(false);
    slow.release({ result: 'sent', providerId: 'm' });
    await stop;
    expect(s.states()).toEqual({ a: 'sent', b: 'sending', c: 'pending' });
    s.say(born('d'));
    await s.relay.drain();
    expect(s.titles()).toEqual(['a']);
    await s.restart();
    expect(s.states()).toEqual({ a: 'sent', b: 'sent', c: 'sent', d: 'sent' });
  });

  test('does not wait for a platform that is stuck', async () => {
    const s = scene();
    s.box.answer = never;
    s.say(born('a'));
    await settle();
    const stop = s.relay.stop();
    await s.ticks.advance(4_000);
    await stop;
    expect(s.states()).toEqual({ a: 'sending' });
  });
});

describe('pictures and mentions', () => {
  const chart: Chart = { kind: 'bars', title: '人次', bars: [] } as unknown as Chart;
  const picture = { id: 'p', name: 'chart.png', bytes: 1 };

  test('a chart gets its picture before it is sent, and the row keeps the card as it was sent', async () => {
    const s = scene({ render: async c => ({ ...c, picture }) });
    s.say(born('a', { card: card('a', { chart }) }));
    await s.relay.drain();
    expect(s.box.said[0]?.card.picture).toEqual(picture);
    expect(s.outbox.row('a').card.picture).toEqual(picture);
  });

  test.each([
    ['fails', () => Promise.reject(new Error('no font'))],
    ['hangs', () => new Promise<never>(() => undefined)],
  ])('drawing that %s: the words go, the reason is kept', async (_, render) => {
    const s = scene({ render });
    s.say(born('a', { card: card('a', { chart, lines: ['共3人次'] }) }));
    await s.ticks.advance(30_000);
    await s.relay.drain();
    expect(s.box.said[0]?.card.lines).toEqual(['共3人次', '（图没有画成，请先看文字）']);
    expect(s.outbox.row('a')).toMatchObject({ state: 'sent', error: '图没有画成' });
  });

  test('a picture that is there is not drawn again', async () => {
    let drawn = 0;
    const s = scene({ render: async c => (drawn++, c) });
    s.say(born('a', { card: card('a', { chart, picture }) }), born('b'));
    await s.relay.drain();
    expect(drawn).toBe(0);
  });

  test('mentions are looked up; without them the message goes all the same', async () => {
    const s = scene();
    s.say(born('a', { card: card('a', { mention: ['p1'] }) }));
    await s.relay.drain();
    expect(s.box.said[0]?.mention).toEqual([{ person: 'p1', account: 'a-p1', name: 'p1' }]);
    const t = scene({ mentions: () => Promise.reject(new Error('locked')) });
    t.say(born('a', { card: card('a', { mention: ['p1'] }) }));
    await t.relay.drain();
    expect(t.box.said[0]?.mention).toEqual([]);
    expect(t.states()).toEqual({ a: 'sent' });
  });
});
