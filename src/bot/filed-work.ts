/** What was filed, as it stood then: of a unit its own filing; of a bureau what it sent up, else what its units have filed. */
import type { Instant, Month } from '../core/day.ts';
import { addMonths, monthOf } from '../core/day.ts';
import type { FormAsk, Units } from '../core/form.ts';
import type { FiledLine, Filing } from '../core/records.ts';
import { type MonthFigures, monthsWithin } from '../core/report.ts';
import type { Programme } from '../programmes/schema.ts';
import type { Read, Where } from './ports.ts';

export interface FiledWork {
  filings: Filing[];
  lines: FiledLine[];
  /** 截至 of the last of them. */
  until: Instant | null;
  /** A bureau's own filing, which holds the lines of its units. */
  compiled: boolean;
  /** What units said of their month, by `unit month`. */
  months: ReadonlyMap<string, MonthFigures>;
  /** Sums as a bureau sent them up; null where nothing was sent up. */
  sums: Record<string, number> | null;
  /** Doctor-days by `clinic month`, over all reports up to a month (null: all of them). */
  cells(upTo: Month | null): Map<string, number>;
  /** When a clinic's month was last filed. */
  at: ReadonlyMap<string, Instant>;
}

const MANY = 200;
type Pause = () => Promise<void>;

const linesIn = async (read: Read, filings: readonly Filing[], pause: Pause): Promise<FiledLine[]> => {
  const lines: FiledLine[] = [];
  for (let i = 0; i < filings.length; i += MANY) {
    const some = filings.slice(i, i + MANY).map(f => f.id);
    for (const l of await read.all('filedLines', { filing: some }, { by: 'day' })) lines.push(l);
    await pause();
  }
  return lines;
};

/** The bureau whose own report is meant; none where one unit is. */
const bureauOf = ({ bureau, county, clinic, hospital }: Units): string | undefined => (clinic || hospital ? undefined : (bureau ?? county));

/** Said where a bureau asks for what it sent up and has not: its units' filings are shown. */
export const sayUnsent = ({ report }: Pick<Programme, 'report'>, { of, filed }: FormAsk, work: FiledWork | null): string[] => {
  const by = of.bureau ? 'city' : 'county';
  return filed === 'all' && work && !work.compiled && bureauOf(of) && report?.filers.some(f => f.does === 'compiles' && f.by === by)
    ? ['本级还没汇总上报，按各单位已报的']
    : [];
};

/** Of each report the filing that stood at a moment. */
const stoodAt = (filings: readonly Filing[], moment: Instant): Filing[] => {
  const last = new Map<string, Filing>();
  for (const f of [...filings].sort((a, b) => a.at - b.at || Number(a.state === 'current') - Number(b.state === 'current')))
    if (f.at <= moment) last.set(f.report, f);
  return [...last.values()];
};

/** Cells start at 0 for whoever has filed a month at all. */
const cellsOf =
  (keys: readonly { org: string; month: Month }[], lines: readonly FiledLine[]) =>
  (upTo: Month | null): Map<string, number> => {
    const cells = new Map<string, number>();
    for (const k of keys) if (upTo === null || k.month <= upTo) cells.set(`${k.org} ${k.month}`, 0);
    for (const l of lines) {
      if (!l.counted || (upTo !== null && l.month > upTo)) continue;
      const key = `${l.clinic} ${monthOf(l.day)}`;
      cells.set(key, (cells.get(key) ?? 0) + 1);
    }
    return cells;
  };

const lastOf = (filings: readonly Filing[]): Instant | null => (filings.length ? Math.max(...filings.map(f => f.at)) : null);

/** Units' own filings. */
const ofUnits = (filings: Filing[], lines: FiledLine[]): FiledWork => {
  const at = new Map<string, Instant>();
  for (const f of filings) at.set(`${f.org} ${f.month}`, Math.max(f.at, at.get(`${f.org} ${f.month}`) ?? 0));
  return {
    filings,
    lines,
    compiled: false,
    until: lastOf(filings),
    at,
    months: new Map(filings.map(f => [`${f.org} ${f.month}`, f])),
    sums: null,
    cells: cellsOf(filings, lines),
  };
};

/** What a bureau sent up: its lines, and what its units said of their months as it held them then. */
const sentUp = (filings: Filing[], lines: FiledLine[]): FiledWork => {
  const months = new Map<string, MonthFigures>();
  const at = new Map<string, Instant>();
  const sums: Record<string, number> = {};
  for (const f of [...filings].sort((a, b) => a.at - b.at)) {
    for (const [org, own] of monthsWithin(f)) {
      months.set(`${org} ${f.month}`, own);
      at.set(`${org} ${f.month}`, f.at);
    }
    for (const [id, n] of Object.entries(f.figures)) if (!id.includes('/')) sums[id] = (sums[id] ?? 0) + n;
  }
  const when = new Map(filings.map(f => [f.id, f.at]));
  for (const l of lines) at.set(`${l.clinic} ${monthOf(l.day)}`, when.get(l.filing)!);
  const keys = [...at.keys()].map(k => ({ org: k.split(' ')[0]!, month: k.split(' ')[1] as Month }));
  return { filings, lines, compiled: true, until: lastOf(filings), at, months, sums, cells: cellsOf(keys, lines) };
};

