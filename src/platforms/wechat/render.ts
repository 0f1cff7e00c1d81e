/** A card → plain text with numbered choices: ordinary WeChat has neither cards nor buttons. Pure. */
import { type Card, choicesOf, formWords } from '../../core/card.ts';

/** What an ordinary message is sure to hold, in bytes. */
export const MOST_BYTES = 2_000;

const NOTE = '\n（太长，后面没有显示，请用 /网页 看全）';

const cut = (text: string, bytes: number): string => {
  if (Buffer.byteLength(text) <= bytes) return text;
  const room = bytes - Buffer.byteLength(NOTE);
  let kept = '';
  let size = 0;
  for (const c of text) {
    size += Buffer.byteLength(c);
    if (size > room) break;
    kept += c;
  }
  return kept + NOTE;
};

/** What is to be typed stands last and is never cut off. */
const choiceLines = (card: Card): string[] => choicesOf(card).map((b, i) => `回复 ${i + 1} ${b.label}`);

export const render = (card: Card, names: readonly string[] = []): string => {
  const lines = [...(names.length ? [names.map(n => `@${n}`).join(' ')] : []), card.title, ...card.lines];
  for (const f of card.fields ?? []) lines.push(`${f.label}：${f.value}`);
  const columns = card.table?.columns.slice(1) ?? [];
  for (const [head = '', ...cells] of card.table?.rows ?? [])
    lines.push(
      `· ${head}：${cells
        .map((c, i) => (c === '' ? '' : `${columns[i] ?? ''} ${c}`.trim()))
        .filter(Boolean)
        .join('，')}`,
    );
  if (card.form) lines.push(formWords(card.form));
  const choices = choiceLines(card).join('\n');
  const room = MOST_BYTES - (choices ? Buffer.byteLength(choices) + 1 : 0);
  return [cut(lines.join('\n'), Math.max(room, MOST_BYTES / 4)), choices].filter(Boolean).join('\n');
};
