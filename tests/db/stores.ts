/** Stores to test on: SQLite always, PostgreSQL where `TEST_DATABASE_URL` names a server; each with a database of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OpenOptions, openStore } from '../../db/open.ts';
import type { Event, Post } from '../../src/bot/ports.ts';
import type { Card } from '../../src/core/card.ts';
import type { Day } from '../../src/core/day.ts';
import type { Org, Person, Visit } from '../../src/core/records.ts';
import { newVisit } from '../../src/core/visit.ts';

export type TestStore = Awaited<ReturnType<typeof openStore>>;
export interface Place {
  dialect: 'sqlite' | 'postgres';
  dataDir: string;
  url: string | undefined;
  open(options?: Pick<OpenOptions, 'now' | 'alone'>): Promise<TestStore>;
  remove(): Promise<void>;
}

const server = process.env['TEST_DATABASE_URL'];
export const DIALECTS: readonly Place['dialect'][] = server ? ['sqlite', 'postgres'] : ['sqlite'];

let places = 0;
export const makePlace = async (dialect: Place['dialect']): Promise<Place> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'store-'));
  const remove = async () => rmSync(dataDir, { recursive: true, force: true });
  if (dialect === 'sqlite')
    return {
      dialect,
      dataDir,
      url: undefined,
      open: options => openStore({ dataDir, keyFile: join(dataDir, 'keys.json'), ...options }),
      remove,
    };
  const { default: pg } = await import('pg');
  const database = `store_${process.pid}_${places++}`;
  const admin = async (sql: string) => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  await admin(`create database ${database}`);
  const url = Object.assign(new URL(server!), { pathname: `/${database}` }).href;
  return {
    dialect,
    dataDir,
    url,
    open: options => openStore({ dataDir, url, keyFile: join(dataDir, 'keys.json'), ...options }),
    async remove() {
      await remove();
      await admin(`drop database ${database} with (force)`);
    },
  };
};

export const NOW = Date.parse('2024-06-12T09:30:00+08:00');
export const by = { actor: 'u1', command: '签到', sentAt: NOW - 1000, now: NOW };
export const event = (eventId: string): Event => ({
  platform: 'sandbox',
  app: 'demo',
  eventId,
  conversation: 'g1',
  account: 'a1',
  sentAt: NOW - 1000,
  receivedAt: NOW,
});
export const card = (title: string): Card => ({ code: 'test', title, tone: 'ok', lines: [] });
export const post = (key: string, over: Partial<Post> = {}): Post => ({
  key,
  topic: null,
  to: { platform: 'sandbox', app: 'demo', conversation: 'g1' },
  place: 'own-group',
  class: 'reply',
  card: card(key),
  notBefore: null,
  expires: null,
  replyTo: null,
  born: 'pending',
  ...over,
});
export const person = (id: string, over: Partial<Person> = {}): Person => ({
  id,
  name: `医师${id}`,
  phone: null,
  phoneMask: null,
  phoneIndex: null,
  phoneFull: false,
  title: null,
  specialty: null,
  hospital: null,
  ...over,
});
export const org = (id: string, over: Partial<Org> = {}): Org => ({
  id,
  kind: 'clinic',
  level: 'township',
  name: `${id}卫生院`,
  names: [`${id}卫生院`, id],
  city: null,
  district: null,
  parent: null,
  county: null,
  type: 'township',
  phone: null,
  phoneMask: null,
  need: null,
  order: null,
  place: null,
  ...over,
});
export const visit = (id: string, day: string, over: Partial<Visit> = {}): Visit =>
  newVisit({ id, programme: 'p', county: 'c1', person: 'd1', clinic: 'k1', hospital: 'h1', posting: null, day: day as Day, ...over });
