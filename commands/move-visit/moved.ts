/** A visit that moves: what changes by it, and who hears of it. */

import type { Asked, Decision } from '../../src/bot/command.ts';
import type { Card, Outgoing } from '../../src/core/card.ts';
import { type Day, type Instant, sayMonth } from '../../src/core/day.ts';
import { newsTime, sayTold } from '../../src/core/hours.ts';
import { dropVisits } from '../../src/core/leave-granted.ts';
import { mootNews } from '../../src/core/leave-news.ts';
import { shownOrg } from '../../src/core/org-names.ts';
import { type Change, numbered, type Visit } from '../../src/core/records.ts';
import { isPublished, lackingAfter, restDayLines, sayVisitDay } from '../../src/core/schedule.ts';
import { newVisit, overWith } from '../../src/core/visit.ts';
import { type Args, type Facts, who } from './asked.ts';

export interface Moved {
  v: Visit;
  halves: { am: boolean; pm: boolean };
}

/** The old visit is marked as moved and the new one takes its place; nobody counts as missing. */
export const changesOf = (asked: Asked<Args>, moved: readonly Moved[], to: Day, reason: string | null): Change[] =>
  moved.flatMap(({ v, halves }, n) => {
    const id = numbered(asked.turn, n);
    const next = newVisit({
      id,
      programme: v.programme,
      county: v.county,
      person: v.person,
      clinic: v.clinic,
      hospital: v.hospital,
      posting: v.posting,
      type: v.type,
      ...halves,
      day: to,
      moved: v.id,
    });
    return [
      {
        table: 'visits' as const,
        id: v.id,
        to: { ...v, state: 'moved' as const, moved: id, reason },
        was: { state: v.state, checkedIn: null, presence: null },
      },
      { table: 'visits' as const, id, to: next },
    ];
  });

const movedCard = (asked: Asked<Args>, f: Facts, moved: readonly Moved[], to: Day, reason: string | null): Card => ({
  code: 'visit.moved',
  title: `${moved.length === 1 ? who(f, moved[0]!.v) : `${moved.length}班`}改到${sayVisitDay({ day: to, ...joined(moved.map(m => m.halves)) }, asked.today)}`,
  tone: 'urgent',
  lines: [
    ...moved
      .slice(0, moved.length > 3 ? 2 : 3)
      .map(({ v }) => `${who(f, v)} ${shownOrg(f.orgs.get(v.clinic))} 原${sayVisitDay(v, asked.today)}`),
    ...(moved.length > 3 ? [`等共${moved.length}班`] : []),
    ...(reason ? [`原因：${reason}`] : []),
    ...noteLines(asked, f, moved, to),
  ],
});

/** A word on the new day where it is a day of rest, and on the month that is left where it then lacks what is owed in it. */
export const noteLines = ({ calendar, today, programme }: Asked<Args>, f: Facts, moved: readonly Moved[], to: Day): string[] => {
  const duty = programme?.duty;
  const lacking = duty
    ? lackingAfter(
        moved.map(m => m.v),
        to,
        { visits: f.months, exempt: f.arranged, duty: duty['half-days'] },
      )
    : [];
  const [first, ...more] = lacking;
  const name = first && (f.people.get(first.person)?.name ?? '');
  const left = first && !more.length ? (first.left ? `只剩${first.left}个半天` : '就没有班了') : `不足${duty?.['half-days']}个半天`;
  return [
    ...restDayLines([{ day: to, ...joined(moved.map(m => m.halves)) }], calendar, today),
    ...(first && duty
      ? [`注意：${name}${more.length ? `等${lacking.length}人` : ''}${sayMonth(first.month)}${left}（${duty.clause}：${duty.says}）`]
      : []),
  ];
};

/** Villagers know of a visit whose month is public, on the old day or on the new. */
const villagersKnow = (f: Facts, { v }: Moved, to: Day): boolean =>
  isPublished(v, f.publications) || isPublished({ ...v, day: to }, f.publications);

export const toldAt = ({ now, calendar }: Asked<Args>, moved: readonly Moved[], to: Day): Instant =>
  newsTime(now, calendar, [to, ...moved.map(m => m.v.day)]);

export const newsOf = (asked: Asked<Args>, f: Facts, moved: readonly Moved[], to: Day, reason: string | null): Outgoing[] => {
  const by = (key: 'person' | 'clinic' | 'hospital') => new Map(moved.map(m => [m.v[key], moved.filter(o => o.v[key] === m.v[key])]));
  const key = `moved/${asked.turn}`;
  const notBefore = toldAt(asked, moved, to);
  return [
    ...[...by('person')].map(
      ([person, own]): Outgoing => ({
        key: `${key}/p/${person}`,
        to: { person },
        class: 'news',
        about: 'person',
        notBefore,
        card: movedCard(asked, f, own, to, reason),
      }),
    ),
    ...[...by('clinic')].map(
      ([org, own]): Outgoing => ({
        key: `${key}/c/${org}`,
        to: { org, role: 'clinic' },
        class: 'news',
        about: 'unit',
        notBefore,
        card: {
          ...movedCard(asked, f, own, to, reason),
          lines: [...movedCard(asked, f, own, to, reason).lines, ...(own.some(m => villagersKnow(f, m, to)) ? ['请转告群众'] : [])],
        },
      }),
    ),
    ...[...by('hospital')].map(
      ([org, own]): Outgoing => ({
        key: `${key}/h/${org}`,
        to: { org, role: 'hospital' },
        class: 'news',
        about: 'unit',
        notBefore,
        card: movedCard(asked, f, own, to, reason),
      }),
    ),
  ];
};

export const apply = (asked: Asked<Args>, f: Facts, moved: readonly Moved[], to: Day): Decision => {
  const reason = asked.args.reason ?? null;
  const card = movedCard(asked, f, moved, to, reason);
  const left = dropVisits(f.leaves, new Set(moved.map(m => m.v.id)));
  return {
    changes: [...changesOf(asked, moved, to, reason), ...left.changes],
    settles: [...moved.flatMap(m => overWith(m.v.id)), ...left.topics],
    tell: [...newsOf(asked, f, moved, to, reason), ...mootNews(left.moot, asked.turn, { person: id => f.people.get(id)?.name ?? '' })],
    reply: {
      ...card,
      code: 'move.done',
      title: `已改：${card.title}`,
      tone: 'ok',
      lines: [...card.lines, sayTold('通知医师和双方单位', asked.now, toldAt(asked, moved, to))].slice(0, 6),
    },
  };
};

export const joined = (all: readonly { am: boolean; pm: boolean }[]): { am: boolean; pm: boolean } => ({
  am: all.some(h => h.am),
  pm: all.some(h => h.pm),
});
