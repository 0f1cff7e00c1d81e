/** Official forms: from what a programme file says of them to header, cells and totals. What is asked for is an `FormAsk`; what is printed are rows of cells and a `FormSheet` around them. */
import type { FigureData, FormData, Programme } from '../programmes/schema.ts';
import { addMonths, type Day, dayOfMonth, type Month, monthOf, type Span, yearOf } from './day.ts';
import type { Org } from './records.ts';

/** Whose units are in it. */
export interface Units {
  /** Whose own report is meant where several counties are; a county's is its own. */
  bureau?: string;
  county?: string;
  counties?: readonly string[];
  clinic?: string;
  clinics?: readonly string[];
  hospital?: string;
  hospitals?: readonly string[];
  person?: string;
}

/** A form that is to be made: by whom, of whom, of which time. Its facts are read in one snapshot when it is made. */
export interface FormAsk {
  form: string;
  programme: string;
  span: Span;
  /** 2024年4月. */
  label: string;
  of: Units;
  /** As filed: this filing, or every current filing of the units; else as it is now. */
  filed: { filing: string } | 'all' | null;
  /** As filed, of 年终补报 and not of the month's own report. */
  closing?: boolean;
  /** Complete phones of physicians; whoever asks must have been asked whether they may. */
  phones: boolean;
  /** A sheet with the beneficiaries themselves. */
  names: boolean;
  /** Printed as 填报人. */
  reporter: string;
}

export type Cell = string | number | null;
/** A cell of the total row: a text, a figure of its own, or a formula with its value. */
export type TotalCell = Cell | { sum: number } | { yes: number };

/** A plain second sheet. */
export interface PlainSheet {
  name: string;
  title: string;
  columns: string[];
  rows: Cell[][];
}

/** All of a form but its rows. */
export interface FormSheet {
  /** 附件3: over the title; empty where no form was issued. */
  label: string;
  name: string;
  title: string;
  above: string[];
  head: string[][];
  merges: Merge[];
  widths: number[];
  /** What each column is, for a file of the bureau's own. */
  keys: string[];
  total: { label: string; over: number; cells: TotalCell[] } | null;
  /** As issued. */
  notes: string[];
  /** What is said of the numbers: 截至, 填报后补报. */
  remarks: string[];
  /** Rows (from 0) and columns of cells that are marked: taken over from paper. */
  marks: [row: number, column: number][];
  watermark: string | null;
  more: PlainSheet[];
  /** The bureau's own file, to be filled instead. */
  template: { file: string; columns: Record<string, number>; firstRow: number; sheet: number } | null;
}
export interface Merge {
  startRow: number;
  startCol: number;
  endRow: number;
  endCol: number;
}

/** A column as it is printed: months are written out. */
export interface FormColumn {
  head: string[];
  fill: string;
  total: string;
  width: number;
  month: Month | null;
}

/** Whose row it is, and what is known of it. */
export interface RowFacts {
  number: number;
  clinic: Org | null;
  hospital: Org | null;
  person: { name: string; title: string | null; specialty: string | null; phone: string | null } | null;
  need: string | null;
  day: Day | null;
  figures: Readonly<Record<string, number>>;
  words: Readonly<Record<string, string>>;
  /** The clinic's month, in the one row that carries it. */
  month: { figures: Readonly<Record<string, number>>; words: Readonly<Record<string, string>> } | null;
  /** By month where the form has months; null: no such month. */
  doctorDays: ReadonlyMap<Month, number | null> | number | null;
  beneficiaries: number;
}

export const EMPTY_ROW: Omit<RowFacts, 'number'> = {
  clinic: null,
  hospital: null,
  person: null,
  need: null,
  day: null,
  figures: {},
  words: {},
  month: null,
  doctorDays: null,
  beneficiaries: 0,
};

const HOSPITAL_TYPES: Readonly<Record<string, string>> = { province: '省属医院', city: '市属医院', county: '县市区属医院' };
const CLINIC_TYPES: Readonly<Record<string, string>> = {
  township: '乡镇卫生院',
  community: '社区卫生服务中心',
  private: '民营社区卫生服务中心',
};

