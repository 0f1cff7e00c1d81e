/** A card → DingTalk's markdown, with buttons that say their command in the chat of whoever presses them. Pure. */
import { type Button, type Card, formWords, tableLines } from '../../core/card.ts';
import { beginningOf, leftOut } from '../../core/cut.ts';

/** DingTalk takes 15,000 bytes a message, as it is written within JSON: the words, and beside them a title and buttons. */
export const MOST_BYTES = 14_000;
/** A minute takes twenty messages: what is longer says so. */
export const MOST_PARTS = 8;
/** Buttons that a message has by its key; more stand as links in the text. */
const MOST_BUTTONS = 5;
/** Buttons that take more stand as links, whose words may go in parts. */
const BUTTON_BYTES = 6_000;
const written = (what: unknown): number => Buffer.byteLength(JSON.stringify(what));
/** Within a text that is being written. */
const signWritten = (sign: string): number => written(sign) - 2;

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

const blocks = (card: Card, { mention = [], called = false, picture = null }: Dress): string[] => {
  const out = [`### ${safe(card.title)}`];
  // Where people are really called their number has to stand in the words; elsewhere it would be read as a number.
  if (mention.length) out.push(mention.map(m => `@${(called && m.account) || safe(m.name)}`).join(' '));
  out.push(...card.lines.map(safe));
  for (const f of card.fields ?? []) out.push(`**${safe(f.label)}**：${safe(f.value)}`);
  if (picture) out.push(`![${safe(card.title)}](${picture})`);
  // Older clients have no tables: a row is a line, its first cell its name.
  if (card.table) {
    const { head, rows } = tableLines(card.table);
    out.push(...(head === null ? [] : [safe(head)]), ...rows.map(r => `- ${safe(r)}`));
  }
  if (card.form) out.push(safe(formWords(card.form)));
  return out;
};

/** Blocks into parts of at most so many bytes as written; a block that is too long by itself is cut. */
export const fit = (all: readonly string[], most: number): string[] => {
  const parts: string[] = [];
  let part = '';
  const flush = () => {
    if (part) parts.push(part);
    part = '';
  };
  for (const block of all) {
    const joined = part ? `${part}\n\n${block}` : block;
    if (written(joined) <= most) {
      part = joined;
      continue;
    }
    flush();
    let rest = block;
    while (written(rest) > most) {
      const beginning = beginningOf(rest, most - 2, signWritten);
      parts.push(beginning);
      rest = rest.slice(beginning.length);
    }
    part = rest;
  }
  flush();
  return parts;
};

export interface Dress {
  mention?: readonly { account: string | null; name: string }[];
  /** The route really calls them. */
  called?: boolean;
  /** Media id of the card's picture. */
  picture?: string | null;
  /** How buttons are said: `dtmd` as buttons, `links` as links in the text, `words` as commands to type. */
  buttons?: 'dtmd' | 'links' | 'words';
}

export const render = (card: Card, dress: Dress = {}): Rendered => {
  const offered = card.buttons ?? [];
  const kind = dress.buttons ?? 'dtmd';
  const buttons = offered.map((b: Button) => ({ title: b.label, url: says(b.command) }));
  const shown = kind === 'dtmd' && buttons.length <= MOST_BUTTONS && written(buttons) <= BUTTON_BYTES;
  const all = blocks(card, dress);
  if (!shown)
    all.push(
      ...offered.map(b => (kind === 'words' ? `${safe(b.label)}：发 ${safe(b.command)}` : `[${safe(b.label)}](${says(b.command)})`)),
    );
  const parts = fit(all, shown && buttons.length ? MOST_BYTES - written(buttons) : MOST_BYTES);
  return {
    title: card.title,
    parts:
      parts.length > MOST_PARTS
        ? [
            ...parts.slice(0, MOST_PARTS - 1),
            leftOut(
              parts
                .slice(MOST_PARTS - 1)
                .join('\n')
                .split(/\n+/).length,
            ),
          ]
        : parts,
    buttons: shown ? buttons : [],
  };
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
