/** Numbers as people type them behind a word: 30, 30人次, 三十, 两百, 1.2万, 叁拾, 没有; and what is no exact number, kept as it was said. */
import { NUMERAL, parseNumeral } from './numerals.ts';

export interface FigureNumber {
  /** Where it ends, its unit included. */
  end: number;
  said: string;
  /** May be a fraction or negative: whoever knows the figure judges that. null: no exact number. */
  value: number | null;
  /** 30多, 约30, 30-40: about so many. */
  inexact: boolean;
  /** What the unit behind it counts, where it tells. */
  counted?: Counted;
}
/** 10人 are people, 2场 are occasions; 10人次 may be either. */
export type Counted = 'people' | 'occasions';

const FORMAL: Readonly<Record<string, string>> = {
  壹: '一',
  贰: '二',
  叁: '三',
  肆: '四',
  伍: '五',
  陆: '六',
  柒: '七',
  捌: '八',
  玖: '九',
  拾: '十',
  佰: '百',
  仟: '千',
  俩: '二',
  仨: '三',
};
const TIMES: Readonly<Record<string, number>> = { 万: 10_000, w: 10_000, 千: 1000, k: 1000, 百: 100 };
const sticky = (source: string): RegExp => new RegExp(source, 'y');
const at = (re: RegExp, text: string, i: number): RegExpExecArray | null => {
  re.lastIndex = i;
  return re.exec(text);
};
const SIGN = sticky('(?:[-−﹣](?=[ ]?\\d)|负(?=[\\d〇零一二两三四五六七八九十百千万]))');
// 1,200 is one number; 30,5 is two.
const DIGITS = sticky('(?:\\d{1,3}(?:,\\d{3})+(?![\\d,])|\\d+)(?:\\.\\d+)?');
const MULTIPLE = sticky('(?:万|千|百|[kw](?![a-z]))');
const CHINESE = sticky(`[${NUMERAL}${Object.keys(FORMAL).join('')}]+(?:点[${NUMERAL}]+)?`);
const ABOUT = sticky(' ?(?:多|余|来|几|左右|上下|以上|以内|出头)');
const RANGE = sticky(` ?[-~—–至到] ?(?=[\\d${NUMERAL}])`);
const UNIT = sticky(
  '(?: ?(?:人次数?|人|次|份|元整?)|人份|例次|场次|台次|块钱|块|条|个|例|场|项|台|位|名|起|张|篇|户|节|堂|期|遍|家|趟|件)(?:次(?!数))?',
);

const PEOPLE = /^ ?(?:人|人份|位|名)$/;
const OCCASIONS = /^ ?(?:场|场次|节|堂|期|趟)$/;
/** 几十个, 好几次: some. */
const SOME = sticky('好?几[十百千]?(?=[个位名人次场例项户台])|好?几[十百千]');

/** 1万2千, 3000, 2.5: digits with their multiples, biggest first. */
const digitsAt = (text: string, i: number): { value: number | null; end: number } | undefined => {
  let value = 0;
  let last = Number.POSITIVE_INFINITY;
  let end = i;
  for (;;) {
    const digits = at(DIGITS, text, end);
    if (!digits) return end === i ? undefined : { value, end };
    const n = Number(digits[0].replaceAll(',', ''));
    end += digits[0].length;
    const multiple = at(MULTIPLE, text, end);
    const times = multiple ? TIMES[multiple[0]]! : 1;
    end += multiple?.[0].length ?? 0;
    // 1万2 may be 12,000 or 10,002.
    if (times >= last || (times === 1 && last !== Number.POSITIVE_INFINITY && digits[0].length < String(last).length - 1))
      return { value: null, end };
    // 1.2万 is 12,000 and not 11,999.999….
    value += Math.round(n * times * 1e6) / 1e6;
    last = times;
    if (times === 1) return { value, end };
  }
};

const chineseAt = (text: string, i: number): { value: number | null; end: number } | undefined => {
  const m = at(CHINESE, text, i);
  if (!m) return undefined;
  const [whole = '', part] = [...m[0]]
    .map(c => FORMAL[c] ?? c)
    .join('')
    .split('点');
  const value = parseNumeral(whole);
  const end = i + m[0].length;
  if (value === undefined) return { value: null, end };
  return { value: part === undefined ? value : Number(`${value}.${[...part].map(c => parseNumeral(c) ?? 0).join('')}`), end };
};

const someAt = (text: string, i: number): { value: null; end: number } | undefined => {
  const m = at(SOME, text, i);
  return m ? { value: null, end: i + m[0].length } : undefined;
};

const plainAt = (text: string, i: number) => digitsAt(text, i) ?? chineseAt(text, i) ?? someAt(text, i);

/** A number at a place of a text, with its sign and unit; `wordAt`: whether a figure's word begins somewhere, which is then no unit. */
export const figureNumberAt = (text: string, i: number, wordAt: (i: number) => boolean): FigureNumber | undefined => {
  const sign = at(SIGN, text, i);
  const from = i + (sign?.[0].length ?? 0) + (sign && text[i + sign[0].length] === ' ' ? 1 : 0);
  const first = plainAt(text, from);
  if (!first) return undefined;
  let { end } = first;
  let { value } = first;
  let inexact = false;
  let counted: Counted | undefined;
  const about = () => {
    const m = at(ABOUT, text, end);
    if (!m || wordAt(end)) return;
    inexact = true;
    end += m[0].length;
  };
  const unit = () => {
    const m = at(UNIT, text, end);
    if (!m || wordAt(end + (m[0].startsWith(' ') ? 1 : 0))) return;
    end += m[0].length;
    counted = PEOPLE.test(m[0]) ? 'people' : OCCASIONS.test(m[0]) ? 'occasions' : undefined;
  };
  about();
  unit();
  about();
  const range = at(RANGE, text, end);
  if (range) {
    const second = plainAt(text, end + range[0].length);
    if (second) {
      end = second.end;
      inexact = true;
      unit();
    }
  }
  if (value !== null && sign) value = -value;
  return {
    end,
    said: text.slice(i, end).trim(),
    value: inexact ? null : value,
    inexact: inexact || value === null,
    ...(counted ? { counted } : {}),
  };
};
