/** Targets at, before and past their day and their number; which questions show them. */
import { describe, expect, test } from 'vitest';
import type { FiguresQuery, Read, TallyQuery } from '../../src/bot/ports.ts';
import type { Scope } from '../../src/bot/scope.ts';
import { targetsOf } from '../../src/bot/targets.ts';
import { day, type Span } from '../../src/core/day.ts';
import { statisticsCard } from '../../src/core/statistics.ts';
import { type Standing, showsTargets, standingsOf, targetsLine, targetsText } from '../../src/core/target.ts';
import { readProgramme } from '../../src/programmes/load.ts';
import type { Programme } from '../../src/programmes/schema.ts';

const programme = readProgramme(
  `
id: somewhere-2025
title: 某县
document: {title: 某县方案, number: null, issuer: 某县卫健局}
bureau: 某县卫健局
term: {from: 2025-06-01, until: 2026-05-31, clause: 一}
workload: {clause: 三, says: 填报, figures: [{id: consultations, name: 诊疗, unit: 人次}, {id: lectures, name: 讲座, unit: 场次}]}
targets:
  - {id: all, counts: doctor-days, wanted: 187, until: 2025-12-31, force: in-principle, clause: 一, says: 约187人次}
  - {id: doctors, counts: people, wanted: 17, until: 2025-08-31, clause: 三, says: 不少于17名}
  - {id: seen, counts: figure.consultations, wanted: 900, until: 2025-08-31, clause: 三, says: 不少于900人次}
  - {id: told, counts: figure.lectures, wanted: 10, until: 2025-08-31, clause: 三, says: 不少于10场次}
`,
  'x.yaml',
).programme;
const sums = { doctorDays: 112, paper: 0, people: 17, figures: { consultations: 640, lectures: 11 } };
const standings = standingsOf(programme, () => sums);
const of = (more: Partial<Standing>): Standing => ({ ...standings[1]!, ...more });

test('by their days, those of one in the order of the file; what nobody reported is nothing yet', () => {
  expect(standings.map(s => [s.name, s.done, s.wanted, s.until])).toEqual([
    ['医师', 17, 17, '2025-08-31'],
    ['诊疗', 640, 900, '2025-08-31'],
    ['讲座', 11, 10, '2025-08-31'],
    ['人次', 112, 187, '2025-12-31'],
  ]);
  expect(standingsOf(programme, () => ({ ...sums, figures: {} }))[1]!.done).toBe(0);
  // Each day has sums of its own.
  const dated = standingsOf(programme, until => ({
    ...sums,
    people: until === '2025-08-31' ? 3 : 5,
    doctorDays: until === '2025-12-31' ? 9 : 1,
  }));
  expect([dated[0]!.done, dated[3]!.done]).toEqual([3, 9]);
});

test.each([
  ['2025-08-30', '8月31日前：诊疗 640/900，另2项已达到；12月31日前：人次 112/约187'],
  ['2025-08-31', '8月31日前：诊疗 640/900，另2项已达到；12月31日前：人次 112/约187'],
  ['2025-09-01', '8月31日止：诊疗 640/900，另2项已达到；12月31日前：人次 112/约187'],
  ['2026-01-01', '2025年8月31日止：诊疗 640/900，另2项已达到；2025年12月31日止：人次 112/约187'],
])('on %s', (today, said) => {
  expect(targetsLine(standings, day(today), null)).toBe(`年度目标（只算已核实）${said}`);
});

test.each([
  [899, '诊疗 899/900', '差1人次'],
  [900, '2项都已达到', '已达到'],
  [901, '2项都已达到', '已达到'],
])('%d of 900 after the day', (done, line, text) => {
  const two = [of({ done }), of({ name: '讲座', called: '讲座', unit: '场次', done: 10, wanted: 10 })];
  const [said, written] = [targetsLine(two, day('2025-09-01'), null), targetsText(two, day('2025-09-01'))];
  expect(said).toContain(line);
  expect(written).toBe(
    `对照年度目标（只算已核实的）：8月31日前，诊疗${done}人次（目标900人次，${text}），讲座10场次（目标10场次，已达到）。`,
  );
  // Until the day is over something may still come.
  expect(targetsText(two, day('2025-08-31'))!.includes('还差')).toBe(done < 900);
});

