/** What /导入 is asked with: a table, or a button on one that was shown. */

import { z } from 'zod';
import type { Actor, Asked } from '../../src/bot/command.ts';
import { leaveFiles } from '../../src/bot/leaves.ts';
import { inPages } from '../../src/bot/pages.ts';
import type { Read } from '../../src/bot/ports.ts';
import type { MergeKnown, MergeRead } from '../../src/core/annex-merge.ts';
import { type Month, monthOf, monthSpan } from '../../src/core/day.ts';
import { type Ahead, holdsFrom } from '../../src/core/import-ended.ts';
import type { ImportKnown } from '../../src/core/import-known.ts';
import { looksLikePaperTotals, type PaperKnown } from '../../src/core/paper-totals.ts';
import { lastsTo } from '../../src/core/posting.ts';
import type { Draft, Role } from '../../src/core/records.ts';
import { filledDown, parseTable } from '../../src/core/table-text.ts';

export const args = z.object({
  since: z
    .string()
    .transform(m => m as Month)
    .optional(),
  text: z.string().optional(),
});

export type Args = z.infer<typeof args>;

export interface Facts {
  known: ImportKnown | undefined;
  draft: Draft | undefined;
  /** Rows of the draft, unsealed. */
  kept: unknown;
  /** What paper totals are weighed against; only where some are meant. */
  paper: PaperKnown | undefined;
  /** What is planned ahead; only where a roster is meant. */
  ahead: Ahead;
  /** A unit's filled form, and what is stored beside it. */
  merge: { read: MergeRead; known: MergeKnown } | undefined;
}

const NOTHING: Ahead = { visits: [], leaves: [], publications: [] };

/** What is planned from the day on from which a roster would hold. */
export const aheadFor = async (
  read: Read,
  known: ImportKnown | undefined,
  { args, programme, today }: Asked<Args>,
  draft: Draft | undefined,
): Promise<Ahead> => {
  if (!known?.postings.length || !programme || (draft && (draft.kind !== 'roster' || draft.state !== 'waiting'))) return NOTHING;
  const from = holdsFrom(draft?.from ?? args.since ?? monthOf(today), today);
  const county = known.county.id;
  return {
    visits: await read.all('visits', { programme: programme.id, county, state: 'on', day: { from } }),
    leaves: await leaveFiles(read, await read.all('leaves', { county, state: 'open' })),
    publications: await read.all('publications', { month: { from: monthOf(from) } }),
  };
};

/** The table that a file or a text carries. */
export const tableOf = ({ content, args }: Asked<Args>): string[][] =>
  content.kind === 'file'
    ? filledDown(content.rows ?? [], content.traits?.down ?? [])
    : parseTable((args.text ?? '').replace(/^\s*(联络员|安排表|名单|附件[123一二三])\s*/, ''));

export const paperFor = async (
  read: Read,
  known: ImportKnown | undefined,
  asked: Asked<Args>,
  draft: Draft | undefined,
): Promise<PaperKnown | undefined> => {
  const { programme, today } = asked;
  if (!known || !programme || !(draft ? draft.kind === 'paper-totals' : looksLikePaperTotals(tableOf(asked)))) return undefined;
  const where = { programme: programme.id, county: known.county.id };
  const visits = await read.all('visits', { ...where, state: 'on', day: { to: today } });
  const visited = visits.filter(v => v.presence !== 'not-there');
  const counted = new Map<string, number>();
  for (const month of new Set(visited.map(v => monthOf(v.day))))
    for (const row of await read.tally({
      programme: programme.id,
      span: monthSpan(month),
      by: 'clinic',
      scope: { county: known.county.id },
      upTo: today,
    }))
      counted.set(`${row.key} ${month}`, row.verified);
  return {
    county: known.county,
    orgs: known.orgs,
    programme,
    counted,
    existing: await read.all('paperTotals', where),
    visited: new Set(visited.map(v => `${v.clinic} ${monthOf(v.day)}`)),
    today,
  };
};

/** With the rows, where they are many. */
export const BUTTON = /^(确认|保留|放弃)\s+(\S+?)(?:\s+共(\d+)行)?$/;

export type How = '确认' | '保留' | '放弃';

/** A table of more rows is read and weighed beside the turns. */
export const LONG = 500;

/** What a draft is called with, by its buttons. */
export const called = (draft: Draft, rows: number): string => (rows > LONG ? `${draft.id} 共${rows}行` : draft.id);

/** Problems and notices that fit a card; the count says how many there are. */
export const MOST = 5;

const MAY_IMPORT: readonly Role[] = ['bureau', 'admin', 'general'];

/** Only who may give roles at all imports contacts. */
export const mayImportContacts = (actor: Actor): boolean => actor.grants.some(g => g.role === 'bureau' || g.role === 'admin');

export const knownFor = async (read: Read, { actor, programme, today }: Asked<Args>): Promise<ImportKnown | undefined> => {
  // The county for which somebody may import, not one where he has another role.
  const countyId = actor.grants.find(g => g.county !== null && MAY_IMPORT.includes(g.role))?.county;
  const county = countyId ? await read.get('orgs', countyId) : undefined;
  if (!county || !programme) return undefined;
  return {
    county,
    orgs: await read.all('orgs', {}),
    people: await inPages(read, 'people', {}),
    grants: await inPages(read, 'grants', {}),
    postings: (await inPages(read, 'postings', { programme: programme.id, county: county.id })).filter(p => lastsTo(p, monthOf(today))),
    acceptances: new Set((await read.all('acceptances', {})).map(a => a.id)),
    programme: programme.id,
    arranged: new Set(programme.duty?.exempt.map(e => e.clinic) ?? []),
    today,
    own: actor.grants,
    reached: new Set((await read.distinct('accounts', ['person'], { state: 'bound' })).map(a => a.person)),
  };
};
