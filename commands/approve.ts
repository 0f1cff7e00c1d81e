/** /批准 and /驳回 — a station's answer to a leave: consent of hospital and clinic, decision of the bureau. Who may stands in src/bot/leaves.ts. */

import { z } from 'zod';
import { type Asked, type Decision, defineCommand, refuse } from '../src/bot/command.ts';
import { type Answerer, answererOf, daysOfLeave, leaveFile, leavesWaiting, namesFor } from '../src/bot/leaves.ts';
import type { Read } from '../src/bot/ports.ts';
import { casesFromLeave } from '../src/core/absence.ts';
import { sayDay, sayDays, sayInstant } from '../src/core/day.ts';
import { type EndFacts, isEarlyEnd, lastDay, madeAfter, rulesFor } from '../src/core/early-end.ts';
import { type LeaveFile, leaveState, leaveWord, sayLeaveDays, stationName, stationNames, visitLines } from '../src/core/leave-cards.ts';
import { grantVisits, lapsedLines, workedOn } from '../src/core/leave-granted.ts';
import { askStations, filingCard, grantedNews, owes, type Saying } from '../src/core/leave-news.ts';
import { objectedNews, refusedNews } from '../src/core/leave-refused.ts';
import { answerStep, mayDecideEarly, topicsOf } from '../src/core/leave-steps.ts';
import type { Change, LeaveStep, Posting, Visit } from '../src/core/records.ts';
import { clash } from '../src/core/visit.ts';
import type { LeaveRules } from '../src/programmes/schema.ts';
import { forWhich, sideButtons } from './approve/sides.ts';
import { endFacts, endGranted } from './end-posting/granted.ts';

const args = z.object({
  leave: z.string().optional(),
  org: z.string().optional(),
  offline: z.literal('offline').optional(),
  note: z.string().max(200, '意见不超过200字').optional(),
});
type Args = z.infer<typeof args>;

interface Facts {
  file: LeaveFile | undefined;
  answerers: Answerer[];
  names: Awaited<ReturnType<typeof namesFor>> | undefined;
  reason: string;
  /** Visits of the leave as they are now. */
  visits: Visit[];
  /** Visits of the physician on the make-up days. */
  theirs: Visit[];
  postings: Posting[];
  /** Of a posting that ends early: what goes with it. */
  end: EndFacts | undefined;
  /** What waits for the actor, when no number is given. */
  waiting: { file: LeaveFile; name: string }[];
}

const slots = {
  leave: { kind: 'ref' as const, plain: true },
  org: { kind: 'org' as const },
  offline: { kind: 'choice' as const, words: { 线下同意: 'offline', 线下: 'offline', 电话同意: 'offline', 书面同意: 'offline' } },
  note: { kind: 'rest' as const },
};

