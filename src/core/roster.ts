/** Annex 2 of a programme, the roster: rows as they are typed into rows that mean something, and what a new version changes. */

import type { Month } from './day.ts';
import { isMobile } from './names.ts';
import { lastsTo } from './posting.ts';
import type { Posting } from './records.ts';
import type { Steps } from './steps.ts';
import { findColumns } from './table-text.ts';

export interface RosterRow {
  /** As printed in the first column, else the line. */
  no: number;
  city: string;
  county: string;
  clinic: string;
  clinicPhone: string;
  clinicType: 'township' | 'community' | 'private' | null;
  need: string;
  hospital: string;
  affiliation: 'province' | 'city' | 'county' | null;
  person: string;
  specialty: string;
  title: string;
  phone: string;
}
export interface RowProblem {
  row: number;
  column: string;
  reason: string;
}
export interface RosterRead {
  rows: RosterRow[];
  problems: RowProblem[];
}

const MEANINGS = {
  no: /^序号$/,
  city: /^(地市|设区市|所在设区市|市)$/,
  county: /^(区县|县区|县市区|所在县|县)$/,
  clinicPhone: /受援.*电话|机构.*电话|单位.*电话/,
  clinicType: /单位类型|机构类型/,
  clinic: /基层.*名称|受援.*名称|受援单位|受援机构/,
  need: /需求专业|需求/,
  affiliation: /所属情况|所属/,
  hospital: /上级医疗机构|支援单位|支援医院|派出医院|所在单位/,
  person: /姓名/,
  title: /职称/,
  phone: /联系方式|手机|联系电话|电话/,
  specialty: /专业/,
} as const;
type Column = keyof typeof MEANINGS;
const NAMES: Readonly<Record<Column, string>> = {
  no: '序号',
  city: '地市',
  county: '区县',
  clinicPhone: '受援机构联系电话',
  clinicType: '单位类型',
  clinic: '基层医疗卫生机构名称',
  need: '需求专业',
  affiliation: '医疗机构所属情况',
  hospital: '上级医疗机构名称',
  person: '下基层人员姓名',
  title: '职称',
  phone: '联系方式',
  specialty: '专业',
};
/** The annex's own order, for rows that are pasted without their header. */
const ORDER: readonly Column[] = [
  'no',
  'city',
  'county',
  'clinic',
  'clinicPhone',
  'clinicType',
  'need',
  'hospital',
  'affiliation',
  'person',
  'specialty',
  'title',
  'phone',
];
const NEEDED: readonly Column[] = ['clinic', 'hospital', 'person', 'specialty', 'title'];
/** Columns that a roster cannot do without, as they are headed. */
export const ROSTER_COLUMNS = NEEDED.map(c => NAMES[c]).join('、');

const clinicType = (text: string): RosterRow['clinicType'] | undefined =>
  text === ''
    ? null
    : /社区/.test(text)
      ? 'community'
      : /卫生院|乡镇/.test(text)
        ? 'township'
        : /民营|私立/.test(text)
          ? 'private'
          : undefined;
const affiliation = (text: string): RosterRow['affiliation'] | undefined => {
  const bare = text.replace(/医院|单位|所属/g, '');
  if (bare === '') return null;
  if (/^(县市区|县区|县|区|县级|区级)属?$/.test(bare)) return 'county';
  if (/^(设区)?市(级)?属?$/.test(bare)) return 'city';
  return /^省(级)?属?$/.test(bare) ? 'province' : undefined;
};
const TITLES = /^(主任|副主任|主治|住院)(中医|中西医)?(医师|医生)?$/;
/** Titles of intermediate rank and above. */
export const intermediateTitle = (title: string): boolean => /^(主任|副主任|主治)/.test(title);

const phoneProblem = (text: string): string | undefined =>
  text === '' || isMobile(text) || /^1\d{0,10}[*＊xX…·.]+\d*$/.test(text) || /^(0\d{2,3}-?)?\d{7,8}$/.test(text)
    ? undefined
    : '要写11位手机号，或带*的号码';

