/** A table as it was read, shown before anything of it is done. */
import { type Asked, type Decision, refuse } from '../../src/bot/command.ts';
import { ROLE_NAMES } from '../../src/bot/permissions.ts';
import type { Card } from '../../src/core/card.ts';
import { readContacts } from '../../src/core/contacts.ts';
import { type Month, monthOf, sayMonth } from '../../src/core/day.ts';
import { planRoster, type RosterPlan } from '../../src/core/import.ts';
import { contactChanges, planContacts } from '../../src/core/import-contacts.ts';
import { type Ahead, offWith, sayOff } from '../../src/core/import-ended.ts';
import { type ImportKnown, sayPhones } from '../../src/core/import-known.ts';
import { maskPhone } from '../../src/core/names.ts';
import { type PaperKnown, planPaperTotals, readPaperTotals, saySums } from '../../src/core/paper-totals.ts';
import type { Draft } from '../../src/core/records.ts';
import { intermediateTitle, packed, type RosterRow, type RowProblem, readRoster, sayChanged } from '../../src/core/roster.ts';
import type { Steps } from '../../src/core/steps.ts';
import { cite, type Programme } from '../../src/programmes/schema.ts';
import { type Args, called, MOST } from './asked.ts';

export const problemsCard = (problems: readonly RowProblem[], rows: number): Card => ({
  code: 'import.problems',
  title: `有${problems.length}处要改，没有导入`,
  tone: 'no',
  lines: [
    ...problems.slice(0, MOST).map(p => `第${p.row}行 ${p.column}：${p.reason}`),
    ...(problems.length > MOST ? [`另有${problems.length - MOST}处`] : []),
    rows ? '改好后整张再发一次' : '请对照附件2的表头',
  ],
});

const draftOf = ({ turn, actor, now, programme }: Asked<Args>, kind: Draft['kind'], rows: unknown, from: Month | null): Draft => ({
  id: `${turn}`,
  kind,
  programme: programme!.id,
  by: actor.person!.id,
  at: now,
  rows: JSON.stringify(rows),
  from,
  state: 'waiting',
});

const noticeLines = (plan: RosterPlan): string[] =>
  plan.notices.length
    ? [
        `提示 ${plan.notices.length} 条（不影响导入）：`,
        ...plan.notices.slice(0, MOST).map(n => `第${n.no}行 ${n.clinic}：需求${n.need}，${n.person}是${n.specialty}`),
      ]
    : [];

const doubtLines = ({ doubts }: RosterPlan): string[] =>
  doubts.length
    ? [
        `号码对不上 ${doubts.length} 人，是不是同名的另一人：`,
        ...doubts.slice(0, MOST).map(d => `第${d.row.no}行 ${d.row.person} ${maskPhone(d.row.phone)}，已存 ${d.known}`),
      ]
    : [];

/** Whose title is below what the document asks for: said, and the bureau decides. */
const belowRank = (programme: Programme, rows: readonly RosterRow[]): string[] => {
  const below = programme.titles ? rows.filter(r => !intermediateTitle(r.title)) : [];
  if (!below.length) return [];
  const each = below.slice(0, MOST).map(r => `第${r.no}行 ${r.person} ${r.title}`);
  return [`职称不够 ${below.length} 人：${each.join('、')}${below.length > MOST ? '等' : ''}`, cite(programme, programme.titles!)];
};

export function* previewRoster(
  asked: Asked<Args>,
  known: ImportKnown,
  ahead: Ahead,
  table: string[][],
  fileNotices: readonly string[],
): Steps<Decision> {
  const read = yield* readRoster(table);
  if (read.problems.length) return { reply: problemsCard(read.problems, read.rows.length) };
  const from = asked.args.since ?? monthOf(asked.today);
  if (from < monthOf(asked.today))
    return refuse('import.past-month', `${sayMonth(from)}已经过去`, '以前月份的人员和单位不改，请写本月或以后');
  const plan = yield* planRoster(known, read.rows, from);
  if (plan.problems.length) return { reply: problemsCard(plan.problems, read.rows.length) };
  const { diff } = plan;
  yield;
  const draft = draftOf(asked, 'roster', packed(read.rows), from);
  yield;
  const clinics = known.postings.length ? diff.gone.length : 0;
  const expected = asked.programme!.roster?.clinics;
  const covered = new Set(read.rows.map(r => r.clinic)).size;
  const lines = [
    `新增 ${diff.added.length}，变动 ${diff.changed.length}，不变 ${diff.same.length}，本次未列 ${diff.gone.length}`,
    `从${sayMonth(from)}起，以前月份不变`,
    ...(expected !== undefined && covered !== expected ? [`表里${covered}家，方案是${expected}家`] : []),
    ...(plan.newUnits.length
      ? [`新单位 ${plan.newUnits.length} 家：${plan.newUnits.slice(0, 3).join('、')}${plan.newUnits.length > 3 ? '等' : ''}`]
      : []),
    ...sayChanged(diff.changed),
    ...sayPhones(plan.phones),
    ...doubtLines(plan),
    ...sayOff(offWith(diff.gone, ahead.visits), ahead),
    ...fileNotices,
    ...belowRank(asked.programme!, read.rows),
    ...noticeLines(plan),
  ];
  return {
    changes: [{ table: 'drafts', id: draft.id, to: draft }],
    reply: {
      code: 'import.preview',
      title: `安排表 ${read.rows.length} 行，请核对`,
      tone: 'ask',
      lines,
      table: {
        columns: ['行', '受援单位', '医师', '专业', '职称', '支援单位'],
        rows: read.rows.slice(0, 60).map(r => [`${r.no}`, r.clinic, r.person, r.specialty, r.title, r.hospital]),
      },
      buttons: [
        {
          label: clinics ? `确认，结束未列的${clinics}人` : '确认导入',
          command: `/导入 确认 ${called(draft, read.rows.length)}`,
          style: 'primary',
        },
        ...(clinics ? [{ label: '确认，保留未列的', command: `/导入 保留 ${called(draft, read.rows.length)}` }] : []),
        { label: '放弃', command: `/导入 放弃 ${draft.id}` },
      ],
    },
  };
}