/** The form that people call so, by its name or another word for it. */
export const formCalled = (programme: Pick<Programme, 'forms'>, said: string): FormData | undefined => {
  const bare = said.replace(/\s/g, '');
  return (
    programme.forms.find(f => f.id === bare) ??
    programme.forms.find(f => f.words.includes(bare)) ??
    programme.forms.find(f => bare.length > 1 && f.title.includes(bare))
  );
};

/** Months of a year's form: the calendar year, or where a programme crosses years its own months. */
export const formMonths = ({ term }: Pick<Programme, 'term'>): Month[] => {
  const same = yearOf(term.from) === yearOf(term.until);
  const first = same ? (`${term.from.slice(0, 4)}-01` as Month) : monthOf(term.from);
  const last = same ? (`${term.from.slice(0, 4)}-12` as Month) : monthOf(term.until);
  const months: Month[] = [];
  for (let m = first; m <= last; m = addMonths(m, 1)) months.push(m);
  return months;
};

/** Columns as printed. */
export const columnsOf = (form: FormData, programme: Pick<Programme, 'term'>): FormColumn[] =>
  form.columns.flatMap(c => {
    const column = (month: Month | null): FormColumn => ({
      head: c.head.map(h => (month ? h.replaceAll('{month}', `${Number(month.slice(5))}`) : h)),
      fill: c.fill,
      total: c.total,
      width: c.width,
      month,
    });
    return c.each ? formMonths(programme).map(column) : [column(null)];
  });

/** What a column is, whatever its place. Columns that are only printed are known by their text. */
export const columnKey = (c: Pick<FormColumn, 'fill' | 'month' | 'head'>): string =>
  c.month ? `${c.fill} ${c.month}` : c.fill === '' || c.fill === '/' ? c.head.at(-1)! : c.fill;

/** Header rows with their merged cells: neighbours under the same text share it, and the last text of a column reaches down to the rows. */
export const headOf = (columns: readonly Pick<FormColumn, 'head'>[]): { head: string[][]; merges: Merge[] } => {
  const depth = Math.max(...columns.map(c => c.head.length));
  const head = Array.from({ length: depth }, () => columns.map(() => ''));
  const merges: Merge[] = [];
  for (let level = 0; level < depth; level++) {
    for (let c = 0; c < columns.length; ) {
      const own = columns[c]!.head;
      const text = own[level];
      if (text === undefined) {
        c++;
        continue;
      }
      head[level]![c] = text;
      const last = own.length === level + 1;
      const above = own.slice(0, level + 1).join('\n');
      let end = c;
      // Only what has something under it is shared.
      while (
        !last &&
        end + 1 < columns.length &&
        columns[end + 1]!.head.length > level + 1 &&
        columns[end + 1]!.head.slice(0, level + 1).join('\n') === above
      )
        end++;
      const endRow = last ? depth - 1 : level;
      if (end > c || endRow > level) merges.push({ startRow: level, startCol: c, endRow, endCol: end });
      c = end + 1;
    }
  }
  return { head, merges };
};

/** Figures by id, of the line and of the unit's month. */
export const figuresOf = (programme: Pick<Programme, 'workload' | 'publicity' | 'cost'>): ReadonlyMap<string, FigureData> =>
  new Map(
    [...(programme.workload?.figures ?? []), ...(programme.publicity?.figures ?? []), ...(programme.cost?.figures ?? [])].map(f => [
      f.id,
      f,
    ]),
  );

/** Reported 0 is 0, not reported is nothing; money is kept in fen. `numbers`: yes and no as 1 and 0. */
const figureCell = (
  figure: FigureData | undefined,
  of: { figures: Readonly<Record<string, number>>; words: Readonly<Record<string, string>> } | null,
  numbers: boolean,
): Cell => {
  if (!figure || !of) return null;
  if (figure.kind === 'text') return of.words[figure.id] ?? null;
  const value = of.figures[figure.id];
  if (value === undefined) return null;
  if (figure.kind === 'yes-no' && !numbers) return value ? '是' : '否';
  return figure.kind === 'money' ? value / 100 : value;
};

