/** A card → Feishu's card JSON 2.0. Pure. Words stand in `plain_text`, so that nothing in them is taken for markup. */
import type { Button, Card, Form, FormField, Remark, Table, Tone } from '../../core/card.ts';
import type { Chart } from '../../core/chart.ts';
import { cut, leftOut } from '../../core/cut.ts';

/** Feishu takes 30 KB a card; more is sent as text. */
export const CARD_BYTES = 28 * 1024;
/** Feishu takes 150 KB a text, as it is written: JSON within JSON. */
export const TEXT_BYTES = 140 * 1024;
const signWritten = (sign: string): number => Buffer.byteLength(JSON.stringify(JSON.stringify(sign))) - 6;

type Element = Record<string, unknown>;

const COLOURS: Record<Tone, string> = { ok: 'green', info: 'blue', ask: 'orange', no: 'grey', urgent: 'red' };
/** Rows a page of a table shows. */
const PAGE = 10;

const plain = (content: string) => ({ tag: 'plain_text', content });
const words = (content: string): Element => ({ tag: 'div', text: plain(content) });

const fieldsElement = (fields: NonNullable<Card['fields']>): Element => ({
  tag: 'div',
  fields: fields.map(f => ({ is_short: f.value.length <= 12, text: plain(`${f.label}：${f.value}`) })),
});

const tableElement = ({ columns, rows }: Table): Element => ({
  tag: 'table',
  page_size: PAGE,
  row_height: 'low',
  freeze_first_column: true,
  header_style: { bold: true, background_style: 'grey', lines: 1 },
  columns: columns.map((c, i) => ({ name: `c${i}`, display_name: c, data_type: 'text' })),
  rows: rows.map(r => Object.fromEntries(columns.map((_, i) => [`c${i}`, r[i] ?? '']))),
});

/** Of a long list of units every name has its line; the client leaves out what has no room. */
const chartHeight = (categories: number): string => (categories > 8 ? `${Math.min(999, 90 + categories * 26)}px` : 'auto');

const chartElement = (chart: Chart): Element => ({
  tag: 'chart',
  aspect_ratio: '16:9',
  height: chartHeight(chart.categories.length),
  chart_spec: {
    type: 'bar',
    title: { text: chart.title.endsWith(chart.unit) ? chart.title : `${chart.title}（${chart.unit}）` },
    data: {
      values: chart.series.flatMap(s =>
        chart.categories.flatMap((name, i) => {
          const value = s.values[i];
          return value === null || value === undefined ? [] : [{ name, kind: s.name, value }];
        }),
      ),
    },
    // Bars stand in the order given: nobody is ranked.
    direction: 'horizontal',
    xField: 'value',
    yField: chart.series.length > 1 ? ['name', 'kind'] : 'name',
    seriesField: 'kind',
    legends: { visible: chart.series.length > 1, orient: 'bottom' },
    label: { visible: true },
  },
});

const STYLES = { primary: 'primary_filled', danger: 'danger' } as const;

const buttonElement = (b: Button, direct: boolean): Element => ({
  tag: 'button',
  type: b.style ? STYLES[b.style] : 'default',
  text: plain(b.label),
  behaviors: [{ type: 'callback', value: { command: b.command, direct } }],
});

/** Side by side, and below each other where there is no room. */
const row = (elements: Element[]): Element => ({
  tag: 'column_set',
  flex_mode: 'flow',
  horizontal_spacing: '8px',
  columns: elements.map(e => ({ tag: 'column', width: 'auto', elements: [e] })),
});

