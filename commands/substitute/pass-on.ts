/** The visits pass to another physician: for days, or with the posting from a month on; and who hears of it. */

import type { Asked, Decision } from '../../src/bot/command.ts';
import type { Card, Outgoing } from '../../src/core/card.ts';
import { addMonths, type Instant, type Month, sayDay, sayMonth } from '../../src/core/day.ts';
import { newsTime, sayTold } from '../../src/core/hours.ts';
import { dropVisits } from '../../src/core/leave-granted.ts';
import { mootNews } from '../../src/core/leave-news.ts';
import { shownOrg } from '../../src/core/org-names.ts';
import { type Change, numbered, type RosterVersion, type Visit } from '../../src/core/records.ts';
import { sayVisitDay } from '../../src/core/schedule.ts';
import { newVisit, overWith } from '../../src/core/visit.ts';
import { cite } from '../../src/programmes/schema.ts';
import { type Args, type Facts } from './asked.ts';

/** The visits pass to the new physician under new numbers; the old ones stay on record as moved. */
const passOn = (asked: Asked<Args>, f: Facts, hospital: string | null): { changes: Change[]; visits: Visit[] } => {
  const visits = f.visits.map((v, n) =>
    newVisit({
      id: numbered(asked.turn, n),
      programme: v.programme,
      county: v.county,
      person: f.next!.id,
      clinic: v.clinic,
      hospital: hospital ?? v.hospital,
      posting: null,
      day: v.day,
      am: v.am,
      pm: v.pm,
      type: v.type,
      moved: v.id,
    }),
  );
  return {
    visits,
    changes: f.visits.flatMap((v, n): Change[] => [
      {
        table: 'visits',
        id: v.id,
        to: { ...v, state: 'moved', moved: visits[n]!.id, reason: asked.args.reason ?? '换人' },
        was: { state: 'on', checkedIn: null, presence: null },
      },
      { table: 'visits', id: visits[n]!.id, to: visits[n]! },
    ]),
  };
};

const toldAt = ({ now, calendar }: Asked<Args>, f: Facts): Instant =>
  newsTime(
    now,
    calendar,
    f.visits.map(v => v.day),
  );

const news = (asked: Asked<Args>, f: Facts, card: Card): Outgoing[] => {
  const clinics = [...new Set([...f.visits.map(v => v.clinic), ...(asked.args.days ? [] : f.postings.map(p => p.clinic))])];
  const key = `substitute/${asked.turn}`;
  const notBefore = toldAt(asked, f);
  // Who changed it knows; the physicians' hospitals do not where the county did it.
  const own = new Set(asked.actor.grants.filter(g => g.role === 'hospital').map(g => g.org));
  const hospitals = new Set([...[...f.visits, ...(asked.args.days ? [] : f.postings)].map(x => x.hospital), f.next!.hospital]);
  return [
    { key: `${key}/old`, to: { person: f.old!.id }, class: 'news', about: 'person', notBefore, card },
    { key: `${key}/new`, to: { person: f.next!.id }, class: 'news', about: 'person', notBefore, card },
    ...clinics.map(
      (c): Outgoing => ({
        key: `${key}/${c}`,
        to: { org: c, role: 'clinic' },
        class: 'news',
        about: 'unit',
        notBefore,
        card: { ...card, lines: [...card.lines, '请转告群众'] },
      }),
    ),
    ...[...hospitals]
      .filter(h => h !== null && !own.has(h))
      .map(
        (h): Outgoing => ({
          key: `${key}/${h}`,
          to: { org: h!, role: 'hospital' },
          class: 'news',
          about: 'unit',
          notBefore,
          card: asked.args.days ? card : { ...card, lines: [...card.lines, '安排表已出新版，请重新报送'] },
        }),
      ),
  ];
};

