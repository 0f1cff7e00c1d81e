/** /开锁 — a locked report is open again as an exception: with a reason, and until a day. */

import { z } from 'zod';
import { defineCommand, refuse } from '../src/bot/command.ts';
import { draftOf } from '../src/bot/report-draft.ts';
import { isOver, whoIsAbove } from '../src/bot/report-rights.ts';
import { isProblem, problemOf, type TargetProblem, targetOf } from '../src/bot/report-target.ts';
import { aboveOf, filersAt } from '../src/bot/reports.ts';
import { addWorkdays, assumeWeekdays } from '../src/core/calendar.ts';
import { type Month, sayDay } from '../src/core/day.ts';
import { stepProblem } from '../src/core/filing.ts';
import { shownOrg } from '../src/core/org-names.ts';
import { sayPeriod } from '../src/core/report.ts';
import { basisOf, periodWord } from '../src/core/report-cards.ts';
import { topicOf } from './report-filing.ts';
import { changed, notOver, refusal, type StepFacts } from './report-steps.ts';

const args = z.object({
  month: z
    .string()
    .transform(m => m as Month)
    .optional(),
  closing: z.literal('closing').optional(),
  org: z.string({ error: '请写明哪一家' }),
  text: z.string().max(200).optional(),
});
type Args = z.infer<typeof args>;
type Facts = { problem: TargetProblem } | { problem: null; loaded: StepFacts };

export default defineCommand<Args, Facts>({
  name: '开锁',
  serves: ['report'],
  aliases: ['解锁', 'ks', 'kaisuo', 'unlock'],
  summary: '已锁定的月报限期开放更正',
  usage: '/开锁 单位 月份 理由',
  examples: ['/开锁 青山卫生院 4月 漏报一次下乡'],
  slots: {
    month: { kind: 'month', prefer: 'year' },
    closing: { kind: 'choice', words: { 年终: 'closing', 年终补报: 'closing' } },
    org: { kind: 'org', regions: true },
    text: { kind: 'rest' },
  },
  args,

  async facts(read, asked) {
    const target = await targetOf(read, asked, asked.args);
    if (isProblem(target)) return { problem: target };
    const { programme, unit, period } = target;
    const above = await aboveOf(read, programme, unit, period);
    return {
      problem: null,
      loaded: {
        ...target,
        draft: await draftOf(read, programme, unit, period, asked.today),
        over: await isOver(read, asked.actor, unit),
        above,
        aboveIs: await whoIsAbove(read, programme, asked.actor, above, asked.today),
      },
    };
  },

  decide({ args, facts, actor, calendar, settings, today, now, turn }) {
    if (facts.problem) return problemOf(facts.problem, today);
    const l = facts.loaded;
    if (!args.month && !args.closing) return refuse('unlock.month', '请写明哪个月', '例：/开锁 青山卫生院 4月 漏报一次下乡');
    if (!l.over) return notOver(l);
    const { report } = l.draft;
    const problem = stepProblem('unlock', report, { below: [], above: l.above, today });
    if (problem) return refusal('unlock', problem, l);
    const name = shownOrg(l.unit.org);
    const reason = args.text?.trim();
    if (!reason)
      return {
        reply: { code: 'unlock.why', title: `开${name}的锁，理由？`, tone: 'ask', lines: ['直接回复理由', '发 取消 不开'] },
        waitFor: `/开锁 ${periodWord(l.period)} ${l.unit.org.name}`,
      };
    const until = addWorkdays(assumeWeekdays(calendar), today, settings.number('unlock.days'));
    return {
      changes: [changed(report!, { openUntil: until, why: reason, by: actor.person!.id, at: now })],
      tell: [
        {
          key: `report-unlocked/${report!.id}/${turn}`,
          topic: topicOf(l),
          to: filersAt(l.unit),
          class: 'news',
          about: 'person',
          card: {
            code: 'report.unlocked-you',
            title: `${sayPeriod(l.period)}已开锁到${sayDay(until, today)}`,
            tone: 'ask',
            lines: [`理由：${reason}`, '改好后再上报；到期没报的按原来报的', basisOf(l.programme, l.period)],
            buttons: [{ label: '看月报', command: `/月报 ${periodWord(l.period)} ${l.unit.org.name}`, style: 'primary' }],
          },
        },
      ],
      reply: {
        code: 'unlock.done',
        title: `已开锁 ${name} ${sayPeriod(l.period)}`,
        tone: 'ok',
        lines: [`到${sayDay(until, today)}24时自动锁上（${settings.source('unlock.days')}）`, '已告知该单位'],
      },
    };
  },
});
