/** Messages at the limit of what a messenger takes: nothing is over it, nothing is lost unsaid, and no sign is broken. */
import { describe, expect, it } from 'vitest';
import type { Card } from '../../src/core/card.ts';
import { beginningOf, cut } from '../../src/core/cut.ts';
import { fit, keyed, MOST_PARTS, render, sessionBody } from '../../src/platforms/dingtalk/render.ts';
import { renderText, TEXT_BYTES } from '../../src/platforms/feishu/render.ts';
import { render as wechat } from '../../src/platforms/wechat/render.ts';
import { webhookBody, render as wecom } from '../../src/platforms/wecom/render.ts';

const bytes = (text: string) => Buffer.byteLength(text);
const card = (more: Partial<Card>): Card => ({ code: 'x', title: '题', tone: 'info', lines: [], ...more });
const broken = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]|\ufffd/;

describe('a text', () => {
  it('that fits to the byte stays; one byte more, and its end says that something is missing', () => {
    expect(cut('吴沐阳签到', 15, () => '…')).toBe('吴沐阳签到');
    expect(cut('吴沐阳签到', 14, () => '…')).toBe('吴沐阳…');
    expect(cut('ab', 2, () => '…')).toBe('ab');
    expect(cut('一\n二\n三\n四', 12, n => `少${n}`)).toBe('一\n二少2');
  });

  it('ends with a whole line: a figure of which the last signs are missing is another figure', () => {
    const rows = ['第38县：154/26/6/200', '第39县：155/24/7/2407', '第40县：1/2/3/4'];
    const text = rows.join('\n');
    for (let room = bytes(rows[0]!) + 4; room < bytes(text); room++) {
      const kept = cut(text, room, () => '…')
        .replace(/…$/, '')
        .split('\n');
      expect(kept).toEqual(rows.slice(0, kept.length));
      expect(bytes(cut(text, room, () => '…'))).toBeLessThanOrEqual(room);
    }
    const table = { columns: ['区县', '已核实', '计划'], rows: Array.from({ length: 200 }, (_, i) => [`第${i}县`, `${1000 + i}`, '2407']) };
    const [note, last] = wechat(card({ table })).split('\n').reverse();
    expect(note).toMatch(/^（还有 \d+ 行，回复“更多”接着看）$/);
    expect(last).toMatch(/^· 第\d+县：1\d{3}\/2407$/);
  });

  it('is cut between signs, also those of four bytes', () => {
    expect(beginningOf('𠮷𠮷', 7)).toBe('𠮷');
    expect(beginningOf('𠮷𠮷', 8)).toBe('𠮷𠮷');
    expect(beginningOf('𠮷', 3)).toBe('');
    const odd = `a${'𠮷'.repeat(60_000)}`;
    for (const text of [renderText(odd, []).text, wechat(card({ lines: [odd] })), ...fit([odd], 14_000)]) expect(text).not.toMatch(broken);
    const [pushed] = wecom(card({ lines: [odd] }), 'key');
    for (const body of [pushed, webhookBody(card({ lines: [odd] }), [])])
      expect((body as { markdown: { content: string } }).markdown.content).not.toMatch(broken);
  });

  it('of many lines is no larger for Feishu than one of few, as it travels', () => {
    for (const line of ['行', '"\\行"', 'a']) {
      const { text } = renderText(`${line}\n`.repeat(100_000), []);
      const travels = bytes(JSON.stringify(JSON.stringify({ text })));
      expect(travels).toBeLessThanOrEqual(150 * 1024);
      expect(travels).toBeGreaterThan(TEXT_BYTES - 100);
      expect(text).toMatch(/（太长，后面 \d+ 行没有显示，请用 \/网页 看全）$/);
    }
  });
});

describe('a message of DingTalk', () => {
  /** Short rows: line breaks and signs of markdown take more when they are written than when they are read. */
  const rows = Array.from({ length: 900 }, (_, i) => ['"*_*"', `${i}`]);
  const buttons = Array.from({ length: 5 }, (_, i) => ({ label: `批准第${i}`, command: `/批准 ${i} ${'事由'.repeat(50)}` }));

  it.each([
    ['short rows', card({ table: { columns: ['单位', '人次'], rows } })],
    ['rows and buttons', card({ table: { columns: ['单位', '人次'], rows }, buttons })],
    ['one long line', card({ lines: ['"\n\\*'.repeat(9_000)] })],
  ])('is at most 15,000 bytes in every part, buttons and all: %s', (_, shown) => {
    const made = render(shown);
    expect(made.parts.length).toBeGreaterThan(1);
    for (const [i, text] of made.parts.entries()) {
      const last = i === made.parts.length - 1;
      expect(bytes(keyed(made, text, last).msgParam)).toBeLessThanOrEqual(15_000);
      expect(bytes(JSON.stringify(sessionBody(made, text, last, ['s1'])))).toBeLessThanOrEqual(15_000);
    }
    // What is there is there in full.
    if (made.parts.length < MOST_PARTS && shown.table) for (const [, n] of rows) expect(made.parts.join('\n')).toContain(n);
  });

  it('leaves room for its buttons in the last part, and shows eight full parts without a word of more', () => {
    const full = card({ lines: ['x'.repeat(13_500)], buttons });
    const made = render(full);
    expect(made.buttons).toHaveLength(5);
    expect(bytes(keyed(made, made.parts.at(-1)!, true).msgParam)).toBeLessThanOrEqual(15_000);
    const eight = render(card({ lines: Array.from({ length: MOST_PARTS }, (_, i) => `${i}${'x'.repeat(13_500)}`) }));
    expect(eight.parts).toHaveLength(MOST_PARTS);
    expect(eight.parts.at(-1)).toContain(`${MOST_PARTS - 1}xxx`);
  });

  it('has buttons with very long commands as links in the words', () => {
    const long = buttons.map(b => ({ ...b, command: b.command.repeat(3) }));
    const made = render(card({ buttons: long }));
    expect(made.buttons).toEqual([]);
    expect(made.parts.join('').match(/dtmd:/g)).toHaveLength(5);
  });

  it('is filled: one block more than fits begins the next part', () => {
    expect(fit(['aaaa', 'bb'], 12)).toEqual(['aaaa\n\nbb']);
    expect(fit(['aaaa', 'bb'], 11)).toEqual(['aaaa', 'bb']);
    expect(fit(['abcdef', 'g'], 6)).toEqual(['abcd', 'ef', 'g']);
    expect(fit([], 6)).toEqual([]);
  });
});
