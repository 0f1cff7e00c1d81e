/** What those above do with a report: accept, return, lock, unlock. */

import { type Asked, type Decision, refuse } from '../src/bot/command.ts';
import { filersAt, type StandingUnit } from '../src/bot/reports.ts';
import type { Outgoing } from '../src/core/card.ts';
import { sayInstant } from '../src/core/day.ts';
import { type Step, type StepProblem, stepProblem } from '../src/core/filing.ts';
import { shownOrg } from '../src/core/org-names.ts';
import type { Change, Report } from '../src/core/records.ts';
import { sayPeriod, sayShort } from '../src/core/report.ts';
import { basisOf, heldLine, periodWord, typedPeriod } from '../src/core/report-cards.ts';
import type { Loaded } from './report.ts';
import { topicOf } from './report-filing.ts';

/** What a step is weighed by. */
export type StepFacts = Pick<Loaded, 'programme' | 'period' | 'unit' | 'draft' | 'over' | 'above' | 'aboveIs'>;

const DONE: Readonly<Record<Step, string>> = { accept: '已受理', return: '已退回', lock: '已锁定', unlock: '已开锁' };
const STATE: Readonly<Record<Exclude<Step, 'unlock'>, Report['state']>> = { accept: 'accepted', return: 'returned', lock: 'locked' };

export const refusal = (step: Step, problem: StepProblem, l: StepFacts): Decision => {
  const name = shownOrg(l.unit.org);
  const report = `${name}${sayShort(l.period)}`;
  const open = l.draft.feeders.filter(b => b.report?.state !== 'accepted' && b.report?.state !== 'locked').map(b => shownOrg(b.unit.org));
  switch (problem) {
    case 'already':
      return {
        reply: { code: 'report.step-already', title: `${report}${step === 'unlock' ? '现在开着' : DONE[step]}`, tone: 'info', lines: [] },
      };
    case 'not-filed':
      return refuse('report.not-filed', `${report}还没报上来`, '报上来才能受理或退回');
    case 'not-accepted':
      return refuse('report.not-accepted', `${report}还没受理`, `先受理：/月报 受理 ${name} ${typedPeriod(l.period)}`);
    case 'below-open':
      return refuse(
        'report.below-first',
        '下级的还没受理完',
        `${open.slice(0, 5).join('、')}${open.length > 5 ? `等${open.length}家` : ''}`,
        '下级先受理，上级再受理',
      );
    case 'above-accepted':
      return refuse(
        'report.above-first',
        `${l.aboveIs?.name ?? '上级'}汇总的${sayShort(l.period)}已受理，不能${step === 'unlock' ? '开锁' : '退回'}`,
        '漏报的不用改：核实后自动进下次补报',
        l.aboveIs?.alone
          ? `数字要改，先登记上级退回：/月报 退回 ${l.aboveIs.name} ${typedPeriod(l.period)} 原因`
          : `数字要改，请上级先退回${l.aboveIs?.name ?? ''}汇总的`,
      );
    case 'locked':
      return refuse('report.locked', `${report}已锁定`, `确需改动：/开锁 ${name} ${typedPeriod(l.period)} 理由`);
    case 'not-locked':
      return refuse('report.not-locked', `${report}没有受理或锁定，不用开锁`, '还没受理的，要改可以退回：/月报 退回 单位 原因');
  }
};

export const notOver = (l: Pick<Loaded, 'unit'>): Decision => ({
  ...refuse('report.not-over', `不能办理${shownOrg(l.unit.org)}的月报`, '由其上级卫健部门办理，自己的由再上一级'),
  private: true,
});

export const changed = (report: Report, to: Partial<Report>): Change => ({
  table: 'reports',
  id: report.id,
  to: { ...report, ...to },
  was: { state: report.state, filing: report.filing, openUntil: report.openUntil },
});

