import { describe, expect, test } from 'vitest';
import { makeCalendar } from '../../src/bot/calendar-source.ts';
import { at, day } from '../../src/core/day.ts';
import { nextSpeakingTime } from '../../src/core/hours.ts';
import { born, card, nudge, post, type Scene, scene, settle } from './scene.ts';

const calendar = makeCalendar([]);
const quiet = { speakAt: (i: number) => nextSpeakingTime(i, calendar) };
const moment = (date: string, time: string) => at(day(date), time);
/** Says so many, each by itself. */
const sayEach = async (s: Scene, n: number, rest: Parameters<typeof nudge>[1] = {}) => {
  for (let i = 1; i <= n; i++) {
    s.say(nudge(`${rest.conversation ?? ''}n${s.outbox.rows.length + 1}`, rest));
    await s.relay.drain();
  }
};
const goTo = async (s: Scene, date: string, time: string) => {
  s.clock.at = moment(date, time);
  await s.relay.drain();
};

describe('unasked messages', () => {
  test('to a person: three in the day, the fourth at 17:00, the rest next workday at 08:00', async () => {
    const s = scene(quiet);
    await sayEach(s, 5);
    expect(s.titles()).toEqual(['n1', 'n2', 'n3']);
    expect(s.outbox.row('n4')).toMatchObject({
      state: 'pending',
      notBefore: moment('2024-06-12', '17:00'),
      error: '今天只剩1条，并入17:00',
    });
    await goTo(s, '2024-06-12', '16:59');
    expect(s.titles()).toHaveLength(3);
    await goTo(s, '2024-06-12', '17:00');
    expect(s.titles().slice(3)).toEqual(['2件事']);
    await sayEach(s, 2);
    expect(s.titles()).toHaveLength(4);
    expect(s.outbox.row('n6').notBefore).toBe(moment('2024-06-13', '08:00'));
    await goTo(s, '2024-06-13', '08:00');
    expect(s.titles().slice(4)).toEqual(['2件事']);
    expect(s.relay.stats()).toMatchObject({ sent: 5, postponed: 4 });
  });

  test('news is not held up, but leaves less room for nudges', async () => {
    const s = scene(quiet);
    s.say(post('news 1', { class: 'news', place: 'direct' }), post('news 2', { class: 'news', place: 'direct' }));
    await s.relay.drain();
    await sayEach(s, 2);
    expect(s.titles()).toEqual(['news 1', 'news 2', 'n3']);
    s.say(post('news 3', { class: 'news', place: 'direct' }));
    await s.relay.drain();
    expect(s.titles()).toContain('news 3');
  });

  test('replies and news are not held up', async () => {
    const s = scene(quiet);
    await sayEach(s, 4);
    s.say(born('r', { place: 'direct' }), post('news', { class: 'news', place: 'direct' }));
    await s.relay.drain();
    expect(s.titles()).toEqual(['n1', 'n2', 'n3', 'r', 'news']);
    await goTo(s, '2024-06-12', '22:00');
    s.say(post('late news', { class: 'news' }));
    await s.relay.drain();
    expect(s.titles()).toContain('late news');
  });

  test('a joined message counts once', async () => {
    const s = scene(quiet);
    for (const n of [1, 2, 3]) {
      s.say(nudge(`a${n}`), nudge(`b${n}`), post(`c${n}`, { class: 'announcement', place: 'direct' }));
      await s.relay.drain();
    }
    expect(s.titles()).toEqual(['3件事', '3件事', '3件事']);
  });

  test('in a shared group each moment is one message, three a day', async () => {
    const s = scene(quiet);
    const shared = { place: 'shared-group', conversation: 'all' } as const;
    s.say(nudge('a', shared), nudge('b', shared), post('c', { ...shared, class: 'announcement' }));
    await s.relay.drain();
    await sayEach(s, 2, shared);
    expect(s.titles()).toEqual(['3件事', 'alln4']);
    expect(s.outbox.row('alln5').notBefore).toBe(moment('2024-06-12', '17:00'));
  });

  test('what several jobs say at one moment is gathered', async () => {
    const s = scene(quiet);
    for (const key of ['a', 'b', 'c']) {
      s.outbox.post([nudge(key)], s.clock.at);
      s.relay.kick();
      await s.ticks.advance(100);
    }
    await s.ticks.advance(500);
    expect(s.titles()).toEqual(['3件事']);
  });

  test('budgets are kept apart by place', async () => {
    const s = scene(quiet);
    await sayEach(s, 4, { conversation: 'd1' });
    await sayEach(s, 1, { conversation: 'd2' });
    expect(s.titles()).toEqual(['d1n1', 'd1n2', 'd1n3', 'd2n5']);
  });

  describe('being called by name in a group counts against a person’s day', () => {
    const calls = (key: string, people: string[], rest: Parameters<typeof nudge>[1] = {}) =>
      nudge(key, { place: 'own-group', conversation: 'unit', calls: people, card: card(key, { mention: people }), ...rest });
    const called = (s: Scene) => s.box.said.map(m => `${m.title}: ${m.mention.map(p => p.person).join()}`);

    test('what called and what reached one directly is counted together; the fourth waits for the evening, the rest for the morning', async () => {
      const s = scene(quiet);
      for (const n of [1, 2]) {
        s.say(calls(`a${n}`, ['p']));
        await s.relay.drain();
      }
      s.say(nudge('d1', { calls: ['p'] }));
      await s.relay.drain();
      s.say(nudge('d2', { calls: ['p'] }), calls('a3', ['p']));
      await s.relay.drain();
      expect(s.titles()).toEqual(['a1', 'a2', 'd1']);
      expect(s.outbox.row('d2')).toMatchObject({ state: 'pending', notBefore: moment('2024-06-12', '17:00') });
      expect(s.outbox.row('a3')).toMatchObject({ notBefore: moment('2024-06-12', '17:00') });
      await goTo(s, '2024-06-12', '17:00');
      // One of the two was the fourth, the other is the next morning's.
      expect(s.titles()).toHaveLength(4);
      expect(s.outbox.rows.filter(r => r.state === 'pending')).toMatchObject([{ notBefore: moment('2024-06-13', '08:00') }]);
      await goTo(s, '2024-06-13', '08:00');
      expect(s.titles()).toHaveLength(5);
    });

    test('who has had the day’s share is not called while somebody else is; nothing said in the group is lost', async () => {
      const s = scene(quiet);
      for (const n of [1, 2, 3, 4]) {
        s.say(post(`news ${n}`, { class: 'news', place: 'direct', calls: ['p'] }));
        await s.relay.drain();
      }
      s.say(calls('both', ['p', 'q']));
      await s.relay.drain();
      expect(called(s).at(-1)).toBe('both: q');
      s.say(calls('only p', ['p']));
      await s.relay.drain();
      expect(s.outbox.row('only p').notBefore).toBe(moment('2024-06-13', '08:00'));
      await goTo(s, '2024-06-13', '08:00');
      expect(called(s).at(-1)).toBe('only p: p');
    });

    test('news that is sent again calls as it did', async () => {
      const s = scene(quiet);
      s.box.answer = (_, n) => (n === 1 ? { result: 'later', after: 0, why: '忙' } : undefined);
      s.say(calls('news', ['p'], { class: 'news' }));
      await s.relay.drain();
      await s.ticks.advance(5000);
      expect(called(s)).toEqual(['news: p', 'news: p']);
    });

    test('a message that calls nobody goes to the group as before', async () => {
      const s = scene(quiet);
      for (const n of [1, 2, 3, 4, 5]) {
        s.say(calls(`a${n}`, []));
        await s.relay.drain();
      }
      expect(s.titles()).toHaveLength(5);
    });
  });

  test('two at once cannot both be the last', async () => {
    const s = scene(quiet);
    await sayEach(s, 2);
    // Two that cannot share a card, in one turn.
    const table = { table: { columns: ['a'], rows: [['1']] } };
    s.say(nudge('t1', { card: card('t1', table) }), nudge('t2', { card: card('t2', table) }));
    await s.relay.drain();
    expect(s.titles()).toEqual(['n1', 'n2', 't1']);
    expect(s.outbox.row('t2')).toMatchObject({ state: 'pending', notBefore: moment('2024-06-12', '17:00') });
  });

  test('what will have expired by then is recorded as expired at once', async () => {
    const s = scene(quiet);
    await sayEach(s, 3);
    s.say(nudge('short', { expires: moment('2024-06-12', '17:00') }), nudge('long', { expires: moment('2024-06-12', '17:01') }));
    await s.relay.drain();
    expect(s.outbox.row('short')).toMatchObject({ state: 'expired', error: '今天只剩1条，并入17:00，那时已过期' });
    expect(s.states()['long']).toBe('pending');
    await goTo(s, '2024-06-12', '17:00');
    expect(s.titles().at(-1)).toBe('long');
  });

  test('a settled topic withdraws what was put off', async () => {
    const s = scene(quiet);
    await sayEach(s, 3);
    s.say(nudge('a', { topic: 't' }));
    await s.relay.drain();
    s.outbox.settle(['t'], s.clock.at);
    await goTo(s, '2024-06-12', '17:00');
    expect(s.states()['a']).toBe('withdrawn');
    expect(s.titles()).toHaveLength(3);
  });

  test('a message delayed into the night waits for the morning', async () => {
    const s = scene(quiet);
    s.box.answer = (_, n) => (n === 1 ? { result: 'later', after: 0, why: '忙' } : undefined);
    s.clock.at = moment('2024-06-12', '20:59');
    s.say(nudge('a'), nudge('b'));
    await s.relay.drain();
    s.clock.at = moment('2024-06-12', '21:00');
    await s.ticks.advance(5000);
    expect(s.outbox.row('a')).toMatchObject({ state: 'pending', notBefore: moment('2024-06-13', '07:30') });
    s.outbox.post([nudge('c')], s.clock.at);
    await goTo(s, '2024-06-13', '07:30');
    // What surely never arrived is free to go along with what has come since.
    expect(s.box.said.map(m => [m.key, m.title])).toEqual([
      ['a', '2件事'],
      ['a', '3件事'],
    ]);
    expect(s.states()).toEqual({ a: 'sent', b: 'sent', c: 'sent' });
    await settle();
  });
});
