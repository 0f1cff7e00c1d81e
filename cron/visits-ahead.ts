/** What a job about planned visits needs to know: visits of some days, with names. */

import { heldOn } from '../src/bot/address.ts';
import type { JobContext } from '../src/bot/job.ts';
import { leaveFiles } from '../src/bot/leaves.ts';
import type { Read } from '../src/bot/ports.ts';
import type { Span } from '../src/core/day.ts';
import type { LeaveFile } from '../src/core/leave-cards.ts';
import type { Org, Person, Visit } from '../src/core/records.ts';
import { byDay } from '../src/core/visit.ts';

export interface VisitFacts {
  visits: Visit[];
  people: Map<string, Person>;
  orgs: Map<string, Org>;
  /** Leaves asked from these visits, open or granted. */
  leaves: LeaveFile[];
}

/** Visits that are on in a span, of one county's programme, in order of day. */
export const visitsIn = async (
  read: Read,
  { programme, county }: Pick<JobContext, 'programme' | 'county'>,
  span: Span,
): Promise<VisitFacts> => {
  const visits = (await read.all('visits', { programme: programme!.id, county, day: span, state: 'on' })).sort(byDay);
  const lines = visits.length ? await read.all('leaveVisits', { visit: visits.map(v => v.id), state: 'on' }) : [];
  const asked = [...new Set(lines.map(l => l.leave))];
  const people = [...new Set(visits.map(v => v.person))];
  const orgs = [...new Set(visits.flatMap(v => [v.clinic, v.hospital]))];
  return {
    visits,
    leaves: asked.length ? await leaveFiles(read, await read.all('leaves', { id: asked, state: ['open', 'approved'] })) : [],
    people: new Map((people.length ? await read.all('people', { id: people }) : []).map(p => [p.id, p])),
    orgs: new Map((orgs.length ? await read.all('orgs', { id: orgs }) : []).map(o => [o.id, o])),
  };
};

/** The visits of each clinic. */
export const byClinic = (visits: readonly Visit[]): Map<string, Visit[]> => {
  const map = new Map<string, Visit[]>();
  for (const v of visits) map.set(v.clinic, [...(map.get(v.clinic) ?? []), v]);
  return map;
};

/** What a job needs to know that asks the clinics about visits. */
export interface AskedFacts extends VisitFacts {
  /** Who looks after a unit's visits: unit and person. */
  held: Set<string>;
}
export const askedIn = async (read: Read, context: Pick<JobContext, 'programme' | 'county' | 'today'>, span: Span): Promise<AskedFacts> => {
  const base = await visitsIn(read, context, span);
  const units = [...base.orgs.keys()];
  const grants = units.length ? await read.all('grants', { role: ['clinic', 'hospital'], org: units }) : [];
  return { ...base, held: new Set(grants.filter(g => heldOn(g, context.today)).map(g => `${g.org} ${g.person}`)) };
};

/** The visits of each clinic, and apart from them those of whoever would be asked: nobody is asked about their own. */
export const byWhoIsAsked = (visits: readonly Visit[], held: ReadonlySet<string>): { clinic: string; visits: Visit[]; not?: string }[] =>
  [...byClinic(visits)].flatMap(([clinic, all]) => {
    // The hospital is asked only where the clinic has nobody.
    const staffed = [...held].some(h => h.startsWith(`${clinic} `));
    const looksAfter = (v: Visit) => held.has(`${staffed ? clinic : v.hospital} ${v.person}`);
    const own = [...new Set(all.filter(looksAfter).map(v => v.person))];
    const rest = all.filter(v => !own.includes(v.person));
    return [
      ...(rest.length ? [{ clinic, visits: rest }] : []),
      ...own.map(not => ({ clinic, visits: all.filter(v => v.person === not), not })),
    ];
  });

/** The leave that is asked from a visit and not yet decided. */
export const openLeaveOf = (f: VisitFacts, v: Visit): LeaveFile | undefined =>
  f.leaves.find(l => l.leave.state === 'open' && l.visits.some(x => x.visit === v.id && x.state === 'on'));
