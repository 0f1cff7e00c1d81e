/** /发件箱, /重发, /作废 — what waits, what did not arrive or may not have, why; and an end to each by the admin's hand. */
import { z } from 'zod';
import { NOWHERE } from '../src/bot/address.ts';
import type { Actor } from '../src/bot/command.ts';
import { defineCommand, refuse } from '../src/bot/command.ts';
import type { OutboxRow, OutboxState, Read } from '../src/bot/ports.ts';
import { meantFor } from '../src/bot/receivers.ts';
import type { Card } from '../src/core/card.ts';
import { sayInstant } from '../src/core/day.ts';

interface Item {
  row: OutboxRow;
  /** Who it is for: a person or a group, by name. Never what it says. */
  whom: string;
}
type Facts = Item[];

const MOST = 30;
const LOOKED_THROUGH = 500;
const STATES: Partial<Record<OutboxState, string>> = { unknown: '是否送到不明', failed: '没有送到', pending: '等着发' };
const PLATFORMS: Readonly<Record<string, string>> = {
  feishu: '飞书',
  dingtalk: '钉钉',
  wecom: '企业微信',
  wechat: '微信',
  sandbox: '演练台',
  web: '网页',
};

/** Rows of the actor's county that are not sent, the doubtful first. */
const itemsFor = async (read: Read, actor: Actor): Promise<Facts> => {
  const county = actor.grants.find(g => g.role === 'admin')?.county ?? null;
  const rows = await read.outbox({ states: ['unknown', 'failed', 'pending'], limit: LOOKED_THROUGH });
  const grants = county === null ? [] : await read.all('grants', { county });
  const people = new Map((await read.all('people', { id: [...new Set(grants.map(g => g.person))] })).map(p => [p.id, p.name]));
  const accounts = new Map(
    (await read.all('accounts', { person: [...people.keys()] })).map(a => [`${a.platform} ${a.app} ${a.account}`, a.person]),
  );
  const orgs = new Set((county === null ? [] : await read.all('orgs', { county })).map(o => o.id));
  const groups = (await read.all('groups', {})).filter(g => g.orgs.some(o => orgs.has(o)));
  const items: Item[] = [];
  for (const row of rows) {
    const { platform, app, conversation } = row.to;
    const group = groups.find(g => g.platform === platform && g.app === app && g.conversation === conversation);
    // A direct chat is named after its account, with or without a mark before it.
    const person =
      accounts.get(`${platform} ${app} ${conversation}`) ?? accounts.get(`${platform} ${app} ${conversation.replace(/^[a-z]+:/, '')}`);
    const whom = group?.name ?? (person === undefined ? undefined : people.get(person));
    if (whom !== undefined) items.push({ row, whom: `${whom}（${PLATFORMS[platform] ?? platform}）` });
    else if (platform === NOWHERE) {
      const meant = await meantFor(read, conversation);
      if (meant.county === null || meant.county === county) items.push({ row, whom: meant.whom });
    }
  }
  const order: OutboxState[] = ['unknown', 'failed', 'pending'];
  return items.sort((a, b) => order.indexOf(a.row.state) - order.indexOf(b.row.state) || b.row.seq - a.row.seq);
};

const why = ({ error, state }: OutboxRow): string =>
  error === 'unreachable'
    ? '没有绑定的人'
    : error === 'stopped while sending'
      ? '停机时正在发'
      : (error ?? (state === 'pending' ? '到时候发' : ''));
const count = (items: Facts, state: OutboxState): number => items.filter(i => i.row.state === state).length;

const outbox = defineCommand<object, Facts>({
  name: '发件箱',
  aliases: ['待发', 'fjx', 'fajianxiang', 'outbox'],
  summary: '哪些消息没送到、在等什么',
  usage: '/发件箱',
  examples: ['/发件箱'],
  slots: {},
  args: z.object({}),
  facts: (read, { actor }) => itemsFor(read, actor),
  decide({ facts, today }) {
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
        ...(facts.length > MOST ? [`只列前 ${MOST} 条，共 ${facts.length} 条`] : []),
      ],
      table: {
        columns: ['编号', '给谁', '情况', '原因', '时间'],
        rows: facts
          .slice(0, MOST)
          .map(({ row, whom }) => [
            String(row.seq),
            whom,
            STATES[row.state] ?? row.state,
            why(row),
            sayInstant(row.notBefore ?? row.createdAt, today),
          ]),
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
  facts: (read, { actor }) => itemsFor(read, actor),
  decide({ args, facts, now }) {
    const item = facts.find(i => i.row.seq === Number(args.ref));
    if (!item) return unknownRow(args.ref);
    const { row, whom } = item;
    if (row.state === 'pending') return refuse('outbox.pending', `编号 ${row.seq} 还在等着发，不用重发`, why(row));
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
  facts: (read, { actor }) => itemsFor(read, actor),
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
