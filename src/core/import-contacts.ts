/** What a list of contacts changes: people and their roles, at units that are known. */
import { type ContactRow, roleWord } from './contacts.ts';
import type { Day } from './day.ts';
import { hasRole, mayGive, notOver } from './giving.ts';
import { byKeys, type ImportKnown, type PhoneChange, phoneChangeOf, phoneOf, regionsOf, unitsOf } from './import-known.ts';
import { shortNames } from './org-names.ts';
import { type Change, newPerson, numbering, type Org, type Person } from './records.ts';
import type { RowProblem } from './roster.ts';

/** People of the county by name: of several none is guessed. */
const peopleOf = (known: ImportKnown) => {
  const named = byKeys(known.people, p => [p.name]);
  const grants = byKeys(known.grants, g => [g.person]);
  const of = (person: string) => grants.get(person) ?? [];
  return {
    of,
    personOf: (name: string, org: string | undefined): Person | undefined => {
      const same = (named.get(name) ?? []).filter(p => of(p.id).some(g => g.org === org || g.county === known.county.id));
      return same.length === 1 ? same[0] : undefined;
    },
    holds: (person: string, r: ContactRow, org: string): boolean =>
      of(person).some(g => g.role === r.role && g.org === org && g.office === r.office && notOver(g, known.today)),
  };
};

export interface ContactPlan {
  /** The unit of each row; a new one by its name. */
  units: (Org | string)[];
  problems: RowProblem[];
  phones: PhoneChange[];
}

/** What rows change, or everything that is in the way. A general hospital may be new by its own name; a role is given only by whoever could give it by /授权. */
export const planContacts = (known: ImportKnown, rows: readonly ContactRow[]): ContactPlan => {
  const problems: RowProblem[] = [];
  const phones = new Map<string, PhoneChange>();
  const unitOf = unitsOf(known, ['clinic', 'hospital', 'general', 'bureau']);
  const { of, personOf, holds } = peopleOf(known);
  const met = new Set<string>();
  const units = rows.map(r => {
    const bad = (column: string, reason: string) => problems.push({ row: r.no, column, reason });
    const found = unitOf(r.unit);
    const org = found && 'org' in found ? found.org : undefined;
    if (found && 'many' in found) bad('单位', `“${r.unit}”有${found.many.length}家，请写全名：${found.many.map(o => o.name).join('、')}`);
    else if (!org && !/总医院$/.test(r.unit)) bad('单位', `没有“${r.unit}”，请先导入安排表或写全名`);
    else {
      const person = personOf(r.name, org?.id);
      const held = person && org ? holds(person.id, r, org.id) : false;
      if (!hasRole(org?.kind ?? 'general', r.role)) bad('角色', `${r.unit}没有${roleWord(r.role)}`);
      else if (!held && !mayGive(known.own, r.role, org ? org.county : known.county.id))
        bad('角色', `${roleWord(r.role)}由${mayGiveWho(r.role, org)}导入`);
      // Of somebody's several rows the first says the phone.
      const phone = person && !met.has(person.id) && phoneChangeOf(known, person, of(person.id), r, '手机');
      if (person) met.add(person.id);
      if (phone && 'row' in phone) problems.push(phone);
      else if (phone) phones.set(phone.person.id, phone);
    }
    return org ?? r.unit;
  });
  return { units, problems, phones: [...phones.values()] };
};

const mayGiveWho = (role: ContactRow['role'], org: Org | undefined): string =>
  role === 'admin' || role === 'auditor' || org?.county === null ? '系统管理员' : '卫健局';

/** Everything that a confirmed list changes, in one turn. */
export const contactChanges = (
  known: ImportKnown,
  rows: readonly ContactRow[],
  units: readonly (Org | string)[],
  act: { turn: number; today: Day },
): Change[] => {
  const changes: Change[] = [];
  const next = numbering(act.turn);
  const made = new Map<string, Org>();
  const people = new Map<string, string>();
  const { personOf, holds } = peopleOf(known);
  rows.forEach((r, i) => {
    const unit = units[i]!;
    let org = typeof unit === 'string' ? made.get(unit) : unit;
    if (!org) {
      org = {
        id: next('orgs'),
        kind: 'general',
        level: 'county',
        name: unit as string,
        names: shortNames(unit as string, regionsOf(known)),
        city: known.county.city,
        district: known.county.district,
        parent: known.county.id,
        county: known.county.id,
        type: 'county',
        phone: null,
        phoneMask: null,
        need: null,
        order: null,
        place: null,
      };
      made.set(org.name, org);
      changes.push({ table: 'orgs', id: org.id, to: org });
    }
    const old = personOf(r.name, org.id);
    const key = old?.id ?? `${r.name} ${r.phone}`;
    let id = people.get(key);
    if (!id) {
      id = old?.id ?? next('people');
      people.set(key, id);
      const to: Person = {
        ...newPerson(id, r.name),
        ...old,
        ...phoneOf(old, r.phone),
      };
      if (!old || JSON.stringify(old) !== JSON.stringify(to)) changes.push({ table: 'people', id, to });
    }
    const person = id;
    if (holds(person, r, org.id)) return;
    const grant = next('grants');
    changes.push({
      table: 'grants',
      id: grant,
      to: {
        id: grant,
        person,
        role: r.role,
        org: org.id,
        office: r.office,
        county: org.kind === 'bureau' && org.level !== 'county' ? null : known.county.id,
        deputy: r.deputy,
        from: act.today,
        until: null,
      },
    });
  });
  return changes;
};
