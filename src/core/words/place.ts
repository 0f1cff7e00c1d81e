/** Words to their places: by type, in any order; what is left is free text. */
import type { Day } from '../day.ts';
import { unquote } from './clean.ts';
import { editDistance } from './command-line.ts';
import { type DateItem, findDates, type Prefer, takeHalf, takeMonth, takePeriod } from './dates.ts';
import { takePattern } from './patterns.ts';

/** A word's type. Values: dates → DateItem[]; half → am|pm|day; period → {from,to,label}; month → YYYY-MM; person, org → id (ids when many); visit-type, choice → its value; pattern → Pattern; number, ref → text; rest → text. */
export type Slot =
  | { kind: 'dates'; many?: boolean; prefer?: Prefer }
  | { kind: 'half' }
  | { kind: 'period' }
  | { kind: 'month'; prefer?: Prefer }
  | { kind: 'person'; many?: boolean }
  | { kind: 'org'; many?: boolean }
  | { kind: 'visit-type' }
  | { kind: 'pattern' }
  | { kind: 'number' }
  /** A record's number: 57, 57-2, #57, 编号57. */
  | { kind: 'ref' }
  | { kind: 'choice'; words: Readonly<Record<string, string>> }
  /** A word behind a label: 改到 6月19日. */
  | { kind: 'labelled'; labels: readonly string[]; of: Slot }
  | { kind: 'rest' };

export interface Lexicon {
  orgs: readonly { id: string; names: readonly string[] }[];
  people: readonly { id: string; name: string }[];
  visitTypes: Readonly<Record<string, string>>;
}

export interface Option {
  id: string;
  name: string;
}
export type Problem =
  | { kind: 'no-such-day'; slot: string; said: string }
  | { kind: 'ambiguous'; slot: string; said: string; options: Option[] }
  | { kind: 'unknown-name'; slot: string; said: string; options: Option[] };

export interface Placed {
  values: Record<string, unknown>;
  problems: Problem[];
}

interface Index {
  orgs: Map<string, Option[]>;
  people: Map<string, Option[]>;
  longestOrg: number;
  longestPerson: number;
}
const indexes = new WeakMap<Lexicon, Index>();

/** Names to what they may mean; made once for each lexicon. */
const indexOf = (lexicon: Lexicon): Index => {
  const known = indexes.get(lexicon);
  if (known) return known;
  const index: Index = { orgs: new Map(), people: new Map(), longestOrg: 0, longestPerson: 0 };
  const add = (map: Map<string, Option[]>, name: string, option: Option) => {
    const there = map.get(name);
    if (!there) map.set(name, [option]);
    else if (!there.some(o => o.id === option.id)) there.push(option);
  };
  for (const o of lexicon.orgs)
    for (const n of o.names) {
      add(index.orgs, n, { id: o.id, name: o.names.find(x => x.length > 3) ?? n });
      index.longestOrg = Math.max(index.longestOrg, n.length);
    }
  for (const p of lexicon.people) {
    add(index.people, p.name, { id: p.id, name: p.name });
    index.longestPerson = Math.max(index.longestPerson, p.name.length);
  }
  indexes.set(lexicon, index);
  return index;
};

const ORDER: readonly Slot['kind'][] = [
  'labelled',
  'pattern',
  'period',
  'dates',
  'month',
  'half',
  'ref',
  'choice',
  'visit-type',
  'org',
  'person',
  'number',
  'rest',
];
const TITLE = /^(?:医生|医师|大夫|主任|老师)/;
const SPLIT = /[\s,，;；、]+/;
const LOOKS_LIKE_UNIT = /(?:卫生院|医院|卫生服务中心|服务站|保健院)$/;

interface State {
  text: string;
  today: Day;
  index: Index;
  lexicon: Lexicon;
  problems: Problem[];
  /** Words that may follow a name without a space. */
  followers: readonly string[];
}

/** Tabs and line breaks stay: a pasted table is made of them. */
const tidy = (text: string): string => text.replace(/[^\S\n\t]+/g, ' ').trim();

/** Places the words of one line. */
export const place = (text: string, slots: Readonly<Record<string, Slot>>, lexicon: Lexicon, today: Day): Placed => {
  const entries = Object.entries(slots).sort((a, b) => ORDER.indexOf(a[1].kind) - ORDER.indexOf(b[1].kind));
  const followers = entries.flatMap(([, s]) => (s.kind === 'choice' ? Object.keys(s.words) : []));
  const state: State = { text: tidy(text), today, index: indexOf(lexicon), lexicon, problems: [], followers };
  const values: Record<string, unknown> = {};
  for (const [name, slot] of entries) {
    const value = take(state, name, slot);
    if (value !== undefined) values[name] = value;
  }
  return { values, problems: state.problems };
};

