/** /宣传 and /经费 — what a unit reports of its month beside its physicians' figures: a clinic's publicity, a hospital's cost in total. */

import { z } from 'zod';
import { type Asked, type Command, type Decision, defineCommand, orgsAs, refuse } from '../src/bot/command.ts';
import type { Read } from '../src/bot/ports.ts';
import { checkOf } from '../src/bot/report-draft.ts';
import { filerOf, periodsFor } from '../src/bot/reports.ts';
import { addMonths, type Day, dayOfMonth, firstOf, lastOf, type Month, monthOf, sayDate, sayInstant, sayMonth } from '../src/core/day.ts';
import {
  figureForm,
  figureProblemCard,
  notReported,
  sayDifferences,
  sayFigures,
  sparedLine,
  unusualCard,
} from '../src/core/figure-words.ts';
import { shownOrg } from '../src/core/org-names.ts';
import type { Org, Person, Report, UnitMonth } from '../src/core/records.ts';
import type { Period } from '../src/core/report.ts';
import { type FigureReading, figureLine } from '../src/core/words/figures.ts';
import { afterFiling, closedReport, differences, merged, saysNothingNew, sparing, type Values } from '../src/core/workload.ts';
import { cite, type Programme } from '../src/programmes/schema.ts';
import { topicOf } from './report-filing.ts';

const args = z.object({
  month: z
    .string()
    .transform(m => m as Month)
    .optional(),
  unit: z.string().optional(),
  does: z.enum(['sure', 'correct']).optional(),
  reason: z.string().max(100, '原因不超过100字').optional(),
  figures: z.custom<FigureReading>().optional(),
});
type Args = z.infer<typeof args>;

interface Facts {
  month: Month;
  /** Units that the actor may report for; one when it is clear. */
  units: Org[];
  before: UnitMonth | undefined;
  author: Person | undefined;
  reports: Report[];
  /** Topic of a confirming hospital's report, of which only figures may be missing. */
  checked: string | null;
}

const NOTHING: Values = { figures: {}, words: {} };

/** The month that figures are for when none is named: the one whose report is due next. */
export const reportedMonth = (programme: Programme | null, today: Day): Month =>
  programme?.report?.covers === 'month-before' && dayOfMonth(today) <= programme.report['due-day']
    ? addMonths(monthOf(today), -1)
    : monthOf(today);

interface Kind {
  section: 'publicity' | 'cost';
  role: 'clinic' | 'hospital';
  /** What it is called in a title. */
  word: string;
}

const reportMonth = (kind: Kind, words: Pick<Command, 'name' | 'aliases' | 'summary' | 'usage' | 'examples'>) =>
  defineCommand<Args, Facts>({
    ...words,
    serves: [kind.section],
    slots: {
      reason: { kind: 'labelled', labels: ['原因：', '原因:', '原因 '], of: { kind: 'rest' } },
      month: { kind: 'month', prefer: 'past' },
      unit: { kind: 'org' },
      does: { kind: 'choice', words: { 确认无误: 'sure', 改报: 'correct' } },
      figures: { kind: 'figures', of: kind.section },
    },
    args,
    needsProgramme: true,
    concerns: (_read, { month }) => (month ? [lastOf(month), firstOf(month)] : []),
    async facts(read, { args, actor, programme, settings, today }) {
      const month = args.month ?? reportedMonth(programme, today);
      const own = orgsAs(actor, kind.role);
      const county = actor.grants.find(g => g.role === 'bureau')?.county ?? undefined;
      const named = args.unit ? await read.get('orgs', args.unit) : undefined;
      const standsIn = named !== undefined && named.kind === kind.role && county !== undefined && named.county === county;
      const units = named ? (own.includes(named.id) || standsIn ? [named] : []) : own.length ? await read.all('orgs', { id: own }) : [];
      const unit = units.length === 1 ? units[0] : undefined;
      const before = unit && programme ? await read.first('unitMonths', { org: unit.id, month, programme: programme.id }) : undefined;
      return {
        month,
        units,
        before,
        author: before && (await read.get('people', before.by)),
        reports: unit && programme ? await read.all('reports', { org: unit.id, month, programme: programme.id }) : [],
        checked: unit && programme ? await checkedTopic(read, programme, periodsFor(programme, settings), unit, month) : null,
      };
    },
    decide: asked => weigh(kind, words.name, asked),
  });

/** What reminds a hospital of its part of a report, when it has said yes to its people's lines or has none. */
const checkedTopic = async (
  read: Read,
  programme: Programme,
  periods: readonly Period[],
  org: Org,
  month: Month,
): Promise<string | null> => {
  const filer = filerOf(programme, org);
  const period = periods.find(p => p.month === month && p.kind !== 'closing');
  if (filer?.does !== 'confirms' || !period) return null;
  const unit = { org, filer, county: org.county ?? '' };
  const { lines, confirmation } = await checkOf(read, programme, unit, period);
  return confirmation || !lines.length ? topicOf({ programme, unit, period }) : null;
};

