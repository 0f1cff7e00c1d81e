/** Chinese numerals and the integers they name. */

const DIGITS: Readonly<Record<string, number>> = { 〇: 0, 零: 0, 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 };
const UNITS: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1000 };
const TENS: Readonly<Record<string, number>> = { 廿: 20, 卅: 30 };

/** Every character a numeral may be written with, for use inside a regular expression's brackets. */
export const NUMERAL = '〇零一二两三四五六七八九十百千万廿卅';

/** The integer a numeral names: `12`, 十二, 廿三, 一百零五, 二〇二四; undefined when it names none. */
export const parseNumeral = (text: string): number | undefined => {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  if (text === '' || !new RegExp(`^[${NUMERAL}]+$`).test(text)) return undefined;
  if (!/[十百千万廿卅]/.test(text)) return Number([...text].map(c => DIGITS[c]).join(''));
  const wan = text.indexOf('万');
  if (wan < 0) return section(text);
  const high = section(text.slice(0, wan));
  const rest = text.slice(wan + 1);
  const low = rest === '' ? 0 : section(rest);
  return high === undefined || low === undefined ? undefined : high * 10_000 + low;
};

/** Below ten thousand. */
const section = (text: string): number | undefined => {
  let sum = 0;
  let digit: number | undefined;
  let unit = 10_000;
  let afterZero = false;
  for (const c of text) {
    const d = DIGITS[c];
    const ten = TENS[c];
    if (d === 0) {
      if (digit !== undefined) return undefined;
      afterZero = true;
    } else if (d !== undefined) {
      if (digit !== undefined) return undefined;
      digit = d;
    } else if (ten !== undefined) {
      if (digit !== undefined || unit <= 10) return undefined;
      sum += ten;
      unit = 10;
      afterZero = false;
    } else {
      const u = UNITS[c];
      if (u === undefined || u >= unit || (digit === undefined && u > 10)) return undefined;
      sum += (digit ?? 1) * u;
      unit = u;
      digit = undefined;
      afterZero = false;
    }
  }
  if (digit === undefined) return sum;
  // 一百五 is 150, 一百零五 is 105.
  return sum + (unit >= 100 && unit < 10_000 && !afterZero ? (digit * unit) / 10 : digit);
};

const SAID = '零一二三四五六七八九';

/** An integer from 0 to 99,999,999 as it is said: 12 → 十二, 105 → 一百零五. */
export const sayNumeral = (n: number): string => {
  if (n >= 10_000) {
    const low = n % 10_000;
    return `${sayNumeral(Math.floor(n / 10_000))}万${low === 0 ? '' : `${low < 1000 ? '零' : ''}${saySection(low, false)}`}`;
  }
  return n === 0 ? '零' : saySection(n, true);
};

const saySection = (n: number, first: boolean): string => {
  let said = '';
  let gap = false;
  for (const [unit, name] of [
    [1000, '千'],
    [100, '百'],
    [10, '十'],
    [1, ''],
  ] as const) {
    const d = Math.floor(n / unit) % 10;
    if (d === 0) {
      gap = said !== '';
      continue;
    }
    said += `${gap ? '零' : ''}${d === 1 && unit === 10 && said === '' && first ? '' : SAID[d]}${name}`;
    gap = false;
  }
  return said;
};
