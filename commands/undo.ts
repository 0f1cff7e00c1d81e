/** /撤销 — takes the asker's last action back within ten minutes, when nothing was built on it. */

import { z } from 'zod';
import { defineCommand, refuse } from '../src/bot/command.ts';
import { isDigest, type JournalRow, READINGS, type Read } from '../src/bot/ports.ts';
import { feedersOf } from '../src/bot/report-draft.ts';
import { aboveOf, filerOf } from '../src/bot/reports.ts';
import type { ConversationKey } from '../src/core/card.ts';
import { type Day, sayDay, timeOf } from '../src/core/day.ts';
import { sayFigures } from '../src/core/figure-words.ts';
import { sayTold } from '../src/core/hours.ts';
import { shownOrg } from '../src/core/org-names.ts';
import { type Correction, correctionNews, whoHeard } from '../src/core/presence-news.ts';
import type { Change, Filing, Report, Table, Visit, Workload } from '../src/core/records.ts';
import { isFiled } from '../src/core/report.ts';
import type { Programme } from '../src/programmes/schema.ts';
import { heardAt, type Told, takeBack, toldOf } from './undo/take-back.ts';

const args = z.object({});
const A_MINUTE = 60_000;
const WITHIN = 10 * A_MINUTE;
/** What is done for good, since others already rely on it or its secrets are kept as digests only; and what is done instead. */
const NEVER: Readonly<Record<string, string | ((rows: readonly JournalRow[]) => string)>> = {
  撤销: '要恢复请重新操作一次',
  绑定: '绑错了发 /解绑，再重新绑定',
  解绑: '再绑一次：/绑定 姓名 手机后四位',
  认领: '角色用 /授权、/撤权 改',
  交接: '要换回来再发 /交接 新 旧',
  导入: '导错了就改好表再 /导入 一次',
  网页: '没点开的链接五分钟后失效；点开了的在页面上点“退出”',
  请假: '要撤回请发 /销假',
  销假: '要再请请发 /请假',
  批准: '要改请本人 /销假，再重新请',
  驳回: '请本人重新 /请假',
  备案: '登记有误的，请在纸质备案表上注明更正',
  认定: '本人和支援单位不同意的，可发 /异议',
  说明: '要补充再发一次 /说明',
  异议: '要补充请告诉复核的人',
  受益: rows => {
    const kept = rows.find(r => r.table === 'beneficiaries' && r.before === null);
    return kept ? `登错了发：受益 删除 ${kept.row}` : '要登记请再发一次 /受益';
  },
  抽样: '名单7天后自动删除；再抽的不会和这次重复',
  催报: '提醒已经发出',
  重发: '消息已经再送',
  作废: '要让对方知道，请直接告诉',
};

interface Facts {
  rows: JournalRow[];
  /** Rows as they are now, by `table id`. */
  now: Map<string, unknown>;
  /** What was answered then, in the same place. */
  answered: string | undefined;
  /** Others' records lean on what would go. */
  leanedOn: boolean;
  /** Words on who was not there that are taken back with it, one a physician and day. */
  corrections: { visit: Visit; correction: Correction; name: string; clinic: string; heard: ReadonlySet<string> }[];
  /** A physician's day that stands in a report filed since. */
  filed: { day: Day; name: string } | undefined;
  /** What others were told of it. */
  told: Told;
  /** A report that was filed here, and is in one that was filed above since. */
  above: boolean;
  /** A report would no longer be accepted though the one made from it is, or would be again though one that it is made from is not. */
  order: 'above' | 'below' | null;
}

