/** A table where there are none: what every row has is named once. */
import { describe, expect, it } from 'vitest';
import { type Card, tableLines } from '../../src/core/card.ts';
import { MOST_BYTES, render } from '../../src/platforms/wechat/render.ts';

describe('a table in lines', () => {
  it('names once what every row has, figures side by side', () => {
    const table = {
      columns: ['单位', '已核实', '待核实', '计划'],
      rows: [
        ['城郊卫生院', '1', '0', '1'],
        ['龙潭卫生院', '0', '1', '1'],
        ['洪山卫生院', '12', '0', '13'],
      ],
    };
    expect(tableLines(table)).toEqual({
      head: '单位：已核实/待核实/计划',
      rows: ['城郊卫生院：1/0/1', '龙潭卫生院：0/1/1', '洪山卫生院：12/0/13'],
    });
  });

  it('words are told apart by commas; what only some rows have keeps its name', () => {
    const table = {
      columns: ['单位', '月报', '时间', '今天'],
      rows: [
        ['城郊卫生院', '已报', '4月26日 周五 10:00', ''],
        ['龙潭卫生院', '已报', '4月22日 周一 07:50', '已催'],
        ['洪山卫生院', '已受理', '4月26日 周五 10:00', ''],
      ],
    };
    expect(tableLines(table)).toEqual({
      head: '单位：月报，时间',
      rows: [
        '城郊卫生院：已报，4月26日 周五 10:00',
        '龙潭卫生院：已报，4月22日 周一 07:50，今天 已催',
        '洪山卫生院：已受理，4月26日 周五 10:00',
      ],
    });
  });

  it('of one row or two each cell has its name; a row of its name alone is that', () => {
    const columns = ['日期', '医师', '诊疗'];
    expect(tableLines({ columns, rows: [['4月8日 周一', '张某', '']] })).toEqual({ head: null, rows: ['4月8日 周一：医师 张某'] });
    expect(tableLines({ columns, rows: [['4月8日 周一', '', '']] })).toEqual({ head: null, rows: ['4月8日 周一'] });
    expect(tableLines({ columns: ['单位'], rows: [['甲'], ['乙'], ['丙']] })).toEqual({ head: null, rows: ['甲', '乙', '丙'] });
  });

  it('a county’s month has room in one message of ordinary WeChat', () => {
    const rows = Array.from({ length: 30 }, (_, i) => [
      `4月${i + 1}日 周一${i % 3 ? '' : '上午'}`,
      '谢卓群',
      '城郊卫生院',
      i % 3 ? '坐诊' : '上门送医',
    ]);
    const card: Card = {
      code: 'x',
      title: '2024年4月排班',
      tone: 'info',
      lines: ['30班，已核实0班', '没有人来：岐岭卫生院'],
      table: { columns: ['日期', '医师', '单位', '内容'], rows },
    };
    const text = render(card);
    expect(text).toContain('日期：医师 单位 内容\n· 4月1日 周一上午：谢卓群 城郊卫生院 上门送医\n· 4月2日 周一：谢卓群 城郊卫生院 坐诊\n');
    expect(text).toContain('4月30日');
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MOST_BYTES);
  });
});
