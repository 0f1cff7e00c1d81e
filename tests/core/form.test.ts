/** Official forms as data: headers, cells, totals; and their recognition by header cells. */
import { describe, expect, test } from 'vitest';
import { day, type Month } from '../../src/core/day.ts';
import {
  cellsOf,
  columnsOf,
  EMPTY_ROW,
  type FormColumn,
  figuresOf,
  formCalled,
  formMonths,
  headOf,
  makeTotals,
  type RowFacts,
} from '../../src/core/form.ts';
import { dayIn, isTail, recogniseForm } from '../../src/core/form-read.ts';
import { loadProgrammes, readProgramme } from '../../src/programmes/load.ts';
import { packageRoot } from '../../src/root.ts';

const shipped = loadProgrammes([`${packageRoot}/src/programmes`]);
const ours = shipped.find(p => p.programme.id === 'yongding-2024')!.programme;
const form = (id: string) => ours.forms.find(f => f.id === id)!;

const THIRD = `
id: somewhere-2025
title: 某县2025年对口支援
document: {title: 某县2025年工作方案, number: 某卫〔2025〕1号, issuer: 某县卫生健康局}
bureau: 某县卫生健康局
term: {from: 2025-06-01, until: 2026-05-31, clause: 一}
workload:
  clause: 附表
  says: 每次填报
  figures:
    - {id: operations, name: 手术, unit: 台}
    - {id: notes, name: 备注, kind: text}
forms:
  - id: 附表甲
    title: 某县支援情况表
    clause: 附表
    rows: lines
    columns:
      - {head: [单位], fill: clinic.name}
      - {head: [支援情况, 人员, 姓名], fill: person.name, total: /}
      - {head: [支援情况, 人员, 职称], fill: person.title, total: /}
      - {head: [支援情况, 工作, 手术(台)], fill: figure.operations, total: sum}
      - {head: [支援情况, 工作, 说明], fill: figure.notes}
    total: {label: 总计, over: 1}
  - id: 附表乙
    title: 按月
    clause: 附表
    rows: clinics
    columns:
      - {head: [单位], fill: clinic.name}
      - {head: ['{month}月'], fill: doctor-days, each: month, total: sum}
`;
const third = readProgramme(THIRD, 'third.yaml').programme;

describe('headers', () => {
  test('annex 1: two rows, months under one cell', () => {
    const { head, merges } = headOf(columnsOf(form('附件1'), ours));
    expect(head[0]).toEqual(['序号', '地市', '区县', '受援单位', '支援人次', ...Array(11).fill('')]);
    expect(head[1]).toEqual(['', '', '', '基层医疗卫生机构名称', ...Array.from({ length: 12 }, (_, i) => `${i + 1}月`)]);
    expect(merges).toContainEqual({ startRow: 0, startCol: 4, endRow: 0, endCol: 15 });
    expect(merges).toContainEqual({ startRow: 0, startCol: 0, endRow: 1, endCol: 0 });
  });
  test('annex 2 has 13 columns, annex 3 has 24 in three groups, in the order and with the words as issued', () => {
    expect(headOf(columnsOf(form('附件2'), ours)).head[1]!.slice(3)).toEqual([
      '基层医疗卫生机构名称',
      '受援基层卫生机构联系电话',
      '单位类型(填写社区卫生服务中心或乡镇卫生院)',
      '需求专业',
      '上级医疗机构名称',
      '医疗机构所属情况(省属、市属、县市区属)',
      '下基层人员姓名',
      '专业',
      '职称',
      '联系方式',
    ]);
    const three = columnsOf(form('附件3'), ours);
    expect(three).toHaveLength(24);
    const { head, merges } = headOf(three);
    expect(head[0]!.filter(Boolean)).toEqual(['支援人员', '支援人员在受援单位工作情况', '宣传相关工作']);
    expect(merges.map(m => m.endCol - m.startCol + 1)).toEqual([5, 14, 5]);
    expect(head[1]!.slice(9, 14)).toEqual(['支援时间', '诊疗量(人次)', '病例讨论(次)', '教学查房(次)', '学术讲座(次)']);
    expect(head[1]!.at(-2)).toBe('是否设置“支援专家工作室”');
  });
  test('three rows, from a programme that no code knows', () => {
    const { head, merges } = headOf(columnsOf(third.forms[0]!, third));
    expect(head).toEqual([
      ['单位', '支援情况', '', '', ''],
      ['', '人员', '', '工作', ''],
      ['', '姓名', '职称', '手术(台)', '说明'],
    ]);
    expect(merges).toEqual([
      { startRow: 0, startCol: 0, endRow: 2, endCol: 0 },
      { startRow: 0, startCol: 1, endRow: 0, endCol: 4 },
      { startRow: 1, startCol: 1, endRow: 1, endCol: 2 },
      { startRow: 1, startCol: 3, endRow: 1, endCol: 4 },
    ]);
  });
  test('months are the calendar year’s; where a programme crosses years, its own', () => {
    expect(formMonths(ours)).toHaveLength(12);
    expect(formMonths(third).map(m => m.slice(2))).toEqual([
      '25-06', '25-07', '25-08', '25-09', '25-10', '25-11', '25-12', '26-01', '26-02', '26-03', '26-04', '26-05',
    ]); // biome-ignore format: a year
  });
});

