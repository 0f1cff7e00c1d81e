/** What of a view may be shown where, and what of it is another's: by unit, by group, by what is named. */
import { describe, expect, test } from 'vitest';
import { heldOn } from '../src/bot/address.ts';
import type { Actor, Conversation } from '../src/bot/command.ts';
import type { Read } from '../src/bot/ports.ts';
import { actsFor, mayVerifyFor, type Scope, scopeIn, scopeNarrowed, scopeOf } from '../src/bot/scope.ts';
import { day } from '../src/core/day.ts';
import type { Grant, Org, Role } from '../src/core/records.ts';

const unit = (id: string, kind: Org['kind'], county: string | null, more: Partial<Org> = {}) =>
  ({ id, kind, county, name: id, ...more }) as Org;
const orgs = [
  unit('city', 'bureau', null, { level: 'city', parent: null }),
  unit('X', 'bureau', null, { level: 'county', parent: 'city' }),
  unit('Y', 'bureau', null, { level: 'county', parent: 'city' }),
  unit('Z', 'bureau', null, { level: 'county', parent: 'other-city' }),
  unit('general', 'general', 'X'),
  unit('hospital', 'hospital', 'X'),
  unit('far', 'hospital', null),
  unit('a', 'clinic', 'X'),
  unit('b', 'clinic', 'X'),
  unit('y', 'clinic', 'Y'),
];
/** 'me' is sent to clinic a by the hospital, and nowhere else. */
const posting = { person: 'me', clinic: 'a', hospital: 'hospital', county: 'X' };
const read = {
  get: async (_: 'orgs', id: string) => orgs.find(o => o.id === id),
  all: async (_: 'orgs', { kind }: Partial<Org>) => orgs.filter(o => o.kind === kind),
  first: async (_: 'postings', where: Partial<typeof posting>) =>
    Object.entries(where).every(([k, v]) => posting[k as keyof typeof posting] === v) ? posting : undefined,
} as unknown as Read;
const held = (...grants: [Role, string, string | null][]): Actor =>
  ({
    person: { id: 'me' },
    grants: grants.map(([role, org, county]) => ({ role, org, county, person: 'me' }) as Grant),
  }) as unknown as Actor;
const org = (id: string) => orgs.find(o => o.id === id)!;

describe('the widest view of the roles', () => {
  test.each<[string, Actor, Scope | undefined]>([
    ['a city bureau: its counties', held(['bureau', 'city', null]), { counties: ['X', 'Y'] }],
    ['a county bureau', held(['chief', 'X', 'X']), { county: 'X' }],
    ['a general hospital', held(['general', 'general', 'X']), { county: 'X' }],
    ['a hospital', held(['hospital', 'hospital', 'X']), { hospital: 'hospital' }],
    ['a clinic', held(['clinic', 'a', 'X']), { clinic: 'a' }],
    ['the head of a clinic', held(['head', 'a', 'X']), { clinic: 'a' }],
    ['a physician: the own', held(['physician', 'hospital', 'X']), { person: 'me' }],
    ['of two roles the wider', held(['physician', 'hospital', 'X'], ['bureau', 'X', 'X']), { county: 'X' }],
    ['an auditor: nothing', held(['auditor', 'X', 'X']), undefined],
    ['a unit that is no more: what is left', held(['clinic', 'gone', 'X'], ['physician', 'hospital', 'X']), { person: 'me' }],
  ])('%s', async (_what, actor, scope) => expect(await scopeOf(read, actor)).toEqual(scope));
});

