import { expect, test } from 'vitest';
import type { Card } from '../../src/core/card.ts';
import { fits, isText, joinCards } from '../../src/outbox/join.ts';
import { card } from './scene.ts';

const approve = (n: number) => ({ label: '批准', command: `/批准 ${n}` });

test('one is itself', () => {
  const one = card('明天有班次', { lines: ['城郊卫生院'] });
  expect(joinCards([one])).toBe(one);
});

test('several are sections under a title that counts them; the most urgent tone wins', () => {
  expect(
    joinCards([
      card('明天有班次', { lines: ['城郊卫生院 上午', '带好工作证'] }),
      card('请核实今天到岗', { tone: 'ask', fields: [{ label: '已签到', value: '3人' }] }),
      card('停诊', { tone: 'urgent' }),
    ]),
  ).toEqual({
    code: 'joined',
    title: '3件事',
    tone: 'urgent',
    lines: ['1. 明天有班次', '　城郊卫生院 上午', '　带好工作证', '2. 请核实今天到岗', '　已签到：3人', '3. 停诊'],
  });
});

test('what has one title says it once', () => {
  expect(joinCards([card('明天有班次', { lines: ['甲院 上午'] }), card('明天有班次', { lines: ['乙院 下午', '上门'] })])).toMatchObject({
    title: '明天有班次（2件）',
    lines: ['1. 甲院 上午', '2. 乙院 下午', '　上门'],
  });
});

test('the same said twice is said once, to all whom it mentions', () => {
  const a = card('待核实', { lines: ['3人'], mention: ['p1'] });
  expect(joinCards([a, { ...a, mention: ['p2'] }])).toEqual({ ...a, mention: ['p1', 'p2'] });
  expect(joinCards([a, { ...a, mention: ['p2'] }, card('另一件', { mention: ['p1'] })])).toMatchObject({
    title: '2件事',
    mention: ['p1', 'p2'],
  });
});

test('buttons of one label are told apart by their section, those of one command are one', () => {
  const joined = joinCards([
    card('甲请假', { buttons: [approve(1), { label: '待办', command: '/待办' }] }),
    card('乙请假', { buttons: [approve(2), { label: '待办', command: '/待办' }] }),
  ]);
  expect(joined.buttons).toEqual([
    { label: '第1件：批准', command: '/批准 1' },
    { label: '待办', command: '/待办' },
    { label: '第2件：批准', command: '/批准 2' },
  ]);
});

test.each([
  [19, 19, 0],
  [20, 20, 0],
  [21, 20, 1],
])('of %i buttons %i are shown and %i typed: none is lost', (all, shown, typed) => {
  const joined = joinCards([
    card('甲', { buttons: Array.from({ length: all - 1 }, (_, i) => ({ label: `a${i}`, command: `/a ${i}` })) }),
    card('乙', { buttons: [approve(9)] }),
  ]);
  expect(joined.buttons).toHaveLength(shown);
  expect(joined.lines.filter(l => l.includes('发 /'))).toEqual(typed ? ['　批准：发 /批准 9'] : []);
});

test('a card holds one table, one chart, one form, one file; their section points to it', () => {
  const table: Card = card('表', { table: { columns: ['a'], rows: [['1']] } });
  const file: Card = card('文件', { file: { id: 'f', name: 'a.xlsx', bytes: 1 } });
  const paper: Card = card('要做的文件', { paper: { kind: 'slip' } as never });
  expect(fits([table], file)).toBe(true);
  // A file that is there and one that is yet to be made are two files.
  expect([fits([paper], file), fits([file], paper), fits([table], paper)]).toEqual([false, false, true]);
  expect(fits([table, file], table)).toBe(false);
  expect([isText(card('a')), isText(table), isText(file)]).toEqual([true, false, false]);
  const joined = joinCards([card('话'), table, file]);
  expect(joined).toMatchObject({ table: table.table, file: file.file });
  expect(joined.lines).toEqual(['1. 话', '2. 表', '　见下表', '3. 文件', '　见附件']);
});
