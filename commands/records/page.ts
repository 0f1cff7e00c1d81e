/** A page of the journal, newest first, walked in stretches between which others are heard. Days are found by halving: the journal is in the order of time, and has no index of it. */
import { type JournalQuery, type JournalRow, type Read } from '../../src/bot/ports.ts';
import { addDays, at, type Day, type Instant } from '../../src/core/day.ts';

/** What of the journal is asked for. */
export interface Wanted {
  person?: string | undefined;
  /** What was typed for it. */
  command?: string | undefined;
  days?: readonly { from: Day; to: Day }[] | undefined;
  /** A matter's number, or a record. */
  ref?: string | undefined;
  /** Only what stands before this row. */
  before?: number | undefined;
}
export interface Page {
  rows: JournalRow[];
  /** Where it goes on: before this row. */
  next: number | undefined;
}

/** Rows of a page. */
export const MOST = 50;
const CHUNK = MOST + 1;
/** Rows that one look walks over at most: some hundredths of a second where nothing of them is meant. */
const STRETCH = 10_000;
/** How often it is looked for one page, where little of the journal is meant; then it goes on with the next. */
const LOOKS = 40;
/** Turns do not end quite in the order in which they began. */
const SLACK = 3_600_000;

/** From the newest; what overlaps or touches is one. */
const stretches = (days: readonly { from: Day; to: Day }[]): { from: Instant; until: Instant }[] => {
  const merged: { from: Instant; until: Instant }[] = [];
  for (const d of [...days].sort((a, b) => (a.to < b.to ? 1 : -1))) {
    const [from, until] = [at(d.from, '00:00'), at(addDays(d.to, 1), '00:00')];
    const last = merged.at(-1);
    if (last && until >= last.from) last.from = Math.min(last.from, from);
    else merged.push({ from, until });
  }
  return merged;
};

/** The first row's number from which on all were written at that time or later. */
const firstAt = async (read: Read, time: Instant): Promise<number> => {
  const [newest] = await read.journal({}, 1);
  let [low, high] = [0, (newest?.seq ?? 0) + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [row] = await read.journal({ below: middle + 1 }, 1);
    if (!row || row.at < time) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Rows of a turn stand together: a matter and its parts are in no row before it began. 0: it is not known when. */
const begunIn = async (read: Read, ref: string | undefined): Promise<{ turn: number; last: number } | undefined> => {
  const turn = ref === undefined ? undefined : /^(\d+)(?:[-/]|$)/.exec(ref)?.[1];
  const [row] = turn === undefined ? [] : await read.journal({ turn: Number(turn) }, 1);
  return row && { turn: row.turn, last: row.seq };
};

/** What the bot only asked is no record. */
export const pageOf = async (read: Read, { person, command, days = [], ref, before }: Wanted): Promise<Page> => {
  const where: JournalQuery = {
    ...(person ? { actor: person } : {}),
    ...(command ? { command } : {}),
    ...(ref ? (/^\d+$/.test(ref) ? { matter: Number(ref) } : { row: ref }) : {}),
  };
  const begun = await begunIn(read, ref);
  const end = ((await read.journal({}, 1))[0]?.seq ?? 0) + 1;
  const rows: JournalRow[] = [];
  let looks = 0;
  for (const stretch of days.length ? stretches(days) : [undefined]) {
    const { from, until } = stretch ?? { from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };
    let below = Math.min(before ?? end, stretch && !ref ? await firstAt(read, until + SLACK) : end);
    const first = stretch && !ref ? await firstAt(read, from - SLACK) : 1;
    while (below > first) {
      if (looks++ === LOOKS) return { rows, next: below };
      // What is older than the matter's beginning is not walked: of its own turn there is an index.
      const own = begun !== undefined && below <= begun.last + 1;
      const above = Math.max(first, own ? 0 : (begun?.last ?? 0) + 1, own ? 0 : below - STRETCH) - 1;
      const some = await read.journal({ ...where, ...(own ? { turn: begun.turn } : { above }), below }, CHUNK);
      for (const row of some) {
        if (row.table !== 'questions' && from <= row.at && row.at < until) {
          if (rows.length === MOST) return { rows, next: rows.at(-1)!.seq };
          rows.push(row);
        }
        below = row.seq;
      }
      if (some.length === CHUNK) continue;
      if (own) break;
      below = above + 1;
      await new Promise(setImmediate);
    }
  }
  return { rows, next: undefined };
};
