/** /记录 — the auditor's view of the journal, page by page. Secrets stand in it as digests only, so nothing secret can be shown. */

import { z } from 'zod';
import { defineCommand } from '../src/bot/command.ts';
import { textRoom } from '../src/bot/messengers.ts';
import { PERMISSIONS } from '../src/bot/permissions.ts';
import { type Card, wordsOf } from '../src/core/card.ts';
import { parseDay, sayDay, sayInstant } from '../src/core/day.ts';
import { changeWords, idsIn, type JournalNames, subjectOf, TABLE_WORDS } from '../src/core/journal-words.ts';
import { shownOrg } from '../src/core/org-names.ts';
import { type Page, pageOf } from './records/page.ts';

const day = z.string().transform(d => parseDay(d)!);
const args = z.object({
  person: z.string().optional(),
  days: z.array(z.object({ from: day, to: day })).optional(),
  period: z.object({ from: day, to: day, label: z.string() }).optional(),
  ref: z.string().optional(),
  command: z.string().optional(),
  before: z.string().regex(/^\d+$/, '“早于”后面写一个编号').optional(),
});
type Args = z.infer<typeof args>;

interface Facts {
  page: Page;
  people: Map<string, string>;
  orgs: Map<string, string>;
}

/** As many as one message surely shows there; one at least. What is put around a card on its way has room as well. */
const fitting = (rows: number, shown: (n: number) => Card, platform: string): number => {
  const room = textRoom(platform) - 200;
  let n = rows;
  while (n > 1 && new TextEncoder().encode(wordsOf(shown(n))).length > room) n--;
  return n;
};

const valuesOf = (json: string | null): Record<string, unknown> | null =>
  json === null ? null : (JSON.parse(json) as Record<string, unknown>);

export default defineCommand<Args, Facts>({
  name: '记录',
  aliases: ['日志', '审计', 'jl', 'jilu', 'journal'],
  shows: true,
  daily: ['auditor'],
  summary: '谁在何时改了什么',
  usage: '/记录 [姓名] [命令] [日期、起止或月份] [编号]',
  examples: ['/记录', '/记录 张三', '/记录 4月10日', '/记录 4月1日-4月10日', '/记录 设置 4月', '/记录 编号57'],
  slots: {
    before: { kind: 'labelled', labels: ['早于'], of: { kind: 'ref', plain: true } },
    days: { kind: 'dates', prefer: 'past' },
    period: { kind: 'period' },
    ref: { kind: 'ref' },
    command: { kind: 'choice', words: Object.fromEntries(Object.keys(PERMISSIONS).map(name => [name, name])) },
    person: { kind: 'person' },
  },
  args,
  async facts(read, { args }) {
    const { before, period, ...asked } = args;
    const days = period ? [...(args.days ?? []), period] : args.days;
    const page = await pageOf(read, { ...asked, days, before: before === undefined ? undefined : Number(before) });
    const { rows } = page;
    const ids = rows.map(r => idsIn(valuesOf(r.before), valuesOf(r.after)));
    const people = [
      ...new Set([...rows.flatMap(r => r.actor ?? []), ...ids.flatMap(i => i.people), ...(args.person ? [args.person] : [])]),
    ];
    const orgs = [...new Set(ids.flatMap(i => i.orgs))];
    return {
      page,
      people: new Map((people.length ? await read.all('people', { id: people }) : []).map(p => [p.id, p.name])),
      orgs: new Map((orgs.length ? await read.all('orgs', { id: orgs }) : []).map(o => [o.id, shownOrg(o)])),
    };
  },
  decide({ args, facts, today, programmes, conversation }) {
    const { rows, next } = facts.page;
    const which = [
      ...(args.person ? [`${facts.people.get(args.person) ?? ''}经办`] : []),
      ...(args.command ? [`/${args.command}`] : []),
      ...(args.days ?? []).map(d => (d.from === d.to ? sayDay(d.from, today) : `${sayDay(d.from, today)}至${sayDay(d.to, today)}`)),
      ...(args.period ? [args.period.label] : []),
      ...(args.ref ? [`编号${args.ref}`] : []),
    ];
    const of = which.length ? `${which.join(' ')} ` : '';
    const asked = [
      ...(args.person ? [facts.people.get(args.person) ?? ''] : []),
      ...(args.command ? [args.command] : []),
      ...(args.days ?? []).map(d => (d.from === d.to ? d.from : `${d.from}至${d.to}`)),
      ...(args.period ? [`${args.period.from}至${args.period.to}`] : []),
      ...(args.ref ? [`编号${args.ref}`] : []),
    ];
    const older = (before: number) => ['/记录', ...asked, `早于${before}`].join(' ');
    if (!rows.length && next !== undefined)
      return {
        reply: {
          code: 'records.further',
          title: `还没有找到${of}的记录`,
          tone: 'info',
          lines: ['记录多，只找了一段'],
          buttons: [{ label: '接着找', command: older(next) }],
        },
      };
    if (!rows.length)
      return {
        reply: {
          code: 'records.none',
          title: args.before ? '没有更早的记录了' : `没有${of}的记录`,
          tone: 'info',
          lines: ['看最近的发：/记录'],
        },
      };
    const figures = new Map(
      programmes.flatMap(p => [p.workload, p.publicity, p.cost].flatMap(s => s?.figures ?? [])).map(f => [f.id, f.name]),
    );
    const names: JournalNames = {
      person: id => facts.people.get(id),
      org: id => facts.orgs.get(id),
      figure: id => figures.get(id) ?? id,
    };
    const words = rows.map(r => {
      const [before, after] = [valuesOf(r.before), valuesOf(r.after)];
      return [
        sayInstant(r.at, today),
        r.actor ? (facts.people.get(r.actor) ?? r.actor) : '系统',
        r.command,
        r.table === 'readings' ? `查看 ${TABLE_WORDS[r.row] ?? r.row}` : subjectOf(r.table, r.row, after ?? before, names, today),
        changeWords(before, after, names, today),
      ];
    });
    const shown = (n: number): Card => {
      const on = n < rows.length ? rows[n - 1]!.seq : next;
      return {
        code: 'records.shown',
        title: `${of}记录 ${n} 条${on === undefined ? '' : '，还有更早的'}`,
        tone: 'info',
        lines: ['每条连着上一条的摘要，改不了也删不掉'],
        table: { columns: ['时间', '谁', '命令', '对象', '变化'], rows: words.slice(0, n) },
        ...(on === undefined ? {} : { buttons: [{ label: '更早的', command: older(on) }] }),
      };
    };
    return { reply: shown(fitting(rows.length, shown, conversation.platform)) };
  },
});
