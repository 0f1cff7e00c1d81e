/** Forms of programmes that no code knows: a plain table where none was issued, and a third document from a test's text to the file. */
import { afterAll, expect, test } from 'vitest';
import { columnsOf, headOf } from '../../src/core/form.ts';
import { office } from '../../src/forms/office.ts';
import { readProgramme } from '../../src/programmes/load.ts';
import { readBook, readDocument } from '../harness/book.ts';
import { chat } from '../harness/chat.ts';

afterAll(() => office.close());

test('Fujian: units with the programme’s figures, and it says that no form was issued', { timeout: 60_000 }, async () => {
  const c = await chat({ programme: 'fujian-2022' });
  try {
    for (const [who, unit] of [
      ['丁书言', '卫生'],
      ['温知行', ''],
    ] as const) {
      const said = (await c.say(who, '/导出 进度表')).at(-1)!;
      expect(said.card.lines.join()).toContain('没有印发表样');
      const [sheet] = readBook((await c.open.sandbox.file(said.card.file!.id))!.bytes);
      expect(sheet!.rows.flat()).toContain('线上教学(次)');
      const rows = sheet!.rows.filter(r => typeof r[0] === 'number');
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.every(r => String(r[2]).includes(unit))).toBe(true);
    }
    // A province writes to its cities, whose reports come to it, and blames nobody before the day.
    const bulletin = (await c.say('温知行', '/通报')).at(-1)!;
    const text = readDocument((await c.open.sandbox.file(bulletin.card.file!.id))!.bytes);
    expect(text).toContain('各设区市卫生健康委，各有关医疗卫生单位：');
    expect(text).toContain('应报2家，已报0家，6月5日前报送，尚未到期。');
    expect(text).not.toContain('没有报送月报');
    // A city writes to its counties; to it come the reports of the clinics.
    const city = (await c.say('邹明远', '/通报')).at(-1)!;
    const its = readDocument((await c.open.sandbox.file(city.card.file!.id))!.bytes);
    expect(its).toContain('各县（市、区）卫生健康局，各有关医疗卫生单位：');
    expect(its).toContain('应报3家，已报0家，6月5日前报送，尚未到期。');
  } finally {
    await c.close();
  }
});

test('a third programme: three header rows and a long text', async () => {
  const { programme } = readProgramme(
    `
id: somewhere-2025
title: 某县
document: {title: 某县方案, number: null, issuer: 某县卫健局}
bureau: 某县卫健局
term: {from: 2025-01-01, until: 2025-12-31, clause: 一}
workload: {clause: 附表, says: 填报, figures: [{id: notes, name: 说明, kind: text}]}
forms:
  - id: 附表甲
    title: 某县支援情况表
    clause: 附表
    rows: lines
    columns:
      - {head: [单位], fill: clinic.name}
      - {head: [支援情况, 人员, 姓名], fill: person.name}
      - {head: [支援情况, 工作, 说明], fill: figure.notes}
`,
    'third.yaml',
  );
  const columns = columnsOf(programme.forms[0]!, programme);
  const bytes = await office.writeForm(
    {
      label: '附表甲',
      name: '附表甲',
      title: '某县支援情况表',
      above: [],
      ...headOf(columns),
      widths: columns.map(c => c.width),
      keys: columns.map(c => c.fill),
      total: null,
      notes: [],
      remarks: [],
      marks: [],
      watermark: null,
      more: [],
      template: null,
    },
    [
      ['甲', '龑㛃䶮', '-1+2'],
      ['乙', '+86', `@${'长'.repeat(40_000)}`],
    ],
  );
  const [sheet] = readBook(bytes);
  expect(sheet!.rows[2]!.slice(0, 3)).toEqual(['单位', '支援情况', '']);
  expect(sheet!.merges).toContain('B3:C3');
  expect(sheet!.merges).toContain('A3:A5');
  expect(sheet!.rows[5]!.slice(0, 3)).toEqual(['甲', '龑㛃䶮', '-1+2']);
  const long = String(sheet!.rows[6]![2]);
  expect(long.length).toBe(32_767);
  expect(long.endsWith('…（过长，已截）')).toBe(true);
  expect(sheet!.formulas.size).toBe(0);
});
