/** Laws of typed words: any date in every style is read back, numerals too, and nothing that is typed breaks anything. */
import fc from 'fast-check';
import { Converter } from 'opencc-js';
import { expect, test } from 'vitest';
import { addDays, type Day, dayOfMonth, daysIn, monthOf, monthSpan, weekday, yearOf } from '../../../src/core/day.ts';
import { clean } from '../../../src/core/words/clean.ts';
import { readCommandLine } from '../../../src/core/words/command-line.ts';
import { findDates } from '../../../src/core/words/dates.ts';
import { editDistance } from '../../../src/core/words/near.ts';
import { NUMERAL, parseNumeral, sayNumeral } from '../../../src/core/words/numerals.ts';
import { expand } from '../../../src/core/words/patterns.ts';
import { takePeriod } from '../../../src/core/words/periods.ts';
import { type Lexicon, place, type Slot } from '../../../src/core/words/place.ts';
import { simplify, TRADITIONAL } from '../../../src/core/words/traditional.ts';
import { meter, spent } from '../../harness/spent.ts';

const EPOCH = '2020-01-01' as Day;
const anyDay = fc.integer({ min: 0, max: 5000 }).map(n => addDays(EPOCH, n));
const wide = (s: string) => s.replace(/\d/g, c => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
const two = (n: number) => String(n).padStart(2, '0');
const parts = (d: Day) => ({ y: yearOf(d), m: Number(d.slice(5, 7)), d: dayOfMonth(d) });
const WD = '一二三四五六日';
const digits = (n: number) => String(n).replace(/\d/g, c => '〇一二三四五六七八九'[Number(c)]!);

/** With the year: read back whatever today is. */
const FULL: Record<string, (d: Day) => string> = {
  iso: d => d,
  slashes: d => `${parts(d).y}/${parts(d).m}/${parts(d).d}`,
  dots: d => `${parts(d).y}.${parts(d).m}.${parts(d).d}`,
  eight: d => d.replaceAll('-', ''),
  chinese: d => `${parts(d).y}年${parts(d).m}月${parts(d).d}日`,
  padded: d => `${parts(d).y}年${two(parts(d).m)}月${two(parts(d).d)}号`,
  numerals: d => `${digits(parts(d).y)}年${sayNumeral(parts(d).m)}月${sayNumeral(parts(d).d)}日`,
  wide: d => wide(`${parts(d).y}年${parts(d).m}月${parts(d).d}日`),
  'with its weekday': d => `${parts(d).y}年${parts(d).m}月${parts(d).d}日（周${WD[weekday(d) - 1]}）`,
};
/** Without the year: read back near today. */
const SHORT: Record<string, (d: Day) => string> = {
  chinese: d => `${parts(d).m}月${parts(d).d}日`,
  号: d => `${parts(d).m}月${parts(d).d}号`,
  'no 日': d => `${parts(d).m}月${parts(d).d}`,
  dot: d => `${parts(d).m}.${parts(d).d}`,
  slash: d => `${parts(d).m}/${parts(d).d}`,
  dash: d => `${two(parts(d).m)}-${two(parts(d).d)}`,
  numerals: d => `${sayNumeral(parts(d).m)}月${sayNumeral(parts(d).d)}号`,
  'with its weekday': d => `${parts(d).m}月${parts(d).d}日 周${WD[weekday(d) - 1]}`,
};
const one = (typed: string, today: Day) => findDates(clean(typed), today);

test.each(Object.entries(FULL))('any day with its year as %s is read back, whatever today is', (_, say) => {
  fc.assert(
    fc.property(anyDay, anyDay, (d, today) => {
      expect(one(say(d), today)).toMatchObject({ items: [{ from: d, to: d }], rest: '' });
    }),
  );
});
test.each(Object.entries(SHORT))('any day near today as %s is read back', (_, say) => {
  fc.assert(
    fc.property(anyDay, fc.integer({ min: -179, max: 184 }), (today, n) => {
      const d = addDays(today, n);
      expect(one(say(d), today)).toMatchObject({ items: [{ from: d, to: d }], rest: '' });
    }),
  );
});
test('any half day, range and list is read back, and the words around it stay', () => {
  fc.assert(
    fc.property(
      anyDay,
      fc.integer({ min: 1, max: 60 }),
      fc.constantFrom<[string, string]>(['上午', 'am'], ['下午', 'pm'], ['全天', 'day']),
      fc.constantFrom('-', '~', '至', '到', '—', ' - '),
      (from, n, [word, half], link) => {
        const to = addDays(from, n);
        const say = SHORT['chinese']!;
        expect(one(`有事 ${say(from)}${link}${say(to)}${word} 停诊`, from)).toMatchObject({
          items: [{ from, to, half }],
          rest: '有事 停诊',
        });
        expect(one(`${say(from)}${word}、${say(to)}`, from)?.items).toEqual([
          { from, to: from, half },
          { from: to, to },
        ]);
        if (monthOf(from) === monthOf(to)) expect(one(`${say(from)}${link}${parts(to).d}日`, from)?.items).toEqual([{ from, to }]);
      },
    ),
  );
});
test('a weekday of a named week is that day of that week', () => {
  fc.assert(
    fc.property(
      anyDay,
      fc.integer({ min: 1, max: 7 }),
      fc.constantFrom<[string, number]>(['上上', -2], ['上', -1], ['本', 0], ['这', 0], ['下', 1], ['下下', 2]),
      fc.constantFrom('周', '星期', '礼拜'),
      (today, wd, [which, n], week) => {
        const d = addDays(today, 7 * n + wd - weekday(today));
        expect(one(`${which}${week}${WD[wd - 1]}`, today)?.items).toEqual([{ from: d, to: d }]);
      },
    ),
  );
});
test('the nth weekday said of any month is found by its pattern, and by its name', () => {
  fc.assert(
    fc.property(anyDay, d => {
      const nth = Math.ceil(dayOfMonth(d) / 7);
      expect(expand({ kind: 'nth-weekday', nths: [nth], weekday: weekday(d) }, monthOf(d), () => 0)).toEqual([d]);
      expect(one(`本月第${sayNumeral(nth)}个周${WD[weekday(d) - 1]}`, d)?.items).toEqual([{ from: d, to: d }]);
    }),
  );
});
test('every day of a month that does not exist is refused by name', () => {
  for (const y of [2023, 2024, 2025, 2026]) {
    for (let m = 1; m <= 12; m++) {
      const days = daysIn(monthSpan(`${y}-${two(m)}` as never)).length;
      for (let d = days + 1; d <= 31; d++)
        expect(one(`${y}年${m}月${d}日`, '2026-05-06' as Day)).toMatchObject({
          items: [],
          problem: { kind: 'no-such-day', said: `${y}年${m}月${d}日` },
        });
    }
  }
});
test('any month and any span of days as a period is read back', () => {
  fc.assert(
    fc.property(anyDay, fc.integer({ min: 0, max: 400 }), anyDay, (from, n, today) => {
      const to = addDays(from, n);
      const span = monthSpan(monthOf(from));
      expect(takePeriod(`${yearOf(from)}年${parts(from).m}月`, today)?.value).toMatchObject(span);
      expect(takePeriod(`${from}至${to}`, today)?.value).toMatchObject({ from, to });
    }),
  );
});

test('numerals: what is said of any number names it', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 99_999_999 }), n => void expect(parseNumeral(sayNumeral(n))).toBe(n)));
});
test.each([
  ['十二', 12],
  ['二十', 20],
  ['廿三', 23],
  ['廿', 20],
  ['卅', 30],
  ['卅一', 31],
  ['两', 2],
  ['一百零五', 105],
  ['一百五', 150],
  ['一百五十', 150],
  ['〇', 0],
  ['二〇二四', 2024],
  ['两千', 2000],
  ['一万零三', 10003],
  ['十二万', 120_000],
  ['12', 12],
])('numeral %s is %i', (typed, n) => expect(parseNumeral(typed)).toBe(n));
test.each(['', '三四十', '十十', '百', '一二十', '1.5', '-3', 'x', '零五零一十零零三四五十'])('numeral %j is none', typed =>
  expect(parseNumeral(typed)).toBeUndefined(),
);
test('any string of numeral characters is a number or none, never NaN', () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...NUMERAL), maxLength: 8 }), s => void expect(parseNumeral(s)).not.toBeNaN()));
});

