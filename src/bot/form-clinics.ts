/** A form of clinics by month (附件1): doctor-days of the one tally, with what was taken over from paper. */
import { type Month, monthOf, monthSpan, sayInstant, sayUntil } from '../core/day.ts';
import { type Cell, EMPTY_ROW, formMonths, type RowFacts } from '../core/form.ts';
import type { Org } from '../core/records.ts';
import { type FiledWork, filedWork, sayUnsent } from './filed-work.ts';
import { clinicsOf, type Desk, type Gathered, loadPostings, print, sheetOf } from './form-desk.ts';

export const clinicTable = async (desk: Desk): Promise<Gathered> => {
  const { read, ask, programme, given, today } = desk;
  const clinics = await clinicsOf(desk);
  if (!desk.postings.length) await loadPostings(desk);
  const months = formMonths(programme);
  // What is not known is blank: before the programme or the county's own start, and what is still to come.
  const began = new Map<string, Month>();
  for (const p of desk.postings) if (p.from < (began.get(p.county) ?? '9999-12')) began.set(p.county, p.from);
  const last = ask.filed ? monthOf(ask.span.from) : monthOf(today);
  const known = (o: Org, m: Month) =>
    m >= monthOf(programme.term.from) && m <= monthOf(programme.term.until) && m <= last && m >= (began.get(o.county ?? '') ?? '9999-12');
  const where = {
    programme: programme.id,
    ...(ask.of.county ? { county: ask.of.county } : {}),
    ...(ask.of.counties ? { county: ask.of.counties } : {}),
  };
  const tally = new Map<string, number>();
  for (const m of months.filter(x => x <= monthOf(today))) {
    for (const r of await read.tally({ programme: programme.id, span: monthSpan(m), by: 'clinic', scope: ask.of, upTo: today }))
      tally.set(`${r.key} ${m}`, r.verified);
    await given.pause();
  }
  const filed = await filedWork(read, programme.id, ask, given.pause);
  // What was taken over from paper after a filing is not in it.
  const entered = ask.of.hospital ? [] : await read.all('paperTotals', where);
  const paper = new Map(
    entered.filter(p => !ask.filed || p.at <= (filed?.until ?? given.now)).map(p => [`${p.clinic} ${p.month}`, p.doctorDays]),
  );
  const reported = filed ? filed.cells(ask.filed ? last : null) : new Map<string, number>();
  const value = (o: Org, m: Month): number | null => {
    const key = `${o.id} ${m}`;
    const printed = paper.get(key);
    const own = ask.filed ? reported.get(key) : known(o, m) ? (tally.get(key) ?? 0) : tally.get(key);
    return own === undefined && printed === undefined ? null : (own ?? 0) + (printed ?? 0);
  };
  const rows = clinics.map(
    (clinic, i): RowFacts => ({
      ...EMPTY_ROW,
      number: i + 1,
      clinic,
      doctorDays: new Map(months.map(m => [m, value(clinic, m)])),
    }),
  );
  const { cells, totals } = await print(desk, rows);
  const marks = clinics.flatMap((o, r) =>
    desk.columns.flatMap((c, i): [number, number][] => (c.month && paper.has(`${o.id} ${c.month}`) ? [[r, i]] : [])),
  );
  const changed = ask.filed ? [] : changedCells(clinics, months, reported, (o, m) => value(o, m), paper, filed);
  const until = ask.filed ? (filed?.until ?? given.now) : given.now;
  const sheet = await sheetOf(desk, {
    total: totals.cells({}),
    remarks: marks.length ? ['灰底数字据纸质报表录入'] : [],
    until,
    marks,
    more: changed.length
      ? [
          {
            name: '填报后变动',
            title: '报送以后有变动的月份',
            columns: ['受援单位', '月份', '报送人次', '现在人次', '报送截至'],
            rows: changed,
          },
        ]
      : [],
  });
  const sum = totals.sumOf('doctor-days') ?? 0;
  return {
    sheet,
    rows: cells,
    says: [
      `${cells.length} 家，共 ${sum} 人次`,
      ...(marks.length ? [`其中 ${marks.length} 格据纸质报表录入（灰底）`] : []),
      ...(changed.length ? [`报送后变动 ${changed.length} 处，见第二张表`] : []),
      ...sayUnsent(programme, ask, filed),
      `截至 ${sayInstant(until, today)}`,
    ],
  };
};

const changedCells = (
  clinics: readonly Org[],
  months: readonly Month[],
  reported: ReadonlyMap<string, number>,
  value: (o: Org, m: Month) => number | null,
  paper: ReadonlyMap<string, number>,
  filed: FiledWork | null,
): Cell[][] =>
  clinics.flatMap(o =>
    months.flatMap((m): Cell[][] => {
      const key = `${o.id} ${m}`;
      const before = reported.get(key);
      const at = filed?.at.get(key);
      if (before === undefined || at === undefined) return [];
      const now = (value(o, m) ?? 0) - (paper.get(key) ?? 0);
      return now === before ? [] : [[o.name, `${Number(m.slice(5))}月`, before, now, sayUntil(at)]];
    }),
  );