/** For days: who comes instead. */
export const swap = (asked: Asked<Args>, f: Facts): Decision => {
  const { changes } = passOn(asked, f, f.next!.hospital);
  const left = dropVisits(f.leaves, new Set(f.visits.map(v => v.id)));
  const [first] = f.visits;
  const day = f.visits.every(v => v.day === first!.day) ? sayDay(first!.day, asked.today) : `${f.visits.length}班`;
  const card: Card = {
    code: 'substitute.done',
    title: `${day}由${f.next!.name}替${f.old!.name}`,
    tone: 'info',
    lines: [
      ...f.visits.slice(0, 3).map(x => `${shownOrg(f.orgs.get(x.clinic))} ${sayVisitDay(x, asked.today)}`),
      ...(f.visits.length > 3 ? [`等共${f.visits.length}班`] : []),
    ],
  };
  return {
    changes: [...changes, ...left.changes],
    settles: [...f.visits.flatMap(x => overWith(x.id)), ...left.topics],
    tell: [...news(asked, f, card), ...mootNews(left.moot, asked.turn, { person: id => (id === f.old?.id ? f.old.name : '') })],
    reply: { ...card, tone: 'ok', lines: [...card.lines, ...mismatch(f), sayTold('通知两位医师和受援单位', asked.now, toldAt(asked, f))] },
  };
};

const mismatch = (f: Facts): string[] => {
  const need = f.postings.find(p => p.need !== null)?.need;
  return need && f.next!.specialty && need !== f.next!.specialty ? [`提示：需求${need}，${f.next!.name}是${f.next!.specialty}`] : [];
};

/** Closes the old posting, opens the new one and makes a new version of the roster. */
export const lasting = (asked: Asked<Args>, f: Facts, since: Month): Decision => {
  const { turn, now, actor, programme, today } = asked;
  const { changes } = passOn(asked, f, f.next!.hospital);
  const left = dropVisits(f.leaves, new Set(f.visits.map(v => v.id)));
  const version: RosterVersion = {
    id: `${turn}`,
    programme: programme!.id,
    county: f.postings[0]!.county,
    from: since,
    at: now,
    by: actor.person!.id,
    rows: f.postings.length,
    says: `${f.old!.name}换为${f.next!.name}`,
  };
  const before = addMonths(since, -1);
  const postings = f.postings.flatMap((p, n): Change[] => [
    p.from > before
      ? { table: 'postings', id: p.id, to: null, was: { person: p.person } }
      : { table: 'postings', id: p.id, to: { ...p, until: before }, was: { until: p.until } },
    {
      table: 'postings',
      id: numbered(turn, n),
      to: {
        ...p,
        id: numbered(turn, n),
        person: f.next!.id,
        hospital: f.next!.hospital ?? p.hospital,
        title: f.next!.title,
        specialty: f.next!.specialty,
        from: since,
        until: p.until,
        roster: version.id,
      },
    },
  ]);
  const rule = programme!.roster?.change;
  const card: Card = {
    code: 'substitute.lasting',
    title: `${sayMonth(since)}起由${f.next!.name}接替${f.old!.name}`,
    tone: 'info',
    lines: [
      [...new Set(f.postings.map(p => shownOrg(f.orgs.get(p.clinic))))].join('、'),
      ...(f.visits.length ? [`${f.visits.length}班一并转过来，首班${sayDay(f.visits[0]!.day, today)}`] : []),
    ],
  };
  return {
    changes: [...postings, ...changes, { table: 'rosters', id: version.id, to: version }, ...left.changes],
    settles: [...f.visits.flatMap(v => overWith(v.id)), ...left.topics],
    tell: [...news(asked, f, card), ...mootNews(left.moot, asked.turn, { person: id => (id === f.old?.id ? f.old.name : '') })],
    reply: {
      ...card,
      tone: 'ok',
      lines: [...card.lines, ...mismatch(f), '安排表已出新版，请重新报送', ...(rule ? [cite(programme!, rule)] : [])],
    },
  };
};
