/** A form of lines (附件3): one row for each physician, clinic and day, as it is now or as it was filed. */

import { addDays, addMonths, type Month, monthOf, sayDate, sayInstant } from '../core/day.ts';
import { type Cell, EMPTY_ROW, type FormAsk, figuresOf, type PlainSheet, type RowFacts } from '../core/form.ts';
import { annexOrder } from '../core/org-names.ts';
import { postedIn } from '../core/posting.ts';
import type { Posting } from '../core/records.ts';
import { type MonthFigures, saySince, sinceFiling } from '../core/report.ts';
import type { Line } from '../core/workload.ts';
import { type FiledWork, filedFor, sayUnsent } from './filed-work.ts';
import { type Desk, type Gathered, loadOrgs, loadPeople, loadPostings, PAGE, print, SLICE, sheetOf } from './form-desk.ts';
import { linesOf } from './lines.ts';

export type Work = Pick<Line, 'person' | 'clinic' | 'hospital' | 'day' | 'counted' | 'figures' | 'words'>;

/** Lines of a span, some days at a time. */
export const linesNow = async (desk: Desk): Promise<Work[]> => {
  const { read, ask, programme, given } = desk;
  const all: Work[] = [];
  let days = 2;
  for (let from = ask.span.from; from <= ask.span.to; ) {
    const end = addDays(from, days - 1);
    const to = end < ask.span.to ? end : ask.span.to;
    const some = await linesOf(read, programme.id, ask.of, { from, to });
    for (const { person, clinic, hospital, day, counted, figures, words } of some)
      all.push({ person, clinic, hospital, day, counted, figures, words });
    days = some.length < SLICE.few ? Math.min(SLICE.days, days * 2) : some.length > SLICE.many ? Math.max(1, days >> 1) : days;
    from = addDays(to, 1);
    await given.pause();
  }
  return all;
};

/** A clinic's figures of its months, and the hospitals' cost of the units asked for. */
const monthsOf = async (
  desk: Desk,
  filed: FiledWork | null,
): Promise<{ clinic: Map<string, MonthFigures>; own: Record<string, number> }> => {
  const { read, programme, ask, given } = desk;
  const month = { from: monthOf(ask.span.from), to: monthOf(ask.span.to) };
  const clinic = new Map<string, MonthFigures>(filed?.months);
  const own: Record<string, number> = { ...filed?.sums };
  const cost = new Set(programme.cost?.figures.map(f => f.id));
  const unit = ask.of.clinic ?? (ask.of.county ? undefined : ask.of.hospital);
  for (const county of ask.of.counties ?? [ask.of.county]) {
    const rows = await read.all('unitMonths', {
      programme: programme.id,
      month,
      ...(county ? { county } : {}),
      ...(unit ? { org: unit } : {}),
    });
    for (const m of rows) {
      if (!filed) clinic.set(`${m.org} ${m.month}`, m);
      if (filed?.sums || ask.of.clinic || (ask.of.hospital && m.org !== ask.of.hospital)) continue;
      for (const [id, value] of Object.entries(m.figures)) if (cost.has(id)) own[id] = (own[id] ?? 0) + value;
    }
    await given.pause();
  }
  const money = figuresOf(programme);
  for (const id of Object.keys(own)) if (money.get(id)?.kind === 'money') own[id] = own[id]! / 100;
  return { clinic, own };
};

/** How many are listed elsewhere for each line. */
const listedFor = async (desk: Desk): Promise<Map<string, number>> => {
  const listed = new Map<string, number>();
  if (!desk.form.columns.some(c => c.fill === 'beneficiaries')) return listed;
  const { clinic, hospital, county, counties } = desk.ask.of;
  const where = {
    ...(county ? { county } : {}),
    ...(counties ? { county: counties } : {}),
    ...(clinic ? { clinic } : {}),
    ...(hospital ? { hospital } : {}),
  };
  for (const b of await desk.read.all('beneficiaries', { programme: desk.programme.id, day: desk.ask.span, state: 'kept', ...where })) {
    const key = `${b.day} ${b.person} ${b.clinic}`;
    listed.set(key, (listed.get(key) ?? 0) + 1);
  }
  return listed;
};

