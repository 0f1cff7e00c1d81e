/** Words that a label places: 改到 6月19日, 原因：…, 24日补. */
import { type Day, daysBetween, firstOf, monthOf } from '../day.ts';
import { type DateItem, datesAt } from './dates.ts';
import { addValue, atBreak, free, type Line, starts, take } from './line.ts';
import { type Match, matchAt, type Slot } from './slots.ts';

/** What stands behind a label, or before one. */
export interface Labelled {
  name: string;
  of: Slot;
  from: number;
  end: number;
  /** What was meant, where less was typed: 改到 19. */
  meant?: string;
}

/** 改到 6月19日, 改到:6月19日, 改到6月19日: the label counts only with its value behind it. */
export const placeLabelled = (line: Line): Labelled[] => {
  const placed: Labelled[] = [];
  for (const [name, slot] of line.slots) {
    if (slot.kind !== 'labelled') continue;
    for (const label of [...slot.labels].sort((a, b) => b.length - a.length)) {
      const got = labelledBy(line, name, slot.of, label);
      if (!got) continue;
      placed.push(got);
      break;
    }
    if (line.filled.has(name)) continue;
    for (const label of slot.behind ?? []) {
      const got = labelledBefore(line, name, slot.of, label);
      if (!got) continue;
      placed.push(got);
      break;
    }
  }
  return placed;
};
const labelledBy = (line: Line, name: string, of: Slot, label: string): Labelled | undefined => {
  for (let i = line.plain.indexOf(label); i >= 0; i = line.plain.indexOf(label, i + 1)) {
    let from = i + label.length;
    while (from < line.plain.length && /[ \n:：=]/.test(line.plain[from]!)) from++;
    const m: Match | undefined =
      of.kind === 'rest'
        ? {
            slot: name,
            kind: 'rest',
            end: endOfLine(line, from),
            value: line.plain.slice(from, endOfLine(line, from)).trim() || undefined,
            glues: true,
          }
        : matchAt(line, from, name, of);
    if (!m && of.kind === 'dates') {
      const bare = bareDay(line, name, of, i, from);
      if (bare) return bare;
    }
    if (!m || (m.value === undefined && !m.problem) || (!m.glues && !atBreak(line, m.end))) continue;
    addValue(line, m, of);
    const tail = /^(?:起|开始|以后)/.exec(line.plain.slice(m.end, m.end + 2))?.[0].length ?? 0;
    take(line, i, m.end + tail);
    return { name, of, from, end: m.end };
  }
  return undefined;
};
/** 改到 19: behind its label a number alone is a day. */
const bareDay = (line: Line, name: string, of: Slot & { kind: 'dates' }, label: number, from: number): Labelled | undefined => {
  const n = /^\d{1,2}(?=$|[\s,，;；。])(?! ?[点时分:：个人次天年月元])/.exec(line.plain.slice(from, from + 6))?.[0];
  const meant = `${n}日`;
  const day = n === undefined ? undefined : matchAt({ ...line, plain: meant }, 0, name, of);
  if (n === undefined || !day) return undefined;
  addValue(line, day, of);
  take(line, label, from + n.length);
  return { name, of, from, end: from + n.length, meant };
};
/** 24日补: the word that ends where the label begins. */
const labelledBefore = (line: Line, name: string, of: Slot, label: string): Labelled | undefined => {
  for (let i = line.plain.indexOf(label); i >= 0; i = line.plain.indexOf(label, i + 1)) {
    if (!free(line, i) || !atBreak(line, i + label.length)) continue;
    for (const start of starts(line)) {
      if (start >= i) break;
      const m = matchAt(line, start, name, of);
      if (!m || (m.value === undefined && !m.problem) || line.plain.slice(m.end, i).trim() !== '' || m.end > i) continue;
      addValue(line, m, of);
      take(line, start, i + label.length);
      return { name, of, from: start, end: m.end };
    }
  }
  return undefined;
};
const endOfLine = (line: Line, from: number): number => {
  const end = line.plain.indexOf('\n', from);
  return end < 0 ? line.plain.length : end;
};

/** A day of which no month is said. */
const BARE_DAY = /^(?:\d{1,2}|[一二三四五六七八九十廿卅]{1,3}) ?[日号]/;

/** 6月12日 … 改到 19日 is the 19th that follows the 12th of June; 改到 11日 the one before it, where that is nearer and still to come. */
export const anchorLabelled = (line: Line, labelled: readonly Labelled[]): void => {
  const days = line.slots.find(([n, s]) => s.kind === 'dates' && line.values[n] !== undefined)?.[0];
  const first = days === undefined ? undefined : (line.values[days] as DateItem[])[0]?.from;
  if (first === undefined) return;
  for (const l of labelled) {
    if (l.of.kind !== 'dates' || !/[\d一二三四五六七八九十廿卅周星礼]/.test(line.plain[l.from]!)) continue;
    const prefer = { free: true, ...(l.of.prefer ? { prefer: l.of.prefer } : {}) };
    const from = (day: Day) => (l.meant === undefined ? datesAt(line.plain, l.from, day, prefer) : datesAt(l.meant, 0, day, prefer));
    const begin = firstOf(monthOf(first));
    const later = from(first);
    if (!later || (l.meant === undefined && later.end !== l.end)) continue;
    const sooner =
      l.meant !== undefined || BARE_DAY.test(line.plain.slice(l.from)) ? from(begin > line.today ? begin : line.today) : undefined;
    const away = (x: typeof later): number => Math.abs(daysBetween(first, x.items[0]?.from ?? first));
    const again = sooner?.items[0] && sooner.items[0].from < first && away(sooner) < away(later) ? sooner : later;
    line.problems = line.problems.filter(p => p.slot !== l.name);
    if (again.problem) {
      line.problems.push({ ...again.problem, slot: l.name });
      delete line.values[l.name];
    } else line.values[l.name] = again.items;
  }
};