export default defineCommand<z.infer<typeof args>, Facts>({
  name: '撤销',
  atOnce: true,
  aliases: ['撤消', '撤回', '反悔', 'cx', 'chexiao', 'undo'],
  sayings: /[签点按填发报输写弄搞]错/,
  summary: '收回刚才的操作（十分钟内）',
  usage: '/撤销',
  examples: ['/撤销'],
  slots: {},
  args,
  namesCommands: true,
  async facts(read, { actor, programmes, today, now: said, conversation }) {
    const done = (r: JournalRow) => r.table !== 'questions' && r.table !== READINGS;
    // What comes late takes back what was done when it was said, and nothing since; clocks differ by some seconds.
    const [last] = (await read.journal({ actor: actor.person!.id }, 50)).filter(r => done(r) && r.sentAt <= said + A_MINUTE);
    const rows = last ? (await read.journal({ turn: last.turn }, 20_000)).filter(done) : [];
    const now = new Map<string, unknown>();
    // A message of the outbox is no record.
    for (const r of rows) if (r.table !== 'outbox') now.set(`${r.table} ${r.row}`, await read.get(r.table as Table, r.row));
    const told = await toldOf(read, rows);
    return {
      rows,
      now,
      answered: last && (await answeredBy(read, last.turn, conversation)),
      leanedOn: await isLeanedOn(read, rows),
      corrections: await correctionsOf(read, rows, told),
      filed: await filedSince(read, rows),
      told,
      above: await isCompiled(read, programmes, rows, now),
      order: await orderBroken(read, programmes, rows, today),
    };
  },
  decide({ facts, now, turn, today, programme, programmes, actor, calendar, conversation }) {
    const [first] = facts.rows;
    if (!first || now - first.at > WITHIN) return refuse('undo.none', '没有能收回的操作', '只能收回自己十分钟内的最后一步');
    const leave = first.command === '请假' ? facts.rows.find(r => r.table === 'leaves' && r.before === null)?.row : undefined;
    if (leave !== undefined)
      return {
        reply: {
          code: 'undo.leave',
          title: `要撤回编号${leave}的请假吗？`,
          tone: 'ask',
          lines: ['还没有撤回，点一下才撤回'],
          buttons: [{ label: '撤回', command: `/销假 ${leave}` }],
        },
      };
    const instead = NEVER[first.command];
    if (instead !== undefined)
      return refuse('undo.never', `/${first.command} 不能收回`, typeof instead === 'string' ? instead : instead(facts.rows));
    const built = facts.rows.filter(r => !same(facts.now.get(`${r.table} ${r.row}`), r.after));
    if (built.length || facts.leanedOn) return refuse('undo.built-on', '别人已在这之后办了别的，不能收回', '请按现在的情况重新办');
    if (facts.rows.some(wroteOver))
      return refuse('undo.sealed', `/${first.command} 换掉的内容是加密存的，不能收回`, '要改回去，请把原来的再发一遍');
    if (facts.filed) {
      const { day, name } = facts.filed;
      return refuse(
        'undo.filed',
        `${name}${sayDay(day, today)}已在之后上报的月报里，不能收回`,
        first.command === '填报' ? `要改再填报一次：/填报 ${day} ${name} …` : `要改请按实际再核实：/核实 ${day} ${name} 没到`,
        '月报里记为填报后变动；要重报请上级退回',
      );
    }
    if (facts.above) return refuse('undo.filed-above', '上级已把这份月报汇总上报，不能收回', '要改请上级退回');
    if (facts.order === 'above') return refuse('undo.above', '上级已受理汇总的月报，不能收回', '要改请上级先退回汇总的');
    if (facts.order === 'below') return refuse('undo.below', '下级的月报还没受理完，不能收回', '下级先受理，上级再受理');
    const changes = [...facts.rows]
      .reverse()
      .map(r => ({ table: r.table as Table, id: r.row, to: r.before === null ? null : JSON.parse(r.before) })) as Change[];
    const { told } = facts;
    const undone = { command: first.command, by: actor.person!.name, turn, now, calendar, here: conversation };
    // A report of somebody not there has words of its own.
    const others = facts.corrections.length ? [] : takeBack(told, undone);
    const corrected = facts.corrections.flatMap(c => correctionNews(c.visit, c.correction, { ...c, turn, today, programme }));
    return {
      changes,
      outbox: told.unsaid.map(r => ({ seq: r.seq, to: 'dropped' })),
      settles: [
        ...told.said.flatMap(r => (r.topic === null ? [] : [r.topic])),
        ...facts.rows.flatMap(r => [
          `undo/${r.turn}`,
          ...(r.table === 'cases' ? [`case-hear/${r.row}`] : []),
          ...(r.table === 'visits' ? [`not-there/${r.row}`] : []),
          ...(r.table === 'workloads' ? [`workload/${r.row}`] : []),
        ]),
      ],
      tell: [...corrected, ...others],
      reply: {
        code: 'undo.done',
        title: `已收回 ${timeOf(first.at)} 的 /${first.command}`,
        tone: 'ok',
        lines: [
          ...(facts.answered === undefined ? [] : [`收回的是“${facts.answered}”`]),
          ...facts.rows.flatMap(r => countsAgain(programmes, r)),
          ...(corrected.length ? ['已告知支援单位、总医院、卫健局和本人'] : []),
          ...(others.length ? [sayTold('告知先前收到消息的各方', now, heardAt(told, undone))] : []),
          ...(told.unsaid.length ? ['还没发出的消息不发了'] : []),
        ],
      },
    };
  },
});

