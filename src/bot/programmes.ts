/** Which programme holds for a county on a day: its own, else the one of the nearest bureau above. */
import { addDays, type Day, daysBetween, type Span, yearOf } from '../core/day.ts';
import type { Org } from '../core/records.ts';
import type { Programme } from '../programmes/schema.ts';
import type { Read } from './ports.ts';

/** An organisation and all above it, itself first. */
export const withParents = async (read: Read, org: Org): Promise<Org[]> => {
  const chain = [org];
  for (let at = org; at.parent !== null && chain.length < MOST_ABOVE; ) {
    const parent = await read.get('orgs', at.parent);
    if (!parent) break;
    chain.push(parent);
    at = parent;
  }
  return chain;
};
/** The same among organisations that were read. */
export const chainIn = (orgs: ReadonlyMap<string, Org>, org: Org): Org[] => {
  const chain = [org];
  for (let at: Org | undefined = org; at && chain.length < MOST_ABOVE; ) {
    at = at.parent === null ? undefined : orgs.get(at.parent);
    if (at) chain.push(at);
  }
  return chain;
};
const MOST_ABOVE = 6;

const inForce = (p: Programme, on: Day) => p.term.from <= on && on <= p.term.until;

/** By which programme a line is weighed that names nothing of its own: the one in force, else the last, whose open matters are still ended. */
export const whatStillHolds = (programme: Programme | null): Day[] => (programme ? [programme.term.until as Day] : []);

/** A posting ends with its programme: a new year's begins with a roster of its own. */
export const inItsTerm = (programmes: readonly Programme[], posting: { programme: string }, span: Span): boolean => {
  const own = programmes.find(p => p.id === posting.programme);
  return own === undefined || (own.term.from <= span.to && span.from <= own.term.until);
};

/** Of a bureau and those above it, nearest first, the first that has a programme in force on a day. */
export const programmeOf = (programmes: readonly Programme[], chain: readonly Org[], on: Day): Programme | undefined => {
  for (const org of chain) {
    const found = programmes.find(p => p.bureau === org.name && inForce(p, on));
    if (found) return found;
  }
  return undefined;
};

/** The programme in force for a bureau on a day. Mostly it is the county's own, and nothing above is read. */
export const programmeFor = async (read: Read, programmes: readonly Programme[], bureau: Org, on: Day): Promise<Programme | undefined> =>
  programmeOf(programmes, [bureau], on) ?? programmeOf(programmes, (await withParents(read, bureau)).slice(1), on);

/**
 * The programmes by which a span is counted: those that were in force in it, whichever holds today. Of a county its own, else the nearest
 * above; of what lies over several counties all of theirs.
 */
export const programmesOver = async (
  read: Read,
  programmes: readonly Programme[],
  county: string | undefined,
  span: Span,
): Promise<Programme[]> => {
  const there = programmes.filter(p => p.term.from <= span.to && span.from <= p.term.until);
  const bureau = county === undefined ? undefined : await read.get('orgs', county);
  if (!bureau) {
    const names = new Set((await read.all('orgs', { kind: 'bureau' })).map(o => o.name));
    return there.filter(p => names.has(p.bureau));
  }
  for (const org of await withParents(read, bureau)) {
    const own = there.filter(p => p.bureau === org.name);
    if (own.length) return own;
  }
  return [];
};

/** The year of a county's programme nearest to a day. */
export const nearestYear = async (
  read: Read,
  programmes: readonly Programme[],
  county: string | undefined,
  on: Day,
): Promise<number | undefined> => {
  const all = await programmesOver(read, programmes, county, { from: '0001-01-01' as Day, to: '9999-12-31' as Day });
  const away = (p: Programme) => Math.min(Math.abs(daysBetween(on, p.term.from)), Math.abs(daysBetween(on, p.term.until)));
  const [nearest] = [...all].sort((a, b) => away(a) - away(b));
  return nearest && yearOf(nearest.term.until < on ? nearest.term.until : nearest.term.from);
};

/** The programmes of a bureau that ended before a day or begin after it, nearest first. */
export const programmesAround = async (
  read: Read,
  programmes: readonly Programme[],
  bureau: Org,
  on: Day,
): Promise<{ before: Programme | undefined; after: Programme | undefined }> => {
  const names = new Set((await withParents(read, bureau)).map(o => o.name));
  const mine = programmes.filter(p => names.has(p.bureau));
  return {
    before: mine
      .filter(p => p.term.until < on && p.term.until > addDays(on, -400))
      .sort((a, b) => (a.term.until < b.term.until ? 1 : -1))[0],
    after: mine.filter(p => p.term.from > on && p.term.from < addDays(on, 400)).sort((a, b) => (a.term.from < b.term.from ? -1 : 1))[0],
  };
};
