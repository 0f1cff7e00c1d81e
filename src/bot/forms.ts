/** The facts of official forms: read in slices of one snapshot, so that nothing else waits for them, and made into rows of cells. */
import {
  addDays,
  addMonths,
  type Day,
  dayAt,
  type Instant,
  type Month,
  monthOf,
  monthSpan,
  sayInstant,
  timeOf,
  yearOf,
} from '../core/day.ts';
import {
  type Cell,
  cellsOf,
  columnKey,
  columnsOf,
  EMPTY_ROW,
  type FormAsk,
  type FormColumn,
  type FormSheet,
  figuresOf,
  formMonths,
  headOf,
  makeTotals,
  type PlainSheet,
  type RowFacts,
} from '../core/form.ts';
import type { Filing, Org, Person, Posting, Template, UnitMonth } from '../core/records.ts';
import { settingsFrom } from '../core/settings.ts';
import type { Line } from '../core/workload.ts';
import type { FormData, Programme } from '../programmes/schema.ts';
import { type FiledWork, filedFor, filedWork } from './filed-work.ts';
import { linesOf } from './lines.ts';
import type { Read } from './ports.ts';

export interface Gathering {
  programmes: readonly Programme[];
  /** The moment of the snapshot: 截至. */
  now: Instant;
  demo: boolean;
  /** Lets others have their turn. */
  pause(): Promise<void>;
}

/** A form's facts, ready to be printed, and what the card says of them. */
export interface Gathered {
  sheet: FormSheet;
  rows: Cell[][];
  says: string[];
}

/** What one gathering has at hand. */
interface Desk {
  read: Read;
  ask: FormAsk;
  form: FormData;
  programme: Programme;
  columns: FormColumn[];
  orgs: Map<string, Org>;
  people: Map<string, Person>;
  postings: Posting[];
  today: Day;
  /** 是否设置工作室 as 1 and 0. */
  numbers: boolean;
  given: Gathering;
}

/** Rows at once between two pauses; ids in one question. */
const PAGE = 200;
/** Lines that one slice of days should have. */
const SLICE = { few: 60, many: 250, days: 31 } as const;

/** @throws Error where the programme has no such form */
export const gatherForm = async (read: Read, ask: FormAsk, given: Gathering): Promise<Gathered> => {
  const programme = given.programmes.find(p => p.id === ask.programme);
  const form = programme?.forms.find(f => f.id === ask.form);
  if (!programme || !form) throw new Error(`no form ${ask.form} in ${ask.programme}`);
  const county = ask.of.county ?? null;
  const settings = settingsFrom(
    new Map(county ? (await read.all('settings', { org: county })).map(s => [s.key, { value: s.value, set: { by: s.by, at: s.at } }]) : []),
  );
  const desk: Desk = {
    read,
    ask,
    form,
    programme,
    columns: columnsOf(form, programme),
    orgs: new Map(),
    people: new Map(),
    postings: [],
    today: dayAt(given.now),
    numbers: settings.get('studio') === '数字',
    given,
  };
  const of = form.rows === 'lines' ? linesForm : form.rows === 'postings' ? roster : form.rows === 'units' ? unitTable : clinicTable;
  return of(desk);
};

// ── What all forms share ──────────────────────────────────────────────────────

const chunks = <T>(all: readonly T[], size = PAGE): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));

const loadOrgs = async ({ read, orgs, given }: Desk, ids: Iterable<string>): Promise<void> => {
  for (const some of chunks([...new Set(ids)].filter(id => !orgs.has(id)))) {
    for (const o of await read.all('orgs', { id: some })) orgs.set(o.id, o);
    await given.pause();
  }
};
const loadPeople = async ({ read, people, given }: Desk, ids: Iterable<string>): Promise<void> => {
  for (const some of chunks([...new Set(ids)].filter(id => !people.has(id)))) {
    for (const p of await read.all('people', { id: some })) people.set(p.id, p);
    await given.pause();
  }
};
const countiesOf = (desk: Desk): readonly (string | undefined)[] =>
  desk.ask.of.counties ?? [
    desk.ask.of.county ?? (desk.ask.of.clinic ? (desk.orgs.get(desk.ask.of.clinic)?.county ?? undefined) : undefined),
  ];

