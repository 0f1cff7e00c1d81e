/** A unit's filled form beside what is stored: what is the same, what differs, what only one of the two has. Nothing is taken over by itself. */

import type { FigureData, Programme } from '../programmes/schema.ts';
import { type Day, type Instant, type Month, monthOf, sayDay } from './day.ts';
import { columnKey, columnsOf, figuresOf } from './form.ts';
import { dayIn, isTail, recogniseForm } from './form-read.ts';
import { shownOrg } from './org-names.ts';
import { type Change, numbered, type Org, type Person, type Report, type UnitMonth, type Workload } from './records.ts';
import type { Line } from './workload.ts';

/** A row of the file: one physician at one clinic on one day. */
export interface MergeRow {
  /** Line of the sheet, from 1. */
  line: number;
  person: string;
  clinic: string;
  day: Day;
  figures: Record<string, number>;
  words: Record<string, string>;
  month: { figures: Record<string, number>; words: Record<string, string> };
}
export interface MergeRead {
  rows: MergeRow[];
  problems: string[];
}

/** The rows of a lines form; undefined: the table is not one. */
export const readMerge = (programme: Programme, table: readonly (readonly string[])[]): MergeRead | undefined => {
  const figures = figuresOf(programme);
  for (const form of programme.forms.filter(f => f.rows === 'lines')) {
    const columns = columnsOf(form, programme);
    const found = recogniseForm(columns, table);
    const at = (key: string) => found?.columns[key];
    const [person, clinic, day] = [at('person.name'), at('clinic.name'), at('day')];
    if (!found || person === undefined || clinic === undefined || day === undefined) continue;
    const read: MergeRead = { rows: [], problems: [] };
    for (const [i, row] of table.entries()) {
      if (i < found.firstRow) continue;
      if (isTail(row)) break;
      const who = (row[person] ?? '').trim();
      const where = (row[clinic] ?? '').trim();
      if (row.every(c => c.trim() === '') || /^示例/.test(who)) continue;
      const on = dayIn(row[day] ?? '', programme.term);
      const line = i + 1;
      const own: MergeRow = {
        line,
        person: who,
        clinic: where,
        day: on ?? ('' as Day),
        figures: {},
        words: {},
        month: { figures: {}, words: {} },
      };
      for (const c of columns) {
        const [of, id = ''] = c.fill.split('.');
        const place = at(columnKey(c));
        const figure = figures.get(id);
        if ((of !== 'figure' && of !== 'month') || place === undefined || !figure) continue;
        const value = figureOf(figure, (row[place] ?? '').trim());
        if (value === undefined)
          read.problems.push(`第${line}行 ${figure.name}：“${(row[place] ?? '').trim().slice(0, 12)}”不是不小于0的整数`);
        else if (value !== null) {
          const to = of === 'figure' ? own : own.month;
          if (typeof value === 'number') to.figures[id] = value;
          else to.words[id] = value;
        }
      }
      const monthOnly = who === '' && !on && Object.keys({ ...own.month.figures, ...own.month.words }).length > 0;
      if (!on && !monthOnly) read.problems.push(`第${line}行 支援时间：“${(row[day] ?? '').trim().slice(0, 12)}”不是日期`);
      else if (on) read.rows.push(own);
    }
    return read;
  }
  return undefined;
};

/** null: the cell is empty, which says nothing. undefined: it cannot be. */
const figureOf = (figure: FigureData, text: string): number | string | null | undefined => {
  if (text === '' || text === '/') return null;
  if (figure.kind === 'text') return text;
  if (figure.kind === 'yes-no')
    return /^(是|有|1|已设置)$/.test(text) ? 1 : /^(否|无|0|没有)$/.test(text) ? 0 : /^\d+$/.test(text) ? 1 : undefined;
  if (figure.kind === 'money') return /^\d{1,9}(\.\d{1,2})?$/.test(text) ? Math.round(Number(text) * 100) : undefined;
  return /^\d{1,7}(\.0+)?$/.test(text) ? Number(text) : undefined;
};

export interface MergeKnown {
  orgs: readonly Org[];
  people: readonly Person[];
  lines: readonly Line[];
  months: readonly UnitMonth[];
  /** Reports that may not be changed any more. */
  closed: readonly Pick<Report, 'org' | 'month'>[];
}

export interface MergeDifference {
  row: MergeRow;
  what: string;
  id: string;
  of: 'line' | 'month';
  stored: number | string | null;
  filed: number | string;
  line: Line | null;
  clinic: Org;
  month: Month;
}
export interface MergePlan {
  same: number;
  differences: MergeDifference[];
  /** Rows whose visit nobody verified, or whose name or unit is not known: no visit is invented. */
  unknown: string[];
  /** Stored lines of these clinics and months that the file does not have. */
  missing: string[];
  /** Units whose report is closed. */
  closed: string[];
}