export const previewContacts = (asked: Asked<Args>, known: ImportKnown, table: string[][], fileNotices: readonly string[]): Decision => {
  const read = readContacts(table);
  if (read.problems.length) return { reply: problemsCard(read.problems, read.rows.length) };
  const plan = planContacts(known, read.rows);
  if (plan.problems.length) return { reply: problemsCard(plan.problems, read.rows.length) };
  const { rows } = read;
  if (!contactChanges(known, rows, plan.units, asked).length)
    return {
      reply: { code: 'import.same', title: '和系统里的一致，没有要改的', tone: 'info', lines: [`核对了 ${rows.length} 人`] },
    };
  const unreached = rows.filter(r => r.phone === '').length;
  const draft = draftOf(asked, 'contacts', rows, null);
  return {
    changes: [{ table: 'drafts', id: draft.id, to: draft }],
    reply: {
      code: 'import.preview',
      title: `联络员 ${rows.length} 人，请核对`,
      tone: 'ask',
      lines: [
        `${new Set(rows.map(r => r.unit)).size}家单位`,
        ...(unreached ? [`没写手机 ${unreached} 人：新来的绑定时要由您点“是本人”`] : []),
        ...sayPhones(plan.phones),
        ...fileNotices,
      ],
      table: {
        columns: ['单位', '姓名', '角色', '手机'],
        rows: rows.slice(0, 60).map(r => [r.unit, r.name, r.office ?? ROLE_NAMES[r.role], r.phone === '' ? '没写' : maskPhone(r.phone)]),
      },
      buttons: [
        { label: '确认导入', command: `/导入 确认 ${called(draft, rows.length)}`, style: 'primary' },
        { label: '放弃', command: `/导入 放弃 ${draft.id}` },
      ],
    },
  };
};

/** Doctor-days of earlier months from paper. */
export const previewPaper = (asked: Asked<Args>, known: PaperKnown, table: string[][], fileNotices: readonly string[]): Decision => {
  const read = readPaperTotals(table);
  if (read.problems.length) return { reply: problemsCard(read.problems, read.rows.length) };
  const plan = planPaperTotals(known, read.rows);
  if (plan.problems.length) return { reply: problemsCard(plan.problems, read.rows.length) };
  if (!plan.entries.length && plan.same)
    return {
      reply: { code: 'import.same', title: '和系统里的一致，没有要录的', tone: 'info', lines: [`核对了 ${plan.same} 格`] },
    };
  if (!plan.entries.length) return refuse('import.empty', '表里没有填人次', '空格不录；没有下基层的月份写0');
  const draft = draftOf(asked, 'paper-totals', read.rows, null);
  const old = plan.entries.filter(e => known.existing.some(x => x.clinic === e.clinic && x.month === e.month)).length;
  const months = [...new Set(plan.entries.map(e => e.month))].sort();
  return {
    changes: [{ table: 'drafts', id: draft.id, to: draft }],
    reply: {
      code: 'import.preview',
      title: `纸质报表人次 ${read.rows.length} 家，请核对`,
      tone: 'ask',
      lines: [
        saySums(plan.entries),
        '附件1里标明据纸质报表录入，不补造班次',
        ...(old ? [`其中${old}格以前录过，会更新`] : []),
        ...(plan.same ? [`${plan.same}格和系统里的一致，不录`] : []),
        ...fileNotices,
      ],
      table: {
        columns: ['单位', ...months.map(m => `${Number(m.slice(5))}月`)],
        rows: read.rows.slice(0, 60).map(r => [r.clinic, ...months.map(m => `${r.months[Number(m.slice(5))] ?? ''}`)]),
      },
      buttons: [
        { label: '确认导入', command: `/导入 确认 ${draft.id}`, style: 'primary' },
        { label: '放弃', command: `/导入 放弃 ${draft.id}` },
      ],
    },
  };
};

export const checking = (rows: number): Card => ({
  code: 'import.checking',
  title: `正在核对，表里${rows}行`,
  tone: 'info',
  lines: ['核对好了给您看，点确认才生效', '这期间其他命令照常用'],
});