/** Postings of the units asked for, whenever they were in force. */
const loadPostings = async (desk: Desk): Promise<void> => {
  const { read, programme, ask, given } = desk;
  const { clinic, hospital, person } = ask.of;
  const own = { ...(clinic ? { clinic } : {}), ...(hospital ? { hospital } : {}), ...(person ? { person } : {}) };
  for (const county of ask.of.counties ?? [ask.of.county]) {
    desk.postings.push(...(await read.all('postings', { programme: programme.id, ...(county ? { county } : {}), ...own })));
    await given.pause();
  }
};
const inForce = (p: Posting, month: Month): boolean => p.from <= month && (p.until === null || p.until >= month);

const annexOrder = (a: Org | undefined, b: Org | undefined): number =>
  (a?.county ?? '').localeCompare(b?.county ?? '') ||
  (a?.order ?? 9999) - (b?.order ?? 9999) ||
  (a?.name ?? '').localeCompare(b?.name ?? '', 'zh');

/** Clinics of the units asked for, in the annex's order. */
const clinicsOf = async (desk: Desk): Promise<Org[]> => {
  const { read, ask, orgs, given } = desk;
  if (ask.of.clinic) await loadOrgs(desk, [ask.of.clinic]);
  else if (ask.of.county || ask.of.counties)
    for (const county of ask.of.counties ?? [ask.of.county!]) {
      for (const o of await read.all('orgs', { kind: 'clinic', county })) orgs.set(o.id, o);
      await given.pause();
    }
  if (ask.of.hospital || !(ask.of.county || ask.of.counties || ask.of.clinic)) {
    if (!desk.postings.length) await loadPostings(desk);
    await loadOrgs(
      desk,
      desk.postings.map(p => p.clinic),
    );
    const own = new Set(desk.postings.map(p => p.clinic));
    return [...orgs.values()].filter(o => o.kind === 'clinic' && own.has(o.id)).sort(annexOrder);
  }
  return [...orgs.values()].filter(o => o.kind === 'clinic').sort(annexOrder);
};

/** Name printed as 填报单位. */
const unitName = async (desk: Desk): Promise<string> => {
  const { of } = desk.ask;
  const id = of.clinic ?? of.hospital ?? of.county;
  if (!id) return desk.programme.bureau;
  await loadOrgs(desk, [id]);
  return desk.orgs.get(id)?.name ?? '';
};

const sayDate = (d: Day): string => `${yearOf(d)}年${Number(d.slice(5, 7))}月${Number(d.slice(8))}日`;
const sayUntil = (at: Instant): string => `${sayDate(dayAt(at))} ${timeOf(at)}`;

const templateOf = async (desk: Desk): Promise<FormSheet['template']> => {
  const county = countiesOf(desk)[0];
  if (!county || desk.ask.of.counties) return null;
  const kept: Template | undefined = await desk.read.first('templates', { county, form: desk.form.id, state: 'on' });
  if (!kept) return null;
  const { '.row': firstRow = 0, '.sheet': sheet = 0, ...columns } = kept.columns;
  return { file: kept.file, columns, firstRow, sheet };
};

const sheetOf = async (
  desk: Desk,
  extra: {
    total?: NonNullable<FormSheet['total']>['cells'];
    notes?: string[];
    until: Instant;
    marks?: FormSheet['marks'];
    more?: PlainSheet[];
  },
): Promise<FormSheet> => {
  const { form, columns, ask, given } = desk;
  const { head, merges } = headOf(columns);
  const unit = form.above.length ? await unitName(desk) : '';
  const filled = (text: string) =>
    text
      .replaceAll('{unit}', unit)
      .replaceAll('{reporter}', ask.reporter)
      .replaceAll('{date}', sayDate(dayAt(extra.until)));
  return {
    label: form.issued ? form.id.replace(/(\d+)$/, ' $1') : '',
    name: form.id,
    title: form.title,
    above: form.above.map(filled),
    head,
    merges,
    widths: columns.map(c => c.width),
    keys: columns.map(columnKey),
    total: form.total ? { ...form.total, cells: extra.total ?? columns.map(() => null) } : null,
    notes: [...form.notes, ...(extra.notes ?? []), `${ask.label}${ask.filed ? '报送稿' : ''}，截至${sayUntil(extra.until)}`],
    marks: extra.marks ?? [],
    watermark: given.demo ? '演示数据' : null,
    more: extra.more ?? [],
    template: await templateOf(desk),
  };
};

