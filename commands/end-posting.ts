/** /提前结束 — a physician who cannot serve a posting to its end asks to end it; whom to ask and where it is reported stands in the programme. */

import { z } from 'zod';
import { type Asked, type Decision, defineCommand, refuse } from '../src/bot/command.ts';
import { leaveFiles, namesOf } from '../src/bot/leaves.ts';
import { rosterHint } from '../src/bot/permissions.ts';
import { pointer } from '../src/core/card.ts';
import { addDays, type Day, monthOf, parseDay, sayDate, sayDay, within } from '../src/core/day.ts';
import { hasEnded, madeAfter } from '../src/core/early-end.ts';
import { type LeaveFile, leaveState, sayLeaveDays } from '../src/core/leave-cards.ts';
import { askedOf, askStations, saying } from '../src/core/leave-news.ts';
import { stepsOf } from '../src/core/leave-steps.ts';
import { lastsTo } from '../src/core/posting.ts';
import type { Change, Leave, Person, Posting, Visit } from '../src/core/records.ts';
import { cite, type LeaveRules } from '../src/programmes/schema.ts';
import { servedLines } from './end-posting/granted.ts';

const days = z.array(z.object({ from: z.string().transform(d => parseDay(d)!), to: z.string() }));
const args = z.object({
  person: z.string().optional(),
  since: days.optional(),
  days: days.optional(),
  reason: z.string().max(200, '原因不超过200字').optional(),
});
type Args = z.infer<typeof args>;

interface Facts {
  person: Person | undefined;
  postings: Posting[];
  visits: Visit[];
  /** Early ends of the physician that are open or agreed to. */
  ends: LeaveFile[];
  names: Awaited<ReturnType<typeof namesOf>>;
}

/** How far back a last day may lie when it is entered. */
const BACK = 31;

export default defineCommand<Args, Facts>({
  name: '提前结束',
  serves: ['early-end'],
  aliases: ['结束派驻', '终止派驻', '提前结束派驻', 'tqjs', 'tiqianjieshu', 'end-posting'],
  summary: '不能继续派驻的，向支援单位申请结束',
  usage: '/提前结束 [医师] 最后一天 原因',
  examples: ['/提前结束 6月12日 因病需长期治疗', '/提前结束 张三 6月12日 因病需长期治疗'],
  slots: {
    since: { kind: 'labelled', labels: ['自', '从'], of: { kind: 'dates', single: true, prefer: 'near' } },
    days: { kind: 'dates', single: true, prefer: 'near' },
    person: { kind: 'person' },
    reason: { kind: 'rest', personal: true },
  },
  args,
  needsProgramme: true,

  async facts(read, { args, actor, programme }) {
    const id = args.person ?? actor.person!.id;
    const postings = await read.all('postings', { person: id, programme: programme!.id });
    const last = lastOf(args);
    const ends = await leaveFiles(
      read,
      await read.all('leaves', { person: id, programme: programme!.id, kind: 'end', state: ['open', 'approved'] }),
    );
    return {
      person: id === actor.person?.id ? actor.person : await read.get('people', id),
      postings,
      visits: last ? await read.all('visits', { person: id, programme: programme!.id, day: { from: addDays(last, -100) } }) : [],
      ends,
      names: await namesOf(
        read,
        [id, ...ends.flatMap(e => e.steps.map(s => s.by))],
        [...postings.flatMap(p => [p.clinic, p.hospital, p.county]), ...ends.flatMap(e => e.steps.map(s => s.org))],
      ),
    };
  },

  decide(asked) {
    const { args, facts: f, programme, actor, today } = asked;
    const rules = programme!['early-end'];
    if (!rules)
      return refuse(
        'end.none',
        '这个方案没有写提前结束派驻',
        programme!.leave ? '一时不能来的发 /请假；有人接替的由支援单位 /换人' : '有人接替的由支援单位 /换人；别的请联系卫健局',
      );
    const { person } = f;
    const own = person?.id === actor.person?.id;
    const theirs = f.postings.some(p => actor.grants.some(g => g.role === 'hospital' && g.org === p.hospital));
    if (!person || (!own && !theirs)) return { ...refuse('end.not-yours', '不能替这位医师提出', '由本人或其支援单位提出'), private: true };
    const open = f.ends.find(e => e.leave.state === 'open');
    if (open)
      return {
        reply: {
          code: 'end.already',
          title: `${person.name}已提出提前结束，编号${open.leave.id}`,
          tone: 'info',
          lines: [sayLeaveDays(open, today), leaveState(open, f.names)],
          buttons: [{ label: '撤回', command: `/销假 ${open.leave.id}` }],
        },
      };
    const last = lastOf(args);
    const who = own ? '' : `${person.name} `;
    const ends = f.ends.map(e => e.leave);
    const on = last ?? today;
    const held = f.postings.filter(p => lastsTo(p, monthOf(on)) && !hasEnded(p, ends, on));
    if (!held.length) return refuse('end.no-posting', own ? '您现在没有派驻' : `${person.name}现在没有派驻`, '发 /排班 看现在的安排');
    if (!last)
      return {
        reply: { code: 'end.when', title: '最后一天是哪天？', tone: 'ask', lines: ['直接回复日期，如：6月12日', '发 取消 不办'] },
        waitFor: `/提前结束 ${who}${args.reason ?? ''}`.trim(),
      };
    if (!within(last, { from: programme!.term.from, to: programme!.term.until }))
      return refuse(
        'end.outside',
        `${sayDay(last, today)}不在方案期内`,
        `方案期${sayDate(programme!.term.from)}至${sayDate(programme!.term.until)}`,
      );
    if (last < addDays(today, -BACK)) return refuse('end.past', `${sayDay(last, today)}太早了`, `最后一天最多往前${BACK}天（系统默认）`);
    if (held.every(p => monthOf(last) < p.from))
      return refuse('end.before', `${sayDay(last, today)}派驻还没开始`, rosterHint(actor.grants.map(g => g.role)));
    const made = madeAfter(f.visits, last);
    if (made)
      return refuse(
        'end.made',
        `${sayDay(made.day, today)}已到岗，最后一天不会更早`,
        `例：/提前结束 ${who}${sayDay(made.day).split(' ')[0]} 原因`,
      );
    if (!args.reason)
      return {
        reply: { code: 'end.reason', title: '请写原因', tone: 'ask', lines: ['直接回复，如：因病需长期治疗', cite(programme!, rules)] },
        waitFor: `/提前结束 ${who}${last}`,
      };
    return ask(asked, rules, { person, own, last, held, reason: args.reason });
  },
});

