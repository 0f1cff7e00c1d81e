/** What /月报 does at the unit: filing, with everything asked that is still open; the hospital's yes; the text parts. */

import type { Asked, Decision } from '../src/bot/command.ts';
import { refuse } from '../src/bot/command.ts';
import { type Check } from '../src/bot/report-draft.ts';
import type { Card } from '../src/core/card.ts';
import { sayInstant } from '../src/core/day.ts';
import { filingRows, newReport } from '../src/core/filing.ts';
import { filingPaper } from '../src/core/form-paper.ts';
import { shownOrg } from '../src/core/org-names.ts';
import { type Change, type Confirmation, numbered } from '../src/core/records.ts';
import { isFiled, isOpen, isShut, partsOwed, STATE_NAMES, sayPeriod, sayShort } from '../src/core/report.ts';
import {
  basisOf,
  filedLine,
  filedWord,
  linesTable,
  openButtons,
  openVisits,
  partsForm,
  periodWord,
  sayCounts,
  sayDue,
  typedPeriod,
} from '../src/core/report-cards.ts';
import { doctorDays } from '../src/core/workload.ts';
import type { Loaded, ReportArgs } from './report.ts';

export const topicOf = (l: Pick<Loaded, 'programme' | 'unit' | 'period'>): string =>
  `report/${l.programme.id}/${l.unit.org.id}/${l.period.month}/${l.period.kind}`;

const notYours = (l: Loaded): Decision => ({
  ...refuse('report.file-not-yours', `不能替${shownOrg(l.unit.org)}报月报`, '只有本单位专人、其支援单位、总医院或卫健局可以'),
  private: true,
});

/** It lies with those above, or is locked: what is the case, and the way out. */
const standsAlready = ({ draft, unit, period, filer }: Loaded, today: Asked['today']): Decision | undefined => {
  const { report, filing } = draft;
  if (isOpen(report, today)) return undefined;
  const title = `${shownOrg(unit.org)}${sayShort(period)}`;
  if (isShut(report, today))
    return refuse('report.locked', `${title}已锁定`, '确需改动，请卫健局 /开锁', ...(filing ? [filedLine(filing, filer, today)] : []));
  return {
    reply: {
      code: 'report.already',
      title: `${title}${STATE_NAMES[report!.state]}`,
      tone: 'info',
      lines: [...(filing ? [filedLine(filing, filer, today)] : []), '要改请上级退回'],
    },
  };
};

export const fileReport = (asked: Asked<ReportArgs>, l: Loaded): Decision => {
  const { args, today } = asked;
  const { draft, unit, period } = l;
  if (l.as === 'no') return notYours(l);
  const already = standsAlready(l, today);
  if (already) return already;
  const which = `${periodWord(period)} ${unit.org.name}`;
  const owed = partsOwed(l.programme, period, unit.filer).filter(p => !draft.report?.parts[p]);
  if (owed.length)
    return {
      reply: {
        code: 'report.parts',
        title: `${sayPeriod(period)}还缺：${owed.join('、')}`,
        tone: 'ask',
        lines: [`直接发：/月报 ${typedPeriod(l.period)} ${owed[0]}：……`, basisOf(l.programme, period)],
        form: partsForm({ period, report: draft.report, owed, offer: l.offer }),
      },
    };
  const step = unit.filer.does === 'compiles' ? gapsBelow(asked, l, which) : gapsOwn(asked, l, which);
  if (step) return step;
  return settle(asked, l, args.zero || !draft.lines.length ? (args.text ?? null) : null);
};

/** A report before this one was never filed: what it would hold goes into this one only where somebody says so. */
const earlierFirst = (args: ReportArgs, { unit, period, earlier: [first] }: Loaded, which: string): Decision | undefined =>
  first && !args.merge
    ? {
        reply: {
          code: 'report.earlier',
          title: `${sayShort(first)}还没报`,
          tone: 'ask',
          lines: [`先报${sayShort(first)}，或把以前没报的并入${sayShort(period)}`],
          buttons: [
            { label: `先报${sayShort(first)}`, command: `/月报 ${periodWord(first)} ${unit.org.name}`, style: 'primary' },
            { label: `并入${sayShort(period)}`, command: `/月报 上报 并入${args.anyway ? ' 照报' : ''} ${which}` },
          ],
        },
      }
    : undefined;

