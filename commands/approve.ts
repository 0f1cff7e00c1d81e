/** /批准 and /驳回 — a station's answer to a leave: consent of hospital and clinic, decision of the bureau. Who may stands in src/bot/leaves.ts. */

import { type Asked, type Decision, defineCommand, refuse } from '../src/bot/command.ts';
import { daysOfLeave } from '../src/bot/leaves.ts';
import { sayDay, sayDays } from '../src/core/day.ts';
import { lastDay, madeAfter, rulesFor } from '../src/core/early-end.ts';
import { type LeaveFile, sayLeaveDays } from '../src/core/leave-cards.ts';
import { workedOn } from '../src/core/leave-granted.ts';
import { mayDecideEarly } from '../src/core/leave-steps.ts';
import type { LeaveStep } from '../src/core/records.ts';
import { answer } from './approve/answered.ts';
import { type Args, args, type Facts, facts } from './approve/asked.ts';
import { settledOrNot } from './approve/settled.ts';
import { forWhich } from './approve/sides.ts';

const slots = {
  leave: { kind: 'ref' as const, plain: true },
  org: { kind: 'org' as const },
  offline: { kind: 'choice' as const, words: { 线下同意: 'offline', 线下: 'offline', 电话同意: 'offline', 书面同意: 'offline' } },
  note: { kind: 'rest' as const, personal: true as const },
};

const decide = (yes: boolean, asked: Asked<Args> & { facts: Facts }): Decision => {
  const { facts: f, args, today, programme } = asked;
  if (!args.leave) return list(asked, f);
  const { file } = f;
  const rules = file && rulesFor(programme, file.leave);
  if (!file || !f.names || !rules)
    return { ...refuse('leave.unknown', `没有编号 ${args.leave} 的请假`, '发 /待办 看等您的事'), private: true };
  const { leave } = file;
  if (f.answerers.some(a => a.as === 'own') && !f.answerers.some(a => a.as === 'self'))
    return { ...refuse('leave.own', '不能批自己的请假', '由副岗或单位负责人办'), private: true };
  const open = (s: LeaveStep) =>
    s.state === 'waiting' || (s.state === 'later' && s.kind === 'decision' && mayDecideEarly(leave, s, today) && leave.state === 'open');
  const mine = f.answerers.filter(a => a.as === 'self' && open(a.step)).map(a => a.step);
  const others = f.answerers
    .filter(a => a.as === 'stand-in' && open(a.step) && (args.org === undefined || a.step.org === args.org))
    .map(a => a.step);
  const offline = args.offline !== undefined || (args.org !== undefined && !mine.some(s => s.org === args.org));
  const sides = mine.filter(s => s.state === 'waiting');
  if (!offline && args.org === undefined && new Set(sides.map(s => s.org)).size > 1)
    return forWhich(f.names, { leave: leave.id, sides, yes, note: args.note });
  const step = offline ? others[0] : (mine.find(s => args.org === undefined || s.org === args.org) ?? mine[0]);
  if (!step) return settledOrNot(asked, f, file);
  if (offline && others.length > 1 && args.org === undefined)
    return refuse('leave.offline-which', '请写明替哪个单位录入', `例：/批准 ${leave.id} ${f.names.org(others[0]!.org)} 线下同意 电话`);
  if (offline && !yes) return { ...refuse('leave.offline-no', '不能替别的单位驳回', '请由该单位自己答复'), private: true };
  if (offline && !args.note)
    return {
      reply: { code: 'leave.offline-how', title: '怎么同意的？', tone: 'ask', lines: ['直接回复，如：电话，王院长', '发 取消 不办'] },
      waitFor: `/批准 ${leave.id} ${f.names.orgs.get(step.org)?.name ?? ''} 线下同意`,
    };
  const unit = args.org === undefined ? '' : ` ${f.names.full(step.org)}`;
  if (!yes && !args.note)
    return {
      reply: {
        code: 'leave.why-not',
        title: '为什么不同意？',
        tone: 'ask',
        lines: [goesOn(leave, step, file) ? '告诉申请人，决定的人也看得到' : '只告诉申请人本人', '直接回复理由，发 取消 不办'],
      },
      waitFor: `/驳回 ${leave.id}${unit}`,
    };
  const excepts = rules.limits.filter(l => l.force === 'in-principle' && (l.except ?? step.role) === step.role);
  const made = yes && f.end ? madeAfter(f.end.visits, lastDay(leave)) : undefined;
  if (made)
    return refuse(
      'end.made',
      `${sayDay(made.day, today)}已到岗，派驻不是在这之前结束的`,
      '请本人撤回，按实际的最后一天重提',
      `/销假 ${leave.id}`,
    );
  const worked = workedOn(leave, file.visits, f.visits);
  if (yes && worked.whole)
    return refuse(
      'leave.was-there',
      `${f.names.person(leave.person)} ${sayDays(worked.days, today)}已核实在岗，不能准假`,
      `请本人撤回：/销假 ${leave.id}，或答复不同意：/驳回 ${leave.id} 已到岗`,
      `核实有误的，先请受援单位更正：/核实 ${worked.visit!.id} 没到`,
    );
  if (yes && leave.exception && excepts.length && !args.note)
    return {
      reply: {
        code: 'leave.exception-why',
        title: '超出原则上的限度，请写理由',
        tone: 'ask',
        lines: [leave.exception, '直接回复理由，发 取消 不办'],
      },
      waitFor: `/批准 ${leave.id}${unit}`,
    };
  return answer(asked, f, file, step, { yes, how: offline ? 'offline' : 'self', rules });
};

