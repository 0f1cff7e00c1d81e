/** Postings that a new roster ends: their visits ahead are off, leave from them is moot, and whoever was told of them hears it. */

import type { Calendar } from './calendar.ts';
import type { Card, Outgoing } from './card.ts';
import { type Day, firstOf, type Instant, type Month, sayMonth } from './day.ts';
import { newsTime } from './hours.ts';
import type { LeaveFile } from './leave-cards.ts';
import { dropVisits } from './leave-granted.ts';
import { mootNews } from './leave-news.ts';
import type { Change, Posting, Publication, Visit } from './records.ts';
import { isPublished, sayVisitDay } from './schedule.ts';
import { overWith } from './visit.ts';

/** What is planned ahead, and who knows of it. */
export interface Ahead {
  /** Planned visits of the programme's county from the day on from which the roster holds. */
  visits: readonly Visit[];
  /** Open leaves of the county. */
  leaves: readonly LeaveFile[];
  publications: readonly Publication[];
}

/** The first day from which a roster can still change something. */
export const holdsFrom = (month: Month, today: Day): Day => (firstOf(month) > today ? firstOf(month) : today);

const keyOf = (x: { person: string; clinic: string }): string => `${x.person} ${x.clinic}`;

/** Of ended postings: what is planned and has not begun. */
export const offWith = (gone: readonly Posting[], visits: readonly Visit[]): Visit[] => {
  const ended = new Set(gone.map(keyOf));
  return visits.filter(v => ended.has(keyOf(v)) && v.state === 'on' && v.checkedIn === null && v.presence === null);
};

/** `未列的人已排3班，结束的一并取消`, before it is confirmed. */
export const sayOff = (off: readonly Visit[], { publications }: Ahead): string[] => {
  if (!off.length) return [];
  const known = off.filter(v => isPublished(v, publications)).length;
  return [`未列的人已排${off.length}班，结束的一并取消${known ? `（其中已公布${known}班，会通知医师和双方单位）` : ''}`];
};

interface Saying {
  turn: number;
  now: Instant;
  today: Day;
  calendar: Calendar;
  from: Month;
  /** Units of whoever imports: they know. */
  own: ReadonlySet<string>;
  person: (id: string) => string;
  org: (id: string) => string;
}

/** All that follows for the visits that are off. */
export const endedVisits = (off: readonly Visit[], ahead: Ahead, s: Saying): { changes: Change[]; settles: string[]; tell: Outgoing[] } => {
  const left = dropVisits(ahead.leaves, new Set(off.map(v => v.id)));
  return {
    changes: [
      ...off.map(
        (v): Change => ({
          table: 'visits',
          id: v.id,
          to: { ...v, state: 'cancelled' },
          was: { state: 'on', checkedIn: null, presence: null },
        }),
      ),
      ...left.changes,
    ],
    settles: [...off.flatMap(v => overWith(v.id)), ...left.topics],
    tell: [
      ...newsOf(
        off.filter(v => isPublished(v, ahead.publications)),
        s,
      ),
      ...mootNews(left.moot, s.turn, s),
    ],
  };
};

/** One message to each of those who were told of the visits. */
const newsOf = (off: readonly Visit[], s: Saying): Outgoing[] => {
  const notBefore = newsTime(
    s.now,
    s.calendar,
    off.map(v => v.day),
  );
  const told = (key: 'person' | 'clinic' | 'hospital', to: (id: string) => Outgoing['to'], more: readonly string[]): Outgoing[] =>
    [...new Set(off.map(v => v[key]).filter(id => !s.own.has(id)))].map(id => {
      const own = off.filter(v => v[key] === id);
      const each = own
        .slice(0, MOST)
        .map(v => `${key === 'person' ? '' : `${s.person(v.person)} `}${s.org(v.clinic)} ${sayVisitDay(v, s.today)}`);
      const card: Card = {
        code: 'visit.cancelled',
        title: `取消${own.length}班：${sayMonth(s.from)}起换了安排表`,
        tone: 'info',
        lines: [...each, ...(own.length > MOST ? [`等共${own.length}班`] : []), ...more],
      };
      return { key: `roster/${s.turn}/${id}`, to: to(id), class: 'news', about: key === 'person' ? 'person' : 'unit', notBefore, card };
    });
  return [
    ...told('person', id => ({ person: id }), ['不用去了']),
    ...told('clinic', id => ({ org: id, role: 'clinic' }), ['请转告群众']),
    ...told('hospital', id => ({ org: id, role: 'hospital' }), []),
  ];
};
/** Visits that fit a card. */
const MOST = 4;