test('traditional characters: the table says what a full converter says, and keeps places', () => {
  const convert = Converter({ from: 't', to: 'cn' });
  expect([...TRADITIONAL].filter(([t, s]) => convert(t) !== s)).toEqual([]);
  expect(simplify('簽到請假週號點覈實統計幫助導入記錄撤銷隱私醫衛診務')).toBe('签到请假周号点核实统计帮助导入记录撤销隐私医卫诊务');
  for (const words of [
    '簽退',
    '統計本月',
    '排班',
    '補簽',
    '換人',
    '綁定群',
    '認領',
    '區醫院',
    '衛生院',
    '龍巖',
    '颱風',
    '後天',
    '下個月',
    '禮拜',
    '上門送醫',
  ])
    expect(simplify(words)).toBe(convert(words));
});

test('cleaning: twice is once; what is clean has no odd spaces or invisible characters', () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.oneof(
          fc.constantFrom('签', '到', '"', '“', '”', ' ', '\u3000', '\u200b', '\t', '\n', '\r', '１', '，', '：', '\ufeff', '\u00a0'),
          fc.string({ unit: 'grapheme', maxLength: 1 }),
        ),
        maxLength: 40,
      }),
      s => {
        const once = clean(s);
        expect(once).not.toMatch(/[\u200b-\u200f\ufeff\u00a0\u3000\r\u0000]/);
        expect(once).not.toMatch(/ {2}/);
        expect(clean(once)).toBe(once);
      },
    ),
  );
});
test.each([
  ['　Ａ１２　', 'A12'],
  ['签\u200b到\u00a0 古竹', '签到 古竹'],
  ['a\r\nb\rc\u2028d', 'a\nb\nc\nd'],
  ['“古竹” 『城郊』 "区医院"', '古竹 城郊 区医院'],
  ['他说“明天来”了', '他说“明天来”了'],
  ['家中有事，请批准！（急）', '家中有事，请批准！（急）'],
  ['１７：００', '17:00'],
  ['张三\t古竹', '张三\t古竹'],
  ['⽉底', '月底'],
])('clean %j → %j', (typed, meant) => expect(clean(typed)).toBe(meant));

