/** What the bot says, in meaning and not in the markup of any platform. Each platform makes the richest form of it that it can. */
import type { Chart } from './chart.ts';
import type { Day, Instant } from './day.ts';
import type { DraftAsk } from './draft.ts';
import type { FormAsk } from './form.ts';

/** ok: done. info: told. ask: something waits for the reader. no: refused, with the way out. urgent: act today. */
export type Tone = 'ok' | 'info' | 'ask' | 'no' | 'urgent';

/** A button is nothing but a command text, said by whoever presses it. */
export interface Button {
  label: string;
  command: string;
  style?: 'primary' | 'danger';
}

export interface Table {
  columns: string[];
  rows: string[][];
}

export interface FormField {
  name: string;
  label: string;
  kind: 'text' | 'long' | 'number' | 'day' | 'choice';
  options?: { label: string; value: string }[];
  value?: string;
  required?: boolean;
}

/** A field of the buttons' commands that may be left empty. */
export interface Remark {
  name: string;
  label: string;
  most: number;
}

/** A form's values skip word placement and meet the command's own schema. */
export interface Form {
  /** The command that receives the values, with its fixed words: `/签到`. */
  command: string;
  fields: FormField[];
  submit: string;
  /** The line to copy where there are no forms; absent: made of the fields. */
  template?: string;
}

/** A file by its content address, stored under the data folder. */
export interface FileRef {
  id: string;
  name: string;
  bytes: number;
}

export interface Card {
  /** Stable English outcome code such as `check-in.done`. */
  code: string;
  title: string;
  tone: Tone;
  lines: string[];
  fields?: { label: string; value: string }[];
  table?: Table;
  chart?: Chart;
  /** A rendered picture of `chart`, put in by the relay. */
  picture?: FileRef;
  buttons?: Button[];
  /** Where it can be typed beside the buttons, it goes with whichever is pressed; elsewhere it is typed behind the command. */
  remark?: Remark;
  form?: Form;
  file?: FileRef;
  /** A paper that the relay makes into `file` before it is sent. */
  paper?: Paper;
  /** Holds a secret that is said once: after it was sent only its title is kept. */
  once?: true;
  /** Ids of people to be mentioned where the platform can. */
  mention?: string[];
}

/** A paper by its frozen facts: what is printed is what was so when it was said. */
export type Paper =
  | { kind: 'leave-slip'; name: string; slip: LeaveSlip }
  /** Names and numbers are opened only when the file is made, so that none stands in a card. */
  | { kind: 'people'; name: string; list: PeopleList }
  /** An official form. Its facts are read in one snapshot when it is made; what it says of them is said by the same card. `slow`: it takes a while, which is said first. `quiet`: the card has said what there is to say. */
  | { kind: 'form'; name: string; ask: FormAsk; slow: boolean; quiet?: boolean }
  /** A bulletin or a summary, gathered and made the same way. */
  | { kind: 'draft'; name: string; ask: DraftAsk; slow: boolean };

/** A letter in official layout, as a draft: never sealed, never sent by itself. */
export interface OfficialDocument {
  title: string;
  /** Whom it is for; null: nobody. */
  to: string | null;
  parts: DocumentPart[];
  /** Titles of its annexes. */
  annexes: string[];
  signed: string;
  date: string;
  watermark: string | null;
}
export type DocumentPart =
  | { kind: 'head'; text: string }
  | { kind: 'text'; text: string }
  /** To be written by people. */
  | { kind: 'gap'; text: string }
  | { kind: 'table'; title: string; columns: string[]; rows: string[][] };

/** A list of people to be called. */
export interface PeopleList {
  title: string;
  note: string[];
  /** With empty columns for what is heard. */
  result: boolean;
  rows: { /** As it is typed behind /回访. */ id: string; beneficiary: string; clinic: string; person: string; day: Day }[];
}

/** The written leave (请假条), with empty boxes for signature and seal. */
export interface LeaveSlip {
  title: string;
  number: string;
  fields: { label: string; value: string }[];
  /** What was done in the system: station, who, when, how. */
  steps: string[][];
  /** Who signs on paper. */
  signs: string[];
  basis: string[];
  printed: string;
  watermark: string | null;
}

/** Whom a message is for. `org` with a role means whoever holds that role there now (deputies included while in their dates). `not`: whose own matter it is; it goes to whoever else holds the role, else to the unit's head. */
export type To =
  /** `account`: at that one of theirs (its record's id), even when it is bound no more. */
  | { person: string; account?: string }
  | { org: string; role: 'clinic' | 'hospital' | 'head' | 'general' | 'bureau' | 'chief' | 'admin'; office?: string; not?: string }
  | { conversation: ConversationKey };

/** A place where messages can be sent. `account` is set for a direct chat. */
export interface ConversationKey {
  platform: string;
  app: string;
  conversation: string;
}

/** news: changes somebody's next two days, goes at once. nudge: unasked, keeps quiet hours and budgets. announcement: last. */
export type Class = 'reply' | 'news' | 'nudge' | 'announcement';

/** A unit that is asked: as it is shown, and as it is typed behind the command. */
export interface UnitAsked {
  shown: string;
  typed: string;
}

