/** Several messages for one place at one moment become one, and nothing of them is lost. */
import type { Button, Card } from '../core/card.ts';

/** Most platforms show no more. */
const MOST_BUTTONS = 20;
const TONES: readonly Card['tone'][] = ['urgent', 'ask', 'no', 'info', 'ok'];
/** A card holds one of each; a line of its section points to it. */
const SLOTS = { table: '见下表', chart: '见下图', form: '见下面的表单', file: '见附件', paper: '见附件' } as const;
type Slot = keyof typeof SLOTS;
const slots = Object.keys(SLOTS) as Slot[];

const attached = (card: Card): boolean => card.file !== undefined || card.paper !== undefined;
/** Can the card join the others? Two tables, charts, forms or files cannot share a card. */
export const fits = (others: readonly Card[], card: Card): boolean =>
  slots.every(s => !card[s] || others.every(o => !o[s])) && !(attached(card) && others.some(attached));
/** Nothing but words and buttons. */
export const isText = (card: Card): boolean => slots.every(s => !card[s]);

/** One card of many that fit each other; one of one is itself. */
export const joinCards = (cards: readonly Card[]): Card => {
  const mention = [...new Set(cards.flatMap(c => c.mention ?? []))];
  const mentioned = mention.length ? { mention } : {};
  const sections = cards.filter((c, i) => cards.findIndex(o => sameMatter(o, c)) === i);
  const [first] = sections;
  if (!first) throw new RangeError('no cards to join');
  if (sections.length === 1) return cards.length === 1 ? first : { ...first, ...mentioned };

  const sameTitle = sections.every(c => c.title === first.title);
  const { shown, typed } = shareButtons(sections);
  const lines = sections.flatMap((c, i) => {
    const [head = '', ...rest] = [
      ...(sameTitle ? [] : [c.title]),
      ...c.lines,
      ...(c.fields ?? []).map(f => `${f.label}：${f.value}`),
      ...slots.filter(s => c[s]).map(s => SLOTS[s]),
      ...(typed.get(i) ?? []).map(b => `${b.label}：发 ${b.command}`),
    ];
    return [`${i + 1}. ${head}`, ...rest.map(l => `　${l}`)];
  });
  const carried = Object.assign(
    {},
    ...slots.map(s => ({ slot: s, card: sections.find(c => c[s]) })).map(({ slot, card }) => card && { [slot]: card[slot] }),
  );
  const picture = sections.find(c => c.picture)?.picture;
  return {
    code: 'joined',
    title: sameTitle ? `${first.title}（${sections.length}件）` : `${sections.length}件事`,
    tone: TONES.find(t => sections.some(c => c.tone === t)) ?? 'info',
    lines,
    ...(carried as Pick<Card, Slot>),
    ...(picture ? { picture } : {}),
    ...(shown.length ? { buttons: shown } : {}),
    ...(sections.some(c => c.once) ? { once: true as const } : {}),
    ...mentioned,
  };
};

const sameMatter = (a: Card, b: Card): boolean =>
  a === b || JSON.stringify({ ...a, mention: [] }) === JSON.stringify({ ...b, mention: [] });

/** Buttons of all, told apart by their section where labels are equal; those that find no room are typed. */
const shareButtons = (sections: readonly Card[]): { shown: Button[]; typed: Map<number, Button[]> } => {
  const commands = new Map<string, Set<string>>();
  for (const b of sections.flatMap(c => c.buttons ?? [])) commands.set(b.label, (commands.get(b.label) ?? new Set()).add(b.command));
  const several = [...commands.values()].some(c => c.size > 1);
  /** Which matters a button is of: said where another button is told apart by it, unless its command names nothing. */
  const matters = (b: Button): number[] => sections.flatMap((c, i) => (c.buttons?.some(o => o.command === b.command) ? [i + 1] : []));
  const shown: Button[] = [];
  const typed = new Map<number, Button[]>();
  for (const [i, c] of sections.entries())
    for (const b of c.buttons ?? []) {
      if (shown.some(s => s.command === b.command)) continue;
      const its = matters(b);
      const apart = commands.get(b.label)!.size > 1 || (several && its.length > 1 && b.command.includes(' '));
      if (shown.length < MOST_BUTTONS) shown.push(apart ? { ...b, label: `第${its.join('、')}件：${b.label}` } : b);
      else typed.set(i, [...(typed.get(i) ?? []), b]);
    }
  return { shown, typed };
};