describe('cells', () => {
  const columns = columnsOf(form('附件3'), ours);
  const cells = (facts: Partial<RowFacts>, numbers = false) => {
    const row = cellsOf(columns, figuresOf(ours), numbers)({ ...EMPTY_ROW, number: 1, ...facts });
    return (fill: string) => row[columns.findIndex(c => c.fill === fill)];
  };
  test('a reported 0 is 0, what was not reported is nothing', () => {
    const at = cells({ figures: { consultations: 0 } });
    expect(at('figure.consultations')).toBe(0);
    expect(at('figure.rounds')).toBeNull();
  });
  test('cost prints / in every row, the studio 是 or 否', () => {
    const at = cells({ month: { figures: { studio: 1, leaflets: 0 }, words: { 'publicity-other': '=SUM(A1)' } } });
    expect(at('/')).toBe('/');
    expect(at('month.studio')).toBe('是');
    expect(at('month.leaflets')).toBe(0);
    expect(at('month.publicity-other')).toBe('=SUM(A1)');
    expect(cells({ month: { figures: { studio: 0 }, words: {} } })('month.studio')).toBe('否');
    expect(cells({ month: { figures: { studio: 1 }, words: {} } }, true)('month.studio')).toBe(1);
    expect(cells({})('month.studio')).toBeNull();
  });
  test('the day as the sample has it', () => expect(cells({ day: day('2024-02-10') })('day')).toBe('2月10日'));
});

describe('totals', () => {
  const columns = columnsOf(form('附件3'), ours);
  const place = (fill: string) => columns.findIndex(c => c.fill === fill);
  test('sums of what was reported, the number of 是, / for texts, cost only where there is one', () => {
    const totals = makeTotals(columns);
    const row = cellsOf(columns, figuresOf(ours));
    totals.add(row({ ...EMPTY_ROW, number: 1, figures: { consultations: 30 }, month: { figures: { studio: 1 }, words: {} } }));
    totals.add(row({ ...EMPTY_ROW, number: 2, figures: { consultations: 0 }, month: { figures: { studio: 0 }, words: {} } }));
    const cells = totals.cells({ 'tour-cost': 1000.5 });
    expect(cells[place('figure.consultations')]).toEqual({ sum: 30 });
    expect(cells[place('figure.rounds')]).toBeNull();
    expect(cells[place('month.studio')]).toEqual({ yes: 1 });
    expect(cells[place('/')]).toBe(1000.5);
    expect(cells[place('figure.other')]).toBe('/');
    expect(totals.cells({})[place('/')]).toBeNull();
    // Nobody said whether there is a studio: no 0 is made of it; one who said 否 is one.
    const none = makeTotals(columns);
    none.add(row({ ...EMPTY_ROW, number: 1, figures: { consultations: 30 } }));
    expect(none.cells({})[place('month.studio')]).toBeNull();
    none.add(row({ ...EMPTY_ROW, number: 2, month: { figures: { studio: 0 }, words: {} } }));
    expect(none.cells({})[place('month.studio')]).toEqual({ yes: 0 });
  });
});