/** A no that does not end it: another decides. */
const goesOn = (leave: LeaveFile['leave'], step: LeaveStep, { steps }: LeaveFile): boolean =>
  leave.emergency && step.kind === 'consent' && steps.some(s => s.kind === 'decision');

/** What waits for the actor. */
const list = ({ today }: Asked<Args>, f: Facts): Decision => ({
  reply: {
    code: f.waiting.length ? 'leave.waiting-list' : 'leave.waiting-none',
    title: f.waiting.length ? `等您答复的请假 ${f.waiting.length} 件` : '没有等您答复的请假',
    tone: f.waiting.length ? 'ask' : 'info',
    lines: f.waiting.slice(0, 5).map(w => `编号${w.file.leave.id} ${w.name} ${sayLeaveDays(w.file, today)}`),
    buttons: f.waiting.slice(0, 5).flatMap(w => [
      { label: `同意${w.name}`, command: `/批准 ${w.file.leave.id}` },
      { label: `不同意${w.name}`, command: `/驳回 ${w.file.leave.id}` },
    ]),
  },
  replyIn: 'direct',
});

export const approve = defineCommand<Args, Facts>({
  name: '批准',
  serves: ['leave', 'early-end'],
  aliases: ['同意', '准假', 'pz', 'pizhun', 'approve'],
  sayings: /(?<!不)(?:同意|批准)(?!.{0,2}我).{1,12}假(?!.{0,6}[吗没么])|假(?!.{0,3}不).{0,6}(?<!不)(?:同意|批准|批了|准了)了?$/,
  daily: ['hospital', 'clinic', 'head', 'general'],
  summary: '同意请假，或录入线下同意',
  usage: '/批准 编号 [意见]，/批准 编号 单位 线下同意 经过',
  examples: ['/批准 57', '/批准 57 青山卫生院 线下同意 电话'],
  slots,
  args,
  needsProgramme: true,
  concerns: (read, { leave }, { programme }) => daysOfLeave(read, leave, programme),
  facts,
  decide: asked => decide(true, asked),
});

export const reject = defineCommand<Args, Facts>({
  name: '驳回',
  serves: ['leave', 'early-end'],
  aliases: ['不同意', '不批准', 'bh', 'bohui', 'reject'],
  sayings: /不(?:同意|批准?|准).{1,12}假|假.{0,6}不(?:同意|批准?|能批|准)/,
  summary: '不同意请假，写明理由',
  usage: '/驳回 编号 理由',
  examples: ['/驳回 57 当天有手术安排'],
  slots,
  args,
  needsProgramme: true,
  concerns: (read, { leave }, { programme }) => daysOfLeave(read, leave, programme),
  facts,
  decide: asked => decide(false, asked),
});