export const stepOne = (
  step: Exclude<Step, 'unlock'>,
  asked: Asked<{ text?: string | undefined }>,
  l: StepFacts & Pick<Loaded, 'alone'>,
): Decision => {
  const { args, actor, now, today } = asked;
  const itself = l.alone && (step === 'accept' || step === 'return');
  if (!l.over && !itself) return notOver(l);
  const { report } = l.draft;
  const problem = stepProblem(step, report, { below: l.draft.feeders.map(b => b.report), above: l.above, today });
  if (problem) return refusal(step, problem, l);
  const name = shownOrg(l.unit.org);
  const reason = args.text?.trim();
  if (step === 'return' && !reason)
    return {
      reply: {
        code: 'report.return-why',
        title: `退回${name}${sayShort(l.period)}，原因？`,
        tone: 'ask',
        lines: ['直接回复原因', '发 取消 不退'],
      },
      waitFor: `/月报 退回 ${periodWord(l.period)} ${l.unit.org.name}`,
    };
  if (itself && step === 'accept' && !reason)
    return {
      reply: {
        code: 'report.accept-how',
        title: `上级怎样受理了${name}${sayShort(l.period)}？`,
        tone: 'ask',
        lines: ['上级没有人在这里，由本局登记', '直接回复谁、何时、怎样，如：市卫健委医政科4月3日电话受理', '发 取消 不登记'],
      },
      waitFor: `/月报 受理 ${periodWord(l.period)} ${l.unit.org.name}`,
    };
  // What was heard stands with who wrote it down and when.
  const heard = itself ? `${reason}（${actor.person!.name} ${sayInstant(now, today)}登记）` : null;
  return {
    changes: [
      changed(report!, {
        state: STATE[step],
        why: heard ?? (step === 'return' ? reason! : null),
        by: actor.person!.id,
        at: now,
        openUntil: null,
      }),
    ],
    ...(step === 'return' && !itself ? { tell: [returned(asked, l, reason!)] } : {}),
    reply: {
      code: `report.${STATE[step]}`,
      title: `${DONE[step]} ${name} ${sayPeriod(l.period)}`,
      tone: 'ok',
      lines: heard
        ? [`上级：${heard}`, ...(step === 'return' ? ['改好后再汇总上报'] : [])]
        : step === 'return'
          ? ['已告知该单位改好再报']
          : step === 'lock'
            ? ['锁定后不能改工作量；之后核实的进下次补报']
            : [],
    },
  };
};

const returned = ({ turn }: Pick<Asked, 'turn'>, l: StepFacts, reason: string): Outgoing => ({
  key: `report-returned/${l.draft.report!.id}/${turn}`,
  topic: topicOf(l),
  to: filersAt(l.unit),
  class: 'news',
  about: 'person',
  card: {
    code: 'report.returned-you',
    title: `${sayPeriod(l.period)}被退回`,
    tone: 'urgent',
    lines: [`原因：${reason}`, '改好后再点上报，逾期与否按第一次报的算', basisOf(l.programme, l.period)],
    buttons: [{ label: '看月报', command: `/月报 ${periodWord(l.period)} ${l.unit.org.name}`, style: 'primary' }],
  },
});

/** Units that have filed what those beneath them have not all had accepted. */
export const heldOf = ({ draft, below }: Pick<Loaded, 'draft' | 'below'>, today: Asked['today']): string[] =>
  draft.feeders
    .filter(u => stepProblem('accept', u.report, { below: below.get(u.org) ?? [], above: draft.report, today }) === 'below-open')
    .map(u => shownOrg(u.unit.org));

/** All units of a bureau that are ready for the step. */
export const stepAll = (step: Exclude<Step, 'unlock'>, asked: Asked<unknown>, l: Loaded): Decision => {
  const { actor, now, today } = asked;
  const bureau = l.unit.org;
  if (step === 'return') return refuse('report.return-one', '退回要一家一家退', '例：/月报 退回 青山卫生院 4月 原因');
  if (bureau.kind !== 'bureau' || !actor.grants.some(g => g.role === 'bureau' && g.org === bureau.id)) return notOver(l);
  const units = l.draft.feeders;
  const ready: StandingUnit[] = units.filter(
    u => stepProblem(step, u.report, { below: l.below.get(u.org) ?? [], above: l.draft.report, today }) === undefined,
  );
  const held = heldOf(l, today);
  const left =
    units.length -
    units.filter(u => u.report && (u.report.state === STATE[step] || (step === 'accept' && u.report.state === 'locked'))).length -
    (step === 'accept' ? held.length : 0) -
    ready.length;
  const rest = [...(step === 'accept' && held.length ? [heldLine(held)] : []), ...(left ? [`还有${left}家没到这一步`] : [])];
  if (!ready.length)
    return {
      reply: {
        code: 'report.step-none',
        title: `没有可以${step === 'accept' ? '受理' : '锁定'}的${sayShort(l.period)}`,
        tone: 'info',
        lines: rest,
      },
    };
  return {
    changes: ready.map(u => changed(u.report!, { state: STATE[step], why: null, by: actor.person!.id, at: now, openUntil: null })),
    reply: {
      code: `report.${STATE[step]}-all`,
      title: `${DONE[step]} ${ready.length} 家 ${sayPeriod(l.period)}`,
      tone: 'ok',
      lines: rest,
    },
  };
};