describe('recognising', () => {
  const columns = columnsOf(form('附件3'), ours);
  const { head } = headOf(columns);
  test('the issued header', () => {
    const found = recogniseForm(columns, [['标题'], ['填报单位：'], ...head, ['某人']])!;
    expect(found).toMatchObject({ firstRow: 4, missing: [], extra: [], moved: 0 });
    expect(Object.keys(found.columns)).toHaveLength(24);
  });
  test('moved columns, others between them, brackets left out, spaces and full width', () => {
    const texts = [...head[1]!].reverse().map(t => t.replace(/\(.*?\)/g, '').replace('诊疗量', '诊 疗 量'));
    const found = recogniseForm(columns, [['甲', ...texts.slice(0, 10), '片区', ...texts.slice(10)]])!;
    expect(found.missing).toEqual([]);
    expect(found.extra).toEqual(['甲', '片区']);
    expect(found.columns['person.name']).toBe(25);
    expect(found.moved).toBeGreaterThan(20);
  });
  test('three header rows', () => {
    const c = columnsOf(third.forms[0]!, third);
    expect(recogniseForm(c, [['表'], ...headOf(c).head, ['x']])).toMatchObject({ firstRow: 4, missing: [] });
  });
  test('what is missing is named; another table is none', () => {
    expect(recogniseForm(columns, [head[1]!.filter(t => t !== '支援时间')])!.missing).toEqual(['支援时间']);
    expect(
      recogniseForm(columns, [
        ['商品', '数量', '价格'],
        ['苹果', '1', '2'],
      ]),
    ).toBeUndefined();
  });
  test.each([
    ['2月10日', '2024-02-10'],
    ['2024-03-05', '2024-03-05'],
    ['3.5', '2024-03-05'],
    ['2月30日', undefined],
    ['上周', undefined],
  ])('%s', (text, expected) => expect(dayIn(text, ours.term)).toBe(expected));
  test('the table ends at its total or notes', () => {
    expect(isTail(['', '合计(本行由各单位汇总填写)'])).toBe(true);
    expect(isTail(['备注：1.'])).toBe(true);
    expect(isTail(['', '合肥人'])).toBe(false);
  });
});

test('a form is found by its name, by other words for it, by a part of its title', () => {
  expect(formCalled(ours, '附件 3')?.id).toBe('附件3');
  expect(formCalled(ours, '月报表')?.id).toBe('附件3');
  expect(formCalled(ours, '汇总')?.id).toBe('附件1');
  expect(formCalled(ours, '')).toBeUndefined();
});

test('a form that names a figure which the programme does not have is refused at start', () => {
  expect(() => readProgramme(THIRD.replace('figure.operations', 'figure.stitches'), 'third.yaml')).toThrow(/stitches/);
  expect(() => readProgramme(THIRD.replace('fill: figure.notes', 'fill: person.age'), 'third.yaml')).toThrow(/不认识这个填法/);
});

test('columns of months know theirs', () => {
  const columns: FormColumn[] = columnsOf(third.forms[1]!, third);
  const row = cellsOf(
    columns,
    figuresOf(third),
  )({
    ...EMPTY_ROW,
    number: 1,
    doctorDays: new Map<Month, number | null>([
      ['2025-06' as Month, 0],
      ['2025-07' as Month, null],
    ]),
  });
  expect(row.slice(1, 4)).toEqual([0, null, null]);
});
