/** The demo: an invented year's start, laid down through the store's one door. Loaded only in the sandbox. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { z } from 'zod';
import type { Store } from '../../bot/ports.ts';
import type { StageAccount, StageGroup, Try } from '../../bot/stage.ts';
import { assumedWorkday, type Calendar } from '../../core/calendar.ts';
import { addDays, addMonths, at, type Day, dayAt, firstOf, type Instant, iso, type Month, monthOf, weekday } from '../../core/day.ts';
import { maskPhone } from '../../core/names.ts';
import { shortNames } from '../../core/org-names.ts';
import { type Change, numbered, type Org, type OrgKind, type Posting, ROLES, type Visit } from '../../core/records.ts';
import type { ReportRules } from '../../core/report.ts';
import { newVisit, withTally } from '../../core/visit.ts';
import { demoFigures, FigureRanges } from './demo-figures.ts';
import { demoReports } from './demo-reports.ts';
import { directOf } from './stage.ts';

const require = createRequire(import.meta.url);
const key = z.string();
const DemoFile = z.strictObject({
  programme: z.string(),
  /** The one that a new sandbox begins with. */
  first: z.boolean().default(false),
  start: z.string().transform(s => Date.parse(s)),
  orgs: z.array(
    z.strictObject({
      key,
      kind: z.enum(['bureau', 'general', 'hospital', 'clinic']),
      level: z.enum(['province', 'city', 'county', 'township']),
      name: z.string(),
      city: z.string().optional(),
      district: z.string().optional(),
      parent: key.optional(),
      type: z.enum(['province', 'city', 'county', 'township', 'community', 'private']).optional(),
      need: z.string().optional(),
      order: z.int().optional(),
      phone: z.string().optional(),
    }),
  ),
  people: z.array(
    z.strictObject({
      name: z.string(),
      phone: z.string(),
      title: z.string().optional(),
      specialty: z.string().optional(),
      hospital: key.optional(),
      account: z.boolean().default(true),
      roles: z.array(
        z.strictObject({
          role: z.enum(ROLES),
          org: key,
          office: z.string().optional(),
          /** Where the organisation itself lies in none: the county it works for. */
          county: key.optional(),
        }),
      ),
    }),
  ),
  strangers: z.array(z.string()),
  /** Text parts of the bureau's first report. */
  parts: z.record(z.string(), z.string()).default({}),
  postings: z.array(
    z.strictObject({
      clinic: key,
      person: z.string(),
      hospital: key,
      need: z.string(),
      from: z.string(),
      arranged: z.boolean().default(false),
      /** Its visits are planned on this weekday of this week of each month; absent: none are planned. */
      week: z.int().optional(),
      weekday: z.int().default(1),
      home: z.boolean().default(false),
    }),
  ),
  /** Invented figures of what lies before the start. */
  figures: FigureRanges.default({ workload: {}, publicity: {}, cost: {} }),
  /** What a newcomer tries first: who, in which group (absent: in direct chat), and what they do there. */
  try: z.array(z.strictObject({ who: z.string(), group: z.string().optional(), does: z.string() })).default([]),
  groups: z.array(z.strictObject({ name: z.string(), orgs: z.array(key), members: z.union([z.literal('all'), z.array(key)]) })),
});
export type Demo = z.infer<typeof DemoFile>;

/** Reads the demo that ships for a programme; only here is its parser loaded. */
export const readDemo = (folder: string, programme: string): Demo =>
  DemoFile.parse((require('yaml') as typeof import('yaml')).parse(readFileSync(join(folder, `${programme}.yaml`), 'utf8')));

/** The stage's accounts and groups of a demo. `empty`: nobody is bound and there are no groups. */
export const cast = (demo: Demo, empty: boolean): { accounts: StageAccount[]; groups: StageGroup[] } => {
  const accounts = [
    ...demo.people.flatMap((p, i) => (p.account ? [{ id: `u${i + 1}`, name: p.name }] : [])),
    ...demo.strangers.map((name, i) => ({ id: `s${i + 1}`, name })),
  ];
  const inOrg = (orgs: readonly string[]) =>
    demo.people.flatMap((p, i) =>
      p.account && (p.roles.some(r => orgs.includes(r.org)) || (p.hospital !== undefined && orgs.includes(p.hospital)))
        ? [`u${i + 1}`]
        : [],
    );
  const groups = demo.groups.map((g, i) => ({
    id: `g${i + 1}`,
    name: g.name,
    members:
      g.members === 'all'
        ? demo.people.flatMap((p, n) => (p.account ? [`u${n + 1}`] : []))
        : [
            ...new Set([
              ...inOrg(g.members),
              ...demo.postings.flatMap(p =>
                g.members.includes(p.clinic) ? [`u${demo.people.findIndex(x => x.name === p.person) + 1}`] : [],
              ),
            ]),
          ],
  }));
  return { accounts, groups: empty ? [] : groups };
};