/** A unit's line counts where its own clinic filed it; a compiled copy above says it a second time. */
const ownLines = (filings: readonly Filing[], lines: readonly FiledLine[]): FiledLine[] => {
  const org = new Map(filings.map(f => [f.id, f.org]));
  const own = lines.filter(l => org.get(l.filing) === l.clinic);
  return own.length ? own : [...lines];
};
/** Filings that speak of clinics: with lines, or with a reason why there are none. */
const speaking = (filings: readonly Filing[], lines: readonly FiledLine[]): Filing[] => {
  const clinics = new Set(lines.map(l => l.clinic));
  const counties = new Set(filings.map(f => f.county));
  return filings.filter(f => clinics.has(f.org) || (f.zero !== null && !counties.has(f.org)));
};

/** Of a month as filed its own report and 年终补报 are two. */
const kindsOf = ({ filed, closing }: FormAsk): Pick<Where<Filing>, 'kind'> =>
  filed === 'all' ? { kind: closing ? ['closing'] : ['month', 'first'] } : {};

const currentOf = async (
  read: Read,
  programme: string,
  { county, counties, clinic }: Units,
  month: Where<Filing>['month'],
  kinds: Pick<Where<Filing>, 'kind'>,
) =>
  read.all(
    'filings',
    {
      programme,
      state: 'current',
      ...kinds,
      ...(month ? { month } : {}),
      ...(county ? { county } : {}),
      ...(counties ? { county: counties } : {}),
      ...(clinic ? { org: clinic } : {}),
    },
    { by: 'at' },
  );

const unitsFiled = async (
  read: Read,
  programme: string,
  { of }: FormAsk,
  month: Where<Filing>['month'],
  kinds: Pick<Where<Filing>, 'kind'>,
  pause: Pause,
): Promise<FiledWork> => {
  const filings = await currentOf(read, programme, of, month, kinds);
  const lines = (await linesIn(read, filings, pause)).filter(l => !of.hospital || l.hospital === of.hospital);
  const own = ownLines(filings, lines);
  return ofUnits(speaking(filings, own), own);
};

/** A month's reports with their lines: one filing where one is asked for; a bureau's own where it has sent one up. */
export const filedFor = async (read: Read, programme: string, ask: FormAsk, pause: Pause): Promise<FiledWork | null> => {
  const month = monthOf(ask.span.from);
  const bureau = bureauOf(ask.of);
  if (ask.filed && ask.filed !== 'all') {
    const filing = await read.get('filings', ask.filed.filing);
    if (!filing) return null;
    const lines = await linesIn(read, [filing], pause);
    return filing.org === bureau ? sentUp([filing], lines) : ofUnits([filing], lines);
  }
  if (monthOf(ask.span.to) !== month) return null;
  const kinds = kindsOf(ask);
  const own = bureau === undefined ? [] : await read.all('filings', { programme, org: bureau, month, state: 'current', ...kinds });
  return own.length ? sentUp(own, await linesIn(read, own, pause)) : unitsFiled(read, programme, ask, month, kinds, pause);
};

/**
 * All that was filed of a year, for its table by month; null where nothing was. As filed it is the table that went with the report
 * of a month: what came later is not in it.
 */
export const filedWork = async (read: Read, programme: string, ask: FormAsk, pause: Pause): Promise<FiledWork | null> => {
  const year = { from: addMonths(monthOf(ask.span.from), -24), to: addMonths(monthOf(ask.span.to), 24) };
  const bureau = bureauOf(ask.of);
  const unit = bureau ?? ask.of.clinic;
  // With 年终补报 goes all that came before it; before it there was none.
  const kinds = ask.closing ? {} : kindsOf(ask);
  const all = unit === undefined ? [] : await read.all('filings', { programme, org: unit, month: year, ...kinds });
  if (ask.filed) {
    const asked = all.filter(
      f => f.state === 'current' && f.month === monthOf(ask.span.from) && (f.kind === 'closing') === (ask.closing ?? false),
    );
    const moment = lastOf(asked);
    if (moment !== null) {
      const stood = stoodAt(
        all.filter(f => f.month <= monthOf(ask.span.from)),
        moment,
      );
      const lines = await linesIn(read, stood, pause);
      return unit === bureau ? sentUp(stood, lines) : ofUnits(stood, lines);
    }
  }
  const current = all.filter(f => f.state === 'current');
  const units = await unitsFiled(read, programme, ask, year, kinds, pause);
  if (unit !== bureau || !current.length) return units.filings.length ? units : null;
  // Months that the bureau has sent up are compared with what it sent.
  const sent = sentUp(current, await linesIn(read, current, pause));
  const covered = new Set(current.map(f => f.month));
  const [above, below] = [sent.cells(null), units.cells(null)];
  const cells = new Map([...below].filter(([key]) => !covered.has(key.split(' ')[1] as Month)));
  for (const [key, n] of above) if (covered.has(key.split(' ')[1] as Month)) cells.set(key, n);
  for (const key of below.keys()) if (!cells.has(key)) cells.set(key, 0);
  const at = new Map([...units.at, ...sent.at]);
  for (const f of current)
    for (const key of cells.keys()) if (key.endsWith(` ${f.month}`)) at.set(key, Math.max(f.at, sent.at.get(key) ?? 0));
  const upTo = (last: Month | null) => new Map([...cells].filter(([key]) => last === null || (key.split(' ')[1] as Month) <= last));
  // Of a month that is not sent up yet the units' own filings are the last word.
  const until = lastOf([...current, ...units.filings].filter(f => f.month <= monthOf(ask.span.from)));
  return { ...sent, cells: upTo, at, ...(ask.filed ? { compiled: false, until } : {}) };
};
