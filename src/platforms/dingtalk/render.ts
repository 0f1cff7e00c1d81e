/** A card → DingTalk's markdown, with buttons that say their command in the chat of whoever presses them. Pure. */
import { type Button, type Card, formWords } from '../../core/card.ts';

/** DingTalk takes 15,000 bytes a message. */
export const MOST_BYTES = 14_000;
/** Buttons that a message has by its key; more stand as links in the text. */
const MOST_BUTTONS = 5;

export interface Rendered {
  title: string;
  /** Markdown, in parts that each fit. */
  parts: string[];
  buttons: { title: string; url: string }[];
}

/** Pressed, the client sends the text as the person who pressed it. */
const says = (command: string): string => `dtmd://dingtalkclient/sendMessage?content=${encodeURIComponent(command)}`;

/** Signs of markdown among the words. */
const safe = (text: string): string => text.replace(/([\\`*_[\]#<>|~])/g, '\\$1').replace(/^(\s*)([-+]|\d+\.)(?=\s)/gm, '$1\\$2');

const blocks = (card: Card, mention: readonly { account: string | null; name: string }[], picture: string | null): string[] => {
  const out = [`### ${safe(card.title)}`];
  if (mention.length) out.push(mention.map(m => `@${m.account ?? safe(m.name)}`).join(' '));
  out.push(...card.lines.map(safe));
  for (const f of card.fields ?? []) out.push(`**${safe(f.label)}**：${safe(f.value)}`);
  if (picture) out.push(`![${safe(card.title)}](${picture})`);
  // Older clients have no tables: a row is a line, its first cell its name.
  for (const row of card.table?.rows ?? []) {
    const [head = '', ...cells] = row;
    const columns = card.table?.columns.slice(1) ?? [];
    out.push(
      `- ${safe(head)}：${cells
        .map((c, i) => (c === '' ? '' : `${safe(columns[i] ?? '')} ${safe(c)}`))
        .filter(Boolean)
        .join('，')}`,
    );
  }
  if (card.form) out.push(safe(formWords(card.form)));
  return out;
};

/** Blocks into parts of at most so many bytes; a block that is too long by itself is cut. */
export const fit = (all: readonly string[], most: number): string[] => {
  const parts: string[] = [];
  let part = '';
  const flush = () => {
    if (part) parts.push(part);
    part = '';
  };
  for (const block of all) {
    const joined = part ? `${part}\n\n${block}` : block;
    if (Buffer.byteLength(joined) <= most) {
      part = joined;
      continue;
    }
    flush();
    let rest = block;
    while (Buffer.byteLength(rest) > most) {
      let cut = Math.floor(most / 3);
      while (cut < rest.length && Buffer.byteLength(rest.slice(0, cut + 1)) <= most) cut++;
      parts.push(rest.slice(0, cut));
      rest = rest.slice(cut);
    }
    part = rest;
  }
  flush();
  return parts;
};

export const render = (
  card: Card,
  mention: readonly { account: string | null; name: string }[] = [],
  picture: string | null = null,
): Rendered => {
  const buttons = (card.buttons ?? []).map((b: Button) => ({ title: b.label, url: says(b.command) }));
  const many = buttons.length > MOST_BUTTONS;
  const all = blocks(card, mention, picture);
  if (many) all.push(...buttons.map(b => `[${safe(b.title)}](${b.url})`));
  return { title: card.title, parts: fit(all, MOST_BYTES), buttons: many ? [] : buttons };
};

/** What a session webhook takes. The last part has the buttons. */
export const sessionBody = ({ title, buttons }: Rendered, text: string, last: boolean, at: readonly string[]): Record<string, unknown> =>
  last && buttons.length
    ? {
        msgtype: 'actionCard',
        actionCard: {
          title,
          text,
          btnOrientation: buttons.length === 2 ? '1' : '0',
          btns: buttons.map(b => ({ title: b.title, actionURL: b.url })),
        },
      }
    : { msgtype: 'markdown', markdown: { title, text }, ...(at.length ? { at: { atUserIds: at } } : {}) };

/** What the robot's own sending takes: a key and its parameters. */
export const keyed = ({ title, buttons }: Rendered, text: string, last: boolean): { msgKey: string; msgParam: string } => {
  if (!last || !buttons.length) return { msgKey: 'sampleMarkdown', msgParam: JSON.stringify({ title, text }) };
  const [only] = buttons;
  if (buttons.length === 1)
    return { msgKey: 'sampleActionCard', msgParam: JSON.stringify({ title, text, singleTitle: only!.title, singleURL: only!.url }) };
  const actions = Object.fromEntries(
    buttons.flatMap((b, i) => [
      [`actionTitle${i + 1}`, b.title],
      [`actionURL${i + 1}`, b.url],
    ]),
  );
  return { msgKey: `sampleActionCard${buttons.length}`, msgParam: JSON.stringify({ title, text, ...actions }) };
};
