import { describe, expect, test } from 'vitest';
import type { Sent } from '../../src/bot/ports.ts';
import { born, HOUR, MINUTE, nudge, post, scene, settle } from './scene.ts';

const later = (after = 0): Sent => ({ result: 'later', after, why: '忙' });

describe('order in a conversation', () => {
  test('is that of seq within a class, one at a time', async () => {
    const s = scene();
    s.say(born('a'), born('b'), born('c'), born('d'));
    await s.relay.drain();
    expect(s.titles()).toEqual(['a', 'b', 'c', 'd']);
    expect(s.box.most).toBe(1);
  });

  test('a higher class overtakes what waits', async () => {
    const s = scene();
    const release: (() => void)[] = [];
    s.box.answer = m => (m.title === 'first' ? new Promise(r => release.push(() => r({ result: 'sent', providerId: 'x' }))) : undefined);
    s.say(born('first'));
    s.say(post('announcement', { class: 'announcement' }), post('news', { class: 'news' }));
    s.say(born('reply 1'));
    s.say(born('reply 2'));
    await settle();
    expect(s.titles()).toEqual(['first']);
    expect(s.relay.waiting().map(w => w.why)).toEqual(['正在发送', '前面还有一条', '前面还有一条', '前面还有一条', '前面还有一条']);
    release[0]!();
    await s.relay.drain();
    expect(s.titles()).toEqual(['first', 'reply 1', 'reply 2', 'news', 'announcement']);
  });

  test('conversations go side by side', async () => {
    const s = scene();
    const release: (() => void)[] = [];
    s.box.answer = () => new Promise(r => release.push(() => r({ result: 'sent', providerId: `x${release.length}` })));
    s.say(...[1, 2, 3, 4, 5].map(n => born(`a${n}`, { conversation: `g${n}` })));
    await settle();
    expect(s.box.open).toBe(5);
    for (const r of release) r();
    await s.relay.drain();
  });

  test('a platform that is stuck holds up no other', async () => {
    const s = scene();
    s.plain.answer = () => new Promise(() => undefined);
    s.say(post('stuck', { to: { platform: 'plain', app: 'app', conversation: 'x' } }), born('a'));
    await settle();
    expect(s.box.said).toHaveLength(1);
    await s.ticks.advance(15_000);
    expect(s.states()).toEqual({ stuck: 'unknown', a: 'sent' });
  });
});