const weigh = (kind: Kind, command: string, asked: Asked<Args> & { facts: Facts }): Decision => {
  const { args, facts, programme, actor, now, today, turn } = asked;
  const figures = programme?.[kind.section]?.figures;
  if (!programme || !figures) return refuse('figures.none', `本方案没有要填的${kind.word}`, '来源：方案文件未写明');
  const { given, spared } = sparing(facts.before, args.figures ?? { ...NOTHING, problems: [] });
  const line = figureLine(figures, given);
  const again = (unit: string, ...more: string[]) => [`/${command}`, `${facts.month}`, unit, ...more].filter(Boolean).join(' ');
  if (!facts.units.length)
    return args.unit
      ? {
          ...refuse(
            'figures.not-yours',
            `不能填这个单位的${kind.word}`,
            kind.role === 'clinic' ? '只有该单位专人或卫健局可以' : '只有该院管理员或卫健局可以',
          ),
          private: true,
        }
      : refuse('figures.whose', '请写明哪个单位', `例：/${command} 4月 单位 ${kind.section === 'cost' ? '1000' : '传单100'}`);
  if (given.problems.length)
    return { reply: figureProblemCard(figures, given, l => again(facts.units.length === 1 ? facts.units[0]!.name : '', l)) };
  if (facts.units.length > 1)
    return {
      reply: {
        code: 'figures.whose',
        title: `填哪一家的${kind.word}？`,
        tone: 'ask',
        lines: [sayMonth(facts.month)],
        buttons: facts.units.map(o => ({ label: shownOrg(o), command: again(o.name, line) })),
      },
    };
  const unit = facts.units[0]!;
  const where = `${shownOrg(unit)} ${sayMonth(facts.month)}`;
  if (facts.month > monthOf(today)) return refuse('figures.future', `${sayMonth(facts.month)}还没到`, `到那个月再填；本月的发 /${command}`);
  if (lastOf(facts.month) < programme.term.from || firstOf(facts.month) > programme.term.until)
    return refuse(
      'figures.outside',
      `${sayMonth(facts.month)}不在方案期内`,
      `方案从${sayDate(programme.term.from)}到${sayDate(programme.term.until)}`,
      `例：/${command} 本月 ${kind.section === 'cost' ? '1000' : '传单100'}`,
      cite(programme, { clause: programme.term.clause, says: '方案期限' }),
    );
  const closed = closedReport(facts.reports, today);
  if (closed)
    return refuse(
      'figures.locked',
      `${where}月报已${closed.state === 'locked' ? '锁定' : '受理'}，不能再改`,
      `确需更正，请卫健局开锁：/开锁 ${shownOrg(unit)} ${Number(facts.month.slice(5))}月 理由`,
      ...(programme.report ? [cite(programme, programme.report)] : []),
    );
  const { before } = facts;
  if (line === '')
    return {
      reply: {
        code: 'figures.form',
        title: `${where}${kind.word}`,
        tone: 'ask',
        lines: [...(before ? [`已填：${sayFigures(figures, before)}`] : []), '没有请写0，没统计就空着'],
        form: figureForm(again(unit.name), figures, before ?? NOTHING),
      },
    };
  if (before && saysNothingNew(before, given))
    return { reply: { code: 'figures.same', title: '已经填过，没有变化', tone: 'info', lines: [where, sayFigures(figures, before)] } };
  const changed = differences(before, given);
  // Another's word is not overwritten unasked: of two at once one wins, and the other hears of it.
  if (before && changed.length && before.by !== actor.person!.id && args.reason === undefined)
    return {
      reply: {
        code: 'figures.differs',
        title: `${facts.author?.name ?? ''} ${sayInstant(before.at, today)} 已填，数不一样`,
        tone: 'ask',
        lines: [where, `要改：${sayDifferences(figures, changed)}`, '还没有改；直接回复原因，如：漏计一场', '发 取消 不改'],
      },
      waitFor: again(unit.name, '改报', line, '原因：'),
    };
  if (args.does !== 'sure') {
    const card = unusualCard(figures, given, again(unit.name, '确认无误', line, ...(args.reason ? [`原因：${args.reason}`] : [])));
    if (card) return { reply: card };
  }
  const row: UnitMonth = {
    id: before?.id ?? `${turn}`,
    programme: programme.id,
    county: unit.county ?? actor.grants.find(g => g.county !== null)?.county ?? '',
    org: unit.id,
    month: facts.month,
    ...merged(before, given),
    by: actor.person!.id,
    at: now,
    reason: args.reason ?? null,
  };
  const lacking = notReported(figures, row);
  return {
    changes: [{ table: 'unitMonths', id: row.id, to: row, ...(before ? { was: { at: before.at } } : {}) }],
    settles: facts.checked && figures.every(f => f.optional || row.figures[f.id] !== undefined) ? [facts.checked] : [],
    reply: {
      code: before ? 'figures.corrected' : 'figures.filed',
      title: `${before ? '已更正' : '已填报'} ${where}${kind.word}`,
      tone: 'ok',
      lines: [
        changed.length ? `${sayDifferences(figures, changed)}；现为 ${sayFigures(figures, row)}` : sayFigures(figures, row),
        ...sparedLine(figures, before, spared),
        ...(lacking.length ? [`没报：${lacking.join('、')}（没有请写0）`] : []),
        ...[afterFiling(facts.reports) ?? []].flat(),
        ...(kind.section === 'cost' ? ['只计合计数'] : []),
        ...(actor.grants.some(g => g.org === unit.id && g.role === kind.role) ? [] : ['代填']),
      ],
    },
  };
};

export const publicity = reportMonth(
  { section: 'publicity', role: 'clinic', word: '宣传情况' },
  {
    name: '宣传',
    aliases: ['宣传情况', '填宣传', 'xc', 'xuanchuan', 'publicity'],
    summary: '填本单位当月宣传情况',
    usage: '/宣传 [月] [单位] 传单100 公众号100 电子屏100 工作室有 其他:…',
    examples: ['/宣传 传单100 公众号一百 工作室有', '/宣传 4月 传单0 电子屏20'],
  },
);

export const cost = reportMonth(
  { section: 'cost', role: 'hospital', word: '巡诊经费' },
  {
    name: '经费',
    aliases: ['巡诊经费', '费用', 'jf', 'jingfei', 'cost'],
    summary: '填本院当月巡诊经费合计',
    usage: '/经费 [月] [单位] 1000',
    examples: ['/经费 1000', '/经费 4月 3500.50元'],
  },
);