/** One question to somebody who answers for several units: each button says for which. */
export const askedForAll = (card: Card, units: readonly UnitAsked[]): Card => ({
  ...card,
  lines: [...card.lines, `您代表${units.map(u => u.shown).join('、')}，请分别答复`],
  buttons: units.flatMap(u => (card.buttons ?? []).map(b => ({ ...b, label: `${u.shown}${b.label}`, command: `${b.command} ${u.typed}` }))),
});

export interface Outgoing {
  /** Said once, ever. */
  key: string;
  /** Withdrawn when this matter is settled. */
  topic?: string;
  to: To;
  class: Class;
  /** Matter of one person: never shown in a group of several units. A unit's matter may be. */
  about: 'person' | 'unit';
  card: Card;
  /** Who is told instead when nobody there can be reached: a clinic's matters are done by its hospital. */
  otherwise?: { to: To; card: Card };
  /** The same is asked of several units, each for itself: whoever answers for several of them gets one message that says so. */
  among?: { matter: string; unit: UnitAsked };
  /** What is said instead where others read along: without a reason for leave, for one. */
  inGroup?: Card;
  notBefore?: Instant;
  expires?: Instant;
}

/** What a group reads where a matter of one person finds no direct chat: that there is one, and nothing of it. */
export const pointer = (name: string): Card => ({
  code: 'pointer',
  title: `${name}：有您的待办`,
  tone: 'info',
  lines: ['详情问本院管理员'],
});

/** The plain text that a platform without cards gets: the commands of buttons are to be typed. */
export const plainText = (card: Card): string => {
  const parts = [card.title, ...card.lines];
  for (const f of card.fields ?? []) parts.push(`${f.label}：${f.value}`);
  if (card.table) parts.push(...[card.table.columns, ...card.table.rows].map(r => r.join('　')));
  if (card.chart) parts.push(`图：${card.chart.title}`);
  if (card.file) parts.push(`文件：${card.file.name}`);
  if (card.form) parts.push(formWords(card.form));
  card.buttons?.forEach((b, i) => parts.push(`${i + 1}. ${b.label}（发 ${b.command}）`));
  return parts.join('\n');
};

/** What can be chosen by a number where there are no buttons, in the order of the numbers. */
export const choicesOf = (card: Card): readonly Button[] => card.buttons ?? [];

/** How they are offered. */
export const choiceWords = (card: Card): string[] => choicesOf(card).map((b, i) => `回复 ${i + 1} ${b.label}`);

/** A card in words where there are neither cards nor tables, and a number chooses. */
export const wordsOf = (card: Card): string => {
  const lines = [card.title, ...card.lines];
  for (const f of card.fields ?? []) lines.push(`${f.label}：${f.value}`);
  if (card.table) {
    const { head, rows } = tableLines(card.table);
    lines.push(...(head === null ? [] : [head]), ...rows.map(r => `· ${r}`));
  }
  if (card.form) lines.push(formWords(card.form));
  return [...lines, ...choiceWords(card)].join('\n');
};

/** From so many rows on what they all have is named once, above them. */
const MANY_ROWS = 3;
const FIGURE = /^[\d.,%]+$/;

/** A table where there are none: a line a row. What every row has is named in `head`, figures side by side; what only some have, beside it. */
export const tableLines = ({ columns, rows }: Table): { head: string | null; rows: string[] } => {
  const [first = '', ...names] = columns;
  const many = rows.length >= MANY_ROWS;
  const full = names.map((_, i) => many && rows.every(r => (r[i + 1] ?? '') !== ''));
  const figures = names.map((_, i) => full[i] && rows.every(r => FIGURE.test(r[i + 1]!)));
  const spaced = rows.some(r => names.some((_, i) => /[\s，]/.test(r[i + 1] ?? '') || (!full[i] && r[i + 1])));
  /** Figures that stand together are told apart by strokes, words by spaces where none has one in it. */
  const joined = (cells: readonly (string | null)[]): string =>
    cells.reduce<string>((line, c, i) => {
      if (c === null) return line;
      return line === '' ? c : `${line}${figures[i] && figures[i - 1] ? '/' : spaced ? '，' : ' '}${c}`;
    }, '');
  const line = (name: string, rest: string): string => (rest ? `${name}：${rest}` : name);
  return {
    head: full.some(Boolean) ? line(first, joined(names.map((n, i) => (full[i] ? n : null)))) : null,
    rows: rows.map(([name = '', ...cells]) =>
      line(name, joined(names.map((n, i) => (full[i] ? cells[i]! : (cells[i] ?? '') === '' ? null : `${n} ${cells[i]}`.trim())))),
    ),
  };
};

/** A form where there are none: the line to type. */
export const formWords = (form: Form): string => `请发：${form.template ?? [form.command, ...form.fields.map(fieldWords)].join(' ')}`;

/** What to type for a field: its name, its choices, whether it may be left out. */
const fieldWords = (f: FormField): string =>
  `${f.label}${f.options?.length ? `（${f.options.map(o => o.label).join('/')}）` : ''}${f.required ? '' : '（可不写）'}`;
