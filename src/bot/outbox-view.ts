/** What is not sent yet, did not arrive or may not have, as an admin of a county sees it: for whom and why, never what it says. */
import type { Instant } from '../core/day.ts';
import { NOWHERE } from './address.ts';
import type { Actor } from './command.ts';
import { platformName } from './messengers.ts';
import type { OutboxRow, OutboxState, Read } from './ports.ts';
import { meantFor } from './receivers.ts';

export interface Item {
  row: OutboxRow;
  /** Who it is for: a person or a group, by name. */
  whom: string;
  state: string;
  why: string;
  /** When it is looked at again, as far as is known. */
  until: Instant | null;
}

/** A message in the relay's hands: why it waits, as of now. */
export interface Held {
  seq: number;
  why: string;
  until: Instant | null;
}

const LOOKED_THROUGH = 500;
const STATES: Partial<Record<OutboxState, string>> = { unknown: '是否送到不明', failed: '没有送到', pending: '等着发' };
const ORDER: readonly OutboxState[] = ['unknown', 'failed', 'pending'];

const reason = ({ error, state }: OutboxRow): string => {
  if (error === 'unreachable') return '没有绑定的人';
  if (error === 'stopped while sending') return '停机时正在发';
  return error ?? (state === 'pending' ? '到时候发' : '');
};

/** Rows of the actor's county that are not sent, the doubtful first. */
export const itemsFor = async (read: Read, actor: Pick<Actor, 'grants'>, held: readonly Held[]): Promise<Item[]> => {
  const county = actor.grants.find(g => g.role === 'admin')?.county ?? null;
  const rows = await read.outbox({ states: ORDER, limit: LOOKED_THROUGH });
  const grants = county === null ? [] : await read.all('grants', { county });
  const people = new Map((await read.all('people', { id: [...new Set(grants.map(g => g.person))] })).map(p => [p.id, p.name]));
  const accounts = new Map(
    (await read.all('accounts', { person: [...people.keys()] })).map(a => [`${a.platform} ${a.app} ${a.account}`, a.person]),
  );
  const orgs = new Set((county === null ? [] : await read.all('orgs', { county })).map(o => o.id));
  const groups = (await read.all('groups', {})).filter(g => g.orgs.some(o => orgs.has(o)));
  const now = new Map(held.map(h => [h.seq, h]));
  const items: Item[] = [];
  for (const row of rows) {
    const { platform, app, conversation } = row.to;
    const group = groups.find(g => g.platform === platform && g.app === app && g.conversation === conversation);
    // A direct chat is named after its account, with or without a mark before it.
    const person =
      accounts.get(`${platform} ${app} ${conversation}`) ?? accounts.get(`${platform} ${app} ${conversation.replace(/^[a-z]+:/, '')}`);
    const name = group?.name ?? (person === undefined ? undefined : people.get(person));
    const meant = name === undefined && platform === NOWHERE ? await meantFor(read, conversation) : undefined;
    if (name === undefined && !(meant && (meant.county === null || meant.county === county))) continue;
    const waits = row.state === 'pending' ? now.get(row.seq) : undefined;
    items.push({
      row,
      whom: name === undefined ? (meant?.whom ?? '没有可送的地方') : `${name}（${platformName(platform)}）`,
      state: STATES[row.state] ?? row.state,
      why: waits?.why || reason(row),
      until: waits?.until ?? (row.state === 'pending' ? row.notBefore : null),
    });
  }
  return items.sort((a, b) => ORDER.indexOf(a.row.state) - ORDER.indexOf(b.row.state) || b.row.seq - a.row.seq);
};
