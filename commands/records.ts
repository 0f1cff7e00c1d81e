/** /记录 — the auditor's view of the journal, page by page. Secrets stand in it as digests only, so nothing secret can be shown. */
import { z } from 'zod';
import { defineCommand } from '../src/bot/command.ts';
import type { JournalQuery, JournalRow, Read } from '../src/bot/ports.ts';
import { addDays, at, dayAt, parseDay, sayDay, sayInstant } from '../src/core/day.ts';
import { changeWords, idsIn, type JournalNames, subjectOf, TABLE_WORDS } from '../src/core/journal-words.ts';

const day = z.string().transform(d => parseDay(d)!);
const args = z.object({
  person: z.string().optional(),
  days: z.array(z.object({ from: day, to: day })).optional(),
  ref: z.string().optional(),
  before: z.string().regex(/^\d+$/, '“早于”后面写一个编号').optional(),
});
type Args = z.infer<typeof args>;

interface Facts {
  rows: JournalRow[];
  /** There are older ones. */
  more: boolean;
  people: Map<string, string>;
  orgs: Map<string, string>;
}

/** Rows of a page. */
const MOST = 50;
/** How many rows are looked through for one page, where days lie apart. */
const LOOKS = 40;

const valuesOf = (json: string | null): Record<string, unknown> | null =>
  json === null ? null : (JSON.parse(json) as Record<string, unknown>);

/** A page and one row more, without what the bot only asked. */
const pageOf = async (read: Read, { person, days, ref, before }: Args): Promise<JournalRow[]> => {
  const span = days?.length
    ? {
        from: at(days.map(d => d.from).sort()[0]!, '00:00'),
        until: at(
          addDays(
            days
              .map(d => d.to)
              .sort()
              .at(-1)!,
            1,
          ),
          '00:00',
        ),
      }
    : {};
  const where: JournalQuery = {
    ...(person ? { actor: person } : {}),
    ...span,
    ...(ref ? (/^\d+$/.test(ref) ? { turn: Number(ref) } : { row: ref }) : {}),
  };
  const meant = (r: JournalRow): boolean =>
    r.table !== 'questions' && (!days?.length || days.some(d => d.from <= dayAt(r.at) && dayAt(r.at) <= d.to));
  const rows: JournalRow[] = [];
  let below = before === undefined ? undefined : Number(before);
  for (let look = 0; look < LOOKS && rows.length <= MOST; look++) {
    const some = await read.journal({ ...where, ...(below === undefined ? {} : { below }) }, MOST + 1);
    rows.push(...some.filter(meant));
    if (some.length <= MOST) break;
    below = some.at(-1)!.seq;
  }
  return rows.slice(0, MOST + 1);
};

export default defineCommand<Args, Facts>({
  name: '记录',
  aliases: ['日志', '审计', 'jl', 'jilu', 'journal'],
  summary: '谁在何时改了什么',
  usage: '/记录 [姓名] [日期或起止] [编号]',
  examples: ['/记录', '/记录 张三', '/记录 4月10日', '/记录 4月1日-4月10日', '/记录 编号57'],
  slots: {
    before: { kind: 'labelled', labels: ['早于'], of: { kind: 'ref', plain: true } },
    days: { kind: 'dates', prefer: 'past' },
    ref: { kind: 'ref' },
    person: { kind: 'person' },
  },
  args,
  async facts(read, { args }) {
    const found = await pageOf(read, args);
    const rows = found.slice(0, MOST);
    const ids = rows.map(r => idsIn(valuesOf(r.before), valuesOf(r.after)));
    const people = [...new Set([...rows.flatMap(r => r.actor ?? []), ...ids.flatMap(i => i.people), ...(args.person ?? [])])];
    const orgs = [...new Set(ids.flatMap(i => i.orgs))];
    return {
      rows,
      more: found.length > MOST,
      people: new Map((people.length ? await read.all('people', { id: people }) : []).map(p => [p.id, p.name])),
      orgs: new Map((orgs.length ? await read.all('orgs', { id: orgs }) : []).map(o => [o.id, o.names[0] ?? o.name])),
    };
  },
  decide({ args, facts, today, programmes }) {
    const { rows } = facts;
    const which = [
      ...(args.person ? [facts.people.get(args.person) ?? ''] : []),
      ...(args.days ?? []).map(d => (d.from === d.to ? sayDay(d.from, today) : `${sayDay(d.from, today)}至${sayDay(d.to, today)}`)),
      ...(args.ref ? [`编号${args.ref}`] : []),
    ];
    const of = which.length ? `${which.join(' ')} ` : '';
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
    const asked = [
      ...(args.person ? [facts.people.get(args.person) ?? ''] : []),
      ...(args.days ?? []).map(d => (d.from === d.to ? d.from : `${d.from}至${d.to}`)),
      ...(args.ref ? [`编号${args.ref}`] : []),
    ];
    const older = ['/记录', ...asked, `早于${rows.at(-1)!.seq}`].join(' ');
    return {
      reply: {
        code: 'records.shown',
        title: `${of}记录 ${rows.length} 条${facts.more ? '，还有更早的' : ''}`,
        tone: 'info',
        lines: ['每条连着上一条的摘要，改不了也删不掉'],
        table: {
          columns: ['时间', '谁', '命令', '对象', '变化'],
          rows: rows.map(r => {
            const [before, after] = [valuesOf(r.before), valuesOf(r.after)];
            return [
              sayInstant(r.at, today),
              r.actor ? (facts.people.get(r.actor) ?? r.actor) : '系统',
              r.command,
              r.table === 'readings' ? `查看 ${TABLE_WORDS[r.row] ?? r.row}` : subjectOf(r.table, r.row, after ?? before, names, today),
              changeWords(before, after, names, today),
            ];
          }),
        },
        ...(facts.more ? { buttons: [{ label: '更早的', command: older }] } : {}),
      },
    };
  },
});