/** A demo's things to try, with the ids that the stage gives. @throws Error when they name somebody or a group that is not there */
export const triesOf = (demo: Demo): Try[] => {
  const { accounts, groups } = cast(demo, false);
  return demo.try.map(({ who, group, does }) => {
    const account = accounts.find(a => a.name === who);
    const place = group === undefined ? undefined : groups.find(g => g.name === group);
    if (!account || (group !== undefined && !place)) throw new Error(`demo of ${demo.programme}: nobody ${who} or no group ${group ?? ''}`);
    return { account: account.id, name: who, place: place?.id ?? directOf(account.id), group: place?.name ?? null, does };
  });
};

/** The nth weekday of a month, or the next workday where that is a rest day. */
const nthWeekday = (calendar: Calendar, month: Month, week: number, wd: number): Day => {
  let d = firstOf(month);
  while (weekday(d) !== wd) d = addDays(d, 1);
  d = addDays(d, 7 * (week - 1));
  while (!assumedWorkday(calendar, d)) d = addDays(d, 1);
  return d;
};

/** What the demo's programme asks for: its reports, and whether every workday is expected. */
export type DemoRules = ReportRules & { presence?: { kind: string } | undefined };

/** All the demo's records at its start: units, people, groups, postings, the months before as verified and, where its programme asks for reports, as filed; the month itself as published. */
export const demoChanges = (
  demo: Demo,
  calendar: Calendar,
  platform: { id: string; app: string },
  rules?: DemoRules,
  startAt: Instant = demo.start,
): Change[] => {
  const changes: Change[] = [];
  const start = demo.start;
  const today = dayAt(start);
  const month = monthOf(today);
  let next = 0;
  const id = () => numbered(0, ++next);
  const orgIds = new Map(demo.orgs.map(o => [o.key, id()]));
  const org = (k: string): string => orgIds.get(k) ?? '';
  const counties = demo.orgs.filter(o => o.kind === 'bureau' && o.level === 'county').map(o => o.key);
  /** The county bureau at or above an organisation; the only one there is, for those above counties. */
  const countyOf = (k: string): string | undefined => {
    const o = demo.orgs.find(x => x.key === k);
    if (!o) return undefined;
    if (counties.includes(k)) return k;
    return (o.parent && countyOf(o.parent)) || (counties.length === 1 && o.kind !== 'bureau' ? counties[0] : undefined);
  };
  const alone = (level: string) => demo.orgs.filter(o => o.kind === 'bureau' && o.level === level).length === 1;
  for (const o of demo.orgs) {
    const regions = [o.city, o.district].filter(r => r !== undefined);
    const names =
      o.kind === 'bureau'
        ? o.level === 'county'
          ? [`${alone('county') ? (o.district?.at(-1) ?? '县') : o.district}卫健局`, o.name]
          : o.level === 'city'
            ? [alone('city') ? '市卫健委' : `${o.city}卫健委`, o.name]
            : ['省卫健委', o.name]
        : shortNames(o.name, regions);
    const record: Org = {
      id: org(o.key),
      kind: o.kind as OrgKind,
      level: o.level,
      name: o.name,
      names,
      city: o.city ?? null,
      district: o.district ?? null,
      parent: o.parent ? org(o.parent) : null,
      county: o.district ? org(countyOf(o.key) ?? '') : null,
      type: o.type ?? null,
      phone: o.phone ?? null,
      phoneMask: o.phone ?? null,
      need: o.need ?? null,
      order: o.order ?? null,
      place: null,
    };
    changes.push({ table: 'orgs', id: record.id, to: record });
  }
  const people = new Map<string, string>();
  demo.people.forEach((p, i) => {
    const person = id();
    people.set(p.name, person);
    changes.push({
      table: 'people',
      id: person,
      to: {
        id: person,
        name: p.name,
        phone: p.phone,
        phoneMask: maskPhone(p.phone),
        phoneIndex: null,
        phoneFull: true,
        title: p.title ?? null,
        specialty: p.specialty ?? null,
        hospital: p.hospital ? org(p.hospital) : null,
      },
    });
    for (const r of p.roles) {
      const g = id();
      changes.push({
        table: 'grants',
        id: g,
        to: {
          id: g,
          person,
          role: r.role,
          org: org(r.org),
          office: r.office ?? null,
          county: r.county ? org(r.county) : countyOf(r.org) === undefined ? null : org(countyOf(r.org)!),
          deputy: false,
          from: `${today.slice(0, 4)}-01-01` as Day,
          until: null,
        },
      });
    }
    if (p.account) {
      const a = id();
      changes.push({
        table: 'accounts',
        id: a,
        to: { id: a, platform: platform.id, app: platform.app, account: `u${i + 1}`, person, state: 'bound', at: start },
      });
    }
  });
  const groups = cast(demo, false).groups;
  demo.groups.forEach((g, i) => {
    const record = id();
    changes.push({
      table: 'groups',
      id: record,
      to: { id: record, platform: platform.id, app: platform.app, conversation: groups[i]!.id, name: g.name, orgs: g.orgs.map(org) },
    });
  });
  const first = `${today.slice(0, 4)}-01` as Month;
  const rosters = new Map<string, string>();
  for (const k of counties) {
    const roster = id();
    rosters.set(k, roster);
    changes.push({
      table: 'rosters',
      id: roster,
      to: {
        id: roster,
        programme: demo.programme,
        county: org(k),
        from: first,
        at: start,
        by: people.get(demo.people[0]!.name)!,
        rows: demo.postings.filter(p => countyOf(p.clinic) === k).length,
        says: '年初安排表',
      },
    });
  }
  for (const p of demo.postings) {
    const person = people.get(p.person)!;
    const who = demo.people.find(x => x.name === p.person)!;
    const county = org(countyOf(p.clinic) ?? '');
    const posting: Posting = {
      id: id(),
      programme: demo.programme,
      county,
      person,
      clinic: org(p.clinic),
      hospital: org(p.hospital),
      title: who.title ?? null,
      specialty: who.specialty ?? null,
      need: p.need,
      from: p.from as Month,
      until: null,
      arranged: p.arranged,
      roster: rosters.get(countyOf(p.clinic) ?? '') ?? null,
    };
    changes.push({ table: 'postings', id: posting.id, to: posting });
    const verifier = demo.people.find(x => x.roles.some(r => r.role === 'clinic' && r.org === p.clinic)) ?? demo.people[1]!;
    for (let m = p.from as Month; p.week !== undefined && m <= month; m = addMonths(m, 1)) {
      if (p.week === 0 && m === month) continue;
      const day = nthWeekday(calendar, m, p.week || 2, p.weekday);
      const base = {
        programme: demo.programme,
        county,
        person,
        clinic: posting.clinic,
        hospital: posting.hospital,
        posting: posting.id,
        day,
      };
      const parts = p.home
        ? [newVisit({ ...base, id: id(), pm: false }), newVisit({ ...base, id: id(), am: false, type: 'home' })]
        : [newVisit({ ...base, id: id() })];
      const done = day < today;
      const visits: Visit[] = done
        ? withTally(
            parts.map((v, n) => ({
              ...v,
              checkedIn: at(day, n === 0 ? '08:20' : '14:35'),
              presence: 'present',
              verifiedBy: people.get(verifier.name)!,
              verifiedAt: at(day, '17:10'),
              verifiedAs: 'clinic',
            })),
            true,
          )
        : parts;
      for (const v of visits) changes.push({ table: 'visits', id: v.id, to: v });
    }
  }
  // The clock stands after the hour at which a workday's visits are made.
  const morning = dayAt(startAt);
  if (rules?.presence?.kind === 'every-workday' && assumedWorkday(calendar, morning) && startAt >= at(morning, '06:00'))
    for (const c of [...changes]) {
      if (c.table !== 'postings' || !c.to || c.to.from > monthOf(morning)) continue;
      const { id: posting, programme, county, person, clinic, hospital } = c.to;
      const visit = newVisit({ id: id(), programme, county, person, clinic, hospital, posting, day: morning });
      changes.push({ table: 'visits', id: visit.id, to: visit });
    }
  for (let m = first; m <= month; m = addMonths(m, 1)) {
    for (const k of counties) {
      const pub = id();
      changes.push({
        table: 'publications',
        id: pub,
        to: { id: pub, programme: demo.programme, org: org(k), month: m, at: start, by: people.get(demo.people[0]!.name)! },
      });
    }
  }
  changes.push(...demoFigures({ programme: demo.programme, figures: demo.figures, changes, month, id }));
  if (rules) changes.push(...demoReports({ rules, calendar, today, changes, parts: demo.parts, id }));
  return changes;
};

/** Lays the demo down in an empty store. */
export const loadDemo = async (
  store: Store,
  demo: Demo,
  calendar: Calendar,
  platform: { id: string; app: string },
  startAt: Instant,
  rules?: DemoRules,
): Promise<void> => {
  await store.turn(
    {
      platform: platform.id,
      app: platform.app,
      eventId: `demo/${demo.programme}/${iso(startAt)}`,
      conversation: '',
      account: '',
      sentAt: startAt,
      receivedAt: startAt,
    },
    async tx => {
      await tx.apply(demoChanges(demo, calendar, platform, rules, startAt), {
        actor: null,
        command: '演示数据',
        sentAt: startAt,
        now: startAt,
      });
      return 'demo.loaded';
    },
  );
};
