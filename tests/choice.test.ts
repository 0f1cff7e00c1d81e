/** What a bare number stands for where there are no buttons. */
import { describe, expect, it, test } from 'vitest';
import { type Chooser, chosen, numberTyped, type Offer } from '../src/bot/choice.ts';
import type { OutboxRow } from '../src/bot/ports.ts';
import type { Card } from '../src/core/card.ts';
import { joinCards } from '../src/outbox/join.ts';

test.each([
  ['1', 1],
  ['１', 1],
  [' 2。', 2],
  ['回复 3', 3],
  ['选1', 1],
  ['第2个', 2],
  ['10', 10],
  ['100', undefined],
  ['1 2', undefined],
  ['1号', undefined],
  ['12日', undefined],
  ['/1', undefined],
  ['一', undefined],
  ['', undefined],
])('%s is %s', (text, number) => expect(numberTyped({ kind: 'text', text })).toBe(number));

const NOW = 1_000_000_000;
const MINUTE = 60_000;
const card = (labels: string[], more: Partial<Card> = {}): Card => ({
  code: 'x',
  title: labels.join(''),
  tone: 'ask',
  lines: [],
  buttons: labels.map(label => ({ label, command: `/${label}` })),
  ...more,
});
let seq = 0;
const offer = (what: Card, more: Partial<OutboxRow> & { account?: string } = {}): Offer => {
  const { account = null, ...row } = more;
  seq++;
  return {
    row: { seq, key: `k${seq}`, providerId: `p${seq}`, class: 'news', settledAt: NOW - MINUTE, card: what, ...row } as OutboxRow,
    account,
  };
};
const direct: Chooser = { account: 'a', person: 'p', direct: true };
const group: Chooser = { ...direct, direct: false };

describe('a number', () => {
  it('presses the button in its place', () => {
    expect(chosen([offer(card(['批准', '驳回']))], 2, direct, NOW)).toMatchObject({ kind: 'press', command: '/驳回' });
  });
  it('beyond the last presses nothing, and 0 neither', () => {
    expect(chosen([offer(card(['批准', '驳回']))], 3, direct, NOW)).toEqual({ kind: 'none', most: 2 });
    expect(chosen([offer(card(['批准', '驳回']))], 0, direct, NOW)).toEqual({ kind: 'none', most: 2 });
  });
  it.each([
    [10 * MINUTE, 'press'],
    [10 * MINUTE + 1, 'late'],
  ])('%d ms later: %s', (after, kind) => {
    expect(chosen([offer(card(['批准']), { settledAt: NOW - after })], 1, direct, NOW).kind).toBe(kind);
  });
  it('in a group is heard from whom it was offered to: whose words it answers, or who is called', () => {
    expect(chosen([offer(card(['批准']))], 1, group, NOW).kind).toBe('nothing');
    expect(chosen([offer(card(['批准']), { account: 'b', class: 'reply' })], 1, group, NOW).kind).toBe('nothing');
    expect(chosen([offer(card(['批准']), { account: 'a', class: 'reply' })], 1, group, NOW).kind).toBe('press');
    expect(chosen([offer(card(['批准'], { mention: ['p'] }))], 1, group, NOW).kind).toBe('press');
    expect(chosen([offer(card(['批准'], { mention: ['q'] }))], 1, { ...group, person: null }, NOW).kind).toBe('nothing');
  });
  it('is asked about where two cards came unasked, and not where one answers the person’s own words', () => {
    const [one, two] = [offer(card(['甲'])), offer(card(['乙']))];
    expect(chosen([two, one], 1, direct, NOW)).toMatchObject({ kind: 'which', buttons: [{ command: '/乙' }, { command: '/甲' }] });
    const reply = offer(card(['丙']), { class: 'reply', account: 'a' });
    expect(chosen([reply, two, one], 1, direct, NOW)).toMatchObject({ kind: 'press', command: '/丙' });
    const later = offer(card(['丁']));
    expect(chosen([later, reply, two, one], 1, direct, NOW)).toMatchObject({
      kind: 'which',
      buttons: [{ command: '/丁' }, { command: '/丙' }],
    });
    expect(chosen([offer(card(['甲'])), offer(card(['甲']))], 1, direct, NOW)).toMatchObject({ kind: 'press', command: '/甲' });
  });
  it('counts through cards that went as one message, as they were sent', () => {
    const cards = [card(['甲', '乙']), card(['丙'])];
    const joined = joinCards(cards);
    const rows = [offer(cards[1]!, { providerId: 'same' }), offer(joined, { providerId: 'same' })];
    for (const offers of [rows, [...rows].reverse()])
      expect(chosen(offers, 3, direct, NOW)).toMatchObject({ kind: 'press', command: joined.buttons![2]!.command });
  });
});
