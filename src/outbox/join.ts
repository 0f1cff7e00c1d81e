/** Several unasked messages for one place at one moment become one. */
import type { Button, Card } from '../core/card.ts';

/** Most platforms show no more. */
const MOST_BUTTONS = 20;
const RANK: readonly Card['tone'][] = ['urgent', 'ask', 'no', 'info', 'ok'];

/** One card of many; one of one is itself. What has a form, a file or a table keeps it only when alone. */
export const joinCards = (cards: readonly Card[]): Card => {
  const [only] = cards;
  if (cards.length === 1 && only) return only;
  const buttons: Button[] = cards.flatMap(c =>
    (c.buttons ?? []).map(b =>
      cards.filter(o => o.buttons?.some(x => x.label === b.label)).length > 1 ? { ...b, label: `${short(c.title)}：${b.label}` } : b,
    ),
  );
  const mention = [...new Set(cards.flatMap(c => c.mention ?? []))];
  return {
    code: 'joined',
    title: `${cards.length}件事`,
    tone: RANK.find(t => cards.some(c => c.tone === t)) ?? 'info',
    lines: cards.flatMap((c, i) => [`${i + 1}. ${c.title}`, ...unique(c.lines).map(l => `　${l}`)]),
    ...(buttons.length ? { buttons: buttons.slice(0, MOST_BUTTONS) } : {}),
    ...(mention.length ? { mention } : {}),
  };
};

const unique = (lines: readonly string[]): string[] => [...new Set(lines)];
const short = (title: string): string => (title.length > 10 ? `${title.slice(0, 10)}…` : title);
export const joinable = (card: Card): boolean => !card.form && !card.file && !card.table && !card.chart;