export const planMerge = (programme: Programme, rows: readonly MergeRow[], known: MergeKnown, today: Day): MergePlan => {
  const figures = figuresOf(programme);
  const plan: MergePlan = { same: 0, differences: [], unknown: [], missing: [], closed: [] };
  const clinicOf = (name: string) => known.orgs.find(o => o.kind === 'clinic' && (o.name === name || o.names.includes(name)));
  const nameOf = (id: string) => known.people.find(p => p.id === id)?.name ?? '';
  const seen = new Set<Line>();
  const units = new Map<string, Org>();
  for (const row of rows) {
    const clinic = clinicOf(row.clinic);
    const line = known.lines.find(l => l.clinic === clinic?.id && l.day === row.day && nameOf(l.person) === row.person);
    if (clinic) units.set(`${clinic.id} ${monthOf(row.day)}`, clinic);
    if (!clinic || !line) {
      plan.unknown.push(
        `第${row.line}行 ${row.person} ${sayDay(row.day, today)} ${clinic ? '没有经核实的班次' : `没有“${row.clinic.slice(0, 15)}”`}`,
      );
      continue;
    }
    seen.add(line);
    const month = monthOf(row.day);
    if (known.closed.some(r => r.org === clinic.id && r.month === month)) {
      const name = shownOrg(clinic);
      if (!plan.closed.includes(name)) plan.closed.push(name);
      continue;
    }
    const stored = known.months.find(m => m.org === clinic.id && m.month === month);
    const before = plan.differences.length;
    const compare = (
      of: 'line' | 'month',
      filed: { figures: Record<string, number>; words: Record<string, string> },
      own: { figures: Readonly<Record<string, number>>; words: Readonly<Record<string, string>> } | undefined,
    ) => {
      for (const [id, value] of Object.entries({ ...filed.figures, ...filed.words })) {
        const is = own?.figures[id] ?? own?.words[id] ?? null;
        if (is !== value)
          plan.differences.push({ row, what: figures.get(id)?.name ?? id, id, of, stored: is, filed: value, line, clinic, month });
      }
    };
    compare('line', row, line);
    compare('month', row.month, stored);
    if (plan.differences.length === before) plan.same++;
  }
  for (const l of known.lines)
    if (!seen.has(l) && units.has(`${l.clinic} ${monthOf(l.day)}`)) plan.missing.push(`${nameOf(l.person)} ${sayDay(l.day, today)}`);
  return plan;
};

/** The differences taken over, by the bureau's yes: figures of lines and of units' months, the versions before in the journal. */
export const mergeChanges = (
  plan: MergePlan,
  known: MergeKnown,
  by: { turn: number; now: Instant; person: string; programme: string; county: string },
): Change[] => {
  const workloads = new Map<string, Workload>();
  const before = new Map<string, Workload | undefined>();
  const months = new Map<string, UnitMonth>();
  const monthsBefore = new Map<string, UnitMonth | undefined>();
  const put = (to: { figures: Record<string, number>; words: Record<string, string> }, d: MergeDifference) => {
    if (typeof d.filed === 'number') to.figures = { ...to.figures, [d.id]: d.filed };
    else to.words = { ...to.words, [d.id]: d.filed };
  };
  for (const d of plan.differences) {
    if (d.of === 'line' && d.line) {
      const l = d.line;
      const key = `${l.day} ${l.person} ${l.clinic}`;
      if (!workloads.has(key)) {
        before.set(key, l.workload);
        workloads.set(key, {
          ...(l.workload ?? {
            id: numbered(by.turn, workloads.size),
            programme: by.programme,
            county: by.county,
            person: l.person,
            clinic: l.clinic,
            hospital: l.hospital,
            day: l.day,
            figures: {},
            words: {},
            late: true,
            verifiedBy: null,
            verifiedAt: null,
            proposal: null,
          }),
          by: by.person,
          at: by.now,
          as: 'bureau',
          confirmed: null,
          reason: '按单位报送的表格',
        });
      }
      put(workloads.get(key)!, d);
    } else {
      const key = `${d.clinic.id} ${d.month}`;
      const stored = known.months.find(m => m.org === d.clinic.id && m.month === d.month);
      if (!months.has(key)) {
        monthsBefore.set(key, stored);
        months.set(key, {
          ...(stored ?? {
            id: numbered(by.turn, months.size),
            programme: by.programme,
            county: by.county,
            org: d.clinic.id,
            month: d.month,
            figures: {},
            words: {},
          }),
          by: by.person,
          at: by.now,
          reason: '按单位报送的表格',
        });
      }
      put(months.get(key)!, d);
    }
  }
  return [
    ...[...workloads].map(
      ([key, to]): Change => ({ table: 'workloads', id: to.id, to, ...(before.get(key) ? { was: { at: before.get(key)!.at } } : {}) }),
    ),
    ...[...months].map(
      ([key, to]): Change => ({
        table: 'unitMonths',
        id: to.id,
        to,
        ...(monthsBefore.get(key) ? { was: { at: monthsBefore.get(key)!.at } } : {}),
      }),
    ),
  ];
};
