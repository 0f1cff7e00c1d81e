/** /我的 — the asker's roles, and a physician's month. */

import { z } from 'zod';
import { defineCommand } from '../src/bot/command.ts';
import { leaveFiles, namesFor } from '../src/bot/leaves.ts';
import { roleAt } from '../src/bot/permissions.ts';
import type { TallyRow } from '../src/bot/ports.ts';
import { reportLines } from '../src/bot/report-todo.ts';
import { monthOf, monthSpan, sayMonth } from '../src/core/day.ts';
import { sayFigures } from '../src/core/figure-words.ts';
import { type LeaveFile, leaveState, leaveWord, type Names, sayLeaveDays } from '../src/core/leave-cards.ts';
import { shownOrg } from '../src/core/org-names.ts';
import { halvesOf, type Org, type Visit, type Workload } from '../src/core/records.ts';
import { sayVisitDay } from '../src/core/schedule.ts';
import { VISIT_TYPE_NAMES } from '../src/core/visit.ts';
import { homeHalfDays, linesFrom, sumOf } from '../src/core/workload.ts';

const args = z.object({});

interface Facts {
  orgs: Map<string, Org>;
  visits: Visit[];
  /** Comes as the clinic arranges: owes no monthly minimum. */
  arranged: boolean;
  tally: TallyRow | undefined;
  workloads: Workload[];
  /** Leaves that are open or lie ahead. */
  leaves: LeaveFile[];
  names: Names | undefined;
  /** Reports that are soon due or late. */
  reports: string[];
}

export default defineCommand<z.infer<typeof args>, Facts>({
  name: '我的',
  aliases: ['我', '我的信息', 'wd', 'wode', 'me'],
  sayings:
    /请?假条|假.{0,3}批.{0,3}[没吗么]|批.{0,4}假.{0,3}[没吗么]|假.{0,3}(?:怎么样|到哪)|(?:领导|院里|卫生院|局里).{0,2}(?:同意|批)了?[没吗么]|^我是谁|我?下[次回](?:去(?!不)|下乡|上班|轮到).{0,6}|还[差要](?:几|多少)[天次班]|^(?:我们?|[本这上]个?月|今年|现在|都|已经?)*达标了?[没吗么]|^我(?:们|已经?|一共|总共|共|都|到现在|今年|[本上这]个?月|下乡|[去来](?:乡下)?)*了?(?:几|多少)[次天班回]了?$/,
  shows: true,
  daily: ['physician'],
  summary: '我的角色和本月下乡',
  usage: '/我的',
  examples: ['/我的'],
  slots: {},
  args,
  async facts(read, { actor, today, programme, programmes, settings }) {
    const physician = actor.grants.some(g => g.role === 'physician');
    const span = monthSpan(monthOf(today));
    const visits = physician ? await read.all('visits', { person: actor.person!.id, day: span, state: 'on' }, { by: 'day' }) : [];
    const leaves = physician
      ? await leaveFiles(
          read,
          await read.all(
            'leaves',
            { person: actor.person!.id, state: ['open', 'approved'], to: { from: today } },
            { by: 'from', limit: 3 },
          ),
        )
      : [];
    const postings = physician && programme ? await read.all('postings', { person: actor.person!.id, programme: programme.id }) : [];
    const held = postings.filter(p => p.from <= monthOf(today) && (p.until === null || p.until >= monthOf(today)));
    const ids = [...new Set([...actor.grants.map(g => g.org), ...visits.map(v => v.clinic)])];
    const [tally] =
      physician && programme
        ? await read.tally({ programme: programme.id, span, by: 'all', scope: { person: actor.person!.id }, upTo: today })
        : [];
    return {
      orgs: new Map((ids.length ? await read.all('orgs', { id: ids }) : []).map(o => [o.id, o])),
      visits,
      arranged: held.length > 0 && held.every(p => p.arranged),
      workloads:
        physician && programme ? await read.all('workloads', { person: actor.person!.id, programme: programme.id, day: span }) : [],
      tally,
      leaves,
      names: leaves.length ? await namesFor(read, ...leaves) : undefined,
      reports: await reportLines({ read, actor, today, programmes, settings }),
    };
  },
  decide({ facts, actor, today, programme }) {
    const name = (id: string) => shownOrg(facts.orgs.get(id));
    const lines = [actor.grants.map(g => `${roleAt(name(g.org), g)}${g.deputy ? '（B岗）' : ''}`).join('、') || '现在没有角色'];
    if (actor.grants.some(g => g.role === 'physician')) {
      lines.push(
        `${sayMonth(monthOf(today))}：${facts.visits.length}班，已核实 ${facts.tally?.verified ?? 0} 人次，待核实 ${facts.tally?.waiting ?? 0}`,
      );
      const figures = programme?.workload?.figures ?? [];
      const present = facts.visits.filter(v => v.presence === 'present');
      const halves = present.filter(v => v.programme === programme?.id).reduce((n, v) => n + halvesOf(v).length, 0);
      const home = homeHalfDays(present, facts.workloads, figures).get(actor.person!.id) ?? 0;
      const done = linesFrom(facts.visits, facts.workloads);
      const sums = Object.fromEntries(figures.flatMap(f => (sumOf(done, f.id) === null ? [] : [[f.id, sumOf(done, f.id)!]])));
      if (Object.keys(sums).length) lines.push(`工作量 ${sayFigures(figures, { figures: sums, words: {} })}`);
      const silent = figures.length ? done.filter(l => !l.workload).length : 0;
      if (silent) lines.push(`已核实未填工作量 ${silent} 天，发 /填报`);
      const duty = programme?.duty?.['half-days'];
      const atHome = programme?.['home-visit']?.['half-days'];
      const of = (due: number) => (facts.arranged ? '' : `/${due}`);
      if (duty !== undefined)
        lines.push(
          `半天数 ${halves}${of(duty)}${atHome === undefined ? '' : `，其中上门 ${home}${of(atHome)}`}${facts.arranged ? `；按卫生院安排下乡，不计每月${duty / 2}天` : ''}`,
        );
      lines.push(
        ...facts.visits
          .slice(0, 4)
          .map(
            v =>
              `${sayVisitDay(v, today)} ${name(v.clinic)} ${VISIT_TYPE_NAMES[v.type]}${v.presence === 'present' ? ' 已核实' : v.presence === 'not-there' ? ' 反映未到' : v.checkedIn !== null ? ' 已签到' : ''}`,
          ),
      );
    }
    for (const f of facts.leaves)
      lines.push(`${leaveWord(f.leave)} 编号${f.leave.id} ${sayLeaveDays(f, today)}：${facts.names ? leaveState(f, facts.names) : ''}`);
    lines.push(...facts.reports.slice(0, 3));
    if (actor.person?.phoneMask) lines.push(`手机 ${actor.person.phoneMask}`);
    return { reply: { code: 'mine.shown', title: actor.person!.name, tone: 'info', lines }, replyIn: 'direct' };
  },
});