const take = (s: State, name: string, slot: Slot): unknown => {
  switch (slot.kind) {
    case 'labelled':
      return takeLabelled(s, name, slot);
    case 'pattern': {
      const found = takePattern(s.text);
      if (found) s.text = found.rest;
      return found?.pattern;
    }
    case 'period': {
      const found = takePeriod(s.text, s.today);
      if (found) s.text = found.rest;
      return found?.period;
    }
    case 'dates': {
      const found = findDates(s.text, s.today, slot.prefer ? { prefer: slot.prefer } : {});
      if (!found) return undefined;
      s.text = found.rest;
      if (found.noSuchDay !== undefined) s.problems.push({ kind: 'no-such-day', slot: name, said: found.noSuchDay });
      return found.items.length ? (found.items satisfies DateItem[]) : undefined;
    }
    case 'month': {
      const found = takeMonth(s.text, s.today, slot.prefer);
      if (found) s.text = found.rest;
      return found?.month;
    }
    case 'half': {
      const found = takeHalf(s.text);
      if (found) s.text = found.rest;
      return found?.half;
    }
    case 'ref':
      return takeMatch(s, /(?:^|\s)(?:#|编号|第)?(\d+(?:-\d+)?)号?(?=\s|$)/);
    case 'number':
      return takeMatch(s, /(?:^|\s)(\d+)(?=\s|$)/);
    case 'choice':
      return takeWord(s, slot.words);
    case 'visit-type':
      return takeWord(s, s.lexicon.visitTypes);
    case 'org':
      return takeNames(s, name, 'orgs', slot.many ?? false);
    case 'person':
      return takeNames(s, name, 'people', slot.many ?? false);
    case 'rest': {
      const rest = unquote(tidy(s.text));
      s.text = '';
      return rest || undefined;
    }
  }
};

const takeMatch = (s: State, re: RegExp): string | undefined => {
  const m = re.exec(s.text);
  if (!m) return undefined;
  s.text = tidy(`${s.text.slice(0, m.index)} ${s.text.slice(m.index + m[0].length)}`);
  return m[1];
};

/** A word of a closed list: a whole token, or the tail of a token behind a name. */
const takeWord = (s: State, words: Readonly<Record<string, string>>): string | undefined => {
  const tokens = s.text.split(/\s+/);
  for (const [i, token] of tokens.entries()) {
    const bare = unquote(token.replace(/[。.!！,，;；]+$/, ''));
    if (!Object.hasOwn(words, bare)) continue;
    tokens.splice(i, 1);
    s.text = tokens.join(' ');
    return words[bare];
  }
  for (const [i, token] of tokens.entries()) {
    const word = Object.keys(words)
      .filter(w => w.length > 1 && token.endsWith(w) && startsWithName(s, token.slice(0, -w.length)))
      .sort((a, b) => b.length - a.length)[0];
    if (!word) continue;
    tokens[i] = token.slice(0, -word.length);
    s.text = tokens.join(' ');
    return words[word];
  }
  return undefined;
};
const startsWithName = (s: State, token: string): boolean =>
  s.index.people.has(token.replace(/(?:医生|医师|大夫)$/, '')) || s.index.orgs.has(token);

const takeLabelled = (s: State, name: string, slot: Extract<Slot, { kind: 'labelled' }>): unknown => {
  for (const label of [...slot.labels].sort((a, b) => b.length - a.length)) {
    const at = s.text.indexOf(label);
    if (at < 0) continue;
    const behind = s.text.slice(at + label.length).replace(/^[\s:：=]+/, '');
    const inner: State = { ...s, text: behind, problems: [] };
    const value = take(inner, name, slot.of);
    if (value === undefined && !inner.problems.length) continue;
    s.problems.push(...inner.problems);
    s.text = tidy(`${s.text.slice(0, at)} ${inner.text.replace(/^起(?=\s|$)/, '')}`);
    return value;
  }
  return undefined;
};

/** Names of people or units: whole tokens, or the beginning of the text when no space follows. */
const takeNames = (s: State, slot: string, kind: 'orgs' | 'people', many: boolean): unknown => {
  const index = s.index[kind];
  const tokens = s.text.split(SPLIT).filter(Boolean);
  const left: string[] = [];
  const ids: string[] = [];
  let first = true;
  for (const token of tokens) {
    const word = unquote(token);
    const bare = kind === 'people' ? word.replace(/(?:医生|医师|大夫|主任)$/, '') : word;
    let options = index.get(word) ?? index.get(bare);
    let rest = '';
    if (!options && first) {
      const head = headName(s, word, kind);
      if (head) {
        options = index.get(head);
        rest = word.slice(head.length).replace(TITLE, '');
      }
    }
    first = false;
    if (!options || (ids.length > 0 && !many)) {
      left.push(token);
      continue;
    }
    if (options.length > 1) s.problems.push({ kind: 'ambiguous', slot, said: word, options });
    else ids.push(options[0]!.id);
    if (rest) left.push(rest);
  }
  if (!ids.length && !s.problems.some(p => p.slot === slot)) {
    const unit = kind === 'orgs' ? left.find(t => LOOKS_LIKE_UNIT.test(t) && t.length <= 20) : undefined;
    if (unit) s.problems.push({ kind: 'unknown-name', slot, said: unit, options: nearest(unit, index) });
    return undefined;
  }
  // Only now is the text cut, so that free text keeps its own punctuation when no name was in it.
  s.text = left.join(' ');
  return many ? ids : ids[0];
};

/** The longest name at the beginning of a token. A person's needs a word behind it that is not part of a longer one. */
const headName = (s: State, token: string, kind: 'orgs' | 'people'): string | undefined => {
  const index = s.index[kind];
  const longest = kind === 'orgs' ? s.index.longestOrg : s.index.longestPerson;
  for (let n = Math.min(longest, token.length - 1); n >= 2; n--) {
    const head = token.slice(0, n);
    if (!index.has(head)) continue;
    const behind = token.slice(n);
    if (kind === 'orgs' ? LOOKS_LIKE_UNIT.test(head) : TITLE.test(behind) || s.followers.some(f => behind.startsWith(f))) return head;
  }
  return undefined;
};

/** Names within two steps, for 是不是…. */
const nearest = (said: string, index: Map<string, Option[]>): Option[] => {
  const near: { option: Option; distance: number }[] = [];
  for (const [name, options] of index) {
    if (Math.abs(name.length - said.length) > 2) continue;
    const distance = editDistance(said, name);
    if (distance <= 2) for (const option of options) near.push({ option, distance });
  }
  const seen = new Set<string>();
  return near
    .sort((a, b) => a.distance - b.distance)
    .map(n => n.option)
    .filter(o => !seen.has(o.id) && seen.add(o.id))
    .slice(0, 3);
};