/** 自2月10日: the first day off; else the last day on duty is named. */
const lastOf = ({ since, days }: Args): Day | undefined => (since?.[0] ? addDays(since[0].from, -1) : days?.[0]?.from);

const ask = (
  asked: Asked<Args> & { facts: Facts },
  rules: LeaveRules,
  { person, own, last, held, reason }: { person: Person; own: boolean; last: Day; held: Posting[]; reason: string },
): Decision => {
  const { facts: f, programme, actor, today, now, turn, calendar } = asked;
  const [first] = held;
  const from = addDays(last, 1);
  const leave: Leave = {
    id: `${turn}`,
    programme: programme!.id,
    programmeKey: programme!.key,
    county: first!.county,
    person: person.id,
    hospital: first!.hospital,
    from,
    to: from,
    kind: 'end',
    reason,
    workdays: null,
    emergency: false,
    exception: null,
    state: 'open',
    at: now,
    by: actor.person!.id,
    follows: null,
  };
  const stations = { hospital: leave.hospital, clinics: [...new Set(held.map(p => p.clinic))], county: leave.county };
  const file: LeaveFile = { leave, visits: [], steps: stepsOf(rules, leave, stations, from, calendar, undefined) };
  const s = saying(asked, { names: f.names, reason, physician: person, rules });
  const facts = { postings: held, visits: f.visits, leaves: [] };
  const changes: Change[] = [
    { table: 'leaves', id: leave.id, to: leave },
    ...file.steps.map((x): Change => ({ table: 'leaveSteps', id: x.id, to: x })),
  ];
  return {
    changes,
    tell: own
      ? askStations(file, file.steps, s)
      : [
          {
            key: `leave/${leave.id}/for-you`,
            to: { person: person.id },
            class: 'news',
            about: 'person',
            inGroup: pointer(person.name),
            card: {
              code: 'end.for-you',
              title: `${actor.person!.name}代您提出提前结束派驻`,
              tone: 'info',
              lines: [sayLeaveDays(file, today), '有出入请马上联系支援单位'],
            },
          },
        ],
    replyIn: 'direct',
    reply: {
      code: 'end.asked-for',
      title: `提前结束派驻已提出，编号${leave.id}`,
      tone: own ? 'ok' : 'ask',
      lines: [
        `${person.name} ${sayLeaveDays(file, today)}，${sayDay(from, today)}起不再派驻`,
        own ? askedOf(file, s) : '点同意才结束',
        ...servedLines(asked, last, facts),
        cite(programme!, rules),
      ],
      buttons: [
        ...(own ? [] : [{ label: '同意', command: `/批准 ${leave.id}`, style: 'primary' as const }]),
        { label: '撤回', command: `/销假 ${leave.id}` },
      ],
    },
  };
};
