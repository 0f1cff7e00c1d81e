/** Who may confirm an account as somebody's, or a role that is asked for; and who of them is asked. */
import type { Day } from '../core/day.ts';
import { type Holding, mayConfirm, notOver } from '../core/giving.ts';
import type { Grant, Org, Person, Request, Role } from '../core/records.ts';
import { heldOn, holders } from './address.ts';
import type { Read } from './ports.ts';

/** What a yes would give to an account. */
export interface Claim {
  kind: Request['kind'];
  /** Who the account would be; undefined: somebody new. */
  person: Person | undefined;
  /** All that it could do then. */
  held: Holding[];
  /** Units and county bureaus that know the person. */
  units: string[];
  counties: string[];
  hospital: string | undefined;
}

/** Staff on no list are whoever is known by that name and has no account yet. */
const meant = async (read: Read, r: Pick<Request, 'person' | 'name'>): Promise<Person | undefined> => {
  if (r.person) return read.get('people', r.person);
  const named = await read.all('people', { name: r.name });
  const [only, ...more] = named;
  return only && !more.length && !(await read.count('accounts', { person: only.id, state: 'bound' })) ? only : undefined;
};

export const claimOf = async (read: Read, r: Pick<Request, 'kind' | 'person' | 'name' | 'org' | 'role'>, today: Day): Promise<Claim> => {
  const person = await meant(read, r);
  const grants = person ? await read.all('grants', { person: person.id }) : [];
  const known = r.kind === 'staff' ? [] : [...grants.map(g => g.org), ...(person?.hospital ? [person.hospital] : [])];
  const units = [...new Set([...(r.org ? [r.org] : []), ...known])];
  const orgs: Org[] = units.length ? await read.all('orgs', { id: units }) : [];
  const asked = orgs.find(o => o.id === r.org);
  return {
    kind: r.kind,
    person,
    held: [...grants.filter(g => notOver(g, today)), ...(r.role && asked ? [{ role: r.role, org: asked.id, county: asked.county }] : [])],
    units,
    counties: [...new Set([...(r.kind === 'staff' ? [] : grants.map(g => g.county)), ...orgs.map(o => o.county)])].filter(c => c !== null),
    hospital: person?.hospital ?? orgs.find(o => o.kind === 'hospital')?.id,
  };
};

/** Somebody who knows the person, and who could give all that the account could do then. */
export const mayAnswer = (own: readonly Grant[], claim: Claim): boolean =>
  own.some(
    g =>
      g.role === 'admin' ||
      (g.role === 'bureau' && g.county !== null && claim.counties.includes(g.county)) ||
      (claim.units.includes(g.org) && (g.role === 'head' || (claim.kind !== 'staff' && (g.role === 'hospital' || g.role === 'clinic')))),
  ) && mayConfirm(own, claim.held);

/** People who are asked: of the unit and of the bureau's office, as far as they may and can be written to; else whoever else may. */
export const confirmersOf = async (read: Read, claim: Claim, office: string, today: Day): Promise<string[]> => {
  const able = async (of: readonly Grant[]): Promise<string[]> => {
    const people = [...new Set(of.map(g => g.person))].filter(p => p !== claim.person?.id);
    if (!people.length) return [];
    const grants = (await read.all('grants', { person: people })).filter(g => heldOn(g, today));
    const reached = new Set((await read.all('accounts', { person: people, state: 'bound' })).map(a => a.person));
    const mayOf = (p: string) =>
      mayAnswer(
        grants.filter(g => g.person === p),
        claim,
      );
    return people.filter(p => reached.has(p) && mayOf(p));
  };
  const at = async (orgs: readonly (string | undefined)[], role: Role, of?: string): Promise<Grant[]> =>
    (await Promise.all(orgs.flatMap(o => (o === undefined ? [] : [holders(read, o, role, today, of)])))).flat();
  const [county] = claim.counties;
  const unit = claim.kind === 'staff' ? await at(claim.units, 'head') : await at([claim.hospital], 'hospital');
  const first = await able([...unit, ...(await at([county], 'bureau', office))]);
  if (first.length) return first;
  return able([...(await at(claim.counties, 'bureau')), ...(await read.all('grants', { role: 'admin' })).filter(g => heldOn(g, today))]);
};
