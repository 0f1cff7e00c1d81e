/** Typed text as it was meant: widths, spaces, quotes and traditional characters evened out. */
import { simplify } from './traditional.ts';

const INVISIBLE = /[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]/g;
const SPACES = /[^\S\n\t]+/g;

/** NFKC, no invisible characters, single spaces (tabs and line breaks stay), simplified characters, no quotes around. */
export const clean = (text: string): string => {
  const plain = simplify(text.normalize('NFKC').replace(INVISIBLE, ''))
    .replace(/\r\n?/g, '\n')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
    .replace(SPACES, ' ');
  return plain
    .replace(/[“”„‟"「」『』﹁﹂]/g, '"')
    .replace(/[‘’‚‛]/g, "'")
    .trim();
};

/** Quotes that wrap the whole of a text or a word are not part of it. */
export const unquote = (text: string): string => {
  const m = /^(["'])(.*)\1$/s.exec(text.trim());
  return m ? m[2]!.trim() : text.trim();
};
