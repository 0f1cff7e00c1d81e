/** A file that takes a while: said first, then sent; nobody waits for it, and what was said is what was sent. */
import { expect, test } from 'vitest';
import { createMaker, latest, madeBeside, making } from '../../src/bot/paper.ts';
import type { OutboxRow } from '../../src/bot/ports.ts';
import type { Card } from '../../src/core/card.ts';

const card: Card = {
  code: 'export.done',
  title: '附件3',
  tone: 'ok',
  lines: [],
  paper: { kind: 'form', name: '附件3.xlsx', slow: true, ask: {} as never },
};
const row = { seq: 7, state: 'pending', card, notBefore: 120_000 } as OutboxRow;

test('such a row waits for its file, two minutes at most; a finished one does not', () => {
  expect(latest(card, 1000)).toBe(121_000);
  expect(making(card).title).toContain('正在生成');
  const { paper: _, ...done } = card;
  expect(madeBeside({ ...done, file: { id: 'x', name: 'x', bytes: 1 } })).toBe(false);
  expect(latest(done, 1000)).toBeNull();
});

test('the card is stored with its file before it is handed over', async () => {
  const order: string[] = [];
  const file = { id: 'a', name: '附件3.xlsx', bytes: 9 };
  const maker = createMaker({
    outbox: { mark: async (m: { card?: Card }[]) => void order.push(`stored ${m[0]!.card?.file?.id}`) } as never,
    clock: { now: () => 0 },
    render: async c => {
      const { paper: _, ...rest } = c;
      return { ...rest, lines: ['3 行'], file };
    },
    kick: posts => void order.push(`sent ${posts[0]!.card.lines[0]} ${posts[0]!.notBefore}`),
    log: { error: () => undefined },
  });
  maker.take([row]);
  await maker.idle();
  expect(order).toEqual(['stored a', 'sent 3 行 null']);
});

test('what cannot be made is said in words, and is not tried in the relay again', async () => {
  const sent: Card[] = [];
  const maker = createMaker({
    outbox: { mark: async () => undefined } as never,
    clock: { now: () => 0 },
    render: () => Promise.reject(new Error('broken')),
    kick: posts => void sent.push(posts[0]!.card),
    log: { error: () => undefined },
  });
  maker.take([row]);
  await maker.idle();
  expect(sent[0]).toMatchObject({ tone: 'no', lines: [expect.stringContaining('没有做成')] });
  expect(sent[0]!.paper).toBeUndefined();
});
