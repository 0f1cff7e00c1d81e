/** From a message to what was said to the bot: a command, a near miss, or nothing at all. */
import { clean } from './clean.ts';

export type CommandLine =
  | { kind: 'command'; name: string; rest: string }
  | { kind: 'near'; typed: string; suggestions: string[] }
  | { kind: 'unknown'; typed: string }
  /** In direct chat, something that is no command. */
  | { kind: 'chatter' }
  /** Not said to the bot. */
  | { kind: 'silent' };

export interface Listening {
  direct: boolean;
  mentioned: boolean;
  botNames: readonly string[];
  /** Every name and alias, in lower case → command. */
  names: ReadonlyMap<string, string>;
}

const PUNCTUATION = /^[\s。.!！?？,，;；:：~、…]+|[\s。!！?？,，;；~、…]+$/g;
/** A near miss is looked for in short lines only; longer ones are talk. */
const SHORT = 20;

/** Steps of inserting, leaving out, replacing or swapping neighbours from one word to another. */
export const editDistance = (a: string, b: string): number => {
  const rows = [...Array(a.length + 1).keys()].map(i => [i, ...Array<number>(b.length).fill(0)]);
  for (let j = 1; j <= b.length; j++) rows[0]![j] = j;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      rows[i]![j] = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, rows[i - 1]![j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) rows[i]![j] = Math.min(rows[i]![j]!, rows[i - 2]![j - 2]! + 1);
    }
  }
  return rows[a.length]![b.length]!;
};

const isLatin = (word: string): boolean => /^[a-z-]+$/i.test(word);

/** The longest name that a line begins with. A Latin alias must be the whole word; a Chinese one may be followed at once by its words. */
const headOf = (line: string, names: ReadonlyMap<string, string>): { name: string; rest: string; whole: boolean } | undefined => {
  const word = /^[^\s]+/.exec(line)?.[0] ?? '';
  const bare = word.replace(/[。.!！?？,，;；:：~、…]+$/, '').toLowerCase();
  const exact = names.get(bare);
  if (exact) return { name: exact, rest: line.slice(word.length).trim(), whole: true };
  let best: string | undefined;
  for (const name of names.keys()) if (!isLatin(name) && line.startsWith(name) && name.length > (best?.length ?? 0)) best = name;
  if (best)
    return {
      name: names.get(best)!,
      rest: line
        .slice(best.length)
        .replace(/^[\s:：,，]+/, '')
        .trim(),
      whole: false,
    };
  const latin = /^[a-z-]+/i.exec(line)?.[0] ?? '';
  const spelt = names.get(latin.toLowerCase());
  if (latin && spelt && !/^[a-z0-9/.-]/i.test(line.slice(latin.length)))
    return { name: spelt, rest: line.slice(latin.length).trim(), whole: false };
  return undefined;
};

const suggestions = (word: string, names: ReadonlyMap<string, string>): string[] => {
  if (!word) return [];
  const near = new Map<string, number>();
  for (const [alias, name] of names) {
    const least = Math.min(alias.length, word.length);
    const distance = editDistance(word.toLowerCase(), alias);
    const allowed = isLatin(alias) ? (least >= 5 ? 2 : least >= 3 ? 1 : 0) : least >= 2 ? 1 : 0;
    if (distance <= allowed && distance < least) near.set(name, Math.min(near.get(name) ?? 9, distance));
  }
  return [...near].sort((a, b) => a[1] - b[1]).map(([name]) => name);
};

const escape = (s: string) => s.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** What a message says to the bot. */
export const readCommandLine = (text: string, { direct, mentioned, botNames, names }: Listening): CommandLine => {
  let line = clean(text);
  // Somebody else's words that are quoted above or below are not said by this person.
  line = line
    .split('\n')
    .filter(l => !/^\s*(?:>|》|"[^"]*[::].*"\s*$)/.test(l) && !/^\s*-{3,}\s*$/.test(l))
    .join('\n')
    .trim();
  let called = mentioned;
  for (const name of botNames) {
    const mention = new RegExp(`[@＠]${escape(name)}[\\s\\u2005]*`, 'g');
    if (mention.test(line)) {
      called = true;
      line = line.replace(mention, ' ').trim();
    }
  }
  if (called) line = line.replace(/^@\S+\s+(?=\/)/, '').trim();
  line = line
    .replace(/^["']+(?=\s*\/)/, '')
    .replace(/^(\/.*?)["']+$/s, (all, inner: string) => ((inner.match(/["']/g)?.length ?? 0) % 2 === 0 ? inner : all));
  line = line.replace(PUNCTUATION, '');
  if (!line)
    return called ? { kind: 'command', name: names.get('帮助') ?? '帮助', rest: '' } : direct ? { kind: 'chatter' } : { kind: 'silent' };

  const slash = /^\/\s*/.exec(line);
  const body = slash ? line.slice(slash[0].length) : line;
  // A path or a link is no command: /usr/bin, //host, http://…
  if (slash && (/^[\w.~-]*\/|^\/|^[\w-]+\.[\w.]+/.test(body) || !body)) return direct || called ? { kind: 'chatter' } : { kind: 'silent' };

  if (!slash && !called && !direct) return { kind: 'silent' };
  const head = headOf(body, names);
  if (head && (slash || called || head.whole)) return { kind: 'command', name: head.name, rest: head.rest };
  if (!slash && !called) {
    const word = /^\S+/.exec(body)![0];
    const near = body.length <= 8 && word === body ? suggestions(word, names) : [];
    return near.length ? { kind: 'near', typed: word, suggestions: near } : { kind: 'chatter' };
  }
  const typed = /^[^\s]{1,12}/.exec(body)?.[0] ?? '';
  if (body.length > SHORT && !slash) return direct ? { kind: 'chatter' } : { kind: 'unknown', typed };
  const found = suggestions(typed.replace(/[。.!！?？,，;；]+$/, ''), names);
  const shorter = found.length ? found : suggestions(typed.slice(0, 2), names);
  return shorter.length ? { kind: 'near', typed, suggestions: shorter } : { kind: 'unknown', typed };
};
