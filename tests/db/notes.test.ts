/** What messengers keep between starts. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DIALECTS, makePlace, type Place, type TestStore } from './stores.ts';

describe.each(DIALECTS)('notes on %s', dialect => {
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
  const under = async (prefix: string) => [...(await store.read.notes(prefix))].sort();

  test('are kept over a restart, the newest by its key, until they are forgotten', async () => {
    await Promise.all([store.note('quota/a', '1'), store.note('quota/b', '2')]);
    await store.note('quota/a', '3');
    await store.close();
    store = await place.open();
    expect(await under('quota/')).toEqual([
      ['quota/a', '3'],
      ['quota/b', '2'],
    ]);
    await store.note('quota/a', null);
    expect(await under('quota/')).toEqual([['quota/b', '2']]);
  });

  test('of a key that begins so and not otherwise: signs of patterns and capitals are themselves', async () => {
    for (const key of ['chat/a_b/1', 'chat/axb/1', 'chat/A_B/1', 'chat/a%/1']) await store.note(key, 'x');
    expect(await under('chat/a_b/')).toEqual([['chat/a_b/1', 'x']]);
    expect(await under('chat/a%/')).toEqual([['chat/a%/1', 'x']]);
  });

  test('cost no commit of their own where one happens anyway', async () => {
    const before = store.commits;
    const notes = Array.from({ length: 20 }, (_, i) => store.note(`n/${i}`, 'x'));
    await Promise.all(notes);
    expect(store.commits - before).toBe(1);
  });
});
