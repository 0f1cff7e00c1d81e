/** A card → WeCom's markdown and its card with buttons. Pure. */
import { createHash } from 'node:crypto';
import { type Button, type Card, formWords } from '../../core/card.ts';

/** WeCom takes 20,480 bytes of markdown. */
export const MOST_BYTES = 20_000;
const MOST_BUTTONS = 6;
const KEY_BYTES = 1_024;
/** A group's webhook takes 4,096 bytes. */
export const WEBHOOK_BYTES = 4_000;

export type Message =
  | { msgtype: 'markdown'; markdown: { content: string } }
  | { msgtype: 'template_card'; template_card: Record<string, unknown> };

const safe = (text: string): string => text.replace(/([\\`*_[\]#<>|~])/g, '\\$1');
const cut = (text: string, bytes: number): string => {
  if (Buffer.byteLength(text) <= bytes) return text;
  const note = '\n\n（太长，后面没有显示，请用 /网页 看全）';
  let end = Math.min(text.length, bytes);
  while (Buffer.byteLength(text.slice(0, end)) > bytes - Buffer.byteLength(note)) end -= 16;
  return text.slice(0, end) + note;
};

const words = (card: Card, typed: readonly Button[]): string => {
  const out = [`### ${safe(card.title)}`, ...card.lines.map(safe)];
  for (const f of card.fields ?? []) out.push(`**${safe(f.label)}**：${safe(f.value)}`);
  const columns = card.table?.columns.slice(1) ?? [];
  for (const [head = '', ...cells] of card.table?.rows ?? [])
    out.push(
      `- ${safe(head)}：${cells
        .map((c, i) => (c === '' ? '' : `${safe(columns[i] ?? '')} ${safe(c)}`))
        .filter(Boolean)
        .join('，')}`,
    );
  if (card.form) out.push(safe(formWords(card.form)));
  for (const b of typed) out.push(`${safe(b.label)}：发 ${safe(b.command)}`);
  return out.join('\n\n');
};

const STYLES = { primary: 1, danger: 2 } as const;

/** Letters and digits only, the same for the same message. */
export const taskId = (key: string): string => `x${createHash('sha256').update(key).digest('hex').slice(0, 40)}`;

/** One message where everything fits into the card with buttons; else the words, and the buttons behind them. */
export const render = (card: Card, key: string): Message[] => {
  const buttons = card.buttons ?? [];
  const pressable = buttons.length > 0 && buttons.length <= MOST_BUTTONS && buttons.every(b => Buffer.byteLength(b.command) <= KEY_BYTES);
  const markdown = (typed: readonly Button[]): Message => ({
    msgtype: 'markdown',
    markdown: { content: cut(words(card, typed), MOST_BYTES) },
  });
  if (!pressable) return [markdown(buttons)];
  const lines = card.lines.join('\n');
  const small =
    !card.table && !card.form && !card.chart && (card.fields?.length ?? 0) <= 6 && lines.length <= 112 && card.title.length <= 26;
  const template: Message = {
    msgtype: 'template_card',
    template_card: {
      card_type: 'button_interaction',
      task_id: taskId(key),
      main_title: { title: card.title.slice(0, 26) },
      ...(small && lines ? { sub_title_text: lines } : {}),
      ...(small && card.fields?.length
        ? { horizontal_content_list: card.fields.map(f => ({ keyname: f.label.slice(0, 5), value: f.value.slice(0, 26) })) }
        : {}),
      button_list: buttons.map(b => ({ text: b.label, style: b.style ? STYLES[b.style] : 4, key: b.command })),
    },
  };
  return small ? [template] : [markdown([]), template];
};

/** For a group's webhook, the one way that really calls people. */
export const webhookBody = (card: Card, accounts: readonly string[]): Record<string, unknown> => ({
  msgtype: 'markdown',
  markdown: { content: cut(`${accounts.map(a => `<@${a}>`).join(' ')}\n\n${words(card, card.buttons ?? [])}`, WEBHOOK_BYTES) },
});
