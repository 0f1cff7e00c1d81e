/** What was typed, without what nobody sees: odd spaces, invisible characters, wide letters, quotes around a word. */
import { simplify as simplified } from './traditional.ts';

// Zero-width and joining marks, direction marks, variation selectors, and the object mark that chat programs leave where a picture was.
const INVISIBLE = /\p{Default_Ignorable_Code_Point}|[\ufff9-\ufffc]/gu;
const BREAKS = /\r\n?|[\u000b\u000c\u0085\u2028\u2029]/g;
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/g;
// Chinese punctuation is wide by right: a reason that was typed with it is printed with it.
const NOT_PUNCTUATION = /[^，：；！？（）]+/g;
// Tabs stay: a pasted table is made of them.
const SPACES = /[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000]+/g;

const QUOTES: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '`': '`',
  '“': '”',
  '”': '”',
  '‘': '’',
  '’': '’',
  '「': '」',
  '『': '』',
  '«': '»',
  '‹': '›',
  '„': '“',
  '〝': '〞',
};

/** Quotes that wrap the whole of a word are not part of it. */
export const unquote = (word: string): string => {
  let rest = word;
  for (;;) {
    const close = QUOTES[rest[0] ?? ''];
    if (close === undefined || rest.length < 3 || rest.at(-1) !== close) return rest;
    const inside = rest.slice(1, -1);
    // Somebody's words, not a word in quotes.
    if (/[:：]/.test(inside) || inside.includes(rest[0]!) || inside.includes(close)) return rest;
    rest = inside;
  }
};

/**
 * One form for all ways to type the same: compatibility forms (１２号, Ａ, ／) plain, invisible characters gone,
 * every kind of space one space, line breaks `\n`, tabs kept, quotes that wrap a word trimmed, simplified characters.
 * Chinese punctuation stays, but for the colon and comma between figures (17：00).
 */
export const clean = (text: string, simplify: (text: string) => string = simplified): string => {
  const plain = text
    .replace(BREAKS, '\n')
    .replace(NOT_PUNCTUATION, part => part.normalize('NFKC'))
    .replace(INVISIBLE, '')
    .replace(CONTROL, '')
    .replace(SPACES, ' ')
    .replace(/(?<=\d)[：，](?=-?\d)/g, c => (c === '：' ? ':' : ','))
    .replace(/ ?\n ?/g, '\n')
    .trim();
  const words = /["'`“”‘’「『«‹„〝]/.test(plain) ? plain.replace(/[^ \n\t]+/g, unquote) : plain;
  return simplify(words);
};
