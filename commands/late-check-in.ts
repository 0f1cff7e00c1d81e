/** /补签 — a check-in entered after its day, within the bureau's limit, marked as late. */

import { z } from 'zod';
import { defineCommand, refuse } from '../src/bot/command.ts';
import { workday } from '../src/core/calendar.ts';
import { checkInTarget } from '../src/core/check-in.ts';
import { addDays, type Day, daysBetween, monthOf, monthSpan, parseDay, sayDay } from '../src/core/day.ts';
import { shownOrg } from '../src/core/org-names.ts';
import type { CheckIn, Org, Person, Posting, Visit } from '../src/core/records.ts';
import { dayChanges, halvesFrom, sayHalves, VISIT_TYPE_NAMES } from '../src/core/visit.ts';
import { leaveOn, sayWord } from './check-in/on-leave.ts';
import { notPosted, postedUntil, postingsOn } from './check-in/posted.ts';

const args = z.object({
  anyway: z.literal('anyway').optional(),
  days: z
    .array(z.object({ from: z.string().transform(d => parseDay(d)!), to: z.string(), half: z.enum(['am', 'pm', 'day']).optional() }))
    .length(1, '一次补一天')
    .optional(),
  person: z.string().optional(),
  clinic: z.string().optional(),
  half: z.enum(['am', 'pm', 'day']).optional(),
  reason: z.string().min(2, '请写明事由，如 没有信号').max(200, '事由不超过200字').optional(),
});

const HALF_WORDS = { am: '上午', pm: '下午', day: '' } as const;

interface Facts {
  person: Person | undefined;
  day: Visit[];
  month: Visit[];
  postings: Posting[];
  /** The approved leave of the day. */
  leave: string | undefined;
  /** Last day of a posting that is over, where none holds. */
  until: Day | undefined;
  orgs: Map<string, Org>;
}

