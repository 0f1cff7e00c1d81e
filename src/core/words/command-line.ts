/** From a message to what was said to the bot: a command, a near miss, or nothing at all. */
import { clean, unquote } from './clean.ts';
import { editDistance } from './near.ts';
import { asksBehindName, behindHow } from './questions.ts';

export type CommandLine =
  /** `below`: what stands behind it stands on the next line. */
  | { kind: 'command'; name: string; rest: string; below?: boolean }
  /** Something like a command; the suggestions are offered, never done. */
  | Near
  | { kind: 'unknown'; typed: string }
  /** Said to the bot, but no command. */
  | { kind: 'chatter' }
  /** 好的, 收到, 谢谢: needs no answer. */
  | { kind: 'thanks' }
  /** Not said to the bot. */
  | { kind: 'silent' };

export interface Near {
  kind: 'near';
  typed: string;
  /** All that was said, without the bot's name. */
  line: string;
  /** Best first. */
  suggestions: string[];
  /** Where it was a sentence: what of it belongs behind the command, such as the place of 我到古竹了. */
  sentence?: { behind: string };
}

export interface Listening {
  /** A chat with the bot alone. */
  direct: boolean;
  /** The platform says that the bot is mentioned. */
  mentioned: boolean;
  botNames: readonly string[];
  /** Every name and alias, in lower case → command. */
  names: ReadonlyMap<string, string>;
  /** What people say in a short line where they mean a command, by command. */
  sayings?: ReadonlyMap<string, readonly RegExp[]>;
  /** What an alias says beside naming its command: 病假 今天 is 请假 病假 今天. */
  words?: ReadonlyMap<string, string>;
  /** Toneless pinyin of a text; with it 千到 is near 签到. */
  pinyin?: (text: string) => string;
}

/** A near miss is looked for in short lines only; longer ones are talk. */
const SHORT = 20;
/** A longer one that names a day, as it is spoken into a phone, may still be a wish. */
const SPOKEN = 60;
const DATED = /[\d一二三四五六七八九十][号日]|[昨今明后]天|(?:周|星期|礼拜)[一二三四五六日天]/;
const LATIN = /^[a-z][a-z-]*$/;
const ENDING = /[\s。.!！?？,，;；:：~、…]+$/;
/** Between a command and its words. */
const OPENING = /^[\s:：,，;；。.!！、~…]+/;
/** What is said with a command and says nothing. */
const PARTICLE = /^(?:了|啦|吧|哈|呀|哦|喽|咯|一下)$/;
/** Closes a talk: whoever says it wants nothing. */
const THANKS =
  /^(?:好|嘞|滴|呀|吧|收到|谢谢|多谢|感谢|知道|明白|了解|清楚|嗯|哦|噢|行|可以|没问题|辛苦|ok(?:ay)?|thanks?|[您你]|了|啦|哈|呢|的|机器人|小助手|助手|[\s,，.。!！~～…]|\p{Extended_Pictographic}|\[[^\]]{1,4}\])+$/iu;
/** 好的, 谢谢: neither a wish nor an answer. */
export const isThanks = (text: string): boolean => text.length <= SHORT && THANKS.test(text);
/** Asks whether anybody is there: no word typed wrong. */
const GREETING = /^(?:在(?:吗|不在|么|不)|有人吗?|[您你]好|早(?:上好)?|哈喽|hi|hello)$/i;
/** What a path, a link, an emoticon or a comment has behind its slash. */
const NO_WORD = /^(?:\/|[\w.~-]*\/|[\w-]+\.[\w.]+|[^\p{L}]|$)/u;

