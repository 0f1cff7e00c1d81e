/** A line of figures cut into words, numbers, and what is neither; nothing is put together yet. */
import type { FigureData } from '../../programmes/schema.ts';
import { type Counted, figureNumberAt } from './figure-numbers.ts';
import type { Said, Vocabulary } from './figure-vocabulary.ts';

export type Token = { from: number; end: number } & (
  | { is: 'key'; figure: FigureData | 'others' }
  /** `counted`: what it is a number of; `people`: these are people and stand behind it, so that it belongs to no word but the one it is written in one with. */
  | { is: 'number'; value: number | null; inexact: boolean; none?: boolean; counted?: Counted; people?: boolean }
  /** `near`: the figures that it may mean, where what was said tells. */
  | { is: 'unknown'; near?: string[] }
  | { is: 'each' }
  /** A line, a comma, or a word of another slot: nothing belongs together across it unless it stands alone on both sides. */
  | { is: 'break' }
  | { is: 'space' }
);
export type Of<T extends Token['is']> = Extract<Token, { is: T }>;

const SPACE = /[ \t]/;
const BREAK = /[,，、;；。.!！\n|/+&]/;
/** Between a word and its number, and nothing of its own. */
const LINK = /^(?:[:：=—–(（)）[\]【】]|是|为)/;
/** Says nothing of its own beside a figure. */
const FILLER =
  /^(?:(?:本次|这次|本日|当日|当天|今日|全天|一天)|我们?|在|去|已经?|给|开展|组织|进行|完成|参加|举办|举行|参与|做了|看了|讲了|开了|搞了|办了|做|工作量|汇报|如下|完毕|您好|你好|谢谢|辛苦了?|共计|一共|总共|合计|总计|累计|共|计|另外|另有|另|以及|还有|其中|还|并|和|及|与|有|了|的|病人|患者|群众|村民|村医|医务人员|基层医务人员|学员|人员|人次数|人次|人数|次数|数量|场次|人|次|份|个|数|活动|服务|情况)+$/;
/** 还查了两次房 goes on with one more thing; 我看了30个病人 begins with who did it. */
const MORE = /^(?:还|又|再|另外|然后|接着|我们?|已经?|一共|总共)+/;
/** They are no numbers, though they begin with one. */
const NUMERAL_WORD = /^(?:一共|一起|一天|一下)/;
/** Half a day: two numbers for one figure are then its parts. */
const PART = /^(?:上午|下午|早上|中午|晚上)/;
/** Who was counted, behind a number: 6个病人. */
const COUNTED_PEOPLE = /^的?(?:病人|患者|病号|群众|村民|村医|(?:基层)?医务人员|学员|人员)/;
export const NONE = /^(?:没有开展|没有做|没有|未开展|没开展|没做|没搞|未做|暂无|无)/;
export const YES = /^(?:已经?设(?:置|立)?了?|已经?建(?:立|成|好)?了?|建好了?|设了|建了|有|是|√|✓|✔|y(?:es)?(?![a-z]))/;
export const NO =
  /^(?:还没有?(?:设(?:置|立)?|建(?:立|成|好)?)?|没有|没设(?:置)?|未设(?:置|立)?|未建|没建|无|否|不是|没|×|✗|✘|n(?:o)?(?![a-z]))/;
const OTHERS =
  /^(?:其余|剩下|别的|其他(?=(?:各项|项目?|都|均|全)(?:都|均|全部?)?(?:是|为)?(?:0|零|无|没有)))(?:的|各项|项目|项|几项)?(?:都|均|全部|全)?/;
const EACH = /^(?:各|分别(?:是|为)?|都是?|均为?)/;
const ABOUT = /^(?:大约|大概|约|将近|近|超过|不到|不足|至少|最多)(?=\d|[一二两三四五六七八九十百千万])/;

export interface FigureLine {
  /** Simplified, in lower case; as long as what was typed. */
  plain: string;
  /** As it was typed, for texts. */
  text: string;
  /** Characters that have their place already. */
  taken: (i: number) => boolean;
  /** Where another slot's word ends that begins here: a day, a name. */
  otherAt: (i: number) => number | undefined;
}

const isYesNo = (t: Token | undefined): boolean => t?.is === 'key' && t.figure !== 'others' && t.figure.kind === 'yes-no';
export const isKey = (t: Token | undefined): t is Of<'key'> => t?.is === 'key';
export const isNumber = (t: Token | undefined): t is Of<'number'> => t?.is === 'number';
/** The next token that is no space. */
export const nextOf = (tokens: readonly Token[], i: number): Token | undefined => tokens.slice(i).find(t => t.is !== 'space');

