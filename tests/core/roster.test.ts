import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readContacts } from '../../src/core/contacts.ts';
import { mismatches, readRoster } from '../../src/core/roster.ts';
import { whole } from '../../src/core/steps.ts';
import { parseTable } from '../../src/core/table-text.ts';
import { spent } from '../harness/spent.ts';

const text = readFileSync('tests/fixtures/roster-24.tsv', 'utf8');
const row = (cells: Partial<Record<number, string>> = {}): string =>
  [
    '1',
    '某市',
    '某区',
    '某区东村乡卫生院',
    '5551001',
    '乡镇卫生院',
    '中医',
    '某区中医院',
    '县市区属医院',
    '林知夏',
    '中医',
    '主治医师',
    '139*****05',
  ]
    .map((c, i) => cells[i] ?? c)
    .join('\t');
const read = (...lines: string[]) => whole(readRoster(parseTable(lines.join('\n'))));

describe('annex 2', () => {
  test('pasted as issued: 24 rows over a page break, two neutral notices, no problem', () => {
    const { rows, problems } = whole(readRoster(parseTable(text)));
    expect(problems).toEqual([]);
    expect(rows.map(r => r.no)).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
    expect(mismatches(rows).map(m => [m.no, m.need, m.specialty])).toEqual([
      [8, '内科', '全科'],
      [12, '中医', '内科'],
    ]);
    expect(rows[15]).toMatchObject({ affiliation: 'city', clinicType: 'township', need: '中西医' });
    expect(rows[22]).toMatchObject({ clinicType: 'community' });
  });

  test('rows without their header are taken in the annex’s order', () => {
    expect(read(row())).toMatchObject({ rows: [{ person: '林知夏', phone: '139*****05' }], problems: [] });
  });

  test.each([
    ['县市区属', 'county'],
    ['县属', 'county'],
    ['区属医院', 'county'],
    ['市属医院', 'city'],
    ['设区市属', 'city'],
    ['省属', 'province'],
  ])('affiliation %s', (typed, meant) => {
    expect(read(row({ 8: typed })).rows[0]!.affiliation).toBe(meant);
  });

  test.each<[string, Partial<Record<number, string>>, string, string]>([
    ['type', { 5: '诊所' }, '单位类型', '“诊所”应为社区卫生服务中心或乡镇卫生院'],
    ['affiliation', { 8: '部属' }, '医疗机构所属情况', '“部属”应为省属、市属或县市区属'],
    ['title', { 11: '护士' }, '职称', '“护士”不是医师职称，要写主任、副主任、主治或住院医师'],
    ['name', { 9: 'Lin 3' }, '下基层人员姓名', '“Lin3”不像姓名'],
    ['phone', { 12: '12345' }, '联系方式', '要写11位手机号，或带*的号码'],
    ['no hospital', { 7: '' }, '上级医疗机构名称', '没有填'],
    ['no title', { 11: '' }, '职称', '没有填'],
  ])('a bad %s is named by row, column and reason', (_what, cells, column, reason) => {
    expect(read(row(cells)).problems).toEqual([{ row: 1, column, reason }]);
  });

  test.each(['199*****51', '138****1234', '180…51', '13800001234', '1380000****', ''])('phone %s passes', phone => {
    expect(read(row({ 12: phone })).problems).toEqual([]);
  });

  test('a wrong header tells which columns are missing', () => {
    expect(read('甲\t乙\t丙', '1\t2\t3').problems).toEqual([
      { row: 1, column: '表头', reason: '缺少：基层医疗卫生机构名称、上级医疗机构名称、下基层人员姓名、专业、职称' },
    ]);
  });

  test('columns may stand in another order', () => {
    const { rows, problems } = read('姓名\t职称\t专业\t支援医院\t受援单位', '林知夏\t主治医师\t中医\t某区中医院\t某区东村乡卫生院');
    expect(problems).toEqual([]);
    expect(rows[0]).toMatchObject({ person: '林知夏', clinic: '某区东村乡卫生院', hospital: '某区中医院', no: 2 });
  });

  test('10,000 rows are read in under a second', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => row({ 0: String(i + 1) })).join('\n');
    expect(whole(readRoster(parseTable(many))).rows).toHaveLength(10_000);
    expect(spent(() => whole(readRoster(parseTable(many))))).toBeLessThan(1000);
  });
});

test('contacts: roles by their usual words, a deputy, an office; unknown roles are named', () => {
  const { rows, problems } = readContacts(
    parseTable(
      '单位\t姓名\t角色\t电话\n东村卫生院\t林知夏\t受援单位专人（B岗）\t13900001111\n区卫健局\t江望舒\t基妇股\t\n区医院\t何逢春\t门卫\t',
    ),
  );
  expect(rows).toMatchObject([
    { name: '林知夏', role: 'clinic', deputy: true },
    { name: '江望舒', role: 'bureau', office: '基妇股' },
  ]);
  expect(problems).toMatchObject([{ row: 4, column: '角色' }]);
});
