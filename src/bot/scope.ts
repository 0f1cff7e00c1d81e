/** What an actor may see: the own subtree, and in a group only what the group's units may see as well. */
import type { Org } from '../core/records.ts';
import type { Actor, Conversation } from './command.ts';
import type { Read, TallyQuery } from './ports.ts';

export type Scope = TallyQuery['scope'];

/** County bureaus at or under an organisation. */
export const countiesUnder = async (read: Read, bureau: Org): Promise<Org[]> => {
  if (bureau.level === 'county') return [bureau];
  const all = await read.all('orgs', { kind: 'bureau' });
  const under = (o: Org): boolean => o.id === bureau.id || (o.parent !== null && all.some(p => p.id === o.parent && under(p)));
  return all.filter(o => o.level === 'county' && under(o));
};

/** The widest view that the actor's roles of today give; undefined when they give none. */
export const scopeOf = async (read: Read, actor: Actor): Promise<Scope | undefined> => {
  const rank = ['bureau', 'chief', 'general', 'hospital', 'clinic', 'head', 'physician'];
  const grants = actor.grants.filter(g => rank.includes(g.role)).sort((a, b) => rank.indexOf(a.role) - rank.indexOf(b.role));
  for (const g of grants) {
    if (g.role === 'physician') return { person: g.person };
    const org = await read.get('orgs', g.org);
    if (!org) continue;
    if (org.kind === 'clinic') return { clinic: org.id };
    if (org.kind === 'hospital') return { hospital: org.id };
    if (org.kind === 'general') return org.county === null ? undefined : { county: org.county };
    return org.level === 'county' ? { county: org.id } : { counties: (await countiesUnder(read, org)).map(c => c.id) };
  }
  return undefined;
};

/** Several counties, whose visits would be thousands of lines. */
export const isWide = (scope: Scope | undefined): boolean =>
  scope?.counties !== undefined && scope.counties.length > 1 && !scope.clinic && !scope.hospital;

/** The asker's scope cut down to a named unit, or undefined when that is not the asker's to see. */
export const scopeNarrowed = async (read: Read, own: Scope, org: Org): Promise<Scope | undefined> => {
  const mine = own.county ? [own.county] : (own.counties ?? []);
  if (org.kind === 'bureau' && org.level === 'county') return mine.includes(org.id) ? { county: org.id } : undefined;
  if (org.kind === 'bureau') {
    const under = (await countiesUnder(read, org)).map(c => c.id);
    return own.counties && under.length && under.every(c => mine.includes(c)) ? { counties: under } : undefined;
  }
  if (org.kind === 'general') return org.county !== null && mine.includes(org.county) ? { county: org.county } : undefined;
  const unit: Scope = org.kind === 'clinic' ? { clinic: org.id } : { hospital: org.id };
  if (own.county || own.counties)
    return org.kind === 'clinic' && (org.county === null || !mine.includes(org.county)) ? undefined : { ...own, ...unit };
  if (own.person) return { ...own, ...unit };
  if (own.clinic) return org.kind === 'clinic' ? (org.id === own.clinic ? own : undefined) : { ...own, ...unit };
  if (own.hospital) return org.kind === 'hospital' ? (org.id === own.hospital ? own : undefined) : { ...own, ...unit };
  return undefined;
};

/** What may be shown of a scope in a conversation: all in direct chat; in a unit's own group what of it is that unit's; in a shared group nothing. */
export const scopeIn = async (read: Read, scope: Scope, conversation: Conversation): Promise<Scope | 'direct-only'> => {
  if (conversation.kind === 'direct') return scope;
  const orgs = conversation.group?.orgs ?? [];
  const org = orgs.length === 1 ? await read.get('orgs', orgs[0]!) : undefined;
  if (!org) return 'direct-only';
  // A hospital works in several counties, also where it lies in one of them.
  const county = org.kind === 'hospital' ? null : (org.county ?? (org.level === 'county' ? org.id : null));
  const own: Scope =
    org.kind === 'clinic' ? { clinic: org.id } : org.kind === 'hospital' ? { hospital: org.id } : county === null ? {} : { county };
  if (!Object.keys(own).length) return 'direct-only';
  const { clinic, hospital, person } = scope;
  if ((clinic && own.clinic && clinic !== own.clinic) || (hospital && own.hospital && hospital !== own.hospital)) return 'direct-only';
  // Somebody who is not sent to the group's unit sees nothing of it there, and the own matters in direct chat.
  if (person && !(await read.first('postings', { ...own, person }))) return 'direct-only';
  const counties = scope.county ? [scope.county] : scope.counties;
  if (counties && county !== null && !counties.includes(county)) return 'direct-only';
  return {
    ...(county === null && scope.county ? { county: scope.county } : {}),
    ...(county === null && scope.counties ? { counties: scope.counties } : {}),
    ...(clinic ? { clinic } : {}),
    ...(hospital ? { hospital } : {}),
    ...(person ? { person } : {}),
    ...own,
  };
};

/** Organisations that the actor acts for: own ones, and for general hospital and bureau every unit of the county. */
export const actsFor = (
  actor: Actor,
  org: Pick<Org, 'id' | 'county'>,
  on: readonly ('hospital' | 'clinic' | 'general' | 'bureau' | 'head')[] = ['hospital', 'clinic', 'general', 'bureau'],
): boolean =>
  actor.grants.some(
    g =>
      on.includes(g.role as never) &&
      (g.org === org.id || ((g.role === 'general' || g.role === 'bureau') && g.county !== null && g.county === org.county)),
  );

/** As what the actor may verify a visit; nobody verifies their own. */
export const mayVerifyFor = (
  actor: Actor,
  visit: { clinic: string; hospital: string; county: string; person: string },
): 'clinic' | 'stand-in' | 'own' | 'no' => {
  if (actor.person?.id === visit.person) return 'own';
  if (actor.grants.some(g => g.role === 'clinic' && g.org === visit.clinic)) return 'clinic';
  if (
    actor.grants.some(
      g =>
        (g.role === 'head' && g.org === visit.clinic) ||
        (g.role === 'hospital' && g.org === visit.hospital) ||
        ((g.role === 'bureau' || g.role === 'general') && g.county === visit.county),
    )
  )
    return 'stand-in';
  return 'no';
};