/** Reads rows of a roster; each bad cell is named by row, column and reason. */
export function* readRoster(table: readonly string[][]): Steps<RosterRead> {
  const found = findColumns(table, MEANINGS, NEEDED);
  const isData = (cells: readonly string[]) => /^\d+$/.test(cells[0] ?? '') && cells.filter(c => c !== '').length >= 9;
  const bare = found.missing.length > 0 && table.some(r => isData(r) && r.length >= 13);
  if (found.missing.length && !bare) {
    return { rows: [], problems: [{ row: 1, column: '表头', reason: `缺少：${found.missing.map(m => NAMES[m]).join('、')}` }] };
  }
  const columns: Partial<Record<Column, number>> = bare ? Object.fromEntries(ORDER.map((k, i) => [k, i])) : found.columns;
  const rows: RosterRow[] = [];
  const problems: RowProblem[] = [];
  for (const [line, cells] of table.entries()) {
    yield;
    if (!bare && found.headerAt.includes(line)) continue;
    const get = (k: Column): string =>
      columns[k] === undefined ? '' : (cells[columns[k]] ?? '').replace(/\s+/g, columns[k] === columns.phone ? '' : ' ').trim();
    const clinic = get('clinic');
    const person = get('person').replace(/\s/g, '');
    // Titles, headers repeated on the next page, totals and notes are not rows.
    if (clinic === '' && person === '') continue;
    if (/名称|受援单位/.test(clinic) || person === '姓名' || /姓名/.test(person)) continue;
    if (cells.filter(c => c !== '').length < 4 || line < (found.headerAt[0] ?? 0)) continue;
    const no = /^\d+$/.test(get('no')) ? Number(get('no')) : line + 1;
    const bad = (column: Column, reason: string) => problems.push({ row: no, column: NAMES[column], reason });
    const need = (column: Column): string => {
      const value = get(column);
      if (value === '') bad(column, '没有填');
      return value;
    };
    const type = clinicType(get('clinicType'));
    const kin = affiliation(get('affiliation'));
    if (type === undefined) bad('clinicType', `“${get('clinicType')}”应为社区卫生服务中心或乡镇卫生院`);
    if (kin === undefined) bad('affiliation', `“${get('affiliation')}”应为省属、市属或县市区属`);
    const title = need('title').replace(/医生$/, '医师');
    if (title && !TITLES.test(title)) bad('title', `“${get('title')}”不是医师职称，要写主任、副主任、主治或住院医师`);
    if (person && !/^[\u3400-\u9fff\u{20000}-\u{3ffff}·]{2,15}$/u.test(person)) bad('person', `“${person}”不像姓名`);
    const phone = get('phone');
    const wrong = phoneProblem(phone);
    if (wrong) bad('phone', wrong);
    need('clinic');
    need('person');
    rows.push({
      no,
      city: get('city'),
      county: get('county'),
      clinic,
      clinicPhone: get('clinicPhone'),
      clinicType: type ?? null,
      need: get('need'),
      hospital: need('hospital'),
      affiliation: kin ?? null,
      person,
      specialty: need('specialty'),
      title,
      phone,
    });
  }
  if (!rows.length && !problems.length) problems.push({ row: 1, column: '表', reason: '没有找到人员行' });
  return { rows, problems };
}

/** Rows as a draft keeps them, without the columns' names in each: ten thousand are sealed and opened in half the time. */
export const packed = (rows: readonly RosterRow[]): unknown => {
  const columns = Object.keys(rows[0] ?? {}) as (keyof RosterRow)[];
  return { columns, rows: rows.map(r => columns.map(c => r[c])) };
};
/** Drafts of earlier versions keep the rows as they are. */
export function* unpacked(kept: unknown): Steps<RosterRow[]> {
  if (Array.isArray(kept)) return kept as RosterRow[];
  const { columns, rows } = kept as { columns: string[]; rows: unknown[][] };
  const made: RosterRow[] = [];
  for (const cells of rows) {
    yield;
    made.push(Object.fromEntries(columns.map((c, i) => [c, cells[i]])) as unknown as RosterRow);
  }
  return made;
}

/** How many rows a draft keeps. */
export const keptRows = (kept: unknown): number => (Array.isArray(kept) ? kept : (kept as { rows: unknown[] }).rows).length;

/** A specialty other than the needed one: a neutral notice. */
export interface MismatchNotice {
  no: number;
  clinic: string;
  person: string;
  need: string;
  specialty: string;
}
export const mismatches = (rows: readonly RosterRow[]): MismatchNotice[] =>
  rows
    .filter(r => r.need !== '' && r.need !== r.specialty)
    .map(r => ({ no: r.no, clinic: r.clinic, person: r.person, need: r.need, specialty: r.specialty }));

/** A posting as a new roster wants it, with units already found. */
export interface WantedPosting {
  row: RosterRow;
  clinic: string;
  hospital: string;
  /** The person where known. */
  person: string | null;
}
export interface RosterDiff {
  added: WantedPosting[];
  changed: { posting: Posting; to: WantedPosting }[];
  same: Posting[];
  /** Not in the new roster. */
  gone: Posting[];
}

/** What a new version changes of the postings that hold from a month on. */
export function* diffRoster(current: readonly Posting[], wanted: readonly WantedPosting[], from: Month): Steps<RosterDiff> {
  const open = new Map(current.filter(p => lastsTo(p, from)).map(p => [`${p.person} ${p.clinic}`, p]));
  const diff: RosterDiff = { added: [], changed: [], same: [], gone: [] };
  for (const w of wanted) {
    yield;
    const key = `${w.person} ${w.clinic}`;
    const p = w.person === null ? undefined : open.get(key);
    if (!p) {
      diff.added.push(w);
      continue;
    }
    open.delete(key);
    const same =
      p.hospital === w.hospital &&
      (p.title ?? '') === w.row.title &&
      (p.specialty ?? '') === w.row.specialty &&
      (p.need ?? '') === w.row.need;
    if (same) diff.same.push(p);
    else diff.changed.push({ posting: p, to: w });
  }
  diff.gone = [...open.values()];
  return diff;
}

/** `变动：吴沐阳 职称 主治医师→副主任医师`: what a new version says of those who stay. */
export const sayChanged = (changed: RosterDiff['changed']): string[] => {
  const each = changed.slice(0, MOST_CHANGED).map(({ posting: p, to }) => {
    const was = [
      ['职称', p.title, to.row.title],
      ['专业', p.specialty, to.row.specialty],
      ['需求专业', p.need, to.row.need],
    ].flatMap(([what, from, now]) => ((from ?? '') === now ? [] : [`${what} ${from || '无'}→${now || '无'}`]));
    return `${to.row.person} ${[...was, ...(p.hospital === to.hospital ? [] : [`支援单位→${to.row.hospital}`])].join('、')}`;
  });
  return each.length ? [`变动：${each.join('；')}${changed.length > MOST_CHANGED ? '等' : ''}`] : [];
};
const MOST_CHANGED = 5;
