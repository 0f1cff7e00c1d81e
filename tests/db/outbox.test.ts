import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Conflict, type Post } from '../../src/bot/ports.ts';
import { by, card, DIALECTS, event, makePlace, NOW, type Place, post, type TestStore } from './stores.ts';

const DAY = 24 * 3_600_000;

describe.each(DIALECTS)('the outbox on %s', dialect => {
  let place: Place;
  let store: TestStore;
  beforeEach(async () => {
    place = await makePlace(dialect);
    store = await place.open({ alone: true });
  });
  afterEach(async () => {
    await store.close();
    await place.remove();
  });
  let n = 0;
  const say = async (posts: Post[], now = NOW, settle: string[] = []) =>
    (
      await store.turn(event(`e${n++}`), async tx => {
        await tx.settle(settle, now);
        await tx.post(posts, now);
        return 'ok';
      })
    ).posts;
  const stateOf = async (key: string) => (await store.outbox.byKey(key))?.state;

  test('a key is said once, ever', async () => {
    expect(await say([post('a'), post('a'), post('b')])).toHaveLength(2);
    expect(await say([post('a', { card: card('other') }), post('c')])).toMatchObject([{ key: 'c' }]);
    expect((await store.outbox.byKey('a'))?.card.title).toBe('a');
  });

  test('is due in order, not before its time and only while it waits', async () => {
    await say([
      post('later', { notBefore: NOW + 1 }),
      post('b'),
      post('c', { born: 'sending' }),
      post('d', { notBefore: NOW }),
      post('e', { born: 'unreachable' }),
      post('f'),
    ]);
    expect((await store.outbox.due(NOW, 9)).map(r => r.key)).toEqual(['b', 'd', 'f']);
    expect((await store.outbox.due(NOW, 2)).map(r => r.key)).toEqual(['b', 'd']);
    expect((await store.outbox.due(NOW + 1, 9)).map(r => r.key)).toEqual(['later', 'b', 'd', 'f']);
    expect((await store.outbox.due(NOW, 1))[0]).toMatchObject({ notBefore: null, expires: null, to: { conversation: 'g1' }, attempts: 0 });
    expect(await store.outbox.byKey('e')).toMatchObject({ state: 'failed', error: 'unreachable', settledAt: NOW });
  });

  test('a topic withdraws what waits, not what was sent', async () => {
    await say([post('sent', { topic: 't' })]);
    await store.outbox.mark([{ seq: (await store.outbox.byKey('sent'))!.seq, state: 'sent', at: NOW }]);
    await say([post('a', { topic: 't' }), post('b', { topic: 'u' }), post('c')]);
    await say([post('d', { topic: 't' })], NOW, ['t', 'none']);
    expect(await Promise.all(['sent', 'a', 'b', 'c', 'd'].map(stateOf))).toEqual(['sent', 'withdrawn', 'pending', 'pending', 'pending']);
  });

  test('marks carry what the platform said', async () => {
    const [row] = await say([post('a')]);
    await store.outbox.mark([{ seq: row!.seq, state: 'pending', at: NOW, notBefore: NOW + 5, attempts: 2, error: '429' }]);
    expect(await store.outbox.get(row!.seq)).toMatchObject({
      state: 'pending',
      notBefore: NOW + 5,
      attempts: 2,
      error: '429',
      settledAt: null,
    });
    await store.outbox.mark([{ seq: row!.seq, state: 'sent', at: NOW + 9, providerId: 'm1', error: null, card: card('joined') }]);
    expect(await store.outbox.get(row!.seq)).toMatchObject({
      state: 'sent',
      providerId: 'm1',
      error: null,
      settledAt: NOW + 9,
      card: { title: 'joined' },
    });
  });

  test('a mark of sent rides on the next commit, or on its own soon', async () => {
    const [a, b] = await say([post('a', { born: 'sending' }), post('b', { born: 'sending' })]);
    const before = store.commits;
    const mark = store.outbox.mark([{ seq: a!.seq, state: 'sent', at: NOW }]);
    await say([post('c')]);
    await mark;
    expect(store.commits - before).toBe(1);
    // With nothing else said it goes by itself; else this would wait for ever.
    await store.outbox.mark([{ seq: b!.seq, state: 'sent', at: NOW }]);
    expect(await stateOf('b')).toBe('sent');
  });

  test('a mark survives the failure of the turn it rode with, and a close', async () => {
    const [a, b] = await say([post('a', { born: 'sending' }), post('b', { born: 'sending' })]);
    const mark = store.outbox.mark([{ seq: a!.seq, state: 'sent', at: NOW }]);
    await expect(store.turn(event('bug'), () => Promise.reject(new Error('bug')))).rejects.toThrow('bug');
    await mark;
    const last = store.outbox.mark([{ seq: b!.seq, state: 'sent', at: NOW }]);
    await store.close();
    await last;
    store = await place.open({ alone: true });
    expect([await stateOf('a'), await stateOf('b')]).toEqual(['sent', 'sent']);
  });

  test('settled while it is under way, it is withdrawn when it is to wait, and not announced when it was only read', async () => {
    await say([post('a', { topic: 't' }), post('b', { topic: 't' }), post('c', { topic: 't', born: 'sending' })]);
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map(async key => (await store.outbox.byKey(key))!));
    const sending = (row: typeof a) => ({
      seq: row!.seq,
      state: 'sending' as const,
      at: NOW,
      notBefore: NOW,
      attempts: 1,
      providerId: row!.key,
    });
    expect(await store.outbox.claim(a!.to, [sending(a)])).toEqual({ held: false, seqs: [a!.seq] });
    await say([], NOW + 1, ['t']);
    expect(await Promise.all(['a', 'b', 'c'].map(stateOf))).toEqual(['sending', 'withdrawn', 'sending']);
    expect(await store.outbox.claim(b!.to, [sending(b), sending(c)])).toEqual({ held: false, seqs: [] });
    await store.outbox.mark([{ seq: a!.seq, state: 'pending', at: NOW + 2, error: '忙' }]);
    await store.outbox.mark([{ seq: b!.seq, state: 'pending', at: NOW + 2, notBefore: NOW + 3 }]);
    await store.outbox.recover(NOW + 3, () => 3_600_000);
    expect(await Promise.all(['a', 'b', 'c'].map(stateOf))).toEqual(['withdrawn', 'withdrawn', 'withdrawn']);
    expect(await store.outbox.byKey('a')).toMatchObject({ settledAt: NOW + 1, error: '忙' });
    expect(await store.outbox.due(NOW + 9, 9)).toEqual([]);
  });

  test('what has come to its end is not made to wait again', async () => {
    const [row] = await say([post('a')]);
    await store.outbox.mark([{ seq: row!.seq, state: 'sent', at: NOW, providerId: 'm1' }]);
    await store.outbox.mark([{ seq: row!.seq, state: 'pending', at: NOW + 1, error: '忙' }]);
    expect(await stateOf('a')).toBe('sent');
  });

  test('what arrived under a topic: messages of their own, of late; not what shares a message or never arrived', async () => {
    const rows = await say(['own', 'one', 'two', 'failed', 'other'].map(key => post(key, { topic: key === 'other' ? 'u' : 't' })));
    const old = await say([post('old', { topic: 't' })], NOW - DAY);
    const sent = (key: string, providerId: string) => ({
      seq: [...rows, ...old].find(r => r.key === key)!.seq,
      state: 'sent' as const,
      at: NOW,
      providerId,
    });
    await store.outbox.mark([sent('own', 'm1'), sent('one', 'm2'), sent('two', 'm2'), sent('other', 'm3'), sent('old', 'm4')]);
    await store.outbox.mark([{ seq: rows.find(r => r.key === 'failed')!.seq, state: 'failed', at: NOW, providerId: 'm5' }]);
    expect((await store.outbox.arrived(['t'], NOW)).map(r => r.key)).toEqual(['own']);
  });

  test('settled by hand: what may have failed goes again or no more, what is under way or was sent is left; both are journalled', async () => {
    const rows = await say([
      post('failed', { born: 'unreachable' }),
      post('unknown'),
      post('waits'),
      post('sending', { born: 'sending' }),
      post('sent'),
      post('expired'),
    ]);
    const seq = (key: string) => rows.find(r => r.key === key)!.seq;
    for (const state of ['unknown', 'sent', 'expired'] as const) await store.outbox.mark([{ seq: seq(state), state, at: NOW }]);
    const settle = (key: string, to: 'again' | 'dropped') =>
      store.turn(event(`hand${n++}`), async tx => {
        await tx.outbox(seq(key), to, by);
        return 'ok';
      });
    for (const key of ['waits', 'sending', 'sent', 'expired']) await expect(settle(key, 'again')).rejects.toBeInstanceOf(Conflict);
    for (const key of ['sending', 'sent', 'expired']) await expect(settle(key, 'dropped')).rejects.toBeInstanceOf(Conflict);
    const again = await settle('failed', 'again');
    // It goes with what its turn says.
    expect(again.posts).toMatchObject([{ key: 'failed', state: 'pending', error: null, settledAt: null }]);
    await settle('unknown', 'dropped');
    await settle('waits', 'dropped');
    expect(await Promise.all(rows.map(r => stateOf(r.key)))).toEqual(['pending', 'withdrawn', 'withdrawn', 'sending', 'sent', 'expired']);
    expect((await store.read.journal({ turn: again.turn }, 9)).map(j => [j.table, j.row, j.before, j.after])).toEqual([
      ['outbox', String(seq('failed')), '{"state":"failed"}', '{"state":"pending"}'],
    ]);
  });

  test('after a crash what was being sent goes again where that is harmless, else it is unknown', async () => {
    await say([
      post('a', { born: 'sending' }),
      post('b', { born: 'sending', to: { platform: 'dingtalk', app: 'x', conversation: 'g' } }),
      post('c'),
    ]);
    await store.outbox.recover(NOW + 1, platform => (platform === 'sandbox' ? 3_600_000 : 0));
    expect(await Promise.all(['a', 'b', 'c'].map(stateOf))).toEqual(['pending', 'unknown', 'pending']);
    expect(await store.read.outbox({ states: ['unknown', 'failed'], limit: 5 })).toMatchObject([{ key: 'b', settledAt: NOW + 1 }]);
    expect((await store.read.outbox({ limit: 2 })).map(r => r.key)).toEqual(['c', 'b']);
    const { to } = post('a');
    expect((await store.read.outbox({ to, limit: 3 })).map(r => r.key)).toEqual(['c', 'a']);
    expect((await store.read.outbox({ to, limit: 2 })).map(r => r.key)).toEqual(['c']);
    expect((await store.read.outbox({ to, states: ['sent'], limit: 3 })).map(r => r.key)).toEqual([]);
    // A platform that knows no key is not sent to again, be it in the very moment.
    await say([post('d', { born: 'sending' })], NOW + 1);
    await store.outbox.recover(NOW + 1, () => 0);
    expect(await stateOf('d')).toBe('unknown');
  });

  test('after a stop, sends again only while the platform still knows the key', async () => {
    const hour = 3_600_000;
    await say([post('born', { born: 'sending' }), post('waited')]);
    const { seq } = (await store.outbox.byKey('waited'))!;
    // It had waited for long before it was sent: from that moment the key counts.
    await store.outbox.mark([{ seq, state: 'sending', at: NOW + 5 * hour, notBefore: NOW + 5 * hour }]);
    await store.outbox.recover(NOW + 6 * hour, () => hour);
    expect(await Promise.all(['born', 'waited'].map(stateOf))).toEqual(['unknown', 'pending']);
    await store.outbox.mark([{ seq, state: 'sending', at: NOW + 6 * hour, notBefore: NOW + 6 * hour }]);
    await store.outbox.recover(NOW + 7 * hour + 1, () => hour);
    expect(await stateOf('waited')).toBe('unknown');
  });

  test('knows its next moments', async () => {
    await say([
      post('a', { notBefore: NOW + 10 }),
      post('b', { expires: NOW + 5 }),
      post('c', { notBefore: NOW + 3, expires: NOW + 20 }),
      post('d'),
    ]);
    expect(await store.outbox.nextMoments(NOW, 3)).toEqual([
      { at: NOW + 3, what: 'c' },
      { at: NOW + 5, what: '过期：b' },
      { at: NOW + 10, what: 'a' },
    ]);
  });

  test('counts unasked platform messages to a place; joined rows are one', async () => {
    const nudge = (key: string) => post(key, { class: 'nudge' });
    const rows = await say([
      nudge('a'),
      nudge('b'),
      nudge('c'),
      nudge('old'),
      post('r'),
      nudge('waiting'),
      post('elsewhere', { class: 'nudge', to: { platform: 'sandbox', app: 'demo', conversation: 'g2' } }),
    ]);
    const sent = (key: string, providerId: string, at: number) => ({
      seq: rows.find(r => r.key === key)!.seq,
      state: 'sent' as const,
      at,
      providerId,
    });
    await store.outbox.mark([
      sent('a', 'm1', NOW),
      sent('b', 'm1', NOW),
      sent('c', 'm2', NOW),
      sent('old', 'm0', NOW - 1),
      sent('r', 'm3', NOW),
      sent('elsewhere', 'm4', NOW),
    ]);
    expect(await store.outbox.unaskedSince(post('x').to, NOW)).toBe(2);
  });

  test('whom a row calls is counted wherever it was said, joined messages once', async () => {
    const rows = await say([
      post('a', { class: 'nudge', calls: ['p', 'q'] }),
      post('b', { class: 'nudge', calls: ['p'] }),
      post('c', { class: 'news', calls: ['p'], to: { ...post('x').to, conversation: 'g2' } }),
      post('r', { calls: ['p'] }),
      post('waits', { class: 'nudge', calls: ['p', 'z'] }),
    ]);
    const seq = (key: string) => rows.find(r => r.key === key)!.seq;
    await store.outbox.mark([
      { seq: seq('a'), state: 'sent', at: NOW, providerId: 'm1' },
      { seq: seq('b'), state: 'sent', at: NOW, providerId: 'm1' },
      { seq: seq('c'), state: 'sent', at: NOW, providerId: 'm2' },
      { seq: seq('r'), state: 'sent', at: NOW, providerId: 'm3' },
    ]);
    const counted = async (keys: string[], since = NOW) => Object.fromEntries(await store.outbox.unaskedOfCalled(keys.map(seq), since));
    expect(await counted(['waits'])).toEqual({ p: 2, z: 0 });
    expect(await counted(['a'])).toEqual({ p: 2, q: 1 });
    expect(await counted(['waits'], NOW + 1)).toEqual({ p: 0, z: 0 });
    expect(await counted([])).toEqual({});
  });

  test('a message costs one commit, one in flight and under load', async () => {
    const one = async () => {
      const [row] = await say([post(`p${n}`, { born: 'sending' })]);
      void store.outbox.mark([{ seq: row!.seq, state: 'sent', at: NOW }]);
    };
    let before = store.commits;
    for (let i = 0; i < 100; i++) await one();
    expect(store.commits - before).toBeLessThanOrEqual(110);
    before = store.commits;
    await Promise.all(
      Array.from({ length: 32 }, async () => {
        for (let i = 0; i < 5; i++) await one();
      }),
    );
    expect(store.commits - before).toBeLessThanOrEqual(20);
  });

  test('the sweep empties old cards and drops old events, questions and links', async () => {
    const old = NOW - 91 * DAY;
    await say([post('old', { born: 'unreachable' })], old);
    await say([post('new', { born: 'unreachable' }), post('waits')], NOW);
    await store.turn({ ...event('old'), receivedAt: NOW - 31 * DAY }, async () => 'ok');
    await store.turn(event('q'), async tx => {
      const question = (id: string, expires: number) => ({
        table: 'questions' as const,
        id,
        to: { id, conversation: 'g', account: 'a', text: '/签到', day: '2024-06-12' as never, expires },
      });
      const session = (id: string, expires: number) => ({
        table: 'sessions' as const,
        id,
        to: { id, person: 'p', kind: 'link' as const, expires },
      });
      await tx.apply([question('q1', NOW - 1), question('q2', NOW), session('s1', NOW - 1), session('s2', NOW)], by);
      return 'ok';
    });
    await store.sweep(NOW);
    expect((await store.outbox.byKey('old'))?.card).toEqual({ code: 'test', title: '', tone: 'info', lines: [] });
    expect((await store.outbox.byKey('new'))?.card.title).toBe('new');
    expect((await store.turn(event('old'), async () => 'again')).duplicate).toBe(false);
    expect((await store.turn(event('q'), async () => 'again')).duplicate).toBe(true);
    expect([(await store.read.all('questions', {})).map(q => q.id), (await store.read.all('sessions', {})).map(s => s.id)]).toEqual([
      ['q2'],
      ['s2'],
    ]);
    const { turn: last } = await store.turn(event('last'), async () => 'ok');
    await store.sweep(NOW + 100 * DAY);
    // A number that was given is not given again.
    expect((await store.turn(event('next'), async () => 'ok')).turn).toBe(last + 1);
    expect((await store.outbox.byKey('new'))?.card.title).toBe('');
    expect((await store.outbox.byKey('waits'))?.card.title).toBe('waits');
  });
});
