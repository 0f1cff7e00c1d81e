/** A turn of thousands of rows in steps: nobody sees anything of it before all of it is there. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { madeBy } from '../../db/hidden.ts';
import { type Change, type LeansOn, numbered } from '../../src/core/records.ts';
import { by, DIALECTS, event, makePlace, NOW, org, type Place, person, post, type TestStore } from './stores.ts';

const HERE = { platform: 'sandbox', app: 'demo', conversation: 'g1' };
const N = 200;
const peopleOf = (turn: number): Change[] =>
  Array.from({ length: N }, (_, i) => {
    const id = numbered(turn, i);
    return { table: 'people', id, to: person(id, { name: `林${i}` }) };
  });

test.each([
  ['people', '5', true],
  ['grants', '5-12', true],
  ['people', '57', false],
  ['people', '57-2', false],
  ['people', '15-5', false],
  ['visits', '5-1', false],
] as const)('%s %s is of turn 5 and may be hidden: %s', (table, id, is) => {
  expect(madeBy(5, table, id)).toBe(is);
  expect(madeBy(undefined, table, id)).toBe(false);
});

describe.each(DIALECTS)('a large turn on %s', dialect => {
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

  let events = 0;
  const turn = (work: Parameters<TestStore['turn']>[1]) => store.turn(event(`e${events++}`), work);
  const put = (...changes: Change[]) =>
    turn(async tx => {
      await tx.apply(changes, by);
      return 'ok';
    });
  const begin = () =>
    turn(async tx => {
      expect(await tx.begins(HERE)).toBe(true);
      return 'running';
    });
  /** As turns and as whoever reads beside them sees it. */
  const seen = async (id: string) => {
    let inside: unknown;
    await turn(async tx => {
      inside = {
        all: (await tx.read.all('people', {})).length,
        count: await tx.read.count('people', {}),
        one: (await tx.read.get('people', id))?.name,
        first: (await tx.read.first('people', { name: '林7' }))?.id,
        names: (await tx.read.lexicon()).people.length,
      };
      return 'read';
    });
    const { read } = store;
    const beside = {
      all: (await read.all('people', {})).length,
      count: await read.count('people', {}),
      one: (await read.get('people', id))?.name,
      first: (await read.first('people', { name: '林7' }))?.id,
      names: (await read.lexicon()).people.length,
    };
    expect(beside).toEqual(inside);
    return beside;
  };

  test('is seen whole or not at all, and others have their turns in between', async () => {
    await put({ table: 'people', id: 'old', to: person('old', { name: '旧人' }) }, { table: 'orgs', id: 'k1', to: org('k1') });
    const { turn: number } = await begin();
    const nothing = { all: 1, count: 1, one: undefined, first: undefined, names: 1 };
    const large = store.large(
      number,
      'test',
      [...peopleOf(number), { table: 'people', id: 'old', to: person('old', { name: '新名' }), was: { name: '旧人' } }],
      by,
    );
    await turn(async tx => {
      expect(await tx.begins(HERE)).toBe(false);
      return 'busy';
    });
    const met: unknown[] = [];
    let chat: Promise<unknown> = Promise.resolve();
    await large.prepare(() => {
      chat = chat.then(async () => met.push(await seen(numbered(number, 7))));
    });
    await chat;
    expect(met.length).toBeGreaterThan(2);
    for (const m of met) expect(m).toEqual(nothing);
    expect((await store.read.get('people', 'old'))?.name).toBe('旧人');

    const posts = await large.show(async tx => tx.post([post('done')], NOW));
    expect(posts.map(p => [p.key, p.turn])).toEqual([['done', number]]);
    expect(await seen(numbered(number, 7))).toEqual({ all: N + 1, count: N + 1, one: '林7', first: numbered(number, 7), names: N + 1 });
    expect((await store.read.get('people', 'old'))?.name).toBe('新名');
    expect(await store.read.journal({ turn: number }, 1000)).toHaveLength(N + 1);
    expect((await store.verifyJournal()).brokenAt).toBeNull();
    expect(await store.interrupted(NOW)).toBeUndefined();
  });

  test('what it leans on was changed meanwhile: nothing of it stays', async () => {
    await put({ table: 'people', id: 'old', to: person('old', { name: '旧人' }) });
    const { turn: number } = await begin();
    const large = store.large(
      number,
      'test',
      [...peopleOf(number), { table: 'people', id: 'old', to: person('old', { name: '新名' }), was: { name: '旧人' } }],
      by,
    );
    await large.prepare(() => undefined);
    await put({ table: 'people', id: 'old', to: person('old', { name: '别人改的' }) });
    await expect(large.show(async () => undefined)).rejects.toThrow('row changed');
    expect(await seen(numbered(number, 7))).toMatchObject({ all: 1, one: undefined, names: 1 });
    await large.withdraw();
    expect(await seen(numbered(number, 7))).toMatchObject({ all: 1, one: undefined, names: 1 });
    expect((await store.read.get('people', 'old'))?.name).toBe('别人改的');
    expect((await store.verifyJournal()).brokenAt).toBeNull();
    // What is left is nothing, for the next process too.
    await store.close();
    store = await place.open();
    expect(await store.interrupted(NOW)).toBeUndefined();
    expect(await store.read.count('people', {})).toBe(1);
  });

  test('planned beside the turns: a later turn about what it leans on is a conflict, one about other rows or tables is none', async () => {
    await put({ table: 'people', id: 'old', to: person('old', { name: '旧人' }) });
    const at = async (leansOn: LeansOn) => {
      const { turn: number } = await begin();
      const large = store.large(number, 'test', peopleOf(number), by, leansOn);
      await large.prepare(() => undefined);
      await put({ table: 'people', id: `p${number}`, to: person(`p${number}`, { name: '后来的人' }) });
      return large;
    };
    const late = await at({ orgs: 'all', people: 'all' });
    await expect(late.show(async () => undefined)).rejects.toThrow('row changed: people');
    await late.withdraw();
    expect(await store.read.count('people', {})).toBe(2);
    const named = await at({ people: p => p.name === '后来的人' });
    await expect(named.show(async () => undefined)).rejects.toThrow('row changed: people');
    await named.withdraw();
    expect(await store.read.count('people', {})).toBe(3);
    for (const leansOn of [{ orgs: 'all', postings: 'all' }, { people: p => p.name === '林7' }] satisfies LeansOn[])
      await (await at(leansOn)).show(async () => undefined);
    expect(await store.read.count('people', {})).toBe(5 + 2 * N);
    expect((await store.verifyJournal()).brokenAt).toBeNull();
  });

  test('a stop in the middle: the next start takes it away and knows where it was asked for', async () => {
    await put({ table: 'people', id: 'old', to: person('old') });
    const { turn: number } = await begin();
    await store.large(number, 'test', peopleOf(number), by).prepare(() => undefined);
    await store.close();
    store = await place.open();
    expect(await store.interrupted(NOW)).toEqual({ turn: number, to: HERE });
    expect(await store.read.all('people', {})).toMatchObject([{ id: 'old' }]);
    expect(await store.interrupted(NOW)).toBeUndefined();
    expect((await store.verifyJournal()).brokenAt).toBeNull();
    expect(await store.read.journal({ turn: number }, 1000)).toHaveLength(2 * N);
  });

  /** Rows that were there, each of which becomes another or goes: with a phone, a list, a null, a yes or no. */
  const standing = async () => {
    const people = Array.from({ length: N }, (_, i) => person(`old-${i}`, { name: `旧${i}`, title: '医师' }));
    await put(
      ...people.map((to): Change => ({ table: 'people', id: to.id, to })),
      { table: 'people', id: 'gone', to: person('gone') },
      { table: 'orgs', id: 'k1', to: org('k1') },
    );
    const k1 = (await store.read.get('orgs', 'k1'))!;
    const changes: Change[] = [
      ...people.map(
        (p, i): Change => ({
          table: 'people',
          id: p.id,
          to: { ...p, title: i % 2 ? null : '主\'任"医师', specialty: '内科' },
          was: { title: '医师' },
        }),
      ),
      { table: 'people', id: 'gone', to: null },
      { table: 'acceptances', id: 'seen', to: { id: 'seen', by: 'u', at: NOW } },
      { table: 'orgs', id: 'k1', to: { ...k1, names: ['古竹', '竹'], order: 7 } },
    ];
    return { people, changes };
  };
  const titles = async () => (await store.read.all('people', { specialty: '内科' })).map(p => p.title);

  test('rows that were there change all at once, with one line each that was written before', async () => {
    const { changes } = await standing();
    const { turn: number } = await begin();
    const large = store.large(number, 'test', [...peopleOf(number), ...changes], by);
    const done: [number, number][] = [];
    await large.prepare((n, all) => done.push([n, all]));
    expect(done.at(-1)).toEqual([2 * N + 3, 2 * N + 3]);
    expect(await store.read.count('people', {})).toBe(N + 1);
    expect(await titles()).toEqual([]);
    expect(await store.read.count('acceptances', {})).toBe(0);
    expect(await store.read.journal({ turn: number }, 2000)).toHaveLength(2 * N + 3);
    await large.show(async () => undefined);
    expect(await store.read.count('people', {})).toBe(2 * N);
    expect(await titles()).toEqual(Array.from({ length: N }, (_, i) => (i % 2 ? null : '主\'任"医师')));
    expect(await store.read.get('acceptances', 'seen')).toEqual({ id: 'seen', by: 'u', at: NOW });
    expect(await store.read.get('orgs', 'k1')).toMatchObject({ names: ['古竹', '竹'], order: 7, place: null });
    expect(await store.read.journal({ turn: number }, 2000)).toHaveLength(2 * N + 3);
    // What the journal says of a row is what stands there: the same change again makes nothing.
    const again = await put(...changes.filter(c => c.to !== null).map(({ table, id, to }) => ({ table, id, to }) as Change));
    expect(await store.read.journal({ turn: again.turn }, 10)).toEqual([]);
    expect((await store.verifyJournal()).brokenAt).toBeNull();
  });

  test('a row that changes twice has a line for each, one after the other', async () => {
    const old = person('old', { name: '旧人' });
    await put({ table: 'people', id: 'old', to: old });
    const { turn: number } = await begin();
    const once = { ...old, title: '医师' };
    const twice = { ...once, specialty: '内科' };
    const large = store.large(
      number,
      'test',
      [...peopleOf(number), ...[once, twice].map((to): Change => ({ table: 'people', id: 'old', to }))],
      by,
    );
    await large.prepare(() => undefined);
    await large.show(async () => undefined);
    expect(await store.read.get('people', 'old')).toEqual(twice);
    const [second, first] = await store.read.journal({ turn: number, table: 'people', row: 'old' }, 9);
    expect([JSON.parse(first!.before!).title, JSON.parse(first!.after!).title, second!.before]).toEqual([null, '医师', first!.after]);
  });

  test('rows that were there and were changed by another stay as he made them, and the journal says that nothing came of it', async () => {
    const { changes } = await standing();
    const { turn: number } = await begin();
    const large = store.large(number, 'test', changes, by);
    await large.prepare(() => undefined);
    await put({ table: 'people', id: 'old-3', to: person('old-3', { name: '别人改的' }) });
    await expect(large.show(async () => undefined)).rejects.toThrow('row changed: people');
    await large.withdraw();
    expect(await titles()).toEqual([]);
    expect((await store.read.get('people', 'old-3'))?.name).toBe('别人改的');
    expect(await store.read.get('people', 'gone')).toBeDefined();
    const lines = await store.read.journal({ turn: number }, 2000);
    expect(lines).toHaveLength(2 * (N + 3));
    const [back, there] = lines.filter(l => l.row === 'gone');
    expect([back!.before, back!.after]).toEqual([there!.after, there!.before]);
    expect((await store.verifyJournal()).brokenAt).toBeNull();
  });

  test('a stop after the lines and before the rows: the next start says that nothing came of it, once', async () => {
    const { changes } = await standing();
    const { turn: number } = await begin();
    await store.large(number, 'test', [...peopleOf(number), ...changes], by).prepare(() => undefined);
    await store.close();
    store = await place.open();
    expect(await store.interrupted(NOW)).toEqual({ turn: number, to: HERE });
    expect(await store.interrupted(NOW)).toBeUndefined();
    expect(await titles()).toEqual([]);
    expect(await store.read.count('people', {})).toBe(N + 1);
    expect(await store.read.journal({ turn: number }, 2000)).toHaveLength(2 * (2 * N + 3));
    expect((await store.verifyJournal()).brokenAt).toBeNull();
  });
});