/** What a message says to the bot. The text may be raw: it is cleaned here. */
export const readCommandLine = (text: string, listening: Listening): CommandLine => {
  const { direct, names } = listening;
  // Most of what is said in a group is not for the bot; that needs no look at all of it.
  if (!direct && !listening.mentioned && !/[/／、@＠]/.test(text)) return { kind: 'silent' };
  const { text: own, called } = withoutMention(clean(withoutQuotation(text)), listening);
  const line = unquote(own)
    .replace(/^["'“”‘’「]+(?=\/)/, '')
    .trim();
  const nothing: CommandLine = direct || called ? { kind: 'chatter' } : { kind: 'silent' };

  const slash = /^\/ ?/.exec(line);
  // The key of the slash writes 、 while Chinese is typed.
  const comma = !slash && /^、 ?/.exec(line);
  if (comma) {
    const head = commandAt(line.slice(comma[0].length), listening);
    return head ? commandOf(head) : nothing;
  }
  if (!slash && !called && !direct) return nothing;
  const body = unquote(line.slice(slash?.[0].length ?? 0).replace(/^\n+/, ''));
  const help = names.get('帮助');
  // A word of punctuation: ?
  const sign = NO_WORD.test(body) ? names.get(body.normalize('NFKC')) : undefined;
  if (sign !== undefined) return { kind: 'command', name: sign, rest: '' };
  if (slash && NO_WORD.test(body)) return nothing;
  // The bot's name alone is a call for help.
  if (body.replace(ENDING, '') === '') return called && !slash && help !== undefined ? { kind: 'command', name: help, rest: '' } : nothing;

  if (!slash && GREETING.test(body.replace(ENDING, ''))) return { kind: 'chatter' };
  if (!slash && isThanks(body)) return { kind: 'thanks' };
  const head = commandAt(body, listening);
  const short = body.length <= SHORT;
  const wish = short || (body.length <= SPOKEN && DATED.test(body));
  const sentence = wish && (!head || !head.whole) ? meantBy(body, listening) : undefined;
  if (sentence && !(head && (sentence.suggestions.includes(head.name) || head.length >= sentence.length)))
    return { kind: 'near', typed: body, line: body, suggestions: sentence.suggestions, sentence: { behind: sentence.behind } };
  // 怎么导入 asks about a command by its name.
  const how = !head && !sentence && short ? behindHow(body) : undefined;
  const about = how && commandAt(how, listening);
  if (about) return { kind: 'near', typed: body, line: body, suggestions: [about.name], sentence: { behind: '' } };
  // A question about a command is no command: 签到了吗.
  const asked = head && !head.whole && asksBehindName(head.rest) && short;
  const bare = !slash && !called;
  if (head && !asked && (head.whole || !bare)) return commandOf(head);

  const typed = wordOf(body);
  const suggestions = head
    ? wish
      ? [head.name]
      : []
    : !short
      ? []
      : near(typed, listening, bare ? (typed === body.replace(ENDING, '') ? 'alone' : 'strict') : 'addressed');
  if (suggestions.length) return { kind: 'near', typed, line: body, suggestions };
  if (bare) return nothing;
  // Other programs have commands as well (/start), and people type / without meaning anybody.
  if (slash && !called && !direct && (slash[0] !== '/' || LATIN.test(typed.toLowerCase()))) return { kind: 'silent' };
  return { kind: 'unknown', typed };
};

/** Somebody else's words above one's own are not said by this person: lines with >, and 「张三：…」 over a rule. */
const withoutQuotation = (text: string): string => {
  if (!/[>＞》「『"“]|-{3}|(?:- ){3}|—{3}/.test(text)) return text;
  const lines = text.split(/\r\n?|\n/);
  const rule = lines.findIndex(l => /^\s*(?:-\s*){3,}$|^\s*[—─–_=]{3,}\s*$/.test(l));
  const quoted = rule > 0 && /^\s*[「『"“【]/.test(lines[0]!);
  return (quoted ? lines.slice(rule + 1) : lines)
    .filter(l => !/^\s*[>＞]/.test(l))
    .join('\n')
    .replace(/^\s*[「『“"][^」』”"\n]{1,30}[:：][^」』”]*[」』”"]/, '');
};

/** The text without the bot's name, and whether the bot is spoken to: not by what somebody else is quoted with. */
export const spokenTo = (text: string, listening: Pick<Listening, 'mentioned' | 'botNames'>): { text: string; called: boolean } => ({
  text: withoutMention(text, listening).text,
  called: withoutMention(clean(withoutQuotation(text)), listening).called,
});

const withoutMention = (
  text: string,
  { mentioned, botNames }: Pick<Listening, 'mentioned' | 'botNames'>,
): { text: string; called: boolean } => {
  let line = text;
  let called = mentioned;
  for (const name of [...botNames].sort((a, b) => b.length - a.length)) {
    for (let i = line.indexOf(`@${name}`); i >= 0; i = line.indexOf(`@${name}`, i)) {
      called = true;
      line = `${line.slice(0, i)} ${line.slice(i + name.length + 1)}`;
    }
  }
  return { text: line.replace(/ {2,}/g, ' ').trim(), called };
};

const wordOf = (line: string): string => (/^[^\s,，;；:：。!！?？]{1,20}/.exec(line)?.[0] ?? line.slice(0, 20)).replace(ENDING, '');

/** A command found where a line begins. */
export interface CommandAt {
  name: string;
  /** As it was typed. */
  word: string;
  length: number;
  rest: string;
  /** Nothing is glued to it. */
  whole: boolean;
  /** What stands behind it stands on the next line. */
  below: boolean;
}
const commandOf = ({ name, rest, below }: CommandAt): CommandLine => ({ kind: 'command', name, rest, ...(below ? { below } : {}) });

/** The longest name that a line begins with. A Latin alias must be a whole word; a Chinese one may have its words at once behind it. */
export const commandAt = (line: string, { names, words }: Pick<Listening, 'names' | 'words'>): CommandAt | undefined => {
  const low = line.slice(0, 40).toLowerCase();
  for (let n = Math.min(low.length, 24); n > 0; n--) {
    const name = names.get(low.slice(0, n));
    if (name === undefined || (/[a-z]$/.test(low.slice(0, n)) && /^[a-z0-9./_-]/.test(low.slice(n)))) continue;
    const behind = line.slice(n);
    const whole = behind === '' || /^[\s:：,，;；。.!！?？~、…]/.test(behind);
    // 我 alone is 我的; 我今天去古竹了 is not.
    if (n === 1 && !whole) continue;
    const rest = behind.replace(OPENING, '').replace(/[\s。!！~…]+$/, '');
    const own = PARTICLE.test(rest) || /^[?？]+$/.test(rest) ? '' : rest;
    return {
      name,
      word: line.slice(0, n),
      length: n,
      rest: [words?.get(low.slice(0, n)), own].filter(Boolean).join(' '),
      whole,
      below: own !== '' && (OPENING.exec(behind)?.[0].includes('\n') ?? false),
    };
  }
  return undefined;
};

/** The commands of which most was said: 取消请假 is less of 请假 than of its opposite. */
const meantBy = (body: string, { sayings }: Listening): { suggestions: string[]; length: number; behind: string } | undefined => {
  const line = body.replace(/\s/g, '').replace(ENDING, '');
  const found = [...(sayings ?? [])].flatMap(([name, ways]) =>
    ways.flatMap(way => {
      const m = way.exec(line);
      return m?.[0] ? [{ name, length: m[0].length, behind: m.groups?.['behind'] ?? '' }] : [];
    }),
  );
  const most = Math.max(...found.map(f => f.length));
  const best = found.filter(f => f.length === most);
  return best[0] && { suggestions: [...new Set(best.map(f => f.name))], length: most, behind: best[0].behind };
};

/** The commands nearest to a word, best first. One wrong character of two is near only behind a slash or a mention, or when a word stands alone and begins right. */
const near = (typed: string, { names, pinyin }: Listening, how: 'addressed' | 'alone' | 'strict'): string[] => {
  const word = typed.toLowerCase();
  const sound = pinyin?.(word);
  const best = new Map<string, number>();
  // 都同意 says 同意, and is nothing like its opposite.
  const said = [...names.keys()].filter(
    alias => alias.length >= 2 && alias.length < word.length && !LATIN.test(alias) && word.endsWith(alias),
  );
  const whole = said.length && how !== 'strict' ? said.reduce((a, b) => (b.length > a.length ? b : a)) : undefined;
  if (whole !== undefined && word.length - whole.length <= 1 && !/^[不没未别勿莫难拒免非]/.test(word)) return [names.get(whole)!];
  for (const [alias, name] of names) {
    const latin = LATIN.test(alias);
    if (latin !== LATIN.test(word) || Math.abs(alias.length - word.length) > 2) continue;
    const most = latin ? (alias.length >= 6 ? 2 : alias.length >= 4 ? 1 : 0) : 1;
    let distance = editDistance(word, alias);
    if (!latin && sound !== undefined && word.length === alias.length && sound === pinyin!(alias)) distance = Math.min(distance, 0.5);
    const swapped = word.length === alias.length && [...word].sort().join() === [...alias].sort().join();
    const likely =
      distance < 1 ||
      swapped ||
      alias.length >= (latin ? 5 : 3) ||
      (how === 'addressed' ? alias.length >= 2 : how === 'alone' && word[0] === alias[0]);
    // One wrong character of two: the first one right is likelier.
    if (distance <= most && likely) best.set(name, Math.min(best.get(name) ?? 9, distance + (word[0] === alias[0] ? 0 : 0.2)));
  }
  return [...best].sort((a, b) => a[1] - b[1]).map(([name]) => name);
};
