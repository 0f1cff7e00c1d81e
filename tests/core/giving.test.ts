/** Who may give a role, change whose phone, confirm whose account. */
import { expect, test } from 'vitest';
import { day } from '../../src/core/day.ts';
import { type Holding, hasRole, mayChange, mayConfirm, mayGive, notOver } from '../../src/core/giving.ts';
import type { Role } from '../../src/core/records.ts';

const as = (role: Role, org: string, county: string | null): Holding => ({ role, org, county });
const admin = as('admin', 'X', 'X');
const bureau = as('bureau', 'X', 'X');
const city = as('bureau', 'city', null);

test.each<[string, Holding, Role, string | null, boolean]>([
  ['an admin a role of his county', admin, 'clinic', 'X', true],
  ['an admin another admin', admin, 'admin', 'X', true],
  ['an admin a role of the next county', admin, 'clinic', 'Y', false],
  ['an admin a role above the counties', admin, 'bureau', null, true],
  ['a bureau a role of its county', bureau, 'head', 'X', true],
  ['a bureau a role of the next county', bureau, 'head', 'Y', false],
  ['a bureau an admin', bureau, 'admin', 'X', false],
  ['a bureau an auditor', bureau, 'auditor', 'X', false],
  ['a bureau a role above the counties', bureau, 'bureau', null, false],
  ['an upper bureau a role of its own', city, 'bureau', null, false],
  ['an upper bureau a role of a county', city, 'clinic', 'X', false],
  ['a chief', as('chief', 'X', 'X'), 'clinic', 'X', false],
  ['a general hospital', as('general', 'g', 'X'), 'physician', 'X', false],
])('gives: %s', (_what, own, role, county, may) => expect(mayGive([own], role, county)).toBe(may));

test.each<[string, Holding, Holding[], boolean]>([
  ['a bureau that of a clinic’s contact', bureau, [as('clinic', 'a', 'X')], true],
  ['a bureau that of one who is also an admin', bureau, [as('clinic', 'a', 'X'), admin], false],
  ['a general hospital that of a physician', as('general', 'g', 'X'), [as('physician', 'h', 'X')], true],
  ['a general hospital that of the next county’s', as('general', 'g', 'X'), [as('physician', 'h', 'Y')], false],
  [
    'a general hospital that of a physician who is also a head',
    as('general', 'g', 'X'),
    [as('physician', 'h', 'X'), as('head', 'h', 'X')],
    false,
  ],
  ['a hospital that of its physician', as('hospital', 'h', 'X'), [as('physician', 'h', 'X')], false],
])('changes a phone: %s', (_what, own, held, may) => expect(mayChange([own], held)).toBe(may));

test.each<[string, Holding, Holding[], boolean]>([
  ['a head the people of the unit', as('head', 'a', 'X'), [as('clinic', 'a', 'X')], true],
  ['a head those of another', as('head', 'a', 'X'), [as('clinic', 'b', 'X')], false],
  ['a head who is more elsewhere', as('head', 'a', 'X'), [as('clinic', 'a', 'X'), bureau], false],
  ['a hospital its physician', as('hospital', 'h', 'X'), [as('physician', 'h', 'X')], true],
  ['a hospital its head', as('hospital', 'h', 'X'), [as('head', 'h', 'X')], false],
  ['a clinic its other contact', as('clinic', 'a', 'X'), [as('clinic', 'a', 'X')], true],
  ['a clinic its head', as('clinic', 'a', 'X'), [as('head', 'a', 'X')], false],
  ['a physician another', as('physician', 'h', 'X'), [as('physician', 'h', 'X')], false],
  ['a bureau whoever is of its county', bureau, [as('head', 'a', 'X'), as('physician', 'h', 'X')], true],
])('confirms: %s', (_what, own, held, may) => expect(mayConfirm([own], held)).toBe(may));

test('a role is of units that have it', () => {
  expect([
    hasRole('clinic', 'clinic'),
    hasRole('hospital', 'clinic'),
    hasRole('general', 'physician'),
    hasRole('bureau', 'auditor'),
  ]).toEqual([true, false, true, true]);
});
test('a role is over when its last day is', () => {
  const until = (d: string | null) => notOver({ until: d === null ? null : day(d) }, day('2024-05-08'));
  expect([until(null), until('2024-05-07'), until('2024-05-08')]).toEqual([true, false, true]);
});