type Reader = (row: RowFacts) => Cell;

const FIELDS: Readonly<Record<string, Reader>> = {
  number: row => row.number,
  need: row => row.need,
  day: row => (row.day ? `${Number(row.day.slice(5, 7))}月${dayOfMonth(row.day)}日` : null),
  beneficiaries: row => (row.beneficiaries ? `${row.beneficiaries}人，另附页` : null),
  'clinic.name': row => row.clinic?.name ?? null,
  'clinic.city': row => row.clinic?.city ?? null,
  'clinic.district': row => row.clinic?.district ?? null,
  'clinic.phone': row => row.clinic?.phoneMask ?? null,
  'clinic.type': row => CLINIC_TYPES[row.clinic?.type ?? ''] ?? null,
  'hospital.name': row => row.hospital?.name ?? null,
  'hospital.type': row => HOSPITAL_TYPES[row.hospital?.type ?? ''] ?? null,
  'person.name': row => row.person?.name ?? null,
  'person.title': row => row.person?.title ?? null,
  'person.specialty': row => row.person?.specialty ?? null,
  // A published mask shows three and two digits, as the annex does: the last four prove who somebody is.
  'person.phone': row => row.person?.phone?.replace(/^(\d{3})\*+\d*(\d\d)$/, '$1*****$2') ?? null,
};

const readerOf = (column: Pick<FormColumn, 'fill' | 'month'>, figures: ReadonlyMap<string, FigureData>, numbers: boolean): Reader => {
  const { fill, month } = column;
  if (fill === '/') return () => '/';
  if (fill === 'doctor-days')
    return ({ doctorDays }) =>
      typeof doctorDays === 'number' || doctorDays === null ? doctorDays : ((month && doctorDays.get(month)) ?? null);
  const [of, id = ''] = fill.split('.');
  const figure = figures.get(id);
  if (of === 'figure') return row => figureCell(figure, row, numbers);
  if (of === 'month') return row => figureCell(figure, row.month, numbers);
  return FIELDS[fill] ?? (() => null);
};

/** Makes the cells of a form's rows. `numbers`: yes and no as 1 and 0. */
export const cellsOf = (
  columns: readonly Pick<FormColumn, 'fill' | 'month'>[],
  figures: ReadonlyMap<string, FigureData>,
  numbers = false,
): ((row: RowFacts) => Cell[]) => {
  const readers = columns.map(c => readerOf(c, figures, numbers));
  return row => readers.map(read => read(row));
};

/** Adds up a form's columns while its rows go by. */
export const makeTotals = (columns: readonly FormColumn[], numbers = false) => {
  const sums = columns.map((): number | null => null);
  const yes = columns.map((): number | null => null);
  return {
    add(cells: readonly Cell[]): void {
      cells.forEach((cell, i) => {
        if (typeof cell === 'number') sums[i] = (sums[i] ?? 0) + cell;
        else if (cell === '是' || cell === '否') yes[i] = (yes[i] ?? 0) + (cell === '是' ? 1 : 0);
      });
    },
    /** `own`: figures that stand in the total only. */
    cells(own: Readonly<Record<string, number>>): TotalCell[] {
      return columns.map((c, i) => {
        const sum = sums[i] ?? null;
        if (c.total === 'sum' || (c.total === 'yes' && numbers)) return sum === null ? null : { sum };
        const said = yes[i] ?? null;
        if (c.total === 'yes') return said === null ? null : { yes: said };
        if (c.total === '/') return '/';
        const id = c.total.split('.')[1];
        return id !== undefined ? (own[id] ?? null) : null;
      });
    },
    sumOf: (fill: string): number | null => {
      const all = columns.flatMap((c, i) => (c.fill === fill && sums[i] !== null ? [sums[i]!] : []));
      return all.length ? all.reduce((a, b) => a + b, 0) : null;
    },
  };
};