describe('a retry', () => {
  test('comes after 2 s, then doubled up to a minute, with the same key, until it goes', async () => {
    const s = scene();
    s.box.answer = (_, n) => (n <= 8 ? later() : undefined);
    s.say(born('a'));
    await s.ticks.advance(10 * MINUTE);
    expect(s.box.said.map(m => m.at / 1000)).toEqual([0, 2, 6, 14, 30, 62, 122, 182, 242]);
    expect(new Set(s.box.said.map(m => m.key))).toEqual(new Set(['a']));
    expect(s.outbox.row('a')).toMatchObject({ state: 'sent', attempts: 9 });
    expect(s.relay.stats()).toMatchObject({ sent: 1, retried: 8 });
  });

  test('is spread by chance, and waits as long as the platform asks', async () => {
    const s = scene({ random: () => 0.5 });
    s.box.answer = (_, n) => (n === 1 ? later() : n === 2 ? later(90_000) : undefined);
    s.say(born('a'));
    await s.ticks.advance(10 * MINUTE);
    expect(s.box.said.map(m => m.at)).toEqual([0, 2500, 92_500]);
  });

  test('says in the store and here what it waits for', async () => {
    const s = scene();
    s.box.answer = () => later(30_000);
    s.say(born('a'));
    await s.relay.drain();
    expect(s.outbox.row('a')).toMatchObject({ state: 'pending', error: '忙', attempts: 1 });
    expect(s.relay.waiting()).toEqual([
      { seq: 1, to: { platform: 'box', app: 'app', conversation: 'g1' }, class: 'reply', why: '忙', until: s.clock.at + 30_000 },
    ]);
  });

  test('holds up its class there for two minutes at most; other classes and places not at all', async () => {
    const s = scene();
    s.box.answer = m => (m.title === 'a' ? later() : undefined);
    s.say(born('a'));
    await settle();
    s.say(born('b'), post('news', { class: 'news' }), born('elsewhere', { conversation: 'g2' }));
    await s.ticks.advance(119_000);
    expect(
      s
        .titles()
        .filter(t => t !== 'a')
        .sort(),
    ).toEqual(['elsewhere', 'news']);
    await s.ticks.advance(2_000);
    expect(s.titles()).toContain('b');
    expect(s.states()['a']).toBe('pending');
  });

  test('goes before what came after it', async () => {
    const s = scene();
    s.box.answer = (_, n) => (n === 1 ? later() : undefined);
    s.say(born('a'), born('b'));
    await s.ticks.advance(3_000);
    expect(s.titles()).toEqual(['a', 'a', 'b']);
  });

  test('of a reply ends after an hour: it is failed and the admin knows', async () => {
    const s = scene();
    s.box.answer = () => later();
    s.say(born('a'));
    await settle();
    s.clock.at += HOUR - 1;
    await s.ticks.advance(2_000);
    expect(s.states()).toEqual({ a: 'pending' });
    s.clock.at += 1;
    await s.ticks.advance(4_000);
    expect(s.outbox.row('a')).toMatchObject({ state: 'failed', error: '忙' });
    expect(s.troubles).toEqual([{ kind: 'failed', rows: [1], why: '忙' }]);
  });

  test('of other messages ends when they expire', async () => {
    const s = scene();
    s.box.answer = () => later();
    s.say(post('a', { class: 'news', expires: s.clock.at + 2 * HOUR }));
    await s.ticks.advance(1000);
    s.clock.at += 2 * HOUR - 1;
    await s.ticks.advance(MINUTE);
    expect(s.states()).toEqual({ a: 'pending' });
    s.clock.at += 1;
    await s.relay.drain();
    expect(s.outbox.row('a')).toMatchObject({ state: 'expired', error: '忙' });
    expect(s.relay.waiting()).toEqual([]);
  });

  test('goes on at once when failed or unknown is said', async () => {
    const s = scene();
    s.box.answer = (_, n) => (n === 1 ? { result: 'never', why: '被移出群' } : n === 2 ? { result: 'unknown', why: '断线' } : undefined);
    s.say(born('a'), born('b'), born('c'));
    await s.relay.drain();
    expect(s.states()).toEqual({ a: 'failed', b: 'unknown', c: 'sent' });
    expect(s.troubles).toEqual([
      { kind: 'failed', rows: [1], why: '被移出群' },
      { kind: 'unknown', rows: [2], why: '断线' },
    ]);
    expect(s.outbox.row('a')).toMatchObject({ error: '被移出群', settledAt: s.clock.at });
  });

  test('of a joined message keeps together what went together', async () => {
    const s = scene();
    s.box.answer = (_, n) => (n === 1 ? later() : undefined);
    s.say(nudge('a'), nudge('b'));
    await s.relay.drain();
    s.say(nudge('c'));
    await s.ticks.advance(3000);
    expect(s.box.said.map(m => [m.key, m.title])).toEqual([
      ['a', '2件事'],
      ['a', '2件事'],
      ['c', 'c'],
    ]);
  });
});

test('what waits for its retry is not joined to others', async () => {
  const s = scene();
  s.box.answer = (_, n) => (n === 1 ? later() : undefined);
  s.say(nudge('a'));
  await s.relay.drain();
  s.say(post('b', { class: 'announcement', place: 'direct' }));
  await s.ticks.advance(3000);
  expect(s.titles()).toEqual(['a', 'b', 'a']);
});

test('what waits behind a retry of its class is not taken along before it', async () => {
  const s = scene();
  s.box.answer = (_, n) => (n === 1 ? later() : undefined);
  s.say(nudge('a'));
  await s.relay.drain();
  s.say(nudge('c'), post('b', { class: 'announcement', place: 'direct' }));
  await s.ticks.advance(1000);
  expect(s.titles()).toEqual(['a', 'b']);
  await s.ticks.advance(2000);
  expect(s.titles()).toEqual(['a', 'b', 'a', 'c']);
});

test('an answer that waited long is announced anew: what was settled meanwhile is not said', async () => {
  const said = async (waits: number) => {
    const s = scene();
    s.box.answer = m =>
      m.title === 'a' ? new Promise(r => void s.ticks.after(waits, () => r({ result: 'sent', providerId: 'x' }))) : undefined;
    s.say(born('a'), born('b', { topic: 't' }), born('c'));
    await settle();
    s.outbox.settle(['t'], s.clock.at);
    await s.ticks.advance(waits + 1_000);
    return s.titles();
  };
  expect([await said(9_000), await said(11_000)]).toEqual([
    ['a', 'b', 'c'],
    ['a', 'c'],
  ]);
});