const fieldElements = (f: FormField): Element[] => {
  const base = { name: f.name, required: f.required ?? false, width: 'fill' };
  const label = plain(f.label);
  switch (f.kind) {
    case 'day':
      return [words(f.label), { tag: 'date_picker', ...base, placeholder: label, ...(f.value ? { initial_date: f.value } : {}) }];
    case 'choice':
      return [
        words(f.label),
        {
          tag: 'select_static',
          ...base,
          placeholder: label,
          options: (f.options ?? []).map(o => ({ text: plain(o.label), value: o.value })),
          ...(f.value ? { initial_option: f.value } : {}),
        },
      ];
    default:
      // There is no field for numbers: the turn checks what was typed.
      return [
        {
          tag: 'input',
          ...base,
          label,
          input_type: f.kind === 'long' ? 'multiline_text' : 'text',
          max_length: f.kind === 'long' ? 500 : 100,
          ...(f.value ? { default_value: f.value } : {}),
        },
      ];
  }
};

const formElement = (form: Form, direct: boolean): Element => ({
  tag: 'form',
  name: 'form',
  elements: [
    ...form.fields.flatMap(fieldElements),
    {
      tag: 'button',
      name: 'submit',
      type: 'primary_filled',
      form_action_type: 'submit',
      text: plain(form.submit),
      behaviors: [{ type: 'callback', value: { command: form.command, direct, form: true } }],
    },
  ],
});

/** Buttons of which each takes along what was typed beside them. */
const remarkForm = (remark: Remark, buttons: readonly Button[], direct: boolean): Element => ({
  tag: 'form',
  name: 'remark',
  elements: [
    {
      tag: 'input',
      name: remark.name,
      required: false,
      width: 'fill',
      input_type: 'multiline_text',
      rows: 2,
      max_length: remark.most,
      placeholder: plain(remark.label),
    },
    row(
      buttons.map((b, i) => ({
        ...buttonElement(b, direct),
        name: `press${i}`,
        form_action_type: 'submit',
        behaviors: [{ type: 'callback', value: { command: b.command, direct, form: true } }],
      })),
    ),
  ],
});

export interface Dress {
  /** The card is read in a direct chat: a click there is said there. */
  direct: boolean;
  /** People to be mentioned: Feishu's ids where they have one, else their names. */
  mention: { account: string | null; name: string }[];
  /** Key of the card's uploaded picture. */
  picture?: string;
}

export const render = (card: Card, { direct, mention, picture }: Dress): Element => {
  const elements: Element[] = [];
  if (mention.length)
    elements.push({ tag: 'markdown', content: mention.map(m => (m.account ? `<at id=${m.account}></at>` : safe(m.name))).join(' ') });
  if (card.lines.length) elements.push(words(card.lines.join('\n')));
  if (card.fields?.length) elements.push(fieldsElement(card.fields));
  if (card.chart) elements.push(chartElement(card.chart));
  else if (card.picture && picture) elements.push({ tag: 'img', img_key: picture, alt: plain(card.title) });
  if (card.table?.rows.length) elements.push(tableElement(card.table));
  if (card.form) elements.push(formElement(card.form, direct));
  if (card.buttons?.length && card.remark) elements.push(remarkForm(card.remark, card.buttons, direct));
  else if (card.buttons?.length) elements.push(row(card.buttons.map(b => buttonElement(b, direct))));
  return {
    schema: '2.0',
    config: { update_multi: true, enable_forward: false, summary: { content: card.title } },
    header: { template: COLOURS[card.tone], title: plain(card.title) },
    body: { elements: elements.length ? elements : [words(card.title)] },
  };
};

/** A name among markup. */
const safe = (text: string): string => text.replace(/[^\p{L}\p{N} ·]/gu, ' ');

/** The text that goes where a card is not taken: mentions first, cut at what Feishu takes, and said so. */
export const renderText = (text: string, mention: Dress['mention']): { text: string } => {
  const at = mention.map(m => (m.account ? `<at user_id="${m.account}">${safe(m.name)}</at>` : `@${safe(m.name)}`)).join(' ');
  // A tag among the words would be taken for one.
  const wide = text.replace(/</g, '＜');
  const whole = at ? `${at}\n${wide}` : wide;
  return { text: cut(whole, TEXT_BYTES, left => `\n${leftOut(left)}`, signWritten) };
};
