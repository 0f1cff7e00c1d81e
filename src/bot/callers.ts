/** Who draws and calls beneficiaries, and who reads their names and numbers: people of the bureau whom the bureau has named for it; a clinic reads those it served. */
import type { Org } from '../core/records.ts';
import type { Programme } from '../programmes/schema.ts';
import { type Actor, type Asked, holds } from './command.ts';
import type { Read } from './ports.ts';
import { programmesAround } from './programmes.ts';

/** The office that a named caller holds. */
export const CALLER = '回访员';

export const callsFor = (actor: Actor): string[] => [
  ...new Set(actor.grants.filter(g => g.role === 'bureau' && g.office === CALLER && g.county !== null).map(g => g.county!)),
];

/** Who reads names and numbers, in words. */
export const READERS = '受援单位专人和卫健局指定的回访员';
export const readsVillagers = (actor: Actor, of: { clinic?: string; county?: string }): boolean =>
  (of.clinic !== undefined && holds(actor, 'clinic', of.clinic)) || (of.county !== undefined && callsFor(actor).includes(of.county));

/** The programme that was called about: the one in force, or the one that ended last, since calls go on after a year's end. */
const calledProgramme = async (
  read: Read,
  asked: Pick<Asked, 'programme' | 'programmes' | 'today'>,
  county: Org,
): Promise<Programme | null> => asked.programme ?? (await programmesAround(read, asked.programmes, county, asked.today)).before ?? null;

/** The county that the asker calls for, and the programme that is called about. */
export const callingFor = async (
  read: Read,
  asked: Pick<Asked, 'actor' | 'programme' | 'programmes' | 'today'>,
): Promise<{ county: string | undefined; programme: Programme | null }> => {
  const [county] = callsFor(asked.actor);
  const org = county === undefined ? undefined : await read.get('orgs', county);
  return { county, programme: org ? await calledProgramme(read, asked, org) : null };
};

/** How one becomes a caller. */
export const NOT_CALLER = ['由卫健局指定：/授权 姓名 卫健局工作人员 回访员', '群众信息只给指定的人'] as const;
