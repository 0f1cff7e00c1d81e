import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Conflict } from '../../src/bot/ports.ts';
import type { Day } from '../../src/core/day.ts';
import { by, DIALECTS, event, makePlace, NOW, org, type Place, person, post, type TestStore, visit } from './stores.ts';

describe.each(DIALECTS)('the store on %s', dialect => {
  let place: Place;
  let store: TestStore;
  beforeEach(async () => {
    place = await makePlace(dialect);
    store = await place.open();
  });
  afterEach(async () => {
    await store.close();
    await place.remove();
  });
  let n = 0;
  const turn = (work: Parameters<TestStore['turn']>[1]) => store.turn(event(`e${n++}`), work);
  const put = (...changes: Parameters<Parameters<Parameters<TestStore['turn']>[1]>[0]['apply']>[0]) =>
    turn(async tx => {
      await tx.apply(changes, by);
      return 'ok';
    });

  describe('a turn', () => {
    test('commits change, journal and reply together', async () => {
      const done = await turn(async tx => {
        await tx.apply([{ table: 'people', id: 'd1', to: person('d1') }], by);
        await tx.post([post('reply', { born: 'sending' })], NOW);
        expect((await tx.read.get('people', 'd1'))?.name).toBe('医师d1');
        expect(await store.read.get('people', 'd1')).toBeUndefined();
        return 'check-in.done';
      });
      expect(done).toMatchObject({
        duplicate: false,
        code: 'check-in.done',
        posts: [{ key: 'reply', state: 'sending', attempts: 1, turn: done.turn }],
      });
      expect(await store.read.get('people', 'd1')).toEqual(person('d1'));
      expect(await store.outbox.get(done.posts[0]!.seq)).toEqual(done.posts[0]);
      expect(await store.read.journal({}, 9)).toMatchObject([
        { turn: done.turn, actor: 'u1', at: NOW, sentAt: NOW - 1000, command: '签到', table: 'people', row: 'd1', before: null },
      ]);
    });

    test('is taken once', async () => {
      const first = await store.turn(event('same'), async () => 'a');
      const again = await store.turn(event('same'), () => Promise.reject(new Error('must not run')));
      expect(again).toEqual({ duplicate: true, turn: first.turn, code: 'a', posts: [] });
      const other = await store.turn({ ...event('same'), app: 'other' }, async () => 'b');
      expect(other.duplicate).toBe(false);
    });

    test('is taken once when it comes twice at the same time', async () => {
      const ran: string[] = [];
      const results = await Promise.all(
        ['one', 'two'].map(name =>
          store.turn(event('same'), async () => {
            ran.push(name);
            return name;
          }),
        ),
      );
      expect(ran).toEqual(['one']);
      expect(results.map(r => r.duplicate)).toEqual([false, true]);
    });

    test('that throws leaves nothing, not even its event', async () => {
      const failing = store.turn(event('bug'), async tx => {
        await tx.apply([{ table: 'people', id: 'd1', to: person('d1') }], by);
        await tx.post([post('reply')], NOW);
        throw new Error('a bug');
      });
      await expect(failing).rejects.toThrow('a bug');
      expect(await store.read.count('people', {})).toBe(0);
      expect(await store.outbox.byKey('reply')).toBeUndefined();
      expect(await store.read.journal({}, 9)).toEqual([]);
      expect((await store.turn(event('bug'), async () => 'failed')).duplicate).toBe(false);
    });

    test('that throws among others is taken back alone', async () => {
      const add = (id: string, fail: boolean) =>
        turn(async tx => {
          await tx.apply([{ table: 'people', id, to: person(id) }], by);
          if (fail) throw new Error(id);
          return id;
        });
      const before = store.commits;
      const results = await Promise.allSettled([add('a', false), add('b', true), add('c', false), add('d', true), add('e', false)]);
      expect(results.map(r => (r.status === 'fulfilled' ? r.value.code : (r.reason as Error).message))).toEqual(['a', 'b', 'c', 'd', 'e']);
      expect((await store.read.all('people', {})).map(p => p.id)).toEqual(['a', 'c', 'e']);
      // Each by itself: a neighbour's fault costs the shared commit.
      expect(store.commits - before).toBe(3);
      expect(await store.verifyJournal()).toEqual({ rows: 3, brokenAt: null });
    });

    test('sees what the turns before it in the same commit did', async () => {
      await put({ table: 'locks', id: 'l', to: { id: 'l', wrong: 0, until: null } });
      await Promise.all(
        Array.from({ length: 30 }, () =>
          turn(async tx => {
            const lock = (await tx.read.get('locks', 'l'))!;
            await tx.apply([{ table: 'locks', id: 'l', to: { ...lock, wrong: lock.wrong + 1 }, was: { wrong: lock.wrong } }], by);
            return 'ok';
          }),
        ),
      );
      expect((await store.read.get('locks', 'l'))?.wrong).toBe(30);
    });

    test('has no hands left when it is over', async () => {
      let kept: Parameters<Parameters<TestStore['turn']>[1]>[0] | undefined;
      await turn(async tx => {
        kept = tx;
        return 'ok';
      });
      await expect(kept!.post([post('late')], NOW)).rejects.toThrow('over');
    });
  });

  describe('changes', () => {
    test('conflict when a row is no longer as it was', async () => {
      await put({ table: 'visits', id: 'v1', to: visit('v1', '2024-06-12') });
      const decide = (was: object) => put({ table: 'visits', id: 'v1', to: visit('v1', '2024-06-12', { presence: 'present' }), was });
      await expect(decide({ presence: 'present' })).rejects.toBeInstanceOf(Conflict);
      await expect(put({ table: 'visits', id: 'v9', to: null, was: { am: true } })).rejects.toMatchObject({ table: 'visits', id: 'v9' });
      await decide({ presence: null, am: true });
      expect((await store.read.get('visits', 'v1'))?.presence).toBe('present');
    });

    test('one doctor-day for a person and a day, one person for an account', async () => {
      await put({ table: 'visits', id: 'v1', to: visit('v1', '2024-06-12', { tally: 'verified' }) });
      await expect(put({ table: 'visits', id: 'v2', to: visit('v2', '2024-06-12', { tally: 'waiting' }) })).rejects.toBeInstanceOf(
        Conflict,
      );
      await put({ table: 'visits', id: 'v2', to: visit('v2', '2024-06-12') });
      // Handed on within one turn, whatever the order.
      await put(
        { table: 'visits', id: 'v2', to: visit('v2', '2024-06-12', { tally: 'verified' }) },
        { table: 'visits', id: 'v1', to: visit('v1', '2024-06-12') },
      );
      expect((await store.read.all('visits', { tally: { not: null } })).map(v => v.id)).toEqual(['v2']);
      const account = (id: string, state: 'bound' | 'ended') => ({
        table: 'accounts' as const,
        id,
        to: { id, platform: 'p', app: 'a', account: 'x', person: id, state, at: NOW },
      });
      await put(account('a1', 'bound'), account('a2', 'ended'));
      await expect(put(account('a3', 'bound'))).rejects.toBeInstanceOf(Conflict);
      await put(account('a3', 'bound'), account('a1', 'ended'));
      expect((await store.read.all('accounts', { state: 'bound' })).map(a => a.id)).toEqual(['a3']);
    });

    test('are journalled with before and after; what changes nothing is not', async () => {
      await put({ table: 'locks', id: 'l', to: { id: 'l', wrong: 1, until: null } });
      await put({ table: 'locks', id: 'l', to: { id: 'l', wrong: 1, until: null } });
      await put({ table: 'locks', id: 'l', to: { id: 'l', wrong: 2, until: 5 } });
      await put({ table: 'locks', id: 'l', to: null });
      expect((await store.read.journal({ table: 'locks', row: 'l' }, 9)).map(j => [j.before, j.after])).toEqual([
        ['{"id":"l","until":5,"wrong":2}', null],
        ['{"id":"l","until":null,"wrong":1}', '{"id":"l","until":5,"wrong":2}'],
        [null, '{"id":"l","until":null,"wrong":1}'],
      ]);
      expect(await store.read.journal({ actor: 'u1', from: NOW }, 2)).toHaveLength(2);
      expect(await store.read.journal({ from: NOW + 1 }, 2)).toEqual([]);
    });

    test('with a hole or another row’s id are refused', async () => {
      const hole = { id: 'l', wrong: 1 } as never;
      await expect(put({ table: 'locks', id: 'l', to: hole })).rejects.toThrow('no until');
      await expect(put({ table: 'locks', id: 'l', to: { id: 'm', wrong: 1, until: null } })).rejects.toThrow(TypeError);
    });
  });

  describe('questions', () => {
    beforeEach(() =>
      put(
        { table: 'visits', id: 'v1', to: visit('v1', '2024-06-12', { am: false, posting: 'p1' }) },
        { table: 'visits', id: 'v2', to: visit('v2', '2024-06-13', { person: 'd2', checkedIn: 7 }) },
        { table: 'visits', id: 'v3', to: visit('v3', '2024-06-14', { person: 'd3', state: 'moved', checkedIn: 5 }) },
      ),
    );
    const day = (d: string) => d as Day;
    const cases: [string, Parameters<typeof store.read.all<'visits'>>[1], string[]][] = [
      ['everything', {}, ['v1', 'v2', 'v3']],
      ['a value', { person: 'd2' }, ['v2']],
      ['a flag', { am: false }, ['v1']],
      ['null', { checkedIn: null }, ['v1']],
      ['not null', { checkedIn: { not: null } }, ['v2', 'v3']],
      ['not a value, nulls being other', { posting: { not: 'p1' } }, ['v2', 'v3']],
      ['a list', { person: ['d1', 'd3', 'd9'] }, ['v1', 'v3']],
      ['a list with null', { posting: [null, 'p9'] }, ['v2', 'v3']],
      ['a list of flags', { am: [true, false] }, ['v1', 'v2', 'v3']],
      ['an empty list', { person: [] }, []],
      ['a range with its ends', { day: { from: day('2024-06-12'), to: day('2024-06-13') } }, ['v1', 'v2']],
      ['an open range', { day: { from: day('2024-06-13') } }, ['v2', 'v3']],
      ['a range and an exception', { day: { from: day('2024-06-12'), to: day('2024-06-14'), not: day('2024-06-13') } }, ['v1', 'v3']],
      ['several fields', { state: 'on', clinic: 'k1', am: true }, ['v2']],
    ];
    test.each(cases)('%s', async (_, where, ids) => {
      expect((await store.read.all('visits', where)).map(v => v.id)).toEqual(ids);
      expect(await store.read.count('visits', where)).toBe(ids.length);
    });

    test('in order, with a limit, nulls last', async () => {
      const ids = async (...o: Parameters<typeof store.read.all<'visits'>>[2][]) =>
        (await store.read.all('visits', {}, o[0])).map(v => v.id);
      expect(await ids({ by: 'checkedIn' })).toEqual(['v3', 'v2', 'v1']);
      expect(await ids({ by: 'checkedIn', descending: true })).toEqual(['v2', 'v3', 'v1']);
      expect(await ids({ descending: true, limit: 2 })).toEqual(['v3', 'v2']);
      expect((await store.read.first('visits', { state: 'on' }, { by: 'day', descending: true }))?.id).toBe('v2');
      expect(await store.read.first('visits', { person: 'nobody' })).toBeUndefined();
    });

    test('what turns ask again and again is told as it was until something of it is written, also in between, and as it was again where that is taken back', async () => {
      const grant = (id: string, person: string) => ({
        table: 'grants' as const,
        id,
        to: {
          id,
          person,
          role: 'clinic' as const,
          org: 'k1',
          county: 'c1',
          office: null,
          deputy: false,
          from: day('2024-01-01'),
          until: null,
        },
      });
      const held: string[][] = [];
      const ask = async (tx: Parameters<Parameters<typeof turn>[0]>[0]) => {
        held.push((await tx.read.all('grants', { org: 'k1' })).map(g => g.person));
        return 'ok';
      };
      await turn(ask);
      await turn(async tx => {
        await tx.apply([grant('g1', 'd1')], by);
        await ask(tx);
        await tx.apply([grant('g1', 'd2')], by);
        return ask(tx);
      });
      await turn(ask);
      const bug = turn(async tx => {
        await tx.apply([grant('g2', 'd3')], by);
        await ask(tx);
        throw new Error('a bug');
      });
      await expect(bug).rejects.toThrow('a bug');
      await turn(ask);
      expect(held).toEqual([[], ['d1'], ['d2'], ['d2'], ['d2', 'd3'], ['d2']]);
    });

    test('a field without a value matches nothing by mistake', async () => {
      await expect(store.read.all('visits', { person: undefined as never })).rejects.toThrow('no value');
      await expect(store.read.all('visits', { 'id" or 1=1 --': 'x' } as never)).rejects.toThrow('no field');
      await expect(store.read.all('people', { phone: 'x' })).rejects.toThrow('cannot be searched');
    });

    test('a row comes back as it was written', async () => {
      const clinic = org('k1', { names: ['古竹卫生院', '古竹'], order: 3, place: '24.7,116.7,500' });
      await put({ table: 'orgs', id: 'k1', to: clinic });
      expect(await store.read.get('orgs', 'k1')).toEqual(clinic);
      expect(await store.read.get('visits', 'v2')).toEqual(visit('v2', '2024-06-13', { person: 'd2', checkedIn: 7 }));
    });

    test('typed names are kept until one changes', async () => {
      await put(
        { table: 'orgs', id: 'k1', to: org('k1', { name: '古竹乡卫生院', names: ['古竹'] }) },
        { table: 'people', id: 'd1', to: person('d1', { name: '林一' }) },
      );
      const inTurn = async () => {
        let names: Awaited<ReturnType<typeof store.read.lexicon>> | undefined;
        await turn(async tx => {
          names = await tx.read.lexicon();
          return 'read';
        });
        return names!;
      };
      const first = await inTurn();
      expect(first).toMatchObject({ orgs: [{ id: 'k1', names: ['古竹', '古竹乡卫生院'] }], people: [{ id: 'd1', name: '林一' }] });
      await put({ table: 'locks', id: 'l', to: { id: 'l', wrong: 0, until: null } });
      expect(await inTurn()).toBe(first);
      const undone = turn(async tx => {
        await tx.apply([{ table: 'people', id: 'd2', to: person('d2', { name: '林二' }) }], by);
        expect((await tx.read.lexicon()).people).toHaveLength(2);
        throw new Error('undone');
      });
      await expect(undone).rejects.toThrow('undone');
      expect((await inTurn()).people).toHaveLength(1);
      expect((await store.read.lexicon()).people).toHaveLength(1);
      await put({ table: 'people', id: 'd1', to: person('d1', { name: '林三' }) });
      expect((await inTurn()).people).toEqual([{ id: 'd1', name: '林三' }]);
    });
  });

  describe('jobs and programmes', () => {
    test('a slot runs once, and the last one is known', async () => {
      expect(await store.lastSlot()).toBeUndefined();
      const numbers: number[] = [];
      const run = (slot: number) =>
        store.jobTurn({ job: 'visit-eve', slot, now: NOW }, async tx => {
          numbers.push(tx.turn);
          await tx.post([post(`job/${slot}`)], NOW);
          return 'said 1';
        });
      expect(await run(NOW)).toEqual({ duplicate: false });
      expect(await Promise.all([run(NOW), run(NOW + 60_000)])).toEqual([{ duplicate: true }, { duplicate: false }]);
      expect(await store.lastSlot()).toBe(NOW + 60_000);
      expect(await store.read.jobRuns(1)).toEqual([{ job: 'visit-eve', slot: NOW + 60_000, ranAt: NOW, result: 'said 1' }]);
      const { turn: next } = await turn(async () => 'ok');
      expect(new Set([...numbers, next]).size).toBe(3);
    });

    test('a slot whose work throws may run again', async () => {
      const run = (work: () => Promise<string>) => store.jobTurn({ job: 'j', slot: 1, now: NOW }, work);
      await expect(run(() => Promise.reject(new Error('bug')))).rejects.toThrow('bug');
      expect(await run(async () => 'ok')).toEqual({ duplicate: false });
    });

    test('a programme text is kept once under its key', async () => {
      const key = await store.keepProgramme('yongding-2024', 'id: x', NOW);
      expect(key).toMatch(/^yongding-2024@[0-9a-f]{12}$/);
      expect(await store.keepProgramme('yongding-2024', 'id: x', NOW)).toBe(key);
      expect(await store.keepProgramme('yongding-2024', 'id: y', NOW)).not.toBe(key);
    });
  });
});
