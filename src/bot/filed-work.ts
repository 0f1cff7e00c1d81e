/** What was filed: the current filings of units with their lines, as they stood when they were filed. */
import type { Instant, Month } from '../core/day.ts';
import { addMonths, monthOf } from '../core/day.ts';
import type { FormAsk } from '../core/form.ts';
import type { FiledLine, Filing } from '../core/records.ts';
import type { Read } from './ports.ts';

export interface FiledWork {
  filings: Filing[];
  lines: FiledLine[];
  /** 截至 of the last of them. */
  until: Instant | null;
  /** One filing of a bureau holds the lines of its units. */
  compiled: boolean;
  /** Doctor-days by `clinic month` as filed, over all reports up to a month (null: all of them). */
  cells(upTo: Month | null): Map<string, number>;
  /** When a clinic's month was last filed. */
  at: ReadonlyMap<string, Instant>;
}

const MANY = 200;

/** Current filings of the units asked for, in a span of months; only those with lines of their own. */
const filingsOf = async (read: Read, programme: string, ask: FormAsk, months: { from?: Month; to?: Month }): Promise<Filing[]> => {
  const { county, counties, clinic } = ask.of;
  const found = await read.all(
    'filings',
    {
      programme,
      state: 'current',
      month: months,
      ...(county ? { county } : {}),
      ...(counties ? { county: counties } : {}),
      ...(clinic ? { org: clinic } : {}),
    },
    { by: 'at' },
  );
  return found;
};

const linesIn = async (read: Read, filings: readonly Filing[], pause: () => Promise<void>): Promise<FiledLine[]> => {
  const lines: FiledLine[] = [];
  for (let i = 0; i < filings.length; i += MANY) {
    const some = filings.slice(i, i + MANY).map(f => f.id);
    for (const l of await read.all('filedLines', { filing: some }, { by: 'day' })) lines.push(l);
    await pause();
  }
  return lines;
};

const workOf = (filings: Filing[], lines: FiledLine[], compiled: boolean): FiledWork => {
  const at = new Map<string, Instant>();
  for (const f of filings) at.set(`${f.org} ${f.month}`, Math.max(f.at, at.get(`${f.org} ${f.month}`) ?? 0));
  return {
    filings,
    lines,
    compiled,
    until: filings.length ? Math.max(...filings.map(f => f.at)) : null,
    at,
    cells(upTo) {
      const cells = new Map<string, number>();
      for (const f of filings)
        if (upTo === null || f.month <= upTo) cells.set(`${f.org} ${f.month}`, cells.get(`${f.org} ${f.month}`) ?? 0);
      for (const l of lines) {
        if (!l.counted || (upTo !== null && l.month > upTo)) continue;
        const key = `${l.clinic} ${monthOf(l.day)}`;
        cells.set(key, (cells.get(key) ?? 0) + 1);
      }
      return cells;
    },
  };
};

/** A month's reports with their lines; of one filing where one is asked for. A bureau's filing that holds no lines stands for those below it. */
export const filedFor = async (read: Read, programme: string, ask: FormAsk, pause: () => Promise<void>): Promise<FiledWork | null> => {
  const month = monthOf(ask.span.from);
  if (ask.filed && ask.filed !== 'all') {
    const filing = await read.get('filings', ask.filed.filing);
    if (!filing) return null;
    const lines = await linesIn(read, [filing], pause);
    if (lines.length || ask.of.clinic || ask.of.hospital) return workOf([filing], lines, !ask.of.clinic && !ask.of.hospital);
  }
  if (monthOf(ask.span.to) !== month) return null;
  const filings = await filingsOf(read, programme, ask, { from: month, to: month });
  const lines = (await linesIn(read, filings, pause)).filter(l => !ask.of.hospital || l.hospital === ask.of.hospital);
  return workOf(withLines(filings, lines), ownLines(filings, lines), false);
};

/** All that was filed of a year, for its table by month; null where nothing was. */
export const filedWork = async (read: Read, programme: string, ask: FormAsk, pause: () => Promise<void>): Promise<FiledWork | null> => {
  const year = { from: addMonths(monthOf(ask.span.from), -24), to: addMonths(monthOf(ask.span.to), 24) };
  const filings = await filingsOf(read, programme, ask, year);
  if (!filings.length) return null;
  const lines = (await linesIn(read, filings, pause)).filter(l => !ask.of.hospital || l.hospital === ask.of.hospital);
  return workOf(withLines(filings, lines), ownLines(filings, lines), false);
};

/** A line counts where its own clinic filed it; a compiled copy above says it a second time. */
const ownLines = (filings: readonly Filing[], lines: readonly FiledLine[]): FiledLine[] => {
  const org = new Map(filings.map(f => [f.id, f.org]));
  const own = lines.filter(l => org.get(l.filing) === l.clinic);
  return own.length ? own : [...lines];
};
const withLines = (filings: readonly Filing[], lines: readonly FiledLine[]): Filing[] => {
  const clinics = new Set(lines.map(l => l.clinic));
  const counties = new Set(filings.map(f => f.county));
  return filings.filter(f => clinics.has(f.org) || (f.zero !== null && !counties.has(f.org)));
};
