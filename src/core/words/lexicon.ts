/** Names of units and people, found at a place of a text without looking through all of them. */
import { editDistance } from './near.ts';
import { simplify } from './traditional.ts';

/** The names that typed words may use. `aliases`: other ways to call a person, such as 张三(古竹) where there are two of them. */
export interface Lexicon {
  /** `regions`: what the place is called that a bureau works for. */
  orgs: readonly { id: string; names: readonly string[]; regions?: readonly string[] }[];
  people: readonly { id: string; name: string; aliases?: readonly string[] }[];
  visitTypes: Readonly<Record<string, string>>;
}
/** Somebody or some unit that a word may mean. */
export interface Option {
  id: string;
  name: string;
}
export interface Names {
  /** Whom or what the longest name at a place of the text may mean. */
  at(text: string, i: number): { said: string; end: number; options: Option[] } | undefined;
  /** The nearest names to a word that is none, three at most. */
  near(said: string): Option[];
  has(word: string): boolean;
}
export interface LexiconIndex {
  orgs: Names;
  /** The same, and bureaus by their places: 上杭县. */
  places: Names;
  people: Names;
}

const NEAR = 3;
const UNIT_KIND = /(?:乡|镇)?(?:卫生院|卫生服务中心|服务站|保健院|医院)$/;
const plain = (name: string): string => simplify(name.normalize('NFKC')).toLowerCase();

const namesOf = (entries: Iterable<{ name: string; option: Option }>, steps: (said: string) => number): Names => {
  const options = new Map<string, Option[]>();
  /** Lengths of names by their first character, longest first. */
  const lengths = new Map<string, number[]>();
  for (const { name, option } of entries) {
    const key = plain(name);
    if (key === '') continue;
    const there = options.get(key);
    if (!there) options.set(key, [option]);
    else if (!there.some(o => o.id === option.id)) there.push(option);
    const known = lengths.get(key[0]!);
    if (!known) lengths.set(key[0]!, [key.length]);
    else if (!known.includes(key.length)) known.push(key.length);
  }
  for (const known of lengths.values()) known.sort((a, b) => b - a);
  return {
    at(text, i) {
      for (const n of lengths.get(text[i] ?? '') ?? []) {
        const said = text.slice(i, i + n);
        const found = said.length === n ? options.get(said) : undefined;
        if (found) return { said, end: i + n, options: found };
      }
      return undefined;
    },
    near(said) {
      const most = steps(said);
      const near: { option: Option; distance: number }[] = [];
      if (most > 0) {
        for (const [name, found] of options) {
          if (Math.abs(name.length - said.length) > most) continue;
          const distance = editDistance(said, name);
          if (distance <= most) for (const option of found) near.push({ option, distance });
        }
      }
      const best = Math.min(...near.map(n => n.distance));
      return [...new Map(near.filter(n => n.distance === best).map(n => [n.option.id, n.option])).values()].slice(0, NEAR);
    },
    has: word => options.has(word),
  };
};

const indexes = new WeakMap<Lexicon, LexiconIndex>();

/** The lexicon made ready for looking up; made once for each lexicon. */
export const indexLexicon = (lexicon: Lexicon): LexiconIndex => {
  const made = indexes.get(lexicon);
  if (made) return made;
  // What is shown where a short name fits several is the longest name, which fits one.
  const units = lexicon.orgs.map(o => ({ ...o, option: { id: o.id, name: [...o.names].sort((a, b) => b.length - a.length)[0]! } }));
  const named = units.flatMap(({ names, option }) => names.map(name => ({ name, option })));
  const placed = units.flatMap(({ regions = [], option }) => regions.map(name => ({ name, option })));
  // 王五卫生院 is near no other, though they share their ending.
  const steps = (said: string): number => (said.replace(UNIT_KIND, '').length > 3 ? 2 : 1);
  const orgs = namesOf(named, steps);
  const index: LexiconIndex = {
    orgs,
    places: placed.length ? namesOf([...named, ...placed], steps) : orgs,
    people: namesOf(
      lexicon.people.flatMap(p =>
        [p.name, ...(p.aliases ?? [])].map(name => ({
          name,
          option: { id: p.id, name: p.aliases?.find(a => a.startsWith(p.name)) ?? p.name },
        })),
      ),
      said => (said.length > 2 ? 1 : 0),
    ),
  };
  indexes.set(lexicon, index);
  return index;
};

/** The names among which a unit or a person is looked for. */
export const namesFor = (index: LexiconIndex, slot: { kind: 'org'; regions?: boolean } | { kind: 'person' }): Names =>
  slot.kind === 'person' ? index.people : slot.regions ? index.places : index.orgs;
