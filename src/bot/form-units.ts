/** A plain table of units with their sums, where no form was issued. */
import { sayInstant } from '../core/day.ts';
import { EMPTY_ROW, type RowFacts } from '../core/form.ts';
import { filedFor, sayUnsent } from './filed-work.ts';
import { clinicsOf, type Desk, type Gathered, loadOrgs, print, sheetOf } from './form-desk.ts';
import { linesNow, type Work } from './form-lines.ts';

export const unitTable = async (desk: Desk): Promise<Gathered> => {
  const { read, ask, programme, given, today } = desk;
  const upper = ask.of.counties !== undefined && !ask.of.clinic && !ask.of.hospital;
  if (upper) await loadOrgs(desk, ask.of.counties!);
  const units = upper
    ? [...desk.orgs.values()]
        .filter(o => ask.of.counties!.includes(o.id))
        .sort((a, b) => (a.city ?? '').localeCompare(b.city ?? '', 'zh') || a.name.localeCompare(b.name, 'zh'))
    : await clinicsOf(desk);
  const tally = new Map(
    (ask.filed
      ? []
      : await read.tally({ programme: programme.id, span: ask.span, by: upper ? 'county' : 'clinic', scope: ask.of, upTo: today })
    ).map(r => [r.key, r.verified]),
  );
  await given.pause();
  const filed = ask.filed ? await filedFor(read, programme.id, ask, given.pause) : null;
  const lines: readonly Work[] = ask.filed ? (filed?.lines ?? []) : await linesNow(desk);
  await loadOrgs(
    desk,
    lines.map(l => l.clinic),
  );
  const figures = new Map<string, Record<string, number>>();
  for (const l of lines) {
    const key = upper ? (desk.orgs.get(l.clinic)?.county ?? '') : l.clinic;
    if (ask.filed && l.counted) tally.set(key, (tally.get(key) ?? 0) + 1);
    const sums = figures.get(key) ?? {};
    for (const [id, n] of Object.entries(l.figures)) sums[id] = (sums[id] ?? 0) + n;
    figures.set(key, sums);
  }
  const rows = units.map(
    (o, i): RowFacts => ({
      ...EMPTY_ROW,
      number: i + 1,
      clinic: upper ? { ...o, name: o.district ?? o.name } : o,
      figures: figures.get(o.id) ?? {},
      doctorDays: tally.get(o.id) ?? 0,
    }),
  );
  const { cells, totals } = await print(desk, rows);
  const until = filed?.until ?? given.now;
  const supplement = ask.filed ? lines.filter(l => 'supplement' in l && l.supplement && l.counted).length : 0;
  const before = supplement ? [`其中补报以前月份 ${supplement} 人次`] : [];
  const zero = ask.of.clinic ? (filed?.filings ?? []).flatMap(f => (f.zero === null ? [] : [`零报告：${f.zero}`])) : [];
  const sheet = await sheetOf(desk, { total: totals.cells({}), remarks: [...zero, ...before], until });
  return {
    sheet,
    rows: cells,
    says: [
      `${cells.length} 个单位，共 ${totals.sumOf('doctor-days') ?? 0} 人次`,
      ...before,
      ...(desk.form.issued ? [] : ['方案没有印发表样，按要求报送的项目列表']),
      ...sayUnsent(programme, ask, filed),
      `截至 ${sayInstant(until, today)}`,
    ],
  };
};
