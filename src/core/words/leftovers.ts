/** What of a line found no place is said, never dropped: a second name where one is asked for, a name that nobody has, a word that means nothing here. */
import type { Day } from '../day.ts';
import { indexLexicon, type Lexicon, type LexiconIndex, type Names, namesFor } from './lexicon.ts';
import { type LeftProblem, matchAt, type NameProblem, type Slot, type Sought } from './slots.ts';
import { simplify } from './traditional.ts';

/** Between the words of a line. */
export const BREAK = /[\s,，、;；。!！]/;

/** What people put around what they mean: nothing is lost with it. */
const IDLE =
  /^(?:请|麻烦|劳驾|帮我|帮忙|给我|我要|我想|查询?|查看|查一?下|看看?|看一?下|一下|的|和|及|与|吧|呢|呀|啊|啦|了|吗|谢谢.{0,4}|多谢|辛苦了?|你好|您好|好的?|收到|情况|数据|统计|汇总|表|报表|进度|多少|有哪些|有谁|怎么样|如何|怎样|所有|全部|全体|全[县区市]|各单位|本单位|我们|我的|我院|单位|[?？.…~]+)+$/;

/** Behind a day that is named: 24号吧. */
const PARTICLE = /^[吧呢哦呀哈啦嘛]+[。.!！?？~…]*$/;

/** Longer than that is no phrase of politeness. */
const PHRASE = 12;

const wordsOf = (text: string): string[] => text.match(/[^\s,，、;；。!！?？]+/g) ?? [];

const named = (names: Names, said: string): boolean => names.at(said, 0)?.end === said.length;

/** The first word of what is left that means something, and why it has no place. `line`: the whole of what was typed. */
const leftover = (
  left: string,
  sought: Omit<Sought, 'plain'>,
  slots: readonly (readonly [string, Slot])[],
  line: string,
): LeftProblem | NameProblem | undefined => {
  const { index } = sought;
  for (const said of wordsOf(left)) {
    if (said.length <= PHRASE && IDLE.test(said)) continue;
    const plain = said.toLowerCase();
    const from = Math.max(line.indexOf(said), 0);
    const own = slots.find(([name, slot]) => matchAt({ ...sought, plain }, 0, name, slot)?.end === plain.length);
    if (own) return { kind: 'one-only', slot: own[0], said, what: own[1].kind };
    const month = monthOf(plain, slots);
    if (month) return { kind: 'unknown-name', slot: month.slot, said, from, end: from + said.length, options: [month.option] };
    const near = nearOf(index, plain, slots);
    if (near) return { kind: 'unknown-name', slot: near.slot, said, from, end: from + said.length, options: near.options };
    const what = named(index.people, plain) ? 'person' : named(index.places, plain) ? 'org' : null;
    return { kind: 'not-understood', slot: '', said, what };
  }
  return undefined;
};

/** 统计 4: rather a month; offered, since it may be anything. */
const monthOf = (plain: string, slots: readonly (readonly [string, Slot])[]) => {
  const slot = slots.find(([, { kind }]) => kind === 'period' || kind === 'month')?.[0];
  return slot !== undefined && /^(?:[1-9]|1[0-2])$/.test(plain) ? { slot, option: { id: '', name: `${plain}月` } } : undefined;
};

/** Whose name is nearly this, of the kinds that the command takes. */
const nearOf = (index: LexiconIndex, plain: string, slots: readonly (readonly [string, Slot])[]) => {
  for (const [name, slot] of slots) {
    if (slot.kind !== 'org' && slot.kind !== 'person') continue;
    const options = namesFor(index, slot).near(plain);
    if (options.length) return { slot: name, options };
  }
  return undefined;
};

/** Why what is left of a placed line has no place; of what says nothing, nothing. Figures have their own say of what stands between them. */
export const leftProblem = (
  left: string,
  line: string,
  slots: Readonly<Record<string, Slot>>,
  lexicon: Lexicon,
  today: Day,
): LeftProblem | NameProblem | undefined =>
  Object.values(slots).some(s => s.kind === 'figures')
    ? undefined
    : leftover(left, { index: indexLexicon(lexicon), lexicon, today }, Object.entries(slots), line);

/** Of a line whose name is missing: its first word that is nearly one, whatever the first character. */
export const nearestWord = (text: string, kind: 'org' | 'person', lexicon: Lexicon): NameProblem | undefined => {
  const index = indexLexicon(lexicon);
  const names = kind === 'org' ? index.orgs : index.people;
  for (const m of simplify(text).matchAll(/[^\s,，、;；。!！]+/g)) {
    const [said] = m;
    const options = names.has(said.toLowerCase()) ? [] : names.near(said.toLowerCase());
    if (options.length) return { kind: 'unknown-name', slot: '', said, from: m.index, end: m.index + said.length, options };
  }
  return undefined;
};

/** The text that has no place, in its order; where something was taken out, one space. */
export const leftOf = (text: string, taken: Uint8Array): string => {
  const pieces: string[] = [];
  for (let i = 0; i < text.length; ) {
    const gone = taken[i] === 1;
    let end = i + 1;
    while (end < text.length && (taken[end] === 1) === gone) end++;
    if (!gone) pieces.push(text.slice(i, end));
    i = end;
  }
  return pieces
    .map(p => p.replace(/^[ \n,，、;；:：。]+|[ \n,，、;；]+$/g, ''))
    .filter(p => p !== '' && !/^[。.!！?？]+$/.test(p) && !PARTICLE.test(p))
    .join(' ');
};