describe('cut down to what is named', () => {
  test.each<[string, Scope, string, Scope | undefined]>([
    ['a county names its clinic', { county: 'X' }, 'a', { county: 'X', clinic: 'a' }],
    ['a county names another’s clinic', { county: 'X' }, 'y', undefined],
    ['a county names a hospital from outside: its work here', { county: 'X' }, 'far', { county: 'X', hospital: 'far' }],
    ['a county names itself', { county: 'X' }, 'X', { county: 'X' }],
    ['a county names the next one', { county: 'X' }, 'Y', undefined],
    ['a county names the city', { county: 'X' }, 'city', undefined],
    ['a city names a county', { counties: ['X', 'Y'] }, 'Y', { county: 'Y' }],
    ['a city names a county of another', { counties: ['X', 'Y'] }, 'Z', undefined],
    ['a city names itself', { counties: ['X', 'Y'] }, 'city', { counties: ['X', 'Y'] }],
    ['of one county only, the city is not its', { counties: ['X'] }, 'city', undefined],
    ['a county names its general hospital', { county: 'X' }, 'general', { county: 'X' }],
    ['another county names it', { county: 'Y' }, 'general', undefined],
    ['a clinic names itself', { clinic: 'a' }, 'a', { clinic: 'a' }],
    ['a clinic names its neighbour', { clinic: 'a' }, 'b', undefined],
    ['a clinic names a hospital: who came from there', { clinic: 'a' }, 'hospital', { clinic: 'a', hospital: 'hospital' }],
    ['a clinic names the bureau', { clinic: 'a' }, 'X', undefined],
    ['a hospital names a clinic: who went there', { hospital: 'hospital' }, 'a', { hospital: 'hospital', clinic: 'a' }],
    ['a hospital names another', { hospital: 'hospital' }, 'far', undefined],
    ['a physician names a clinic: the own days there', { person: 'me' }, 'a', { person: 'me', clinic: 'a' }],
  ])('%s', async (_what, own, named, scope) => expect(await scopeNarrowed(read, own, org(named))).toEqual(scope));
});

describe('shown in a group', () => {
  const group = (...units: string[]) => ({ kind: 'group', group: { orgs: units } }) as unknown as Conversation;
  const unbound = { kind: 'group', group: null } as unknown as Conversation;
  const direct = { kind: 'direct', group: null } as unknown as Conversation;
  test.each<[string, Scope, Conversation, Scope | 'direct-only']>([
    ['direct chat shows all', { county: 'X' }, direct, { county: 'X' }],
    ['an unbound group nothing', { county: 'X' }, unbound, 'direct-only'],
    ['a group of two units nothing', { county: 'X' }, group('a', 'b'), 'direct-only'],
    ['a group of a unit that is no more nothing', { county: 'X' }, group('gone'), 'direct-only'],
    ['a bureau in a clinic’s group: that clinic', { county: 'X' }, group('a'), { clinic: 'a' }],
    ['a bureau in its own', { county: 'X' }, group('X'), { county: 'X' }],
    ['a bureau in the general hospital’s', { county: 'X' }, group('general'), { county: 'X' }],
    ['a bureau in a hospital’s: its work in that county', { county: 'X' }, group('hospital'), { county: 'X', hospital: 'hospital' }],
    ['a bureau in a clinic’s of the next county', { county: 'X' }, group('y'), 'direct-only'],
    ['a bureau in the next county’s', { county: 'X' }, group('Y'), 'direct-only'],
    ['a city in its own group, where its counties are guests', { counties: ['X', 'Y'] }, group('city'), 'direct-only'],
    ['a city in a county’s: that county', { counties: ['X', 'Y'] }, group('Y'), { county: 'Y' }],
    ['a city in a clinic’s: that clinic', { counties: ['X', 'Y'] }, group('y'), { clinic: 'y' }],
    ['a city in a county’s of another', { counties: ['X', 'Y'] }, group('Z'), 'direct-only'],
    [
      'a city in a hospital’s: its work in these counties',
      { counties: ['X', 'Y'] },
      group('far'),
      { counties: ['X', 'Y'], hospital: 'far' },
    ],
    ['a bureau that names a clinic, in its own', { county: 'X', clinic: 'a' }, group('X'), { county: 'X', clinic: 'a' }],
    ['a bureau that names a clinic, in the clinic’s', { county: 'X', clinic: 'a' }, group('a'), { clinic: 'a' }],
    ['a bureau that names a clinic, in its neighbour’s', { county: 'X', clinic: 'a' }, group('b'), 'direct-only'],
    ['a clinic in its own', { clinic: 'a' }, group('a'), { clinic: 'a' }],
    ['a clinic in its neighbour’s', { clinic: 'a' }, group('b'), 'direct-only'],
    ['a clinic in the county’s: itself', { clinic: 'a' }, group('X'), { county: 'X', clinic: 'a' }],
    ['a clinic in a hospital’s: who came from there', { clinic: 'a' }, group('hospital'), { hospital: 'hospital', clinic: 'a' }],
    ['a hospital in its own', { hospital: 'hospital' }, group('hospital'), { hospital: 'hospital' }],
    ['a hospital in a clinic’s: who went there', { hospital: 'hospital' }, group('a'), { clinic: 'a', hospital: 'hospital' }],
    ['a clinic that names a hospital, in its own', { clinic: 'a', hospital: 'far' }, group('a'), { clinic: 'a', hospital: 'far' }],
    ['a hospital in the county’s: its work there', { hospital: 'hospital' }, group('X'), { county: 'X', hospital: 'hospital' }],
    ['a hospital in another’s', { hospital: 'hospital' }, group('far'), 'direct-only'],
    ['a physician in a clinic’s: the own days there', { person: 'me' }, group('a'), { clinic: 'a', person: 'me' }],
    ['a physician in the own county’s', { person: 'me' }, group('X'), { county: 'X', person: 'me' }],
    ['a physician where nobody sent him', { person: 'me' }, group('b'), 'direct-only'],
  ])('%s', async (_what, scope, where, shown) => expect(await scopeIn(read, scope, where)).toEqual(shown));
});

