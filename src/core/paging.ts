/** A card in words where a message holds little: as much as fits, and what is left as a card of its own, which follows when it is asked for. Pure. */
import { type Card, choiceWords, formWords, tableLines } from './card.ts';
import { beginningOf, ROW } from './cut.ts';

/** The word that brings what is left. */
export const MORE = '更多';
/** The same in other words. */
export const asksForMore = (said: string): boolean =>
  /^(?:回复|请发|发|看)?(?:更多|下一?页|翻页|接着看|继续看|还有呢|more)[吧呢。.!！?？]?$/i.test(said);

/** People who cannot be called stand by name in front of the words. */
const NAMES = 200;
/** A title that is told again. */
const TITLE = 60;
const NEXT = '接上：';
const note = (left: number): string => `（还有 ${left} 行，回复“${MORE}”接着看）`;

export interface Page {
  /** Without what can be chosen, which stands below it. */
  words: string;
  /** null: all is there. */
  rest: Card | null;
}

type Block = { of: 'title' | 'line' | 'field' | 'head' | 'row' | 'form'; text: string };
const blocksOf = (card: Card): Block[] => {
  const { head = null, rows = [] } = card.table ? tableLines(card.table) : {};
  const all = (of: Block['of'], texts: readonly string[]) => texts.map(text => ({ of, text }));
  return [
    ...all('title', [card.title]),
    ...all('line', card.lines),
    ...all(
      'field',
      (card.fields ?? []).map(f => `${f.label}：${f.value}`),
    ),
    ...all('head', head === null ? [] : [head]),
    ...all(
      'row',
      rows.map(r => `· ${r}`),
    ),
    ...all('form', card.form ? [formWords(card.form)] : []),
  ];
};
const bytesOf = (text: string): number => new TextEncoder().encode(text).length;
const joined = (blocks: readonly Block[]): string => blocks.map(b => b.text).join('\n');

/** What a message of so many bytes shows of a card. */
export const pageOf = (card: Card, bytes: number): Page => {
  const blocks = blocksOf(card);
  const whole = joined(blocks);
  const choices = choiceWords(card).join('\n');
  const room = Math.max(bytes - (choices ? bytesOf(choices) + 1 : 0) - (card.mention?.length ? NAMES : 0), bytes / 4);
  if (bytesOf(whole) <= room) return { words: whole, rest: null };

  let left = room - bytesOf(note(blocks.length)) - 1;
  let shown = 0;
  for (const { text } of blocks) {
    if (bytesOf(text) > left) break;
    left -= bytesOf(text) + 1;
    shown++;
  }
  // A head without rows says nothing.
  while (shown > 1 && blocks[shown - 1]!.of === 'head') shown--;
  const next = blocks[shown]!;
  const told = blocks.slice(0, shown);
  const alone = told.every(b => b.of === 'title');
  const begun = alone || (next.of === 'line' && next.text.length > ROW) ? beginningOf(next.text, left) : '';
  const remains = begun ? next.text.slice(begun.length) : '';
  const gone = blocks.slice(0, begun ? shown + 1 : shown);
  const count = (of: Block['of']) => gone.filter(b => b.of === of).length;
  const rest: Card = {
    code: 'choice.more',
    title: card.title.startsWith(NEXT) ? card.title : `${NEXT}${card.title.slice(0, TITLE)}`,
    tone: 'info',
    lines: [...(remains ? [remains] : []), ...card.lines.slice(count('line'))],
  };
  const fields = (card.fields ?? []).slice(count('field'));
  const rows = card.table?.rows.slice(count('row')) ?? [];
  if (fields.length) rest.fields = fields;
  if (card.table && rows.length) rest.table = { ...card.table, rows };
  if (card.form && !count('form')) rest.form = card.form;
  if (card.buttons?.length) rest.buttons = card.buttons;
  const lines = blocks.filter(b => b.of !== 'head').length - gone.filter(b => b.of !== 'head').length + (remains ? 1 : 0);
  return { words: [...told.map(b => b.text), ...(begun ? [begun] : []), note(lines)].join('\n'), rest };
};