const facts = async (read: Read, asked: Asked<Args>): Promise<Facts> => {
  const { args, actor, today } = asked;
  const file = args.leave ? await leaveFile(read, args.leave) : undefined;
  if (!file) {
    const waiting = args.leave ? [] : await leavesWaiting(read, asked);
    const people = waiting.length ? await read.all('people', { id: waiting.map(w => w.leave.person) }) : [];
    return {
      file,
      answerers: [],
      names: undefined,
      reason: '',
      visits: [],
      theirs: [],
      postings: [],
      end: undefined,
      waiting: waiting.map(w => ({ file: w, name: people.find(p => p.id === w.leave.person)?.name ?? '' })),
    };
  }
  const answerers: Answerer[] = [];
  for (const step of file.steps) if (step.kind !== 'filing') answerers.push(await answererOf(read, actor, file, step, today));
  const visitIds = file.visits.map(v => v.visit);
  const days = file.visits.flatMap(v => (v.toDay ? [v.toDay] : []));
  const names = await namesFor(read, file);
  return {
    file,
    answerers,
    names: { ...names, person: id => (id === actor.person?.id ? actor.person.name : names.person(id)) },
    reason: (await read.unseal('leaves', file.leave.id, 'reason')) ?? '',
    visits: visitIds.length ? await read.all('visits', { id: visitIds }) : [],
    theirs: days.length ? await read.all('visits', { person: file.leave.person, day: days }) : [],
    postings: await read.all('postings', { person: file.leave.person }),
    end: isEarlyEnd(file.leave) ? await endFacts(read, file.leave) : undefined,
    waiting: [],
  };
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

/** There is nothing here for the actor to answer: because it is done, or because it is not theirs. */
const settledOrNot = ({ today }: Asked<Args>, f: Facts, file: LeaveFile): Decision => {
  const names = f.names!;
  const seen = f.answerers.filter(a => a.as === 'self').map(a => a.step);
  const done = seen.find(s => s.state === 'agreed' || s.state === 'refused');
  if (file.leave.state !== 'open' && (seen.length || f.answerers.some(a => a.as === 'stand-in')))
    return {
      reply: {
        code: 'leave.settled',
        title: `这件${leaveWord(file.leave)}${leaveState(file, names)}`,
        tone: 'info',
        lines: done?.at
          ? [`${stationName(done, names)} ${names.person(done.by ?? '')} ${sayInstant(done.at, today)}答复过`]
          : [`编号${file.leave.id} ${sayLeaveDays(file, today)}`],
      },
    };
  if (done?.at)
    return {
      reply: {
        code: 'leave.settled',
        title: '已经答复过',
        tone: 'info',
        lines: [
          `${stationName(done, names)} ${names.person(done.by ?? '')} ${sayInstant(done.at, today)}${done.state === 'agreed' ? '同意' : '没有同意'}`,
        ],
      },
    };
  const later = seen.find(s => s.state === 'later');
  if (later) {
    const waiting = file.steps.filter(s => s.state === 'waiting');
    return {
      reply: {
        code: 'leave.not-yet',
        title: `还在等${stationNames(waiting, names)}同意`,
        tone: 'info',
        lines: ['同意后会报给您', ...(later.due ? [`过了${sayDay(later.due, today)}还没同意，可以先批`] : [])],
      },
    };
  }
  const help = f.answerers.find(a => a.as === 'stand-in' && a.step.state === 'waiting');
  if (help)
    return {
      ...refuse(
        'leave.offline-hint',
        `这一步由${stationName(help.step, names)}答复`,
        `对方线下已同意的，可录入：/批准 ${file.leave.id} ${names.org(help.step.org)} 线下同意 电话`,
      ),
      private: true,
    };
  return { ...refuse('leave.not-yours', '这件请假不由您答复'), private: true };
};

const answer = (
  asked: Asked<Args>,
  f: Facts,
  file: LeaveFile,
  step: LeaveStep,
  said: { yes: boolean; how: 'self' | 'offline'; rules: LeaveRules },
): Decision => {
  const { actor, now, today, turn, args, programme, settings, calendar, demo } = asked;
  const names = f.names!;
  const { leave } = file;
  const result = answerStep(leave, file.steps, step.id, {
    yes: said.yes,
    by: actor.person!.id,
    at: now,
    how: said.how,
    note: args.note ?? null,
  });
  const changed = result.steps.filter((s, i) => JSON.stringify(s) !== JSON.stringify(file.steps[i]));
  const changes: Change[] = changed.map(s => ({
    table: 'leaveSteps',
    id: s.id,
    to: s,
    was: { state: file.steps.find(x => x.id === s.id)!.state },
  }));
  const s: Saying = {
    names,
    reason: f.reason,
    physician: names.people.get(leave.person),
    today,
    now,
    turn,
    programme: programme!,
    rules: said.rules,
    calendar,
    settings,
    demo,
  };
  const becomes = leave.state === 'open' && result.state !== 'open' ? result.state : undefined;
  if (becomes) changes.push({ table: 'leaves', id: leave.id, to: { ...leave, state: becomes }, was: { state: 'open' } });
  const after: LeaveFile = { ...file, leave: { ...leave, state: becomes ?? leave.state }, steps: result.steps };
  const who = names.person(leave.person);
  const days = sayLeaveDays(file, today);
  const settles = becomes === 'refused' ? topicsOf(leave.id, file.steps) : [`leave-step/${step.id}`];
  const how = said.how === 'offline' ? `（替${stationName(step, names)}录入线下同意）` : '';

  if (becomes === 'approved' && f.end)
    return endGranted(asked, f.end, after, s, { changes, settles, how, filing: result.steps.some(x => x.kind === 'filing') });
  if (becomes === 'approved') {
    const granted = grantVisits(file.visits, {
      visits: f.visits,
      theirs: f.theirs,
      postings: f.postings,
      today,
      turn,
      owed: owes(said.rules),
    });
    changes.push(...granted.changes);
    const visits = file.visits.map(v => granted.visits.find(x => x.id === v.id) ?? granted.lapsed.find(x => x.id === v.id) ?? v);
    const whole: LeaveFile = { ...after, visits };
    const files = result.steps.some(x => x.kind === 'filing');
    const lost = granted.unsettled.flatMap(v => {
      const was = file.visits.find(x => x.id === v.id);
      return was?.toDay
        ? [
            `${sayDay(was.toDay, today)}补不成（${
              clash(
                f.theirs.filter(t => t.day === was.toDay),
                { am: was.toAm, pm: was.toPm },
              )
                ? '已有别的班'
                : was.toDay < today
                  ? '已过'
                  : '那时不再派驻'
            }），已请本人另报`,
          ]
        : [];
    });
    const missing = result.steps.filter(x => x.kind === 'consent' && x.state === 'waiting');
    const reply = files ? filingCard(whole, s) : undefined;
    return {
      changes,
      settles: [...settles, ...granted.visits.map(v => `visit/${v.visit}`)],
      tell: grantedNews(whole, s, granted.unsettled),
      // The slip says why: it is not for a group.
      replyIn: 'direct',
      reply: {
        ...(reply ?? { tone: 'ok' }),
        code: 'leave.approved',
        title: `已准假：${who} ${days}${how}`,
        tone: 'ok',
        lines: [
          ...visitLines(whole, names, today, owes(said.rules)),
          ...lost,
          ...lapsedLines(granted.lapsed, workedOn(leave, file.visits, f.visits).days, today),
          ...(leave.from <= today ? ['事后补批'] : []),
          ...(missing.length ? [`还请${stationNames(missing, names)}补上同意`] : []),
          ...(reply?.lines ?? []),
        ],
      },
    };
  }
  if (becomes === 'refused') {
    const cases = leave.emergency ? casesFromLeave(asked, file.visits, f.visits) : [];
    return {
      changes: [...changes, ...cases.map((c): Change => ({ table: 'cases', id: c.id, to: c }))],
      settles,
      tell: refusedNews(after, { ...step, by: actor.person!.id }, args.note ?? '', s, cases),
      reply: {
        code: 'leave.refused-done',
        title: `已答复不同意：${who} ${days}`,
        tone: 'ok',
        lines: [
          '理由只告诉本人',
          cases.length
            ? '到岗情况转为待认定，先听双方说明'
            : isEarlyEnd(leave)
              ? '派驻照旧'
              : said.rules.of === 'workdays'
                ? '仍按时在岗'
                : '原班次不变',
        ],
      },
    };
  }
  const waiting = result.steps.filter(x => x.kind !== 'filing' && x.state === 'waiting');
  const mineToo = waiting.filter(x => x.id !== step.id && f.answerers.some(a => a.as === 'self' && a.step.id === x.id));
  return {
    changes,
    settles,
    tell: [
      ...askStations(after, result.opened, s),
      ...(said.yes ? [] : objectedNews(after, { ...step, by: actor.person!.id }, args.note ?? '', s)),
    ],
    reply: {
      code: said.yes ? 'leave.agreed' : 'leave.objected',
      title: said.yes ? `已同意：${who} ${days}${how}` : `已记下不同意：${who} ${days}`,
      tone: 'ok',
      lines: [
        waiting.length ? `还等${stationNames(waiting, names)}${mineToo.length ? '（也由您答复）' : ''}` : leaveState(after, names),
        ...(said.yes ? [] : ['理由已告诉申请人，由卫健局决定']),
      ],
      ...(mineToo.length && said.how === 'self'
        ? { buttons: [true, false].flatMap(yes => sideButtons(names, { leave: leave.id, sides: mineToo, yes })) }
        : {}),
    },
  };
};

export const approve = defineCommand<Args, Facts>({
  name: '批准',
  serves: ['leave', 'early-end'],
  aliases: ['同意', '准假', 'pz', 'pizhun', 'approve'],
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
