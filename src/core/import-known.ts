/** What every import is weighed with: units and people by their names, and phones that change. */
import type { Outgoing } from './card.ts';
import { type Day, monthOf } from './day.ts';
import { mayChange, notOver } from './giving.ts';
import { isMobile, maskPhone } from './names.ts';
import { lastsTo } from './posting.ts';
import type { Change, Grant, Org, Person, Posting } from './records.ts';
import type { RowProblem } from './roster.ts';

/** What is known when an import is weighed. */
export interface ImportKnown {
  /** The county bureau in whose programme it is. */
  county: Org;
  orgs: readonly Org[];
  people: readonly Person[];
  grants: readonly Grant[];
  /** Postings of the programme that hold now or later. */
  postings: readonly Posting[];
  acceptances: ReadonlySet<string>;
  programme: string;
  /** Clinics whose physicians come as the clinic arranges, by full name. */
  arranged: ReadonlySet<string>;
  today: Day;
  /** Roles of whoever imports. */
  own: readonly Grant[];
  /** Who of the people can be written to. */
  reached: ReadonlySet<string>;
}

export type Found = { org: Org } | { many: Org[] } | undefined;

/** Lists by what they are looked up by: a table may have ten thousand rows. */
export const byKeys = <T>(all: readonly T[], keysOf: (one: T) => readonly string[]): ReadonlyMap<string, T[]> => {
  const found = new Map<string, T[]>();
  for (const one of all)
    for (const key of new Set(keysOf(one))) {
      const there = found.get(key);
      if (there) there.push(one);
      else found.set(key, [one]);
    }
  return found;
};

/** Finds a unit by its full name or by a short one that only it has. */
export const unitsOf = (known: Pick<ImportKnown, 'orgs'>, kinds: readonly Org['kind'][]): ((name: string) => Found) => {
  const own = known.orgs.filter(o => kinds.includes(o.kind));
  const full = byKeys(own, o => [o.name]);
  const short = byKeys(own, o => o.names);
  return name => {
    const exact = full.get(name)?.[0];
    if (exact) return { org: exact };
    const fits = short.get(name) ?? [];
    return fits.length === 1 ? { org: fits[0]! } : fits.length > 1 ? { many: fits } : undefined;
  };
};

export const regionsOf = (known: ImportKnown): string[] => [known.county.city, known.county.district].filter(r => r !== null);

/** Phone fields as a table has them; none where nothing changes. A published mask never takes the place of a complete number. */
export const phoneOf = (old: Person | undefined, typed: string): Partial<Pick<Person, 'phone' | 'phoneMask' | 'phoneFull'>> => {
  const full = isMobile(typed);
  return typed === '' || (old?.phoneFull && !full) || maskPhone(typed) === old?.phoneMask
    ? {}
    : { phone: full ? typed : null, phoneMask: maskPhone(typed), phoneFull: full };
};

/** A phone that is another afterwards. */
export interface PhoneChange {
  person: Person;
  /** As it may be shown. */
  from: string | null;
  to: string;
  /** Holds a role beside that of a physician: whoever has this phone may act for a unit. */
  staff: boolean;
}

/** What a row would change of somebody's phone, or why it may not. */
export const phoneChangeOf = (
  { own, today }: ImportKnown,
  person: Person,
  held: readonly Grant[],
  row: { no: number; phone: string },
  column: string,
): PhoneChange | RowProblem | undefined => {
  const { phoneMask: to } = phoneOf(person, row.phone);
  if (!to) return undefined;
  const now = held.filter(g => notOver(g, today));
  if (mayChange(own, now)) return { person, from: person.phoneMask, to, staff: now.some(g => g.role !== 'physician') };
  const above = now.some(g => g.role === 'admin' || g.role === 'auditor');
  const who = above ? '系统管理员' : '卫健局';
  return { row: row.no, column, reason: `${person.name}的手机由${who}改，这格请留空` };
};

/** 手机变动 2 人：张三 138****1234→139****5678、…; staff first. */
export const sayPhones = (phones: readonly PhoneChange[]): string[] => {
  if (!phones.length) return [];
  const shown = [...phones].sort((a, b) => Number(b.staff) - Number(a.staff)).slice(0, MOST_PHONES);
  const each = shown.map(p => `${p.person.name} ${p.from ?? '无'}→${p.to}`).join('、');
  return [`手机变动 ${phones.length} 人：${each}${phones.length > MOST_PHONES ? '等' : ''}`];
};
const MOST_PHONES = 3;

/** Staff whose phone was changed hear of it where they are reached now. */
export const phonesTold = ({ reached }: ImportKnown, phones: readonly PhoneChange[], by: { turn: number; name: string }): Outgoing[] =>
  phones
    .filter(p => p.staff && reached.has(p.person.id))
    .map(p => ({
      key: `phone/${by.turn}/${p.person.id}`,
      to: { person: p.person.id },
      class: 'news',
      about: 'person',
      card: {
        code: 'phone.changed',
        title: `您的手机号改为 ${p.to}`,
        tone: 'urgent',
        lines: [`原来 ${p.from ?? '没有'}，由${by.name}导入`, '号码对就不用管', '不对请马上告诉系统管理员'],
      },
      inGroup: { code: 'phone.changed', title: `${p.person.name}：手机号有变动`, tone: 'urgent', lines: ['请私聊我发：我的'] },
    }));

/** How many of the units that send or receive physicians have nobody who answers for them. `changes`: what the table makes. */
export const withoutContact = ({ postings, grants, today }: ImportKnown, changes: readonly Change[]): number => {
  const made = changes.flatMap(c => (c.table === 'postings' && c.to ? [c.to] : []));
  const gone = new Set(changes.flatMap(c => (c.table === 'postings' ? [c.id] : [])));
  const posted = [...postings.filter(p => !gone.has(p.id)), ...made].filter(p => lastsTo(p, monthOf(today)));
  const answered = new Set(grants.filter(g => g.until === null || g.until >= today).map(g => `${g.role} ${g.org}`));
  const units = new Set(posted.flatMap(p => [`clinic ${p.clinic}`, `hospital ${p.hospital}`]));
  return [...units].filter(u => !answered.has(u)).length;
};