/** A unit's own: what is still to be verified, earlier months that were not filed, nothing to report. */
const gapsOwn = ({ args, today }: Asked<ReportArgs>, l: Loaded, which: string): Decision | undefined => {
  const { draft, unit, period } = l;
  const name = (person: string) => l.names.get(person) ?? '';
  const also = `${args.merge ? ' 并入' : ''}${args.zero ? ' 零报告' : ''}`;
  // Before the due day a report that is filed too early is closed too early.
  const ahead = today < period.due ? draft.ahead : 0;
  if ((draft.open.length || ahead) && !args.anyway) {
    const waiting = openVisits(draft.open, name, today);
    return {
      reply: {
        code: draft.open.length ? 'report.unverified' : 'report.visits-ahead',
        title: draft.open.length ? `还有${draft.open.length}个班次没核实` : `后面还有${ahead}个班次，现在就报？`,
        tone: 'ask',
        lines: [
          ...waiting.lines,
          ...(ahead && draft.open.length ? [`后面还有${ahead}个班次`] : []),
          `${sayDue(period.due, today)}；现在报的，之后核实的进下次补报`,
        ],
        ...(waiting.table ? { table: waiting.table } : {}),
        buttons: [
          ...openButtons(draft.open, unit.org, name),
          ...(draft.open.length ? [{ label: '上报', command: `/月报 上报 ${which}`, style: 'primary' as const }] : []),
          { label: '不等了，照报', command: `/月报 上报 照报${also} ${which}` },
        ],
      },
    };
  }
  const first = earlierFirst(args, l, which);
  if (first) return first;
  if (!draft.lines.length && !(args.text && args.text.length > 1))
    return {
      reply: {
        code: 'report.zero',
        title: `${shownOrg(unit.org)}${sayShort(period)}：没有已核实的下基层，按零报告报？`,
        tone: 'ask',
        lines: ['直接回复原因，如：医师请假，已改期', '发 取消 不报'],
      },
      waitFor: `/月报 上报 零报告${args.anyway ? ' 照报' : ''}${args.merge ? ' 并入' : ''} ${which}`,
    };
  return undefined;
};

/** A bureau's: earlier months that it did not send up, and units that have not filed. It may go up without them. */
const gapsBelow = ({ args }: Asked<ReportArgs>, l: Loaded, which: string): Decision | undefined => {
  const { draft, period } = l;
  const first = earlierFirst(args, l, which);
  if (first) return first;
  const open = draft.feeders.filter(f => !isFiled(f.report));
  if (!open.length || args.anyway) return undefined;
  return {
    reply: {
      code: 'report.below-open',
      title: `还有${open.length}家没报`,
      tone: 'ask',
      lines: [
        open
          .slice(0, 8)
          .map(f => shownOrg(f.unit.org))
          .join('、') + (open.length > 8 ? '等' : ''),
        '照报的，之后报来的进下次补报',
      ],
      buttons: [
        { label: '催报', command: `/催报 ${periodWord(period)}` },
        { label: '照此汇总上报', command: `/月报 上报 照报${args.merge ? ' 并入' : ''} ${which}` },
      ],
    },
  };
};

const settle = (asked: Asked<ReportArgs>, l: Loaded, zero: string | null): Decision => {
  const { actor, now, today, turn } = asked;
  const { draft, unit, period } = l;
  const rows = filingRows(
    {
      period,
      programme: l.programme,
      county: unit.county,
      org: unit.org.id,
      lines: draft.lines,
      zero: draft.lines.length ? null : zero,
      parts: draft.report?.parts ?? {},
      unitMonth: draft.unitMonth,
      as: l.as === 'stand-in' ? 'stand-in' : 'self',
      by: actor.person!.id,
      at: now,
    },
    draft,
    n => numbered(turn, n),
  );
  const changes: Change[] = [
    {
      table: 'reports',
      id: rows.report.id,
      to: rows.report,
      ...(draft.report ? { was: { state: draft.report.state, filing: draft.report.filing } } : {}),
    },
    ...(rows.superseded
      ? [{ table: 'filings' as const, id: rows.superseded.id, to: rows.superseded, was: { state: 'current' as const } }]
      : []),
    { table: 'filings', id: rows.filing.id, to: rows.filing },
    ...rows.lines.map(line => ({ table: 'filedLines' as const, id: line.id, to: line })),
  ];
  const paper = filingPaper(rows.filing, {
    programme: l.programme,
    org: unit.org,
    label: sayPeriod(period),
    reporter: actor.person!.name,
    counties: l.counties,
  });
  // Beside its lines a bureau sends the year's table by month.
  const year = unit.org.kind === 'bureau' ? l.programme.forms.find(f => f.rows === 'clinics') : undefined;
  return {
    changes,
    settles: [topicOf(l)],
    reply: {
      code: rows.filing.zero ? 'report.filed-zero' : 'report.filed',
      title: `已上报 ${shownOrg(unit.org)} ${sayPeriod(period)}${rows.filing.late ? '（逾期）' : ''}`,
      tone: 'ok',
      lines: [
        rows.filing.zero ? `零报告：${rows.filing.zero}` : sayCounts(draft.lines),
        `截至${sayInstant(now, today)}${rows.filing.as === 'stand-in' ? '（代办）' : ''}${rows.superseded ? '，替换上次报的' : ''}`,
        ...sayNotes(rows.lines),
        ...draft.missing.filter(m => m.own).map(m => `${m.what}，报送稿里空着`),
        `${period.kind === 'closing' || unit.filer.does === 'compiles' ? '' : '之后核实的进下次补报；'}十分钟内可 /撤销，以后要改请上级退回`,
      ],
      ...(paper ? { paper } : {}),
      ...(year ? { buttons: [{ label: `${year.id}报送稿`, command: `/导出 ${year.id} ${filedWord(period)} 报送稿` }] } : {}),
    },
  };
};