/** Rows to cells, a page at a time. */
const print = async (desk: Desk, rows: readonly RowFacts[]) => {
  const cellsFor = cellsOf(desk.columns, figuresOf(desk.programme), desk.numbers);
  const totals = makeTotals(desk.columns, desk.numbers);
  const cells: Cell[][] = [];
  for (const some of chunks(rows)) {
    for (const row of some) {
      const own = cellsFor(row);
      totals.add(own);
      cells.push(own);
    }
    await desk.given.pause();
  }
  return { cells, totals };
};

// ── Lines ─────────────────────────────────────────────────────────────────────

type Work = Pick<Line, 'person' | 'clinic' | 'hospital' | 'day' | 'counted' | 'figures' | 'words'>;

/** Lines of a span, some days at a time. */
const linesNow = async (desk: Desk): Promise<Work[]> => {
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
): Promise<{ clinic: Map<string, UnitMonth | Filing>; own: Record<string, number> }> => {
  const { read, programme, ask, given } = desk;
  const month = { from: monthOf(ask.span.from), to: monthOf(ask.span.to) };
  const clinic = new Map<string, UnitMonth | Filing>();
  const own: Record<string, number> = {};
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
      clinic.set(`${m.org} ${m.month}`, m);
      if (ask.of.clinic || (ask.of.hospital && m.org !== ask.of.hospital)) continue;
      for (const [id, value] of Object.entries(m.figures)) if (cost.has(id)) own[id] = (own[id] ?? 0) + value;
    }
    await given.pause();
  }
  for (const f of filed?.filings ?? []) clinic.set(`${f.org} ${f.month}`, f);
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

