/** /我的数据 — all that is stored about the asker. */

import { z } from 'zod';
import { defineCommand } from '../src/bot/command.ts';
import { ROLE_NAMES } from '../src/bot/permissions.ts';
import { findingWords } from '../src/core/absence.ts';
import { sayDay, sayInstant } from '../src/core/day.ts';
import { sayFigures } from '../src/core/figure-words.ts';
import { shownOrg } from '../src/core/org-names.ts';
import type { Account, Case, CheckIn, Grant, Leave, Org, Request, Statement, Visit, Workload } from '../src/core/records.ts';
import { sayVisitDay } from '../src/core/schedule.ts';
import { VISIT_TYPE_NAMES } from '../src/core/visit.ts';

const args = z.object({});

interface Facts {
  accounts: Account[];
  grants: Grant[];
  requests: Request[];
  visits: Visit[];
  checkIns: CheckIn[];
  /** The person's own words, opened for the person. */
  leaves: Leave[];
  cases: Case[];
  statements: Statement[];
  workloads: Workload[];
  orgs: Map<string, Org>;
  journal: number;
}

const LEAVE_STATES: Readonly<Record<Leave['state'], string>> = {
  open: '待批',
  approved: '已准假',
  refused: '没有批准',
  withdrawn: '已撤回',
  moot: '班次另改',
  ended: '已销假',
};

export default defineCommand<z.infer<typeof args>, Facts>({
  name: '我的数据',
  aliases: ['个人数据', 'wdsj', 'wodeshuju', 'my-data'],
  summary: '存了您的哪些信息',
  usage: '/我的数据',
  examples: ['/我的数据'],
  slots: {},
  args,
  async facts(read, { actor }) {
    const person = actor.person!.id;
    const grants = await read.all('grants', { person });
    const visits = await read.all('visits', { person }, { by: 'day' });
    const ids = [...new Set([...grants.map(g => g.org), ...visits.map(v => v.clinic)])];
    return {
      accounts: await read.all('accounts', { person }),
      grants,
      requests: await read.all('requests', { person }),
      visits,
      checkIns: await read.all('checkIns', { person }),
      workloads: await read.all('workloads', { person }, { by: 'day' }),
      leaves: await Promise.all(
        (await read.all('leaves', { person }, { by: 'from' })).map(async l => ({
          ...l,
          reason: await read.unseal('leaves', l.id, 'reason'),
        })),
      ),
      cases: await read.all('cases', { person }, { by: 'day' }),
      statements: await Promise.all(
        (await read.all('statements', { person }, { by: 'at' })).map(async s => ({
          ...s,
          text: await read.unseal('statements', s.id, 'text'),
        })),
      ),
      orgs: new Map((ids.length ? await read.all('orgs', { id: ids }) : []).map(o => [o.id, o])),
      journal: (await read.journal({ actor: person }, 10_000)).length,
    };
  },
  decide({ facts, actor, today, programme }) {
    const p = actor.person!;
    const name = (id: string) => shownOrg(facts.orgs.get(id));
    const rows = [
      ...facts.accounts.map(a => [
        '账号',
        `${a.platform} ${a.state === 'bound' ? '在用' : a.state === 'frozen' ? '已冻结' : '已停用'}，${sayInstant(a.at, today)}绑定`,
      ]),
      ...facts.grants.map(g => ['角色', `${name(g.org)} ${ROLE_NAMES[g.role]} ${g.from}${g.until ? ` 至 ${g.until}` : '起'}`]),
      ...facts.requests.map(r => [
        '申请',
        `${sayInstant(r.at, today)} 绑定：${r.state === 'waiting' ? '等确认' : r.state === 'agreed' ? '已确认' : '没有通过'}`,
      ]),
      ...facts.visits.map(v => [
        '班次',
        `${sayVisitDay(v, today)} ${name(v.clinic)} ${VISIT_TYPE_NAMES[v.type]} ${v.state === 'moved' ? '已改期' : v.state === 'leave' ? '请假' : v.state === 'cancelled' ? '已取消' : v.presence === 'present' ? '已核实' : v.presence === 'not-there' ? '受援单位反映未到' : v.checkedIn !== null ? '已签到' : '未核实'}`,
      ]),
      ...facts.checkIns.map(c => [
        '签到',
        `${sayInstant(c.at, today)} ${name(c.clinic)}${c.note ? ` 备注：${c.note}` : ''}${c.near === null ? '' : c.near ? ' 在附近' : ' 不在附近'}`,
      ]),
      ...facts.workloads.map(w => [
        '工作量',
        `${sayDay(w.day, today)} ${name(w.clinic)} ${sayFigures(programme?.workload?.figures ?? [], w)}${w.as === 'self' ? '' : '（代填）'}${w.verifiedAt === null ? '' : ' 已核实'}`,
      ]),
      ...facts.leaves.map(l => [
        '请假',
        `编号${l.id} ${l.from}${l.to === l.from ? '' : ` 至 ${l.to}`} ${LEAVE_STATES[l.state]}，事由：${l.reason ?? '没有写'}`,
      ]),
      ...facts.cases.map(c => [
        '待认定',
        `编号${c.id} ${c.day} ${c.finding === null ? (c.state === 'closed' ? '已了结' : '还没有认定') : findingWords(programme?.absence, c.finding)}`,
      ]),
      ...facts.statements.map(s => [s.kind === 'objection' ? '异议' : '说明', `编号${s.case} ${sayInstant(s.at, today)}：${s.text ?? ''}`]),
    ];
    return {
      reply: {
        code: 'my-data.shown',
        title: `存了${p.name}的这些信息`,
        tone: 'info',
        lines: [
          `手机 ${p.phoneMask ?? '没有'}（加密保存）`,
          [p.title, p.specialty].filter(Boolean).join('，') || '没有职称、专业',
          `操作记录 ${facts.journal} 条，只有审计员能看`,
          '要更正请找单位管理员',
        ],
        table: { columns: ['类别', '内容'], rows },
      },
    };
  },
});