test('a platform that asks for a month is left alone, and no timer is set for so long', async () => {
  const s = scene();
  s.box.answer = () => later(30 * 24 * HOUR);
  s.say(post('a', { class: 'news' }));
  await s.ticks.advance(2 * HOUR);
  expect([s.titles(), s.logged]).toEqual([['a'], []]);
});

describe('limits', () => {
  const limits = (per: 'destination' | 'app') => ({ box: [{ per, count: 1, seconds: 1, burst: 1 }] });

  test('of a destination hold up only it', async () => {
    const s = scene({ limits: limits('destination') });
    s.say(born('a'), born('x', { conversation: 'g2' }));
    await settle();
    s.say(born('b', { card: { ...post('b').card, table: { columns: ['a'], rows: [] } } }));
    await s.relay.drain();
    expect(s.titles()).toEqual(['a', 'x']);
    expect(s.relay.waiting()).toMatchObject([{ why: '平台限速', until: s.clock.at + 1000 }]);
    await s.ticks.advance(999);
    expect(s.titles()).toHaveLength(2);
    await s.ticks.advance(1);
    expect(s.titles()).toEqual(['a', 'x', 'b']);
  });

  test('of an app let replies overtake announcements of other conversations', async () => {
    const s = scene({ limits: limits('app') });
    s.say(...Array.from({ length: 50 }, (_, i) => post(`n${i}`, { class: 'announcement', conversation: `g${i}` })));
    await s.ticks.advance(10_000);
    expect(s.titles()).toHaveLength(11);
    s.say(born('reply', { conversation: 'g49' }));
    await s.ticks.advance(1_000);
    expect(s.titles().at(-1)).toBe('reply');
    await s.ticks.advance(60_000);
    expect(s.titles()).toHaveLength(51);
    expect(s.box.said.at(-1)!.at).toBe(50_000);
  });

  test('are not used up by what does not go after all', async () => {
    const s = scene({ limits: limits('app'), speakAt: i => i + HOUR });
    s.say(nudge('a'));
    await settle();
    s.say(born('b', { conversation: 'g2' }));
    await settle();
    expect(s.titles()).toEqual(['b']);
  });

  test('join the texts of a conversation when they bite; each row is sent, under one id', async () => {
    const s = scene({ limits: limits('destination') });
    s.say(born('a', { replyTo: 'e1' }), born('b', { replyTo: 'e2' }), born('c', { replyTo: 'e3' }));
    await s.ticks.advance(1_000);
    expect(s.box.said.map(m => [m.title, m.replyTo])).toEqual([
      ['a', 'e1'],
      ['2件事', null],
    ]);
    await s.relay.drain();
    expect(s.outbox.rows.map(r => [r.state, r.providerId])).toEqual([
      ['sent', 'm1'],
      ['sent', 'm2'],
      ['sent', 'm2'],
    ]);
  });

  test('of an app join the texts of each conversation that waits for them', async () => {
    const s = scene({ limits: limits('app') });
    s.say(born('a'), post('b', { class: 'news' }));
    await settle();
    s.say(born('c', { conversation: 'g2' }), born('d', { conversation: 'g2' }));
    await s.ticks.advance(3_000);
    expect(s.titles()).toEqual(['a', '2件事', 'b']);
  });

  test('what was withdrawn while it waited for them is neither said nor told as expired', async () => {
    const s = scene({ limits: limits('app') });
    s.say(born('a'), post('b', { class: 'news', conversation: 'g2', topic: 't', expires: s.clock.at + HOUR }));
    await settle();
    s.outbox.settle(['t'], s.clock.at);
    s.clock.at += 2 * HOUR;
    await s.ticks.advance(3_000);
    expect([s.titles(), s.states()]).toEqual([['a'], { a: 'sent', b: 'withdrawn' }]);
  });

  test('what waits over two minutes is told to the admin, once', async () => {
    const s = scene({ limits: { box: [{ per: 'app', count: 1, seconds: 600, burst: 1 }] } });
    s.say(born('a', { conversation: 'g1' }), born('b', { conversation: 'g2' }), born('c', { conversation: 'g3' }));
    await s.ticks.advance(119_000);
    expect(s.troubles).toEqual([]);
    await s.ticks.advance(5 * MINUTE);
    expect(s.troubles).toEqual([{ kind: 'slow', rows: [2, 3], why: '平台限速' }]);
  });
});
