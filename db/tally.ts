/** The sums of a scope in one statement: flags are added up, nothing is made distinct, no roll-up is kept. */
import { and, gte, lte, type SQL, sql } from 'drizzle-orm';
import type { TallyQuery, TallyRow } from '../src/bot/ports.ts';
import type { Connection } from './connection.ts';
import { equals, literal, named, run, statement, value } from './statements.ts';

type By = TallyQuery['by'];
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
  const when = (condition: SQL, then: SQL = sql`1`) => sql`coalesce(sum(case when ${condition} then ${then} else 0 end), 0)`;
  const halves = sql`(case when ${v('am')} then 1 else 0 end + case when ${v('pm')} then 1 else 0 end)`;
  const present = sql`${is('presence', 'present')} and ${is('state', 'on')}`;
  // A planned doctor-day is carried by its morning; an afternoon alone carries its own.
  const planned = sql`${v('planned')} and ${is('state', 'on')} and (${v('am')} or not exists (
    select 1 from ${records.visits.table} m where m."person" = ${v('person')} and m."day" = ${v('day')}
      and m."am" and not m."pm" and m."planned" and m."state" = 'on'))`;
  const sums = [
    when(is('tally', 'verified')),
    when(sql`${is('tally', 'verified')} and ${v('tallyHalf')}`),
    when(is('tally', 'waiting')),
    when(sql`${planned} and ${lte(v('day'), value(v('day'), 'upTo'))}`),
    when(planned),
    when(present, halves),
    when(sql`${present} and ${is('type', 'home')}`, halves),
    when(sql`${is('presence', 'not-there')} and ${is('state', 'on')}`),
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
  const whole = narrowed.length === 0;
  const conditions = and(
    equals(v('programme')),
    gte(v('day'), value(v('day'), 'from')),
    lte(v('day'), value(v('day'), 'to')),
    ...narrowed.map(n => (n === FIELD[n] ? equals(v(n)) : inList(v(FIELD[n]), named(n)))),
  );
  // Every county there is, found by steps over the index and not by reading its rows.
  const counties = sql`with recursive c(county) as (
    select min(${v('county')}) from ${table}
    union all
    select (select min(${v('county')}) from ${table} where ${v('county')} > c.county) from c where c.county is not null)
  `;
  return sql.join([
    whole ? counties : sql``,
    sql`select ${whole && by === 'county' ? sql`c.county` : keys[by]}, ${sql.join(sums, sql`, `)} from `,
    whole ? sql`(select county from c where county is not null) c join ${table} on ${v('county')} = c.county` : sql`${table}`,
    sql` where ${conditions}`,
    by === 'all' ? sql`` : sql` group by 1`,
  ]);
});

export const tally = async (c: Connection, { programme, span, by, scope, upTo }: TallyQuery): Promise<TallyRow[]> => {
  const values: Record<string, unknown> = { programme, ...span, upTo };
  const narrowed = (Object.keys(FIELD) as Narrowed[]).filter(n => scope[n] !== undefined);
  for (const n of narrowed) values[n] = n === FIELD[n] ? scope[n] : c.schema.listParam(scope[n] as readonly string[]);
  const rows = await run(c, TALLY(c, by, ...narrowed), values);
  return rows
    .map(([k, verified, halfOnly, waiting, plannedSoFar, planned, halves, homeHalves, notThere]) => ({
      key: k as string,
      verified: verified as number,
      halfOnly: halfOnly as number,
      waiting: waiting as number,
      plannedSoFar: plannedSoFar as number,
      planned: planned as number,
      halves: halves as number,
      homeHalves: homeHalves as number,
      notThere: notThere as number,
    }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
};