const linesForm = async (desk: Desk): Promise<Gathered> => {
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
  for (const m of months.clinic.values()) {
    if (byClinic.has(m.org) || !Object.keys({ ...m.figures, ...m.words }).some(id => publicity.has(id))) continue;
    await loadOrgs(desk, [m.org]);
    if (desk.orgs.get(m.org)?.kind === 'clinic' && (!ask.of.hospital || ask.of.clinic)) byClinic.set(m.org, []);
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
      const posting = postings.get(`${l.person} ${clinic}`)?.find(x => inForce(x, m)) ?? postings.get(`${l.person} ${clinic}`)?.[0];
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
  const since = single && filed?.filings.length ? after(now, filed, month) : 0;
  const until = ask.filed ? (filed?.until ?? given.now) : given.now;
  const late = since ? [since > 0 ? `填报后补报 ${since} 人次` : `填报后减少 ${-since} 人次`] : [];
  const supplement = ask.filed ? work.filter(l => monthOf(l.day) !== month && l.counted).length : 0;
  const sheet = await sheetOf(desk, {
    total: totals.cells(months.own),
    notes: [...(supplement ? [`其中补报以前月份 ${supplement} 人次`] : []), ...late],
    until,
    more: ask.names ? [await namesSheet(desk)] : [],
  });
  return {
    sheet,
    rows: cells,
    says: [
      `${cells.length} 行，${days} 人次`,
      ...(supplement ? [`其中补报以前月份 ${supplement} 人次`] : []),
      ...late,
      `截至 ${sayInstant(until, desk.today)}`,
    ],
  };
};

const monthsWithin = (ask: FormAsk): Month[] => {
  const months: Month[] = [];
  for (let m = monthOf(ask.span.from); m <= monthOf(ask.span.to); m = addMonths(m, 1)) months.push(m);
  return months;
};

/** Doctor-days dated in a month that the month's own report does not hold, of clinics that have filed it. */
const after = (now: readonly Work[], filed: FiledWork, month: Month): number => {
  const has = new Set(filed.filings.filter(f => f.month === month).map(f => f.org));
  const count = (all: readonly Work[]) =>
    all.filter(l => l.counted && monthOf(l.day) === month && (has.has(l.clinic) || filed.compiled)).length;
  return count(now) - count(filed.lines);
};

/** 受益群众名单: who was served, for the clinic and the bureau only. */
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

// ── Clinics by month ──────────────────────────────────────────────────────────

const clinicTable = async (desk: Desk): Promise<Gathered> => {
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
  const paper = new Map((ask.of.hospital ? [] : await read.all('paperTotals', where)).map(p => [`${p.clinic} ${p.month}`, p.doctorDays]));
  const tally = new Map<string, number>();
  for (const m of months.filter(x => x <= monthOf(today))) {
    for (const r of await read.tally({ programme: programme.id, span: monthSpan(m), by: 'clinic', scope: ask.of, upTo: today }))
      tally.set(`${r.key} ${m}`, r.verified);
    await given.pause();
  }
  const filed = await filedWork(read, programme.id, ask, given.pause);
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
    notes: marks.length ? ['灰底数字据纸质报表录入'] : [],
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

// ── Roster ────────────────────────────────────────────────────────────────────

const roster = async (desk: Desk): Promise<Gathered> => {
  const { read, ask, programme, given } = desk;
  await loadPostings(desk);
  const month = monthOf(ask.span.to);
  const on = desk.postings.filter(p => inForce(p, month));
  await loadOrgs(
    desk,
    on.flatMap(p => [p.clinic, p.hospital]),
  );
  await loadPeople(
    desk,
    on.map(p => p.person),
  );
  on.sort((a, b) => annexOrder(desk.orgs.get(a.clinic), desk.orgs.get(b.clinic)));
  const rows: RowFacts[] = [];
  for (const p of on) {
    const person = desk.people.get(p.person);
    const clinic = desk.orgs.get(p.clinic) ?? null;
    rows.push({
      ...EMPTY_ROW,
      number: rows.length + 1,
      clinic,
      hospital: desk.orgs.get(p.hospital) ?? null,
      person: person
        ? {
            name: person.name,
            title: p.title ?? person.title,
            specialty: p.specialty ?? person.specialty,
            phone: ask.phones && person.phoneFull ? await read.unseal('people', person.id, 'phone') : person.phoneMask,
          }
        : null,
      need: p.need ?? clinic?.need ?? null,
    });
    if (rows.length % PAGE === 0) await given.pause();
  }
  const { cells } = await print(desk, rows);
  const apart = programme.roster?.need ? rows.filter(r => r.need && r.person?.specialty && r.need !== r.person.specialty) : [];
  const sheet = await sheetOf(desk, {
    until: given.now,
    more: apart.length
      ? [
          {
            name: '专业与需求不同',
            title: '专业与需求不同的，请核对（不影响报送）',
            columns: ['序号', '受援单位', '需求专业', '下基层人员', '专业'],
            rows: apart.map(r => [r.number, r.clinic?.name ?? '', r.need, r.person?.name ?? '', r.person?.specialty ?? '']),
          },
        ]
      : [],
  });
  return {
    sheet,
    rows: cells,
    says: [
      `${cells.length} 人${ask.phones ? '，含完整电话，请勿转发' : ''}`,
      ...(apart.length ? [`专业与需求不同 ${apart.length} 人，见第二张表`] : []),
      `截至 ${sayInstant(given.now, desk.today)}`,
    ],
  };
};

// ── A table of units ──────────────────────────────────────────────────────────

const unitTable = async (desk: Desk): Promise<Gathered> => {
  const { read, ask, programme, given, today } = desk;
  const upper = ask.of.counties !== undefined && !ask.of.clinic && !ask.of.hospital;
  if (upper) await loadOrgs(desk, ask.of.counties!);
  const units = upper
    ? [...desk.orgs.values()]
        .filter(o => ask.of.counties!.includes(o.id))
        .sort((a, b) => (a.city ?? '').localeCompare(b.city ?? '', 'zh') || a.name.localeCompare(b.name, 'zh'))
    : await clinicsOf(desk);
  const tally = new Map(
    (await read.tally({ programme: programme.id, span: ask.span, by: upper ? 'county' : 'clinic', scope: ask.of, upTo: today })).map(r => [
      r.key,
      r.verified,
    ]),
  );
  await given.pause();
  const lines = await linesNow(desk);
  await loadOrgs(
    desk,
    lines.map(l => l.clinic),
  );
  const figures = new Map<string, Record<string, number>>();
  for (const l of lines) {
    const key = upper ? (desk.orgs.get(l.clinic)?.county ?? '') : l.clinic;
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
  const sheet = await sheetOf(desk, { total: totals.cells({}), until: given.now });
  return {
    sheet,
    rows: cells,
    says: [
      `${cells.length} 个单位，共 ${totals.sumOf('doctor-days') ?? 0} 人次`,
      ...(desk.form.issued ? [] : ['方案没有印发表样，按要求报送的项目列表']),
      `截至 ${sayInstant(given.now, today)}`,
    ],
  };
};
