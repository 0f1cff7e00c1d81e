/** Phone numbers as people write them: masked, behind masks, in the middle of a text. */

const MOBILE = /^1[3-9]\d{9}$/;
const AREA = /^0(?:10|2\d|[3-9]\d\d)$/;
const LOCAL = /^[2-8]\d{6,7}$/;
const AREA_AND_LOCAL = /^0(?:10|2\d|[3-9]\d\d)[2-8]\d{6,7}$/;
const LANDLINE_WITH_EXTENSION = /^0(?:10|2\d|[3-9]\d\d)[2-8]\d{6,11}$/;

/** Narrow digits and signs, and none of the invisible characters that copying brings along. */
const narrow = (text: string): string => text.normalize('NFKC').replace(/[\u00ad\u200b-\u200f\u2060\ufeff]/g, '');
/** What stands between the digits of one number. */
const BETWEEN = String.raw`[\s\-‐-―−_.·•()]`;
const GAPS = new RegExp(BETWEEN, 'g');
const squeeze = (text: string): string => narrow(text).replaceAll(GAPS, '');
const STARS = /[*＊×xX•●…]+|\.{2,}/g;
/** The digits with one `*` for each run of whatever hides some; undefined when nothing is hidden. */
const masked = (text: string): string | undefined => {
  const stars = narrow(text).replace(STARS, '*');
  return stars.includes('*') ? squeeze(stars).replace(/\*+/g, '*') : undefined;
};
/** What is dialled before a mobile: +86, 0086, 0. */
const PREFIX = /^(?:\+86|0086|86|0)(?=1[3-9]\d{9}$)/;
const plain = (text: string): string => squeeze(text).replace(PREFIX, '');

/** A complete mobile number and nothing else. */
export const isMobile = (text: string): boolean => MOBILE.test(plain(text));

/** 138****1234. Landlines, service numbers and what is masked already stay as they are; a long number of no known kind shows three digits only. */
export const maskPhone = (phone: string): string => {
  const digits = plain(phone);
  if (MOBILE.test(digits)) return `${digits.slice(0, 3)}****${digits.slice(7)}`;
  const shown = narrow(phone).trim();
  const open = masked(phone) !== undefined || !/\d{9}/.test(digits) || LANDLINE_WITH_EXTENSION.test(digits) || /^[48]00\d{7}$/.test(digits);
  // A star or an x beside a complete number hides nothing.
  return open && !looksLikePhone(shown).some(isMobile) ? shown : `${digits.slice(0, 3)}****`;
};

/** Can no mobile be behind both, each complete or masked: what they show of its beginning or end differs. */
export const cannotBeOne = (a: string, b: string): boolean => {
  const [x, y] = [masked(a) ?? plain(a), masked(b) ?? plain(b)];
  if (!x.startsWith('1') || !y.startsWith('1')) return false;
  const head = (t: string, n: number) => /^\d*/.exec(t)![0].slice(0, n);
  const tail = (t: string, n: number) => /\d*$/.exec(t)![0].slice(-n);
  const heads = Math.min(head(x, 11).length, head(y, 11).length);
  const tails = Math.min(tail(x, 11).length, tail(y, 11).length);
  return head(x, heads) !== head(y, heads) || (tails > 0 && tail(x, tails) !== tail(y, tails));
};

/** Do four digits fit the end of a phone? `possible`: it is masked, so that they prove nothing, since whoever sees the mask can type what it shows. */
export const tailFits = (phoneOrMask: string, lastFour: string): 'yes' | 'no' | 'possible' => {
  const four = squeeze(lastFour);
  if (!/^\d{4}$/.test(four)) return 'no';
  const mask = masked(phoneOrMask);
  if (mask === undefined) return /^\d{7,}$/.test(plain(phoneOrMask)) && plain(phoneOrMask).endsWith(four) ? 'yes' : 'no';
  const tail = /\d*$/.exec(mask)![0];
  return tail.slice(-4) === four.slice(Math.max(0, 4 - tail.length)) ? 'possible' : 'no';
};

interface Chunk {
  digits: string;
  from: number;
  to: number;
}

/** A mobile in the usual groups (138 0013 8000) or digit by digit: groups of two are rather days or amounts. */
const isMobileIn = (groups: readonly string[]): boolean =>
  MOBILE.test(groups.join('').replace(PREFIX, '')) &&
  (groups.every(g => g.length === 1) || groups.every((g, i) => g.length >= 3 || (i === 0 && g === '86')));

/** With its area code; without one only behind a word for telephone, since it might as well be a number of anything. */
const isLandlineIn = (groups: readonly string[], before: string): boolean => {
  const whole = groups.join('');
  const [first = '', ...rest] = groups;
  if (rest.some(g => g.length < 3)) return false;
  if (AREA_AND_LOCAL.test(whole)) return rest.length === 0 || AREA.test(first);
  return LOCAL.test(whole) && /(?:电话|座机|固话|号码|tel)[\s:是为]{0,3}$/i.test(before);
};

/** Digits with at most three signs between them: a star, a letter or a Chinese character ends the run. */
const RUNS = new RegExp(String.raw`\d+(?:${BETWEEN}{1,3}\d+)*`, 'g');
const FEWEST_DIGITS = 7;

/** Complete mobile and landline numbers in free text, however they are spaced, dashed or wide, each as it stands there in narrow digits. Masked numbers, dates and identity numbers are none. */
export const looksLikePhone = (text: string): string[] => {
  const flat = narrow(text);
  const found: string[] = [];
  for (const run of flat.matchAll(RUNS)) {
    if (run[0].length < FEWEST_DIGITS) continue;
    const chunks: Chunk[] = [...run[0].matchAll(/\d+/g)].map(m => ({
      digits: m[0],
      from: run.index + m.index,
      to: run.index + m.index + m[0].length,
    }));
    for (let i = 0; i < chunks.length; ) {
      const ends = Array.from({ length: Math.min(13, chunks.length - i) }, (_, n) => i + n + 1).reverse();
      const end = ends.find(e => {
        const groups = chunks.slice(i, e).map(c => c.digits);
        return isMobileIn(groups) || isLandlineIn(groups, flat.slice(Math.max(0, chunks[i]!.from - 12), chunks[i]!.from));
      });
      if (end !== undefined) found.push(flat.slice(chunks[i]!.from, chunks[end - 1]!.to));
      i = end ?? i + 1;
    }
  }
  return found;
};
