/** What is stored of the clinics and months that a unit's file speaks of. */
import type { MergeKnown, MergeRow } from '../core/annex-merge.ts';
import { type Day, monthOf } from '../core/day.ts';
import type { Programme } from '../programmes/schema.ts';
import { linesOf } from './lines.ts';
import type { Read } from './ports.ts';

export const knownForMerge = async (read: Read, programme: Programme, county: string, rows: readonly MergeRow[]): Promise<MergeKnown> => {
  const orgs = await read.all('orgs', { kind: 'clinic', county });
  const named = new Set(rows.map(r => r.clinic));
  const clinics = orgs.filter(o => named.has(o.name) || o.names.some(n => named.has(n))).map(o => o.id);
  const days = rows.map(r => r.day).sort();
  if (!clinics.length || !days.length) return { orgs, people: [], lines: [], months: [], closed: [] };
  const from = monthOf(days[0]!);
  const to = monthOf(days.at(-1)!);
  const lines = await linesOf(read, programme.id, { county, clinics }, { from: `${from}-01` as Day, to: `${to}-31` as Day });
  const people = [...new Set(lines.map(l => l.person))];
  return {
    orgs,
    people: people.length ? await read.all('people', { id: people }) : [],
    lines,
    months: await read.all('unitMonths', { programme: programme.id, org: clinics, month: { from, to } }),
    closed: await read.all('reports', { programme: programme.id, org: clinics, month: { from, to }, state: ['accepted', 'locked'] }),
  };
};
