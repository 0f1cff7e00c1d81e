/** The sums of a scope in one statement: flags are added up, nothing is made distinct, no roll-up is kept. */
import type { TallyQuery, TallyRow } from '../src/bot/ports.ts';
import { type Connection, type Engine, inList, listParam } from './connection.ts';

const when = (condition: string, value = '1'): string => `coalesce(sum(case when ${condition} then ${value} else 0 end), 0)`;
const HALVES = '(case when v."am" then 1 else 0 end + case when v."pm" then 1 else 0 end)';
const SUMS = [
  when(`v."tally" = 'verified'`),
  when(`v."tally" = 'verified' and v."tallyHalf"`),
  when(`v."tally" = 'waiting'`),
  when(`v."planned" and v."state" = 'on' and v."day" <= ?`),
  when(`v."planned" and v."state" = 'on'`),
  when(`v."presence" = 'present' and v."state" = 'on'`, HALVES),
  when(`v."presence" = 'present' and v."state" = 'on' and v."type" = 'home'`, HALVES),
  when(`v."presence" = 'not-there' and v."state" = 'on'`),
].join(', ');

const KEYS: Record<TallyQuery['by'], string> = {
  all: `''`,
  clinic: 'v."clinic"',
  county: 'v."county"',
  hospital: 'v."hospital"',
  person: 'v."person"',
  month: 'substr(v."day", 1, 7)',
  'person-clinic': `v."person" || ' ' || v."clinic"`,
};

/** Every county there is, found by steps over the index and not by reading its rows. */
const COUNTIES = `with recursive c(county) as (
  select min("county") from "visits"
  union all
  select (select min("county") from "visits" where "county" > c.county) from c where c.county is not null)
`;

export const tally = async (connection: Connection, dialect: Engine['dialect'], query: TallyQuery): Promise<TallyRow[]> => {
  const { scope } = query;
  const params: unknown[] = [];
  const conditions: string[] = [];
  const narrow = (column: string, one: string | undefined, many: readonly string[] | undefined) => {
    if (one !== undefined) {
      conditions.push(`v."${column}" = ?`);
      params.push(one);
    }
    if (many !== undefined) {
      conditions.push(`v."${column}" ${inList(dialect)}`);
      params.push(listParam(dialect, many));
    }
  };
  conditions.push('v."programme" = ?', 'v."day" >= ?', 'v."day" <= ?');
  params.push(query.programme, query.span.from, query.span.to);
  narrow('county', scope.county, scope.counties);
  narrow('clinic', scope.clinic, scope.clinics);
  narrow('hospital', scope.hospital, scope.hospitals);
  narrow('person', scope.person, undefined);

  const whole = Object.values(scope).every(s => s === undefined);
  const key = KEYS[query.by];
  const sql = [
    whole ? COUNTIES : '',
    `select ${whole && query.by === 'county' ? 'c.county' : key}, ${SUMS} from `,
    whole ? '(select county from c where county is not null) c join "visits" v on v."county" = c.county' : '"visits" v',
    ` where ${conditions.join(' and ')}`,
    query.by === 'all' ? '' : ` group by 1`,
  ].join('');
  const rows = await connection.rows(sql, [query.upTo, ...params]);
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