/** Among so many of the newest messages the answer is looked for. */
const NEWEST = 100;
const answeredBy = async (read: Read, turn: number, { platform, app, conversation }: ConversationKey): Promise<string | undefined> =>
  (await read.outbox({ to: { platform, app, conversation }, limit: NEWEST })).find(
    r => r.turn === turn && r.class === 'reply' && r.card.title !== '',
  )?.card.title;

/** Whether a visit or a posting that was made, and would go, bears what somebody did since: figures, leave, a move, a check-in, a case, further visits. */
const isLeanedOn = async (read: Read, rows: readonly JournalRow[]): Promise<boolean> => {
  const own = new Set(rows.map(r => `${r.table} ${r.row}`));
  const made = (table: Table) => rows.filter(r => r.table === table && r.before === null && r.after !== null);
  const others = (table: Table, found: readonly { id: string }[]) => found.some(x => !own.has(`${table} ${x.id}`));
  const visits = made('visits').map(r => JSON.parse(r.after!) as Visit);
  const ids = visits.map(v => v.id);
  if (ids.length)
    for (const table of ['leaveVisits', 'moves', 'checkIns', 'cases'] as const)
      if (others(table, await read.all(table, { visit: ids }))) return true;
  for (const { person, day, clinic } of visits) if (others('workloads', await read.all('workloads', { person, day, clinic }))) return true;
  const postings = made('postings').map(r => r.row);
  return postings.length > 0 && others('visits', await read.all('visits', { posting: postings }));
};

/** Figures that were corrected are the ones before again. */
const countsAgain = (programmes: readonly Programme[], { table, before }: JournalRow): string[] => {
  const figures = table === 'workloads' && before !== null ? (JSON.parse(before) as Workload) : undefined;
  const known = figures && programmes.find(p => p.id === figures.programme)?.workload?.figures;
  return known ? [`现为 ${sayFigures(known, figures)}`] : [];
};

const isReported = (v: Visit): boolean => v.state === 'on' && v.presence === 'not-there';

/** Taking back 没到 is told to whoever was told of it, and so is taking back its correction; what was not sent yet needs no correction. */
const correctionsOf = async (read: Read, rows: readonly JournalRow[], { said }: Told): Promise<Facts['corrections']> => {
  const all: Facts['corrections'] = [];
  const visits = rows.filter(r => r.table === 'visits').map(r => JSON.parse(r.after ?? r.before!) as Visit);
  for (const row of rows.filter(r => r.table === 'visits' && r.before !== null && r.after !== null)) {
    const [before, visit] = [JSON.parse(row.before!), JSON.parse(row.after!)] as [Visit, Visit];
    if (isReported(before) === isReported(visit)) continue;
    if (all.some(c => c.visit.person === visit.person && c.visit.day === visit.day)) continue;
    const person = await read.get('people', visit.person);
    const theirs = visits.filter(v => v.person === visit.person).map(v => v.id);
    all.push({
      visit,
      heard: new Set(said.flatMap(r => whoHeard(r.key, theirs, row.turn) ?? [])),
      correction: isReported(visit) ? 'withdrawn' : 'again',
      name: person?.name ?? '',
      clinic: shownOrg(await read.get('orgs', visit.clinic)),
    });
  }
  return all;
};

