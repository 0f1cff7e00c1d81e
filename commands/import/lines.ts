/** /导入 of a unit's filled monthly form: the differences are shown, and taken over by a button only. */

import { type Asked, type Decision, refuse } from '../../src/bot/command.ts';
import { knownForMerge } from '../../src/bot/merging.ts';
import type { Read } from '../../src/bot/ports.ts';
import { type MergeKnown, type MergeRead, type MergeRow, mergeChanges, planMerge, readMerge } from '../../src/core/annex-merge.ts';
import type { Month } from '../../src/core/day.ts';
import { shownOrg } from '../../src/core/org-names.ts';
import type { Change, Draft } from '../../src/core/records.ts';
import { parseTable } from '../../src/core/table-text.ts';

type Args = { since?: Month | undefined; text?: string | undefined };
interface Merge {
  read: MergeRead;
  known: MergeKnown;
}

/** Shown of each kind; the count says how many there are. */
const MOST = 3;
const listed = (what: string, all: readonly string[]): string[] =>
  all.length ? [`${what} ${all.length}：${all.slice(0, MOST).join('；')}${all.length > MOST ? ' 等' : ''}`] : [];

export const mergeFacts = async (read: Read, asked: Asked<Args>, draft: Draft | undefined, kept: unknown): Promise<Merge | undefined> => {
  const { programme, actor, content, args } = asked;
  const county = actor.grants.find(g => g.role === 'bureau' && g.county !== null)?.county;
  if (!programme || !county) return undefined;
  if (draft) {
    if (draft.kind !== 'lines' || !kept) return undefined;
    const rows = kept as MergeRow[];
    return { read: { rows, problems: [] }, known: await knownForMerge(read, programme, county, rows) };
  }
  const table = content.kind === 'file' ? (content.rows ?? []) : parseTable(args.text ?? '');
  const found = table.length > 2 ? readMerge(programme, table) : undefined;
  return found && { read: found, known: await knownForMerge(read, programme, county, found.rows) };
};

export const previewMerge = (asked: Asked<Args>, { read, known }: Merge, notices: readonly string[]): Decision => {
  const { programme, today, turn, actor, now } = asked;
  if (read.problems.length)
    return {
      reply: {
        code: 'merge.problems',
        title: `有${read.problems.length}处要改，没有合并`,
        tone: 'no',
        lines: [
          ...read.problems.slice(0, MOST),
          ...(read.problems.length > MOST ? [`另有${read.problems.length - MOST}处`] : []),
          '改好后整张再发一次',
        ],
      },
    };
  if (!read.rows.length) return refuse('merge.empty', '表里没有可核对的行', '要有姓名、受援单位和支援时间');
  const plan = planMerge(programme!, read.rows, known, today);
  const draft: Draft = {
    id: `${turn}`,
    kind: 'lines',
    programme: programme!.id,
    by: actor.person!.id,
    at: now,
    rows: JSON.stringify(read.rows),
    from: null,
    state: 'waiting',
  };
  const differ = plan.differences.length;
  return {
    ...(differ ? { changes: [{ table: 'drafts' as const, id: draft.id, to: draft }] } : {}),
    reply: {
      code: 'merge.preview',
      title: `${read.rows.length} 行：一致 ${plan.same}，不同 ${differ} 处`,
      tone: differ ? 'ask' : 'info',
      lines: [
        ...listed('没有合并', plan.unknown),
        ...listed('表里没有的已核实记录', plan.missing),
        ...listed('已审核，不能改', plan.closed),
        ...notices,
        differ ? '没有您点确认，什么都不改' : '不用合并',
      ],
      ...(differ
        ? {
            table: {
              columns: ['行', '单位', '医师', '项目', '已有', '表里'],
              rows: plan.differences
                .slice(0, 60)
                .map(d => [
                  `${d.row.line}`,
                  shownOrg(d.clinic),
                  d.of === 'line' ? d.row.person : '（本月）',
                  d.what,
                  `${d.stored ?? '未填'}`,
                  `${d.filed}`,
                ]),
            },
            buttons: [
              { label: `按表改这 ${differ} 处`, command: `/导入 确认 ${draft.id}`, style: 'primary' as const },
              { label: '不改', command: `/导入 放弃 ${draft.id}` },
            ],
          }
        : {}),
    },
  };
};

export const confirmMerge = (asked: Asked<Args>, { merge }: { merge: Merge | undefined }, settled: Change): Decision => {
  const { programme, today, turn, now, actor } = asked;
  const county = actor.grants.find(g => g.role === 'bureau' && g.county !== null)?.county;
  if (!merge || !county) return refuse('merge.not-yours', '由卫健局合并', '请联系卫健局');
  const plan = planMerge(programme!, merge.read.rows, merge.known, today);
  const changes = mergeChanges(plan, merge.known, { turn, now, person: actor.person!.id, programme: programme!.id, county });
  return {
    changes: [settled, ...changes],
    reply: {
      code: 'merge.done',
      title: `已按表改 ${plan.differences.length} 处`,
      tone: 'ok',
      lines: ['原来的数在记录里，改错了十分钟内可 /撤销', ...listed('已审核，没有改', plan.closed)],
    },
  };
};
