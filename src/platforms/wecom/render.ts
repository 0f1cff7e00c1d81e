/** A card → WeCom's markdown and its cards with buttons, votes and selections. Pure. */
import { createHash } from 'node:crypto';
import { type Button, type Card, type Form, type FormField, formWords, tableLines } from '../../core/card.ts';
import { cut, leftOut } from '../../core/cut.ts';
import { FORM, NONE } from './receive.ts';

/** WeCom takes 20,480 bytes of markdown. */
export const MOST_BYTES = 20_000;
const MOST_BUTTONS = 6;
const KEY_BYTES = 1_024;
/** Signs that a card shows: its title, the words below, its fields. */
const TITLE = 26;
const SUB_TITLE = 112;
const FIELDS = 6;
const FIELD_LABEL = 5;
const FIELD_VALUE = 26;
/** A vote has so many choices; a selection so many fields, each with so many. */
const VOTE_OPTIONS = 20;
const SELECTS = 3;
const SELECT_OPTIONS = 10;
/** A group's webhook takes 4,096 bytes. */
export const WEBHOOK_BYTES = 4_000;
/** And pictures of two megabytes. */
export const WEBHOOK_IMAGE = 2 * 1024 * 1024;

export type Message =
  | { msgtype: 'markdown'; markdown: { content: string } }
  | { msgtype: 'template_card'; template_card: Record<string, unknown> };

/** How much of WeCom's cards is used. `full`: votes, selections, and cards that change when pressed; `buttons`: buttons only; `words`: none. */
export type Cards = 'full' | 'buttons' | 'words';
export interface Dress {
  cards?: Cards;
  /** Raw markdown below the title: people who are called. */
  calls?: string;
  /** Which sending of the message it is. */
  mark?: string;
}

