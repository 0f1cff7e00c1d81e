/** Who may file a report, be shown it, or take it further. */

import type { Day, Month } from '../core/day.ts';
import { shownOrg } from '../core/org-names.ts';
import { postedIn } from '../core/posting.ts';
import type { Filing, Report } from '../core/records.ts';
import type { Programme } from '../programmes/schema.ts';
import { heldOn } from './address.ts';
import type { Actor } from './command.ts';
import type { Read } from './ports.ts';
import { withParents } from './programmes.ts';
import { filerOf, type Unit } from './reports.ts';

/** As what an actor may file a unit's report. */
export const mayFile = async (
  read: Read,
  programme: Programme,
  actor: Pick<Actor, 'grants'>,
  unit: Unit,
  month: Month,
): Promise<Filing['as'] | 'no'> => {
  const { org, filer } = unit;
  const role = org.kind === 'clinic' ? 'clinic' : org.kind === 'hospital' ? 'hospital' : 'bureau';
  if (actor.grants.some(g => g.role === role && g.org === org.id)) return 'self';
  if (filer.does === 'compiles') return 'no';
  if (actor.grants.some(g => (g.role === 'bureau' || g.role === 'general') && g.county !== null && g.county === unit.county))
    return 'stand-in';
  const hospitals = actor.grants.filter(g => g.role === 'hospital').map(g => g.org);
  if (org.kind !== 'clinic' || !hospitals.length) return 'no';
  const postings = (await read.all('postings', { programme: programme.id, clinic: org.id, hospital: hospitals })).filter(p =>
    postedIn(p, month),
  );
  return postings.length ? 'stand-in' : 'no';
};

/** Somebody of a bureau over the unit; nobody accepts or returns their own. */
export const isOver = async (read: Read, actor: Pick<Actor, 'grants'>, unit: Unit): Promise<boolean> => {
  const bureaus = new Set(actor.grants.filter(g => g.role === 'bureau').map(g => g.org));
  if (!bureaus.size) return false;
  const from = unit.org.kind === 'bureau' ? unit.org : await read.get('orgs', unit.county);
  const chain = from ? await withParents(read, from) : [];
  return chain.some(o => o.id !== unit.org.id && bureaus.has(o.id));
};

/**
 * A bureau that compiles a report while nobody above it is in the bot: what its superiors said of it on paper or by telephone is
 * recorded by itself, with where it stands.
 */
export const isAlone = async (read: Read, programme: Programme, actor: Pick<Actor, 'grants'>, unit: Unit, today: Day): Promise<boolean> => {
  if (unit.org.kind !== 'bureau' || filerOf(programme, unit.org)?.does !== 'compiles') return false;
  if (!actor.grants.some(g => g.role === 'bureau' && g.org === unit.org.id)) return false;
  const over = (await withParents(read, unit.org)).slice(1).map(o => o.id);
  if (!over.length) return true;
  const there = (await read.all('grants', { org: over, role: 'bureau' })).filter(g => heldOn(g, today));
  return !there.length || (await read.count('accounts', { person: there.map(g => g.person), state: 'bound' })) === 0;
};

/** May be shown a unit's report: those who have a part in it, and everybody over it. */
export const maySee = async (
  read: Read,
  programme: Programme,
  actor: Pick<Actor, 'grants'>,
  unit: Unit,
  month: Month,
): Promise<boolean> => {
  if (actor.grants.some(g => g.role !== 'physician' && g.org === unit.org.id)) return true;
  if (
    actor.grants.some(
      g => (g.role === 'bureau' || g.role === 'general' || g.role === 'chief') && g.county !== null && g.county === unit.county,
    )
  )
    return true;
  if ((await mayFile(read, programme, actor, unit, month)) !== 'no') return true;
  const upper = new Set(actor.grants.filter(g => g.role === 'bureau' || g.role === 'chief').map(g => g.org));
  const from = unit.org.kind === 'bureau' ? unit.org : await read.get('orgs', unit.county);
  return from !== undefined && (await withParents(read, from)).some(o => upper.has(o.id));
};

/** The bureau whose report was made from a unit's: its name, and whether the actor records there what its superiors said. */
export interface Above {
  name: string;
  alone: boolean;
}
export const whoIsAbove = async (
  read: Read,
  programme: Programme,
  actor: Pick<Actor, 'grants'>,
  above: Pick<Report, 'org'> | undefined,
  today: Day,
): Promise<Above | null> => {
  const org = above && (await read.get('orgs', above.org));
  const filer = org && filerOf(programme, org);
  return org && filer ? { name: shownOrg(org), alone: await isAlone(read, programme, actor, { org, filer, county: org.id }, today) } : null;
};
