/** Where somebody is posted on a day, and what is said where nowhere. */

import { type Asked, refuse } from '../../src/bot/command.ts';
import { rosterHint } from '../../src/bot/permissions.ts';
import type { Read } from '../../src/bot/ports.ts';
import { inItsTerm } from '../../src/bot/programmes.ts';
import { type Day, lastOf, monthOf, sayDay } from '../../src/core/day.ts';
import { hasEnded, lastDay } from '../../src/core/early-end.ts';
import { lastsTo } from '../../src/core/posting.ts';
import type { Posting, Role } from '../../src/core/records.ts';

/** Postings of a person that hold on a day. */
export const postingsOn = async (read: Read, { programmes }: Pick<Asked, 'programmes'>, person: string, day: Day): Promise<Posting[]> =>
  notEnded(
    read,
    (await read.all('postings', { person, from: { to: monthOf(day) } })).filter(
      p => lastsTo(p, monthOf(day)) && inItsTerm(programmes, p, { from: day, to: day }),
    ),
    day,
  );

const endsOf = (read: Read, person: string) => read.all('leaves', { person, kind: 'end', state: 'approved' });

/** A posting is kept by the month; one that ended early is over within it. */
const notEnded = async (read: Read, postings: readonly Posting[], day: Day): Promise<Posting[]> => {
  const last = postings.find(p => p.until === monthOf(day));
  const ends = last ? await endsOf(read, last.person) : [];
  return postings.filter(p => !hasEnded(p, ends, day));
};

/** The last day of the posting that a person had last; undefined where there was none before the day. */
export const postedUntil = async (read: Read, person: string, day: Day): Promise<Day | undefined> => {
  const before = (await read.all('postings', { person })).filter(p => p.until !== null && p.until <= monthOf(day));
  const until = before
    .map(p => p.until!)
    .sort()
    .at(-1);
  if (until === undefined) return undefined;
  const end = (await endsOf(read, person)).map(lastDay).find(d => monthOf(d) === until);
  return end ?? lastOf(until);
};

/** Nobody is posted there: since when not, or that nobody was. */
export const notPosted = (until: Day | undefined, today: Day, otherwise: string, roles: readonly Role[], ...more: string[]) =>
  until === undefined
    ? refuse('check-in.no-posting', otherwise, rosterHint(roles), ...more)
    : refuse('check-in.no-posting', `派驻已于${sayDay(until, today)}结束`, `还在派驻的，${rosterHint(roles)}`);