const safe = (text: string): string => text.replace(/([\\`*_[\]#<>|~])/g, '\\$1');
const NOTE = (lines: number): string => `\n\n${leftOut(lines)}`;

const words = (card: Card, typed: readonly Button[], calls = ''): string => {
  const out = [`### ${safe(card.title)}`, ...(calls ? [calls] : []), ...card.lines.map(safe)];
  for (const f of card.fields ?? []) out.push(`**${safe(f.label)}**：${safe(f.value)}`);
  if (card.table) {
    const { head, rows } = tableLines(card.table);
    out.push(...(head === null ? [] : [safe(head)]), ...rows.map(r => `- ${safe(r)}`));
  }
  if (card.form) out.push(safe(formWords(card.form)));
  for (const b of typed) out.push(`${safe(b.label)}：发 ${safe(b.command)}`);
  return out.join('\n\n');
};

const STYLES = { primary: 1, danger: 2 } as const;
const KEYED = 'k';
const HASHED = 'x';
const TASK_BYTES = 128;

/** Letters, digits, `-`, `_` and `@` only; the message's key can be read out of it unless that is too long. `mark` tells a second sending of the same message from the first. */
export const taskId = (key: string, mark: string): string => {
  const readable = `${KEYED}${Buffer.from(key).toString('base64url')}@${mark}`;
  return readable.length <= TASK_BYTES ? readable : `${HASHED}${createHash('sha256').update(key).digest('hex').slice(0, 40)}@${mark}`;
};
/** undefined: not of ours, or too long to be read. */
export const keyOf = (task: string): string | undefined =>
  task.startsWith(KEYED) ? Buffer.from(task.slice(KEYED.length).split('@')[0]!, 'base64url').toString('utf8') : undefined;

const buttonCard = (task: string, title: string, body: Record<string, unknown>, buttons: readonly Button[]): Message => ({
  msgtype: 'template_card',
  template_card: {
    card_type: 'button_interaction',
    task_id: task,
    main_title: { title: title.slice(0, TITLE) },
    ...body,
    button_list: buttons.map(b => ({ text: b.label, style: b.style ? STYLES[b.style] : 4, key: b.command })),
  },
});

/** What is not asked for may be left open. A selection without one selected shows its first as chosen, so that one that must be made begins with none. */
const options = (f: FormField, selection: boolean) => [
  ...(!f.required ? [{ id: NONE, text: '不选' }] : selection && !f.value ? [{ id: NONE, text: '请选择' }] : []),
  ...(f.options ?? []).map(o => ({ id: o.value, text: o.label })),
];
/** A form of choices alone; undefined where something has to be typed or there is too much of it. */
const formCard = (task: string, title: string, form: Form): Message | undefined => {
  const key = FORM + form.command;
  const { fields } = form;
  if (!fields.length || fields.length > SELECTS || Buffer.byteLength(key) > KEY_BYTES) return undefined;
  if (!fields.every(f => f.kind === 'choice' && f.options?.length)) return undefined;
  const most = fields.length === 1 ? VOTE_OPTIONS : SELECT_OPTIONS;
  if (fields.some(f => options(f, fields.length > 1).length > most)) return undefined;
  const head = { task_id: task, main_title: { title: title.slice(0, TITLE) }, submit_button: { text: form.submit, key } };
  const [only] = fields;
  if (only && fields.length === 1)
    return {
      msgtype: 'template_card',
      template_card: {
        card_type: 'vote_interaction',
        ...head,
        main_title: { title: title.slice(0, TITLE), desc: only.label.slice(0, 30) },
        checkbox: {
          question_key: only.name,
          mode: 0,
          option_list: options(only, false).map(o => ({ ...o, is_checked: o.id === (only.value ?? '') })),
        },
      },
    };
  return {
    msgtype: 'template_card',
    template_card: {
      card_type: 'multiple_interaction',
      ...head,
      select_list: fields.map(f => ({
        question_key: f.name,
        title: f.label.slice(0, 13),
        ...(f.value ? { selected_id: f.value } : {}),
        option_list: options(f, true),
      })),
    },
  };
};

/** One message where everything fits into a card; else the words, and the cards behind them. */
export const render = (card: Card, key: string, { cards = 'full', calls = '', mark = '0' }: Dress = {}): Message[] => {
  const buttons = card.buttons ?? [];
  const pressable =
    cards !== 'words' &&
    buttons.length > 0 &&
    buttons.length <= MOST_BUTTONS &&
    buttons.every(b => Buffer.byteLength(b.command) <= KEY_BYTES);
  const form = card.form && cards === 'full' ? formCard(taskId(key, `${mark}f`), card.title, card.form) : undefined;
  const markdown = (typed: readonly Button[]): Message => {
    const { form: asked, ...rest } = card;
    return {
      msgtype: 'markdown',
      markdown: { content: cut(words(form || !asked ? rest : { ...rest, form: asked }, typed, calls), MOST_BYTES, NOTE) },
    };
  };
  const fields = card.fields ?? [];
  // What a field has no room for would be cut off: then all stand in the lines.
  const beside = fields.length <= FIELDS && fields.every(f => f.label.length <= FIELD_LABEL && f.value.length <= FIELD_VALUE);
  const lines = [...card.lines, ...(beside ? [] : fields.map(f => `${f.label}：${f.value}`))].join('\n');
  const plain = !calls && !card.table && !card.chart && card.title.length <= TITLE;
  if (form && !pressable && plain && !lines && !fields.length) return [form];
  if (!pressable) return [markdown(buttons), ...(form ? [form] : [])];
  const small = plain && !card.form && lines.length <= SUB_TITLE;
  const template = buttonCard(
    taskId(key, mark),
    card.title,
    {
      ...(small && lines ? { sub_title_text: lines } : {}),
      ...(small && beside && fields.length ? { horizontal_content_list: fields.map(f => ({ keyname: f.label, value: f.value })) } : {}),
    },
    buttons,
  );
  return small ? [template] : [markdown([]), ...(form ? [form] : []), template];
};

/** How a message stands once it was pressed: as done when its matter is settled, else without what was pressed; null: as it was. */
export const afterPress = (
  sent: { card: Card; topic: string | null },
  command: string,
  answer: { card: Card; settled: readonly string[] },
): Card | null => {
  const settled = sent.topic !== null && sent.card.code !== 'joined' && answer.settled.includes(sent.topic);
  // Whoever may not, or is asked for more, has settled nothing for the others.
  if (!settled && answer.card.tone !== 'ok') return null;
  const rest = (sent.card.buttons ?? []).filter(b => b.command !== command);
  const { buttons: _, form, ...card } = sent.card;
  if (settled || (rest.length === 0 && !form)) return { ...card, title: `已办：${card.title}`, lines: [answer.card.title] };
  // A form is filled in by each for themselves.
  return form ? null : { ...sent.card, buttons: rest, lines: [...card.lines, `✓ ${answer.card.title}`] };
};

/** A card in place of the one that was pressed. A card without buttons is not taken: the way to what else waits stands there. */
export const changed = (card: Card, task: string): Record<string, unknown> => {
  const buttons = card.buttons?.length ? card.buttons.slice(0, MOST_BUTTONS) : [{ label: '看待办', command: '/待办' }];
  const text = card.lines.join('\n');
  const made = buttonCard(
    task,
    card.title,
    text ? { sub_title_text: text.length > SUB_TITLE ? `${text.slice(0, SUB_TITLE - 2)}…` : text } : {},
    buttons,
  );
  return made.msgtype === 'template_card' ? made.template_card : {};
};

/** For a group's webhook, the one way that really calls people. */
export const webhookBody = (card: Card, accounts: readonly string[]): Record<string, unknown> => ({
  msgtype: 'markdown',
  markdown: { content: cut(words(card, card.buttons ?? [], accounts.map(a => `<@${a}>`).join(' ')), WEBHOOK_BYTES, NOTE) },
});

/** A picture for a group's webhook: the whole of it, and its sum by which WeCom knows that it came whole. */
export const webhookImage = (bytes: Uint8Array): Record<string, unknown> => ({
  msgtype: 'image',
  image: { base64: Buffer.from(bytes).toString('base64'), md5: createHash('md5').update(bytes).digest('hex') },
});
