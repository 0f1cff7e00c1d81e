/** What the making of all official forms shares: units, people and postings read in pieces, the sheet around the rows, rows to cells. */
import { type Day, dayAt, type Instant, sayDate, sayUntil } from '../core/day.ts';
import {
  type Cell,
  cellsOf,
  columnKey,
  type FormAsk,
  type FormColumn,
  type FormSheet,
  figuresOf,
  headOf,
  makeTotals,
  type PlainSheet,
  type RowFacts,
  type Units,
} from '../core/form.ts';
import { annexOrder } from '../core/org-names.ts';
import type { Org, Person, Posting, Template } from '../core/records.ts';
import { type Settings, settingsFrom } from '../core/settings.ts';
import type { FormData, Programme } from '../programmes/schema.ts';
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
export interface Desk {
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

/** What the county of the units has set; of others what is so by default. */
export const settingsFor = async (read: Read, of: Units): Promise<Settings> => {
  const unit = of.clinic ?? of.hospital;
  const county = of.county ?? (unit ? (await read.get('orgs', unit))?.county : undefined);
  const stored = county ? await read.all('settings', { org: county }) : [];
  return settingsFrom(new Map(stored.map(s => [s.key, { value: s.value, set: { by: s.by, at: s.at } }])));
};

/** Rows at once between two pauses; ids in one question. */
export const PAGE = 200;
/** Lines that one slice of days should have. */
export const SLICE = { few: 60, many: 250, days: 31 } as const;

export const chunks = <T>(all: readonly T[], size = PAGE): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));

export const loadOrgs = async ({ read, orgs, given }: Desk, ids: Iterable<string>): Promise<void> => {
  for (const some of chunks([...new Set(ids)].filter(id => !orgs.has(id)))) {
    for (const o of await read.all('orgs', { id: some })) orgs.set(o.id, o);
    await given.pause();
  }
};
export const loadPeople = async ({ read, people, given }: Desk, ids: Iterable<string>): Promise<void> => {
  for (const some of chunks([...new Set(ids)].filter(id => !people.has(id)))) {
    for (const p of await read.all('people', { id: some })) people.set(p.id, p);
    await given.pause();
  }
};
export const countiesOf = (desk: Desk): readonly (string | undefined)[] =>
  desk.ask.of.counties ?? [
    desk.ask.of.county ?? (desk.ask.of.clinic ? (desk.orgs.get(desk.ask.of.clinic)?.county ?? undefined) : undefined),
  ];

/** Postings of the units asked for, whenever they were in force. */
export const loadPostings = async (desk: Desk): Promise<void> => {
  const { read, programme, ask, given } = desk;
  const { clinic, hospital, person } = ask.of;
  const own = { ...(clinic ? { clinic } : {}), ...(hospital ? { hospital } : {}), ...(person ? { person } : {}) };
  for (const county of ask.of.counties ?? [ask.of.county]) {
    desk.postings.push(...(await read.all('postings', { programme: programme.id, ...(county ? { county } : {}), ...own })));
    await given.pause();
  }
};

/** Clinics of the units asked for, in the annex's order. */
export const clinicsOf = async (desk: Desk): Promise<Org[]> => {
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
export const unitName = async (desk: Desk): Promise<string> => {
  const { of } = desk.ask;
  const id = of.clinic ?? of.hospital ?? of.county ?? of.bureau;
  if (!id) return desk.programme.bureau;
  await loadOrgs(desk, [id]);
  return desk.orgs.get(id)?.name ?? '';
};

export const templateOf = async (desk: Desk): Promise<FormSheet['template']> => {
  const county = countiesOf(desk)[0];
  if (!county || desk.ask.of.counties) return null;
  const kept: Template | undefined = await desk.read.first('templates', { county, form: desk.form.id, state: 'on' });
  if (!kept) return null;
  const { '.row': firstRow = 0, '.sheet': sheet = 0, ...columns } = kept.columns;
  return { file: kept.file, columns, firstRow, sheet };
};

export const sheetOf = async (
  desk: Desk,
  extra: {
    total?: NonNullable<FormSheet['total']>['cells'];
    remarks?: string[];
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
    notes: [...form.notes],
    remarks: [...(extra.remarks ?? []), `${ask.label}${ask.filed ? '报送稿' : ''}，截至${sayUntil(extra.until)}`],
    marks: extra.marks ?? [],
    watermark: given.demo ? '演示数据' : null,
    more: extra.more ?? [],
    template: await templateOf(desk),
  };
};

/** Rows to cells, a page at a time. */
export const print = async (desk: Desk, rows: readonly RowFacts[]) => {
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