/** 未填工作量 2条；代填，未经医师确认 1条: what stands beside lines as filed. */
const sayNotes = (lines: readonly { note: string | null }[]): string[] => {
  const notes = [...new Set(lines.flatMap(l => l.note ?? []))];
  return notes.length ? [notes.map(n => `${n} ${lines.filter(l => l.note === n).length}条`).join('；')] : [];
};

/** Text parts are kept in the draft until it is filed. */
export const keepParts = (asked: Asked<ReportArgs>, l: Loaded, typed: Record<string, string>): Decision => {
  const { draft, unit, period } = l;
  if (l.as === 'no') return notYours(l);
  const already = standsAlready(l, asked.today);
  if (already) return already;
  const before = draft.report ?? newReport({ period, programme: l.programme, county: unit.county, org: unit.org.id }, numbered(asked.turn));
  const parts = { ...before.parts, ...typed };
  const left = partsOwed(l.programme, period, unit.filer).filter(p => !parts[p]);
  return {
    changes: [
      {
        table: 'reports',
        id: before.id,
        to: { ...before, parts },
        ...(draft.report ? { was: { state: draft.report.state, filing: draft.report.filing } } : {}),
      },
    ],
    reply: {
      code: 'report.parts-kept',
      title: `记下了：${Object.keys(typed).join('、')}`,
      tone: 'ok',
      lines: [`${shownOrg(unit.org)} ${sayPeriod(period)}`, left.length ? `还没写：${left.join('、')}` : '文字部分齐了'],
      buttons: [{ label: '看月报', command: `/月报 ${periodWord(period)} ${unit.org.name}` }],
    },
  };
};

/** A hospital's part: its people's lines, and what it has still to do. */
export const checkCard = ({ today }: Asked<ReportArgs>, l: Loaded, check: Check): Card => {
  const { unit, period, programme } = l;
  const { confirmation } = check;
  const stale = confirmation && confirmation.lines !== check.lines.length;
  return {
    code: 'report.check',
    title: `${shownOrg(unit.org)} ${sayPeriod(period)}：${confirmation ? '已核对' : '待核对'}`,
    tone: confirmation && !check.cost.length ? 'info' : 'ask',
    lines: [
      `本院人员 ${check.lines.length}条，${doctorDays(check.lines)}人次`,
      ...(confirmation
        ? [`${sayInstant(confirmation.at, today)}核对${confirmation.lines}条${stale ? `，现在${check.lines.length}条` : ''}`]
        : []),
      ...(check.cost.length ? [`没填：${check.cost.join('、')}，发 /${check.cost[0]} 金额`] : []),
      ...(confirmation ? [] : ['有误请受援单位更正；不核对也不影响受援单位上报']),
      sayDue(period.due, today),
      basisOf(programme, period),
    ],
    ...(check.lines.length
      ? {
          table: linesTable(
            programme,
            check.lines.map(line => ({ line, supplement: false })),
            p => check.names.get(p) ?? '',
            today,
          ),
        }
      : {}),
    ...(l.as !== 'no' && check.lines.length && (!confirmation || stale)
      ? { buttons: [{ label: '核对无误', command: `/月报 核对 ${periodWord(period)} ${unit.org.name}`, style: 'primary' as const }] }
      : {}),
  };
};

export const confirmLines = (asked: Asked<ReportArgs>, l: Loaded): Decision => {
  const { actor, now, today, turn } = asked;
  const { unit, period, programme, check } = l;
  if (!check) return refuse('report.no-check', `${shownOrg(unit.org)}不用核对`, '要上报请发：/月报 上报');
  if (l.as === 'no')
    return { ...refuse('report.check-not-yours', `不能替${shownOrg(unit.org)}核对`, '只有该支援单位、总医院或卫健局可以'), private: true };
  if (!check.lines.length) return refuse('report.nothing-to-check', `${sayShort(period)}还没有本院人员的下基层记录`, '核实后再核对');
  const old = check.confirmation;
  if (old && old.lines === check.lines.length)
    return {
      reply: { code: 'report.checked-already', title: '已经核对过', tone: 'info', lines: [`${sayInstant(old.at, today)}，${old.lines}条`] },
    };
  const to: Confirmation = {
    id: old?.id ?? numbered(turn),
    programme: programme.id,
    county: unit.county,
    org: unit.org.id,
    month: period.month,
    lines: check.lines.length,
    by: actor.person!.id,
    at: now,
  };
  return {
    changes: [{ table: 'confirmations', id: to.id, to, ...(old ? { was: { at: old.at } } : {}) }],
    settles: check.cost.length ? [] : [topicOf(l)],
    reply: {
      code: 'report.checked',
      title: `已核对 ${shownOrg(unit.org)} ${sayShort(period)}${l.as === 'stand-in' ? '（代办）' : ''}`,
      tone: 'ok',
      lines: [
        `${check.lines.length}条，${doctorDays(check.lines)}人次`,
        ...(check.cost.length ? [`还没填：${check.cost.join('、')}，发 /${check.cost[0]} 金额`] : []),
      ],
    },
  };
};
