/** A card where a message holds little: page by page all of it is said once, in order, and no page is too large. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Card } from '../../src/core/card.ts';
import { choiceWords } from '../../src/core/card.ts';
import { asksForMore, pageOf } from '../../src/core/paging.ts';

const MOST = 2_000;
const bytes = (text: string) => Buffer.byteLength(text);
const card = (more: Partial<Card>): Card => ({ code: 'x', title: '月报', tone: 'info', lines: [], ...more });

const pagesOf = (first: Card): string[] => {
  const pages: string[] = [];
  for (let next: Card | null = first; next; ) {
    const { words, rest } = pageOf(next, MOST);
    const sent = [words, ...choiceWords(next)].join('\n');
    expect(bytes(sent)).toBeLessThanOrEqual(MOST);
    pages.push(words);
    expect(pages.length).toBeLessThan(200);
    next = rest;
  }
  return pages;
};
const NOTE = /\n（还有 (\d+) 行，回复“更多”接着看）$/;
/** What the pages say, without what is said of them. */
const said = (pages: readonly string[]): string[] =>
  pages.flatMap((p, i) =>
    p
      .replace(NOTE, '')
      .split('\n')
      .slice(i === 0 ? 0 : 1),
  );

test('what fits to the byte is one page', () => {
  const whole = card({ lines: [] });
  const fits = { ...whole, lines: ['x'.repeat(MOST - bytes(whole.title) - 1)] };
  expect(pageOf(fits, MOST).rest).toBeNull();
  expect(pageOf({ ...fits, lines: [`${fits.lines[0]!}x`] }, MOST).rest).not.toBeNull();
});

describe('a table of 240 units', () => {
  const rows = Array.from({ length: 240 }, (_, i) => [`第${i}卫生院`, `${i}`, i % 7 === 0 ? '未报' : '已报']);
  const whole = card({
    lines: ['应报 240，已报 205'],
    table: { columns: ['单位', '人次', '月报'], rows },
    buttons: [{ label: '催报', command: '/催报' }],
  });

  it('is there row by row, once, each page under its head, with what can be chosen', () => {
    const pages = pagesOf(whole);
    const told = said(pages).filter(l => l.startsWith('·'));
    expect(told).toEqual(rows.map(([u, n, s]) => `· ${u}：${n} ${s}`));
    for (const page of pages) expect(page).toContain('单位：人次 月报');
    expect(pageOf(whole, MOST).rest!.buttons).toEqual(whole.buttons);
  });

  it('says how many lines are left', () => {
    for (let next: Card | null = whole; next; ) {
      const { words, rest }: { words: string; rest: Card | null } = pageOf(next, MOST);
      if (rest) expect(Number(NOTE.exec(words)![1])).toBe(rest.table!.rows.length);
      next = rest;
    }
  });
});

test('nothing is lost and nothing said twice, whatever a card holds', () => {
  const text = (max: number) => fc.string({ unit: fc.constantFrom('长', 'a', '𠮷', '，'), minLength: 1, maxLength: max });
  fc.assert(
    fc.property(
      fc.array(text(900), { maxLength: 8 }),
      fc.array(fc.record({ label: text(8), value: text(300) }), { maxLength: 5 }),
      fc.array(fc.tuple(text(20), text(30), text(700)), { maxLength: 40 }),
      (lines, fields, rows) => {
        const whole = card({ lines, fields, table: { columns: ['甲', '乙', '丙'], rows } });
        const all = said(pagesOf(whole)).join('');
        for (const words of [...lines, ...fields.map(f => f.value), ...rows.flat()])
          if (words.length > 12) expect(all.replaceAll('· ', '')).toContain(words);
        const told = (sign: string) => all.split(sign).length;
        const there = (sign: string) => [...lines, ...fields.flatMap(f => [f.label, f.value]), ...rows.flat()].join('').split(sign).length;
        for (const sign of ['长', 'a', '𠮷']) expect(told(sign)).toBe(there(sign));
      },
    ),
    { numRuns: 60 },
  );
});

test.each([
  ['更多', true],
  ['回复更多', true],
  ['下一页', true],
  ['更多。', true],
  ['还有呢？', true],
  ['更多的人来了', false],
  ['后面', false],
  ['继续', false],
])('%s: %s', (words, asks) => expect(asksForMore(words)).toBe(asks));