describe('who verifies', () => {
  const visit = { clinic: 'a', hospital: 'hospital', county: 'X', person: 'them' };
  test.each<[string, Actor, ReturnType<typeof mayVerifyFor>]>([
    ['the clinic', held(['clinic', 'a', 'X']), 'clinic'],
    ['another clinic', held(['clinic', 'b', 'X']), 'no'],
    ['the head of the clinic', held(['head', 'a', 'X']), 'stand-in'],
    ['the head of the hospital', held(['head', 'hospital', 'X']), 'no'],
    ['the hospital', held(['hospital', 'hospital', 'X']), 'stand-in'],
    ['another hospital', held(['hospital', 'far', 'X']), 'no'],
    ['the bureau', held(['bureau', 'X', 'X']), 'stand-in'],
    ['another county’s', held(['bureau', 'Y', 'Y']), 'no'],
    ['the general hospital', held(['general', 'general', 'X']), 'stand-in'],
    ['a chief', held(['chief', 'X', 'X']), 'no'],
    ['the city', held(['bureau', 'city', null]), 'no'],
  ])('%s', (_what, actor, as) => {
    expect(mayVerifyFor(actor, visit)).toBe(as);
    expect(mayVerifyFor(actor, { ...visit, person: 'me' })).toBe('own');
  });
});

test.each<[string, Actor, string, boolean]>([
  ['a clinic for itself', held(['clinic', 'a', 'X']), 'a', true],
  ['a clinic for another', held(['clinic', 'a', 'X']), 'b', false],
  ['a bureau for a clinic of its county', held(['bureau', 'X', 'X']), 'a', true],
  ['a bureau for another county’s', held(['bureau', 'X', 'X']), 'y', false],
  ['a city, which has no county, for a unit that has none', held(['bureau', 'city', null]), 'far', false],
  ['a head, who is not named for it', held(['head', 'a', 'X']), 'a', false],
  ['a chief', held(['chief', 'X', 'X']), 'a', false],
])('acts for a unit: %s', (_what, actor, named, does) => expect(actsFor(actor, org(named))).toBe(does));

test('a role is held from its first day to its last', () => {
  const deputy = { from: day('2024-05-06'), until: day('2024-05-08') } as Grant;
  expect(['2024-05-05', '2024-05-06', '2024-05-08', '2024-05-09'].map(d => heldOn(deputy, day(d)))).toEqual([false, true, true, false]);
  expect(heldOn({ ...deputy, until: null }, day('2034-05-09'))).toBe(true);
});
