import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeKeys } from '../../db/seal.ts';
import { Conflict } from '../../src/bot/ports.ts';
import type { Change } from '../../src/core/records.ts';
import { by, DIALECTS, event, makePlace, org, type Place, person, type TestStore } from './stores.ts';

const PHONE = '13900001234';
const MASK = '139****1234';

describe.each(DIALECTS)('sealed fields on %s', dialect => {
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
  const put = (...changes: Change[]) =>
    store.turn(event(`e${n++}`), async tx => {
      await tx.apply(changes, by);
      return 'ok';
    });
  const zhou = person('d1', { phone: PHONE, phoneMask: MASK, phoneFull: true });
  const keep = (over: object = {}) => put({ table: 'people', id: 'd1', to: { ...zhou, ...over } });

  test('a phone goes in plain and comes out masked', async () => {
    await keep();
    const read = (await store.read.get('people', 'd1'))!;
    expect(read).toEqual({ ...zhou, phone: MASK, phoneIndex: store.read.phoneIndex(PHONE) });
    expect((await store.read.all('people', {}))[0]).toEqual(read);
    expect(await store.read.unseal('people', 'd1', 'phone')).toBe(PHONE);
    expect((await store.read.first('people', { phoneIndex: store.read.phoneIndex(`+86 ${PHONE}`) }))?.id).toBe('d1');
  });

  test('a row written back with its mask keeps the sealed value', async () => {
    await keep();
    const read = (await store.read.get('people', 'd1'))!;
    await put({ table: 'people', id: 'd1', to: { ...read, title: '主任医师' }, was: read });
    expect(await store.read.unseal('people', 'd1', 'phone')).toBe(PHONE);
    await put({ table: 'people', id: 'd1', to: { ...read, phoneMask: '139*****234' } });
    expect(await store.read.unseal('people', 'd1', 'phone')).toBe(PHONE);
    expect((await store.read.get('people', 'd1'))?.phoneIndex).toBe(read.phoneIndex);
  });

  test('a new, a masked and no phone', async () => {
    await keep();
    await keep({ phone: '13900005678', phoneMask: '139****5678' });
    expect(await store.read.unseal('people', 'd1', 'phone')).toBe('13900005678');
    await keep({ phone: '137****4321', phoneMask: '137****4321', phoneFull: false });
    expect(await store.read.get('people', 'd1')).toMatchObject({ phone: '137****4321', phoneIndex: null });
    await keep({ phone: null, phoneMask: null });
    expect(await store.read.get('people', 'd1')).toMatchObject({ phone: null, phoneIndex: null });
    expect(await store.read.unseal('people', 'd1', 'phone')).toBeNull();
    expect(await store.read.unseal('people', 'nobody', 'phone')).toBeNull();
    await expect(store.read.unseal('people', 'd1', 'name')).rejects.toThrow('not sealed');
  });

  test('a field without a mask shows dots', async () => {
    const draft = {
      id: 'x',
      kind: 'roster' as const,
      programme: null,
      by: 'u',
      at: 1,
      rows: `[["${PHONE}"]]`,
      from: null,
      state: 'waiting' as const,
    };
    await put({ table: 'drafts', id: 'x', to: draft });
    const read = (await store.read.get('drafts', 'x'))!;
    expect(read.rows).toBe('••••');
    await put({ table: 'drafts', id: 'x', to: { ...read, state: 'done' } });
    expect(await store.read.unseal('drafts', 'x', 'rows')).toBe(draft.rows);
  });

  test('the journal holds a digest, by which a change can be told and taken back but not read', async () => {
    await keep();
    await keep({ title: '主治医师' });
    const [second] = await store.read.journal({ table: 'people' }, 1);
    expect(second!.before).not.toContain(PHONE);
    const before = JSON.parse(second!.before!) as typeof zhou;
    expect(before.phone).toMatch(/^hmac:/);
    expect((JSON.parse(second!.after!) as typeof zhou).phone).toBe(before.phone);
    await put({ table: 'people', id: 'd1', to: before, was: JSON.parse(second!.after!) as typeof zhou });
    expect(await store.read.unseal('people', 'd1', 'phone')).toBe(PHONE);
    await keep({ phone: null, phoneMask: null });
    await expect(put({ table: 'people', id: 'd1', to: before })).rejects.toThrow(Conflict);
  });

  test('a sealed value does not open in another row', async () => {
    await keep();
    await put({ table: 'orgs', id: 'o1', to: org('o1', { phone: '0597-5550000' }) });
    expect(await store.read.unseal('orgs', 'o1', 'phone')).toBe('0597-5550000');
    const seals = makeKeys(join(place.dataDir, 'other.json'));
    const sealed = seals.seal(PHONE, 'people', 'd1', 'phone');
    expect(seals.open(sealed, 'people', 'd1', 'phone')).toBe(PHONE);
    expect(() => seals.open(sealed, 'people', 'd2', 'phone')).toThrow();
    expect(() => seals.open(sealed, 'orgs', 'd1', 'phone')).toThrow();
    expect(() => seals.open(`${sealed.slice(0, -4)}AAAA`, 'people', 'd1', 'phone')).toThrow();
  });

  test('no file in the data folder holds a phone', async () => {
    await keep();
    await put(
      { table: 'orgs', id: 'o1', to: org('o1', { phone: '0597-5550000' }) },
      {
        table: 'drafts',
        id: 'x',
        to: { id: 'x', kind: 'contacts', programme: null, by: 'u', at: 1, rows: PHONE, from: null, state: 'waiting' },
      },
    );
    await keep({ title: '主治医师' });
    for (const file of readdirSync(place.dataDir)) {
      const bytes = readFileSync(join(place.dataDir, file));
      expect([file, bytes.includes(PHONE), bytes.includes('5550000')]).toEqual([file, false, false]);
    }
    if (dialect === 'sqlite') expect(readdirSync(place.dataDir)).toContain('store.db-wal');
  });

  test('the key file is the owner’s alone and is needed again', async () => {
    const keys = join(place.dataDir, 'keys.json');
    expect(statSync(keys).mode & 0o777).toBe(0o600);
    if (dialect === 'sqlite') expect(statSync(join(place.dataDir, 'store.db')).mode & 0o777).toBe(0o600);
    const text = readFileSync(keys);
    await store.close();
    rmSync(keys);
    // Nothing is sealed yet: new keys do no harm.
    store = await place.open();
    await keep();
    await store.close();
    const made = readFileSync(keys);
    rmSync(keys);
    await expect(place.open()).rejects.toThrow(/^找不到密钥文件/);
    expect(readdirSync(place.dataDir)).not.toContain('keys.json');
    writeFileSync(keys, text);
    await expect(place.open()).rejects.toThrow(/不是这个数据库的/);
    writeFileSync(keys, '{');
    await expect(place.open()).rejects.toThrow(/^密钥文件.*损坏/);
    writeFileSync(keys, made);
    store = await place.open();
    expect(await store.read.unseal('people', 'd1', 'phone')).toBe(PHONE);
  });
});