/** Does a whole figure begin here: its word, its number, and then an end or the next? */
const pairAt = (line: FigureLine, vocabulary: Vocabulary, from: number): boolean => {
  const isWord = (j: number) => vocabulary.at(line.plain, j) !== undefined;
  if (vocabulary.saidAt(line.plain, from, isWord)?.half === null) return true;
  const key = vocabulary.at(line.plain, from);
  if (!key || key.figure.kind === 'text') return key !== undefined && /[:：]/.test(line.plain[key.end] ?? '');
  let i = key.end;
  for (let m = LINK.exec(line.plain.slice(i, i + 2)) ?? /^ /.exec(line.plain.slice(i, i + 1)); m; ) {
    i += m[0].length;
    m = LINK.exec(line.plain.slice(i, i + 2)) ?? /^ /.exec(line.plain.slice(i, i + 1));
  }
  const end =
    key.figure.kind === 'yes-no'
      ? i + ((YES.exec(line.plain.slice(i, i + 5)) ?? NO.exec(line.plain.slice(i, i + 5)))?.[0].length ?? -i - 1)
      : figureNumberAt(line.plain, i, isWord)?.end;
  return (
    end !== undefined &&
    end >= 0 &&
    (end >= line.plain.length || SPACE.test(line.plain[end]!) || BREAK.test(line.plain[end]!) || isWord(end))
  );
};

/** A text runs to the end of its line, or to where a whole figure begins again behind a break. */
const textAt = (line: FigureLine, vocabulary: Vocabulary, from: number): { text: string; end: number } => {
  let i = from;
  while (i < line.plain.length && /[ :：=是为]/.test(line.plain[i]!) && (i === from || !/[是为]/.test(line.plain[i]!))) i++;
  const quote = { '「': '」', '“': '”', '"': '"' }[line.plain[i] ?? ''];
  const closed = quote ? line.plain.indexOf(quote, i + 1) : -1;
  if (closed > i) return { text: line.text.slice(i + 1, closed), end: closed + 1 };
  let end = i;
  while (end < line.plain.length && line.plain[end] !== '\n' && !line.taken(end)) {
    const c = line.plain[end]!;
    if ((end === i || SPACE.test(c) || BREAK.test(c)) && pairAt(line, vocabulary, end === i ? end : end + 1)) break;
    end++;
  }
  return { text: line.text.slice(i, end).replace(/^[\s,，、;；。]+|[\s,，、;；。]+$/g, ''), end };
};

export interface Tokens {
  tokens: Token[];
  words: { figure: FigureData; text: string; said: string; from: number; end: number }[];
  /** Words with a colon and nothing behind: lines of a form that were left as they are. */
  blank: Set<string>;
  /** What says nothing of its own: colons, 共, 次. */
  noise: [from: number, end: number][];
  /** Halves of the day were named. */
  parts: boolean;
}

/** 看了30个病人 stands for itself; of 看了30个 it is asked what it was. */
const putSaid = (said: Said, from: number, put: (t: Token) => void): void => {
  const { figure, value, inexact, number, end, half } = said;
  put({ is: 'break', from, end: from });
  if (half) put({ is: 'unknown', from: half.from, end: half.end, near: [figure.id] });
  else put({ is: 'key', figure, from, end: number });
  put({ is: 'number', value, inexact, from: number, end: half && half.from >= number ? half.from : end });
  put({ is: 'break', from: end, end });
};