/** Who was there, or what was done, and has been filed since as it was said. */
const filedSince = async (read: Read, rows: readonly JournalRow[]): Promise<Facts['filed']> => {
  for (const row of rows.filter(r => (r.table === 'visits' || r.table === 'workloads') && r.after !== null)) {
    const { person, day, clinic } = JSON.parse(row.after!) as Visit | Workload;
    for (const line of await read.all('filedLines', { person, day, clinic })) {
      const report = await read.get('reports', line.report);
      // A filing is numbered from the turn that made it.
      if (!isFiled(report) || report.filing !== line.filing || !(Number(line.filing) > row.turn)) continue;
      return { day, name: (await read.get('people', person))?.name ?? '' };
    }
  }
  return undefined;
};

/** What was filed is part of what those above have filed since. */
const isCompiled = async (
  read: Read,
  programmes: readonly Programme[],
  rows: readonly JournalRow[],
  now: ReadonlyMap<string, unknown>,
): Promise<boolean> => {
  for (const row of rows.filter(r => r.table === 'filings' && r.before === null)) {
    const filing = now.get(`filings ${row.row}`) as Filing | undefined;
    const programme = programmes.find(p => p.id === filing?.programme);
    const org = filing && (await read.get('orgs', filing.org));
    const above = programme && org && (await aboveOf(read, programme, { org, county: filing.county }, filing));
    if (above && isFiled(above) && above.filing !== null && ((await read.get('filings', above.filing))?.at ?? 0) >= row.at) return true;
  }
  return false;
};

const isAccepted = (r: Pick<Report, 'state'> | undefined): boolean => r?.state === 'accepted' || r?.state === 'locked';

/** Accepted below before accepted above, taken back only from above: that holds for taking back as well. */
const orderBroken = async (
  read: Read,
  programmes: readonly Programme[],
  rows: readonly JournalRow[],
  today: Day,
): Promise<Facts['order']> => {
  for (const row of rows.filter(r => r.table === 'reports' && r.before !== null && r.after !== null)) {
    const [before, after] = [JSON.parse(row.before!), JSON.parse(row.after!)] as [Report, Report];
    const programme = programmes.find(p => p.id === after.programme);
    const org = isAccepted(before) === isAccepted(after) ? undefined : await read.get('orgs', after.org);
    const filer = programme && org && filerOf(programme, org);
    if (!filer) continue;
    if (isAccepted(after) && isAccepted(await aboveOf(read, programme, { org, county: after.county }, after))) return 'above';
    const period = { ...after, span: { from: programme.term.from, to: programme.term.until }, opens: today, due: today };
    const below = isAccepted(before) ? await feedersOf(read, programme, { org, filer, county: after.county }, period, today) : [];
    if (below.some(f => !isAccepted(f.report))) return 'below';
  }
  return null;
};

/** A sealed value gave way to another, or went: the journal cannot give it back. */
const wroteOver = ({ before, after }: JournalRow): boolean => {
  if (before === null) return false;
  const is = after === null ? {} : (JSON.parse(after) as Record<string, unknown>);
  return Object.entries(JSON.parse(before) as Record<string, unknown>).some(([k, was]) => isDigest(was) && is[k] !== was);
};

/** A row equals what the journal says it became. Of a secret, of which the journal has a digest only, no more is compared than that there is one. */
const same = (row: unknown, after: string | null): boolean => {
  if (after === null) return row === undefined;
  if (row === undefined) return false;
  const told = JSON.parse(after) as Record<string, unknown>;
  const is = row as Record<string, unknown>;
  return Object.keys(told).every(k => (isDigest(told[k]) ? is[k] !== null : alike(is[k], told[k])));
};

/** The same values, in whatever order the keys stand. */
const alike = (a: unknown, b: unknown): boolean => {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const keys = Object.keys(a);
  return (
    Array.isArray(a) === Array.isArray(b) &&
    keys.length === Object.keys(b).length &&
    keys.every(k => k in b && alike((a as Record<string, unknown>)[k], (b as Record<string, unknown>)[k]))
  );
};
