/** /发件箱, /重发, /作废 — what waits, what did not arrive or may not have, why; and an end to each by the admin's hand. */
import { z } from 'zod';
import { NOWHERE } from '../src/bot/address.ts';
import { defineCommand, refuse } from '../src/bot/command.ts';
import { type Item, itemsFor } from '../src/bot/outbox-view.ts';
import type { OutboxState } from '../src/bot/ports.ts';
import type { Card } from '../src/core/card.ts';
import { sayInstant } from '../src/core/day.ts';

type Facts = Item[];

const MOST = 30;
const count = (items: Facts, state: OutboxState): number => items.filter(i => i.row.state === state).length;

const outbox = defineCommand<object, Facts>({
  name: '发件箱',
  aliases: ['待发', 'fjx', 'fajianxiang', 'outbox'],
  summary: '哪些消息没送到、在等什么',
  usage: '/发件箱',
  examples: ['/发件箱'],
  slots: {},
  args: z.object({}),
  facts: (read, { actor, service }) => itemsFor(read, actor, service.held()),
  decide({ facts, today, webUrl }) {
    const [unknown, failed, pending] = [count(facts, 'unknown'), count(facts, 'failed'), count(facts, 'pending')];
    if (!facts.length) return { reply: { code: 'outbox.empty', title: '发件箱是空的，都送到了', tone: 'ok', lines: [] } };
    const doubtful = facts.filter(i => i.row.state !== 'pending' && i.row.to.platform !== NOWHERE).slice(0, 2);
    const card: Card = {
      code: 'outbox.shown',
      title: `发件箱：不明 ${unknown}，没送到 ${failed}，等着发 ${pending}`,
      tone: unknown + failed ? 'ask' : 'info',
      lines: [
        ...(unknown ? ['不明的可能已经送到，先问对方再 /重发 编号'] : []),
        ...(failed ? ['原因处理好了，发 /重发 编号；不用送了，发 /作废 编号'] : []),
        ...(facts.length > MOST ? [`只列前 ${MOST} 条，共 ${facts.length} 条${webUrl === null ? '' : '；发 /网页 看全部'}`] : []),
      ],
      table: {
        columns: ['编号', '给谁', '情况', '原因', '时间'],
        rows: facts
          .slice(0, MOST)
          .map(({ row, whom, state, why, until }) => [String(row.seq), whom, state, why, sayInstant(until ?? row.createdAt, today)]),
      },
      buttons: doubtful.flatMap(({ row }) => [
        { label: `重发 ${row.seq}`, command: `/重发 ${row.seq}` },
        { label: `作废 ${row.seq}`, command: `/作废 ${row.seq}` },
      ]),
    };
    return { reply: card };
  },
});

const numbered = z.object({ ref: z.string({ error: '要写编号，发 /发件箱 看' }).regex(/^\d+$/, '编号是一个数') });
const slots = { ref: { kind: 'ref', plain: true } } as const;
const unknownRow = (ref: string) => refuse('outbox.unknown', `发件箱里没有编号 ${ref}`, '发 /发件箱 看有哪些');

const resend = defineCommand<z.infer<typeof numbered>, Facts>({
  name: '重发',
  aliases: ['再发', 'cf', 'chongfa', 'resend'],
  summary: '把没送到的消息再送一次',
  usage: '/重发 编号',
  examples: ['/重发 128'],
  slots,
  args: numbered,
  facts: (read, { actor, service }) => itemsFor(read, actor, service.held()),
  decide({ args, facts, now }) {
    const item = facts.find(i => i.row.seq === Number(args.ref));
    if (!item) return unknownRow(args.ref);
    const { row, whom, why } = item;
    if (row.state === 'pending') return refuse('outbox.pending', `编号 ${row.seq} 还在等着发，不用重发`, why);
    if (row.to.platform === NOWHERE) return refuse('outbox.nowhere', '没有可送的地方', '先绑定人或群，发 /体检 看缺什么');
    if (row.expires !== null && row.expires <= now)
      return refuse('outbox.expired', '这条已过期，送了也没有用', `不用送了，发 /作废 ${row.seq}`);
    if (row.card.title === '') return refuse('outbox.gone', '内容已按期清除，不能再送');
    return {
      outbox: [{ seq: row.seq, to: 'again' }],
      reply: {
        code: 'outbox.again',
        title: `再送一次：${whom}`,
        tone: 'ok',
        lines: row.state === 'unknown' ? ['先前若已送到，对方可能看到两次'] : [],
      },
    };
  },
});

const drop = defineCommand<z.infer<typeof numbered>, Facts>({
  name: '作废',
  aliases: ['不发了', 'zf', 'zuofei', 'drop'],
  summary: '没送到的消息不再送',
  usage: '/作废 编号',
  examples: ['/作废 128'],
  slots,
  args: numbered,
  facts: (read, { actor, service }) => itemsFor(read, actor, service.held()),
  decide({ args, facts }) {
    const item = facts.find(i => i.row.seq === Number(args.ref));
    if (!item) return unknownRow(args.ref);
    return {
      outbox: [{ seq: item.row.seq, to: 'dropped' }],
      reply: { code: 'outbox.dropped', title: `不再送：${item.whom}`, tone: 'ok', lines: ['记录还在，发 /记录 可查'] },
    };
  },
});

export { drop, outbox, resend };