/** The line cut into words of figures, numbers, and what is neither. */
export const tokensOf = (line: FigureLine, vocabulary: Vocabulary): Tokens => {
  const { plain } = line;
  const out: Tokens = { tokens: [], words: [], blank: new Set(), noise: [], parts: false };
  const { tokens } = out;
  const isWord = (j: number) => vocabulary.at(plain, j) !== undefined || line.otherAt(j) !== undefined;
  const put = (t: Token) => void tokens.push(t);
  const last = (): Token | undefined => tokens.findLast(t => t.is !== 'space');
  /** Nothing before waits for what comes. */
  const free = (): boolean => tokens.at(-1)?.is !== 'unknown' && !['key', 'each'].includes(last()?.is ?? '');
  let about = false;
  for (let i = 0; i < plain.length; ) {
    const here = plain.slice(i, i + 12);
    const c = plain[i]!;
    if (line.taken(i)) {
      let end = i + 1;
      while (end < plain.length && line.taken(end)) end++;
      put({ is: 'break', from: i, end });
      i = end;
      continue;
    }
    if (SPACE.test(c)) {
      put({ is: 'space', from: i, end: i + 1 });
      i++;
      continue;
    }
    const part = PART.exec(here);
    if (part && vocabulary.at(plain, i) === undefined) {
      out.parts = true;
      out.noise.push([i, i + part[0].length]);
      put({ is: 'break', from: i, end: i + part[0].length });
      i += part[0].length;
      continue;
    }
    // 5.12 behind a word is its number, elsewhere a day.
    const before = last();
    const other = isKey(before) && /[\d-]/.test(c) ? undefined : line.otherAt(i);
    const key = vocabulary.at(plain, i);
    const others = OTHERS.exec(plain.slice(i, i + 14));
    if (others) {
      put({ is: 'key', figure: 'others', from: i, end: i + others[0].length });
      i += others[0].length;
      continue;
    }
    if (other !== undefined && other > (key?.end ?? i)) {
      put({ is: 'break', from: i, end: other });
      i = other;
      continue;
    }
    if (key?.figure.kind === 'text') {
      const { text, end } = textAt(line, vocabulary, key.end);
      if (text !== '') out.words.push({ figure: key.figure, text, said: line.text.slice(i, end), from: i, end });
      else out.noise.push([i, end]);
      put({ is: 'break', from: i, end });
      i = end;
      continue;
    }
    if (key) {
      put({ is: 'key', figure: key.figure, from: i, end: key.end });
      i = key.end;
      const rest = /^ ?[:：=] ?/.exec(plain.slice(i, i + 3));
      // A line of the template that nobody filled in.
      if (rest && (i + rest[0].length >= plain.length || /[\n,，;；]/.test(plain[i + rest[0].length]!) || isWord(i + rest[0].length)))
        out.blank.add(key.figure.id);
      continue;
    }
    // 一下转 is one of 下转.
    const numeralWord = isWord(i + 1) ? null : NUMERAL_WORD.exec(here);
    if (numeralWord) {
      out.noise.push([i, i + numeralWord[0].length]);
      i += numeralWord[0].length;
      continue;
    }
    const more = free() ? MORE.exec(here)?.[0].length : undefined;
    if (more !== undefined && vocabulary.saidAt(plain, i + more, isWord)) {
      out.noise.push([i, i + more]);
      i += more;
      continue;
    }
    const said = free() ? vocabulary.saidAt(plain, i, isWord) : undefined;
    if (said) {
      putSaid(said, i, put);
      i = said.end;
      continue;
    }
    const yesNo = isYesNo(before) ? (NO.exec(here) ?? YES.exec(here)) : undefined;
    const ahead =
      !yesNo && [NO, YES].map(re => re.exec(here)).find(m => m && vocabulary.at(plain, i + m[0].length)?.figure.kind === 'yes-no');
    const answer = yesNo ?? ahead;
    if (answer) {
      put({ is: 'number', value: NO.test(here) ? 0 : 1, inexact: false, from: i, end: i + answer[0].length });
      i += answer[0].length;
      continue;
    }
    // 没查房 is none of them; 诊疗没统计 is not.
    const none = NONE.exec(here) ?? (isWord(i + 1) ? /^没/.exec(here) : null);
    if (none && (isKey(before) || before?.is === 'each' || isWord(i + none[0].length))) {
      put({ is: 'number', value: 0, inexact: false, none: true, from: i, end: i + none[0].length });
      i += none[0].length;
      continue;
    }
    const each = EACH.exec(here);
    if (each && isKey(before)) {
      put({ is: 'each', from: i, end: i + each[0].length });
      out.noise.push([i, i + each[0].length]);
      i += each[0].length;
      continue;
    }
    const approximately = ABOUT.exec(here);
    if (approximately) {
      about = true;
      out.noise.push([i, i + approximately[0].length]);
      i += approximately[0].length;
      continue;
    }
    const number = figureNumberAt(plain, i, isWord);
    if (number) {
      // 30O and 100% are no numbers of anything.
      const more = /^[a-z%]+/.exec(plain.slice(number.end, number.end + 4))?.[0].length ?? 0;
      const inexact = about || number.inexact || more > 0;
      const end = number.end + more;
      put({
        is: 'number',
        value: inexact ? null : number.value,
        inexact,
        from: i,
        end,
        ...(number.counted ? { counted: number.counted } : {}),
      });
      about = false;
      i = end;
      continue;
    }
    if (BREAK.test(c)) {
      put({ is: 'break', from: i, end: i + 1 });
      out.noise.push([i, i + 1]);
      i++;
      continue;
    }
    const link = LINK.exec(here);
    if (link) {
      out.noise.push([i, i + link[0].length]);
      i += link[0].length;
      continue;
    }
    // Other words, up to what is known again.
    let end = i + 1;
    while (
      end < plain.length &&
      !SPACE.test(plain[end]!) &&
      !BREAK.test(plain[end]!) &&
      !line.taken(end) &&
      !isWord(end) &&
      line.otherAt(end) === undefined &&
      !/[\d:：=(（)）]/.test(plain[end]!) &&
      !EACH.test(plain.slice(end, end + 2)) &&
      !PART.test(plain.slice(end, end + 2)) &&
      !(plain[end] === '没' && isWord(end + 1)) &&
      !(figureNumberAt(plain, end, isWord)?.end ?? 0) &&
      !(NONE.test(plain.slice(end, end + 4)) && isKey(before))
    )
      end++;
    const run = plain.slice(i, end);
    if (FILLER.test(run)) {
      out.noise.push([i, end]);
      const people = COUNTED_PEOPLE.exec(run)?.[0].length ?? 0;
      const number = tokens.at(-1);
      if (people && isNumber(number) && number.end === i) Object.assign(number, { counted: 'people', people: true, end: i + people });
    } else put({ is: 'unknown', from: i, end });
    i = end;
  }
  return out;
};
