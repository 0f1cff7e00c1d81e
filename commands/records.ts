/** /记录 — the auditor's view of the journal. Secrets stand in it as digests only, so nothing secret can be shown. */
import { z } from 'zod';
import { defineCommand } from '../src/bot/command.ts';
import type { JournalRow } from '../src/bot/ports.ts';
import { at, parseDay, sayInstant } from '../src/core/day.ts';
import type { Person } from '../src/core/records.ts';

const day = z.string().transform(d => parseDay(d)!);
const args = z.object({
  person: z.string().optional(),
  days: z.array(z.object({ from: day, to: day })).optional(),
  ref: z.string().optional(),
});

interface Facts {
  rows: JournalRow[];
  people: Map<string, Person>;
}

const TABLE_NAMES: Readonly<Record<string, string>> = {
  orgs: '单位',
  people: '人员',
  grants: '角色',
  accounts: '账号',
  requests: '申请',
  locks: '锁定',
  groups: '群',
  frozenGroups: '冻结的群',
  rosters: '安排表',
  postings: '派驻',
  visits: '班次',
  checkIns: '签到',
  publications: '公布',
  moves: '改期',
  leaves: '请假',
  leaveVisits: '请假班次',
  leaveSteps: '请假步骤',
  cases: '待认定',
  statements: '说明',
  workloads: '工作量',
  unitMonths: '单位月度数据',
  paperTotals: '纸质人次',
  beneficiaries: '受益群众',
  samples: '抽样',
  followUps: '回访',
  reports: '月报',
  filings: '报送',
  filedLines: '报送明细',
  confirmations: '核对',
  templates: '模板',
  readings: '查看',
  drafts: '待导入',
  acceptances: '提示',
  settings: '设置',
  questions: '追问',
  sessions: '网页',
  codes: '一次性码',
  calendarDays: '日历',
  outbox: '发件箱',
};
const MOST = 50;

/** What a change did, in field names and values as they are stored. */
const difference = (row: JournalRow): string => {
  const before = row.before ? (JSON.parse(row.before) as Record<string, unknown>) : {};
  const after = row.after ? (JSON.parse(row.after) as Record<string, unknown>) : {};
  if (!row.before) return '新建';
  if (!row.after) return '删除';
  const changed = Object.keys(after).filter(k => JSON.stringify(before[k]) !== JSON.stringify(after[k]));
  return changed
    .map(k => `${k}：${JSON.stringify(before[k] ?? null)}→${JSON.stringify(after[k] ?? null)}`)
    .join('；')
    .slice(0, 120);
};

export default defineCommand<z.infer<typeof args>, Facts>({
  name: '记录',
  aliases: ['日志', '审计', 'jl', 'jilu', 'journal'],
  summary: '谁在何时改了什么',
  usage: '/记录 [姓名] [日期] [编号]',
  examples: ['/记录', '/记录 张三', '/记录 4月10日'],
  slots: { days: { kind: 'dates', prefer: 'past' }, ref: { kind: 'ref' }, person: { kind: 'person' } },
  args,
  async facts(read, { args }) {
    const from = args.days?.[0]?.from;
    const rows = (
      await read.journal(
        {
          ...(args.person ? { actor: args.person } : {}),
          ...(from ? { from: at(from, '00:00') } : {}),
          ...(args.ref && /^\d+$/.test(args.ref) ? { turn: Number(args.ref) } : {}),
        },
        MOST,
      )
    ).filter(r => r.table !== 'questions');
    const ids = [...new Set(rows.flatMap(r => (r.actor ? [r.actor] : [])))];
    return { rows, people: new Map((ids.length ? await read.all('people', { id: ids }) : []).map(p => [p.id, p])) };
  },
  decide({ facts, today }) {
    if (!facts.rows.length) return { reply: { code: 'records.none', title: '没有这样的记录', tone: 'info', lines: [] } };
    return {
      reply: {
        code: 'records.shown',
        title: `记录 ${facts.rows.length} 条${facts.rows.length >= MOST ? '（只列这些，请加日期或姓名）' : ''}`,
        tone: 'info',
        lines: ['每条连着上一条的摘要，改不了也删不掉'],
        table: {
          columns: ['时间', '谁', '命令', '对象', '变化'],
          rows: facts.rows.map(r => [
            sayInstant(r.at, today),
            r.actor ? (facts.people.get(r.actor)?.name ?? r.actor) : '系统',
            r.command,
            `${TABLE_NAMES[r.table] ?? r.table} ${r.table === 'readings' ? (TABLE_NAMES[r.row] ?? r.row) : r.row}`,
            difference(r),
          ]),
        },
      },
    };
  },
});