test('one alone keeps its numbers; what is there from paper is said and decides nothing; a year that begins later says since when', () => {
  const paper = { ...standings[3]!, done: 180, paper: 40 };
  expect(targetsLine([of({ done: 900 })], day('2025-09-01'), day('2025-06-01'))).toBe(
    '年度目标（2025年6月起，只算已核实）8月31日止：诊疗 900/900',
  );
  expect(targetsLine([paper], day('2025-12-01'), null)).toBe('年度目标（只算已核实）12月31日前：人次 180/约187（另据纸质报表 40）');
  expect(
    targetsLine(
      [
        { ...paper, done: 190 },
        { ...paper, done: 190, paper: 0 },
      ],
      day('2026-01-01'),
      null,
    ),
  ).toBe('年度目标（只算已核实）2025年12月31日止：人次 190/约187（另据纸质报表 40），另1项已达到');
  expect(targetsText([paper], day('2025-12-01'))).toBe(
    '对照年度目标（只算已核实的）：12月31日前，下基层180人次、另据纸质报表40人次（目标约187人次）。',
  );
  expect([targetsLine([], day('2025-12-01'), null), targetsText([], day('2025-12-01'))]).toEqual([null, null]);
});

describe('shown when months are asked for together, of a programme that runs now in them or ends in them', () => {
  test.each([
    ['a month of it', '2025-08-01', '2025-08-31', '2025-08-21', false],
    ['its first year', '2025-01-01', '2025-12-31', '2025-08-21', true],
    ['a quarter with today', '2025-07-01', '2025-09-30', '2025-08-21', true],
    ['a quarter that is over', '2025-07-01', '2025-09-30', '2025-10-01', false],
    ['the second year', '2026-01-01', '2026-12-31', '2026-01-01', true],
    ['the first year, looked back at', '2025-01-01', '2025-12-31', '2026-01-01', false],
    ['the second year, looked back at', '2026-01-01', '2026-12-31', '2027-01-01', true],
    ['the last day of it', '2026-04-01', '2026-05-31', '2026-08-01', true],
    ['a day short of its end', '2026-04-01', '2026-05-30', '2026-08-01', false],
    ['before its first day', '2025-01-01', '2025-12-31', '2025-05-31', false],
    ['on its first day', '2025-01-01', '2025-12-31', '2025-06-01', true],
  ])('%s', (_, from, to, today, shown) => {
    expect(showsTargets(programme, { from: day(from), to: day(to) }, day(today))).toBe(shown);
  });
});

/** A store of verified days of work, which notes what it is asked. */
const storeOf = (days: readonly (readonly [day: string, person: string, consultations: number])[]) => {
  const asked: string[] = [];
  const inside = (span: Span) => days.filter(([d]) => span.from <= d && d <= span.to);
  const bureau = { id: 'c', kind: 'bureau', level: 'county', name: '某县卫健局', parent: null };
  const read = {
    first: async () => bureau,
    tally: async ({ span, by }: TallyQuery) => {
      asked.push(`${by} ${span.from}..${span.to}`);
      const keys = [...new Set(inside(span).map(d => (by === 'person' ? d[1] : 'k')))];
      return keys.map(key => ({ key, verified: inside(span).filter(d => by !== 'person' || d[1] === key).length }));
    },
    figures: async ({ span }: FiguresQuery) => ({ consultations: inside(span).reduce((n, d) => n + d[2], 0) }),
    all: async () => [],
  } as unknown as Read;
  return { read, asked };
};
const mid: Programme = {
  ...programme,
  term: { from: day('2025-06-15'), until: day('2026-05-31'), clause: '一' },
  targets: programme.targets
    .filter(t => t.counts !== 'figure.lectures')
    .map(t => ({ ...t, until: day(t.counts === 'doctor-days' ? '2025-08-15' : '2025-08-31') })),
};
const worked = [
  ['2025-06-20', 'a', 1],
  ['2025-08-15', 'a', 10],
  ['2025-08-16', 'b', 100],
  ['2025-08-31', 'a', 1000],
  ['2025-09-01', 'c', 10000],
] as const;
const counts = async (upTo: string, today: string, scope: Scope = { county: 'c' }) => {
  const { read, asked } = storeOf(worked);
  const done = (await targetsOf(read, mid, scope, { upTo: day(upTo), today: day(today) })).map(s => `${s.name} ${s.done}`);
  return { done, asked };
};

