/** A case as whoever has to do with it asks for it: what is known of it, which side he is, and which of several is meant. */
import { heldOn, holders } from '../../src/bot/address.ts';
import { type Asked, type Decision, refuse } from '../../src/bot/command.ts';
import { namesOf } from '../../src/bot/leaves.ts';
import type { Read } from '../../src/bot/ports.ts';
import { whatStillHolds } from '../../src/bot/programmes.ts';
import { type Day, sayDay } from '../../src/core/day.ts';
import type { Names } from '../../src/core/leave-cards.ts';
import type { Case, Statement, Visit } from '../../src/core/records.ts';
import type { Programme } from '../../src/programmes/schema.ts';

/** A case with what was said to it. */
export interface Heard {
  case: Case;
  visit: Visit | undefined;
  statements: (Statement & { said: string })[];
}
export interface Facts {
  heard: Heard | undefined;
  /** Cases that the actor has to do with, when none is named. */
  open: Case[];
  /** Days of the physician that were found before. */
  foundDays: Day[];
  names: Names;
  /** People of the bureau who weigh such cases. */
  deciders: string[];
}

/** Days by which a line about a case is weighed: the case's own, also when its programme is over. */
export const daysOfCase = async (read: Read, id: string | undefined, programme: Programme | null): Promise<Day[]> => {
  const named = id === undefined ? undefined : await read.get('cases', id);
  return named ? [named.day] : whatStillHolds(programme);
};

/** The case that is named, or those that the asker has to do with. */
export const caseFacts = async (read: Read, { actor, today, programme }: Asked, id: string | undefined): Promise<Facts> => {
  const found = id ? await read.get('cases', id) : undefined;
  const counties = actor.grants.filter(g => g.role === 'bureau').map(g => g.county ?? '');
  const hospitals = actor.grants.filter(g => g.role === 'hospital').map(g => g.org);
  const open = id
    ? []
    : [
        ...(counties.length ? await read.all('cases', { county: counties, state: ['open', 'objected'] }) : []),
        ...(hospitals.length ? (await read.all('cases', { state: ['open', 'decided'] })).filter(c => hospitals.includes(c.hospital)) : []),
        ...(actor.person ? await read.all('cases', { person: actor.person.id, state: ['open', 'decided'] }) : []),
      ];
  const about = found ? [found] : open;
  const statements = found ? await read.all('statements', { case: found.id }, { by: 'at' }) : [];
  const said = [];
  for (const s of statements) said.push({ ...s, said: (await read.unseal('statements', s.id, 'text')) ?? '' });
  const names = await namesOf(
    read,
    [...about.flatMap(c => [c.person, c.by]), ...statements.map(s => s.person), actor.person?.id ?? null],
    about.flatMap(c => [c.clinic, c.hospital, c.county]),
  );
  const office = programme?.absence?.office ?? programme?.supervision?.hospitals.office;
  const deciders = found ? await holders(read, found.county, 'bureau', today, office) : [];
  const leaders = found
    ? (await read.all('grants', { org: found.county, role: 'bureau', office: '分管领导' })).filter(g => heldOn(g, today))
    : [];
  return {
    heard: found && { case: found, visit: await read.get('visits', found.visit), statements: said },
    open: [...new Map(open.map(c => [c.id, c])).values()],
    foundDays: found
      ? (await read.all('cases', { person: found.person, finding: 'unexcused' }))
          .filter(c => c.id !== found.id && c.state !== 'closed')
          .map(c => c.day)
      : [],
    names,
    deciders: [...new Set([...leaders, ...deciders].map(g => g.person))],
  };
};

/** 张三 4月10日 周三 青山卫生院 */
export const title = (c: Case, names: Names, today: Day): string =>
  `${names.person(c.person)} ${sayDay(c.day, today)} ${names.org(c.clinic)}`;

/** A side of a case: the physician, or the hospital's own. */
export const sideOf = ({ actor }: Asked, c: Case): Statement['side'] | undefined =>
  c.person === actor.person?.id
    ? 'physician'
    : actor.grants.some(g => (g.role === 'hospital' || g.role === 'head') && g.org === c.hospital)
      ? 'hospital'
      : actor.grants.some(g => (g.role === 'clinic' || g.role === 'head') && g.org === c.clinic)
        ? 'clinic'
        : undefined;

/** There is no such case, or it is none of the asker's. */
export const unknown = (id: string | undefined): Decision => ({
  ...refuse('case.unknown', id ? `没有编号 ${id} 的待认定` : '没有要办的', '发 /待办 看等您的事'),
  private: true,
});

/** Which case? What was typed already stands behind the buttons. */
export const choose = (f: Facts, command: string, asked: Asked, typed: string, wanted: (c: Case) => boolean): Decision => {
  const cases = f.open.filter(wanted);
  return {
    reply: {
      code: cases.length ? 'case.which' : 'case.none',
      title: cases.length ? '哪一件？' : '没有要办的',
      tone: cases.length ? 'ask' : 'info',
      lines: cases.slice(0, 6).map(c => `编号${c.id} ${title(c, f.names, asked.today)}`),
      buttons: cases.slice(0, 6).map(c => ({ label: title(c, f.names, asked.today), command: `/${command} ${c.id} ${typed}`.trim() })),
    },
    replyIn: 'direct',
  };
};
