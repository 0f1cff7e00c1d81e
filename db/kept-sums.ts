/** Sums of whole months of counties, which turns share until something of that month and county is written (src/decisions/0019-kept-sums.md). */
import type { FiguresQuery, TallyQuery, TallyRow } from '../src/bot/ports.ts';
import { type Day, firstOf, lastOf, type Month, monthOf } from '../src/core/day.ts';
import type { Table } from '../src/core/records.ts';
import type { Connection } from './connection.ts';
import { byKeys, type Figures, figuresByCounty, isMorning, tally, total } from './tally.ts';

/** What is summed. */
const SUMMED: ReadonlySet<Table> = new Set(['visits', 'workloads']);
/** More rows than this are let go of together: some fifteen megabytes. */
const MOST = 60_000;

type Row = Readonly<Record<string, unknown>>;
type Sums = readonly TallyRow[] | Figures;
const rowsOf = (sums: Sums): number => (Array.isArray(sums) ? Math.max(1, sums.length) : 1);

/** Only turns use it. */
export class KeptSums {
  /** By month, county and question. */
  #months = new Map<Month, Map<string, Map<string, Sums>>>();
  #rows = 0;

  clear(): void {
    this.#months.clear();
    this.#rows = 0;
  }

  /** A row is written, as it was and as it is. Where it is not known which, everything is let go of. */
  written(table: Table, change?: { was: Row | undefined; row: Row | null }): void {
    if (!SUMMED.has(table)) return;
    if (!change) return this.clear();
    const { was, row } = change;
    // Whether a planned afternoon counts hangs on the same day's morning, which may be in another county.
    const elsewhere = table === 'visits' && morningOf(was) !== morningOf(row);
    for (const r of [was, row]) {
      if (!r) continue;
      const month = monthOf(r['day'] as Day);
      for (const county of elsewhere ? [...(this.#months.get(month)?.keys() ?? [])] : [r['county'] as string]) this.#letGo(month, county);
    }
  }

  #letGo(month: Month, county: string): void {
    const counties = this.#months.get(month);
    for (const sums of counties?.get(county)?.values() ?? []) this.#rows -= rowsOf(sums);
    counties?.delete(county);
  }

  /** Sums of a month by county: those that are kept, and those that are not, which are asked for together. */
  async of<S extends Sums>(
    month: Month,
    counties: readonly string[],
    question: string,
    ask: (counties: readonly string[]) => Promise<ReadonlyMap<string, S>>,
    nothing: S,
  ): Promise<S[]> {
    const asked = [...new Set(counties)];
    const known = new Map(asked.map(c => [c, this.#months.get(month)?.get(c)?.get(question) as S | undefined]));
    const missing = asked.filter(c => !known.get(c));
    if (missing.length) {
      const found = await ask(missing);
      for (const county of missing) {
        const sums = frozen(found.get(county) ?? nothing);
        known.set(county, sums);
        this.#keep(month, county, question, sums);
      }
    }
    return [...known.values()] as S[];
  }

  #keep(month: Month, county: string, question: string, sums: Sums): void {
    if (this.#rows >= MOST) {
      this.#months.clear();
      this.#rows = 0;
    }
    let counties = this.#months.get(month);
    if (!counties) this.#months.set(month, (counties = new Map()));
    let known = counties.get(county);
    if (!known) counties.set(county, (known = new Map()));
    known.set(question, sums);
    this.#rows += rowsOf(sums);
  }
}

/** The half day that a planned afternoon of the same person looks for. */
const morningOf = (row: Row | null | undefined): string =>
  row && isMorning(row) ? `${row['person'] as string} ${row['day'] as string}` : '';

/** The month and the counties of a question that is of nothing narrower. */
const wholeOf = ({ span, scope }: Pick<TallyQuery, 'span' | 'scope'>): { month: Month; counties: readonly string[] } | undefined => {
  const narrowed = Object.entries(scope).filter(([, of]) => of !== undefined);
  const [by, counties] = narrowed.length === 1 ? narrowed[0]! : [];
  const month = monthOf(span.from);
  if ((by !== 'county' && by !== 'counties') || span.from !== firstOf(month) || span.to !== lastOf(month)) return undefined;
  return { month, counties: typeof counties === 'string' ? [counties] : counties! };
};

/** As `tally`, with what is kept. */
export const keptTally = async (c: Connection, kept: KeptSums, query: TallyQuery): Promise<TallyRow[]> => {
  const { programme, span, by, upTo } = query;
  const whole = wholeOf(query);
  if (!whole || !(by === 'county' || (by === 'clinic' && whole.counties.length === 1))) return tally(c, query);
  const { month, counties } = whole;
  // All days before the month are one, and all after it.
  const until = upTo < span.from ? 'ahead' : upTo >= span.to ? 'past' : upTo;
  const ask = async (missing: readonly string[]) => {
    const rows = await tally(c, { ...query, scope: scopeOf(missing) });
    return new Map(missing.map(county => [county, by === 'county' ? rows.filter(r => r.key === county) : rows]));
  };
  return (await kept.of<readonly TallyRow[]>(month, counties, `${by} ${programme} ${until}`, ask, [])).flat().sort(byKeys);
};

/** As `figures`, with what is kept. */
export const keptFigures = async (c: Connection, kept: KeptSums, query: FiguresQuery): Promise<Record<string, number>> => {
  const whole = wholeOf(query);
  if (!whole) return total((await figuresByCounty(c, query)).values());
  const ask = (missing: readonly string[]) => figuresByCounty(c, { ...query, scope: scopeOf(missing) });
  return total(await kept.of<Figures>(whole.month, whole.counties, `figures ${query.programme}`, ask, {}));
};

/** One is looked up in less time than a list of one. */
const scopeOf = (counties: readonly string[]): TallyQuery['scope'] => (counties.length === 1 ? { county: counties[0]! } : { counties });

/** What several turns are given is nobody's to change. */
export const frozen = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
};
