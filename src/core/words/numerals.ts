/** Chinese numerals below ten thousand. */
const DIGITS: Readonly<Record<string, number>> = { 〇: 0, 零: 0, 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 };
const UNITS: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1000 };

/** Digits or Chinese numerals as a number; undefined when it is neither. */
export const numeral = (text: string): number | undefined => {
  if (/^\d+$/.test(text)) return Number(text);
  const spelt = text.replace(/廿/g, '二十').replace(/卅/g, '三十');
  if (!/^[〇零一二两三四五六七八九十百千]+$/.test(spelt)) return undefined;
  if (!/[十百千]/.test(spelt)) return Number([...spelt].map(c => DIGITS[c]).join(''));
  let total = 0;
  let digit: number | undefined;
  for (const c of spelt) {
    const unit = UNITS[c];
    if (unit === undefined) digit = DIGITS[c]!;
    else {
      total += (digit ?? (c === '十' ? 1 : 0)) * unit;
      digit = undefined;
    }
  }
  return total + (digit ?? 0);
};

const SPELT = '零一二三四五六七八九';
/** A number from 0 to 99 in Chinese. */
export const spell = (n: number): string =>
  n < 10 ? SPELT[n]! : `${n < 20 ? '' : SPELT[Math.floor(n / 10)]}十${n % 10 ? SPELT[n % 10] : ''}`;

/** Source of a pattern for one or two digits, or Chinese numerals up to 99. */
export const NUMBER = '(?:\\d{1,2}|[一二三四五六七八九]?[十廿卅][一二三四五六七八九]?|[一二两三四五六七八九])';
