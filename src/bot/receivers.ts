/** Who receives what, as `address` will decide it, in words: for /体检, and for what reached nobody. */

import type { Day } from '../core/day.ts';
import { shownOrg } from '../core/org-names.ts';
import type { Grant, Group, Org, Role } from '../core/records.ts';
import { heldOn } from './address.ts';
import { ROLE_NAMES } from './permissions.ts';
import type { Read } from './ports.ts';

export interface Receivers {
  orgs: readonly Org[];
  grants: readonly Grant[];
  groups: readonly Group[];
  /** Names of the people who can be written to. */
  bound: ReadonlyMap<string, string>;
}

/** Matters of a unit go to its own group first; matters of one person to somebody's direct chat first, and never into a group of several units. */
export type About = 'unit' | 'person';

const ROLE_OF: Readonly<Record<Org['kind'], Role>> = { clinic: 'clinic', hospital: 'hospital', general: 'general', bureau: 'bureau' };

/** Names of those who hold a unit's role today and can be written to; of an office, where it has anybody. */
const holdersOf = (known: Receivers, org: Org, today: Day, office?: string): string[] => {
  const role = ROLE_OF[org.kind];
  const held = known.grants.filter(
    g => g.role === role && (role === 'general' ? g.county === org.county : g.org === org.id) && heldOn(g, today),
  );
  const there = office === undefined ? held : held.filter(g => g.office === office);
  const counted = there.length ? there : held;
  return [...new Map(counted.map(g => [g.person, g])).values()].flatMap(g => {
    const name = known.bound.get(g.person);
    return name === undefined ? [] : [`${name}${g.deputy ? '（副岗）' : ''}`];
  });
};

export const hasHolder = (known: Receivers, org: Org, today: Day): boolean => holdersOf(known, org, today).length > 0;

/** `群：古竹卫生院工作群（叫池景天）`, `私聊：池景天`; null: nobody. */
export const receiverOf = (known: Receivers, org: Org, about: About, today: Day, office?: string): string | null => {
  const people = holdersOf(known, org, today, office);
  const own = known.groups.find(g => g.orgs.length === 1 && g.orgs[0] === org.id);
  const shared = known.groups.find(g => g.orgs.length > 1 && g.orgs.includes(org.id));
  const direct = people.length ? `私聊：${people.join('、')}` : null;
  const inOwn = own ? `群：${own.name}${people.length && about === 'unit' ? `（叫${people.join('、')}）` : ''}` : null;
  return about === 'person' ? (direct ?? inOwn) : (inOwn ?? direct ?? (shared ? `群：${shared.name}` : null));
};

/** Whom a row that has nowhere to go was for, by name, and the county it belongs to. */
export const meantFor = async (read: Read, conversation: string): Promise<{ whom: string; county: string | null }> => {
  const [kind, id = '', role] = conversation.split('/');
  if (kind === 'person') {
    const person = await read.get('people', id);
    const grant = (await read.all('grants', { person: id })).find(g => g.county !== null);
    return { whom: person?.name ?? '没有可送的人', county: grant?.county ?? null };
  }
  const org = await read.get('orgs', id);
  return {
    whom: org ? `${shownOrg(org)}的${ROLE_NAMES[role as Role] ?? ''}` : '没有可送的地方',
    county: org ? (org.kind === 'bureau' && org.level === 'county' ? org.id : org.county) : null,
  };
};