test('edit distance: same is 0, a swap is 1, symmetric', () => {
  expect([editDistance('签到', '签到'), editDistance('到签', '签到'), editDistance('', 'ab'), editDistance('kitten', 'sitting')]).toEqual([
    0, 1, 2, 3,
  ]);
  fc.assert(
    fc.property(
      fc.string({ maxLength: 8 }),
      fc.string({ maxLength: 8 }),
      (a, b) => void expect(editDistance(a, b)).toBe(editDistance(b, a)),
    ),
  );
});

const SLOTS: Record<string, Slot> = {
  pattern: { kind: 'pattern' },
  to: { kind: 'labelled', labels: ['改到'], of: { kind: 'dates' } },
  days: { kind: 'dates', many: true },
  month: { kind: 'month' },
  half: { kind: 'half' },
  person: { kind: 'person', many: true },
  org: { kind: 'org', many: true },
  ref: { kind: 'ref' },
  n: { kind: 'number' },
  reason: { kind: 'rest' },
};
const SCRAPS = [
  '5月',
  '12日',
  '2月30日',
  '-',
  '、',
  '张三',
  '古竹',
  '卫生院',
  '改到',
  '上午',
  '每月',
  '第二个',
  '周三',
  '逢三、八',
  '12',
  '5.12',
  ' ',
  '\n',
  '，',
  '台风',
  '下',
  '本月',
  '2024年',
  '/',
  '#',
  '签到',
  '@助手',
  '「',
  '：',
  '」',
  '>',
];
const LEXICON: Lexicon = { orgs: [{ id: 'g', names: ['古竹卫生院', '古竹'] }], people: [{ id: 'z', name: '张三' }], visitTypes: {} };
test('whatever is typed, words are placed and lines are read without a fault, and what is left is in its order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constantFrom(...SCRAPS), fc.string({ unit: 'grapheme', maxLength: 3 })), { maxLength: 14 }),
      scraps => {
        const typed = scraps.join('');
        readCommandLine(typed, { direct: true, mentioned: false, botNames: ['助手'], names: new Map([['签到', '签到']]) });
        const cleaned = clean(typed);
        const { values } = place(cleaned, SLOTS, LEXICON, '2026-05-06' as Day);
        // What is left is the text with parts cut out: the same characters in the same order.
        let at = 0;
        for (const c of ((values['reason'] as string | undefined) ?? '').replace(/\s/g, '')) {
          at = cleaned.indexOf(c, at);
          expect(at).toBeGreaterThanOrEqual(0);
          at += c.length;
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('a placement among 10,000 people and 1,100 clinics costs little', () => {
  const big: Lexicon = {
    orgs: Array.from({ length: 1100 }, (_, i) => ({ id: `o${i}`, names: [`${sayNumeral(i)}乡卫生院`, `某区${sayNumeral(i)}乡卫生院`] })),
    people: Array.from({ length: 10_000 }, (_, i) => ({ id: `p${i}`, name: `赵${sayNumeral(i)}` })),
    visitTypes: { 坐诊: 'outpatient' },
  };
  const slots: Record<string, Slot> = {
    days: { kind: 'dates' },
    person: { kind: 'person' },
    org: { kind: 'org' },
    half: { kind: 'half' },
    reason: { kind: 'rest' },
  };
  const line = '赵九千九百 5月12日 上午 某区一千乡卫生院 路上堵车了';
  expect(place(line, slots, big, '2026-05-06' as Day).values).toMatchObject({ person: 'p9900', org: 'o1000', reason: '路上堵车了' });
  const ms = spent(() => {
    for (let i = 0; i < 200; i++) place(line, slots, big, '2026-05-06' as Day);
  });
  // 20 µs here; the limit leaves room for a slow machine and still fails for a walk through all names.
  expect(ms / 200).toBeLessThan(0.5);
});
test('a very long message is read in time that grows with its length only', () => {
  const used = meter();
  for (const scrap of ['1、', '5月12日、', '张', '一', '12-', '「张三：', '> a\n', '每月5、', '逢三、', ' ', '"', '-']) {
    const text = `/签到 ${scrap.repeat(20_000 / scrap.length)}`;
    const said = readCommandLine(text, { direct: false, mentioned: false, botNames: ['助手'], names: new Map([['签到', '签到']]) });
    place(said.kind === 'command' ? said.rest : text, SLOTS, LEXICON, '2026-05-06' as Day);
  }
  expect(used()).toBeLessThan(8000);
});
