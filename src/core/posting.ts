/** Postings are kept by whole months; one that ended early is over within its last (src/core/early-end.ts). */
import type { Month } from './day.ts';
import type { Posting } from './records.ts';

/** It has not ended before a month. */
export const lastsTo = ({ until }: Pick<Posting, 'until'>, month: Month): boolean => until === null || until >= month;

/** It holds in a month. */
export const postedIn = (p: Pick<Posting, 'from' | 'until'>, month: Month): boolean => p.from <= month && lastsTo(p, month);
