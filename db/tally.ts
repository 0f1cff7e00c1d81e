/** The sums of a scope in one statement: flags are added up, nothing is made distinct, no roll-up is kept. */
import { and, gt, gte, lte, type SQL, sql } from 'drizzle-orm';
import type { FiguresQuery, TallyQuery, TallyRow } from '../src/bot/ports.ts';
import type { Connection } from './connection.ts';
import { equals, literal, named, run, statement, value } from './statements.ts';

type By = TallyQuery['by'];

/** A planned morning, behind which an afternoon of the same person and day adds no doctor-day: in a statement, and of a row. */
const MORNING = sql.raw(`m."am" and not m."pm" and m."planned" and m."state" = 'on'`);
export const isMorning = (row: Readonly<Record<string, unknown>>): boolean =>
  row['am'] === true && row['pm'] === false && row['planned'] === true && row['state'] === 'on';
/** A field of the scope: one value or a list. */
type Narrowed = keyof TallyQuery['scope'];

const FIELD: { [N in Narrowed]-?: 'county' | 'clinic' | 'hospital' | 'person' } = {
  county: 'county',
  counties: 'county',
  clinic: 'clinic',
  clinics: 'clinic',
  hospital: 'hospital',
  hospitals: 'hospital',
  person: 'person',
};

const TALLY = statement(({ records, inList }, by: By, ...narrowed: Narrowed[]) => {
  const v = (name: string) => records.visits.table[name]!;
  const is = (name: string, word: string) => sql`${v(name)} = ${literal(word)}`;
  // A filter skips the rows that are not meant; a case would add a nought for each.
  const count = (condition: SQL) => sql`count(*) filter (where ${condition})`;
  // A planned doctor-day is carried by its morning; an afternoon alone carries its own.
  const planned = sql`${v('planned')} and ${is('state', 'on')} and (${v('am')} or not exists (
    select 1 from ${records.visits.table} m where m."person" = ${v('person')} and m."day" = ${v('day')} and ${MORNING}))`;
  const upTo = value(v('day'), 'upTo');
  // A silent visit waits for the clinic's word as one with a check-in does; a day that is flagged, or begins with another such visit, is counted there.
  // The empty text keeps SQLite from looking through a whole county for each of them: it finds them by person and day.
  const silent = sql`${is('state', 'on')} and ${v('presence')} is null and ${lte(v('day'), upTo)} and ${v('tally')} is null and not exists (
    select 1 from ${records.visits.table} o where o."person" = ${v('person')} and o."day" = ${v('day')} and o."county" || '' = ${v('county')}
    and o."state" = 'on' and (o."tally" is not null or (o."presence" is null and o."am" and not ${v('am')})))`;
  const sums = [
    count(is('tally', 'verified')),
    count(is('tally', 'waiting')),
    count(silent),
    count(sql`${is('tally', 'verified')} and ${v('tallyHalf')}`),
    count(sql`${lte(v('day'), upTo)} and ${planned}`),
    count(sql`${gt(v('day'), upTo)} and ${planned}`),
    count(sql`${is('presence', 'not-there')} and ${is('state', 'on')}`),
  ];
  const keys: Record<By, SQL> = {
    all: sql`''`,
    clinic: sql`${v('clinic')}`,
    county: sql`${v('county')}`,
    hospital: sql`${v('hospital')}`,
    person: sql`${v('person')}`,
    month: sql`substr(${v('day')}, 1, 7)`,
    'person-clinic': sql`${v('person')} || ' ' || ${v('clinic')}`,
  };
  const { table } = records.visits;
  const conditions = and(
    equals(v('programme')),
    gte(v('day'), value(v('day'), 'from')),
    lte(v('day'), value(v('day'), 'to')),
    ...narrowed.map(n => (n === FIELD[n] ? equals(v(n)) : inList(v(FIELD[n]), named(n)))),
  );
  return sql.join([
    sql`select ${keys[by]}, ${sql.join(sums, sql`, `)} from ${table} where ${conditions}`,
    by === 'all' ? sql`` : sql` group by 1`,
  ]);
});

/** What the statement binds of a scope, and by which fields it is narrowed. */
const narrowing = (c: Connection, scope: TallyQuery['scope'], values: Record<string, unknown>): Narrowed[] => {
  const narrowed = (Object.keys(FIELD) as Narrowed[]).filter(n => scope[n] !== undefined);
  for (const n of narrowed) values[n] = n === FIELD[n] ? scope[n] : c.schema.listParam(scope[n] as readonly string[]);
  return narrowed;
};

export const tally = async (c: Connection, { programme, span, by, scope, upTo }: TallyQuery): Promise<TallyRow[]> => {
  const values: Record<string, unknown> = { programme, ...span, upTo };
  const narrowed = narrowing(c, scope, values);
  const rows = await run(c, TALLY(c, by, ...narrowed), values);
  return rows
    .map(([k, verified, checkedIn, silent, halfOnly, plannedSoFar, plannedLater, notThere]) => ({
      key: k as string,
      verified: verified as number,
      halfOnly: halfOnly as number,
      waiting: (checkedIn as number) + (silent as number),
      checkedIn: checkedIn as number,
      plannedSoFar: plannedSoFar as number,
      planned: (plannedSoFar as number) + (plannedLater as number),
      notThere: notThere as number,
    }))
    .sort(byKeys);
};
export const byKeys = (a: TallyRow, b: TallyRow): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

/**
 * What was reported of days that somebody was verified to be there: for each county a list of figures, which is read at once.
 * A workload stands in its visit's county, whose index both are met in the order of. The empty texts keep SQLite from looking
 * for a whole span, or in a whole list of counties, for each of them.
 */
const REPORTED = statement(({ records, inList }, ...narrowed: Narrowed[]) => {
  const w = (name: string) => records.workloads.table[name]!;
  const ofHospital = narrowed.some(n => FIELD[n] === 'hospital') ? sql` and v."hospital" = ${w('hospital')}` : sql``;
  return sql`select ${w('county')}, string_agg(${w('figures')}, ',') from ${records.workloads.table} where ${and(
    equals(w('programme')),
    gte(w('day'), value(w('day'), 'from')),
    lte(w('day'), value(w('day'), 'to')),
    ...narrowed.map(n => (n === FIELD[n] ? equals(w(n)) : inList(w(FIELD[n]), named(n)))),
  )} and exists (select 1 from ${records.visits.table} v where v."county" = ${w('county')} || '' and v."programme" = ${w('programme')}
    and v."day" = ${w('day')} || '' and v."person" = ${w('person')} and v."clinic" = ${w('clinic')}
    and v."state" = 'on' and v."presence" = 'present'${ofHospital})
    group by ${w('county')}`;
});

/** Sums of a scope's counties by the figures' ids; what nobody reported is absent. */
export const figuresByCounty = async (c: Connection, { programme, span, scope }: FiguresQuery): Promise<Map<string, Figures>> => {
  const values: Record<string, unknown> = { programme, ...span };
  const rows = await run(c, REPORTED(c, ...narrowing(c, scope, values)), values);
  return new Map(rows.map(([county, reported]) => [county as string, total(JSON.parse(`[${reported as string}]`) as Figures[])]));
};

/** Sums by the figures' ids. */
export type Figures = Readonly<Record<string, number>>;
export const total = (of: Iterable<Figures>): Record<string, number> => {
  const sums: Record<string, number> = {};
  for (const its of of) for (const id in its) sums[id] = (sums[id] ?? 0) + its[id]!;
  return sums;
};