export const linesForm = async (desk: Desk): Promise<Gathered> => {
  const { ask, given } = desk;
  const month = monthOf(ask.span.from);
  const single = month === monthOf(ask.span.to);
  const filed = await filedFor(desk.read, desk.programme.id, ask, given.pause);
  const now = await linesNow(desk);
  const work: readonly Work[] = ask.filed ? (filed?.lines ?? []) : now;
  await loadPostings(desk);
  await loadPeople(
    desk,
    work.map(l => l.person),
  );
  await loadOrgs(
    desk,
    work.flatMap(l => [l.clinic, l.hospital]),
  );
  const months = await monthsOf(desk, ask.filed ? filed : null);
  const listed = await listedFor(desk);
  const postings = new Map<string, Posting[]>();
  for (const p of desk.postings) {
    const key = `${p.person} ${p.clinic}`;
    postings.set(key, [...(postings.get(key) ?? []), p]);
  }

  const byClinic = new Map<string, Work[]>();
  for (const l of work) {
    const own = byClinic.get(l.clinic);
    if (own) own.push(l);
    else byClinic.set(l.clinic, [l]);
  }
  // A clinic that reported its publicity and had no visit has a row of its own, so that the total is a true sum.
  const publicity = new Set(desk.programme.publicity?.figures.map(f => f.id));
  for (const [key, m] of months.clinic) {
    const org = key.split(' ')[0]!;
    if (byClinic.has(org) || !Object.keys({ ...m.figures, ...m.words }).some(id => publicity.has(id))) continue;
    await loadOrgs(desk, [org]);
    if (desk.orgs.get(org)?.kind === 'clinic' && (!ask.of.hospital || ask.of.clinic)) byClinic.set(org, []);
  }
  const rows: RowFacts[] = [];
  const clinics = [...byClinic.keys()].sort((a, b) => annexOrder(desk.orgs.get(a), desk.orgs.get(b)));
  for (const clinic of clinics) {
    const shown = new Set<string>();
    const monthOnce = (m: Month): RowFacts['month'] => {
      const key = `${clinic} ${m}`;
      const found = shown.has(key) || (ask.of.hospital && !ask.of.clinic) ? undefined : months.clinic.get(key);
      shown.add(key);
      return found ?? null;
    };
    for (const l of byClinic.get(clinic)!) {
      const p = desk.people.get(l.person);
      const m = monthOf(l.day);
      const posting = postings.get(`${l.person} ${clinic}`)?.find(x => postedIn(x, m)) ?? postings.get(`${l.person} ${clinic}`)?.[0];
      rows.push({
        number: rows.length + 1,
        clinic: desk.orgs.get(clinic) ?? null,
        hospital: desk.orgs.get(l.hospital) ?? null,
        person: p
          ? { name: p.name, title: posting?.title ?? p.title, specialty: posting?.specialty ?? p.specialty, phone: p.phoneMask }
          : null,
        need: posting?.need ?? null,
        day: l.day,
        figures: l.figures,
        words: l.words,
        month: monthOnce(ask.filed ? month : m),
        doctorDays: l.counted ? 1 : 0,
        beneficiaries: listed.get(`${l.day} ${l.person} ${clinic}`) ?? 0,
      });
    }
    for (const m of monthsWithin(ask)) {
      const own = monthOnce(m);
      if (own && Object.keys({ ...own.figures, ...own.words }).some(id => publicity.has(id)))
        rows.push({ ...EMPTY_ROW, number: rows.length + 1, clinic: desk.orgs.get(clinic) ?? null, month: own });
    }
    await given.pause();
  }
  const { cells, totals } = await print(desk, rows);
  const days = work.filter(l => l.counted).length;
  const until = ask.filed ? (filed?.until ?? given.now) : given.now;
  const after = single && filed?.filings.length ? since(now, filed, month) : null;
  const late = after ? [after] : [];
  const supplement = ask.filed ? (filed?.lines ?? []).filter(l => l.supplement && l.counted).length : 0;
  // A clinic that had nothing to report says why in its own file.
  const zero = ask.filed && ask.of.clinic ? (filed?.filings ?? []).flatMap(f => (f.zero === null ? [] : [`零报告：${f.zero}`])) : [];
  const names = ask.names ? await namesSheet(desk) : null;
  const sheet = await sheetOf(desk, {
    total: totals.cells(months.own),
    remarks: [...zero, ...(supplement ? [`其中补报以前月份 ${supplement} 人次`] : []), ...late],
    until,
    more: names ? [names] : [],
  });
  return {
    sheet,
    rows: cells,
    says: [
      ...(zero.length && !cells.length ? zero : [`${cells.length} 行，${days} 人次`]),
      ...(supplement ? [`其中补报以前月份 ${supplement} 人次`] : []),
      ...late,
      ...(names ? [`受益名单 ${names.rows.length} 人，在单独的表里，请勿转发`] : []),
      ...sayUnsent(desk.programme, ask, filed),
      `截至 ${sayInstant(until, desk.today)}`,
    ],
  };
};

const monthsWithin = (ask: FormAsk): Month[] => {
  const months: Month[] = [];
  for (let m = monthOf(ask.span.from); m <= monthOf(ask.span.to); m = addMonths(m, 1)) months.push(m);
  return months;
};

/** What a month's own report does not hold of it, of clinics that have filed it: 填报后补报. */
const since = (now: readonly Work[], filed: FiledWork, month: Month): string | null => {
  const has = new Set(filed.filings.filter(f => f.month === month).map(f => f.org));
  const dated = (all: readonly Work[]) => all.filter(l => monthOf(l.day) === month && (has.has(l.clinic) || filed.compiled));
  return saySince(sinceFiling(dated(filed.lines), dated(now)));
};

/** 受益群众名单: who was served. Who may have it is decided where it is asked for. */
const namesSheet = async (desk: Desk): Promise<PlainSheet> => {
  const { read, ask, programme, given } = desk;
  const { clinic, county } = ask.of;
  const rows: Cell[][] = [];
  const found = await read.all(
    'beneficiaries',
    { programme: programme.id, day: ask.span, state: 'kept', ...(county ? { county } : {}), ...(clinic ? { clinic } : {}) },
    { by: 'day' },
  );
  await loadOrgs(
    desk,
    found.map(b => b.clinic),
  );
  await loadPeople(
    desk,
    found.flatMap(b => (b.person ? [b.person] : [])),
  );
  for (const b of found) {
    rows.push([
      rows.length + 1,
      desk.orgs.get(b.clinic)?.name ?? '',
      b.person ? (desk.people.get(b.person)?.name ?? '') : '',
      sayDate(b.day),
      await read.unseal('beneficiaries', b.id, 'name'),
      await read.unseal('beneficiaries', b.id, 'phone'),
    ]);
    if (rows.length % PAGE === 0) await given.pause();
  }
  return {
    name: '受益群众名单',
    title: `受益群众名单（${ask.label}，只用于满意度回访）`,
    columns: ['序号', '受援单位', '支援医师', '服务日期', '姓名', '联系方式'],
    rows,
  };
};