test.each([
  ['long after', '2025-12-01', '2025-12-01', ['人次 2', '医师 2', '诊疗 1111']],
  ['on the later day', '2025-08-31', '2025-08-31', ['人次 2', '医师 2', '诊疗 1111']],
  ['told in September of the time up to the day before it', '2025-08-30', '2025-09-05', ['人次 2', '医师 2', '诊疗 111']],
  ['told in September of the time up to the earlier day', '2025-08-15', '2025-09-05', ['人次 2', '医师 1', '诊疗 11']],
  ['and up to the day before that', '2025-08-14', '2025-09-05', ['人次 1', '医师 1', '诊疗 1']],
  ['on the programme’s first day', '2025-06-15', '2025-09-05', ['人次 0', '医师 0', '诊疗 0']],
  ['before it', '2025-06-14', '2025-09-05', []],
])('%s', async (_, upTo, today, done) => {
  expect((await counts(upTo, today)).done).toEqual(done);
});

test('whole months are asked for, which are kept, each once, and the month of today is one; people once', async () => {
  expect((await counts('2025-08-10', '2025-08-10')).asked).toEqual([
    ...['2025-06-01..2025-06-30', '2025-07-01..2025-07-31', '2025-08-01..2025-08-31'].map(span => `clinic ${span}`),
    'person 2025-06-15..2025-08-31',
  ]);
});

test('a part of it, or a programme without targets, asks nothing of the sums', async () => {
  for (const scope of [{ county: 'd' }, { counties: ['d', 'e'] }, { county: 'c', clinic: 'k' }, { hospital: 'h' }, { person: 'a' }, {}])
    expect(await counts('2025-12-01', '2025-12-01', scope)).toEqual({ done: [], asked: [] });
  expect((await counts('2025-12-01', '2025-12-01', { counties: ['b', 'c'] })).done).toHaveLength(3);
  const none = { ...mid, targets: [] };
  expect(await targetsOf({} as Read, none, { county: 'c' }, { upTo: day('2025-12-01'), today: day('2025-12-01') })).toEqual([]);
});

test('with everything that a year can say, a chief still reads eight lines', () => {
  const { lines } = statisticsCard({
    label: '2025年',
    of: '某县',
    total: { verified: 112, halfOnly: 3, waiting: 4, checkedIn: 1, plannedSoFar: 120, planned: 190, notThere: 1 },
    ahead: true,
    units: [],
    upper: false,
    covered: { n: 15, of: 17 },
    duty: null,
    home: null,
    leaves: 2,
    cases: 1,
    reports: '7个月，应报 119，已报 118，按时 110',
    targets: targetsLine(standings, day('2025-08-21'), null),
    paper: 5,
    gaps: ['甲', '乙'],
    figures: [{ name: '诊疗', sum: 640 }],
    trend: null,
    watermark: null,
  });
  expect(lines).toHaveLength(8);
  expect(lines.at(-2)).toMatch(/^年度目标/);
});