export default defineCommand<z.infer<typeof args>, Facts>({
  name: '补签',
  aliases: ['补卡', '补打卡', 'bq', 'buqian', 'late-checkin'],
  sayings: /[忘漏](?:了|记了?)?(?:签到|打卡)|没(?:签到|打卡)|补(?:签|卡|打卡)|[昨前]天.{0,4}[到来去].{0,6}了/,
  around: /我|忘(?:了|记了?)?(?:签到|打卡|签)了?|没(?:签到|打卡)|补(?:签|卡|打卡)|[去到]了|因为|由于/g,
  summary: '忘了签到可补',
  usage: '/补签 日期 [单位] 事由',
  examples: ['/补签 4月10日 没有信号', '/补签 昨天 青山卫生院 手机没电'],
  slots: {
    days: { kind: 'dates', single: true, prefer: 'past' },
    person: { kind: 'person' },
    clinic: { kind: 'org' },
    half: { kind: 'half' },
    anyway: { kind: 'choice', words: { 临时下乡: 'anyway' } },
    reason: { kind: 'rest', personal: true },
  },
  args,
  needsProgramme: true,
  asksFreely: true,
  concerns: (_read, { days }) => (days ?? []).map(d => d.from),

  async facts(read, { actor, args, programmes, today }) {
    const id = args.person ?? actor.person!.id;
    const day: Day = args.days?.[0]?.from ?? today;
    const month = await read.all('visits', { person: id, day: monthSpan(monthOf(day)) });
    const postings = await postingsOn(read, { programmes }, id, day);
    const ids = [...new Set([...month.map(v => v.clinic), ...postings.map(p => p.clinic), ...(args.clinic ? [args.clinic] : [])])];
    const orgs = ids.length ? await read.all('orgs', { id: ids }) : [];
    return {
      person: await read.get('people', id),
      day: month.filter(v => v.day === day),
      month: month.filter(v => v.day !== day),
      postings,
      leave: await leaveOn(
        read,
        id,
        day,
        month.filter(v => v.day === day),
      ),
      until: postings.length ? undefined : await postedUntil(read, id, day),
      orgs: new Map(orgs.map(o => [o.id, o])),
    };
  },

  decide({ args, facts, actor, now, today, turn, settings, programme, delayed, calendar, conversation }) {
    const name = (org: string) => shownOrg(facts.orgs.get(org));
    const own = facts.person?.id === actor.person?.id;
    const standsIn = [...facts.postings, ...facts.day].some(p =>
      actor.grants.some(g => (g.role === 'hospital' && g.org === p.hospital) || (g.role === 'clinic' && g.org === p.clinic)),
    );
    if (!facts.person || (!own && !standsIn))
      return { ...refuse('late.not-yours', '不能替这位医师补签', '只有其支援单位或受援单位可以'), private: true };
    const line = (...more: string[]) => ['/补签', own ? '' : facts.person!.name, ...more].filter(Boolean).join(' ');
    if (!args.days) {
      const yesterday = addDays(today, -1);
      const why = args.reason ?? '';
      return {
        reply: {
          code: 'late.which-day',
          title: '补哪一天的？',
          tone: 'ask',
          lines: [...(why && conversation.kind === 'direct' ? [`事由：${why}`] : []), '直接回复日期，如：昨天、4月10日', '发 取消 不办'],
          buttons: [{ label: `昨天（${sayDay(yesterday, today)}）`, command: line(yesterday, why) }],
        },
        waitFor: line(why),
      };
    }
    const day = args.days[0]!.from;
    const limit = settings.number('makeup.days');
    const back = daysBetween(day, today);
    if (back === 0) return refuse('late.today', '今天直接签到就行', '发 /签到');
    if (back < 0) return refuse('late.future', `${sayDay(day, today)}还没到`, '到那天再签到');
    if (programme && day < programme.term.from)
      return refuse('late.outside', `${sayDay(day, today)}不在方案期内`, `方案从${sayDay(programme.term.from as Day, today)}起`);
    if (back > limit)
      return refuse(
        'late.over-limit',
        `超过补签期限（${limit}天）`,
        `${sayDay(day, today)}已过${back}天；期限来自${settings.source('makeup.days')}`,
        '可请受援单位核实：/核实 日期',
      );

    const half = args.half ?? args.days[0]!.half;
    const target = checkInTarget(facts, {
      person: facts.person.id,
      day,
      clinic: args.clinic,
      half: half === 'day' ? undefined : half,
      halves: halvesFrom(half),
      id: String(turn),
    });
    if (target.kind === 'no-posting')
      return notPosted(
        facts.until,
        today,
        '那个月没有派驻安排',
        actor.grants.map(g => g.role),
      );
    if (target.kind === 'which')
      return refuse(
        'late.which',
        '请写明哪一家',
        `例：/补签 ${day} ${name(target.clinics[0]!)} ${(conversation.kind === 'direct' && args.reason) || '忘了签到'}`,
      );
    if (target.kind === 'clash')
      return refuse('check-in.clash', `那半天已在${name(target.visit.clinic)}`, `${sayDay(day)}${sayHalves(target.visit)}`);
    if (target.kind === 'already')
      return {
        reply: {
          code: 'check-in.already',
          title: '那天已有签到',
          tone: 'info',
          lines: [`${name(target.visit.clinic)} ${sayDay(day, today)}`],
        },
      };
    // Half and unit are said once.
    const where = [HALF_WORDS[half ?? 'day'], facts.orgs.get(target.visit.clinic)?.name ?? ''];
    if (facts.leave && target.kind === 'unplanned' && !args.anyway)
      return {
        reply: {
          code: 'late.on-leave',
          title: `${own ? '' : facts.person.name}${sayDay(day, today)}已准假，还没有补签`,
          tone: 'ask',
          lines: [`请假编号${facts.leave}`, '那天确实去了的，点一下'],
          buttons: [{ label: '去了，按临时下乡补签', command: line(day, '临时下乡', ...where, args.reason ?? '') }],
        },
      };
    const unplanned =
      target.kind === 'unplanned'
        ? [`那天没有排班，按临时下乡登记${workday(calendar, day) === 'rest' ? `；注意：${sayDay(day, today)}是休息日` : ''}`]
        : [];
    if (!args.reason)
      return {
        reply: {
          code: 'late.reason',
          title: `补签${sayDay(day, today)}，为什么当天没签？`,
          tone: 'ask',
          lines: [`${name(target.visit.clinic)}${sayHalves(target.visit)}`, ...unplanned, '直接回复，如：没有信号、忘了', '发 取消 不办'],
        },
        waitFor: line(day, args.anyway ? '临时下乡' : '', ...where),
      };
    const after: Visit = { ...target.visit, checkedIn: now, late: true };
    const checkIn: CheckIn = {
      id: String(turn),
      visit: after.id,
      person: after.person,
      clinic: after.clinic,
      day,
      at: now,
      by: actor.person!.id,
      kind: 'late',
      note: args.reason,
      near: null,
      leftAt: null,
      delayed,
      paper: null,
    };
    return {
      changes: [
        ...dayChanges(facts.day, [...facts.day.filter(v => v.id !== after.id), after], settings.get('half-day') === '是'),
        { table: 'checkIns', id: checkIn.id, to: checkIn },
      ],
      reply: {
        code: 'late.done',
        title: `${own ? '' : `${facts.person.name}：`}已补签 ${name(after.clinic)}`,
        tone: 'ok',
        lines: [`${sayDay(day, today)} ${sayHalves(after)}${VISIT_TYPE_NAMES[after.type]}，标为补签`, ...unplanned, sayWord(after)],
      },
    };
  },
});
