/** What the bot says, in meaning and not in the markup of any platform. Each platform makes the richest form of it that it can. */
import type { Chart } from './chart.ts';
import type { Instant } from './day.ts';

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

/** A form's values skip word placement and meet the command's own schema. */
export interface Form {
  /** The command that receives the values, with its fixed words: `/签到`. */
  command: string;
  fields: FormField[];
  submit: string;
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
export type Paper = { kind: 'leave-slip'; name: string; slip: LeaveSlip };

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

/** Whom a message is for. `org` with a role means whoever holds that role there now (deputies included while in their dates). */
export type To =
  | { person: string }
  | { org: string; role: 'clinic' | 'hospital' | 'head' | 'general' | 'bureau' | 'chief' | 'admin'; office?: string }
  | { conversation: ConversationKey };

/** A place where messages can be sent. `account` is set for a direct chat. */
export interface ConversationKey {
  platform: string;
  app: string;
  conversation: string;
}

/** news: changes somebody's next two days, goes at once. nudge: unasked, keeps quiet hours and budgets. announcement: last. */
export type Class = 'reply' | 'news' | 'nudge' | 'announcement';

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

/** A form where there are none: the line to type. */
export const formWords = (form: Form): string => `请发：${[form.command, ...form.fields.map(fieldWords)].join(' ')}`;

/** What to type for a field: its name, its choices, whether it may be left out. */
const fieldWords = (f: FormField): string =>
  `${f.label}${f.options?.length ? `（${f.options.map(o => o.label).join('/')}）` : ''}${f.required ? '' : '（可不写）'}`;
